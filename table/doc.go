// Package table is one table: what its columns, keys and references are, how values become cells and rows, and how rows are
// found.
//
// It owns value types and conversion ([Column.FromGo], [ToGo]), NULL, defaults, numbering, NOT NULL and checks
// ([Def.NewRecord], [Def.CheckRecord]), struct tags ([SchemaOf], [Bind]), primary and unique keys ([Table.Insert],
// [Table.Apply]), conditions with SQL's three-valued logic ([Cond], [Predicate]) and the choice of a path to the rows that
// a query asks for ([Query], [Plan]). It does not own references beyond their definition: whether a parent is there, and
// what becomes of rows that refer to one that goes, is package cascade's. Transactions and versions are package
// snapshot's.
//
// A [Schema] is a definition as data; [Compile] resolves it to a [Def], which never changes. A [Table] is one version of a
// table's data: a tree of records for each key.
//
// Invariants, by their numbers in the design notes: every key has each row once, under its own key (1); a unique key has
// one owner (2); a record in a table is never written (3); cost follows the rows touched (7). [Table.Check] walks the first
// two.
//
// Defs, records, predicates and plans may be used from any goroutine. A Table may be read from any while nobody writes to
// it, and written by one.
package table
