package types

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/cockroachdb/apd/v3"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

// Recorded from PostgreSQL 15: SELECT x::numeric(size, scale), or x::numeric where size is 0. "" is numeric_value_out_of_range.
func TestDecimalsAreRoundedAsInPostgreSQL(t *testing.T) {
	for _, c := range []struct {
		size, scale int
		in          any
		want        string
	}{
		{0, 0, "1.50", "1.50"},
		{0, 0, "1e3", "1000"},
		{0, 0, "1.50e1", "15.0"},
		{0, 0, "1e-3", "0.001"},
		{0, 0, "-0.00", "0.00"},
		{0, 0, ".5", "0.5"},
		{0, 0, "+5.", "5"},
		{0, 0, "007.10", "7.10"},
		{0, 0, 12345, "12345"},
		{0, 0, uint64(math.MaxUint64), "18446744073709551615"},
		{0, 0, 0.1, "0.1"},
		{0, 0, json.Number("12345678901234567.89"), "12345678901234567.89"},
		{10, 2, 12, "12.00"},
		{10, 2, "1.005", "1.01"},
		{10, 2, "1.004", "1.00"},
		{10, 2, "-1.005", "-1.01"},
		{10, 2, "-0.004", "0.00"},
		{10, 2, "99999999.99", "99999999.99"},
		{10, 2, "99999999.995", ""},
		{10, 2, "99999999.994", "99999999.99"},
		{10, 2, "100000000", ""},
		{10, 2, "1e400", ""},
		{3, 0, 1000, ""},
		{3, 0, 999.4, "999"},
		{3, 0, 999.5, ""},
		{2, 2, 0.99, "0.99"},
		{2, 2, "0.995", ""},
		{2, 2, 1, ""},
	} {
		col := Column{Name: "price", Type: index.Decimal, Size: c.size, Scale: c.scale}
		v, err := col.FromGo(c.in)
		if c.want == "" {
			require.Equal(t, "22003", AsError(err).State, "%v", c.in)
			require.ErrorContains(t, err, "use a smaller number, or a column of more digits")
			continue
		}
		require.NoError(t, err, "%v", c.in)
		require.Equal(t, c.want, ToGo(index.Decimal, v), "%v", c.in)
		require.NoError(t, col.Fit(v))
		text, err := json.Marshal(ToJSON(index.Decimal, v))
		require.NoError(t, err)
		require.Equal(t, c.want, string(text))
	}
}

func TestNumbersOfOtherPackagesAreDecimals(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	third, quarter := big.NewRat(1, 3), big.NewRat(-1, 4)
	for _, c := range []struct {
		in   any
		want string
	}{
		{huge, "123456789012345678901234567890"},
		{*huge, "123456789012345678901234567890"},
		{quarter, "-0.25"},
		{*quarter, "-0.25"},
		{big.NewFloat(2.5), "2.5"},
		{apd.New(1250, -2), "12.50"},
		{*apd.New(1250, -2), "12.50"},
		{apd.New(5, 3), "5000"},
	} {
		v, err := (&Column{Name: "n", Type: index.Decimal}).FromGo(c.in)
		require.NoError(t, err, "%v", c.in)
		require.Equal(t, c.want, v.Decimal())
	}
	_, err := (&Column{Name: "n", Type: index.Decimal}).FromGo(third)
	require.ErrorContains(t, err, "n = 1/3 is no decimal")
}

func TestWhatIsNoDecimal(t *testing.T) {
	col := Column{Name: "n", Type: index.Decimal}
	for _, v := range []any{"", "x", "1,5", "NaN", "Infinity", "1_000", "0x10", " 1", "1 ", "--1", "1e", "٣", math.NaN(), math.Inf(1), true, []byte("1"), apd.Decimal{Form: apd.NaN},
		"1e2147483648", "1" + strings.Repeat("0", index.MaxDecimalWhole), "1e-" + "16384"} {
		_, err := col.FromGo(v)
		require.ErrorIs(t, err, ErrType, "%.20v", v)
	}
}

