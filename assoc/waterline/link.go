package waterline

import (
	"fmt"

	"github.com/memrel/memrel"
)

// AddToCollection makes records members of a collection of others as well: ids and member ids are a primary key or a list of
// them. What is a member already stays one. A member of a one-to-many moves to its new parent, of which there can be one
// only. Keys of no record are failed entries of a [*WriteError]; with CheckOnWrite(false) nobody looks. Errors are of kind
// [memrel.ErrUnknownAssociation] and [memrel.ErrQuery], and those of [memrel.Handle.Update].
func (c Collection) AddToCollection(ids any, attr string, memberIDs any) error {
	return c.members("addToCollection", ids, attr, memberIDs, func(w *work, rel *relation, parents, members []any) error {
		if len(members) == 0 {
			return nil
		}
		if err := oneParent(w.op, rel, parents); err != nil {
			return err
		}
		w.linkAll(rel, parents, members)
		return nil
	})
}

// RemoveFromCollection makes records members of a collection no more; others, and those of other parents, stay as they are.
// Arguments and errors as [Collection.AddToCollection].
func (c Collection) RemoveFromCollection(ids any, attr string, memberIDs any) error {
	return c.members("removeFromCollection", ids, attr, memberIDs, (*work).unlink)
}

// ReplaceCollection makes records the members of a collection, and no others. Arguments and errors as
// [Collection.AddToCollection], and [memrel.ErrNotNull] if the foreign key of a member that is left out is required.
func (c Collection) ReplaceCollection(ids any, attr string, memberIDs any) error {
	return c.members("replaceCollection", ids, attr, memberIDs, func(w *work, rel *relation, parents, members []any) error {
		if len(parents) == 0 {
			return nil
		}
		if len(members) > 0 {
			if err := oneParent(w.op, rel, parents); err != nil {
				return err
			}
		}
		if err := w.clear(rel, parents, members); err != nil {
			return err
		}
		w.linkAll(rel, parents, members)
		return nil
	})
}

// members does something to members of a collection.
func (c Collection) members(op string, ids any, name string, memberIDs any, do func(w *work, rel *relation, parents, members []any) error) error {
	if err := c.known(op); err != nil {
		return err
	}
	rel, err := c.e.collection(op, name)
	if err != nil {
		return err
	}
	parents, err := c.e.keys(ids)
	if err != nil {
		return err
	}
	members, err := rel.target.keys(memberIDs)
	if err != nil {
		return err
	}
	return c.writing(op, func(w *work) error { return do(w, rel, parents, members) })
}

// collection is the association of that name if it is a collection.
func (e *entity) collection(op, name string) (*relation, error) {
	if a := e.attribute(name); a != nil && a.Collection != "" {
		return a.rel, nil
	}
	return nil, refused(memrel.ErrUnknownAssociation, op, e, "name a collection of it", "there is no collection "+name)
}

// oneParent refuses several parents of one child.
func oneParent(op string, rel *relation, parents []any) error {
	if rel.kind != oneToMany || len(parents) < 2 {
		return nil
	}
	return refused(memrel.ErrQuery, op, rel.source, "name one of them",
		fmt.Sprintf("a member of %s has one parent, not %d", rel.attr.name, len(parents)))
}

// linkAll makes every record of members one of each parent's. Keys are looked up where keys are checked on write.
func (w *work) linkAll(rel *relation, parents, members []any) {
	for _, parent := range parents {
		if w.o.checked {
			if err := w.mustExist(rel.source, parent, rel); err != nil {
				w.fail("update", rel.source, map[string]any{rel.source.pk.name: parent}, nil, err)
				continue
			}
		}
		for _, member := range members {
			w.link(rel, parent, member, w.o.checked)
		}
	}
}

// mustExist refuses the key of no record on a side of a collection.
func (w *work) mustExist(e *entity, key any, rel *relation) error {
	ok, err := w.exists(e, key)
	if err == nil && !ok {
		err = w.missing(e, key, rel)
	}
	return err
}

// missing is the error of a key of no record: a side of a collection, if there is one, or the record that is written.
func (w *work) missing(e *entity, key any, rel *relation) error {
	out := &memrel.Error{Kind: memrel.ErrNotFound, Op: w.op, Table: e.identity, Key: []any{key}, Detail: e.identity + " " + show(key) + " does not exist",
		Hint: "create it first"}
	if rel != nil && e == rel.target {
		out.Table, out.Detail = rel.source.identity, out.Detail+" and can be no member of "+rel.attr.name
	}
	return out
}

// fail notes an operation that failed; the others go on.
func (w *work) fail(typ string, e *entity, criteria map[string]any, values any, err error) {
	w.failures = append(w.failures, Failure{Type: typ, Collection: e.identity, Criteria: criteria, Values: values, Err: err})
}

