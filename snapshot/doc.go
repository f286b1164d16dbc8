// Package snapshot keeps the versions of a store: which tables there are, their newest state, the views and forks that
// hold on to older states, and the one writer at a time.
//
// It knows tables as wholes. Rows and keys are package table's, references package cascade's.
//
// # Versions
//
// A [Version] is a state that never changes: a set of tables, each itself one version. Views read it without a lock.
//
//	       writer                        readers
//	Draft ──commit──> head ──publish──> Version ──> views, forks
//	                   ^ │
//	one small statement┘ └ tables that a Version shares are frozen: the next write copies their trees, in O(1),
//	in place               and then the paths that it touches
//
// Publishing is lazy, and one pointer: the head is published when somebody asks for a view and not before. So a run of writes that
// nobody looks at pays for no copies, and asking for a view when nothing was written since the last one is one atomic load.
//
// # The catalog
//
// [Definitions] have a [Catalog], in go-memdb: tables, keys, references, associations, each by unique indexes. A batch of
// definitions is one go-memdb transaction, and makes another catalog that shares with the first what it leaves as it is. It is read
// when definitions change and by who shows them, never by a read of rows. [Version.Catalog] has the versions of the tables too;
// [Store.Watch] is fed at commits that change a watched table, and costs nothing while nobody watches.
//
// Invariants (docs/architecture.md): nothing published is ever written (I3); a draft that is dropped leaves no trace (I4).
//
// # Locks
//
// A draft holds the store's writer lock from [Store.Begin] to its end: user code may run meanwhile. Who waits for it is served in
// turn, for as long as a [Wait] says. A second, inner lock guards the head while a statement works in place or a version is
// published: no user code runs beneath it, so [Store.Version] waits for a fraction of a millisecond at the most, and never for a
// draft.
//
// There is no compatibility promise below the root package.
package snapshot
