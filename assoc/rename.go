package assoc

import (
	"cmp"
	"slices"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// renamer writes a set's definitions in other names.
type renamer struct {
	*table.Renaming
	set *Set
}

func (w *renamer) run() (*Set, error) {
	s := w.set
	next := *s
	next.specs = Specs{Models: slices.Clone(s.specs.Models), Associations: slices.Clone(s.specs.Associations),
		Amendments: slices.Clone(s.specs.Amendments), Times: slices.Clone(s.specs.Times)}
	next.all, next.models = nil, nil
	next.byName, next.byTable = map[string]*Info{}, map[string]*Info{}
	found := w.Association == ""
	for i, a := range s.all {
		b := w.association(a)
		found = found || b.As != a.As
		next.all = append(next.all, b)
		if i < len(next.specs.Associations) {
			next.specs.Associations[i] = w.spec(a, b)
			b.Spec = next.specs.Associations[i]
		}
	}
	if !found {
		return nil, noAssociation(w.Renaming)
	}
	for i := range next.specs.Models {
		next.specs.Models[i] = w.model(next.specs.Models[i])
	}
	for i, am := range next.specs.Amendments {
		next.specs.Amendments[i] = w.amendment(am)
	}
	if w.Constraint != "" && s.byTable[w.Table] != nil {
		next.specs.Amendments = append(next.specs.Amendments, Amendment{Table: w.Table, Parts: []table.Part{w.Rename}})
	}
	for i, t := range next.specs.Times {
		if t.Table == w.Table {
			next.specs.Times[i] = Times{w.TableNow(t.Table), w.ColumnNow(w.Table, t.CreatedAt), w.ColumnNow(w.Table, t.UpdatedAt)}
		}
	}
	for _, m := range s.models {
		m = w.described(m)
		next.models = append(next.models, m)
		next.byName[m.Name], next.byTable[m.Table] = m, m
	}
	return &next, nil
}

// named is the new name of a model or table that a definition goes by.
func (w *renamer) named(name string) string {
	if m := w.set.byName[name]; m != nil && m.Table != name {
		return name
	}
	return w.TableNow(name)
}

func (w *renamer) columns(table string, names []string) []string {
	out := slices.Clone(names)
	for i := range out {
		out[i] = w.ColumnNow(table, out[i])
	}
	return out
}

// described is what the next resolution looks at of a model that there was.
func (w *renamer) described(m *Info) *Info {
	out := &Info{Name: m.Name, Table: w.TableNow(m.Table), CreatedAt: w.ColumnNow(m.Table, m.CreatedAt), UpdatedAt: w.ColumnNow(m.Table, m.UpdatedAt)}
	if m.Base != nil {
		base := m.Base.Clone()
		if def, err := table.Compile(base); err == nil { // for the names of constraints, which they keep
			base = def.Schema()
		}
		w.schema(&base)
		out.Base = &base
		out.Name = w.TableNow(m.Name)
	}
	return out
}

// schema writes a table's definition in the new names.
func (w *renamer) schema(s *table.Schema) {
	if s.Name == w.Table && w.Constraint == "" && w.Association == "" {
		_ = s.Alter(w.Rename) // what it does not have, an association brought
	}
	for i := range s.References {
		r := &s.References[i]
		r.RefColumns = w.columns(r.Table, r.RefColumns)
		r.Table = w.TableNow(r.Table)
	}
}

// association is an association in the new names.
func (w *renamer) association(a *Association) *Association {
	holder, own, far := keyTables(a)
	as := a.As
	if a.SourceTable == w.Table && a.As == w.Association {
		as = w.To
	}
	return &Association{Spec: a.Spec, Kind: a.Kind, Source: a.Source, Target: a.Target, Through: a.Through, As: as, Names: a.Names, Aliased: a.Aliased,
		SourceTable: w.TableNow(a.SourceTable), TargetTable: w.TableNow(a.TargetTable), Junction: w.TableNow(a.Junction),
		ForeignKey: w.ColumnNow(holder, a.ForeignKey), OtherKey: w.ColumnNow(a.Junction, a.OtherKey),
		SourceKey: w.ColumnNow(own, a.SourceKey), TargetKey: w.ColumnNow(far, a.TargetKey)}
}

// keyTables are the tables of an association's ForeignKey, SourceKey and TargetKey.
func keyTables(a *Association) (holder, own, far string) {
	switch a.Kind {
	case BelongsTo:
		return a.SourceTable, a.SourceTable, a.TargetTable
	case BelongsToMany:
		return a.Junction, a.SourceTable, a.TargetTable
	}
	return a.TargetTable, a.SourceTable, a.TargetTable
}

// spec is the definition of an association in the new names; what would follow from the old ones it says now.
func (w *renamer) spec(a, now *Association) Spec {
	out := a.Spec
	o := &out.Options
	out.Source, out.Target = w.named(out.Source), w.named(out.Target)
	if o.Through != "" {
		o.Through = w.named(o.Through)
	}
	led := out.Source != a.Spec.Source || out.Target != a.Spec.Target || now.As != a.As
	if led {
		o.As = now.As
		if a.Kind.Many() && now.As == a.As {
			o.Singular = cmp.Or(o.Singular, a.Names.Singular)
		}
	}
	if led || now.ForeignKey != a.ForeignKey || now.OtherKey != a.OtherKey || now.SourceKey != a.SourceKey || now.TargetKey != a.TargetKey {
		giveKey(&o.ForeignKey, o.ForeignColumn, now.ForeignKey, func(c *Attribute) { o.ForeignColumn = c })
		giveKey(&o.OtherKey, o.OtherColumn, now.OtherKey, func(c *Attribute) { o.OtherColumn = c })
	}
	w.ends(o, a, now)
	w.conditions(o, a)
	return out
}

// giveKey names a foreign key, in what is said of its column too.
func giveKey(name *string, column *Attribute, to string, say func(*Attribute)) {
	*name = to
	if column != nil {
		c := *column
		c.Name = to
		say(&c)
	}
}

// ends are the keys that foreign keys refer to.
func (w *renamer) ends(o *Options, a, now *Association) {
	if o.SourceKey != "" || a.SourceKey != now.SourceKey && a.Kind != BelongsTo {
		o.SourceKey = now.SourceKey
	}
	if o.TargetKey != "" || a.TargetKey != now.TargetKey && (a.Kind == BelongsTo || a.Kind == BelongsToMany) {
		o.TargetKey = now.TargetKey
	}
}

// conditions are the scopes and orders of an association.
func (w *renamer) conditions(o *Options, a *Association) {
	if w.Column == "" {
		return
	}
	values := func(of string, v table.Values) table.Values {
		if v == nil {
			return nil
		}
		out := table.Values{}
		for name, value := range v {
			out[w.ColumnNow(of, name)] = value
		}
		return out
	}
	where := func(of string, c query.Cond) query.Cond {
		if of != w.Table {
			return c
		}
		return c.Renamed(w.Column, w.To)
	}
	o.Scope, o.Where = values(a.TargetTable, o.Scope), where(a.TargetTable, o.Where)
	o.ThroughScope, o.ThroughWhere = values(a.Junction, o.ThroughScope), where(a.Junction, o.ThroughWhere)
	o.Order = slices.Clone(o.Order)
	for i := range o.Order {
		o.Order[i].Column = w.ColumnNow(a.TargetTable, o.Order[i].Column)
	}
}

// model is a model in the new names.
func (w *renamer) model(m Model) Model {
	name := m.Table()
	m.Columns = slices.Clone(m.Columns)
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.References != "" {
			parent := w.set.Model(c.References)
			if parent != nil {
				c.RefKey = w.ColumnNow(parent.Table, c.RefKey)
			}
			c.References = w.named(c.References)
		}
	}
	if name != w.Table {
		return m
	}
	m.TableName = w.TableNow(name)
	if w.Column == "" {
		return m
	}
	w.modelColumn(&m)
	return m
}

