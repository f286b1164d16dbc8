package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// conditionOf reads a where: an object of columns, all of which must hold.
func conditionOf(where any) (memrel.Cond, error) {
	if where == nil {
		return memrel.Cond{}, nil
	}
	object, ok := where.(map[string]any)
	if !ok {
		return memrel.Cond{}, fmt.Errorf("where %v is no object", where)
	}
	var conds []memrel.Cond
	for _, key := range slices.Sorted(maps.Keys(object)) {
		c, err := keyCondition(key, object[key])
		if err != nil {
			return memrel.Cond{}, err
		}
		conds = append(conds, c)
	}
	return memrel.And(conds...), nil
}

func keyCondition(key string, v any) (memrel.Cond, error) {
	switch key {
	case "and", "or":
		list, ok := v.([]any)
		if !ok {
			return memrel.Cond{}, fmt.Errorf("%s %v is no list", key, v)
		}
		var parts []memrel.Cond
		for _, p := range list {
			c, err := conditionOf(p)
			if err != nil {
				return memrel.Cond{}, err
			}
			parts = append(parts, c)
		}
		if key == "or" {
			return memrel.Or(parts...), nil
		}
		return memrel.And(parts...), nil
	case "not":
		if _, ok := v.(map[string]any); ok {
			c, err := conditionOf(v)
			return memrel.Not(c), err
		}
	}
	switch v := v.(type) {
	case []any:
		return memrel.In(key, v...), nil
	case map[string]any:
		var parts []memrel.Cond
		for _, op := range slices.Sorted(maps.Keys(v)) {
			c, err := operator(key, op, v[op])
			if err != nil {
				return memrel.Cond{}, err
			}
			parts = append(parts, c)
		}
		return memrel.And(parts...), nil
	}
	return memrel.Eq(key, v), nil
}

func operator(column, op string, v any) (memrel.Cond, error) {
	list, _ := v.([]any)
	text, _ := v.(string)
	if truth, ok := v.(bool); ok && (op == "is" || op == "not") {
		return isTruth(column, truth, op == "is"), nil
	}
	switch op {
	case "eq", "is":
		return memrel.Eq(column, v), nil
	case "ne", "not":
		if list != nil {
			return memrel.NotIn(column, list...), nil
		}
		return memrel.Ne(column, v), nil
	case "gt":
		return memrel.Gt(column, v), nil
	case "gte":
		return memrel.Gte(column, v), nil
	case "lt":
		return memrel.Lt(column, v), nil
	case "lte":
		return memrel.Lte(column, v), nil
	case "in":
		return memrel.In(column, list...), nil
	case "notIn":
		return memrel.NotIn(column, list...), nil
	case "like":
		return memrel.Like(column, text), nil
	case "notLike":
		return memrel.NotLike(column, text), nil
	case "between":
		if len(list) == 2 {
			return memrel.Between(column, list[0], list[1]), nil
		}
	}
	return memrel.Cond{}, fmt.Errorf("unknown operator %q of %v", op, v)
}

// isTruth is IS TRUE, IS NOT TRUE and so on, which are never unknown.
func isTruth(column string, truth, is bool) memrel.Cond {
	c := memrel.And(memrel.Eq(column, truth), memrel.Not(memrel.IsNull(column)))
	if !is {
		c = memrel.Not(c)
	}
	return c
}

// query reads a step's query on a model.
func (p *replay) query(model string, st *recordedStep) (q memrel.Query, err error) {
	if q.Where, err = conditionOf(st.Where); err != nil {
		return q, err
	}
	if q.Order, err = orderOf(st.Order); err != nil {
		return q, err
	}
	q.Deleted = st.Paranoid != nil && !*st.Paranoid
	if q.Offset = st.Offset; st.Limit != nil {
		q.Limit = *st.Limit
	}
	if q.Columns, err = p.attributes(model, st.Attributes); err != nil {
		return q, err
	}
	q.Include, err = p.includes(model, st.Include)
	return q, err
}

