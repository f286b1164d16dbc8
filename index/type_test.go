package index

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTypesAreWrittenAndReadByName(t *testing.T) {
	names := map[Type]string{Int: "int", Float: "float", Bool: "bool", String: "string", Bytes: "bytes", Time: "time",
		UUID: "uuid", JSON: "json", Date: "date", TimeOfDay: "timeofday", Decimal: "decimal", Uint: "uint", Enum: "enum", CIText: "citext"}
	require.Len(t, allTypes(), 2*len(names)-2)
	for scalar, name := range names {
		for typ, name := range map[Type]string{scalar: name, ListOf(scalar): "list<" + name + ">"} {
			if (scalar == Enum || scalar == CIText) && typ != scalar {
				require.False(t, typ.Valid(), "an enum's names are its column's")
				continue
			}
			require.True(t, typ.Valid())
			require.Equal(t, name, typ.String())
			parsed, err := ParseType(name)
			require.NoError(t, err)
			require.Equal(t, typ, parsed)

			text, err := json.Marshal(map[string]Type{"type": typ})
			require.NoError(t, err)
			var back map[string]Type
			require.NoError(t, json.Unmarshal(text, &back))
			require.Equal(t, typ, back["type"])
		}
	}
}

func TestListsAreOfScalars(t *testing.T) {
	require.False(t, Int.IsList())
	require.Equal(t, Invalid, Int.Elem())
	require.True(t, ListOf(JSON).IsList())
	require.Equal(t, JSON, ListOf(JSON).Elem())
	for _, no := range []Type{Invalid, ListOf(Int), listKind, 200} {
		require.Equal(t, Invalid, ListOf(no))
	}
}

func TestUnknownTypesAreRefused(t *testing.T) {
	for _, s := range []string{"", "Int", " int", "int ", "integer", "invalid", "list", "list<", "list<>", "list<int", "list<int>>",
		"list<invalid>", "list<list<int>>", "list<integer>", "type(9)"} {
		typ, err := ParseType(s)
		require.ErrorContains(t, err, "unknown column type", "%q", s)
		require.Equal(t, Invalid, typ)
		require.Error(t, new(Type).UnmarshalText([]byte(s)))
	}
	for _, typ := range []Type{Invalid, listKind, listKind + 1, 200, 1 << elemShift, listKind | listKind<<elemShift, 0xffff} {
		require.False(t, typ.Valid())
		_, err := typ.MarshalText()
		require.Error(t, err)
		require.NotPanics(t, func() { _ = typ.String() })
	}
}
