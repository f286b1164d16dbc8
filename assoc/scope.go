package assoc

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// scope is what an association's scope asks of a record: columns, each with the value that it has, and a condition. nil asks
// nothing.
type scope struct {
	hides *table.Def // soft-deleted rows are not in it; nil: they are
	equal []scoped
	asked *query.Predicate
}

type scoped struct {
	pos int
	typ index.Type
	val index.Value
}

// has tells whether a record is in the scope.
func (s *scope) has(r index.Record) bool {
	switch {
	case s == nil:
		return true
	case s.hides != nil && s.hides.Gone(r):
		return false
	}
	for i := range s.equal {
		if x := &s.equal[i]; !index.Equal(x.typ, r.At(x.pos), x.val) {
			return false
		}
	}
	return s.asked == nil || s.asked.Eval(r) == query.True
}

// newScope compiles the values and the condition of a scope. Rows that are soft-deleted are in none, unless they are asked for.
func newScope(d *table.Def, values table.Values, asked query.Cond, deleted bool) (*scope, error) {
	var out scope
	if d.SoftDelete() >= 0 && !deleted {
		out.hides = d
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p, ok := d.Column(name)
		if !ok {
			return nil, d.UnknownColumn(name)
		}
		c := &d.Columns()[p]
		val, err := c.FromGo(values[name])
		if err != nil {
			return nil, err
		}
		out.equal = append(out.equal, scoped{p, c.Type, val})
	}
	if asked.Op != query.OpAll {
		var err error
		if out.asked, err = d.CompileCond(asked); err != nil {
			return nil, err
		}
	}
	if out.hides == nil && out.equal == nil && out.asked == nil {
		return nil, nil
	}
	return &out, nil
}

// narrow works out the scopes of an association's way; deleted and deletedLinks tell that soft-deleted targets, and junction rows,
// are in them.
func (w *accessPath) narrow(a *Association, r table.Reader, deleted, deletedLinks bool) (err error) {
	if w.scope, err = newScope(r.Table(a.TargetTable).Def(), a.target.written, a.target.asked, deleted); err != nil || a.Kind != BelongsToMany {
		return err
	}
	w.linkScope, err = newScope(r.Table(a.Junction).Def(), a.link.written, a.link.asked, deletedLinks)
	return err
}

// withDeleted makes the way lead to soft-deleted targets, and through soft-deleted junction rows, as well.
func (l *boundAssociation) withDeleted(r table.Reader, deleted, links bool) error {
	if !deleted && !links {
		return nil
	}
	w, shown := *l.accessPath, table.ShowsDeleted(r)
	l.accessPath = &w
	return w.narrow(l.a, r, deleted || shown, links || shown)
}

// scopeParts are a scope as it is carried out: values that are written, and what is asked beside.
type scopeParts struct {
	written table.Values
	asked   query.Cond
}

// partsOf takes a scope apart: a list is asked, unless the column holds lists or JSON.
func (s *Set) partsOf(tableName string, values table.Values, where query.Cond) (out scopeParts) {
	var conds []query.Cond
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list, is := values[name].([]any)
		if !is || s.holdsLists(tableName, name) {
			if out.written == nil {
				out.written = table.Values{}
			}
			out.written[name] = values[name]
			continue
		}
		conds = append(conds, query.In(name, list...))
	}
	if where.Op != query.OpAll {
		conds = append(conds, where)
	}
	if len(conds) > 0 {
		out.asked = query.And(conds...)
	}
	return out
}

func (s *Set) holdsLists(tableName, column string) bool {
	return slices.ContainsFunc(s.byTable[tableName].Schema.Columns, func(c types.Column) bool {
		return c.Name == column && (c.Type.IsList() || c.Type == index.JSON)
	})
}

// targetsInScope refuses rows of the target that were written for the association and are not in what its scope asks.
func (a *Association) targetsInScope(r table.Reader, recs []index.Record) error {
	if a.target.asked.Op == query.OpAll {
		return nil
	}
	w, err := a.accessPath(r)
	if err != nil {
		return err
	}
	return a.mustBeIn(w.scope, r.Table(a.TargetTable).Def(), recs)
}

