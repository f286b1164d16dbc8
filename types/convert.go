package types

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/memrel/memrel/index"
)

// FromGo converts any Go value into the column's type. nil, nil pointers, slices and maps, and invalid sql.Null values
// are NULL; whether the column allows that is judged by [table.Def.CheckRecord].
//
//	int, uint every integer; floats and json.Number that are whole; within Size bits, not negative if Unsigned
//	float   floats; integers and json.Number, the integers only if a float64 holds them exactly
//	bool    bools
//	string  text in UTF-8 without a zero byte, of up to Size characters; citext alike
//	bytes   []byte and [N]byte, copied
//	time    time.Time and RFC 3339 text
//	enum    text that is one of its names
//	uuid    [16]byte and canonical text in any case
//	date      a time.Time that is a midnight in its own zone, and text like 2026-01-02
//	timeofday a time.Duration since midnight, a time.Time on the first day of year 0 or 1, and text like 15:04:05.678
//	decimal   every integer, float and json.Number, the numbers of math/big, and text: 12.50, 1e3; floats as they are written shortest. Rounded
//	          to the column's scale
//	json    json.RawMessage is JSON text; any other value is marshaled; the text is made canonical
//	list    slices and arrays of what the element type accepts; elements may be NULL
//
// Named types count as what they are made of. A driver.Valuer is asked for its value (for a json column only if it
// is no json.Marshaler; []byte is then JSON text); one that is held by pointer is asked through a copy.
//
// The error is of kind [ErrType]; the caller fills in the table. Numbers, bools, strings, times and UUIDs convert
// without allocation, and a value boxed for the call stays on the caller's stack. Any goroutine may call it.
func (c *Column) FromGo(v any) (index.Value, error) {
	// Each case passes a copy on, never v: one use of v that outlives the call would move the box of every caller's
	// key to the heap.
	switch x := v.(type) {
	case nil:
		return index.Null, nil
	case int64:
		return c.FromInt(x)
	case int:
		return c.FromInt(int64(x))
	case string:
		return c.FromString(x)
	case bool:
		return c.fromBool(x)
	case float64:
		return c.fromFloat(x)
	case time.Time:
		return c.FromTime(x)
	case []byte:
		return c.FromBytes(x)
	case [16]byte:
		return c.fromArray16(x)
	case json.RawMessage:
		return c.FromRaw(x)
	case json.Number:
		return c.fromNumber(x)
	case time.Duration:
		return c.fromDuration(x)
	}
	return c.fromOther(v)
}

// FromInt is the cell of a whole number in the column. Errors as [Column.FromGo].
func (c *Column) FromInt(n int64) (index.Value, error) {
	if c.Type == index.Int && c.Size == 0 && !c.Unsigned { // the commonest
		return index.OfInt(n), nil
	}
	return c.fromInt(n)
}

// fromInt is FromInt for columns of any kind.
func (c *Column) fromInt(n int64) (index.Value, error) {
	switch c.Type {
	case index.Int:
		if low, high := c.Bounds(); n < low || n > 0 && uint64(n) > high {
			return index.Null, c.outOfBounds(strconv.FormatInt(n, 10))
		}
		return index.OfInt(n), nil
	case index.Uint:
		if n < 0 {
			return index.Null, c.outOfBounds(strconv.FormatInt(n, 10))
		}
		return index.OfUint(uint64(n)), nil
	case index.Float:
		f := float64(n)
		if f == 1<<63 || int64(f) != n {
			return index.Null, c.inexact(strconv.FormatInt(n, 10))
		}
		return index.OfFloat(f), nil
	case index.Decimal:
		return c.fromDecimal(strconv.FormatInt(n, 10))
	case index.JSON:
		return index.OfString(strconv.FormatInt(n, 10)), nil
	}
	return index.Null, c.mismatch(n)
}

