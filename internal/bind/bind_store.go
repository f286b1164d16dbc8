package bind

import (
	"encoding/json"
	"reflect"
	"time"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// store is the cell for the field at p, held to the bounds of its column.
func (c *codec) store(p unsafe.Pointer, col *types.Column) (index.Value, error) {
	switch c.op {
	case opInt64:
		return col.FromInt(*(*int64)(p))
	case opInt32:
		return col.FromInt(int64(*(*int32)(p)))
	case opInt16:
		return col.FromInt(int64(*(*int16)(p)))
	case opInt8:
		return col.FromInt(int64(*(*int8)(p)))
	case opUint64:
		return col.FromUint(*(*uint64)(p))
	case opUint32:
		return col.FromInt(int64(*(*uint32)(p)))
	case opUint16:
		return col.FromInt(int64(*(*uint16)(p)))
	case opUint8:
		return col.FromInt(int64(*(*uint8)(p)))
	case opFloat64:
		return index.OfFloat(*(*float64)(p)), nil
	case opFloat32:
		return index.OfFloat(float64(*(*float32)(p))), nil
	case opBool:
		return index.OfBool(*(*bool)(p)), nil
	case opString, opCIText, opText:
		return col.FromString(*(*string)(p))
	case opTime, opDate:
		return col.FromTime(*(*time.Time)(p))
	case opUUID:
		return index.OfUUID(*(*[16]byte)(p)), nil
	}
	return c.storeOther(p, col)
}

func (c *codec) storeOther(p unsafe.Pointer, col *types.Column) (index.Value, error) {
	switch c.op {
	case opNull:
		if !*(*bool)(unsafe.Add(p, c.at)) {
			return index.Null, nil
		}
		return c.of.store(p, col)
	case opPointer:
		q := *(*unsafe.Pointer)(p)
		if q == nil {
			return index.Null, nil
		}
		return c.of.store(q, col)
	case opDecimal:
		return col.FromGo(*(*float64)(p))
	case opDuration:
		return col.FromGo(*(*time.Duration)(p))
	case opBytes:
		return col.FromBytes(*(*[]byte)(p))
	case opRaw:
		return col.FromRaw(*(*json.RawMessage)(p))
	case opList:
		return c.storeList(*(*sliceHeader)(p), col)
	}
	return col.FromGo(c.copied(p))
}

// copied is the field at p as a value of its own; for a type with a Value method, as a pointer, which has the methods
// of both receivers. See convert_own.go on hiding: what the field contains is known to outlive the call, and the field
// itself is copied here.
func (c *codec) copied(p unsafe.Pointer) any {
	field := reflect.NewAt(c.typ, types.HiddenPointer(p)).Elem()
	if c.op != opScan {
		return field.Interface()
	}
	out := reflect.New(c.typ)
	out.Elem().Set(field)
	return out.Interface()
}

func (c *codec) storeList(h sliceHeader, col *types.Column) (index.Value, error) {
	if h.data == nil {
		return index.Null, nil
	}
	elem := types.Column{Name: col.Name, Type: col.Type.Elem()}
	var few [16]index.Value
	list := few[:0]
	for i := range h.len {
		v, err := c.of.store(unsafe.Add(h.data, uintptr(i)*c.step), &elem)
		if err != nil {
			return index.Null, types.AtElement(err, col.Name, i)
		}
		list = append(list, v)
	}
	return index.OfList(list), nil
}

// isZero tells whether the field at p is its type's zero value; of a sql.Null, whether it is not valid.
func (c *codec) isZero(p unsafe.Pointer) bool {
	switch c.op {
	case opInt64, opUint64, opDuration:
		return *(*int64)(p) == 0
	case opInt32, opUint32:
		return *(*int32)(p) == 0
	case opInt16, opUint16:
		return *(*int16)(p) == 0
	case opInt8, opUint8, opBool:
		return *(*int8)(p) == 0
	case opFloat64, opDecimal:
		return *(*float64)(p) == 0
	case opFloat32:
		return *(*float32)(p) == 0
	case opString, opCIText, opText:
		return *(*string)(p) == ""
	case opTime, opDate:
		return (*time.Time)(p).IsZero()
	case opUUID:
		return *(*[16]byte)(p) == [16]byte{}
	case opNull:
		return !*(*bool)(unsafe.Add(p, c.at))
	case opBytes, opRaw, opList, opPointer:
		return *(*unsafe.Pointer)(p) == nil
	}
	return reflect.NewAt(c.typ, types.HiddenPointer(p)).Elem().IsZero()
}
