package index

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/memrel/memrel/internal/budget"

	"github.com/stretchr/testify/require"
)

// The keys of radix trees: of one integer, and of two.
var (
	oneInt  = NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true})
	twoInts = NewKey([]Column{{Pos: 0, Type: Int}, {Pos: 1, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true})
)

// checkRadix walks the invariants of the tree.
func checkRadix(t *testing.T, tree *radix) {
	t.Helper()
	n := 0
	if tree.root != nil {
		n = checkRadixNode(t, tree, tree.root, true)
	}
	require.Equal(t, tree.count, n)
}

func checkRadixNode(t *testing.T, tree *radix, n *radixNode, root bool) (records int) {
	t.Helper()
	require.Equal(t, bits.OnesCount64(n.have), len(n.slots))
	require.Zero(t, n.kids&^n.have)
	require.Zero(t, n.path&^above(n.shift))
	single := n.kids == 0 && n.shift == 0
	if tree.low >= 0 {
		single = n.shift == 60
	}
	require.True(t, len(n.slots) > 1 || root && len(n.slots) == 1 && single, "%d slots", len(n.slots))
	i := 0
	for rest := n.have; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		prefix := n.path | uint64(bits.TrailingZeros64(bit))<<n.shift
		if n.kids&bit != 0 {
			kid := *n.kid(i)
			require.NotNil(t, kid)
			require.Less(t, kid.shift, n.shift)
			require.Equal(t, prefix>>n.shift, kid.path>>n.shift)
			records += checkRadixNode(t, tree, kid, false)
		} else if tree.low >= 0 {
			records += checkLeaf(t, tree, n.leaf(i), prefix>>n.shift, n.shift)
		} else {
			require.Equal(t, prefix>>n.shift, tree.keyOf(n.record(i))>>n.shift)
			records++
		}
		i++
	}
	return records
}

// checkLeaf walks the invariants of a leaf in the slot of a digit.
func checkLeaf(t *testing.T, tree *radix, l *radixLeaf, prefix uint64, shift uint8) (records int) {
	t.Helper()
	require.NotEmpty(t, l.keys)
	require.LessOrEqual(t, len(l.keys), maxLeaf)
	require.Len(t, l.recs, len(l.keys))
	for i, key := range l.keys {
		require.Equal(t, key, tree.keyOf(l.recs[i]))
		require.Equal(t, prefix, key>>shift)
		require.True(t, i == 0 || l.keys[i-1] < key, "in order, each once")
	}
	return len(l.keys)
}

// recordOf is a record with a key, which must be one that fits.
func (t *radix) recordOf(key uint64) Record {
	r, cells := NewRecord(2)
	if t.low < 0 {
		cells[0] = OfInt(int64(key ^ signBit))
		return r
	}
	cells[0], cells[1] = OfInt(int64(key>>32)-halfBias), OfInt(int64(key&math.MaxUint32)-halfBias)
	return r
}

// fit makes a key one that the tree can hold: neither half at an end of its range.
func (t *radix) fit(key uint64) uint64 {
	if t.low < 0 {
		return key
	}
	half := func(h uint64) uint64 { return min(max(h&math.MaxUint32, 1), math.MaxUint32-1) }
	return half(key>>32)<<32 | half(key)
}

// The tree agrees with a sorted slice over keys that are dense, sparse, clustered and extreme.
func TestRadixAgreesWithSortedKeys(t *testing.T) {
	t.Run("one integer", func(t *testing.T) { testRadix(t, oneInt, uint64(budget.Of(30)), 400) })
	t.Run("two integers", func(t *testing.T) { testRadix(t, twoInts, uint64(budget.Of(10)), 1500) })
}

