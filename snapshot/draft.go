package snapshot

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Draft is a state in the making: it reads what it wrote and nobody else does, until [Draft.Commit]. It holds the
// store's writer lock until Commit or [Draft.Drop], and belongs to one goroutine at a time.
type Draft struct {
	store *Store
	state
	own  []bool
	lost []table.Numbers // numberings that no table has any more, if tables keep their numbers
	done bool
}

// Begin takes the writer's lock and starts a draft on the newest state. The error is a [*Busy]. O(tables).
func (s *Store) Begin(w Wait) (*Draft, error) {
	if err := s.writer.lock(&w); err != nil {
		return nil, err
	}
	return s.draft(), nil
}

// draft starts a draft; the caller has the writer's lock.
func (s *Store) draft() *Draft {
	Statement{s}.InvalidateOwned()
	return &Draft{store: s, state: s.head, own: nil}
}

// Table is the table of that name as the draft has it, nil if there is none.
func (d *Draft) Table(name string) *table.Table { return d.state.table(name) }

// Writable is the table in a version that belongs to the draft. The first call for a table copies it, in O(keys).
func (d *Draft) Writable(name string) *table.Table {
	i, ok := d.defs.Position(name)
	if !ok {
		return nil
	}
	if d.own == nil {
		d.own = make([]bool, len(d.tables))
		d.tables = slices.Clone(d.tables)
	}
	if !d.own[i] {
		d.tables[i] = d.tables[i].Copy()
		d.own[i] = true
	}
	return d.tables[i]
}

// Definitions are the tables that the draft has.
func (d *Draft) Definitions() *Definitions { return d.defs }

// Redefine gives the draft other definitions, with a table for each that must not be written by anybody else. Tables
// that stay as they are may be left out. O(tables).
func (d *Draft) Redefine(defs *Definitions, tables map[string]*table.Table) {
	next := make([]*table.Table, len(defs.names))
	own := make([]bool, len(defs.names))
	at := 0
	for i, name := range defs.names {
		at = d.defs.reach(at, name)
		if t, ok := tables[name]; ok {
			next[i], own[i] = t, true
			continue
		}
		next[i], own[i] = d.tables[at], d.own != nil && d.own[at]
	}
	had := d.state
	d.state, d.own = state{d.id, d.numbered, defs, next}, own
	d.loseDropped(had)
}

// Mark is a point that a draft can be taken back to.
type Mark struct{ state }

// Mark holds on to the draft as it stands. What it holds is frozen: the next write to a table copies it anew.
func (d *Draft) Mark() Mark {
	d.own = nil
	return Mark{d.state}
}

// Table is the table of that name at the mark; nil if there is none.
func (m Mark) Table(name string) *table.Table { return m.table(name) }

// Version is the draft as it stands, which stays so whatever becomes of the draft.
func (d *Draft) Version() *Version {
	v := &Version{state: d.Mark().state}
	v.id = 0
	return v
}

// Restore takes the draft back to a mark, but for numbers that tables keep.
func (d *Draft) Restore(m Mark) {
	gone := d.tables
	d.state, d.own = m.state, nil
	d.spend(gone, d.lost, d.Writable)
}

// Commit makes the draft the newest state and ends it; changed tells that it is another. What it returns, if anything, is to be waited for. O(1).
func (d *Draft) Commit(changed bool) (u *Unkept) {
	if !d.end() {
		return nil
	}
	if changed {
		u = d.commit()
	} else {
		d.store.spend(d)
	}
	d.letGo()
	d.store.writer.unlock()
	return u
}

func (d *Draft) commit() *Unkept {
	d.store.mu.Lock()
	d.install()
	d.store.number()
	d.store.mu.Unlock()
	return d.store.hand()
}

// ID is the number of the state that the draft began with.
func (d *Draft) ID() uint64 { return d.id }

// KeepNumber has files of the state, and of what comes of it, tell its number.
func (d *Draft) KeepNumber() { d.numbered = true }

// Renumber has the draft be the commit of a number.
func (d *Draft) Renumber(id uint64) { d.id = id - 1 }

// Fed tells whether somebody wants the store's commits.
func (d *Draft) Fed() bool { return d.store.Fed() }

// Sequence is [Store.Sequence], before [Draft.Commit].
func (d *Draft) Sequence(l *List) error { return d.store.Sequence(l) }

// letGo keeps nothing of the tables in a draft that has ended, which may be kept itself.
func (d *Draft) letGo() { d.tables, d.own = nil, nil }

func (d *Draft) install() {
	s := d.store
	if d.own == nil && d.defs == s.head.defs && slices.Equal(d.tables, s.head.tables) {
		return
	}
	s.own = d.owned(&s.head, s.own)
	before := s.head
	s.head = d.state
	s.unpublish()
	s.tell(&before)
}

// owned tells which tables nobody else will share once the draft is the head: its own, and those of the head that it left alone.
func (d *Draft) owned(head *state, headOwn []bool) []bool {
	own := make([]bool, len(d.tables))
	at, same := 0, d.defs == head.defs
	for i, name := range d.defs.names {
		if same { // the tables stand where they stood
			at = i
		} else {
			at = head.defs.reach(at, name)
		}
		untouched := at < len(head.tables) && head.tables[at] == d.tables[i]
		own[i] = d.own != nil && d.own[i] || untouched && headOwn != nil && headOwn[at]
	}
	return own
}

