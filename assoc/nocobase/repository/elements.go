package repository

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/query"
)

// typedList is the field of the column if that is a list of elements of one type, as the keys of a belongsToArray are. The recorded
// system asks other things of it than of a list of anything, which is JSON there.
func (o operand) typedList() (nocobase.Field, bool) {
	f, ok := o.in.s.all.Field(o.in.name, o.column)
	return f, ok && f.DataType == "array" && (f.Type == "array" || f.Type == "set")
}

// onTyped is what an operator asks of a list of elements of one type; nil where that is what it asks of any column. Without an operator
// it is asked for as a whole.
func (o operand) onTyped(op string, v any) (*formula, error) {
	f, is := o.typedList()
	_, ofText := textOps[op]
	nothing := v == nil && slices.Contains([]string{"", "$eq", "$is", "$ne", "$not"}, op)
	if !is || ofText || nothing || op == "$and" || op == "$or" {
		return nil, nil
	}
	list, many := listOf(v)
	test := func(ask func(have, asked []any) bool, asked []any) *formula {
		asked = asElements(f, asked)
		return o.test(op, func(v any) query.Truth { return query.TruthOf(ask(elements(v), asked)) })
	}
	switch within := func(a, b []any) bool { return len(without(a, b)) == 0 }; {
	case op == "" && many:
		return test(sameList, list), nil
	case op == "$contains" && many:
		return test(func(have, asked []any) bool { return within(asked, have) }, list), nil
	case op == "$contained" && many:
		return test(within, list), nil
	case op == "$overlap" && many:
		return test(func(have, asked []any) bool { return len(without(have, asked)) < len(have) }, list), nil
	case (op == "$in" || op == "$notIn") && many && !slices.ContainsFunc(list, func(e any) bool { return !isList(e) }):
		any := or()
		for _, e := range list {
			whole, _ := listOf(e)
			any = or(any, test(sameList, whole))
		}
		if op == "$in" {
			return any, nil
		}
		return or(any.not(), o.is(memrel.IsNull(o.column))), nil
	}
	return nil, o.in.refused(`write a list for the whole of it, or a condition on the rows that it leads to: {"tags.title": ...}`,
		"%s is a list of elements of one type, of which %q does not ask with %s", o.column, op, shownValue(v))
}

// sameList tells whether two lists have the same elements in the same order.
func sameList(a, b []any) bool {
	return slices.EqualFunc(a, b, func(x, y any) bool { return written(x) == written(y) })
}

// readsOf is how a value of the column reads as text.
func (o operand) readsOf(v any) string {
	if _, ok := o.typedList(); !ok {
		return reads(v)
	}
	var texts []string
	for _, e := range elements(v) {
		texts = append(texts, key(e))
	}
	return "{" + strings.Join(texts, ",") + "}"
}