func testRadix(t *testing.T, of *Key, seeds uint64, writes int) {
	t.Parallel()
	clusters := []func(r *rand.Rand) uint64{
		func(r *rand.Rand) uint64 { return signBit + r.Uint64N(200) },
		func(r *rand.Rand) uint64 { return r.Uint64() },
		func(r *rand.Rand) uint64 { return r.Uint64N(4)<<60 | r.Uint64N(4)<<30 | r.Uint64N(4) },
		func(r *rand.Rand) uint64 { return uint64(1) << r.Uint64N(64) },
		func(r *rand.Rand) uint64 { return -r.Uint64N(3) },
		func(r *rand.Rand) uint64 { return (halfBias+r.Uint64N(3))<<32 | halfBias + r.Uint64N(1000) },
	}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 2))
		tree := newRadix(of)
		var keys []uint64
		type version struct {
			tree *radix
			keys []uint64
		}
		var versions []version
		for i := range writes {
			key := tree.fit(clusters[rng.IntN(len(clusters))](rng))
			at, there := slices.BinarySearch(keys, key)
			_, found := tree.get(key)
			require.Equal(t, there, found, "seed %d", seed)
			switch {
			case rng.IntN(3) > 0:
				_, taken := tree.set(tree.recordOf(key), rng.IntN(2) == 0)
				require.Equal(t, there, taken)
				if !there {
					keys = slices.Insert(keys, at, key)
				}
			case len(keys) > 0:
				if rng.IntN(4) > 0 {
					at = rng.IntN(len(keys))
					key, there = keys[at], true
				}
				require.Equal(t, there, tree.delete(key), "seed %d", seed)
				if there {
					keys = slices.Delete(keys, at, at+1)
				}
			}
			if i%5 > 0 {
				continue
			}
			checkRadix(t, tree)
			if rng.IntN(20) == 0 {
				versions = append(versions, version{tree.copy(), slices.Clone(keys)})
			}
			low, high := clusters[rng.IntN(len(clusters))](rng), clusters[rng.IntN(len(clusters))](rng)
			checkScan(t, tree, keys, low, high, seed)
		}
		for _, v := range versions {
			checkRadix(t, v.tree)
			checkScan(t, v.tree, v.keys, 0, ^uint64(0), seed)
		}
	}
}

func checkScan(t *testing.T, tree *radix, keys []uint64, low, high uint64, seed uint64) {
	t.Helper()
	var want, up, down []uint64
	for _, k := range keys {
		if k >= low && k <= high {
			want = append(want, k)
		}
	}
	tree.scan(low, high, false, func(r Record) bool { up = append(up, tree.keyOf(r)); return true })
	tree.scan(low, high, true, func(r Record) bool { down = append(down, tree.keyOf(r)); return true })
	slices.Reverse(down)
	require.Equal(t, want, up, "seed %d, from %d to %d", seed, low, high)
	require.Equal(t, want, down, "seed %d, from %d to %d, backwards", seed, low, high)
}

// A pair that does not fit makes the tree a B-tree, with all that it had; copies made before stay what they are.
func TestPairsBeyond32Bits(t *testing.T) {
	for _, far := range []Record{
		row(OfInt(math.MaxInt32), OfInt(0)), row(OfInt(0), OfInt(math.MinInt32)), row(OfInt(1<<40), OfInt(1)), row(OfInt(1), OfInt(-1<<40)),
	} {
		for name, add := range map[string]func(*Tree){
			"Insert":     func(tree *Tree) { tree.Insert(far) },
			"Append":     func(tree *Tree) { tree.Append(far) },
			"Replace":    func(tree *Tree) { tree.Replace(far) },
			"InsertAll":  func(tree *Tree) { require.True(t, tree.InsertAll([]Record{far})) },
			"ReplaceAll": func(tree *Tree) { tree.ReplaceAll([]Record{far}) },
		} {
			tree := NewTree(twoInts)
			for i := range int64(500) {
				tree.Insert(row(OfInt(i%7), OfInt(i)))
			}
			before := tree.Copy()
			require.False(t, tree.Holds(far))
			require.False(t, tree.Delete(far))
			require.NotNil(t, tree.rx, "asking does not make it one")
			add(tree)
			require.Nil(t, tree.rx, name)
			require.NotNil(t, before.rx, name)
			require.Equal(t, 500, before.Len(), name)
			require.Equal(t, 501, tree.Len(), name)
			require.True(t, tree.Holds(far), name)
			require.True(t, slices.IsSortedFunc(slices.Collect(tree.All()), twoInts.Compare), name)
			require.True(t, tree.Delete(far), name)
			require.Equal(t, slices.Collect(before.All()), slices.Collect(tree.All()), name)
		}
	}
}
