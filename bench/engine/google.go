package engine

import (
	"cmp"
	"iter"

	"github.com/google/btree"

	"github.com/memrel/memrel/bench/data"
)

const googleDegree = 32

func openGoogle(Options) (Store, error) {
	links := func() linkTable { return linkTable{googleMap[int64, *data.Link](), googleGroupOf[*data.Link]()} }
	return &floor{open: openGoogle,
		users: googleMap[int64, *data.User](), emails: googleMap[string, *data.User](),
		posts: googleMap[int64, *data.Post](), slugs: googleMap[string, *data.Post](), authored: googleGroupOf[*data.Post](),
		tags: googleMap[int64, *data.Tag](), tagged: googleGroupOf[*data.Tag](), tagNames: googleMap[string, *data.Tag](), tagging: googleGroupOf[struct{}](),
		parents: googleMap[int64, *data.Root](), owners: googleMap[int64, *data.Root](),
		children: links(), grandchildren: links(), nodes: links(), notes: links(),
	}, nil
}

// entry is an item of a tree that stands for a map.
type entry[K cmp.Ordered, R any] struct {
	key K
	row R
}

type googleIndex[K cmp.Ordered, R any] struct{ t *btree.BTreeG[entry[K, R]] }

func googleMap[K cmp.Ordered, R any]() map1[K, R] {
	return googleIndex[K, R]{btree.NewG(googleDegree, func(a, b entry[K, R]) bool { return a.key < b.key })}
}

func (t googleIndex[K, R]) get(key K) (R, bool) {
	e, ok := t.t.Get(entry[K, R]{key: key})
	return e.row, ok
}

func (t googleIndex[K, R]) put(key K, row R) bool {
	old, taken := t.t.ReplaceOrInsert(entry[K, R]{key, row})
	if taken {
		t.t.ReplaceOrInsert(old)
	}
	return !taken
}

func (t googleIndex[K, R]) set(key K, row R) { t.t.ReplaceOrInsert(entry[K, R]{key, row}) }
func (t googleIndex[K, R]) remove(key K)     { t.t.Delete(entry[K, R]{key: key}) }

func (t googleIndex[K, R]) from(key K) iter.Seq2[K, R] {
	return func(yield func(K, R) bool) {
		t.t.AscendGreaterOrEqual(entry[K, R]{key: key}, func(e entry[K, R]) bool { return yield(e.key, e.row) })
	}
}

func (t googleIndex[K, R]) clone() map1[K, R] { return googleIndex[K, R]{t.t.Clone()} }

type googleGroup[R any] struct{ t *btree.BTreeG[edge[R]] }

func googleGroupOf[R any]() group[R] { return googleGroup[R]{btree.NewG(googleDegree, lessEdge[R])} }

func (g googleGroup[R]) add(parent, id int64, row R) { g.t.ReplaceOrInsert(edge[R]{parent, id, row}) }
func (g googleGroup[R]) remove(parent, id int64)     { g.t.Delete(edge[R]{parent: parent, id: id}) }

func (g googleGroup[R]) of(parent int64, visit func(int64, R) bool) {
	g.t.AscendGreaterOrEqual(edge[R]{parent: parent}, func(e edge[R]) bool { return e.parent == parent && visit(e.id, e.row) })
}

func (g googleGroup[R]) clone() group[R] { return googleGroup[R]{g.t.Clone()} }
