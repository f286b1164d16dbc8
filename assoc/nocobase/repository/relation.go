package repository

import (
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// Relation is a relation of a collection. It is a value; [Relation.Of] says of which row.
type Relation struct{ source, name string }

// Relation is a relation of the collection, or a column that is a list; see [Related] and [List].
func (p Repository) Relation(name string) Relation { return Relation{p.collection, name} }

// Of is the relation of one row, which is named by the key that the relation goes by: the sourceKey of the field, and of a belongsTo the
// collection's own key. It is looked up when a method is called.
func (l Relation) Of(key any) Related { return Related{l, key} }

// Related are the rows that a relation of one row leads to. It is a value.
type Related struct {
	l   Relation
	key any
}

// opened is a relation of one row in a session.
type opened struct {
	step
	from   *place
	key    any
	source memrel.Instance
	found  bool
}

// open finds the relation and its source.
func (r Related) open(s *session) (o opened, err error) {
	if o.from, err = s.at(r.l.source); err != nil {
		return o, err
	}
	st, ok := o.from.step(r.l.name)
	if !ok {
		return o, &memrel.Error{Kind: memrel.ErrUnknownAssociation, Op: s.op, Table: o.from.table, Detail: "there is no relation " + r.l.name + " in " + r.l.source,
			Hint: "name one of its relations; one that waits for its target cannot be read"}
	}
	o.step, o.key = st, r.key
	by := o.from.key()
	if st.list == nil && st.a.Kind != assoc.BelongsTo {
		by = st.a.SourceKey
	}
	if f, ok := object(r.key); ok {
		rows, err := o.from.instances(&Find{Filter: f, Limit: 1}, by)
		if o.found = len(rows) > 0; o.found {
			o.source = rows[0]
		}
		return o, err
	}
	if o.source, o.found, err = o.from.rowBy(by, r.key); err == nil && !o.found && o.list != nil {
		return o, r.missing(&o)
	}
	return o, err
}

// missing is the error of a relation whose source is not there.
func (r Related) missing(o *opened) error {
	return &memrel.Error{Kind: memrel.ErrNotFound, Op: o.from.s.op, Table: o.from.table, Detail: "there is no source " + key(r.key), Hint: "name a row of " + r.l.source}
}

// needed is the relation, whose source must be there.
func (r Related) needed(s *session) (opened, error) {
	o, err := r.open(s)
	if err == nil && !o.found {
		err = r.missing(&o)
	}
	return o, err
}

// search compiles a Find among the rows that the relation leads to. They come in the order of their key: sortBy is for what is loaded
// with other rows.
func (at *opened) search(by *Find) (s search, err error) {
	if s, err = at.target.search(by, at.target.keyIn(at.step)); err != nil {
		return s, err
	}
	if at.list == nil || truthy(by.FilterByTk) { // a key names a row of a list whether it stands in it or not
		return s, nil
	}
	keys := elements(at.source.Value(at.list.ForeignKey))
	f, err := at.target.onColumn(operand{in: at.target, column: at.list.TargetKey}, nil, keys)
	if err != nil {
		return s, err
	}
	s.q.Where = memrel.And(s.q.Where, f.is)
	return s, nil
}

// keyIn is the column by which a Find means rows of a relation by their key.
func (c *place) keyIn(st step) string {
	switch {
	case st.list != nil:
		return st.list.TargetKey
	case st.a.Kind == assoc.HasMany:
		return c.orRowKey(st)
	}
	return c.key()
}

// rows are those that the relation leads to and that a search asks for.
func (at *opened) rows(s search) ([]memrel.Instance, error) {
	switch {
	case s.none:
		return nil, nil
	case at.list != nil:
		return at.target.rows(s)
	case at.found:
		return at.source.Get(at.target.s.r, at.as, s.q)
	case at.a.Kind == assoc.HasMany: // rows may hold a key that no source has
		s.q.Where = memrel.And(s.q.Where, memrel.Eq(at.a.ForeignKey, at.target.fit(at.a.ForeignKey, at.key)))
		return at.target.rows(s)
	}
	return nil, nil
}

// find are the rows that a Find asks for.
func (at *opened) find(by *Find) ([]Record, error) {
	by.Filter, by.Limit = at.within(by.Filter), at.limit(by)
	s, err := at.search(by)
	if err != nil {
		return nil, err
	}
	rows, err := at.rows(s)
	if err != nil {
		return nil, err
	}
	return s.shown.records(rows)
}

// limit is how many rows a Find may find: of a relation to one it is one, and an empty list of keys names no row of a hasMany or a list.
func (at *opened) limit(by *Find) Limit {
	keys, many := listOf(by.FilterByTk)
	switch {
	case !at.many():
		return 1
	case many && len(keys) == 0 && (at.list != nil || at.a.Kind == assoc.HasMany):
		return -1
	}
	return by.Limit
}

// within is a filter as it is read where rows are found: but by a belongsToMany it is one of two that are joined by $and.
func (at *opened) within(f Filter) Filter {
	if f == nil || at.list == nil && at.a.Kind == assoc.BelongsToMany {
		return f
	}
	return Filter{"$and": []any{f}}
}

// instances are the rows that a Find asks for, with nothing beside.
func (at *opened) instances(by Find) ([]memrel.Instance, error) {
	by.Fields, by.Appends, by.Except, by.Filter, by.Limit = nil, nil, nil, at.within(by.Filter), at.limit(&by)
	s, err := at.search(&by)
	if err != nil {
		return nil, err
	}
	return at.rows(s)
}

// Find collects the rows that the relation leads to and that are asked for; of a relation to one that is one or none. Errors as
// [Repository.Find], [memrel.ErrUnknownAssociation], and [memrel.ErrNotFound] of a list of keys whose row is not there.
func (r Related) Find(rd memrel.Reader, by Find) ([]Record, error) {
	o, err := r.open(reading("find", rd))
	if err != nil {
		return nil, err
	}
	return o.find(&by)
}

// FindOne is the first row of [Related.Find]; ok is false if there is none.
func (r Related) FindOne(rd memrel.Reader, by Find) (found Record, ok bool, err error) {
	o, err := r.open(reading("find", rd))
	if err != nil {
		return found, false, err
	}
	if !o.many() {
		by.FilterByTk = nil
	}
	by.Limit = 1
	rows, err := o.find(&by)
	if len(rows) == 0 {
		return found, false, err
	}
	return rows[0], true, err
}

// FindAndCount is [Related.Find] and [Related.Count], of one state.
func (r Related) FindAndCount(rd memrel.Reader, by Find) (rows []Record, n int, err error) {
	o, err := r.open(reading("find", rd))
	if err != nil {
		return nil, 0, err
	}
	if n, err = o.count(by); err != nil {
		return nil, 0, err
	}
	rows, err = o.find(&by)
	return rows, n, err
}

// Count is the number of rows that the relation leads to and that Filter and FilterByTk ask for; 0 if there is no such source. Errors as
// [Related.Find], and [memrel.ErrUnknownMethod] of a list of keys.
func (r Related) Count(rd memrel.Reader, by Find) (int, error) {
	o, err := r.open(reading("count", rd))
	if err != nil {
		return 0, err
	}
	return o.count(by)
}

func (at *opened) count(by Find) (int, error) {
	if at.list != nil {
		return 0, at.uncounted()
	}
	s, err := at.search(&Find{Filter: by.Filter, FilterByTk: by.FilterByTk})
	if err != nil || !at.found {
		return 0, err
	}
	return at.source.Count(at.target.s.r, at.as, s.q.Where)
}

// uncounted refuses to count the rows of a list of keys, as the recorded system does.
func (at *opened) uncounted() error {
	return &memrel.Error{Kind: memrel.ErrUnknownMethod, Op: at.from.s.op, Table: at.from.table, Detail: at.as + " is a list of keys of its own row, whose rows are found and not counted",
		Hint: "find them, and count what is found"}
}

// Aggregate is [Repository.Aggregate] over the rows that the relation leads to.
func (r Related) Aggregate(rd memrel.Reader, method, column string, by Find) (any, error) {
	o, err := r.open(reading("aggregate", rd))
	if err != nil {
		return nil, err
	}
	if o.list != nil {
		return nil, o.uncounted()
	}
	rows, err := o.instances(Find{Filter: by.Filter, FilterByTk: by.FilterByTk})
	if err != nil {
		return nil, err
	}
	return o.target.aggregate(method, column, rows)
}

// keyList are the keys that an argument names: one, a list, or a text with commas.
func keyList(keys []any) (out []any) {
	for _, k := range keys {
		switch list, _ := listOf(k); s := k.(type) {
		default:
			out = append(out, k)
		case nil:
		case string:
			out = append(out, anys(strings.Split(s, ","))...)
		case []any:
			if len(list) == 2 && isValues(list[1]) && !isList(list[0]) {
				out = append(out, k)
				continue
			}
			out = append(out, list...)
		case []string, []int, []int64, []memrel.Instance, []Record:
			out = append(out, list...)
		}
	}
	return out
}

func isValues(v any) bool { _, ok := object(v); return ok }

func isList(v any) bool { _, ok := listOf(v); return ok }
