package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/memrel/memrel"
)

func (p *player) writer() memrel.Writer {
	if p.tx != nil {
		return p.tx
	}
	return p.db
}

// write runs an insert, update or delete and returns how many rows it named.
func (p *player) write(st *step) (int, error) {
	m := memrel.RowsOf(st.Table)
	switch st.Op {
	case "insert":
		rows, err := m.InsertAll(p.writer(), values(st))
		return len(rows), err
	case "delete":
		rows, err := m.DeleteWhere(p.writer(), condition(st.Where))
		return len(rows), err
	case "update":
		where := condition(st.Where)
		for _, column := range slices.Sorted(maps.Keys(st.Map)) {
			var from []any
			for _, pair := range st.Map[column] {
				from = append(from, pair[0])
			}
			where = memrel.And(where, memrel.In(column, from...))
		}
		rows, err := m.UpdateEach(p.writer(), where, func(r memrel.Row) memrel.Values { return set(st, r) })
		return len(rows), err
	}
	panic(fmt.Sprintf("unknown operation %q", st.Op))
}

func values(st *step) []memrel.Values {
	var out []memrel.Values
	for _, row := range st.Rows {
		v := memrel.Values{}
		for i, column := range st.Columns {
			v[column] = row[i]
		}
		out = append(out, v)
	}
	return out
}

func condition(where map[string]any) memrel.Cond {
	var conds []memrel.Cond
	for _, column := range slices.Sorted(maps.Keys(where)) {
		switch v := where[column].(type) {
		case []any:
			conds = append(conds, memrel.In(column, v...))
		default:
			conds = append(conds, memrel.Eq(column, v))
		}
	}
	return memrel.And(conds...)
}

// set works out the values that an update gives to a row.
func set(st *step, r memrel.Row) memrel.Values {
	out := memrel.Values(maps.Clone(st.Set))
	if out == nil {
		out = memrel.Values{}
	}
	for column, n := range st.Add {
		switch have := r.Get(column).(type) {
		case nil: // NULL + n is NULL
		case int64:
			out[column] = sum(have, n.(json.Number))
		case float64:
			add, err := n.(json.Number).Float64()
			must(err)
			out[column] = have + add
		default:
			panic(fmt.Sprintf("%s = %v cannot be added to", column, have))
		}
	}
	for column, pairs := range st.Map {
		for _, pair := range pairs {
			if same(pair[0], r.Get(column)) {
				out[column] = pair[1]
			}
		}
	}
	return out
}

// sum is exact, so that one beyond the column's range is refused and not wrapped.
func sum(a int64, b json.Number) json.Number {
	n, ok := new(big.Int).SetString(b.String(), 10)
	if !ok {
		panic(b.String() + " is not an integer")
	}
	return json.Number(n.Add(n, big.NewInt(a)).String())
}

func (p *player) read() map[string][][]any {
	var from memrel.Reader = p.db
	if p.tx != nil {
		from = p.tx
	}
	out := map[string][][]any{}
	for _, t := range p.scenario.Tables {
		out[t.Name] = [][]any{}
		for row := range memrel.RowsOf(t.Name).All(from) {
			var cells []any
			for _, c := range t.Columns {
				cells = append(cells, row.Get(c.Name))
			}
			out[t.Name] = append(out[t.Name], cells)
		}
	}
	return out
}
