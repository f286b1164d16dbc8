package schemafile

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// assocEntry is an association in Sequelize's words.
type assocEntry struct {
	Source  string     `json:"source"`
	Kind    assoc.Kind `json:"kind"`
	Target  string     `json:"target"`
	Options struct {
		As          alias      `json:"as"`
		ForeignKey  foreignKey `json:"foreignKey"`
		OtherKey    foreignKey `json:"otherKey"`
		SourceKey   string     `json:"sourceKey"`
		TargetKey   string     `json:"targetKey"`
		Through     junction   `json:"through"`
		UniqueKey   string     `json:"uniqueKey"`
		Timestamps  bool       `json:"timestamps"`
		OnDelete    string     `json:"onDelete"`
		OnUpdate    string     `json:"onUpdate"`
		Constraints *bool      `json:"constraints"`
	} `json:"options"`
}

// alias is a name, or its singular and plural.
type alias struct{ assoc.Names }

// UnmarshalJSON reads a name or an object. A name is the plural, if the association leads to many rows.
func (a *alias) UnmarshalJSON(data []byte) error {
	_, err := either(data, &a.Plural, &a.Names)
	return err
}

// foreignKey is a name, or a column.
type foreignKey struct {
	name   string
	column *modelField
}

// UnmarshalJSON reads a name or an object.
func (k *foreignKey) UnmarshalJSON(data []byte) error {
	_, err := either(data, &k.name, &k.column)
	return err
}

// attribute is the column, nil if the key is but a name.
func (k *foreignKey) attribute() (*memrel.Attribute, error) {
	if k.column == nil {
		return nil, nil
	}
	a, err := k.column.attribute()
	return &a, err
}

// junction is a name, or a model whose rows may say a pair twice.
type junction struct {
	Model  string `json:"model"`
	Unique *bool  `json:"unique"`
}

// UnmarshalJSON reads a name or an object.
func (j *junction) UnmarshalJSON(data []byte) error {
	type plain junction
	_, err := either(data, &j.Model, (*plain)(j))
	return err
}

// associations reads a list of associations.
func (p *parser) associations(in part) (out []memrel.AssociationSpec, err error) {
	var entries []assocEntry
	if err := p.strict(in, &entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		spec, err := e.spec()
		if err != nil {
			return nil, p.errorf(in.at, "%s: %v", spec, err)
		}
		out = append(out, spec)
	}
	return out, nil
}

// spec is the association in memrel's terms.
func (e *assocEntry) spec() (s memrel.AssociationSpec, err error) {
	o := &e.Options
	s = memrel.AssociationSpec{Source: e.Source, Kind: e.Kind, Target: e.Target, Options: memrel.AssociationOptions{
		As: o.As.Plural, Singular: o.As.Singular, ForeignKey: o.ForeignKey.name, OtherKey: o.OtherKey.name,
		SourceKey: o.SourceKey, TargetKey: o.TargetKey, Through: o.Through.Model, NotUnique: o.Through.Unique != nil && !*o.Through.Unique,
		UniqueKey: o.UniqueKey, Timestamps: o.Timestamps,
		Unconstrained: o.Constraints != nil && !*o.Constraints}}
	if err := actions(&s.Options.OnDelete, o.OnDelete, &s.Options.OnUpdate, o.OnUpdate); err != nil {
		return s, err
	}
	if s.Options.ForeignColumn, err = o.ForeignKey.attribute(); err != nil {
		return s, err
	}
	s.Options.OtherColumn, err = o.OtherKey.attribute()
	return s, err
}
