package engine

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Tx is a transaction: it reads what it wrote, and nobody else does until it commits. It holds the writer's lock until it ends.
// It belongs to one goroutine at a time.
type Tx struct {
	draft     *snapshot.Draft // nil in an autocommit statement
	head      snapshot.Statement
	onHead    bool     // the statement is writing to the head
	log       []logged // what was done, to be undone
	changes   []change // the rows of that
	pending   []cascade.Deferred
	wrote     recordSet // what it wrote to tables with deferrable references
	modes     modes
	limits    *Limits // never changed: others have it too
	statement int
	underWay  string // the statement that is, if it is one of a transaction
	hard      bool   // the statement under way removes what it deletes

	savepoints     []savepoint
	savepointFloor int // savepoints below it are those of outer transactions

	one       [1]table.Change // of a statement on one row, while it is planned
	made      [1]index.Record // of a step that inserts one row
	needsUndo bool            // what fails has to be undone; not if its draft is dropped
	fed       bool            // somebody wants the store's commits
	followed  map[string]bool // the tables that Apply alone writes
	done      bool
	refusal   error            // why it could not begin
	interrupt *query.Interrupt // of the statement under way; nil: it looks at no context
	holder    snapshot.Holder
}

// Begin makes tx a transaction, for what op names, waiting for the one under way. If the wait ends before, the error, of kind
// [types.ErrLimit], says who was waited for, and tx has ended. It is called by what the user calls: the caller of that is who holds the
// lock.
func (s *Store) Begin(op string, tx *Tx) error {
	if !s.Ready() {
		return tx.refuse(NoStore())
	}
	runtime.Callers(3, tx.holder.PC[:]) // one frame: each more costs 100 ns
	return s.beginFor(op, tx, &tx.holder)
}

// beginFor is Begin for a holder; nil: the store itself, for a statement.
func (s *Store) beginFor(op string, tx *Tx, holder *snapshot.Holder) (err error) {
	tx.limits, tx.needsUndo = s.limits.Load(), true
	if err := tx.limits.refusal(op); err != nil {
		return tx.refuse(err)
	}
	if holder != nil && tx.limits.Stacks {
		holder.Stack = debug.Stack()
	}
	tx.draft, err = s.versions.Begin(snapshot.Wait{Context: tx.limits.Context, Timeout: tx.limits.wait(), Holder: holder})
	if err != nil {
		return tx.refuse(busy(op, err))
	}
	tx.fed, tx.followed = tx.draft.Fed(), s.followed
	return nil
}

