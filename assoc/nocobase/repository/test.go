package repository

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// test is a condition on the column that a function decides; of NULL it is unknown.
func (o operand) test(name string, is func(v any) query.Truth) *formula {
	pos, typ := o.in.column(o.column), o.in.typeOf(o.column)
	return o.is(query.Test(name+" "+o.column, func(rec index.Record) query.Truth {
		v := types.ToGo(typ, rec.At(pos))
		if v == nil {
			return query.Unknown
		}
		return is(v)
	}))
}

// reads is how a value of a column reads as text.
func reads(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format("2006-01-02 15:04:05.999999+00")
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(v)
}

// elements are those of a list as it is stored, read from JSON with numbers as they are written; none if it is no list.
func elements(v any) (out []any) {
	switch v := v.(type) {
	case []any:
		return v
	case json.RawMessage:
		list, err := decoded(v)
		if err == nil {
			out, _ = list.([]any)
		}
	}
	return out
}

// key is a value as a key of maps: what stands for one key reads the same, whether it is a number or text.
func key(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return fmt.Sprint(v)
}

// listOps are the operators on lists.
var listOps = map[string]func(have, asked []any) bool{
	"$match": sameElements, "$notMatch": sameElements, "$anyOf": sharesText, "$noneOf": sharesText,
}

// sameElements tells whether two lists have the same elements, whatever their order.
func sameElements(a, b []any) bool {
	in := func(list []any) func(any) bool {
		return func(e any) bool {
			return !slices.ContainsFunc(list, func(x any) bool { return written(x) == written(e) })
		}
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}

// sharesText tells whether a list has one of the texts of another.
func sharesText(have, asked []any) bool {
	return slices.ContainsFunc(have, func(e any) bool {
		s, text := e.(string)
		return text && slices.ContainsFunc(asked, func(a any) bool { return key(a) == s })
	})
}

// written is a value as JSON.
func written(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// listCondition is the condition of an operator on lists; nil for one that is none.
func (o operand) listCondition(op string, v any) (*formula, error) {
	if op == "$arrayEmpty" {
		return o.listEmpty(), nil
	}
	if op == "$arrayNotEmpty" {
		return o.listEmpty().not(), nil
	}
	is, ok := listOps[op]
	if !ok {
		return nil, nil
	}
	asked, many := v.([]any)
	if !many {
		asked = []any{v}
	}
	if len(asked) == 0 && (op == "$anyOf" || op == "$noneOf") {
		return nil, o.in.refused("name an element", "%s takes a list of one element at least", op)
	}
	if o.in.typeOf(o.column) != memrel.JSON {
		return nil, o.in.refused("name a column that is a list", "%s takes a list, and %s is none", op, o.column)
	}
	f := o.test(op, func(v any) query.Truth { return query.TruthOf(is(elements(v), asked)) })
	switch op {
	case "$notMatch":
		return f.not(), nil
	case "$noneOf":
		return or(f.not(), o.is(memrel.IsNull(o.column))), nil
	}
	return f, nil
}

// listEmpty is the condition that a list has no element, or is NULL.
func (o operand) listEmpty() *formula {
	return or(o.test("$empty", func(v any) query.Truth { return query.TruthOf(len(elements(v)) == 0) }), o.is(memrel.IsNull(o.column)))
}
