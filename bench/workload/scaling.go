package workload

import (
	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// Scaling work shows how cost grows: it is run at several sizes, and the exponent is what counts.
var scaling = []Workload{
	{Name: "scale-cascade", Unit: "row", About: "delete of one parent above n rows", Fresh: true, Checks: 1, Scaling: true, Grows: true,
		CheckSize: 10_000, Data: data.Growing, Setup: deleteVictims(data.Parents), State: dump(data.Children, data.Grandchildren)},
	{Name: "scale-unreferenced", Unit: "delete", About: "delete of a row that nothing refers to, in a table of n rows", Fresh: true, Checks: 1, Scaling: true,
		CheckSize: 10_000, Data: data.Scattered, Setup: deleteEach, State: dump(data.Nodes)},
	{Name: "scale-include", Unit: "row", About: "n/100 parents with 100 children each", Checks: 1, Scaling: true, Grows: true, Setup: includeAll},
}

// deleteEach deletes half of the victims beforehand, which warms up, and then the others, one statement each.
func deleteEach(c *Case) Op {
	victims := c.Data.Shape.Victims
	half := len(victims) / 2
	err := deleteRows(c.Store, victims[:half])
	return func(int) (int, error) {
		if err != nil {
			return 0, err
		}
		return len(victims) - half, deleteRows(c.Store, victims[half:])
	}
}

func deleteRows(s engine.Store, ids []int64) error {
	for _, id := range ids {
		if err := s.Delete(data.Nodes, id); err != nil {
			return err
		}
	}
	return nil
}

func includeAll(c *Case) Op {
	n := c.Data.Shape.Authors
	return func(int) (int, error) { return len(c.Data.Posts), c.Store.Include(1, int64(n), c.Out.UserWithPosts) }
}
