package memrel

import (
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/table"
)

// DeleteHook is told of the rows that statements delete, by name or by cascade, softly or not. It is a [Definition]: it
// belongs to the state of the store as tables do, is forked and rolled back with them, and a file that is loaded needs it
// again. Several hooks are told in the order in which they were defined; DeleteHook(nil) takes away all there are.
//
// Before events come while the statement is worked out, in the order of its work, and an error from one refuses the
// statement; it is returned as the cause of an [ErrCheck]. A statement that something else refuses has told of what it came
// to until then. After events come once the statement is done, the rows that went first first, and what is returned for them
// is not heeded: the rows are gone, unless the transaction is rolled back later. Previews, [Model.Truncate] and dropped
// tables tell of nothing.
//
// A hook runs inside the writing transaction and must not use the store. Without one deletes cost what they did.
type DeleteHook func(DeleteEvent) error

// DeleteEvent is what a [DeleteHook] is told.
type DeleteEvent = cascade.DeleteEvent

// DeleteMoment is when a [DeleteHook] is told; see the constants.
type DeleteMoment = cascade.Moment

// The moments of a delete.
const (
	// BeforeRows is before rows of one table are deleted together.
	BeforeRows = cascade.BeforeRows
	// BeforeRow is before one of these rows is.
	BeforeRow = cascade.BeforeRow
	// AfterRow is when the statement is done.
	AfterRow = cascade.AfterRow
)

// Define enters the hook into a batch of definitions.
func (h DeleteHook) Define(b *table.Batch) error {
	b.Add(h)
	return nil
}

// hooks are the delete hooks of a state.
type hooks []DeleteHook

// with are the hooks after a batch of definitions, which loses those that it has.
func (h hooks) with(b *table.Batch) hooks {
	added := b.Take(func(part any) bool {
		_, is := part.(DeleteHook)
		return is
	})
	for _, part := range added {
		hook := part.(DeleteHook)
		if hook == nil {
			h = nil
			continue
		}
		h = append(slices.Clip(h), hook)
	}
	return h
}

// before tells all hooks, until one refuses.
func (h hooks) before(e DeleteEvent) error {
	for _, hook := range h {
		if err := hook(e); err != nil {
			return err
		}
	}
	return nil
}

func (h hooks) after(e DeleteEvent) {
	for _, hook := range h {
		_ = hook(e)
	}
}

// deletes completes a statement that may delete rows: who is told of it, and by which clock. Truncating removes rows
// without much ado.
func (c *compiled) deletes(s *cascade.Statement) {
	s.Hard = s.Op == opTruncate
	if c.hooks != nil && !s.Hard {
		s.Before = c.hooks.before
	}
	if c.assoc != nil && c.graph.SoftDeletes() {
		s.Now = c.assoc.Now
	}
}
