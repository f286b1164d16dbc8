package schemafile

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/pgarray"
	"github.com/memrel/memrel/cmd/memrel/internal/quoted"
	"github.com/memrel/memrel/types"
)

// numbering is how PostgreSQL says that it numbers a column.
var numbering = regexp.MustCompile(`(?i)^nextval\s*\(`)

// cast is a value and its type, as PostgreSQL writes defaults.
var cast = regexp.MustCompile(`(?s)^(.*?)\s*::\s*"?([A-Za-z][A-Za-z0-9_. ]*)"?(?:\(\d+(?:,\s*\d+)?\))?[A-Za-z ]*((?:\[\])*)$`)

// national is how SQL Server begins a text.
var national = regexp.MustCompile(`^[Nn]'`)

// textTypes are the types of text in PostgreSQL.
var textTypes = regexp.MustCompile(`(?i)^(?:text|character varying|varchar|character|char|bpchar|citext|name)$`)

// computed are the forms of expressions that have no value before a row is inserted, or are not read: calls, E'...' and the like,
// "..." (SQLite takes it for text, others for a name), who is at work, and what is made of values with their types.
var computed = regexp.MustCompile(`(?is)^(?:[a-z_][a-z0-9_.]*\(.*\)|(?:[a-z]|u&|_[a-z0-9]+)\s?'.*'|'.*|".*"|.*'\s*::.*|(?:current|session|system)_(?:user|role|catalog|schema))$`)

// setDefault gives a column of an SQL table its default, once it has its type. Text is a default as databases tell it: 'a' and
// 'a'::text are the text in the quotes, NULL is none, CURRENT_TIMESTAMP the time of the insert, nextval(...) numbers the column. Other
// text is a value that stands without its quotes, as MySQL tells it, unless it has the form of an expression: that is an error.
func setDefault(c *memrel.Column, v any) error {
	text, ok := v.(string)
	if !ok || !c.Type.Valid() { // a foreign key may have no type yet
		c.Default = v
		return nil
	}
	plain, typed := unwrapped(c, text)
	switch {
	case strings.EqualFold(plain, "NULL"):
		return nil
	case numbering.MatchString(plain) && (c.Type == memrel.Int || c.Type == memrel.Uint):
		c.AutoIncrement = true
		return nil
	}
	if form := momentOf(c, plain); form != "" {
		return setNow(c, form, text)
	}
	if value, rest, ok := quoted.Cut(national.ReplaceAllString(plain, "'"), "'"); ok && rest == "" {
		return setText(c, value, text)
	}
	switch {
	case !holdsText(c):
		return setText(c, plain, text)
	case typed || computed.MatchString(plain):
		return fmt.Errorf("column %s: the default %s is an expression, and no value; write the value, or '%s' in single quotes if it is that very text",
			c.Name, text, strings.ReplaceAll(text, "'", "''"))
	}
	return setText(c, text, text)
}

// setValue gives a column of a model its default: where it holds text or JSON that is the value, as it stands.
func setValue(c *memrel.Column, v any) error {
	if holdsText(c) || c.Type == memrel.JSON {
		c.Default = v
		return nil
	}
	return setDefault(c, v)
}

func holdsText(c *memrel.Column) bool { return c.Type.IsString() || c.Type == memrel.Enum }

// unwrapped is a default without parentheses around all of it, as SQL Server writes them, and without its type; typed tells that there
// was one. In a column of text only what is an expression has them: (x) and std::string are text.
func unwrapped(c *memrel.Column, text string) (plain string, typed bool) {
	sql := func(s string) bool {
		return !holdsText(c) || computed.MatchString(s) || strings.EqualFold(s, "NULL") || momentOf(c, s) != ""
	}
	for next := strings.TrimSpace(text); next != plain; {
		plain = next
		if c.Type == memrel.JSON && strings.ContainsAny(plain[:min(1, len(plain))], `"{[`) {
			break // it is JSON as it stands
		}
		if strings.HasPrefix(plain, "(") && strings.HasSuffix(plain, ")") {
			if inner := strings.TrimSpace(plain[1 : len(plain)-1]); sql(inner) || strings.HasPrefix(inner, "(") {
				next = inner
			}
		} else if m := cast.FindStringSubmatch(plain); m != nil && (sql(m[1]) || textTypes.MatchString(m[2])) {
			next, typed = strings.TrimSpace(m[1]), true
		}
	}
	return plain, typed
}

// momentOf is the form of text that the time of the insert has in a column, where a default says that; empty if it does not.
func momentOf(c *memrel.Column, plain string) string {
	layout := types.NowInSQL(plain)
	switch {
	case c.Type == memrel.Time && strings.EqualFold(plain, "NOW"):
		return time.DateTime
	case c.Type == memrel.Time && layout != time.DateTime:
		return ""
	}
	return layout
}

// setNow lets a column have the time of the insert for a default: a column of text in the form that SQLite writes, of which the day or the
// time of day alone is a function.
func setNow(c *memrel.Column, form, text string) error {
	switch {
	case c.HoldsNow(form):
		c.DefaultNow = true
	case c.Type.IsString():
		c.DefaultFunc = func() any { return time.Now().UTC().Format(form) }
	default:
		return fmt.Errorf("column %s: its default %s is a time, and the column holds %s", c.Name, text, c.Type)
	}
	return nil
}

// setText gives a column the value that a text of its type says.
func setText(c *memrel.Column, value, text string) error {
	var err error
	if c.Type.IsList() && strings.HasPrefix(value, "{") { // as PostgreSQL writes a list
		value, err = pgarray.JSON(value, c.Type.Elem() == memrel.JSON)
	}
	if err != nil {
		return fmt.Errorf("column %s: its default %s is not one of %s: %w", c.Name, text, c.Type, err)
	}
	v, err := c.FromText(value)
	if err != nil {
		return fmt.Errorf("column %s: its default %s is not one of %s: %s; write a value, or CURRENT_TIMESTAMP for a time", c.Name, text, c.Type, types.DetailOf(err))
	}
	c.Default = types.ToGo(c.Type, v)
	return nil
}