// modelColumn renames a column of a model. One that follows from a convention is declared from then on.
func (w *renamer) modelColumn(m *Model) {
	_, made := m.stamps()
	if created, _ := m.stamps(); created == w.Column {
		m.CreatedAt = w.To
	}
	if made == w.Column {
		m.UpdatedAt = w.To
	}
	if m.SoftDelete == w.Column {
		m.SoftDelete = w.To
	}
	declared := false
	primary := false
	for i := range m.Columns {
		c := &m.Columns[i]
		primary = primary || c.PrimaryKey
		if c.Name == w.Column {
			c.Name, declared = w.To, true
		}
	}
	if id := autoID(); !declared && !primary && id.Name == w.Column {
		id.Name = w.To
		m.Columns = append([]Attribute{{Column: id, PrimaryKey: true}}, m.Columns...)
	}
	m.Indexes, m.UniqueKeys = slices.Clone(m.Indexes), slices.Clone(m.UniqueKeys)
	now := func(name string) string { return w.ColumnNow(w.Table, name) }
	for i := range m.Indexes {
		m.Indexes[i] = m.Indexes[i].Renamed(now)
	}
	for i := range m.UniqueKeys {
		m.UniqueKeys[i] = m.UniqueKeys[i].Renamed(now)
	}
}

// amendment is a change that was made before, in the new names.
func (w *renamer) amendment(am Amendment) Amendment {
	own := am.Table
	out := Amendment{Table: w.TableNow(own)}
	for _, p := range am.Parts {
		out.Parts = append(out.Parts, w.part(own, p))
	}
	return out
}

func (w *renamer) part(own string, p table.Part) table.Part {
	switch p := p.(type) {
	case types.Column:
		p.Name = w.ColumnNow(own, p.Name)
		return p
	case table.ChangeColumn:
		p.Name = w.ColumnNow(own, p.Name)
		return p
	case table.Annotation:
		p.Column = w.ColumnNow(own, p.Column)
		return p
	case table.UniqueKey:
		return p.Renamed(func(name string) string { return w.ColumnNow(own, name) })
	case table.Index:
		return p.Renamed(func(name string) string { return w.ColumnNow(own, name) })
	case table.PrimaryKey:
		return table.PrimaryKey(w.columns(own, p))
	case table.ColumnOrder:
		return table.ColumnOrder(w.columns(own, p))
	case table.DropColumn:
		return table.DropColumn(w.ColumnNow(own, string(p)))
	case table.DropColumnCascade:
		return table.DropColumnCascade(w.ColumnNow(own, string(p)))
	case table.SoftDelete:
		return table.SoftDelete(w.ColumnNow(own, string(p)))
	case table.CheckConstraint:
		if own == w.Table && w.Column != "" {
			p.Where = p.Where.Renamed(w.Column, w.To)
		}
		return p
	case table.Reference:
		p.Columns, p.SetColumns = w.columns(own, p.Columns), w.columns(own, p.SetColumns)
		p.RefColumns, p.Table = w.columns(p.Table, p.RefColumns), w.TableNow(p.Table)
		return p
	}
	return p
}
