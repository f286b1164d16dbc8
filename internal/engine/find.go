package engine

import (
	"iter"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Get is the row with a primary key, if it is shown; see [Source.GetBy]. It panics if the key has too few or too many values. O(log n).
func (s Source) Get(t *table.Table, key []any) (index.Record, bool) {
	key = keyParts(key)
	if len(key) != len(t.Def().Keys()[0].Pos) {
		panic(Attempted("get", t.Def().Name(), t.Def().WrongKey(t.Def().Keys()[0].Pos, len(key))))
	}
	return s.GetBy(t, 0, nil, key)
}

// GetBy is the row with the values of a unique key, position k of the table's keys, if it is shown; from tells which of the values stands
// at each place of the key, nil that they are in its order. NULL equals nothing here, and a value that no row can have finds nothing
// ([types.NoRowHas]); it panics if one is of a type that the column never takes. O(log n).
func (s Source) GetBy(t *table.Table, k int, from []int, values []any) (index.Record, bool) {
	def := t.Def()
	pos := def.Keys()[k].Pos
	var few [4]index.Value
	vals := few[:]
	if len(pos) > len(few) {
		vals = make([]index.Value, len(pos))
	}
	vals = vals[:len(pos)]
	for i, p := range pos {
		at := i
		if from != nil {
			at = from[i]
		}
		v, err := def.Columns()[p].FromKey(values[at])
		if err != nil {
			mustBeAnswer(def, values[at], err)
			return index.Record{}, false
		}
		if v.IsNull() {
			return index.Record{}, false
		}
		vals[i] = v
	}
	rec, ok := t.Tree(k).Get(vals...)
	return rec, ok && def.Shown(s.State, rec)
}

// mustBeAnswer panics with the error of a value of a key, unless it is an answer that no row has it.
func mustBeAnswer(def *table.Def, value any, err error) {
	if !types.NoRowHas(value, err) {
		panic(Attempted("get", def.Name(), err))
	}
}

// All walks the rows of a table that are shown, in the order of its primary key, as it is when the walk begins. It panics if there is no
// such table.
func (s Source) All(name string) (_ iter.Seq[index.Record], def *table.Def) {
	t := s.Must("walk", name)
	if s.live() { // the loop may write to the table, so the records are collected first
		return slices.Values(slices.Collect(t.RowsShown(s.State))), t.Def()
	}
	return t.RowsShown(s.State), t.Def()
}

// compile works out a query on a table; first tells that one row is wanted, in no order.
func (s Source) compile(op, name string, q query.Query, first bool) (*query.Plan, *table.Table, error) {
	t, err := s.On(op, name)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case len(q.Include) > 0:
		return nil, nil, &types.Error{Kind: types.ErrQuery, Op: op, Table: name, Detail: "this query includes associated rows", Hint: "use Find of a Model"}
	case assoc.OrdersAcross(t.Def(), q.Order):
		return nil, nil, &types.Error{Kind: types.ErrQuery, Op: op, Table: name, Detail: "this query orders by an association", Hint: "use Find of a Model"}
	}
	if err := assoc.NoThrough(t.Def(), q); err != nil {
		return nil, nil, Attempted(op, name, err)
	}
	plan, err := SetOf(s.State).Plan(s.State, t.Def().Name(), q, first)
	if err != nil {
		return nil, nil, Attempted(op, name, err)
	}
	return plan, t, nil
}

