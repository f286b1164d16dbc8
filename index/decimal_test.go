package index

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecimalsReadBackAsWritten(t *testing.T) {
	for _, text := range []string{"0", "0.0", "0.000", "1", "-1", "10", "100", "-100.00", "1.5", "1.50", "0.05", "-0.0500", "9.99", "12345678901234567.89",
		"1" + strings.Repeat("0", MaxDecimalWhole-1), "0." + strings.Repeat("0", MaxDecimalFraction-1) + "1", strings.Repeat("7", 1001) + "." + strings.Repeat("3", 999)} {
		v, ok := OfDecimal(text)
		require.True(t, ok, Type.String(Decimal)+" "+text[:min(20, len(text))])
		require.Equal(t, text, v.Decimal())

		back, rest, err := ReadCell(AppendCell(nil, Decimal, v), Decimal)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.Equal(t, text, back.Decimal(), "files keep the scale")
	}
	require.Empty(t, Null.Decimal())
}

func TestWhatIsNoDecimal(t *testing.T) {
	for _, text := range []string{"", "-", ".", "1.", ".5", "01", "-0", "-0.00", "+1", "1e3", "1 ", "1,5", "NaN", "--1", "1.5.0", "1.-5",
		"1" + strings.Repeat("0", MaxDecimalWhole), "0." + strings.Repeat("0", MaxDecimalFraction) + "1"} {
		_, ok := OfDecimal(text)
		require.False(t, ok, text[:min(20, len(text))])
	}
}

// Decimals are ordered as rational numbers are.
func TestDecimalsAreOrderedAsNumbers(t *testing.T) {
	d := randomDraw(t)
	for range 20_000 {
		a, b := d.decimal(), d.decimal()
		x, _ := new(big.Rat).SetString(a.Decimal())
		y, _ := new(big.Rat).SetString(b.Decimal())
		require.Equal(t, x.Cmp(y), Compare(Decimal, a, b), "%s and %s", a.Decimal(), b.Decimal())
	}
}
