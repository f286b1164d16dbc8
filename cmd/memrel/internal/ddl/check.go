package ddl

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/query"
)

// check is a check, or nothing and a comment.
func (w *writer) check(s *memrel.Schema, c memrel.CheckConstraint) string {
	text, ok := w.cond(s, &c.Where)
	if !ok {
		w.note("%s cannot write the check %s: %s", w.dialect, c.Name, c.Where)
		return ""
	}
	for i := range s.Columns {
		if mentions(&c.Where, s.Columns[i].Name) && !w.canCheck(s, s.Columns[i].Name, c.Where.String()) {
			return ""
		}
	}
	return "CONSTRAINT " + w.constraint(c.Name) + " CHECK (" + text + ")"
}

// canCheck tells whether a check may look at a column: MySQL refuses one that a referential action writes.
func (w *writer) canCheck(s *memrel.Schema, name, text string) bool {
	if w.dialect != MySQL {
		return true
	}
	written := func(r memrel.Reference) bool {
		return !r.Unchecked && slices.Contains(r.Columns, name) && (w.action(r.OnUpdate) != "" && r.OnUpdate != memrel.Restrict || r.OnDelete == memrel.SetNull)
	}
	if !slices.ContainsFunc(s.References, written) {
		return true
	}
	w.note("%s has no check of a column that a foreign key writes: %s", w.dialect, text)
	return false
}

func mentions(c *memrel.Cond, name string) bool {
	return c.Column == name || slices.ContainsFunc(c.Conds, func(part memrel.Cond) bool { return mentions(&part, name) })
}

// cond is a condition in SQL; ok is false where that would say something else.
func (w *writer) cond(s *memrel.Schema, c *memrel.Cond) (text string, ok bool) {
	switch c.Op {
	case query.OpAll:
		return "TRUE", true
	case query.OpAnd:
		return w.join(s, c.Conds, " AND ", "TRUE")
	case query.OpOr:
		return w.join(s, c.Conds, " OR ", "FALSE")
	case query.OpNot:
		text, ok = w.cond(s, &c.Conds[0])
		return "NOT (" + text + ")", ok
	}
	col := column(s, c.Column)
	if col == nil || col.Type.IsList() && w.dialect != Postgres {
		return "", false
	}
	if col.Type == memrel.JSON && !slices.Contains([]query.Op{query.OpIsNull, query.OpNotNull}, c.Op) {
		return "", false // a text in one database, a value in another
	}
	if col.Type == memrel.Enum && w.dialect != Postgres && ordering(c.Op) {
		return "", false // compared as text, not by place
	}
	return w.leaf(s, col, c)
}

func (w *writer) join(s *memrel.Schema, conds []memrel.Cond, word, none string) (string, bool) {
	var parts []string
	for i := range conds {
		text, ok := w.cond(s, &conds[i])
		if !ok {
			return "", false
		}
		if len(conds) > 1 && len(conds[i].Conds) > 1 {
			text = "(" + text + ")"
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return none, true
	}
	return strings.Join(parts, word), true
}

// leaf is a test of one column.
func (w *writer) leaf(s *memrel.Schema, col *memrel.Column, c *memrel.Cond) (string, bool) {
	n := w.columnName(s, col.Name)
	values := c.Values
	switch c.Op {
	case query.OpIsNull:
		return n + " IS NULL", true
	case query.OpNotNull:
		return n + " IS NOT NULL", true
	case query.OpLike, query.OpNotLike:
		return w.like(n, col, c)
	case query.OpIn, query.OpNotIn, query.OpBetween:
	default:
		values = []any{c.Value}
	}
	texts := make([]string, len(values))
	for i, v := range values {
		var ok bool
		if texts[i], ok = w.literal(col, v); !ok {
			return "", false
		}
	}
	return w.compare(w.sorted(n, col, c.Op), c, texts), true
}

// sorted lets PostgreSQL compare texts by their bytes, whatever the order of its database.
func (w *writer) sorted(name string, col *memrel.Column, op query.Op) string {
	if w.dialect == Postgres && col.Type.IsString() && ordering(op) {
		return name + ` COLLATE "C"`
	}
	return name
}

// ordering tells whether a test asks for the order of values.
func ordering(op query.Op) bool {
	return slices.Contains([]query.Op{query.OpLt, query.OpLte, query.OpGt, query.OpGte, query.OpBetween}, op)
}

var comparisons = map[query.Op]string{query.OpEq: " = ", query.OpNe: " <> ", query.OpLt: " < ", query.OpLte: " <= ", query.OpGt: " > ",
	query.OpGte: " >= "}

func (w *writer) compare(name string, c *memrel.Cond, texts []string) string {
	switch {
	case c.Op == query.OpIn && len(texts) == 0:
		return "FALSE"
	case c.Op == query.OpNotIn && len(texts) == 0:
		return "TRUE"
	case c.Op == query.OpIn:
		return name + " IN (" + strings.Join(texts, ", ") + ")"
	case c.Op == query.OpNotIn:
		return name + " NOT IN (" + strings.Join(texts, ", ") + ")"
	case c.Op == query.OpBetween:
		return name + " BETWEEN " + texts[0] + " AND " + texts[1]
	case c.Op == query.OpEq && texts[0] == "NULL":
		return name + " IS NULL"
	case c.Op == query.OpNe && texts[0] == "NULL":
		return name + " IS NOT NULL"
	}
	return name + comparisons[c.Op] + texts[0]
}

// like is a LIKE. SQLite's knows no case, so there it is a GLOB.
func (w *writer) like(name string, col *memrel.Column, c *memrel.Cond) (string, bool) {
	pattern, ok := c.Value.(string)
	if !ok {
		return "", false
	}
	word, escape := " LIKE ", ""
	switch {
	case w.dialect == SQLite && col.Type == memrel.CIText:
		escape = ` ESCAPE '\'`
	case w.dialect == SQLite:
		word, pattern = " GLOB ", glob(pattern)
	}
	if c.Op == query.OpNotLike {
		word = " NOT" + word
	}
	text, ok := w.text(pattern)
	return name + word + text + escape, ok
}

// glob is the pattern of a LIKE as one of GLOB.
func glob(pattern string) string {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '%':
			b.WriteByte('*')
		case !escaped && r == '_':
			b.WriteByte('?')
		case r == '*' || r == '?' || r == '[':
			b.WriteString("[" + string(r) + "]")
		default:
			b.WriteRune(r)
		}
		escaped = false
	}
	return b.String()
}
