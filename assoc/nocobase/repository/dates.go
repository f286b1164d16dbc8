package repository

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/memrel/memrel"
)

// span is a stretch of time that a date stands for: from its beginning up to the beginning of the next. A moment has no
// length.
type span struct {
	from, to time.Time
	moment   bool
}

// dateOps are the operators on dates, as what they ask of a span.
var dateOps = map[string]func(o operand, s span) *formula{
	"$dateOn": func(o operand, s span) *formula {
		if s.moment {
			return o.is(memrel.Eq(o.column, o.moment(s.from)))
		}
		return and(o.is(memrel.Gte(o.column, o.moment(s.from))), o.is(memrel.Lt(o.column, o.moment(s.to))))
	},
	"$dateNotOn": func(o operand, s span) *formula {
		if s.moment {
			return o.is(memrel.Ne(o.column, o.moment(s.from)))
		}
		return or(o.is(memrel.Lt(o.column, o.moment(s.from))), o.is(memrel.Gte(o.column, o.moment(s.to))))
	},
	"$dateBefore":    func(o operand, s span) *formula { return o.is(memrel.Lt(o.column, o.moment(s.from))) },
	"$dateNotBefore": func(o operand, s span) *formula { return o.is(memrel.Gte(o.column, o.moment(s.from))) },
	"$dateAfter": func(o operand, s span) *formula {
		if s.moment {
			return o.is(memrel.Gt(o.column, o.moment(s.from)))
		}
		return o.is(memrel.Gte(o.column, o.moment(s.to)))
	},
	"$dateNotAfter": func(o operand, s span) *formula {
		if s.moment {
			return o.is(memrel.Lte(o.column, o.moment(s.from)))
		}
		return o.is(memrel.Lt(o.column, o.moment(s.to)))
	},
	"$dateBetween": func(o operand, s span) *formula {
		return and(o.is(memrel.Gte(o.column, o.moment(s.from))), o.is(memrel.Lt(o.column, o.moment(s.to))))
	},
}

// moment is a moment as the column has it.
func (o operand) moment(t time.Time) any {
	switch o.in.typeOf(o.column) {
	case memrel.Date:
		return t.UTC().Format(time.DateOnly)
	case memrel.Int:
		return t.Unix()
	}
	return t.UTC()
}

// date is the condition of an operator on dates.
func (o operand) date(ask func(operand, span) *formula, v any) (*formula, error) {
	s, ok := dateOf(v, "+00:00")
	if !ok {
		return nil, o.in.refused("write a year, a quarter, a month, a week, a day, a time of it, or two of these as [from,to)", "Invalid Date %s", written(v))
	}
	return ask(o, s), nil
}

var zoned = regexp.MustCompile(`^(.+)([+-]\d\d:\d\d)$`)

// dateOf is the span that a date means, which may name the zone that it is meant in; ok is false if it is none. It is a text, or a list of
// two with the brackets of an interval and a zone.
func dateOf(v any, zone string) (s span, ok bool) {
	if list, many := v.([]any); many {
		return between(list, zone)
	}
	text, ok := v.(string)
	if !ok {
		return s, false
	}
	if m := zoned.FindStringSubmatch(text); m != nil {
		text, zone = m[1], m[2]
	}
	if strings.HasPrefix(text, "(") || strings.HasPrefix(text, "[") {
		from, to, two := strings.Cut(text[1:max(len(text)-1, 1)], ",")
		if last := text[len(text)-1:]; two && (last == ")" || last == "]") {
			return between([]any{from, to, text[:1] + last}, zone)
		}
		return s, false
	}
	if strings.HasSuffix(text, "Z") {
		s.from, ok = parsed(strings.TrimSuffix(text, "Z"), "+00:00")
		s.moment, s.to = true, s.from
		return s, ok
	}
	return calendar(text, zone)
}

// between is the span from one date to another. A bracket that is round leaves the date out.
func between(list []any, zone string) (s span, ok bool) {
	if len(list) < 2 {
		return s, false
	}
	brackets := "[]"
	if len(list) > 2 {
		brackets = fmt.Sprint(list[2])
	}
	if len(list) > 3 {
		zone = fmt.Sprint(list[3])
	}
	from, ok := dateOf(list[0], zone)
	to, ok2 := dateOf(list[1], zone)
	s = span{from: from.from, to: to.to}
	if strings.HasPrefix(brackets, "(") {
		s.from = from.to
	}
	if strings.HasSuffix(brackets, ")") {
		s.to = to.from
	}
	return s, ok && ok2
}

// units are how dates are written, each with the length of what it means.
var units = []struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{time.DateOnly, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02 15", func(t time.Time) time.Time { return t.Add(time.Hour) }},
	{"2006-01-02 15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{time.DateTime, func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02 15:04:05.000", func(t time.Time) time.Time { return t.Add(time.Millisecond) }},
}

var special = regexp.MustCompile(`^(\d{4})([QWw])(\d{1,2})$`)

// calendar is the span of a date as the calendar has it in a zone.
func calendar(text, zone string) (s span, ok bool) {
	at, err := time.Parse("-07:00", zone)
	if err != nil {
		return s, false
	}
	if m := special.FindStringSubmatch(text); m != nil {
		year, _ := strconv.Atoi(m[1])
		n, _ := strconv.Atoi(m[3])
		return ofYear(year, m[2], n, at.Location()), true
	}
	if len(text) > 10 && text[10] == 'T' {
		text = text[:10] + " " + text[11:]
	}
	for _, u := range units {
		if len(text) != len(u.layout) {
			continue
		}
		if t, err := time.ParseInLocation(u.layout, text, at.Location()); err == nil {
			return span{from: t, to: u.next(t)}, true
		}
	}
	return s, false
}

// ofYear is a quarter of a year, or a week: W begins on Monday and is counted from the one with the fourth of January, w begins on Sunday
// and is counted from the one with the first.
func ofYear(year int, kind string, n int, zone *time.Location) span {
	if kind == "Q" {
		from := time.Date(year, time.Month(3*n-2), 1, 0, 0, 0, 0, zone)
		return span{from: from, to: from.AddDate(0, 3, 0)}
	}
	first := time.Date(year, 1, 1, 0, 0, 0, 0, zone)
	back := int(first.Weekday())
	if kind == "W" {
		first = first.AddDate(0, 0, 3)
		back = (int(first.Weekday()) + 6) % 7
	}
	from := first.AddDate(0, 0, 7*(n-1)-back)
	return span{from: from, to: from.AddDate(0, 0, 7)}
}

// parsed is a moment in a zone.
func parsed(text, zone string) (time.Time, bool) {
	s, ok := calendar(text, zone)
	if ok {
		return s.from, true
	}
	t, err := time.Parse("2006-01-02T15:04:05.999999999-07:00", text+zone)
	return t, err == nil
}
