package types

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/memrel/memrel/index"
)

// FromKey is the cell of a value to find a row by: as [Column.FromGo], but that text, as it comes in a URL, is read as what it says,
// "7" as 7. Errors as [Column.FromGo].
func (c *Column) FromKey(v any) (index.Value, error) {
	switch x := v.(type) { // what most keys are
	case int:
		return c.FromInt(int64(x))
	case int64:
		return c.FromInt(x)
	}
	if c.Type == index.Decimal && c.Size > 0 { // a key that had to be rounded is none that a row has
		return c.exactDecimal(v)
	}
	if c.Precision > 0 {
		return c.exactTime(c.withoutPrecision().FromKey(v))
	}
	val, err := c.FromGo(v)
	if err != nil {
		return c.fromKeyText(v, err)
	}
	return val, nil
}

// fromKeyText reads a key that is text; err is why it is refused otherwise.
func (c *Column) fromKeyText(v any, err error) (index.Value, error) {
	s, ok := v.(string) // which is cloned: what an error keeps of v would move every caller's key to the heap
	if !ok || !isMismatch(err) || c.Type.IsList() {
		return index.Null, err
	}
	if val, textErr := c.FromText(strings.Clone(s)); textErr == nil {
		return val, nil
	}
	return index.Null, err
}

// NoRowHas tells whether it is an answer that no row has a value to find one by, which err refuses: its size or what it says is not what
// the column can hold, or it is of a type in which values come from outside a program, text or what encoding/json reads into an
// any. One of another type is a mistake in the program.
func NoRowHas(v any, err error) bool { return !isMismatch(err) || fromOutside(v) }

func fromOutside(v any) bool {
	switch v.(type) {
	case nil, string, float64, bool, []byte, json.RawMessage, []any, map[string]any:
		return true
	}
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.String || t.Kind() == reflect.Float64 || t.Kind() == reflect.Bool || IsNullStruct(t)
}

// isMismatch tells whether an error is about the type of a value, rather than its size or what it says.
func isMismatch(err error) bool {
	var e *Error
	return errors.As(err, &e) && errors.Is(e.Kind, ErrType) && e.State == mismatched
}
