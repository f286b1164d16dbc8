package schemafile

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/quoted"
	"github.com/memrel/memrel/types"
)

// now are the ways in which SQL says the time of the insert.
var now = regexp.MustCompile(`(?i)^(?:(?:current_timestamp|localtimestamp)(?:\s*\(\s*\d*\s*\))?|(?:now|statement_timestamp|transaction_timestamp|sysdatetime|` +
	`getdate|getutcdate)\s*\(\s*\d*\s*\)|datetime\s*\(\s*'now'\s*\))$`)

// today and clock are the ways in which SQL says the day of the insert, and its time of day.
var (
	today = regexp.MustCompile(`(?i)^(?:current_date|curdate\s*\(\s*\)|date\s*\(\s*'now'\s*\))$`)
	clock = regexp.MustCompile(`(?i)^(?:(?:current_time|localtime|curtime)(?:\s*\(\s*\d*\s*\))?|time\s*\(\s*'now'\s*\))$`)
)

// numbering is how PostgreSQL says that it numbers a column.
var numbering = regexp.MustCompile(`(?i)^nextval\s*\(`)

// cast is a value and its type, as PostgreSQL writes defaults.
var cast = regexp.MustCompile(`(?s)^(.*?)\s*::\s*"?[A-Za-z][A-Za-z0-9_. ]*"?(?:\(\d+(?:,\s*\d+)?\))?[A-Za-z ]*((?:\[\])*)$`)

// setDefault gives a column its default, once it has its type. Text is a default as it stands in SQL where it has the form of one
// (a time that is now, a value with its type), else the value that a column of this type reads there.
func setDefault(c *memrel.Column, v any) error {
	text, ok := v.(string)
	if !ok || !c.Type.Valid() { // a foreign key may have no type yet
		c.Default = v
		return nil
	}
	plain := strings.TrimSpace(text)
	for strings.HasPrefix(plain, "(") && strings.HasSuffix(plain, ")") && !c.Type.IsString() {
		plain = strings.TrimSpace(plain[1 : len(plain)-1]) // as SQL Server writes it
	}
	switch m := cast.FindStringSubmatch(plain); {
	case today.MatchString(plain) && c.Type == memrel.Date, clock.MatchString(plain) && c.Type == memrel.TimeOfDay,
		now.MatchString(plain), c.Type == memrel.Time && strings.EqualFold(plain, "NOW"):
		return setNow(c, text)
	case numbering.MatchString(plain) && (c.Type == memrel.Int || c.Type == memrel.Uint):
		c.AutoIncrement = true
		return nil
	case m != nil && now.MatchString(m[1]):
		return setNow(c, text)
	case m != nil && (!c.Type.IsString() || strings.HasPrefix(m[1], "'") || strings.EqualFold(m[1], "NULL")):
		return setCast(c, m[1], text)
	}
	if c.Type.IsString() || c.Type == memrel.JSON {
		c.Default = text
		return nil
	}
	return setText(c, plain, text)
}

// setNow lets a column have the time of the insert for a default: a column of text as SQLite writes it.
func setNow(c *memrel.Column, text string) error {
	switch c.Type {
	case memrel.Time:
		c.DefaultFunc = func() any { return time.Now() }
	case memrel.Date:
		c.DefaultFunc = func() any { return time.Now().UTC().Format(time.DateOnly) }
	case memrel.TimeOfDay:
		c.DefaultFunc = func() any { return time.Now().UTC().Format(time.TimeOnly) }
	case memrel.String, memrel.CIText:
		c.DefaultFunc = func() any { return time.Now().UTC().Format(time.DateTime) }
	default:
		return fmt.Errorf("column %s: its default %s is a time, and the column holds %s", c.Name, text, c.Type)
	}
	return nil
}

// setCast gives a column the value of a default that says its type.
func setCast(c *memrel.Column, value, text string) error {
	value = strings.TrimSpace(value)
	for strings.HasPrefix(value, "(") && strings.HasSuffix(value, ")") {
		value = strings.TrimSpace(value[1 : len(value)-1])
	}
	if strings.EqualFold(value, "NULL") {
		return nil
	}
	if plain, rest, ok := quoted.Cut(value, "'"); ok && rest == "" {
		return setText(c, plain, text)
	}
	if c.Type.IsString() {
		return fmt.Errorf("column %s: the default %s is no value; write the value itself", c.Name, text)
	}
	return setText(c, value, text)
}

// setText gives a column the value that a text of its type says.
func setText(c *memrel.Column, value, text string) error {
	if c.Type.IsList() && value == "{}" { // as PostgreSQL writes the empty list
		value = "[]"
	}
	v, err := c.FromText(value)
	if err != nil {
		return fmt.Errorf("column %s: its default %s is not one of %s: %s; write a value, or CURRENT_TIMESTAMP for a time", c.Name, text, c.Type, types.DetailOf(err))
	}
	c.Default = types.ToGo(c.Type, v)
	return nil
}
