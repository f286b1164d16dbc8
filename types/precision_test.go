package types

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

// TestTimesAreRoundedAsInPostgreSQL: what '...'::timestamptz(3) and ::time(3) give, halves away from the year 2000.
func TestTimesAreRoundedAsInPostgreSQL(t *testing.T) {
	milli, second := &Column{Name: "at", Type: index.Time, Precision: time.Millisecond}, &Column{Name: "at", Type: index.Time, Precision: time.Second}
	for _, c := range []struct {
		c          *Column
		text, want string
	}{
		{milli, "2026-01-02T03:04:05.1235Z", "2026-01-02T03:04:05.124Z"}, {milli, "2026-01-02T03:04:05.1234Z", "2026-01-02T03:04:05.123Z"},
		{milli, "1999-12-31T23:59:59.9995Z", "1999-12-31T23:59:59.999Z"}, {milli, "1999-12-31T23:59:59.9996Z", "2000-01-01T00:00:00Z"},
		{second, "1969-12-31T23:59:58.5Z", "1969-12-31T23:59:58Z"}, {second, "2026-12-31T23:59:59.5Z", "2027-01-01T00:00:00Z"},
	} {
		v, err := c.c.FromText(c.text)
		require.NoError(t, err)
		require.Equal(t, c.want, FormatTime(v.Time()), c.text)
		require.NoError(t, c.c.Fit(v))
		at, err := time.Parse(time.RFC3339Nano, c.text)
		require.NoError(t, err)
		same, err := c.c.FromTime(at)
		require.NoError(t, err)
		require.Equal(t, v, same)
		_, err = c.c.FromKey(at)
		require.Error(t, err, "a key is not rounded")
		_, err = c.c.Retype(&Column{Type: index.String}, index.OfString(c.text))
		require.Equal(t, "22008", AsError(err).State, "what is altered is not rounded")
	}
	clock := &Column{Name: "at", Type: index.TimeOfDay, Precision: time.Second}
	for text, want := range map[string]string{"23:59:59.5": "24:00:00", "00:00:00.4": "00:00:00", "12:00:00.5": "12:00:01"} {
		v, err := clock.FromText(text)
		require.NoError(t, err)
		require.Equal(t, want, ToGo(index.TimeOfDay, v))
	}
	_, err := clock.FromText("24:00:00.4")
	require.Error(t, err)
	require.True(t, milli.Takes(second))
	require.False(t, second.Takes(milli))
	require.False(t, milli.Takes(&Column{Type: index.Time}))
}

func TestEnumsHoldTheirNames(t *testing.T) {
	c := &Column{Name: "state", Type: index.Enum, Names: []string{"open", "closed", ""}}
	type state string
	for place, name := range c.Names {
		for _, given := range []any{name, state(name), &name} {
			v, err := c.FromGo(given)
			require.NoError(t, err)
			require.Equal(t, place, v.Place())
			require.Equal(t, name, ToGo(c.Type, v))
			require.NoError(t, c.Fit(v))
		}
	}
	for _, bad := range []any{"Open", "open ", 0, true, []byte("open")} {
		_, err := c.FromGo(bad)
		require.Error(t, err, "%v", bad)
	}
	_, err := c.FromText("shut")
	require.EqualError(t, err, "memrel: state = \"shut\" is none of its names; write one of open, closed,")
	require.Equal(t, "22P02", AsError(err).State)

	closed, _ := c.FromGo("closed")
	more, other := &Column{Type: index.Enum, Names: append(c.Names[:3:3], "new")}, &Column{Name: "state", Type: index.Enum, Names: []string{"closed"}}
	require.True(t, more.Holds(c), "names at the end are added without a look at the rows")
	require.False(t, other.Holds(c))
	moved, err := other.Retype(c, closed)
	require.NoError(t, err)
	require.Equal(t, 0, moved.Place())
	open, _ := c.FromGo("open")
	_, err = other.Retype(c, open)
	require.Error(t, err)
	require.Error(t, other.Fit(closed))
	_, err = c.EnumAt(3)
	require.Error(t, err)
}
