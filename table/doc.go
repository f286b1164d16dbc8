// Package table is one table: what its columns, keys and references are, which rows may be in it, and how they get there.
//
// A [Schema] is a definition as data; [Compile] resolves it to a [Def], which never changes. A [Table] is one version of a
// table's data: a tree of records for each key. The package owns defaults, numbering, NOT NULL and checks ([Def.NewRecord],
// [Def.CheckRecord]), primary and unique keys ([Table.Insert], [Table.Apply]), and what altering a table makes of its rows
// ([Rebuild]). It does not own references beyond their definition: whether a parent is there, and what becomes of rows that
// refer to one that goes, is package cascade's. Values are package types', conditions and plans package query's, structs package
// internal/bind's, transactions and versions package snapshot's.
//
// Invariants (docs/architecture.md): every key has each row once, under its own key (I1); a row fits its columns, and a unique
// key has one owner (I2); a record in a table is never written (I3); cost follows the rows touched (I7). [Table.Check] walks the
// first two.
//
// Defs and records may be used from any goroutine. A Table may be read from any while nobody writes to it, and written by one.
//
// There is no compatibility promise below the root package.
package table
