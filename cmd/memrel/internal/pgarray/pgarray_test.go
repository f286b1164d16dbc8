package pgarray

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArraysOfPostgreSQL(t *testing.T) {
	for text, want := range map[string]string{
		"{}": "[]", " { } ": "[]", "{a}": `["a"]`, `{a,"b c",NULL}`: `["a","b c",null]`, `{"NULL",null,""}`: `["NULL",null,""]`, "{1,-2}": `["1","-2"]`,
		`{"a\"b","c\\d","e,f","{g}"}`: `["a\"b","c\\d","e,f","{g}"]`, "{ a b , c }": `["a b","c"]`, `{t,f}`: `["t","f"]`, "{ä,\"\n\"}": `["ä","\n"]`, `{\NULL}`: `["NULL"]`,
		`{"2024-05-01 10:00:00+00"}`: `["2024-05-01 10:00:00+00"]`,
	} {
		got, err := JSON(text, false)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	got, err := JSON(`{"{\"a\": 1}",NULL,2}`, true)
	require.NoError(t, err)
	require.Equal(t, `[{"a": 1},null,2]`, got)
	for text, want := range map[string]string{
		"{{1},{2}}": "an array of arrays is no list", "{a,{b}}": "an array of arrays", "[0:1]={a,b}": "with bounds of its own", "a": "begins with {", "": "begins with {", "{": "ends too early",
		"{a": "ends too early", `{"a`: "ends too early", `{"a\`: "ends too early", "{,a}": "is missing", "{a,}": "is missing", `{"a"b}`: ", or the } at its end", "{a}b": "its end is expected", `{a"b}`: "in \"quotes\"", `{a\`: "quotes",
	} {
		_, err := JSON(text, false)
		require.ErrorContains(t, err, want, text)
	}
}
