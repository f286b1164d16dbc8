package bind

import (
	"reflect"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Struct is a struct type, and whose tags say what its fields are.
type Struct struct {
	Type reflect.Type
	Tags table.Tags
}

// fields lists the fields of a struct that stand for columns or are filled, those of embedded structs in their place.
func (s Struct) fields(name string, n table.Naming) ([]structField, error) {
	if s.Type == nil || s.Type.Kind() != reflect.Struct {
		return nil, types.Refused(name, "", "use a struct type, not a pointer to one", "%s is not a struct", typeName(s.Type))
	}
	fields, err := (&fieldReader{table: name, naming: n, tags: s.Tags}).read(nil, s.Type, structField{path: typeName(s.Type)})
	if err != nil {
		return nil, err
	}
	return s.distinct(name, fields)
}

// distinct are fields of different columns. As GORM reads them, one of the struct itself stands before one of a struct that it embeds.
func (s Struct) distinct(name string, fields []structField) ([]structField, error) {
	out, taken := fields[:0], map[string]int{}
	for _, f := range fields {
		at, twice := taken[f.column]
		switch {
		case !twice:
			taken[f.column] = len(out)
			out = append(out, f)
		case s.Tags != table.GORM || len(out[at].index) == len(f.index):
			return nil, problemf(`name one of them otherwise, or tag it "-"`, "column %s stands for %s already", f.column, out[at].path).at(name, f.path)
		case len(f.index) < len(out[at].index):
			out[at] = f
		}
	}
	return out, nil
}

// Filled are the fields that associations fill, in their order. Errors as [Struct.Schema].
func (s Struct) Filled(name string, n table.Naming) (out []Filled, err error) {
	fields, err := s.fields(name, n)
	for _, f := range fields {
		if elem, many, ok := f.filled(); ok {
			out = append(out, Filled{f.path, f.column, f.index, f.offset, f.typ, elem, many})
		}
	}
	return out, err
}

// FieldFor is the path of the field that stands for a column: Post.AuthorID. Empty if there is none.
func (s Struct) FieldFor(column string, n table.Naming) string {
	fields, err := s.fields("", n)
	if err != nil {
		return "" // which the definition of its table tells
	}
	for _, f := range fields {
		if _, _, fills := f.filled(); !fills && f.column == column {
			return f.path
		}
	}
	return ""
}
