package types

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
)

// maxIndirect is how many pointers and Valuers stand before a value at most; a type P *P has no end of them.
const maxIndirect = 8

var (
	timeType     = reflect.TypeFor[time.Time]()
	nullTimeType = reflect.TypeFor[sql.NullTime]()
	scannerType  = reflect.TypeFor[sql.Scanner]()
)

// fromOther converts what [Column.FromGo] has no case for. Named numbers, bools and strings are read where they are;
// the rest is copied first, since reflection, Valuers and Marshalers may keep what they get.
func (c *Column) fromOther(v any) (index.Value, error) {
	if _, asks := v.(driver.Valuer); !asks && c.Type != index.JSON {
		rv := reflect.ValueOf(v)
		switch rv.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			return c.FromInt(rv.Int())
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
			return c.FromUint(rv.Uint())
		case reflect.Float32, reflect.Float64:
			return c.fromFloat(rv.Float())
		case reflect.Bool:
			return c.fromBool(rv.Bool())
		case reflect.String:
			return c.FromString(rv.String())
		}
	}
	own, ok := ownCopy(v)
	if !ok {
		return index.Null, c.mismatchType(reflect.TypeOf(v).String())
	}
	return c.fromOwn(own, maxIndirect)
}

// fromOwn converts a value that nobody's stack holds. It looks through as many pointers and Valuers as depth says.
func (c *Column) fromOwn(v any, depth int) (index.Value, error) {
	rv := reflect.ValueOf(v)
	switch {
	case isNil(rv):
		return index.Null, nil
	case depth == 0:
		return index.Null, c.mismatch(v)
	case IsNullStruct(rv.Type()): // its Value method takes scalars only
		if !rv.Field(1).Bool() {
			return index.Null, nil
		}
		return c.fromPointee(rv.Field(0).Interface(), depth-1)
	case c.Type == index.JSON && !asksFirst(v):
		return c.marshal(v)
	case IsByteArray(rv.Type()) && (c.Type == index.UUID && rv.Len() == 16 || c.Type == index.Bytes):
		return c.fromByteArray(rv)
	}
	if valuer, ok := v.(driver.Valuer); ok {
		return c.fromValuer(valuer, depth)
	}
	if c.Type == index.Decimal {
		if cell, is, err := c.fromBig(addressable(v)); is {
			return cell, err
		}
	}
	switch rv.Kind() {
	case reflect.Pointer:
		return c.fromPointee(rv.Elem().Interface(), depth-1)
	case reflect.Slice, reflect.Array:
		return c.fromSlice(rv)
	case reflect.Struct:
		if rv.Type().ConvertibleTo(timeType) {
			return c.FromTime(rv.Convert(timeType).Interface().(time.Time))
		}
	}
	return index.Null, c.mismatch(v)
}

// fromPointee converts what a pointer points to or a Valuer says: a plain value, or something to look through again.
func (c *Column) fromPointee(v any, depth int) (index.Value, error) {
	if _, asks := v.(driver.Valuer); asks || reflect.ValueOf(v).Kind() == reflect.Pointer {
		return c.fromOwn(v, depth)
	}
	return c.FromGo(v)
}

func (c *Column) fromValuer(valuer driver.Valuer, depth int) (index.Value, error) {
	v, err := valuer.Value()
	if err != nil {
		return index.Null, c.refusal(mismatched, "", err, "cannot be read from its %T", valuer)
	}
	if b, ok := v.([]byte); ok && c.Type == index.JSON {
		v = json.RawMessage(b)
	}
	if v == nil {
		return index.Null, nil
	}
	return c.fromPointee(v, depth-1)
}

// asksFirst tells whether a json column takes what the value's Valuer says, rather than the value marshaled.
func asksFirst(v any) bool {
	if _, asks := v.(driver.Valuer); !asks {
		return false
	}
	switch addressable(v).(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return false
	}
	return true
}

