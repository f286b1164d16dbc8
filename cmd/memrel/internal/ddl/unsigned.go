package ddl

import (
	"fmt"
	"math"
	"slices"

	"github.com/memrel/memrel"
)

// unsignedNames are the types for whole numbers of 64 bits without a sign. Only MySQL has one; in PostgreSQL a numeric has as many digits.
var unsignedNames = map[Dialect]string{Postgres: "numeric(20)", MySQL: "bigint unsigned", SQLite: "bigint"}

// unsigned is the type of such a column.
func (w *writer) unsigned(s *memrel.Schema, c *memrel.Column) string {
	switch {
	case w.dialect == Postgres && w.signed(s, c):
		return "bigint"
	case w.dialect == SQLite && !w.signed(s, c):
		w.note("SQLite keeps %s up to 2^63-1", c.Name)
	}
	return unsignedNames[w.dialect]
}

// unsignedBounds are the bounds that the type of such a column does not have.
func (w *writer) unsignedBounds(s *memrel.Schema, c *memrel.Column, name string) string {
	switch {
	case w.dialect == MySQL:
		return ""
	case w.dialect == Postgres && !w.signed(s, c):
		return fmt.Sprintf("%s BETWEEN 0 AND %d", name, uint64(math.MaxUint64))
	}
	return name + " >= 0"
}

// signed tells whether a bigint holds what a column without a sign will: the numbers of rows, which no database but MySQL gives beyond one,
// or references to them.
func (w *writer) signed(s *memrel.Schema, c *memrel.Column) bool {
	return w.leadsToNumbers(s, c, map[*memrel.Column]bool{})
}

// leadsToNumbers is [writer.signed] of a column that was not looked at before.
func (w *writer) leadsToNumbers(s *memrel.Schema, c *memrel.Column, seen map[*memrel.Column]bool) bool {
	if c == nil || c.Type != memrel.Uint || seen[c] {
		return false
	}
	seen[c] = true
	return c.AutoIncrement || slices.ContainsFunc(s.References, func(r memrel.Reference) bool {
		at, parent := slices.Index(r.Columns, c.Name), w.schemas[r.Table]
		return at >= 0 && at < len(r.RefColumns) && parent != nil && w.leadsToNumbers(parent, column(parent, r.RefColumns[at]), seen)
	})
}
