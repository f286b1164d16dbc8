package index

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/btree"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
)

// model is what a tree must be, by other means: google/btree over encoded keys for what is asked by key, and for ranges
// a plain walk over everything.
type model struct {
	shape
	byKey *btree.BTreeG[modelItem]
}

type modelItem struct {
	identity []byte
	full     []byte // every column of the order
	rec      Record
}

func newModel(s shape) *model {
	return &model{s, btree.NewG(4, func(a, b modelItem) bool { return bytes.Compare(a.identity, b.identity) < 0 })}
}

func (m *model) clone() *model { return &model{m.shape, m.byKey.Clone()} }

func (m *model) item(r Record) modelItem { return modelItem{m.identity(r), encode(m.order(), r), r} }

func (m *model) find(r Record) (Record, bool) {
	it, ok := m.byKey.Get(m.item(r))
	return it.rec, ok
}

func (m *model) insert(r Record) (Record, bool) {
	if owner, taken := m.find(r); taken {
		return owner, false
	}
	m.byKey.ReplaceOrInsert(m.item(r))
	return Record{}, true
}

func (m *model) bytes(vals []Value) (out []byte) {
	for i, v := range vals {
		out = m.order()[i].encode(out, v)
	}
	return out
}

// naive is the whole content as a sorted slice.
func (m *model) naive() (out []modelItem) {
	m.byKey.Ascend(func(it modelItem) bool { out = append(out, it); return true })
	return out
}

func (m *model) scan(r Range) (out []Record) {
	low, high := m.bytes(r.Low), m.bytes(r.High)
	for _, it := range m.naive() {
		if len(r.Low) > 0 && (bytes.Compare(it.full, low) < 0 || r.LowOpen && bytes.HasPrefix(it.full, low)) {
			continue
		}
		if len(r.High) > 0 && (bytes.Compare(it.full, high) > 0 && !bytes.HasPrefix(it.full, high) || r.HighOpen && bytes.HasPrefix(it.full, high)) {
			continue
		}
		out = append(out, it.rec)
	}
	if r.Desc {
		slices.Reverse(out)
	}
	return out
}

func (m *model) get(vals []Value) (Record, bool) {
	for _, r := range m.scan(Range{Low: vals, High: vals}) {
		return r, true
	}
	return Record{}, false
}

func scan(tree *Tree, r Range) (out []Record) {
	tree.Scan(r, func(r Record) bool { out = append(out, r); return true })
	return out
}

// pair is a tree and what it should be.
type pair struct {
	tree  *Tree
	model *model
}

func (p pair) copy() pair { return pair{p.tree.Copy(), p.model.clone()} }

func (p pair) check(t *testing.T) {
	t.Helper()
	require.Equal(t, p.model.byKey.Len(), p.tree.Len())
	require.Equal(t, p.model.scan(Range{}), scan(p.tree, Range{}))
}

// write does one random write to both.
func (p pair) write(t *testing.T, d draw) {
	t.Helper()
	r := d.record()
	if old := p.some(d); !old.IsZero() && d(3) == 0 {
		r = old
	}
	switch d(6) {
	case 0, 1:
		owner, ok := p.tree.Insert(r)
		wantOwner, want := p.model.insert(r)
		require.Equal(t, want, ok, "Insert")
		require.True(t, wantOwner == owner, "Insert: owner")
	case 2:
		owner, ok := p.tree.Append(r)
		wantOwner, want := p.model.insert(r)
		require.Equal(t, want, ok, "Append")
		require.True(t, wantOwner == owner, "Append: owner")
	case 3:
		p.tree.Replace(r)
		p.model.byKey.ReplaceOrInsert(p.model.item(r))
		require.True(t, p.tree.Holds(r), "Replace")
	default:
		if old := p.some(d); !old.IsZero() && d(2) == 0 {
			r = old
		}
		_, want := p.model.byKey.Delete(p.model.item(r))
		require.Equal(t, want, p.tree.Delete(r), "Delete")
		require.False(t, p.tree.Holds(r), "Delete")
	}
}

// read asks both one random question.
func (p pair) read(t *testing.T, d draw) {
	t.Helper()
	r := d.record()
	if old := p.some(d); !old.IsZero() && d(2) == 0 {
		r = old
	}
	want, wantOK := p.model.find(r)
	got, ok := p.tree.Find(r)
	require.Equal(t, wantOK, ok, "Find")
	require.True(t, want == got, "Find")
	require.Equal(t, wantOK && want == r, p.tree.Holds(r), "Holds")

	vals := p.tree.Key().Values(nil, r)
	want, wantOK = p.model.get(vals)
	got, ok = p.tree.Get(vals...)
	require.Equal(t, wantOK, ok, "Get")
	require.True(t, want == got, "Get")

	span := p.span(d)
	all := p.model.scan(span)
	require.Equal(t, all, scan(p.tree, span), "Scan %+v", span)
	p.readSeconds(t, p.tree.Key().Values(nil, r)[0])
	stopAt, seen := 1+d(5), 0
	p.tree.Scan(span, func(Record) bool { seen++; return seen < stopAt })
	require.Equal(t, min(stopAt, len(all)), seen, "a scan ends when visit says so")
}

