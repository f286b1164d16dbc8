package schemafile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// modelEntry is a model in Sequelize's words.
type modelEntry struct {
	Name    string       `json:"name"`
	Columns []modelField `json:"columns"`
	Options struct {
		Name            assoc.Names `json:"name"`
		TableName       string      `json:"tableName"`
		FreezeTableName bool        `json:"freezeTableName"`
		Underscored     bool        `json:"underscored"`
		Timestamps      bool        `json:"timestamps"`
		CreatedAt       stampName   `json:"createdAt"`
		UpdatedAt       stampName   `json:"updatedAt"`
		// Indexes are indexes, and unique keys.
		Indexes []modelIndex `json:"indexes"`
	} `json:"options"`
}

// modelField is a column of a model, or a foreign key.
type modelField struct {
	Name          string    `json:"name"`
	Type          string    `json:"type"`
	AllowNull     *bool     `json:"allowNull"`
	Unique        uniqueKey `json:"unique"`
	DefaultValue  any       `json:"defaultValue"`
	PrimaryKey    bool      `json:"primaryKey"`
	AutoIncrement bool      `json:"autoIncrement"`
	Field         string    `json:"field"`
	Validate      struct {
		Min any `json:"min"`
		Max any `json:"max"`
	} `json:"validate"`
	References struct {
		Model string `json:"model"`
		Key   string `json:"key"`
	} `json:"references"`
	OnDelete string `json:"onDelete"`
	OnUpdate string `json:"onUpdate"`
}

// stampName is the name of a timestamp column, or false.
type stampName string

// UnmarshalJSON reads a name or false.
func (n *stampName) UnmarshalJSON(data []byte) error {
	var wanted bool
	named, err := either(data, (*string)(n), &wanted)
	if err == nil && !named && !wanted {
		*n = "-"
	}
	return err
}

// uniqueKey is true, or the name of a key that several columns share.
type uniqueKey struct {
	alone bool
	name  string
}

// UnmarshalJSON reads a name or a bool.
func (u *uniqueKey) UnmarshalJSON(data []byte) error {
	_, err := either(data, &u.name, &u.alone)
	return err
}

// either reads a text into name, and anything else into other.
func either(data []byte, name *string, other any) (named bool, err error) {
	if data[0] == '"' {
		return true, json.Unmarshal(data, name)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	return false, dec.Decode(other)
}

// models reads a list of models.
func (p *parser) models(in part) (out []memrel.ModelSpec, err error) {
	var entries []modelEntry
	if err := p.strict(in, &entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		o := &e.Options
		m := memrel.ModelSpec{Name: e.Name, Names: o.Name, TableName: o.TableName, FreezeTableName: o.FreezeTableName,
			Underscored: o.Underscored, Timestamps: o.Timestamps, CreatedAt: string(o.CreatedAt), UpdatedAt: string(o.UpdatedAt)}
		for _, c := range e.Columns {
			a, err := c.attribute()
			if err == nil && c.Type == "" && c.References.Model == "" {
				err = fmt.Errorf("column %s has no type", c.Name)
			}
			if err != nil {
				return nil, p.errorf(in.at, "model %s: %v", e.Name, err)
			}
			m.Columns = append(m.Columns, a)
		}
		for i := range o.Indexes {
			if err := o.Indexes[i].add(&m); err != nil {
				return nil, p.errorf(in.at, "model %s: %v", e.Name, err)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// attribute is the column in memrel's terms. A foreign key need not say its type.
func (c *modelField) attribute() (a memrel.Attribute, err error) {
	a = memrel.Attribute{Column: memrel.Column{Name: c.Name, AutoIncrement: c.AutoIncrement},
		PrimaryKey: c.PrimaryKey, Unique: c.Unique.alone, UniqueKey: c.Unique.name, Field: c.Field, Min: c.Validate.Min, Max: c.Validate.Max,
		References: c.References.Model, RefKey: c.References.Key}
	if err := actions(&a.OnDelete, c.OnDelete, &a.OnUpdate, c.OnUpdate); err != nil {
		return a, err
	}
	if c.AllowNull != nil {
		a.NotNull, a.Nullable = !*c.AllowNull, *c.AllowNull
	}
	switch {
	case strings.EqualFold(c.Type, "STRING"): // here and in the next, Sequelize is narrower than others
		a.Type, a.Size = memrel.String, 255
	case strings.EqualFold(c.Type, "INTEGER"):
		a.Type, a.Size = memrel.Int, 32
	case c.Type != "":
		err = setType(&a.Column, c.Type)
	}
	if err == nil {
		err = setValue(&a.Column, c.DefaultValue)
	}
	return a, err
}