// Drop ends the draft without a trace, but for numbers that tables keep.
func (d *Draft) Drop() {
	if d.end() {
		d.store.spend(d)
		d.letGo()
		d.store.writer.unlock()
	}
}

func (d *Draft) end() bool {
	first := !d.done
	d.done = true
	return first
}

// Statement is one statement that is a transaction of its own. It holds the store's writer lock until [Statement.End].
type Statement struct{ store *Store }

// Statement takes the writer's lock for one statement. The error is a [*Busy].
func (s *Store) Statement(w Wait) (Statement, error) {
	if err := s.writer.lock(&w); err != nil {
		return Statement{}, err
	}
	return Statement{s}, nil
}

// Table is the table of that name in the newest state, nil if there is none.
func (st Statement) Table(name string) *table.Table { return st.store.head.table(name) }

// ID is the number of the newest state.
func (st Statement) ID() uint64 { return st.store.head.id }

// KeepNumber is [Draft.KeepNumber], for the newest state.
func (st Statement) KeepNumber() {
	st.store.mu.Lock()
	defer st.store.mu.Unlock()
	st.store.head.numbered = true
}

// Definitions are the tables of the newest state.
func (st Statement) Definitions() *Definitions { return st.store.head.defs }

// OnHead is the newest state itself, to be written until [Statement.LeaveHead]: nothing is copied but the tables that a version
// shares. Nobody sees the state meanwhile, so the work should be short, and what fails must be undone. User code must not run
// in it.
func (st Statement) OnHead() table.Writer {
	st.store.mu.Lock()
	return inPlace(st)
}

// LeaveHead ends what [Statement.OnHead] began; changed tells that the state is another, and was not left or made as it was.
func (st Statement) LeaveHead(changed bool) {
	if w := st.store.watched; w != nil && !changed {
		w.changed = w.changed[:0]
	}
	st.store.tell(nil)
	if changed {
		st.store.number()
	}
	st.store.mu.Unlock()
}

// UpdateInPlace changes one row in place, while nobody wants the store's commits: old, which the table has, becomes what now has, whose keys are free. now stays out
// of the table, so it can be handed out. Where nobody else can hold old it is written to, and else replaced, once, by a record
// that nobody else holds.
//
// What makes that safe (I3): a record is written to only if UpdateInPlace made it, after the head was last shown to a version or
// a draft; see [ownedRecords]. Only a statement may read the head without that: one that lets anybody get hold of records that
// it found there must call [Statement.InvalidateOwned] before.
func (st Statement) UpdateInPlace(name string, old, now index.Record) {
	s := st.store
	s.mu.Lock()
	defer s.mu.Unlock()
	t := inPlace(st).Writable(name)
	if s.owned.has(old) {
		t.Overwrite(old, now)
	} else {
		own := now.Clone(len(t.Def().Columns()))
		t.Apply([]table.Change{{Old: old, New: own}}, nil)
		s.owned.add(own)
	}
	s.tell(nil)
	s.head.id++
}

// InvalidateOwned says that somebody may get hold of records of the head, or that some will go: none of those that there are is
// written to any more.
func (st Statement) InvalidateOwned() {
	st.store.mu.Lock()
	st.store.owned.forget()
	st.store.mu.Unlock()
}

// OnDraft is OnHead for statements that touch many rows: a draft to write to, for which readers do not wait. [Statement.Install]
// makes it the newest state; one that is not installed leaves no trace.
func (st Statement) OnDraft() *Draft { return st.store.draft() }

// Install makes a draft of [Statement.OnDraft] the newest state. O(1).
func (st Statement) Install(d *Draft) {
	st.store.mu.Lock()
	defer st.store.mu.Unlock()
	d.install()
	st.store.number()
}

// Abandon ends a draft of [Statement.OnDraft] that is not installed, and leaves no trace of it but for numbers that tables keep.
func (st Statement) Abandon(d *Draft) { st.store.spend(d) }

// End gives the writer's lock back. What it returns, if anything, is to be waited for.
func (st Statement) End() (u *Unkept) {
	if st.store.Fed() {
		u = st.store.hand()
	}
	st.store.writer.unlock()
	return u
}

// unpublish has the next who asks for a version be given the head, which is about to be another; where readers see what is kept, they go on
// to see that.
func (s *Store) unpublish() {
	if !s.keeps && s.published.Load() != nil {
		s.published.Store(nil)
	}
}

// inPlace writes to the head, whose lock is held.
type inPlace struct{ store *Store }

// Table is the table of that name in the head.
func (w inPlace) Table(name string) *table.Table { return w.store.head.table(name) }

// Writable is the head's table, copied first if a version shares it.
func (w inPlace) Writable(name string) *table.Table {
	s := w.store
	i, ok := s.head.defs.Position(name)
	if !ok {
		return nil
	}
	if s.own == nil {
		s.own = make([]bool, len(s.head.tables))
		s.head.tables = slices.Clone(s.head.tables)
	}
	if !s.own[i] {
		s.head.tables[i] = s.head.tables[i].Copy()
		s.own[i] = true
	}
	s.unpublish()
	if s.watched != nil {
		s.watched.note(name)
	}
	return s.head.tables[i]
}
