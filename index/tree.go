package index

import (
	"iter"
	"math"
	"sync"

	"github.com/tidwall/btree"
)

// degree of the B-trees: nodes of up to 2*degree-1 entries. Larger nodes make reads and bulk loads a little faster and
// the first write after a copy slower, since that copies one node a level. Measured with BenchmarkTree (two cores; best
// of three, of two for a million rows), in ns; inserts and appends a row, children a hundred of them:
//
//	            100,000 rows                             1,000,000 rows
//	degree      get  insert  append  children  copy+write  get  insert  append  children  copy+write
//	16          202     206      38      1130        1510  549     343      45      2990        2280
//	32          185     193      29      1030        1880  438     309      39      2800        2770
//	64          184     199      27       900        2330  378     316      37      2460        4010
//	128         181     209      23       890        3570  358     325      35      2330        4940
const degree = 32

// Tree is an ordered set of records. Reads may run from any number of goroutines while nobody writes to this tree; a
// copy is a tree of its own. The zero Tree is not usable; see [NewTree].
type Tree struct {
	key *Key
	bt  *btree.BTreeG[Entry]
	rx  *radix // instead of bt, for a key that is one integer, never NULL, or two while both fit 32 bits

	// copying guards Copy: copying stamps the source, and two forks may copy one published tree at once.
	copying sync.Mutex
}

// NewTree makes an empty tree in the order of key.
func NewTree(key *Key) *Tree {
	if key.form == formExact || key.form == formPair {
		return &Tree{key: key, rx: newRadix(key)}
	}
	return &Tree{key: key, bt: newBTree(key)}
}

func newBTree(key *Key) *btree.BTreeG[Entry] {
	return btree.NewBTreeGOptions(key.less(), btree.Options{Degree: degree, NoLocks: true})
}

// radixFor is the radix tree, if it is what the tree is and it can hold r. A record that it cannot hold makes the tree a
// B-tree, in O(n), and that is what it and its copies stay.
func (t *Tree) radixFor(r Record) *radix {
	if t.rx == nil || t.rx.fits(r) {
		return t.rx
	}
	bt := newBTree(t.key)
	t.rx.scan(0, math.MaxUint64, false, func(have Record) bool {
		bt.Load(t.key.Entry(have))
		return true
	})
	t.bt, t.rx = bt, nil
	t.compact()
	return nil
}

// Copy makes an independent copy in O(1). It may be called from several goroutines, also beside readers, but not beside
// a writer of t.
func (t *Tree) Copy() *Tree {
	t.copying.Lock()
	defer t.copying.Unlock()
	if t.rx != nil {
		return &Tree{key: t.key, rx: t.rx.copy()}
	}
	return &Tree{key: t.key, bt: t.bt.Copy()}
}

// Key is the order of the tree.
func (t *Tree) Key() *Key { return t.key }

// Len is the number of records, in O(1).
func (t *Tree) Len() int {
	if t.rx != nil {
		return t.rx.count
	}
	return t.bt.Len()
}

// onInsert, in tests, is told of every record that goes into a tree.
var onInsert func()

// Insert adds r unless a record with an equal key is there: then the tree keeps that record, and returns it and false.
// O(log n): one search, and a second one to put the owner back.
func (t *Tree) Insert(r Record) (owner Record, ok bool) {
	if onInsert != nil {
		onInsert()
	}
	if rx := t.radixFor(r); rx != nil {
		owner, taken := rx.set(r, false)
		return owner, !taken
	}
	prev, taken := t.bt.Set(t.key.Entry(r))
	if taken {
		t.bt.Set(prev)
		return prev.rec, false
	}
	return Record{}, true
}

// Append is Insert for records that arrive in ascending order: one comparison and a walk down the right edge. A record
// that comes out of order is inserted all the same.
func (t *Tree) Append(r Record) (owner Record, ok bool) {
	if t.rx != nil {
		return t.Insert(r)
	}
	prev, taken := t.bt.Load(t.key.Entry(r))
	if taken {
		t.bt.Set(prev)
		return prev.rec, false
	}
	return Record{}, true
}

