package index

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func timeValue(t time.Time) Value {
	v, ok := OfTime(t)
	if !ok {
		panic(t)
	}
	return v
}

func dateValue(year, month, day int) Value {
	v, ok := OfDate(time.Date(year, time.Month(month), day, 23, 59, 0, 0, time.FixedZone("east", 3600)))
	if !ok {
		panic(year)
	}
	return v
}

func decimals(texts ...string) (out []Value) {
	for _, text := range texts {
		v, ok := OfDecimal(text)
		if !ok {
			panic(text)
		}
		out = append(out, v)
	}
	return out
}

func ints(of ...int64) Value {
	var elems []Value
	for _, i := range of {
		elems = append(elems, OfInt(i))
	}
	return OfList(elems)
}

// ascending has values of each type in their order. Those in one inner slice are equal.
var ascending = map[Type][][]Value{
	Int: {{OfInt(math.MinInt64)}, {OfInt(math.MinInt32 - 1)}, {OfInt(-1)}, {OfInt(0)}, {OfInt(1)}, {OfInt(255)}, {OfInt(256)},
		{OfInt(math.MaxInt32)}, {OfInt(math.MaxInt32 + 1)}, {OfInt(math.MaxInt64)}, {Null}},
	Float: {{OfFloat(math.Inf(-1))}, {OfFloat(-math.MaxFloat64)}, {OfFloat(-1)}, {OfFloat(-0x1p-1022)},
		{OfFloat(-math.SmallestNonzeroFloat64)}, {OfFloat(0), OfFloat(math.Copysign(0, -1))},
		{OfFloat(math.SmallestNonzeroFloat64)}, {OfFloat(0x1p-1022)}, {OfFloat(0.5)}, {OfFloat(math.MaxFloat64)},
		{OfFloat(math.Inf(1))},
		{OfFloat(math.NaN()), OfFloat(math.Float64frombits(math.MaxUint64)), OfFloat(math.Float64frombits(0x7ff0000000000001))},
		{Null}},
	Bool: {{OfBool(false)}, {OfBool(true)}, {Null}},
	String: {{OfString("")}, {OfString("\x00")}, {OfString("\x00\x00")}, {OfString("\x00\x01")}, {OfString("\x00\xff")},
		{OfString("\x01")}, {OfString("a")}, {OfString("a\x00")}, {OfString("a\x00b")}, {OfString("a\x01")}, {OfString("ab")},
		{OfString(strings.Repeat("x", 5000))}, {OfString(strings.Repeat("x", 5000) + "\x00")},
		{OfString(strings.Repeat("x", 5000) + "y")}, {OfString("é")}, {OfString("\xff")}, {OfString("\xff\xff")}, {Null}},
	Bytes: {{OfBytes(nil), OfBytes([]byte{})}, {OfBytes([]byte{0})}, {OfBytes([]byte{0, 1})}, {OfBytes([]byte{0, 0xff})},
		{OfBytes([]byte{0xff})}, {Null}},
	Time: {{timeValue(time.Unix(minSeconds, 0))}, {timeValue(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))},
		{timeValue(time.Unix(-2, 999_999_999))}, {timeValue(time.Unix(-1, 0))}, {timeValue(time.Unix(-1, 999_999_000))},
		{timeValue(time.Unix(-1, 999_999_001))}, {timeValue(time.Unix(-1, 999_999_999))}, {timeValue(time.Unix(0, 0))},
		{timeValue(time.Unix(0, 1))}, {timeValue(time.Unix(0, 999))}, {timeValue(time.Unix(0, 1000))},
		{timeValue(time.Date(2024, 2, 29, 12, 0, 0, 7, time.UTC)),
			timeValue(time.Date(2024, 2, 29, 14, 0, 0, 7, time.FixedZone("east", 7200)))},
		{timeValue(time.Unix(maxSeconds, 999_999_999))}, {Null}},
	UUID: {{OfUUID([16]byte{})}, {OfUUID([16]byte{15: 1})}, {OfUUID([16]byte{7: 1})}, {OfUUID([16]byte{0: 1})},
		{OfUUID([16]byte{0: 0xff})}, {Null}},
	Date:      {{OfInt(minDay)}, {dateValue(1, 1, 1)}, {dateValue(1969, 12, 31)}, {dateValue(1970, 1, 1)}, {dateValue(2024, 2, 29)}, {OfInt(maxDay)}, {Null}},
	TimeOfDay: {{OfInt(0)}, {OfInt(1)}, {OfInt(int64(time.Hour))}, {OfInt(int64(24 * time.Hour))}, {Null}},
	Decimal: {decimals("-1" + strings.Repeat("0", 200)), decimals("-101"), decimals("-100.000000001"), decimals("-100", "-100.00"), decimals("-99.9"), decimals("-10.5"), decimals("-10.49"),
		decimals("-1.01"), decimals("-1"), decimals("-0.12345"), decimals("-0.1234"), decimals("-0.1"), decimals("-0." + strings.Repeat("0", 150) + "1"),
		decimals("0", "0.0", "0.000"), decimals("0." + strings.Repeat("0", 150) + "1"), decimals("0.001"), decimals("0.01", "0.010"), decimals("0.1"), decimals("0.12"), decimals("0.123"),
		decimals("0.2"), decimals("1", "1.0", "1.00"), decimals("1.01"), decimals("9.99"), decimals("10"), decimals("10.5"), decimals("99.999"), decimals("100", "100.0"),
		decimals("12345678901234567.89"), decimals("12345678901234567.9", "12345678901234567.90"), decimals("1" + strings.Repeat("0", 100)),
		decimals("1" + strings.Repeat("0", 101)), decimals("1" + strings.Repeat("0", MaxDecimalWhole-1)), {Null}},
	JSON: {{OfString(`"a"`)}, {OfString(`[1,2]`)}, {OfString(`null`)}, {OfString(`{"a":1}`)}, {OfString(`{}`)}, {Null}},
	ListOf(Int): {{OfList(nil), OfList([]Value{})}, {ints(-1)}, {ints(-1, 5)}, {ints(-1, 5, math.MinInt64)}, {ints(-1, 6)}, {ints(1)},
		{OfList([]Value{OfInt(1), Null})}, {OfList([]Value{Null})}, {OfList([]Value{Null, OfInt(1)})},
		{OfList([]Value{Null, Null})}, {Null}},
	ListOf(String): {{OfList(nil)}, {OfList([]Value{OfString("")})}, {OfList([]Value{OfString(""), OfString("")})},
		{OfList([]Value{OfString("\x00")})}, {OfList([]Value{OfString("a"), OfString("b")})},
		{OfList([]Value{OfString("ab")})}, {OfList([]Value{Null})}, {Null}},
}

