package main

import (
	"encoding/json"
	"math/big"

	"github.com/memrel/memrel"
)

// find are the rows that a step asks for.
func (p *collectionRun) find(collection string, o *repositoryOptions) ([]memrel.Instance, *wanted, error) {
	q, w, err := p.query(collection, o)
	if err != nil {
		return nil, nil, err
	}
	rows, err := p.model(collection).Find(p.reader(), q)
	return rows, w, err
}

func (p *collectionRun) findStep(st *collectionStep) (any, error) {
	o := st.repositoryOptions
	if st.Op == "findOne" {
		o.Limit = 1
	}
	rows, w, err := p.find(st.Collection, &o)
	if err != nil {
		return nil, err
	}
	switch shown := w.show(rows).([]any); {
	case st.Op == "find":
		return shown, nil
	case st.Op == "findOne" && len(shown) == 0:
		return nil, nil
	case st.Op == "findOne":
		return shown[0], nil
	default:
		q, _, err := p.query(st.Collection, &st.repositoryOptions)
		if err != nil {
			return nil, err
		}
		n, err := p.model(st.Collection).Count(p.reader(), q.Where)
		if st.Op == "count" {
			return n, err
		}
		return []any{shown, n}, err
	}
}

// aggregate is one number over the values that a column has.
func (p *collectionRun) aggregate(st *collectionStep) (any, error) {
	rows, _, err := p.find(st.Collection, &st.repositoryOptions)
	if err != nil {
		return nil, err
	}
	column, m := nameOf(st.Field), p.model(st.Collection)
	where, err := p.condition(m.Name(), st.Filter)
	if err != nil {
		return nil, err
	}
	switch st.Method {
	case "min":
		return m.Min(p.reader(), column, where)
	case "max":
		return m.Max(p.reader(), column, where)
	}
	sum, n := new(big.Rat), int64(0)
	for _, row := range rows {
		if v, ok := new(big.Rat).SetString(jsonText(row.Value(column))); ok {
			sum.Add(sum, v)
		}
		if row.Value(column) != nil {
			n++
		}
	}
	switch {
	case st.Method == "count":
		return n, nil
	case n == 0:
		return nil, nil
	case st.Method == "avg":
		sum.Quo(sum, new(big.Rat).SetInt64(n))
	case st.Method != "sum":
		return nil, errUnknown{"aggregate " + st.Method}
	}
	f, _ := sum.Float64()
	return f, nil
}

// dump are the rows of tables as they are stored.
func (p *collectionRun) dump(st *collectionStep) (any, error) {
	out := map[string]any{}
	for _, raw := range st.Collections {
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return nil, errUnknown{err.Error()}
		}
		rows, err := p.model(name).Find(p.reader(), memrel.Query{Deleted: true})
		if err != nil {
			return nil, err
		}
		out[name] = (&wanted{all: true}).show(rows)
	}
	return out, nil
}
