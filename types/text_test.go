package types

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

func TestFromText(t *testing.T) {
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		typ  index.Type
		in   string
		want any
	}{
		{index.Int, "-7", int64(-7)},
		{index.Float, "1e3", 1000.0},
		{index.Float, "-Infinity", math.Inf(-1)},
		{index.Bool, "YES", true},
		{index.Bool, "0", false},
		{index.Bool, "t", true},
		{index.String, " a ", " a "},
		{index.String, "", ""},
		{index.Bytes, "Cv8=", []byte{10, 255}},
		{index.Bytes, `\x0aFF`, []byte{10, 255}},
		{index.Bytes, "", []byte{}},
		{index.Time, "2026-01-02T03:04:05.678901234Z", aTime},
		{index.Time, "2026-01-02 03:04:05.678901234", aTime},
		{index.Time, "2026-01-02 00:00:00", day},
		{index.Time, "2026-01-02", day},
		{index.Bool, "On", true},
		{index.Bool, "n", false},
		{index.Time, "2026-01-02 02:00:00+02", day},
		{index.Time, "2026-01-02 02:00:00.0+0200", day},
		{index.Time, "2026-01-02 02:00:00 +02:00", day},
		{index.Time, "2026-01-01T19:00:00-05", day},
		{index.Time, "2026-01-02 05:53:28+05:53:28", day},
		{index.Time, "2026-01-02 00:00:00 UTC", day},
		{index.Time, "2026-01-02T00:00:00", day},
		{index.Time, "2026-01-02t00:00z", day},
		{index.Time, "2026-01-02 00:00", day},
		{index.Time, "2026-01-02 00:00+00", day},
		{index.Time, "2026-01-02T03:04:05.678901234", aTime},
		{index.UUID, aUUIDText, aUUIDText},
		{index.UUID, "{" + strings.ToUpper(aUUIDText) + "}", aUUIDText},
		{index.UUID, "urn:uuid:" + aUUIDText, aUUIDText},
		{index.UUID, strings.ReplaceAll(aUUIDText, "-", ""), aUUIDText},
		{index.UUID, "0x" + strings.ToUpper(strings.ReplaceAll(aUUIDText, "-", "")), aUUIDText},
		{index.JSON, ` {"a" : 1}`, json.RawMessage(`{"a":1}`)},
		{index.ListOf(index.Int), `[1, null, "3"]`, []any{int64(1), nil, int64(3)}},
		{index.ListOf(index.String), `["a", "b"]`, []any{"a", "b"}},
		{index.ListOf(index.Float), `[1, "NaN"]`, []any{1.0, math.NaN()}},
		{index.ListOf(index.Bool), `[true,false]`, []any{true, false}},
		{index.ListOf(index.Bytes), `["Cv8="]`, []any{[]byte{10, 255}}},
		{index.ListOf(index.JSON), `[{"b":1, "a":2}, "x"]`, []any{json.RawMessage(`{"a":2,"b":1}`), json.RawMessage(`"x"`)}},
		{index.ListOf(index.Time), `["2026-01-02"]`, []any{day}},
		{index.ListOf(index.Time), `[]`, []any{}},
	} {
		v, err := (&Column{Name: "c", Type: tt.typ}).FromText(tt.in)
		require.NoError(t, err, "%s from %q", tt.typ, tt.in)
		if l, ok := tt.want.([]any); ok && len(l) == 2 && tt.typ == index.ListOf(index.Float) {
			require.True(t, math.IsNaN(ToGo(tt.typ, v).([]any)[1].(float64)))
			continue
		}
		require.Equal(t, tt.want, ToGo(tt.typ, v), "%s from %q", tt.typ, tt.in)
	}
}

func TestFromTextRefuses(t *testing.T) {
	for _, tt := range []struct {
		col           Column
		in            string
		state, detail string
	}{
		{Column{Type: index.Int}, "abc", "22P02", `c = "abc" is not an int`},
		{Column{Type: index.Int}, "", "22P02", ""},
		{Column{Type: index.Int}, "1.5", "22P02", ""},
		{Column{Type: index.Int}, "99999999999999999999", "22003", ""},
		{Column{Type: index.Int, Size: 8}, "128", "22003", "c = 128 does not fit 8 bits (-128 to 127)"},
		{Column{Type: index.Float}, "1e999", "22003", ""},
		{Column{Type: index.Float}, "x", "22P02", `c = "x" is not a float`},
		{Column{Type: index.Bool}, "maybe", "22P02", `c = "maybe" is not a bool`},
		{Column{Type: index.String, Size: 1}, "ab", "22001", ""},
		{Column{Type: index.Bytes}, "?", "22P02", `c = "?" is not bytes`},
		{Column{Type: index.Bytes}, `\x0`, "22P02", ""},
		{Column{Type: index.Time}, "2026-13-01", "22007", `c = "2026-13-01" is not a time`},
		{Column{Type: index.UUID}, "x", "22P02", ""},
		{Column{Type: index.JSON}, "x", "22P02", ""},
		{Column{Type: index.ListOf(index.Int)}, "1", "22P02", `c = "1" is not a list of int`},
		{Column{Type: index.ListOf(index.Int)}, "null", "22P02", ""},
		{Column{Type: index.ListOf(index.Int)}, "[1,[2]]", "22P02", `c[1] = "[2]" is not an int`},
		{Column{Type: index.ListOf(index.Int)}, "[1,true]", "42804", ""},
	} {
		tt.col.Name = "c"
		_, err := tt.col.FromText(tt.in)
		var e *Error
		require.ErrorAs(t, err, &e, "%s from %q", tt.col.Type, tt.in)
		require.ErrorIs(t, err, ErrType)
		require.Equal(t, tt.state, e.SQLState(), err)
		require.NotEmpty(t, e.Hint)
		if tt.detail != "" {
			require.Equal(t, tt.detail, e.Detail)
		}
	}
}

func TestFromTextListsTheFormsOfWhatHasNone(t *testing.T) {
	for typ, texts := range map[index.Type][]string{
		index.Time: {"10:30:00", "1/2/2026", "2026-01-02 25:00", "2026-01-02 10:00+2", "2026-01-02 10:00 CET", "2026-01-02 10:00+02:0", "2026-01-02 10", "infinity",
			"0000-00-00 00:00:00", "2026-02-30", "2026-01-02 10:00+:0200", "0044-03-15 00:00:00 BC", " 2026-01-02", "T", "+"},
		index.Bool: {"maybe", "2", "tr", " true"},
		index.UUID: {"{" + aUUIDText, aUUIDText + "}", "0x" + aUUIDText[:34], aUUIDText[1:], "6ba7b8109-dad-11d1-80b4-00c04fd430c8", strings.Repeat("x", 32)},
	} {
		for _, text := range texts {
			_, err := (&Column{Name: "c", Type: typ}).FromText(text)
			var e *Error
			require.ErrorAs(t, err, &e, text)
			require.Equal(t, forms[typ], e.Hint, text)
		}
	}
}
