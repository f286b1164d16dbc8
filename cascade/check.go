package cascade

import (
	"fmt"
	"iter"
	"reflect"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// CheckRef holds the rows of a reference's table to it, nothing deferred: the first without its parent is the error.
// O(rows x log n).
func (g *Graph) CheckRef(r table.Reader, ref *Ref, rows iter.Seq[index.Record]) error {
	var buf [4]index.Value
	interrupt := table.InterruptOf(r)
	for rec := range rows {
		if interrupt.Row() {
			return interrupt.Err()
		}
		if !ref.binds(rec) {
			continue
		}
		key := ref.childKey(buf[:0], rec)
		if e := ref.checkKey(key, func() bool { return ref.hasParent(r, key) }); e != nil {
			e.Rows = []string{ref.childDef.Label(rec)}
			e.Hint = "change or delete the row first"
			return e
		}
	}
	return nil
}

// binds tells whether the reference asks for a parent of a row of its table: a soft-deleted row refers to nothing.
func (r *Ref) binds(rec index.Record) bool { return !r.Unchecked && !r.childDef.Gone(rec) }

// SameConstraint tells whether rows that were held to a reference are held to this one: it says the same, of the same rows, whatever
// their names were.
func (r *Ref) SameConstraint(before *Ref, was *table.Renaming) bool {
	said, says := before.Reference, was.ReferenceWas(r.Child, r.Reference)
	said.Name, says.Name = "", ""
	said.SetColumns, says.SetColumns = append([]string{}, said.SetColumns...), append([]string{}, says.SetColumns...)
	return before.Child == was.TableWas(r.Child) && reflect.DeepEqual(said, says) &&
		before.childDef.Peek().SoftDelete == was.ColumnWas(r.Child, r.childDef.Peek().SoftDelete)
}

// Check reports to yield every row whose parent is missing (I2), until that returns false. Keys of unchecked
// references and of soft-deleted rows need none.
func (g *Graph) Check(r table.Reader, yield func(error) bool) {
	var buf [4]index.Value
	interrupt := table.InterruptOf(r)
	for _, ref := range g.refs {
		for rec := range r.Table(ref.Child).Records() {
			if interrupt.Row() {
				return
			}
			if !ref.binds(rec) {
				continue
			}
			key := ref.childKey(buf[:0], rec)
			err := ref.checkKey(key, func() bool { return ref.hasParent(r, key) })
			if err != nil && !yield(fmt.Errorf("memrel: check %s: %w", ref.childDef.Label(rec), err)) {
				return
			}
		}
	}
}
