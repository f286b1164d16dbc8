package types

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
)

// Fit is the error, of kind [ErrType], of a cell of the column's type that the column does not take: too large, too long,
// with a sign, no text, no canonical JSON. NULL fits. The conversions hold values to the same; Fit is for cells that come
// by another way: with a key that cascades, out of a file, from under another definition. O(1) for numbers, O(length).
func (c *Column) Fit(v index.Value) (err error) {
	if v.IsNull() {
		return nil
	}
	switch {
	case c.Type == index.Int:
		_, err = c.FromInt(v.Int())
	case c.Type.IsString():
		_, err = c.FromString(shownText(c.Type, v))
	case c.Type == index.Time || c.Type == index.TimeOfDay:
		return c.fitPrecision(v)
	case c.Type == index.Enum:
		return c.fitEnum(v)
	case c.Type == index.JSON:
		return c.fitJSON(v.JSON())
	case c.Type == index.Decimal:
		return c.fitDecimal(v)
	case c.Type.IsList():
		elem := &Column{Name: c.Name, Type: c.Type.Elem()}
		for i, e := range v.List() {
			if err := elem.Fit(e); err != nil {
				return AtElement(err, c.Name, i)
			}
		}
	}
	return err
}

func (c *Column) fitJSON(text string) error {
	canonical, err := canonicalJSON(text)
	switch {
	case err != nil:
		return c.badJSON(err)
	case canonical != text:
		return c.refusal("22P02", "write it again", nil, "= %s is not JSON in its canonical form", Shorten(text))
	}
	return nil
}

// Takes tells whether every value of another column is one of this column as it stands.
func (c *Column) Takes(of *Column) bool {
	if c.Type != of.Type {
		return false
	}
	switch c.Type {
	case index.Int:
		low, high := c.Bounds()
		l, h := of.Bounds()
		return low <= l && h <= high
	case index.String, index.CIText:
		return c.Size == 0 || of.Size > 0 && of.Size <= c.Size
	case index.Time, index.TimeOfDay:
		return c.Precision == 0 || of.Precision >= c.Precision
	case index.Enum:
		return c.takesNames(of)
	case index.Decimal:
		return c.Size == 0 || of.Size > 0 && of.Size <= c.Size && of.Scale == c.Scale
	}
	return true
}

// Holds tells whether cells of another column are cells of this one as they are, but for those that do not fit.
func (c *Column) Holds(of *Column) bool {
	return c.Type == of.Type && (c.Type != index.Decimal && c.Type != index.Enum || c.Takes(of))
}

// Retype is a cell of another column as a cell of this one: the same value exactly, or an error of kind [ErrType]. Text is
// read as [Column.FromText] reads it, and other types become text as it stands in JSON; bytes are no text. Numbers keep
// every digit. NULL stays NULL.
func (c *Column) Retype(from *Column, v index.Value) (index.Value, error) {
	switch {
	case v.IsNull():
		return v, nil
	case c.Precision > 0:
		return c.exactTime(c.withoutPrecision().Retype(from, v))
	case from.Type == index.Enum:
		return c.Retype(&Column{Name: from.Name, Type: index.String}, index.OfString(v.Name()))
	case c.Type == index.Decimal && from.Type == index.Decimal:
		return c.rescaled(v)
	case c.Type == from.Type:
		return v, c.Fit(v)
	case c.Type == index.Decimal && from.Type.IsNumber(), from.Type == index.Decimal && c.Type.IsNumber():
		return c.fromNumberCell(from, v)
	case from.Type == index.Decimal && c.Type == index.JSON:
		return c.fromJSONText(v.Decimal())
	case from.Type == index.Date && c.Type == index.Time:
		return c.FromTime(v.Date())
	case from.Type == index.Time && c.Type == index.Date:
		return c.FromTime(v.Time())
	case c.Type.IsString() && from.Type != index.Bytes:
		text, err := textOf(from.Type, v)
		if err != nil {
			return index.Null, c.badJSON(err)
		}
		return c.FromString(text)
	case from.Type.IsString() && c.Type != index.Bytes:
		return c.fromExactText(shownText(from.Type, v))
	case from.Type == index.JSON:
		return c.fromDocument(v.JSON())
	case c.Type.IsList() && from.Type.IsList():
		of, list := &Column{Name: from.Name, Type: from.Type.Elem()}, v.List()
		return c.listFrom(len(list), func(i int, elem *Column) (index.Value, error) { return elem.Retype(of, list[i]) })
	}
	return c.FromGo(ToGo(from.Type, v))
}

// shownText is a cell of text, with its case.
func shownText(t index.Type, v index.Value) string {
	if t == index.CIText {
		return v.CIText()
	}
	return v.Str()
}

