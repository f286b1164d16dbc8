package memrel

import "github.com/memrel/memrel/internal/engine"

// Tx is a transaction: it reads what it wrote, and nobody else does until it commits. It is the store's only writer
// until it ends. A Tx belongs to one goroutine at a time.
type Tx struct{ e engine.Tx }

// begun is the transaction; of nil and the zero Tx, which nobody began, one that refuses everything.
func (tx *Tx) begun() *engine.Tx {
	if tx == nil || !tx.e.Begun() {
		return engine.NoTx()
	}
	return &tx.e
}

// Begin starts a transaction, waiting for the one under way. It must end with [Tx.Commit] or [Tx.Rollback]; see [DB.Update] for the form that cannot be
// forgotten. If [Limits] end the wait, the transaction has ended, and the error of whatever is done with it, of kind [ErrLimit], tells where the one
// that was waited for was begun; a read that has no error to return panics with it.
func (db *DB) Begin() *Tx {
	tx := &Tx{}
	if db != nil {
		_ = db.e.Begin("begin", &tx.e) // which tx tells
	}
	return tx
}

// Update runs fn in a transaction and commits it; if fn returns an error or panics, the transaction is rolled back. fn runs on a copy: readers never
// wait for it. A transaction that fn ends itself stays as fn left it, and Update returns [ErrTxDone]. Errors are fn's, those of deferred checks, and
// [ErrLimit] if [Limits] end the wait for another transaction: as a write through the DB inside fn has to, which would wait for itself.
func (db *DB) Update(fn func(tx *Tx) error) error {
	switch {
	case db == nil:
		return engine.NoStore()
	case fn == nil:
		return engine.NoFunction("update", "", "is to run in the transaction")
	}
	tx := &Tx{}
	if err := db.e.Begin("update", &tx.e); err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Commit makes the deferred checks and makes the transaction's state the store's newest. If a check fails the
// transaction is rolled back and the error says why. O(tables written + deferred checks).
func (tx *Tx) Commit() error { return tx.begun().Commit() }

// Rollback ends the transaction without a trace. After Commit or Rollback it does nothing, so it can be deferred.
func (tx *Tx) Rollback() { tx.begun().Rollback() }

// Update runs fn as a nested transaction: if it returns an error or panics, what it did is undone and the outer
// transaction goes on. The savepoints of the outer transaction are out of fn's reach, and fn's are gone at its end.
func (tx *Tx) Update(fn func(tx *Tx) error) error {
	if fn == nil {
		return engine.NoFunction("update", "", "is to run in the transaction")
	}
	nested, err := tx.begun().Nest("update")
	if err != nil {
		return err
	}
	defer nested.Undo()
	if err := fn(tx); err != nil {
		return err
	}
	nested.Keep()
	return nil
}

// SetLimits bounds the statements of the transaction from now on.
func (tx *Tx) SetLimits(l Limits) { tx.begun().SetLimits(l) }

// Savepoint marks the present state under a name, which may be used again: the newest savepoint of a name counts. O(1).
func (tx *Tx) Savepoint(name string) error { return tx.begun().Savepoint(name) }

// RollbackTo undoes what was done since the savepoint, deferred checks and their modes included. The savepoint stays;
// those set after it are gone. O(rows written since).
func (tx *Tx) RollbackTo(name string) error { return tx.begun().RollbackTo(name) }

// Release forgets a savepoint and those set after it; what was done since stays. O(1).
func (tx *Tx) Release(name string) error { return tx.begun().Release(name) }

// Defer puts off the checks of deferrable references to the commit: those named, or all if none is. Errors: a name that
// no reference has, or a reference that is not deferrable.
func (tx *Tx) Defer(names ...string) error { return tx.begun().Defer(names...) }

// Immediate makes the checks of deferrable references immediate again: those named, or all if none is. What waits is
// checked now; if that fails the error says why and they stay deferred.
func (tx *Tx) Immediate(names ...string) error { return tx.begun().Immediate(names...) }

// Changes are the net changes of the transaction so far: for each row its state before the transaction and now, in the order in which the rows were
// first touched. A row that came and went is left out. Definitions are not listed, and neither are the rows that they rewrote: a row that was changed
// before and after its columns were altered is listed twice. O(rows written).
func (tx *Tx) Changes() []Change { return tx.begun().Changes() }

// View is the transaction as it stands, frozen: what it wrote until now, whatever it then does and however it ends. So a transaction is
// asked what a [DB] is: schemas, references, previews, a fork. It panics with an [*Error] if the transaction has ended, and in a function
// that one of its statements calls. O(1); the next write to a table copies the paths that it touches.
func (tx *Tx) View() View {
	v, err := tx.begun().Version()
	if err != nil {
		panic(err)
	}
	return View{v}
}

// Model is [DB.Model] in this transaction.
func (tx *Tx) Model(name string) (m Model, ok bool) { return modelIn(tx, name) }

// References is [View.References] of the transaction as it stands.
func (tx *Tx) References(name string) []SharedReference {
	return engine.References(tx.begun().Definitions(), name)
}

// Pending is [View.Pending] of the transaction as it stands.
func (tx *Tx) Pending() []Pending { return engine.Pending(tx.begun().Definitions()) }

// Define adds tables in a transaction of its own. They may refer to one another, and to the tables there are, in any
// order. If anything is refused nothing is defined. Errors are of kind [ErrDefinition].
func (db *DB) Define(defs ...Definition) error {
	return db.target().Run("define", func(tx *engine.Tx) error { return tx.Define(defs...) })
}

// Alter changes a table in a transaction of its own; see [Tx.Alter].
func (db *DB) Alter(name string, parts ...Part) error {
	return db.target().Run("alter", func(tx *engine.Tx) error { return tx.Alter(name, parts...) })
}

// Drop removes tables in a transaction of its own; see [Tx.Drop].
func (db *DB) Drop(names ...string) error {
	return db.target().Run("drop", func(tx *engine.Tx) error { return tx.Drop(names...) })
}

// Define is [DB.Define] inside a transaction: the definitions are committed or rolled back with it.
func (tx *Tx) Define(defs ...Definition) error { return tx.begun().Define(defs...) }

// Alter adds parts to a table (a [Column], [UniqueKey], [Index], [CheckConstraint] or [Reference]) or removes them ([DropColumn], [DropConstraint]), or
// says how rows are deleted ([SoftDelete]). Existing rows are held to the new definition: a violation refuses the change and names the rows. Errors are
// of kind [ErrDefinition], or those that the rows violate. O(rows) where columns, checks or keys are added.
func (tx *Tx) Alter(name string, parts ...Part) error { return tx.begun().Alter(name, parts...) }

// Drop removes tables with their rows. A table that a remaining table refers to is not dropped.
func (tx *Tx) Drop(names ...string) error { return tx.begun().Drop(names...) }
