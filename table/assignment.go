package table

import (
	"cmp"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
)

// Assignment is a compiled set of new values for some columns, to be used on many rows.
type Assignment struct {
	n    int
	few  [4]assigned // the first ones, so that most assignments need no memory of their own
	more []assigned
}

type assigned struct {
	pos   int
	value index.Value
}

func (a *Assignment) add(pos int, v index.Value) {
	if a.n < len(a.few) {
		a.few[a.n] = assigned{pos, v}
	} else {
		a.more = append(a.more, assigned{pos, v})
	}
	a.n++
}

func (a *Assignment) at(i int) assigned {
	if i < len(a.few) {
		return a.few[i]
	}
	return a.more[i-len(a.few)]
}

func (a *Assignment) write(cells []index.Value) {
	for _, x := range a.few[:min(a.n, len(a.few))] {
		cells[x.pos] = x.value
	}
	for _, x := range a.more {
		cells[x.pos] = x.value
	}
}

// Drop takes a column out of the assignment.
func (a *Assignment) Drop(pos int) {
	had := *a
	*a = Assignment{}
	for i := range had.n {
		if x := had.at(i); x.pos != pos {
			a.add(x.pos, x.value)
		}
	}
}

// Empty tells whether the assignment says nothing of any column.
func (a *Assignment) Empty() bool { return a.n == 0 }

// Compile makes a, which is empty, the values that an update of a table writes: it resolves and converts them. Errors as
// [Def.NewRecord], that of a value that does not fit after that of a NULL beside it.
func (a *Assignment) Compile(d *Def, values Values) (err error) {
	unfit := 0
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		raw, ok := values[c.Name]
		if !ok {
			continue
		}
		v, bad := c.FromGo(raw)
		if bad == nil {
			a.add(i, v)
		} else if unfit++; err == nil {
			err = d.Blame(bad)
		}
	}
	if a.n+unfit != len(values) {
		return d.unknownColumn(values)
	}
	if err != nil {
		return cmp.Or(a.nulls(d), err)
	}
	return nil
}

// Fits holds what the assignment writes to NOT NULL, and to the checks that are about nothing else, whatever rows it is for. Errors as
// [Def.CheckRecord].
func (a *Assignment) Fits(d *Def) error {
	err := a.nulls(d)
	for i := 0; err == nil && i < a.n; i++ {
		x := a.at(i)
		err = d.checkValue(&d.schema.Columns[x.pos], x.value)
	}
	if err != nil || len(d.checks) == 0 {
		return err
	}
	rec, cells := index.NewRecord(len(d.schema.Columns))
	a.write(cells)
	for i := range d.checks {
		if c := &d.checks[i]; a.writes(d, c.reads) && c.cond.Eval(rec) == query.False {
			return d.failed(c, "what is written")
		}
	}
	return nil
}

// writes tells whether the assignment is about all of some columns.
func (a *Assignment) writes(d *Def, columns []string) bool {
	for _, name := range columns {
		written := false
		for i := range a.n {
			written = written || d.schema.Columns[a.at(i).pos].Name == name
		}
		if !written {
			return false
		}
	}
	return true
}

// nulls is the error of the first column that the assignment makes NULL and that may not be; nil if there is none.
func (a *Assignment) nulls(d *Def) error {
	for i := range a.n {
		x := a.at(i)
		if c := &d.schema.Columns[x.pos]; c.NotNull && x.value.IsNull() {
			return d.notNull(c)
		}
	}
	return nil
}

// Given are the positions of the columns that values name, those that the table has.
func (d *Def) Given(values Values) []int {
	pos := make([]int, 0, len(values))
	for i := range d.schema.Columns {
		if _, ok := values[d.schema.Columns[i].Name]; ok {
			pos = append(pos, i)
		}
	}
	return pos
}

// Take makes a, which is empty, the cells of r at pos.
func (a *Assignment) Take(r index.Record, pos []int) {
	for _, p := range pos {
		a.add(p, r.At(p))
	}
}

// Updated is r with the assignment carried out, held to NOT NULL and the checks.
func (d *Def) Updated(r index.Record, a *Assignment) (index.Record, error) {
	rec, cells := index.NewRecord(len(d.schema.Columns))
	copy(cells, r.Cells(len(cells)))
	a.write(cells)
	return rec, d.CheckRecord(rec)
}