// add makes an item a member: a record that is named by its key, or one that is created of values.
func (w *work) add(rel *relation, parent, item any) {
	values, isMap := item.(Values)
	if !isMap {
		w.link(rel, parent, item, true)
		return
	}
	e := rel.target
	if given, ok := values[e.pk.name]; ok { // a key that is counted means a record that there is
		key, err := e.key1(given)
		there := e.pk.AutoIncrement
		if err == nil && !there {
			there, err = w.exists(e, key)
		}
		if err == nil && there {
			w.link(rel, parent, key, true)
			return
		}
	}
	whole := Values{}
	for name, v := range values {
		whole[name] = v
	}
	if rel.kind == oneToMany {
		whole[rel.key.name] = parent
	}
	row, err := w.create(e, whole)
	if err != nil {
		w.fail("insert", e, nil, whole, err)
		return
	}
	if rel.kind == manyToMany {
		w.join(rel, parent, row.Get(e.pk.column.Name))
	}
}

// link makes a record that is named by its key a member. Through a junction, check says whether it is looked up first.
func (w *work) link(rel *relation, parent, member any, check bool) {
	e := rel.target
	if rel.kind == oneToMany {
		criteria, set := map[string]any{e.pk.name: member}, map[string]any{rel.key.name: parent}
		rows, err := w.updateRows(e, memrel.Eq(e.pk.column.Name, member), memrel.Values{rel.key.column.Name: parent})
		if err == nil && len(rows) == 0 && w.o.checked {
			err = w.missing(e, member, rel)
		}
		if err != nil {
			w.fail("update", e, criteria, set, err)
		}
		return
	}
	joined, err := w.joined(rel, parent, member)
	if err == nil && !joined && check {
		err = w.mustExist(e, member, rel)
	}
	switch {
	case err != nil:
		w.failJoin(rel, parent, member, err)
	case !joined:
		w.join(rel, parent, member)
	}
}

// join inserts a row that joins a parent and a member.
func (w *work) join(rel *relation, parent, member any) {
	_, err := w.insert(rel.junction, memrel.Values{rel.near.column.Name: parent, rel.far.column.Name: member})
	if err != nil {
		w.failJoin(rel, parent, member, err)
	}
}

func (w *work) failJoin(rel *relation, parent, member any, err error) {
	pair := map[string]any{rel.near.name: parent, rel.far.name: member}
	w.fail("insert", rel.junction, pair, pair, err)
}

// joined tells whether a row joins a parent and a member.
func (w *work) joined(rel *relation, parent, member any) (bool, error) {
	if err := w.call("find", rel.junction.store, rel.junction.table); err != nil {
		return false, err
	}
	return rel.junction.handle.Exists(w.reader(rel.junction), rel.pair(parent, member))
}

// pair is the condition on the junction rows that join a parent and a member.
func (r *relation) pair(parent, member any) memrel.Cond {
	return memrel.And(memrel.Eq(r.near.column.Name, parent), memrel.Eq(r.far.column.Name, member))
}

// unlink makes records members of some parents no more.
func (w *work) unlink(rel *relation, parents, members []any) error {
	if len(parents) == 0 || len(members) == 0 {
		return nil
	}
	if rel.kind == oneToMany {
		e := rel.target
		_, err := w.updateRows(e, memrel.And(memrel.In(e.pk.column.Name, members...), memrel.In(rel.key.column.Name, parents...)),
			memrel.Values{rel.key.column.Name: nil})
		return err
	}
	_, err := w.deleteRows(rel.junction, memrel.And(memrel.In(rel.near.column.Name, parents...), memrel.In(rel.far.column.Name, members...)))
	return err
}

// clear empties collections. Members of a one-to-many that are to stay are left alone.
func (w *work) clear(rel *relation, parents, stay []any) error {
	if rel.kind == manyToMany {
		_, err := w.deleteRows(rel.junction, memrel.In(rel.near.column.Name, parents...))
		return err
	}
	e := rel.target
	where := memrel.In(rel.key.column.Name, parents...)
	if len(stay) > 0 {
		where = memrel.And(where, memrel.NotIn(e.pk.column.Name, stay...))
	}
	_, err := w.updateRows(e, where, memrel.Values{rel.key.column.Name: nil})
	return err
}

// replace makes items the members of each parent, and no others.
func (w *work) replace(rel *relation, parents, items []any) error {
	if len(items) > 0 {
		if err := oneParent(w.op, rel, parents); err != nil {
			return err
		}
	}
	var stay []any
	for _, item := range items {
		if _, isMap := item.(Values); !isMap {
			stay = append(stay, item)
		}
	}
	if err := w.clear(rel, parents, stay); err != nil {
		return err
	}
	for _, parent := range parents {
		for _, item := range items {
			w.add(rel, parent, item)
		}
	}
	return nil
}
