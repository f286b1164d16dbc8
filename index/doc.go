// Package index owns key order: how values compare, how they encode to bytes that sort alike, and the persistent
// ordered trees that every primary key, unique key and foreign key index is made of.
//
// It does not know tables, columns by name, or constraints; those are package table's.
//
// # Values and records
//
// A [Value] is one cell: 16 bytes, without its type, which the column knows. A [Record] is one stored row: a pointer to
// its cells. A changed row is a new record, unless whoever changes it knows that nobody else can hold the old one: see
// [Record.Overwrite].
//
// # Trees
//
// A [Tree] is a B-tree of one [Entry] a record: the record's pointer, and a prefix that sorts as the beginning of its key
// does: eight bytes, and sixteen of a string. A comparison looks at the prefix and, on a tie only, at the records themselves:
//
//	entry    prefix (8 bytes) | next 8 of a string | record ──> cells  id | authorId | slug | title
//	                                                                   16 bytes each
//
// Keys that such a number holds whole, and that are never NULL, need no entries: one integer, or two of 32 bits each, as
// (authorId, id) is, make a radix tree, whose records are found without a comparison; see radix.go and radix_leaf.go. A walk
// over children reads an array of records.
//
// Invariants (docs/architecture.md):
//
//   - I1: a tree holds each record once, under the key that the record's cells give.
//   - I3: a tree that was copied is not written through the other copy. [Tree.Copy] is O(I1) and may be called on one
//     tree from several goroutines; everything else that writes needs a tree of one's own.
//
// Cost: Get, Insert, Replace and Delete are O(log n); a range is O(log n + records visited); reads allocate nothing; Copy
// is O(I1), and after it the first write to each node, through either tree, copies that node once.
//
// There is no compatibility promise below the root package.
package index
