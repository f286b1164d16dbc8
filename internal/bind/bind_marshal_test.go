package bind

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Types that write themselves as JSON, by methods of either receiver.
type (
	byValue       struct{ n int }
	byPointer     struct{ n int }
	textByValue   struct{ n int }
	textByPointer struct{ n int }
	alsoValuer    struct{ n int } // a Value method is not asked where there is a MarshalJSON
	holder        struct {
		A byPointer
		B *textByPointer
		C []big.Int
		D [2]byPointer
		E map[string]*big.Int
		F struct{ G textByPointer }
	}
)

func (v byValue) MarshalJSON() ([]byte, error)        { return fmt.Appendf(nil, `{"v":%d}`, v.n), nil }
func (v *byPointer) MarshalJSON() ([]byte, error)     { return fmt.Appendf(nil, `{"p":%d}`, v.n), nil }
func (v textByValue) MarshalText() ([]byte, error)    { return fmt.Appendf(nil, "v%d", v.n), nil }
func (v *textByPointer) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "p%d", v.n), nil }
func (v *alsoValuer) MarshalJSON() ([]byte, error)    { return fmt.Appendf(nil, `{"a":%d}`, v.n), nil }
func (v alsoValuer) Value() (driver.Value, error)     { return "asked", nil }

// marshaled are values of such types, and of types that hold them, by a number.
func marshaled(n int) []any {
	return []any{*big.NewInt(int64(n)), big.NewInt(int64(n)), (*big.Int)(nil), *big.NewFloat(float64(n) / 2), big.NewRat(int64(n), 3), netip.AddrFrom4([4]byte{10, 0, 0, byte(n)}),
		byValue{n}, &byValue{n}, byPointer{n}, &byPointer{n}, (*byPointer)(nil), textByValue{n}, &textByValue{n}, textByPointer{n}, &textByPointer{n}, alsoValuer{n}, &alsoValuer{n},
		[]byPointer{{n}, {n + 1}}, []*big.Int{big.NewInt(int64(n)), nil}, [2]big.Int{*big.NewInt(int64(n))}, map[string]byValue{"a": {n}}, map[string]*byPointer{"a": {n}},
		holder{A: byPointer{n}, B: &textByPointer{n}, C: []big.Int{*big.NewInt(int64(n))}, D: [2]byPointer{{n}, {}}, E: map[string]*big.Int{"e": big.NewInt(int64(n))}},
		&holder{D: [2]byPointer{{1}, {n}}}, struct {
			N int `json:"n,omitempty"`
			M byPointer
		}{n, byPointer{n}}}
}

// rowOf is a struct with a key and the values as fields, by its address.
func rowOf(values []any) reflect.Value {
	fields := []reflect.StructField{{Name: "ID", Type: reflect.TypeFor[int]()}}
	for i, v := range values {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.TypeOf(v), Tag: `memrel:",type=json"`})
	}
	row := reflect.New(reflect.StructOf(fields))
	for i, v := range values {
		row.Elem().Field(i + 1).Set(reflect.ValueOf(v))
	}
	return row
}

// storesAsJSON holds what a struct stores to what encoding/json writes of its address.
func storesAsJSON(t *testing.T, row reflect.Value) {
	schema, err := SchemaOf(row.Type().Elem(), "t", table.Unnamed)
	require.NoError(t, err)
	def, err := table.Compile(schema)
	require.NoError(t, err)
	b, err := newBinding(Struct{Type: row.Type().Elem()}, def)
	require.NoError(t, err)
	rec, err := b.newRecord(row.UnsafePointer(), 0)
	require.NoError(t, err)
	text, err := json.Marshal(row.Interface())
	require.NoError(t, err)
	var want map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &want))
	for i := 1; i < row.Elem().NumField(); i++ {
		field := row.Elem().Type().Field(i)
		f := b.fields[i]
		c := def.Columns()[f.pos]
		if rec.At(f.pos).IsNull() {
			require.Equal(t, "null", string(want[field.Name]), field.Type)
			continue
		}
		cell, err := (&types.Column{Name: c.Name, Type: c.Type}).FromRaw(want[field.Name])
		require.NoError(t, err)
		require.Equal(t, cell.JSON(), rec.At(f.pos).JSON(), field.Type)
		require.Equal(t, unsafe.Add(row.UnsafePointer(), f.offset), row.Elem().Field(i).Addr().UnsafePointer())
	}
}

func TestTypesThatWriteThemselvesAreStoredAsEncodingJSONHasThem(t *testing.T) {
	for _, v := range marshaled(4) {
		storesAsJSON(t, rowOf([]any{v}))
	}
	storesAsJSON(t, rowOf(marshaled(7)))
}

// FuzzMarshaledFields draws the fields of a struct.
func FuzzMarshaledFields(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3})
	f.Fuzz(func(t *testing.T, drawn []byte) {
		var values []any
		for i, d := range drawn[:min(len(drawn), 12)] {
			all := marshaled(int(d) + i)
			values = append(values, all[int(d)%len(all)])
		}
		storesAsJSON(t, rowOf(values))
	})
}
