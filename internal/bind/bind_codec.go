package bind

import (
	"reflect"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// codec moves cells of one column type into fields of one Go type and back.
type codec struct {
	op   codecOp
	of   *codec       // of a pointer, a sql.Null or a list: the codec of what is in it
	typ  reflect.Type // the Go type
	from index.Type   // of a type with Scan, of text and of documents: the column's type
	at   uintptr      // of a sql.Null: where Valid is
	step uintptr      // of a list: the size of an element

	table, column string // whose cells they are, for errors
}

// codecOp says how a codec works. It is small and dense, so that a switch on it is a jump.
type codecOp uint8

const (
	opInt64 codecOp = iota
	opInt32
	opInt16
	opInt8
	opUint64
	opUint32
	opUint16
	opUint8
	opFloat64
	opFloat32
	opBool
	opString
	opTime
	opUUID
	opCIText
	opText     // a UUID, a day, a time of day, a decimal or an enum in a string
	opDate     // a day in a time.Time
	opDuration // a time of day in a time.Duration
	opBig      // a decimal in a number of math/big
	opDecimal  // a decimal of few digits in a float64
	opBytes
	opRaw  // json.RawMessage
	opJSON // anything, by encoding/json
	opScan // a type with Value and Scan
	opList
	opPointer
	opNull // sql.Null and its likes
)

// nullable tells whether fields of the type can hold NULL.
func (c *codec) nullable() bool {
	switch c.op {
	case opBytes, opRaw, opScan, opList, opPointer, opNull:
		return true
	case opJSON:
		k := c.typ.Kind()
		return k == reflect.Map || k == reflect.Slice || k == reflect.Interface
	}
	return false
}

// codecFor finds the codec between a field's type and a column, or tells why there is none.
func codecFor(t reflect.Type, c *types.Column) (*codec, *problem) {
	if t.Kind() == reflect.Pointer {
		of, p := plainCodec(t.Elem(), c)
		return &codec{op: opPointer, typ: t, of: of}, p
	}
	if value, ok := types.NullStruct(t); ok {
		of, p := plainCodec(value.Type, c)
		return &codec{op: opNull, typ: t, of: of, at: t.Field(1).Offset}, p
	}
	return plainCodec(t, c)
}

func plainCodec(t reflect.Type, c *types.Column) (*codec, *problem) {
	if c.Type == index.JSON {
		return jsonCodec(t)
	}
	if c.Type.IsList() && t.Kind() == reflect.Slice && (!hasScan(t) || isArray(t)) {
		return listCodec(t, c)
	}
	op, ok := scalarOp(t, c.Type)
	switch {
	case !ok && hasScan(t):
		return &codec{op: opScan, typ: t, from: c.Type}, nil
	case !ok:
		return nil, problemf("use "+goTypeFor(c.Type)+", a pointer to one or sql.Null of it", "%s cannot hold a column of type %s", types.WithArticle(t.String()), c.Type)
	case c.Type == index.Int || c.Type == index.Uint:
		if p := intProblem(t, c); p != nil {
			return nil, p
		}
	case op == opDecimal && (c.Size == 0 || c.Size > floatDigits):
		p := problemf("use a string or an apd.Decimal, or a column of at most 15 digits", "a float64 cannot hold every number of its column")
		p.state = tooSmall
		return nil, p
	case t == bigIntType && (c.Size == 0 || c.Scale > 0):
		p := problemf("use a big.Rat, or a column with a size and no scale", "a big.Int cannot hold the digits after the point of its column")
		p.state = tooSmall
		return nil, p
	}
	return &codec{op: op, typ: t, from: c.Type}, nil
}

// scalarOp is how a scalar of the column type goes into the Go type.
func scalarOp(t reflect.Type, column index.Type) (codecOp, bool) {
	kind := t.Kind()
	switch column {
	case index.Int, index.Uint:
		return intOp(t), isInteger(kind)
	case index.Float:
		if kind == reflect.Float32 {
			return opFloat32, true
		}
		return opFloat64, kind == reflect.Float64
	case index.Bool:
		return opBool, kind == reflect.Bool
	case index.String:
		return opString, kind == reflect.String
	case index.CIText:
		return opCIText, kind == reflect.String
	case index.Bytes:
		return opBytes, types.IsByteSlice(t)
	case index.Time:
		return opTime, t == timeGoType
	case index.UUID:
		if kind == reflect.String {
			return opText, true
		}
		return opUUID, types.IsByteArray(t) && t.Len() == 16
	}
	return exactOp(t, column)
}

// exactOp is scalarOp for days, times of day, decimals and enums.
func exactOp(t reflect.Type, column index.Type) (codecOp, bool) {
	switch {
	case t.Kind() == reflect.String:
		return opText, column == index.Date || column == index.TimeOfDay || column == index.Decimal || column == index.Enum
	case column == index.Date:
		return opDate, t == timeGoType
	case column == index.TimeOfDay:
		return opDuration, t == durationType
	case column == index.Decimal && t.Kind() == reflect.Float64:
		return opDecimal, true
	}
	return opBig, column == index.Decimal && (t == ratType || t == bigIntType)
}

func intOp(t reflect.Type) codecOp {
	if !isInteger(t.Kind()) {
		return 0
	}
	op := map[int]codecOp{64: opInt64, 32: opInt32, 16: opInt16, 8: opInt8}[t.Bits()]
	if t.Kind() >= reflect.Uint {
		op += opUint64 - opInt64
	}
	return op
}

// floatDigits is how many digits of any decimal number a float64 gives back as they were.
const floatDigits = 15

// tooSmall is the SQLSTATE of a field that holds the type of its column, but not every value.
const tooSmall = "22003"

// intProblem tells whether the column holds integers that the Go type does not.
func intProblem(t reflect.Type, c *types.Column) *problem {
	low, high := c.Bounds()
	of := types.Column{Type: index.Int, Size: t.Bits(), Unsigned: t.Kind() >= reflect.Uint}.Normal()
	if l, h := of.Bounds(); l <= low && h >= high {
		return nil
	}
	p := problemf("use an int64, or a column of that size", "%s cannot hold every value of its column (%d to %d)", types.WithArticle(t.String()), low, high)
	p.state = tooSmall
	return p
}

func jsonCodec(t reflect.Type) (*codec, *problem) {
	switch {
	case t == rawType:
		return &codec{op: opRaw, typ: t}, nil
	case hasScan(t) && !marshalsItself(t):
		return &codec{op: opScan, typ: t, from: index.JSON}, nil
	}
	return &codec{op: opJSON, typ: t, from: index.JSON}, jsonProblem(t, map[reflect.Type]bool{})
}

func listCodec(t reflect.Type, c *types.Column) (*codec, *problem) {
	of, p := codecFor(t.Elem(), &types.Column{Name: c.Name, Type: c.Type.Elem()})
	if p != nil {
		return nil, problemf("use []"+goTypeFor(c.Type.Elem())+", or tag it type=json", "%s cannot hold a column of type %s", types.WithArticle(t.String()), c.Type)
	}
	return &codec{op: opList, typ: t, of: of, step: t.Elem().Size()}, nil
}

// goTypeFor is the plain Go type for a column type, for hints.
func goTypeFor(t index.Type) string {
	if t.IsList() {
		return "[]" + goTypeFor(t.Elem())
	}
	names := map[index.Type]string{index.Int: "int64", index.Uint: "uint64", index.Float: "float64", index.Bool: "bool", index.String: "string", index.CIText: "string",
		index.Bytes: "[]byte", index.Time: "time.Time", index.UUID: "[16]byte", index.JSON: "json.RawMessage",
		index.Date: "time.Time", index.TimeOfDay: "time.Duration", index.Decimal: "apd.Decimal", index.Enum: "string"}
	return names[t]
}