// Run runs fn in a transaction of its own, for what op names.
func (w Target) Run(op string, fn func(tx *Tx) error) error {
	if w.Store == nil || !w.Store.Ready() {
		return Attempted(op, "", NoStore())
	}
	tx := new(Tx)
	runtime.Callers(3, tx.holder.PC[:])
	if err := w.Store.beginFor(op, tx, &tx.holder); err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// refuse ends a transaction that could not begin.
func (tx *Tx) refuse(why error) error {
	tx.done, tx.refusal = true, why
	return why
}

// Begun tells whether tx was begun, or refused to be: the zero Tx was not.
func (tx *Tx) Begun() bool { return tx.draft != nil || tx.done }

// NoTx is a transaction that has ended, of which nobody began any.
func NoTx() *Tx { return &Tx{done: true, refusal: noTx()} }

func noTx() error {
	return &types.Error{Kind: types.ErrQuery, Detail: "there is no transaction", Hint: "begin one, with Update or Begin of a store"}
}

// NoStore is the error for a store that was never opened.
func NoStore() error {
	return &types.Error{Kind: types.ErrQuery, Detail: "there is no store", Hint: "make one with Open, and read and write that or a transaction of it"}
}

// NoFunction is the error for what is to run a function that is nil; does is what that would do.
func NoFunction(op, table, does string) error {
	return &types.Error{Kind: types.ErrQuery, Op: op, Table: table, Detail: "the function is nil", Hint: "give the function that " + does}
}

// NoDefinition is the error for a handle that is to define a table and only names it.
func NoDefinition(table string) error {
	return &types.Error{Kind: types.ErrDefinition, State: "42601", Op: "define", Table: table, Detail: "the handle says nothing of the table but its name",
		Hint: "make it with TableOf, or define the table by a Schema"}
}

// busy is the error of a wait for the writer's lock that ended.
func busy(op string, err error) error {
	var b *snapshot.Busy
	if !errors.As(err, &b) {
		return err
	}
	hint := "end that transaction first; inside Update write through its Tx, never through the DB"
	if b.Holder == nil {
		hint = "a function that a statement calls (one given to UpdateEach, a hook, a check) cannot write; otherwise wait longer"
	}
	return &types.Error{Kind: types.ErrLimit, State: "55P03", Op: op, Cause: causeOf(b),
		Detail: fmt.Sprintf("waited %s for the writer: %s", b.Waited, heldBy(b.Holder)), Hint: hint}
}

// beganBy is the stack on which the transaction was begun that was waited for, and what ended the wait.
type beganBy struct {
	stack string
	cause error // nil: time was up
}

// Error is the stack, below the line that it belongs to.
func (e *beganBy) Error() string { return "\n" + e.stack }

// Unwrap is what ended the wait.
func (e *beganBy) Unwrap() error { return e.cause }

func causeOf(b *snapshot.Busy) error {
	if b.Holder == nil || len(b.Holder.Stack) == 0 {
		return b.Cause
	}
	return &beganBy{string(b.Holder.Stack), b.Cause}
}

// heldBy tells where the transaction was begun that has the writer's lock.
func heldBy(h *snapshot.Holder) string {
	switch {
	case h == nil:
		return "another statement was under way"
	case len(h.Stack) > 0:
		return "the transaction under way was begun by"
	}
	f, _ := runtime.CallersFrames(h.PC[:]).Next()
	return fmt.Sprintf("the transaction under way was begun at %s:%d", f.File, f.Line)
}

// Commit makes the deferred checks and makes the transaction's state the store's newest. If a check fails the
// transaction is rolled back and the error says why. O(tables written + deferred checks).
func (tx *Tx) Commit() error {
	if tx.done {
		return tx.ended("commit")
	}
	tx.watch()
	if err := tx.graph().CheckDeferred(tx.reading(), tx.pending); err != nil {
		tx.Rollback()
		return Attempted("commit", "", err)
	}
	changed := len(tx.log) > 0
	if tx.fed && changed {
		if err := tx.draft.Sequence(tx.list(tx.draft)); err != nil {
			tx.Rollback()
			return Attempted("commit", "", err)
		}
	}
	tx.end()
	if unkept := tx.draft.Commit(changed); unkept != nil {
		return Attempted("commit", "", unkept.Wait())
	}
	return nil
}

// Rollback ends the transaction without a trace. After Commit or Rollback it does nothing.
func (tx *Tx) Rollback() {
	if !tx.done {
		tx.end()
		tx.draft.Drop()
	}
}

func (tx *Tx) end() {
	tx.done = true
	tx.savepoints, tx.pending, tx.wrote = nil, nil, nil
	for i := range tx.log {
		tx.log[i].mark, tx.log[i].redefined = nil, nil
	}
}

// SetLimits bounds the statements of the transaction from now on.
func (tx *Tx) SetLimits(l Limits) { tx.limits = &l }

// Until is the source of a statement that reads.
func (tx *Tx) Until() Source {
	if tx.done {
		return tx.Source()
	}
	return tx.Source().Until(tx.limits.Context)
}

// ended is the error for a transaction that has ended, or never began.
func (tx *Tx) ended(op string) error {
	if tx.refusal != nil {
		return tx.refusal
	}
	return &types.Error{Kind: types.ErrTxDone, Op: op, Detail: "the transaction has ended", Hint: "begin another"}
}

// refuses is why the transaction takes no statement now: it has ended, or a function that one under way calls asks for another, which
// would change the rows that it has found.
func (tx *Tx) refuses(op string) error {
	switch {
	case tx.done:
		return tx.ended(op)
	case tx.underWay != "":
		return &types.Error{Kind: types.ErrQuery, State: "27000", Op: op, Detail: "a function that a statement under way calls (" + tx.underWay + ") uses its transaction",
			Hint: "note what is to be done, and do it when that statement is through"}
	}
	return nil
}

// Version is the transaction's state as it stands, or the error of who may not ask: the transaction has ended, or a statement of it that
// is under way calls who asks. O(1); the next write to a table copies the paths that it touches.
func (tx *Tx) Version() (*snapshot.Version, error) {
	if err := tx.refuses("view"); err != nil {
		return nil, err
	}
	return tx.draft.Version(), nil
}

// Definitions are those of the transaction as it stands; none once it has ended.
func (tx *Tx) Definitions() *snapshot.Definitions {
	if tx.done {
		return Empty().Definitions()
	}
	return tx.definitions()
}

// Source is what the transaction reads.
func (tx *Tx) Source() Source {
	if tx.done {
		return None(tx.ended(""))
	}
	return Source{tx.state()}
}

func (tx *Tx) state() table.Reader {
	switch {
	case tx.done:
		return noTables{}
	case tx.draft != nil:
		return tx.draft
	}
	return tx.head
}

// reading is the state for the loops over rows of the statement under way.
func (tx *Tx) reading() table.Reader { return table.Interrupted(tx.state(), tx.interrupt) }

// watch begins a statement's looks at the context.
func (tx *Tx) watch() { tx.interrupt = query.NewInterrupt(tx.limits.Context) }

func (tx *Tx) definitions() *snapshot.Definitions {
	if tx.draft != nil {
		return tx.draft.Definitions()
	}
	return tx.head.Definitions()
}

func (tx *Tx) compiled() *compiled { return compiledOf(tx.definitions()) }

func (tx *Tx) graph() *cascade.Graph { return tx.compiled().graph }

func (tx *Tx) associations() *assoc.Set { return tx.compiled().assoc }

// table is the table of that name, or of the model of that name.
func (tx *Tx) table(op, name string) (*table.Table, error) {
	if t := TableIn(tx.state(), name); t != nil {
		return t, nil
	}
	return nil, UnknownTable(op, name)
}
