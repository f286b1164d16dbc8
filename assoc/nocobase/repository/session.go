package repository

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// session is one call: the state that it reads and, if it writes, its transaction.
type session struct {
	op      string
	r       memrel.Reader
	tx      *memrel.Tx
	set     *assoc.Set
	all     *nocobase.Collections
	split   int // conditions that were split up
	visited map[string]*place
}

func begin(op string, r memrel.Reader, tx *memrel.Tx) *session {
	set := memrel.Associations(r)
	return &session{op: op, r: r, tx: tx, set: set, all: nocobase.Of(set), visited: map[string]*place{}}
}

// reading is a call that reads one state.
func reading(op string, r memrel.Reader) *session {
	if db, ok := r.(*memrel.DB); ok {
		v := db.View()
		if ctx := db.Limits().Context; ctx != nil {
			v = v.WithContext(ctx)
		}
		r = v
	}
	return begin(op, r, nil)
}

// writing does what writes in a transaction of its own, inside w if that is one.
func writing(op string, w memrel.Writer, do func(*session) error) error {
	in, ok := w.(interface {
		Update(fn func(*memrel.Tx) error) error
	})
	if !ok {
		return &memrel.Error{Kind: memrel.ErrQuery, Op: op, Detail: fmt.Sprintf("a %T cannot be written to", w), Hint: "give the store or a transaction"}
	}
	return in.Update(func(tx *memrel.Tx) error { return do(begin(op, tx, tx)) })
}

// place is a collection in a session.
type place struct {
	*resolved
	s     *session
	steps map[string]step // those that were asked for
}

// resolved is a collection as it is defined, which every session reads until it is defined otherwise.
type resolved struct {
	name  string
	table string
	info  *assoc.Info
	lists []nocobase.Array
	bound []*assoc.Association // in the order in which they were bound
}

// at is the collection of that name.
func (s *session) at(name string) (*place, error) {
	if c := s.visited[name]; c != nil {
		return c, nil
	}
	c := &place{resolved: s.resolved(name), s: s}
	if c.resolved == nil || c.info == nil {
		return nil, &memrel.Error{Kind: memrel.ErrUnknownTable, Op: s.op, Table: name, Detail: "there is no collection " + name, Hint: "define it first"}
	}
	s.visited[name] = c
	return c, nil
}

// resolved is the collection of that name as it is defined; nil if there is none.
func (s *session) resolved(name string) *resolved {
	table := s.all.Table(name)
	if table == "" {
		return nil
	}
	return assoc.Keep(s.set, name, func() *resolved {
		return &resolved{name: name, table: table, info: s.set.Table(table), lists: s.all.Arrays(name), bound: s.set.Of(table)}
	})
}

// junction is the collection through which a belongsToMany leads.
func (s *session) junction(a *assoc.Association) (*place, error) {
	return s.at(s.all.Named(a.Junction))
}

// refused is an error in the words of the recorded system, with a cure.
func (c *place) refused(cure, format string, args ...any) error {
	return &memrel.Error{Kind: memrel.ErrQuery, Op: c.s.op, Table: c.table, Detail: fmt.Sprintf(format, args...), Hint: cure}
}

func (c *place) model() memrel.Model { return memrel.ModelOf(c.table) }

// column is where a column of the collection stands; -1 if there is none.
func (c *place) column(name string) int {
	return slices.IndexFunc(c.info.Schema.Columns, func(col memrel.Column) bool { return col.Name == name })
}

func (c *place) has(column string) bool { return c.column(column) >= 0 }

func (c *place) typeOf(column string) memrel.Type {
	if p := c.column(column); p >= 0 {
		return c.info.Schema.Columns[p].Type
	}
	return 0
}

// pk is the primary key, or the first column of it.
func (c *place) pk() string { return c.info.Schema.PrimaryKey[0] }

// counted tells whether the primary key is counted by the store, so that rows are loaded in its order.
func (c *place) counted() bool {
	p := c.column(c.pk())
	return p >= 0 && c.info.Schema.Columns[p].AutoIncrement
}

// step leads from a row to others: an association, or a list of keys.
type step struct {
	as     string
	a      *assoc.Association
	list   *nocobase.Array
	target *place
}

// many tells whether the step leads to any number of rows.
func (st step) many() bool { return st.list != nil || st.a.Kind.Many() }

// step is the relation of that name; ok is false if there is none whose target is there.
func (c *place) step(as string) (st step, ok bool) {
	if st, ok = c.steps[as]; ok {
		return st, st.target != nil
	}
	if i := slices.IndexFunc(c.bound, func(a *assoc.Association) bool { return a.As == as }); i >= 0 {
		st = c.leads(step{as: as, a: c.bound[i]}, c.s.all.Named(c.bound[i].TargetTable))
	}
	for i := range c.lists {
		if l := &c.lists[i]; l.Name == as && !l.Pending {
			st = c.leads(step{as: as, list: l}, l.Target)
		}
	}
	if c.steps == nil {
		c.steps = map[string]step{}
	}
	c.steps[as] = st
	return st, st.target != nil
}

// leads is a step to a collection; it is none if that is not there.
func (c *place) leads(st step, to string) step {
	st.target, _ = c.s.at(to)
	return st
}

// rowKey is the column by which values mean the rows of a relation to many: the targetKey that its field gives, or else the
// primary key of the target.
func (c *place) rowKey(a *assoc.Association) string {
	if a.Kind == assoc.BelongsToMany {
		return a.TargetKey
	}
	if f, ok := c.s.all.Field(c.name, a.As); ok && f.TargetKey != "" {
		return f.TargetKey
	}
	if target, err := c.s.at(a.Target); err == nil {
		return target.pk()
	}
	return ""
}

// rowBy is the row with a value in a column; there is none for NULL.
func (c *place) rowBy(column string, v any) (memrel.Instance, bool, error) {
	if v == nil {
		return memrel.Instance{}, false, nil
	}
	return c.model().First(c.s.r, memrel.Query{Where: memrel.Eq(column, c.fit(column, v))})
}

// again is a row as it is now.
func (c *place) again(i memrel.Instance) (memrel.Instance, error) {
	now, _, err := c.model().FindByPk(c.s.r, memrel.Query{}, memrel.Key(i.Row().Key()))
	return now, err
}
