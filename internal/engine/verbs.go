package engine

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Verb is a verb of an association that writes, as a statement: its ends, and the call that is made of them.
type Verb struct {
	Op    string // what is attempted, in errors
	Table string // the source's, in errors
	// Values tells that some are given for junction rows that may be there already.
	Values bool
	Ends   Ends
	Call   assoc.Call

	a     *assoc.Association
	alias Alias // Ends, of a verb of a detached row
}

// Ends are what a verb is about, in whatever form they come. They are asked under the writer's lock, and must not use the store.
type Ends interface {
	// Association is the association that is meant, among those that there are.
	Association(set *assoc.Set) (*assoc.Association, error)
	// Resolve fills in the call: its source and targets, by their keys alone if these are enough and the ends can give them.
	Resolve(state table.Reader, a *assoc.Association, c *assoc.Call, keys bool) (byKeys bool, err error)
	// Wrote is told when the verb is done, for what it changed on the rows that came.
	Wrote(c *assoc.Call) error
}

// RunVerb carries out a verb as one atomic statement. Errors are those of package assoc, and of the statements that it takes.
func RunVerb(w Target, v *Verb) (err error) {
	tx, err := w.begin(v.Op, v.exposure())
	if err != nil {
		return Attempted(v.Op, v.Table, err)
	}
	a, err := v.Ends.Association(tx.associations())
	if err != nil || !a.NeedsTx(v.Call.Do, v.Values) {
		defer tx.endStatement(&err)
		if err == nil {
			err = tx.runVerb(a, v)
		}
		return Attempted(v.Op, v.Table, err)
	}
	all, err := w.whole(tx, v.Op)
	if err != nil {
		return Attempted(v.Op, v.Table, err)
	}
	defer all.undo()
	if a, err = v.Ends.Association(all.tx.associations()); err == nil {
		err = all.tx.runVerb(a, v)
	}
	return Attempted(v.Op, v.Table, all.end(err))
}

// whole are several statements that are one, all of them or none: nested in a transaction, or in one of their own.
type whole struct {
	tx     *Tx
	own    *Tx // nil: it is nested
	nested Nested
}

// whole begins several statements; tx is what [Target.begin] gave, which ends here. It must be undone in the end, which does nothing
// once it has ended well.
func (w Target) whole(tx *Tx, op string) (all whole, err error) {
	if tx.draft != nil {
		all.tx = tx
		all.nested = tx.nest()
		return all, nil
	}
	tx.endStatement(&err)
	own := new(Tx)
	if err := w.Store.beginFor(op, own, nil); err != nil {
		return all, err
	}
	own.statement++
	own.hard = w.Hard
	own.watch()
	return whole{tx: own, own: own}, nil
}

// end keeps what the statements did, unless one of them failed.
func (all *whole) end(err error) error {
	switch {
	case err != nil:
		return err
	case all.own != nil:
		return all.own.Commit()
	}
	all.nested.Keep()
	return nil
}

func (all *whole) undo() {
	if all.own != nil {
		all.own.Rollback()
		return
	}
	all.nested.Undo()
	var none error // nothing of its own was committed
	all.tx.endStatement(&none)
}

// exposure: adding looks at junction rows only.
func (v *Verb) exposure() exposure { return exposure(v.Call.Do != assoc.DoAdd) }

// runVerb works a verb off in steps, each on the state that the one before has left.
func (tx *Tx) runVerb(a *assoc.Association, v *Verb) error {
	v.Call.Hard = tx.hard
	byKeys, err := v.Ends.Resolve(tx.reading(), a, &v.Call, a.ByKeys(v.Call.Do))
	if err != nil {
		return err
	}
	if byKeys {
		var step assoc.Step
		if err := a.KeyStep(tx.reading(), &v.Call, &step); err != nil || step.Table == "" {
			return err
		}
		_, err = tx.step(v.Op, &step)
		return err
	}
	v.a = a
	if err = tx.steps(v.Op, v); err != nil {
		return err
	}
	return v.Ends.Wrote(&v.Call)
}

// sequence gives statements one after the other, each on the state that the one before has left, made being the rows of that one.
type sequence interface {
	next(set *assoc.Set, state table.Reader, made []index.Record) (s assoc.Step, more bool, err error)
}

// next makes the verb the sequence of its call.
func (v *Verb) next(set *assoc.Set, state table.Reader, made []index.Record) (assoc.Step, bool, error) {
	return set.Next(v.a, &v.Call, state, made)
}

// steps carries out a sequence of statements.
func (tx *Tx) steps(op string, all sequence) error {
	var made []index.Record
	for {
		step, more, err := all.next(tx.associations(), tx.reading(), made)
		if err == nil {
			err = tx.interrupt.Err()
		}
		if err != nil || !more {
			return err
		}
		if made, err = tx.step(op, &step); err != nil {
			return err
		}
	}
}

// step carries out one statement of a verb, and gives the rows that it inserted or updated.
func (tx *Tx) step(op string, s *assoc.Step) ([]index.Record, error) {
	switch {
	case s.Upsert:
		u, err := tx.upsert(op, s.Table, nil, s.Values, len(s.Values), s.On)
		return u.Rows, err
	case len(s.Values) > 0:
		recs := tx.room(len(s.Values))
		return recs, tx.insert(op, tx.state().Table(s.Table), nil, s.Values, nil, recs)
	case len(s.Cells) > 0:
		recs := tx.room(len(s.Cells) / len(s.Pos))
		return recs, tx.insert(op, tx.state().Table(s.Table), nil, nil, &bareRows{s.Pos, s.Cells}, recs)
	case s.Delete && len(s.Records) == 1:
		tx.one[0] = table.Change{Old: s.Records[0]}
		_, err := tx.executeOne(op, tx.state().Table(s.Table).Def())
		return nil, Attempted(op, s.Table, err)
	}
	_, recs, err := tx.changeAll(&Change{Op: op, Table: s.Table, Select: ByRecord, Records: s.Records, Delete: s.Delete, Each: s.Each}, s.Set)
	return recs, err
}

// room is room for the records of n rows that a step inserts, until the next one.
func (tx *Tx) room(n int) []index.Record {
	if n == len(tx.made) {
		return tx.made[:]
	}
	return make([]index.Record, n)
}
