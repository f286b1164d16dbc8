package snapshot

import (
	"context"
	"sync/atomic"
	"time"
)

// Wait says how long the writer's lock is waited for. The zero Wait has no end; statements and transactions give a time.
type Wait struct {
	Context context.Context // ends the wait when it is done; nil: never
	Timeout time.Duration   // so long at the most; 0: no bound
	Holder  *Holder         // who waits, for those who will wait for it; nil: a statement of its own
}

// Holder is who holds the writer's lock: the call that began its transaction.
type Holder struct {
	PC    [1]uintptr // the program counter there, as [runtime.Callers] gives it
	Stack []byte     // the whole stack, where that was asked for
}

// Busy is the error of a wait for the writer's lock that ended.
type Busy struct {
	Waited time.Duration
	Holder *Holder // who had the lock then; nil if a statement of its own, or nobody any more
	Cause  error   // of the context; nil if time was up
}

// Error says what was waited for.
func (b *Busy) Error() string { return "the writer's lock was not free within " + b.Waited.String() }

// Unwrap is the error of the context.
func (b *Busy) Unwrap() error { return b.Cause }

// writerLock is the lock of the one who may write. Unlike a mutex it can be waited for with a context or a time, and who waits
// waits on a channel, which testing/synctest knows as blocked. Who waits is served in turn.
//
//	state   1 if the lock is held, and 2 for each goroutine that waits and has not been chosen yet
//	handoff passes the lock, held as it is, to the goroutine that has been chosen
//	holder  who has the lock, if that is a transaction; written by who has it
//
// As many goroutines receive from handoff as are counted in state, and one more while the lock is on its way to one.
type writerLock struct {
	state   atomic.Int64
	handoff chan struct{}
	holder  atomic.Pointer[Holder]
}

// spins is how often a lock that is held is looked at before waiting in earnest: most statements take less than a microsecond.
const spins = 64

// lock takes the lock. The error is a [*Busy].
func (l *writerLock) lock(w *Wait) error {
	for range spins {
		if l.state.CompareAndSwap(0, 1) {
			l.hold(w.Holder)
			return nil
		}
	}
	return l.wait(w)
}

// hold notes who has the lock now. A statement of its own is nobody, which is what a lock that was given back says already.
func (l *writerLock) hold(h *Holder) {
	if h != nil {
		l.holder.Store(h)
	}
}

func (l *writerLock) wait(w *Wait) error {
	began := time.Now()
	if l.register() {
		l.hold(w.Holder)
		return nil
	}
	var done <-chan struct{}
	if w.Context != nil {
		done = w.Context.Done()
	}
	var up <-chan time.Time
	if w.Timeout > 0 {
		timer := time.NewTimer(w.Timeout)
		defer timer.Stop()
		up = timer.C
	}
	busy := &Busy{}
	select {
	case <-l.handoff:
		l.hold(w.Holder)
		return nil
	case <-done:
		busy.Cause = context.Cause(w.Context)
	case <-up:
	}
	busy.Holder = l.holder.Load()
	l.leave()
	busy.Waited = time.Since(began)
	return busy
}

// register counts a goroutine among those that wait; taken tells that the lock has come free instead and is its own.
func (l *writerLock) register() (taken bool) {
	for {
		switch s := l.state.Load(); {
		case s == 0:
			if l.state.CompareAndSwap(0, 1) {
				return true
			}
		case l.state.CompareAndSwap(s, s+2):
			return false
		}
	}
}

// leave takes a goroutine back that waits no more. If it has been chosen meanwhile it passes the lock on.
func (l *writerLock) leave() {
	for {
		s := l.state.Load()
		if s < 2 {
			<-l.handoff
			l.unlock()
			return
		}
		if l.state.CompareAndSwap(s, s-2) {
			return
		}
	}
}

// unlock gives the lock back, or to the goroutine that has waited longest.
func (l *writerLock) unlock() {
	if l.holder.Load() != nil {
		l.holder.Store(nil)
	}
	for !l.state.CompareAndSwap(1, 0) {
		if s := l.state.Load(); s > 1 && l.state.CompareAndSwap(s, s-2) {
			l.handoff <- struct{}{}
			return
		}
	}
}
