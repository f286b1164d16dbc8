package cascade

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Kinds of numbers refer to one another: a whole number to the float that is the same number, and a float to the whole
// number. They are the same exactly or not at all: 2 and 2.0 are, 2.5 and NaN are no whole number, and 2^53+1 is no float. A key is
// then one cell in the child and another in the parent, and has a counterpart there or none.

// refersTo tells whether a column of one type can refer to one of another.
func refersTo(child, parent index.Type) bool {
	return child == parent || child.IsNumber() && parent.IsNumber()
}

// inChild is a key of the parent as rows of the child hold it. The error, of kind [types.ErrType], is that their columns hold no such
// value: then none of them has the key.
func (r *Ref) inChild(key []index.Value) ([]index.Value, error) {
	if !r.kinds {
		return key, nil
	}
	return retyped(r.childDef, r.childPos, r.parentDef, r.parentPos, key)
}

// inParent is a key that a row of the child holds as the parent would have it; the error is as that of inChild.
func (r *Ref) inParent(key []index.Value) ([]index.Value, error) {
	if !r.kinds {
		return key, nil
	}
	return retyped(r.parentDef, r.parentPos, r.childDef, r.childPos, key)
}

// retyped are cells of some columns as cells of others.
func retyped(to *table.Def, toPos []int, from *table.Def, fromPos []int, key []index.Value) ([]index.Value, error) {
	out := make([]index.Value, len(key))
	for i, v := range key {
		var err error
		if out[i], err = to.Columns()[toPos[i]].Retype(&from.Columns()[fromPos[i]], v); err != nil {
			return nil, to.Blame(err)
		}
	}
	return out, nil
}

// typesAt are the types of some columns.
func typesAt(d *table.Def, pos []int) []index.Type {
	out := make([]index.Type, len(pos))
	for i, p := range pos {
		out[i] = d.Columns()[p].Type
	}
	return out
}

// Redefined are the checks that wait, after a batch of definitions: their rows may have been rewritten, and columns may be of other
// types. A key that its columns do not hold any more is none that a row has. O(checks).
func (g *Graph) Redefined(before *Graph, pending []Deferred) []Deferred {
	var out []Deferred
	for _, c := range pending {
		if c.Unique {
			if g.node(c.Child) != nil && g.node(c.Child).def != before.node(c.Child).def {
				c.Key = nil
			}
			out = append(out, c)
			continue
		}
		c.Row = index.Record{}
		was, is := before.Ref(c.Child, c.Ref), g.Ref(c.Child, c.Ref)
		if was != nil && is != nil && was != is {
			key, ok := is.carried(was, c.Key)
			if !ok {
				continue
			}
			c.Key = key
		}
		out = append(out, c)
	}
	return out
}

// carried is a key of a reference as it was before as one of this; ok is false if it is none.
func (r *Ref) carried(before *Ref, key []index.Value) (out []index.Value, ok bool) {
	had, have := before.columnNames(), r.columnNames()
	ordered, pos := make([]index.Value, len(have)), make([]int, len(have))
	for i, name := range have {
		at := slices.Index(had, name)
		if at < 0 || len(had) != len(have) {
			return nil, false
		}
		ordered[i], pos[i] = key[at], before.childPos[at]
	}
	out, err := retyped(r.childDef, r.childPos, before.childDef, pos, ordered)
	return out, err == nil
}
