package types

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
)

// FormatDate is a day as text that [Column.FromText] reads: 2026-01-02. Years beyond 0 to 9999 are as [FormatTime] has them.
func FormatDate(day time.Time) string { return formatYear(day, time.DateOnly) }

// FormatTimeOfDay is a time since midnight as text that [Column.FromText] reads: 15:04:05, 15:04:05.678, and 24:00:00.
func FormatTimeOfDay(d time.Duration) string {
	s := time.Unix(0, 0).UTC().Add(d % (24 * time.Hour)).Format("15:04:05.999999999")
	if d == 24*time.Hour {
		return "24" + s[2:]
	}
	return s
}

// dateFromText reads a day, or a midnight without an offset, as programs that know no days write one.
func (c *Column) dateFromText(s string) (index.Value, error) {
	for _, layout := range [...]string{time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z"} {
		if t, err := parseTime(layout, s); err == nil {
			return c.FromTime(t)
		}
	}
	return index.Null, c.noDay(s)
}

// clock is a time of day, with seconds or without.
var clock = regexp.MustCompile(`^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$`)

func (c *Column) timeOfDayFromText(s string) (index.Value, error) {
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return index.Null, c.noDay(s)
	}
	var parts [4]int
	m[4] += strings.Repeat("0", 9-len(m[4]))
	for i := range parts {
		parts[i], _ = strconv.Atoi(m[1+i]) // digits or nothing
	}
	since := time.Duration(parts[0])*time.Hour + time.Duration(parts[1])*time.Minute + time.Duration(parts[2])*time.Second + time.Duration(parts[3])
	if since > 24*time.Hour || parts[1] > 59 || parts[2] > 59 {
		return index.Null, c.noDay(s)
	}
	return c.fromDuration(since)
}

// looksLikeOne tells text in the form of a day or a time of day, which says none that there is, from other text.
var looksLikeOne = regexp.MustCompile(`^(?:\d{4}-\d\d-\d\d|\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$`)

// noDay is for text that says no day, or no time of day.
func (c *Column) noDay(s string) error {
	state := "22007"
	if looksLikeOne.MatchString(s) {
		state = "22008"
	}
	return c.unreadableAs(state, s)
}

// fromTimeToDate takes a midnight for its day, in the zone that it is in.
func (c *Column) fromTimeToDate(t time.Time) (index.Value, error) {
	if hour, minute, second := t.Clock(); hour+minute+second+t.Nanosecond() != 0 {
		return index.Null, c.refusal("22008", "give it a midnight: the day is that of the time's own zone", nil, "= %s is not a day alone", t.Format(time.RFC3339Nano))
	}
	v, ok := index.OfDate(t)
	if !ok {
		return index.Null, c.outOfTime(t)
	}
	return v, nil
}

// fromTimeToTimeOfDay takes a time of the first day of year 0 or 1 for its time of day: that is how drivers and time.Parse give one.
func (c *Column) fromTimeToTimeOfDay(t time.Time) (index.Value, error) {
	if year, month, day := t.Date(); year != 0 && year != 1 || month != time.January || day != 1 {
		return index.Null, c.refusal("22008", "give it a time.Duration since midnight, or text like 15:04:05", nil, "= %s is not a time of day alone", FormatTime(t))
	}
	hour, minute, second := t.Clock()
	return c.fromDuration(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second + time.Duration(t.Nanosecond()))
}

// fromDuration is the cell of a time since midnight; in columns of other types a duration is the number that it is in Go.
func (c *Column) fromDuration(d time.Duration) (index.Value, error) {
	if c.Type != index.TimeOfDay {
		return c.FromInt(int64(d))
	}
	if c.Precision > 0 && d >= 0 {
		d = (d + c.Precision/2) / c.Precision * c.Precision
	}
	v, ok := index.OfTimeOfDay(d)
	if !ok {
		return index.Null, c.refusal("22008", wanted(c.Type).hint, nil, "= %s is not a time of day", d)
	}
	return v, nil
}
