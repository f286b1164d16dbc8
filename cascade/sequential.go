package cascade

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// sequential is the work of a sequential cascade: a queue of steps, first in, first out. The rows of a batch are worked
// side by side, each row's references one after another. Nothing recurses.
//
//	batch  one row ── look ── name ── work ── look ── ...  ┐
//	       another row ── look ── ...                      ├─ all done: remove ── the row that led here goes on
//	       a row to which nothing refers                   ┘
type sequential struct {
	batches []batch
	queue   []sequentialStep
	done    bool // what is left are the changes of keys, by level, and the end state to be checked
}

// batch are the rows of one table that are deleted together.
type batch struct {
	layer    *layer
	from, to int32          // their steps
	open     int32          // how many of the rows are not worked off
	then     sequentialStep // what goes on once they are gone; none for the rows that the statement names
}

// sequentialStep is one step of the queue.
type sequentialStep struct {
	do    doing
	row   int32 // the step of the row that is worked
	ref   int32 // which of the references into its table
	batch int32 // the row's, or the one to be removed
	left  int32 // how many turns it waits
}

type doing uint8

const (
	nothing doing = iota
	look          // does a row refer to this one?
	name          // then read the keys of those that do, which takes a turn if they are of one column
	work          // and do to them what the reference says
	wait          // while rows are written one after another
	remove        // delete the rows of a batch
)

func (t *sequential) reset() {
	if len(t.batches) == 0 {
		return
	}
	if max(cap(t.batches), cap(t.queue)) > keepSteps {
		*t = sequential{}
	}
	clear(t.batches)
	*t = sequential{batches: t.batches[:0], queue: t.queue[:0]}
}

// runSequential deletes the rows named, which are the steps so far, and what follows from that. When it is done the steps are
// as after level 0: rows may have been written to whose keys others refer.
func (p *Plan) runSequential() error {
	p.write() // rows that are being deleted are met again
	if err := p.announce(BeforeRows, p.stmt.Table, "", index.Record{}); err != nil {
		return err
	}
	if err := p.begin(p.layer(p.graph.numbers[p.stmt.Table]), 0, sequentialStep{}); err != nil {
		return err
	}
	for i := 0; i < len(p.seq.queue); i++ {
		if err := p.runStep(p.seq.queue[i]); err != nil {
			return err
		}
		if p.stmt.Interrupt.Row() {
			return p.stopped()
		}
	}
	p.level = slices.MaxFunc(p.steps, func(a, b step) int { return int(a.level - b.level) }).level
	p.sequential, p.seq.done = false, true
	return nil
}

// inTurn is what a sequential delete does when it is the reference's turn.
func (r *Ref) inTurn() table.Action {
	if r.turn.Idle {
		return table.NoAction
	}
	return r.OnDelete
}

// begin makes a batch of the rows that the steps from on have begun to delete.
func (p *Plan) begin(l *layer, from int, then sequentialStep) error {
	to := len(p.steps)
	b := batch{layer: l, from: int32(from), to: int32(to), open: int32(to-from) + 1, then: then}
	n := int32(len(p.seq.batches))
	p.seq.batches = append(p.seq.batches, b)
	for i := from; i < to; i++ {
		if err := p.announceStep(int32(i)); err != nil {
			return err
		}
	}
	for i := from; i < to; i++ {
		p.goOn(sequentialStep{row: int32(i), batch: n})
	}
	p.close(n)
	return nil
}

// goOn queues the next step of a row: with the next reference that may lead to other rows, from t.ref on.
func (p *Plan) goOn(t sequentialStep) {
	s := &p.steps[t.row]
	for ; int(t.ref) < len(s.layer.in); t.ref++ {
		if ref := s.layer.in[t.ref]; ref.inTurn() != table.NoAction && p.referencedKey(ref, s) {
			t.do = look
			p.seq.queue = append(p.seq.queue, t)
			return
		}
	}
	p.close(t.batch)
}

