package waterline

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// deepest is how deep conditions and records may be nested. Deeper ones are taken for maps that contain themselves.
const deepest = 100

// conditions are all of a Where, itself at some depth.
func (e *entity) conditions(w Where, depth int) (memrel.Cond, error) {
	if depth > deepest {
		return memrel.Cond{}, refused(memrel.ErrLimit, "find", e, "write them flat", "the conditions are nested too deeply")
	}
	var all []memrel.Cond
	for _, name := range slices.Sorted(maps.Keys(w)) {
		c, err := e.condition(name, w[name], depth)
		if err != nil {
			return memrel.Cond{}, err
		}
		all = append(all, c)
	}
	switch len(all) {
	case 0:
		return memrel.Cond{}, nil
	case 1:
		return all[0], nil
	}
	return memrel.And(all...), nil
}

func (e *entity) condition(name string, v any, depth int) (memrel.Cond, error) {
	if name == "or" || name == "and" {
		return e.junctor(name, v, depth)
	}
	a, err := e.field(name)
	if err != nil {
		return memrel.Cond{}, err
	}
	if mods, ok := mapOf(v); ok {
		var all []memrel.Cond
		for _, mod := range slices.Sorted(maps.Keys(mods)) {
			c, err := e.modified(a, mod, mods[mod])
			if err != nil {
				return memrel.Cond{}, err
			}
			all = append(all, c)
		}
		return memrel.And(all...), nil
	}
	return equal(a.column.Name, v), nil
}

// junctor is an or or an and.
func (e *entity) junctor(name string, v any, depth int) (memrel.Cond, error) {
	items, ok := list(v)
	if !ok {
		return memrel.Cond{}, refused(memrel.ErrQuery, "find", e, "write a list of conditions", name+" is no list")
	}
	var conds []memrel.Cond
	for _, item := range items {
		w, ok := mapOf(item)
		if !ok {
			return memrel.Cond{}, refused(memrel.ErrQuery, "find", e, "write attributes with values", fmt.Sprintf("%T is no condition", item))
		}
		c, err := e.conditions(w, depth+1)
		if err != nil {
			return memrel.Cond{}, err
		}
		conds = append(conds, c)
	}
	if name == "or" {
		return memrel.Or(conds...), nil
	}
	return memrel.And(conds...), nil
}

// equal is an attribute that has a value, or one of several.
func equal(column string, v any) memrel.Cond {
	if items, ok := list(v); ok {
		return memrel.In(column, plainAll(items)...)
	}
	return memrel.Eq(column, plain(v))
}

// plain is a value as rows take it: a record stands for its key.
func plain(v any) any {
	if r, ok := v.(*Record); ok && r != nil {
		return r.Key()
	}
	return plainNumber(v)
}

func plainAll(items []any) []any {
	out := make([]any, len(items))
	for i, v := range items {
		out[i] = plain(v)
	}
	return out
}

// modified is a condition by modifier.
func (e *entity) modified(a *attr, mod string, v any) (memrel.Cond, error) {
	column := a.column.Name
	switch mod {
	case "<", "lessThan":
		return memrel.Lt(column, plain(v)), nil
	case "<=", "lessThanOrEqual":
		return memrel.Lte(column, plain(v)), nil
	case ">", "greaterThan":
		return memrel.Gt(column, plain(v)), nil
	case ">=", "greaterThanOrEqual":
		return memrel.Gte(column, plain(v)), nil
	case "!=", "!", "not", "nin":
		return e.unequal(a, mod, v)
	case "in":
		if _, ok := list(v); ok {
			return equal(column, v), nil
		}
	case "contains", "startsWith", "endsWith", "like":
		if s, ok := v.(string); ok {
			return memrel.Like(column, pattern(mod, s)), nil
		}
		return memrel.Cond{}, refused(memrel.ErrQuery, "find", e, "give a text", fmt.Sprintf("%s of %s is a %T", mod, a.name, v))
	default:
		return memrel.Cond{}, refused(memrel.ErrQuery, "find", e,
			"use <, <=, >, >=, !=, in, nin, contains, startsWith, endsWith or like", "there is no modifier "+mod+" of "+a.name)
	}
	return memrel.Cond{}, refused(memrel.ErrQuery, "find", e, "give a list", fmt.Sprintf("%s of %s is no list", mod, a.name))
}

// unequal is an attribute that has another value, or none.
func (e *entity) unequal(a *attr, mod string, v any) (memrel.Cond, error) {
	column := a.column.Name
	items, many := list(v)
	switch {
	case v == nil:
		return memrel.NotNull(column), nil
	case !many && mod == "nin":
		return memrel.Cond{}, refused(memrel.ErrQuery, "find", e, "give a list", "nin of "+a.name+" is no list")
	case !many:
		return memrel.Or(memrel.Ne(column, plain(v)), memrel.IsNull(column)), nil
	}
	null := slices.Contains(items, nil)
	items = slices.DeleteFunc(slices.Clone(items), func(v any) bool { return v == nil })
	if null {
		return memrel.And(memrel.NotIn(column, plainAll(items)...), memrel.NotNull(column)), nil
	}
	return memrel.Or(memrel.NotIn(column, plainAll(items)...), memrel.IsNull(column)), nil
}

var escapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func pattern(mod, s string) string {
	switch mod {
	case "contains":
		return "%" + escapes.Replace(s) + "%"
	case "startsWith":
		return escapes.Replace(s) + "%"
	case "endsWith":
		return "%" + escapes.Replace(s)
	}
	return s
}
