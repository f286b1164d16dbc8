package ddl

import (
	"fmt"

	"github.com/memrel/memrel"
)

// now is the time of the insert as a default: in a column of text as SQLite writes it, in UTC.
func (w *writer) now(c *memrel.Column) string {
	word := map[memrel.Type]string{memrel.Time: "CURRENT_TIMESTAMP", memrel.Date: "CURRENT_DATE", memrel.TimeOfDay: "CURRENT_TIME"}[c.Type]
	switch {
	case word == "" && w.dialect == Postgres:
		return "to_char(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
	case word == "" && w.dialect == MySQL:
		return "(DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%d %H:%i:%s'))"
	case word == "":
		return "CURRENT_TIMESTAMP"
	case w.dialect != MySQL:
		return word
	case c.Type == memrel.Date:
		return "(" + word + ")" // only as an expression
	}
	if digits, ok := c.PrecisionDigits(); !ok {
		word += "(6)" // as the type has
	} else if digits > 0 {
		word += fmt.Sprintf("(%d)", min(digits, 6))
	}
	if c.Type == memrel.TimeOfDay {
		return "(" + word + ")"
	}
	return word
}
