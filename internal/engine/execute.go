package engine

import (
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Change is a statement on rows that are there: which, and what becomes of them.
type Change struct {
	Op    string // what is attempted, in errors
	Table string
	Fit   Fitter // asked before anything is looked for; nil: any table will do

	// Which rows.
	Select  Selection
	Where   query.Cond     // of ByCond
	Row     StructRow      // of ByRow
	Records []index.Record // of ByRecord: as they are stored

	// What becomes of them: Delete; else what Row says, if rows are selected by it; else what Each says, or the values that the
	// statement is given.
	Delete bool
	Each   func(table.Row) table.Values // makes of each row what is to be set; it must not use the store
}

// Selection is how the rows of a [Change] are found.
type Selection uint8

// The selections. ByKey and ByRow find one row, or it is an error that there is none.
const (
	ByCond Selection = iota
	ByKey
	ByRow
	ByRecord
)

// Fitter tells whether a table fits whoever asks, who could not be given its rows otherwise.
type Fitter interface{ Fit(def *table.Def) error }

// StructRow is a row as a struct has it.
type StructRow interface {
	Fitter
	// Find is the stored row with its primary key.
	Find(t *table.Table) (index.Record, error)
	// Overwrite is the record of the row, with what the struct has no field for from old.
	Overwrite(old index.Record) (index.Record, error)
}

// Result is what a statement did: the rows as they were and as it leaves them. A row that its own cascade deleted is given as
// the statement wrote it. Of a statement on one row it is Old and New.
type Result struct {
	Def           *table.Def
	Old, New      index.Record
	Before, After []index.Record
}

// Execute carries out a statement, with all that follows from it. key is that of ByKey, one value for each column of the primary
// key or a [Key] of all, and set are values to be written: both are arguments of their own so that they stay where they are, since
// what a statement holds may go to the heap with what it passes through interfaces. Errors are of kind [types.ErrUnknownTable],
// [types.ErrNotFound], [types.ErrRestrict], [types.ErrLimit], those of [Insert], and what the rows that follow violate.
func Execute(w Target, c *Change, key []any, set table.Values) (Result, error) {
	tx, err := w.begin(c.Op, c.exposure())
	if err != nil {
		return Result{}, err
	}
	defer tx.endStatement()
	return tx.execute(c, key, set)
}

// exposure: a change of one row returns the record that it makes.
func (c *Change) exposure() exposure {
	return exposure(c.Delete || c.Select != ByKey && c.Select != ByRow)
}

// one tells whether the statement is about one row.
func (c *Change) one() bool { return c.Select == ByKey || c.Select == ByRow }

func (tx *Tx) execute(c *Change, key []any, set table.Values) (r Result, err error) {
	t, err := tx.table(c.Op, c.Table)
	if err != nil {
		return r, err
	}
	r.Def = t.Def()
	if c.one() {
		tx.one[0], err = tx.prepareOne(t, c, key, set)
		if err == nil {
			r.Old, r.New, err = tx.executeOne(c.Op, r.Def)
		}
	} else {
		var changes []table.Change
		if changes, err = tx.prepare(t, c, set); err == nil {
			r.Before = olds(changes)
			r.After, err = tx.executeAll(c.Op, r.Def, changes)
		}
	}
	if err != nil {
		return Result{}, Attempted(c.Op, t.Def().Name(), err)
	}
	return r, nil
}

func olds(changes []table.Change) []index.Record {
	out := make([]index.Record, len(changes))
	for i, c := range changes {
		out[i] = c.Old
	}
	return out
}

// prepareOne finds the row of a statement about one, and makes what becomes of it.
func (tx *Tx) prepareOne(t *table.Table, c *Change, key []any, set table.Values) (out table.Change, err error) {
	a, err := c.compile(t.Def(), set)
	if err != nil {
		return out, err
	}
	if c.Select == ByRow {
		out.Old, err = c.Row.Find(t)
	} else {
		out.Old, err = RowByKey(t, key)
	}
	if err == nil {
		s := tx.stampOf(t.Def())
		out.New, err = c.transform(&s, &a, out.Old)
	}
	return out, err
}

// prepare finds the rows of a statement, and makes what becomes of them.
func (tx *Tx) prepare(t *table.Table, c *Change, set table.Values) ([]table.Change, error) {
	a, err := c.compile(t.Def(), set)
	if err != nil {
		return nil, err
	}
	rows, err := selectRows(tx.state(), t, c, nil)
	if err != nil {
		return nil, err
	}
	s := tx.stampOf(t.Def())
	return transformAll(c, &a, &s, rows)
}

func transformAll(c *Change, a *table.Assignment, s *stamp, rows []index.Record) ([]table.Change, error) {
	changes := make([]table.Change, len(rows))
	for i, old := range rows {
		now, err := c.transform(s, a, old)
		if err != nil {
			return nil, err
		}
		changes[i] = table.Change{Old: old, New: now}
	}
	return changes, nil
}

// selectRows are the rows of a statement, in a fixed order.
func selectRows(state table.Reader, t *table.Table, c *Change, key []any) ([]index.Record, error) {
	switch c.Select {
	case ByRecord:
		return c.Records, nil
	case ByKey:
		rec, err := RowByKey(t, key)
		return []index.Record{rec}, err
	}
	plan, err := SetOf(state).Plan(state, t.Def().Name(), query.Query{Where: c.Where}, false)
	if err != nil {
		return nil, err
	}
	return slices.Collect(plan.Records(t)), nil
}

// compile resolves what the statement writes, and refuses a table that does not fit.
func (c *Change) compile(def *table.Def, set table.Values) (a table.Assignment, err error) {
	if c.Fit != nil {
		if err := c.Fit.Fit(def); err != nil {
			return a, err
		}
	}
	switch {
	case c.Select == ByRow:
		return a, c.Row.Fit(def)
	case c.Delete || c.Each != nil:
		return a, nil
	}
	return def.CompileSet(set)
}

// transform is what becomes of a record; none if it is to go.
func (c *Change) transform(s *stamp, a *table.Assignment, old index.Record) (index.Record, error) {
	switch {
	case c.Delete:
		return index.Record{}, nil
	case c.Select == ByRow:
		now, err := c.Row.Overwrite(old)
		if err != nil {
			return now, err
		}
		return s.on(now)
	case c.Each != nil:
		each, err := s.def.CompileSet(c.Each(table.RowOf(s.def, old, nil)))
		if err != nil {
			return index.Record{}, err
		}
		return s.updated(old, each)
	}
	return s.updated(old, *a)
}

// stamp is the time that a change of a row leaves in it.
type stamp struct {
	def   *table.Def
	pos   int
	value index.Value
	err   error // the column does not take the time
	none  bool  // the table keeps no such time
}

// stampOf is what a change leaves in rows of a model that has a timestamp.
func (tx *Tx) stampOf(def *table.Def) stamp {
	s := stamp{def: def, none: true}
	set := tx.associations()
	column, ok := set.UpdatedAt(def.Name())
	if !ok {
		return s
	}
	if s.pos, ok = def.Column(column); !ok {
		return s
	}
	s.none = false
	if s.value, s.err = def.Columns()[s.pos].FromGo(set.Now()); s.err != nil {
		s.err = def.Blame(s.err)
	}
	return s
}

// on writes the time into a changed row, whatever the statement wrote there. The checks of the table hold for it too.
func (s *stamp) on(now index.Record) (index.Record, error) {
	if s.none || now.IsZero() {
		return now, nil
	}
	if s.err != nil {
		return now, s.err
	}
	now = s.def.WithCells(now, []int{s.pos}, []index.Value{s.value})
	return now, s.def.CheckRecord(now)
}

// updated is a record with an assignment carried out, and the time of it. One that says nothing but the time changes nothing.
func (s *stamp) updated(old index.Record, a table.Assignment) (index.Record, error) {
	if !s.none {
		if a.Drop(s.pos); a.Empty() {
			return old, nil
		}
	}
	now, err := s.def.Updated(old, a)
	if err != nil {
		return now, err
	}
	return s.on(now)
}

// executeOne carries out tx.one. What it returns is not what is stored, where a row is written to in place.
func (tx *Tx) executeOne(op string, def *table.Def) (old, now index.Record, err error) {
	c, name := tx.one[0], def.Name()
	inPlace := tx.draft == nil && !c.New.IsZero()
	if tx.needsNoPlan(def, c) {
		if inPlace {
			tx.head.UpdateInPlace(name, c.Old, c.New)
			return c.Old, c.New, nil
		}
		return c.Old, c.New, tx.applyUnplanned(name, tx.one[:])
	}
	plan, err := tx.plan(op, name, tx.one[:])
	if err != nil {
		return old, now, err
	}
	defer plan.Release()
	if inPlace && plan.Size() == 1 && len(plan.Pending()) == 0 {
		tx.head.UpdateInPlace(name, c.Old, c.New)
		return c.Old, c.New, nil
	}
	if inPlace {
		tx.head.InvalidateOwned()
	}
	if err := tx.apply(plan); err != nil {
		return old, now, err
	}
	return c.Old, plan.Result(0), nil
}

// executeAll carries out changes, and returns what the rows are then.
func (tx *Tx) executeAll(op string, def *table.Def, changes []table.Change) ([]index.Record, error) {
	if len(changes) == 0 {
		return nil, nil
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
		return def.SoftDelete() < 0 && tx.noDeleteEffects(def.Name())
	}
	return def.KeysUnchanged(c) && !tx.graph().Defers(def.Name())
}

// noDeleteEffects tells whether nobody has a say when rows of a table are deleted: no reference, no hook, no context.
func (tx *Tx) noDeleteEffects(name string) bool {
	c := tx.compiled()
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
	c := tx.compiled()
	c.deletes(&stmt)
	return c.graph.Plan(tx.state(), stmt)
}

func (tx *Tx) apply(plan *cascade.Plan) error {
	w := tx.writer(plan.Size())
	tx.pending = append(tx.pending, plan.Pending()...)
	plan.Apply(w, tx.notePlanned)
	err := tx.written(w, nil)
	if h := tx.compiled().hooks; h != nil && err == nil {
		plan.After(h.after)
	}
	return err
}

// applyUnplanned carries out changes that need no plan.
func (tx *Tx) applyUnplanned(name string, changes []table.Change) error {
	w := tx.writer(len(changes))
	t := w.Writable(name)
	last := t.Last()
	t.Apply(changes)
	tx.notePlanned(t, last, changes, func(i int) (*cascade.Ref, cascade.Kind, int32) {
		if changes[i].New.IsZero() {
			return nil, cascade.Deleted, 0
		}
		return nil, cascade.Updated, 0
	})
	return tx.written(w, nil)
}

// Key is the value of a primary key of several columns, where a verb takes a key as one argument.
type Key []any

// keyParts are the values of a key that came as arguments: one for each column, or a [Key] of all.
func keyParts(key []any) []any {
	if len(key) == 1 {
		if whole, ok := key[0].(Key); ok {
			return whole
		}
	}
	return key
}

// RowByKey is the row with a primary key, unless it was soft-deleted. Errors are of kind [types.ErrNotFound], [types.ErrQuery]
// and [types.ErrType].
func RowByKey(t *table.Table, key []any) (index.Record, error) {
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

// keyValues appends the values of a primary key.
func keyValues(dst []index.Value, d *table.Def, key []any) ([]index.Value, error) {
	pk := &d.Keys()[0]
	key = keyParts(key)
	if len(key) != len(pk.Pos) {
		return nil, WrongKey(d, len(key))
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
