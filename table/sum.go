package table

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Sums makes of a row its columns with something added, for an update of each: by has what is added to which column, and less if
// it is negative. NULL stays NULL, and a sum that the column cannot hold is refused when it is written. Errors are of kind
// [types.ErrUnknownColumn], and [types.ErrType] for what is no number.
func (d *Def) Sums(by Values) (func(Row) Values, error) {
	terms := make(Values, len(by))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		p, ok := d.Column(name)
		if !ok {
			return nil, d.UnknownColumn(name)
		}
		if column := &d.Columns()[p]; !column.Type.IsNumber() {
			return nil, &types.Error{Kind: types.ErrType, Table: d.Name(), Columns: []string{name},
				Detail: fmt.Sprintf("column %s is of type %s, to which nothing can be added", name, column.Type), Hint: "add to columns of type int, uint, float or decimal"}
		}
		c := types.Column{Name: name, Type: d.Columns()[p].Type} // without bounds, which are those of the sum
		v, err := c.FromGo(by[name])
		if err != nil && c.Type == index.Uint { // less of what has no sign
			c.Type = index.Int
			v, err = c.FromGo(by[name])
		}
		if err != nil {
			return nil, d.Blame(err)
		}
		if v.IsNull() {
			return nil, &types.Error{Kind: types.ErrType, Table: d.Name(), Columns: []string{name}, Detail: fmt.Sprintf("NULL cannot be added to column %s", name), Hint: "add a number"}
		}
		terms[name] = types.ToGo(c.Type, v)
	}
	return func(row Row) Values {
		out := make(Values, len(terms))
		for name, term := range terms {
			out[name] = sum(row.Get(name), term)
		}
		return out
	}, nil
}

// sum is a number with another of its type added; one that no int64 can hold, no float64 but as an infinity, or no decimal, is given
// as a number that its column refuses.
func sum(v, term any) any {
	switch v := v.(type) {
	case int64:
		exact := new(big.Int).Add(big.NewInt(v), big.NewInt(term.(int64)))
		if !exact.IsInt64() {
			return json.Number(exact.String())
		}
		return exact.Int64()
	case uint64:
		exact := new(big.Int).SetUint64(v)
		if less, ok := term.(int64); ok {
			exact.Add(exact, big.NewInt(less))
		} else {
			exact.Add(exact, new(big.Int).SetUint64(term.(uint64)))
		}
		if !exact.IsUint64() {
			return json.Number(exact.String())
		}
		return exact.Uint64()
	case float64:
		t := term.(float64)
		if out := v + t; !math.IsInf(out, 0) || math.IsInf(v, 0) || math.IsInf(t, 0) {
			return out
		}
		return json.Number(new(big.Float).Add(big.NewFloat(v), big.NewFloat(t)).Text('e', 17))
	case string: // a decimal
		if out, ok := types.AddDecimals(v, term.(string)); ok {
			return out
		}
		return json.Number("1e" + strconv.Itoa(index.MaxDecimalWhole))
	}
	return nil
}
