package waterline

import (
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/types"
)

const (
	hasMany       = assoc.HasMany
	belongsToMany = assoc.BelongsToMany
)

// Values are the attributes of a record, for input. A foreign key takes a primary key, a [*Record], or a map, which is a
// record to be created. A collection takes a list of these.
type Values map[string]any

// Create adds a record, and whatever records its values nest, and returns it. The records that foreign keys nest come first,
// then the record, then the members of its collections. One that is given with its primary key and exists is taken as it is.
// Errors are a [*WriteError] if members failed, and those of [memrel.Table.Insert].
func (c Collection) Create(values Values) (*Record, error) {
	created, err := c.createEach("create", []Values{values})
	if len(created) == 0 {
		return nil, err
	}
	return created[0], err
}

// CreateEach adds records like [Collection.Create], all or none.
func (c Collection) CreateEach(values []Values) ([]*Record, error) {
	return c.createEach("createEach", values)
}

func (c Collection) createEach(op string, values []Values) (created []*Record, err error) {
	err = c.writing(op, func(w *work) error {
		for i, v := range values {
			row, err := w.create(c.e, v)
			if err != nil {
				return types.Numbered(err, i, len(values))
			}
			created = append(created, recordOf(c.o, c.e, row))
		}
		return nil
	})
	if err != nil && c.o.orZero().atomic {
		return nil, err
	}
	return created, err
}

// FindOrCreate is the first record that criteria mean, or else one that it creates. created tells which it is. Errors as
// [Collection.Create] and [Collection.Find].
func (c Collection) FindOrCreate(criteria any, values Values) (r *Record, created bool, err error) {
	err = c.writing("findOrCreate", func(w *work) error {
		found, err := w.find(c.e, criteria, nil)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			r = found[0]
			return nil
		}
		row, err := w.create(c.e, values)
		if err == nil {
			r, created = recordOf(c.o, c.e, row), true
		}
		return err
	})
	if err != nil && c.o.orZero().atomic {
		return nil, false, err
	}
	return r, created, err
}

// Update changes every record that criteria mean and returns these records; nil, which elsewhere means every record, is refused,
// as in [Collection.Destroy]. A foreign key that is given a map with a primary
// key changes that record too, and with another map creates one. A collection is replaced by the members given, some of
// which may be changed or created in the same way. Errors as [Collection.Create], and of kind [memrel.ErrQuery] if members of
// a one-to-many are given to several records.
func (c Collection) Update(criteria any, values Values) (updated []*Record, err error) {
	err = c.writing("update", func(w *work) error {
		if err := c.e.given("update", criteria); err != nil {
			return err
		}
		found, err := w.find(c.e, criteria, nil)
		if err != nil {
			return err
		}
		rows, err := w.update(c.e, found, values)
		updated = records(c.o, c.e, rows, nil)
		return err
	})
	if err != nil && c.o.orZero().atomic {
		return nil, err
	}
	return updated, err
}

// Destroy removes every record that criteria mean and returns them as they were. Who means every record says so with Where{}: no
// criteria, nil, are refused with [memrel.ErrQuery], as Waterline does since 0.13. Their rows in generated junctions go, on
// whichever side they stand and wherever the junction lives. What else refers to them refuses, inside a datastore whose keys
// are checked, or dangles; see [Criteria].Cascade. Errors as [memrel.Handle.Delete].
func (c Collection) Destroy(criteria any) (destroyed []*Record, err error) {
	err = c.writing("destroy", func(w *work) error {
		if err := c.e.given("destroy", criteria); err != nil {
			return err
		}
		crit, err := c.e.criteria(criteria)
		if err != nil {
			return err
		}
		found, err := w.find(c.e, crit, nil)
		if destroyed = found; err != nil || len(found) == 0 {
			return err
		}
		return w.destroy(c.e, found, crit.Cascade || c.e.CascadeOnDestroy)
	})
	if err != nil && c.o.orZero().atomic {
		return nil, err
	}
	return destroyed, err
}

// sorted are values apart: columns of the row, by attribute, and members of collections, in the order of their names.
type sorted struct {
	own     map[*attr]any
	order   []*attr
	members []members
}

// members are what a collection is given.
type members struct {
	rel   *relation
	items []any
}

// sort takes values apart and refuses what is none.
func (e *entity) sort(op string, values Values) (s sorted, err error) {
	s.own = map[*attr]any{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a, v := e.attribute(name), values[name]
		switch {
		case a == nil:
			return s, refused(memrel.ErrUnknownColumn, op, e, "name one of its attributes", "there is no attribute "+name)
		case a.isColumn():
			if _, many := list(v); many && a.rel != nil {
				return s, refused(memrel.ErrType, op, e, "give a primary key or nil", "a list is no value of "+name)
			}
			s.own[a], s.order = plain(v), append(s.order, a)
		default:
			items, err := a.rel.items(op, v)
			if err != nil {
				return s, err
			}
			s.members = append(s.members, members{a.rel, items})
		}
	}
	return s, nil
}

// items are the members that a value means: keys as rows have them, and maps.
func (r *relation) items(op string, v any) ([]any, error) {
	all, many := list(v)
	if !many {
		all = []any{v}
	}
	out := make([]any, 0, len(all))
	for _, item := range all {
		if m, ok := valuesOf(item); ok {
			out = append(out, maps.Clone(m))
			continue
		}
		key, err := r.target.key1(item)
		if err != nil {
			return nil, refused(memrel.ErrType, op, r.source, "give a list of primary keys or records",
				fmt.Sprintf("%v is no member of %s", item, r.attr.name))
		}
		if !slices.ContainsFunc(out, func(had any) bool { _, isMap := had.(Values); return !isMap && had == key }) {
			out = append(out, key)
		}
	}
	return out, nil
}

