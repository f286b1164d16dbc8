package engine

import (
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/table"
)

// DeleteHook is told of the rows that statements delete; see the root package.
type DeleteHook func(cascade.DeleteEvent) error

// Define enters the hook into a batch of definitions.
func (h DeleteHook) Define(b *table.Batch) error {
	b.Add(h)
	return nil
}

// hooks are the delete hooks of a state.
type hooks []DeleteHook

// with are the hooks after a batch of definitions, which loses those that it has.
func (h hooks) with(b *table.Batch) hooks {
	for _, part := range b.Take(isHook) {
		hook := part.(DeleteHook)
		if hook == nil {
			h = nil
			continue
		}
		h = append(slices.Clip(h), hook)
	}
	return h
}

func isHook(part any) bool {
	_, is := part.(DeleteHook)
	return is
}

// before tells all hooks, until one refuses.
func (h hooks) before(e cascade.DeleteEvent) error {
	for _, hook := range h {
		if err := hook(e); err != nil {
			return err
		}
	}
	return nil
}

func (h hooks) after(e cascade.DeleteEvent) {
	for _, hook := range h {
		_ = hook(e)
	}
}

// deletes completes a statement that may delete rows: who is told of it, and by which clock.
func (c *compiled) deletes(s *cascade.Statement) {
	if c.hooks != nil {
		s.Before, s.After = c.hooks.before, c.hooks.after
	}
	if c.assoc != nil && c.graph.SoftDeletes() {
		s.Now = c.assoc.Clock()
	}
}
