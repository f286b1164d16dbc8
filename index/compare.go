package index

import (
	"cmp"
	"math"
	"strings"
	"unsafe"
)

// Compare orders two values of one type: -1, 0 or 1. NULL equals NULL and sorts after everything else, as in
// PostgreSQL; whether two NULLs make a key equal is for whoever asks.
func Compare(t Type, a, b Value) int {
	if a.p != b.p || a.p == nil {
		if ra, rb := rank(a), rank(b); ra != 0 || rb != 0 {
			return cmp.Compare(ra, rb)
		}
	}
	switch t & kindMask {
	case Int, Date, TimeOfDay:
		return cmp.Compare(int64(a.n), int64(b.n))
	case Float:
		return compareFloats(a.Float(), b.Float())
	case Bool, Uint, Enum:
		return cmp.Compare(a.n, b.n)
	case Time:
		if c := cmp.Compare(int64(a.n), int64(b.n)); c != 0 {
			return c
		}
		return cmp.Compare(a.nanosecond(), b.nanosecond())
	case String, Bytes, UUID:
		return strings.Compare(a.Str(), b.Str())
	case listKind:
		return compareLists(t.Elem(), a.List(), b.List())
	default:
		return strings.Compare(textOf(t, a), textOf(t, b))
	}
}

// rank is 0 for a value proper, and tells where the others stand.
func rank(v Value) int {
	switch v.p {
	case nil:
		return 1
	case unsafe.Pointer(&lowTag):
		return -1
	case unsafe.Pointer(&highTag):
		return 2
	}
	return 0
}

func compareFloats(a, b float64) int {
	aNaN, bNaN := math.IsNaN(a), math.IsNaN(b)
	switch {
	case aNaN && bNaN:
		return 0
	case aNaN:
		return 1
	case bNaN:
		return -1
	}
	return cmp.Compare(a, b)
}

func compareLists(elem Type, a, b []Value) int {
	for i := range min(len(a), len(b)) {
		if c := Compare(elem, a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Equal tells whether two values of one type are equal, NULL to NULL included.
func Equal(t Type, a, b Value) bool {
	switch {
	case a == b:
		return true
	case t.isText() && a.n|b.n != 0: // NULL and what is no value have no length
		return a.n == b.n && a.Str() == b.Str()
	}
	return Compare(t, a, b) == 0
}

// Identical tells whether two values of one type are equal and look the same too, NULL to NULL included: 1.5 and 1.50 are equal
// decimals, 0 and -0 equal floats, "a" and "A" equal as CIText, and none of them are identical.
func Identical(t Type, a, b Value) bool {
	switch {
	case a == b:
		return true
	case Compare(t, a, b) != 0:
		return false
	case a.IsNull():
		return true
	case t == Float:
		return a.n == b.n
	case t == Decimal || t == JSON || t == CIText:
		return a.Str() == b.Str()
	case t.IsList():
		x, y := a.List(), b.List()
		for i := range x {
			if !Identical(t.Elem(), x[i], y[i]) {
				return false
			}
		}
	}
	return true
}
