package cascade

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Plan is what a statement does, worked out but not done. It belongs to one goroutine, which gives it back with
// [Plan.Release].
type Plan struct {
	overlay
	graph    *Graph
	stmt     Statement
	pending  []Deferred
	blockers []*types.Error // what stopped a preview
	preview  bool
	seq      sequential
	at       time.Time // of soft deletes, once it was asked for

	// Buffers, kept from level to level.
	rows     []row
	key, set []index.Value
	refs     []*Ref
	changed  []*layer
}

// Plan works out a statement on the state that r gives. It changes nothing. Errors are those of the constraint that
// stops the statement ([types.ErrRestrict], [types.ErrForeignKey], [types.ErrMatchFull], [types.ErrNotNull],
// [types.ErrUnique], [types.ErrCheck]), [types.ErrLimit] and what [Statement.Before] returns. O(rows touched x log n).
func (g *Graph) Plan(r table.Reader, stmt Statement) (*Plan, error) {
	p := newPlan(g, r, stmt)
	if err := p.run(); err != nil {
		p.Release()
		return nil, err
	}
	return p, nil
}

// plans keeps the memory of plans that were released: most statements touch a row or two, and setting up would cost
// more than the rest.
var plans = sync.Pool{New: func() any { return new(Plan) }}

func newPlan(g *Graph, r table.Reader, stmt Statement) *Plan {
	p := plans.Get().(*Plan)
	p.graph, p.stmt, p.base = g, stmt, r
	p.tables, p.tabs = g.nodes, slices.Grow(p.tabs[:0], len(g.nodes))[:len(g.nodes)]
	p.atMostOnce = g.reachedAtMostOnce(g.numbers[stmt.Table])
	return p
}

// keepSteps is how many steps of a plan are worth keeping memory for.
const keepSteps = 1024

// Release gives the plan's memory back. The plan, and what [Plan.Deferred] returned, must not be used any more.
func (p *Plan) Release() {
	for i, l := range p.layers {
		p.tabs[l.num], p.layers[i] = nil, nil
		l.release()
	}
	p.tables, p.layers = nil, p.layers[:0]
	if cap(p.steps) > keepSteps {
		p.steps = nil
	}
	clear(p.steps)
	clear(p.rows)
	clear(p.refs[:cap(p.refs)])
	clear(p.changed[:cap(p.changed)])
	clear(p.key[:cap(p.key)])
	clear(p.set[:cap(p.set)])
	p.steps, p.rows = p.steps[:0], p.rows[:0]
	p.touched.reset()
	p.graph, p.stmt, p.base, p.level = nil, Statement{}, nil, 0
	p.atMostOnce, p.writes, p.sequential, p.at = nil, false, false, time.Time{}
	p.pending, p.blockers, p.preview = nil, nil, false
	p.seq.reset()
	plans.Put(p)
}

func (p *Plan) run() error {
	if err := p.applyStatement(); err != nil {
		return err
	}
	if err := p.limit(len(p.steps)); err != nil {
		return err
	}
	if p.sequential {
		if err := p.runSequential(); err != nil {
			return err
		}
	} else if err := p.checkKeys(0); err != nil {
		return err
	}
	for from := 0; from < len(p.steps); {
		to := len(p.steps)
		if err := p.announceLevel(from, to); err != nil {
			return err
		}
		refs := p.advance(from, to)
		p.level++
		for _, act := range actions {
			for _, ref := range refs {
				if err := p.act(ref, act); err != nil {
					return err
				}
			}
		}
		if err := p.check(refs, from, to); err != nil {
			return err
		}
		from = to
	}
	if err := p.checkDeferrable(); err != nil {
		return err
	}
	return p.stopped()
}

// applyStatement carries out level 0.
func (p *Plan) applyStatement() error {
	l := p.layer(p.graph.numbers[p.stmt.Table])
	p.steps = slices.Grow(p.steps, len(p.stmt.Changes))
	p.sequential = p.graph.sequential && len(p.stmt.Changes) > 0 && !slices.ContainsFunc(p.stmt.Changes, func(c table.Change) bool { return !c.New.IsZero() })
	for _, c := range p.stmt.Changes {
		if p.stmt.Interrupt.Row() {
			return p.stopped()
		}
		kind := Updated
		switch {
		case c.Old.IsZero():
			kind = Inserted
		case c.New.IsZero():
			if err := p.remove(l, row{c.Old, -1}, nil, -1, Deleted); err != nil {
				return err
			}
			continue
		}
		p.touch(l, row{c.Old, -1}, c.New, nil, -1, kind)
	}
	return nil
}

// advance hands the steps of the level before to their tables and returns the references into these, in order, in a slice
// that is good until the next level.
func (p *Plan) advance(from, to int) []*Ref {
	refs, tables := p.refs[:0], p.changed[:0]
	for _, l := range p.layers {
		l.frontier = l.frontier[:0]
	}
	for i := from; i < to; i++ {
		l := p.steps[i].layer
		if len(l.frontier) == 0 {
			tables = append(tables, l)
			refs = append(refs, l.in...)
		}
		l.frontier = append(l.frontier, int32(i))
	}
	if len(tables) > 1 || p.graph.sequential {
		sortRefs(refs)
	}
	p.refs, p.changed = refs, tables
	return refs
}

// action is one of the four things a level does, in the order in which it does them.
type action struct {
	action table.Action
	kind   Kind
	// onDelete and onUpdate: for which events of the referenced row.
	onDelete, onUpdate bool
}

var actions = [...]action{
	{table.Cascade, CascadeDelete, true, false},
	{table.SetNull, SetNull, true, true},
	{table.SetDefault, SetDefault, true, true},
	{table.Cascade, CascadeUpdate, false, true},
}

