package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Specs are everything that is defined of a store's models and associations, in order of definition.
type Specs struct {
	Models       []Model     `json:"models,omitempty"`
	Associations []Spec      `json:"associations,omitempty"`
	Amendments   []Amendment `json:"amendments,omitempty"`
	Times        []Times     `json:"times,omitempty"`
}

// Times are the columns of a table that is no model in which the store keeps the times of creation and of update; empty where it keeps
// none. It is a [table.Definition].
type Times struct {
	Table     string `json:"table"`
	CreatedAt string `json:"createdAt,omitempty"`
	UpdatedAt string `json:"updatedAt,omitempty"`
}

// Amendment is a change to a table that has associations, to be made again whenever these are resolved.
type Amendment struct {
	Table string
	Parts []table.Part
}

// Resolve works out what specs mean: every name and key of the associations, and the tables of the models. plain finds the
// tables that are not models, as they are without associations. Errors are of kind [types.ErrDefinition] and name the
// cure. O(size of the specs).
func Resolve(p *Profile, s Specs, plain func(name string) (table.Schema, bool)) (*Set, error) {
	r := &resolver{profile: p, plain: plain, amendments: s.Amendments, byName: map[string]*model{}, byTable: map[string]*model{}}
	for _, m := range s.Models {
		if err := r.declare(m); err != nil {
			return nil, err
		}
	}
	if err := r.declaredReferences(); err != nil {
		return nil, err
	}
	for _, t := range s.Times {
		if m := r.find(t.Table); m != nil && m.base != nil {
			m.created, m.updated = t.CreatedAt, t.UpdatedAt
		}
	}
	for _, a := range s.Associations {
		if err := r.associate(a); err != nil {
			return nil, err
		}
	}
	for _, am := range s.Amendments {
		r.find(am.Table) // which stays altered when its last association goes
	}
	return r.set(s)
}

// resolver is the work in progress of [Resolve].
type resolver struct {
	profile    *Profile
	plain      func(string) (table.Schema, bool)
	amendments []Amendment
	models     []*model // in order of appearance
	byName     map[string]*model
	byTable    map[string]*model
	assocs     []*Association
	junctions  []*junction
	conflicts  []conflict
}

// declare enters a model.
func (r *resolver) declare(spec Model) error {
	m := &model{name: spec.Name, table: spec.Table(), names: spec.names(), spec: spec, naming: spec.Naming}
	if spec.Name == "" {
		return types.Refused("", "42602", "give the model a name", "a model has no name")
	}
	for _, name := range []string{spec.Name, spec.TableName, spec.Names.Singular, spec.Names.Plural} {
		if err := types.CheckName(spec.Name, "model", name); err != nil {
			return err
		}
	}
	if err := r.enter(m); err != nil {
		return err
	}
	for _, c := range spec.Columns {
		m.attrs = append(m.attrs, newAttr(c))
	}
	r.amended(m)
	for _, a := range m.attrs {
		if spec.Underscored && a.Field == "" {
			a.Field = types.Underscore(a.Name)
		}
	}
	if len(m.primary()) == 0 {
		id := newAttr(Attribute{Column: autoID(), PrimaryKey: true})
		id.made = true
		m.attrs = append([]*attr{id}, m.attrs...)
	}
	if name := spec.SoftDelete; name != "" && m.attr(name) == nil {
		m.attrs = append(m.attrs, newAttr(Attribute{Column: types.Column{Name: name, Type: index.Time}, Nullable: true}))
	}
	m.created, m.updated = spec.stamps()
	for _, name := range []string{m.created, m.updated} {
		if name != "" && m.attr(name) == nil {
			a := newAttr(Attribute{Column: stamp(name)})
			if spec.Underscored {
				a.Field = types.Underscore(name)
			}
			m.attrs = append(m.attrs, a)
		}
	}
	return nil
}

// amended gives a model the columns and the primary key that its table was given after it was defined.
func (r *resolver) amended(m *model) {
	for _, am := range r.amendments {
		if am.Table != m.table {
			continue
		}
		for _, p := range am.Parts {
			switch p := p.(type) {
			case types.Column:
				if a := m.attr(p.Name); a != nil {
					a.Column = p
				} else {
					m.attrs = append(m.attrs, newAttr(Attribute{Column: p}))
				}
			case table.PrimaryKey:
				for _, a := range m.attrs {
					a.PrimaryKey = slices.Contains(p, a.Name)
				}
			}
		}
	}
}

