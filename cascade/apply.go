package cascade

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Visitor sees the changes that a plan makes to one table: one for each row, from what it was to what it is now, with the
// table's numbering before; why tells of change i the reference that led to the row, what was done and at which level.
type Visitor func(t *table.Table, before table.Numbers, changes []table.Change, why func(i int) (*Ref, Kind, int32))

// Apply carries out the plan. The writer must be in the state that the plan was made on. It fails only if interrupt, which may be
// nil, stops it; what was written is then of no use. Tables are changed, and shown to visit, in the order of their names. O(rows
// touched x keys x log n).
func (p *Plan) Apply(w table.Writer, visit Visitor, interrupt *query.Interrupt) error {
	for _, l := range p.layers {
		l.changes, l.causes = slices.Grow(l.changes, l.touched), slices.Grow(l.causes, l.touched)
	}
	for i := range p.steps {
		if interrupt.Row() {
			return p.stopped()
		}
		s := &p.steps[i]
		if int(s.first) != i {
			continue
		}
		if now := p.steps[s.last].now; now != s.old {
			s.layer.changes = append(s.layer.changes, table.Change{Old: s.old, New: now})
			s.layer.causes = append(s.layer.causes, s.last)
		}
	}
	for _, l := range p.byName() {
		if len(l.changes) == 0 {
			continue
		}
		t := w.Writable(l.def.Name())
		before := t.Numbers()
		if t.Apply(l.changes, interrupt); interrupt.Err() != nil {
			return p.stopped()
		}
		visit(t, before, l.changes, func(i int) (*Ref, Kind, int32) {
			s := &p.steps[l.causes[i]]
			return s.ref, s.kind, s.level
		})
	}
	return nil
}

// Result is what the statement's change i has come to: the row as the plan leaves it; a row that its own cascade deletes
// is given as the statement wrote it.
func (p *Plan) Result(i int) index.Record {
	if now := p.now(int32(i)); !now.IsZero() {
		return now
	}
	return p.steps[i].now
}

// Size is the number of rows that the plan touches, one for each level that it touches a row at.
func (p *Plan) Size() int { return len(p.steps) }

// Tables are the tables whose rows the plan changes, by name. O(tables).
func (p *Plan) Tables() (names []string) {
	for _, l := range p.byName() {
		if l.touched > 0 {
			names = append(names, l.def.Name())
		}
	}
	return names
}

// Deferred are the checks that wait for the commit.
func (p *Plan) Deferred() []Deferred { return p.pending }
