package repository

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/query"
)

// compare is the condition of an operator on a column.
func (o operand) compare(op string, v any) (*formula, error) {
	if ask, ok := textOps[op]; ok {
		return o.text(op, ask, v)
	}
	if ask, ok := dateOps[op]; ok {
		return o.date(ask, v)
	}
	if strings.HasPrefix(op, "$") {
		if f, err := o.onTyped(op, v); f != nil || err != nil {
			return f, err
		}
		if f, err := o.listCondition(op, v); f != nil || err != nil {
			return f, err
		}
		if f, err := o.plain(op, v); f != nil || err != nil {
			return f, err
		}
	}
	return nil, o.in.refused("there is no operator "+op+"; see docs/nocobase.md for those that there are", "Invalid value { '%s': %s }", op, shownValue(v))
}

// shownValue is a value as errors of the recorded system show it.
func shownValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "'" + v + "'"
	case json.Number, bool, int, int64, float64:
		return fmt.Sprint(v)
	}
	return written(v)
}

// plain is a comparison; nil for an operator that is none.
func (o operand) plain(op string, v any) (*formula, error) {
	list, many := v.([]any)
	fit := func() any { return o.in.fit(o.column, v) }
	switch op {
	case "$eq":
		return o.equal(o.asText(v))
	case "$in":
		if v != nil && !many {
			list = []any{v}
		}
		return o.is(memrel.In(o.column, o.in.fitAll(o.column, list)...)), nil
	case "$gt":
		return o.is(memrel.Gt(o.column, fit())), nil
	case "$gte":
		return o.is(memrel.Gte(o.column, fit())), nil
	case "$lt":
		return o.is(memrel.Lt(o.column, fit())), nil
	case "$lte":
		return o.is(memrel.Lte(o.column, fit())), nil
	case "$is":
		return o.is(memrel.Eq(o.column, fit())), nil
	case "$null", "$notExists":
		return o.is(memrel.IsNull(o.column)), nil
	case "$notNull", "$exists":
		return o.is(memrel.NotNull(o.column)), nil
	case "$isTruly", "$isFalsy":
		return o.truth(op == "$isTruly", v == true || v == "true"), nil
	case "$empty", "$notEmpty":
		return o.empty(op == "$notEmpty"), nil
	case "$like":
		return o.is(memrel.Like(o.column, fmt.Sprint(v))), nil
	case "$notLike":
		return o.is(memrel.NotLike(o.column, fmt.Sprint(v))), nil
	}
	if f, ok := o.sequelizeText(op, v); ok {
		return f, nil
	}
	return o.negated(op, v, list, many)
}

// negated is a comparison that asks for what is not so, or one that joins others; nil for an operator that is none.
func (o operand) negated(op string, v any, list []any, many bool) (*formula, error) {
	notIn := o.is(memrel.NotIn(o.column, o.in.fitAll(o.column, list)...))
	isNull := o.is(memrel.IsNull(o.column))
	switch {
	case op == "$ne" && many, op == "$not" && many:
		if len(list) == 0 {
			return and(), nil
		}
		return notIn, nil
	case op == "$ne" && v == nil, op == "$not" && v == nil:
		return o.is(memrel.NotNull(o.column)), nil
	case op == "$ne":
		return or(o.is(memrel.Ne(o.column, o.in.fit(o.column, v))), isNull), nil
	case op == "$notIn" && !many:
		return nil, o.in.refused("write a list", "$notIn takes a list, not %v", v)
	case op == "$notIn":
		if len(list) == 0 {
			return isNull, nil
		}
		return or(notIn, isNull), nil
	case (op == "$between" || op == "$notBetween") && len(list) == 2:
		between := o.is(memrel.Between(o.column, o.in.fit(o.column, list[0]), o.in.fit(o.column, list[1])))
		if op == "$notBetween" {
			return between.not(), nil
		}
		return between, nil
	case op == "$not" && isValues(v):
		return nil, o.in.refused("put $not around the condition: {\"$not\": {\""+o.column+"\": ...}}", "$not takes a value of %s, not operators", o.column)
	case op == "$not" && (v == true || v == false):
		return or(o.is(memrel.Ne(o.column, v)), isNull), nil // IS NOT TRUE
	case op == "$not":
		f, err := o.in.onColumn(o, nil, v)
		if err != nil {
			return nil, err
		}
		return f.not(), nil
	case op == "$and", op == "$or":
		return o.joined(op, v)
	}
	return nil, nil
}

// joined joins conditions on one column.
func (o operand) joined(op string, v any) (*formula, error) {
	list, many := v.([]any)
	if f, ok := object(v); ok && !many {
		for key, e := range f {
			list = append(list, map[string]any{key: e})
		}
	}
	var parts []*formula
	for _, e := range list {
		p, err := o.in.onColumn(o, nil, e)
		if err != nil {
			return nil, err
		}
		if p != nil {
			parts = append(parts, p)
		}
	}
	if op == "$or" {
		return or(parts...), nil
	}
	return and(parts...), nil
}

