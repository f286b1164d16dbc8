package snapshot

import (
	"iter"
	"sync"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Interest is what somebody who waits is to be woken for: a change of a table that concerns it. The zero Interest is every commit.
type Interest struct {
	Table string // empty: every table
	// Row is the encoded primary key of the only row that it is about; empty: any row.
	Row string
	// Meets tells whether a change of a row concerns it; nil: every one does. It must only read.
	Meets func(def *table.Def, c table.Change) bool
}

// watching has those who wait for a commit. A writer rings, at most, and one of those who wait then looks whom the commit concerns, and wakes
// these: what a commit costs does not depend on how many watch.
//
//	writer ── bell ──> one who sleeps ── wakes ──> those whom the commit concerns
type watching struct {
	wanted     map[string]int // by table, how many sleep who are interested; guarded by the feed's mu, as the next
	dispatched uint64         // the number up to which those who sleep were looked through
	begunAnew  bool           // everybody is to be woken
	active     bool           // somebody is looking through, and will see the newest commit
	bell       chan struct{}

	sleep  sync.Mutex // guards what follows: who sleeps. It is taken before mu
	tables map[string]*sleepers
}

// sleepers are those who are interested in one table.
type sleepers struct {
	rows map[string]map[*sleeper]struct{} // by the encoded primary key
	any  map[*sleeper][]Interest
}

// sleeper is one who waits. It has seen what was committed up to a number.
type sleeper struct {
	at        uint64
	interests []Interest
	wake      chan struct{}
	asleep    bool
}

func (w *watching) begin(id uint64) {
	w.wanted, w.tables, w.dispatched, w.bell = map[string]int{}, map[string]*sleepers{}, id, make(chan struct{}, 1)
}

// ringFor rings if somebody who sleeps may be interested in a commit, which is the newest. mu is held.
func (f *feed) ringFor(c Commit) {
	if len(f.wanted) > 0 && f.wantedIn(c) {
		f.ringBell()
	} else if f.dispatched == c.ID-1 {
		f.dispatched = c.ID
	}
}

func (f *feed) ringBell() {
	if f.active {
		return
	}
	select {
	case f.bell <- struct{}{}:
	default:
	}
}

func (f *feed) wantedIn(c Commit) bool {
	if f.wanted[""] > 0 {
		return true
	}
	for name := range c.tables() {
		if f.wanted[name] > 0 {
			return true
		}
	}
	return false
}

// tables are the names of the tables that a commit has to do with, some of them perhaps several times.
func (c Commit) tables() iter.Seq[string] {
	return func(yield func(string) bool) {
		if c.list == nil {
			return
		}
		for i := range c.list.Steps {
			s := &c.list.Steps[i]
			for j := range s.Tables {
				if !yield(s.Tables[j].Def.Name()) {
					return
				}
			}
			for t := range s.Definitions.Tables() {
				if !yield(t.Def().Name()) {
					return
				}
			}
		}
	}
}

// fallAsleep has somebody wait who has seen every commit; false if there is another meanwhile.
func (f *feed) fallAsleep(s *sleeper, epoch int) bool {
	f.sleep.Lock()
	defer f.sleep.Unlock()
	f.mu.Lock()
	if f.ring.newest() != s.at || f.ring.epoch != epoch {
		f.mu.Unlock()
		return false
	}
	for _, i := range s.interests {
		f.wanted[i.Table]++
	}
	f.mu.Unlock()
	s.asleep = true
	for _, i := range s.interests {
		t := f.tables[i.Table]
		if t == nil {
			t = &sleepers{rows: map[string]map[*sleeper]struct{}{}, any: map[*sleeper][]Interest{}}
			f.tables[i.Table] = t
		}
		if i.Row == "" {
			t.any[s] = append(t.any[s], i)
			continue
		}
		if t.rows[i.Row] == nil {
			t.rows[i.Row] = map[*sleeper]struct{}{}
		}
		t.rows[i.Row][s] = struct{}{}
	}
	return true
}

// getUp ends the sleep of somebody, whom nobody may have woken, past all that it was looked through for.
func (f *feed) getUp(s *sleeper) {
	f.sleep.Lock()
	defer f.sleep.Unlock()
	if s.asleep {
		f.mu.Lock()
		s.at = max(s.at, f.dispatched)
		f.mu.Unlock()
		f.forget(s)
	}
	select {
	case <-s.wake:
	default:
	}
}

// forget takes somebody out of those who sleep. sleep is held.
func (f *feed) forget(s *sleeper) {
	s.asleep = false
	f.mu.Lock()
	for _, i := range s.interests {
		if f.wanted[i.Table]--; f.wanted[i.Table] == 0 {
			delete(f.wanted, i.Table)
		}
	}
	f.mu.Unlock()
	for _, i := range s.interests {
		t := f.tables[i.Table]
		if t == nil {
			continue
		}
		delete(t.any, s)
		if delete(t.rows[i.Row], s); len(t.rows[i.Row]) == 0 {
			delete(t.rows, i.Row)
		}
		if len(t.any)+len(t.rows) == 0 {
			delete(f.tables, i.Table)
		}
	}
}

// dispatch wakes those whom the commits concern that are new.
func (f *feed) dispatch() {
	f.sleep.Lock()
	defer f.sleep.Unlock()
	for {
		f.mu.Lock()
		c, more, missed := f.ring.after(f.dispatched, f.ring.epoch)
		newest, all := f.ring.newest(), missed || f.begunAnew
		f.begunAnew, f.active = false, more || all
		f.mu.Unlock()
		to := c.ID
		switch {
		case all:
			f.wakeAll()
			to = newest
		case !more:
			return
		default:
			f.wakeFor(c)
		}
		f.mu.Lock()
		f.dispatched = to
		f.mu.Unlock()
	}
}

func (f *feed) wakeUp(s *sleeper, at uint64) {
	s.at = max(s.at, at)
	f.forget(s)
	s.wake <- struct{}{}
}

// wakeAll wakes everybody: commits were missed.
func (f *feed) wakeAll() {
	f.mu.Lock()
	at := f.dispatched
	f.mu.Unlock()
	for _, t := range f.tables {
		for s := range t.any {
			f.wakeUp(s, at)
		}
		for _, row := range t.rows {
			for s := range row {
				f.wakeUp(s, at)
			}
		}
	}
}

// wakeFor wakes those whom a commit concerns.
func (f *feed) wakeFor(c Commit) {
	if t := f.tables[""]; t != nil {
		wakeEach(f, c, t.any)
	}
	if c.list == nil {
		return
	}
	for i := range c.list.Steps {
		s := &c.list.Steps[i]
		for j := range s.Tables {
			if t := f.tables[s.Tables[j].Def.Name()]; t != nil {
				t.wakeMet(f, c, &s.Tables[j])
			}
		}
	}
	if c.list.Defines() {
		f.wakeRedefined(c)
	}
}

// wakeRedefined wakes those who are interested in tables that a commit defines.
func (f *feed) wakeRedefined(c Commit) {
	for name := range c.tables() {
		t := f.tables[name]
		if t == nil {
			continue
		}
		wakeEach(f, c, t.any)
		for _, row := range t.rows {
			wakeEach(f, c, row)
		}
	}
}

// wakeEach wakes those of some who have not come to a commit.
func wakeEach[V any](f *feed, c Commit, some map[*sleeper]V) {
	for s := range some {
		if s.at < c.ID {
			f.wakeUp(s, c.ID-1)
		}
	}
}

// wakeMet wakes those whom changes of the table concern.
func (t *sleepers) wakeMet(f *feed, c Commit, changes *TableChanges) {
	if len(t.rows) > 0 {
		var key []byte
		for _, change := range changes.Changes {
			for _, r := range [2]index.Record{change.Old, change.New} {
				if !r.IsZero() {
					key = AppendRow(key[:0], changes.Def, r)
					wakeEach(f, c, t.rows[string(key)])
				}
			}
		}
	}
	for s, interests := range t.any {
		if s.at < c.ID && concerns(interests, changes) {
			f.wakeUp(s, c.ID-1)
		}
	}
}

func concerns(interests []Interest, changes *TableChanges) bool {
	for _, i := range interests {
		if i.Meets == nil {
			return true
		}
		for _, c := range changes.Changes {
			if i.Meets(changes.Def, c) {
				return true
			}
		}
	}
	return false
}

// AppendRow appends the primary key of a record, encoded: the Row of an [Interest].
func AppendRow(dst []byte, def *table.Def, r index.Record) []byte {
	for _, p := range def.Keys()[0].Pos {
		dst = index.AppendValue(dst, def.Columns()[p].Type, r.At(p))
	}
	return dst
}
