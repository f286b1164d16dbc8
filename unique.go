package memrel

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/table"
)

// Unique is the handle of a unique key of a table of T, to read rows by; see [Handle.By]. Like the table's own handle it is a
// value that works on any store that has the key. Its methods may be called from any goroutine.
type Unique[T any] struct {
	table   Handle[T]
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
func (h Handle[T]) By(columns ...string) *Unique[T] {
	return &Unique[T]{table: h, columns: columns}
}

// Get is the row with the values given in the key's columns. It panics where [Unique.Bind] would fail; otherwise as [Handle.Get].
// O(log n), no allocation for fields that are values.
func (u *Unique[T]) Get(r Reader, values ...any) (row T, ok bool) {
	u = u.orZero()
	s := read(r)
	t := s.Must("get", u.table.Name())
	k, err := u.key(t.Def())
	if err == nil && len(values) != len(k.from) {
		err = t.Def().WrongKey(t.Def().Keys()[k.tree].Pos, len(values))
	}
	if err != nil {
		panic(engine.Attempted("get", t.Def().Name(), err))
	}
	if u.table.typed == nil {
		rec, ok := s.GetBy(t, k.tree, k.from, values)
		return u.table.found(t, rec, ok)
	}
	b, fits := u.table.typed.Reads(t.Def())
	rec, ok := s.GetBy(t, k.tree, k.from, values)
	if ok = ok && (fits || b.Holds(rec)); ok {
		b.Load(&row, rec)
	}
	return row, ok
}

// Bind tells whether a reader has the key, and whether T fits the table: nil, or an [ErrUnknownTable], [ErrUnknownColumn],
// [ErrQuery] (no key is over these columns) or [ErrDefinition]. Get panics where Bind would fail.
func (u *Unique[T]) Bind(r Reader) error {
	u = u.orZero()
	t, err := read(r).On("bind", u.table.Name())
	if err != nil {
		return err
	}
	if err := u.table.Bind(r); err != nil {
		return err
	}
	_, err = u.key(t.Def())
	return engine.Attempted("bind", t.Def().Name(), err)
}

// orZero is the handle, or for nil the zero one.
func (u *Unique[T]) orZero() *Unique[T] {
	if u == nil {
		return &Unique[T]{}
	}
	return u
}

func (u *Unique[T]) key(def *table.Def) (*boundKey, error) {
	if k := u.bound.Load(); k != nil && k.def == def {
		return k, nil
	}
	if len(u.columns) == 0 {
		return nil, &Error{Kind: ErrQuery, Detail: "a key has columns", Hint: "name them: " + fmt.Sprintf("%s.By(%q)", def.Name(), strings.Join(def.Peek().PrimaryKey, ", "))}
	}
	tree, err := engine.KeyOver(def, u.columns)
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
