package index

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
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
	require.True(t, len(n.slots) > 1 || root && len(n.slots) == 1 && n.kids == 0 && n.shift == 0, "%d slots", len(n.slots))
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
		} else {
			require.Equal(t, prefix>>n.shift, tree.keyOf(n.record(i))>>n.shift)
			records++
		}
		i++
	}
	return records
}

func intRecord(key uint64) Record {
	r, cells := NewRecord(1)
	cells[0] = OfInt(int64(key ^ signBit))
	return r
}

// The tree agrees with a sorted slice over keys that are dense, sparse, clustered and extreme.
func TestRadixAgreesWithSortedKeys(t *testing.T) {
	clusters := []func(r *rand.Rand) uint64{
		func(r *rand.Rand) uint64 { return signBit + r.Uint64N(200) },
		func(r *rand.Rand) uint64 { return r.Uint64() },
		func(r *rand.Rand) uint64 { return r.Uint64N(4)<<60 | r.Uint64N(4)<<30 | r.Uint64N(4) },
		func(r *rand.Rand) uint64 { return uint64(1) << r.Uint64N(64) },
		func(r *rand.Rand) uint64 { return -r.Uint64N(3) },
	}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		tree := newRadix(0)
		var keys []uint64
		type version struct {
			tree *radix
			keys []uint64
		}
		var versions []version
		for range 400 {
			key := clusters[rng.IntN(len(clusters))](rng)
			at, there := slices.BinarySearch(keys, key)
			_, found := tree.get(key)
			require.Equal(t, there, found, "seed %d", seed)
			switch {
			case rng.IntN(3) > 0:
				_, taken := tree.set(intRecord(key), rng.IntN(2) == 0)
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
			checkRadix(t, tree)
			if rng.IntN(50) == 0 {
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
