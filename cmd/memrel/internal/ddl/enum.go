package ddl

import (
	"strings"

	"github.com/memrel/memrel"
)

// Enums and times at a precision.

// names are the names of an enum, as literals.
func (w *writer) names(c *memrel.Column) string {
	out := make([]string, len(c.Names))
	for i, name := range c.Names {
		out[i], _ = w.text(name)
	}
	return strings.Join(out, ", ")
}

// enum is the type of an enum: MySQL has one, and what is text elsewhere is sorted as text.
func (w *writer) enum(c *memrel.Column) string {
	if w.dialect == MySQL {
		return "enum(" + w.names(c) + ")"
	}
	if w.dialect == SQLite {
		w.note("SQLite sorts %s as text, not by place", c.Name)
	}
	return "text"
}

// enumType is the type that PostgreSQL has for an enum. Columns with the same names share it, so that one may refer to another.
func (w *writer) enumType(s *memrel.Schema, c *memrel.Column) string {
	key := w.names(c)
	if have, ok := w.enums[key]; ok {
		return have
	}
	if w.enums == nil {
		w.enums = map[string]string{}
	}
	name := w.constraint("enum_" + s.Name + "_" + c.Name) // as Sequelize names it
	w.enums[key] = name
	w.types = append(w.types, "CREATE TYPE "+name+" AS ENUM ("+key+");")
	return name
}

// moments is the type of a time, or a time of day, at a precision: six digits are the most.
func (w *writer) moments(c *memrel.Column) string {
	digits, _ := c.PrecisionDigits()
	name := "time"
	switch {
	case c.Type == memrel.Time && w.dialect == MySQL:
		name = "datetime"
	case c.Type == memrel.Time:
		name = "timestamptz"
	}
	return name + "(" + string(rune('0'+min(digits, 6))) + ")"
}
