// Package snapshot keeps the versions of a store: which tables there are, their newest state, the views and forks that
// hold on to older states, and the one writer at a time.
//
// It knows tables as wholes. Rows and keys are package table's, references package cascade's.
//
// # Versions
//
// A [Version] is a state that never changes: a set of tables, each itself one version. Views read it without a lock.
// The catalog, in go-memdb, says of every version which tables and references it has; publishing a version is one
// go-memdb transaction that inserts the tables that changed.
//
//	       writer                        readers
//	Draft ──commit──> head ──publish──> Version ──> views, forks
//	                   ^ │                 (catalog in go-memdb)
//	one small statement┘ └ tables that a Version shares are frozen: the next write copies their trees, in O(1),
//	in place               and then the paths that it touches
//
// Publishing is lazy: the head is published when somebody asks for a view and not before. So a run of writes that nobody
// looks at pays for no copies, and asking for a view when nothing was written since the last one is one atomic load.
//
// Invariants: nothing published is ever written (3); a draft that is dropped leaves no trace (4).
//
// # Locks
//
// A draft holds the store's writer lock from [Store.Begin] to its end: user code may run meanwhile. A second, inner
// lock guards the head while a statement works in place or a version is published: no user code runs beneath it, so
// [Store.Version] waits for a fraction of a millisecond at the most, and never for a draft.
package snapshot