// A key that would have to be rounded is none that a row has.
func TestKeysAreNotRounded(t *testing.T) {
	col := Column{Name: "price", Type: index.Decimal, Size: 10, Scale: 2}
	v, err := col.FromKey("1.5")
	require.NoError(t, err)
	require.Equal(t, "1.50", v.Decimal())
	_, err = col.FromKey("1.501")
	require.True(t, err != nil && NoRowHas("1.501", err))
}

func TestDecimalsOfOtherColumnsAreExactOrRefused(t *testing.T) {
	decimal := func(size, scale int) Column { return Column{Name: "n", Type: index.Decimal, Size: size, Scale: scale} }
	for _, c := range []struct {
		from Column
		v    any
		to   Column
		want any // nil: refused
	}{
		{decimal(0, 0), "1.5", decimal(10, 2), "1.50"},
		{decimal(0, 0), "1.505", decimal(10, 2), nil},
		{decimal(10, 2), "1.50", decimal(10, 1), "1.5"},
		{decimal(10, 2), "1.50", decimal(0, 0), "1.50"},
		{decimal(10, 2), "100", decimal(4, 2), nil},
		{decimal(10, 2), "7", Column{Type: index.Int}, int64(7)},
		{decimal(10, 2), "7.5", Column{Type: index.Int}, nil},
		{decimal(10, 2), "300", Column{Type: index.Int, Size: 8}, nil},
		{decimal(10, 2), "0.1", Column{Type: index.Float}, 0.1},
		{decimal(0, 0), "12345678901234567.89", Column{Type: index.Float}, nil},
		{decimal(10, 2), "7.5", Column{Type: index.String}, "7.50"},
		{decimal(10, 2), "7.5", Column{Type: index.JSON}, json.RawMessage("7.50")},
		{Column{Type: index.Int}, 7, decimal(10, 2), "7.00"},
		{Column{Type: index.Float}, 0.125, decimal(10, 2), nil},
		{Column{Type: index.Float}, 0.125, decimal(0, 0), "0.125"},
		{Column{Type: index.String}, "1.505", decimal(10, 2), nil},
		{Column{Type: index.String}, "1.50", decimal(10, 2), "1.50"},
		{Column{Type: index.JSON}, json.RawMessage("1.505"), decimal(10, 2), nil},
		{Column{Type: index.JSON}, json.RawMessage(`"1.5"`), decimal(10, 2), "1.50"},
	} {
		v, err := c.from.FromGo(c.v)
		require.NoError(t, err)
		out, err := c.to.Retype(&c.from, v)
		if c.want == nil {
			require.ErrorIs(t, err, ErrType, "%v", c)
			continue
		}
		require.NoError(t, err, "%v", c)
		require.Equal(t, c.want, ToGo(c.to.Type, out), "%v", c)
	}
	from := decimal(10, 2)
	for _, to := range []Column{decimal(10, 3), decimal(9, 2)} {
		require.False(t, to.Takes(&from))
	}
	for _, to := range []Column{decimal(10, 2), decimal(11, 2), decimal(0, 0)} {
		require.True(t, to.Takes(&from))
	}
}

func TestAddDecimals(t *testing.T) {
	for _, c := range [][3]string{{"1.50", "1", "2.50"}, {"1", "-1.00", "0.00"}, {"99999999999999999999", "0.01", "99999999999999999999.01"}, {"-0.5", "0.5", "0.0"}} {
		sum, ok := AddDecimals(c[0], c[1])
		require.True(t, ok)
		require.Equal(t, c[2], sum)
	}
	nines := strings.Repeat("9", index.MaxDecimalWhole)
	if sum, ok := AddDecimals(nines, "1"); ok {
		_, fits := index.OfDecimal(sum)
		require.False(t, fits)
	}
}
