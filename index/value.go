package index

import (
	"math"
	"time"
	"unsafe"
)

// Value is one cell, in 16 bytes. It does not carry its type: whoever reads it knows the column. The zero Value is
// NULL.
//
// p is nil for NULL. For strings, bytes, UUIDs, JSON and decimals it points to the bytes, for lists to the elements, and n counts
// them; for an enum to its name, and n is its place. For the others n holds the number and p merely says "not NULL"; a time keeps in p, as an offset into an array,
// the nanoseconds that n, in microseconds, has no room for.
type Value struct {
	p unsafe.Pointer
	n uint64
}

var (
	present [1]byte    // what p points to when n says all
	nanos   [1000]byte // p - &nanos[0] is the time's nanoseconds past its microsecond
	lowTag  [1]byte    // p of lowest
	highTag [1]byte    // p of highest

	// lowest sorts before every value and highest after every value, NULL included. They stand in probes only.
	lowest  = Value{p: unsafe.Pointer(&lowTag)}
	highest = Value{p: unsafe.Pointer(&highTag)}

	// Null is the NULL of every type.
	Null = Value{}
)

// IsNull tells whether the value is NULL.
func (v Value) IsNull() bool { return v.p == nil }

// OfInt is the value of a column of type Int.
func OfInt(i int64) Value { return Value{unsafe.Pointer(&present), uint64(i)} }

// Int reads a value of type Int; 0 for NULL.
func (v Value) Int() int64 { return int64(v.n) }

// OfUint is the value of a column of type Uint.
func OfUint(n uint64) Value { return Value{unsafe.Pointer(&present), n} }

// Uint reads a value of type Uint; 0 for NULL.
func (v Value) Uint() uint64 { return v.n }

// OfEnum is the value of a column of type Enum: the name at a place in its list, which it shares.
func OfEnum(names []string, place int) Value {
	return Value{unsafe.Pointer(&names[place]), uint64(place)}
}

// Place is where a value of type Enum stands in the list; 0 for NULL.
func (v Value) Place() int { return int(v.n) }

// Name reads a value of type Enum; "" for NULL, and for one that was read without its list: see [ReadCell].
func (v Value) Name() string {
	if v.p == nil || v.p == unsafe.Pointer(&present) {
		return ""
	}
	return *(*string)(v.p)
}

// OfFloat is the value of a column of type Float.
func OfFloat(f float64) Value { return Value{unsafe.Pointer(&present), math.Float64bits(f)} }

// Float reads a value of type Float; 0 for NULL.
func (v Value) Float() float64 { return math.Float64frombits(v.n) }

// OfBool is the value of a column of type Bool.
func OfBool(b bool) Value {
	if b {
		return Value{unsafe.Pointer(&present), 1}
	}
	return Value{unsafe.Pointer(&present), 0}
}

// Bool reads a value of type Bool; false for NULL.
func (v Value) Bool() bool { return v.n != 0 }

// OfString is the value of a column of type String, and of type UUID by its 16 bytes; see [OfJSON] for JSON. It shares the
// string's bytes.
func OfString(s string) Value {
	if len(s) == 0 {
		return Value{unsafe.Pointer(&present), 0}
	}
	return Value{unsafe.Pointer(unsafe.StringData(s)), uint64(len(s))}
}

// Str reads a value of type String, UUID (16 bytes) or Bytes; "" for NULL. It shares the stored bytes.
func (v Value) Str() string {
	if v.p == nil {
		return ""
	}
	return unsafe.String((*byte)(v.p), int(v.n))
}

// OfBytes is the value of a column of type Bytes. The bytes are copied.
func OfBytes(b []byte) Value { return OfString(string(b)) }

// Bytes reads a value of type Bytes; nil for NULL. The bytes are copied.
func (v Value) Bytes() []byte {
	if v.p == nil {
		return nil
	}
	return append([]byte{}, v.Str()...)
}

// OfUUID is the value of a column of type UUID.
func OfUUID(u [16]byte) Value { return OfString(string(u[:])) }

// UUID reads a value of type UUID; all zero for NULL.
func (v Value) UUID() (u [16]byte) {
	copy(u[:], v.Str())
	return u
}

// The instants that fit: microseconds around 1970 in 64 bits.
const (
	minSeconds = math.MinInt64/1_000_000 + 1
	maxSeconds = math.MaxInt64/1_000_000 - 1
	minMicros  = minSeconds * 1_000_000
	maxMicros  = maxSeconds*1_000_000 + 999_999
)

// OfTime is the value of a column of type Time. Only the instant is kept, to the nanosecond. ok is false for an instant
// out of range.
func OfTime(t time.Time) (v Value, ok bool) {
	s := t.Unix()
	if s < minSeconds || s > maxSeconds {
		return Null, false
	}
	ns := t.Nanosecond()
	return Value{unsafe.Pointer(&nanos[ns%1000]), uint64(s*1_000_000 + int64(ns/1000))}, true
}

// Time reads a value of type Time, in UTC; the zero time for NULL.
func (v Value) Time() time.Time {
	if v.p == nil {
		return time.Time{}
	}
	us := int64(v.n)
	return time.Unix(us/1_000_000, us%1_000_000*1000+int64(v.nanosecond())).UTC()
}

// nanosecond is what a Time has past its microsecond.
func (v Value) nanosecond() int { return int(uintptr(v.p) - uintptr(unsafe.Pointer(&nanos))) }

// Days around 1970-01-01 that fit.
const (
	minDay = minSeconds / secondsPerDay
	maxDay = maxSeconds / secondsPerDay

	secondsPerDay = 24 * 60 * 60
)

// OfDate is the value of a column of type Date, of the day on which t is in its own zone. ok is false for a day out of range.
func OfDate(t time.Time) (v Value, ok bool) {
	year, month, day := t.Date()
	return ofDay(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func ofDay(day int64) (v Value, ok bool) {
	if day < minDay || day > maxDay {
		return Null, false
	}
	return OfInt(day), true
}

// Date reads a value of type Date: its midnight in UTC; the zero time for NULL.
func (v Value) Date() time.Time {
	if v.p == nil {
		return time.Time{}
	}
	return time.Unix(int64(v.n)*secondsPerDay, 0).UTC()
}

// OfTimeOfDay is the value of a column of type TimeOfDay, of the time since midnight. ok is false for one that no day has.
func OfTimeOfDay(d time.Duration) (v Value, ok bool) {
	if d < 0 || d > secondsPerDay*time.Second {
		return Null, false
	}
	return OfInt(int64(d)), true
}

// TimeOfDay reads a value of type TimeOfDay; 0 for NULL.
func (v Value) TimeOfDay() time.Duration { return time.Duration(v.n) }

// OfList is the value of a list column. The elements are copied.
func OfList(elems []Value) Value {
	if len(elems) == 0 {
		return Value{unsafe.Pointer(&present), 0}
	}
	own := append(make([]Value, 0, len(elems)), elems...)
	return Value{unsafe.Pointer(&own[0]), uint64(len(own))}
}

// List reads a value of a list type; nil for NULL. It shares the stored elements, which must not be changed.
func (v Value) List() []Value {
	if v.p == nil || v.n == 0 {
		return nil
	}
	return unsafe.Slice((*Value)(v.p), int(v.n))
}
