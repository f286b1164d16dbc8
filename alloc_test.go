//go:build !race

package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVerbsAllocateLittle(t *testing.T) {
	s := openDesk(t)
	for _, v := range verbs {
		allocates(t, v.name, v.allocs, func(int) error { return v.do(s) })
	}
}

func TestWritesAllocateLittle(t *testing.T) {
	most := map[string]float64{"insert": 3, "insert-values": 4, "save": 4, "update": 2, "upsert": 11, "delete-insert": 2, "links-add-remove": 11, "insert-then-view": 32}
	for _, w := range writes {
		db := libraryOfLinks(t)
		allocates(t, w.name, most[w.name], func(i int) error { return w.do(db, i) })
	}
}

// allocates holds what is done again and again, and numbered, to the most that it may allocate.
func allocates(t *testing.T, name string, most float64, do func(i int) error) {
	t.Helper()
	i, err := 0, error(nil)
	n := testing.AllocsPerRun(500, func() {
		if err == nil {
			err = do(i)
		}
		i++
	})
	require.NoError(t, err, name)
	require.LessOrEqual(t, n, most, name)
}
