package table

import (
	"iter"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
)

// Table is one version of a table's data: one tree for each key of its [Def]. Reads may run from any goroutine while
// nobody writes to this version; [Table.Copy] makes a version of one's own in O(number of keys).
//
// Writing does not check references: that is for package cascade. It does not check NOT NULL, types or checks either:
// records come from [Def.NewRecord] and [Def.Updated], which do.
type Table struct {
	def   *Def
	trees []*index.Tree
	nums  Numbers
}

// New makes an empty table.
func New(def *Def) *Table {
	t := &Table{def: def, trees: make([]*index.Tree, len(def.Keys())), nums: newNumbers()}
	for i := range def.Keys() {
		t.trees[i] = index.NewTree(def.Keys()[i].Order)
	}
	return t
}

// Copy makes an independent version. It may be called from several goroutines, also beside readers.
func (t *Table) Copy() *Table {
	c := &Table{def: t.def, trees: make([]*index.Tree, len(t.trees)), nums: t.nums}
	for i, tree := range t.trees {
		c.trees[i] = tree.Copy()
	}
	return c
}

// Def is the table's definition.
func (t *Table) Def() *Def { return t.def }

// Len is the number of rows, in O(1).
func (t *Table) Len() int { return t.trees[0].Len() }

// Tree is the tree of key i of [Def.Keys]. It must be read only.
func (t *Table) Tree(i int) *index.Tree { return t.trees[i] }

// Records walks all rows in the order of the primary key. The table must not be written meanwhile.
func (t *Table) Records() iter.Seq[index.Record] {
	return t.trees[0].All()
}

// Insert adds a record to every tree. If a unique key is taken it changes nothing and returns the key's position in
// [Def.Keys] and the row that owns it; otherwise the position is -1. O(keys x log n).
func (t *Table) Insert(r index.Record) (taken int, owner index.Record) {
	for i, tree := range t.trees {
		var ok bool
		if i == 0 {
			owner, ok = tree.Append(r)
		} else {
			owner, ok = tree.Insert(r)
		}
		if !ok {
			for _, done := range t.trees[:i] {
				done.Delete(r)
			}
			return i, owner
		}
	}
	t.noteAuto(r)
	return -1, index.Record{}
}

// sortedRows is from how many rows on an insert sorts them for each key.
const sortedRows = 64

// InsertAll is Insert for several records, all or none. If a key is taken, by a row of the table or an earlier one of
// recs, at is the position of the first record in recs for which it is. If interrupt stops it, it adds none and its error tells so.
func (t *Table) InsertAll(recs []index.Record, interrupt *query.Interrupt) (at, taken int, owner index.Record) {
	before := t.nums
	if len(recs) >= sortedRows && (t.insertSorted(recs, interrupt) || interrupt.Err() != nil) {
		return 0, -1, index.Record{}
	}
	for i, r := range recs {
		if taken, owner = t.Insert(r); taken >= 0 {
			for _, done := range recs[:i] {
				for _, tree := range t.trees {
					tree.Delete(done)
				}
			}
			t.nums = before
			return i, taken, owner
		}
	}
	return 0, -1, index.Record{}
}

// insertSorted adds records key by key, or none of them if one is taken, which inserting one by one finds out, or if it is stopped.
func (t *Table) insertSorted(recs []index.Record, interrupt *query.Interrupt) bool {
	for i, tree := range t.trees {
		for in := 0; in < len(recs); {
			if n := interrupt.Rows(len(recs) - in); n > 0 && tree.InsertAll(recs[in:in+n]) {
				in += n
				continue
			}
			tree.DeleteAll(recs[:in])
			for _, done := range t.trees[:i] {
				done.DeleteAll(recs)
			}
			return false
		}
	}
	for _, r := range recs {
		t.noteAuto(r)
	}
	return true
}

// Change is what becomes of one row: no Old is an insert, no New is a delete.
type Change struct {
	Old, New index.Record
}

// KeysUnchanged tells whether a change rewrites a row and leaves every key of the table as it is, foreign keys included; of a
// soft-deleted row that comes back these count again. O(columns of keys).
func (d *Def) KeysUnchanged(c Change) bool {
	if c.Old.IsZero() || c.New.IsZero() || d.Gone(c.Old) {
		return false
	}
	for i := range d.Keys() {
		if !d.Keys()[i].Order.Identical(c.Old, c.New) {
			return false
		}
	}
	return true
}

// Apply carries out changes to several rows at once: keys may move between the rows, as long as what they leave is
// unique. That, and that every Old is in the table, is the caller's to know. If interrupt, which may be nil, stops it, its error
// tells so, and the table is of no use any more. O(changes x keys x log n); rows that are neighbors in a key go for less.
func (t *Table) Apply(changes []Change, interrupt *query.Interrupt) {
	var few [8]index.Record
	recs := few[:0]
	if len(changes) > len(few) {
		recs = make([]index.Record, 0, len(changes))
	}
	for i, tree := range t.trees {
		order := t.def.Keys()[i].Order
		recs = recs[:0]
		for _, c := range changes {
			if !c.Old.IsZero() && (c.New.IsZero() || order.Compare(c.Old, c.New) != 0) {
				recs = append(recs, c.Old)
			}
		}
		remove(tree, recs, interrupt)
		recs = recs[:0]
		for _, c := range changes {
			if !c.New.IsZero() {
				recs = append(recs, c.New)
			}
		}
		replace(tree, recs, interrupt)
	}
	if t.def.auto >= 0 {
		for _, c := range changes {
			if !c.New.IsZero() {
				t.noteAuto(c.New)
			}
		}
	}
}

// Overwrite changes a row to what now has without another record for it: only the trees whose key changes are touched. r
// is in the table and nobody but its trees holds it, which is the caller's to know, as is that the keys of now are free.
// now does not come into the table. O(keys x columns), and O(log n) for each key that changes.
func (t *Table) Overwrite(r, now index.Record) {
	var few [8]*index.Tree
	moved := few[:0]
	for i, tree := range t.trees {
		if t.def.Keys()[i].Order.Compare(r, now) != 0 {
			tree.Delete(r)
			moved = append(moved, tree)
		}
	}
	r.Overwrite(now, len(t.def.schema.Columns))
	for _, tree := range moved {
		tree.Replace(r)
	}
	t.noteAuto(r)
}

// batchRows is from how many rows on a tree changes them as a batch.
const batchRows = 8

func remove(tree *index.Tree, recs []index.Record, interrupt *query.Interrupt) {
	for len(recs) >= batchRows {
		n := interrupt.Rows(len(recs))
		if n == 0 {
			return
		}
		tree.DeleteAll(recs[:n])
		recs = recs[n:]
	}
	for _, r := range recs {
		tree.Delete(r)
	}
}

func replace(tree *index.Tree, recs []index.Record, interrupt *query.Interrupt) {
	for len(recs) >= batchRows {
		n := interrupt.Rows(len(recs))
		if n == 0 {
			return
		}
		tree.ReplaceAll(recs[:n])
		recs = recs[n:]
	}
	for _, r := range recs {
		tree.Replace(r)
	}
}

// Clear removes every row and keeps the numbering. O(keys).
func (t *Table) Clear() {
	for i := range t.trees {
		t.trees[i] = index.NewTree(t.def.Keys()[i].Order)
	}
}
