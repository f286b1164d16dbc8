package repository

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// writing opens the relation in a transaction. Its source must be there, and a list of keys has no rows of its own to write.
func (r Related) writing(op string, w memrel.Writer, do func(o opened) error) error {
	return writing(op, w, func(s *session) error {
		o, err := r.needed(s)
		if err != nil {
			return err
		}
		return do(o)
	})
}

// unlisted refuses a list of keys, whose rows are linked by writing the column.
func (at *opened) unlisted() error {
	if at.list == nil {
		return nil
	}
	return &memrel.Error{Kind: memrel.ErrUnknownMethod, Op: at.from.s.op, Table: at.from.table, Detail: at.as + " is a list of keys of its own row",
		Hint: "write the values of " + at.as + ", or " + at.list.ForeignKey + ", by an update"}
}

// Create inserts a row that the relation then leads to, with what is nested in its values, as [Repository.Create]. Values for its link
// stand under the name of the junction. Errors as there, and [memrel.ErrNotFound] if the source is not there.
func (r Related) Create(w memrel.Writer, values memrel.Values, o Write) (made Record, err error) {
	err = r.writing("create", w, func(at opened) error {
		i, err := at.create(values, &o)
		made = at.target.whole(i)
		return err
	})
	return given(made, err)
}

// CreateMany is [Related.Create] of several rows, all or none.
func (r Related) CreateMany(w memrel.Writer, records []memrel.Values, o Write) (made []Record, err error) {
	err = r.writing("create", w, func(at opened) error {
		var rows []memrel.Instance
		for _, values := range records {
			i, err := at.create(values, &o)
			if err != nil {
				return err
			}
			rows = append(rows, i)
		}
		made = at.target.wholes(rows)
		return nil
	})
	return given(made, err)
}

func (at *opened) create(values map[string]any, o *Write) (i memrel.Instance, err error) {
	if err := at.unlisted(); err != nil {
		return i, err
	}
	taken := values
	if at.a.Kind != assoc.BelongsToMany {
		if taken, err = o.guarded(at.target, false).take(at.target, values); err != nil {
			return i, err
		}
	}
	through, err := at.from.through(at.a, values)
	if err != nil {
		return i, err
	}
	own := at.target.ownOf(at.a, taken)
	if err := at.target.keys(values, own); err != nil {
		return i, err
	}
	if i, err = at.source.Create(at.target.s.tx, at.as, own, through); err != nil {
		return i, err
	}
	return at.target.link(i, values, o.nesting())
}

// Update changes the rows that the relation leads to and that are asked for, as [Repository.Update], and returns them. Values under the
// name of the junction are written into the links, where the target has the other side of the relation. A relation to one that leads to no
// row is refused. Errors as there.
func (r Related) Update(w memrel.Writer, by Find, values memrel.Values, o Write) (changed []Record, err error) {
	err = writing("update", w, func(s *session) error {
		at, err := r.open(s)
		switch {
		case err != nil:
			return err
		case !at.found && !at.many():
			return at.target.refused("create it first", "The record does not exist")
		}
		rows, err := at.update(by, values, &o)
		changed = at.target.wholes(rows)
		return err
	})
	return given(changed, err)
}

func (at *opened) update(by Find, values map[string]any, o *Write) ([]memrel.Instance, error) {
	n := o.nesting()
	if at.many() {
		n.source = at.source
	} else {
		by = Find{}
	}
	taken, err := o.guarded(at.target, false).take(at.target, values)
	if err != nil {
		return nil, err
	}
	rows, err := at.instances(by)
	if err != nil {
		return nil, err
	}
	if !at.many() && len(rows) == 0 {
		return nil, at.target.refused("create it first", "The record does not exist")
	}
	return at.target.updateAll(rows, values, taken, n)
}

