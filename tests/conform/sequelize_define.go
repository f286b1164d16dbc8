package main

import (
	"fmt"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// recordedTypes are the recordings' column types.
var recordedTypes = map[string]memrel.Column{"STRING": {Type: memrel.String, Size: 255}, "TEXT": {Type: memrel.String},
	"INTEGER": {Type: memrel.Int, Size: 32}, "BIGINT": {Type: memrel.Int}, "DOUBLE": {Type: memrel.Float},
	"BOOLEAN": {Type: memrel.Bool}, "UUID": {Type: memrel.UUID}, "DATE": {Type: memrel.Time}}

// typeName is the recordings' word for the type of a column.
func typeName(c memrel.Column) string {
	for name, t := range recordedTypes {
		if t.Type == c.Type && (t.Size == c.Size || c.Type == memrel.Int && t.Size%64 == c.Size%64) {
			return name
		}
	}
	return c.Type.String()
}

// definitions are the recording's models and associations.
func (r *recording) definitions(now func() time.Time) (defs []memrel.Definition, err error) {
	defs = append(defs, assoc.Sequelize6(), memrel.Clock(now))
	for _, m := range r.Models {
		o := &m.Options
		spec := memrel.ModelSpec{Name: m.Name, Names: assoc.Names{Singular: o.Name.Singular, Plural: o.Name.Plural},
			TableName: o.TableName, FreezeTableName: o.FreezeTableName, Underscored: o.Underscored, Timestamps: o.Timestamps,
			CreatedAt: stampOption(o.CreatedAt), UpdatedAt: stampOption(o.UpdatedAt)}
		if o.Paranoid {
			spec.SoftDelete = "deletedAt"
		}
		for _, c := range m.Columns {
			a, err := c.attribute()
			if err != nil {
				return nil, err
			}
			spec.Columns = append(spec.Columns, a)
		}
		defs = append(defs, spec)
	}
	for _, a := range r.Associations {
		spec, err := a.spec()
		if err != nil {
			return nil, err
		}
		defs = append(defs, spec)
	}
	return defs, nil
}

func stampOption(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if !v {
			return "-"
		}
	}
	return ""
}

func (c *recordedColumn) attribute() (memrel.Attribute, error) {
	col, ok := recordedTypes[c.Type]
	if !ok && c.Type != "" {
		return memrel.Attribute{}, fmt.Errorf("unknown column type %q", c.Type)
	}
	col.Name, col.AutoIncrement, col.Default = c.Name, c.AutoIncrement, c.DefaultValue
	a := memrel.Attribute{Column: col, PrimaryKey: c.PrimaryKey, Field: c.Field, Min: c.Validate.Min, Max: c.Validate.Max,
		OnDelete: c.OnDelete, OnUpdate: c.OnUpdate}
	if c.AllowNull != nil {
		a.NotNull, a.Nullable = !*c.AllowNull, *c.AllowNull
	}
	switch u := c.Unique.(type) {
	case bool:
		a.Unique = u
	case string:
		a.UniqueKey = u
	}
	if c.References != nil {
		a.References, a.RefKey = c.References.Model, c.References.Key
	}
	return a, nil
}

func (a *recordedAssoc) spec() (assoc.Spec, error) {
	o := &a.Options
	s := assoc.Spec{Source: a.Source, Target: a.Target, Options: assoc.Options{SourceKey: o.SourceKey, TargetKey: o.TargetKey,
		UniqueKey: o.UniqueKey, Unconstrained: o.Constraints != nil && !*o.Constraints, Timestamps: o.Timestamps,
		OnDelete: o.OnDelete, OnUpdate: o.OnUpdate}}
	if err := s.Kind.UnmarshalText([]byte(a.Kind)); err != nil {
		return s, err
	}
	switch as := o.As.(type) {
	case string:
		s.Options.As = as
	case map[string]any:
		s.Options.As, s.Options.Singular = fmt.Sprint(as["plural"]), fmt.Sprint(as["singular"])
	}
	var err error
	if s.Options.ForeignKey, s.Options.ForeignColumn, err = keyOption(o.ForeignKey); err != nil {
		return s, err
	}
	if s.Options.OtherKey, s.Options.OtherColumn, err = keyOption(o.OtherKey); err != nil {
		return s, err
	}
	switch t := o.Through.(type) {
	case string:
		s.Options.Through = t
	case map[string]any:
		s.Options.Through, _ = t["model"].(string)
		s.Options.NotUnique = t["unique"] == false
		if s.Options.ThroughScope, s.Options.ThroughWhere, err = scopeOption(t["scope"]); err != nil {
			return s, err
		}
	}
	s.Options.Scope, s.Options.Where, err = scopeOption(o.Scope)
	return s, err
}

// scopeOption is a scope: the values that it writes, and what it asks beside with operators.
func scopeOption(v any) (values memrel.Values, where memrel.Cond, err error) {
	object, _ := v.(map[string]any)
	asked := map[string]any{}
	for name, one := range object {
		if _, operators := one.(map[string]any); operators {
			asked[name] = one
			continue
		}
		if values == nil {
			values = memrel.Values{}
		}
		values[name] = one
	}
	if len(asked) > 0 {
		where, err = conditionOf(asked)
	}
	return values, where, err
}

// keyOption is a foreign key given by name or as a column.
func keyOption(v any) (string, *memrel.Attribute, error) {
	switch v := v.(type) {
	case nil:
		return "", nil, nil
	case string:
		return v, nil, nil
	}
	var c recordedColumn
	if err := redecode(v, &c); err != nil {
		return "", nil, err
	}
	a, err := c.attribute()
	return "", &a, err
}
