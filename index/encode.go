package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"unsafe"
)

// Encoded keys, for what leaves the process: each value is a tag and a payload, and a key of several columns is their
// concatenation. The bytes of two keys over the same types compare as the values do, and the encoding of a key's first
// columns is a prefix of the whole key's.
//
//	0x01 payload    a value
//	0x02            NULL, after every value
//
// Payloads: eight big-endian bytes with the sign flipped, where there is one, for integers, floats and (with two bytes of nanoseconds)
// times; one byte for bools; strings, and what decimals are ordered by, end in 00 01 and write 00 as 00 FF; lists write their elements and end in 00.
const (
	tagEnd   = 0x00
	tagValue = 0x01
	tagNull  = 0x02

	escape    = 0x00
	escapeEnd = 0x01
	escapeNul = 0xff
)

// AppendValue appends the order-preserving encoding of v to dst. O(length).
func AppendValue(dst []byte, t Type, v Value) []byte {
	if v.IsNull() {
		return append(dst, tagNull)
	}
	dst = append(dst, tagValue)
	switch t & kindMask {
	case Int, Uint, Enum, Date, TimeOfDay:
		return binary.BigEndian.AppendUint64(dst, v.n^t.sign())
	case Time:
		dst = binary.BigEndian.AppendUint64(dst, v.n^signBit)
		return binary.BigEndian.AppendUint16(dst, uint16(v.nanosecond()))
	case Float:
		return binary.BigEndian.AppendUint64(dst, floatBits(v.Float()))
	case Bool:
		return append(dst, byte(v.n))
	case listKind:
		for _, e := range v.List() {
			dst = AppendValue(dst, t.Elem(), e)
		}
		return append(dst, tagEnd)
	default:
		return appendEscaped(dst, textOf(t, v))
	}
}

func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == escape {
			dst = append(dst, escapeNul)
		}
	}
	return append(dst, escape, escapeEnd)
}

var errEncoding = errors.New("not an encoded key")

// DecodeValue reads the value at the beginning of b and returns what follows it. It is the reverse of [AppendValue] but
// for what order does not tell apart: -0 comes back as 0, JSON's and a decimal's 1.50 as 1.5, a CIText folded, an Enum without its name. Bytes that AppendValue cannot have written are an error;
// whether the text of a JSON value is canonical, or JSON at all, is not looked at.
func DecodeValue(b []byte, t Type) (v Value, rest []byte, err error) {
	if len(b) == 0 || !t.Valid() {
		return Null, nil, errEncoding
	}
	tag, b := b[0], b[1:]
	switch {
	case tag == tagNull:
		return Null, b, nil
	case tag != tagValue:
		return Null, nil, fmt.Errorf("%w: tag %#x", errEncoding, tag)
	}
	switch t & kindMask {
	case Int, Uint, Enum, Float, Time, Date, TimeOfDay:
		return decodeNumber(b, t)
	case Bool:
		if len(b) < 1 || b[0] > 1 {
			return Null, nil, errEncoding
		}
		return OfBool(b[0] == 1), b[1:], nil
	case listKind:
		return decodeList(b, t.Elem())
	default:
		return decodeText(b, t)
	}
}

// decodeText reads a value that is ordered by bytes.
func decodeText(b []byte, t Type) (Value, []byte, error) {
	v, rest, err := decodeEscaped(b)
	switch {
	case err != nil:
		return Null, nil, err
	case t == Decimal:
		number, ok := ofDecimalKey(v.Str())
		if !ok {
			return Null, nil, errEncoding
		}
		v = number
	case t == UUID && len(v.Str()) != 16, (t == JSON || t == CIText) && strings.IndexByte(v.Str(), 0) >= 0, t == CIText && Fold(v.Str()) != v.Str():
		return Null, nil, errEncoding
	}
	return v, rest, nil
}

func decodeNumber(b []byte, t Type) (Value, []byte, error) {
	if len(b) < 8 {
		return Null, nil, errEncoding
	}
	n, b := binary.BigEndian.Uint64(b), b[8:]
	switch t {
	case Uint:
		return OfUint(n), b, nil
	case Int, Enum, Date, TimeOfDay:
		if !holdsInteger(t, int64(n^signBit)) {
			return Null, nil, errEncoding
		}
		return OfInt(int64(n ^ signBit)), b, nil
	case Time:
		return decodeTime(int64(n^signBit), b)
	}
	f := math.Float64frombits(^n)
	switch {
	case n == floatBits(math.NaN()):
		f = math.NaN()
	case n&signBit != 0:
		f = math.Float64frombits(n ^ signBit)
	}
	if floatBits(f) != n { // -0 and the other NaNs have the bytes of those they equal
		return Null, nil, errEncoding
	}
	return OfFloat(f), b, nil
}

func decodeTime(micros int64, b []byte) (Value, []byte, error) {
	if micros < minMicros || micros > maxMicros || len(b) < 2 || binary.BigEndian.Uint16(b) > 999 {
		return Null, nil, errEncoding
	}
	return Value{unsafe.Pointer(&nanos[binary.BigEndian.Uint16(b)]), uint64(micros)}, b[2:], nil
}

func decodeEscaped(b []byte) (Value, []byte, error) {
	var s []byte
	for i := 0; i+1 < len(b); i++ {
		if b[i] != escape {
			s = append(s, b[i])
			continue
		}
		switch b[i+1] {
		case escapeEnd:
			return OfString(string(s)), b[i+2:], nil
		case escapeNul:
			s = append(s, escape)
			i++
		default:
			return Null, nil, errEncoding
		}
	}
	return Null, nil, errEncoding
}

func decodeList(b []byte, elem Type) (Value, []byte, error) {
	var elems []Value
	for len(b) > 0 && b[0] != tagEnd {
		e, rest, err := DecodeValue(b, elem)
		if err != nil {
			return Null, nil, err
		}
		elems, b = append(elems, e), rest
	}
	if len(b) == 0 {
		return Null, nil, errEncoding
	}
	return OfList(elems), b[1:], nil
}
