package memrel

import (
	"reflect"
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// path is what the typed associations have in common: the spec, and how it was resolved last.
type path[A, B any] struct {
	source *Table[A]
	target *Table[B]
	spec   assoc.Spec
	last   atomic.Pointer[resolved]
	routes atomic.Pointer[route[A, B]]
}

// resolved is an association in one set.
type resolved struct {
	set *assoc.Set
	a   *assoc.Association
}

func newPath[A, B any](k assoc.Kind, a *Table[A], b *Table[B], options []AssociationOption) path[A, B] {
	s := assoc.Spec{Source: a.name, Kind: k, Target: b.name}
	for _, o := range options {
		o(&s.Options)
	}
	return path[A, B]{source: a, target: b, spec: s}
}

// Define enters the association into a batch of definitions.
func (p *path[A, B]) Define(b *table.Batch) error { return p.spec.Define(b) }

// in is the association as a state has it.
func (p *path[A, B]) in(state table.Reader) (*resolved, error) {
	set := setOf(state)
	if last := p.last.Load(); last != nil && last.set == set {
		return last, nil
	}
	for _, a := range set.Of(p.source.name) {
		if reflect.DeepEqual(a.Spec, p.spec) {
			r := &resolved{set, a}
			p.last.Store(r)
			return r, nil
		}
	}
	return nil, &Error{Kind: ErrUnknownAssociation, Table: p.source.name, Detail: "there is no association " + p.spec.String(),
		Hint: "define it, or open the store with it"}
}

// hand is a row of the source in hand, with the association's verbs.
func (p *path[A, B]) hand(state table.Reader, a *A) (v assoc.Verbs, n *assoc.DetachedRow, r *resolved, err error) {
	if r, err = p.in(state); err != nil {
		return v, nil, nil, err
	}
	if n, err = inHand(p.source, state, a); err != nil {
		return v, nil, nil, err
	}
	return r.set.On(r.a, n), n, r, nil
}

// inHand is a value of a struct as a row in hand.
func inHand[T any](h *Table[T], state table.Reader, row *T) (*assoc.DetachedRow, error) {
	t := state.Table(h.name)
	if t == nil {
		return nil, unknownTable("bind", h.name)
	}
	b, err := h.binding(t.Def())
	if err != nil {
		return nil, err
	}
	rec, err := b.Detached(row)
	if err != nil {
		return nil, err
	}
	return assoc.Detach(table.RowOf(t.Def(), rec, nil)), nil
}

// route is what a walk needs of a set of definitions: worked out once, and then the tables of a version are found by their
// positions.
type route[A, B any] struct {
	defs             *snapshot.Definitions
	a                *assoc.Association
	from             *bind.Binding[A]
	to               *bind.Binding[B]
	key              int // the column of the source that the walk starts from
	toKey            int // that of the target that a junction row keeps
	target, junction int // positions; -1: there is no junction
}

// route is the way through the tables of a state; ok is false if there is none.
func (p *path[A, B]) route(state table.Reader) (_ *route[A, B], ok bool) {
	defs := definitionsOf(state)
	if last := p.routes.Load(); last != nil && last.defs == defs {
		return last, true
	}
	res, err := p.in(state)
	source, target := state.Table(p.source.name), state.Table(p.target.name)
	if err != nil || source == nil || target == nil {
		return nil, false
	}
	r := &route[A, B]{defs: defs, a: res.a, junction: -1}
	if r.from, err = p.source.binding(source.Def()); err != nil {
		return nil, false
	}
	if r.to, err = p.target.binding(target.Def()); err != nil {
		return nil, false
	}
	if r.key, err = res.a.From(state); err != nil {
		return nil, false
	}
	r.target, _ = defs.Position(p.target.name)
	r.toKey, _ = target.Def().Column(res.a.TargetKey)
	if i, ok := defs.Position(res.a.Junction); ok {
		r.junction = i
	}
	p.routes.Store(r)
	return r, true
}

// keys appends the values that junction rows keep of rows of the target.
func (r *route[A, B]) keys(dst []index.Value, rows []B) ([]index.Value, error) {
	for i := range rows {
		key, err := r.to.Key(&rows[i], r.toKey)
		if err != nil {
			return nil, err
		}
		dst = append(dst, key)
	}
	return dst, nil
}

// walk visits the targets of a row in a version with the definitions of the route.
func (r *route[A, B]) walk(v *snapshot.Version, a *A, visit func(index.Record) bool) {
	var junction *table.Table
	if r.junction >= 0 {
		junction = v.At(r.junction)
	}
	r.a.WalkIn(v.At(r.target), junction, r.from.Cell(a, r.key), visit)
}

// of walks the targets of a row.
func (p *path[A, B]) of(r Reader, a *A, yield func(B) bool) {
	state, _ := r.source()
	way, ok := p.route(state)
	if !ok {
		return
	}
	var row B // one for all: Load sets every field that has a column, and yield gets a copy
	v, frozen := state.(*snapshot.Version)
	if !frozen { // the loop may write
		for _, rec := range way.a.Targets(state, way.from.Cell(a, way.key)) {
			if way.to.Load(&row, rec); !yield(row) {
				return
			}
		}
		return
	}
	var ahead readAhead
	visit := func() bool {
		for _, rec := range ahead.take() {
			if way.to.Load(&row, rec); !yield(row) {
				return false
			}
		}
		return true
	}
	more := true
	way.walk(v, a, func(rec index.Record) bool {
		more = !ahead.add(rec) || visit()
		return more
	})
	if more {
		visit()
	}
}

// readAhead gathers a few records before they are visited. Their memory is asked for all at once that way, instead of one
// wait after the other, which is most of what walking rows costs that are not in the processor's cache.
type readAhead struct {
	recs [64]index.Record
	n    int
}

// add tells whether it is time to visit.
func (a *readAhead) add(rec index.Record) bool {
	a.recs[a.n] = rec
	a.n++
	return a.n == len(a.recs)
}

// take gives what was gathered.
func (a *readAhead) take() []index.Record {
	recs := a.recs[:a.n]
	a.n = 0
	index.Fetch(recs)
	return recs
}

func (p *path[A, B]) get(r Reader, a *A, q Query) ([]B, error) {
	if len(q.Include) > 0 {
		return nil, &Error{Kind: ErrQuery, Op: "get", Table: p.source.name, Detail: "a row of a struct has no place for included rows",
			Hint: "walk the other association for each row, or use Model.FindAll"}
	}
	state, _ := r.source()
	v, _, _, err := p.hand(state, a)
	if err != nil {
		return nil, attempted("get", p.source.name, err)
	}
	nodes, err := v.Get(state, q)
	if err != nil {
		return nil, attempted("get", p.source.name, err)
	}
	out := make([]B, len(nodes))
	for i, n := range nodes {
		if err := p.load(&out[i], n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *path[A, B]) load(to *B, n *assoc.DetachedRow) error {
	row := n.Row()
	b, err := p.target.binding(row.Def())
	if err == nil {
		b.Load(to, row.Record())
	}
	return err
}

func (p *path[A, B]) count(r Reader, a *A, where Cond) (int, error) {
	state, _ := r.source()
	v, _, _, err := p.hand(state, a)
	if err != nil {
		return 0, attempted("count", p.source.name, err)
	}
	n, err := v.Count(state, where)
	return n, attempted("count", p.source.name, err)
}

func (p *path[A, B]) has(r Reader, a *A, rows []B) (bool, error) {
	state, _ := r.source()
	v, _, _, err := p.hand(state, a)
	if err != nil {
		return false, attempted("has", p.source.name, err)
	}
	targets, err := p.targets(state, rows, nil)
	if err != nil {
		return false, attempted("has", p.source.name, err)
	}
	ok, err := v.Has(state, targets, Cond{})
	return ok, attempted("has", p.source.name, err)
}

func (p *path[A, B]) targets(state table.Reader, rows []B, through linkValues) ([]assoc.Target, error) {
	link, err := through.in(state)
	if err != nil {
		return nil, err
	}
	out := make([]assoc.Target, len(rows))
	for i := range rows {
		n, err := inHand(p.target, state, &rows[i])
		if err != nil {
			return nil, err
		}
		out[i] = link
		out[i].Row = n
	}
	return out, nil
}

// write runs a verb; written tells that it may write into junction rows that are there. The source comes back with what the
// verb wrote into it.
func (p *path[A, B]) write(w Writer, op string, do assoc.Action, a *A, rows []B, through linkValues,
	written bool, verb func(assoc.Verbs, table.Statements, []assoc.Target) error) error {
	several := func(*assoc.Set) bool { return written || p.spec.Kind.NeedsTx(do, nil) }
	return attempted(op, p.source.name, carryVerb(w, op, several, func(st table.Statements) error {
		return p.carry(st, a, rows, through, verb)
	}))
}

// carry runs a verb with what it takes in hand.
func (p *path[A, B]) carry(st table.Statements, a *A, rows []B, through linkValues,
	verb func(assoc.Verbs, table.Statements, []assoc.Target) error) error {
	state := st.(*statements).tx.state()
	v, n, _, err := p.hand(state, a)
	if err != nil {
		return err
	}
	targets, err := p.targets(state, rows, through)
	if err != nil {
		return err
	}
	if err := verb(v, st, targets); err != nil {
		return err
	}
	return p.takeOver(a, n)
}

// takeOver writes into a struct what a verb changed in the row in hand, which is the foreign key of a belongsTo.
func (p *path[A, B]) takeOver(a *A, n *assoc.DetachedRow) error {
	if p.spec.Kind != assoc.BelongsTo {
		return nil
	}
	row := n.Row()
	b, err := p.source.binding(row.Def())
	if err == nil {
		b.Load(a, row.Record())
	}
	return err
}

func (p *path[A, B]) create(w Writer, a *A, row B, through linkValues) (B, error) {
	several := func(*assoc.Set) bool { return p.spec.Kind.NeedsTx(assoc.DoCreate, nil) }
	err := carryVerb(w, "create", several, func(st table.Statements) error {
		state := st.(*statements).tx.state()
		v, n, _, err := p.hand(state, a)
		if err != nil {
			return err
		}
		b, err := p.target.binding(state.Table(p.target.name).Def())
		if err != nil {
			return err
		}
		values, err := b.Values(&row)
		if err != nil {
			return err
		}
		link, err := through.in(state)
		if err != nil {
			return err
		}
		created, err := v.Create(st, values, link)
		if err != nil {
			return err
		}
		if err := p.load(&row, created); err != nil {
			return err
		}
		return p.takeOver(a, n)
	})
	return row, attempted("create", p.source.name, err)
}

// linkValues make the values of junction rows from a struct, once the state is known; nil where there is no junction.
type linkValues func(state table.Reader) (assoc.Target, error)

func (l linkValues) in(state table.Reader) (assoc.Target, error) {
	if l == nil {
		return assoc.Target{}, nil
	}
	return l(state)
}
