package memrel

import (
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// AssociationOption is an option of a typed association: [ForeignKey], [As], [OnDelete] and so on.
type AssociationOption func(*assoc.Options)

// ForeignKey names the foreign key.
func ForeignKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.ForeignKey = column }
}

// OtherKey names the junction's foreign key that refers to the target.
func OtherKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.OtherKey = column }
}

// SourceKey names the column of the source that the foreign key refers to, instead of the primary key.
func SourceKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.SourceKey = column }
}

// TargetKey names the column of the target that the foreign key refers to, instead of the primary key.
func TargetKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.TargetKey = column }
}

// As names the association: for one that leads to many rows in the plural.
func As(alias string) AssociationOption { return func(o *assoc.Options) { o.As = alias } }

// OnDelete says what becomes of the referencing rows when a row that they refer to is deleted.
func OnDelete(a Action) AssociationOption {
	return func(o *assoc.Options) { o.OnDelete = a.String() }
}

// OnUpdate says what becomes of the referencing rows when the key that they refer to changes.
func OnUpdate(a Action) AssociationOption {
	return func(o *assoc.Options) { o.OnUpdate = a.String() }
}

// Unconstrained makes an association without a foreign key constraint.
func Unconstrained() AssociationOption {
	return func(o *assoc.Options) { o.Unconstrained = true }
}

// path is what the typed associations have in common: the spec, and how it was resolved last.
type path[A, B any] struct {
	source *Table[A]
	target *Table[B]
	spec   assoc.Spec
	last   atomic.Pointer[resolved]
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
		if a.Spec == p.spec {
			r := &resolved{set, a}
			p.last.Store(r)
			return r, nil
		}
	}
	return nil, &Error{Kind: ErrUnknownAssociation, Table: p.source.name, Detail: "there is no association " + p.spec.String(),
		Hint: "define it, or open the store with it"}
}

// hand is a row of the source in hand, with the association's verbs.
func (p *path[A, B]) hand(state table.Reader, a *A) (v assoc.Verbs, n *assoc.Node, r *resolved, err error) {
	if r, err = p.in(state); err != nil {
		return v, nil, nil, err
	}
	if n, err = inHand(p.source, state, a); err != nil {
		return v, nil, nil, err
	}
	return r.set.On(r.a, n), n, r, nil
}

// inHand is a value of a struct as a row in hand.
func inHand[T any](h *Table[T], state table.Reader, row *T) (*assoc.Node, error) {
	t := state.Table(h.name)
	if t == nil {
		return nil, unknownTable("bind", h.name)
	}
	b, err := h.binding(t.Def())
	if err != nil {
		return nil, err
	}
	rec, err := b.InHand(row)
	if err != nil {
		return nil, err
	}
	return assoc.NodeOf(table.RowOf(t.Def(), rec, nil)), nil
}

// of walks the targets of a row.
func (p *path[A, B]) of(r Reader, a *A, yield func(B) bool) {
	state, live := r.source()
	res, err := p.in(state)
	source, target := state.Table(p.source.name), state.Table(p.target.name)
	if err != nil || source == nil || target == nil {
		return
	}
	from, err := p.source.binding(source.Def())
	if err != nil {
		return
	}
	to, err := p.target.binding(target.Def())
	if err != nil {
		return
	}
	var row B // one for all: Load sets every field that has a column, and yield gets a copy
	visit := func(rec index.Record) bool {
		to.Load(&row, rec)
		return yield(row)
	}
	pos, err := res.a.From(state)
	if err != nil {
		return
	}
	key := from.Cell(a, pos)
	if live {
		for _, rec := range res.a.Targets(state, key) { // the loop may write
			if !visit(rec) {
				return
			}
		}
		return
	}
	var ahead readAhead
	if res.a.Walk(state, key, func(rec index.Record) bool { return !ahead.add(rec) || ahead.visit(visit) }); ahead.n > 0 {
		ahead.visit(visit)
	}
}

// readAhead gathers a few records before it visits them. Their memory is asked for all at once that way, instead of one
// wait after the other, which is most of what walking rows costs that are not in the processor's cache.
type readAhead struct {
	recs [16]index.Record
	n    int
	done bool
}

// add tells whether it is time to visit.
func (a *readAhead) add(rec index.Record) bool {
	a.recs[a.n] = rec
	a.n++
	return a.n == len(a.recs)
}

// visit visits what was gathered, and tells whether to go on.
func (a *readAhead) visit(visit func(index.Record) bool) bool {
	if a.done {
		return false
	}
	n := a.n
	a.n = 0
	index.Fetch(a.recs[:n])
	for _, rec := range a.recs[:n] {
		if !visit(rec) {
			a.done = true
			return false
		}
	}
	return true
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

func (p *path[A, B]) load(to *B, n *assoc.Node) error {
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

func (p *path[A, B]) targets(state table.Reader, rows []B, through linkValues) ([]assoc.Linked, error) {
	link, err := through.in(state)
	if err != nil {
		return nil, err
	}
	out := make([]assoc.Linked, len(rows))
	for i := range rows {
		n, err := inHand(p.target, state, &rows[i])
		if err != nil {
			return nil, err
		}
		out[i] = link
		out[i].Target = n
	}
	return out, nil
}

// write runs a verb; written tells that it may write into junction rows that are there. The source comes back with what the
// verb wrote into it.
func (p *path[A, B]) write(w Writer, op string, do assoc.Action, a *A, rows []B, through linkValues,
	written bool, verb func(assoc.Verbs, table.Statements, []assoc.Linked) error) error {
	several := func(*assoc.Set) bool { return written || p.spec.Kind.Several(do, nil) }
	return attempted(op, p.source.name, carryVerb(w, op, several, func(st table.Statements) error {
		state := st.(statements).tx.state()
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
	}))
}

// takeOver writes into a struct what a verb changed in the row in hand, which is the foreign key of a belongsTo.
func (p *path[A, B]) takeOver(a *A, n *assoc.Node) error {
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
	several := func(*assoc.Set) bool { return p.spec.Kind.Several(assoc.DoCreate, nil) }
	err := carryVerb(w, "create", several, func(st table.Statements) error {
		state := st.(statements).tx.state()
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
type linkValues func(state table.Reader) (assoc.Linked, error)

func (l linkValues) in(state table.Reader) (assoc.Linked, error) {
	if l == nil {
		return assoc.Linked{}, nil
	}
	return l(state)
}
