package query

import (
	"database/sql/driver"
	"encoding/json"
	"math"
	"math/big"
	"reflect"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// place is where a value lies with respect to the values of a column.
type place uint8

const (
	placeAt    place = iota // it is one of them
	placeAfter              // between one of them and the next
	placeAbove              // above all of them
	placeBelow              // below all of them
)

// located is what a column's cells are compared with: val itself, or a place that no cell can have.
type located struct {
	val   index.Value
	place place
}

// adjust turns the outcomes wanted of a comparison with the value into those wanted of a comparison with val.
func (l located) adjust(accept signs) signs {
	var out signs
	switch l.place {
	case placeAt:
		return accept
	case placeAfter:
		if accept&less != 0 {
			out |= less | same
		}
		if accept&greater != 0 {
			out |= greater
		}
	case placeAbove:
		if accept&less != 0 {
			out = ever
		}
	case placeBelow:
		if accept&greater != 0 {
			out = ever
		}
	}
	return out
}

// bare is the column without its bounds: a value that the column could not hold can still be compared with.
func bare(c *types.Column) *types.Column {
	return &types.Column{Name: c.Name, Type: c.Type, Names: c.Names}
}

// locate converts a value to compare a column with.
func locate(c *types.Column, v any) (located, error) {
	if val, ok := plain(c, v); ok {
		return located{val: val}, nil
	}
	if c.Type.IsNumber() {
		if x, nan, ok := number(v); ok && (c.Type != index.Decimal || nan || x.IsInf()) {
			return locateNumber(c, v, x, nan), nil
		}
	}
	val, err := bare(c).FromGo(v)
	return located{val: val}, err
}

// plain is the cell of a value that is of the column's own Go type, as most are.
func plain(c *types.Column, v any) (val index.Value, ok bool) {
	switch x := v.(type) {
	case int64:
		return index.OfInt(x), c.Type == index.Int || c.Type == index.Uint && x >= 0 // which is the same cell
	case int:
		return index.OfInt(int64(x)), c.Type == index.Int || c.Type == index.Uint && x >= 0
	case uint64:
		return index.OfUint(x), c.Type == index.Uint
	case uint:
		return index.OfUint(uint64(x)), c.Type == index.Uint
	case string:
		return index.OfString(x), c.Type == index.String
	}
	return val, false
}

func locateNumber(c *types.Column, v any, x *big.Float, nan bool) located {
	switch t := c.Type; {
	case nan && t == index.Float:
		return located{val: index.OfFloat(math.NaN())}
	case nan:
		return located{zero(t), placeAbove}
	case t == index.Decimal && x.Sign() > 0: // an infinity: every other number is a decimal
		return located{zero(t), placeAbove}
	case t == index.Decimal:
		return located{zero(t), placeBelow}
	case t == index.Float:
		return locateFloat(c, v, x)
	case t == index.Uint:
		return locateUint(x)
	}
	n, acc := x.Int64()
	switch {
	case acc == big.Exact:
		return located{val: index.OfInt(n)}
	case n == math.MaxInt64 && acc == big.Below:
		return located{index.OfInt(n), placeAbove}
	case n == math.MinInt64 && acc == big.Above:
		return located{index.OfInt(n), placeBelow}
	case acc == big.Above: // Int64 cuts towards zero
		return located{index.OfInt(n - 1), placeAfter}
	}
	return located{index.OfInt(n), placeAfter}
}

// locateUint is where a number lies among the whole numbers without a sign.
func locateUint(x *big.Float) located {
	n, acc := x.Uint64() // cut towards zero
	switch {
	case x.Sign() < 0:
		return located{index.OfUint(0), placeBelow}
	case acc == big.Exact:
		return located{val: index.OfUint(n)}
	case n == math.MaxUint64:
		return located{index.OfUint(n), placeAbove}
	}
	return located{index.OfUint(n), placeAfter}
}

// zero is a value of a type of numbers to stand for a place where none is.
func zero(t index.Type) index.Value {
	if t == index.Decimal {
		v, _ := index.OfDecimal("0")
		return v
	}
	return index.OfInt(0)
}

// locateFloat is where a number lies among floats: at the one that it is as a value of the column. A whole number that is none, since it
// has more digits than a float holds, lies between two; any other is the nearest.
func locateFloat(c *types.Column, v any, x *big.Float) located {
	val, err := bare(c).FromGo(v)
	f, acc := x.Float64()
	switch {
	case err == nil:
		return located{val: val}
	case acc == big.Exact || !x.IsInt():
		return located{val: index.OfFloat(f)}
	case acc == big.Above:
		f = math.Nextafter(f, math.Inf(-1))
	}
	return located{index.OfFloat(f), placeAfter}
}

// numberPrecision holds any integer of 64 bits with room for a fraction.
const numberPrecision = 256

// number reads a Go number of any type, or a pointer to one. What knows its own database value is not read as a number.
func number(v any) (x *big.Float, nan, ok bool) {
	x = new(big.Float).SetPrec(numberPrecision)
	if n, is := v.(json.Number); is {
		_, _, err := x.Parse(n.String(), 10)
		return x, false, err == nil
	}
	if _, is := v.(driver.Valuer); is {
		return nil, false, false
	}
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	switch {
	case r.CanInt():
		return x.SetInt64(r.Int()), false, true
	case r.CanUint():
		return x.SetUint64(r.Uint()), false, true
	case r.CanFloat() && math.IsNaN(r.Float()):
		return nil, true, true
	case r.CanFloat():
		return x.SetFloat64(r.Float()), false, true
	}
	return nil, false, false
}
