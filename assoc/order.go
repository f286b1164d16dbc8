package assoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// ranking orders records by columns of their own, by columns of associated rows, and by how many of these there are.
type ranking []rank

// rank is one of the things to order by: its value for a record, and how values compare.
type rank struct {
	value   func(index.Record) index.Value
	compare func(a, b index.Value) int
	none    index.Value // where a path of associations leads to no row
}

// crosses takes an order by an association apart: "author.name" is the column name of author, "count(posts)" no column of
// posts. ok is false for a column of the table itself.
func crosses(def *table.Def, o query.Order) (as, column string, ok bool) {
	if _, own := def.Column(o.Column); own {
		return "", "", false
	}
	if inside, counts := strings.CutPrefix(o.Column, "count("); counts && strings.HasSuffix(inside, ")") {
		return strings.TrimSuffix(inside, ")"), "", true
	}
	as, column, ok = strings.Cut(o.Column, ".")
	return as, column, ok && column != ""
}

// OrdersAcross tells whether an order of a table's rows goes by an association.
func OrdersAcross(def *table.Def, order []query.Order) bool {
	return slices.ContainsFunc(order, func(o query.Order) bool {
		_, _, ok := crosses(def, o)
		return ok
	})
}

// ranking compiles an order of the rows of a table.
func (c compiler) ranking(name string, order []query.Order) (ranking, error) {
	out := make(ranking, len(order))
	def := c.state.Table(name).Def()
	for i, o := range order {
		r, err := c.rankOf(name, def, o)
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

// rankOf compiles one thing to order by: a column, or one of the row that a path of associations leads to.
func (c compiler) rankOf(name string, def *table.Def, o query.Order) (rank, error) {
	if as, rest, ok := crosses(def, o); ok {
		return c.rankAcross(name, as, rest, o)
	}
	pos, compare, err := def.ColumnOrder(o)
	return rank{value: func(r index.Record) index.Value { return r.At(pos) }, compare: compare}, err
}

func (c compiler) rankAcross(name, as, rest string, o query.Order) (rank, error) {
	a, err := c.set.Named(name, as)
	if err != nil {
		return rank{}, err
	}
	w, err := a.accessPath(c.state)
	if err != nil {
		return rank{}, err
	}
	if rest == "" {
		return c.rankByCount(a, w, o), nil
	}
	if a.Kind.Many() {
		return rank{}, &types.Error{Kind: types.ErrQuery, Table: name, Columns: []string{rest},
			Detail: fmt.Sprintf("rows cannot be ordered by %s: %s leads to any number of rows", o.Column, a),
			Hint:   "order by count(" + as + "), or by an association that leads to one row"}
	}
	there, err := c.rankOf(a.TargetTable, c.state.Table(a.TargetTable).Def(), query.Order{Column: rest, Desc: o.Desc, Nulls: o.Nulls})
	first := func(r index.Record) (v index.Value) {
		v = there.none
		a.Walk(c.state, r.At(w.from), func(to index.Record) bool {
			v = there.value(to)
			return false
		})
		return v
	}
	return rank{first, there.compare, there.none}, err
}

// rankByCount orders by how many rows an association leads to; where there is nothing to lead from that is none.
func (c compiler) rankByCount(a *Association, w *accessPath, o query.Order) rank {
	count := semiJoin{state: c.state, interrupt: table.InterruptOf(c.state), a: a, from: w.from}
	return rank{
		func(r index.Record) index.Value { return index.OfInt(count.count(r)) },
		func(x, y index.Value) int {
			if o.Desc {
				x, y = y, x
			}
			return cmp.Compare(x.Int(), y.Int())
		},
		index.OfInt(0),
	}
}

// rankBy orders a list by the records of its members; those that are equal stay as they are. O(n x walk + n log n).
func rankBy[T any](k ranking, list []T, interrupt *query.Interrupt, record func(T) index.Record) {
	type ranked struct {
		member T
		values []index.Value
	}
	all := make([]ranked, len(list))
	for i, m := range list {
		if interrupt.Row() {
			return
		}
		all[i] = ranked{m, make([]index.Value, len(k))}
		for j, r := range k {
			all[i].values[j] = r.value(record(m))
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		if interrupt.Row() {
			return 0
		}
		for j, r := range k {
			if c := r.compare(a.values[j], b.values[j]); c != 0 {
				return c
			}
		}
		return 0
	})
	for i := range all {
		list[i] = all[i].member
	}
}

// sorter is what brings the rows that an association leads to into an order; nil if the walk finds them in that order. What
// the order leaves undecided is decided by the primary key.
func (c compiler) sorter(l *boundAssociation, order []query.Order) (func([]found), error) {
	def := l.target.Def()
	if OrdersAcross(def, order) {
		for _, column := range def.Keys()[0].Columns {
			order = append(order[:len(order):len(order)], query.Order{Column: column})
		}
		k, err := c.ranking(l.a.TargetTable, order)
		return func(rows []found) { rankBy(k, rows, l.interrupt, func(f found) index.Record { return f.target }) }, err
	}
	if len(order) == 0 && l.sorted {
		return nil, nil
	}
	compare, err := def.Sorter(order)
	return func(rows []found) {
		slices.SortStableFunc(rows, func(a, b found) int {
			if l.interrupt.Row() {
				return 0
			}
			return compare(a.target, b.target)
		})
	}, err
}
