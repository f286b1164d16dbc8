package workload

import (
	"strings"

	"github.com/memrel/memrel/bench/data"
)

const (
	rangeRows = 100
	limitRows = 50
)

var reads = []Workload{
	{Name: "read-pk", Unit: "read", About: "read by primary key, keys uniform", Checks: 500, Setup: readBy(data.Uniform)},
	{Name: "read-pk-zipf", Unit: "read", About: "read by primary key, keys by Zipf's law", Checks: 500, Setup: readBy(data.Zipf)},
	{Name: "read-unique", Unit: "read", About: "read by unique key", Checks: 500, Setup: readUnique},
	{Name: "read-range", Unit: "read", About: "100 rows by range of the primary key", Checks: 20, Setup: readRange},
	{Name: "read-order-limit", Unit: "read", About: "50 rows from a slug on, in its order", Checks: 20, Setup: readOrdered},
	{Name: "children", Unit: "read", About: "the 100 children of a parent", Checks: 20, Setup: readChildren},
	{Name: "junction", Unit: "read", About: "the 10 tags of a post through a junction", Checks: 50, Setup: readTags},
	{Name: "include", Unit: "parent", About: "1,000 parents with their 100 children each", Checks: 1, Setup: include},
	{Name: "include-3", Unit: "row", About: "three levels: 10 parents, 10 children each, 100 grandchildren each", Checks: 1,
		Fresh: true, Rows: 10_110, Data: func(int) *data.Data { return bushy() }, Setup: includeTree},
}

func readBy(draw func(n, last int, seed uint64) []int64) func(*Case) Op {
	return func(c *Case) Op {
		key := cycle(draw(keys, len(c.Data.Posts), Seed))
		return func(i int) (int, error) {
			p, err := c.Store.Post(key(i))
			c.Out.Post(p)
			return 1, err
		}
	}
}

func readUnique(c *Case) Op {
	slug := cycle(slugs(c, Seed+1))
	return func(i int) (int, error) {
		p, err := c.Store.PostBySlug(slug(i))
		c.Out.Post(p)
		return 1, err
	}
}

// slugs are slugs of posts, copied to lie side by side: an engine is to be timed and not how the workload comes by its keys.
func slugs(c *Case, seed uint64) []string {
	var text strings.Builder
	at := data.Uniform(keys, len(c.Data.Posts), seed)
	for _, id := range at {
		text.WriteString(c.Data.Posts[id-1].Slug)
	}
	out, rest := make([]string, 0, len(at)), text.String()
	for _, id := range at {
		n := len(c.Data.Posts[id-1].Slug)
		out, rest = append(out, rest[:n]), rest[n:]
	}
	return out
}

func readRange(c *Case) Op {
	low := cycle(data.Uniform(keys, max(len(c.Data.Posts)-rangeRows, 1), Seed+2))
	return func(i int) (int, error) {
		return 1, c.Store.PostRange(low(i), low(i)+rangeRows-1, c.Out.Post)
	}
}

func readOrdered(c *Case) Op {
	slug := cycle(slugs(c, Seed+3))
	return func(i int) (int, error) {
		return 1, c.Store.PostsFrom(slug(i), limitRows, c.Out.Post)
	}
}

func readChildren(c *Case) Op {
	key := cycle(data.Uniform(keys, c.Data.Shape.Authors, Seed+4))
	return func(i int) (int, error) { return 1, c.Store.PostsOf(key(i), c.Out.Post) }
}

func readTags(c *Case) Op {
	key := cycle(data.Uniform(keys, c.Data.Shape.Tagged, Seed+5))
	return func(i int) (int, error) { return 1, c.Store.TagsOf(key(i), c.Out.Tag) }
}

func include(c *Case) Op {
	n := min(c.Data.Shape.Authors, 1000)
	return func(int) (int, error) { return n, c.Store.Include(1, int64(n), c.Out.UserWithPosts) }
}

// bushy is a tree whose lowest level is ten times the others.
func bushy() *data.Data {
	d := data.Tree(10, 10)
	g := data.Tree(len(d.Children), 10)
	d.Grandchildren = g.Grandchildren[:0]
	for i := range len(d.Children) * 100 {
		d.Grandchildren = append(d.Grandchildren, data.Link{ID: int64(i + 1), ParentID: int64(i%len(d.Children) + 1), Name: "leaf"})
	}
	return d
}

func includeTree(c *Case) Op {
	n := len(c.Data.Parents) + len(c.Data.Children) + len(c.Data.Grandchildren)
	return func(int) (int, error) { return n, c.Store.IncludeTree(c.Out.Tree) }
}
