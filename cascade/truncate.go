package cascade

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Emptied are tables that are to be emptied together, each once, and then those that refer to them, by however many references, in the
// order in which these lead there. A reference that stands in nobody's way, as [Graph.CheckTruncate] has it, leads nowhere.
func (g *Graph) Emptied(names []string) []string {
	var out []string
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for i := 0; i < len(out); i++ {
		for _, ref := range g.Into(out[i]) {
			if !g.passedBy(ref) && !slices.Contains(out, ref.Child) {
				out = append(out, ref.Child)
			}
		}
	}
	return out
}

// CheckTruncate tells whether tables can be emptied together: no other table may refer to one of them, whatever the actions of its
// references say, and whether it has rows or not, as in PostgreSQL. Unchecked references with NO ACTION are passed by. Where deletes cascade
// sequentially unchecked ones of any action are, and checked ones stand in the way as far as rows hold keys by them, but for those with a
// constraint of a database behind them. The error is of kind [types.ErrRestrict]. O(references x log n), and in such a store O(rows that
// refer to none of the rows).
func (g *Graph) CheckTruncate(r table.Reader, names ...string) error {
	for _, name := range names {
		for _, ref := range g.Into(name) {
			if g.passedBy(ref) || slices.Contains(names, ref.Child) {
				continue
			}
			if err := g.inTheWay(r, ref); err != nil {
				return err
			}
		}
	}
	return nil
}

// passedBy tells whether a reference has no say when a table is emptied: nothing holds its rows to their parents.
func (g *Graph) passedBy(ref *Ref) bool {
	return ref.Unchecked && (g.sequential || ref.OnDelete == table.NoAction)
}

// inTheWay is the error if a reference of another table has a table not be emptied.
func (g *Graph) inTheWay(r table.Reader, ref *Ref) error {
	if !g.sequential || ref.turn.Behind != nil {
		return &types.Error{Kind: types.ErrRestrict, State: "0A000", Op: "truncate", Table: ref.Table, Constraint: ref.Name, Columns: ref.columnNames(),
			Detail: fmt.Sprintf("%s refers to it (%s), whether it has rows or not", ref.Child, ref),
			Hint:   "truncate " + ref.Child + " with it, by name or by Cascade, or delete the rows instead"}
	}
	interrupt := table.InterruptOf(r)
	var buf [4]index.Value
	for rec := range r.Table(ref.Child).Tree(ref.childTree).All() {
		if interrupt.Row() {
			return interrupt.Err()
		}
		if key := ref.childKey(buf[:0], rec); nulls(key) == 0 && !ref.childDef.Gone(rec) && ref.hasParent(r, key) {
			gone, _ := ref.inParent(key) // it has a parent
			e := ref.stillReferenced(gone, table.Restrict, []string{ref.childDef.Label(rec)})
			e.Op, e.Hint = "truncate", "truncate "+ref.Child+" with it, by name or by Cascade, or delete the rows instead"
			return e
		}
	}
	return nil
}
