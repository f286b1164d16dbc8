package schemafile

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/query"
)

// keyColumn is a column of a key: its name, or an object with its order, as Sequelize writes it:
//
//	{"name": "createdAt", "order": "DESC NULLS LAST"}
//	{"name": "title", "length": 10}
type keyColumn struct {
	Name   string `json:"name"`
	Order  string `json:"order"`
	Length int    `json:"length"` // how much of it the key has
}

// UnmarshalJSON reads a name or an object.
func (k *keyColumn) UnmarshalJSON(data []byte) error {
	type object keyColumn
	_, err := either(data, &k.Name, (*object)(k))
	return err
}

// indexOf is an index over columns.
func indexOf(columns []keyColumn) (x memrel.Index, err error) {
	for _, c := range columns {
		o, err := query.ParseOrder(c.Name, c.Order)
		if err != nil {
			return x, err
		}
		x.Columns = append(x.Columns, c.Name)
		if c.Order != "" {
			x.Order = append(x.Order, o)
		}
		if c.Length != 0 {
			if x.Prefix == nil {
				x.Prefix = map[string]int{}
			}
			x.Prefix[c.Name] = c.Length
		}
	}
	return x, nil
}

// modelIndex is an index of a model, or a unique key.
type modelIndex struct {
	Name   string      `json:"name"`
	Unique bool        `json:"unique"`
	Fields []keyColumn `json:"fields"`
}

// add gives the index to a model.
func (x *modelIndex) add(m *memrel.ModelSpec) error {
	out, err := indexOf(x.Fields)
	if err != nil {
		return err
	}
	if x.Unique {
		m.UniqueKeys = append(m.UniqueKeys, memrel.UniqueKey{Name: x.Name, Columns: out.Columns, Order: out.Order, Prefix: out.Prefix})
		return nil
	}
	out.Name = x.Name
	m.Indexes = append(m.Indexes, out)
	return nil
}
