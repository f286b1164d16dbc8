package types

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxJSONDepth is how deep arrays and objects may be nested.
const maxJSONDepth = 200

var (
	errTooDeep   = fmt.Errorf("arrays and objects are nested deeper than %d levels", maxJSONDepth)
	errNotUTF8   = errors.New("it is not valid UTF-8")
	errSurrogate = errors.New(`a \u escape is half of a surrogate pair`)
	errZero      = errors.New(`it has a zero byte, \u0000, which no text can hold`)
	errTrailing  = errors.New("something follows the value")

	errOutOfRange = fmt.Errorf("a number has more than %d digits before the point or %d after it", maxWholeDigits, maxFraction)
	errTooLong    = fmt.Errorf("written out, its numbers are more than %d bytes longer", maxWrittenOut)
)

// What PostgreSQL's numeric holds, and how much longer numbers may be than they were given with exponents.
const (
	maxWholeDigits = 131072
	maxFraction    = 16383
	maxWrittenOut  = 1 << 20
)

// canonicalJSON is the one text of all that say the same: keys sorted and each once (the last wins), no spaces, no
// needless escapes, and numbers as PostgreSQL's jsonb shows them: every digit, without exponent, with the zeros that stand
// at the end of a fraction. Making it twice changes nothing. It is linear in the text but for the sorting.
func canonicalJSON(text string) (string, error) {
	if _, err := ScanJSON(text); err != nil {
		return "", err
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the text ends too early")
		}
		return "", err
	}
	if _, err := dec.Token(); err != io.EOF {
		return "", errTrailing
	}
	out, err := appendJSON(make([]byte, 0, len(text)), v, len(text)+maxWrittenOut)
	return string(out), err
}

// ScanJSON refuses what encoding/json would mend without a word, or follow too deep: text that is not UTF-8, half of a
// surrogate pair, a zero byte. at is where it stands. Whether the text is JSON is not looked at. O(length).
func ScanJSON(text string) (at int, err error) {
	if !utf8.ValidString(text) {
		return len(text) - len(strings.TrimLeftFunc(text, func(r rune) bool { return r != utf8.RuneError })), errNotUTF8
	}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			n, err := escapeLen(text[i:])
			if err != nil {
				return i, err
			}
			i += n - 1
		case !quoted && (c == '[' || c == '{'):
			if depth++; depth > maxJSONDepth {
				return i, errTooDeep
			}
		case !quoted && (c == ']' || c == '}'):
			depth--
		}
	}
	return len(text), nil
}

// escapeLen is the length of the escape that s begins with, both halves of a surrogate pair included.
func escapeLen(s string) (int, error) {
	first, ok := unicodeEscape(s)
	switch {
	case !ok:
		return 2, nil
	case first == 0:
		return 0, errZero
	case first < 0xd800 || first > 0xdfff:
		return 6, nil
	}
	second, ok := unicodeEscape(s[6:])
	if !ok || first >= 0xdc00 || second < 0xdc00 || second > 0xdfff {
		return 0, errSurrogate
	}
	return 12, nil
}

func unicodeEscape(s string) (uint64, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return n, err == nil
}

// appendJSON writes a value to dst, which may become limit bytes long.
func appendJSON(dst []byte, v any, limit int) (_ []byte, err error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return appendString(dst, v), nil
	case json.Number:
		return appendNumber(dst, string(v), limit)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendJSON(dst, e, limit); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case map[string]any:
		return appendObject(dst, v, limit)
	}
	return nil, fmt.Errorf("a %T is no JSON", v)
}

func appendObject(dst []byte, m map[string]any, limit int) (_ []byte, err error) {
	dst = append(dst, '{')
	for i, k := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, k), ':')
		if dst, err = appendJSON(dst, m[k], limit); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// appendString escapes what JSON wants escaped and nothing else. s is valid UTF-8.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= 0x20:
			dst = append(dst, c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, '"')
}

// appendNumber writes a number as numeric does: 1.50e1 is 15.0, 1e-3 is 0.001, and -0.0 is 0.0.
func appendNumber(dst []byte, n string, limit int) ([]byte, error) {
	text, negative := strings.CutPrefix(n, "-")
	digits, scale, ok := decimal(text)
	switch {
	case !ok || scale > maxFraction || len(digits)-scale > maxWholeDigits:
		return nil, errOutOfRange
	case len(dst)+max(len(digits), scale, len(digits)-scale) > limit:
		return nil, errTooLong
	case negative && digits != "":
		dst = append(dst, '-')
	}
	whole := max(len(digits)-scale, 0)
	if whole == 0 {
		dst = append(dst, '0')
	}
	dst = append(dst, digits[:min(whole, len(digits))]...)
	for range whole - len(digits) {
		dst = append(dst, '0')
	}
	if scale <= 0 {
		return dst, nil
	}
	dst = append(dst, '.')
	for range scale - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits[whole:]...), nil
}

// decimal is the number digits x 10^-scale that a JSON number without a sign says, without zeros at its beginning; ok is
// false for an exponent beyond all bounds. Zero has no digits, and no scale below 0.
func decimal(n string) (digits string, scale int, ok bool) {
	mantissa, exponent := n, 0
	if i := strings.IndexAny(n, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(n[i+1:]); err != nil || exponent > math.MaxInt32 || exponent < math.MinInt32 {
			return "", 0, false
		}
		mantissa = n[:i]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	if scale = len(fraction) - exponent; digits == "" {
		scale = max(scale, 0)
	}
	return digits, scale, true
}

// appendFloat writes a finite float with the fewest digits that tell it apart, and -0 as 0.
func appendFloat(dst []byte, f float64) []byte {
	if f == 0 {
		return append(dst, '0')
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// isJSONNumber tells whether s is a number as JSON writes it.
func isJSONNumber(s string) bool {
	return s != "" && (s[0] == '-' || s[0] >= '0' && s[0] <= '9') && json.Valid([]byte(s)) && s[len(s)-1] > ' '
}

// wholeNumber is the digits of a JSON number that is whole, however it is written: 1.5e1 is 15. A number of more than
// 20 digits comes back as 20 nines, which fits nothing either.
func wholeNumber(s string) (digits string, ok bool) {
	s, negative := strings.CutPrefix(s, "-")
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		exponent, _ = strconv.Atoi(s[i+1:]) // at its bounds if out of range, which is far enough
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "0", true
	}
	// The value is trimmed x 10^zeros. The exponent is cut so that the sum cannot overflow.
	zeros := max(min(exponent, math.MaxInt32), math.MinInt32) - len(fraction) + len(digits) - len(trimmed)
	switch {
	case zeros < 0:
		return "", false
	case zeros+len(trimmed) > 20:
		trimmed, zeros = strings.Repeat("9", 20), 0
	}
	if negative {
		trimmed = "-" + trimmed
	}
	return trimmed + strings.Repeat("0", zeros), true
}
