package schemafile

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// unknownField is what package json says of a member that a form does not have.
var unknownField = regexp.MustCompile(`^json: unknown field "(.*)"$`)

// knownFields are the members of the object which has one of that name that its form does not have; v is what raw is read into.
func knownFields(raw []byte, v any, name string) []string {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return nil
	}
	return knownTo(reflect.TypeOf(v), value, name, 0)
}

// knownTo is [knownFields] for a value that is read into a type. Types that read themselves, from a name or an object, have the object's
// form in a field without a tag; within is how many of these are around.
func knownTo(t reflect.Type, value any, name string, within int) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if list, ok := value.([]any); ok && t.Kind() == reflect.Slice {
		for _, element := range list {
			if known := knownTo(t.Elem(), element, name, within); known != nil {
				return known
			}
		}
	}
	object, ok := value.(map[string]any)
	if !ok || t.Kind() != reflect.Struct || within > 2 {
		return nil
	}
	known := slices.DeleteFunc(types.OptionsOf(t), func(tag string) bool { return tag == "" || tag == "-" })
	if _, has := object[name]; has && len(known) > 0 && !slices.Contains(known, name) {
		return known
	}
	for i, tag := range types.OptionsOf(t) {
		next, depth := object[tag], 0
		if tag == "" {
			next, depth = value, within+1
		}
		if known := knownTo(t.Field(i).Type, next, name, depth); known != nil {
			return known
		}
	}
	return nil
}

// wanted says how a value of a type is written.
func wanted(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[memrel.UniqueKey](), t == reflect.TypeFor[memrel.Index](), t == reflect.TypeFor[[]memrel.UniqueKey](), t == reflect.TypeFor[[]memrel.Index]():
		return `keys are written [{"columns": ["a", "b"]}]`
	case t == reflect.TypeFor[[][]keyColumn](), t == reflect.TypeFor[[]keyColumn]():
		return `keys are written [["a", "b"], ["c"]]`
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return `write names, ["a", "b"]`
	}
	return map[reflect.Kind]string{reflect.Bool: "write true or false", reflect.String: "write a text in quotes", reflect.Int: "write a number", reflect.Int64: "write a number",
		reflect.Slice: "write a list", reflect.Struct: "write an object", reflect.Map: "write an object"}[t.Kind()]
}

// misfit says of a value which type it was read for, and how that is written.
func misfit(e *json.UnmarshalTypeError) string {
	cure := wanted(e.Type)
	if e.Type.Kind() == reflect.Bool && strings.HasSuffix(e.Field, "unique") {
		cure += `; a key of several columns stands beside the columns, "unique": [["a", "b"]], or [{"columns": ["a", "b"]}] in memrel's own form`
	}
	return cure
}
