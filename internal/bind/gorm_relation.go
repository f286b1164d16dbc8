package bind

import (
	"strings"

	"github.com/memrel/memrel/table"
)

// Relation is an association that a field of a struct stands for by GORM's rules. Kind and actions are in the words of package
// assoc; what is empty it leaves open.
type Relation struct {
	Path, Alias, Kind, Target     string // the table of the target
	ForeignKey, OtherKey, Through string
	SourceKey, TargetKey          string
	TypeColumn, TypeValue         string // of a polymorphic one
	OnDelete, OnUpdate            table.Action
	Unconstrained                 bool
	primary, foreign              string // the keys, to find the relation that leads back
}

// gormModel is a struct as GORM sees it.
type gormModel struct {
	of     Struct
	table  string
	fields []structField
}

func (w Words) gormModel(of Struct, name string) (*gormModel, error) {
	if name == "" {
		name = w.TableName(of)
	}
	fields, err := of.fields(name, table.SnakeCase)
	return &gormModel{of, name, fields}, err
}

// lookup is the field of a column, or else of a name.
func (m *gormModel) lookup(name string) (found *structField) {
	for i := range m.fields {
		f := &m.fields[i]
		if _, _, filled := f.filled(); filled {
			continue
		}
		if f.column == name {
			return f
		}
		if f.name == name && found == nil {
			found = f
		}
	}
	return found
}

// GORMRelations are the relations of a struct whose table is of that name, by the rules of gorm.io/gorm/schema. Errors are of kind
// ErrDefinition.
func (s Struct) GORMRelations(name string, w Words) (out []Relation, err error) {
	m, err := w.gormModel(s, name)
	if err != nil {
		return nil, err
	}
	for i := range m.fields {
		f := &m.fields[i]
		if _, _, filled := f.filled(); !filled {
			continue
		}
		r, target, err := w.relation(m, f)
		if err != nil {
			return nil, err
		}
		if r.Kind == "belongsTo" && w.leadsBack(m, target, &r) {
			r.OnDelete, r.OnUpdate = table.Unspecified, table.Unspecified // which the other side says
		}
		out = append(out, r)
	}
	return out, nil
}

// leadsBack tells whether the target has a relation to the source by the same keys: its constraint stands.
func (w Words) leadsBack(m, target *gormModel, r *Relation) bool {
	for i := range target.fields {
		f := &target.fields[i]
		if elem, _, filled := f.filled(); !filled || elem != m.of.Type {
			continue
		}
		back, _, err := w.relation(target, f)
		if err == nil && back.Through == "" && back.Kind != "belongsTo" && back.primary == r.primary && back.foreign == r.foreign && back.TypeColumn == "" {
			return true
		}
	}
	return false
}

// relation is that of a field, and its target.
func (w Words) relation(m *gormModel, f *structField) (r Relation, target *gormModel, err error) {
	elem, many, _ := f.filled()
	if target, err = w.gormModel(Struct{elem, table.GORM}, ""); err != nil {
		return r, nil, err
	}
	if elem == m.of.Type {
		target = m
	}
	r = Relation{Path: f.path, Alias: f.column, Target: target.table, OnDelete: table.NoAction, OnUpdate: table.NoAction}
	p := r.constraint(f.gorm["CONSTRAINT"])
	switch {
	case p != nil:
	case len(f.gorm.list("FOREIGNKEY")) > 1 || len(f.gorm.list("REFERENCES")) > 1:
		p = problemf("take a key of one column", "its relation goes by several columns")
	case f.gorm.has("POLYMORPHIC") || f.gorm.has("POLYMORPHICTYPE") && f.gorm.has("POLYMORPHICID"):
		p = r.polymorphic(m, target, f, many)
	case f.gorm.has("MANY2MANY"):
		p = r.many2many(m, target, f, w)
	default:
		p = r.guess(m, target, f, many)
	}
	if p != nil {
		return r, target, p.at(m.table, f.path)
	}
	return r, target, nil
}

// constraint reads what the tag says of the foreign key.
func (r *Relation) constraint(text string) *problem {
	if r.Unconstrained = text == "-"; r.Unconstrained {
		r.OnDelete, r.OnUpdate = table.Unspecified, table.Unspecified
		return nil
	}
	for _, part := range splitEscaped(text, ",") {
		key, value, _ := strings.Cut(part, ":")
		var to *table.Action
		switch strings.ToUpper(strings.TrimSpace(key)) {
		case "ONDELETE":
			to = &r.OnDelete
		case "ONUPDATE":
			to = &r.OnUpdate
		default:
			continue
		}
		a, p := tagAction(strings.TrimSpace(value))
		if p != nil {
			return p
		}
		*to = a
	}
	return nil
}

// has makes it a relation whose foreign key the target keeps.
func (r *Relation) has(many bool, key, foreign *structField) {
	r.Kind = "hasOne"
	if many {
		r.Kind = "hasMany"
	}
	r.SourceKey, r.ForeignKey = key.column, foreign.column
	r.primary, r.foreign = key.column, foreign.column
}