func (p pair) readSeconds(t *testing.T, first Value) {
	t.Helper()
	var got, want []Value
	if !p.tree.Seconds(first, func(v Value) bool { got = append(got, v); return true }) {
		require.Empty(t, got)
		return
	}
	for _, r := range p.model.scan(Range{Low: []Value{first}, High: []Value{first}}) {
		want = append(want, r.At(p.model.order()[1].Pos))
	}
	require.Equal(t, want, got, "Seconds")
	if len(want) > 1 {
		p.tree.Seconds(first, func(v Value) bool { got = append(got[:0], v); return false })
		require.Equal(t, want[:1], got, "it ends when visit says so")
	}
}

// some is a record of the tree, or none.
func (p pair) some(d draw) (r Record) {
	n := d(1 + min(200, p.model.byKey.Len()))
	p.model.byKey.Ascend(func(it modelItem) bool { r, n = it.rec, n-1; return n >= 0 })
	return r
}

// span is a range whose ends are of any length up to the whole order, from records in the tree or any, with a NULL or
// an extreme put in now and then, and sometimes the wrong way round.
func (p pair) span(d draw) Range {
	span := Range{Low: p.bound(d), High: p.bound(d), LowOpen: d(2) == 0, HighOpen: d(2) == 0, Desc: d(2) == 0}
	if d(4) == 0 {
		span.High = span.Low
	}
	if d(3) > 0 && len(span.Low) > 0 && len(span.High) > 0 && bytes.Compare(p.model.bytes(span.Low), p.model.bytes(span.High)) > 0 {
		span.Low, span.High = span.High, span.Low
	}
	return span
}

func (p pair) bound(d draw) []Value {
	r, order := p.some(d), p.tree.Key().Order()
	if r.IsZero() || d(3) == 0 {
		r = d.record()
	}
	vals := make([]Value, d(len(order)+1))
	for i := range vals {
		vals[i] = r.At(order[i].Pos)
		if d(6) == 0 {
			vals[i] = d.value(order[i].Type)
		}
	}
	if len(vals) == 0 && d(2) == 0 {
		return nil
	}
	return vals
}

func TestTreeAgreesWithModel(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			d := randomDraw(t)
			pairs := []pair{{NewTree(s.key()), newModel(s)}}
			for range 1500 { // enough to split nodes
				r := d.record()
				_, ok := pairs[0].tree.Insert(r)
				_, want := pairs[0].model.insert(r)
				require.Equal(t, want, ok)
			}
			for i := range budget.Of(1500) {
				p := pairs[d(len(pairs))]
				switch {
				case i%250 == 0: // copies of copies; from time to time one is forgotten
					pairs = append(pairs, p.copy())
				case i%600 == 0:
					pairs = slices.Delete(pairs, 0, 1)
				case i%10 == 0:
					p.read(t, d)
				default:
					p.write(t, d)
				}
			}
			for _, p := range pairs {
				p.check(t)
			}
			for _, p := range pairs[1:] { // down to nothing, beside copies that stay
				for _, r := range scan(p.tree, Range{Desc: d(2) == 0}) {
					require.True(t, p.tree.Delete(r))
				}
				require.Zero(t, p.tree.Len())
				require.Empty(t, scan(p.tree, Range{}))
			}
			pairs[0].check(t)
		})
	}
}

func TestAppendTakesRecordsInAnyOrder(t *testing.T) {
	for _, s := range shapes {
		d := randomDraw(t)
		p := pair{NewTree(s.key()), newModel(s)}
		records := make([]Record, 1000)
		for i := range records {
			records[i] = d.record()
		}
		slices.SortStableFunc(records[:800], p.tree.Key().Compare)
		for _, r := range records {
			owner, ok := p.tree.Append(r)
			wantOwner, want := p.model.insert(r)
			require.Equal(t, want, ok)
			require.True(t, owner == wantOwner)
		}
		p.check(t)
	}
}

