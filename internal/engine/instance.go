package engine

import (
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Alias is an association of a detached row by its alias.
type Alias struct {
	Row *assoc.DetachedRow
	As  string
}

// NoRow is the error for a detached row that there is not.
func NoRow(op string) error {
	return &types.Error{Kind: types.ErrNotFound, Op: op, Detail: "there is no row in hand", Hint: "find or create one first"}
}

// RecordOf is the record beneath a row, and the definition that it was read with; def is that of its table now.
func RecordOf(def *table.Def, row table.Row) (*table.Def, index.Record, error) {
	switch {
	case row.IsZero():
		return def, index.Record{}, NoRow("read")
	case row.Table() != def.Name():
		return def, index.Record{}, &types.Error{Kind: types.ErrQuery, Table: def.Name(), Detail: "the row is one of " + row.Table(),
			Hint: "give a row of " + def.Name()}
	}
	return table.DefOf(row), table.RecordOf(row), nil
}

// NoTarget is the error for a target of a verb that is nil, or no row.
func NoTarget(op string) error {
	return &types.Error{Kind: types.ErrNotFound, Op: op, Detail: "a target that was given is no row", Hint: "find it first; to lead to none, set nil alone"}
}

// Association implements [Ends].
func (e Alias) Association(set *assoc.Set) (*assoc.Association, error) {
	return set.Named(e.Row.Row().Table(), e.As)
}

func (e Alias) verbs(op string, s Source) (v assoc.Verbs, err error) {
	if e.Row == nil {
		return v, NoRow(op)
	}
	if refusal := s.refusal(); refusal != nil {
		return v, Attempted(op, "", refusal)
	}
	set := SetOf(s.State)
	a, err := e.Association(set)
	if err != nil {
		return v, Attempted(op, e.Row.Row().Table(), err)
	}
	return set.On(a, e.Row), nil
}

// Get collects the rows that the association leads to.
func (e Alias) Get(s Source, q *query.Query) ([]*assoc.DetachedRow, error) {
	v, err := e.verbs("get", s)
	if err != nil {
		return nil, err
	}
	rows, err := v.Get(s.State, *q)
	return rows, Attempted("get", e.Row.Row().Table(), err)
}

// Count is the number of rows that [Alias.Get] collects.
func (e Alias) Count(s Source, q *query.Query) (int, error) {
	v, err := e.verbs("count", s)
	if err != nil {
		return 0, err
	}
	n, err := v.Count(s.State, *q)
	return n, Attempted("count", e.Row.Row().Table(), err)
}

// Has tells whether every target is among the rows that [Alias.Get] collects.
func (e Alias) Has(s Source, targets []assoc.Target, q *query.Query) (bool, error) {
	v, err := e.verbs("has", s)
	if err != nil {
		return false, err
	}
	ok, err := v.Has(s.State, targets, *q)
	return ok, Attempted("has", e.Row.Row().Table(), err)
}

// Run carries out a verb that writes, of which what is attempted and the call are given. What was created is in the call then.
func (e Alias) Run(w Target, v *Verb) error {
	if e.Row == nil {
		return NoRow(v.Op)
	}
	v.alias = e
	v.Ends, v.Table, v.Call.Source = &v.alias, e.Row.Row().Table(), e.Row
	v.Values = slices.ContainsFunc(v.Call.Targets, func(t assoc.Target) bool { return len(t.Values) > 0 })
	return RunVerb(w, v)
}

// Resolve implements [Ends]: everything is there already.
func (e Alias) Resolve(table.Reader, *assoc.Association, *assoc.Call, bool) (byKeys bool, err error) {
	return false, nil
}

// Wrote implements [Ends]: the detached row knows.
func (e Alias) Wrote(*assoc.Call) error { return nil }
