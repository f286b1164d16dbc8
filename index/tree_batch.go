package index

import (
	"cmp"
	"math"
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
		for _, r := range recs {
			t.rx.delete(t.rx.keyOf(r))
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
	if t.rx != nil {
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
	if t.rx != nil {
		return t.rx.insertAll(recs)
	}
	entries := t.key.sorted(recs)
	set := t.bt.Load // into an empty tree: each goes to the end
	if t.bt.Len() > 0 {
		var hint btree.PathHint
		set = func(e Entry) (Entry, bool) { return t.bt.SetHint(e, &hint) }
	}
	for i, e := range entries {
		prev, taken := set(e.Entry)
		if !taken {
			continue
		}
		t.bt.Set(prev)
		for _, done := range entries[:i] {
			t.bt.Delete(done.Entry)
		}
		return false
	}
	return true
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

// sortable is an entry with eight more bytes of its key, where that is a string: enough to sort most strings without a look
// at the records.
type sortable struct {
	Entry
	next uint64
}

// sorted are the entries of recs in the order of the key.
func (k *Key) sorted(recs []Record) []sortable {
	out := make([]sortable, len(recs))
	for i, r := range recs {
		out[i] = sortable{k.Entry(r), k.next(r)}
	}
	if !slices.IsSortedFunc(out, k.compareSortable) {
		slices.SortFunc(out, k.compareSortable)
	}
	return out
}

// next are the bytes of a key after its prefix, as far as they are of a string.
func (k *Key) next(r Record) uint64 {
	c := k.cols[0]
	switch c.Type {
	case String, Bytes, UUID, JSON:
	default:
		return 0
	}
	v := r.At(c.Pos)
	if v.IsNull() {
		return math.MaxUint64
	}
	if s := v.Str(); len(s) > 8 {
		return stringPrefix(s[8:])
	}
	return 0
}

// compareSortable orders entries as Less does.
func (k *Key) compareSortable(a, b sortable) int {
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
