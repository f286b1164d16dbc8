package query

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/types"
)

func TestConditionsAsTextAndJSON(t *testing.T) {
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		cond       Cond
		text, json string
	}{
		{Cond{}, `TRUE`, `{}`},
		{Eq("age", 18), `age = 18`, `{"column":"age","op":"eq","value":18}`},
		{Eq("age", nil), `age IS NULL`, `{"column":"age","op":"eq","value":null}`},
		{Ne("age", nil), `age IS NOT NULL`, `{"column":"age","op":"ne","value":null}`},
		{Ne("age", 1.5), `age <> 1.5`, `{"column":"age","op":"ne","value":1.5}`},
		{Lt("age", 18), `age < 18`, `{"column":"age","op":"lt","value":18}`},
		{Lte("age", 18), `age <= 18`, `{"column":"age","op":"lte","value":18}`},
		{Gt("age", 18), `age > 18`, `{"column":"age","op":"gt","value":18}`},
		{Gte("age", 18), `age >= 18`, `{"column":"age","op":"gte","value":18}`},
		{Lt("at", at), `at < '2024-05-01T12:00:00Z'`, `{"column":"at","op":"lt","value":"2024-05-01T12:00:00Z"}`},
		{In("id", 1, nil, "x"), `id IN (1, NULL, 'x')`, `{"column":"id","op":"in","values":[1,null,"x"]}`},
		{In("id"), `id IN ()`, `{"column":"id","op":"in","values":[]}`},
		{NotIn("id", true), `id NOT IN (true)`, `{"column":"id","op":"notIn","values":[true]}`},
		{Between("id", 1, 5), `id BETWEEN 1 AND 5`, `{"column":"id","op":"between","values":[1,5]}`},
		{Like("t", "it's%"), `t LIKE 'it''s%'`, `{"column":"t","op":"like","value":"it's%"}`},
		{NotLike("t", "a"), `t NOT LIKE 'a'`, `{"column":"t","op":"notLike","value":"a"}`},
		{IsNull("t"), `t IS NULL`, `{"column":"t","op":"isNull"}`},
		{NotNull("t"), `t IS NOT NULL`, `{"column":"t","op":"notNull"}`},
		{And(), `TRUE`, `{"op":"and","conds":[]}`},
		{Or(), `FALSE`, `{"op":"or","conds":[]}`},
		{And(Gte("age", 18), Like("title", "a%")), `age >= 18 AND title LIKE 'a%'`,
			`{"op":"and","conds":[{"column":"age","op":"gte","value":18},{"column":"title","op":"like","value":"a%"}]}`},
		{And(Or(IsNull("a"), IsNull("b")), Not(Or(IsNull("c")))), `(a IS NULL OR b IS NULL) AND NOT (c IS NULL)`,
			`{"op":"and","conds":[{"op":"or","conds":[{"column":"a","op":"isNull"},{"column":"b","op":"isNull"}]},` +
				`{"op":"not","conds":[{"op":"or","conds":[{"column":"c","op":"isNull"}]}]}]}`},
	} {
		require.Equal(t, c.text, c.cond.String())
		out, err := json.Marshal(c.cond)
		require.NoError(t, err)
		require.JSONEq(t, c.json, string(out))
		require.Equal(t, len(c.json), len(out), "keys are in the order column, op, value: %s", out)
		var back Cond
		require.NoError(t, json.Unmarshal(out, &back))
		require.Equal(t, c.text, back.String())
	}
}

func TestLongListsAreCutInText(t *testing.T) {
	vals := make([]any, 25)
	for i := range vals {
		vals[i] = i
	}
	require.Equal(t, "a IN (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, and 5 more)", In("a", vals...).String())
}

func TestNumbersOfJSON(t *testing.T) {
	var c Cond
	require.NoError(t, json.Unmarshal([]byte(`{"column":"a","op":"in","values":[9007199254740993,1.5,1e3,[1],{"x":2}]}`), &c))
	require.Equal(t, []any{int64(9007199254740993), 1.5, 1000.0, []any{int64(1)}, map[string]any{"x": int64(2)}}, c.Values)
}

func TestConditionsThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{"column":"a","op":"equals","value":1}`, `there is no operator "equals"`},
		{`{"column":"a","op":"eq"}`, `condition "eq" needs "value"`},
		{`{"column":"a","op":"eq","values":[1]}`, `condition "eq" needs "value"`},
		{`{"op":"eq","value":1}`, `condition "eq" names no column`},
		{`{"column":"a","op":"in","value":1}`, `condition "in" takes no "value"`},
		{`{"column":"a","op":"in"}`, `condition "in" needs "values"`},
		{`{"column":"a","op":"between","values":[1]}`, `condition "between" takes two values, not 1`},
		{`{"column":"a","op":"isNull","value":1}`, `condition "isNull" takes no "value"`},
		{`{"column":"a","op":"and","conds":[]}`, `condition "and" takes no column, but has a`},
		{`{"op":"not","conds":[]}`, `condition "not" takes one condition, not 0`},
		{`{"column":"a"}`, `condition "" takes no column, but has a`},
		{`{"column":"a","op":"eq","value":1,"values":[]}`, `condition "eq" takes no "values"`},
		{`{"column":"a","op":"eq","val":1}`, `unknown field "val"`},
		{`{"column":"a","op":"eq","value":1e999}`, `out of range`},
		{`[]`, `cannot be read`},
	} {
		var got Cond
		err := json.Unmarshal([]byte(c.json), &got)
		require.ErrorIs(t, err, types.ErrQuery, c.json)
		require.ErrorContains(t, err, c.want, c.json)
	}
	_, err := json.Marshal(Cond{Op: OpEq})
	require.ErrorIs(t, err, types.ErrQuery)
	_, err = json.Marshal(Cond{Op: 99})
	require.ErrorIs(t, err, types.ErrQuery)
}

func TestConditionsNestedTooDeepAreRefused(t *testing.T) {
	d := postsDef(t)
	nest := func(n int) Cond {
		c := Eq("id", 1)
		for range n {
			c = Not(c)
		}
		return c
	}
	_, err := d.CompileCond(nest(maxNesting))
	require.NoError(t, err)
	_, err = d.CompileCond(nest(maxNesting + 1))
	require.ErrorIs(t, err, types.ErrQuery)

	deep := strings.Repeat(`{"op":"not","conds":[`, 4000) + `{}` + strings.Repeat(`]}`, 4000)
	var c Cond
	require.ErrorContains(t, json.Unmarshal([]byte(deep), &c), "nested deeper than 200")
}
