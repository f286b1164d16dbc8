package types

import (
	"time"

	"github.com/memrel/memrel/index"
)

// Column is one column of a table.
type Column struct {
	Name string     `json:"name"`
	Type index.Type `json:"type"`
	// Size bounds the values: for Int the bits (8, 16, 32 or 64; 0 is 64), for String the characters (0: no bound), for Decimal the
	// digits in all, its precision, up to [MaxPrecision] (0: no bound).
	Size int `json:"size,omitempty"`
	// Scale is how many of a Decimal's digits stand after the point, where it has a Size; values are rounded to it, halves away from
	// zero, as in PostgreSQL. Without a size each value keeps the scale that it was given.
	Scale int `json:"scale,omitempty"`
	// Precision is what a Time or a TimeOfDay is rounded to when it is written, halves away from the year 2000, as in PostgreSQL: [time.Second], or a
	// tenth, a hundredth and so on of it; time.Millisecond is TIMESTAMP(3). 0 keeps nanoseconds.
	Precision time.Duration `json:"precision,omitempty"`
	// Names are what an Enum may hold, in their order.
	Names []string `json:"names,omitempty"`
	// Unsigned leaves out the negative half of an Int: Size 8 is then 0 to 255. Of 64 bits it is a Uint, which is what a definition makes of it.
	Unsigned bool `json:"unsigned,omitempty"`
	NotNull  bool `json:"notNull,omitempty"`
	// Default is the value of a column that an insert leaves out; NULL if nil.
	Default any `json:"default,omitempty"`
	// DefaultFunc is called for a row instead. It runs inside the writing transaction and must not use the store.
	DefaultFunc func() any `json:"-"`
	// DefaultNow gives a row the time instead, by the store's clock, which is asked once for a row: CURRENT_TIMESTAMP of a Time, the day of a
	// Date and the time of day of a TimeOfDay in UTC, and in a String the text that SQLite writes, 2006-01-02 15:04:05 in UTC.
	DefaultNow bool `json:"defaultNow,omitempty"`
	// AutoIncrement numbers rows that leave the column out: one more than the greatest value that the column has ever
	// held in a committed row or in this transaction. For one column of type Int or Uint; of the latter up to 2^63-1.
	AutoIncrement bool `json:"autoIncrement,omitempty"`
	// CheckFunc refuses a value (never NULL) by returning an error. It runs inside the writing transaction and must not
	// use the store. Checks that can be written as conditions belong in [table.Schema.Checks].
	CheckFunc func(value any) error `json:"-"`

	// Annotations are texts that somebody keeps with the column, by name; see [table.Annotation].
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Normal is the column as a definition has it: an unsigned Int of 64 bits is a Uint.
func (c Column) Normal() Column {
	if c.Type == index.Int && c.Unsigned && (c.Size == 0 || c.Size == 64) {
		c.Type, c.Size, c.Unsigned = index.Uint, 0, false
	}
	if c.Type == index.Uint && c.Size == 64 {
		c.Size = 0
	}
	return c
}

// DefaultValue is the value, at a time, of a row that leaves the column out: that time, that of the function, the literal, or NULL.
func (c *Column) DefaultValue(now time.Time) (index.Value, error) {
	switch {
	case c.DefaultNow:
		return c.fromMoment(now)
	case c.DefaultFunc != nil:
		return c.FromGo(c.DefaultFunc())
	}
	return c.FromGo(c.Default)
}

// HasDefault tells whether the column has a default of any kind.
func (c *Column) HasDefault() bool { return c.Default != nil || c.DefaultFunc != nil || c.DefaultNow }

// TakeDefault gives the column the default of another.
func (c *Column) TakeDefault(of *Column) {
	c.Default, c.DefaultFunc, c.DefaultNow = of.Default, of.DefaultFunc, of.DefaultNow
}

// FillsIn tells whether an insert that leaves the column out gives it a value.
func (c *Column) FillsIn() bool { return c.AutoIncrement || c.HasDefault() }

// PartOfTable makes the column a part that a table can be given.
func (Column) PartOfTable() {}
