// Package memrel is an in-memory relational store: tables with unique keys and foreign keys, transactions, views and
// forks, and a cascade engine that holds on every write.
//
//	type User struct {
//		ID    int64                    // the primary key, numbered
//		Email string `memrel:",unique"` // go doc memrel.TableOf has all that a tag can say
//	}
//	var Users = memrel.TableOf[User]("users")
//
//	db := memrel.MustOpen(Users)
//	ann, err := Users.Insert(db, User{Email: "ann@example.com"})
//
// # Handles
//
// A table is named by a handle, and the handle by what it gives: [Table] structs, [Rows] a [Row], [Model] an [Instance]
// with what a query includes. All are a [Handle] and have its verbs. Handles are values; one works on any store, fork, view
// or transaction that has the table. Each verb takes what it works on as its first argument:
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
// [Handle.Find] include associated rows. The packages below [github.com/memrel/memrel/examples/sequelize] walk through
// Sequelize's manual with both.
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
// A statement that fails has changed nothing and the transaction goes on. Reads that
// return no error (Get, All, Of) panic with one where only the program can be wrong; docs/errors.md says when.
//
// # A statement
//
// Whatever handle it comes from, a statement takes one way; package internal/engine has the code of each step:
//
//	Users.Insert   RowsOf("users").Update    UserPosts.Add   ann.Call(db, "addPosts", ...)
//	      └──────────────┴────────────┬───────────┴─────────────────┘
//	                             a statement, as a value
//	 1 begin     a statement of its own takes the writer's lock; one in a transaction has it
//	 2 prepare   names, values and rows: package table; structs: internal/bind; an association's keys: assoc
//	 3 plan      what becomes of rows that refer to these: cascade
//	 4 apply     records go into the trees of a draft, or of the newest state in place: snapshot, index
//	 5 capture   what changed is logged, to be undone and to be told by Tx.Changes
//	 6 check     what waits is checked, at the commit
//
// This package holds handles and no rule: what a row may be, what a cascade does and what an association goes by is decided in
// the packages below it, which docs/architecture.md shows. They carry no promise of compatibility, but for what names of
// this package stand for.
package memrel
