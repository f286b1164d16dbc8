package engine

import (
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Change is a statement on rows that are there: which, and what becomes of them.
type Change struct {
	Op    string // what is attempted, in errors
	Table string
	Fit   Fitter // asked before anything is looked for; nil: any table will do

	// Which rows.
	Select  Selection
	Where   query.Cond     // of ByCond
	Records []index.Record // of ByRecord: as they are stored

	// What becomes of them: Delete, or Restore of those that were soft-deleted; else what Each says, or the values that the statement is
	// given.
	Delete  bool
	Restore bool
	Each    func(table.Row) table.Values // makes of each row what is to be set; it must not use the store
}

// Fitter tells whether a table fits whoever asks, who could not be given its rows otherwise, and whether a row of it does.
type Fitter interface {
	Fit(def *table.Def) error
	Holds(def *table.Def, r index.Record) error
}

// reads refuses a row that a statement would leave and could not give to whoever asked for it.
func reads(f Fitter, def *table.Def, r index.Record) error {
	if f == nil {
		return nil
	}
	return f.Holds(def, r)
}

// ExecuteOne carries out a statement on one row, with all that follows from it, and gives the row as it leaves it; one that
// it deletes is given as it was, one that its own cascade deleted as the statement wrote it. key is that of ByKey, one value for each column of the primary key or a [Key] of
// all, and set are values to be written: both are arguments of their own so that they stay where they are, since what a statement
// holds may go to the heap with what it passes through interfaces. Errors are of kind [types.ErrUnknownTable], [types.ErrNotFound],
// [types.ErrRestrict], [types.ErrLimit], those of [Insert], and what the rows that follow violate.
func ExecuteOne(w Target, c *Change, key []any, set table.Values) (def *table.Def, rec index.Record, err error) {
	tx, err := w.begin(c.Op, exposure(c.Delete))
	if err != nil {
		return nil, index.Record{}, err
	}
	defer tx.endStatement(&err)
	return tx.changeOne(c, key, set)
}

// ExecuteAll is [ExecuteOne] for a statement on any number of rows, which it gives in a fixed order.
func ExecuteAll(w Target, c *Change, set table.Values) (def *table.Def, recs []index.Record, err error) {
	tx, err := w.begin(c.Op, exposesRows)
	if err != nil {
		return nil, nil, err
	}
	defer tx.endStatement(&err)
	return tx.changeAll(c, set)
}

// Save writes a struct or, where that is nil or zero, values over the row with its primary key, and gives the row as the statement
// leaves it. Errors as [ExecuteOne].
func Save(w Target, name string, row *bind.Rows, values table.Values) (def *table.Def, rec index.Record, err error) {
	const op = "save"
	tx, err := w.begin(op, keepsRowsPrivate)
	if err != nil {
		return nil, index.Record{}, err
	}
	defer tx.endStatement(&err)
	t, err := tx.table(op, name)
	if err != nil {
		return nil, index.Record{}, err
	}
	if row.IsZero() {
		err = tx.prepareOne(t, &Change{Op: op, Select: ByKey}, keyAmong(t.Def(), values), values)
	} else {
		err = tx.prepareSave(t, row)
	}
	if err == nil {
		rec, err = tx.executeOne(op, t.Def())
	}
	return t.Def(), rec, Attempted(op, t.Def().Name(), err)
}

// keyAmong is the primary key that values have, as far as they have it.
func keyAmong(def *table.Def, values table.Values) (key []any) {
	for _, name := range def.Keys()[0].Columns {
		if v, ok := values[name]; ok {
			key = append(key, v)
		}
	}
	return key
}

// prepareSave makes tx.one of a struct.
func (tx *Tx) prepareSave(t *table.Table, row *bind.Rows) (err error) {
	if err := row.Fit(t.Def()); err != nil {
		return err
	}
	one := &tx.one[0]
	if one.Old, err = row.Find(t); err != nil {
		return err
	}
	if one.New, err = row.Overwrite(one.Old); err != nil {
		return err
	}
	s := stamp{def: t.Def()}
	s.take(tx.associations())
	one.New, err = s.on(one.New)
	return err
}

func (tx *Tx) changeOne(c *Change, key []any, set table.Values) (def *table.Def, rec index.Record, err error) {
	t, err := tx.table(c.Op, c.Table)
	if err != nil {
		return nil, rec, err
	}
	def = t.Def()
	if err = tx.prepareOne(t, c, key, set); err == nil {
		old := tx.one[0].Old
		if rec, err = tx.executeOne(c.Op, def); c.Delete {
			rec = old
		}
	}
	return def, rec, Attempted(c.Op, def.Name(), err)
}

func (tx *Tx) changeAll(c *Change, set table.Values) (def *table.Def, recs []index.Record, err error) {
	t, err := tx.table(c.Op, c.Table)
	if err != nil {
		return nil, nil, err
	}
	def = t.Def()
	changes, err := tx.prepare(t, c, set)
	if err == nil {
		if recs, err = tx.executeAll(c.Op, def, changes); c.Delete {
			recs = olds(recs[:0], changes)
		}
	}
	if err == nil && c.Delete && len(changes) == 0 {
		err = tx.announceNone(c.Op, def.Name())
	}
	return def, recs, Attempted(c.Op, def.Name(), err)
}

// olds appends the rows of changes as they were.
func olds(dst []index.Record, changes []table.Change) []index.Record {
	for _, c := range changes {
		dst = append(dst, c.Old)
	}
	return dst
}

// prepareOne makes tx.one of a statement about one row: it finds the row, and makes what becomes of it.
func (tx *Tx) prepareOne(t *table.Table, c *Change, key []any, set table.Values) (err error) {
	var a table.Assignment
	if err := c.compile(&a, t.Def(), set); err != nil {
		return err
	}
	one := &tx.one[0]
	if one.Old, err = RowByKey(t, key, c.findsDeleted(tx.hard)); err == nil {
		s := stamp{def: t.Def()}
		s.take(tx.associations())
		one.New, err = c.transform(&s, &a, one.Old)
	}
	return err
}

// prepare finds the rows of a statement, and makes what becomes of them.
func (tx *Tx) prepare(t *table.Table, c *Change, set table.Values) ([]table.Change, error) {
	var a table.Assignment
	if err := c.compile(&a, t.Def(), set); err != nil {
		return nil, err
	}
	if tx.associations().ChecksFirst(t.Def().Name()) {
		if err := a.Fits(t.Def()); err != nil {
			return nil, err
		}
	}
	rows, err := selectRows(tx.reading(), t, c, nil, tx.hard)
	if err != nil {
		return nil, err
	}
	s := stamp{def: t.Def()}
	s.take(tx.associations())
	changes, err := transformAll(c, &a, &s, rows, tx.interrupt)
	if err == nil && tx.done { // the caller's function ended it
		err = tx.ended(c.Op)
	}
	return changes, err
}

func transformAll(c *Change, a *table.Assignment, s *stamp, rows []index.Record, interrupt *query.Interrupt) ([]table.Change, error) {
	changes := make([]table.Change, len(rows))
	for i, old := range rows {
		if interrupt.Row() {
			return nil, interrupt.Err()
		}
		now, err := c.transform(s, a, old)
		if err != nil {
			return nil, err
		}
		changes[i] = table.Change{Old: old, New: now}
	}
	return changes, nil
}

// compile resolves what the statement writes, and refuses a table that does not fit.
func (c *Change) compile(a *table.Assignment, def *table.Def, set table.Values) error {
	if c.Fit != nil {
		if err := c.Fit.Fit(def); err != nil {
			return err
		}
	}
	switch {
	case c.Restore:
		return def.DeletesSoftly()
	case c.Delete || c.Each != nil:
		return nil
	case set == nil:
		return &types.Error{Kind: types.ErrQuery, Table: def.Name(), Detail: "no values are given", Hint: "give those that are to be set; Values{} are none"}
	}
	return a.Compile(def, set)
}

// transform is what becomes of a record; none if it is to go.
func (c *Change) transform(s *stamp, a *table.Assignment, old index.Record) (now index.Record, err error) {
	switch {
	case c.Delete:
		return index.Record{}, reads(c.Fit, s.def, old)
	case c.Restore:
		now, err = s.def.Restored(old)
	case c.Each != nil:
		var each table.Assignment
		if err := each.Compile(s.def, c.Each(table.RowOf(s.def, old, nil))); err != nil {
			return index.Record{}, err
		}
		now, err = s.updated(old, &each)
	default:
		now, err = s.updated(old, a)
	}
	if err == nil {
		err = reads(c.Fit, s.def, now)
	}
	return now, err
}

// executeOne carries out tx.one, and gives what the row is then. What it returns is not what is stored, where a row is written to in
// place.
func (tx *Tx) executeOne(op string, def *table.Def) (index.Record, error) {
	c, name := &tx.one[0], def.Name()
	if err := tx.mayWrite(name); err != nil {
		return index.Record{}, err
	}
	inPlace := tx.draft == nil && !tx.fed && !c.New.IsZero()
	if tx.needsNoPlan(def, *c) {
		if inPlace {
			tx.head.UpdateInPlace(name, c.Old, c.New)
			return c.New, nil
		}
		now := c.New
		return now, tx.applyUnplanned(name, tx.one[:])
	}
	plan, err := tx.plan(op, name, tx.one[:])
	if err != nil {
		return index.Record{}, err
	}
	defer plan.Release()
	if inPlace && plan.Size() == 1 && len(plan.Deferred()) == 0 {
		tx.head.UpdateInPlace(name, c.Old, c.New)
		return c.New, nil
	}
	if inPlace {
		tx.head.InvalidateOwned()
	}
	if err := tx.apply(plan); err != nil {
		return index.Record{}, err
	}
	return plan.Result(0), nil
}

// executeAll carries out changes, and returns what the rows are then.
func (tx *Tx) executeAll(op string, def *table.Def, changes []table.Change) ([]index.Record, error) {
	if err := tx.mayWrite(def.Name()); err != nil || len(changes) == 0 {
		return nil, err
	}
	if len(changes) == 1 && tx.needsNoPlan(def, changes[0]) {
		return []index.Record{changes[0].New}, tx.applyUnplanned(def.Name(), changes)
	}
	plan, err := tx.plan(op, def.Name(), changes)
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

// needsNoPlan tells whether a change leaves the row's keys and foreign keys as they are, or deletes a row of a table whose
// deletes have no effects: then no reference and no unique key can have to do with it.
func (tx *Tx) needsNoPlan(def *table.Def, c table.Change) bool {
	if c.New.IsZero() {
		return (tx.hard || def.SoftDelete() < 0) && tx.noDeleteEffects(def.Name())
	}
	return def.KeysUnchanged(c) && !tx.graph().Defers(def.Name())
}

// noDeleteEffects tells whether nobody has a say when rows of a table are deleted: no reference, no hook, no context.
func (tx *Tx) noDeleteEffects(name string) bool {
	c := tx.compiled()
	return tx.limits.Context == nil && c.hooks == nil && len(c.graph.Into(name)) == 0
}

// announceNone tells of a delete that found no row.
func (tx *Tx) announceNone(op, name string) error {
	stmt := cascade.Statement{Op: op, Table: name}
	tx.compiled().deletes(&stmt)
	return stmt.AnnounceNone()
}

func (tx *Tx) plan(op, name string, changes []table.Change) (*cascade.Plan, error) {
	stmt := cascade.Statement{Op: op, Table: name, Changes: changes, MaxRows: tx.limits.MaxRows, Interrupt: tx.interrupt}
	if tx.modes.set() {
		stmt.Deferred = tx.modes.deferred
	}
	if len(tx.wrote) > 0 {
		stmt.Wrote = tx.wrote.has
	}
	c := tx.compiled()
	stmt.Hard = tx.hard
	c.deletes(&stmt)
	return c.graph.Plan(tx.state(), stmt)
}

func (tx *Tx) apply(plan *cascade.Plan) error {
	if tx.done { // a hook ended it
		return tx.ended("")
	}
	if err := tx.mayApply(plan); err != nil {
		return err
	}
	w := tx.writer(plan.Size())
	tx.pending = append(tx.pending, plan.Deferred()...)
	err := tx.written(w, tx.applyPlanned(w, plan))
	if err == nil {
		plan.TellAfter()
	}
	return err
}

// applyPlanned carries out a plan, all of it or, if it is interrupted, nothing. Only what is more than a statement may write to the head
// can be: that is on a draft, which is dropped, or taken back to where it stood.
func (tx *Tx) applyPlanned(w table.Writer, plan *cascade.Plan) error {
	if tx.interrupt == nil || plan.Size() <= headRows {
		return plan.Apply(w, tx.notePlanned, nil)
	}
	if tx.draft == nil {
		return plan.Apply(w, tx.notePlanned, tx.interrupt)
	}
	before, log, changes, pending := tx.draft.Mark(), len(tx.log), len(tx.changes), len(tx.pending)-len(plan.Deferred())
	err := plan.Apply(w, tx.notePlanned, tx.interrupt)
	if err != nil {
		tx.draft.Restore(before)
		tx.log, tx.changes, tx.pending = tx.log[:log], tx.changes[:changes], tx.pending[:pending]
	}
	return err
}

// applyUnplanned carries out changes that need no plan.
func (tx *Tx) applyUnplanned(name string, changes []table.Change) error {
	w := tx.writer(len(changes))
	t := w.Writable(name)
	before := t.Numbers()
	t.Apply(changes, nil)
	tx.notePlanned(t, before, changes, named(changes))
	return tx.written(w, nil)
}

// named is why rows changed that the statement named itself.
func named(changes []table.Change) func(i int) (*cascade.Ref, cascade.Kind, int32) {
	return func(i int) (*cascade.Ref, cascade.Kind, int32) {
		return nil, table.KindOf(changes[i]), 0
	}
}
