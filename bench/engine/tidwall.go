package engine

import (
	"cmp"
	"iter"

	"github.com/tidwall/btree"

	"github.com/memrel/memrel/bench/data"
)

func openTidwall(Options) (Store, error) {
	links := func() linkTable { return linkTable{tidwallMap[int64, *data.Link](), tidwallGroupOf[*data.Link]()} }
	return &floor{open: openTidwall,
		users: tidwallMap[int64, *data.User](), emails: tidwallMap[string, *data.User](),
		posts: tidwallMap[int64, *data.Post](), slugs: tidwallMap[string, *data.Post](), authored: tidwallGroupOf[*data.Post](),
		tags: tidwallMap[int64, *data.Tag](), tagged: tidwallGroupOf[*data.Tag](), tagNames: tidwallMap[string, *data.Tag](), tagging: tidwallGroupOf[struct{}](),
		parents: tidwallMap[int64, *data.Root](), owners: tidwallMap[int64, *data.Root](),
		children: links(), grandchildren: links(), nodes: links(), notes: links(),
	}, nil
}

// tidwallIndex is a B-tree of keys and row pointers.
type tidwallIndex[K cmp.Ordered, R any] struct{ m *btree.Map[K, R] }

func tidwallMap[K cmp.Ordered, R any]() map1[K, R] { return tidwallIndex[K, R]{new(btree.Map[K, R])} }

func (t tidwallIndex[K, R]) get(key K) (R, bool) { return t.m.Get(key) }

func (t tidwallIndex[K, R]) put(key K, row R) bool {
	old, taken := t.m.Set(key, row)
	if taken {
		t.m.Set(key, old)
	}
	return !taken
}

func (t tidwallIndex[K, R]) set(key K, row R) { t.m.Set(key, row) }
func (t tidwallIndex[K, R]) remove(key K)     { t.m.Delete(key) }

func (t tidwallIndex[K, R]) from(key K) iter.Seq2[K, R] {
	return func(yield func(K, R) bool) { t.m.Ascend(key, yield) }
}

func (t tidwallIndex[K, R]) clone() map1[K, R] { return tidwallIndex[K, R]{t.m.Copy()} }

// edge is an entry of an index with many rows a key.
type edge[R any] struct {
	parent, id int64
	row        R
}

func lessEdge[R any](a, b edge[R]) bool {
	if a.parent != b.parent {
		return a.parent < b.parent
	}
	return a.id < b.id
}

type tidwallGroup[R any] struct{ t *btree.BTreeG[edge[R]] }

func tidwallGroupOf[R any]() group[R] {
	return tidwallGroup[R]{btree.NewBTreeGOptions(lessEdge[R], btree.Options{NoLocks: true})}
}

func (g tidwallGroup[R]) add(parent, id int64, row R) { g.t.Set(edge[R]{parent, id, row}) }
func (g tidwallGroup[R]) remove(parent, id int64)     { g.t.Delete(edge[R]{parent: parent, id: id}) }

func (g tidwallGroup[R]) of(parent int64, visit func(int64, R) bool) {
	g.t.Ascend(edge[R]{parent: parent}, func(e edge[R]) bool { return e.parent == parent && visit(e.id, e.row) })
}

func (g tidwallGroup[R]) clone() group[R] { return tidwallGroup[R]{g.t.Copy()} }
