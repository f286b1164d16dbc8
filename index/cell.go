package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unsafe"
)

// Cells, as files keep them: compact and exact, in no particular order. A byte tells NULL (0) from a value (1), which
// follows: integers, places of enums, days, times (microseconds, then nanoseconds) and lengths as varints, floats in eight bytes, decimals as
// their text.

// AppendCell appends v as files keep it. O(length).
func AppendCell(dst []byte, t Type, v Value) []byte {
	if v.IsNull() {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch t & kindMask {
	case Int, Uint, Enum, Date, TimeOfDay: // a Uint as the Int of its bits
		return binary.AppendVarint(dst, int64(v.n))
	case Time:
		return binary.AppendUvarint(binary.AppendVarint(dst, int64(v.n)), uint64(v.nanosecond()))
	case Float:
		return binary.LittleEndian.AppendUint64(dst, v.n)
	case Bool:
		return append(dst, byte(v.n))
	case listKind:
		dst = binary.AppendUvarint(dst, v.n)
		for _, e := range v.List() {
			dst = AppendCell(dst, t.Elem(), e)
		}
		return dst
	default:
		s := writtenText(t, v)
		return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
	}
}

// writtenText is the text of a value, or its bytes, whole.
func writtenText(t Type, v Value) string {
	switch t {
	case JSON, CIText:
		_, text := v.keyed()
		return text
	case Decimal:
		return v.Decimal()
	}
	return v.Str()
}

var errCell = errors.New("not a cell")

// ReadCell reads the cell at the beginning of b and returns what follows it: the reverse of [AppendCell]. Strings are
// copied. An Enum comes without its name, which its column knows. Bytes that AppendCell cannot have written are an error; whether strings are UTF-8 and JSON is canonical, or JSON at
// all, is not looked at.
func ReadCell(b []byte, t Type) (v Value, rest []byte, err error) {
	if len(b) == 0 || b[0] > 1 || !t.Valid() {
		return Null, nil, errCell
	}
	present, b := b[0] == 1, b[1:]
	if !present {
		return Null, b, nil
	}
	switch t & kindMask {
	case Int, Uint, Enum, Date, TimeOfDay:
		n, size := varint(b)
		if size <= 0 || !holdsInteger(t, n) {
			return Null, nil, errCell
		}
		return OfInt(n), b[size:], nil
	case Time:
		return readTime(b)
	case Float:
		if len(b) < 8 {
			return Null, nil, errCell
		}
		return OfFloat(math.Float64frombits(binary.LittleEndian.Uint64(b))), b[8:], nil
	case Bool:
		if len(b) == 0 || b[0] > 1 {
			return Null, nil, errCell
		}
		return OfBool(b[0] == 1), b[1:], nil
	case listKind:
		return readList(b, t.Elem())
	}
	return readString(b, t)
}

// holdsInteger tells whether a type that is kept as a whole number has this one.
func holdsInteger(t Type, n int64) bool {
	switch t {
	case Date:
		return n >= minDay && n <= maxDay
	case Enum:
		return n >= 0 && n <= math.MaxInt32
	case TimeOfDay:
		return n >= 0 && n <= secondsPerDay*int64(time.Second)
	}
	return true
}

// varint and uvarint read numbers in their shortest form only, so that a value has one cell.
func varint(b []byte) (int64, int) {
	n, size := binary.Varint(b)
	return n, shortest(b, size)
}

func uvarint(b []byte) (uint64, int) {
	n, size := binary.Uvarint(b)
	return n, shortest(b, size)
}

func shortest(b []byte, size int) int {
	if size > 1 && b[size-1] == 0 {
		return 0
	}
	return size
}

func readTime(b []byte) (Value, []byte, error) {
	us, size := varint(b)
	if size <= 0 {
		return Null, nil, errCell
	}
	b = b[size:]
	ns, size := uvarint(b)
	if size <= 0 || ns > 999 {
		return Null, nil, errCell
	}
	if s := us / 1_000_000; s < minSeconds || s > maxSeconds {
		return Null, nil, fmt.Errorf("%w: a time out of range", errCell)
	}
	return Value{unsafe.Pointer(&nanos[ns]), uint64(us)}, b[size:], nil
}

func readString(b []byte, t Type) (Value, []byte, error) {
	n, size := uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) || t == UUID && n != 16 {
		return Null, nil, errCell
	}
	text, rest := string(b[size:size+int(n)]), b[size+int(n):]
	switch {
	case t == Decimal:
		v, ok := OfDecimal(text)
		if !ok {
			return Null, nil, errCell
		}
		return v, rest, nil
	case t != JSON && t != CIText:
		return OfString(text), rest, nil
	case strings.IndexByte(text, 0) >= 0:
		return Null, nil, errCell
	case t == CIText:
		return OfCIText(text), rest, nil
	}
	return OfJSON(text), rest, nil
}

func readList(b []byte, elem Type) (Value, []byte, error) {
	n, size := uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return Null, nil, errCell
	}
	b = b[size:]
	elems := make([]Value, n)
	var err error
	for i := range elems {
		if elems[i], b, err = ReadCell(b, elem); err != nil {
			return Null, nil, err
		}
	}
	return OfList(elems), b, nil
}
