package types

import (
	"regexp"
	"time"

	"github.com/memrel/memrel/index"
)

// The ways in which SQL says the time of an insert, its day, and its time of day.
var (
	sqlNow = regexp.MustCompile(`(?i)^(?:(?:current_timestamp|localtimestamp)(?:\s*\(\s*\d*\s*\))?|(?:now|statement_timestamp|transaction_timestamp|sysdatetime|` +
		`getdate|getutcdate)\s*\(\s*\d*\s*\)|datetime\s*\(\s*'now'\s*\))$`)
	sqlToday     = regexp.MustCompile(`(?i)^(?:current_date|curdate\s*\(\s*\)|date\s*\(\s*'now'\s*\))$`)
	sqlTimeOfDay = regexp.MustCompile(`(?i)^(?:(?:current_time|localtime|curtime)(?:\s*\(\s*\d*\s*\))?|time\s*\(\s*'now'\s*\))$`)
)

// NowInSQL is what a default in SQL says of the time of the insert, CURRENT_TIMESTAMP or now() and so on, as the layout that SQLite writes it
// in: [time.DateTime], or [time.DateOnly] for the day and [time.TimeOnly] for the time of day alone. It is empty for any other default.
func NowInSQL(expr string) string {
	switch {
	case sqlNow.MatchString(expr):
		return time.DateTime
	case sqlToday.MatchString(expr):
		return time.DateOnly
	case sqlTimeOfDay.MatchString(expr):
		return time.TimeOnly
	}
	return ""
}

// HoldsNow tells whether [Column.DefaultNow] is what a default means in the column that [NowInSQL] has this layout for.
func (c *Column) HoldsNow(layout string) bool {
	switch {
	case c.Type == index.Date:
		return layout == time.DateTime || layout == time.DateOnly
	case c.Type == index.TimeOfDay:
		return layout == time.DateTime || layout == time.TimeOnly
	}
	return layout == time.DateTime && (c.Type == index.Time || c.Type.IsString())
}

// fromMoment is the cell of a moment: the time, or what the column holds of it in UTC.
func (c *Column) fromMoment(now time.Time) (index.Value, error) {
	now = now.UTC()
	switch {
	case c.Type == index.Time:
		return c.FromTime(now)
	case c.Type == index.Date:
		return c.FromTime(now.Truncate(24 * time.Hour))
	case c.Type == index.TimeOfDay:
		return c.fromDuration(now.Sub(now.Truncate(24 * time.Hour)))
	case c.Type.IsString():
		return c.FromString(now.Format(time.DateTime))
	}
	return index.Null, c.refusal("42804", "make it a time, a date, a timeofday or a string, or drop the default", nil, "of type %s holds no time", c.Type)
}