// linksInScope is targetsInScope for junction rows.
func (a *Association) linksInScope(r table.Reader, recs []index.Record) error {
	if a.link.asked.Op == query.OpAll {
		return nil
	}
	w, err := a.accessPath(r)
	if err != nil {
		return err
	}
	return a.mustBeIn(w.linkScope, r.Table(a.Junction).Def(), recs)
}

func (a *Association) mustBeIn(in *scope, def *table.Def, recs []index.Record) error {
	at := slices.IndexFunc(recs, func(rec index.Record) bool { return !in.has(rec) })
	if at < 0 {
		return nil
	}
	rec := recs[at]
	return &types.Error{Kind: types.ErrCheck, Table: def.Name(), Rows: []string{def.Label(rec)},
		Detail: fmt.Sprintf("row %s is not in the scope of %s: %s", def.Label(rec), a, in.asked), Hint: "give it values that are"}
}

// merged is one of several lists of values, of which the later stand before the earlier.
func merged(lists ...table.Values) table.Values {
	out := table.Values{}
	for _, values := range lists {
		maps.Copy(out, values)
	}
	return out
}

// scopes refuses scopes that no row could be in: of columns that do not exist or cannot have the value, and of the foreign
// keys, which the association writes itself.
func (s *Set) scopes(a *Association) error {
	o := &a.Spec.Options
	a.target = s.partsOf(a.TargetTable, o.Scope, o.Where)
	if err := s.checkScope(a, a.TargetTable, o.Scope, &a.target); err != nil || a.Kind != BelongsToMany {
		return err
	}
	a.link = s.partsOf(a.Junction, o.ThroughScope, o.ThroughWhere)
	a.softLinks = s.byTable[a.Junction].Schema.SoftDelete != ""
	return s.checkScope(a, a.Junction, o.ThroughScope, &a.link)
}

func (s *Set) checkScope(a *Association, tableName string, values table.Values, parts *scopeParts) error {
	refuse := func(state, hint, format string, args ...any) error {
		return types.Refused(a.Spec.String(), state, hint, format, args...)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		m := s.byTable[tableName]
		at := slices.IndexFunc(m.Schema.Columns, func(c types.Column) bool { return c.Name == name })
		switch {
		case at < 0:
			return refuse("42703", "add the column, or correct its name", "the scope names %s.%s, which does not exist", m.Name, name)
		case name == a.ForeignKey || tableName == a.Junction && name == a.OtherKey:
			return refuse("42601", "leave it out of the scope", "the scope names %s.%s, the foreign key, which the association writes itself", m.Name, name)
		}
		if _, written := parts.written[name]; !written {
			continue
		}
		c := &m.Schema.Columns[at]
		v, err := c.FromGo(values[name])
		var e *types.Error
		switch {
		case errors.As(err, &e):
			return refuse(e.SQLState(), e.Hint, "the scope cannot be: %s.%s", m.Name, e.Detail)
		case v.IsNull() && c.NotNull:
			return refuse("23502", "give the scope another value, or let the column be NULL", "the scope wants NULL in %s.%s, which is NOT NULL", m.Name, name)
		}
	}
	if parts.asked.Op == query.OpAll {
		return nil
	}
	def, err := table.Compile(s.byTable[tableName].Schema)
	if err == nil {
		_, err = def.CompileCond(parts.asked)
	}
	if e := types.AsError(err); e != nil {
		return refuse(e.SQLState(), e.Hint, "the scope cannot be asked: %s", e.Detail)
	}
	return err
}

// Scopes are the conditions that rows of the target, and of the junction, satisfy which the association leads to.
func (a *Association) Scopes() (target, link query.Cond) {
	of := func(s scopeParts) query.Cond { return query.And(Matching(s.written), s.asked) }
	return of(a.target), of(a.link)
}
