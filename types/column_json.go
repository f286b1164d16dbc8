package types

import (
	"bytes"
	"encoding/base64"
	"encoding/json"

	"github.com/memrel/memrel/index"
)

// plainColumn is a Column without its JSON methods.
type plainColumn Column

// MarshalJSON writes the column with its default as a value of its type: bytes in base64, times and UUIDs as text,
// floats that JSON has no number for as "NaN" and "Infinity". Functions are not written.
func (c Column) MarshalJSON() ([]byte, error) {
	if c.Default != nil {
		v, err := c.FromGo(c.Default)
		if err != nil {
			return nil, err
		}
		c.Default = ToJSON(c.Type, v)
	}
	return json.Marshal(plainColumn(c))
}

// UnmarshalJSON is the reverse of [Column.MarshalJSON]. Unknown members are refused, so that a misspelled option does not
// go unnoticed; what else is wrong with a column is found out when it is defined.
func (c *Column) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	d.DisallowUnknownFields()
	var p plainColumn
	if err := d.Decode(&p); err != nil {
		return err
	}
	*c = Column(p)
	return c.restoreDefault()
}

// restoreDefault gives a default that came as JSON its type.
func (c *Column) restoreDefault() error {
	text, isText := c.Default.(string)
	switch {
	case c.Default == nil:
	case c.Type == index.JSON:
		raw, err := json.Marshal(c.Default)
		c.Default = json.RawMessage(raw)
		return err
	case !isText:
	case c.Type == index.Bytes:
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return c.badDefault(text)
		}
		c.Default = b
	case c.Type == index.Float:
		v, err := c.FromText(text)
		if err != nil {
			return c.badDefault(text)
		}
		c.Default = v.Float()
	}
	return nil
}

func (c *Column) badDefault(text string) error {
	return Refused("", "42804", "write bytes in base64, floats as numbers", "the default of column %s cannot be read: %q", c.Name, text)
}
