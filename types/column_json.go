package types

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/memrel/memrel/index"
)

// plainColumn is a Column without its JSON methods.
type plainColumn Column

// columnJSON is a Column as it is written.
type columnJSON struct {
	plainColumn
	Default json.RawMessage `json:"default,omitempty"`
	// DefaultJSONNull tells the default null of a JSON column, the document, from none.
	DefaultJSONNull bool `json:"defaultJSONNull,omitempty"`
}

// MarshalJSON writes the column with its default as a value of its type: bytes in base64, times and UUIDs as text,
// floats that JSON has no number for as "NaN" and "Infinity". Functions are not written.
func (c Column) MarshalJSON() ([]byte, error) {
	out := columnJSON{plainColumn: plainColumn(c)}
	if c.Default == nil {
		return json.Marshal(out)
	}
	v, err := c.FromGo(c.Default)
	if err != nil {
		return nil, err
	}
	if out.Default, err = json.Marshal(ToJSON(c.Type, v)); err != nil {
		return nil, err
	}
	out.DefaultJSONNull = c.Type == index.JSON && v.JSON() == "null"
	return json.Marshal(out)
}

// UnmarshalJSON is the reverse of [Column.MarshalJSON]. Unknown members are refused, so that a misspelled option does not
// go unnoticed; what else is wrong with a column is found out when it is defined.
func (c *Column) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var in columnJSON
	if err := d.Decode(&in); err != nil {
		return err
	}
	*c = Column(in.plainColumn)
	if in.DefaultJSONNull {
		c.Default = json.RawMessage("null")
		return nil
	}
	return c.restoreDefault(in.Default)
}

// restoreDefault gives a default that came as JSON its type.
func (c *Column) restoreDefault(raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if c.Type == index.JSON {
		c.Default = raw
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&c.Default); err != nil {
		return err
	}
	text, isText := c.Default.(string)
	if c.Type.IsList() && raw[0] == '[' {
		text, isText = string(raw), true
	}
	if !isText || c.Type != index.Bytes && c.Type != index.Float && !c.Type.IsList() {
		return nil
	}
	v, err := c.FromText(text)
	if err != nil {
		return c.badDefault(text)
	}
	c.Default = ToGo(c.Type, v)
	return nil
}

// PlainDefault is the column with a default of a plain Go type, which is the column's own: what a pointer, a Valuer or a
// struct says is taken once. An error, of kind [ErrType], tells that it is no value of the column, or one that
// [Column.MarshalJSON] cannot write exactly.
func (c Column) PlainDefault() (Column, error) {
	if c.Default == nil {
		return c, nil
	}
	v, err := c.FromGo(c.Default)
	if err != nil {
		return c, err
	}
	if !IsPlain(c.Default) {
		c.Default = ToGo(c.Type, v)
	}
	if c.Type != index.JSON && !c.Type.IsList() {
		return c, nil // its form in JSON is that of the type
	}
	var back Column
	text, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(text, &back)
	}
	if err == nil {
		var again index.Value
		if again, err = back.DefaultValue(time.Time{}); err == nil && string(index.AppendCell(nil, c.Type, v)) == string(index.AppendCell(nil, c.Type, again)) {
			return c, nil
		}
	}
	return c, c.refusal("0A000", "make it a function", err, "= %s cannot be written to a file", Show(c.Type, v))
}

// IsPlain tells whether a value is of a plain Go type: nobody else's code tells what it says, and [Clone] copies all of it.
func IsPlain(v any) bool {
	switch v.(type) {
	case nil, bool, string, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64,
		json.Number, json.RawMessage, []byte, time.Time:
		return true
	}
	return false
}

func (c *Column) badDefault(text string) error {
	return Refused("", "42804", "write bytes in base64, floats as numbers", "the default of column %s cannot be read: %q", c.Name, text)
}