// sequelizeText is a condition of the operators on text that heed the case of letters, and of those that do not and take a pattern.
func (o operand) sequelizeText(op string, v any) (*formula, bool) {
	part := likeless.Replace(fmt.Sprint(v))
	switch op {
	case "$substring":
		return o.is(memrel.Like(o.column, "%"+part+"%")), true
	case "$endsWith":
		return o.is(memrel.Like(o.column, "%"+part)), true
	case "$iLike", "$notILike":
		matches, err := query.Matcher(strings.ToLower(fmt.Sprint(v)))
		if err != nil {
			return nil, false
		}
		f := o.test(op, func(v any) query.Truth { return query.TruthOf(matches(strings.ToLower(reads(v)))) })
		if op == "$notILike" {
			f = f.not()
		}
		return f, true
	case "$regexp", "$iRegexp", "$notRegexp", "$notIRegexp":
		return o.pattern(op, fmt.Sprint(v))
	}
	return nil, false
}

// pattern is the condition that text matches a regular expression, or does not.
func (o operand) pattern(op, text string) (*formula, bool) {
	if strings.HasSuffix(op, "IRegexp") || op == "$iRegexp" {
		text = "(?i)" + text
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, false
	}
	f := o.test(op, func(v any) query.Truth { return query.TruthOf(re.MatchString(reads(v))) })
	if strings.HasPrefix(op, "$not") {
		f = f.not()
	}
	return f, true
}

// likeless writes text so that no sign of it means another in a pattern.
var likeless = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// asText is a value, or the values of a list, as text where the field is a string: NULL is not asked for by $eq there.
func (o operand) asText(v any) any {
	f, ok := o.in.s.all.Field(o.in.name, o.column)
	if !ok || f.Type != "string" {
		return v
	}
	list, many := v.([]any)
	if !many {
		return textOf(v)
	}
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = textOf(e)
	}
	return out
}

// textOf is a value as text; nothing is "null" then.
func textOf(v any) any {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(v)
}

// truth is the condition that a column is true, or that it is not.
func (o operand) truth(truly, asked bool) *formula {
	if truly == asked {
		return o.is(memrel.Eq(o.column, true))
	}
	return or(o.is(memrel.IsNull(o.column)), o.is(memrel.Eq(o.column, false)))
}

// empty is the condition that a column is NULL; text of type string is also empty without letters, a list without elements.
func (o operand) empty(not bool) *formula {
	f := o.is(memrel.IsNull(o.column))
	if field, ok := o.in.s.all.Field(o.in.name, o.column); ok {
		switch field.Type {
		case "string":
			f = or(f, o.is(memrel.Eq(o.column, "")))
		case "array", "set":
			f = o.listEmpty()
		}
	}
	if not {
		return f.not()
	}
	return f
}

// textOp is what a text operator asks of a text and one that it is given, in small letters.
type textOp struct {
	is  func(text, part string) bool
	not bool
}

var textOps = map[string]textOp{
	"$includes": {is: strings.Contains}, "$notIncludes": {is: strings.Contains, not: true},
	"$startsWith": {is: strings.HasPrefix}, "$notStartsWith": {is: strings.HasPrefix, not: true},
	"$endWith": {is: strings.HasSuffix}, "$notEndWith": {is: strings.HasSuffix, not: true},
}

// text is the condition of a text operator: that one of the texts given is so, or that none is, whatever the case of letters. Of an empty
// list it asks nothing, and is nil.
func (o operand) text(op string, ask textOp, v any) (*formula, error) {
	if v == nil && (op == "$includes" || op == "$notIncludes") {
		f := o.is(memrel.IsNull(o.column))
		if ask.not {
			return f.not(), nil
		}
		return f, nil
	}
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	var parts []string
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, o.in.refused("give text", "%s takes text, or a list of it, not %v", op, e)
		}
		parts = append(parts, strings.ToLower(unescaped(s)))
	}
	if many && len(parts) == 0 {
		return nil, nil
	}
	return o.test(op, func(v any) query.Truth {
		of := strings.ToLower(o.readsOf(v))
		for _, p := range parts {
			if ask.is(of, p) {
				return query.TruthOf(!ask.not)
			}
		}
		return query.TruthOf(ask.not)
	}), nil
}

// unescaped is a pattern's text: a backslash stands for the character after it.
func unescaped(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	escaped := false
	for _, r := range s {
		if escaped = r == '\\' && !escaped; !escaped {
			b.WriteRune(r)
		}
	}
	return b.String()
}
