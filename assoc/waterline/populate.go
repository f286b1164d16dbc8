package waterline

import (
	"slices"

	"github.com/memrel/memrel"
)

// population is a compiled [Populate].
type population struct {
	question
	rel *relation
}

// beside tells whether the junction lies in the datastore of the records, so that it is asked together with them.
func (p population) beside() bool {
	return p.rel.kind == manyToMany && p.rel.junction.store == p.rel.source.store
}

// population compiles what is to be populated. Of two that name one attribute the later counts.
func (e *entity) population(list []Populate) (out []population, err error) {
	for _, p := range list {
		a := e.attribute(p.Attr)
		if a == nil || a.rel == nil {
			return nil, refused(memrel.ErrUnknownAssociation, "populate", e, "name a model or a collection of it",
				"there is no association "+p.Attr)
		}
		q, err := a.rel.target.compile(Criteria{Where: p.Where, Sort: p.Sort, Skip: p.Skip, Limit: p.Limit, Select: p.Select})
		if err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(had population) bool { return had.rel == a.rel })
		out = append(out, population{q, a.rel})
	}
	return out, nil
}

// populate finds what an association leads to from each of some records.
func (w *work) populate(p population, from []*Record) error {
	for _, r := range from {
		m := r.rest()
		m.loaded = append(m.loaded, loaded{attr: p.rel.attr})
	}
	if len(from) == 0 || p.limit == 0 {
		return nil
	}
	switch p.rel.kind {
	case toOne:
		return w.populateOne(p, from)
	case oneToMany:
		return w.populateMany(p, from)
	}
	return w.populateJoined(p, from)
}

// last is what is being populated.
func (r *Record) last() *loaded { return &r.more.loaded[len(r.more.loaded)-1] }

// populateOne asks for all targets in one question.
func (w *work) populateOne(p population, from []*Record) error {
	column := p.rel.key.column.Name
	keys := make([]any, len(from))
	wanted, met := make([]any, 0, len(from)), make(map[any]int, len(from))
	for i, r := range from {
		keys[i] = r.row.Get(column)
		if _, had := met[keys[i]]; keys[i] != nil && !had {
			met[keys[i]] = -1
			wanted = append(wanted, keys[i])
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	e := p.rel.target
	rows, err := w.rows(e, memrel.Query{Where: both(memrel.In(e.pk.column.Name, wanted...), p.where)})
	if err != nil {
		return err
	}
	for i, row := range rows {
		met[row.Get(e.pk.column.Name)] = i
	}
	for i, r := range from {
		if at, ok := met[keys[i]]; ok && at >= 0 {
			r.last().list = records(w.o, e, rows[at:at+1], p.fields)
		}
	}
	return nil
}

func both(a, b memrel.Cond) memrel.Cond {
	if b.Op == (memrel.Cond{}).Op {
		return a
	}
	return memrel.And(a, b)
}

// populateMany asks for the children of all records in one question, in the order of their foreign key, so that those of one
// record stand together.
func (w *work) populateMany(p population, from []*Record) error {
	e, column := p.rel.target, p.rel.key.column.Name
	keys, at := w.keysOf(from)
	order := append([]memrel.Order{{Column: column}}, p.order...)
	rows, err := w.rows(e, memrel.Query{Where: both(memrel.In(column, keys...), p.where), Order: order})
	if err != nil {
		return err
	}
	for len(rows) > 0 {
		key := rows[0].Get(column)
		n := 1
		for n < len(rows) && rows[n].Get(column) == key {
			n++
		}
		for _, r := range at[key] {
			r.last().list = records(w.o, e, p.window(rows[:n]), p.fields)
		}
		rows = rows[n:]
	}
	return nil
}

// keysOf are the primary keys of records, and the records of each.
func (w *work) keysOf(from []*Record) (keys []any, at map[any][]*Record) {
	keys, at = make([]any, 0, len(from)), make(map[any][]*Record, len(from))
	for i, r := range from {
		key := r.Key()
		if at[key] == nil {
			keys = append(keys, key)
			at[key] = from[i : i+1 : i+1]
			continue
		}
		at[key] = append(at[key], r)
	}
	return keys, at
}

// window are the rows that skip and limit leave.
func (p population) window(rows []memrel.Row) []memrel.Row {
	rows = rows[min(p.skip, len(rows)):]
	if p.limit >= 0 {
		rows = rows[:min(p.limit, len(rows))]
	}
	return rows
}

// populateJoined asks for the junction rows of all records, and then for the members that they name. A member that is joined
// twice is shown once.
func (w *work) populateJoined(p population, from []*Record) error {
	j, near, far := p.rel.junction, p.rel.near.column.Name, p.rel.far.column.Name
	keys, at := w.keysOf(from)
	if !p.beside() {
		if err := w.call("find", j.store, j.table); err != nil {
			return err
		}
	}
	links, err := j.handle.Find(w.reader(j), memrel.Query{Where: memrel.In(near, keys...), Order: []memrel.Order{{Column: near}}})
	if err != nil || len(links) == 0 {
		return err
	}
	wanted, rank := make([]any, 0, len(links)), make(map[any]int, len(links))
	members := make([]any, len(links))
	for i, link := range links {
		key := link.Get(far)
		members[i] = key
		if _, had := rank[key]; !had && key != nil {
			rank[key] = -1
			wanted = append(wanted, key)
		}
	}
	e := p.rel.target
	rows, err := w.rows(e, memrel.Query{Where: both(memrel.In(e.pk.column.Name, wanted...), p.where), Order: p.order})
	if err != nil {
		return err
	}
	for i, row := range rows {
		rank[row.Get(e.pk.column.Name)] = i
	}
	var order []int
	var mine []memrel.Row
	for i := 0; i < len(links); {
		key := links[i].Get(near)
		order = order[:0]
		for ; i < len(links) && links[i].Get(near) == key; i++ {
			if n, ok := rank[members[i]]; ok && n >= 0 {
				order = append(order, n)
			}
		}
		slices.Sort(order)
		mine = mine[:0]
		for _, n := range slices.Compact(order) {
			mine = append(mine, rows[n])
		}
		for _, r := range at[key] {
			r.last().list = records(w.o, e, p.window(mine), p.fields)
		}
	}
	return nil
}
