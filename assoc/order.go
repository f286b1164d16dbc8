package assoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// ranking orders records by columns of their own, by columns of associated rows, and by how many of these there are.
type ranking []rank

// rank is one of the things to order by: its value for a record, and how values compare.
type rank struct {
	value   func(index.Record) index.Value
	compare func(a, b index.Value) int
}

// crosses takes an order by an association apart: "author.name" is the column name of author, "count(posts)" no column of
// posts. ok is false for a column of the table itself.
func crosses(def *table.Def, o table.Order) (as, column string, ok bool) {
	if _, own := def.Column(o.Column); own {
		return "", "", false
	}
	if inside, counts := strings.CutPrefix(o.Column, "count("); counts && strings.HasSuffix(inside, ")") {
		return strings.TrimSuffix(inside, ")"), "", true
	}
	return strings.Cut(o.Column, ".")
}

// ordersAcross tells whether an order of a table's rows goes by an association.
func ordersAcross(def *table.Def, order []table.Order) bool {
	return slices.ContainsFunc(order, func(o table.Order) bool {
		_, _, ok := crosses(def, o)
		return ok
	})
}

// ranking compiles an order of the rows of a table.
func (c *compiler) ranking(name string, order []table.Order) (ranking, error) {
	out := make(ranking, len(order))
	def := c.state.Table(name).Def()
	for i, o := range order {
		as, column, ok := crosses(def, o)
		if !ok {
			pos, compare, err := def.ColumnOrder(o)
			if err != nil {
				return nil, err
			}
			out[i] = rank{func(r index.Record) index.Value { return r.At(pos) }, compare}
			continue
		}
		r, err := c.rankAcross(name, as, column, o)
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

func (c *compiler) rankAcross(name, as, column string, o table.Order) (rank, error) {
	a := c.set.Association(name, as)
	if a == nil {
		return rank{}, &table.Error{Kind: table.ErrUnknownAssociation, Table: name,
			Detail: fmt.Sprintf("association with alias %q does not exist on %s", as, name), Hint: c.hint(name)}
	}
	w, err := a.way(c.state)
	if err != nil {
		return rank{}, err
	}
	if column == "" {
		count := crossing{state: c.state, a: a, from: w.from}
		return rank{
			func(r index.Record) index.Value { return index.OfInt(count.count(r)) },
			func(x, y index.Value) int {
				if o.Desc {
					x, y = y, x
				}
				return cmp.Compare(x.Int(), y.Int())
			},
		}, nil
	}
	pos, compare, err := c.state.Table(a.TargetTable).Def().ColumnOrder(table.Order{Column: column, Desc: o.Desc, Nulls: o.Nulls})
	first := func(r index.Record) (v index.Value) {
		a.Walk(c.state, r.At(w.from), func(to index.Record) bool {
			v = to.At(pos)
			return false
		})
		return v
	}
	return rank{first, compare}, err
}

// sort orders records; those that are equal stay as they are. O(n x walk + n log n).
func (k ranking) sort(recs []index.Record) {
	type ranked struct {
		rec    index.Record
		values []index.Value
	}
	list := make([]ranked, len(recs))
	for i, rec := range recs {
		list[i] = ranked{rec, make([]index.Value, len(k))}
		for j, r := range k {
			list[i].values[j] = r.value(rec)
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		for j, r := range k {
			if c := r.compare(a.values[j], b.values[j]); c != 0 {
				return c
			}
		}
		return 0
	})
	for i := range list {
		recs[i] = list[i].rec
	}
}
