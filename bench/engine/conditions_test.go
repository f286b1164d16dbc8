package engine

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/bench/data"
)

func TestConditionsByHandEndWithThePostThatDecides(t *testing.T) {
	titles := []string{"a", "m", "n", "z"}
	for name, c := range map[string]struct {
		is   Titled
		want bool
		seen int
	}{
		"some":                {Titled{How: Some, From: "m", To: "n"}, true, 2},
		"some, there is none": {Titled{How: Some, From: "p", To: "q"}, false, 4},
		"none":                {Titled{How: None, From: "p", To: "q"}, true, 4},
		"none, there is one":  {Titled{How: None, From: "m", To: "m"}, false, 2},
		"every":               {Titled{How: Every, From: "a", To: "z"}, true, 4},
		"every but one":       {Titled{How: Every, From: "b", To: "z"}, false, 1},
		"at least two":        {Titled{How: AtLeast, N: 2, From: "m", To: "n"}, true, 3},
		"at least three":      {Titled{How: AtLeast, N: 3, From: "m", To: "n"}, false, 4},
	} {
		seen := 0
		got := c.is.holds(func(yield func(*data.Post) bool) {
			for _, title := range titles {
				if seen++; !yield(&data.Post{Title: title}) {
					return
				}
			}
		})
		require.Equal(t, c.want, got, name)
		require.Equal(t, c.seen, seen, name)
	}
	require.True(t, Titled{How: Every}.holds(slices.Values([]*data.Post{})), "of no posts every one is")
}

func TestConditionsAsSQL(t *testing.T) {
	outer, selected, inner := Titled{How: AtLeast, N: 3}.sql("$1", "$2")
	require.Equal(t, []string{"(%s) >= 3", "COUNT(*)", "title BETWEEN $1 AND $2"}, []string{outer, selected, inner})
	outer, selected, inner = Titled{How: Every}.sql("?", "?")
	require.Equal(t, []string{"NOT EXISTS (%s)", "1", "NOT (title BETWEEN ? AND ?)"}, []string{outer, selected, inner})
}
