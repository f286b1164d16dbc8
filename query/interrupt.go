package query

import (
	"context"
	"fmt"

	"github.com/memrel/memrel/types"
)

// Interrupt has the loops of a statement over rows look at a context: at the first row, and then now and then. It counts on
// through all of them, and once the context is done it stays so: what was worked out since is of no use. nil never looks. It
// belongs to one statement, on one goroutine.
type Interrupt struct {
	context context.Context
	rows    int
	cause   error
}

// NewInterrupt is an interrupt that looks at a context; nil for none.
func NewInterrupt(ctx context.Context) *Interrupt {
	if ctx == nil {
		return nil
	}
	return &Interrupt{context: ctx}
}

// interruptEvery is how many rows pass between two looks: tens of microseconds.
const interruptEvery = 1024

// Row counts one more row, and tells whether the loop is to end.
func (i *Interrupt) Row() bool { return i != nil && i.row() }

func (i *Interrupt) row() bool {
	if i.cause == nil && i.rows%interruptEvery == 0 {
		i.cause = i.context.Err()
	}
	if i.cause == nil {
		i.rows++
	}
	return i.cause != nil
}

// Rows counts as many of n more rows as there are before the next look, which it returns; 0 tells that the loop is to end. nil never
// looks.
func (i *Interrupt) Rows(n int) int {
	switch {
	case i == nil || n == 0:
		return n
	case i.row():
		return 0
	}
	n = min(n, interruptEvery-(i.rows-1)%interruptEvery)
	i.rows += n - 1
	return n
}

// Err is the error of a statement whose context is done, of kind [types.ErrLimit] with SQLSTATE 57014; nil if it may go on.
func (i *Interrupt) Err() error {
	if i == nil || i.cause == nil {
		return nil
	}
	return &types.Error{Kind: types.ErrLimit, State: "57014", Cause: i.cause, Detail: fmt.Sprintf("stopped after %d rows", i.rows),
		Hint: "give its context more time, or ask for fewer rows; a write has changed nothing"}
}
