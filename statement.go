package memrel

import (
	"errors"
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// attempted says in an error what was attempted on which table, unless it says so already.
func attempted(op, name string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Op == "" {
		e.Op = op
	}
	if e.Table == "" {
		e.Table = name
	}
	return err
}

// insert adds n rows, made by build from the table as it is and the last number given out.
func insert(w Writer, name string, n int, build func(t *table.Table, i int, last int64) (index.Record, error)) ([]index.Record, error) {
	recs := make([]index.Record, n)
	err := w.write("insert", func(tx *Tx) error {
		t := tx.state().Table(name)
		if t == nil {
			return unknownTable("insert", name)
		}
		last, auto := t.Last(), t.Def().Auto()
		for i := range recs {
			var err error
			if recs[i], err = build(t, i, last); err != nil {
				return numbered(attempted("insert", name, err), i, n)
			}
			if auto >= 0 {
				last = max(last, recs[i].At(auto).Int())
			}
		}
		return tx.insert(name, recs)
	})
	if err != nil {
		return nil, err
	}
	return recs, nil
}

// numbered says in the error of a statement over several rows which of them it is about.
func numbered(err error, i, n int) error {
	var e *Error
	if n > 1 && errors.As(err, &e) {
		e.Input = i + 1
	}
	return err
}

// insert puts records into a table, and takes them out again if a key or a parent stands against them.
func (tx *Tx) insert(name string, recs []index.Record) error {
	return tx.mutate(len(recs), func(w table.Writer) error {
		t := w.Writable(name)
		last := t.Last()
		if at, k, owner := t.InsertAll(recs); k >= 0 {
			return numbered(attempted("insert", name, t.Def().Taken(k, recs[at], owner)), at, len(recs))
		}
		pending, at, err := tx.graph().CheckInserted(w, name, recs, tx.modes.deferred)
		if err != nil {
			retract(t, recs, last)
			return numbered(attempted("insert", name, err), at, len(recs))
		}
		tx.pending = append(tx.pending, pending...)
		tx.noteInserts(name, last, recs)
		return nil
	})
}

func retract(t *table.Table, recs []index.Record, last int64) {
	changes := make([]table.Change, len(recs))
	for i, r := range recs {
		changes[i].Old = r
	}
	t.Apply(changes)
	t.SetLast(last)
}

// picker chooses rows of a table in a state.
type picker func(state table.Reader, t *table.Table) ([]index.Record, error)

// update works out, by a plan, what changing some rows does, and does it. pick chooses the rows; become makes of each
// what it shall be, no record if it is to go. It returns the rows as they were and as the statement leaves them; a row
// that its own cascade deleted is returned as the statement wrote it.
func update(w Writer, op, name string, pick picker,
	become func(t *table.Table, old index.Record) (index.Record, error)) (before, after []index.Record, err error) {
	err = w.write(op, func(tx *Tx) error {
		t := tx.state().Table(name)
		if t == nil {
			return unknownTable(op, name)
		}
		if before, err = pick(tx.state(), t); err != nil {
			return attempted(op, name, err)
		}
		touch := tx.toucher(t.Def())
		changes := make([]table.Change, len(before))
		for i, old := range before {
			now, err := become(t, old)
			if err != nil {
				return attempted(op, name, err)
			}
			changes[i] = table.Change{Old: old, New: touch(old, now)}
		}
		after, err = tx.carryOut(op, name, changes)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return before, after, nil
}

// carryOut plans a statement and applies the plan. It returns what the named rows are then.
func (tx *Tx) carryOut(op, name string, changes []table.Change) ([]index.Record, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if t := tx.state().Table(name); len(changes) == 1 && t.Def().SameKeys(changes[0]) && !tx.graph().Defers(name) {
		return tx.rewrite(name, changes)
	}
	plan, err := tx.graph().Plan(tx.state(), cascade.Statement{Op: op, Table: name, Changes: changes,
		Deferred: tx.modes.deferred, Wrote: tx.wrote.has, MaxRows: tx.limits.MaxRows, Context: tx.limits.Context})
	if err != nil {
		return nil, err
	}
	defer plan.Release()
	err = tx.mutate(plan.Size(), func(w table.Writer) error {
		tx.pending = append(tx.pending, plan.Pending()...)
		plan.Apply(w, tx.notePlanned)
		return nil
	})
	if err != nil {
		return nil, err
	}
	after := make([]index.Record, len(changes))
	for i := range changes {
		after[i] = plan.Result(i)
	}
	return after, nil
}

// rewrite carries out a change to a row that leaves its keys and foreign keys as they are: no reference and no unique key
// can have to do with it, so there is nothing to plan.
func (tx *Tx) rewrite(name string, changes []table.Change) ([]index.Record, error) {
	err := tx.mutate(len(changes), func(w table.Writer) error {
		t := w.Writable(name)
		last := t.Last()
		t.Apply(changes)
		tx.notePlanned(t, last, changes, func(int) (*cascade.Ref, cascade.Kind, int32) { return nil, cascade.Updated, 0 })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return []index.Record{changes[0].New}, nil
}

// remove is the become of a delete.
func remove(*table.Table, index.Record) (index.Record, error) { return index.Record{}, nil }

// byKey picks the row with a primary key.
func byKey(key []any) picker {
	return func(_ table.Reader, t *table.Table) ([]index.Record, error) {
		vals, err := keyValues(t.Def(), key)
		if err != nil {
			return nil, err
		}
		rec, ok := t.Tree(0).Get(vals...)
		if !ok {
			return nil, t.Def().NoRow(vals)
		}
		return []index.Record{rec}, nil
	}
}

// byCond picks the rows for which a condition is true, in a fixed order.
func byCond(where Cond) picker {
	return func(state table.Reader, t *table.Table) ([]index.Record, error) {
		where, err := setOf(state).Where(state, t.Def().Name(), where)
		if err != nil {
			return nil, err
		}
		plan, err := t.Def().CompileQuery(Query{Where: where})
		if err != nil {
			return nil, err
		}
		return slices.Collect(plan.Records(t)), nil
	}
}

// keyValues converts a primary key.
func keyValues(d *table.Def, key []any) ([]index.Value, error) {
	pk := &d.Keys()[0]
	key = keyParts(key)
	if len(key) != len(pk.Pos) {
		return nil, wrongKey(d, len(key))
	}
	vals := make([]index.Value, len(key))
	for i, p := range pk.Pos {
		var err error
		if vals[i], err = d.Columns()[p].FromGo(key[i]); err != nil {
			return nil, err
		}
	}
	return vals, nil
}