// valuesOf is a value that is a record's values.
func valuesOf(v any) (Values, bool) {
	if m, ok := v.(Values); ok {
		return m, true
	}
	m, ok := mapOf(v)
	return m, ok
}

// create adds a record with what it nests.
func (w *work) create(e *entity, values Values) (memrel.Row, error) {
	w.depth++
	defer func() { w.depth-- }()
	if w.depth > deepest {
		return memrel.Row{}, refused(memrel.ErrLimit, w.op, e, "create them one after another", "the records are nested too deeply")
	}
	s, err := e.sort(w.op, values)
	if err != nil {
		return memrel.Row{}, err
	}
	row, err := w.nestOwn(s, w.taken)
	if err != nil {
		return memrel.Row{}, err
	}
	created, err := w.insert(e, row)
	if err != nil {
		return memrel.Row{}, err
	}
	for _, m := range s.members {
		for _, item := range m.items {
			w.add(m.rel, created.Get(e.pk.column.Name), item)
		}
	}
	return created, nil
}

// nestOwn are the columns of a row, with the keys of what foreign keys nest.
func (w *work) nestOwn(s sorted, key func(*entity, Values) (any, error)) (memrel.Values, error) {
	row := memrel.Values{}
	for _, a := range s.order {
		v := s.own[a]
		if nested, ok := valuesOf(v); ok && a.rel != nil {
			var err error
			if v, err = key(a.rel.target, nested); err != nil {
				return nil, err
			}
		}
		row[a.column.Name] = v
	}
	return row, nil
}

// taken is the key of a nested record: one that exists is taken as it is, and else created.
func (w *work) taken(e *entity, values Values) (any, error) {
	if given, ok := values[e.pk.name]; ok {
		key, err := e.key1(given)
		if err != nil {
			return nil, err
		}
		if there, err := w.exists(e, key); err != nil || there {
			return key, err
		}
	}
	row, err := w.create(e, values)
	return row.Get(e.pk.column.Name), err
}

// changed is the key of a nested record of an update: one that is given with its key is changed, another created.
func (w *work) changed(e *entity, values Values) (any, error) {
	given, ok := values[e.pk.name]
	if !ok {
		return w.taken(e, values)
	}
	key, err := e.key1(given)
	if err != nil {
		return nil, err
	}
	found, err := w.find(e, key, nil)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		row, err := w.create(e, values)
		return row.Get(e.pk.column.Name), err
	}
	_, err = w.update(e, found, values)
	return key, err
}

// exists tells whether there is a record with a primary key.
func (w *work) exists(e *entity, key any) (bool, error) {
	if err := w.call("find", e.store, e.table); err != nil {
		return false, err
	}
	_, ok := e.handle.Get(w.reader(e), key)
	return ok, nil
}

// update changes records.
func (w *work) update(e *entity, found []*Record, values Values) ([]memrel.Row, error) {
	s, err := e.sort(w.op, values)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	set, err := w.nestOwn(s, w.changed)
	if err != nil {
		return nil, err
	}
	keys := keysIn(found)
	rows := make([]memrel.Row, len(found))
	for i, r := range found {
		rows[i] = r.row()
	}
	if len(set) > 0 {
		if rows, err = w.updateRows(e, memrel.In(e.pk.column.Name, keys...), set); err != nil {
			return nil, err
		}
		for i, row := range rows {
			keys[i] = row.Get(e.pk.column.Name)
		}
	}
	for _, m := range s.members {
		if err := w.replace(m.rel, keys, w.prepared(m)); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// prepared changes the members of a one-to-many that are given with values and their key, and leaves the key of them.
func (w *work) prepared(m members) []any {
	out := slices.Clone(m.items)
	for i, item := range out {
		values, ok := item.(Values)
		if !ok || m.rel.kind != oneToMany || values[m.rel.target.pk.name] == nil {
			continue
		}
		key, err := w.changed(m.rel.target, values)
		if err != nil {
			w.fail("update", m.rel.target, nil, values, err)
		}
		out[i] = key
	}
	return slices.DeleteFunc(out, func(v any) bool { return v == nil })
}

func keysIn(found []*Record) []any {
	keys := make([]any, len(found))
	if len(found) == 0 {
		return keys
	}
	pk := found[0].e.pk
	at := found[0].position(pk)
	for i, r := range found {
		keys[i] = types.ToGo(pk.column.Type, r.rec.At(at))
	}
	return keys
}

// destroy removes records and what joins them to others.
func (w *work) destroy(e *entity, found []*Record, cascade bool) error {
	keys := keysIn(found)
	for _, j := range w.o.entities {
		for _, end := range j.attrs {
			if j.junction && end.rel != nil && end.rel.target == e {
				if _, err := w.deleteRows(j, memrel.In(end.column.Name, keys...)); err != nil {
					return err
				}
			}
		}
	}
	for _, a := range e.attrs {
		if a.Collection == "" || !cascade {
			continue
		}
		if err := w.clear(a.rel, keys, nil); err != nil && w.o.atomic {
			return err
		} else if err != nil {
			w.fail("update", a.rel.target, nil, nil, err)
		}
	}
	_, err := w.deleteRows(e, memrel.In(e.pk.column.Name, keys...))
	return err
}
