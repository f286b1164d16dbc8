package bind

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// structField is a field that stands for a column, or that an association fills.
type structField struct {
	path    string // Post.Author.ID, for messages
	column  string
	options options
	typ     reflect.Type
	offset  uintptr // from the beginning of the outermost struct
	index   []int   // likewise, for [reflect.Value.FieldByIndex]
	name    string
	gorm    gormTag // what a tag of GORM's says, where it is read
	tag     string  // that tag
	prefix  string  // of the columns of an embedded struct
}

// fieldReader reads the fields of a struct for a table.
type fieldReader struct {
	table  string
	naming table.Naming
	tags   table.Tags
}

// read appends the fields of a struct that is embedded as of says.
func (r *fieldReader) read(out []structField, t reflect.Type, of structField) ([]structField, error) {
	for i := range t.NumField() {
		sf := t.Field(i)
		f := structField{path: of.path + "." + sf.Name, typ: sf.Type, offset: of.offset + sf.Offset, index: append(slices.Clip(of.index), i), name: sf.Name}
		if _, own := sf.Tag.Lookup(tagKey); r.tags == table.GORM && !own {
			var err error
			if out, err = r.readGORM(out, sf, f, of); err != nil {
				return nil, err
			}
			continue
		}
		var p *problem
		if f.options, p = parseTag(sf.Tag); p != nil {
			return nil, p.at(r.table, f.path)
		}
		if f.options.skip {
			continue
		}
		_, tagged := sf.Tag.Lookup(tagKey)
		if p := otherTag(sf, tagged, r.naming); p != nil {
			return nil, p.at(r.table, f.path)
		}
		if sf.Anonymous && f.options.name == "" && isFlattened(sf.Type) {
			if p := flattening(sf.Type, tagged); p != nil {
				return nil, p.at(r.table, f.path)
			}
			var err error
			if out, err = r.read(out, sf.Type, f); err != nil {
				return nil, err
			}
			continue
		}
		if !sf.IsExported() {
			if tagged {
				return nil, problemf("export it, or drop the tag", "it is not exported").at(r.table, f.path)
			}
			continue
		}
		if f.column = f.options.name; f.column == "" {
			f.column = of.prefix + r.columnName(sf.Name)
		}
		out = append(out, f)
	}
	return out, nil
}

// columnName is the name of the column of a field whose tag gives none.
func (r *fieldReader) columnName(field string) string {
	if r.tags == table.GORM {
		return gormName(field)
	}
	return r.naming.Column(field)
}

// otherTags are those of others that say what a column is.
var otherTags = []string{"gorm", "bun", "db", "ent"}

// otherTag tells of a tag that says what nobody would read. One that says the name that the column has anyway is no matter, nor is
// any where the field has a tag of memrel's beside it.
func otherTag(sf reflect.StructField, tagged bool, n table.Naming) *problem {
	if tagged {
		return nil
	}
	for _, key := range otherTags {
		text, ok := sf.Tag.Lookup(key)
		if name := strings.TrimPrefix(strings.TrimSuffix(text, ";"), "column:"); !ok || name == "" || name == n.Column(sf.Name) {
			continue
		}
		read := ""
		if key == "gorm" {
			read = "give TableOf the part GORM, or "
		}
		return problemf(read+"say the same in a tag `"+tagKey+`:"name,option"`+"`, tag it `"+tagKey+`:"-"`+"` to leave it out, or `"+tagKey+`:""`+"` if that says nothing here",
			"its tag %s is not read", types.Shorten(key+":"+strconv.Quote(text)))
	}
	return nil
}

// isFlattened tells whether an embedded type gives its fields rather than a column: structs that are no value of their
// own, like time.Time, and pointers to such.
func isFlattened(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && t != timeGoType && !types.IsNullStruct(t) && !t.Implements(valuerType)
}

func flattening(t reflect.Type, tagged bool) *problem {
	switch {
	case t.Kind() == reflect.Pointer:
		return problemf(`embed it by value, or tag it "-"`, "a struct embedded by pointer cannot be filled in")
	case tagged:
		return problemf("tag its fields, or tag it `"+tagKey+`:"name,type=json"`+"` to make it one json column", "an embedded struct takes no options")
	}
	return nil
}

// typeName is a type for messages: Post, without its package; a type without a name in full, shortened.
func typeName(t reflect.Type) string {
	switch {
	case t == nil:
		return "nil"
	case t.Name() != "":
		return t.Name()
	case t.Kind() == reflect.Struct:
		return "struct"
	}
	return types.Shorten(fmt.Sprint(t))
}
