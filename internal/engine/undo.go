package engine

import (
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// logged is one thing that the transaction did, to be undone: changes to one table, or a definition.
type logged struct {
	def      *table.Def    // the table's
	from, to int           // of Tx.changes
	numbers  table.Numbers // the table's, before
	mark     *snapshot.Mark

	redefined *snapshot.Redefinition // of a definition, where somebody wants the store's commits
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
		t.Apply(back, nil)
		t.TakeBack(e.numbers)
		tx.changes = tx.changes[:e.from]
	}
}

type savepoint struct {
	name    string
	log     int
	pending []cascade.Deferred
	modes   modes
}

// Savepoint marks the present state under a name, which may be used again: the newest savepoint of a name counts. O(1).
func (tx *Tx) Savepoint(name string) error {
	if err := tx.refuses("savepoint"); err != nil {
		return err
	}
	tx.savepoints = append(tx.savepoints, tx.mark(name))
	return nil
}

func (tx *Tx) mark(name string) savepoint {
	return savepoint{name, len(tx.log), slices.Clip(tx.pending), tx.modes.clone()}
}

// RollbackTo undoes what was done since the savepoint, deferred checks and their modes included. The savepoint stays;
// those set after it are gone. O(rows written since).
func (tx *Tx) RollbackTo(name string) error {
	i, err := tx.findSavepoint("rollback to savepoint", name)
	if err != nil {
		return err
	}
	tx.savepoints = tx.savepoints[:i+1]
	tx.restore(tx.savepoints[i])
	return nil
}

func (tx *Tx) restore(s savepoint) {
	tx.undo(tx.draft, s.log)
	tx.pending, tx.modes = s.pending, s.modes.clone()
}

// Release forgets a savepoint and those set after it; what was done since stays. O(1).
func (tx *Tx) Release(name string) error {
	i, err := tx.findSavepoint("release savepoint", name)
	if err == nil {
		tx.savepoints = tx.savepoints[:i]
	}
	return err
}

func (tx *Tx) findSavepoint(op, name string) (int, error) {
	if err := tx.refuses(op); err != nil {
		return 0, err
	}
	for i := len(tx.savepoints) - 1; i >= tx.savepointFloor; i-- {
		if tx.savepoints[i].name == name {
			return i, nil
		}
	}
	return 0, &types.Error{Kind: types.ErrQuery, Op: op, State: "3B001", Detail: "there is no savepoint " + name,
		Hint: "set it with Savepoint first; rolling back to an earlier one removes those after it"}
}

// Nested is a transaction inside another.
type Nested struct {
	tx    *Tx
	start savepoint
	floor int
	depth int
	ended bool
}

// Nest begins a transaction inside another: the savepoints of the outer one are out of reach until it ends, which it must, with
// [Nested.Keep] or [Nested.Undo].
func (tx *Tx) Nest(op string) (n Nested, err error) {
	if err := tx.refuses(op); err != nil {
		return n, err
	}
	return tx.nest(), nil
}

// nest is Nest for a statement of the transaction.
func (tx *Tx) nest() Nested {
	n := Nested{tx: tx, start: tx.mark(""), floor: tx.savepointFloor, depth: len(tx.savepoints)}
	tx.savepointFloor = n.depth
	return n
}

// Keep ends it and leaves what it did to the outer transaction.
func (n *Nested) Keep() { n.leave() }

// Undo ends it and takes back what it did. After Keep or Undo it does nothing.
func (n *Nested) Undo() {
	if n.leave() {
		n.tx.restore(n.start)
	}
}

// leave tells whether there is something to undo: the outer transaction may have ended meanwhile.
func (n *Nested) leave() bool {
	if n.ended {
		return false
	}
	n.ended = true
	n.tx.savepointFloor = n.floor
	if n.tx.done {
		return false
	}
	n.tx.savepoints = n.tx.savepoints[:n.depth]
	return true
}