// textOf is a cell as text in full; lists are JSON.
func textOf(t index.Type, v index.Value) (string, error) {
	switch t {
	case index.String, index.CIText:
		return shownText(t, v), nil
	case index.JSON:
		return v.JSON(), nil
	case index.Float:
		return showFloat(v.Float()), nil
	case index.Date, index.TimeOfDay, index.Decimal:
		return ToGo(t, v).(string), nil
	case index.Time:
		return FormatTime(v.Time()), nil
	case index.UUID:
		return FormatUUID(v.UUID()), nil
	}
	text, err := json.Marshal(ToJSON(t, v))
	if err != nil {
		return "", err
	}
	return canonicalJSON(string(text))
}

// fromExactText is FromText but for floats, which must not be rounded.
func (c *Column) fromExactText(s string) (index.Value, error) {
	if c.Type == index.Decimal {
		return c.exactDecimal(s)
	}
	v, err := c.FromText(s)
	if err == nil && c.Type == index.Float && !SaysFloat(s, v.Float()) {
		return index.Null, c.inexact(Shorten(s))
	}
	return v, err
}

// fromNumberCell is a number of another kind, a decimal to or from an int or a float, exactly.
func (c *Column) fromNumberCell(from *Column, v index.Value) (index.Value, error) {
	switch {
	case c.Type == index.Float:
		return c.fromExactText(v.Decimal())
	case from.Type == index.Decimal:
		return c.fromNumber(json.Number(v.Decimal()))
	}
	return c.exactDecimal(ToGo(from.Type, v))
}

// fromDocument reads a JSON document as a column of another type: what it says, if that is a string, a number, a bool or,
// for a list, an array.
func (c *Column) fromDocument(text string) (index.Value, error) {
	var s string
	switch {
	case text == "true" || text == "false":
		return c.fromBool(text == "true")
	case text[0] == '"' && json.Unmarshal([]byte(text), &s) == nil && c.Type != index.Bytes:
		return c.fromExactText(s)
	case text[0] == '[' && c.Type.IsList():
		return c.listFromText(text)
	case isJSONNumber(text) && (c.Type == index.Float || c.Type == index.Decimal):
		return c.fromExactText(text)
	case isJSONNumber(text):
		return c.fromNumber(json.Number(text))
	}
	return index.Null, c.unreadable(text)
}

// SaysFloat tells whether text says the number that a float shows.
func SaysFloat(text string, f float64) bool {
	shown := showFloat(f)
	if strings.HasPrefix(shown, "NaN") || strings.HasSuffix(shown, "Infinity") {
		return true
	}
	return plainDecimal(text) == plainDecimal(shown)
}

// plainDecimal is what a decimal number says: its digits without zeros at the ends, and how many of them are a fraction.
func plainDecimal(text string) (d struct {
	digits   string
	scale    int
	negative bool
	ok       bool
}) {
	text, d.negative = strings.CutPrefix(strings.TrimPrefix(text, "+"), "-")
	d.digits, d.scale, d.ok = decimal(text)
	trimmed := strings.TrimRight(d.digits, "0")
	d.scale -= len(d.digits) - len(trimmed)
	if d.digits = trimmed; trimmed == "" {
		d.scale, d.negative = 0, false
	}
	return d
}

// FormatTime is a time as text that [Column.FromText] reads, in UTC: 2026-01-02T03:04:05Z. Years beyond 0 to 9999 have a
// sign and at least four digits, as in ISO 8601: +12026-01-02T03:04:05Z.
func FormatTime(t time.Time) string {
	return formatYear(t.UTC(), time.RFC3339Nano)
}

// formatYear is a time in a layout that begins with its year.
func formatYear(t time.Time, layout string) string {
	s := t.Format(layout)
	if t.Year() > 9999 {
		return "+" + s
	}
	return s
}

// yearCycle is after how many years the calendar repeats.
const yearCycle = 400

// parseTime reads a time in a layout that begins with a year of four digits. A year with a sign may have more.
func parseTime(layout, s string) (time.Time, error) {
	t, err := time.Parse(layout, s)
	if err == nil || len(s) < 5 || s[0] != '+' && s[0] != '-' {
		return t, err
	}
	digits := strings.IndexByte(s[1:], '-')
	if digits < 4 || digits > 6 {
		return t, err
	}
	year := 0
	for _, r := range s[1 : 1+digits] {
		if r < '0' || r > '9' {
			return t, err
		}
		year = 10*year + int(r-'0')
	}
	if s[0] == '-' {
		year = -year
	}
	// Parsed in a year of the same calendar, and carried over.
	like := 2000 + (year%yearCycle+yearCycle)%yearCycle
	t, err = time.Parse(layout, strconv.Itoa(like)+s[1+digits:])
	if err != nil {
		return t, err
	}
	return t.AddDate(year-like, 0, 0), nil
}
