package assoc

import (
	"bytes"
	"encoding/json"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// attributeJSON is an [Attribute] as JSON has it: the members of its column, and beside them its own.
type attributeJSON struct {
	// A foreign key may leave open what a column of a table must have.
	Name string      `json:"name,omitempty"`
	Type *index.Type `json:"type,omitempty"`
	plainColumn
	Nullable   bool         `json:"nullable,omitempty"`
	PrimaryKey bool         `json:"primaryKey,omitempty"`
	Unique     bool         `json:"unique,omitempty"`
	UniqueKey  string       `json:"uniqueKey,omitempty"`
	Field      string       `json:"field,omitempty"`
	Min        any          `json:"min,omitempty"`
	Max        any          `json:"max,omitempty"`
	References string       `json:"references,omitempty"`
	RefKey     string       `json:"refKey,omitempty"`
	OnDelete   table.Action `json:"onDelete,omitempty"`
	OnUpdate   table.Action `json:"onUpdate,omitempty"`
	Made       bool         `json:"made,omitempty"`
}

// plainColumn is a column without its JSON methods.
type plainColumn types.Column

// MarshalJSON writes the column as [types.Column] does, without a name and a type that are left open, and what the
// attribute says beside. Functions are not written.
func (a Attribute) MarshalJSON() ([]byte, error) {
	out := attributeJSON{a.Name, nil, plainColumn(a.Column), a.Nullable, a.PrimaryKey, a.Unique, a.UniqueKey, a.Field,
		a.Min, a.Max, a.References, a.RefKey, a.OnDelete, a.OnUpdate, a.Made}
	if a.Type.Valid() {
		out.Type = &a.Type
		for _, v := range []*any{&out.Default, &out.Min, &out.Max} {
			val, err := a.FromGo(*v)
			if err != nil {
				return nil, err
			}
			*v = types.ToJSON(a.Type, val)
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON is the reverse of [Attribute.MarshalJSON]. Unknown members are refused, so that a misspelled option does
// not go unnoticed.
func (a *Attribute) UnmarshalJSON(data []byte) error {
	var in attributeJSON
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return err
	}
	*a = Attribute{types.Column(in.plainColumn), in.Nullable, in.PrimaryKey, in.Unique, in.UniqueKey, in.Field,
		in.Min, in.Max, in.References, in.RefKey, in.OnDelete, in.OnUpdate, in.Made}
	a.Name = in.Name
	if in.Type == nil {
		return nil
	}
	a.Type = *in.Type
	for _, v := range []*any{&a.Default, &a.Min, &a.Max} {
		if err := a.restore(v); err != nil {
			return err
		}
	}
	return nil
}

// restore gives a value of the column that came as JSON its type.
func (a *Attribute) restore(v *any) error {
	if *v == nil {
		return nil
	}
	text, err := json.Marshal(map[string]any{"name": a.Name, "type": a.Type, "default": *v})
	if err != nil {
		return err
	}
	var c types.Column
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	val, err := c.FromGo(c.Default)
	*v = types.ToGo(a.Type, val)
	return err
}
