package engine

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/types"
)

// Store is a store: its versions, the bounds of its statements, and its one writer.
type Store struct {
	versions *snapshot.Store
	limits   atomic.Pointer[Limits]
	auto     Tx              // what autocommit statements use, under the writer's lock
	followed map[string]bool // the tables that Apply alone writes; the writer's lock guards it
}

// Limits bound what one statement may do, and how long it waits to begin. The zero value bounds the wait alone, by [DefaultWait]; with a
// negative bound every transaction and statement that writes is refused.
type Limits struct {
	// MaxRows is the number of rows that an update, delete or upsert may touch with its cascades.
	MaxRows int
	// Context stops what loops over rows when it is done: a read through the store or the transaction, a write, an
	// altered table, the checks of a commit, the check of a store; and a statement that waits for its turn to write. What is stopped
	// leaves nothing, and its error is of kind [types.ErrLimit], with SQLSTATE 57014. Loops look at it every 1,024 rows. A view has none but
	// the one that its WithContext gave it, and
	// an iterator that gives no error (All, Of, With) is the caller's own loop, to be left when the caller likes.
	Context context.Context
	// Wait is how long a transaction or a statement of its own waits for the transaction under way to end; 0 is 50 seconds, [DefaultWait]. The
	// error, of kind [types.ErrLimit], with SQLSTATE 55P03, tells where that transaction was begun.
	Wait time.Duration
	// Stacks has that error tell the whole stack, which tests want and which costs microseconds for each transaction begun.
	Stacks bool
}

// DefaultWait is how long the writer's lock is waited for where nothing else is said: as long as MySQL waits for a lock. A write through the
// store within its own transaction waits for itself, and is told so then.
const DefaultWait = 50 * time.Second

// wait is how long the writer's lock is waited for.
func (l *Limits) wait() time.Duration { return cmp.Or(l.Wait, DefaultWait) }

// refusal is the error of limits that say nothing: negative ones.
func (l *Limits) refusal(op string) error {
	if l.MaxRows >= 0 && l.Wait >= 0 {
		return nil
	}
	return &types.Error{Kind: types.ErrQuery, Op: op, Detail: fmt.Sprintf("the limits are negative: MaxRows %d, Wait %s", l.MaxRows, l.Wait),
		Hint: "set limits of 0, which stand for the usual ones, or more"}
}

// Empty is a state without tables.
var Empty = sync.OnceValue(func() *snapshot.Version { return snapshot.NewStore(&compiled{graph: &cascade.Graph{}}).Version() })

// Init makes s a store without tables.
func (s *Store) Init() { s.start(snapshot.NewStore(&compiled{graph: &cascade.Graph{}}), Limits{}) }

// InitFork makes s a writable store that starts from a version, in O(1).
func (s *Store) InitFork(v *snapshot.Version) { s.start(v.Fork(), Limits{}) }

// Fork makes f a writable store that starts from the newest state, with the limits of s.
func (s *Store) Fork(f *Store) { f.start(s.versions.Fork(), *s.limits.Load()) }

func (s *Store) start(versions *snapshot.Store, l Limits) {
	s.versions = versions
	s.limits.Store(&l)
}

// Ready tells whether the store has been made: the zero Store is none.
func (s *Store) Ready() bool { return s.versions != nil }

// Version is the newest committed state.
func (s *Store) Version() *snapshot.Version { return s.versions.Version() }

// Definitions are the tables of the newest committed state, which is not published for it.
func (s *Store) Definitions() *snapshot.Definitions { return s.versions.Definitions() }

// Limits are the bounds that were set last; none before that.
func (s *Store) Limits() Limits {
	if l := s.limits.Load(); l != nil {
		return *l
	}
	return Limits{}
}

// SetLimits bounds every statement from the next transaction on.
func (s *Store) SetLimits(l Limits) { s.limits.Store(&l) }
