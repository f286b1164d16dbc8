package index

import "github.com/tidwall/btree"

// What a batch takes for a run of neighbours that is worth the setting-up, and how many records it then handles one by
// one at most before it looks for a run again.
const (
	shortRun = 4
	maxSolo  = 256
)

// DeleteAll removes records, all of which are in the tree. Records that are neighbours in the tree and come in its order
// go together: a run of m costs O(log n + m), others O(log n) each.
func (t *Tree) DeleteAll(recs []Record) {
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
	var hint btree.PathHint
	for _, r := range recs {
		t.bt.SetHint(t.key.Entry(r), &hint)
	}
}
