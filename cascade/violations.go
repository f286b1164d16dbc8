package cascade

import (
	"cmp"
	"errors"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func sortRefs(refs []*Ref) { slices.SortFunc(refs, compareRefs) }

// violations keeps, of the violations of one kind at one level, the first by table and constraint. A preview has them all.
type violations struct {
	plan  *Plan
	worst *types.Error
}

func (v *violations) add(err *types.Error) {
	if v.plan.preview {
		v.plan.blockers = append(v.plan.blockers, err)
	}
	if v.worst == nil || cmp.Or(cmp.Compare(err.Table, v.worst.Table), cmp.Compare(err.Constraint, v.worst.Constraint)) < 0 {
		v.worst = err
	}
}

// row counts one more row that is looked at, and tells whether the statement is interrupted.
func (v *violations) row() bool { return v.plan.stmt.Interrupt.Row() }

// err is the violation to be reported, or that the statement is interrupted.
func (v *violations) err() error {
	if err := v.plan.stopped(); err != nil {
		return err
	}
	if v.worst == nil {
		return nil
	}
	return v.worst
}

// check holds a level to the rules: the rows that it wrote to the rules of their tables and unique keys, and the rows
// from..to of the level before to the references around them.
func (p *Plan) check(refs []*Ref, from, to int) error {
	if err := p.checkRows(to); err != nil {
		return err
	}
	if err := p.checkKeys(to); err != nil {
		return err
	}
	return p.checkReferences(refs, from, to)
}

// checkRows: columns, NOT NULL and checks of the rows that actions wrote at this level, the steps from on.
func (p *Plan) checkRows(from int) error {
	v := violations{plan: p}
	for i := from; i < len(p.steps) && !v.row(); i++ {
		s := &p.steps[i]
		if s.now.IsZero() {
			continue
		}
		if err := s.fits(); err != nil {
			v.add(p.explain(err, p.pathTo(int32(i))))
		}
	}
	return v.err()
}

// fits holds the row that a step wrote to the rules of its table. What actions write is of the right size already, but for
// keys that come from wider columns.
func (s *step) fits() error {
	for _, c := range s.layer.narrow {
		if err := s.layer.def.Columns()[c].Fit(s.now.At(c)); err != nil {
			return s.layer.def.Blame(err)
		}
	}
	return s.layer.def.CheckRecord(s.now)
}

// checkKeys: unique keys of the rows written at this level, the steps from on, among the rows that the level leaves.
func (p *Plan) checkKeys(from int) error {
	v := violations{plan: p}
	for i := from; i < len(p.steps) && !v.row(); i++ {
		if s := &p.steps[i]; !s.now.IsZero() {
			p.checkKeysOf(s, &v)
		}
	}
	return v.err()
}

func (p *Plan) checkKeysOf(s *step, v *violations) {
	def := s.layer.def
	for k := range def.Keys() {
		key := &def.Keys()[k]
		if !key.Unique() {
			return // unique keys come first
		}
		if !s.old.IsZero() && key.Order.Same(s.old, s.now) || key.Order.NullsDistinct() && key.Order.HasNull(s.now) {
			continue
		}
		if owner, taken := p.rival(s, k); taken {
			v.add(p.explain(def.Taken(k, s.now, owner), p.pathTo(s.first)))
		}
	}
}

// rival is another present row with the same unique key.
func (p *Plan) rival(s *step, tree int) (rival index.Record, found bool) {
	vals := s.layer.def.Keys()[tree].Order.Values(p.set[:0], s.now)
	p.set = vals
	if rec, ok := s.layer.table.Tree(tree).Get(vals...); ok {
		if num, touched := p.touched.get(rec); !touched || p.stays(num, rec) {
			return rec, true
		}
	}
	if len(s.layer.written) < 2 {
		return rival, false
	}
	p.states(s.layer, tree).Scan(vals, func(rec index.Record, num int32) bool {
		if num != s.first {
			rival, found = rec, true
		}
		return !found
	})
	return rival, found
}

// checkReferences: RESTRICT, NO ACTION and SET DEFAULT's second look for the keys that went at the level before, and
// the parents of the references that it wrote.
func (p *Plan) checkReferences(refs []*Ref, from, to int) error {
	v := violations{plan: p}
	for _, ref := range refs {
		p.checkGone(ref, &v)
	}
	for i := from; i < to && !v.row(); i++ {
		p.checkParents(int32(i), &v)
	}
	return v.err()
}

func (p *Plan) checkGone(ref *Ref, v *violations) {
	if !ref.checks() {
		return
	}
	child := p.layer(ref.child)
	for _, i := range p.tabs[ref.parent].frontier {
		if v.row() {
			return
		}
		s := p.steps[i]
		action := ref.OnUpdate
		if s.gone() {
			action = ref.OnDelete
		}
		if !ref.looks(action) || s.gone() && action == table.Restrict && p.seq.done || !p.referencedKey(ref, &s) {
			continue
		}
		if action == table.NoAction && p.deferred(ref) {
			if key, err := ref.inChild(p.key); err == nil {
				p.pending = ref.wait(p.pending, key, index.Record{})
			}
			continue
		}
		p.checkHolders(ref, child, action, i, v)
	}
}

// checks tells whether the reference has an action that looks for rows which still hold the key.
func (r *Ref) checks() bool { return r.looks(r.OnDelete) || r.looks(r.OnUpdate) }

func (r *Ref) looks(a table.Action) bool {
	return a == table.Restrict || !r.Unchecked && (a == table.NoAction || a == table.SetDefault)
}

func (p *Plan) anyHolder(ref *Ref, child *layer, key []index.Value) (found bool) {
	p.find(child, ref.childTree, key, false, func(row) bool {
		found = true
		return false
	})
	return found
}

// checkHolders refuses if rows still hold p.key, unless another row has taken the key over.
func (p *Plan) checkHolders(ref *Ref, child *layer, action table.Action, parent int32, v *violations) {
	held, err := ref.inChild(p.key)
	if err != nil {
		return
	}
	held = ref.lookup(held)
	if !p.anyHolder(ref, child, held) {
		return
	}
	if action != table.Restrict {
		if _, ok := p.owner(p.layer(ref.parent), ref.parentTree, p.key); ok {
			return
		}
	}
	var labels []string
	p.find(child, ref.childTree, held, false, func(r row) bool {
		labels = append(labels, child.def.Label(r.rec))
		return len(labels) < types.MaxErrorRows
	})
	v.add(p.explain(ref.stillReferenced(p.key, action, labels), p.pathTo(parent)))
}

// checkParents: does each reference of a row, as far as the level before wrote it, have its parent now?
func (p *Plan) checkParents(i int32, v *violations) {
	s := p.steps[i]
	now := p.now(s.first)
	if s.now.IsZero() || now.IsZero() {
		return
	}
	for _, ref := range s.layer.out {
		if !ref.binds(now) {
			continue
		}
		p.key = ref.childKey(p.key[:0], s.now)
		unchanged := !s.old.IsZero() && ref.binds(s.old) && ref.holds(s.old, p.key) && !(p.deferred(ref) && p.wrote(&s, i))
		if unchanged || now != s.now && !ref.holds(now, p.key) {
			continue
		}
		if p.deferred(ref) {
			p.pending = ref.wait(p.pending, p.key, now)
			continue
		}
		err := ref.checkKey(p.key, func() bool {
			key, err := ref.inParent(p.key)
			if err != nil {
				return false
			}
			_, ok := p.owner(p.layer(ref.parent), ref.parentTree, key)
			return ok
		})
		if err != nil {
			v.add(p.explain(err, p.pathTo(i)))
		}
	}
}

// wrote tells whether the transaction made the state that a step starts from, or one on its way. Then a check may be
// waiting for it, which has to be made for what it has become too.
func (p *Plan) wrote(s *step, i int32) bool {
	return s.first != i || s.again || p.stmt.Wrote != nil && p.stmt.Wrote(s.old)
}

// checkKey is the one rule about the key of a referencing row: a key with NULL references nothing, a partly NULL one is
// refused by MATCH FULL, and any other needs its parent.
func (r *Ref) checkKey(key []index.Value, hasParent func() bool) *types.Error {
	switch n := nulls(key); {
	case n == len(key) || n > 0 && !r.MatchFull:
		return nil
	case n > 0:
		return r.partlyNull(key)
	case hasParent():
		return nil
	}
	return r.noParent(key)
}

func (p *Plan) deferred(ref *Ref) bool {
	return ref.Deferrable && p.waits(ref.Name, ref.InitiallyDeferred)
}

// pathTo are the rows through which the plan came to step i, from the row named on.
func (p *Plan) pathTo(i int32) []string {
	var path []string
	for ; i >= 0; i = p.steps[i].by {
		s := &p.steps[i]
		rec := s.old
		if rec.IsZero() {
			rec = s.now
		}
		path = append(path, s.layer.def.Label(rec))
	}
	slices.Reverse(path)
	return path
}

// explain says in an error what was attempted and how the plan came there.
func (p *Plan) explain(err error, path []string) *types.Error {
	var e *types.Error
	if !errors.As(err, &e) {
		e = &types.Error{Kind: types.ErrCheck, Cause: err}
	}
	e.Op, e.Path = p.stmt.Op, path
	return e
}
