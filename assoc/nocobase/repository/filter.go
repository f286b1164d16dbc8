package repository

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/query"
)

// Filter is a condition as data: an object of column names or paths, operators and values, as JSON has it. See the package's
// documentation.
type Filter = map[string]any

// formula reads a filter on the rows of the collection.
func (c *place) formula(f Filter) (*formula, error) {
	renamed := Filter{}
	for key, v := range f {
		path := strings.Split(key, ".")
		if last := len(path) - 1; last > 0 && (path[last] == "$exists" || path[last] == "$notExists") && path[last-1] != "id" {
			key = strings.Join(slices.Insert(path, last, "id"), ".") // a relation is asked for its rows by their key
		}
		if list, ok := v.([]any); ok && len(list) == 0 && (key == "$or" || key == "$and") {
			continue
		}
		renamed[key] = v
	}
	return c.all(renamed)
}

// all joins the conditions of an object by AND.
func (c *place) all(f Filter) (*formula, error) {
	parts, err := each(f, c.condition)
	return and(parts...), err
}

// each are the conditions that an object says at its paths.
func each(f Filter, read func(path []string, v any) (*formula, error)) (parts []*formula, err error) {
	for _, key := range slices.Sorted(maps.Keys(f)) {
		p, err := read(strings.Split(key, "."), f[key])
		if err != nil {
			return nil, err
		}
		if p != nil {
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// allOf joins them by AND; nil if there is none.
func allOf(f Filter, read func(path []string, v any) (*formula, error)) (*formula, error) {
	parts, err := each(f, read)
	if len(parts) == 0 {
		return nil, err
	}
	return and(parts...), nil
}

// object is a value that is one.
func object(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case memrel.Values:
		return v, true
	}
	return nil, false
}

// condition reads what a filter says at a path; nil if that is nothing.
func (c *place) condition(path []string, v any) (*formula, error) {
	for len(path) == 0 || isIndex(path[0]) {
		if len(path) > 0 {
			path = path[1:]
			continue
		}
		f, ok := object(v)
		if !ok {
			return nil, c.refused("write an object of conditions", "a filter is an object, not %v", v)
		}
		return allOf(f, c.condition)
	}
	head := path[0]
	if strings.HasPrefix(head, "$") {
		return c.combined(head, path[1:], v)
	}
	if _, ok := c.step(head); ok {
		return c.across(c, nil, path, v)
	}
	return c.onColumn(operand{in: c, column: head}, path[1:], v)
}

// isIndex tells whether a part of a path is the number of an element of a list.
func isIndex(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// combined reads $and, $or and $not.
func (c *place) combined(op string, rest []string, v any) (*formula, error) {
	if op != "$and" && op != "$or" && op != "$not" {
		return nil, c.refused("write $and, $or or $not, or the name of a column first", "there is no operator %s that joins conditions", op)
	}
	var parts []*formula
	list, many := v.([]any)
	switch f, ok := object(v); {
	case len(rest) > 0:
		p, err := c.condition(rest, v)
		if err != nil || p == nil {
			return nil, err
		}
		parts = []*formula{p}
	case many:
		for _, e := range list {
			p, err := c.condition(nil, e)
			if err != nil {
				return nil, err
			}
			if p != nil {
				parts = append(parts, p)
			}
		}
	case ok:
		var err error
		if parts, err = each(f, c.condition); err != nil {
			return nil, err
		}
	default:
		return nil, c.refused("write a list or an object of conditions", "%s joins conditions, and %v is none", op, v)
	}
	switch {
	case op == "$and":
		return and(parts...), nil
	case op == "$or", len(parts) == 0: // of nothing at all, neither is true
		return or(parts...), nil
	}
	return and(parts...).not(), nil
}

// across reads what a filter says below a relation: a path of relations ends with a column. It is nil if that is nothing.
func (c *place) across(root *place, path, rest []string, v any) (*formula, error) {
	first := rest[0]
	if len(path) > 0 {
		first = path[0]
	}
	if len(path) > 0 && c.has(rest[0]) {
		return c.onColumn(operand{in: c, column: rest[0], path: path}, rest[1:], v)
	}
	st, ok := c.step(rest[0])
	if !ok {
		return nil, root.refused("go on with a relation or a column", "%s neither %s's association nor %s's attribute", rest[0], first, first)
	}
	path = append(slices.Clone(path), rest[0])
	if len(rest) > 1 {
		return st.target.across(root, path, rest[1:], v)
	}
	f, ok := object(v)
	if !ok || len(f) == 0 {
		return nil, root.refused("name a column of it", "undefined neither %s's association nor %s's attribute", first, first)
	}
	return allOf(f, func(rest []string, v any) (*formula, error) { return st.target.across(root, path, rest, v) })
}

// onColumn reads what a filter says of a column: a value, a list of values, or operators with theirs; nil if that is nothing.
func (c *place) onColumn(o operand, rest []string, v any) (*formula, error) {
	if !c.has(o.column) {
		return nil, &memrel.Error{Kind: memrel.ErrUnknownColumn, Op: c.s.op, Table: c.table, Columns: []string{o.column},
			Detail: "there is no column or relation " + o.column + " in " + c.name, Hint: "name one of its fields"}
	}
	if len(rest) > 0 {
		if isIndex(rest[0]) {
			return c.onColumn(o, rest[1:], []any{v})
		}
		return o.compare(rest[0], below(rest[1:], v))
	}
	f, ok := object(v)
	if !ok {
		if f, err := o.onTyped("", v); f != nil || err != nil {
			return f, err
		}
		return o.equal(v)
	}
	if len(f) == 0 {
		return nil, c.refused("write a value, or operators with theirs, of "+o.column, "Invalid value {}")
	}
	return allOf(f, func(rest []string, v any) (*formula, error) { return c.onColumn(o, rest, v) })
}

// below is a value under the names that are left of a path.
func below(path []string, v any) any {
	for _, name := range slices.Backward(path) {
		if isIndex(name) {
			v = []any{v}
		} else {
			v = map[string]any{name: v}
		}
	}
	return v
}

// operand is a column that a filter says something of, at the end of a path of relations.
type operand struct {
	in     *place
	column string
	path   []string
}

// is is a condition on the column.
func (o operand) is(c memrel.Cond) *formula { return &formula{path: o.path, is: c, null: ofNull(c)} }

// ofNull is what a condition comes to where its columns are NULL.
func ofNull(c memrel.Cond) query.Truth {
	switch {
	case c.Op == query.OpIsNull, c.Op == query.OpEq && c.Value == nil:
		return query.True
	case c.Op == query.OpNotNull, c.Op == query.OpNe && c.Value == nil:
		return query.False
	}
	return query.Unknown
}

// equal is the condition that the column has a value, or one of a list.
func (o operand) equal(v any) (*formula, error) {
	if list, many := v.([]any); many {
		return o.is(memrel.In(o.column, o.in.fitAll(o.column, list)...)), nil
	}
	return o.is(memrel.Eq(o.column, o.in.fit(o.column, v))), nil
}

// fit makes a number or a truth value of text where a column asks for one.
func (c *place) fit(column string, v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	switch c.typeOf(column) {
	case memrel.Time:
		return withoutZone(v)
	case memrel.Int, memrel.Float:
		s = strings.TrimSpace(s)
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return json.Number(s)
		}
	case memrel.Bool:
		if b, err := strconv.ParseBool(strings.ToLower(s)); err == nil {
			return b
		}
	}
	return v
}

func (c *place) fitAll(column string, list []any) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = c.fit(column, v)
	}
	return out
}
