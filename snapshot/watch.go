package snapshot

import (
	"github.com/hashicorp/go-memdb"
)

// watched are the tables of a store that somebody watches: a go-memdb of the store's own, whose watch channels fire when a commit
// brings the object of a table up to date. It is fed at commits that change a watched table and at no other, and there is none
// while nobody watches. The store's inner lock guards it.
type watched struct {
	db      *memdb.MemDB
	names   map[string]bool
	changed []string // watched tables that the work on the head has asked to write
}

// Watch is a channel that is closed by the first commit, after now, that changes a table, alters it or drops it; there need not be a
// table of that name yet. Each call watches for one commit. Forks have watchers of their own.
func (s *Store) Watch(name string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watched == nil {
		db, err := memdb.NewMemDB(catalogSchema())
		must(err)
		s.watched = &watched{db: db, names: map[string]bool{}}
	}
	w := s.watched
	w.names[name] = true
	w.record(name, s)
	fired, _, err := w.db.Txn(false).FirstWatch(tablesTable, byID, name)
	must(err)
	return fired
}

// note remembers that the head's table is going to be written.
func (w *watched) note(name string) {
	if w.names[name] {
		w.changed = append(w.changed, name)
	}
}

// tell fires the channels of the tables that a commit has changed: those noted, and those that are others than before. A channel
// that has fired watches no more.
func (s *Store) tell(before *state) {
	w := s.watched
	if w == nil {
		return
	}
	if before != nil {
		for name := range w.names { // each by itself: the order does not show
			if before.table(name) != s.head.table(name) {
				w.changed = append(w.changed, name)
			}
		}
	}
	for _, name := range w.changed {
		w.record(name, s)
		delete(w.names, name)
	}
	w.changed = w.changed[:0]
	if len(w.names) == 0 {
		s.watched = nil
	}
}

// record brings the object of a table up to date, which fires its channel. The version that it holds is frozen: the next write
// copies the table. One that there is not has an object too, without a version, for its channel.
func (w *watched) record(name string, s *Store) {
	o := &tableObject{name: name}
	if i, ok := s.head.defs.Position(name); ok {
		o.table = s.head.tables[i]
		o.def = o.table.Def()
		if s.own != nil {
			s.own[i] = false
		}
	}
	txn := w.db.Txn(true)
	defer txn.Abort()
	must(txn.Insert(tablesTable, o))
	txn.Commit()
}
