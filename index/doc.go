// Package index owns key order: how values compare, how they encode to bytes that sort alike, and the persistent
// ordered trees that every primary key, unique key and foreign key index is made of.
//
// It does not know tables, columns by name, or constraints; those are package table's.
//
// # Values and records
//
// A [Value] is one cell: 16 bytes, without its type, which the column knows. A [Record] is one stored row: a pointer to
// its cells. Records are never changed once they are in a tree; a changed row is a new record.
//
// # Trees
//
// A [Tree] holds one [Entry] a record: the record's pointer and a prefix, eight bytes that sort as the beginning of its
// key does. A comparison looks at the prefix and, on a tie only, at the records themselves:
//
//	entry    prefix (8 bytes) | record ──> cells  id | authorId | slug | title
//	                  │                             16 bytes each
//	                  └─ of the key (authorId, id): both integers in one prefix, so a walk over children never
//	                     looks at a row to compare
//
// Invariants (numbers are those of the design notes):
//
//   - 1: a tree holds each record once, under the key that the record's cells give.
//   - 3: a tree that was copied is not written through the other copy. [Tree.Copy] is O(1) and may be called on one
//     tree from several goroutines; everything else that writes needs a tree of one's own.
//
// Cost: Get, Insert, Replace and Delete are O(log n); a range is O(log n + records visited); reads allocate nothing; Copy
// is O(1), and after it the first write to each node, through either tree, copies that node once.
package index
