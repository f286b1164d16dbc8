package index

import (
	"cmp"
	"slices"

	"github.com/tidwall/btree"
)

// What a batch takes for a run of neighbors that is worth the setting-up, and how many records it then handles one by
// one at most before it looks for a run again.
const (
	shortRun = 4
	maxSolo  = 256
)

// DeleteAll removes records, all of which are in the tree. Records that are neighbors in the tree and come in its order
// go together: a run of m costs O(log n + m), others O(log n) each.
func (t *Tree) DeleteAll(recs []Record) {
	if t.rx != nil {
		for len(recs) > 0 {
			if t.Holds(recs[0]) {
				recs = recs[t.rx.deleteRun(t.rx.keyOf(recs[0]), recs):]
				continue
			}
			t.Delete(recs[0]) // another record with an equal key
			recs = recs[1:]
		}
		return
	}
	solo := 1
	for i := 0; i < len(recs); {
		n := t.deleteRun(recs[i:])
		i += n
		if n >= shortRun {
			solo = 1
			continue
		}
		for end := min(i+solo, len(recs)); i < end; i++ {
			t.Delete(recs[i])
		}
		solo = min(2*solo, maxSolo)
	}
}

// deleteRun removes the first of recs and those that follow it both there and in the tree, and tells how many.
func (t *Tree) deleteRun(recs []Record) int {
	n := 0
	t.bt.DeleteAscend(t.key.Entry(recs[0]), func(e Entry) btree.Action {
		if n == len(recs) || e.rec != recs[n] {
			return btree.Stop
		}
		n++
		return btree.Delete
	})
	return n
}

// ReplaceAll is Replace for many records, faster where they come in the order of the tree.
func (t *Tree) ReplaceAll(recs []Record) {
	if onInsert != nil {
		onInsert()
	}
	if t.radixForAll(recs) != nil {
		for _, r := range recs {
			t.rx.set(r, true)
		}
		return
	}
	var hint btree.PathHint
	for _, r := range recs {
		t.bt.SetHint(t.key.Entry(r), &hint)
	}
}

// InsertAll adds records, or none of them: if a record with an equal key is there, or two of recs have equal keys, it
// changes nothing and returns false. Whatever their order, they are inserted in that of the tree, which costs a sort and
// then a fraction of inserting them one by one.
func (t *Tree) InsertAll(recs []Record) bool {
	if onInsert != nil {
		onInsert()
	}
	if rx := t.radixForAll(recs); rx != nil {
		return rx.insertAll(recs)
	}
	entries := t.key.sorted(recs)
	empty := t.bt.Len() == 0
	set := t.bt.Load // into an empty tree: each goes to the end
	if !empty {
		var hint btree.PathHint
		set = func(e Entry) (Entry, bool) { return t.bt.SetHint(e, &hint) }
	}
	for i, e := range entries {
		prev, taken := set(e)
		if !taken {
			continue
		}
		t.bt.Set(prev)
		for _, done := range entries[:i] {
			t.bt.Delete(done)
		}
		return false
	}
	if empty {
		t.compact()
	}
	return true
}

// compact gives back what filling nodes at their ends leaves: a node that was split keeps the room of what went to its
// other half, and its copy does not.
func (t *Tree) compact() {
	t.bt = t.bt.Copy()
	t.bt.WalkMut(func([]Entry) bool { return true })
}

// radixForAll is radixFor for several records.
func (t *Tree) radixForAll(recs []Record) *radix {
	for _, r := range recs {
		if t.radixFor(r) == nil {
			return nil
		}
	}
	return t.rx
}

func (t *radix) insertAll(recs []Record) bool {
	for i, r := range recs {
		if _, taken := t.set(r, false); !taken {
			continue
		}
		for _, done := range recs[:i] {
			t.delete(t.keyOf(done))
		}
		return false
	}
	return true
}

// sorted are the entries of recs in the order of the key.
func (k *Key) sorted(recs []Record) []Entry {
	out := make([]Entry, len(recs))
	for i, r := range recs {
		out[i] = k.Entry(r)
	}
	if !slices.IsSortedFunc(out, k.compareEntries) {
		slices.SortFunc(out, k.compareEntries)
	}
	return out
}

// compareEntries orders entries as Less does.
func (k *Key) compareEntries(a, b Entry) int {
	if a.prefix != b.prefix {
		return cmp.Compare(a.prefix, b.prefix)
	}
	if a.next != b.next {
		return cmp.Compare(a.next, b.next)
	}
	if a.rec == b.rec {
		return 0
	}
	return k.Compare(a.rec, b.rec)
}
