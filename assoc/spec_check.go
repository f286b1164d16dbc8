package assoc

import (
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// takes are the kinds that take an option which not all take, by its name in JSON.
var takes = []struct {
	name  string
	given func(o *Options) bool
	kinds []Kind
}{
	{"singular", func(o *Options) bool { return o.Singular != "" }, []Kind{HasMany, BelongsToMany}},
	{"sourceKey", func(o *Options) bool { return o.SourceKey != "" }, []Kind{HasOne, HasMany, BelongsToMany}},
	{"targetKey", func(o *Options) bool { return o.TargetKey != "" }, []Kind{BelongsTo, BelongsToMany}},
	{"scope", func(o *Options) bool { return len(o.Scope) > 0 }, []Kind{HasOne, HasMany, BelongsToMany}},
	{"where", func(o *Options) bool { return o.Where.Op != query.OpAll }, []Kind{HasOne, HasMany, BelongsToMany}},
	{"throughWhere", func(o *Options) bool { return o.ThroughWhere.Op != query.OpAll }, []Kind{BelongsToMany}},
	{"otherKey", func(o *Options) bool { return o.OtherKey != "" || o.OtherColumn != nil }, []Kind{BelongsToMany}},
	{"through", func(o *Options) bool { return o.Through != "" }, []Kind{BelongsToMany}},
	{"throughScope", func(o *Options) bool { return len(o.ThroughScope) > 0 }, []Kind{BelongsToMany}},
	{"notUnique", func(o *Options) bool { return o.NotUnique }, []Kind{BelongsToMany}},
	{"uniqueKey", func(o *Options) bool { return o.UniqueKey != "" }, []Kind{BelongsToMany}},
	{"timestamps", func(o *Options) bool { return o.Timestamps }, []Kind{BelongsToMany}},
}

// misplaced refuses options that an association of that kind does not have: they would do nothing.
func (r *resolver) misplaced(s Spec) error {
	for _, t := range takes {
		if t.given(&s.Options) && !slices.Contains(t.kinds, s.Kind) {
			var kinds []string
			for _, k := range t.kinds {
				kinds = append(kinds, k.String())
			}
			return r.refuse(s, "42601", "leave it out", "a %s takes no %s, which is for %s", s.Kind, t.name, strings.Join(kinds, ", "))
		}
	}
	o := &s.Options
	for _, a := range []table.Action{o.OnDelete, o.OnUpdate} {
		if err := types.AsError(a.Check()); err != nil {
			return r.refuse(s, "42601", err.Hint, "%s", err.Detail)
		}
	}
	if o.Singular != "" && o.As == "" {
		return r.refuse(s, "42601", "name the plural with As too", "the singular of an alias is given, %s, but no alias", o.Singular)
	}
	for _, key := range [][2]string{{o.ForeignKey, o.foreignKey()}, {o.OtherKey, o.otherKey()}} {
		if key[0] != "" && key[0] != key[1] {
			return r.refuse(s, "42601", "name it once", "a foreign key has two names, %s and %s", key[0], key[1])
		}
	}
	return nil
}

// contradicts refuses a description of a foreign key that a table, which is no model, declares otherwise: such a column
// stays as it is declared.
func (r *resolver) contradicts(s Spec, holder *model, have *attr, given *Attribute) error {
	if given == nil || !have.base {
		return nil
	}
	refuse := func(format string, args ...any) error {
		return r.refuse(s, "42601", "say it where the table declares the column, which is what counts",
			"the options describe %s.%s as "+format, append([]any{holder.name, have.Name}, args...)...)
	}
	switch {
	case given.Type.Valid() && given.Type != have.Type:
		return refuse("of type %s, but it is of type %s", given.Type, have.Type)
	case given.NotNull && !have.Column.NotNull:
		return refuse("NOT NULL, but it may be NULL")
	case given.Nullable && have.Column.NotNull:
		return refuse("a column that may be NULL, but it is NOT NULL")
	case given.HasDefault() && !have.HasDefault():
		return refuse("one with a default, but it has none")
	}
	return nil
}

// stamp makes a junction that is a table, and no model, keep timestamps: in columns of its own, if it has them, or in new
// ones. A model says itself whether it has timestamps.
func (r *resolver) stamp(s Spec, m *model) error {
	if !s.Options.Timestamps || m.base == nil {
		return nil
	}
	m.created, m.updated = m.naming.Column("CreatedAt"), m.naming.Column("UpdatedAt")
	for _, name := range []string{m.created, m.updated} {
		switch have := m.attr(name); {
		case have == nil:
			m.attrs = append(m.attrs, newAttr(Attribute{Column: stamp(name)}))
		case have.Type != index.Time:
			return r.refuse(s, "42804", "make it a time, or leave timestamps out", "%s.%s is of type %s and cannot be a timestamp", m.name, name, have.Type)
		}
	}
	return nil
}
