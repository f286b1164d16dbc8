package types

import (
	"reflect"
	"runtime"
	"unsafe"
)

// What this file is for: FromGo must not make its callers put their keys on the heap, and must hand values to code that
// may keep them (Valuers, Marshalers, fmt). The compiler decides for all values of an interface at once, so the values
// of the second kind are hidden from it and copied to the heap before anybody else sees them.
//
// Why that is safe: the compiler knows (FromGo keeps strings) that what v *contains* outlives the call, hence is on
// the heap. Only the first step is not: the box of a value, or what a pointer, a map or a struct of one pointer points
// to. That step is what ownCopy copies. A closure cannot be copied; ok is false for it, and for a channel.

// ownCopy is v in memory of its own: a value in a new box, a pointer to a copy of what it points to, a copied map.
func ownCopy(v any) (own any, ok bool) {
	rv := reflect.ValueOf(hidden(v))
	leaf := onlyPointer(rv)
	switch leaf.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return nil, false
	case reflect.Pointer, reflect.Map:
		out := reflect.New(rv.Type())
		if !leaf.IsNil() {
			*(*unsafe.Pointer)(out.UnsafePointer()) = copyBehind(leaf)
		}
		return out.Elem().Interface(), true
	}
	box := reflect.New(rv.Type())
	box.Elem().Set(rv)
	return box.Elem().Interface(), true
}

// onlyPointer looks into structs and arrays of one element, which an interface holds as it holds that element.
func onlyPointer(rv reflect.Value) reflect.Value {
	for {
		switch rv.Kind() {
		case reflect.Struct:
			field := onlyField(rv.Type())
			if field < 0 {
				return rv
			}
			rv = rv.Field(field)
		case reflect.Array:
			if rv.Len() != 1 {
				return rv
			}
			rv = rv.Index(0)
		default:
			return rv
		}
	}
}

// onlyField is the one field of a struct that has a size; -1 if there are none or several.
func onlyField(t reflect.Type) int {
	only := -1
	for i := range t.NumField() {
		if t.Field(i).Type.Size() > 0 {
			if only >= 0 {
				return -1
			}
			only = i
		}
	}
	return only
}

// copyBehind copies what a pointer or a map points to. It goes by the address, since the value may come out of an
// unexported field.
func copyBehind(leaf reflect.Value) unsafe.Pointer {
	at := leaf.UnsafePointer()
	if leaf.Kind() == reflect.Pointer {
		to := reflect.New(leaf.Type().Elem())
		to.Elem().Set(reflect.NewAt(leaf.Type().Elem(), at).Elem())
		return to.UnsafePointer()
	}
	from := reflect.NewAt(leaf.Type(), unsafe.Pointer(&at)).Elem()
	to := reflect.MakeMapWithSize(leaf.Type(), from.Len())
	for it := from.MapRange(); it.Next(); {
		to.SetMapIndex(it.Key(), it.Value())
	}
	return to.UnsafePointer()
}

// hidden is v, unseen by the compiler: whatever becomes of the result, v does not escape because of it.
func hidden(v any) any {
	words := *(*[2]uintptr)(unsafe.Pointer(&v))
	out := *(*any)(unsafe.Pointer(&words))
	runtime.KeepAlive(v)
	return out
}

// HiddenPointer is hidden for a pointer.
func HiddenPointer(p unsafe.Pointer) unsafe.Pointer {
	word := *(*uintptr)(unsafe.Pointer(&p))
	out := *(*unsafe.Pointer)(unsafe.Pointer(&word))
	runtime.KeepAlive(p)
	return out
}
