package waterline

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// queued is what [Record.Add] or [Record.Remove] put off until the save.
type queued struct {
	rel    *relation
	item   any // a key, or Values
	remove bool
}

// Add puts off adding members to a collection until [Record.Save]: primary keys, records, maps of records that are to be
// created, and lists of these. Errors: the attribute is no collection, or a value can be no member.
func (r *Record) Add(attr string, members ...any) error {
	return r.queue("add", attr, members, false)
}

// Remove puts off removing members from a collection until [Record.Save]: primary keys, records, and lists of these. A map is
// an entry of the save that fails. Errors as [Record.Add].
func (r *Record) Remove(attr string, members ...any) error {
	return r.queue("remove", attr, members, true)
}

// queue puts off what is done to members of a collection.
func (r *Record) queue(op, attr string, members []any, remove bool) error {
	if r.missing() {
		return noRecord(op)
	}
	rel, err := r.e.collection(op, attr)
	if err != nil {
		return err
	}
	for _, m := range members {
		items, err := rel.items(op, m)
		if err != nil {
			return err
		}
		for _, item := range items {
			r.rest().queue = append(r.rest().queue, queued{rel, item, remove})
		}
	}
	return nil
}

// Save writes the attributes that were set, those of populated to-one records too, then adds the members that wait, then
// removes those that wait, all or nothing unless the ontology is not atomic. Records of populated collections are not saved.
// A [*WriteError] lists every entry that failed: a key of no record, a record that could not be created, a remove that names
// no key. If nothing was written, what waits goes on waiting.
func (r *Record) Save() error {
	if r.missing() {
		return noRecord("save")
	}
	c := Collection{o: r.o, e: r.e, name: r.e.identity}
	saved := map[*Record]memrel.Row{}
	err := c.writing("save", func(w *work) error { return w.save(r, saved) })
	if err != nil && r.o.atomic {
		return err
	}
	for one, row := range saved {
		one.rec, one.found = table.RecordOf(row), &found{one.o, one.e, table.DefOf(row)}
		if one.more != nil {
			one.more.settle()
		}
	}
	if r.more != nil {
		r.more.settle()
		r.more.queue = nil
	}
	return err
}

// settle forgets what was set, and what was populated by a key that was.
func (m *more) settle() {
	m.loaded = slices.DeleteFunc(m.loaded, func(l loaded) bool {
		_, replaced := m.changed[l.attr.name]
		return replaced
	})
	m.changed = nil
}

// save writes what an instance has in hand, and notes the rows that records have then. Members are added and removed though
// its own attributes are refused.
func (w *work) save(r *Record, saved map[*Record]memrel.Row) error {
	found, err := w.find(r.e, r.Key(), nil)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return w.missing(r.e, r.Key(), nil)
	}
	m := r.rest()
	refused := w.saveOwn(r, found[0], saved)
	key := r.Key()
	if row, ok := saved[r]; ok {
		key = row.Get(r.e.pk.column.Name)
	}
	for _, remove := range []bool{false, true} {
		for _, q := range m.queue {
			if q.remove != remove {
				continue
			}
			if remove {
				w.remove(q.rel, key, q.item)
			} else {
				w.add(q.rel, key, q.item)
			}
		}
	}
	return refused
}

// saveOwn writes the attributes that were set, of populated to-one records first.
func (w *work) saveOwn(r, stored *Record, saved map[*Record]memrel.Row) error {
	for _, l := range r.more.loaded {
		_, replaced := r.more.changed[l.attr.name]
		if !l.attr.isColumn() || replaced || len(l.list) == 0 {
			continue
		}
		if one := l.list[0]; one.more != nil && len(one.more.changed) > 0 {
			rows, err := w.update(one.e, l.list, one.more.changed)
			if err != nil {
				return err
			}
			saved[one] = rows[0]
		}
	}
	saved[r] = stored.row()
	if len(r.more.changed) == 0 {
		return nil
	}
	rows, err := w.update(r.e, []*Record{stored}, r.more.changed)
	if len(rows) > 0 {
		saved[r] = rows[0]
	}
	return err
}

// remove makes a member that is named by its key one no more.
func (w *work) remove(rel *relation, parent, item any) {
	if values, isMap := item.(Values); isMap {
		w.fail("remove", rel.target, nil, values, &memrel.Error{Kind: memrel.ErrQuery, Op: w.op, Table: rel.target.identity,
			Detail: fmt.Sprintf("a record of %s is removed by its primary key", rel.attr.name), Hint: "give the key alone"})
		return
	}
	if err := w.unlink(rel, []any{parent}, []any{item}); err != nil {
		w.fail("remove", rel.target, map[string]any{rel.target.pk.name: item}, nil, err)
	}
}

// Destroy removes the stored record; see [Collection.Destroy].
func (r *Record) Destroy() error {
	if r.missing() {
		return noRecord("destroy")
	}
	_, err := Collection{o: r.o, e: r.e, name: r.e.identity}.Destroy(r.Key())
	return err
}

func noRecord(op string) error {
	return &memrel.Error{Kind: memrel.ErrNotFound, Op: op, Detail: "there is no record", Hint: "look whether FindOne found one"}
}
