package assoc

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func roundTrip[T any](t *testing.T, in T) (out T, text string) {
	t.Helper()
	written, err := json.Marshal(in)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(written, &out))
	again, err := json.Marshal(out)
	require.NoError(t, err)
	require.Equal(t, string(written), string(again))
	return out, string(written)
}

func TestAttributesSurviveJSON(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   Attribute
		want string
	}{
		{Attribute{Column: types.Column{Name: "a", Type: index.String, Size: 9, Default: "x", NotNull: true}, Unique: true, Field: "A"},
			`{"name":"a","type":"string","size":9,"notNull":true,"default":"x","unique":true,"field":"A"}`},
		{Attribute{Column: types.Column{Name: "a", Type: index.Int, Unsigned: true, AutoIncrement: true}, PrimaryKey: true, Min: int64(1), Max: int64(1) << 60},
			`{"name":"a","type":"int","unsigned":true,"autoIncrement":true,"primaryKey":true,"min":1,"max":1152921504606846976}`},
		{Attribute{Column: types.Column{Name: "a", Type: index.Float, Default: 0.5}, Min: 0.25, UniqueKey: "u"},
			`{"name":"a","type":"float","default":0.5,"uniqueKey":"u","min":0.25}`},
		{Attribute{Column: types.Column{Name: "a", Type: index.Time, Default: noon}, Max: noon, Nullable: true},
			`{"name":"a","type":"time","default":"2026-01-02T12:00:00Z","nullable":true,"max":"2026-01-02T12:00:00Z"}`},
		{Attribute{Column: types.Column{Name: "a", Type: index.Bytes, Default: []byte{1, 2}}}, `{"name":"a","type":"bytes","default":"AQI="}`},
		{Attribute{Column: types.Column{Name: "a", Type: index.Int}, References: "b", RefKey: "k", OnDelete: table.Cascade, OnUpdate: table.Restrict},
			`{"name":"a","type":"int","references":"b","refKey":"k","onDelete":"CASCADE","onUpdate":"RESTRICT"}`},
		{Attribute{Column: types.Column{NotNull: true}}, `{"notNull":true}`},
		{Attribute{Column: types.Column{Type: index.UUID}, Unique: true}, `{"type":"uuid","unique":true}`},
		{Attribute{}, `{}`},
	} {
		out, text := roundTrip(t, c.in)
		require.Equal(t, c.want, text)
		require.Equal(t, c.in, out)
	}
	var a Attribute
	require.ErrorContains(t, json.Unmarshal([]byte(`{"name":"a","type":"int","uniqe":true}`), &a), "uniqe")
}

// Every field of an attribute is in its JSON.
func TestNoFieldOfAnAttributeIsForgotten(t *testing.T) {
	full := Attribute{}
	v := reflect.ValueOf(&full).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Bool:
			f.SetBool(true)
		case reflect.String:
			f.SetString("x")
		case reflect.Uint8:
			f.SetUint(uint64(table.SetNull))
		case reflect.Interface:
			f.Set(reflect.ValueOf(int64(7)))
		}
	}
	full.Column = types.Column{Name: "a", Type: index.Int, Size: 32, Unsigned: true, NotNull: true, Default: int64(3), AutoIncrement: true}
	out, _ := roundTrip(t, full)
	require.Equal(t, full, out)
	for i := range v.NumField() {
		require.False(t, v.Field(i).IsZero(), "give the field %s a value", v.Type().Field(i).Name)
	}
}

func TestSpecsSurviveJSON(t *testing.T) {
	in := Specs{
		Models: []Model{{Name: "foo", Columns: []Attribute{{Column: types.Column{Name: "kind", Type: index.String}, Unique: true}}, Timestamps: true}},
		Associations: []Spec{{"foo", HasMany, "foo", Options{As: "kids", Scope: table.Values{"kind": "kid"},
			ForeignColumn: &Attribute{Column: types.Column{Name: "parentId", NotNull: true}}}},
			{"foo", BelongsToMany, "foo", Options{As: "peers", Through: "ties", ThroughScope: table.Values{"kind": "x"}, NotUnique: true}}},
	}
	out, _ := roundTrip(t, in)
	require.Equal(t, in, out)
}
