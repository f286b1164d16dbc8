package types

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

// A column of another type holds the same value, exactly, or refuses it.
func TestRetypeIsExactOrRefused(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		from index.Type
		v    any
		to   Column
		want any // nil: refused
	}{
		{index.Int, 7, Column{Type: index.String}, "7"},
		{index.Int, 7, Column{Type: index.Int, Size: 8}, int64(7)},
		{index.Int, 300, Column{Type: index.Int, Size: 8}, nil},
		{index.Int, -1, Column{Type: index.Int, Unsigned: true}, nil},
		{index.Int, 1<<53 + 1, Column{Type: index.Float}, nil},
		{index.Int, 1 << 53, Column{Type: index.Float}, float64(1 << 53)},
		{index.Int, 12345, Column{Type: index.String, Size: 4}, nil},
		{index.Int, 1, Column{Type: index.Bool}, nil},
		{index.Int, 1<<53 + 1, Column{Type: index.JSON}, json.RawMessage("9007199254740993")},
		{index.Float, 2.0, Column{Type: index.Int}, int64(2)},
		{index.Float, 2.5, Column{Type: index.Int}, nil},
		{index.Float, 2.5, Column{Type: index.String}, "2.5"},
		{index.Float, math.Inf(-1), Column{Type: index.String}, "-Infinity"},
		{index.Float, math.NaN(), Column{Type: index.JSON}, nil},
		{index.String, "12", Column{Type: index.Int, Size: 8}, int64(12)},
		{index.String, "1e2x", Column{Type: index.Int}, nil},
		{index.String, "1.50", Column{Type: index.Float}, 1.5},
		{index.String, "-0.0", Column{Type: index.Float}, math.Copysign(0, -1)},
		{index.String, "+1e3", Column{Type: index.Float}, 1000.0},
		{index.String, "12345678901234567890.5", Column{Type: index.Float}, nil},
		{index.String, "1e-999999999", Column{Type: index.Float}, nil},
		{index.String, "Infinity", Column{Type: index.Float}, math.Inf(1)},
		{index.String, "true", Column{Type: index.Bool}, true},
		{index.String, "abcd", Column{Type: index.Bytes}, nil},
		{index.String, `{"b":1,"a":2.0}`, Column{Type: index.JSON}, json.RawMessage(`{"a":2.0,"b":1}`)},
		{index.String, "plain", Column{Type: index.JSON}, nil},
		{index.String, "2026-01-02T03:04:05Z", Column{Type: index.Time}, at},
		{index.String, "abcd", Column{Type: index.String, Size: 3}, nil},
		{index.Bool, true, Column{Type: index.String}, "true"},
		{index.Bool, true, Column{Type: index.Int}, nil},
		{index.Time, at, Column{Type: index.String}, "2026-01-02T03:04:05Z"},
		{index.Time, time.Date(12026, 1, 2, 3, 4, 5, 0, time.UTC), Column{Type: index.String}, "+12026-01-02T03:04:05Z"},
		{index.Bytes, []byte("ab"), Column{Type: index.String}, nil},
		{index.JSON, json.RawMessage(`1.50`), Column{Type: index.String}, "1.50"},
		{index.JSON, json.RawMessage(`1.50`), Column{Type: index.Float}, 1.5},
		{index.JSON, json.RawMessage(`1.50`), Column{Type: index.Int}, nil},
		{index.JSON, json.RawMessage(`1.0`), Column{Type: index.Int}, int64(1)},
		{index.JSON, json.RawMessage(`12345678901234567890.5`), Column{Type: index.Float}, nil},
		{index.JSON, json.RawMessage(`[1,2]`), Column{Type: index.ListOf(index.Int)}, []any{int64(1), int64(2)}},
		{index.JSON, json.RawMessage(`null`), Column{Type: index.String}, "null"},
		{index.JSON, json.RawMessage(`null`), Column{Type: index.Int}, nil},
		{index.ListOf(index.Int), []int{1, 2}, Column{Type: index.ListOf(index.String)}, []any{"1", "2"}},
		{index.ListOf(index.Int), []any{1, nil}, Column{Type: index.String}, "[1,null]"},
		{index.ListOf(index.Float), []float64{1, 2.5}, Column{Type: index.ListOf(index.Int)}, nil},
	} {
		from := Column{Name: "c", Type: c.from}
		c.to.Name = "c"
		v, err := from.FromGo(c.v)
		require.NoError(t, err)
		got, err := c.to.Retype(&from, v)
		if c.want == nil {
			require.ErrorIs(t, err, ErrType, "%v from %s to %s: %s", c.v, c.from, c.to.Type, Show(c.to.Type, got))
			continue
		}
		require.NoError(t, err, "%v from %s to %s", c.v, c.from, c.to.Type)
		require.Equal(t, c.want, ToGo(c.to.Type, got))
		require.NoError(t, c.to.Fit(got))
	}
}

// Fit finds what no conversion would have let in.
func TestFitFindsWhatDoesNot(t *testing.T) {
	for _, c := range []struct {
		Column
		v     index.Value
		state string
	}{
		{Column{Type: index.Int, Size: 8}, index.OfInt(128), "22003"},
		{Column{Type: index.Int, Unsigned: true}, index.OfInt(-1), "22003"},
		{Column{Type: index.String, Size: 1}, index.OfString("ab"), "22001"},
		{Column{Type: index.String}, index.OfString("\xff"), "22021"},
		{Column{Type: index.String}, index.OfString("\x00"), "22021"},
		{Column{Type: index.JSON}, index.OfJSON(`{"b":1,"a":1}`), "22P02"},
		{Column{Type: index.JSON}, index.OfJSON(`nul`), "22P02"},
		{Column{Type: index.ListOf(index.String)}, index.OfList([]index.Value{index.Null, index.OfString("\xff")}), "22021"},
		{Column{Type: index.Int, Size: 8}, index.OfInt(127), ""},
		{Column{Type: index.String, Size: 1}, index.OfString("ä"), ""},
		{Column{Type: index.JSON}, index.OfJSON(`{"a":1.50}`), ""},
		{Column{Type: index.Int, Size: 8}, index.Null, ""},
	} {
		err := c.Fit(c.v)
		if c.state == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, ErrType)
		require.Equal(t, c.state, AsError(err).SQLState())
	}
}

// Times of any year are read as they are written.
func TestTimesOfAnyYearAreText(t *testing.T) {
	c := Column{Name: "t", Type: index.Time}
	for _, year := range []int{-290000, -12345, -400, -4, -1, 0, 1, 1600, 9999, 10000, 12024, 290000} {
		at := time.Date(year, 2, 28, 23, 59, 59, 999999999, time.UTC).Add(time.Second)
		for _, read := range []func(string) (index.Value, error){c.FromText, c.FromString} {
			v, err := read(FormatTime(at))
			require.NoError(t, err, FormatTime(at))
			require.Equal(t, at, v.Time())
		}
	}
	for _, s := range []string{"+1-01-01T00:00:00Z", "-0001-02-30T00:00:00Z", "+2023-02-29T00:00:00Z", "+9999999-01-01T00:00:00Z", "+2x26-01-01T00:00:00Z"} {
		_, err := c.FromText(s)
		require.ErrorIs(t, err, ErrType, s)
	}
}
