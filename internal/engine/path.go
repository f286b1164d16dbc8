package engine

import (
	"sync"
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// End is one side of a typed association: a table, and how the struct lies over it.
type End[T any] struct {
	Name string
	Bind *bind.Cache[T]
}

// bound is the table in a state, and how the struct lies over it.
func (e End[T]) bound(state table.Reader) (*table.Table, *bind.Binding[T], error) {
	t, err := Source{state}.On("bind", e.Name)
	if err != nil {
		return nil, nil, err
	}
	b, err := e.Bind.To(t.Def())
	return t, b, err
}

// detach makes a detached row of a struct.
func (e End[T]) detach(state table.Reader, row *T) (*assoc.DetachedRow, error) {
	t, b, err := e.bound(state)
	if err != nil {
		return nil, err
	}
	rec, err := b.Detached(row)
	if err != nil {
		return nil, err
	}
	return assoc.Detach(table.RowOf(t.Def(), rec, nil)), nil
}

// load reads a detached row into a struct: the columns that it has.
func (e End[T]) load(to *T, row table.Row) (err error) {
	defer bind.Caught(&err)
	b, err := e.Bind.To(table.DefOf(row))
	if err == nil {
		b.LoadColumns(to, table.RecordOf(row), table.CutOf(row))
	}
	return err
}

// Path is a typed association, from rows of A to rows of B: which it is, and how it was resolved last. It may be used from any
// goroutine.
type Path[A, B any] struct {
	Source End[A]
	Target End[B]
	Spec   assoc.Spec
	// Junction is the struct of the junction's rows, if there is one.
	Junction bind.Struct

	last   atomic.Pointer[resolved]
	routes atomic.Pointer[route[A, B]]
	idle   sync.Pool // verbs that are done, for their memory
}

// resolved is an association in one set.
type resolved struct {
	set *assoc.Set
	a   *assoc.Association
}

// Define enters the association into a batch of definitions. Structs without a field for its keys, or with one under its alias that
// cannot hold the rows it leads to, are refused.
func (p *Path[A, B]) Define(b *table.Batch) error {
	b.Add(structRule(func(set *assoc.Set, b *table.Batch) error {
		a, err := p.Association(set)
		if err != nil {
			return nil // one of the same name has taken its place
		}
		source, target := p.Source.Bind.Struct(), p.Target.Bind.Struct()
		if err := checkRows(b, a, source, target); err != nil {
			return err
		}
		return checkKeys(set, a, keysOf(a, source, target, p.Junction))
	}))
	return p.Spec.Define(b)
}

// Association is the association in a set. The error is of kind [types.ErrUnknownAssociation].
func (p *Path[A, B]) Association(set *assoc.Set) (*assoc.Association, error) {
	if last := p.last.Load(); last != nil && last.set == set {
		return last.a, nil
	}
	for _, a := range set.Of(p.Source.Name) {
		if p.stands(a.Spec) {
			p.last.Store(&resolved{set, a})
			return a, nil
		}
	}
	return nil, &types.Error{Kind: types.ErrUnknownAssociation, Table: p.Source.Name, Detail: "there is no association " + p.Spec.String(),
		Hint: "define it, or open the store with it"}
}

// verbs are the association's verbs on a row of the source.
func (p *Path[A, B]) verbs(state table.Reader, a *A) (v assoc.Verbs, err error) {
	way, err := p.route(state)
	if err != nil {
		return v, err
	}
	n, err := p.Source.detach(state, a)
	if err != nil {
		return v, err
	}
	return SetOf(state).On(way.a, n), nil
}

// route is what a walk needs of a set of definitions: worked out once, and then the tables of a version are found by their
// positions.
type route[A, B any] struct {
	defs             *snapshot.Definitions
	a                *assoc.Association
	from             *bind.Binding[A]
	to               *bind.Binding[B]
	key              int   // the column of the source that the walk starts from
	toKey            int   // that of the target that a junction row keeps
	noKey            error // the target's struct has no field for that
	target, junction int   // positions; -1: there is no junction
}

// route is the way through the tables of a state. Errors are those of finding the association and its tables, and of structs that do
// not fit these.
func (p *Path[A, B]) route(state table.Reader) (*route[A, B], error) {
	defs := DefinitionsOf(state)
	if last := p.routes.Load(); last != nil && last.defs == defs {
		return last, nil
	}
	_, from, err := p.Source.bound(state)
	if err != nil {
		return nil, err
	}
	target, to, err := p.Target.bound(state)
	if err != nil {
		return nil, err
	}
	a, err := p.Association(SetOf(state))
	if err != nil {
		return nil, err
	}
	r := &route[A, B]{defs: defs, a: a, from: from, to: to, junction: -1}
	if r.key, err = a.From(state); err != nil {
		return nil, err
	}
	if err := from.NeedsField(r.key, a); err != nil {
		return nil, err
	}
	r.target, _ = defs.Position(target.Def().Name())
	r.toKey, _ = target.Def().Column(a.TargetKey)
	r.noKey = to.NeedsField(r.toKey, a)
	if i, ok := defs.Position(a.Junction); ok {
		r.junction = i
	}
	p.routes.Store(r)
	return r, nil
}

// must is the route for a walk, which has no error to return: it panics with that of [Path.route].
func (p *Path[A, B]) must(state table.Reader) *route[A, B] {
	r, err := p.route(state)
	if err != nil {
		panic(Attempted("walk", p.Source.Name, err))
	}
	return r
}

// walk visits the targets of a row in a version with the definitions of the route.
func (r *route[A, B]) walk(v *snapshot.Version, a *A, visit func(index.Record) bool) {
	var junction *table.Table
	if r.junction >= 0 {
		junction = v.At(r.junction)
	}
	r.a.WalkIn(v.At(r.target), junction, r.from.Cell(a, r.key), visit)
}

// Walk visits the targets of a row, in the order of the tree that leads there, until yield returns false. O(log n + rows),
// without allocation for fields that are values. It panics if the state does not have the association.
func (p *Path[A, B]) Walk(state table.Reader, a *A, yield func(B) bool) {
	way := p.must(state)
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
		ahead.recs[ahead.n] = rec
		ahead.n++
		more = ahead.n < len(ahead.recs) || visit()
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

// take gives what was gathered.
func (a *readAhead) take() []index.Record {
	recs := a.recs[:a.n]
	a.n = 0
	index.Fetch(recs)
	return recs
}

// Get collects the rows that a row leads to and a query asks for.
func (p *Path[A, B]) Get(state table.Reader, a *A, q query.Query) ([]B, error) {
	if len(q.Include) > 0 {
		return nil, &types.Error{Kind: types.ErrQuery, Op: "get", Table: p.Source.Name, Detail: "a row of a struct has no place for included rows",
			Hint: "fill its fields with Table.Load, or use Find of a Model"}
	}
	rows, err := p.detached(state, a, q)
	if err != nil {
		return nil, Attempted("get", p.Source.Name, err)
	}
	out := make([]B, len(rows))
	for i, n := range rows {
		if err := p.Target.load(&out[i], n.Row()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (p *Path[A, B]) detached(state table.Reader, a *A, q query.Query) ([]*assoc.DetachedRow, error) {
	v, err := p.verbs(state, a)
	if err != nil {
		return nil, err
	}
	return v.Get(state, q)
}

// Count is the number of rows that a row leads to and for which a condition is true.
func (p *Path[A, B]) Count(state table.Reader, a *A, where query.Cond) (int, error) {
	v, err := p.verbs(state, a)
	if err != nil {
		return 0, Attempted("count", p.Source.Name, err)
	}
	n, err := v.Count(state, query.Query{Where: where})
	return n, Attempted("count", p.Source.Name, err)
}

// Has tells whether a row leads to every row given.
func (p *Path[A, B]) Has(state table.Reader, a *A, rows []B) (bool, error) {
	v, err := p.verbs(state, a)
	if err != nil {
		return false, Attempted("has", p.Source.Name, err)
	}
	targets, err := p.targets(state, rows, assoc.Target{})
	if err != nil {
		return false, Attempted("has", p.Source.Name, err)
	}
	ok, err := v.Has(state, targets, query.Query{})
	return ok, Attempted("has", p.Source.Name, err)
}

// targets are rows as targets of a verb, each with the values of a link.
func (p *Path[A, B]) targets(state table.Reader, rows []B, link assoc.Target) ([]assoc.Target, error) {
	t, b, err := p.Target.bound(state)
	if err != nil {
		return nil, err
	}
	for _, pos := range t.Def().Keys()[0].Pos {
		if err := b.NeedsField(pos, &p.Spec); err != nil {
			return nil, err
		}
	}
	out := make([]assoc.Target, len(rows))
	for i := range rows {
		n, err := p.Target.detach(state, &rows[i])
		if err != nil {
			return nil, err
		}
		out[i] = link
		out[i].Row = n
	}
	return out, nil
}
