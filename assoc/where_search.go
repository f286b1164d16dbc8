package assoc

import (
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// search is a condition on the rows of a table in one state, and the way to them. A condition on an association can be met
// from two sides:
//
//	posts that have a tag of a name
//
//	forth:  each post ── its tags ── is it of the name?
//	back:   the tag of the name ── its posts ── a list of keys, by which the posts are found
//
// The way back goes by the plan for the rows inside the condition, which may go back over associations itself. Which side is
// the better one depends on the rows. So both are tried with a bound on the rows looked at, the bound grows until one side
// comes to its end within it, and what the other one cost is a part of what that one costs.
type search struct {
	set   *Set
	state table.Reader
	table string
	where query.Cond
	over  []*semiJoin // the conditions on associations in where

	compile func(query.Cond) (*query.Plan, error) // nil: for all rows, soft-deleted ones too
	first   bool                                  // one row is wanted, in no order
	each    float64                               // what is to be done with a row that is found, in rows
	plan    *query.Plan                           // the best so far, nil if none has been tried
}

// Bounds on the rows looked at: the first, how fast it grows, and which part of it a way back may take.
const (
	firstBound = 256
	growth     = 4
	backShare  = 2
)

// Plan resolves the conditions on associations in a query and chooses the way to its rows, for one state: the plan must not
// be run on another one. first tells that one row is wanted, in no order. A condition on an association costs, for each row
// that it is asked of, a walk along the association; where targets that satisfy it are found by fewer steps, and lead back to
// the rows by keys, the rows are looked for by these. Choosing costs no more than a part of what is chosen. Errors are of kind
// [types.ErrUnknownAssociation], and those of [query.Shape.CompileQuery].
func (s *Set) Plan(r table.Reader, name string, q query.Query, first bool) (*query.Plan, error) {
	def := r.Table(name).Def()
	if table.ShowsDeleted(r) {
		q.Deleted = true
	}
	if !across(&q.Where) {
		p, err := def.CompileQuery(q)
		return interrupting(r, p), err
	}
	return s.planQuery(r, name, &q, first)
}

// planQuery is apart, so that only a query with associations in it moves to the heap.
func (s *Set) planQuery(r table.Reader, name string, q *query.Query, first bool) (*query.Plan, error) {
	resolved, def := *q, r.Table(name).Def()
	return s.PlanBy(r, name, q.Where, first, func(where query.Cond) (*query.Plan, error) {
		resolved.Where = where
		return def.CompileQuery(resolved)
	})
}

// PlanBy is [Set.Plan] for a plan that is compiled in a way of its own.
func (s *Set) PlanBy(r table.Reader, name string, where query.Cond, first bool,
	compile func(query.Cond) (*query.Plan, error)) (*query.Plan, error) {
	if !across(&where) {
		p, err := compile(where)
		return interrupting(r, p), err
	}
	search := &search{set: s, state: r, table: name, where: where, compile: compile, first: first}
	if err := search.resolve(&search.where, false); err != nil {
		return nil, err
	}
	return search.best()
}

// best is the plan for the side that comes to its end first.
func (s *search) best() (*query.Plan, error) {
	for bound := firstBound; ; bound *= growth {
		if ok, err := s.within(bound); ok || err != nil || !s.open() {
			return s.plan, err
		}
	}
}

// open tells whether there is a way back that has not been gone.
func (s *search) open() bool {
	for _, x := range s.over {
		if x.existential && !x.listed {
			return true
		}
	}
	return false
}

// within looks for a plan that looks at no more than so many rows.
func (s *search) within(bound int) (ok bool, err error) {
	if s.plan == nil {
		if err := s.replan(); err != nil {
			return false, err
		}
	}
	if s.cheap(bound) {
		return true, nil
	}
	for _, x := range s.over {
		if !x.existential || x.listed {
			continue
		}
		switch listed, err := x.list(bound / backShare); {
		case err != nil:
			return false, err
		case !listed:
			continue
		}
		if err := s.replan(); err != nil {
			return false, err
		}
		if s.cheap(bound) {
			return true, nil
		}
	}
	return false, nil
}

func (s *search) replan() (err error) {
	if s.compile != nil {
		s.plan, err = s.compile(s.where)
	} else {
		s.plan, err = s.state.Table(s.table).Def().CompileQuery(query.Query{Where: s.where, Deleted: true})
	}
	s.plan = interrupting(s.state, s.plan)
	return err
}

// interrupting is a plan, if there is one, that stops where the statement is interrupted that reads a state.
func interrupting(r table.Reader, p *query.Plan) *query.Plan {
	if i := table.InterruptOf(r); i != nil && p != nil {
		p.Interrupt(i)
	}
	return p
}

// cheap tells whether the plan looks at no more than so many rows, those that its tests walk to and what is to be done with
// each row found included.
func (s *search) cheap(bound int) bool {
	w := s.weight()
	if !s.plan.Filters() {
		w += s.each
	}
	return s.plan.Within(s.state.Table(s.table), int(float64(bound)/w), s.first)
}

// weight is how many rows it takes, on average, to test one.
func (s *search) weight() float64 {
	w := 1.0
	for _, x := range s.over {
		if !x.listed || !x.complete {
			w += x.cost()
		}
	}
	return w
}

// filter resolves and compiles the condition as a test of single rows.
func (s *search) filter() (filter, error) {
	if s.where.Op == query.OpAll {
		return nil, nil
	}
	if err := s.resolve(&s.where, false); err != nil {
		return nil, err
	}
	p, err := s.state.Table(s.table).Def().CompileCond(s.where)
	if err != nil {
		return nil, err
	}
	return p.Eval, nil
}
