package engine

import (
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// Preview works out what a statement would do to a version, without doing it. What would stop it is in the preview; errors are
// those of finding its rows and making what becomes of them, and of the version's context if it is done before. O(rows that it would
// touch x log n).
func Preview(v *snapshot.Version, c *Change, key []any, set table.Values) (*cascade.Preview, error) {
	op := "preview " + c.Op
	t, err := Source{v}.On(op, c.Table)
	if err != nil {
		return nil, err
	}
	name := t.Def().Name()
	interrupt := query.NewInterrupt(v.Context())
	changes, err := changesOf(table.Interrupted(v, interrupt), t, c, key, set)
	if err != nil {
		return nil, Attempted(op, name, err)
	}
	stmt := cascade.Statement{Op: c.Op, Table: name, Changes: changes, Interrupt: interrupt}
	if set := SetOf(v); set != nil {
		stmt.Now = set.Clock()
	}
	return GraphOf(v.Definitions()).Preview(v, stmt)
}

func changesOf(state table.Reader, t *table.Table, c *Change, key []any, set table.Values) ([]table.Change, error) {
	var a table.Assignment
	if err := c.compile(&a, t.Def(), set); err != nil {
		return nil, err
	}
	rows, err := selectRows(state, t, c, key, false)
	if err != nil {
		return nil, err
	}
	return transformAll(c, &a, &stamp{def: t.Def()}, rows, table.InterruptOf(state))
}
