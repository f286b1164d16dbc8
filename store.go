// Package memrel is an in-memory relational store: tables with unique keys and foreign keys, transactions, views and
// forks, and a cascade engine that holds on every write.
//
// # Handles
//
// A table is named by a handle: [Table] for rows of a Go struct, [Model] for tables known at run time. Handles are
// values; one handle works on any store, fork, view or transaction that has the table. Each verb takes what it works on
// as its first argument:
//
//	Users.Get(view, 1)               // on a View, a Tx, or the DB (its newest state)
//	Users.Insert(tx, User{...})      // in a transaction
//	Users.Insert(db, User{...})      // a transaction of its own
//
// # Associations
//
// A [ModelSpec] is a table with names, a primary key and timestamps by convention; [HasOne], [BelongsTo], [HasMany] and
// [BelongsToMany], or the methods of the same names of [Model], associate tables. All of them are definitions, in any
// order: foreign keys and junction tables come into being by themselves. Typed associations walk and change rows of Go
// structs; run-time ones do so through an [Instance], by verb or by the name of a generated accessor, and queries of
// [Model.FindAll] include associated rows. The examples of Model and Instance follow Sequelize's manual.
//
// # Concurrency
//
// Readers take no lock: [DB.View] gives a state that never changes. Writers take turns: one transaction at a time, from
// [DB.Begin] or [DB.Update] to its end; code inside it must write through the transaction, never through the DB, which
// would wait for itself. A [Tx] belongs to one goroutine at a time; everything else may be used from any.
//
// # Errors
//
// Every error is an [*Error]; errors.Is tells its kind ([ErrUnique], [ErrForeignKey], [ErrRestrict], [ErrNotNull], ...).
// A statement that fails has changed nothing and the transaction goes on.
//
// The package holds no rule of its own: values and keys are package table's, references package cascade's, versions
// package snapshot's.
package memrel

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// DB is a store. Its methods may be called from any goroutine. See [Open].
type DB struct {
	store  *snapshot.Store
	limits atomic.Pointer[Limits]
	single Tx // what statements of their own use, under the writer lock
}

// Open makes a store with the given tables, which may refer to one another in any order. Errors are of kind
// [ErrDefinition].
func Open(defs ...Definition) (*DB, error) {
	db := newDB(newStore())
	if err := db.Define(defs...); err != nil {
		return nil, err
	}
	return db, nil
}

// MustOpen is Open for definitions that are part of the program: it panics if they are refused.
func MustOpen(defs ...Definition) *DB {
	db, err := Open(defs...)
	if err != nil {
		panic(err)
	}
	return db
}

func newDB(store *snapshot.Store) *DB {
	db := &DB{store: store}
	db.limits.Store(&Limits{})
	return db
}

// View is the newest committed state, frozen: it never changes, needs no closing, and reading it takes no lock. One
// atomic load if nothing was written since the last view; otherwise O(tables written). It never waits for the code of a
// transaction.
func (db *DB) View() View { return View{db.store.Version()} }

// Fork is a writable copy of the newest committed state, in O(1): nothing that either of the two writes shows in the
// other. A fork can be forked.
func (db *DB) Fork() *DB {
	f := newDB(db.store.Fork())
	f.limits.Store(db.limits.Load())
	return f
}

// Check walks the newest committed state and yields every violation of what must stay true: each index has each row once
// under its own key, unique keys have one owner, NOT NULL and checks hold, every foreign key has its parent. It yields
// nothing on a sound store. O(rows x keys x log n).
func (db *DB) Check() iter.Seq[error] { return db.View().Check() }

// SetLimits bounds every statement from the next transaction on; see [Limits].
func (db *DB) SetLimits(l Limits) { db.limits.Store(&l) }

// View is a state of a store that never changes. It is a small value that may be copied, kept, and used from any
// goroutine. Keeping one keeps the rows that it sees.
type View struct{ version *snapshot.Version }

// noVersion is what the zero View sees: no tables.
var noVersion = sync.OnceValue(func() *snapshot.Version { return newStore().Version() })

// at is the version that the view is of.
func (v View) at() *snapshot.Version {
	if v.version == nil {
		return noVersion()
	}
	return v.version
}

func newStore() *snapshot.Store {
	graph, err := cascade.NewGraph(nil, nil)
	if err != nil {
		panic(err) // of no tables
	}
	return snapshot.NewStore(&compiled{graph: graph})
}

// Fork is a writable store that starts from the view, in O(1).
func (v View) Fork() *DB { return newDB(v.at().Fork()) }

// Tables are the names of the view's tables, sorted. The slice must not be changed.
func (v View) Tables() []string { return v.at().Definitions().Names() }

// Schema is the definition of a table, with every name filled in.
func (v View) Schema(name string) (Schema, bool) {
	t := v.at().Table(name)
	if t == nil {
		return Schema{}, false
	}
	return t.Def().Schema(), true
}

// Check is [DB.Check] for this view.
func (v View) Check() iter.Seq[error] {
	return func(yield func(error) bool) {
		for _, name := range v.Tables() {
			if !v.at().Table(name).Check(yield) {
				return
			}
		}
		graphOf(v.at().Definitions()).Check(v.at(), yield)
	}
}

// compiled is what is worked out of all definitions together.
type compiled struct {
	graph *cascade.Graph
	assoc *assoc.Set
	hooks hooks
}

func compiledOf(d *snapshot.Definitions) *compiled { return d.Compiled().(*compiled) }

func graphOf(d *snapshot.Definitions) *cascade.Graph { return compiledOf(d).graph }

// Reader is what can be read: a [View], a [*Tx] as it stands, or a [*DB], which is its newest view.
type Reader interface {
	// source gives the state; live tells that it may be written while somebody iterates over it.
	source() (state table.Reader, live bool)
}

func (v View) source() (table.Reader, bool) { return v.at(), false }

func (db *DB) source() (table.Reader, bool) { return db.store.Version(), false }

// noTables is the state of a transaction that has ended.
type noTables struct{}

func (noTables) Table(string) *table.Table { return nil }
