package query

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Shape is what a query has to know of a table: its name, columns and keys, and the column of soft deletes. It never changes
// once the table's definition is compiled, and may be read from any goroutine.
type Shape struct {
	name    string
	columns []types.Column
	pos     map[string]int
	keys    []Key
	soft    int // position of the column of soft deletes, -1 if none
}

// NewShape is the shape of a table without keys. Names of columns must differ.
func NewShape(name string, columns []types.Column) Shape {
	s := Shape{name: name, columns: columns, pos: make(map[string]int, len(columns)), soft: -1}
	for i := range columns {
		s.pos[columns[i].Name] = i
	}
	return s
}

// AddKey adds a key, for whoever makes the shape: the primary key first, then unique keys.
func (s *Shape) AddKey(k Key) {
	k.Prefixed = slices.ContainsFunc(k.Order.Columns(), func(c index.Column) bool { return c.Prefix > 0 })
	s.keys = append(s.keys, k)
}

// KeyKind says what a key is for.
type KeyKind uint8

// The kinds of key, in the order in which a table keeps them.
const (
	PrimaryKey   KeyKind = iota
	Unique               // a declared unique key
	Deferrable           // a declared unique key that several rows may share until it is checked
	Ordered              // a declared secondary index
	ForReference         // the index of a foreign key that no other key covers
)

// String names the kind for people: "primary key".
func (k KeyKind) String() string {
	return [...]string{"primary key", "unique key", "deferrable unique key", "index", "foreign key index"}[k]
}

// Key is one index of a table.
type Key struct {
	Name    string
	Kind    KeyKind
	Columns []string
	Pos     []int
	Order   *index.Key
	// Prefixed tells that the key has of one of its columns a beginning alone: it leads to rows by that, and of a unique one no two rows have
	// it in common, but it is no key over the columns that anything refers to.
	Prefixed bool
}

// Unique tells whether the key identifies rows, at every moment.
func (k *Key) Unique() bool { return k.Kind <= Unique }

// Name is the table's name.
func (s *Shape) Name() string { return s.name }

// Columns are the columns in order. The slice must not be changed.
func (s *Shape) Columns() []types.Column { return s.columns }

// ColumnNames are the names of the columns, in order.
func (s *Shape) ColumnNames() []string {
	out := make([]string, len(s.columns))
	for i, c := range s.columns {
		out[i] = c.Name
	}
	return out
}

// Column is the position of a column.
func (s *Shape) Column(name string) (pos int, ok bool) {
	pos, ok = s.pos[name]
	return pos, ok
}

// Keys are the table's keys: the primary key first, then unique keys, indexes, and indexes of foreign keys. Their
// positions are those of the table's trees. The slice must not be changed.
func (s *Shape) Keys() []Key { return s.keys }

// KeyBeginning is the key whose first columns are those at pos, in any order; -1 if there is none. Of several it is the
// shortest, then the first by its columns.
func (s *Shape) KeyBeginning(pos []int) int {
	return s.leastKey(func(k *Key) bool { return !k.Prefixed && len(k.Pos) >= len(pos) && sameColumns(k.Pos[:len(pos)], pos) })
}

// UniqueKeyOver is the primary or unique key over exactly the columns at pos, in any order; -1 if there is none. Of
// several it is the primary key, then the first by its columns.
func (s *Shape) UniqueKeyOver(pos []int) int {
	fits := func(k *Key) bool {
		return k.Unique() && !k.Prefixed && len(k.Pos) == len(pos) && sameColumns(k.Pos, pos)
	}
	if fits(&s.keys[0]) {
		return 0
	}
	return s.leastKey(fits)
}

// leastKey chooses among keys without regard to the order in which they were declared.
func (s *Shape) leastKey(fits func(*Key) bool) int {
	least := -1
	for i := range s.keys {
		k := &s.keys[i]
		if !fits(k) {
			continue
		}
		if least < 0 || cmp.Or(cmp.Compare(len(k.Pos), len(s.keys[least].Pos)), slices.Compare(k.Pos, s.keys[least].Pos)) < 0 {
			least = i
		}
	}
	return least
}

// sameColumns tells whether a and b, of one length and without repetition, have the same elements.
func sameColumns(a, b []int) bool {
	return !slices.ContainsFunc(a, func(p int) bool { return !slices.Contains(b, p) })
}

// KeyNamed is the key of that name; -1 if there is none.
func (s *Shape) KeyNamed(name string) int {
	return slices.IndexFunc(s.keys, func(k Key) bool { return k.Name == name })
}

// UnknownColumn is the error for a column that the table does not have.
func (s *Shape) UnknownColumn(name string) error {
	hint := s.ColumnsHint()
	if as, _, path := strings.Cut(name, "."); path {
		hint = fmt.Sprintf("a condition on what %s leads to is Some(%q, ...); an order along an association has no cursor; %s", as, as, hint)
	}
	return &types.Error{Kind: types.ErrUnknownColumn, Table: s.name, Columns: []string{name}, Detail: fmt.Sprintf("there is no column %s", name), Hint: hint}
}

// ColumnsHint is the hint that lists the columns there are.
func (s *Shape) ColumnsHint() string { return "columns are " + strings.Join(s.ColumnNames(), ", ") }

// Blame names the table in an error about one of its columns.
func (s *Shape) Blame(err error) error {
	if e := types.AsError(err); e != nil && e.Table == "" {
		e.Table = s.name
	}
	return err
}
