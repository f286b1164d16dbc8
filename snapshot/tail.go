package snapshot

import (
	"context"
	"fmt"
	"iter"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Watcher is somebody who goes through the commits, each once and in order. Its methods are called by one goroutine at a time.
type Watcher interface {
	// Interests are what it is to be woken for: at least whatever Take would take on the state that it has come to.
	Interests() []Interest
	// Take gives the rows of a commit that concern it. ok tells whether it is to be told of the commit; the error ends it.
	Take(c Commit) (rows []table.RowChange, ok bool, err error)
}

// Tail walks the commits after a number that a watcher takes, all if it is nil, each once and in order, and waits for more until the context,
// which may be nil, is done. It runs in the caller's goroutine alone and holds up no writer: who is so slow that the commits are there no more is
// given an error of kind [types.ErrTooOld], and ends. The latest commits are kept from the first call on.
func (s *Store) Tail(ctx context.Context, after uint64, w Watcher, wait Wait) iter.Seq2[Commit, error] {
	f, err := s.feeding(wait)
	epoch := 0
	if err == nil {
		f.mu.Lock()
		epoch = f.ring.epoch
		f.mu.Unlock()
	}
	if ctx == nil {
		ctx = context.Background()
	}
	return func(yield func(Commit, error) bool) {
		err, at := err, after
		for err == nil {
			var c Commit
			if c, err = f.following(ctx, at, epoch, w); err != nil || c.ID == 0 {
				break
			}
			at = c.ID
			told := true
			if w != nil {
				c.some = true
				c.rows, told, err = w.Take(c)
			}
			if err == nil && told && !yield(c, nil) {
				return
			}
		}
		if err != nil {
			yield(Commit{}, err)
		}
	}
}

// Since are the commits after a number, up to another that the store has come to. The error is of kind [types.ErrTooOld].
func (s *Store) Since(after, upTo uint64, wait Wait) (out []Commit, err error) {
	f, err := s.feeding(wait)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	late := f.ring.newest() < upTo
	f.mu.Unlock()
	if late { // who has just made the commit is about to hand it over
		if err := s.writer.lock(&wait); err != nil {
			return nil, err
		}
		s.writer.unlock()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for at := after; at < upTo; at++ {
		c, ok, tooOld := f.ring.after(at, f.ring.epoch)
		if tooOld || !ok {
			return nil, missed(at, f.ring.base, f.ring.newest())
		}
		out = append(out, c)
	}
	return out, nil
}

// following is the commit after a number, or a later one if none before that concerns the watcher; none if the context is done.
func (f *feed) following(ctx context.Context, at uint64, epoch int, w Watcher) (Commit, error) {
	s := sleeper{at: at, wake: make(chan struct{}, 1)}
	for ctx.Err() == nil {
		f.mu.Lock()
		c, more, tooOld := f.ring.after(s.at, epoch)
		oldest, newest := f.ring.base, f.ring.newest()
		f.mu.Unlock()
		if tooOld {
			return Commit{}, missed(s.at, oldest, newest)
		}
		if more {
			return c, nil
		}
		s.interests = []Interest{{}}
		if w != nil {
			s.interests = w.Interests()
		}
		if !f.fallAsleep(&s, epoch) {
			continue
		}
		for asleep := true; asleep; {
			select {
			case <-s.wake:
				asleep = false
			case <-f.bell:
				f.dispatch() // which wakes it too, if the commit concerns it
			case <-ctx.Done():
				asleep = false
			}
		}
		f.getUp(&s)
	}
	return Commit{}, nil
}

func missed(at, oldest, newest uint64) error {
	return &types.Error{Kind: types.ErrTooOld, Op: "watch", Detail: fmt.Sprintf("the store has the commits after %d, up to %d, and not those after %d", oldest, newest, at),
		Hint: "take a View, and go on from its ID"}
}