// act carries out one action of one reference for every row of the level before that calls for it.
func (p *Plan) act(ref *Ref, a action) error {
	onDelete, onUpdate := a.onDelete && ref.OnDelete == a.action && !p.seq.done, a.onUpdate && ref.OnUpdate == a.action
	if !onDelete && !onUpdate {
		return nil
	}
	child := p.layer(ref.child)
	for _, i := range p.tabs[ref.parent].frontier {
		s := p.steps[i]
		gone := s.gone()
		if gone && !onDelete || !gone && !onUpdate || !p.referencedKey(ref, &s) {
			continue
		}
		p.children(ref, child, ref.turn.Behind != nil)
		if a.kind != CascadeDelete && len(p.rows) > 0 {
			p.write()
		}
		p.reserve(len(p.rows))
		for _, r := range p.rows {
			if err := p.applyAction(ref, a.kind, child, r, i, gone); err != nil {
				return err
			}
		}
	}
	return nil
}

// referencedKey tells whether a step is an event for a reference: the key that went, left in p.key, had no NULL and is not
// there any more.
func (p *Plan) referencedKey(ref *Ref, s *step) bool {
	if s.old.IsZero() {
		return false
	}
	if !s.gone() && ref.sameKey(s.old, s.now) {
		return false
	}
	p.key = ref.parentKey(p.key[:0], s.old)
	return nulls(p.key) == 0
}

// sameKey tells whether two records of the parent have the same key, to the digit: as in PostgreSQL, a key that becomes 1.50 from 1.5 has
// changed, and is handed on.
func (r *Ref) sameKey(a, b index.Record) bool {
	for i, p := range r.parentPos {
		if !index.Identical(r.parentTypes[i], a.At(p), b.At(p)) {
			return false
		}
	}
	return true
}

// children collects into p.rows the rows that held p.key once the statement had changed the rows it names, and still
// hold it. In a sequential cascade these are the rows that hold it now, but for those that are being deleted. Soft-deleted rows are
// among them if hidden says so.
func (p *Plan) children(ref *Ref, child *layer, hidden bool) {
	p.rows = p.rows[:0]
	key, err := ref.inChild(p.key)
	if err != nil {
		return
	}
	p.find(child, ref.childTree, ref.lookup(key), hidden, func(r row) bool {
		switch {
		case r.num < 0:
		case p.sequential && p.last(r.num).deleting, !p.sequential && !ref.holds(p.level0(r.num), key):
			return true
		}
		if p.stmt.Interrupt.Row() {
			return false
		}
		if len(p.rows) == cap(p.rows) { // append grows by a quarter, and leaves four times as much behind
			p.rows = slices.Grow(p.rows, max(16, len(p.rows)))
		}
		p.rows = append(p.rows, r)
		return true
	})
}

// holds tells whether a record of the child, if there is one, holds a key.
func (r *Ref) holds(rec index.Record, key []index.Value) bool {
	if rec.IsZero() {
		return false
	}
	for i, p := range r.childPos {
		if !index.Equal(r.types[i], rec.At(p), key[i]) {
			return false
		}
	}
	return true
}

// applyAction does to one child what the action says. by is the step of its parent.
func (p *Plan) applyAction(ref *Ref, kind Kind, child *layer, r row, by int32, parentGone bool) error {
	if err := p.limit(len(p.steps) + 1); err != nil {
		return err
	}
	var now index.Record
	switch kind {
	case CascadeDelete:
		return p.remove(child, r, ref, by, kind)
	case SetNull:
		pos := ref.written(parentGone)
		p.set = append(p.set[:0], make([]index.Value, len(pos))...)
		now = child.def.WithCells(r.rec, pos, p.set)
	case SetDefault:
		pos := ref.written(parentGone)
		p.set = p.set[:0]
		for _, c := range pos {
			v, err := child.def.DefaultOf(c)
			if err != nil {
				return p.explain(err, p.pathTo(by))
			}
			p.set = append(p.set, v)
		}
		now = child.def.WithCells(r.rec, pos, p.set)
	case CascadeUpdate:
		p.set = ref.parentKey(p.set[:0], p.steps[by].now)
		key, err := ref.inChild(p.set)
		if err != nil {
			v := violations{plan: p}
			v.add(p.explain(err, append(p.pathTo(by), child.def.Label(r.rec))))
			return v.err()
		}
		now = child.def.WithCells(r.rec, ref.childPos, key)
	}
	p.touch(child, r, now, ref, by, kind)
	return nil
}

// written are the columns that SET NULL and SET DEFAULT write.
func (r *Ref) written(parentGone bool) []int {
	if parentGone {
		return r.setPos
	}
	return r.childPos
}

// limit tells whether the statement may touch n rows, the first time for those that it names.
func (p *Plan) limit(n int) error {
	if p.stmt.MaxRows > 0 && n > p.stmt.MaxRows {
		return &types.Error{Kind: types.ErrLimit, Op: p.stmt.Op, Table: p.stmt.Table,
			Detail: fmt.Sprintf("it would touch more than %d rows", p.stmt.MaxRows),
			Hint:   "raise MaxRows, or do it in parts; nothing was changed"}
	}
	p.stmt.Interrupt.Row()
	return p.stopped()
}

// stopped is the error of a statement that was interrupted.
func (p *Plan) stopped() error {
	err := p.stmt.Interrupt.Err()
	if err == nil {
		return nil
	}
	e := types.AsError(err)
	e.Op, e.Table = p.stmt.Op, p.stmt.Table
	return e
}
