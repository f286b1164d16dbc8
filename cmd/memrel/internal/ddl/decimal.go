package ddl

import (
	"fmt"

	"github.com/memrel/memrel"
)

// The most digits that MySQL has for a decimal, in all and after the point.
const (
	maxMySQLDigits = 65
	maxMySQLScale  = 30
)

// decimal is the type for the digits of a decimal. Without a size PostgreSQL keeps them all, and MySQL as many as it can.
func (w *writer) decimal(c *memrel.Column) string {
	size, scale := c.Size, c.Scale
	if w.dialect == MySQL {
		if size == 0 {
			size, scale = maxMySQLDigits, maxMySQLScale
		}
		size, scale = min(size, maxMySQLDigits), min(scale, maxMySQLScale)
	}
	if size == 0 {
		return "numeric"
	}
	return fmt.Sprintf("numeric(%d,%d)", size, scale)
}

// noteDecimal says what the type does not keep of a decimal's digits.
func (w *writer) noteDecimal(c *memrel.Column) {
	switch {
	case c.Type != memrel.Decimal:
	case w.dialect == SQLite:
		w.note("SQLite keeps about 15 digits of %s, as a float", c.Name)
	case w.dialect == MySQL && (c.Size == 0 || c.Size > maxMySQLDigits || c.Scale > maxMySQLScale):
		w.note("MySQL keeps %d digits of %s, %d of them after the point, and rounds", maxMySQLDigits, c.Name, maxMySQLScale)
	}
}