// A published tree is copied by several forks at once, while readers walk it. Meant for the race detector.
func TestCopiesOfOnePublishedTree(t *testing.T) {
	for _, s := range []shape{shapes[0], shapes[4], shapes[10], shapes[19]} {
		t.Run(s.name, func(t *testing.T) {
			seed := randomDraw(t)
			published := pair{NewTree(s.key()), newModel(s)}
			for range 2000 {
				r := seed.record()
				published.tree.Insert(r)
				published.model.insert(r)
			}
			want, some := published.model.scan(Range{}), published.some(seed)

			var forks, readers sync.WaitGroup
			var done atomic.Bool
			for range 2 {
				readers.Go(func() {
					for !done.Load() {
						if n := len(scan(published.tree, Range{})); n != len(want) {
							t.Errorf("a reader saw %d of %d records", n, len(want))
						}
						published.tree.Get(s.key().Values(nil, some)...)
					}
				})
			}
			made := make([]pair, 8)
			for i := range made {
				model, d := published.model.clone(), rand.New(rand.NewPCG(uint64(seed(1<<32)), uint64(i))).IntN
				forks.Go(func() {
					made[i] = pair{published.tree.Copy(), model}
					for j := range 300 {
						made[i].write(t, d)
						if j%100 == 50 { // copying the copied one again
							made[i] = made[i].copy()
							published.tree.Copy()
						}
					}
				})
			}
			forks.Wait()
			done.Store(true)
			readers.Wait()
			for _, fork := range made {
				fork.check(t)
			}
			require.Equal(t, want, scan(published.tree, Range{}), "the published tree is as it was")
		})
	}
}

// What is worth a test of its own among what the model finds, as examples.

func row(cells ...Value) Record {
	r, c := NewRecord(len(cells))
	copy(c, cells)
	return r
}

func TestUniqueIntWithNullsDistinctHasOneOwner(t *testing.T) {
	tree := NewTree(NewKey(cols(parent), cols(id), nullsDistinct))
	first, second := row(OfInt(1), OfInt(7)), row(OfInt(2), OfInt(7))
	_, ok := tree.Insert(first)
	require.True(t, ok)
	owner, ok := tree.Insert(second)
	require.False(t, ok, "7 is taken")
	require.True(t, owner == first)
	got, ok := tree.Get(OfInt(7))
	require.True(t, ok)
	require.True(t, got == first)

	for i := range int64(3) {
		_, ok := tree.Insert(row(OfInt(10+i), Null))
		require.True(t, ok, "NULL is never taken")
	}
	require.Equal(t, 4, tree.Len())
	got, ok = tree.Get(Null)
	require.True(t, ok)
	require.Equal(t, int64(10), got.At(0).Int(), "the first of them")
}

func TestScanOfWholeKeyFindsItsRecord(t *testing.T) {
	for _, k := range []*Key{
		NewKey(cols(name), cols(id), unique),
		NewKey(cols(name), cols(id), nullsDistinct),
		NewKey(cols(name), cols(name), KeyOptions{}),
		NewKey(cols(id, name), nil, uniqueNotNull),
	} {
		tree := NewTree(k)
		r := row(OfInt(1), Null, OfString("x"))
		tree.Insert(row(OfInt(0), Null, OfString("w")))
		tree.Insert(r)
		tree.Insert(row(OfInt(2), Null, OfString("y")))
		vals := k.Values(nil, r)
		for _, desc := range []bool{false, true} {
			require.Equal(t, []Record{r}, scan(tree, Range{Low: vals, High: vals, Desc: desc}))
			require.Empty(t, scan(tree, Range{Low: vals, High: vals, LowOpen: true, Desc: desc}))
			require.Empty(t, scan(tree, Range{Low: vals, High: vals, HighOpen: true, Desc: desc}))
			require.Len(t, scan(tree, Range{Low: vals, Desc: desc}), 2)
			require.Len(t, scan(tree, Range{Low: vals, LowOpen: true, Desc: desc}), 1)
			require.Len(t, scan(tree, Range{High: vals, Desc: desc}), 2)
			require.Len(t, scan(tree, Range{High: vals, HighOpen: true, Desc: desc}), 1)
		}
	}
}

func TestBoundWithoutValuesDoesNotBound(t *testing.T) {
	for _, k := range []*Key{NewKey(cols(id), nil, uniqueNotNull), NewKey(cols(parent), cols(id), KeyOptions{})} {
		tree := NewTree(k)
		tree.Insert(row(OfInt(1), OfInt(1)))
		for _, desc := range []bool{false, true} {
			require.Len(t, scan(tree, Range{Low: []Value{}, High: []Value{}, LowOpen: true, HighOpen: true, Desc: desc}), 1)
		}
	}
}

func TestScansInsideScans(t *testing.T) {
	tree := NewTree(NewKey(cols(parent), cols(id), KeyOptions{}))
	for i := range int64(100) {
		tree.Insert(row(OfInt(i), OfInt(i%10)))
	}
	visited := 0
	for outer := range int64(10) {
		tree.Scan(Range{Low: []Value{OfInt(outer)}, High: []Value{OfInt(outer)}}, func(r Record) bool {
			tree.Scan(Range{Low: []Value{r.At(1)}, High: []Value{r.At(1)}}, func(Record) bool { visited++; return true })
			return true
		})
	}
	require.Equal(t, 1000, visited)
}