// Replace puts r in the place of the record whose key equals that of r; where there is none it adds r. O(log n).
func (t *Tree) Replace(r Record) {
	if onInsert != nil {
		onInsert()
	}
	if rx := t.radixFor(r); rx != nil {
		rx.set(r, true)
		return
	}
	t.bt.Set(t.key.Entry(r))
}

// Delete removes the record whose key equals that of r, and tells whether there was one. O(log n).
func (t *Tree) Delete(r Record) bool {
	if t.rx != nil {
		return t.rx.fits(r) && t.rx.delete(t.rx.keyOf(r))
	}
	_, ok := t.bt.Delete(t.key.Entry(r))
	return ok
}

// Holds tells whether r itself, not merely a record with an equal key, is in the tree. O(log n).
func (t *Tree) Holds(r Record) bool {
	have, ok := t.Find(r)
	return ok && have == r
}

// Find is the record whose key equals that of r, which need not be in the tree. O(log n).
func (t *Tree) Find(r Record) (Record, bool) {
	if t.rx != nil {
		if !t.rx.fits(r) {
			return Record{}, false
		}
		return t.rx.get(t.rx.keyOf(r))
	}
	e, ok := t.bt.Get(t.key.Entry(r))
	return e.rec, ok
}

// Get is the first record whose own key columns equal vals, one value for each. For a unique key that is the record; a
// NULL among vals equals NULL. O(log n), no allocation.
func (t *Tree) Get(vals ...Value) (r Record, ok bool) {
	k := t.key
	switch {
	case t.rx == nil:
	case k.form == formExact:
		if rank(vals[0]) != 0 {
			return Record{}, false
		}
		return t.rx.get(vals[0].n ^ k.sign)
	case k.unique:
		if !fitsHalf(k.cols[0].Type, vals[0]) || !fitsHalf(k.cols[1].Type, vals[1]) {
			return Record{}, false
		}
		return t.rx.get(k.pack(vals[0], vals[1]))
	default:
		return t.first(vals)
	}
	if k.unique && (!k.nullsDistinct || !anyNull(vals)) {
		p := k.probes.Get().(*probe)
		e, ok := t.bt.Get(p.entry(k, vals, before))
		k.probes.Put(p)
		return e.rec, ok
	}
	return t.first(vals)
}

func (t *Tree) first(vals []Value) (r Record, ok bool) {
	t.Scan(Range{Low: vals, High: vals}, func(found Record) bool {
		r, ok = found, true
		return false
	})
	return r, ok
}

func anyNull(vals []Value) bool {
	for _, v := range vals {
		if v.IsNull() {
			return true
		}
	}
	return false
}

// Range is a stretch of a tree. Low and High are values for the first columns of [Key.Order], as many as wanted: all
// records that begin with Low are at or above the lower bound, unless LowOpen leaves them out; likewise above. A bound
// without values does not bound. Low and High equal to one value is every record with that value, in key order. NULL is
// a value here, the greatest.
type Range struct {
	Low, High         []Value
	LowOpen, HighOpen bool
	Desc              bool // from the upper end down
}

// Scan calls visit for each record of the range in order until visit returns false. The tree must not be written
// meanwhile. O(log n + records visited), no allocation.
func (t *Tree) Scan(r Range, visit func(Record) bool) {
	if t.rx != nil {
		t.scanExact(r, visit)
		return
	}
	k := t.key
	b := bounds{key: k, hasLow: len(r.Low) > 0, hasHigh: len(r.High) > 0, lowOpen: r.LowOpen, highOpen: r.HighOpen}
	b.high.prefix = math.MaxUint64
	if b.hasLow {
		p := k.probes.Get().(*probe)
		defer k.probes.Put(p)
		b.low = p.entry(k, r.Low, sideOf(r.LowOpen))
	}
	if b.hasHigh {
		p := k.probes.Get().(*probe)
		defer k.probes.Put(p)
		b.high = p.entry(k, r.High, sideOf(!r.HighOpen))
	}
	if r.Desc {
		b.down(t.bt, len(r.High) >= k.telling(), visit)
	} else {
		b.up(t.bt, len(r.Low) >= k.telling(), visit)
	}
}

