//go:build !race

package index

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Reads allocate nothing: probes come from a pool, and neither the values nor visit escape. Not under the race
// detector, which has pools drop things on purpose.
func TestReadsDoNotAllocate(t *testing.T) {
	rows := posts(2000)
	pk, fk, slug := treeOf(postID, rows), treeOf(postAuthor, rows), treeOf(postSlug, rows)
	unique := treeOf(NewKey([]Column{{Pos: 2, Type: String}}, []Column{{Pos: 0, Type: Int}}, nullsDistinct), rows)
	pair := treeOf(NewKey([]Column{{Pos: 1, Type: Int}}, []Column{{Pos: 0, Type: Int}}, KeyOptions{NotNull: true}), rows)
	none := func(name string, read func()) {
		t.Run(name, func(t *testing.T) { require.Zero(t, testing.AllocsPerRun(200, read)) })
	}
	i, count := 0, 0
	next := func() Record { i = (i + 7) % len(rows); return rows[i] }
	visit := func(Record) bool { count++; return true }

	none("Get by int", func() { pk.Get(next().At(0)) })
	none("Get of the first child", func() { fk.Get(next().At(1)) })
	none("Get by string", func() { slug.Get(next().At(2)) })
	none("Get by unique string", func() { unique.Get(next().At(2)) })
	none("Get of a NULL", func() { unique.Get(Null) })
	none("Find", func() { slug.Find(next()) })
	none("Holds", func() { slug.Holds(next()) })
	none("Scan of children", func() {
		author := [1]Value{next().At(1)}
		fk.Scan(Range{Low: author[:], High: author[:]}, func(Record) bool { count++; return true })
	})
	none("Seconds", func() { pair.Seconds(next().At(1), func(Value) bool { count++; return true }) })
	for name, tree := range map[string]*Tree{"int": pk, "two ints, maybe NULL": fk, "two ints": pair, "string": slug, "unique string": unique} {
		for _, r := range []Range{{}, {LowOpen: true}, {HighOpen: true}, {Desc: true}} {
			bounded := r
			first := tree.Key().Columns()[0].Pos
			bounded.Low, bounded.High = []Value{rows[10].At(first)}, []Value{rows[20].At(first)}
			none("Scan by "+name, func() {
				tree.Scan(r, visit)
				tree.Scan(bounded, visit)
			})
		}
	}
}
