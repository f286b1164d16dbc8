package index

import (
	"math"
	"math/bits"
	"unsafe"
)

// Diff visits what is different between two trees of equal keys, in the order of the key, until visit returns false: a record of a whose
// key b does not have, with the zero Record; one of b whose key a does not have, likewise; and two records with an equal key that are not
// the same stored row, whose cells may be equal. Neither may be written meanwhile. What a copy still shares is passed over unseen
// between trees of integer keys: O(differences x log n). Other trees are walked without a look at the cells of what both have, which is
// visited too, the same row twice, so that a walk can be stopped: O(n).
func Diff(a, b *Tree, visit func(was, is Record) bool) {
	switch {
	case a.rx != nil && b.rx != nil:
		d := differ{a: a.rx, b: b.rx, visit: visit}
		d.nodes(a.rx.root, b.rx.root)
	case a.bt != nil && b.bt != nil && a.bt != b.bt:
		x, y := a.bt.Iter(), b.bt.Iter()
		defer x.Release()
		defer y.Release()
		merge(a.key, &entries{more: x.First(), next: x.Next, item: x.Item}, &entries{more: y.First(), next: y.Next, item: y.Item}, visit)
	default: // one has become a B-tree since
		merge(a.key, listed(a), listed(b), visit)
	}
}

// entries are those of a tree, one after the other.
type entries struct {
	more bool
	next func() bool
	item func() Entry
}

// step is the entry at hand, which is left behind.
func (e *entries) step() Record {
	rec := e.item().rec
	e.more = e.next()
	return rec
}

// listed are the entries of a tree of whichever kind.
func listed(t *Tree) *entries {
	list := make([]Entry, 0, t.Len())
	t.Scan(Range{}, func(r Record) bool {
		list = append(list, t.key.Entry(r))
		return true
	})
	i := 0
	return &entries{more: len(list) > 0, item: func() Entry { return list[i] }, next: func() bool {
		i++
		return i < len(list)
	}}
}

// merge walks both in step.
func merge(k *Key, a, b *entries, visit func(was, is Record) bool) {
	less := k.less()
	for a.more || b.more {
		var was, is Record
		switch {
		case !b.more:
			was = a.step()
		case !a.more:
			is = b.step()
		case less(a.item(), b.item()):
			was = a.step()
		case less(b.item(), a.item()):
			is = b.step()
		default:
			was, is = a.step(), b.step()
		}
		if !visit(was, is) {
			return
		}
	}
}

// differ finds the differences of two radix trees. Its methods tell whether to go on.
type differ struct {
	a, b   *radix
	visit  func(was, is Record) bool
	looked int // at so many pairs of slots
}

// place is what a slot has: a node, or a record or leaf, or nothing.
type place struct {
	p   unsafe.Pointer
	kid bool
}

func (n *radixNode) place(bit uint64) place {
	if n.have&bit == 0 {
		return place{}
	}
	return place{n.slots[bits.OnesCount64(n.have&(bit-1))], n.kids&bit != 0}
}

// nodes compares what is below two nodes, either of which may be nil.
func (d *differ) nodes(n, m *radixNode) bool {
	switch {
	case n == m:
		return true
	case n == nil || m == nil:
		return d.places(whole(n), whole(m))
	case n.shift == m.shift && n.path == m.path:
		return d.digits(n.have|m.have, n.place, m.place)
	case n.shift > m.shift && m.path&above(n.shift) == n.path:
		return d.digits(n.have|n.bitOf(m), n.place, only(n.bitOf(m), m))
	case m.shift > n.shift && n.path&above(m.shift) == m.path:
		return d.digits(m.have|m.bitOf(n), only(m.bitOf(n), n), m.place)
	case n.path < m.path:
		return d.places(whole(n), place{}) && d.places(place{}, whole(m))
	}
	return d.places(place{}, whole(m)) && d.places(whole(n), place{})
}

// whole is a node in the place of a slot.
func whole(n *radixNode) place { return place{unsafe.Pointer(n), n != nil} }

// bitOf is the digit of n below which the keys of m are.
func (n *radixNode) bitOf(m *radixNode) uint64 {
	bit, _ := n.slot(m.path)
	return bit
}

// only has a node at one digit.
func only(at uint64, n *radixNode) func(bit uint64) place {
	return func(bit uint64) place {
		if bit == at {
			return whole(n)
		}
		return place{}
	}
}

// digits compares the slots of two nodes, digit by digit.
func (d *differ) digits(have uint64, a, b func(bit uint64) place) bool {
	for ; have != 0; have &= have - 1 {
		bit := have & -have
		if x, y := a(bit), b(bit); x != y && !d.places(x, y) {
			return false
		}
	}
	return true
}

// places compares what two slots have.
func (d *differ) places(x, y place) bool {
	d.looked++
	if x.kid && y.kid {
		return d.nodes((*radixNode)(x.p), (*radixNode)(y.p))
	}
	switch {
	case x.p == nil:
		return d.b.eachOf(y, func(r Record) bool { return d.visit(Record{}, r) })
	case y.p == nil:
		return d.a.eachOf(x, func(r Record) bool { return d.visit(r, Record{}) })
	case x.kid:
		return d.few(d.b, y, d.a, x, func(one, other Record) bool { return d.visit(other, one) })
	}
	return d.few(d.a, x, d.b, y, d.visit)
}

// few compares a record or the records of a leaf with whatever is in another slot.
func (d *differ) few(t *radix, x place, o *radix, y place, visit func(one, other Record) bool) bool {
	var list []Record
	t.eachOf(x, func(r Record) bool {
		list = append(list, r)
		return true
	})
	on := o.eachOf(y, func(r Record) bool {
		key := o.keyOf(r)
		for len(list) > 0 && t.keyOf(list[0]) < key {
			if !visit(list[0], Record{}) {
				return false
			}
			list = list[1:]
		}
		if len(list) == 0 || t.keyOf(list[0]) > key {
			return visit(Record{}, r)
		}
		same := list[0]
		list = list[1:]
		return same == r || visit(same, r)
	})
	for ; on && len(list) > 0; list = list[1:] {
		on = visit(list[0], Record{})
	}
	return on
}

// eachOf visits the records below a slot in order.
func (t *radix) eachOf(x place, visit func(Record) bool) bool {
	switch {
	case x.p == nil:
		return true
	case x.kid:
		return t.ascend((*radixNode)(x.p), 0, math.MaxUint64, visit)
	case t.low >= 0:
		for _, r := range (*radixLeaf)(x.p).recs {
			if !visit(r) {
				return false
			}
		}
		return true
	}
	return visit(Record{(*Value)(x.p)})
}
