package workload

import (
	"errors"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

var saving = []Workload{
	{Name: "save", Unit: "row", About: "a state to bytes", Fresh: true, Saves: true, Checks: 1, CheckSize: 10_000, QuickSize: 10_000, Data: blog, Setup: save, State: copied},
	{Name: "load", Unit: "row", About: "a store out of such bytes, and a read from it", Fresh: true, Saves: true, Checks: 1, CheckSize: 10_000, QuickSize: 10_000,
		Data: blog, Setup: load, State: copied},
}

func blog(size int) *data.Data { return data.Blog(size, Seed) }

var errDiffers = errors.New("what was loaded differs from what was saved")

// saver is what the engine saves with, and the rows that there are to save.
func (c *Case) saver() (s engine.Saver, rows int, err error) {
	s, ok := c.Store.(engine.Saver)
	if !ok {
		return nil, 0, engine.ErrUnsupported
	}
	return s, len(c.Data.Users) + len(c.Data.Posts) + len(c.Data.Tags) + len(c.Data.PostTags), nil
}

func save(c *Case) Op {
	return func(int) (int, error) {
		s, rows, err := c.saver()
		if err != nil {
			return 0, err
		}
		c.Saved, err = s.Save()
		return rows, err
	}
}

func load(c *Case) Op {
	s, rows, err := c.saver()
	if err == nil {
		c.Saved, err = s.Save()
	}
	return func(int) (int, error) {
		if err != nil {
			return 0, err
		}
		if c.Copy, err = s.Restore(c.Saved); err != nil {
			return 0, err
		}
		p, err := c.Copy.Post(1) // which tells a store that would put the work off to do it
		c.Out.Post(p)
		return rows, err
	}
}

// copied is all that was saved, out of the copy. The store itself must have the same.
func copied(c *Case) (err error) {
	if c.Copy == nil {
		s, _, err := c.saver()
		if err != nil {
			return err
		}
		if c.Copy, err = s.Restore(c.Saved); err != nil {
			return err
		}
	}
	original, other := Sink{Hashing: true}, Sink{Hashing: true}
	if err := errors.Join(c.everything(c.Store, &original), c.everything(c.Copy, &other)); err != nil {
		return err
	}
	if original != other {
		return errDiffers
	}
	return c.everything(c.Copy, c.Out)
}

// everything reads the rows of a blog.
func (c *Case) everything(s engine.Store, out *Sink) error {
	err := s.Include(1, int64(len(c.Data.Users)), out.UserWithPosts)
	for post := 1; err == nil && post <= c.Data.Shape.Tagged; post++ {
		err = s.TagsOf(int64(post), out.Tag)
	}
	return err
}
