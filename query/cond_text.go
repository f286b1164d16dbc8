package query

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// String is the condition in SQL, for people: age >= 18 AND title LIKE 'a%'.
func (c Cond) String() string {
	var b strings.Builder
	c.write(&b)
	return b.String()
}

func (c *Cond) write(b *strings.Builder) {
	switch {
	case int(c.Op) >= len(ops):
		b.WriteString(c.Op.String())
	case c.Op == OpNot && len(c.Conds) == 1:
		b.WriteString("NOT (")
		c.Conds[0].write(b)
		b.WriteByte(')')
	case ops[c.Op].shape == shapeConds:
		c.writeConds(b)
	case c.Op == OpAll:
		b.WriteString("TRUE")
	case c.OnAssociation():
		c.writeAlias(b)
	default:
		b.WriteString(c.Column)
		c.writeTest(b)
	}
}

// writeConds joins the parts of And and Or. Parts that are joined themselves stand in parentheses.
func (c *Cond) writeConds(b *strings.Builder) {
	if len(c.Conds) == 0 {
		b.WriteString(map[Op]string{OpAnd: "TRUE", OpOr: "FALSE"}[c.Op])
	}
	for i := range c.Conds {
		if i > 0 {
			b.WriteString(" " + ops[c.Op].sql + " ")
		}
		part := &c.Conds[i]
		if (part.Op == OpAnd || part.Op == OpOr) && len(part.Conds) > 1 && len(c.Conds) > 1 {
			b.WriteByte('(')
			part.write(b)
			b.WriteByte(')')
		} else {
			part.write(b)
		}
	}
}

// writeAlias reads: SOME posts (likes > 3), COUNT posts (count >= 3, TRUE).
func (c *Cond) writeAlias(b *strings.Builder) {
	b.WriteString(ops[c.Op].sql + " " + c.Column + " (")
	for i := range c.Conds {
		if i > 0 {
			b.WriteString(", ")
		}
		c.Conds[i].write(b)
	}
	b.WriteByte(')')
}

// writeTest writes what follows the column.
func (c *Cond) writeTest(b *strings.Builder) {
	op := ops[c.Op]
	switch {
	case c.Op == OpEq && c.Value == nil:
		b.WriteString(" IS NULL")
	case c.Op == OpNe && c.Value == nil:
		b.WriteString(" IS NOT NULL")
	case op.shape == shapeValue:
		b.WriteString(" " + op.sql + " " + literal(c.Value))
	case c.Op == OpBetween && len(c.Values) == 2:
		b.WriteString(" BETWEEN " + literal(c.Values[0]) + " AND " + literal(c.Values[1]))
	case op.shape == shapeValues:
		b.WriteString(" " + op.sql + " (" + literals(c.Values) + ")")
	default:
		b.WriteString(" " + op.sql)
	}
}

// maxLiterals is how many values of a list are written out.
const maxLiterals = 20

func literals(vals []any) string {
	var parts []string
	for _, v := range vals[:min(len(vals), maxLiterals)] {
		parts = append(parts, literal(v))
	}
	if more := len(vals) - maxLiterals; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}

// literal writes a value as SQL would have it.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case listFrom:
		return "list from association " + string(v)
	case string:
		return quote(v)
	case []byte:
		return fmt.Sprintf("x'%x'", v)
	case json.RawMessage:
		return quote(string(v))
	case json.Number:
		return v.String()
	case time.Time:
		return quote(v.Format(time.RFC3339Nano))
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		return "[" + literals(v) + "]"
	case driver.Valuer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return "NULL"
		}
		if plain, err := v.Value(); err == nil {
			return literal(plain)
		}
	}
	return literalOfKind(v)
}

// literalOfKind writes a value of a type of the caller's.
func literalOfKind(v any) string {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return "NULL"
		}
		return literal(r.Elem().Interface())
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprint(v)
	}
	return quote(fmt.Sprint(v))
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
