package types

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
)

// FromText converts text as it stands in a CSV cell into the column's type:
//
//	int, uint, float  decimal digits; floats also NaN, Infinity and -Infinity
//	bool        true, false, t, f, yes, no, y, n, on, off, 1, 0 in any case
//	string      as it is
//	bytes       base64, or \x and hexadecimal digits
//	time        a day and the time of day (2026-01-02T03:04:05.678Z, 2026-01-02 03:04:05+02, 2026-01-02 03:04), a day alone at
//	            0:00; without Z, UTC or an offset in UTC
//	date        2026-01-02, or the midnight of that day without an offset
//	timeofday   15:04, 15:04:05, 15:04:05.678
//	decimal     decimal digits, with an exponent or without
//	uuid        32 hexadecimal digits in any case, with hyphens or without; urn:uuid: or 0x before them, or {} around them
//	json        JSON text
//	list        a JSON array; its strings are read as text of the element type, its nulls are NULL
//
// What the empty string means is for the caller to say. Errors as [Column.FromGo]. Any goroutine may call it.
func (c *Column) FromText(s string) (index.Value, error) {
	switch c.Type {
	case index.Int, index.Uint:
		return c.intFromText(s)
	case index.Float:
		return c.floatFromText(s)
	case index.Bool:
		return c.boolFromText(s)
	case index.Bytes:
		return c.bytesFromText(s)
	case index.Time:
		return c.timeFromText(s)
	case index.UUID:
		return c.uuidFromText(s)
	case index.JSON:
		return c.fromJSONText(s)
	}
	if c.Type.IsList() {
		return c.listFromText(s)
	}
	return c.FromString(s)
}

func (c *Column) intFromText(s string) (index.Value, error) {
	v, err := c.parseInt(s)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return index.Null, c.outOfBounds(Shorten(s))
	case errors.Is(err, strconv.ErrSyntax):
		return index.Null, c.unreadable(s)
	}
	return v, err
}

func (c *Column) floatFromText(s string) (index.Value, error) {
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return index.Null, c.overflow(s)
	case err != nil:
		return index.Null, c.unreadable(s)
	}
	return index.OfFloat(f), nil
}

func (c *Column) boolFromText(s string) (index.Value, error) {
	switch strings.ToLower(s) {
	case "true", "t", "yes", "y", "on", "1":
		return index.OfBool(true), nil
	case "false", "f", "no", "n", "off", "0":
		return index.OfBool(false), nil
	}
	return index.Null, c.noForm(s)
}

func (c *Column) bytesFromText(s string) (index.Value, error) {
	decode := base64.StdEncoding.DecodeString
	digits, isHex := strings.CutPrefix(s, `\x`)
	if isHex {
		decode = hex.DecodeString
	}
	b, err := decode(digits)
	if err != nil {
		return index.Null, c.unreadable(s)
	}
	return index.OfBytes(b), nil
}

// uuidFromText reads a UUID as databases and programs write it.
func (c *Column) uuidFromText(s string) (index.Value, error) {
	digits := s
	for _, around := range [][2]string{{"{", "}"}, {"urn:uuid:", ""}, {"0x", ""}} {
		if inner, ok := strings.CutPrefix(digits, around[0]); ok && strings.HasSuffix(inner, around[1]) {
			digits = strings.TrimSuffix(inner, around[1])
			break
		}
	}
	if len(digits) == 32 {
		digits = digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
	}
	u, ok := parseUUID(digits)
	if !ok {
		return index.Null, c.noForm(s)
	}
	return index.OfUUID(u), nil
}

// timeLayouts are the commonest forms of a time; parsing takes a fraction of a second with each.
var timeLayouts = [...]string{time.RFC3339Nano, time.DateTime, time.DateOnly}

func (c *Column) timeFromText(s string) (index.Value, error) {
	for _, layout := range timeLayouts {
		if t, err := parseTime(layout, s); err == nil {
			return c.FromTime(t)
		}
	}
	if full, ok := fullTime(s); ok {
		if t, err := parseTime("2006-01-02T15:04:05.999999999Z07:00:00", full); err == nil {
			return c.FromTime(t)
		}
	}
	return index.Null, c.noForm(s)
}

// fullTime is a time with what exports leave out of it, seconds and parts of the offset, filled in.
func fullTime(s string) (full string, ok bool) {
	at := strings.IndexAny(s, "Tt ")
	if at < 0 {
		return "", false
	}
	day, clock, zone := s[:at], s[at+1:], ""
	if at := strings.IndexAny(clock, "Zz+- "); at >= 0 {
		clock, zone = clock[:at], strings.TrimPrefix(clock[at:], " ")
	}
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	if zone, ok = fullOffset(zone); !ok {
		return "", false
	}
	return day + "T" + clock + zone, true
}

// offset is an offset from UTC in hours, with minutes and seconds or without.
var offset = regexp.MustCompile(`^([+-]\d\d)(?::?(\d\d)(?::?(\d\d))?)?$`)

// fullOffset is an offset to the second.
func fullOffset(s string) (full string, ok bool) {
	if s == "" || s == "Z" || s == "z" || s == "UTC" {
		return "Z", true
	}
	m := offset.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	return m[1] + ":" + cmp.Or(m[2], "00") + ":" + cmp.Or(m[3], "00"), true
}

// UnquoteJSON is the text of a JSON string that the column is given. Text that is none (half of a surrogate pair) is an error
// of kind [ErrType].
func (c *Column) UnquoteJSON(raw json.RawMessage) (text string, err error) {
	if _, err = ScanJSON(string(raw)); err == nil {
		err = json.Unmarshal(raw, &text)
	}
	if err != nil {
		return "", c.badJSON(err)
	}
	return text, nil
}

func (c *Column) listFromText(s string) (index.Value, error) {
	var list []json.RawMessage
	if _, err := ScanJSON(s); err != nil {
		return index.Null, c.badJSON(err)
	}
	if err := json.Unmarshal([]byte(s), &list); err != nil || list == nil {
		return index.Null, c.unreadable(s)
	}
	return c.listFrom(len(list), func(i int, elem *Column) (index.Value, error) {
		return elem.fromElementText(list[i])
	})
}

// fromElementText reads an element of a JSON array: what it can as it is, strings as text of the element type.
func (c *Column) fromElementText(raw json.RawMessage) (index.Value, error) {
	if string(raw) == "null" {
		return index.Null, nil
	}
	if c.Type == index.JSON {
		return c.FromRaw(raw)
	}
	var s string
	switch {
	case raw[0] == '"' && json.Unmarshal(raw, &s) == nil:
		return c.FromText(s)
	case raw[0] == 't' || raw[0] == 'f':
		return c.fromBool(raw[0] == 't')
	case raw[0] == '[' || raw[0] == '{':
		return index.Null, c.unreadable(string(raw))
	}
	return c.fromNumber(json.Number(raw))
}