// close notes that a row of a batch is worked off; the last one lets the batch be removed.
func (p *Plan) close(n int32) {
	b := &p.seq.batches[n]
	if b.open--; b.open == 0 {
		p.seq.queue = append(p.seq.queue, sequentialStep{do: remove, batch: n})
	}
}

func (p *Plan) runStep(t sequentialStep) error {
	switch t.do {
	case remove:
		return p.removeBatch(t.batch)
	case wait:
		p.passTurns(t)
		return nil
	}
	ref := p.steps[t.row].layer.in[t.ref]
	p.referencedKey(ref, &p.steps[t.row]) // for the key
	child := p.layer(ref.child)
	if ref.inTurn() == table.Restrict {
		v := violations{plan: p}
		p.checkHolders(ref, child, table.Restrict, t.row, &v)
		t.ref++
		p.goOn(t)
		return v.err()
	}
	p.children(ref, child, false)
	if t.do == work {
		return p.workOn(t, ref, child)
	}
	return p.found(t, ref, child)
}

// found goes on with the rows that a look has found, or with the next reference if there are none. A statement that deletes them names
// them by their key, once it is read; without a key of one column it reads none.
func (p *Plan) found(t sequentialStep, ref *Ref, child *layer) error {
	if len(p.rows) == 0 && t.do == look {
		t.ref++
		p.goOn(t)
		return nil
	}
	cascade := ref.inTurn() == table.Cascade
	if t.do == look && (!cascade || len(child.def.Keys()[0].Pos) == 1) {
		t.do = name
		p.seq.queue = append(p.seq.queue, t)
		return nil
	}
	t.do = work
	p.seq.queue = append(p.seq.queue, t)
	if cascade {
		return p.announce(BeforeRows, ref.Child, ref.Name, index.Record{})
	}
	return nil
}

// workOn does to p.rows what the reference says, in the order of their primary key: rows to be deleted make a batch of
// their own, others are written and checked at once.
func (p *Plan) workOn(t sequentialStep, ref *Ref, child *layer) error {
	byKey := child.def.Keys()[0].Order
	slices.SortFunc(p.rows, func(a, b row) int { return byKey.Compare(a.rec, b.rec) })
	kind := actions[slices.IndexFunc(actions[:], func(a action) bool { return a.onDelete && a.action == ref.inTurn() })].kind
	p.level = p.steps[t.row].level + 1
	from := len(p.steps)
	p.reserve(len(p.rows))
	for _, r := range p.rows {
		if err := p.applyAction(ref, kind, child, r, t.row, true); err != nil {
			return err
		}
	}
	t.ref++
	if kind == CascadeDelete {
		return p.begin(child, from, t)
	}
	if err := p.checkRows(from); err != nil {
		return err
	}
	if err := p.checkKeys(from); err != nil {
		return err
	}
	t.left = int32(len(p.steps) - from)
	p.passTurns(t)
	return nil
}

// passTurns lets a row go on once the turns have passed in which rows are written one after another.
func (p *Plan) passTurns(t sequentialStep) {
	if t.left--; t.left <= 0 {
		t.left = 0
		p.goOn(t)
		return
	}
	t.do = wait
	p.seq.queue = append(p.seq.queue, t)
}

// removeBatch deletes the rows of a batch, tells of them, and lets the row go on that led there. The rows that the statement names are told
// of when it is done.
func (p *Plan) removeBatch(n int32) error {
	b := p.seq.batches[n]
	v := violations{plan: p}
	for i := b.from; i < b.to; i++ {
		now, err := p.deleted(b.layer, p.steps[i].now)
		if err != nil {
			return p.explain(err, p.pathTo(i))
		}
		p.finishDelete(i, now)
	}
	for i := b.from; i < b.to; i++ {
		if s := &p.steps[i]; !s.now.IsZero() {
			p.checkKeysOf(s, &v)
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	if err := p.removedFrom(int(b.from), int(b.to)); err != nil || n == 0 {
		return err
	}
	p.tellBatch(n)
	p.goOn(b.then)
	return nil
}
