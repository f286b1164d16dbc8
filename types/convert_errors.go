package types

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/memrel/memrel/index"
)

// refusal is the error that the column refuses a value. The detail begins with the column's name.
func (c *Column) refusal(state, hint string, cause error, format string, args ...any) error {
	return &Error{Kind: ErrType, Columns: []string{c.Name}, State: state, Hint: hint, Cause: cause,
		Detail: c.Name + " " + fmt.Sprintf(format, args...)}
}

// AtElement says in which element of a list the error is.
func AtElement(err error, name string, i int) error {
	if e := AsError(err); e != nil {
		if rest, ok := strings.CutPrefix(e.Detail, name); ok {
			e.Detail = fmt.Sprintf("%s[%d]%s", name, i, rest)
		}
	}
	return err
}

// mismatched is the SQLSTATE of a value of a type that the column does not take.
const mismatched = "42804"

// mismatch is for a value of a Go type that the column does not take.
func (c *Column) mismatch(v any) error {
	goType := reflect.TypeOf(v).String()
	if shown, ok := showGo(v); ok {
		return c.refusal(mismatched, wanted(c.Type).hint, nil, "= %s is %s, not %s", shown, WithArticle(goType), wanted(c.Type).name)
	}
	return c.mismatchType(goType)
}

func (c *Column) mismatchType(goType string) error {
	return c.refusal(mismatched, wanted(c.Type).hint, nil, "is given %s, not %s", WithArticle(goType), wanted(c.Type).name)
}

// unreadable is for text that does not say what the column wants.
func (c *Column) unreadable(text string) error {
	state := "22P02"
	if c.Type == index.Time {
		state = "22007"
	}
	return c.unreadableAs(state, text)
}

func (c *Column) unreadableAs(state, text string) error {
	return c.refusal(state, wanted(c.Type).hint, nil, "= %s is not %s", QuoteShort(text), wanted(c.Type).name)
}

// forms are what text may look like for a type that has several.
var forms = map[index.Type]string{
	index.Bool: "write it as true or false, t or f, yes or no, y or n, on or off, 1 or 0",
	index.Time: "write it as 2026-01-02T15:04:05Z, 2026-01-02 15:04:05.678+02:00, 2026-01-02 15:04 or 2026-01-02; what has no offset is in UTC",
	index.UUID: "write it as 6ba7b810-9dad-11d1-80b4-00c04fd430c8, with hyphens or without, in {} or not",
}

// noForm is for text that has none of the forms of its type.
func (c *Column) noForm(text string) error {
	err := c.unreadable(text)
	var e *Error
	if errors.As(err, &e) {
		e.Hint = forms[c.Type]
	}
	return err
}

func (c *Column) outOfBounds(shown string) error {
	bits, sign := c.Size, ""
	if bits == 0 {
		bits = 64
	}
	if c.Unsigned || c.Type == index.Uint {
		sign = " without a sign"
	}
	low, high := c.Bounds()
	hint := "use a smaller number"
	if bits < 64 {
		hint = "use a smaller number, or a column of more bits"
	}
	return c.refusal("22003", hint, nil, "= %s does not fit %d bits%s (%d to %d)", shown, bits, sign, low, high)
}

func (c *Column) overflow(shown string) error {
	return c.refusal("22003", "use a smaller number", nil, "= %s is out of the range of a float", Shorten(shown))
}

func (c *Column) inexact(shown string) error {
	return c.refusal("22003", "use an int column, or round it to a float64 first", nil, "= %s has more digits than a float holds", shown)
}

func (c *Column) notWhole(shown string) error {
	return c.refusal(mismatched, "round it first, or use a float column", nil, "= %s is not a whole number", shown)
}

func (c *Column) tooLong(s string, runes int) error {
	return c.refusal("22001", "shorten it, or use a larger size", nil, "= %s has %d characters, %d are allowed", QuoteShort(s), runes, c.Size)
}

// notText is for a string that is no text.
func (c *Column) notText(s string) error {
	what := "is not UTF-8"
	if utf8.ValidString(s) {
		what = "has a zero byte"
	}
	return c.refusal("22021", "give it text in UTF-8, or use a bytes column", nil, "= %s %s", QuoteShort(s), what)
}

func (c *Column) outOfTime(t time.Time) error {
	return c.refusal("22008", "use a time within 290,000 years of 1970", nil, "= %s is out of range", FormatTime(t))
}

func (c *Column) badJSON(err error) error {
	state := "22P02"
	switch {
	case errors.Is(err, errTooDeep):
		state = "54001"
	case errors.Is(err, errTooLong):
		state = "54000"
	case errors.Is(err, errOutOfRange):
		state = "22003"
	case errors.Is(err, errNotUTF8), errors.Is(err, errSurrogate), errors.Is(err, errZero):
		state = "22021"
	}
	return c.refusal(state, wanted(c.Type).hint, err, "is not JSON that can be kept")
}

// want says what a column of some type wants.
type want struct{ name, hint string }

var wants = [...]want{
	index.Invalid:   {"a valid type", "give the column a type"},
	index.Int:       {"an int", "give it a whole number"},
	index.Uint:      {"an unsigned int", "give it a whole number that is not negative"},
	index.Float:     {"a float", "give it a number"},
	index.Bool:      {"a bool", "give it true or false"},
	index.String:    {"a string", "give it a string"},
	index.CIText:    {"a string", "give it a string"},
	index.Bytes:     {"bytes", "give it a []byte, or as text base64 or \\x and hexadecimal digits"},
	index.Time:      {"a time", "give it a time.Time, or text like 2026-01-02T15:04:05Z"},
	index.UUID:      {"a uuid", "give it a [16]byte, or text like 6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
	index.Date:      {"a date", "give it text like 2026-01-02, or a time.Time that is a midnight"},
	index.TimeOfDay: {"a time of day", "give it text like 15:04:05, or a time.Duration since midnight"},
	index.Decimal:   {"a decimal", "give it a number, or text like 12.50"},
	index.Enum:      {"an enum", "give it one of its names"},
	index.JSON:      {"json", "give it what encoding/json can write, or valid JSON as json.RawMessage"},
}

func wanted(t index.Type) want {
	if t.IsList() {
		return want{"a list of " + t.Elem().String(), "give it a slice, as text a JSON array"}
	}
	if int(t) < len(wants) {
		return wants[t]
	}
	return wants[index.Invalid]
}

// WithArticle is a noun with "a" or "an" before it.
func WithArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeioAEIO") {
		return "an " + noun
	}
	return "a " + noun
}

// showGo is a Go value for people; ok is false if it has no short form. It calls no method of the value.
func showGo(v any) (shown string, ok bool) {
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return QuoteShort(rv.String()), true
	case reflect.Bool:
		return fmt.Sprint(rv.Bool()), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprint(rv.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprint(rv.Uint()), true
	case reflect.Float32, reflect.Float64:
		return showFloat(rv.Float()), true
	}
	switch x := v.(type) {
	case time.Time:
		return FormatTime(x), true
	case []byte:
		return showBytes(string(x)), true
	}
	return "", false
}
