package snapshot

import (
	"sync"

	"github.com/memrel/memrel/types"
)

// feed is what a store has for those who want its commits: who is told of them before they are done, and the latest of them, for those who
// come for them. There is none until somebody asks.
//
//	writer:  list ── Append of a sequencer ── commit ──────────> ring ──> who tails and watches
//	                         └── seen when kept: pending ── kept ──┘
type feed struct {
	store     *Store
	sequencer Sequencer // nil: none; the writer's lock guards it
	next      *pending  // of the commit under way; the writer's lock guards it

	mu      sync.Mutex // guards what follows; it is held for a moment only
	settled sync.Cond  // of mu: a commit that waited was kept, or lost
	pending []*pending // commits that are not kept, in order
	broken  error      // a commit was lost, and the head is yet to be taken back
	ring    ring
	watching
}

// Fed tells whether somebody wants the commits of the store. It is for who has the writer's lock.
func (s *Store) Fed() bool { return s.feed.Load() != nil }

// Fed is [Store.Fed].
func (st Statement) Fed() bool { return st.store.Fed() }

// feeding is the store's feed, which is begun by the first who asks.
func (s *Store) feeding(w Wait) (*feed, error) {
	if f := s.feed.Load(); f != nil {
		return f, nil
	}
	if err := s.writer.lock(&w); err != nil {
		return nil, err
	}
	defer s.writer.unlock()
	if f := s.feed.Load(); f != nil {
		return f, nil
	}
	Statement{s}.InvalidateOwned() // what a list has is not written to any more
	s.mu.Lock()
	s.head.numbered = true
	s.published.Store(nil)
	s.mu.Unlock()
	f := &feed{store: s, ring: ring{base: s.head.id}}
	f.settled.L = &f.mu
	f.watching.begin(s.head.id)
	s.feed.Store(f)
	return f, nil
}

// KeepCommits has the store keep its latest commits from now on, if it does not yet. The error is a [*Busy].
func (s *Store) KeepCommits(w Wait) error {
	_, err := s.feeding(w)
	return err
}

// Attach has a sequencer told of every commit from now on, instead of the one that was; nil: nobody. With whenKept nobody sees a commit before
// it is kept, but who writes. It waits for commits that are not kept yet. The error is a [*Busy].
func (s *Store) Attach(q Sequencer, whenKept bool, w Wait) error {
	f, err := s.feeding(w)
	if err != nil {
		return err
	}
	if err := s.writer.lock(&w); err != nil {
		return err
	}
	defer s.writer.unlock()
	f.mu.Lock()
	for len(f.pending) > 0 {
		f.settled.Wait()
	}
	f.mu.Unlock()
	s.takeBack()
	s.Version() // for readers to see
	s.mu.Lock()
	s.keeps = whenKept && q != nil
	s.mu.Unlock()
	f.sequencer = q
	return nil
}

// Sequence tells the sequencer of the commit that is about to be made. Its error refuses it. It is for who has the writer's lock.
func (s *Store) Sequence(l *List) error {
	f := s.feed.Load()
	p := &pending{Commit: Commit{ID: s.head.id + 1, list: l}}
	f.mu.Lock()
	broken := f.broken
	f.mu.Unlock()
	if broken != nil {
		return lost(broken)
	}
	if f.sequencer != nil {
		wait, err := f.sequencer.Append(p.Commit)
		if err != nil {
			return &types.Error{Kind: types.ErrQuery, State: "58030", Detail: "the commit was refused by whoever keeps it", Cause: err}
		}
		p.wait = wait
	}
	f.next = p
	return nil
}

// Sequence is [Store.Sequence].
func (st Statement) Sequence(l *List) error { return st.store.Sequence(l) }

// number gives the head its number. What waits to be seen is frozen. The store's inner lock is held.
func (s *Store) number() {
	s.head.id++
	s.unpublish()
	if s.keeps {
		s.owned.forget()
		s.feed.Load().next.version = &Version{state: s.head}
		s.own = nil
	}
}

// hand gives the commit that was made to those who want it, or has it wait until it is kept. It is for who has the writer's lock, and not the
// inner one.
func (s *Store) hand() *Unkept {
	f := s.feed.Load()
	if f == nil || f.next == nil {
		return nil
	}
	p := f.next
	f.next = nil
	f.mu.Lock()
	if p.version == nil {
		f.push(p.Commit)
		f.mu.Unlock()
		if p.wait == nil {
			return nil
		}
		p.kept, p.seen = true, true
		return &Unkept{s, p}
	}
	f.pending = append(f.pending, p)
	p.kept = p.wait == nil
	f.advance()
	f.mu.Unlock()
	return &Unkept{s, p}
}

