package bind

import (
	"reflect"
	"strings"

	"github.com/memrel/memrel/types"
)

// Filled is a field that no column stands for, but the rows that an association of that alias leads to: a struct or a slice of
// structs whose tag names no type for a column.
type Filled struct {
	Path   string // User.Posts, for messages
	Alias  string // the name that a column of the field would have
	Index  []int  // where it is, for [reflect.Value.FieldByIndex]
	Offset uintptr
	Type   reflect.Type // of the field: Elem, or *Elem; if Many, a slice of either
	Elem   reflect.Type // the struct
	Many   bool
}

// filled tells whether an association fills the field, with which structs, and whether with any number of them.
func (f *structField) filled() (elem reflect.Type, many, ok bool) {
	if f.options.typ.Valid() {
		return nil, false, false
	}
	t, _ := indirect(f.typ)
	if many = t.Kind() == reflect.Slice; many {
		t, _ = indirect(t.Elem())
	}
	return t, many, isStruct(t)
}

// isStruct tells whether values of a type are rows rather than values of their own, like time.Time.
func isStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != timeGoType && !types.IsNullStruct(t) && !reflect.PointerTo(t).Implements(valuerType) && !marshalsItself(t)
}

// Refuse tells that no association fills the field, and which aliases there are. The error is of kind [types.ErrDefinition].
func (f *Filled) Refuse(table string, aliases []string) error {
	others := ""
	if len(aliases) > 0 {
		others = ", but " + strings.Join(aliases, ", ")
	}
	return problemf("define the association that fills it, or tag it `"+tagKey+`:"-"`+"` to leave it out, or `"+tagKey+`:",type=json"`+"` to keep it as one document",
		"%s stands for no column, and %s has no association %s to fill it%s", types.WithArticle(f.Type.String()), table, f.Alias, others).at(table, f.Path)
}

// Holds tells whether the field can be filled with values of a struct, one or any number of them: nil, or an error of kind
// [types.ErrDefinition].
func (f *Filled) Holds(table, association string, row reflect.Type, many bool) error {
	shapes := []reflect.Type{reflect.PointerTo(row), row}
	if many {
		shapes = []reflect.Type{reflect.SliceOf(row), reflect.SliceOf(shapes[0])}
	}
	for _, s := range shapes {
		if f.Type == s || many && f.Type.Kind() == reflect.Slice && f.Type.Elem() == s.Elem() {
			return nil
		}
	}
	return problemf("make it a "+shapes[0].String()+", or name the association otherwise with As",
		"%s cannot hold what %s leads to", types.WithArticle(f.Type.String()), association).at(table, f.Path)
}

// FieldFor is the field that an association of an alias fills, which leads to one row or to any number of them. The error is of kind
// [types.ErrDefinition].
func (l *Loader) FieldFor(alias string, many bool) (*Filled, error) {
	name := l.b.def.Name()
	for i := range l.Filled {
		f := &l.Filled[i]
		switch {
		case f.Alias != alias:
			continue
		case f.Many == many:
			return f, nil
		case many:
			return nil, problemf("make it a slice", "%s cannot hold all that %s leads to", types.WithArticle(f.Type.String()), alias).at(name, f.Path)
		}
		return nil, problemf("make it a pointer", "%s is for any number of rows, %s leads to one", types.WithArticle(f.Type.String()), alias).at(name, f.Path)
	}
	return nil, &types.Error{Kind: types.ErrDefinition, State: "42703", Table: name, Detail: typeName(l.of) + " has no field for " + alias,
		Hint: "add a field for it, or find the rows by Model"}
}