// Bounds are the least and the greatest value of an int or uint column.
func (c *Column) Bounds() (low int64, high uint64) {
	if c.Type == index.Uint {
		return 0, math.MaxUint64
	}
	bits := c.Size
	if bits <= 0 || bits > 64 {
		bits = 64
	}
	low = int64(-1) << (bits - 1)
	switch {
	case !c.Unsigned:
		return low, uint64(^low)
	case bits == 64:
		return 0, math.MaxInt64
	}
	return 0, uint64(1)<<bits - 1
}

// FromUint is the cell of a whole number without sign in the column. Errors as [Column.FromGo].
func (c *Column) FromUint(n uint64) (index.Value, error) {
	switch {
	case c.Type == index.Uint:
		return index.OfUint(n), nil
	case n <= math.MaxInt64:
		return c.FromInt(int64(n))
	}
	switch c.Type {
	case index.Int:
		return index.Null, c.outOfBounds(strconv.FormatUint(n, 10))
	case index.Float:
		f := float64(n)
		if f == 1<<64 || uint64(f) != n {
			return index.Null, c.inexact(strconv.FormatUint(n, 10))
		}
		return index.OfFloat(f), nil
	case index.Decimal:
		return c.fromDecimal(strconv.FormatUint(n, 10))
	case index.JSON:
		return index.OfString(strconv.FormatUint(n, 10)), nil
	}
	return index.Null, c.mismatch(n)
}

func (c *Column) fromFloat(f float64) (index.Value, error) {
	switch c.Type {
	case index.Float:
		return index.OfFloat(f), nil
	case index.Int:
		switch {
		case f != math.Trunc(f): // NaN too
			return index.Null, c.notWhole(showFloat(f))
		case f < -1<<63 || f >= 1<<63:
			return index.Null, c.outOfBounds(showFloat(f))
		}
		return c.FromInt(int64(f))
	case index.Uint:
		switch {
		case f != math.Trunc(f):
			return index.Null, c.notWhole(showFloat(f))
		case f < 0 || f >= 1<<64:
			return index.Null, c.outOfBounds(showFloat(f))
		}
		return index.OfUint(uint64(f)), nil
	case index.Decimal:
		return c.fromFloatToDecimal(f)
	case index.JSON:
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return index.Null, c.badJSON(errors.New(showFloat(f) + " is no number in JSON"))
		}
		return index.OfJSON(string(appendFloat(nil, f))), nil
	}
	return index.Null, c.mismatch(f)
}

func (c *Column) fromNumber(n json.Number) (index.Value, error) {
	switch c.Type {
	case index.Int, index.Uint:
		return c.fromNumberToInt(string(n))
	case index.Float:
		f, err := strconv.ParseFloat(string(n), 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return index.Null, c.overflow(string(n))
		case err != nil:
			return index.Null, c.mismatch(n)
		}
		return index.OfFloat(f), nil
	case index.Decimal:
		return c.fromDecimal(string(n))
	case index.JSON:
		return c.fromJSONText(string(n))
	}
	return index.Null, c.mismatch(n)
}

// fromNumberToInt reads a number as JSON writes it, 1e3 and 7.0 included, without going through a float, which would
// round.
func (c *Column) fromNumberToInt(s string) (index.Value, error) {
	v, err := c.parseInt(s)
	if errors.Is(err, strconv.ErrSyntax) {
		if !isJSONNumber(s) {
			return index.Null, c.mismatch(json.Number(s))
		}
		digits, whole := wholeNumber(s)
		if !whole {
			return index.Null, c.notWhole(Shorten(s))
		}
		v, err = c.parseInt(digits)
	}
	if errors.Is(err, strconv.ErrSyntax) || errors.Is(err, strconv.ErrRange) {
		return index.Null, c.outOfBounds(Shorten(s))
	}
	return v, err
}

// parseInt reads decimal digits. An error of strconv is as it is, for the caller to tell what it comes to.
func (c *Column) parseInt(s string) (index.Value, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return c.FromInt(n)
	}
	if c.Type != index.Uint {
		return index.Null, err
	}
	u, err := strconv.ParseUint(s, 10, 64)
	return index.OfUint(u), err
}

