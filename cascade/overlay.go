package cascade

import (
	"cmp"
	"slices"
	"sync"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// overlay is a state of the store as a statement has changed it so far, without anything having been written: the
// tables beneath, and a step for each row and level that the statement touched.
//
//	tables beneath ── minus the rows in touched ── plus, per table, what the steps made of them
type overlay struct {
	tables  []*node  // of the graph, by number
	tabs    []*layer // by the same number; nil until asked for
	layers  []*layer // those that were asked for
	base    table.Reader
	steps   []step
	touched rowSet // record in the table beneath -> number of the row's first step
	level   int32

	// atMostOnce tells of which tables no row can be met twice as long as rows are only deleted: these rows are not put into
	// touched until the first row is written, which is most of the work of a large delete.
	atMostOnce []bool
	writes     bool

	sequential bool // a sequential cascade is under way: rows that are being deleted are there, and a row has many steps at a level
}

// layer is one table of the overlay.
type layer struct {
	*node
	table   *table.Table
	touched int   // rows of this table that have a step
	count   Count // of a preview
	known   int   // those of them that are in overlay.touched

	// written are the rows that were inserted or rewritten, by number; scratch has their present states, for each tree
	// that was asked about.
	written []int32
	scratch []*index.Scratch

	frontier []int32 // this table's steps of the level before

	// What the plan comes to, once it is applied: a change for each row, and the last step that led to it.
	changes []table.Change
	causes  []int32
}

// step is what one level did to one row.
type step struct {
	layer    *layer
	old, now index.Record // before and after the level; none for a row inserted or deleted
	ref      *Ref         // the reference that led here; nil for the rows the statement names
	by       int32        // the step of the row that it led here from
	first    int32        // the row's first step, which is the row's number
	last     int32        // in a first step: the row's last step
	level    int32
	kind     Kind
	again    bool // the level wrote the row more than once, by several references
	deleting bool // the row is being deleted, and is there until its references have been worked
}

// gone tells whether the step deletes its row, softly or not.
func (s *step) gone() bool { return s.kind == Deleted || s.kind == CascadeDelete }

// layer is the layer of the table of that number.
func (o *overlay) layer(num int) *layer {
	if o.tabs[num] == nil {
		n := o.tables[num]
		l := layers.Get().(*layer)
		l.node, l.table = n, o.base.Table(n.def.Name())
		o.tabs[num], o.layers = l, append(o.layers, l)
	}
	return o.tabs[num]
}

// byName puts the layers in the order of their tables' names.
func (o *overlay) byName() []*layer {
	slices.SortFunc(o.layers, func(a, b *layer) int { return cmp.Compare(a.def.Name(), b.def.Name()) })
	return o.layers
}

// layers keeps the memory of layers for the next plan.
var layers = sync.Pool{New: func() any { return new(layer) }}

func (l *layer) release() {
	clear(l.changes)
	*l = layer{written: l.written[:0], frontier: l.frontier[:0], changes: l.changes[:0], causes: l.causes[:0]}
	if max(cap(l.written), cap(l.frontier), cap(l.changes), cap(l.causes)) > keepSteps {
		*l = layer{}
	}
	layers.Put(l)
}

// row is a row as a lookup finds it: its present record, and its number, or -1 if nothing has touched it.
type row struct {
	rec index.Record
	num int32
}

// reserve makes room for n more steps.
func (o *overlay) reserve(n int) {
	if len(o.steps)+n > cap(o.steps) {
		o.steps = slices.Grow(o.steps, max(n, len(o.steps)))
	}
	if o.writes {
		o.touched.reserve(n)
	}
}

// note puts a row that nothing had touched into touched, unless it cannot be met again.
func (o *overlay) note(l *layer, rec index.Record, num int32) {
	if !rec.IsZero() && (o.writes || !o.atMostOnce[l.num]) {
		o.touched.put(rec, num)
		l.known++
	}
}

// write is called before a row is written for the first time, or looked up by another way than the references that delete:
// from now on any row may be met again.
func (o *overlay) write() {
	if o.writes {
		return
	}
	o.writes = true
	for i := range o.steps {
		if s := &o.steps[i]; o.atMostOnce[s.layer.num] {
			o.note(s.layer, s.old, int32(i))
		}
	}
}

// touch makes now the state of a row, by a step of the present level.
func (o *overlay) touch(l *layer, r row, now index.Record, ref *Ref, by int32, kind Kind) {
	if !now.IsZero() {
		o.write()
	}
	n := int32(len(o.steps))
	switch {
	case r.num < 0:
		o.steps = append(o.steps, step{layer: l, old: r.rec, now: now, ref: ref, by: by, first: n, last: n, level: o.level, kind: kind})
		o.note(l, r.rec, n)
		l.touched++
		if !now.IsZero() {
			l.addWritten(now, n)
		}
		return
	case !o.sequential && o.last(r.num).level == o.level:
		s := o.last(r.num)
		s.now, s.again = now, true // not a delete: deletes come first in a level
	default:
		o.steps = append(o.steps, step{layer: l, old: r.rec, now: now, ref: ref, by: by, first: r.num, level: o.level, kind: kind})
		o.steps[r.num].last = n
	}
	l.rewrite(r, now)
}

// beginDelete begins to delete a row in a sequential cascade.
func (o *overlay) beginDelete(l *layer, r row, ref *Ref, by int32, kind Kind) {
	n := int32(len(o.steps))
	s := step{layer: l, old: r.rec, now: r.rec, ref: ref, by: by, first: r.num, level: o.level, kind: kind, deleting: true}
	if r.num < 0 {
		s.first, s.last = n, n
		o.note(l, r.rec, n)
		l.touched++
	} else {
		o.steps[r.num].last = n
	}
	o.steps = append(o.steps, s)
}

// finishDelete ends the delete that step i began: now is what is left of the row.
func (o *overlay) finishDelete(i int32, now index.Record) {
	s := &o.steps[i]
	r := row{s.now, s.first}
	s.now, s.deleting = now, false
	switch {
	case s.first != i: // it was written before
		s.layer.rewrite(r, now)
	case !now.IsZero():
		s.layer.addWritten(now, i)
	}
}

// stays tells whether a touched row is still there as it is in the table beneath, since it is only being deleted.
func (o *overlay) stays(num int32, rec index.Record) bool {
	return o.steps[num].deleting && o.steps[num].now == rec
}

func (o *overlay) last(num int32) *step { return &o.steps[o.steps[num].last] }

// now is the present state of a touched row; none if it is deleted.
func (o *overlay) now(num int32) index.Record { return o.last(num).now }

// level0 is the state of a touched row once the statement had changed the rows it names.
func (o *overlay) level0(num int32) index.Record {
	if s := &o.steps[num]; s.level == 0 {
		return s.now
	}
	return o.steps[num].old
}

// addWritten notes that a row not written so far has a state of its own now.
func (l *layer) addWritten(now index.Record, num int32) {
	l.written = append(l.written, num)
	for _, s := range l.scratch {
		if s != nil {
			s.Add(now, num)
		}
	}
}

// rewrite moves a touched row from one state to another in the scratch sets. A row that is touched again was written
// before: rows once deleted are not found any more.
func (l *layer) rewrite(r row, now index.Record) {
	for _, s := range l.scratch {
		if s != nil {
			s.Remove(r.rec, r.num)
			if !now.IsZero() {
				s.Add(now, r.num)
			}
		}
	}
}

// states are the present states of the table's written rows in the order of tree.
func (o *overlay) states(l *layer, tree int) *index.Scratch {
	if l.scratch == nil {
		l.scratch = make([]*index.Scratch, len(l.def.Keys()))
	}
	if l.scratch[tree] == nil {
		s := index.NewScratch(l.def.Keys()[tree].Order)
		for _, num := range l.written {
			if now := o.now(num); !now.IsZero() {
				s.Add(now, num)
			}
		}
		l.scratch[tree] = s
	}
	return l.scratch[tree]
}

// find visits the present rows whose first key columns in tree equal vals, until visit returns false: first those that
// nothing has written, in key order, then those written. Soft-deleted rows are not there, unless hidden says so. visit must not touch rows.
func (o *overlay) find(l *layer, tree int, vals []index.Value, hidden bool, visit func(row) bool) {
	more := true
	l.table.Tree(tree).Scan(index.Range{Low: vals, High: vals}, func(rec index.Record) bool {
		num := int32(-1)
		if l.known > 0 {
			if n, ok := o.touched.get(rec); ok {
				if !o.stays(n, rec) {
					return true
				}
				num = n
			}
		}
		if hidden || !l.def.Gone(rec) {
			more = visit(row{rec, num})
		}
		return more
	})
	if !more || len(l.written) == 0 {
		return
	}
	o.states(l, tree).Scan(vals, func(rec index.Record, num int32) bool { return !hidden && l.def.Gone(rec) || visit(row{rec, num}) })
}

// owner is the present row that has the unique key vals, no NULL among them.
func (o *overlay) owner(l *layer, tree int, vals []index.Value) (index.Record, bool) {
	o.write() // the key leads to rows by another way than the references
	rec, ok := l.table.Tree(tree).Get(vals...)
	if ok && l.known > 0 {
		if num, touched := o.touched.get(rec); touched {
			rec = o.now(num)
			ok = !rec.IsZero() && sameKey(l.def, tree, rec, vals)
		}
	}
	if ok || len(l.written) == 0 {
		return rec, ok
	}
	o.states(l, tree).Scan(vals, func(r index.Record, _ int32) bool {
		rec, ok = r, true
		return false
	})
	return rec, ok
}

func sameKey(d *table.Def, tree int, rec index.Record, vals []index.Value) bool {
	for i, c := range d.Keys()[tree].Order.Columns() {
		if !index.Equal(c.Type, rec.At(c.Pos), vals[i]) {
			return false
		}
	}
	return true
}
