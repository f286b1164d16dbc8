package index

import (
	"encoding/binary"
	"math"
)

const signBit = 1 << 63

// prefixOf is the first eight bytes of a value's order-preserving key: a < b implies prefixOf(a) <= prefixOf(b).
func prefixOf(t Type, v Value) uint64 {
	switch rank(v) {
	case -1:
		return 0
	case 1, 2:
		return math.MaxUint64
	}
	switch t & kindMask {
	case Int, Time, Date, TimeOfDay:
		return v.n ^ signBit
	case Float:
		return floatBits(v.Float())
	case Bool, Uint, Enum:
		return v.n
	case listKind:
		return 0
	default:
		return stringPrefix(textOf(t, v))
	}
}

// textPrefix is prefixOf of a string with the eight bytes that follow: strings in one column often begin alike.
func textPrefix(v Value) (prefix, next uint64) {
	switch rank(v) {
	case -1:
		return 0, 0
	case 1, 2:
		return math.MaxUint64, math.MaxUint64
	}
	s := v.Str()
	if len(s) > 8 {
		next = stringPrefix(s[8:])
	}
	return stringPrefix(s), next
}

// turnedPrefix is the prefix of a value whose column has another order than its values, and of a string the eight bytes that follow.
func turnedPrefix(c *Column, v Value) (prefix, next uint64) {
	v = c.Cut(v)
	if c.Type.isText() {
		prefix, next = textPrefix(v)
	} else {
		prefix = prefixOf(c.Type, v)
	}
	switch r := rank(v); {
	case r == 1 && c.NullsFirst:
		return 0, 0
	case r == 0 && c.Desc && c.Type.isText():
		return ^prefix, ^next
	case r == 0 && c.Desc:
		return ^prefix, 0
	}
	return prefix, next
}

func stringPrefix(s string) uint64 {
	if len(s) >= 8 {
		return uint64(s[0])<<56 | uint64(s[1])<<48 | uint64(s[2])<<40 | uint64(s[3])<<32 |
			uint64(s[4])<<24 | uint64(s[5])<<16 | uint64(s[6])<<8 | uint64(s[7])
	}
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

// floatBits maps floats to integers of the same order; -0 to 0, every NaN to one value above +Inf.
func floatBits(f float64) uint64 {
	switch {
	case math.IsNaN(f):
		return math.MaxUint64 - 1
	case f == 0:
		return signBit
	}
	b := math.Float64bits(f)
	if b&signBit != 0 {
		return ^b
	}
	return b | signBit
}

// packInts is the prefix of a key that begins with two integers: 32 bits each. A first integer beyond 32 bits takes the
// whole prefix to its end of the range, so the order stays right and only ties grow.
func packInts(a, b Value) uint64 {
	hi := half(a)
	switch hi {
	case 0:
		return 0
	case math.MaxUint32:
		return math.MaxUint64
	}
	return uint64(hi)<<32 | uint64(half(b))
}

// halfBias makes of a 32-bit integer a number of the same order without a sign.
const halfBias = -math.MinInt32

// fitsHalf tells whether half loses nothing of a value: no other integer has its half, nor any bound.
func fitsHalf(t Type, v Value) bool {
	return rank(v) == 0 && (t != Uint || v.n <= math.MaxInt64) && int64(v.n) > math.MinInt32 && int64(v.n) < math.MaxInt32
}

// halved is a value of an integer type as an Int, for its half: of those without a sign the upper ones are all beyond it.
func halved(t Type, v Value) Value {
	if t == Uint && v.n > math.MaxInt64 {
		v.n = math.MaxInt64
	}
	return v
}

// half maps an integer to 32 bits of the same order, the ends standing for all that lies beyond.
func half(v Value) uint32 {
	switch rank(v) {
	case -1:
		return 0
	case 1, 2:
		return math.MaxUint32
	}
	return uint32(min(max(int64(v.n), math.MinInt32), math.MaxInt32) + halfBias)
}
