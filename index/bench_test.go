package index

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// posts are n rows of 100 to an author: id, author, slug, title. Authors come in random order.
func posts(n int) []Record {
	d := rand.New(rand.NewPCG(1, 2))
	out := make([]Record, n)
	for i := range out {
		out[i] = row(OfInt(int64(i)), OfInt(int64(d.IntN(n/100+1))), OfString(fmt.Sprintf("a-post-%07d", d.IntN(1e7)*7+i%7)), OfString("title"))
	}
	return out
}

var (
	postID     = NewKey([]Column{{Pos: 0, Type: Int}}, nil, KeyOptions{Unique: true, NotNull: true})
	postAuthor = NewKey([]Column{{Pos: 1, Type: Int}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{})
	postSlug   = NewKey([]Column{{Pos: 2, Type: String}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{})
)

func treeOf(key *Key, rows []Record) *Tree {
	tree := NewTree(key)
	for _, r := range rows {
		tree.Append(r)
	}
	return tree
}

func BenchmarkTree(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			rows := posts(n)
			pk, fk, slug := treeOf(postID, rows), treeOf(postAuthor, rows), treeOf(postSlug, rows)
			b.Run("get", func(b *testing.B) { benchGet(b, pk, rows) })
			b.Run("get-string", func(b *testing.B) { benchGetString(b, slug, rows) })
			b.Run("children", func(b *testing.B) { benchChildren(b, fk, n/100) })
			b.Run("insert", func(b *testing.B) { benchFill(b, postAuthor, rows, (*Tree).Insert) })
			b.Run("insert-string", func(b *testing.B) { benchFill(b, postSlug, rows, (*Tree).Insert) })
			b.Run("append", func(b *testing.B) { benchFill(b, postID, rows, (*Tree).Append) })
			b.Run("copy+write", func(b *testing.B) { benchCopyWrite(b, pk, rows) })
		})
	}
}

// random is a cheap walk over [0, n) that no cache foresees.
func random(i, n int) int { return int(uint64(i+1) * 0x9e3779b97f4a7c15 >> 32 % uint64(n)) }

func benchGet(b *testing.B, pk *Tree, rows []Record) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id := random(i, len(rows))
		if _, ok := pk.Get(OfInt(int64(id))); !ok {
			b.Fatal(id)
		}
	}
}

func benchGetString(b *testing.B, slug *Tree, rows []Record) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, ok := slug.Get(rows[random(i, len(rows))].At(2)); !ok {
			b.Fatal(i)
		}
	}
}

// benchChildren visits some hundred rows in each loop.
func benchChildren(b *testing.B, fk *Tree, authors int) {
	b.ReportAllocs()
	var sum int64
	for i := 0; b.Loop(); i++ {
		author := [1]Value{OfInt(int64(random(i, authors)))}
		fk.Scan(Range{Low: author[:], High: author[:]}, func(r Record) bool { sum += r.At(0).Int(); return true })
	}
}

func benchFill(b *testing.B, key *Key, rows []Record, put func(*Tree, Record) (Record, bool)) {
	for b.Loop() {
		tree := NewTree(key)
		for _, r := range rows {
			put(tree, r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
}

// benchCopyWrite is the first write after a copy: it copies one node a level.
func benchCopyWrite(b *testing.B, pk *Tree, rows []Record) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		pk.Copy().Replace(rows[random(i, len(rows))])
	}
}
