package repository

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/memrel/memrel"
)

// aggregate is one number over the values that rows have in a column.
func (c *place) aggregate(method, column string, rows []memrel.Instance) (any, error) {
	if !c.has(column) {
		return nil, &memrel.Error{Kind: memrel.ErrUnknownColumn, Op: c.s.op, Table: c.table, Columns: []string{column},
			Detail: "there is no column " + column, Hint: "name one of its columns"}
	}
	sum, n := new(big.Rat), int64(0)
	var least, most any
	for _, row := range rows {
		v := row.Value(column)
		if v == nil {
			continue
		}
		n++
		if q, ok := new(big.Rat).SetString(fmt.Sprint(v)); ok {
			sum.Add(sum, q)
			if n == 1 || q.Cmp(number(least)) < 0 {
				least = v
			}
			if n == 1 || q.Cmp(number(most)) > 0 {
				most = v
			}
		}
	}
	switch {
	case method == "count":
		return n, nil
	case method != "sum" && method != "avg" && method != "min" && method != "max":
		return nil, c.refused("use count, sum, avg, min or max", "there is no aggregate %s", method)
	case n == 0:
		return nil, nil
	case method == "min":
		return least, nil
	case method == "max":
		return most, nil
	case method == "avg":
		sum.Quo(sum, new(big.Rat).SetInt64(n))
		if c.typeOf(column) == memrel.Int {
			return json.Number(new(big.Int).Quo(sum.Num(), sum.Denom()).String()), nil
		}
	}
	if sum.IsInt() {
		return json.Number(sum.Num().String()), nil
	}
	f, _ := sum.Float64()
	return f, nil
}

func number(v any) *big.Rat {
	q, ok := new(big.Rat).SetString(fmt.Sprint(v))
	if !ok {
		return new(big.Rat)
	}
	return q
}
