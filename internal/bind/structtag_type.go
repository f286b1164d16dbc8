package bind

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"math/big"
	"reflect"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

var (
	timeGoType    = reflect.TypeFor[time.Time]()
	durationType  = reflect.TypeFor[time.Duration]()
	ratType       = reflect.TypeFor[big.Rat]()
	bigIntType    = reflect.TypeFor[big.Int]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	valuerType    = reflect.TypeFor[driver.Valuer]()
	scannerType   = reflect.TypeFor[sql.Scanner]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
	textType      = reflect.TypeFor[encoding.TextMarshaler]()
)

// columnOf is the type, size and sign of the column that a field's type calls for, or that its tag asks for.
func columnOf(t reflect.Type, asked index.Type) (c types.Column, p *problem) {
	t, _ = indirect(t)
	if asked != index.Invalid {
		c.Type = asked
	} else if c.Type, p = plainType(t); p != nil {
		return c, p
	}
	if c.Type == index.Int && isInteger(t.Kind()) {
		c.Unsigned = t.Kind() >= reflect.Uint
		if c.Size = t.Bits(); c.Size == 64 {
			c.Size = 0
		}
	}
	return c.Normal(), nil
}

// indirect looks through a pointer or a sql.Null and tells whether there was one.
func indirect(t reflect.Type) (plain reflect.Type, nullable bool) {
	if t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	if of, ok := types.NullStruct(t); ok {
		return of.Type, true
	}
	return t, false
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uint64 }

// plainType is the column type for a field that is neither a pointer nor a sql.Null.
func plainType(t reflect.Type) (index.Type, *problem) {
	if scalar := scalarType(t); scalar != index.Invalid {
		return scalar, nil
	}
	if _, again := indirect(t); again {
		return index.Invalid, problemf("use one pointer or sql.Null", "%s stands behind another", types.WithArticle(t.String()))
	}
	if hasScan(t) && !isArray(t) {
		return index.Invalid, problemf("tag it with the type of its Value: type=string, for one", "%s can be kept as several types", types.WithArticle(t.String()))
	}
	if t.Kind() == reflect.Slice {
		elem, _ := indirect(t.Elem())
		if list := index.ListOf(scalarType(elem)); list.Valid() && scalarType(elem) != index.JSON {
			return list, nil
		}
	}
	if p := jsonProblem(t, map[reflect.Type]bool{}); p != nil {
		return index.Invalid, p
	}
	return index.JSON, nil
}

// scalarType is the column type of what is no container; Invalid for the rest.
func scalarType(t reflect.Type) index.Type {
	switch k := t.Kind(); {
	case t == timeGoType:
		return index.Time
	case t == rawType:
		return index.JSON
	case types.IsByteSlice(t):
		return index.Bytes
	case types.IsByteArray(t) && t.Len() == 16:
		return index.UUID
	case isInteger(k):
		return index.Int
	case k == reflect.Float32 || k == reflect.Float64:
		return index.Float
	case k == reflect.Bool:
		return index.Bool
	case k == reflect.String:
		return index.String
	}
	return index.Invalid
}

// hasScan tells whether a type says itself how it goes into a database and comes out again.
func hasScan(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(scannerType) && p.Implements(valuerType)
}

// jsonProblem tells why encoding/json could not write a type, or not read it back. It looks at every type once.
func jsonProblem(t reflect.Type, seen map[reflect.Type]bool) *problem {
	if seen[t] || marshalsItself(t) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer, reflect.Uintptr:
		return problemf(`tag it "-"`, "%s cannot be stored", types.WithArticle(t.String()))
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return problemf("use any or a type of its own", "%s could not be read back", types.WithArticle(t.String()))
		}
	case reflect.Map:
		if k := t.Key(); k.Kind() != reflect.String && !isInteger(k.Kind()) && !k.Implements(textType) {
			return problemf("use strings or integers as keys", "%s cannot be written as JSON", types.WithArticle(t.String()))
		}
		return jsonProblem(t.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return jsonProblem(t.Elem(), seen)
	case reflect.Struct:
		return jsonStructProblem(t, seen)
	}
	return nil
}

func marshalsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(marshalerType) || p.Implements(textType)
}

func jsonStructProblem(t reflect.Type, seen map[reflect.Type]bool) *problem {
	kept := 0
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
			continue
		}
		kept++
		if p := jsonProblem(f.Type, seen); p != nil {
			return p
		}
	}
	if kept == 0 && t.NumField() > 0 {
		return problemf(`give it a MarshalJSON method, or tag it "-"`, "%s has nothing that JSON would keep", types.WithArticle(t.String()))
	}
	return nil
}