// FromString is the cell of a string in the column. Errors as [Column.FromGo].
func (c *Column) FromString(s string) (index.Value, error) {
	if c.Type == index.String && c.Size == 0 && index.IsText(s) {
		return index.OfString(s), nil
	}
	return c.fromString(s)
}

// fromString is FromString for columns of any kind.
func (c *Column) fromString(s string) (index.Value, error) {
	switch c.Type {
	case index.String, index.CIText:
		if !index.IsText(s) {
			return index.Null, c.notText(s)
		}
		if c.Size > 0 && len(s) > c.Size {
			if n := utf8.RuneCountInString(s); n > c.Size {
				return index.Null, c.tooLong(s, n)
			}
		}
		if c.Type == index.CIText {
			return index.OfCIText(s), nil
		}
		return index.OfString(s), nil
	case index.Time:
		t, err := parseTime(time.RFC3339Nano, s)
		if err != nil {
			return index.Null, c.unreadable(s)
		}
		return c.FromTime(t)
	case index.UUID:
		u, ok := parseUUID(s)
		if !ok {
			return index.Null, c.unreadable(s)
		}
		return index.OfUUID(u), nil
	case index.Enum:
		return c.enumFromText(s)
	case index.Date:
		return c.dateFromText(s)
	case index.TimeOfDay:
		return c.timeOfDayFromText(s)
	case index.Decimal:
		return c.fromDecimal(s)
	case index.JSON:
		if !index.IsText(s) {
			return index.Null, c.notText(s)
		}
		return index.OfString(string(appendString(nil, s))), nil
	}
	return index.Null, c.mismatch(s)
}

func (c *Column) fromBool(b bool) (index.Value, error) {
	switch c.Type {
	case index.Bool:
		return index.OfBool(b), nil
	case index.JSON:
		return index.OfString(strconv.FormatBool(b)), nil
	}
	return index.Null, c.mismatch(b)
}

// FromTime is the cell of a time in the column. Errors as [Column.FromGo].
func (c *Column) FromTime(t time.Time) (index.Value, error) {
	switch c.Type {
	case index.Time:
		if c.Precision > 0 {
			t = c.rounded(t)
		}
		v, ok := index.OfTime(t)
		if !ok {
			return index.Null, c.outOfTime(t)
		}
		return v, nil
	case index.Date:
		return c.fromTimeToDate(t)
	case index.TimeOfDay:
		return c.fromTimeToTimeOfDay(t)
	case index.JSON:
		return c.marshal(t)
	}
	return index.Null, c.mismatch(t)
}

// FromBytes is the cell of bytes, which are copied, in the column; nil is NULL. Errors as [Column.FromGo].
func (c *Column) FromBytes(b []byte) (index.Value, error) {
	switch {
	case b == nil:
		return index.Null, nil
	case c.Type == index.Bytes:
		return index.OfBytes(b), nil
	case c.Type == index.JSON: // as encoding/json has it
		return index.OfString(`"` + base64.StdEncoding.EncodeToString(b) + `"`), nil
	case c.Type.IsList():
		return listOf(c, b)
	}
	return index.Null, c.mismatch(b)
}

func (c *Column) fromArray16(u [16]byte) (index.Value, error) {
	switch {
	case c.Type == index.UUID:
		return index.OfUUID(u), nil
	case c.Type == index.Bytes:
		return index.OfBytes(u[:]), nil
	case c.Type == index.JSON:
		return c.marshal(u)
	case c.Type.IsList():
		return listOf(c, u[:])
	}
	return index.Null, c.mismatch(u)
}

// FromRaw is the cell of a JSON document in the column; nil is NULL. Errors as [Column.FromGo].
func (c *Column) FromRaw(raw json.RawMessage) (index.Value, error) {
	switch {
	case raw == nil:
		return index.Null, nil
	case c.Type == index.JSON:
		return c.fromJSONText(string(raw))
	}
	return c.FromBytes(raw)
}
