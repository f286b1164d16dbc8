package main

import (
	"slices"

	"github.com/memrel/memrel"
)

func (p *replay) call(i memrel.Instance, st *recordedStep) (any, error) {
	set := memrel.Associations(p.db)
	a := set.Association(i.Row().Table(), st.Association)
	if a == nil {
		_, err := i.Call(p.writer(), st.Method)
		return nil, err
	}
	args, err := p.arguments(i, a.Target, a.TargetTable, a.Junction, st)
	if err != nil {
		return nil, err
	}
	got, err := i.Call(p.writer(), st.Method, args...)
	if err != nil {
		return nil, err
	}
	switch st.Action {
	case "get":
		if a.Kind.Many() && st.Limit != nil && *st.Limit == 0 { // which a query takes for no limit
			got = []memrel.Instance{}
		}
		if a.Kind.Many() {
			return map[string]any{"rows": got}, nil
		}
		return map[string]any{"row": got}, nil
	case "create":
		return map[string]any{"row": got}, nil
	case "count", "has":
		return map[string]any{"value": got}, nil
	case "set", "add", "remove":
		return ok, nil
	}
	return nil, errUnknown{"action " + st.Action}
}

// arguments are those of a call.
func (p *replay) arguments(i memrel.Instance, target, targetTable, junction string, st *recordedStep) ([]any, error) {
	switch st.Action {
	case "get":
		q, err := p.query(target, st)
		if err != nil {
			return nil, err
		}
		q.Through, err = p.through(junction, st.Through)
		return []any{q}, err
	case "create":
		args := []any{p.known(targetTable, st.Values)}
		if args[0].(memrel.Values) == nil {
			args[0] = memrel.Values{}
		}
		if junction != "" && st.Through != nil {
			args = append(args, p.known(junction, st.Through))
		}
		return args, nil
	}
	args, err := p.targets(st.Targets)
	if err != nil {
		return nil, err
	}
	if st.Action == "has" && st.Targets == nil {
		args = []any{nil}
	}
	if junction != "" && st.Through != nil {
		args = memrel.With(p.known(junction, st.Through), args...)
	}
	where, err := conditionOf(st.Where)
	return slices.Concat(args, []any{where}), err
}

// targets are null, one target, or a list: rows, or keys.
func (p *replay) targets(v any) ([]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		var out []any
		for _, one := range v {
			t, err := p.targets(one)
			if err != nil {
				return nil, err
			}
			out = append(out, t...)
		}
		return out, nil
	case map[string]any:
		i, err := p.row(v)
		return []any{i}, err
	}
	return []any{v}, nil
}