// Find collects the records that a query asks for, with the columns selected; nil is all.
func (s Source) Find(name string, q query.Query) (recs []index.Record, def *table.Def, columns []int, err error) {
	plan, t, err := s.compile("find", name, q, false)
	if err == nil {
		recs = plan.Collect(t)
		err = s.stopped("find", name)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	return recs, t.Def(), plan.Columns(), nil
}

// Stream walks the records that [Source.Find] collects.
func (s Source) Stream(name string, q query.Query) (_ iter.Seq[index.Record], def *table.Def, columns []int, err error) {
	plan, t, err := s.compile("find", name, q, false)
	if err != nil {
		return nil, nil, nil, err
	}
	if s.live() || table.InterruptOf(s.State) != nil { // the loop may write to the table, or be interrupted: the records are collected first
		recs := plan.Collect(t)
		return slices.Values(recs), t.Def(), plan.Columns(), s.stopped("find", name)
	}
	return plan.Records(t), t.Def(), plan.Columns(), nil
}

// Explain tells which path a query takes.
func (s Source) Explain(name string, q query.Query) (query.Explain, error) {
	plan, _, err := s.compile("explain", name, q, false)
	if err != nil {
		return query.Explain{}, err
	}
	return plan.Explain(), nil
}

// Count counts the rows for which a condition is true, and that have what the includes require.
func (s Source) Count(name string, where query.Cond, include []query.Include) (int, error) {
	if len(include) > 0 {
		t, err := s.On("count", name)
		if err != nil {
			return 0, err
		}
		n, err := SetOf(s.State).Count(s.State, t.Def().Name(), where, include...)
		if err == nil {
			err = s.stopped("count", name)
		}
		return n, Attempted("count", name, err)
	}
	plan, t, err := s.compile("count", name, query.Query{Where: where}, false)
	if err != nil {
		return 0, err
	}
	n := plan.Count(t)
	return n, s.stopped("count", name)
}

// Exists tells whether there is a row for which a condition is true.
func (s Source) Exists(name string, where query.Cond) (bool, error) {
	plan, t, err := s.compile("find", name, query.Query{Where: where}, true)
	if err != nil {
		return false, err
	}
	found := plan.Exists(t)
	return found, s.stopped("find", name)
}

// Min is the least value of a column among the rows for which a condition is true; nil if there is none that is not NULL.
func (s Source) Min(name, column string, where query.Cond) (any, error) {
	return s.extreme(name, column, where, (*table.Def).CompileMin)
}

// Max is Min for the greatest value.
func (s Source) Max(name, column string, where query.Cond) (any, error) {
	return s.extreme(name, column, where, (*table.Def).CompileMax)
}

// extreme is the value of a column in the row that a plan finds first.
func (s Source) extreme(name, column string, where query.Cond, compile func(*table.Def, string, query.Cond, bool) (*query.Plan, error)) (any, error) {
	t, err := s.On("find", name)
	if err != nil {
		return nil, err
	}
	plan, err := SetOf(s.State).PlanBy(s.State, t.Def().Name(), where, false, func(where query.Cond) (*query.Plan, error) {
		return compile(t.Def(), column, where, table.ShowsDeleted(s.State))
	})
	if err != nil {
		return nil, Attempted("find", name, err)
	}
	for rec := range plan.Records(t) {
		p, _ := t.Def().Column(column)
		return types.ToGo(t.Def().Columns()[p].Type, rec.At(p)), s.stopped("find", name)
	}
	return nil, s.stopped("find", name)
}

// FindAll collects the rows that a query asks for, with what it includes.
func (s Source) FindAll(name string, q query.Query) ([]*assoc.DetachedRow, error) {
	t, err := s.On("find", name)
	if err != nil {
		return nil, err
	}
	rows, err := SetOf(s.State).Find(s.State, t.Def().Name(), q)
	if err == nil {
		err = s.stopped("find", name)
	}
	return rows, Attempted("find", t.Def().Name(), err)
}

// ByPk is a query for the row with a primary key among those that it asks for; ok is false if no row can have the key.
func (s Source) ByPk(name string, q query.Query, key []any) (_ query.Query, ok bool, err error) {
	t, err := s.On("find", name)
	if err != nil {
		return q, false, err
	}
	def := t.Def()
	vals, err := def.KeyValues(nil, def.Keys()[0].Pos, keyParts(key))
	if err != nil {
		return q, false, Attempted("find", def.Name(), err)
	}
	conds := []query.Cond{q.Where}
	for n, p := range def.Keys()[0].Pos {
		if vals[n].IsNull() {
			return q, false, nil
		}
		c := &def.Columns()[p]
		conds = append(conds, query.Eq(c.Name, types.ToGo(c.Type, vals[n])))
	}
	q.Where = query.And(conds...)
	return q, true, nil
}
