package types

import (
	"time"

	"github.com/memrel/memrel/index"
)

// Precisions of times, as PostgreSQL's timestamp(p) and time(p): what is written is rounded, and nothing else.

// PrecisionOf is the precision of as many digits after the point of a second, 0 to 9.
func PrecisionOf(digits int) time.Duration {
	p := time.Second
	for range min(max(digits, 0), 9) {
		p /= 10
	}
	return p
}

// PrecisionDigits are the digits of [Column.Precision]; ok is false for one that is no power of ten between a nanosecond and a second.
func (c *Column) PrecisionDigits() (digits int, ok bool) {
	for digits = range 10 {
		if PrecisionOf(digits) == c.Precision {
			return digits, true
		}
	}
	return 0, false
}

// epoch is what PostgreSQL counts its times from, away from which halves are rounded.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// rounded is a time at the column's precision.
func (c *Column) rounded(t time.Time) time.Time {
	beyond := time.Duration(t.Nanosecond()) % c.Precision
	switch {
	case beyond == 0:
		return t
	case 2*beyond > c.Precision, 2*beyond == c.Precision && !t.Before(epoch):
		return t.Add(c.Precision - beyond)
	}
	return t.Add(-beyond)
}

// withoutPrecision is the column for values that are not rounded.
func (c *Column) withoutPrecision() *Column {
	out := *c
	out.Precision = 0
	return &out
}

// exactTime is a cell of an unrounded time, refused unless it is at the precision of the column.
func (c *Column) exactTime(v index.Value, err error) (index.Value, error) {
	if err == nil {
		err = c.Fit(v)
	}
	if err != nil {
		return index.Null, err
	}
	return v, nil
}

// fitPrecision refuses a time that is not at the column's precision.
func (c *Column) fitPrecision(v index.Value) error {
	since := v.TimeOfDay()
	if c.Type == index.Time {
		since = time.Duration(v.Time().Nanosecond())
	}
	if c.Precision == 0 || since%c.Precision == 0 {
		return nil
	}
	return c.refusal("22008", "round it first", nil, "= %s is not at its precision, %s", Show(c.Type, v), c.Precision)
}
