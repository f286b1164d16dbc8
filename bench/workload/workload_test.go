package workload

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/data"
	"github.com/memrel/memrel/bench/engine"
)

// forgetful loses a row whenever it saves.
type forgetful struct{ engine.Store }

func (f forgetful) Save() ([]byte, error) { return nil, nil }

func (f forgetful) Restore([]byte) (engine.Store, error) {
	d := blog(1000)
	d.PostTags = d.PostTags[1:]
	e, _ := engine.Find("gomap")
	s, err := e.Open(engine.Options{})
	if err != nil {
		return nil, err
	}
	return s, s.Load(d)
}

func TestCopiesThatDifferAreFoundOut(t *testing.T) {
	for name, wrap := range map[string]func(engine.Store) engine.Store{
		"sound":     func(s engine.Store) engine.Store { return s },
		"forgetful": func(s engine.Store) engine.Store { return forgetful{s} },
	} {
		for _, w := range saving {
			e, _ := engine.Find("gomap")
			s, err := e.Open(engine.Options{})
			require.NoError(t, err)
			c := &Case{Store: wrap(s), Data: blog(1000), Out: &Sink{Hashing: true}}
			require.NoError(t, s.Load(c.Data))
			rows, err := w.Setup(c)(0)
			require.NoError(t, err)
			require.Equal(t, len(c.Data.Users)+len(c.Data.Posts)+len(c.Data.Tags)+len(c.Data.PostTags), rows)
			if err := w.State(c); name == "sound" {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, errDiffers)
			}
			c.Close()
		}
	}
}

func TestConditionsFindSomeRowsAndLeaveOthersOut(t *testing.T) {
	e, _ := engine.Find("memrel-typed")
	s, err := e.Open(engine.Options{})
	require.NoError(t, err)
	defer s.Close()
	d := data.Blog(20_000, Seed)
	require.NoError(t, s.Load(d))
	for _, w := range conditions {
		c := &Case{Store: s, Data: d, Out: &Sink{}}
		op, asked := w.Setup(c), 0
		for i := range w.Checks {
			n, err := op(i)
			require.NoError(t, err)
			asked += n
		}
		_, found := c.Out.Result()
		require.Positive(t, found, w.Name)
		if w.Unit == "parent" {
			require.Less(t, found, asked, w.Name)
		}
	}
}
