package index

import (
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"
)

// radix is the tree of a key that is one integer, never NULL: an ordered, persistent radix tree over the key's bits, six
// at a time. A node has a slot only for the digits that occur; a slot holds a record where that is alone below its digit,
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
// Invariant: a node has at least two slots, and the longest path that its keys share; the root alone may have a single
// record, and then has shift 0.
type radix struct {
	root  *radixNode
	count int
	owner uint64 // nodes of another owner are shared with a copy, and copied before they are written
	pos   int    // of the key's cell in a record
}

// radixNode is one cache line beside its slots.
type radixNode struct {
	have  uint64 // the digits that occur
	kids  uint64 // those of them that lead to a node instead of a record
	path  uint64 // the key's bits above the digit
	owner uint64
	shift uint8            // of the digit in the key, a multiple of digitBits
	slots []unsafe.Pointer // a *Value or a *radixNode for each digit of have, in order
}

const (
	digitBits = 6
	digitMask = 1<<digitBits - 1
	maxSlots  = 1 << digitBits
)

var radixOwners atomic.Uint64

func newRadix(pos int) *radix { return &radix{owner: radixOwners.Add(1), pos: pos} }

// copy is O(1). From now on neither owns a node.
func (t *radix) copy() *radix {
	c := *t
	t.owner, c.owner = radixOwners.Add(1), radixOwners.Add(1)
	return &c
}

// keyOf is the key of a record: its integer, as a number of the same order without a sign.
func (t *radix) keyOf(r Record) uint64 { return r.At(t.pos).n ^ signBit }

// above are the bits of a key above a node's digit.
func above(shift uint8) uint64 { return ^uint64(digitMask) << shift }

// digitShift is the shift of the highest digit in which two different keys differ.
func digitShift(a, b uint64) uint8 {
	return uint8((63 - bits.LeadingZeros64(a^b)) / digitBits * digitBits)
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
		t.root = t.newNode(0, key)
		t.root.add(key, p, false)
		t.count++
		return Record{}, false
	}
	for link := &t.root; ; {
		if n := *link; (key^n.path)&above(n.shift) != 0 {
			fork := t.newNode(digitShift(key, n.path), key)
			if len(n.slots) == 1 { // the root may have a single record
				fork.add(n.path, n.slots[0], false)
			} else {
				fork.add(n.path, unsafe.Pointer(n), true)
			}
			fork.add(key, p, false)
			*link = fork
			t.count++
			return Record{}, false
		}
		n := t.own(link)
		bit, i := n.slot(key)
		switch {
		case n.have&bit == 0:
			n.add(key, p, false)
			t.count++
			return Record{}, false
		case n.kids&bit != 0:
			link = n.kid(i)
			continue
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
	if _, ok := t.get(key); !ok {
		return false
	}
	t.count--
	up, link := (**radixNode)(nil), &t.root
	for {
		n := t.own(link)
		bit, i := n.slot(key)
		if n.kids&bit != 0 {
			up, link = link, n.kid(i)
			continue
		}
		n.slots = slices.Delete(n.slots, i, i+1)
		n.have &^= bit
		t.collapse(up, link)
		return true
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
		key := t.keyOf(n.record(0))
		t.root = t.newNode(0, key)
		t.root.add(key, n.slots[0], false)
	}
}

// ascend visits the records with keys from low to high below n, and tells whether to go on.
func (t *radix) ascend(n *radixNode, low, high uint64, visit func(Record) bool) bool {
	from := 0
	if low > n.path {
		_, from = n.slot(low)
	}
	rest := n.have
	for range from {
		rest &= rest - 1
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
	n := t.root
	switch {
	case n == nil || low > high || n.max() < low || n.path > high:
	case desc:
		t.descend(n, low, high, visit)
	default:
		t.ascend(n, low, high, visit)
	}
}
