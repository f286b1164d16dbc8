package assoc

import (
	"slices"

	"github.com/memrel/memrel/table"
)

// Find collects the rows of a table that a query asks for, with what it includes. Cost: that of the query's path, and
// linear in the rows included. Errors are of kind [table.ErrUnknownTable], [table.ErrUnknownColumn], [table.ErrType],
// [table.ErrQuery] and [table.ErrUnknownAssociation].
func (s *Set) Find(r table.Reader, name string, q table.Query) ([]*Node, error) {
	f, err := s.finder(r, name, q)
	if err != nil {
		return nil, err
	}
	var out []*Node
	err = f.each(func(n *Node) bool {
		out = append(out, n)
		return true
	})
	return out, err
}

// Count is the number of rows for which a condition is true and that have what the includes require. Errors as [Set.Find].
func (s *Set) Count(r table.Reader, name string, where table.Cond, include ...table.Include) (int, error) {
	f, err := s.finder(r, name, table.Query{Where: where, Include: include})
	if err != nil {
		return 0, err
	}
	n := 0
	err = f.each(func(*Node) bool { n++; return true })
	return n, err
}

// finder is a compiled query with includes.
type finder struct {
	t             *table.Table
	plan          *table.Plan
	shape         *shape
	kids          []*inclusion
	limit, offset int     // of what the includes leave; 0 if the plan sees to it
	rank          ranking // nil: the plan sees to the order
}

func (s *Set) finder(r table.Reader, name string, q table.Query) (*finder, error) {
	t := r.Table(name)
	if t == nil {
		return nil, &table.Error{Kind: table.ErrUnknownTable, Op: "find", Table: name, Detail: "there is no table " + name}
	}
	c := &compiler{set: s, state: r}
	f := &finder{t: t}
	var err error
	if f.kids, err = c.includes(name, q.Include, nil); err != nil {
		return nil, err
	}
	if ordersAcross(t.Def(), q.Order) {
		if f.rank, err = c.ranking(name, q.Order); err != nil {
			return nil, err
		}
		q.Order = nil
	}
	if requires(f.kids) || f.rank != nil {
		f.limit, f.offset = q.Limit, q.Offset
		q.Limit, q.Offset = 0, 0
	}
	if q.Columns != nil && len(q.Include) > 0 {
		if id := t.Def().Schema().PrimaryKey[0]; !slices.Contains(q.Columns, id) {
			q.Columns = append([]string{id}, q.Columns...)
		}
	}
	if q.Where, err = s.Where(r, name, q.Where); err != nil {
		return nil, err
	}
	if f.plan, err = t.Def().CompileQuery(q); err != nil {
		return nil, err
	}
	f.shape = &shape{def: t.Def(), cut: f.plan.Columns()}
	return f, nil
}

// each visits the rows in order.
func (f *finder) each(visit func(*Node) bool) error {
	skip, left := f.offset, f.limit
	recs := f.plan.Records(f.t)
	if f.rank != nil {
		sorted := slices.Collect(recs)
		f.rank.sort(sorted)
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
		n := &Node{shape: f.shape, rec: rec}
		if branches != nil {
			n.more = &more{branches: branches}
		}
		if !visit(n) {
			return nil
		}
		if left--; left == 0 {
			return nil
		}
	}
	return nil
}
