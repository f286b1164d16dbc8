package nocobase

import (
	"slices"
	"strings"

	"github.com/memrel/memrel/types"
)

// Array is a belongsToArray: it leads to the rows of Target whose TargetKey stands in the list that the column ForeignKey is.
type Array struct {
	Name       string `json:"name"`
	Target     string `json:"target"`
	ForeignKey string `json:"foreignKey"`
	TargetKey  string `json:"targetKey"`
	// Pending tells that the target is not there.
	Pending bool `json:"pending,omitempty"`
	// Sorted tells that the list is a field after this one, so that it is put in order whatever this one writes into it.
	Sorted bool `json:"sorted,omitempty"`
}

// Arrays are the fields of a collection that are a belongsToArray, in their order.
func (c *Collections) Arrays(name string) (out []Array) {
	col := c.get(name)
	if col == nil {
		return nil
	}
	for i, f := range col.fields {
		if f.Type == belongsToArray {
			list := slices.IndexFunc(col.fields, func(g *field) bool { return g.Name == f.ForeignKey })
			out = append(out, Array{f.Name, f.Target, f.ForeignKey, f.TargetKey, c.get(f.Target) == nil, list > i})
		}
	}
	return out
}

// Field is a field of a collection as it was defined.
func (c *Collections) Field(collection, name string) (Field, bool) {
	if col := c.get(collection); col != nil {
		if f := col.field(name); f != nil {
			return f.Field, true
		}
	}
	return Field{}, false
}

// Named is the collection of a table; empty if there is none.
func (c *Collections) Named(table string) string {
	if c != nil && c.state != nil {
		for _, col := range c.state.list {
			if col.table() == table {
				return col.Name
			}
		}
	}
	return ""
}

// RowKey is the column by which rows of a collection are meant where nothing else says so: its filterTargetKey, or else the one column
// of its primary key; empty if that has several, or none.
func (c *Collections) RowKey(name string) string {
	col := c.get(name)
	if col == nil {
		return ""
	}
	if f := col.field(col.FilterTargetKey); f != nil && DataType(f.Type) != "" {
		return col.FilterTargetKey
	}
	if pk := c.set.Table(col.table()).Schema.PrimaryKey; len(pk) == 1 && pk[0] != RowNumber {
		return pk[0]
	}
	return ""
}

// checkArrays refuses lists of keys that are no lists, or of elements of another type than the key.
func (s *state) checkArrays(c *collection) error {
	for _, f := range c.fields {
		target := s.find(f.Target)
		if f.Type != belongsToArray || target == nil {
			continue
		}
		if f.TargetKey == "" {
			return types.Refused(c.Name, "42601", "name the column that the list holds values of", "Target key is required in the options of many to many (array) field.")
		}
		list, key := c.field(f.ForeignKey), target.word(f.TargetKey)
		if list == nil || key == "" {
			continue
		}
		switch word := list.dataWord(); {
		case !slices.Contains([]string{"ARRAY", "JSONTYPE", "JSON", "JSONB"}, word):
			return types.Refused(c.Name, "42804", "make it a field of type array or set",
				"The type of foreign key %q in collection %q must be ARRAY, JSON or JSONB", f.ForeignKey, c.Name)
		case word != "ARRAY":
			return types.Refused(c.Name, "42804", `give it the dataType "array" and an elementType`,
				"foreign key %q in collection %q is a list of anything, and is to hold keys of one type", f.ForeignKey, c.Name)
		case strings.ToUpper(list.ElementType) != key:
			return types.Refused(c.Name, "42804", "give both the same type",
				"The element type %q of foreign key %q does not match the type %q of target key %q in collection %q",
				strings.ToUpper(list.ElementType), f.ForeignKey, key, f.TargetKey, f.Target)
		}
	}
	return nil
}

// word is how the recorded system calls the type of a column that is a field, or of the key that the collection has by itself.
func (c *collection) word(column string) string {
	if f := c.field(column); f != nil {
		return f.dataWord()
	}
	if column == autoID && len(c.primary()) == 0 {
		return "BIGINT"
	}
	return ""
}
