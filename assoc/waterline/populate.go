package waterline

import (
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
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
		if a.rel.kind == toOne && (p.Where != nil || p.Sort != nil || p.Skip != 0 || p.Limit != nil || p.Select != nil) {
			return nil, refused(memrel.ErrQuery, "populate", e, "populate it without", p.Attr+" leads to one record, of which there is nothing to choose")
		}
		q, err := a.rel.target.compile(Criteria{Where: p.Where, Sort: p.Sort, Skip: p.Skip, Limit: p.Limit, Select: p.Select})
		if err != nil {
			return nil, err
		}
		if a.rel.kind == oneToMany && q.fields != nil && !slices.Contains(q.fields, a.rel.key) {
			q.fields = append(q.fields, a.rel.key)
		}
		out = slices.DeleteFunc(out, func(had population) bool { return had.rel == a.rel })
		out = append(out, population{q, a.rel})
	}
	return out, nil
}

// populate finds what an association leads to from each of some records.
func (w *work) populate(p population, from []*Record) error {
	room, loads := make([]more, len(from)), make([]loaded, len(from))
	for i, r := range from {
		if r.more == nil {
			r.more = &room[i]
		}
		loads[i].attr = p.rel.attr
		if m := r.more; m.loaded == nil {
			m.loaded = loads[i : i+1 : i+1]
		} else {
			m.loaded = append(m.loaded, loads[i])
		}
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
	e, at := p.rel.target, from[0].position(p.rel.key)
	wanted, ranks := make([]any, 0, len(from)), newRanks(p.rel.key, len(from))
	for _, r := range from {
		if key := r.rec.At(at); !key.IsNull() && ranks.meet(key) {
			wanted = append(wanted, r.row().Get(p.rel.key.column.Name))
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := w.rows(e, memrel.Query{Where: both(memrel.In(e.pk.column.Name, wanted...), p.where)})
	if err != nil {
		return err
	}
	targets := make([]memrel.Row, 0, len(from))
	ranks.rank(rows, e.pk)
	for _, r := range from {
		if rank, ok := ranks.of(r.rec.At(at)); ok {
			targets = append(targets, rows[rank])
		}
	}
	all := records(w.o, e, targets, p.fields)
	for _, r := range from {
		if _, ok := ranks.of(r.rec.At(at)); ok {
			r.last().list, all = all[:1:1], all[1:]
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

// position is where an attribute stands in the record's row.
func (f *found) position(a *attr) int {
	at, _ := f.def.Column(a.column.Name)
	return at
}

// populateMany asks for the children of all records in one question, in the order of their foreign key, so that those of one
// record stand together.
func (w *work) populateMany(p population, from []*Record) error {
	e, column := p.rel.target, p.rel.key.column
	order := append([]memrel.Order{{Column: column.Name}}, p.order...)
	all, err := w.stream(e, memrel.Query{Where: both(memrel.In(column.Name, keysIn(from)...), p.where), Order: order}, p.fields)
	if err != nil || len(all) == 0 {
		return err
	}
	at := all[0].position(p.rel.key)
	parents := newRanks(p.rel.source.pk, len(from))
	parents.rankRecords(from)
	for len(all) > 0 {
		key, n := all[0].rec.At(at), 1
		for n < len(all) && index.Equal(column.Type, all[n].rec.At(at), key) {
			n++
		}
		if i, ok := parents.of(key); ok {
			from[i].last().list = window(p, all[:n:n])
		}
		all = all[n:]
	}
	return nil
}

// window are the members that skip and limit leave.
func window[T any](p population, list []T) []T {
	list = list[min(p.skip, len(list)):]
	if p.limit >= 0 {
		list = list[:min(p.limit, len(list))]
	}
	return list
}

// populateJoined asks for the junction rows of all records, and then for the members that they name. A member that is joined
// twice is shown once.
func (w *work) populateJoined(p population, from []*Record) error {
	links, err := w.links(p, from)
	if err != nil || len(links) == 0 {
		return err
	}
	near, _ := table.DefOf(links[0]).Column(p.rel.near.column.Name)
	far, _ := table.DefOf(links[0]).Column(p.rel.far.column.Name)
	e, wanted, members := p.rel.target, []any{}, newRanks(p.rel.far, 0)
	for _, link := range links {
		if key := table.RecordOf(link).At(far); !key.IsNull() && members.meet(key) {
			wanted = append(wanted, link.Get(p.rel.far.column.Name))
		}
	}
	rows, err := w.rows(e, memrel.Query{Where: both(memrel.In(e.pk.column.Name, wanted...), p.where), Order: p.order})
	if err != nil {
		return err
	}
	members.rank(rows, e.pk)
	parents := newRanks(p.rel.source.pk, len(from))
	parents.rankRecords(from)
	shown, ends := make([]memrel.Row, 0, len(links)), make([]int, len(from))
	var order []int
	for len(links) > 0 {
		key, n := table.RecordOf(links[0]).At(near), 0
		for order = order[:0]; n < len(links) && index.Equal(p.rel.near.column.Type, table.RecordOf(links[n]).At(near), key); n++ {
			if rank, ok := members.of(table.RecordOf(links[n]).At(far)); ok {
				order = append(order, rank)
			}
		}
		links = links[n:]
		slices.Sort(order)
		mine := window(p, slices.Compact(order))
		for _, rank := range mine {
			shown = append(shown, rows[rank])
		}
		if i, ok := parents.of(key); ok {
			ends[i] = len(mine)
			from[i].last().at = len(shown) - len(mine)
		}
	}
	all := records(w.o, e, shown, p.fields)
	for i, r := range from {
		if l := r.last(); ends[i] > 0 {
			l.list = all[l.at : l.at+ends[i] : l.at+ends[i]]
		}
	}
	return nil
}

// links are the junction rows of all records, those of one record together.
func (w *work) links(p population, from []*Record) ([]memrel.Row, error) {
	j, near := p.rel.junction, p.rel.near.column.Name
	if !p.beside() {
		if err := w.call("find", j.store, j.table); err != nil {
			return nil, err
		}
	}
	order := []memrel.Order{{Column: near}}
	if j.junction && j.attrs[1] == p.rel.near { // as its unique key has them
		order = append(order, memrel.Order{Column: p.rel.far.column.Name})
	}
	return j.handle.Find(w.reader(j), memrel.Query{Where: memrel.In(near, keysIn(from)...), Order: order})
}
