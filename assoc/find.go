package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Find collects the rows of a table that a query asks for, with what it includes. Cost: that of the query's path, and
// linear in the rows included. Errors are of kind [types.ErrUnknownTable], [types.ErrUnknownColumn], [types.ErrType],
// [types.ErrQuery] and [types.ErrUnknownAssociation].
func (s *Set) Find(r table.Reader, name string, q query.Query) ([]*DetachedRow, error) {
	f, err := s.finder(r, name, q)
	if err != nil {
		return nil, err
	}
	var out []*DetachedRow
	f.each(func(n *DetachedRow) bool {
		out = append(out, n)
		return true
	})
	return out, nil
}

// Count is the number of rows for which a condition is true and that have what the includes require. Errors as [Set.Find].
func (s *Set) Count(r table.Reader, name string, where query.Cond, include ...query.Include) (int, error) {
	f, err := s.finder(r, name, query.Query{Where: where, Include: include})
	if err != nil {
		return 0, err
	}
	n := 0
	f.each(func(*DetachedRow) bool { n++; return true })
	return n, nil
}

// finder is a compiled query with includes.
type finder struct {
	t             *table.Table
	plan          *query.Plan
	shape         *shape
	kids          []*inclusion
	limit, offset int     // of what the includes leave; 0 if the plan sees to it
	last          bool    // these count from the end
	rank          ranking // nil: the plan sees to the order
	interrupt     *query.Interrupt
}

func (s *Set) finder(r table.Reader, name string, q query.Query) (*finder, error) {
	t := r.Table(name)
	if t == nil {
		return nil, &types.Error{Kind: types.ErrUnknownTable, Op: "find", Table: name, Detail: "there is no table " + name}
	}
	c := compiler{set: s, state: r}
	f := &finder{t: t, interrupt: table.InterruptOf(r)}
	var err error
	if f.kids, err = c.includes(name, q.Include, nil); err != nil {
		return nil, err
	}
	if err := NoThrough(t.Def(), q); err != nil {
		return nil, err
	}
	if OrdersAcross(t.Def(), q.Order) {
		if q.After != nil || q.Before != nil {
			return nil, &types.Error{Kind: types.ErrQuery, Op: "find", Table: name,
				Detail: "rows in the order of an association are not paged by a cursor", Hint: "use Limit and Offset"}
		}
		if f.rank, err = c.ranking(name, q.Order); err != nil {
			return nil, err
		}
		q.Order = nil
	}
	if requires(f.kids) || f.rank != nil {
		f.limit, f.offset, f.last = q.Limit, q.Offset, q.Before != nil
		q.Limit, q.Offset = 0, 0
	}
	if f.plan, err = s.Plan(r, name, q, false); err != nil {
		return nil, err
	}
	f.shape = &shape{def: t.Def(), cut: withKeys(f.plan.Columns(), f.kids)}
	return f, nil
}

// each visits the rows in order.
func (f *finder) each(visit func(*DetachedRow) bool) {
	if f.last {
		var all []*DetachedRow
		f.walk(0, 0, func(n *DetachedRow) bool { all = append(all, n); return true })
		all = all[:max(len(all)-f.offset, 0)]
		if f.limit > 0 {
			all = all[max(len(all)-f.limit, 0):]
		}
		slices.Values(all)(visit)
		return
	}
	f.walk(f.offset, f.limit, visit)
}

// walk visits rows from the first that has what the includes require, but for some that it skips, at most limit if that is
// not 0.
func (f *finder) walk(skip, limit int, visit func(*DetachedRow) bool) {
	recs := f.plan.Records(f.t)
	if f.rank != nil {
		sorted := slices.Collect(recs)
		rankBy(f.rank, sorted, f.interrupt, func(r index.Record) index.Record { return r })
		recs = slices.Values(sorted)
	}
	for rec := range recs {
		branches, ok := expandAll(f.kids, f.t.Def(), rec)
		switch {
		case !ok:
			continue
		case skip > 0:
			skip--
			continue
		}
		n := &DetachedRow{shape: f.shape, rec: rec}
		if branches != nil {
			n.more = &more{branches: branches}
		}
		if !visit(n) {
			return
		}
		if limit--; limit == 0 {
			return
		}
	}
}
