package engine

import (
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// Diff compares two states; see [snapshot.Diff]. Errors are why one is no state, and of kind [types.ErrLimit], of either's context.
func Diff(before, after Source) (d snapshot.Difference, err error) {
	for _, s := range []Source{before, after} {
		if refusal := s.refusal(); refusal != nil {
			return d, Attempted("compare", "", refusal)
		}
	}
	interrupt := table.InterruptOf(after.State)
	if interrupt == nil {
		interrupt = table.InterruptOf(before.State)
	}
	d = snapshot.Diff(table.StateOf(before.State).(snapshot.State), table.StateOf(after.State).(snapshot.State), interrupt)
	return d, Attempted("compare", "", interrupt.Err())
}
