package snapshot

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/memrel/memrel/table"
)

// Store is the newest state of a set of tables, and the way to older ones. Its methods may be called from any goroutine.
type Store struct {
	writer writerLock // held by the draft, or the statement in place, that is under way

	mu        sync.Mutex // guards what follows
	head      state
	own       []bool // the head's tables that no version shares, by position; nil: none
	owned     ownedRecords
	watched   *watched // nil while nobody watches a table
	keeps     bool     // published is what is kept, and the head may be ahead of it
	published atomic.Pointer[Version]

	feed atomic.Pointer[feed] // nil while nobody wants the commits
}

// state is a set of tables: one for each of its definitions, by position. Its number is that of the commit that left it.
type state struct {
	id       uint64
	numbered bool // files of it have the number
	defs     *Definitions
	tables   []*table.Table
}

func (s *state) table(name string) *table.Table {
	if i, ok := s.defs.Position(name); ok {
		return s.tables[i]
	}
	return nil
}

// NewStore makes a store without tables.
func NewStore(compiled any) *Store {
	s := &Store{head: state{defs: noDefinitions(compiled)}}
	s.writer.handoff = make(chan struct{}, 1)
	return s
}

// Version is the newest committed state. When nothing was written since the last call that is one atomic load;
// otherwise the head is published: O(tables written).
func (s *Store) Version() *Version {
	if v := s.published.Load(); v != nil {
		return v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.published.Load(); v != nil {
		return v
	}
	s.owned.forget()
	v := &Version{state: s.head}
	s.own = nil
	s.published.Store(v)
	return v
}

// Definitions are the tables of the newest committed state. Unlike [Store.Version] it publishes nothing.
func (s *Store) Definitions() *Definitions {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keeps {
		return s.published.Load().defs
	}
	return s.head.defs
}

// Fork makes a store of its own out of the newest state, in O(1) beside what publishing takes. Neither store sees what
// the other writes.
func (s *Store) Fork() *Store { return s.Version().Fork() }

// Version is a state that never changes. Its methods may be called from any goroutine and take no lock.
type Version struct {
	state
	context context.Context // what loops over its rows look at; nil: nothing
	record  sync.Once       // guards catalog
	catalog *Catalog
}

// Table is the table of that name, nil if there is none. It must only be read. O(1).
func (v *Version) Table(name string) *table.Table { return v.state.table(name) }

// At is the table at a position of the version's definitions, see [Definitions.Position]. It must only be read. O(1).
func (v *Version) At(i int) *table.Table { return v.tables[i] }

// ID is the number of the commit that left the version: how many there were, counted on in forks. It is 0 of a store to which nothing was
// committed, and of a transaction as it stands.
func (v *Version) ID() uint64 { return v.id }

// Definitions are the tables that the version has.
func (v *Version) Definitions() *Definitions { return v.defs }

// WithContext is the version for who has a context looked at while its rows are looped over; nil for none.
func (v *Version) WithContext(ctx context.Context) *Version {
	return &Version{state: v.state, context: ctx}
}

// Context is what loops over the version's rows look at; nil if nothing.
func (v *Version) Context() context.Context { return v.context }

// Fork makes a writable store out of the version, in O(1). It has nothing to do with the version's context.
func (v *Version) Fork() *Store {
	f := &Store{head: v.state}
	f.writer.handoff = make(chan struct{}, 1)
	if v.context == nil {
		f.published.Store(v)
	}
	return f
}

// Catalog is the catalog of the version's definitions, brought up to date with the versions of its tables: each table's object holds
// the one that the version has. The first call is one go-memdb transaction, O(tables); later ones give the same.
func (v *Version) Catalog() *Catalog {
	v.record.Do(func() { v.catalog = v.defs.catalog.withTables(v.tables) })
	return v.catalog
}
