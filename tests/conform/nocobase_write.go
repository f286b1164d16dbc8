package main

import (
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// own are the columns among the values for a row of a table: a foreign key is also given by the association that it belongs
// to, as a value or in an object with the key.
func (p *collectionRun) own(table string, values map[string]any) memrel.Values {
	out := memrel.Values{}
	for _, name := range columnsOf(p.set().Table(table).Schema) {
		if v, given := values[name]; given {
			out[name] = p.fit(table, name, v)
		}
	}
	for _, a := range p.set().Of(table) {
		v, given := values[a.As]
		if object, ok := v.(map[string]any); ok {
			v, given = object[a.TargetKey], object[a.TargetKey] != nil
		}
		if given && a.Kind == assoc.BelongsTo {
			out[a.ForeignKey] = p.fit(table, a.ForeignKey, v)
		}
	}
	return out
}

// create inserts a row of a table and, with the values for its associations, what is nested in it.
func (p *collectionRun) create(table string, values map[string]any, o *nesting) (memrel.Instance, error) {
	i, err := memrel.ModelOf(table).Create(p.tx, p.own(table, values))
	if err != nil {
		return i, err
	}
	return p.link(i, values, o)
}

// update changes a row and its associations.
func (p *collectionRun) update(i memrel.Instance, values map[string]any, o *nesting) (memrel.Instance, error) {
	table := i.Row().Table()
	if own := p.unkeyed(i, p.own(table, values)); len(own) > 0 {
		row, err := memrel.RowsOf(table).Update(p.tx, own, memrel.Key(i.Row().Key()))
		if err != nil {
			return i, err
		}
		i = memrel.InstanceOf(row)
	}
	return p.link(i, values, o)
}

// unkeyed are values without those for the primary key that the row has, which the recorded package does not write.
func (p *collectionRun) unkeyed(i memrel.Instance, own memrel.Values) memrel.Values {
	info := p.set().Table(i.Row().Table())
	for _, key := range info.Schema.PrimaryKey {
		delete(own, key)
	}
	return own
}

// again is a row as it is now.
func (p *collectionRun) again(i memrel.Instance) (memrel.Instance, error) {
	now, _, err := memrel.ModelOf(i.Row().Table()).FindByPk(p.tx, memrel.Query{}, memrel.Key(i.Row().Key()))
	return now, err
}

// inHand are rows as a write returns them.
func (p *collectionRun) inHand(collection string, rows any) inHand {
	return inHand{collection, (&wanted{all: true}).show(rows)}
}

func objectsOf(v any) (out []map[string]any, err error) {
	for _, e := range listOf(v) {
		object, ok := e.(map[string]any)
		if !ok {
			return nil, errUnknown{"values " + jsonText(e)}
		}
		out = append(out, object)
	}
	return out, nil
}

func (st *collectionStep) unlisted() error {
	if st.Whitelist != nil || st.Blacklist != nil {
		return errUnknown{"whitelist and blacklist"}
	}
	return nil
}

func (p *collectionRun) createStep(st *collectionStep) (any, error) {
	list, err := objectsOf(st.Values)
	if err == nil {
		err = st.unlisted()
	}
	if err != nil {
		return nil, err
	}
	var rows []memrel.Instance
	for _, values := range list {
		row, err := p.create(p.info(st.Collection).Table, values, nestingOf(&st.repositoryOptions))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if _, many := st.Values.([]any); !many && len(rows) == 1 {
		return p.inHand(st.Collection, rows[0]), nil
	}
	return p.inHand(st.Collection, rows), nil
}

func (p *collectionRun) updateStep(st *collectionStep) (any, error) {
	if many, ok := st.Values.([]any); ok {
		st.Records = many
		return p.updateMany(st)
	}
	if err := st.unlisted(); err != nil {
		return nil, err
	}
	if st.FilterByTk == nil && st.Filter == nil && !st.ForceUpdate {
		return nil, errSaid("must provide filter or filterByTk for update call, or set forceUpdate to true")
	}
	rows, _, err := p.find(st.Collection, &st.repositoryOptions)
	if err != nil {
		return nil, err
	}
	values, err := objectsOf(st.Values)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	rows, err = p.updateAll(rows, values[0], nestingOf(&st.repositoryOptions))
	return p.inHand(st.Collection, rows), err
}

func (p *collectionRun) updateAll(rows []memrel.Instance, values map[string]any, o *nesting) ([]memrel.Instance, error) {
	for n := range rows {
		var err error
		if rows[n], err = p.update(rows[n], values, o); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (p *collectionRun) updateMany(st *collectionStep) (any, error) {
	out := []any{}
	key := p.info(st.Collection).Schema.PrimaryKey[0]
	list, err := objectsOf(st.Records)
	if err != nil {
		return nil, err
	}
	for _, values := range list {
		if values[key] == nil {
			return nil, errSaid("filterByTk invalid")
		}
		rows, _, err := p.find(st.Collection, &repositoryOptions{Filter: map[string]any{key: values[key]}})
		if err == nil {
			rows, err = p.updateAll(rows, values, nestingOf(&st.repositoryOptions))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, (&wanted{all: true}).show(rows))
	}
	return inHand{st.Collection, out}, nil
}

// firstOrCreate is updateOrCreate too.
func (p *collectionRun) firstOrCreate(st *collectionStep) (any, error) {
	values, ok := st.Values.(map[string]any)
	if !ok {
		return nil, errUnknown{"values " + jsonText(st.Values)}
	}
	rows, _, err := p.find(st.Collection, &repositoryOptions{Filter: keyFilter(st.FilterKeys, values), Limit: 1})
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return p.createStep(st)
	case st.Op == "firstOrCreate":
		return p.inHand(st.Collection, rows[0]), nil
	}
	rows, err = p.updateAll(rows, values, nestingOf(&st.repositoryOptions))
	return p.inHand(st.Collection, rows), err
}

// keyFilter is the filter for the values at some paths.
func keyFilter(paths []string, values map[string]any) map[string]any {
	out := map[string]any{}
	for _, path := range paths {
		var v any = values
		for _, name := range strings.Split(path, ".") {
			object, _ := v.(map[string]any)
			v = object[name]
		}
		out[path] = v
	}
	return out
}

// destroy deletes what is named: by key, by a filter, by both, or all.
func (p *collectionRun) destroy(st *collectionStep) (any, error) {
	filter, _ := st.Filter.(map[string]any)
	if st.FilterByTk == nil && len(filter) == 0 && !st.Truncate {
		return nil, nil
	}
	q, _, err := p.query(st.Collection, &repositoryOptions{Filter: st.Filter, FilterByTk: st.FilterByTk})
	if err != nil {
		return nil, err
	}
	named, err := p.model(st.Collection).Find(p.tx, q)
	if err != nil {
		return nil, err
	}
	taken := p.takenByCascade(named)
	rows, err := p.model(st.Collection).DeleteWhere(p.tx, q.Where)
	if err == nil && st.Truncate && p.info(st.Collection).Schema.SoftDelete == "" { // whatever is named beside it; nothing is counted
		return 0, p.model(st.Collection).Truncate(p.tx)
	}
	return len(rows) - taken, err
}

// takenByCascade counts the rows named together that a cascade from another of them takes first, which are not counted.
func (p *collectionRun) takenByCascade(named []memrel.Instance) (n int) {
	is := map[string]bool{}
	for _, row := range named {
		is[row.Row().Label()] = true
	}
	for _, row := range named {
		if p.below(row, is, map[string]bool{}) {
			n++
		}
	}
	return n
}

// below tells whether one of the rows named stands above a row, by references that cascade.
func (p *collectionRun) below(row memrel.Instance, named, seen map[string]bool) bool {
	table := row.Row().Table()
	for _, r := range p.db.References(table) {
		key := row.Value(r.Columns[0])
		if r.Child != table || r.OnDelete != memrel.Cascade || key == nil {
			continue
		}
		above, found, err := p.rowBy(r.Table, r.RefColumns[0], key)
		if err != nil || !found || seen[above.Row().Label()] {
			continue
		}
		seen[above.Row().Label()] = true
		if named[above.Row().Label()] || p.below(above, named, seen) {
			return true
		}
	}
	return false
}

// instanceDestroy deletes a row by itself: nobody is told of a set of rows first.
func (p *collectionRun) instanceDestroy(st *collectionStep) (any, error) {
	rows, _, err := p.find(st.Collection, &repositoryOptions{Filter: st.Where, Limit: 1})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return nil, p.destroyOne(rows[0])
}

// destroyOne deletes a row by itself.
func (p *collectionRun) destroyOne(row memrel.Instance) error {
	err := row.Delete(p.tx)
	if len(p.events) > 0 && p.events[0].When == memrel.BeforeRows {
		p.events = p.events[1:]
	}
	return err
}
