package workload

import "github.com/memrel/memrel/bench/data"

// deep is a chain that SQLite still follows.
const deep = 900

var fresh = []Workload{
	{Name: "bulk-load", Unit: "row", About: "bulk load of posts, all checks", Fresh: true, Checks: 1, CheckSize: 10_000,
		Data: func(size int) *data.Data { return data.Writers(size, Seed) }, Setup: bulk, State: somePosts},
	{Name: "cascade-delete", Unit: "row", About: "delete of a parent with 100 children and 10,000 grandchildren", Fresh: true, Checks: 1, Rows: 10_101,
		Data: func(int) *data.Data { return data.Tree(1, 100) }, Setup: deleteVictims(data.Parents), State: dump(data.Children, data.Grandchildren)},
	{Name: "cascade-deep", Unit: "row", About: "delete of the head of a chain of 900 rows", Fresh: true, Checks: 1, Rows: deep, Nested: deep,
		Data: func(int) *data.Data { return data.Chain(deep) }, Setup: deleteVictims(data.Nodes), State: dump(data.Nodes)},
	{Name: "cascade-wide", Unit: "row", About: "delete of the hub of a star of 10,000 rows", Fresh: true, Checks: 1, Rows: 10_000,
		Data: func(int) *data.Data { return data.Star(10_000) }, Setup: deleteVictims(data.Nodes), State: dump(data.Nodes)},
	{Name: "cascade-cycle", Unit: "row", About: "delete of one row of a circle of 900", Fresh: true, Checks: 1, Rows: deep, Nested: deep,
		Data: func(int) *data.Data { return data.Cycle(deep) }, Setup: deleteVictims(data.Nodes), State: dump(data.Nodes)},
	{Name: "cascade-small", Unit: "row", About: "10,000 rows in stars of power-law size, each star a delete", Fresh: true, Checks: 1, Rows: 10_000,
		Data: func(int) *data.Data { return data.Forest(10_000, Seed) }, Setup: deleteVictims(data.Nodes), State: dump(data.Nodes)},
	{Name: "set-null", Unit: "row", About: "delete of a row that 10,000 rows refer to with SET NULL", Fresh: true, Checks: 1, Rows: 10_000,
		Data: func(int) *data.Data { return data.Notebook(10_000) }, Setup: deleteVictims(data.Owners), State: dump(data.Notes)},
}

func bulk(c *Case) Op {
	size := c.Data.Shape.Authors * data.Fanout
	posts := &data.Data{Posts: data.Posts(size, Seed)}
	c.Data = posts
	return func(int) (int, error) { return size, c.Store.Load(posts) }
}

func deleteVictims(table data.Table) func(*Case) Op {
	return func(c *Case) Op {
		return func(int) (int, error) {
			for _, id := range c.Data.Shape.Victims {
				if err := c.Store.Delete(table, id); err != nil {
					return 0, err
				}
			}
			return c.Data.Shape.Reachable, nil
		}
	}
}

// dump is every row of some tables.
func dump(tables ...data.Table) func(*Case) error {
	return func(c *Case) error {
		for _, t := range tables {
			if err := c.Store.Links(t, c.Out.Link); err != nil {
				return err
			}
		}
		return nil
	}
}