// FirstOrCreate is [Repository.FirstOrCreate] among the rows that the relation leads to; a new one is made as by [Related.Create].
func (r Related) FirstOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = r.writing("find or create", w, func(at opened) error {
		rows, err := at.instances(Find{Filter: filterOf(keys, values), Limit: 1})
		switch {
		case err != nil:
			return err
		case len(rows) > 0:
			row = at.target.whole(rows[0])
			return nil
		}
		i, err := at.create(values, &o)
		row, created = at.target.whole(i), true
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// UpdateOrCreate is [Related.FirstOrCreate] that changes the row to the values if there is one.
func (r Related) UpdateOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = r.writing("update or create", w, func(at opened) error {
		rows, err := at.instances(Find{Filter: filterOf(keys, values), Limit: 1})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			i, err := at.create(values, &o)
			row, created = at.target.whole(i), true
			return err
		}
		rows, err = at.update(Find{FilterByTk: rows[0].Value(at.target.key())}, values, &o)
		if len(rows) > 0 {
			row = at.target.whole(rows[0])
		}
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// Destroy deletes the rows that the relation leads to and that are asked for, all if nothing is; of a belongsToMany their links first, and
// rows that are named by keys alone whether they are linked or not. Errors as [memrel.Handle.Delete], and [memrel.ErrNotFound] if
// there is no source, or no row where the relation leads to one.
func (r Related) Destroy(w memrel.Writer, by Find) error {
	return r.writing("destroy", w, func(at opened) error {
		if err := at.unlisted(); err != nil {
			return err
		}
		if !at.many() {
			return at.destroyOne()
		}
		rows, err := at.toDestroy(by)
		if err != nil || len(rows) == 0 {
			return err
		}
		if at.a.Kind == assoc.BelongsToMany {
			if err := at.source.Remove(at.target.s.tx, at.as, rows); err != nil {
				return err
			}
		}
		var keys []any
		for _, row := range rows {
			keys = append(keys, row.Value(at.target.pk()))
		}
		_, err = at.target.model().DeleteWhere(at.target.s.tx, memrel.In(at.target.pk(), keys...))
		return err
	})
}

func (at *opened) destroyOne() error {
	rows, err := at.instances(Find{})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return &memrel.Error{Kind: memrel.ErrNotFound, Op: "destroy", Table: at.target.table, Detail: "there is no row to destroy", Hint: "create it first"}
	}
	return rows[0].Delete(at.target.s.tx)
}

// toDestroy are the rows that a Find names to be destroyed.
func (at *opened) toDestroy(by Find) ([]memrel.Instance, error) {
	keys, many := listOf(by.FilterByTk)
	named := truthy(by.FilterByTk)
	if !many && named {
		keys = []any{by.FilterByTk}
	}
	if many && len(keys) == 0 {
		return nil, nil
	}
	if at.a.Kind != assoc.BelongsToMany || !named {
		return at.instances(Find{Filter: by.Filter, FilterByTk: by.FilterByTk})
	}
	if at.a.TargetKey != at.target.pk() {
		return nil, nil // what is given are primary keys, and the links hold others
	}
	if by.Filter != nil {
		return at.instances(Find{Filter: by.Filter, FilterByTk: keys})
	}
	return at.target.among(at.target.pk(), keys, nil)
}

// Set makes rows those that the relation leads to, and no others. They are named by primary keys, of a belongsToMany by its targetKey; a
// text with commas is several, and a list of a key and values has the values written into the link. Keys that no row has are passed
// over, but by a relation to one. Errors as [memrel.Instance.Set].
func (r Related) Set(w memrel.Writer, keys ...any) error { return r.link("set", w, keys) }

// Add makes rows those that the relation leads to as well. Keys and errors as [Related.Set].
func (r Related) Add(w memrel.Writer, keys ...any) error { return r.link("add", w, keys) }

// Remove makes rows those that the relation does not lead to: they are named by primary keys. Of a relation to one it takes none. Errors as
// [Related.Set].
func (r Related) Remove(w memrel.Writer, keys ...any) error { return r.link("remove", w, keys) }

// Toggle removes rows if a belongsToMany leads to all of them, and adds them if not. It asks for them by keys as they are given: a text
// is no number, and one with commas is one key, so that both only add. Another relation has no toggle. Keys and errors as [Related.Set].
func (r Related) Toggle(w memrel.Writer, keys ...any) error { return r.link("toggle", w, keys) }

func (r Related) link(op string, w memrel.Writer, keys []any) error {
	return r.writing(op, w, func(at opened) error {
		if err := at.unlisted(); err != nil {
			return err
		}
		switch {
		case op == "toggle" && at.a.Kind != assoc.BelongsToMany:
			return at.target.refused("use Add or Remove, or Set", "%s is no belongsToMany, and is not toggled", at.as)
		case op == "toggle":
			has, err := at.has(keys)
			if op = "add"; has {
				op = "remove"
			}
			if err != nil {
				return err
			}
		case !at.many():
			return at.linkOne(op, keys)
		}
		return at.linkMany(op, keyList(keys))
	})
}

// has tells whether a belongsToMany leads to all rows that keys name, each as it is given.
func (at *opened) has(keys []any) (bool, error) {
	var all, rows []any
	for _, k := range keys {
		if list, many := listOf(k); many {
			all = append(all, list...)
		} else if k != nil {
			all = append(all, k)
		}
	}
	typ := at.target.typeOf(at.a.TargetKey)
	for _, k := range all {
		row, _, err := at.named(at.a.TargetKey, []any{k})
		if _, text := k.(string); err != nil || len(row) == 0 || text && (typ == memrel.Int || typ == memrel.Float) {
			return false, err
		}
		rows = append(rows, row...)
	}
	return at.source.Has(at.target.s.tx, at.as, rows...)
}

// linkOne sets or removes the row of a relation to one.
func (at *opened) linkOne(op string, keys []any) error {
	tx := at.target.s.tx
	if op == "add" {
		return at.target.refused("use Set", "%s leads to one row, and none is added to it", at.as)
	}
	if op == "remove" || len(keys) == 0 || keys[0] == nil {
		return at.source.Set(tx, at.as)
	}
	if row, ok := rowOf(keys[0]); ok {
		return at.source.Set(tx, at.as, row)
	}
	if at.a.Kind == assoc.BelongsTo {
		_, err := at.from.write(at.source, memrel.Values{at.a.ForeignKey: at.from.toStore(at.a.ForeignKey, keys[0])})
		return err
	}
	row, found, err := at.target.rowBy(at.target.pk(), keys[0])
	switch {
	case err != nil:
		return err
	case !found:
		return at.source.Set(tx, at.as)
	}
	return at.source.Set(tx, at.as, row)
}

// linkMany changes the rows that a relation to many leads to.
func (at *opened) linkMany(op string, keys []any) error {
	tx := at.target.s.tx
	by, toMany := at.target.pk(), at.a.Kind == assoc.BelongsToMany
	if toMany && op == "remove" && at.a.TargetKey != by {
		return nil // it takes what is given for a primary key, and unlinks nothing
	}
	if toMany && op != "remove" {
		by = at.a.TargetKey
	}
	named, values, err := at.named(by, keys)
	if err != nil {
		return err
	}
	rows := at.target.inOrder(slices.Clone(named))
	switch {
	case op == "set":
		err = at.source.Set(tx, at.as, rows...)
	case op == "add":
		err = at.source.Add(tx, at.as, rows...)
	default:
		err = at.source.Remove(tx, at.as, rows...)
	}
	if err != nil || op == "remove" {
		return err
	}
	return at.writeLinks(named, values)
}

// named are the rows that keys name by a column, each once, and the values that their links are given.
func (at *opened) named(by string, keys []any) (rows []any, values []map[string]any, err error) {
	rows = []any{}
	seen := map[string]int{}
	for _, k := range keys {
		var of map[string]any
		if pair, ok := k.([]any); ok && len(pair) == 2 {
			of, _ = object(pair[1])
			k = pair[0]
		}
		row, found := rowOf(k)
		if !found {
			if row, found, err = at.target.rowBy(by, k); err != nil {
				return nil, nil, err
			}
		}
		if n, twice := seen[row.Row().Label()]; found && twice {
			values[n] = of
		} else if found {
			seen[row.Row().Label()] = len(rows)
			rows, values = append(rows, row), append(values, of)
		} else if of != nil {
			return nil, nil, &memrel.Error{Kind: memrel.ErrNotFound, Op: at.target.s.op, Table: at.target.table, Columns: []string{by},
				Detail: fmt.Sprintf("there is no row %v to link with values", k), Hint: "create it first"}
		}
	}
	return rows, values, nil
}

// writeLinks writes values into links, by the first belongsToMany of the target.
func (at *opened) writeLinks(rows []any, values []map[string]any) error {
	if at.a.Kind != assoc.BelongsToMany {
		return nil
	}
	for n, of := range values {
		if of == nil {
			continue
		}
		for _, a := range at.target.bound {
			if a.Kind == assoc.BelongsToMany {
				if err := at.target.writeLink(a, rows[n].(memrel.Instance), at.source, of); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}
