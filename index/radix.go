package index

import (
	"math"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"
)

// radix is the tree of a key that is one integer, or a pair of them, never NULL: an ordered, persistent radix tree over the
// key's bits, six at a time. A node has a slot only for the digits that occur; a slot holds a record where that is alone below its digit,
// and otherwise a node. Digits that all keys share are skipped.
//
//	keys 1, 2, 70, 4096+5        shift 12   [0: ●  1: 4101]
//	                                         │
//	                             shift 6    [0: ●  1: 70]
//	                                         │
//	                             shift 0    [1: 1  2: 2]
//
// Why not a B-tree: for keys that are dense, as numbered ones are, a search looks at two cache lines a level instead of
// five, an entry takes 8 bytes in nodes that are full instead of 16 in nodes that are half full, and the first write
// after a copy copies 0.5 KB a level instead of 1.5. Sparse keys cost what they cost in a B-tree. Measured beside
// tidwall/btree with BenchmarkTree; see docs/adr/0006.
//
// A key of two integers that fit 32 bits each is the same with both in one number, and a [radixLeaf] in the place of each
// record: such keys are dense in their upper half alone.
//
// Invariant: a node has at least two slots, and the longest path that its keys share. The root alone may have a single slot:
// with a record, and then it has shift 0, or in a tree of pairs with whatever there is, and then it has the highest shift.
type radix struct {
	root  *radixNode
	count int
	owner uint64  // nodes of another owner are shared with a copy, and copied before they are written
	pos   int     // of the key's cell in a record
	sign  uint64  // of the cell, see [Type.sign]
	kinds [2]Type // of its columns
	low   int     // of the cell of the lower half of a key of two integers; -1: the key is one
}

// radixNode is one cache line beside its slots.
type radixNode struct {
	have  uint64 // the digits that occur
	kids  uint64 // those of them that lead to a node instead of a record or a leaf
	path  uint64 // the key's bits above the digit
	owner uint64
	shift uint8            // of the digit in the key, a multiple of digitBits
	slots []unsafe.Pointer // a *Value, or of pairs a *radixLeaf, or a *radixNode, for each digit of have, in order
}

const (
	digitBits = 6
	digitMask = 1<<digitBits - 1
	maxSlots  = 1 << digitBits
)

var radixOwners atomic.Uint64

// newRadix makes an empty tree in the order of a key that is one number or two halves of one.
func newRadix(k *Key) *radix {
	t := &radix{owner: radixOwners.Add(1), pos: k.cols[0].Pos, sign: k.sign, low: -1}
	if k.form == formPair {
		t.low, t.kinds = k.cols[1].Pos, [2]Type{k.cols[0].Type, k.cols[1].Type}
	}
	return t
}

// copy is O(1). From now on neither owns a node.
func (t *radix) copy() *radix {
	c := *t
	t.owner, c.owner = radixOwners.Add(1), radixOwners.Add(1)
	return &c
}

// keyOf is the key of a record that fits: its integer, as a number of the same order without a sign, or its two integers
// as the halves of one.
func (t *radix) keyOf(r Record) uint64 {
	if t.low < 0 {
		return r.At(t.pos).n ^ t.sign
	}
	return (r.At(t.pos).n+halfBias)<<32 | (r.At(t.low).n+halfBias)&math.MaxUint32
}

// fits tells whether the tree can hold a record: of two integers each has to fit one half of the key.
func (t *radix) fits(r Record) bool {
	return t.low < 0 || fitsHalf(t.kinds[0], r.At(t.pos)) && fitsHalf(t.kinds[1], r.At(t.low))
}

// above are the bits of a key above a node's digit.
func above(shift uint8) uint64 { return ^uint64(digitMask) << shift }

// digitShift is the shift of the highest digit in which two different keys differ.
func digitShift(a, b uint64) uint8 {
	return uint8((63 - bits.LeadingZeros64(a^b)) / digitBits * digitBits)
}

// newRoot is a root that may have a single slot: with a leaf it is for any key, with a record for those beside it.
func (t *radix) newRoot(key uint64) *radixNode {
	if t.low >= 0 {
		return t.newNode(64/digitBits*digitBits, key)
	}
	return t.newNode(0, key)
}

func (t *radix) newNode(shift uint8, key uint64) *radixNode {
	return &radixNode{path: key & above(shift), owner: t.owner, shift: shift}
}

