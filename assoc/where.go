package assoc

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Where resolves the conditions on associations in a condition on the rows of a table, at any depth, for one state. What
// else there is stays as it is. Such a condition costs, for each row that it is asked of, a walk along the association.
// Errors are of kind [table.ErrUnknownAssociation], and those of the conditions inside.
func (s *Set) Where(r table.Reader, name string, c table.Cond) (table.Cond, error) {
	if !across(&c) {
		return c, nil
	}
	if !c.OnAssociation() {
		c.Conds = slices.Clone(c.Conds)
		for i := range c.Conds {
			var err error
			if c.Conds[i], err = s.Where(r, name, c.Conds[i]); err != nil {
				return c, err
			}
		}
		return c, nil
	}
	a := s.Association(name, c.Column)
	if a == nil {
		return c, &table.Error{Kind: table.ErrUnknownAssociation, Table: name,
			Detail: fmt.Sprintf("association with alias %q does not exist on %s", c.Column, name), Hint: "define it on this side too"}
	}
	w, err := a.way(r)
	if err != nil {
		return c, err
	}
	inner, err := (&compiler{set: s, state: r}).filter(a.TargetTable, c.Conds[len(c.Conds)-1])
	if err != nil {
		return c, err
	}
	t := crossing{r, a, w.from, inner}
	switch c.Op {
	case table.OpSome:
		return c.Resolved(func(rec index.Record) table.Truth { return truth(t.first(rec, true)) }), nil
	case table.OpNone:
		return c.Resolved(func(rec index.Record) table.Truth { return truth(!t.first(rec, true)) }), nil
	case table.OpEvery:
		return c.Resolved(func(rec index.Record) table.Truth { return truth(!t.first(rec, false)) }), nil
	}
	return t.counting(c)
}

// across tells whether a condition has one on an association in it.
func across(c *table.Cond) bool {
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

func truth(b bool) table.Truth {
	if b {
		return table.True
	}
	return table.False
}

// crossing is a condition on one association in one state.
type crossing struct {
	state table.Reader
	a     *Association
	from  int
	where filter
}

// first tells whether there is a target that satisfies the condition, or one that does not.
func (t *crossing) first(rec index.Record, satisfies bool) (found bool) {
	t.a.Walk(t.state, rec.At(t.from), func(to index.Record) bool {
		found = t.where.is(to) == satisfies
		return !found
	})
	return found
}

func (t *crossing) count(rec index.Record) (n int64) {
	t.a.Walk(t.state, rec.At(t.from), func(to index.Record) bool {
		if t.where.is(to) {
			n++
		}
		return true
	})
	return n
}

// counting resolves a condition on the number of targets.
func (t *crossing) counting(c table.Cond) (table.Cond, error) {
	def, err := table.Compile(table.Schema{Name: c.Column, PrimaryKey: []string{"count"},
		Columns: []table.Column{{Name: "count", Type: index.Int}}})
	if err != nil {
		return c, err
	}
	is, err := def.CompileCond(c.Conds[0])
	if err != nil {
		return c, err
	}
	return c.Resolved(func(rec index.Record) table.Truth {
		one, cells := index.NewRecord(1)
		cells[0] = index.OfInt(t.count(rec))
		return is.Eval(one)
	}), nil
}
