package types

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

func TestDaysAndTimesOfDay(t *testing.T) {
	east := time.FixedZone("east", 2*3600)
	for _, c := range []struct {
		typ   index.Type
		in    any
		want  string
		state string
	}{
		{index.Date, "2024-02-29", "2024-02-29", ""},
		{index.Date, time.Date(2024, 2, 29, 0, 0, 0, 0, east), "2024-02-29", ""},
		{index.Date, "2024-02-29T00:00:00Z", "2024-02-29", ""},
		{index.Date, "2024-02-29 00:00:00", "2024-02-29", ""},
		{index.Date, "-0044-03-15", "-0044-03-15", ""},
		{index.Date, "+12026-01-01", "+12026-01-01", ""},
		{index.Date, "0000-01-01", "0000-01-01", ""},
		{index.Date, "2024-02-30", "", "22008"},
		{index.Date, "2024-13-01", "", "22008"},
		{index.Date, "2023-02-29", "", "22008"},
		{index.Date, "Invalid date", "", "22007"},
		{index.Date, "", "", "22007"},
		{index.Date, "29.2.2024", "", "22007"},
		{index.Date, "2024-02-29 10:00:00", "", "22008"},
		{index.Date, time.Date(2024, 2, 29, 0, 0, 0, 1, east), "", "22008"},
		{index.Date, 20240229, "", mismatched},
		{index.TimeOfDay, "23:59", "23:59:00", ""},
		{index.TimeOfDay, "23:59:59.999999999", "23:59:59.999999999", ""},
		{index.TimeOfDay, "00:00:00.500", "00:00:00.5", ""},
		{index.TimeOfDay, "24:00:00", "24:00:00", ""},
		{index.TimeOfDay, 90 * time.Minute, "01:30:00", ""},
		{index.TimeOfDay, time.Date(0, 1, 1, 8, 5, 0, 0, east), "08:05:00", ""},
		{index.TimeOfDay, time.Time{}, "00:00:00", ""},
		{index.TimeOfDay, "25:99", "", "22008"},
		{index.TimeOfDay, "24:00:01", "", "22008"},
		{index.TimeOfDay, "10:60", "", "22008"},
		{index.TimeOfDay, "10:00:60", "", "22008"},
		{index.TimeOfDay, "10:00+02", "", "22007"},
		{index.TimeOfDay, "", "", "22007"},
		{index.TimeOfDay, "10", "", "22007"},
		{index.TimeOfDay, -time.Second, "", "22008"},
		{index.TimeOfDay, 25 * time.Hour, "", "22008"},
		{index.TimeOfDay, time.Date(2024, 1, 1, 8, 5, 0, 0, east), "", "22008"},
		{index.TimeOfDay, 5, "", mismatched},
	} {
		col := Column{Name: "at", Type: c.typ}
		v, err := col.FromGo(c.in)
		if c.state != "" {
			require.ErrorIs(t, err, ErrType, "%v", c.in)
			require.Equal(t, c.state, AsError(err).State, "%v: %v", c.in, err)
			continue
		}
		require.NoError(t, err, "%v", c.in)
		require.Equal(t, c.want, ToGo(c.typ, v))
		require.Equal(t, c.want, Show(c.typ, v))
		again, err := col.FromText(c.want)
		require.NoError(t, err)
		require.Equal(t, v, again)
	}
}

// A duration is a number wherever it is no time of day.
func TestADurationIsANumberElsewhere(t *testing.T) {
	v, err := (&Column{Type: index.Int}).FromGo(time.Duration(math.MaxInt64))
	require.NoError(t, err)
	require.Equal(t, int64(math.MaxInt64), v.Int())
	_, err = (&Column{Type: index.String}).FromGo(time.Second)
	require.ErrorIs(t, err, ErrType)
}

func TestDaysOfOtherColumns(t *testing.T) {
	day, moment := Column{Name: "d", Type: index.Date}, Column{Name: "t", Type: index.Time}
	v, err := day.FromText("2024-02-29")
	require.NoError(t, err)
	at, err := moment.Retype(&day, v)
	require.NoError(t, err)
	require.Equal(t, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), at.Time())
	back, err := day.Retype(&moment, at)
	require.NoError(t, err)
	require.Equal(t, v, back)

	noon, _ := index.OfTime(time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC))
	_, err = day.Retype(&moment, noon)
	require.ErrorIs(t, err, ErrType, "a time of day would be lost")
	text := Column{Name: "s", Type: index.String}
	shown, err := text.Retype(&day, v)
	require.NoError(t, err)
	require.Equal(t, "2024-02-29", shown.Str())
}
