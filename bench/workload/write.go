package workload

import (
	"errors"
	"fmt"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// far is where renumbered users go: within 32 bits. A number beyond that makes memrel's index of the foreign key a B-tree for
// good (docs/adr/0009), and all that is measured later would go by that; docs/benchmarks.md tells what it makes.
const far = 1 << 30

// failing is how many rows the transaction that fails has inserted by then.
const failing = 20

var errPassed = errors.New("a row whose key is taken was inserted")

// Work that writes leaves the rows that other work reads as they were, or puts them back at every second turn.
var writes = []Workload{
	{Name: "insert", Unit: "row", About: "one insert per transaction", Checks: 200, Setup: insert, State: newPosts},
	{Name: "update-plain", Unit: "row", About: "update of a column without index", Checks: 200, Setup: retitle, State: somePosts},
	{Name: "update-indexed", Unit: "row", About: "update of a foreign key, which is indexed", Checks: 200, Setup: move, State: somePosts},
	{Name: "update-key", Unit: "row", About: "change of a referenced key: 100 children follow", Checks: 4, Setup: renumber, State: somePosts},
	{Name: "link", Unit: "row", About: "add of one junction row, and at the next turn its removal", Checks: 200, Setup: link, State: somePosts},
	{Name: "failed-tx", Unit: "row", About: "a transaction of 20 inserts that fails at its last", Checks: 10, Setup: fail, State: newPosts},
}

// fresh row i of a case: an author whom no read looks at, a slug like the others.
func (c *Case) newPost(i int) data.Post {
	id := c.Base + int64(i)
	author := c.Data.Shape.Authors + 1 + i%c.Data.Shape.Idle
	return data.Post{ID: id, AuthorID: int64(author), Slug: fmt.Sprintf("%s-n%d", words[i%len(words)], id), Title: "A new post"}
}

var words = []string{"winter", "calm-sea", "thunder", "amber-night", "old-recipe", "golden-leaf", "quiet-river", "misty"}

// made is newPost with the posts made by [Case.Ready], so that making slugs is not timed.
func (c *Case) made() func(i int) data.Post {
	var ready []data.Post
	first := 0
	c.Ready = func(from, n int) {
		ready, first = ready[:0], from
		for i := range n {
			ready = append(ready, c.newPost(from+i))
		}
	}
	return func(i int) data.Post {
		if at := i - first; at >= 0 && at < len(ready) {
			return ready[at]
		}
		return c.newPost(i)
	}
}

func insert(c *Case) Op {
	post := c.made()
	return func(i int) (int, error) { return 1, c.Store.InsertPost(post(i)) }
}

// newPosts is every post of the case itself.
func newPosts(c *Case) error { return c.Store.PostRange(c.Base, c.Base+1<<20, c.Out.Post) }

// somePosts is the posts that there were at first.
func somePosts(c *Case) error {
	return c.Store.PostRange(1, int64(len(c.Data.Posts)), c.Out.Post)
}

func retitle(c *Case) Op {
	key := cycle(data.Uniform(keys, len(c.Data.Posts), Seed+6))
	titles := []string{"A second title", "A third title"}
	return func(i int) (int, error) { return 1, c.Store.Retitle(key(i), titles[i/keys%2]) }
}

func move(c *Case) Op {
	key := cycle(data.Uniform(keys, len(c.Data.Posts), Seed+7))
	return func(i int) (int, error) {
		post := key(i / 2)
		if i%2 == 0 {
			return 1, c.Store.Move(post, int64(c.Data.Shape.Authors+1))
		}
		return 1, c.Store.Move(post, c.Data.Posts[post-1].AuthorID)
	}
}

// link goes over posts that have no tags.
func link(c *Case) Op {
	first, untagged := c.Data.Shape.Tagged, len(c.Data.Posts)-c.Data.Shape.Tagged
	return func(i int) (int, error) {
		post, tag := int64(first+1+i/2%untagged), int64(1+i/2%len(c.Data.Tags))
		change := c.Store.Tag
		if i%2 == 1 {
			change = c.Store.Untag
		}
		err := change(post, tag)
		if err == nil && c.Out.Hashing {
			err = c.Store.TagsOf(post, c.Out.Tag)
		}
		return 1, err
	}
}

func renumber(c *Case) Op {
	key := cycle(data.Uniform(keys, c.Data.Shape.Authors, Seed+8))
	touched := 1 + len(c.Data.Posts)/c.Data.Shape.Authors
	return func(i int) (int, error) {
		user := key(i / 2)
		if i%2 == 0 {
			return touched, c.Store.Renumber(user, user+far)
		}
		return touched, c.Store.Renumber(user+far, user)
	}
}

func fail(c *Case) Op {
	rows := make([]data.Post, failing)
	for i := range rows {
		rows[i] = c.newPost(i)
	}
	rows[failing-1].Slug = c.Data.Posts[0].Slug
	return func(int) (int, error) {
		switch err := c.Store.InsertAll(rows); {
		case err == nil:
			return 0, errPassed
		case errors.Is(err, engine.ErrUnsupported):
			return 0, err
		}
		return failing, nil
	}
}