// addressable is a pointer to a value, which has the methods of both receivers; a pointer is one already.
func addressable(v any) any {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() || rv.Kind() == reflect.Pointer {
		return v
	}
	p := reflect.New(rv.Type())
	p.Elem().Set(rv)
	return p.Interface()
}

func isNil(rv reflect.Value) bool {
	switch rv.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return rv.IsNil()
	}
	return !rv.IsValid()
}

// IsByteArray tells whether a type is an array of bytes.
func IsByteArray(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Elem().Kind() == reflect.Uint8
}

// IsByteSlice tells whether a type is a slice of bytes.
func IsByteSlice(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// fromByteArray stores a byte array of any name, which reflection reads only where it can be addressed.
func (c *Column) fromByteArray(rv reflect.Value) (index.Value, error) {
	b := make([]byte, rv.Len())
	for i := range b {
		b[i] = byte(rv.Index(i).Uint())
	}
	return index.OfString(string(b)), nil
}

func (c *Column) fromSlice(rv reflect.Value) (index.Value, error) {
	switch {
	case c.Type == index.Bytes && IsByteSlice(rv.Type()):
		return index.OfBytes(rv.Bytes()), nil
	case c.Type.IsList():
		return c.listFrom(rv.Len(), func(i int, elem *Column) (index.Value, error) {
			return elem.FromGo(rv.Index(i).Interface())
		})
	}
	return index.Null, c.mismatch(rv.Interface())
}

// listOf is the value of a list column that is given bytes: a list of small integers.
func listOf(c *Column, b []byte) (index.Value, error) {
	return c.listFrom(len(b), func(i int, elem *Column) (index.Value, error) { return elem.FromInt(int64(b[i])) })
}

// listFrom makes a list of n elements. An error about an element names its place: tags[2].
func (c *Column) listFrom(n int, convert func(i int, elem *Column) (index.Value, error)) (index.Value, error) {
	elem := &Column{Name: c.Name, Type: c.Type.Elem()}
	values := make([]index.Value, n)
	for i := range values {
		var err error
		if values[i], err = convert(i, elem); err != nil {
			return index.Null, AtElement(err, c.Name, i)
		}
	}
	return index.OfList(values), nil
}

// marshal is any Go value as canonical JSON, as encoding/json writes it where it has a place of its own, in a row for one.
func (c *Column) marshal(v any) (index.Value, error) {
	text, err := json.Marshal(addressable(v))
	if err != nil {
		return index.Null, c.badJSON(err)
	}
	return c.fromJSONText(string(text))
}

func (c *Column) fromJSONText(text string) (index.Value, error) {
	canonical, err := canonicalJSON(text)
	if err != nil {
		return index.Null, c.badJSON(err)
	}
	return index.OfJSON(canonical), nil
}

// parseUUID reads the canonical form, 8-4-4-4-12 hexadecimal digits in any case.
func parseUUID(s string) (u [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	n := 0
	for i := 0; i < len(s); i += 2 {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			i++
		}
		high, low := strings.IndexByte(hexDigits, s[i]|0x20), strings.IndexByte(hexDigits, s[i+1]|0x20)
		if high < 0 || low < 0 || s[i] < '0' || s[i+1] < '0' {
			return u, false
		}
		u[n], n = byte(high<<4|low), n+1
	}
	return u, true
}

const hexDigits = "0123456789abcdef"

// NullStruct is the value's field in sql.Null[T], sql.NullString and the like, and in types made of sql.NullTime that scan, as GORM's DeletedAt.
func NullStruct(t reflect.Type) (reflect.StructField, bool) {
	if t.Kind() != reflect.Struct || t.NumField() != 2 || t.Field(1).Name != "Valid" {
		return reflect.StructField{}, false
	}
	if t.PkgPath() != "database/sql" && (!t.ConvertibleTo(nullTimeType) || !reflect.PointerTo(t).Implements(scannerType)) {
		return reflect.StructField{}, false
	}
	return t.Field(0), true
}

// IsNullStruct tells whether a type is sql.Null or one of its likes.
func IsNullStruct(t reflect.Type) bool {
	_, ok := NullStruct(t)
	return ok
}
