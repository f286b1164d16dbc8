package query

import "github.com/memrel/memrel/index"

// A soft-deleted row is one with a time in the table's column of soft deletes. Who reads, finds, updates, deletes or refers is shown
// the rows that are not so, unless soft-deleted rows are asked for. Whoever has a record at hand asks [Shape.Gone]; a query
// is asked with [Shape.present]. Nobody else looks at the column.

// SetSoftDelete makes the column at a position that of soft deletes, for whoever makes the shape.
func (s *Shape) SetSoftDelete(pos int) { s.soft = pos }

// SoftDelete is the position of the column of soft deletes, -1 if there is none.
func (s *Shape) SoftDelete() int { return s.soft }

// Gone tells whether a record is a soft-deleted row.
func (s *Shape) Gone(r index.Record) bool { return s.soft >= 0 && !r.At(s.soft).IsNull() }

// present leaves soft-deleted rows out of a condition, unless they are asked for.
func (s *Shape) present(where Cond, deleted bool) Cond {
	if s.soft < 0 || deleted {
		return where
	}
	return And(where, IsNull(s.columns[s.soft].Name))
}

// OnlyGone leaves all but the soft-deleted rows out of a condition, on a table that has such rows.
func (s *Shape) OnlyGone(where Cond) Cond { return And(where, NotNull(s.columns[s.soft].Name)) }
