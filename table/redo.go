package table

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Redo carries out changes that were judged elsewhere, all or none, after which last is to be the last number: to set it is left to the caller.
// Each Old must be a record of its own. What it looks at is what keeps the table sound: that each Old is in it, that no key of what is new is
// taken, by a row that stays or by another that is new, and that no row has a greater number. Errors are of kind [types.ErrNotFound] and
// [types.ErrUnique]. O(changes x keys x log n), and O(rows) if numbers go back.
func (t *Table) Redo(changes []Change, last int64) error {
	for _, c := range changes {
		if c.Old.IsZero() {
			continue
		}
		if have, ok := t.trees[0].Find(c.Old); !ok || have != c.Old {
			return t.def.MovedOn(t.def.Keys()[0].Order.Values(nil, c.Old))
		}
	}
	for i := range t.trees {
		if r, owner, ok := t.redoTree(i, changes); !ok {
			t.undoTree(i, changes, r)
			t.undoTrees(t.trees[:i], changes)
			return t.def.Taken(i, r, owner)
		}
	}
	if r := t.above(changes, last); !r.IsZero() {
		t.undoTrees(t.trees, changes)
		return t.def.MovedOn(t.def.Keys()[0].Order.Values(nil, r))
	}
	return nil
}

// above is a row with a number greater than last, after changes; none if there is none.
func (t *Table) above(changes []Change, last int64) index.Record {
	if t.def.auto < 0 {
		return index.Record{}
	}
	for _, c := range changes {
		if !c.New.IsZero() && t.def.Number(c.New) > last {
			return c.New
		}
	}
	if last < t.nums.last {
		if r := t.greatest(); !r.IsZero() && t.def.Number(r) > last {
			return r
		}
	}
	return index.Record{}
}

// MovedOn is the error of a change to the row with a primary key, which is not as the change has it.
func (d *Def) MovedOn(key []index.Value) error {
	e := types.AsError(d.NoRow(key))
	e.State, e.Detail = "40001", e.Detail+" as the list has it"
	e.Hint = "apply lists in the order of their commits, to the state that they were made from"
	return e
}

// moves tells whether a change takes a row out of one place of a tree and puts one into another.
func moves(order *index.Key, c Change) (out, in bool) {
	if c.Old.IsZero() || c.New.IsZero() {
		return !c.Old.IsZero(), !c.New.IsZero()
	}
	other := order.Compare(c.Old, c.New) != 0
	return other, other
}

// redoTree is Redo for one tree. If a key is taken it stops at that record, with those before it done.
func (t *Table) redoTree(i int, changes []Change) (at, owner index.Record, ok bool) {
	tree, order := t.trees[i], t.def.Keys()[i].Order
	if len(changes) < batchRows {
		return redoFew(tree, order, changes)
	}
	var out, same, in []index.Record
	for _, c := range changes {
		leaves, comes := moves(order, c)
		switch {
		case leaves && comes:
			out, in = append(out, c.Old), append(in, c.New)
		case leaves:
			out = append(out, c.Old)
		case comes:
			in = append(in, c.New)
		default:
			same = append(same, c.New)
		}
	}
	tree.DeleteAll(out)
	tree.ReplaceAll(same)
	if tree.InsertAll(in) {
		return at, owner, true
	}
	return insertEach(tree, in)
}

func redoFew(tree *index.Tree, order *index.Key, changes []Change) (at, owner index.Record, ok bool) {
	var in [batchRows]index.Record
	n := 0
	for _, c := range changes {
		out, comes := moves(order, c)
		if out {
			tree.Delete(c.Old)
		} else if !comes {
			tree.Replace(c.New)
		}
		if comes {
			in[n] = c.New
			n++
		}
	}
	return insertEach(tree, in[:n])
}

func insertEach(tree *index.Tree, recs []index.Record) (at, owner index.Record, ok bool) {
	for _, r := range recs {
		if owner, ok = tree.Insert(r); !ok {
			return r, owner, false
		}
	}
	return at, owner, true
}

// undoTrees takes back what redoTree did to the first trees.
func (t *Table) undoTrees(trees []*index.Tree, changes []Change) {
	for i := range trees {
		t.undoTree(i, changes, index.Record{})
	}
}

// undoTree takes back what redoTree did, until it came to the record at; all of it if that is none.
func (t *Table) undoTree(i int, changes []Change, at index.Record) {
	tree, order := t.trees[i], t.def.Keys()[i].Order
	for _, c := range changes {
		if _, in := moves(order, c); in {
			if c.New == at {
				break
			}
			tree.Delete(c.New)
		}
	}
	for _, c := range changes {
		if !c.Old.IsZero() {
			tree.Replace(c.Old)
		}
	}
}

// Redefined is the table under another definition, for which its records serve as they are: columns of the same types in the same
// places. Trees of keys that stay are shared copies. It holds no row to anything but new keys, NOT NULLs and checks. O(keys), and O(rows) for what
// is new.
func (t *Table) Redefined(def *Def) (*Table, error) {
	from := make([]int, len(def.schema.Columns))
	for i := range from {
		from[i] = i
	}
	if !sameCells(t.def, def, from) {
		return nil, &types.Error{Kind: types.ErrDefinition, Table: def.Name(), Detail: "the columns of table " + def.Name() + " are others than those of its rows", Hint: "define the table as it is there"}
	}
	return reindex(t, def, from, nil)
}
