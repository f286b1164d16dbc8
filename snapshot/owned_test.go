package snapshot

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

func newRecord(id int64) index.Record {
	r, cells := index.NewRecord(1)
	cells[0] = index.OfInt(id)
	return r
}

// TestOwnedSet: the set has no record that was not put in or was forgotten; it may lose others once it is as large as may be.
func TestOwnedSet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var s ownedRecords
	in := map[index.Record]bool{}
	var all []index.Record
	for n := range 100_000 {
		r := newRecord(int64(n))
		all = append(all, r)
		assert.False(t, s.has(r))
		s.add(r)
		in[r] = true
		assert.True(t, s.has(r))
		if n < 5000 && rng.IntN(1000) == 0 {
			s.forget()
			clear(in)
		}
	}
	lost := 0
	for _, r := range all {
		if s.has(r) {
			require.True(t, in[r])
		} else if in[r] {
			lost++
		}
	}
	assert.Equal(t, len(in)-lost, s.n)
	assert.Less(t, lost, len(in)/2)
	assert.LessOrEqual(t, len(s.buckets), maxBuckets)
	s.forget()
	for _, r := range all {
		require.False(t, s.has(r))
	}
	assert.LessOrEqual(t, len(s.buckets), keepBuckets)
}

// TestRewriteInPlace: a row is replaced once, and then written to for as long as nobody is shown the head.
func TestRewriteInPlace(t *testing.T) {
	s := newStore(t, "a")
	d := begin(s)
	require.Empty(t, insertAll(d, "a", newRecord(1), newRecord(2)))
	d.Commit(true)
	rewrite := func() index.Record {
		st := statement(s)
		defer st.End()
		old, _ := st.Table("a").Tree(0).Get(index.OfInt(1))
		now := newRecord(1)
		st.UpdateInPlace("a", old, now)
		left, _ := st.Table("a").Tree(0).Get(index.OfInt(1))
		assert.False(t, now == left, "what is handed out is not what is stored")
		return left
	}
	first := rewrite()
	assert.True(t, first == rewrite())
	for what, show := range map[string]func(){
		"a version": func() { s.Version() },
		"a fork":    func() { s.Fork() },
		"a draft":   func() { begin(s).Drop() },
		"a statement on a draft": func() {
			st := statement(s)
			defer st.End()
			st.OnDraft()
		},
	} {
		show()
		next := rewrite()
		assert.False(t, first == next, what)
		assert.True(t, next == rewrite(), what)
		first = next
	}
}

func insertAll(w table.Writer, name string, recs ...index.Record) (taken []index.Record) {
	for _, r := range recs {
		if k, owner := w.Writable(name).Insert(r); k >= 0 {
			taken = append(taken, owner)
		}
	}
	return taken
}
