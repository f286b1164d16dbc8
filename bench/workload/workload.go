// Package workload has the pieces of work that are measured, each written once against [engine.Store].
package workload

import (
	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// Seed is what all data are made from.
const Seed = 20

// Workload is a piece of work.
type Workload struct {
	Name  string
	Unit  string // what its cost is per
	About string
	// Fresh work is done once on each store, which is then thrown away. Other work shares a store of [data.Blog] and is
	// repeated for as long as wanted.
	Fresh bool
	// Data is what a fresh store holds before the work, for a size.
	Data func(size int) *data.Data
	// Sizes are others than the run's at which the work is measured too.
	Sizes []int
	// QuickSize bounds the size in a quick run; 0 does not.
	QuickSize int
	// Extra work is left out of a quick run: other work is much like it.
	Extra bool
	// Rows is how many rows the work is about, if that does not depend on the run's size.
	Rows int
	// Scaling work is run for its exponent, at several sizes.
	Scaling bool
	// Grows tells that a turn touches as many rows as the size says, rather than as many at any size.
	Grows bool
	// Nested is how deep the cascade goes.
	Nested int
	// Concurrent work reads while it writes.
	Concurrent bool
	// Forks tells that the work needs writable copies.
	Forks bool
	// Saves tells that the work makes bytes of a store.
	Saves bool
	// CheckSize bounds the size at which results are compared; 0 does not.
	CheckSize int
	// Checks is how often the work is done when results are compared.
	Checks int
	// Setup prepares the work. What it returns is timed.
	Setup func(*Case) Op
	// State adds what a check is to compare after the work, beside what the work itself read.
	State func(*Case) error
}

// Op does the work for the i-th time and returns the number of units that it did.
type Op func(i int) (units int, err error)

// Case is one workload on one store.
type Case struct {
	Store engine.Store
	Data  *data.Data // what the store was loaded with
	Out   *Sink
	Base  int64 // ids from here on belong to this case
	// Saved and Copy are what work that saves has made: the bytes, and a store out of them, which goes with Store.
	Saved []byte
	Copy  engine.Store
	// Ready, if Setup sets it, is called before some turns are timed.
	Ready func(from, n int)
}

// Close ends the stores that are the case's own.
func (c *Case) Close() {
	c.Store.Close() //nolint:errcheck // thrown away
	if c.Copy != nil {
		c.Copy.Close() //nolint:errcheck // as above
	}
}

// Find is the workload of that name.
func Find(name string) (Workload, bool) {
	for _, w := range All {
		if w.Name == name {
			return w, true
		}
	}
	return Workload{}, false
}

// All are the workloads in the order in which they run: those that share a store and write to it come after those that
// read.
var All = concat(reads, conditions, writes, fresh, saving, sharing, scaling)

func concat(groups ...[]Workload) []Workload {
	var all []Workload
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// keys is how many keys work that picks rows at random goes through before it begins again.
const keys = 1 << 14

// cycle goes round in keys.
func cycle[K any](keys []K) func(i int) K {
	return func(i int) K { return keys[i%len(keys)] }
}
