package index

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestValuesReadBackAsWritten(t *testing.T) {
	require.Equal(t, int64(math.MinInt64), OfInt(math.MinInt64).Int())
	require.True(t, math.Signbit(OfFloat(math.Copysign(0, -1)).Float()))
	require.True(t, math.IsNaN(OfFloat(math.NaN()).Float()))
	require.True(t, OfBool(true).Bool())
	require.False(t, OfBool(false).Bool())
	require.Equal(t, "a\x00b", OfString("a\x00b").Str())
	require.Equal(t, []byte{}, OfBytes(nil).Bytes())
	require.Equal(t, [16]byte{1, 15: 2}, OfUUID([16]byte{1, 15: 2}).UUID())
	require.Equal(t, []Value{OfInt(1), Null}, OfList([]Value{OfInt(1), Null}).List())
}

func TestNothingButNullIsNull(t *testing.T) {
	require.True(t, Null.IsNull())
	for _, v := range []Value{OfInt(0), OfFloat(0), OfBool(false), OfString(""), OfBytes(nil), OfUUID([16]byte{}), OfList(nil),
		timeValue(time.Unix(0, 0))} {
		require.False(t, v.IsNull())
	}
}

func TestNullReadsAsZero(t *testing.T) {
	require.Zero(t, Null.Int())
	require.Zero(t, Null.Float())
	require.False(t, Null.Bool())
	require.Empty(t, Null.Str())
	require.Nil(t, Null.Bytes())
	require.Zero(t, Null.UUID())
	require.Nil(t, Null.List())
	require.True(t, Null.Time().IsZero())
}

func TestValuesKeepTheirOwnBytes(t *testing.T) {
	b, elems := []byte("abc"), []Value{OfInt(1)}
	vb, vl := OfBytes(b), OfList(elems)
	b[0], elems[0] = 'x', OfInt(2)
	require.Equal(t, "abc", vb.Str())
	vb.Bytes()[0] = 'y'
	require.Equal(t, "abc", vb.Str())
	require.Equal(t, []Value{OfInt(1)}, vl.List())
}

func TestTimeKeepsTheInstantToTheNanosecond(t *testing.T) {
	east := time.FixedZone("east", 3*3600+1800)
	for _, at := range []time.Time{
		time.Unix(0, 0),
		time.Unix(0, 1),
		time.Unix(0, -1),
		time.Unix(0, -500),
		time.Unix(0, -999),
		time.Unix(0, -1000),
		time.Unix(0, -1001),
		time.Unix(-1, 0),
		time.Unix(-1, 999_999_999),
		time.Unix(-86400, 123_456_789),
		time.Date(1582, 10, 15, 1, 2, 3, 456_789_012, east),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_001, time.UTC),
		time.Date(2024, 2, 29, 23, 59, 59, 999_999_999, east),
		time.Date(-290_000, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(290_000, 12, 31, 0, 0, 0, 999, time.UTC),
		time.Unix(minSeconds, 0),
		time.Unix(minSeconds, 1),
		time.Unix(maxSeconds, 999_999_999),
		{},
	} {
		v, ok := OfTime(at)
		require.True(t, ok, "%v", at)
		require.True(t, at.Equal(v.Time()), "%v came back as %v", at, v.Time())
		require.Equal(t, time.UTC, v.Time().Location())
	}
	for _, s := range []int64{math.MinInt64, minSeconds - 1, maxSeconds + 1, math.MaxInt64} {
		v, ok := OfTime(time.Unix(s, 0))
		require.False(t, ok)
		require.True(t, v.IsNull())
	}
}

func TestIdenticalIsMoreThanEqual(t *testing.T) {
	for _, c := range []struct {
		typ  Type
		a, b Value
		want bool
	}{
		{Int, OfInt(1), OfInt(1), true},
		{Int, OfInt(1), OfInt(2), false},
		{Int, Null, Null, true},
		{Int, OfInt(0), Null, false},
		{String, OfString("a"), OfString(string([]byte("a"))), true},
		{Float, OfFloat(0), OfFloat(math.Copysign(0, -1)), false},
		{Decimal, decimals("1.5")[0], decimals("1.50")[0], false},
		{Decimal, decimals("1.5")[0], decimals("1.5")[0], true},
		{JSON, OfJSON("1.5"), OfJSON("1.50"), false},
		{ListOf(Decimal), OfList(decimals("1.5")), OfList(decimals("1.50")), false},
		{ListOf(Decimal), OfList(decimals("1.5", "2")), OfList(decimals("1.5", "2")), true},
	} {
		require.Equal(t, c.want, Identical(c.typ, c.a, c.b), "%s", c.typ)
		require.Equal(t, c.want, Identical(c.typ, c.b, c.a), "%s", c.typ)
	}
}

// Equal goes its own way for texts; it must find equal just what Compare puts at one place, NULL and the ends of probes included.
func TestEqualIsComparedAlike(t *testing.T) {
	draw := randomDraw(t)
	for _, typ := range allTypes() {
		for range 2_000 {
			a, b := draw.value(typ), draw.value(typ)
			if draw(16) == 0 {
				a = pick(draw, lowest, highest)
			}
			require.Equal(t, Compare(typ, a, b) == 0, Equal(typ, a, b), "%s: %v, %v", typ, a, b)
			require.Equal(t, Equal(typ, a, b), Equal(typ, b, a), "%s", typ)
		}
	}
}
