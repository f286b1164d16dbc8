package assoc

import (
	"errors"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// scope is what an association's scope asks of a record: columns, each with the value that it has. nil asks nothing.
type scope []scoped

type scoped struct {
	pos int
	typ index.Type
	val index.Value
}

// has tells whether a record is in the scope.
func (s scope) has(r index.Record) bool {
	for i := range s {
		if !index.Equal(s[i].typ, r.At(s[i].pos), s[i].val) {
			return false
		}
	}
	return true
}

// newScope compiles the values of a scope. Rows that are soft-deleted are in none.
func newScope(d *table.Def, values table.Values) (scope, error) {
	var out scope
	if p := d.SoftDelete(); p >= 0 {
		out = append(out, scoped{p, index.Time, index.Null})
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
		out = append(out, scoped{p, c.Type, val})
	}
	return out, nil
}

// narrow works out the scopes of an association's way.
func (w *accessPath) narrow(a *Association, r table.Reader) (err error) {
	if w.scope, err = newScope(r.Table(a.TargetTable).Def(), a.Spec.Options.Scope); err != nil || a.Kind != BelongsToMany {
		return err
	}
	w.linkScope, err = newScope(r.Table(a.Junction).Def(), a.Spec.Options.ThroughScope)
	return err
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
	if err := s.checkScope(a, a.TargetTable, o.Scope); err != nil {
		return err
	}
	return s.checkScope(a, a.Junction, o.ThroughScope)
}

func (s *Set) checkScope(a *Association, tableName string, values table.Values) error {
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
	return nil
}
