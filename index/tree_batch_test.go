package index

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
)

// Batches leave what single deletes and replacements leave, whatever the runs and their order.
func TestBatchesLeaveWhatSingleChangesLeave(t *testing.T) {
	keys := []*Key{
		NewKey([]Column{{Pos: 1, Type: Int}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{}),
		NewKey([]Column{{Pos: 1, Type: Int}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{NotNull: true}),
	}
	for seed := range uint64(budget.Of(200)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		key := keys[seed%2]
		batch, single := NewTree(key), NewTree(key)
		var recs []Record
		for i := range rng.IntN(3000) {
			r, cells := NewRecord(2)
			cells[0], cells[1] = OfInt(int64(i)), OfInt(int64(rng.IntN(40)))
			recs = append(recs, r)
		}
		batch.ReplaceAll(recs)
		for _, r := range recs {
			single.Replace(r)
		}
		shared := batch.Copy()
		var gone []Record
		for r := range single.All() {
			if len(gone) < len(recs)*3/4 && rng.IntN(20) > 0 {
				gone = append(gone, r)
			}
		}
		if seed%3 == 0 {
			rng.Shuffle(len(gone), func(i, j int) { gone[i], gone[j] = gone[j], gone[i] })
		}
		batch.DeleteAll(gone)
		for _, r := range gone {
			require.True(t, single.Delete(r))
		}
		require.Equal(t, single.Len(), batch.Len(), "seed %d", seed)
		if batch.rx != nil {
			checkRadix(t, batch.rx)
			checkRadix(t, shared.rx)
		}
		var want, got []Record
		for r := range single.All() {
			want = append(want, r)
			require.True(t, batch.Holds(r), "seed %d", seed)
		}
		for r := range batch.All() {
			got = append(got, r)
		}
		require.Equal(t, want, got, "seed %d", seed)
		require.Equal(t, len(recs), shared.Len(), "seed %d: the copy changed", seed)
	}
}

// Inserting in bulk is inserting one by one, or nothing where a key is taken.
func TestBulkInsertIsAllOrNothing(t *testing.T) {
	keys := []*Key{
		NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true}),
		NewKey([]Column{{Pos: 1, Type: String}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{Unique: true, NullsDistinct: true}),
		NewKey([]Column{{Pos: 1, Type: String}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{}),
		NewKey([]Column{{Pos: 2, Type: Int}, {Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true}),
	}
	for seed := range uint64(budget.Of(300)) {
		rng := rand.New(rand.NewPCG(seed, 3))
		key := keys[rng.IntN(len(keys))]
		tree, model := NewTree(key), NewTree(key)
		for range 3 {
			recs := make([]Record, rng.IntN(200))
			for i := range recs {
				r, cells := NewRecord(3)
				cells[0], cells[2] = OfInt(int64(rng.IntN(20000))), OfInt(int64(rng.IntN(3)))
				if rng.IntN(5) > 0 {
					cells[1] = OfString("start"[:rng.IntN(6)] + "\x00\xff\xff\xff\xff\xff\xff\xff\xff"[:rng.IntN(10)] + string(rune('a'+rng.IntN(26))) + string(rune('a'+rng.IntN(26))) + string(rune(rng.IntN(1000))))
				}
				recs[i] = r
			}
			want := model.Copy()
			all := true
			for _, r := range recs {
				_, ok := want.Insert(r)
				all = all && ok
			}
			require.Equal(t, all, tree.InsertAll(recs), "seed %d", seed)
			if all {
				model = want
			}
			require.Equal(t, slices.Collect(model.All()), slices.Collect(tree.All()), "seed %d", seed)
			require.Equal(t, model.Len(), tree.Len())
		}
	}
}
