package engine

import (
	"cmp"
	"iter"
	"slices"

	"github.com/memrel/memrel/bench/data"
)

func openGomap(Options) (Store, error) {
	links := func() linkTable { return linkTable{goMap[int64, *data.Link]{}, goGroup[*data.Link]{}} }
	return &floor{open: openGomap,
		users: goMap[int64, *data.User]{}, emails: goMap[string, *data.User]{},
		posts: goMap[int64, *data.Post]{}, slugs: goMap[string, *data.Post]{}, authored: goGroup[*data.Post]{},
		tags: goMap[int64, *data.Tag]{}, tagged: goGroup[*data.Tag]{}, tagNames: goMap[string, *data.Tag]{}, tagging: goGroup[struct{}]{},
		parents: goMap[int64, *data.Root]{}, owners: goMap[int64, *data.Root]{},
		children: links(), grandchildren: links(), nodes: links(), notes: links(),
	}, nil
}

// goMap is an index without order that cannot be copied.
type goMap[K comparable, R any] map[K]R

func (m goMap[K, R]) get(key K) (R, bool) {
	row, ok := m[key]
	return row, ok
}

func (m goMap[K, R]) put(key K, row R) bool {
	if _, taken := m[key]; taken {
		return false
	}
	m[key] = row
	return true
}

func (m goMap[K, R]) set(key K, row R)       { m[key] = row }
func (m goMap[K, R]) remove(key K)           { delete(m, key) }
func (m goMap[K, R]) from(K) iter.Seq2[K, R] { return nil }
func (m goMap[K, R]) clone() map1[K, R]      { return nil }

// goGroup keeps the rows of a key in a slice, sorted by id.
type goGroup[R any] map[int64][]member[R]

type member[R any] struct {
	id  int64
	row R
}

func (g goGroup[R]) find(parent, id int64) (int, bool) {
	return slices.BinarySearchFunc(g[parent], id, func(m member[R], id int64) int { return cmp.Compare(m.id, id) })
}

func (g goGroup[R]) add(parent, id int64, row R) {
	i, ok := g.find(parent, id)
	if ok {
		g[parent][i].row = row
		return
	}
	g[parent] = slices.Insert(g[parent], i, member[R]{id, row})
}

func (g goGroup[R]) remove(parent, id int64) {
	i, ok := g.find(parent, id)
	switch {
	case !ok:
	case len(g[parent]) == 1:
		delete(g, parent)
	default:
		g[parent] = slices.Delete(g[parent], i, i+1)
	}
}

func (g goGroup[R]) of(parent int64, visit func(int64, R) bool) {
	for _, m := range g[parent] {
		if !visit(m.id, m.row) {
			return
		}
	}
}

func (g goGroup[R]) clone() group[R] { return nil }
