package datadir

import (
	"errors"
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// closeCircle has the store judge the references that were put off while a circle of tables was loaded. If rows refer to
// nothing, they are reported with all that refer to them, and the circle is loaded again without them: deleting them
// would set off the actions of the references.
func (l *loader) closeCircle(tables []*loaded) error {
	if l.tx.Immediate() == nil {
		return nil
	}
	c := newCircle(l, tables)
	if err := c.findDangling(); err != nil {
		return err
	}
	if err := l.tx.RollbackTo("group"); err != nil {
		return err
	}
	if l.stop() {
		return nil
	}
	if err := l.tx.Defer(); err != nil {
		return err
	}
	for _, t := range tables {
		if err := c.loadAgain(t); err != nil {
			return err
		}
	}
	return l.tx.Immediate()
}

// place is a row of a circle.
type place struct {
	table *loaded
	row   int
}

func (p place) stored() memrel.Row { return p.table.stored[p.row] }

// deleted tells whether the row was soft-deleted: such a row refers to nothing.
func (p place) deleted() bool {
	column := p.table.schema.SoftDelete
	return column != "" && p.stored().Get(column) != nil
}

// circle finds the rows of some tables that refer to nothing.
type circle struct {
	loader  *loader
	tables  map[string]*loaded
	names   []string
	rows    map[index.Record]place
	refused map[index.Record]bool
	queue   []place // refused, and what refers to them is not yet
}

func newCircle(l *loader, tables []*loaded) *circle {
	c := &circle{loader: l, tables: map[string]*loaded{}, rows: map[index.Record]place{}, refused: map[index.Record]bool{}}
	for _, t := range tables {
		c.names = append(c.names, t.schema.Name)
		c.tables[t.schema.Name] = t
		for i := range t.stored {
			c.rows[table.RecordOf(t.stored[i])] = place{t, i}
		}
	}
	return c
}

// inner are the references of a table to tables of the circle.
func (c *circle) inner(t *loaded) []memrel.Reference {
	return slices.DeleteFunc(slices.Clone(t.schema.References), func(r memrel.Reference) bool { return r.Unchecked || c.tables[r.Table] == nil })
}

// findDangling looks for the parents of all rows, then follows the references back from those that lack one.
func (c *circle) findDangling() error {
	for _, name := range c.names {
		t := c.tables[name]
		for _, ref := range c.inner(t) {
			for i := range t.stored {
				if err := c.judge(place{t, i}, ref); err != nil {
					return err
				}
			}
		}
	}
	for len(c.queue) > 0 {
		p := c.queue[0]
		c.queue = c.queue[1:]
		if err := c.follow(p); err != nil {
			return err
		}
	}
	return nil
}

// judge refuses a row whose parent is missing, or whose key is partly NULL where MATCH FULL forbids that.
func (c *circle) judge(p place, ref memrel.Reference) error {
	key, nulls := keyOf(p.stored(), ref.Columns)
	switch {
	case nulls == len(key), nulls > 0 && !ref.MatchFull, p.deleted():
		return nil
	case nulls > 0:
		c.refuse(p, ref, key, "the key is partly NULL, which MATCH FULL refuses")
		return nil
	}
	found, err := memrel.RowsOf(ref.Table).Find(c.loader.tx, memrel.Query{Where: equal(c.refColumns(ref), key), Deleted: true, Limit: 1})
	if err == nil && len(found) == 0 {
		c.refuse(p, ref, key, fmt.Sprintf("%s %s does not exist (%s)", ref.Table, showKey(c.tables[ref.Table].schema, c.refColumns(ref), key), ref.Name))
	}
	return err
}

// follow refuses the rows that refer to a refused one.
func (c *circle) follow(p place) error {
	for _, name := range c.names {
		for _, ref := range c.inner(c.tables[name]) {
			if ref.Table != p.table.schema.Name {
				continue
			}
			key, nulls := keyOf(p.stored(), c.refColumns(ref))
			if nulls > 0 {
				continue
			}
			rows, err := memrel.RowsOf(name).Find(c.loader.tx, memrel.Query{Where: equal(ref.Columns, key)})
			if err != nil {
				return err
			}
			for _, r := range rows {
				c.refuse(c.rows[table.RecordOf(r)], ref, key, fmt.Sprintf("%s was refused itself (%s:%d)",
					p.stored().Label(), p.table.file.name, p.table.lines[p.row]))
			}
		}
	}
	return nil
}

func (c *circle) refColumns(ref memrel.Reference) []string {
	if len(ref.RefColumns) > 0 {
		return ref.RefColumns
	}
	return c.tables[ref.Table].schema.PrimaryKey
}

func (c *circle) refuse(p place, ref memrel.Reference, key []any, reason string) {
	rec := table.RecordOf(p.stored())
	if c.refused[rec] {
		return
	}
	c.refused[rec] = true
	c.queue = append(c.queue, p)
	p.table.refused++
	c.loader.report.Problems = append(c.loader.report.Problems, &Problem{File: p.table.file.name, Line: p.table.lines[p.row],
		Table: p.table.schema.Name, Columns: ref.Columns, Value: showKey(p.table.schema, ref.Columns, key), Reason: reason,
		Err: memrel.ErrForeignKey})
}

// loadAgain inserts the rows that were not refused.
func (c *circle) loadAgain(t *loaded) error {
	t.rows = 0
	for rows := range slices.Chunk(t.stored, c.loader.Batch) {
		var values []memrel.Values
		for _, r := range rows {
			if !c.refused[table.RecordOf(r)] {
				values = append(values, r.Values())
			}
		}
		stored, err := memrel.RowsOf(t.schema.Name).InsertAll(c.loader.tx, values)
		if err != nil {
			return errors.Join(fmt.Errorf("loading %s again without its refused rows", t.schema.Name), err)
		}
		t.rows += len(stored)
	}
	return nil
}

// keyOf is what columns of a row hold, and how many hold NULL.
func keyOf(r memrel.Row, columns []string) (key []any, nulls int) {
	for _, name := range columns {
		v := r.Get(name)
		if v == nil {
			nulls++
		}
		key = append(key, v)
	}
	return key, nulls
}

func equal(columns []string, key []any) memrel.Cond {
	conds := make([]memrel.Cond, len(columns))
	for i, name := range columns {
		conds[i] = memrel.Eq(name, key[i])
	}
	return memrel.And(conds...)
}