// The order of each type, said three times over: by Compare, by the encoding, and by the prefix as far as that goes.
func TestOrderOfEachType(t *testing.T) {
	for typ, groups := range ascending {
		t.Run(typ.String(), func(t *testing.T) {
			for i, as := range groups {
				for j, bs := range groups {
					for _, a := range as {
						for _, b := range bs {
							want := compareInts(i, j)
							require.Equal(t, want, Compare(typ, a, b), "Compare of %d and %d", i, j)
							require.Equal(t, want == 0, Equal(typ, a, b), "Equal of %d and %d", i, j)
							require.Equal(t, want, bytes.Compare(AppendValue(nil, typ, a), AppendValue(nil, typ, b)), "bytes of %d and %d", i, j)
							if want <= 0 {
								require.LessOrEqual(t, prefixOf(typ, a), prefixOf(typ, b), "prefixes of %d and %d", i, j)
							}
						}
					}
				}
			}
		})
	}
}

func compareInts(i, j int) int { return Compare(Int, OfInt(int64(i)), OfInt(int64(j))) }

func TestProbeBoundsStandOutsideEverything(t *testing.T) {
	for _, typ := range allTypes() {
		d := randomDraw(t)
		for range 50 {
			v := d.value(typ)
			require.Equal(t, -1, Compare(typ, lowest, v))
			require.Equal(t, 1, Compare(typ, highest, v))
			require.Equal(t, 1, Compare(typ, v, lowest))
			require.Equal(t, -1, Compare(typ, v, highest))
			require.LessOrEqual(t, prefixOf(typ, lowest), prefixOf(typ, v))
			require.GreaterOrEqual(t, prefixOf(typ, highest), prefixOf(typ, v))
		}
		require.Zero(t, Compare(typ, lowest, lowest))
		require.Zero(t, Compare(typ, highest, highest))
	}
}

// checkOrder is the promise of AppendValue for two values of a type.
func checkOrder(t *testing.T, typ Type, a, b Value) {
	t.Helper()
	ea, eb := AppendValue(nil, typ, a), AppendValue(nil, typ, b)
	c := Compare(typ, a, b)
	require.Equal(t, c, bytes.Compare(ea, eb), "%s: %x and %x", typ, ea, eb)
	require.Equal(t, -c, Compare(typ, b, a))
	require.Equal(t, c == 0, Equal(typ, a, b))
	if c <= 0 {
		require.LessOrEqual(t, prefixOf(typ, a), prefixOf(typ, b), "%s: %x and %x", typ, ea, eb)
	}
	if c != 0 {
		require.False(t, bytes.HasPrefix(ea, eb) || bytes.HasPrefix(eb, ea), "%s: no encoding begins another: %x and %x", typ, ea, eb)
	}
	for _, e := range [][]byte{ea, eb} {
		v, rest, err := DecodeValue(append(bytes.Clone(e), "rest"...), typ)
		require.NoError(t, err, "%s: %x", typ, e)
		require.Equal(t, "rest", string(rest))
		require.Equal(t, e, AppendValue(nil, typ, v))
	}
}

