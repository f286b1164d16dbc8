package index

import (
	"math"
	"slices"
	"unsafe"
)

// radixLeaf is what a slot of a tree of integer pairs holds instead of a record: all records below its digit, in order, as
// long as they are few. A walk over the children of a parent, or over the rows of a junction that belong to one side,
// then reads an array instead of a node for every few of them; a search looks at one leaf, not at the leaf of a B-tree in
// which it has to find the place where a parent begins.
//
//	node of (postId, tagId)   [.. 17: ●  18: ●  19: ● ..]
//	                                     │
//	                          keys    18,2  18,3  18,40  18,77
//	                          recs      ●     ●     ●      ●
//
// Invariant: a leaf has from one to maxLeaf records; more make it a node of leaves.
type radixLeaf struct {
	keys  []uint64
	recs  []Record
	owner uint64
}

const maxLeaf = 128

// leafRoom is the capacity for n records: half as many again when a leaf grows.
func leafRoom(n int) int { return min((n+3)&^3, maxLeaf) }

func (t *radix) newLeaf(keys []uint64, recs []Record, room int) *radixLeaf {
	return &radixLeaf{append(make([]uint64, 0, room), keys...), append(make([]Record, 0, room), recs...), t.owner}
}

// hold is what a slot holds for a single record.
func (t *radix) hold(key uint64, p unsafe.Pointer) unsafe.Pointer {
	if t.low < 0 {
		return p
	}
	return unsafe.Pointer(t.newLeaf([]uint64{key}, []Record{{(*Value)(p)}}, leafRoom(1)))
}

func (n *radixNode) leaf(i int) *radixLeaf { return (*radixLeaf)(n.slots[i]) }

// someRecord is one of the records in the first slot of a node, which leads to no node.
func (n *radixNode) someRecord(t *radix) Record {
	if t.low >= 0 {
		return n.leaf(0).recs[0]
	}
	return n.record(0)
}

// at is the position of the first key that is not below key.
func (l *radixLeaf) at(key uint64) int {
	low, high := 0, len(l.keys)
	for low < high {
		if mid := int(uint(low+high) >> 1); l.keys[mid] < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func (l *radixLeaf) get(key uint64) (Record, bool) {
	if i := l.at(key); i < len(l.keys) && l.keys[i] == key {
		return l.recs[i], true
	}
	return Record{}, false
}

// ownLeaf makes the leaf in slot i of a node that may be written one that may be written too, with room for so many
// records more.
func (t *radix) ownLeaf(n *radixNode, i, more int) *radixLeaf {
	l := n.leaf(i)
	room := cap(l.keys)
	if len(l.keys)+more > room {
		room = leafRoom(room + room/2 + more)
	}
	if l.owner != t.owner || room != cap(l.keys) {
		l = t.newLeaf(l.keys, l.recs, room)
		n.slots[i] = unsafe.Pointer(l)
	}
	return l
}

// setInLeaf is set where the way has led to a leaf, in slot i of n.
func (t *radix) setInLeaf(n *radixNode, bit uint64, i int, key uint64, r Record, replace bool) (had Record, taken bool) {
	l := n.leaf(i)
	at := l.at(key)
	if at < len(l.keys) && l.keys[at] == key {
		had = l.recs[at]
		if replace {
			t.ownLeaf(n, i, 0).recs[at] = r
		}
		return had, true
	}
	if len(l.keys) == maxLeaf {
		n.slots[i] = unsafe.Pointer(t.split(l))
		n.kids |= bit
		return t.setBelow(n.kid(i), r, replace)
	}
	t.count++
	l = t.ownLeaf(n, i, 1)
	l.keys, l.recs = slices.Insert(l.keys, at, key), slices.Insert(l.recs, at, r)
	return Record{}, false
}

// split makes a node of a leaf, with a leaf for each digit.
func (t *radix) split(l *radixLeaf) *radixNode {
	n := t.newNode(digitShift(l.keys[0], l.keys[len(l.keys)-1]), l.keys[0])
	for from := 0; from < len(l.keys); {
		to := from + 1
		for to < len(l.keys) && (l.keys[to]^l.keys[from])>>n.shift == 0 {
			to++
		}
		n.add(l.keys[from], unsafe.Pointer(t.newLeaf(l.keys[from:to], l.recs[from:to], leafRoom(to-from))), false)
		from = to
	}
	return n
}

// deleteFromLeaf is deleteRun where the way has led to a leaf, in slot i of n. A leaf that it would leave empty stays as it
// is, and its slot is to go.
func (t *radix) deleteFromLeaf(n *radixNode, i int, key uint64, recs []Record) (deleted int, empty bool) {
	l := n.leaf(i)
	at := l.at(key)
	for deleted < len(recs) && at+deleted < len(l.recs) && l.recs[at+deleted] == recs[deleted] {
		deleted++
	}
	if deleted == len(l.recs) {
		return deleted, true
	}
	l = t.ownLeaf(n, i, 0)
	l.keys, l.recs = slices.Delete(l.keys, at, at+deleted), slices.Delete(l.recs, at, at+deleted)
	return deleted, false
}

// ascend visits the records with keys from low to high, and tells whether to go on.
func (l *radixLeaf) ascend(low, high uint64, visit func(Record) bool) bool {
	recs := l.recs
	if l.keys[len(l.keys)-1] > high {
		for i := l.at(low); l.keys[i] <= high; i++ {
			if !visit(recs[i]) {
				return false
			}
		}
		return false
	}
	if l.keys[0] < low {
		recs = recs[l.at(low):]
	}
	for _, r := range recs {
		if !visit(r) {
			return false
		}
	}
	return true
}

// descend is ascend from high down to low.
func (l *radixLeaf) descend(low, high uint64, visit func(Record) bool) bool {
	for i := len(l.keys) - 1; i >= 0; i-- {
		switch key := l.keys[i]; {
		case key > high:
		case key < low:
			return false
		case !visit(l.recs[i]):
			return false
		}
	}
	return true
}

// lower visits the lower halves of the keys that have an upper half, in order, without a look at the records.
func (t *radix) lower(upper Value, visit func(Value) bool) {
	low := packInts(halved(t.kinds[0], upper), lowest)
	if n := t.top(low, low|math.MaxUint32); n != nil && fitsHalf(t.kinds[0], upper) {
		n.lower(low, visit)
	}
}

// lower visits the lower halves of the keys from low on that have its upper half, and tells whether to go on.
func (n *radixNode) lower(low uint64, visit func(Value) bool) bool {
	for rest, i := n.have, 0; rest != 0; rest, i = rest&(rest-1), i+1 {
		if bit := rest & -rest; n.kids&bit != 0 {
			if kid := *n.kid(i); kid.max() >= low && (kid.path > low|math.MaxUint32 || !kid.lower(low, visit)) {
				return false
			}
			continue
		}
		l := n.leaf(i)
		for _, key := range l.keys[l.at(low):] {
			if key>>32 != low>>32 || !visit(OfInt(int64(key&math.MaxUint32)-halfBias)) {
				return false
			}
		}
	}
	return true
}
