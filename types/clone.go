package types

import "reflect"

// maxCloned is how deep Clone follows pointers: definitions are no deeper, and a value that leads back to itself ends there.
const maxCloned = 64

// Clone is a copy of a definition that shares nothing with it that could be written through: slices, maps, and what pointers
// and interfaces hold are copied. Functions, channels and unexported fields are taken over as they are. It goes by
// reflection, and is for definitions, which are given and handed out seldom. O(size).
func Clone[T any](v T) T {
	switch any(v).(type) {
	case nil, bool, string, int, int64, float64:
		return v
	}
	out := v
	from := reflect.ValueOf(&v).Elem()
	reflect.ValueOf(&out).Elem().Set(cloned(from, 0))
	return out
}

func cloned(v reflect.Value, depth int) reflect.Value {
	if depth > maxCloned {
		return v
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if v.IsNil() {
			return v
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(cloned(v.Elem(), depth+1))
		return out.Convert(v.Type())
	case reflect.Interface:
		out := reflect.New(v.Type()).Elem()
		out.Set(cloned(v.Elem(), depth+1))
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(cloned(v.Index(i), depth+1))
		}
		return out
	case reflect.Array:
		out := reflect.New(v.Type()).Elem()
		for i := range v.Len() {
			out.Index(i).Set(cloned(v.Index(i), depth+1))
		}
		return out
	case reflect.Map:
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), cloned(it.Value(), depth+1))
		}
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(cloned(v.Field(i), depth+1))
			}
		}
		return out
	}
	return v
}
