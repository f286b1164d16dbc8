package workload

import (
	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// asked is how many users a condition is asked of at a time.
const asked = 100

// Conditions are asked of rows by what is associated with them.
var conditions = []Workload{
	{Name: "where-some", Unit: "parent", About: "of 100 parents those with some child of a title, which few have", Checks: 50, Setup: whereSome},
	{Name: "where-every", Unit: "parent", About: "of 100 parents those all of whose children have a title above one", Checks: 10, Extra: true,
		Setup: where(engine.Titled{How: engine.Every, From: "The an", To: "The z"})},
	{Name: "where-none", Unit: "parent", About: "of 100 parents those with no child of a title above one", Checks: 10, Extra: true,
		Setup: where(engine.Titled{How: engine.None, From: "The y", To: "The z"})},
	{Name: "where-count", Unit: "parent", About: "of 100 parents those with 5 children or more of a title below one", Checks: 10,
		Setup: where(engine.Titled{How: engine.AtLeast, N: 5, From: "The a", To: "The b"})},
	{Name: "where-nested", Unit: "parent", About: "of 100 parents those with some child that has some tag of a name", Checks: 20, Setup: whereNested},
	{Name: "where-tag", Unit: "read", About: "of all posts those that have a tag of a name", Checks: 10, Setup: whereTag},
}

// asker is what the engine asks with.
func (c *Case) asker() (engine.Asker, error) {
	a, ok := c.Store.(engine.Asker)
	if !ok {
		return nil, engine.ErrUnsupported
	}
	return a, nil
}

// askUsers asks in turn of some range of users.
func askUsers(c *Case, seed uint64, ask func(a engine.Asker, i int, low, high int64) error) Op {
	n := min(c.Data.Shape.Authors, asked)
	low := cycle(data.Uniform(keys, c.Data.Shape.Authors-n+1, seed))
	a, err := c.asker()
	return func(i int) (int, error) {
		if err != nil {
			return 0, err
		}
		return n, ask(a, i, low(i), low(i)+int64(n)-1)
	}
}

func where(is engine.Titled) func(*Case) Op {
	return func(c *Case) Op {
		return askUsers(c, Seed+11, func(a engine.Asker, _ int, low, high int64) error {
			return a.UsersWhere(low, high, is, c.Out.User)
		})
	}
}

// whereSome asks for a title of some post.
func whereSome(c *Case) Op {
	post := cycle(data.Uniform(keys, len(c.Data.Posts), Seed+12))
	return askUsers(c, Seed+13, func(a engine.Asker, i int, low, high int64) error {
		title := c.Data.Posts[post(i)-1].Title
		return a.UsersWhere(low, high, engine.Titled{How: engine.Some, From: title, To: title}, c.Out.User)
	})
}

func whereNested(c *Case) Op {
	tag := cycle(data.Uniform(keys, len(c.Data.Tags), Seed+14))
	return askUsers(c, Seed+15, func(a engine.Asker, i int, low, high int64) error {
		return a.UsersOfTag(low, high, c.Data.Tags[tag(i)-1].Name, c.Out.User)
	})
}

func whereTag(c *Case) Op {
	tag := cycle(data.Uniform(keys, len(c.Data.Tags), Seed+16))
	a, err := c.asker()
	return func(i int) (int, error) {
		if err != nil {
			return 0, err
		}
		return 1, a.PostsOfTag(c.Data.Tags[tag(i)-1].Name, c.Out.Post)
	}
}
