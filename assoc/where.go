package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// resolve gives the conditions on associations in c, which is s.where or a part of it, the tests that they come to in the
// search's state, at any depth. not tells that c stands under an odd number of NOT. What else there is stays as it is.
func (s *search) resolve(c *query.Cond, not bool) error {
	switch {
	case !across(c), c.OnAssociation() && len(c.Conds) == 0: // the latter is refused when it is compiled
		return nil
	case c.OnAssociation():
		x, err := s.cross(c, not)
		s.over = append(s.over, x)
		return err
	}
	c.Conds = slices.Clone(c.Conds)
	for i := range c.Conds {
		if err := s.resolve(&c.Conds[i], not != (c.Op == query.OpNot)); err != nil {
			return err
		}
	}
	return nil
}

// across tells whether a condition has one on an association in it that has no test yet.
func across(c *query.Cond) bool {
	if c.IsResolved() {
		return false
	}
	if c.OnAssociation() {
		return true
	}
	for i := range c.Conds {
		if across(&c.Conds[i]) {
			return true
		}
	}
	return false
}

func truth(b bool) query.Truth {
	if b {
		return query.True
	}
	return query.False
}

// semiJoin is a condition on one association in one state.
type semiJoin struct {
	state     table.Reader
	interrupt *query.Interrupt // of that
	a         *Association
	from      int
	where     filter
	inner     search // for the targets that satisfy the condition

	at          *query.Cond    // where it stands in the condition on the sources
	not         bool           // under an odd number of NOT, so that its negation is what is asked
	existential bool           // what is asked is true of no source without a target that satisfies the condition inside
	complete    bool           // and of every source with one
	reverse     *reverseLookup // once it has been looked for
	listed      bool           // its sources have been found by the reverse lookup
	fanOutRows  float64        // how many rows a source leads to, on average
	rowCost     float64        // how many rows it takes to test one of them, on average
	hits        int            // so many targets at least satisfy the condition
}

// cross resolves a condition on an association.
func (s *search) cross(c *query.Cond, not bool) (*semiJoin, error) {
	a, err := s.set.Named(s.table, c.Column)
	if err != nil {
		return nil, err
	}
	w, err := a.accessPath(s.state)
	if err != nil {
		return nil, err
	}
	x := &semiJoin{state: s.state, interrupt: table.InterruptOf(s.state), a: a, from: w.from, at: c, not: not}
	x.inner = search{set: s.set, state: s.state, table: a.TargetTable, where: c.Conds[len(c.Conds)-1]}
	if x.where, err = x.inner.filter(); err != nil {
		return nil, err
	}
	x.fanOutRows, x.rowCost = x.fanOut(), x.inner.weight()
	return x, x.test(c)
}

// test gives the condition its test.
func (x *semiJoin) test(c *query.Cond) error {
	switch c.Op {
	case query.OpSome:
		*c = c.Resolved(func(rec index.Record) query.Truth { return truth(x.first(rec, true)) })
		x.complete, x.existential = !x.not, !x.not
		return nil
	case query.OpNone:
		*c = c.Resolved(func(rec index.Record) query.Truth { return truth(!x.first(rec, true)) })
		x.complete, x.existential = x.not, x.not
		return nil
	case query.OpEvery:
		*c = c.Resolved(func(rec index.Record) query.Truth { return truth(!x.first(rec, false)) })
		return nil
	}
	is, err := onCount(c)
	if err != nil {
		return err
	}
	*c = c.Resolved(func(rec index.Record) query.Truth { return is(x.count(rec)) })
	none := is(0)
	x.existential = none == query.Unknown || (none == query.True) == x.not
	return nil
}

// first tells whether there is a target that satisfies the condition, or one that does not.
func (x *semiJoin) first(rec index.Record, satisfies bool) (found bool) {
	x.a.Walk(x.state, rec.At(x.from), func(to index.Record) bool {
		found = x.where.is(to) == satisfies
		return !found && !x.interrupt.Row()
	})
	return found
}

func (x *semiJoin) count(rec index.Record) (n int64) {
	x.a.Walk(x.state, rec.At(x.from), func(to index.Record) bool {
		if x.where.is(to) {
			n++
		}
		return !x.interrupt.Row()
	})
	return n
}

// onCount compiles a condition on the number of targets.
func onCount(c *query.Cond) (func(int64) query.Truth, error) {
	def, err := table.Compile(table.Schema{Name: c.Column, PrimaryKey: []string{"count"},
		Columns: []types.Column{{Name: "count", Type: index.Int}}})
	if err != nil {
		return nil, err
	}
	is, err := def.CompileCond(c.Conds[0])
	if err != nil {
		return nil, err
	}
	return func(n int64) query.Truth {
		one, cells := index.NewRecord(1)
		cells[0] = index.OfInt(n)
		return is.Eval(one)
	}, nil
}