func orderOf(list [][]any) (out []memrel.Order, err error) {
	for _, o := range list {
		path := o
		if last := len(o) - 1; last > 0 && (o[last] == "ASC" || o[last] == "DESC") {
			path = o[:last]
		}
		var names []string
		for _, part := range path {
			name, ok := part.(string)
			if !ok {
				return nil, fmt.Errorf("unknown order %v", o)
			}
			names = append(names, name)
		}
		if len(names) == 0 || len(names) == len(o) && len(o) > 1 {
			return nil, fmt.Errorf("unknown order %v", o)
		}
		out = append(out, memrel.Order{Column: strings.Join(names, "."), Desc: o[len(o)-1] == "DESC"})
	}
	return out, nil
}

// attributes reads a list of columns, or all columns but some.
func (p *replay) attributes(model string, v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		out := []string{}
		for _, name := range v {
			out = append(out, fmt.Sprint(name))
		}
		return out, nil
	case map[string]any:
		left, ok := v["exclude"].([]any)
		if !ok || len(v) != 1 {
			return nil, fmt.Errorf("unknown attributes %v", v)
		}
		schema, _ := p.db.View().Schema(p.model(model).Name())
		out := []string{}
		for _, c := range schema.Columns {
			if !slices.Contains(left, any(c.Name)) {
				out = append(out, c.Name)
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("unknown attributes %v", v)
}

func (p *replay) includes(model string, list []any) (out []memrel.Include, err error) {
	for _, v := range list {
		if name, ok := v.(string); ok {
			out = append(out, memrel.Include{As: name})
			continue
		}
		object, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("unknown include %v", v)
		}
		in, err := p.include(model, object)
		if err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, nil
}

func (p *replay) include(model string, v map[string]any) (in memrel.Include, err error) {
	var spec struct {
		Association string
		Model, As   string
		Required    *bool
		Where       any
		Attributes  any
		Order       [][]any
		Limit       int
		Include     []any
		Separate    bool
		Paranoid    *bool
		All, Nested bool
		Through     map[string]any
	}
	if err := strictlyAs(v, &spec); err != nil {
		return in, err
	}
	in = memrel.Include{As: spec.Association, Model: spec.Model, All: spec.All, Nested: spec.Nested, Separate: spec.Separate, Limit: spec.Limit}
	in.Deleted = spec.Paranoid != nil && !*spec.Paranoid
	if spec.As != "" {
		in.As = spec.As
	}
	if spec.Required != nil {
		in.Required, in.Optional = *spec.Required, !*spec.Required
	}
	if in.Where, err = conditionOf(spec.Where); err != nil {
		return in, err
	}
	if in.Order, err = orderOf(spec.Order); err != nil {
		return in, err
	}
	target, junction := p.reaches(model, in)
	if in.Columns, err = p.attributes(target, spec.Attributes); err != nil {
		return in, err
	}
	if in.Through, err = p.through(junction, spec.Through); err != nil {
		return in, err
	}
	in.Include, err = p.includes(target, spec.Include)
	return in, err
}

// reaches is the model that an include leads to, and the junction.
func (p *replay) reaches(model string, in memrel.Include) (target, junction string) {
	for _, a := range memrel.Associations(p.db).Of(p.model(model).Name()) {
		if a.As == in.As || in.As == "" && a.Target == in.Model {
			return a.Target, a.Through
		}
	}
	return in.Model, ""
}

func (p *replay) through(junction string, v map[string]any) (t memrel.Through, err error) {
	for key := range v {
		if key != "where" && key != "attributes" && key != "paranoid" {
			return t, fmt.Errorf("unknown key %q of through", key)
		}
	}
	if t.Where, err = conditionOf(v["where"]); err != nil {
		return t, err
	}
	t.Deleted = v["paranoid"] == false
	t.Columns, err = p.attributes(junction, v["attributes"])
	return t, err
}
