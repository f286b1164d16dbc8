package snapshot

import (
	"iter"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Commit is a commit of a store: its number, and what it did. It never changes.
type Commit struct {
	// ID is the number of the state that it leaves: one more than that of the state before it.
	ID   uint64
	list *List
	rows []table.RowChange // those that a watcher is told of
	some bool              // it is told of these alone
}

// Commit is the list as a commit of a number.
func (l *List) Commit(id uint64) Commit { return Commit{ID: id, list: l} }

// List is what the commit did, as data. It must not be changed.
func (c Commit) List() *List { return c.list }

// Changes walks the rows that the commit changed, net, each from what it was to what it is, with its cause; of a commit that a watcher is told
// of, the rows that it watches. It walks no row that definitions rewrote. O(rows).
func (c Commit) Changes() iter.Seq[table.RowChange] {
	if !c.some {
		return c.list.Rows()
	}
	return func(yield func(table.RowChange) bool) {
		for _, r := range c.rows {
			if !yield(r) {
				return
			}
		}
	}
}

// Append appends the whole commit as bytes, from which another store comes to the same state; see [List.Append].
func (c Commit) Append(dst []byte, before bool) []byte { return c.list.Append(dst, before) }

// Sequencer is told of each commit before it is done, in order, and may say when it is kept: a log, or a group of machines. Append is called by
// who writes, who holds the writer's lock: it must return soon, wait for no disk, and not use the store. Its error refuses the
// commit. What it may return waits until the commit is kept, or returns why it is not: then it may be lost, with all that came after it.
type Sequencer interface {
	Append(c Commit) (wait func() error, err error)
}

// pending is a commit that is under way, or that waits to be kept.
type pending struct {
	Commit
	wait    func() error
	version *Version // of a store that shows what is kept
	kept    bool
	seen    bool
	lost    error
}

// Unkept is a commit that others may not see yet. The nil one is kept.
type Unkept struct {
	store *Store
	p     *pending
}

// Wait waits until the commit is kept and can be seen, as the one who made it. The error, of kind [types.ErrLost], is that it is not, for
// all that is known. It must be called without the writer's lock.
func (u *Unkept) Wait() error {
	if u == nil {
		return nil
	}
	err := error(nil)
	if u.p.wait != nil {
		err = u.p.wait()
	}
	return u.store.feed.Load().settle(u.p, err)
}

func lost(cause error) error {
	return &types.Error{Kind: types.ErrLost, Detail: "the commit was not kept, for all that is known", Cause: cause,
		Hint: "look whether it is there, or try it again with a key that can be there only once"}
}