func TestEncodingSortsLikeValues(t *testing.T) {
	for _, typ := range allTypes() {
		t.Run(typ.String(), func(t *testing.T) {
			d := randomDraw(t)
			for range 2000 {
				checkOrder(t, typ, d.value(typ), d.value(typ))
			}
		})
	}
}

func TestCompositeEncodingSortsColumnByColumn(t *testing.T) {
	d, types := randomDraw(t), allTypes()
	for range 3000 {
		key := make([]Type, 1+d(4))
		for i := range key {
			key[i] = pick(d, types...)
		}
		var want int
		var a, b, firstOfA []byte
		for i, typ := range key {
			va, vb := d.value(typ), d.value(typ)
			if d(2) == 0 {
				vb = va
			}
			if want == 0 {
				want = Compare(typ, va, vb)
			}
			a, b = AppendValue(a, typ, va), AppendValue(b, typ, vb)
			if i == 0 {
				firstOfA = bytes.Clone(a)
			}
		}
		require.Equal(t, want, bytes.Compare(a, b), "%v: %x and %x", key, a, b)
		require.True(t, bytes.HasPrefix(a, firstOfA))

		rest := a
		for _, typ := range key {
			_, next, err := DecodeValue(rest, typ)
			require.NoError(t, err)
			rest = next
		}
		require.Empty(t, rest)
	}
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	for typ, groups := range ascending {
		for _, group := range groups {
			v, rest, err := DecodeValue(AppendValue(nil, typ, group[0]), typ)
			require.NoError(t, err)
			require.Empty(t, rest)
			require.Equal(t, group[0].IsNull(), v.IsNull())
			require.True(t, Equal(typ, group[0], v))
		}
	}
	zero, _, err := DecodeValue(AppendValue(nil, Float, OfFloat(math.Copysign(0, -1))), Float)
	require.NoError(t, err)
	require.False(t, math.Signbit(zero.Float()), "order does not tell -0 from 0")
}

func TestDecodeRefusesWhatNobodyEncoded(t *testing.T) {
	word := func(n uint64) string {
		return string([]byte{tagValue, byte(n >> 56), byte(n >> 48), byte(n >> 40), byte(n >> 32), byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	for _, c := range []struct {
		name string
		typ  Type
		in   string
	}{
		{"nothing", Int, ""},
		{"an end", Int, "\x00"},
		{"no such tag", Int, "\x03"},
		{"a short int", Int, "\x01\x80\x00"},
		{"no such type", Invalid, "\x02"},
		{"the type of no list", listKind, "\x02"},
		{"the bytes of -0", Float, word(math.MaxInt64)},
		{"a second NaN", Float, word(math.MaxUint64)},
		{"a NaN below -Inf", Float, word(0)},
		{"neither false nor true", Bool, "\x01\x02"},
		{"a bool cut off", Bool, "\x01"},
		{"a thousandth nanosecond", Time, word(signBit) + "\x03\xe8"},
		{"a time without nanoseconds", Time, word(signBit) + "\x00"},
		{"a time before all times", Time, word(0) + "\x00\x00"},
		{"a time after all times", Time, word(math.MaxUint64) + "\x00\x00"},
		{"a string without end", String, "\x01abc"},
		{"a string that ends in an escape", String, "\x01abc\x00"},
		{"an unknown escape", String, "\x01abc\x00\x02"},
		{"a UUID of 15 bytes", UUID, "\x01" + strings.Repeat("u", 15) + "\x00\x01"},
		{"a list without end", ListOf(Int), "\x01\x02"},
		{"a list with a bad element", ListOf(Bool), "\x01\x01\x07\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, rest, err := DecodeValue([]byte(c.in), c.typ)
			require.ErrorIs(t, err, errEncoding)
			require.True(t, v.IsNull())
			require.Nil(t, rest)
		})
	}
}

func FuzzKeyOrder(f *testing.F) {
	f.Add(byte(0), []byte("\x01\x00\x01\x02"))
	f.Add(byte(6), []byte("some bytes for two strings"))
	f.Add(byte(7), []byte("\x01\x03\x01\x04\x02\x01\x03\x01\x04\x03"))
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		types := allTypes()
		typ, d := types[int(kind)%len(types)], bytesDraw(data)
		checkOrder(t, typ, d.value(typ), d.value(typ))
	})
}

// What decodes without an error is what AppendValue would have written.
func FuzzDecode(f *testing.F) {
	for i, typ := range allTypes() {
		for _, group := range ascending[typ] {
			if e := AppendValue(nil, typ, group[0]); len(e) < 100 {
				f.Add(byte(i), e)
			}
		}
	}
	f.Fuzz(func(t *testing.T, kind byte, data []byte) {
		types := allTypes()
		typ := types[int(kind)%len(types)]
		v, rest, err := DecodeValue(data, typ)
		if err != nil {
			return
		}
		require.Equal(t, string(data[:len(data)-len(rest)]), string(AppendValue(nil, typ, v)), "%s", typ)
	})
}
