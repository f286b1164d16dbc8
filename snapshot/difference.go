package snapshot

import (
	"iter"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Difference is what is different between two states: the definitions of tables, and rows, by table and then by primary key. It holds
// rows of both, and never changes.
type Difference struct{ tables []tableDifference }

// tableDifference is what is different in one table.
type tableDifference struct {
	was, is *table.Def // nil: there was, or is, none of that name
	rows    []table.Change
}

// RowDifference is a row that is not the same in two states.
type RowDifference struct {
	Table  string
	Before table.Row // zero: the row was added
	After  table.Row // zero: the row was removed
}

// State is what two of can be compared: a [Version], or a [Draft] as it stands.
type State interface {
	table.Reader
	Definitions() *Definitions
}

// Diff compares two states. Rows are the same row if they have the same primary key, and different if any cell is; where the columns of
// a primary key were defined anew, no row is the same. It is stopped by interrupt, whose error tells so.
//
// Between a state and one that came of it, by writes or in a fork, it costs O(what is different x log n) for tables with a primary
// key of one integer, or two; other tables that were written to are walked, without a look at the rows that both share.
func Diff(a, b State, interrupt *query.Interrupt) Difference {
	var d Difference
	for _, name := range both(a.Definitions().Names(), b.Definitions().Names()) {
		if t := diffTable(a.Table(name), b.Table(name), interrupt); t.redefined() || len(t.rows) > 0 {
			d.tables = append(d.tables, t)
		}
	}
	return d
}

// both are the names of two sorted lists.
func both(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// diffTable compares two versions of a table, either of which may be nil.
func diffTable(a, b *table.Table, interrupt *query.Interrupt) (t tableDifference) {
	if a == b {
		return t
	}
	if a != nil {
		t.was = a.Def()
	}
	if b != nil {
		t.is = b.Def()
	}
	note := func(was, is index.Record) bool {
		if was != is && !sameRow(t.was, t.is, was, is) {
			t.rows = append(t.rows, table.Change{Old: was, New: is})
		}
		return !interrupt.Row()
	}
	switch {
	case a != nil && b != nil && table.SameCells(t.was, t.is) && t.was.Keys()[0].Order.Equal(t.is.Keys()[0].Order):
		index.Diff(a.Tree(0), b.Tree(0), note)
	case a != nil && b != nil:
		diffRedefined(a, b, note)
	case a != nil:
		a.Tree(0).Scan(index.Range{}, func(r index.Record) bool { return note(r, index.Record{}) })
	default:
		b.Tree(0).Scan(index.Range{}, func(r index.Record) bool { return note(index.Record{}, r) })
	}
	return t
}

// diffRedefined compares tables whose records have their cells elsewhere: it looks each row of one up in the other by its key, if that
// has the same columns.
func diffRedefined(a, b *table.Table, visit func(was, is index.Record) bool) {
	from, to, known := a.Def().Keys()[0].Order, b.Def().Keys()[0].Order, sameKey(a.Def(), b.Def())
	counterpart := func(key *index.Key, in *table.Table, r index.Record) index.Record {
		if !known {
			return index.Record{}
		}
		found, _ := in.Tree(0).Get(key.Values(nil, r)...)
		return found
	}
	more := true
	a.Tree(0).Scan(index.Range{}, func(r index.Record) bool {
		more = visit(r, counterpart(from, b, r))
		return more
	})
	b.Tree(0).Scan(index.Range{}, func(r index.Record) bool {
		return more && (!counterpart(to, a, r).IsZero() || visit(index.Record{}, r))
	})
}

// sameKey tells whether two tables know their rows by the same columns.
func sameKey(a, b *table.Def) bool {
	return slices.EqualFunc(a.Keys()[0].Pos, b.Keys()[0].Pos, func(p, q int) bool {
		c, d := &a.Columns()[p], &b.Columns()[q]
		return c.Name == d.Name && c.Type == d.Type && (c.Type != index.Enum || d.Holds(c))
	})
}

// sameRow tells whether a row is the same in two states: every column of either is in the other, with an identical value.
func sameRow(was, is *table.Def, a, b index.Record) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	return len(columnsOf(was, is, a, b)) == 0
}

// columnsOf are the columns in which two rows differ: those of the second's table in order, then those that it has not.
func columnsOf(was, is *table.Def, a, b index.Record) (names []string) {
	for p := range is.Columns() {
		c := &is.Columns()[p]
		at, known := was.Column(c.Name)
		if !known || was.Columns()[at].Type != c.Type || !sameValue(c.Type, a.At(at), b.At(p)) {
			names = append(names, c.Name)
		}
	}
	for p := range was.Columns() {
		if _, known := is.Column(was.Columns()[p].Name); !known {
			names = append(names, was.Columns()[p].Name)
		}
	}
	return names
}

// sameValue tells whether two cells say the same: enums by their names, since two tables may list them in other places.
func sameValue(t index.Type, a, b index.Value) bool {
	if t == index.Enum {
		return a.IsNull() == b.IsNull() && a.Name() == b.Name()
	}
	return index.Identical(t, a, b)
}

// redefined tells whether the columns of the table are others, or the table came or went.
func (t *tableDifference) redefined() bool { return len(t.definitions()) > 0 }

// definitions are the lines that tell how the table's columns have changed.
func (t *tableDifference) definitions() (lines []string) {
	switch {
	case t.was == t.is:
		return nil
	case t.was == nil:
		return []string{"+ table " + t.is.Name()}
	case t.is == nil:
		return []string{"- table " + t.was.Name()}
	}
	name := t.is.Name()
	for i := range t.was.Columns() {
		c := &t.was.Columns()[i]
		if p, known := t.is.Column(c.Name); !known || t.is.Columns()[p].Type != c.Type {
			lines = append(lines, "- column "+name+"."+c.Name+" "+c.Type.String())
		}
	}
	for i := range t.is.Columns() {
		c := &t.is.Columns()[i]
		if p, known := t.was.Column(c.Name); !known || t.was.Columns()[p].Type != c.Type {
			lines = append(lines, "+ column "+name+"."+c.Name+" "+c.Type.String())
		}
	}
	return lines
}

// IsZero tells whether nothing is different.
func (d Difference) IsZero() bool { return len(d.tables) == 0 }

// Len is how many rows are different.
func (d Difference) Len() (n int) {
	for i := range d.tables {
		n += len(d.tables[i].rows)
	}
	return n
}

// Definitions tells, a line each, which tables and columns there are in one state alone, or with another type.
func (d Difference) Definitions() (lines []string) {
	for i := range d.tables {
		lines = append(lines, d.tables[i].definitions()...)
	}
	return lines
}

// Rows walks the rows that are different, by table and then by primary key.
func (d Difference) Rows() iter.Seq[RowDifference] {
	return func(yield func(RowDifference) bool) {
		for i := range d.tables {
			t := &d.tables[i]
			for _, c := range t.rows {
				if !yield(t.row(c)) {
					return
				}
			}
		}
	}
}

func (t *tableDifference) row(c table.Change) (r RowDifference) {
	if !c.Old.IsZero() {
		r.Table, r.Before = t.was.Name(), table.RowOf(t.was, c.Old, nil)
	}
	if !c.New.IsZero() {
		r.Table, r.After = t.is.Name(), table.RowOf(t.is, c.New, nil)
	}
	return r
}

// String is the difference for people, a line for each table or column and for each row: ~ for one that changed, + for one that came, -
// for one that went.
//
//	~ users[1]: name: "Ann" -> "Anna"
//	- users{id: 3, name: "Cid"}
//	+ users{id: 4, name: "Dee"}
func (d Difference) String() string {
	var b strings.Builder
	for _, line := range d.Definitions() {
		b.WriteString(line + "\n")
	}
	for r := range d.Rows() {
		b.WriteString(r.String() + "\n")
	}
	return b.String()
}
