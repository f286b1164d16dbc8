package bind

import (
	"database/sql"
	"encoding/json"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// sliceHeader is how Go lays out a slice. The pointer is one to the garbage collector too.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// load sets the field at p. NULL is the zero value. p does not escape: nothing here may keep it.
func (c *codec) load(p unsafe.Pointer, v index.Value) {
	switch c.op {
	case opInt64, opUint64, opDuration: // a negative number is not in an unsigned column
		*(*int64)(p) = v.Int()
	case opInt32, opUint32:
		*(*int32)(p) = int32(v.Int())
	case opInt16, opUint16:
		*(*int16)(p) = int16(v.Int())
	case opInt8, opUint8:
		*(*int8)(p) = int8(v.Int())
	case opFloat64:
		*(*float64)(p) = v.Float()
	case opFloat32:
		*(*float32)(p) = c.single(v)
	case opBool:
		*(*bool)(p) = v.Bool()
	case opString:
		*(*string)(p) = v.Str()
	case opCIText:
		*(*string)(p) = v.CIText()
	case opTime:
		*(*time.Time)(p) = v.Time()
	case opDate:
		*(*time.Time)(p) = v.Date()
	case opUUID:
		*(*[16]byte)(p) = v.UUID()
	case opNull:
		c.of.load(p, v)
		*(*bool)(unsafe.Add(p, c.at)) = !v.IsNull()
	default:
		c.loadNew(p, v)
	}
}

// loadNew sets a field that needs memory of its own.
func (c *codec) loadNew(p unsafe.Pointer, v index.Value) {
	switch c.op {
	case opText:
		*(*string)(p) = cellText(c.from, v)
	case opDecimal:
		*(*float64)(p), _ = strconv.ParseFloat(v.Decimal(), 64) // of NULL nothing, which is zero
	case opBytes:
		*(*[]byte)(p) = v.Bytes()
	case opRaw:
		*(*[]byte)(p) = rawJSON(v)
	case opPointer:
		*(*unsafe.Pointer)(p) = c.newPointee(v)
	case opList:
		*(*sliceHeader)(p) = c.newList(v)
	default:
		// Set copies into the field; it is reflection that the compiler suspects of keeping the address.
		reflect.NewAt(c.typ, types.HiddenPointer(p)).Elem().Set(c.newValue(v))
	}
}

// rawJSON is the text of a document in bytes of its own; nil for NULL.
func rawJSON(v index.Value) []byte {
	if v.IsNull() {
		return nil
	}
	return []byte(v.JSON())
}

// cellText is a cell of a type that [types.ToGo] gives as text; "" for NULL.
func cellText(t index.Type, v index.Value) string {
	text, _ := types.ToGo(t, v).(string)
	return text
}

func (c *codec) newPointee(v index.Value) unsafe.Pointer {
	if v.IsNull() {
		return nil
	}
	q := reflect.New(c.typ.Elem()).UnsafePointer()
	c.of.load(q, v)
	return q
}

func (c *codec) newList(v index.Value) sliceHeader {
	if v.IsNull() {
		return sliceHeader{}
	}
	list := v.List()
	h := sliceHeader{reflect.MakeSlice(c.typ, len(list), len(list)).UnsafePointer(), len(list), len(list)}
	for i, e := range list {
		c.of.load(unsafe.Add(h.data, uintptr(i)*c.step), e)
	}
	return h
}

// newValue is the value of a field that encoding/json or its own Scan method reads. It panics with what these refuse, which the field
// cannot have written.
func (c *codec) newValue(v index.Value) reflect.Value {
	out := reflect.New(c.typ)
	switch {
	case c.op == opBig:
		setBig(out.Interface(), v)
	case c.op == opScan:
		if err := out.Interface().(sql.Scanner).Scan(scanned(c.from, v)); err != nil {
			panic(c.unreadable(v, err))
		}
	case !v.IsNull():
		err := json.Unmarshal(rawJSON(v), out.Interface())
		if err != nil && json.Unmarshal([]byte(v.JSONKey()), out.Interface()) != nil { // it reads no 1.0 into an int
			panic(c.unreadable(v, err))
		}
	}
	return out.Elem()
}

// setBig gives a number of math/big the value of a decimal; a big.Int, which has no room for it, that of its whole part.
func setBig(dst any, v index.Value) {
	switch n := dst.(type) {
	case *big.Rat:
		n.SetString(v.Decimal())
	case *big.Int:
		whole, _, _ := strings.Cut(v.Decimal(), ".")
		n.SetString(whole, 10)
	}
}

// scanned is a cell as a database driver hands it to Scan.
func scanned(t index.Type, v index.Value) any {
	if t == index.Date && !v.IsNull() {
		return v.Date()
	}
	if raw, ok := types.ToGo(t, v).(json.RawMessage); ok {
		return []byte(raw)
	}
	return types.ToGo(t, v)
}
