package types

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"github.com/memrel/memrel/index"
)

// Decimals, as PostgreSQL's numeric has them: exact, with the scale that they are given, 1.50; in a column with a precision and a
// scale, rounded to that scale, halves away from zero, and refused if more digits are before the point than it has room for. They
// are numbers only: NaN and the infinities are refused.

// MaxPrecision is the greatest precision of a decimal column, as in PostgreSQL.
const MaxPrecision = 1000

// fromDecimal is the cell of a number as text, with an exponent or without, in a decimal column.
func (c *Column) fromDecimal(text string) (index.Value, error) {
	v, err := c.bareDecimal(text)
	if err != nil || c.Size == 0 {
		return v, err
	}
	rounded, ok := c.round(v.Decimal())
	if !ok {
		return index.Null, c.tooWide(text)
	}
	return rounded, nil
}

// bareDecimal is the cell of a number with every digit that it has.
func (c *Column) bareDecimal(text string) (index.Value, error) {
	digits, negative := strings.CutPrefix(strings.TrimPrefix(text, "+"), "-")
	switch {
	case digits == "" || digits[0] != '.' && (digits[0] < '0' || digits[0] > '9'):
		return index.Null, c.unreadable(text)
	case digits[0] == '.':
		digits = "0" + digits
	}
	digits = strings.TrimSuffix(digits, ".")
	if trimmed := strings.TrimLeft(digits, "0"); trimmed == "" || trimmed[0] < '0' || trimmed[0] > '9' {
		digits = "0" + trimmed
	} else {
		digits = trimmed
	}
	if !isJSONNumber(digits) {
		return index.Null, c.unreadable(text)
	}
	if negative {
		digits = "-" + digits
	}
	written, err := appendNumber(nil, digits, math.MaxInt)
	if err != nil {
		return index.Null, c.refusal("22003", "use fewer digits", err, "= %s is out of the range of a decimal", Shorten(text))
	}
	v, ok := index.OfDecimal(string(written))
	if !ok {
		return index.Null, c.unreadable(text)
	}
	return v, nil
}

// round is a number at the column's scale; ok is false if it has no room for it.
func (c *Column) round(text string) (v index.Value, ok bool) {
	if whole, _, _ := strings.Cut(strings.TrimPrefix(text, "-"), "."); len(whole) > c.Size+1 {
		return index.Null, false // rounding adds no more than one
	}
	n, _, err := apd.NewFromString(text)
	if err != nil {
		return index.Null, false
	}
	// Room for the whole number at this scale, so that nothing else is rounded.
	if _, err = decimals.Quantize(n, n, -int32(c.Scale)); err != nil || n.NumDigits() > int64(c.Size) && !n.IsZero() {
		return index.Null, false
	}
	return index.OfDecimal(decimalText(n))
}

// decimals is how decimals are computed with: exactly, but for the rounding that is asked for.
var decimals = apd.BaseContext.WithPrecision(index.MaxDecimalWhole + index.MaxDecimalFraction)

// AddDecimals is the sum of two numbers as [index.Value.Decimal] writes them, at the larger of their scales. ok is false for one
// that has more digits than a decimal can have. O(digits).
func AddDecimals(a, b string) (sum string, ok bool) {
	var x, y apd.Decimal
	if _, _, err := x.SetString(a); err != nil {
		return "", false
	}
	if _, _, err := y.SetString(b); err != nil {
		return "", false
	}
	if _, err := decimals.Add(&x, &x, &y); err != nil {
		return "", false
	}
	return decimalText(&x), true
}

// decimalText is a number without an exponent, and zero without a sign.
func decimalText(n *apd.Decimal) string {
	if n.IsZero() {
		n.Negative = false
	}
	return n.Text('f')
}

// fromFloatToDecimal takes a float for the shortest number that tells it from all other floats, which is how it was written: 0.1.
func (c *Column) fromFloatToDecimal(f float64) (index.Value, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return index.Null, c.refusal("22003", "give it a number", nil, "= %s is no decimal", showFloat(f))
	}
	return c.fromDecimal(strconv.FormatFloat(f, 'f', -1, 64))
}

// fromBig is the cell of a number of math/big; is is false for another value.
func (c *Column) fromBig(v any) (cell index.Value, is bool, err error) {
	switch x := v.(type) {
	case *big.Int:
		cell, err = c.fromDecimal(x.String())
	case *big.Rat:
		places, exact := x.FloatPrec()
		if !exact {
			return index.Null, true, c.refusal("22003", "round it first: FloatString gives a text", errNoDecimal, "= %s is no decimal", Shorten(x.RatString()))
		}
		cell, err = c.fromDecimal(x.FloatString(places))
	case *big.Float:
		cell, err = c.fromDecimal(x.Text('f', -1))
	default:
		return index.Null, false, nil
	}
	return cell, true, err
}

var errNoDecimal = errors.New("its digits do not come to an end")

// tooWide is for a number that has more digits before the point than the column.
func (c *Column) tooWide(text string) error {
	return c.refusal("22003", "use a smaller number, or a column of more digits", nil, "= %s does not fit %d digits, %d of them after the point",
		Shorten(text), c.Size, c.Scale)
}

// fitDecimal refuses a decimal that is not at the scale of the column, or has too many digits.
func (c *Column) fitDecimal(v index.Value) error {
	if c.Size == 0 {
		return nil
	}
	text := v.Decimal()
	rounded, ok := c.round(text)
	switch {
	case !ok:
		return c.tooWide(text)
	case rounded.Decimal() != text:
		return c.refusal("22003", "round it first", nil, "= %s is not at its scale, %d digits after the point", Shorten(text), c.Scale)
	}
	return nil
}

// exactDecimal is a value as a decimal of the column with nothing rounded.
func (c *Column) exactDecimal(v any) (index.Value, error) {
	bare := Column{Name: c.Name, Type: index.Decimal}
	exact, err := bare.FromGo(v)
	if err != nil {
		return index.Null, err
	}
	return c.rescaled(exact)
}

// rescaled is a decimal of another column as one of this one: with zeros added or left out behind the point, and nothing rounded.
func (c *Column) rescaled(v index.Value) (index.Value, error) {
	if c.Size == 0 || v.IsNull() {
		return v, nil
	}
	out, ok := c.round(v.Decimal())
	switch {
	case !ok:
		return index.Null, c.tooWide(v.Decimal())
	case !index.Equal(index.Decimal, out, v):
		return index.Null, c.refusal("22003", "round it first, or use a larger scale", nil, "= %s has more than %d digits after the point", Shorten(v.Decimal()), c.Scale)
	}
	return out, nil
}
