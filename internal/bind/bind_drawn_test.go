package bind

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// drawer draws types and values of a seed.
type drawer struct{ *rand.Rand }

var drawnLeaves = []reflect.Type{
	reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[uint64](), reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[string](),
	reflect.TypeFor[bool](), reflect.TypeFor[[]byte](), reflect.TypeFor[[16]byte](), reflect.TypeFor[time.Time](), reflect.TypeFor[big.Int](), reflect.TypeFor[any](),
	reflect.TypeFor[json.RawMessage](), reflect.TypeFor[byPointer](), reflect.TypeFor[byValue](), reflect.TypeFor[textByPointer](), reflect.TypeFor[alsoValuer](), reflect.TypeFor[holder](),
}

var drawnTags = []reflect.StructTag{``, ``, `json:"a"`, `json:"b,omitempty"`, `json:",omitempty"`, `json:",omitzero"`, `json:"-"`, `json:"-,"`, `json:",string"`}

func (d drawer) typ(depth int) reflect.Type {
	if depth == 0 || d.IntN(3) == 0 {
		return drawnLeaves[d.IntN(len(drawnLeaves))]
	}
	switch d.IntN(6) {
	case 0:
		return reflect.PointerTo(d.typ(depth - 1))
	case 1:
		return reflect.SliceOf(d.typ(depth - 1))
	case 2:
		return reflect.ArrayOf(d.IntN(3), d.typ(depth-1))
	case 3:
		return reflect.MapOf([]reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[int16](), reflect.TypeFor[textByValue]()}[d.IntN(3)], d.typ(depth-1))
	}
	var fields []reflect.StructField
	for i := range d.IntN(4) {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: d.typ(depth - 1), Tag: drawnTags[d.IntN(len(drawnTags))]})
	}
	return reflect.StructOf(fields)
}

// fill sets a value, or leaves it zero. What has fields of its own that are not exported it makes from a number.
func (d drawer) fill(v reflect.Value) {
	if d.IntN(5) == 0 {
		return
	}
	n := d.IntN(100)
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Date(2026, 1, n, n, n, n, n*1000, time.UTC)
	case *big.Int:
		p.SetInt64(int64(n))
	case *any:
		*p = []any{nil, "text", 1.5, true, []any{"a"}, map[string]any{"k": nil}, json.Number("12.50")}[n%7]
	case *json.RawMessage:
		*p = json.RawMessage([]string{`null`, `{"a": [1.0, 2]}`, `"<&>"`, `1e3`}[n%4])
	case *byPointer:
		p.n = n
	case *byValue:
		p.n = n
	case *textByPointer:
		p.n = n
	case *textByValue:
		p.n = n
	case *alsoValuer:
		p.n = n
	default:
		d.fillKind(v, n)
	}
}

func (d drawer) fillKind(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16:
		v.SetInt(int64(n - 50))
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(uint64(n) << (d.IntN(57) & (v.Type().Bits() - 8)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(n) / 8)
	case reflect.String:
		v.SetString([]string{"", "a", `"quoted" <tag> &`, "ünï\u2028", "1"}[n%5])
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n%3, n%3))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			d.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n % 3 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			d.fill(key)
			d.fill(value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				d.fill(v.Field(i))
			}
		}
	}
}

// loadsAsJSON holds what a struct reads back to what encoding/json reads of what it wrote.
func loadsAsJSON(t *testing.T, row reflect.Value) {
	of := Struct{Type: row.Type().Elem()}
	schema, err := of.Schema("t", table.Unnamed)
	require.NoError(t, err)
	def, err := table.Compile(schema)
	require.NoError(t, err)
	b, err := newBinding(of, def)
	require.NoError(t, err)
	rec, err := b.newRecord(row.UnsafePointer(), 0)
	require.NoError(t, err)
	got, want := reflect.New(of.Type), reflect.New(of.Type)
	refused := func() (err error) {
		defer Caught(&err)
		b.load(got.UnsafePointer(), rec)
		return nil
	}()
	text, err := json.Marshal(row.Interface())
	require.NoError(t, err)
	if json.Unmarshal(text, want.Interface()) != nil { // what encoding/json writes and does not read
		require.ErrorIs(t, refused, types.ErrType)
		b.reload(row.UnsafePointer(), rec)
		return
	}
	require.NoError(t, refused)
	for i := 1; i < of.Type.NumField(); i++ {
		g, err := json.Marshal(got.Elem().Field(i).Addr().Interface())
		require.NoError(t, err)
		w, err := json.Marshal(want.Elem().Field(i).Addr().Interface())
		require.NoError(t, err)
		require.JSONEq(t, string(w), string(g), of.Type.Field(i).Type)
	}
}

// A drawn struct is stored as encoding/json writes it, and read back as encoding/json reads it; or its definition is refused.
func drawn(t *testing.T, seed uint64) {
	d := drawer{rand.New(rand.NewPCG(seed, 1))}
	fields := []reflect.StructField{{Name: "ID", Type: reflect.TypeFor[int]()}}
	for i := range 1 + d.IntN(4) {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: d.typ(3), Tag: `memrel:",type=json"`})
	}
	of := reflect.StructOf(fields)
	if _, err := (Struct{Type: of}).Schema("t", table.Unnamed); err != nil {
		require.ErrorIs(t, err, types.ErrDefinition)
		return
	}
	row := reflect.New(of)
	for i := 1; i < of.NumField(); i++ {
		d.fill(row.Elem().Field(i))
	}
	if _, err := json.Marshal(row.Interface()); err != nil {
		return // two keys of a map in one text, and so on
	}
	storesAsJSON(t, row)
	loadsAsJSON(t, row)
}

func TestDrawnStructsAreStoredAsEncodingJSONHasThem(t *testing.T) {
	for seed := range uint64(2000) {
		drawn(t, seed)
	}
}

// FuzzDrawnStructs draws the types of fields, and their values.
func FuzzDrawnStructs(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(drawn)
}
