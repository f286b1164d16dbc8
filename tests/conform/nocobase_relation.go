package main

import (
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// association is the one that a path names: posts.tags.
func (p *collectionRun) association(path string) *assoc.Association {
	collection, as, _ := strings.Cut(path, ".")
	return p.set().Association(p.collections().Table(collection), as)
}

// opened is a relation of one row: the association, the row, and what the method was given.
type opened struct {
	p       *collectionRun
	a       *assoc.Association
	source  memrel.Instance
	found   bool
	target  string // the collection
	options repositoryOptions
	keys    []any // what was given instead of options
}

// relation carries out a method of the relation of one row.
func (p *collectionRun) relation(st *collectionStep) (any, error) {
	r, err := p.open(st)
	if err != nil {
		return nil, err
	}
	switch st.Method {
	case "find", "findOne", "count", "findAndCount":
		return r.find(st.Method)
	}
	if !r.found {
		return nil, errSaid("there is no source " + jsonText(st.Of))
	}
	switch st.Method {
	case "create":
		return r.create()
	case "update":
		return r.update()
	case "destroy":
		return r.destroy()
	case "firstOrCreate", "updateOrCreate":
		return r.firstOrCreate(st.Method)
	case "set", "add", "remove", "toggle":
		return nil, r.link(st.Method)
	}
	return nil, errUnknown{"method " + st.Method}
}

// open finds the source by its key: that of the association, or for a belongsTo the collection's own.
func (p *collectionRun) open(st *collectionStep) (r *opened, err error) {
	r = &opened{p: p, a: p.association(st.Path)}
	if r.a == nil {
		return nil, errUnknown{"relation " + st.Path}
	}
	r.target = p.named(r.a.TargetTable)
	key := r.a.SourceKey
	if r.a.Kind == assoc.BelongsTo {
		key = p.key(r.a.Source)
	}
	if r.source, r.found, err = p.rowBy(r.a.SourceTable, key, st.Of); err != nil || len(st.Args) == 0 {
		return r, err
	}
	if object, ok := st.Args[0].(map[string]any); ok {
		if err := strictlyAs(object, &r.options); err != nil {
			return nil, errUnknown{err.Error()}
		}
		r.keys = listOf(r.options.Tk)
		return r, nil
	}
	r.keys = listOf(st.Args[0])
	if pair := r.keys; len(pair) == 2 && isObject(pair[1]) && !isList(pair[0]) {
		r.keys = []any{pair} // one key with values for its link
	}
	return r, nil
}

func isObject(v any) bool { _, is := v.(map[string]any); return is }

func isList(v any) bool { _, is := v.([]any); return is }

// rows are those that the relation leads to and the options ask for. They come in the order of their key: sortBy is for what
// is loaded with other rows.
func (r *opened) rows() (memrel.Query, []memrel.Instance, *wanted, error) {
	options := r.options
	if r.a.Kind == assoc.HasMany && options.FilterByTk != nil { // by the key that the relation names rows by
		options.FilterByTk = nil
	}
	q, w, err := r.p.query(r.target, &options)
	if err == nil && r.options.FilterByTk != nil && r.a.Kind == assoc.HasMany {
		key := r.p.targetKey(r.a)
		q.Where = memrel.And(q.Where, memrel.In(key, listOf(r.p.fit(r.a.TargetTable, key, r.options.FilterByTk))...))
	}
	if err != nil || !r.found {
		return q, nil, w, err
	}
	for _, column := range r.p.info(r.target).Schema.PrimaryKey {
		q.Order = append(q.Order, memrel.Order{Column: column})
	}
	rows, err := r.source.Get(r.p.reader(), r.a.As, q)
	w.junction = r.a.Through
	return q, rows, w, err
}

func (r *opened) find(method string) (any, error) {
	if method == "findOne" || !r.a.Kind.Many() {
		r.options.Limit = 1
	}
	q, rows, w, err := r.rows()
	if err != nil {
		return nil, err
	}
	shown := w.show(rows).([]any)
	switch {
	case method == "find" && r.a.Kind.Many():
		return shown, nil
	case method == "find" || method == "findOne":
		if len(shown) == 0 {
			return nil, nil
		}
		return shown[0], nil
	}
	n := 0
	if r.found {
		n, err = r.source.Count(r.p.reader(), r.a.As, q.Where)
	}
	if method == "count" {
		return n, err
	}
	return []any{shown, n}, err
}

func (r *opened) create() (any, error) {
	list, err := objectsOf(r.options.Values)
	if err != nil {
		return nil, err
	}
	var rows []memrel.Instance
	for _, values := range list {
		row, err := r.p.createdBy(r.source, r.a, values, nestingOf(&r.options))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if !isList(r.options.Values) && len(rows) == 1 {
		return r.p.inHand(r.target, rows[0]), nil
	}
	return r.p.inHand(r.target, rows), nil
}

func (r *opened) update() (any, error) {
	_, rows, _, err := r.rows()
	if err != nil {
		return nil, err
	}
	values, err := objectsOf(r.options.Values)
	if err != nil || len(values) != 1 {
		return nil, err
	}
	if !r.a.Kind.Many() && len(rows) == 0 {
		return nil, errSaid("The record does not exist")
	}
	if rows, err = r.p.updateAll(rows, values[0], nestingOf(&r.options)); err != nil {
		return nil, err
	}
	if !r.a.Kind.Many() {
		return r.p.inHand(r.target, rows[0]), nil
	}
	return r.p.inHand(r.target, rows), nil
}

func (r *opened) firstOrCreate(method string) (any, error) {
	values, ok := r.options.Values.(map[string]any)
	if !ok {
		return nil, errUnknown{"values " + jsonText(r.options.Values)}
	}
	r.options.Filter = keyFilter(r.options.FilterKeys, values)
	_, rows, _, err := r.rows()
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return r.create()
	case method == "updateOrCreate":
		rows, err = r.p.updateAll(rows[:1], values, nestingOf(&r.options))
	}
	return r.p.inHand(r.target, rows[0]), err
}

// destroy deletes rows that the relation leads to: those named, or all. The links of a belongsToMany go first.
func (r *opened) destroy() (any, error) {
	if r.keys != nil {
		r.options.FilterByTk = r.keys
	}
	_, rows, _, err := r.rows()
	if err != nil {
		return nil, err
	}
	if !r.a.Kind.Many() {
		if len(rows) == 0 {
			return nil, errSaid("there is no row to destroy")
		}
		return true, r.p.destroyOne(rows[0])
	}
	if r.a.Kind == assoc.BelongsToMany {
		if err := r.source.Remove(r.p.tx, r.a.As, rows); err != nil {
			return nil, err
		}
	}
	key := r.p.key(r.target)
	var keys []any
	for _, row := range rows {
		keys = append(keys, row.Value(key))
	}
	_, err = r.p.model(r.target).DeleteWhere(r.p.tx, memrel.In(key, keys...))
	return true, err
}

// link sets, adds, removes or toggles rows by their keys. Keys that no row has are passed over.
func (r *opened) link(method string) error {
	if !r.a.Kind.Many() {
		var v any
		if method == "set" && len(r.keys) > 0 {
			v = r.keys[0]
		}
		_, err := r.p.update(r.source, map[string]any{r.a.As: v}, &nesting{})
		return err
	}
	key := r.p.targetKey(r.a)
	if r.a.Kind == assoc.HasMany {
		key = r.p.set().Table(r.a.TargetTable).Schema.PrimaryKey[0]
	}
	targets, err := r.targets(key)
	if err != nil {
		return err
	}
	if method == "toggle" {
		has, err := r.source.Has(r.p.tx, r.a.As, targets...)
		if method = "add"; err != nil || has {
			method = "remove"
		}
		if err != nil {
			return err
		}
	}
	switch {
	case method == "set":
		return r.source.Set(r.p.tx, r.a.As, targets...)
	case method == "add":
		return r.source.Add(r.p.tx, r.a.As, targets...)
	case r.a.Kind == assoc.BelongsToMany && !r.p.isPrimary(r.a.TargetTable, r.a.TargetKey):
		return nil // it takes what is given for a primary key, and unlinks nothing
	}
	return r.source.Remove(r.p.tx, r.a.As, targets...)
}

// targets are the rows that keys mean, in a column, each with values for its link if some are given.
func (r *opened) targets(by string) ([]any, error) {
	out := []any{}
	for _, key := range r.keys {
		var values memrel.Values
		if pair, ok := key.([]any); ok && len(pair) == 2 && isObject(pair[1]) {
			key, values = pair[0], r.p.own(r.a.Junction, pair[1].(map[string]any))
		}
		row, found, err := r.p.rowBy(r.a.TargetTable, by, key)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, memrel.With(values, row)...)
		}
	}
	return out, nil
}
