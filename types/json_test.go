package types

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCanonicalJSON(t *testing.T) {
	for in, want := range map[string]string{
		` null `:                         `null`,
		`{"b":1,"a":{"d":1,"c":2}}`:      `{"a":{"c":2,"d":1},"b":1}`,
		`{"a":1,"a":{"x":1},"a":2}`:      `{"a":2}`,
		`{"a":{"x":1},"a":{"y":1}}`:      `{"a":{"y":1}}`,
		`[ ]`:                            `[]`,
		`-0`:                             `0`,
		`-0.0`:                           `0.0`,
		`1.0`:                            `1.0`,
		`1.50e1`:                         `15.0`,
		`12345678901234567890.5`:         `12345678901234567890.5`,
		`9007199254740993.0`:             `9007199254740993.0`,
		`0e-3`:                           `0.000`,
		`0e3`:                            `0`,
		`-120.050E-2`:                    `-1.20050`,
		`0.00100e+2`:                     `0.100`,
		`1E2`:                            `100`,
		`0.1e-6`:                         `0.0000001`,
		`123456789012345678901234567890`: `123456789012345678901234567890`,
		`1e21`:                           `1000000000000000000000`,
		`"\u00e4\/\u003c"`:               `"ä/<"`,
		`"\ud83d\ude00"`:                 `"😀"`,
		`"\u0001\u001f\n\"\\"`:           `"\u0001\u001f\n\"\\"`,
		`"[[[[\\"`:                       `"[[[[\\"`,
		`"\ufffd"`:                       "\"\ufffd\"",
	} {
		got, err := canonicalJSON(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got)
	}
}

func TestCanonicalJSONRefuses(t *testing.T) {
	for in, want := range map[string]string{
		``:                       "too early",
		`{"a":1`:                 "too early",
		`{} {}`:                  "follows the value",
		`{}]`:                    "follows the value",
		`{a:1}`:                  "invalid character",
		`01`:                     "follows the value",
		`1e131072`:               "more than 131072 digits",
		`1e-16384`:               "16383 after",
		`1e99999999999999999999`: "more than 131072 digits",
		`"a\u0000"`:              "zero byte",
		"[" + strings.Repeat("1e131071,", 20) + "1]": "longer",
		"\"\xff\"":                 "UTF-8",
		`"\ud83d"`:                 "surrogate",
		`"\ude00\ud83d"`:           "surrogate",
		`"\u12"`:                   "invalid character",
		strings.Repeat("[", 10000): "deeper than 200",
	} {
		_, err := canonicalJSON(in)
		require.ErrorContains(t, err, want, in)
	}
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	got, err := canonicalJSON(deep)
	require.NoError(t, err)
	require.Equal(t, deep, got)
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"b":[1,2.50,-0],"a":null}`, `"\ud83d\ude00"`, `1e21`, `[`, `"\`, `"\u`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := canonicalJSON(s)
		if err != nil {
			return
		}
		require.True(t, json.Valid([]byte(s)), "accepted what is no JSON: %q", s)
		twice, err := canonicalJSON(once)
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}
