package memrel

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Unique is the handle of a unique key of a table of T, to read rows by; see [Table.By]. Like the table's own handle it is a
// value that works on any store that has the key. Its methods may be called from any goroutine.
type Unique[T any] struct {
	table   *Table[T]
	columns []string
	bound   atomic.Pointer[boundKey]
}

// boundKey is where a definition has the key.
type boundKey struct {
	def  *table.Def
	tree int
	from []int // which of the values given stands at each place of the key
}

// By is the handle of the primary or unique key over columns, which may be named in any order; [Unique.Get] takes its
// values in that order.
//
//	var UsersByEmail = Users.By("email")
//	ann, ok := UsersByEmail.Get(view, "ann@example.com")
func (h *Table[T]) By(columns ...string) *Unique[T] { return &Unique[T]{table: h, columns: columns} }

// Get is the row with the values given in the key's columns. O(log n), no allocation for fields that are values.
func (u *Unique[T]) Get(r Reader, values ...any) (row T, ok bool) {
	state, _ := r.source()
	t := state.Table(u.table.name)
	if t == nil {
		return row, false
	}
	k, err := u.key(t.Def())
	if err != nil || len(values) != len(k.from) {
		return row, false
	}
	b, err := u.table.binding(t.Def())
	if err != nil {
		return row, false
	}
	rec, ok := k.lookup(t, values)
	if ok {
		b.Load(&row, rec)
	}
	return row, ok
}

// lookup is the row with a key. NULL equals nothing here, and a value that the column cannot hold finds nothing.
func (k *boundKey) lookup(t *table.Table, values []any) (index.Record, bool) {
	var buf [4]index.Value
	vals := buf[:0]
	pos := k.def.Keys()[k.tree].Pos
	for i, from := range k.from {
		v, err := k.def.Columns()[pos[i]].FromGo(values[from])
		if err != nil || v.IsNull() {
			return index.Record{}, false
		}
		vals = append(vals, v)
	}
	return t.Tree(k.tree).Get(vals...)
}

// Bind tells whether a reader has the key, and whether T fits the table: nil, or an [ErrUnknownTable], [ErrUnknownColumn],
// [ErrQuery] (no key is over these columns) or [ErrDefinition]. Get finds no row where Bind would fail.
func (u *Unique[T]) Bind(r Reader) error {
	if err := u.table.Bind(r); err != nil {
		return err
	}
	state, _ := r.source()
	_, err := u.key(state.Table(u.table.name).Def())
	return attempted("bind", u.table.name, err)
}

func (u *Unique[T]) key(def *table.Def) (*boundKey, error) {
	if k := u.bound.Load(); k != nil && k.def == def {
		return k, nil
	}
	if len(u.columns) == 0 {
		return nil, &Error{Kind: ErrQuery, Detail: "a key has columns", Hint: "name them: " + fmt.Sprintf("%s.By(%q)", def.Name(), strings.Join(def.Schema().PrimaryKey, ", "))}
	}
	tree, err := deciding(def, u.columns)
	if err != nil {
		return nil, err
	}
	k := &boundKey{def: def, tree: tree}
	for _, name := range def.Keys()[tree].Columns {
		k.from = append(k.from, slices.Index(u.columns, name))
	}
	u.bound.Store(k)
	return k, nil
}
