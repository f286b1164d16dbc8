package workload

import (
	"sync"
	"sync/atomic"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// Sharing is what several users of one state do: forks, views, readers beside a writer.
var sharing = []Workload{
	{Name: "view-after-write", Unit: "view", About: "write a row, take a view, read from it", Checks: 50, Concurrent: true, Setup: viewAfterWrite},
	{Name: "readers-1", Unit: "read", About: "a reader beside a writer that never rests", Checks: 1, Concurrent: true, Setup: readers(1)},
	{Name: "readers-2", Unit: "read", About: "2 readers beside a writer", Checks: 1, Concurrent: true, Extra: true, Setup: readers(2)},
	{Name: "readers-4", Unit: "read", About: "4 readers beside a writer", Checks: 1, Concurrent: true, Setup: readers(4)},
	{Name: "readers-8", Unit: "read", About: "8 readers beside a writer", Checks: 1, Concurrent: true, Extra: true, Setup: readers(8)},
	{Name: "readers-16", Unit: "read", About: "16 readers beside a writer", Checks: 1, Concurrent: true, Setup: readers(16)},
	{Name: "fork", Unit: "fork", About: "a fork", Checks: 3, Sizes: forkSizes, Forks: true, Setup: fork},
	{Name: "fork-write", Unit: "fork", About: "a fork and one insert into it", Checks: 3, Sizes: forkSizes, Forks: true, Setup: forkAndWrite},
}

var forkSizes = []int{1000, 1_000_000}

func viewAfterWrite(c *Case) Op {
	post := c.made()
	key := cycle(data.Uniform(keys, len(c.Data.Posts), Seed+9))
	return func(i int) (int, error) {
		if err := c.Store.InsertPost(post(i)); err != nil {
			return 0, err
		}
		v, err := c.Store.View()
		if err != nil {
			return 0, err
		}
		p, err := v.Post(key(i))
		c.Out.Post(p)
		return 1, err
	}
}

// batch is how many reads each reader does at a time.
const batch = 2000

// readers reads by primary key from n goroutines while one more inserts rows as fast as it can.
func readers(n int) func(*Case) Op {
	return func(c *Case) Op {
		// The first insert and the first read are not side by side: GORM prepares a statement under a lock, and a reader that
		// has it would wait for the one connection, whose transaction waits for the lock.
		err := c.Store.InsertPost(c.newPost(0))
		if err == nil {
			_, err = c.Store.Post(1)
		}
		next := 1
		key := cycle(data.Uniform(keys, len(c.Data.Posts), Seed+10))
		return func(i int) (int, error) {
			if err != nil {
				return 0, err
			}
			var stop atomic.Bool
			var writer, reading sync.WaitGroup
			var failed firstFailure
			writer.Go(func() {
				for !stop.Load() {
					failed.note(c.Store.InsertPost(c.newPost(next)))
					next++
				}
			})
			sums := make([]Sink, n)
			for r := range n {
				reading.Go(func() { failed.note(readBatch(c.Store, &sums[r], func(k int) int64 { return key(r*batch + i + k) })) })
			}
			reading.Wait()
			stop.Store(true)
			writer.Wait()
			for r := range sums {
				c.Out.number(sums[r].sum)
			}
			return n * batch, failed.err
		}
	}
}

func readBatch(s engine.PostReader, out *Sink, key func(i int) int64) error {
	for i := range batch {
		p, err := s.Post(key(i))
		if err != nil {
			return err
		}
		out.Post(p)
	}
	return nil
}

// firstFailure keeps the first error of several goroutines.
type firstFailure struct {
	once sync.Once
	err  error
}

func (f *firstFailure) note(err error) {
	if err != nil {
		f.once.Do(func() { f.err = err })
	}
}

func fork(c *Case) Op {
	return func(i int) (int, error) {
		f, err := c.Store.Fork()
		if err != nil {
			return 0, err
		}
		if c.Out.Hashing {
			p, err := f.Post(int64(i + 1))
			c.Out.Post(p)
			return 1, err
		}
		return 1, nil
	}
}

func forkAndWrite(c *Case) Op {
	post := c.made()
	return func(i int) (int, error) {
		f, err := c.Store.Fork()
		if err != nil {
			return 0, err
		}
		p := post(i)
		if err := f.InsertPost(p); err != nil {
			return 0, err
		}
		if c.Out.Hashing {
			p, err := f.Post(p.ID)
			c.Out.Post(p)
			return 1, err
		}
		return 1, nil
	}
}
