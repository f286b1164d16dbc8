package index

import (
	"encoding/binary"
	"strings"
)

// A decimal is kept as bytes that sort as the numbers do, and behind them its scale, how many digits stand after the point, which
// order does not look at: 1.5 and 1.50 are equal, and each is shown as it was given.
//
//	zero      02
//	positive  03 exponent digits          the number is 0.digits x 10^exponent, and its digits neither begin nor end with 0
//	negative  01 ^exponent ^digits FF     each byte the complement of the positive number's
//
// Two digits make a byte, plus one, so that none is zero and a number sorts after those that it continues. An exponent is a byte,
// or, beyond those, a byte for the side and four of the number.
const (
	decimalNegative = 0x01
	decimalZero     = 0x02
	decimalPositive = 0x03
	decimalEnd      = 0xff // of a negative number, which sorts before those that it continues

	exponentBias  = 0x80
	maxExponent   = 100 // in one byte
	exponentBelow = 0x08
	exponentAbove = 0xf0

	scaleSize = 2
)

// What a decimal can be, as PostgreSQL's numeric: digits before the point, and after it.
const (
	MaxDecimalWhole    = 131072
	MaxDecimalFraction = 16383
)

// OfDecimal is the value of a column of type Decimal: of its text, a sign or none, digits, and after a point more digits or no point. ok
// is false for other text: an exponent, zeros before the first digit, -0, too many digits. O(length).
func OfDecimal(text string) (v Value, ok bool) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if !isDigits(whole) || point && !isDigits(fraction) || len(whole) > 1 && whole[0] == '0' ||
		len(whole) > MaxDecimalWhole || len(fraction) > MaxDecimalFraction {
		return Null, false
	}
	key := decimalKey(whole, fraction, negative)
	if negative && key[0] == decimalZero {
		return Null, false
	}
	return ofKeyAndScale(key, len(fraction)), true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func ofKeyAndScale(key []byte, scale int) Value {
	return OfString(string(binary.BigEndian.AppendUint16(key, uint16(scale))))
}

// decimalKey is what the number whole.fraction is ordered by, with room for its scale.
func decimalKey(whole, fraction string, negative bool) []byte {
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent := len(digits) - len(fraction)
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return append(make([]byte, 0, 1+scaleSize), decimalZero)
	}
	key := make([]byte, 0, len(digits)/2+10)
	key = appendExponent(append(key, decimalPositive), exponent)
	for ; digits != ""; digits = digits[min(2, len(digits)):] {
		pair := 10 * (digits[0] - '0')
		if len(digits) > 1 {
			pair += digits[1] - '0'
		}
		key = append(key, pair+1)
	}
	if !negative {
		return key
	}
	key[0] = decimalNegative
	for i := range key[1:] {
		key[1+i] = ^key[1+i]
	}
	return append(key, decimalEnd)
}

func appendExponent(dst []byte, e int) []byte {
	switch {
	case e > maxExponent:
		return binary.BigEndian.AppendUint32(append(dst, exponentAbove), uint32(e))
	case e < -maxExponent:
		return binary.BigEndian.AppendUint32(append(dst, exponentBelow), uint32(e+MaxDecimalFraction))
	}
	return append(dst, byte(e+exponentBias))
}

// decimalKey is what a decimal is ordered by.
func (v Value) decimalKey() string {
	s := v.Str()
	return s[:max(len(s)-scaleSize, 0)]
}

// Decimal reads a value of type Decimal: its text, as [OfDecimal] reads it; "" for NULL. O(length).
func (v Value) Decimal() string {
	key := v.decimalKey()
	if key == "" {
		return ""
	}
	scale := int(binary.BigEndian.Uint16([]byte(v.Str()[len(key):])))
	digits, exponent, negative, _ := readDecimalKey(key)
	return decimalText(digits, exponent, scale, negative)
}

// ofDecimalKey is the value that has a key, with the least scale; ok is false for bytes that are no key.
func ofDecimalKey(key string) (v Value, ok bool) {
	digits, exponent, negative, ok := readDecimalKey(key)
	scale := max(len(digits)-exponent, 0)
	if !ok || exponent > MaxDecimalWhole || scale > MaxDecimalFraction {
		return Null, false
	}
	v, ok = OfDecimal(decimalText(digits, exponent, scale, negative))
	return v, ok && v.decimalKey() == key
}

// readDecimalKey takes a key apart; ok is false for bytes that are none, in so far as they cannot be read.
func readDecimalKey(key string) (digits string, exponent int, negative, ok bool) {
	if key == "" || key[0] < decimalNegative || key[0] > decimalPositive || (key[0] == decimalZero) != (len(key) == 1) {
		return "", 0, false, false
	}
	negative = key[0] == decimalNegative
	b := []byte(key[1:])
	if negative {
		b = b[:len(b)-1]
		for i := range b {
			b[i] = ^b[i]
		}
	}
	if key[0] == decimalZero {
		return "", 0, false, true
	}
	if exponent, b, ok = readExponent(b); !ok {
		return "", 0, false, false
	}
	pairs := make([]byte, 0, 2*len(b))
	for _, pair := range b {
		if pair == 0 || pair > 100 {
			return "", 0, false, false
		}
		pairs = append(pairs, '0'+(pair-1)/10, '0'+(pair-1)%10)
	}
	return strings.TrimRight(string(pairs), "0"), exponent, negative, true
}

func readExponent(b []byte) (e int, rest []byte, ok bool) {
	switch {
	case len(b) == 0:
		return 0, nil, false
	case b[0] != exponentAbove && b[0] != exponentBelow:
		return int(b[0]) - exponentBias, b[1:], true
	case len(b) < 5:
		return 0, nil, false
	}
	e = int(int32(binary.BigEndian.Uint32(b[1:])))
	if b[0] == exponentBelow {
		e -= MaxDecimalFraction
	}
	return e, b[5:], true
}

// decimalText writes 0.digits x 10^exponent with scale digits after the point.
func decimalText(digits string, exponent, scale int, negative bool) string {
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	if exponent <= 0 {
		b.WriteByte('0')
	}
	at := func(place int) byte { // the digit at a place, counted from the point
		if i := place + exponent; i >= 0 && i < len(digits) {
			return digits[i]
		}
		return '0'
	}
	for place := -exponent; place < 0; place++ {
		b.WriteByte(at(place))
	}
	for place := range scale {
		if place == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(at(place))
	}
	return b.String()
}