// slot is the bit of a key's digit, and the position of its slot.
func (n *radixNode) slot(key uint64) (bit uint64, i int) {
	bit = 1 << (key >> n.shift & digitMask)
	return bit, bits.OnesCount64(n.have & (bit - 1))
}

// max is the greatest key that can be below the node.
func (n *radixNode) max() uint64 { return n.path | ^above(n.shift) }

// add gives a node a slot that it does not have.
func (n *radixNode) add(key uint64, p unsafe.Pointer, kid bool) {
	bit, i := n.slot(key)
	if len(n.slots) == cap(n.slots) {
		n.slots = append(make([]unsafe.Pointer, 0, max(2, min(4*cap(n.slots), maxSlots))), n.slots...)
	}
	n.slots = slices.Insert(n.slots, i, p)
	n.have |= bit
	if kid {
		n.kids |= bit
	}
}

// own makes the node at link one that may be written.
func (t *radix) own(link **radixNode) *radixNode {
	n := *link
	if n.owner != t.owner {
		c := *n
		c.owner, c.slots = t.owner, append(make([]unsafe.Pointer, 0, cap(n.slots)), n.slots...)
		n = &c
		*link = n
	}
	return n
}

// kid is where a slot that leads to a node keeps it.
func (n *radixNode) kid(i int) **radixNode { return (**radixNode)(unsafe.Pointer(&n.slots[i])) }

func (n *radixNode) record(i int) Record { return Record{(*Value)(n.slots[i])} }

// get is the record with a key.
func (t *radix) get(key uint64) (Record, bool) {
	n := t.root
	if n == nil {
		return Record{}, false
	}
	for {
		bit, i := n.slot(key)
		if n.have&bit == 0 {
			return Record{}, false
		}
		if n.kids&bit == 0 {
			if t.low >= 0 {
				return n.leaf(i).get(key)
			}
			if r := n.record(i); t.keyOf(r) == key {
				return r, true
			}
			return Record{}, false
		}
		n = *n.kid(i)
	}
}

// set puts r under its key. If a record has that key already, it is returned, and stays unless replace.
func (t *radix) set(r Record, replace bool) (had Record, taken bool) {
	key, p := t.keyOf(r), unsafe.Pointer(r.first)
	if t.root == nil {
		t.root = t.newRoot(key)
		t.root.add(key, t.hold(key, p), false)
		t.count++
		return Record{}, false
	}
	return t.setBelow(&t.root, r, replace)
}

// setBelow is set in the node at link.
func (t *radix) setBelow(link **radixNode, r Record, replace bool) (had Record, taken bool) {
	key, p := t.keyOf(r), unsafe.Pointer(r.first)
	for {
		if n := *link; (key^n.path)&above(n.shift) != 0 {
			fork := t.newNode(digitShift(key, n.path), key)
			if len(n.slots) == 1 { // the root may have a single record
				fork.add(n.path, n.slots[0], false)
			} else {
				fork.add(n.path, unsafe.Pointer(n), true)
			}
			fork.add(key, t.hold(key, p), false)
			*link = fork
			t.count++
			return Record{}, false
		}
		n := t.own(link)
		bit, i := n.slot(key)
		switch {
		case n.have&bit == 0:
			n.add(key, t.hold(key, p), false)
			t.count++
			return Record{}, false
		case n.kids&bit != 0:
			link = n.kid(i)
			continue
		case t.low >= 0:
			return t.setInLeaf(n, bit, i, key, r, replace)
		}
		had = n.record(i)
		other := t.keyOf(had)
		if other == key {
			if replace {
				n.slots[i] = p
			}
			return had, true
		}
		fork := t.newNode(digitShift(key, other), key)
		fork.add(other, n.slots[i], false)
		fork.add(key, p, false)
		n.slots[i] = unsafe.Pointer(fork)
		n.kids |= bit
		t.count++
		return Record{}, false
	}
}

// delete removes the record with a key.
func (t *radix) delete(key uint64) bool {
	r, ok := t.get(key)
	if ok {
		t.deleteRun(key, []Record{r})
	}
	return ok
}

