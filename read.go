package memrel

import (
	"iter"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// keyParts are the values of a key that came as arguments: one for each column, or a [Key] of all.
func keyParts(key []any) []any {
	if len(key) == 1 {
		if whole, ok := key[0].(Key); ok {
			return whole
		}
	}
	return key
}

// lookup is the row with a primary key. A key that cannot be one, of another type or number of values, finds nothing.
func lookup(t *table.Table, key []any) (index.Record, bool) {
	pk := &t.Def().Keys()[0]
	var buf [4]index.Value
	vals := buf[:0]
	key = keyParts(key)
	if len(key) != len(pk.Pos) {
		return index.Record{}, false
	}
	for i, p := range pk.Pos {
		v, err := t.Def().Columns()[p].FromGo(key[i])
		if err != nil || v.IsNull() {
			return index.Record{}, false
		}
		vals = append(vals, v)
	}
	return t.Tree(0).Get(vals...)
}

// all walks a table in the order of its primary key, as it is when the walk begins.
func all(r Reader, name string) (iter.Seq[index.Record], *table.Def) {
	state, live := r.source()
	t := tableIn(state, name)
	if t == nil {
		return func(func(index.Record) bool) {}, nil
	}
	if live {
		// The loop may write to the table, so the records are collected first.
		return func(yield func(index.Record) bool) {
			slices.Values(slices.Collect(t.Records()))(yield)
		}, t.Def()
	}
	return t.Records(), t.Def()
}

// missing is the error for a table that a reader does not have.
func missing(r Reader, op, name string) error {
	if tx, ok := r.(*Tx); ok && tx.done {
		return txDone(op)
	}
	return unknownTable(op, name)
}

// compile works out a query on the table that a reader has; first tells that one row is wanted, in no order.
func compile(r Reader, op, name string, q Query, first bool) (*query.Plan, *table.Table, error) {
	state, t, err := on(r, op, name)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case len(q.Include) > 0:
		return nil, nil, &Error{Kind: ErrQuery, Op: op, Table: name, Detail: "this query includes associated rows", Hint: "use FindAll"}
	case assoc.OrdersAcross(t.Def(), q.Order):
		return nil, nil, &Error{Kind: ErrQuery, Op: op, Table: name, Detail: "this query orders by an association", Hint: "use FindAll"}
	}
	if err := assoc.NoThrough(t.Def(), q); err != nil {
		return nil, nil, attempted(op, name, err)
	}
	plan, err := setOf(state).Plan(state, t.Def().Name(), q, first)
	if err != nil {
		return nil, nil, attempted(op, name, err)
	}
	return plan, t, nil
}

// on is the table of that name that a reader has, and the state that it is of.
func on(r Reader, op, name string) (table.Reader, *table.Table, error) {
	state, _ := r.source()
	t := tableIn(state, name)
	if t == nil {
		return nil, nil, missing(r, op, name)
	}
	return state, t, nil
}

// find collects the records that a query asks for.
func find(r Reader, name string, q Query) ([]index.Record, *query.Plan, *table.Table, error) {
	plan, t, err := compile(r, "find", name, q, false)
	if err != nil {
		return nil, nil, nil, err
	}
	return plan.Collect(t), plan, t, nil
}

// count counts the rows for which a condition is true.
func count(r Reader, name string, where Cond) (int, error) {
	plan, t, err := compile(r, "count", name, Query{Where: where}, false)
	if err != nil {
		return 0, err
	}
	return plan.Count(t), nil
}

func exists(r Reader, name string, where Cond) (bool, error) {
	plan, t, err := compile(r, "find", name, Query{Where: where}, true)
	if err != nil {
		return false, err
	}
	return plan.Exists(t), nil
}

// extreme is the least or greatest value of a column, as the plan that compile makes finds it first.
func extreme(r Reader, name, column string, where Cond, compile func(*table.Def, string, Cond) (*query.Plan, error)) (any, error) {
	state, t, err := on(r, "find", name)
	if err != nil {
		return nil, err
	}
	plan, err := setOf(state).PlanBy(state, t.Def().Name(), where, false, func(where Cond) (*query.Plan, error) {
		return compile(t.Def(), column, where)
	})
	if err != nil {
		return nil, attempted("find", name, err)
	}
	for rec := range plan.Records(t) {
		p, _ := t.Def().Column(column)
		return types.ToGo(t.Def().Columns()[p].Type, rec.At(p)), nil
	}
	return nil, nil
}