func sideOf(afterwards bool) side {
	if afterwards {
		return after
	}
	return before
}

// bounds are the probes at the two ends of a range. Without a low end low.prefix is 0, without a high one high.prefix
// is the greatest, so that mostly a look at the prefix is enough.
type bounds struct {
	key               *Key
	low, high         Entry
	hasLow, hasHigh   bool
	lowOpen, highOpen bool
}

// below tells whether e, whose prefix does not decide it, is outside the lower bound, above whether it is outside the
// upper one. They look at deciding columns even where the tree does not, since a range may name them.
func (b *bounds) below(e Entry) bool {
	if !b.hasLow {
		return false
	}
	c := compareCells(b.key.cols, e.rec, b.low.rec)
	return c < 0 || c == 0 && b.lowOpen
}

func (b *bounds) above(e Entry) bool {
	if !b.hasHigh {
		return false
	}
	c := compareCells(b.key.cols, e.rec, b.high.rec)
	return c > 0 || c == 0 && b.highOpen
}

// up visits from the low probe to the high one. A probe that is not whole equals no entry; a whole one may equal the first,
// and then whether that is inside is for below to say.
func (b *bounds) up(bt *btree.BTreeG[Entry], whole bool, visit func(Record) bool) {
	last := b.high.prefix
	inside := func(e Entry) bool { return (e.prefix < last || !b.above(e)) && visit(e.rec) }
	switch {
	case !b.hasLow:
		bt.Scan(inside)
	case !whole:
		bt.Ascend(b.low, inside)
	default:
		first := true
		bt.Ascend(b.low, func(e Entry) bool {
			skip := first && b.below(e)
			first = false
			return skip || inside(e)
		})
	}
}

// down is up in the other direction.
func (b *bounds) down(bt *btree.BTreeG[Entry], whole bool, visit func(Record) bool) {
	last := b.low.prefix
	inside := func(e Entry) bool { return (e.prefix > last || !b.below(e)) && visit(e.rec) }
	switch {
	case !b.hasHigh:
		bt.Reverse(inside)
	case !whole:
		bt.Descend(b.high, inside)
	default:
		first := true
		bt.Descend(b.high, func(e Entry) bool {
			skip := first && b.above(e)
			first = false
			return skip || inside(e)
		})
	}
}

// scanExact scans a radix tree: the bounds are numbers. A bound that is no key, because it is NULL or does not fit, is
// the number before or after all keys that it bounds.
func (t *Tree) scanExact(r Range, visit func(Record) bool) {
	low, high := uint64(0), uint64(math.MaxUint64)
	if len(r.Low) > 0 {
		low = t.key.exactBound(r.Low, sideOf(r.LowOpen))
		if r.LowOpen {
			if low == math.MaxUint64 {
				return
			}
			low++
		}
		if r.Low[0].IsNull() {
			return // nothing is above NULL, and nothing here is NULL
		}
	}
	if len(r.High) > 0 && !r.High[0].IsNull() {
		high = t.key.exactBound(r.High, sideOf(!r.HighOpen))
		if r.HighOpen {
			if high == 0 {
				return
			}
			high--
		}
	}
	t.rx.scan(low, high, r.Desc, visit)
}

// Seconds visits, in order, the second column of the records whose first is v, until visit returns false: what a junction
// says of one of its rows' sides, without a look at the rows. ok is false, and nothing was visited, if the tree does not have
// its key at hand: it has where that is two integers, never NULL, which all fit 32 bits. O(log n + records), no allocation.
func (t *Tree) Seconds(v Value, visit func(Value) bool) (ok bool) {
	if t.rx == nil || t.rx.low < 0 {
		return false
	}
	t.rx.lower(v, visit)
	return true
}

// All walks every record in order. The tree must not be written meanwhile.
func (t *Tree) All() iter.Seq[Record] {
	return func(yield func(Record) bool) { t.Scan(Range{}, yield) }
}
