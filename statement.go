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
	if err == nil {
		return nil
	}
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

// insert fills recs with new rows, made by build from the table as it is and the last number given out, and adds them.
func insert(w Writer, name string, recs []index.Record, build func(t *table.Table, i int, last int64) (index.Record, error)) error {
	return write(w, "insert", true, func(tx *Tx) error {
		t := tableIn(tx.state(), name)
		if t == nil {
			return unknownTable("insert", name)
		}
		return tx.build("insert", t, recs, build)
	})
}

// build fills recs and adds them.
func (tx *Tx) build(op string, t *table.Table, recs []index.Record,
	build func(t *table.Table, i int, last int64) (index.Record, error)) error {
	name := t.Def().Name()
	last, auto := t.Last(), t.Def().Auto()
	for i := range recs {
		var err error
		if recs[i], err = build(t, i, last); err != nil {
			return numbered(attempted(op, name, err), i, len(recs))
		}
		if auto >= 0 {
			last = max(last, recs[i].At(auto).Int())
		}
	}
	return tx.insert(name, recs)
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
	err = write(w, op, false, func(tx *Tx) error {
		t := tableIn(tx.state(), name)
		if t == nil {
			return unknownTable(op, name)
		}
		name := t.Def().Name()
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

// finder finds the one row that a statement is about.
type finder func(t *table.Table) (index.Record, error)

// updateOne is update for one row, which is not to go.
func updateOne(w Writer, op, name string, find finder,
	become func(t *table.Table, old index.Record) (index.Record, error)) (def *table.Def, c table.Change, err error) {
	err = write(w, op, true, func(tx *Tx) error {
		def, c, err = tx.updateOne(op, name, find, become)
		return err
	})
	return def, c, err
}

// updateOne changes one row. It returns the row as it was and as the statement leaves it.
func (tx *Tx) updateOne(op, name string, find finder,
	become func(t *table.Table, old index.Record) (index.Record, error)) (*table.Def, table.Change, error) {
	var c table.Change
	t := tableIn(tx.state(), name)
	if t == nil {
		return nil, c, unknownTable(op, name)
	}
	name = t.Def().Name()
	var err error
	if c.Old, err = find(t); err != nil {
		return nil, c, attempted(op, name, err)
	}
	if c.New, err = become(t, c.Old); err != nil {
		return nil, c, attempted(op, name, err)
	}
	c.New = tx.toucher(t.Def())(c.Old, c.New)
	c.New, err = tx.carryOutOne(op, name, c)
	return t.Def(), c, err
}

// carryOutOne is carryOut for one row. What it returns is not what is stored, where a row is written to in place.
func (tx *Tx) carryOutOne(op, name string, c table.Change) (index.Record, error) {
	inPlace := tx.draft == nil && !c.New.IsZero()
	tx.one[0] = c
	if tx.plain(name, c) {
		if inPlace {
			tx.alone.Rewrite(name, c.Old, c.New)
			return c.New, nil
		}
		return c.New, tx.rewrite(name, tx.one[:])
	}
	plan, err := tx.plan(op, name, tx.one[:])
	if err != nil {
		return index.Record{}, err
	}
	defer plan.Release()
	if inPlace && plan.Size() == 1 && len(plan.Pending()) == 0 {
		tx.alone.Rewrite(name, c.Old, c.New)
		return c.New, nil
	}
	if inPlace {
		tx.alone.Forget()
	}
	if err := tx.apply(plan); err != nil {
		return index.Record{}, err
	}
	return plan.Result(0), nil
}

// plain tells whether a change leaves the row's keys and foreign keys as they are, or deletes a row of a table that nothing
// refers to: then no reference and no unique key can have to do with it, and there is nothing to plan.
func (tx *Tx) plain(name string, c table.Change) bool {
	def := tx.state().Table(name).Def()
	if c.New.IsZero() {
		return def.SoftDelete() < 0 && tx.unattended(name)
	}
	return def.SameKeys(c) && !tx.graph().Defers(name)
}

// unattended tells whether nobody has a say when rows of a table are deleted: no reference, no hook, no context.
func (tx *Tx) unattended(name string) bool {
	c := compiledOf(tx.definitions())
	return tx.limits.Context == nil && c.hooks == nil && len(c.graph.Into(name)) == 0
}

func (tx *Tx) plan(op, name string, changes []table.Change) (*cascade.Plan, error) {
	stmt := cascade.Statement{Op: op, Table: name, Changes: changes, MaxRows: tx.limits.MaxRows, Context: tx.limits.Context}
	if tx.modes.set() {
		stmt.Deferred = tx.modes.deferred
	}
	if len(tx.wrote) > 0 {
		stmt.Wrote = tx.wrote.has
	}
	c := compiledOf(tx.definitions())
	c.deletes(&stmt)
	return c.graph.Plan(tx.state(), stmt)
}

func (tx *Tx) apply(plan *cascade.Plan) error {
	err := tx.mutate(plan.Size(), func(w table.Writer) error {
		tx.pending = append(tx.pending, plan.Pending()...)
		plan.Apply(w, tx.notePlanned)
		return nil
	})
	if h := compiledOf(tx.definitions()).hooks; h != nil && err == nil {
		plan.After(h.after)
	}
	return err
}

// carryOut plans a statement and applies the plan. It returns what the named rows are then.
func (tx *Tx) carryOut(op, name string, changes []table.Change) ([]index.Record, error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if len(changes) == 1 && tx.plain(name, changes[0]) {
		return []index.Record{changes[0].New}, tx.rewrite(name, changes)
	}
	plan, err := tx.plan(op, name, changes)
	if err != nil {
		return nil, err
	}
	defer plan.Release()
	if err := tx.apply(plan); err != nil {
		return nil, err
	}
	after := make([]index.Record, len(changes))
	for i := range changes {
		after[i] = plan.Result(i)
	}
	return after, nil
}

// rewrite carries out a plain change.
func (tx *Tx) rewrite(name string, changes []table.Change) error {
	return tx.mutate(len(changes), func(w table.Writer) error {
		t := w.Writable(name)
		last := t.Last()
		t.Apply(changes)
		tx.notePlanned(t, last, changes, func(i int) (*cascade.Ref, cascade.Kind, int32) {
			if changes[i].New.IsZero() {
				return nil, cascade.Deleted, 0
			}
			return nil, cascade.Updated, 0
		})
		return nil
	})
}

// remove is the become of a delete.
func remove(*table.Table, index.Record) (index.Record, error) { return index.Record{}, nil }

// byKey picks the row with a primary key.
func byKey(key []any) picker {
	return func(_ table.Reader, t *table.Table) ([]index.Record, error) {
		rec, err := findRow(t, key)
		return []index.Record{rec}, err
	}
}

// findRow is the row with a primary key, unless it was soft-deleted.
func findRow(t *table.Table, key []any) (index.Record, error) {
	var buf [4]index.Value
	vals, err := keyValues(buf[:0], t.Def(), key)
	if err != nil {
		return index.Record{}, err
	}
	if rec, ok := t.Tree(0).Get(vals...); ok && !t.Def().Gone(rec) {
		return rec, nil
	}
	return index.Record{}, t.Def().NoRow(vals)
}

// byCond picks the rows for which a condition is true, in a fixed order.
func byCond(where Cond) picker {
	return func(state table.Reader, t *table.Table) ([]index.Record, error) {
		plan, err := setOf(state).Plan(state, t.Def().Name(), Query{Where: where}, false)
		if err != nil {
			return nil, err
		}
		return slices.Collect(plan.Records(t)), nil
	}
}

// keyValues appends the values of a primary key.
func keyValues(dst []index.Value, d *table.Def, key []any) ([]index.Value, error) {
	pk := &d.Keys()[0]
	key = keyParts(key)
	if len(key) != len(pk.Pos) {
		return nil, wrongKey(d, len(key))
	}
	for i, p := range pk.Pos {
		v, err := d.Columns()[p].FromGo(key[i])
		if err != nil {
			return nil, err
		}
		dst = append(dst, v)
	}
	return dst, nil
}
