// Package engine carries out statements on records: inserts, updates, deletes, upserts, truncation and the verbs of associations,
// in transactions, on the versions that package snapshot keeps.
//
// It owns the life of transactions, the order of a statement's steps, undo and savepoints, deferred checks, the capture of
// changes, definitions, and loading. It holds no rule about rows, keys or references: what a row may be is package table's, what
// becomes of rows that refer to others package cascade's, which columns an association goes by package assoc's.
//
// # A statement
//
// A statement is a value: which rows ([bind.Rows] or values for new ones, [Change] for those that there are, [Verb] for an association's), and
// what becomes of them. There is one way in for each, and one way through for all:
//
//  1. begin: a statement of its own takes the writer's lock; one in a transaction has it
//  2. prepare: names are resolved on the table as it is, values converted, rows found and made
//  3. plan: package cascade works out, from reads alone, what else changes; a change that no key has to do with needs no plan
//  4. apply: records go into the trees: of a draft in a transaction, of the head in place for few rows, of a draft for many
//  5. capture: what changed is logged, to be undone and to be told
//  6. check: a statement of its own makes the checks that wait; a transaction at its commit
//
// What fails in 2 or 3 has touched nothing; what fails later is undone from the log, or its draft dropped (I4).
//
// A [Store] may be used from any goroutine, a [Tx] from one at a time.
//
// There is no compatibility promise below the root package.
package engine
