package memrel

import (
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Preview is what a statement would do; see [View.PreviewDelete].
type Preview = cascade.Preview

// PreviewDelete works out what deleting the row with a primary key would do, without doing it: every row that would go
// or change, by which reference, and what would stop it. Deleting the row from this state does exactly that. Errors are
// of kind [ErrUnknownTable], [ErrNotFound] and [ErrLimit]; what would stop the statement is in the preview. O(rows that
// it would touch x log n).
func (v View) PreviewDelete(name string, key ...any) (*Preview, error) {
	return preview(v.at(), graphOf(v.at().Definitions()), "delete", name, byKey(key), remove)
}

// PreviewDeleteWhere is PreviewDelete for every row for which a condition is true.
func (v View) PreviewDeleteWhere(name string, where Cond) (*Preview, error) {
	return preview(v.at(), graphOf(v.at().Definitions()), "delete", name, byCond(where), remove)
}

// PreviewUpdate works out what changing columns of the row with a primary key would do; for a key of several columns key
// is a [Key]. Errors as [View.PreviewDelete], and those of values that no row can have.
func (v View) PreviewUpdate(name string, key any, set Values) (*Preview, error) {
	return preview(v.at(), graphOf(v.at().Definitions()), "update", name, byKey([]any{key}),
		func(t *table.Table, old index.Record) (index.Record, error) {
			a, err := t.Def().CompileSet(set)
			if err != nil {
				return index.Record{}, err
			}
			return t.Def().Updated(old, a)
		})
}

func preview(state table.Reader, graph *cascade.Graph, op, name string, pick picker,
	become func(*table.Table, index.Record) (index.Record, error)) (*Preview, error) {
	op = "preview " + op
	t := tableIn(state, name)
	if t == nil {
		return nil, unknownTable(op, name)
	}
	name = t.Def().Name()
	rows, err := pick(state, t)
	if err != nil {
		return nil, attempted(op, name, err)
	}
	changes := make([]table.Change, len(rows))
	for i, old := range rows {
		now, err := become(t, old)
		if err != nil {
			return nil, attempted(op, name, err)
		}
		changes[i] = table.Change{Old: old, New: now}
	}
	stmt := cascade.Statement{Op: op[len("preview "):], Table: name, Changes: changes}
	if set := setOf(state); set != nil {
		stmt.Now = set.Now
	}
	return graph.Preview(state, stmt)
}
