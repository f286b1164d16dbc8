package waterline

import (
	"fmt"

	"github.com/memrel/memrel"
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
	rel, err := r.e.collection("add", attr)
	if err != nil {
		return err
	}
	for _, m := range members {
		items, err := rel.items("add", m)
		if err != nil {
			return err
		}
		for _, item := range items {
			r.rest().queue = append(r.rest().queue, queued{rel: rel, item: item})
		}
	}
	return nil
}

// Remove puts off removing members from a collection until [Record.Save]: primary keys, records, and lists of these. A map is
// an entry of the save that fails. Errors as [Record.Add].
func (r *Record) Remove(attr string, members ...any) error {
	rel, err := r.e.collection("remove", attr)
	if err != nil {
		return err
	}
	for _, m := range members {
		items, err := rel.items("remove", m)
		if err != nil {
			return err
		}
		for _, item := range items {
			r.rest().queue = append(r.rest().queue, queued{rel: rel, item: item, remove: true})
		}
	}
	return nil
}

// Save writes the attributes that were set, then adds the members that wait, then removes those that wait, all or nothing
// unless the ontology is not atomic. What was populated is not saved. A [*WriteError] lists every entry that failed: a key of
// no record, a record that could not be created, a remove that names no key. If nothing was written, what waits goes on
// waiting.
func (r *Record) Save() error {
	c := Collection{o: r.o, e: r.e, name: r.e.identity}
	var row memrel.Row
	err := c.writing("save", func(w *work) (err error) {
		row, err = w.save(r)
		return err
	})
	if err != nil && r.o.atomic {
		return err
	}
	if !row.IsZero() {
		r.rec, r.found = row.Record(), &found{r.o, r.e, row.Def()}
	}
	if r.more != nil {
		r.more.changed, r.more.queue = nil, nil
	}
	return err
}

// save writes what an instance has in hand, and returns its row.
func (w *work) save(r *Record) (memrel.Row, error) {
	found, err := w.find(r.e, r.Key(), nil)
	if err != nil {
		return memrel.Row{}, err
	}
	if len(found) == 0 {
		return memrel.Row{}, w.missing(r.e, r.Key())
	}
	m := r.rest()
	row := found[0].row()
	if len(m.changed) > 0 {
		rows, err := w.update(r.e, found, m.changed)
		if err != nil {
			return memrel.Row{}, err
		}
		row = rows[0]
	}
	key := row.Get(r.e.pk.column.Name)
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
	return row, nil
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
	_, err := Collection{o: r.o, e: r.e, name: r.e.identity}.Destroy(r.Key())
	return err
}
