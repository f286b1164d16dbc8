package index

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
)

// difference is what [Diff] visits.
type difference struct{ was, is Record }

func differences(a, b *Tree) (out []difference) {
	Diff(a, b, func(was, is Record) bool {
		if was != is {
			out = append(out, difference{was, is})
		}
		return true
	})
	return out
}

// naiveDifferences walks both trees and looks each record up in the other.
func naiveDifferences(a, b *Tree) (out []difference) {
	for r := range a.All() {
		if is, _ := b.Find(r); is != r {
			out = append(out, difference{r, is})
		}
	}
	for r := range b.All() {
		if _, known := a.Find(r); !known {
			out = append(out, difference{is: r})
		}
	}
	return out
}

// inOrder sorts differences as the key does, by insertion: they are few.
func inOrder(k *Key, list []difference) []difference {
	at := func(d difference) Record {
		if d.was.IsZero() {
			return d.is
		}
		return d.was
	}
	for i := range list {
		for j := i; j > 0 && k.Compare(at(list[j]), at(list[j-1])) < 0; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// Two trees, copied from one another and written to by turns, are as different as a look at every record finds them.
func TestDiffAgreesWithLookingAtEveryRecord(t *testing.T) {
	keys := map[string]*Key{
		"an integer": NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true}),
		"a pair":     NewKey([]Column{{Pos: 0, Type: Int}, {Pos: 1, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true}),
		"text":       NewKey([]Column{{Pos: 2, Type: String}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{}),
		"with NULL":  NewKey([]Column{{Pos: 1, Type: Int}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{}),
	}
	for name, k := range keys {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := randomDraw(t)
			for range budget.Of(60) {
				spread := pick(d, int64(3), 40, 700, 1<<20)
				if d(20) == 0 {
					spread = math.MaxInt64 / 2 // beyond 32 bits the tree of a pair becomes a B-tree
				}
				record := func() Record {
					r, cells := NewRecord(3)
					cells[0], cells[1] = OfInt(int64(d(1<<62))%spread), OfInt(int64(d(1<<62))%spread)
					cells[2] = OfString(string(rune('a' + d(26))))
					return r
				}
				a := NewTree(k)
				for range d(pick(d, 3, 400)) {
					a.Insert(record())
				}
				b := a.Copy()
				for range d(pick(d, 1, 5, 300)) {
					tree := pick(d, a, b)
					switch r := record(); d(4) {
					case 0:
						tree.Insert(r)
					case 1:
						tree.Replace(r)
					default:
						if have, ok := tree.first(nil); ok && d(3) == 0 {
							r = have
						}
						tree.Delete(r)
					}
				}
				require.Equal(t, inOrder(k, naiveDifferences(a, b)), differences(a, b))
				require.Empty(t, differences(a, a))
			}
		})
	}
}

// Diff stops where it is told to.
func TestDiffStops(t *testing.T) {
	k := NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true})
	a, b := NewTree(k), NewTree(k)
	for i := range int64(1000) {
		r, cells := NewRecord(1)
		cells[0] = OfInt(i * 77)
		b.Insert(r)
	}
	n := 0
	Diff(a, b, func(_, is Record) bool {
		n++
		return n < 10
	})
	require.Equal(t, 10, n)
}

// What a copy shares is not looked at: a difference costs the nodes on its way.
func TestDiffCostsTheDifference(t *testing.T) {
	k := NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true})
	a := NewTree(k)
	for i := range int64(200_000) {
		r, cells := NewRecord(1)
		cells[0] = OfInt(i)
		a.Append(r)
	}
	b := a.Copy()
	for range 10 {
		r, cells := NewRecord(1)
		cells[0] = OfInt(rand.Int64N(200_000))
		b.Replace(r)
	}
	found := 0
	d := differ{a: a.rx, b: b.rx, visit: func(_, _ Record) bool { found++; return true }}
	require.True(t, d.nodes(a.rx.root, b.rx.root))
	require.LessOrEqual(t, found, 10)
	require.Less(t, d.looked, 50, "ten ways of three or four nodes")
}