// guess finds the keys of a relation by their names: those of the one that has rows, and else, if it leads to one row, of the one that
// belongs to it. One to the struct itself is taken for one that belongs first.
func (r *Relation) guess(m, target *gormModel, f *structField, many bool) *problem {
	belongs := func() bool {
		key, foreign := gormPair(target, m, f, f.name)
		if foreign == nil {
			return false
		}
		r.Kind, r.TargetKey, r.ForeignKey = "belongsTo", key.column, foreign.column
		r.primary, r.foreign = key.column, foreign.column
		return true
	}
	has := func() bool {
		key, foreign := gormPair(m, target, f, m.of.Type.Name())
		if foreign == nil {
			return false
		}
		r.has(many, key, foreign)
		return true
	}
	ok := false
	switch {
	case many:
		ok = has()
	case target == m:
		ok = belongs() || has()
	default:
		ok = has() || belongs()
	}
	if ok {
		return nil
	}
	return problemf("add the foreign key as a field, or name it in the tag: foreignKey:Field"+"; or tag it `"+tagKey+`:"-"`+"` to leave it out",
		"no field is the foreign key of a relation to %s", target.of.Type.Name())
}

// gormPair finds the key of primary and the field of foreign that refers to it; nil if there is none. of begins the name of the latter.
func gormPair(primary, foreign *gormModel, f *structField, of string) (key, refers *structField) {
	keys := gormPrimaries(primary.fields)
	if refs := f.gorm.list("REFERENCES"); len(refs) == 1 {
		key = primary.lookup(refs[0])
		if keys = []*structField{key}; key == nil {
			return nil, nil
		}
	}
	if names := f.gorm.list("FOREIGNKEY"); len(names) == 1 {
		refers = foreign.lookup(names[0])
		if key == nil && refers != nil {
			key = gormPrimary(primary.fields)
		}
		if key == nil {
			return nil, nil
		}
		return key, refers
	}
	if len(keys) != 1 {
		return nil, nil
	}
	base := strings.TrimSuffix(of+keys[0].name, keys[0].name)
	for _, name := range []string{of + keys[0].name, base + "ID", base + "Id", gormName(base + "ID")} {
		if refers = foreign.lookup(name); refers != nil {
			return keys[0], refers
		}
	}
	return nil, nil
}

// polymorphic makes it a relation by a key and the name of a table.
func (r *Relation) polymorphic(m, target *gormModel, f *structField, many bool) *problem {
	base := f.gorm["POLYMORPHIC"]
	names := map[string]string{"Type": base + "Type", "ID": base + "ID"}
	for suffix, key := range map[string]string{"Type": "POLYMORPHICTYPE", "ID": "POLYMORPHICID"} {
		if f.gorm.has(key) {
			names[suffix] = strings.TrimSpace(f.gorm[key])
		}
	}
	kind, id, key := target.lookup(names["Type"]), target.lookup(names["ID"]), gormPrimary(m.fields)
	if own := f.gorm.list("FOREIGNKEY"); len(own) == 1 {
		key = m.lookup(own[0])
	}
	if kind == nil || id == nil || key == nil {
		return problemf("add them, or name them in the tag: polymorphicType and polymorphicId", "%s has no fields %s and %s for its relation", target.of.Type.Name(), names["Type"], names["ID"])
	}
	r.has(many, key, id)
	r.TypeColumn, r.TypeValue = kind.column, m.table
	if f.gorm.has("POLYMORPHICVALUE") {
		r.TypeValue = strings.TrimSpace(f.gorm["POLYMORPHICVALUE"])
	}
	r.Unconstrained, r.OnDelete, r.OnUpdate = true, table.Unspecified, table.Unspecified
	return nil
}

// many2many makes it a relation through a junction.
func (r *Relation) many2many(m, target *gormModel, f *structField, w Words) *problem {
	own, other := gormPrimaries(m.fields), gormPrimaries(target.fields)
	for _, end := range []struct {
		key  string
		of   *gormModel
		keys *[]*structField
	}{{"FOREIGNKEY", m, &own}, {"REFERENCES", target, &other}} {
		if names := f.gorm.list(end.key); len(names) == 1 {
			*end.keys = []*structField{end.of.lookup(names[0])}
		}
	}
	if len(own) != 1 || len(other) != 1 || own[0] == nil || other[0] == nil {
		return problemf("name one column of each with foreignKey and references", "its junction needs a key of one column of %s and of %s", m.of.Type.Name(), target.of.Type.Name())
	}
	name, otherName := titled(m.of.Type.Name())+own[0].name, titled(target.of.Type.Name())+other[0].name
	if join := f.gorm.list("JOINFOREIGNKEY"); len(join) > 0 {
		name = titled(join[0])
	}
	if name == otherName && f.name == target.of.Type.Name() {
		otherName += "Reference"
	} else if name == otherName {
		otherName = w.Singular(f.name) + other[0].name
	}
	if join := f.gorm.list("JOINREFERENCES"); len(join) > 0 {
		otherName = titled(join[0])
	}
	r.Kind, r.Through = "belongsToMany", w.gormJunction(f.gorm["MANY2MANY"])
	r.SourceKey, r.TargetKey, r.ForeignKey, r.OtherKey = own[0].column, other[0].column, gormName(name), gormName(otherName)
	return nil
}

// titled is a name with a capital at first.
func titled(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
