package bind

import (
	"database/sql/driver"
	"reflect"
)

// isArray tells whether a slice with Scan and Value methods is an array of PostgreSQL, as pq.StringArray is: what it holds is its elements, and
// its methods only write them as a database has them, {a,b}. It is asked with an empty one.
func isArray(t reflect.Type) (is bool) {
	if t.Kind() != reflect.Slice || !hasScan(t) {
		return false
	}
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	empty := reflect.New(t)
	empty.Elem().Set(reflect.MakeSlice(t, 0, 0))
	v, err := empty.Interface().(driver.Valuer).Value()
	text, ok := v.(string)
	return err == nil && ok && text == "{}"
}
