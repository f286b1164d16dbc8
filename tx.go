package memrel

import (
	"context"
	"maps"
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// Tx is a transaction: it reads what it wrote, and nobody else does until it commits. It is the store's only writer
// until it ends. A Tx belongs to one goroutine at a time.
type Tx struct {
	db        *DB
	draft     *snapshot.Draft    // nil in a statement that is a transaction of its own
	alone     snapshot.Statement // such a statement
	log       []logged
	changes   []change
	pending   []cascade.Pending
	wrote     recordSet // what it wrote to tables with deferrable references
	modes     modes
	marks     []savepoint
	floor     int // marks below it are those of outer transactions
	limits    Limits
	statement int
	one       [1]table.Change // of a statement on one row, while it is planned
	verb      statements      // of the association's verb under way
	unlogged  bool            // changes need not be undone
	done      bool
}

// Limits bound what one statement may do. The zero value does not bound.
type Limits struct {
	// MaxRows is the number of rows that an update, delete or upsert may touch with its cascades.
	MaxRows int
	// Context stops a statement that is still working out its cascades when it is done.
	Context context.Context
}

// logged is one thing that the transaction did, to be undone: changes to one table, or a definition.
type logged struct {
	def      *table.Def // the table's
	from, to int        // of Tx.changes
	last     int64      // the table's last number before
	mark     *snapshot.Mark
}

// modes say which deferrable references wait for the commit: by name, and for the others all; nil is as defined.
type modes struct {
	all  *bool
	each map[string]bool
}

// set tells whether anything is otherwise than as defined.
func (m modes) set() bool { return m.all != nil || m.each != nil }

func (m modes) deferred(r *cascade.Ref) bool {
	if mode, ok := m.each[r.Name]; ok {
		return mode
	}
	if m.all != nil {
		return *m.all
	}
	return r.InitiallyDeferred
}

func (m modes) clone() modes { return modes{m.all, maps.Clone(m.each)} }

// Begin starts a transaction, waiting for the one under way. It must end with [Tx.Commit] or [Tx.Rollback]; see
// [DB.Update] for the form that cannot be forgotten.
func (db *DB) Begin() *Tx {
	return &Tx{db: db, draft: db.store.Begin(), limits: *db.limits.Load()}
}

// Update runs fn in a transaction and commits it; if fn returns an error or panics, the transaction is rolled back. fn
// runs on a copy: readers never wait for it. Errors are fn's, and those of deferred checks.
func (db *DB) Update(fn func(tx *Tx) error) error {
	tx := db.Begin()
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Commit makes the deferred checks and makes the transaction's state the store's newest. If a check fails the
// transaction is rolled back and the error says why. O(tables written + deferred checks).
func (tx *Tx) Commit() error {
	if tx.done {
		return txDone("commit")
	}
	if err := tx.graph().CheckPending(tx.draft, tx.pending); err != nil {
		tx.Rollback()
		return err
	}
	tx.end()
	tx.draft.Commit()
	return nil
}

// Rollback ends the transaction without a trace. After Commit or Rollback it does nothing, so it can be deferred.
func (tx *Tx) Rollback() {
	if !tx.done {
		tx.end()
		tx.draft.Drop()
	}
}

func (tx *Tx) end() {
	tx.done = true
	tx.marks = nil
}

// SetLimits bounds the statements of the transaction from now on.
func (tx *Tx) SetLimits(l Limits) { tx.limits = l }

func txDone(op string) error {
	return &Error{Kind: ErrTxDone, Op: op, Detail: "the transaction has ended", Hint: "begin another"}
}

func (tx *Tx) graph() *cascade.Graph {
	if tx.draft != nil {
		return graphOf(tx.draft.Definitions())
	}
	return graphOf(tx.alone.Definitions())
}

// state is what the transaction reads.
func (tx *Tx) state() table.Reader {
	switch {
	case tx.done:
		return noTables{}
	case tx.draft != nil:
		return tx.draft
	}
	return tx.alone
}

func (tx *Tx) source() (table.Reader, bool) { return tx.state(), true }

// Writer is what can be written: a [*Tx], or a [*DB], where each statement is a transaction of its own.
type Writer interface {
	Reader
	// target is the transaction to write to, or else the store.
	target() (*Tx, *DB)
}

func (tx *Tx) target() (*Tx, *DB) { return tx, nil }

func (db *DB) target() (*Tx, *DB) { return nil, db }

// write runs one statement of w. discreet is the promise that nobody gets hold of a stored record that the statement did
// not make itself: no row that it finds is returned or shown to the user's code. Such a statement keeps the rows that may
// be written to in place.
//
// It is no method of Writer because what is passed to one goes to the heap: a statement's closures, and all that they
// capture.
func write(w Writer, op string, discreet bool, statement func(tx *Tx) error) error {
	tx, db := w.target()
	if tx != nil {
		return tx.write(op, statement)
	}
	return db.write(discreet, statement)
}

func (tx *Tx) write(op string, statement func(tx *Tx) error) error {
	if tx.done {
		return txDone(op)
	}
	tx.statement++
	return statement(tx)
}

// write runs a statement that is a transaction of its own.
func (db *DB) write(discreet bool, statement func(tx *Tx) error) error {
	alone := db.store.Statement()
	defer alone.End()
	if !discreet {
		alone.Forget()
	}
	tx := &db.single
	tx.db, tx.alone, tx.limits = db, alone, *db.limits.Load()
	defer tx.forget()
	return statement(tx)
}

// forget readies the transaction of single statements for the next one.
func (tx *Tx) forget() {
	clear(tx.changes)
	clear(tx.wrote)
	tx.one, tx.unlogged = [1]table.Change{}, false
	tx.log, tx.changes, tx.pending = tx.log[:0], tx.changes[:0], nil
}

// inPlaceRows is how many rows a statement of its own may write while readers who ask for a view wait for it: a fraction of
// a millisecond. Working apart costs a copy of each node that is written, up to 2 KB a tree and row.
const inPlaceRows = 256

// mutate lets fn write to the transaction's state. size is about how many rows it will touch. If fn fails it must have
// undone what it did.
func (tx *Tx) mutate(size int, fn func(w table.Writer) error) error {
	if tx.draft != nil {
		return fn(tx.draft)
	}
	closed := func(w table.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		return tx.judgeAlone(w)
	}
	if size <= inPlaceRows {
		return tx.alone.InPlace(closed)
	}
	tx.unlogged = true // what fails apart is dropped
	return tx.alone.Apart(closed)
}

// judgeAlone is the commit of a statement of its own.
func (tx *Tx) judgeAlone(w table.Writer) error {
	if len(tx.pending) == 0 {
		return nil
	}
	err := tx.graph().CheckPending(w, tx.pending)
	if err != nil && !tx.unlogged {
		tx.undo(w, 0)
	}
	return err
}

// undo takes back what the transaction did since the log had n entries.
func (tx *Tx) undo(w table.Writer, n int) {
	for len(tx.log) > n {
		e := tx.log[len(tx.log)-1]
		tx.log = tx.log[:len(tx.log)-1]
		if e.mark != nil {
			tx.draft.Restore(*e.mark)
			continue
		}
		back := make([]table.Change, 0, e.to-e.from)
		for _, c := range tx.changes[e.from:e.to] {
			back = append(back, table.Change{Old: c.New, New: c.Old})
		}
		t := w.Writable(e.def.Name())
		t.Apply(back)
		t.SetLast(e.last)
		tx.changes = tx.changes[:e.from]
	}
}

// Savepoints.

type savepoint struct {
	name    string
	log     int
	pending []cascade.Pending
	modes   modes
}

// Savepoint marks the present state under a name, which may be used again: the newest mark of a name counts. O(1).
func (tx *Tx) Savepoint(name string) error {
	if tx.done {
		return txDone("savepoint")
	}
	tx.marks = append(tx.marks, tx.mark(name))
	return nil
}

func (tx *Tx) mark(name string) savepoint {
	return savepoint{name, len(tx.log), slices.Clip(tx.pending), tx.modes.clone()}
}

// RollbackTo undoes what was done since the savepoint, deferred checks and their modes included. The savepoint stays;
// those set after it are gone. O(rows written since).
func (tx *Tx) RollbackTo(name string) error {
	i, err := tx.findMark("rollback to savepoint", name)
	if err != nil {
		return err
	}
	tx.marks = tx.marks[:i+1]
	tx.restore(tx.marks[i])
	return nil
}

func (tx *Tx) restore(s savepoint) {
	tx.undo(tx.draft, s.log)
	tx.pending, tx.modes = s.pending, s.modes.clone()
}

// Release forgets a savepoint and those set after it; what was done since stays. O(1).
func (tx *Tx) Release(name string) error {
	i, err := tx.findMark("release savepoint", name)
	if err == nil {
		tx.marks = tx.marks[:i]
	}
	return err
}

func (tx *Tx) findMark(op, name string) (int, error) {
	if tx.done {
		return 0, txDone(op)
	}
	for i := len(tx.marks) - 1; i >= tx.floor; i-- {
		if tx.marks[i].name == name {
			return i, nil
		}
	}
	return 0, &Error{Kind: ErrQuery, Op: op, State: "3B001", Detail: "there is no savepoint " + name,
		Hint: "set it with Savepoint first; rolling back to an earlier one removes those after it"}
}

// Update runs fn as a nested transaction: if it returns an error or panics, what it did is undone and the outer
// transaction goes on. The savepoints of the outer transaction are out of fn's reach, and fn's are gone at its end.
func (tx *Tx) Update(fn func(tx *Tx) error) (err error) {
	if tx.done {
		return txDone("update")
	}
	s, floor, depth := tx.mark(""), tx.floor, len(tx.marks)
	tx.floor = depth
	ok := false
	defer func() {
		tx.floor = floor
		if tx.done {
			return
		}
		tx.marks = tx.marks[:depth]
		if !ok {
			tx.restore(s)
		}
	}()
	if err = fn(tx); err == nil {
		ok = true
	}
	return err
}

// Deferred checks.

// Defer puts off the checks of deferrable references to the commit: those named, or all if none is. Errors: a name that
// no reference has, or a reference that is not deferrable.
func (tx *Tx) Defer(names ...string) error {
	_, err := tx.setModes("defer", names, true)
	return err
}

// Immediate makes the checks of deferrable references immediate again: those named, or all if none is. What waits is
// checked now; if that fails the error says why and they stay deferred.
func (tx *Tx) Immediate(names ...string) error {
	if tx.done {
		return txDone("make immediate")
	}
	covers := func(p cascade.Pending) bool { return len(names) == 0 || slices.Contains(names, p.Ref) }
	var now, later []cascade.Pending
	for _, p := range tx.pending {
		if covers(p) {
			now = append(now, p)
		} else {
			later = append(later, p)
		}
	}
	before, err := tx.setModes("make immediate", names, false)
	if err != nil {
		return err
	}
	if err := tx.graph().CheckPending(tx.draft, now); err != nil {
		tx.modes = before
		return err
	}
	tx.pending = later
	return nil
}

// setModes returns the modes that there were.
func (tx *Tx) setModes(op string, names []string, deferred bool) (modes, error) {
	before := tx.modes
	if tx.done {
		return before, txDone(op)
	}
	if len(names) == 0 {
		tx.modes = modes{all: &deferred}
		return before, nil
	}
	next := before.clone()
	if next.each == nil {
		next.each = map[string]bool{}
	}
	for _, name := range names {
		if err := tx.deferrable(op, name); err != nil {
			return before, err
		}
		next.each[name] = deferred
	}
	tx.modes = next
	return before, nil
}

func (tx *Tx) deferrable(op, name string) error {
	known := false
	for _, r := range tx.graph().Refs() {
		if r.Name != name {
			continue
		}
		if !r.Deferrable {
			return &Error{Kind: ErrQuery, Op: op, Table: r.Child, Constraint: name, State: "42809",
				Detail: "foreign key " + name + " is not deferrable", Hint: "declare it Deferrable"}
		}
		known = true
	}
	if !known {
		return &Error{Kind: ErrQuery, Op: op, Constraint: name, State: "42704", Detail: "there is no foreign key " + name}
	}
	return nil
}
