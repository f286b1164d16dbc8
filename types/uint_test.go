package types

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

func TestWholeNumbersWithoutASign(t *testing.T) {
	c := &Column{Name: "n", Type: index.Uint}
	for _, v := range []any{uint64(math.MaxUint64), json.Number("18446744073709551615"), json.Number("18446744073709551615.0"), "18446744073709551615"} {
		got, err := c.FromKey(v)
		require.NoError(t, err, "%T", v)
		require.Equal(t, uint64(math.MaxUint64), ToGo(index.Uint, got))
	}
	for _, v := range []any{7, int64(7), uint8(7), 7.0, json.Number("7e0"), "7"} {
		got, err := c.FromKey(v)
		require.NoError(t, err, "%T", v)
		require.Equal(t, uint64(7), got.Uint())
	}
	for v, state := range map[any]string{-1: "22003", -1.0: "22003", 0.5: mismatched, float64(1<<63) * 2: "22003", json.Number("18446744073709551616"): "22003",
		json.Number("-1"): "22003", json.Number("1.5"): mismatched, true: mismatched, math.NaN(): mismatched} {
		_, err := c.FromGo(v)
		require.Equal(t, state, AsError(err).State, "%T %v", v, v)
	}
	for text, state := range map[string]string{"-1": "22003", "18446744073709551616": "22003", "": "22P02", "1.5": "22P02", "x": "22P02"} {
		_, err := c.FromText(text)
		require.Equal(t, state, AsError(err).State, text)
	}
}

func TestWholeNumbersWithoutASignMoveExactly(t *testing.T) {
	whole := &Column{Name: "n", Type: index.Uint}
	most := index.OfUint(math.MaxUint64)
	for _, c := range []struct {
		to   Column
		want any // nil: refused
	}{
		{Column{Type: index.Int}, nil}, {Column{Type: index.Float}, nil}, {Column{Type: index.Decimal}, "18446744073709551615"},
		{Column{Type: index.Decimal, Size: 19}, nil}, {Column{Type: index.String}, "18446744073709551615"}, {Column{Type: index.JSON}, json.RawMessage("18446744073709551615")},
	} {
		got, err := c.to.Retype(whole, most)
		if require.Equal(t, c.want == nil, err != nil, "%v", c.to.Type); err == nil {
			require.Equal(t, c.want, ToGo(c.to.Type, got))
			back, err := whole.Retype(&c.to, got)
			require.NoError(t, err)
			require.Equal(t, most, back)
		}
	}
	_, err := whole.Retype(&Column{Type: index.Int}, index.OfInt(-1))
	require.Error(t, err)
	got, err := whole.Retype(&Column{Type: index.Float}, index.OfFloat(1<<63))
	require.NoError(t, err)
	require.Equal(t, uint64(1)<<63, got.Uint())
}

func TestUnsignedOf64BitsIsUint(t *testing.T) {
	for _, size := range []int{0, 64} {
		require.Equal(t, Column{Type: index.Uint}, Column{Type: index.Int, Size: size, Unsigned: true}.Normal())
	}
	require.Equal(t, Column{Type: index.Int, Size: 32, Unsigned: true}, Column{Type: index.Int, Size: 32, Unsigned: true}.Normal())
	require.Equal(t, Column{Type: index.Int}, Column{Type: index.Int}.Normal())
}