// push puts a commit into the ring.
func (f *feed) push(c Commit) {
	f.ring.push(c)
	f.ringFor(c)
}

// advance has commits seen that are kept, in order. f.mu is held.
func (f *feed) advance() {
	for len(f.pending) > 0 && f.pending[0].kept {
		p := f.pending[0]
		f.pending = f.pending[1:]
		f.store.published.Store(p.version)
		p.version, p.seen = nil, true
		f.push(p.Commit)
	}
	f.settled.Broadcast()
}

// settle notes what became of a commit, and waits until it is seen.
func (f *feed) settle(p *pending, err error) error {
	f.mu.Lock()
	switch {
	case p.seen && err == nil:
		f.mu.Unlock()
		return nil
	case p.seen: // which nobody can take back
		f.mu.Unlock()
		return lost(err)
	case err != nil:
		f.lose(p, err)
	default:
		p.kept = true
		f.advance()
	}
	for !p.seen && p.lost == nil {
		f.settled.Wait()
	}
	f.mu.Unlock()
	if p.lost == nil {
		return nil
	}
	if err != nil { // who found it out takes the head back, once who writes is through
		_ = f.store.writer.lock(&Wait{})
		f.store.takeBack()
		f.store.writer.unlock()
	}
	return lost(p.lost)
}

// lose gives up a commit and those after it. f.mu is held.
func (f *feed) lose(p *pending, err error) {
	for i, q := range f.pending {
		if q != p {
			continue
		}
		for _, after := range f.pending[i:] {
			after.lost = err
		}
		f.pending, f.broken = f.pending[:i], err
		break
	}
	f.settled.Broadcast()
}

// takeBack has the head begin anew, after a commit was lost: from the last one that may yet be kept, or from what is seen. The writer's lock is
// held.
func (s *Store) takeBack() {
	f := s.feed.Load()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken == nil {
		return
	}
	f.broken = nil
	v := s.published.Load()
	if n := len(f.pending); n > 0 {
		v = f.pending[n-1].version
	}
	s.mu.Lock()
	s.owned.forget()
	s.head, s.own = v.state, nil
	s.mu.Unlock()
}

// Adopt makes a version's state the newest, with its definitions and its number, whatever it was. Those who follow the commits are told
// to begin again. A store with a sequencer adopts nothing. The error is a [*Busy], or of kind [types.ErrQuery].
func (s *Store) Adopt(v *Version, w Wait) error {
	d, err := s.Begin(w)
	if err != nil {
		return err
	}
	defer d.Drop()
	f := s.feed.Load()
	if f != nil && f.sequencer != nil {
		return &types.Error{Kind: types.ErrQuery, State: "55000", Detail: "commits are kept by a sequencer, which would not know of it", Hint: "attach none first"}
	}
	d.state, d.own = v.state, nil
	s.mu.Lock()
	d.install()
	s.head.id = v.id
	s.mu.Unlock()
	if f != nil {
		f.mu.Lock()
		f.ring = ring{base: v.id, epoch: f.ring.epoch + 1}
		f.dispatched, f.begunAnew = v.id, len(f.wanted) > 0
		f.ringBell()
		f.mu.Unlock()
	}
	return nil
}

// ring has the latest commits.
type ring struct {
	epoch   int    // how often it has begun anew
	base    uint64 // the number before the first
	commits []Commit
	rows    int
}

// The bounds of a ring: so many commits, and so many rows changed by all but the latest.
const (
	ringCommits = 4096
	ringRows    = 1 << 16
)

func (r *ring) newest() uint64 { return r.base + uint64(len(r.commits)) }

func (r *ring) push(c Commit) {
	r.commits, r.rows = append(r.commits, c), r.rows+c.list.Len()
	drop := 0
	for len(r.commits)-drop > ringCommits || r.rows > ringRows && len(r.commits)-drop > 1 {
		r.rows -= r.commits[drop].list.Len()
		r.commits[drop] = Commit{}
		drop++
	}
	r.commits, r.base = r.commits[drop:], r.base+uint64(drop)
}

// after is the commit after a number. ok is false where there is none yet; tooOld tells that it is there no more, or never was.
func (r *ring) after(id uint64, epoch int) (c Commit, ok, tooOld bool) {
	switch {
	case epoch != r.epoch || id < r.base || id > r.newest():
		return c, false, true
	case id == r.newest():
		return c, false, false
	}
	return r.commits[id-r.base], true, false
}
