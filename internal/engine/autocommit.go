package engine

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// Target is what a statement writes to: a transaction, or a store, where it is a transaction of its own (autocommit).
type Target struct {
	Tx    *Tx
	Store *Store
	Hard  bool // rows that it deletes are removed, also where deletes are soft
}

// exposure tells whether a statement gives away stored records that it did not make itself: returns a row that it found, or
// shows it to the user's code. One that does not keeps the rows that may be written to in place.
type exposure bool

const (
	keepsRowsPrivate exposure = false
	exposesRows      exposure = true
)

// begin starts a statement. What it returns must be ended with endStatement.
func (w Target) begin(op string, e exposure) (*Tx, error) {
	switch {
	case w.Tx != nil:
		if err := w.Tx.refuses(op); err != nil {
			return nil, err
		}
		if err := w.Tx.limits.refusal(op); err != nil {
			return nil, err
		}
		w.Tx.statement++
		w.Tx.underWay = op
		w.Tx.hard = w.Hard
		w.Tx.watch()
		return w.Tx, nil
	case w.Store != nil && w.Store.Ready():
		tx, err := w.Store.autocommit(op, e)
		if err == nil {
			tx.hard = w.Hard
		}
		return tx, err
	}
	return nil, Attempted(op, "", NoStore())
}

// autocommit is the transaction of one statement.
func (s *Store) autocommit(op string, e exposure) (*Tx, error) {
	limits := s.limits.Load()
	if err := limits.refusal(op); err != nil {
		return nil, err
	}
	head, err := s.versions.Statement(snapshot.Wait{Context: limits.Context, Timeout: limits.wait()})
	if err != nil {
		return nil, busy(op, err)
	}
	if e == exposesRows {
		head.InvalidateOwned()
	}
	s.auto.head, s.auto.limits, s.auto.fed, s.auto.followed = head, limits, head.Fed(), s.followed
	s.auto.watch()
	return &s.auto, nil
}

// endStatement ends a statement, done or not: that of a transaction goes on, an autocommit one is over. Where it has to be waited for, it waits, and
// the error of that becomes the statement's.
func (tx *Tx) endStatement(err *error) {
	tx.made[0] = index.Record{}
	if tx.draft != nil {
		tx.underWay = ""
		return
	}
	if tx.onHead { // a panic came from within
		tx.leaveHead(false)
	}
	clear(tx.changes)
	clear(tx.wrote)
	tx.one, tx.needsUndo = [1]table.Change{}, false
	tx.log, tx.changes, tx.pending, tx.interrupt = tx.log[:0], tx.changes[:0], nil, nil
	if unkept := tx.head.End(); unkept != nil {
		if lost := unkept.Wait(); *err == nil {
			*err = lost
		}
	}
}

func (tx *Tx) leaveHead(changed bool) {
	tx.onHead = false
	tx.head.LeaveHead(changed)
}

// headRows is how many rows an autocommit statement may write while readers who ask for a view wait for it: a fraction of
// a millisecond. Working on a draft costs a copy of each node that is written, up to 2 KB a tree and row.
const headRows = 256

// writer is where the statement's records go; size is about how many there are. What it returns must be given back with
// written.
func (tx *Tx) writer(size int) table.Writer {
	switch {
	case tx.draft != nil:
		return tx.draft
	case size <= headRows:
		tx.onHead, tx.needsUndo = true, true
		return tx.head.OnHead()
	}
	return tx.head.OnDraft() // which is dropped if it fails: nothing has to be undone
}

// sequence tells whoever keeps the commits of this one, which is undone if that is refused, or panics.
func (tx *Tx) sequence(w table.Writer) (err error) {
	told := false
	defer func() {
		if (err != nil || !told) && tx.needsUndo {
			tx.undo(w, 0)
		}
	}()
	err = tx.head.Sequence(tx.list(w))
	told = true
	return err
}

// written ends the work on what writer gave, which was undone if err says so. An autocommit statement is committed.
func (tx *Tx) written(w table.Writer, err error) error {
	if tx.draft != nil {
		return err
	}
	if err == nil && len(tx.pending) > 0 {
		if err = tx.graph().CheckDeferred(table.Interrupted(w, tx.interrupt), tx.pending); err != nil && tx.needsUndo {
			tx.undo(w, 0)
		}
	}
	if err == nil && tx.fed {
		err = tx.sequence(w)
	}
	if tx.onHead {
		tx.leaveHead(err == nil)
	} else if err == nil {
		tx.head.Install(w.(*snapshot.Draft))
	} else {
		tx.head.Abandon(w.(*snapshot.Draft))
	}
	return err
}