func (r *resolver) enter(m *model) error {
	if had := r.byName[m.name]; had != nil {
		return types.Refused(m.table, "42P07", "choose another name", "there is a model %s already", m.name)
	}
	if had := r.byTable[m.table]; had != nil {
		return types.Refused(m.table, "42P07", "give one of them another tableName", "models %s and %s have one table, %s", had.name, m.name, m.table)
	}
	r.models = append(r.models, m)
	r.byName[m.name], r.byTable[m.table] = m, m
	return nil
}

// find is the model of that name, or of the table of that name; nil if there is none.
func (r *resolver) find(name string) *model {
	if m := r.byName[name]; m != nil {
		return m
	}
	if m := r.byTable[name]; m != nil {
		return m
	}
	s, ok := r.plain(name)
	if !ok {
		return nil
	}
	m := &model{name: s.Name, table: s.Name, names: Model{Name: s.Name}.names(), base: &s, naming: s.Naming}
	for _, c := range s.Columns {
		m.attrs = append(m.attrs, baseAttr(s, c))
	}
	r.amended(m)
	if r.enter(m) != nil {
		return nil
	}
	return m
}

// baseAttr is a column of a table that is not a model: what it does not say it has decided all the same.
func baseAttr(s table.Schema, c types.Column) *attr {
	a := &attr{Attribute: Attribute{Column: c, PrimaryKey: slices.Contains(s.PrimaryKey, c.Name)}, null: nullable, base: true}
	if c.NotNull || a.PrimaryKey {
		a.null = notNull
	}
	return a
}

// declaredReferences resolves the references that columns of models declare.
func (r *resolver) declaredReferences() error {
	for _, m := range slices.Clone(r.models) {
		for _, a := range m.attrs {
			if a.References == "" {
				continue
			}
			parent := r.find(a.References)
			if parent == nil {
				return types.Refused(m.table, "42P01", "define that model in the same call, or before",
					"%s.%s refers to %s, which does not exist", m.name, a.Name, a.References)
			}
			key := a.RefKey
			if key == "" {
				key = parent.id()
			}
			a.refTo(parent, key, false)
		}
	}
	return nil
}

// associate resolves one association.
func (r *resolver) associate(s Spec) error {
	if err := r.misplaced(s); err != nil {
		return err
	}
	o := &s.Options
	for _, name := range []string{o.As, o.Singular, o.ForeignKey, o.OtherKey, o.Through, o.UniqueKey} {
		if err := types.CheckName(s.String(), "association", name); err != nil {
			return err
		}
	}
	source, target := r.find(s.Source), r.find(s.Target)
	switch {
	case source == nil:
		return r.refuse(s, "42P01", "define it in the same call, or before", "there is no model or table %s", s.Source)
	case target == nil:
		return r.refuse(s, "42P01", "define it in the same call, or before", "there is no model or table %s", s.Target)
	}
	a := &Association{Spec: s, Kind: s.Kind, Source: source.name, Target: target.name, SourceTable: source.table,
		TargetTable: target.table, Aliased: s.Options.As != ""}
	a.name(target)
	if err := r.checkAlias(s, a, source); err != nil {
		return err
	}
	var err error
	if s.Kind == BelongsToMany {
		err = r.belongsToMany(a, source, target)
	} else {
		err = r.oneKey(a, source, target)
	}
	if err != nil {
		return err
	}
	source.assocs = append(slices.DeleteFunc(source.assocs, func(had *Association) bool { return had.As == a.As }), a)
	r.assocs = append(r.assocs, a)
	if source.attr(a.As) != nil {
		return r.refuse(s, "42701", "choose another foreign key, or another alias with As",
			"the association %s has the name of a column of %s", a.As, source.name)
	}
	return nil
}

func (r *resolver) refuse(s Spec, state, hint, format string, args ...any) error {
	return types.Refused(s.String(), state, hint, format, args...)
}

// name works out the alias and its forms.
func (a *Association) name(target *model) {
	o := &a.Spec.Options
	switch {
	case o.As == "" && a.Kind.Many():
		a.As, a.Names = target.names.Plural, target.names
	case o.As == "":
		a.As, a.Names = target.names.Singular, target.names
	case a.Kind.Many():
		a.As, a.Names = o.As, Names{Singular: o.Singular, Plural: o.As}
		if o.Singular == "" {
			a.Names.Singular = Singularize(o.As)
		}
	default:
		a.As, a.Names = o.As, Names{Singular: o.As, Plural: o.As}
	}
}

func (r *resolver) checkAlias(s Spec, a *Association, source *model) error {
	if !slices.ContainsFunc(source.assocs, func(had *Association) bool { return had.As == a.As }) {
		return nil
	}
	if !a.Aliased && r.profile.Redeclares {
		return nil
	}
	return r.refuse(s, "42710", "give one of them another alias with As", "%s has an association %s already", source.name, a.As)
}
