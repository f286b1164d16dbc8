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

func TestShowAndJSONValue(t *testing.T) {
	long := strings.Repeat("ä", 70)
	for _, tt := range []struct {
		typ        index.Type
		in         any
		show, json string
	}{
		{index.Int, nil, "NULL", "null"},
		{index.Int, 7, "7", "7"},
		{index.Float, 0.5, "0.5", "0.5"},
		{index.Float, math.NaN(), "NaN", `"NaN"`},
		{index.Float, math.Inf(1), "Infinity", `"Infinity"`},
		{index.Float, math.Inf(-1), "-Infinity", `"-Infinity"`},
		{index.Bool, true, "true", "true"},
		{index.String, "a\"b", `"a\"b"`, `"a\"b"`},
		{index.String, long, `"` + long[:120] + `…"`, `"` + long + `"`},
		{index.Bytes, []byte{10, 255}, "x'0aff'", `"Cv8="`},
		{index.Bytes, make([]byte, 40), "x'" + strings.Repeat("00", 30) + "…'", `"` + strings.Repeat("A", 54) + `=="`},
		{index.Time, aTime.Truncate(time.Second), "2026-01-02T03:04:05Z", `"2026-01-02T03:04:05Z"`},
		{index.UUID, aUUID, aUUIDText, `"` + aUUIDText + `"`},
		{index.JSON, []any{1, "a"}, `[1,"a"]`, `[1,"a"]`},
		{index.ListOf(index.String), []any{"a", nil}, `["a", NULL]`, `["a",null]`},
		{index.ListOf(index.Int), make([]int, 12), `[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, …]`, `[0,0,0,0,0,0,0,0,0,0,0,0]`},
	} {
		v, err := (&Column{Name: "c", Type: tt.typ}).FromGo(tt.in)
		require.NoError(t, err)
		require.Equal(t, tt.show, Show(tt.typ, v))
		text, err := json.Marshal(ToJSON(tt.typ, v))
		require.NoError(t, err)
		require.Equal(t, tt.json, string(text))
	}
}

// What a caller gets is the caller's own.
func TestToGoCopies(t *testing.T) {
	for _, typ := range []index.Type{index.Bytes, index.JSON} {
		v, err := (&Column{Name: "c", Type: typ}).FromGo(json.RawMessage(`"a"`))
		require.NoError(t, err)
		switch b := ToGo(typ, v).(type) {
		case []byte:
			b[0] = 'x'
		case json.RawMessage:
			b[0] = 'x'
		}
		require.Equal(t, `"a"`, v.Str())
	}
}
