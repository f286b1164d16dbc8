package repository

import (
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// Destroy deletes the rows that are asked for by their key, by a filter, or both, with what follows of it, and returns how many of them it
// deleted itself: those that its own cascades took first are not counted. If nothing is named, nothing is deleted. Errors as
// [memrel.Handle.Delete].
func (p Repository) Destroy(w memrel.Writer, by Find) (n int, err error) {
	err = p.writing("destroy", w, func(c *place) (err error) {
		if !says(by.Filter) && !truthy(by.FilterByTk) {
			return nil
		}
		n, err = c.destroy(&by)
		return err
	})
	return n, err
}

// Truncate deletes every row, without a look at what refers to them, beside those that are asked for, whose references are worked first.
// It returns 0; the rows of a collection that is paranoid are soft-deleted and counted. Errors as [memrel.Handle.Truncate].
func (p Repository) Truncate(w memrel.Writer, by Find) (n int, err error) {
	err = p.writing("truncate", w, func(c *place) (err error) {
		if n, err = c.destroy(&by); err == nil && c.info.Schema.SoftDelete == "" {
			n, err = 0, c.model().Truncate(c.s.tx)
		}
		return err
	})
	return n, err
}

func (c *place) destroy(by *Find) (int, error) {
	if list, many := listOf(by.FilterByTk); many && len(list) == 0 {
		rows, err := c.model().DeleteWhere(c.s.tx, memrel.In(c.key())) // an empty list names no row to delete, which is told
		return len(rows), err
	}
	s, err := c.search(&Find{Filter: by.Filter, FilterByTk: by.FilterByTk}, c.key())
	if err != nil {
		return 0, err
	}
	taken, err := c.takenFirst(s.q.Where)
	if err != nil {
		return 0, err
	}
	rows, err := c.model().DeleteWhere(c.s.tx, s.q.Where)
	return len(rows) - taken, err
}

// takenFirst counts the rows named together that a cascade from another of them takes first.
func (c *place) takenFirst(where memrel.Cond) (n int, err error) {
	if len(c.s.cascades(c.table)) == 0 {
		return 0, nil
	}
	named, err := c.model().Find(c.s.r, memrel.Query{Where: where})
	if err != nil || len(named) < 2 {
		return 0, err
	}
	is := map[string]bool{}
	for _, row := range named {
		is[row.Row().Label()] = true
	}
	for _, row := range named {
		if c.s.below(row, is, map[string]bool{}) {
			n++
		}
	}
	return n, nil
}

// cascades are the references by which rows of a table go with those that they refer to.
func (s *session) cascades(table string) []memrel.SharedReference {
	return *assoc.Keep(s.set, table, func() *[]memrel.SharedReference {
		refs := slices.DeleteFunc(s.set.References(), func(r memrel.SharedReference) bool { return r.Child != table || r.OnDelete != memrel.Cascade })
		return &refs
	})
}

// below tells whether one of the rows named stands above a row, by references that cascade.
func (s *session) below(row memrel.Instance, named, seen map[string]bool) bool {
	for _, r := range s.cascades(row.Row().Table()) {
		v := row.Value(r.Columns[0])
		above, found, err := memrel.ModelOf(r.Table).First(s.r, memrel.Query{Where: memrel.Eq(r.RefColumns[0], v)})
		if v == nil || err != nil || !found || seen[above.Row().Label()] {
			continue
		}
		seen[above.Row().Label()] = true
		if named[above.Row().Label()] || s.below(above, named, seen) {
			return true
		}
	}
	return false
}

// Aggregate is one number over the values of a column, of the rows that Filter and FilterByTk ask for: count, sum, avg, min or max; nil if
// there is none but for count. The average of whole numbers is one too, cut off. Errors as [Repository.Find].
func (p Repository) Aggregate(r memrel.Reader, method, column string, o Find) (any, error) {
	c, asked, err := p.asked("aggregate", r, Find{Filter: o.Filter, FilterByTk: o.FilterByTk})
	if err != nil {
		return nil, err
	}
	if method == "min" || method == "max" {
		return c.extreme(method, column, asked.q.Where)
	}
	rows, err := c.model().Find(c.s.r, memrel.Query{Where: asked.q.Where})
	if err != nil {
		return nil, err
	}
	return c.aggregate(method, column, rows)
}

func (c *place) extreme(method, column string, where memrel.Cond) (any, error) {
	if method == "min" {
		return c.model().Min(c.s.r, column, where)
	}
	return c.model().Max(c.s.r, column, where)
}