// deleteRun removes the first of recs, which is in the tree under key, and those that follow it in one leaf, and tells how
// many.
func (t *radix) deleteRun(key uint64, recs []Record) (deleted int) {
	up, link := (**radixNode)(nil), &t.root
	for {
		n := t.own(link)
		bit, i := n.slot(key)
		if n.kids&bit != 0 {
			up, link = link, n.kid(i)
			continue
		}
		deleted, empty := 1, true
		if t.low >= 0 {
			deleted, empty = t.deleteFromLeaf(n, i, key, recs)
		}
		t.count -= deleted
		if empty {
			n.slots = slices.Delete(n.slots, i, i+1)
			n.have &^= bit
			t.collapse(up, link)
		}
		return deleted
	}
}

// collapse replaces the node at link, which has lost a slot, if it has but one left: by what is in that slot. up is
// where the node above is kept, which has been made writable.
func (t *radix) collapse(up, link **radixNode) {
	n := *link
	switch {
	case len(n.slots) == 0:
		*link = nil
	case len(n.slots) > 1:
	case n.kids != 0:
		*link = *n.kid(0)
	case up != nil:
		parent := *up
		bit, i := parent.slot(n.path)
		parent.slots[i] = n.slots[0]
		parent.kids &^= bit
	default:
		key := t.keyOf(n.someRecord(t))
		t.root = t.newRoot(key)
		t.root.add(key, n.slots[0], false)
	}
}

// ascend visits the records with keys from low to high below n, and tells whether to go on.
func (t *radix) ascend(n *radixNode, low, high uint64, visit func(Record) bool) bool {
	from, rest := 0, n.have
	if low > n.path {
		var bit uint64
		bit, from = n.slot(low)
		rest &^= bit - 1
	}
	for i := from; i < len(n.slots); i++ {
		bit := rest & -rest
		rest &^= bit
		if n.kids&bit != 0 {
			kid := *n.kid(i)
			if kid.path > high {
				return false
			}
			if kid.max() >= low && !t.ascend(kid, low, high, visit) {
				return false
			}
			continue
		}
		if t.low >= 0 {
			if !n.leaf(i).ascend(low, high, visit) {
				return false
			}
			continue
		}
		r := n.record(i)
		if key := t.recordKey(n, bit, r); key > high {
			return false
		} else if key >= low && !visit(r) {
			return false
		}
	}
	return true
}

// recordKey is the key of a record in a slot of n, without a look at the record where the slot says it all.
func (t *radix) recordKey(n *radixNode, bit uint64, r Record) uint64 {
	if n.shift == 0 {
		return n.path | uint64(bits.TrailingZeros64(bit))
	}
	return t.keyOf(r)
}

// descend is ascend from high down to low.
func (t *radix) descend(n *radixNode, low, high uint64, visit func(Record) bool) bool {
	rest := n.have
	if high < n.max() {
		bit, _ := n.slot(high)
		rest &= bit | (bit - 1)
	}
	for rest != 0 {
		bit := uint64(1) << (63 - bits.LeadingZeros64(rest))
		rest &^= bit
		i := bits.OnesCount64(n.have & (bit - 1))
		if n.kids&bit != 0 {
			kid := *n.kid(i)
			if kid.max() < low {
				return false
			}
			if kid.path <= high && !t.descend(kid, low, high, visit) {
				return false
			}
			continue
		}
		if t.low >= 0 {
			if !n.leaf(i).descend(low, high, visit) {
				return false
			}
			continue
		}
		r := n.record(i)
		if key := t.recordKey(n, bit, r); key < low {
			return false
		} else if key <= high && !visit(r) {
			return false
		}
	}
	return true
}

// scan visits the records with keys from low to high, in order or backwards.
func (t *radix) scan(low, high uint64, desc bool, visit func(Record) bool) {
	switch n := t.top(low, high); {
	case n == nil:
	case desc:
		t.descend(n, low, high, visit)
	default:
		t.ascend(n, low, high, visit)
	}
}

// top is the lowest node that has all keys from low to high below it; nil if there are none.
func (t *radix) top(low, high uint64) *radixNode {
	n := t.root
	for n != nil && low >= n.path && high <= n.max() && (low^high)>>n.shift == 0 { // all of the range has one digit
		bit, i := n.slot(low)
		if n.kids&bit == 0 {
			break
		}
		n = *n.kid(i)
	}
	if n == nil || low > high || n.max() < low || n.path > high {
		return nil
	}
	return n
}
