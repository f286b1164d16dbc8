package bind

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func bindTo[T any](t testing.TB) *Binding[T] {
	s, err := SchemaOf(reflect.TypeFor[T](), "t", table.Unnamed)
	require.NoError(t, err)
	def, err := table.Compile(s)
	require.NoError(t, err)
	b, err := New[T](def)
	require.NoError(t, err)
	return b
}

func loaded[T any](b *Binding[T], r index.Record) T {
	var out T
	b.Load(&out, r)
	return out
}

// rowsOf lays one struct over the definition, as a statement does.
func rowsOf[T any](b *Binding[T], src *T) Rows { return Rows{base: unsafe.Pointer(src), b: &b.b} }

func newRecord[T any](b *Binding[T], src *T, last int64) (index.Record, error) {
	rows := rowsOf(b, src)
	return rows.Record(0, last)
}

func overwrite[T any](b *Binding[T], src *T, old index.Record) (index.Record, error) {
	rows := rowsOf(b, src)
	return rows.Overwrite(old)
}

func find[T any](b *Binding[T], t *table.Table, src *T) (index.Record, error) {
	rows := rowsOf(b, src)
	return rows.Find(t)
}

type kinds struct {
	ID    int
	I8    int8
	I16   int16
	I32   int32
	I64   int64
	U8    uint8
	U16   uint16
	U32   uint32
	U64   uint64
	F32   float32
	F64   float64
	B     bool
	S     userName
	T     time.Time
	U     [16]byte
	UText string `memrel:",type=uuid"`
	Bytes []byte
	Raw   json.RawMessage

	PInt   *int32
	PText  *userName
	PTime  *time.Time
	PBytes *[]byte
	PList  *[]string
	NI     sql.NullInt64
	NS     sql.Null[userName]
	NT     sql.NullTime
	NB     sql.NullByte
	NU     sql.Null[[16]byte]
	NL     sql.Null[[]int]

	Ints   []int
	Times  []time.Time
	Blobs  [][]byte
	PInts  []*int64
	NTexts []sql.NullString
	Docs   []json.RawMessage `memrel:",type=list<json>"`

	Map    map[string]int
	Any    any
	Struct inner  `memrel:",type=json"`
	PInner *inner `memrel:",type=json"`
	Array  [3]int
	Parts  []inner          `memrel:",type=json"`
	One    struct{ P *int } `memrel:",type=json"`

	Price  money     `memrel:",type=string"`
	PPrice *money    `memrel:",type=string"`
	Prices []money   `memrel:",type=list<string>"`
	Text   string    `memrel:",type=json"`
	When   time.Time `memrel:",type=json"`
	Empty  struct{}  `memrel:",type=json"`
}

type (
	userName string
	inner    struct {
		A int
		B *string
	}
)

func fullKinds() kinds {
	return kinds{ID: 1, I8: math.MinInt8, I16: math.MinInt16, I32: math.MinInt32, I64: math.MinInt64, U8: math.MaxUint8,
		U16: math.MaxUint16, U32: math.MaxUint32, U64: math.MaxInt64, F32: 0.1, F64: math.Inf(-1), B: true, S: "text", T: aTime, U: aUUID,
		UText: aUUIDText, Bytes: []byte{1}, Raw: json.RawMessage(`{"a":1}`), PInt: ptr(int32(7)), PText: ptr(userName("")), PTime: &aTime,
		PBytes: &[]byte{}, PList: &[]string{"a"}, NI: sql.NullInt64{Valid: true}, NS: sql.Null[userName]{V: "x", Valid: true},
		NT: sql.NullTime{Time: aTime, Valid: true}, NB: sql.NullByte{Byte: 255, Valid: true},
		NU: sql.Null[[16]byte]{V: aUUID, Valid: true}, NL: sql.Null[[]int]{V: []int{1}, Valid: true}, Ints: make([]int, 20),
		Times: []time.Time{aTime}, Blobs: [][]byte{{1}, nil, {}}, PInts: []*int64{ptr(int64(1)), nil},
		NTexts: []sql.NullString{{}, {String: "a", Valid: true}}, Docs: []json.RawMessage{json.RawMessage(`1`)},
		Map: map[string]int{"a": 1}, Any: []any{"a", nil, 1.5}, Struct: inner{1, ptr("b")}, PInner: &inner{2, nil}, Array: [3]int{1, 2, 3},
		Parts: []inner{{1, nil}}, One: struct{ P *int }{ptr(1)}, Price: money{1234}, PPrice: &money{99}, Prices: []money{{1}, {2}},
		Text: "a\"b", When: aTime}
}

func TestBindRoundTrips(t *testing.T) {
	b := bindTo[kinds](t)
	empty := kinds{ID: 1, UText: "00000000-0000-0000-0000-000000000000"}
	for name, want := range map[string]kinds{"full": fullKinds(), "empty": empty} {
		t.Run(name, func(t *testing.T) {
			rec, err := newRecord(b, &want, 0)
			require.NoError(t, err)
			dirty := fullKinds()
			b.Load(&dirty, rec)
			require.Equal(t, want, dirty)
			again, err := overwrite(b, &dirty, rec)
			require.NoError(t, err)
			for i, c := range b.b.def.Columns() {
				require.True(t, index.Equal(c.Type, rec.At(i), again.At(i)), c.Name)
			}
		})
	}
}

// A typed row and the same row as Values are one record.
func TestBindAgreesWithValues(t *testing.T) {
	b := bindTo[kinds](t)
	src := fullKinds()
	values := table.Values{}
	rv := reflect.ValueOf(src)
	for i, name := range b.b.def.ColumnNames() {
		values[name] = rv.Field(i).Interface()
	}
	typed, err := newRecord(b, &src, 0)
	require.NoError(t, err)
	untyped, err := b.b.def.NewRecord(values, 0)
	require.NoError(t, err)
	for i, c := range b.b.def.Columns() {
		require.Equal(t, types.Show(c.Type, untyped.At(i)), types.Show(c.Type, typed.At(i)), c.Name)
	}
}

func TestLoadCopies(t *testing.T) {
	b := bindTo[kinds](t)
	src := fullKinds()
	rec, err := newRecord(b, &src, 0)
	require.NoError(t, err)
	src.Bytes[0], src.Raw[0], src.Map["a"] = 9, 'x', 9
	first := loaded(b, rec)
	first.Bytes[0], first.Raw[0], first.Ints[0], first.Map["a"], *first.PInt = 8, 'y', 8, 8, 8
	require.Equal(t, fullKinds(), loaded(b, rec))
}

type defaulted struct {
	ID    int
	Name  string          `memrel:",default=anon"`
	Open  bool            `memrel:",default=true"`
	Level sql.Null[int]   `memrel:",default=3"`
	Note  *string         `memrel:",default=none"`
	Tags  []string        `memrel:",default='[\"a\",\"b\"]'"`
	Raw   json.RawMessage `memrel:",default='{\"b\": 1}'"`
	When  time.Time       `memrel:",default=2026-01-02"`
	Plain int
}

func TestNewRecordFillsInDefaults(t *testing.T) {
	b := bindTo[defaulted](t)
	rec, err := newRecord(b, &defaulted{}, 41)
	require.NoError(t, err)
	require.Equal(t, defaulted{ID: 42, Name: "anon", Open: true, Level: sql.Null[int]{V: 3, Valid: true}, Note: ptr("none"),
		Tags: []string{"a", "b"}, Raw: json.RawMessage(`{"b":1}`), When: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}, loaded(b, rec))

	given := defaulted{ID: 7, Name: "x", Open: true, Level: sql.Null[int]{Valid: true}, Note: ptr(""), Tags: []string{},
		Raw: json.RawMessage("0"), When: aTime, Plain: 1}
	rec, err = newRecord(b, &given, 41)
	require.NoError(t, err)
	require.Equal(t, given, loaded(b, rec))

	// An update takes fields as they are.
	rec, err = overwrite(b, &defaulted{ID: 7}, rec)
	require.NoError(t, err)
	require.Equal(t, defaulted{ID: 7}, loaded(b, rec))
}

// Zero is what a field holds of itself, of every kind; a NULL in a pointer or sql.Null is zero too.
func TestZeroFieldsTakeTheDefault(t *testing.T) {
	type row struct {
		ID    int
		I32   int32         `memrel:",default=1"`
		I16   int16         `memrel:",default=1"`
		U8    uint8         `memrel:",default=1"`
		F32   float32       `memrel:",default=0.5"`
		F64   float64       `memrel:",default=0.5"`
		U     [16]byte      `memrel:",default=6ba7b810-9dad-11d1-80b4-00c04fd430c8"`
		Text  string        `memrel:",type=uuid,default=6ba7b810-9dad-11d1-80b4-00c04fd430c8"`
		Any   any           `memrel:",default=true"`
		Doc   inner         `memrel:",type=json,default='{\"A\":1}'"`
		Price money         `memrel:",type=string,default=1.00"`
		When  sql.NullTime  `memrel:",default=2026-01-02"`
		Null  sql.NullInt16 `memrel:",default=1"`
	}
	b := bindTo[row](t)
	want := row{1, 1, 1, 1, 0.5, 0.5, aUUID, aUUIDText, true, inner{A: 1}, money{100},
		sql.NullTime{Time: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Valid: true}, sql.NullInt16{Int16: 1, Valid: true}}
	rec, err := newRecord(b, &row{}, 0)
	require.NoError(t, err)
	require.Equal(t, want, loaded(b, rec))

	given := row{2, 2, 2, 2, 2, 2, [16]byte{1}, "01000000-0000-0000-0000-000000000000", false, inner{A: 2}, money{200},
		sql.NullTime{Time: aTime, Valid: true}, sql.NullInt16{Valid: true}}
	rec, err = newRecord(b, &given, 0)
	require.NoError(t, err)
	require.Equal(t, given, loaded(b, rec))
}

type partOfPost struct {
	Title string
	ID    int64
}

func TestBindLeavesOtherColumnsAlone(t *testing.T) {
	def, err := table.Compile(table.Schema{Name: "posts", PrimaryKey: []string{"id"}, Columns: []types.Column{
		{Name: "id", Type: index.Int}, {Name: "body", Type: index.String}, {Name: "title", Type: index.String, NotNull: true},
		{Name: "state", Type: index.String, Default: "new"}}})
	require.NoError(t, err)
	b, err := New[partOfPost](def)
	require.NoError(t, err)

	rec, err := newRecord(b, &partOfPost{"a", 1}, 0)
	require.NoError(t, err)
	require.Equal(t, `posts{id: 1, body: NULL, title: "a", state: "new"}`, table.RowOf(def, rec, nil).String())

	old, err := def.NewRecord(table.Values{"id": 1, "body": "b", "title": "t", "state": nil}, 0)
	require.NoError(t, err)
	rec, err = overwrite(b, &partOfPost{"", 1}, old)
	require.NoError(t, err)
	require.Equal(t, `posts{id: 1, body: "b", title: "", state: NULL}`, table.RowOf(def, rec, nil).String())
	require.Equal(t, `posts{id: 1, body: "b", title: "t", state: NULL}`, table.RowOf(def, old, nil).String())
}

func TestBindRefuses(t *testing.T) {
	def, err := table.Compile(table.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: []types.Column{
		{Name: "id", Type: index.Int}, {Name: "n", Type: index.Int}, {Name: "u", Type: index.Int, NotNull: true, Unsigned: true, Size: 8},
		{Name: "s", Type: index.String, NotNull: true}, {Name: "l", Type: index.ListOf(index.Int)}}})
	require.NoError(t, err)
	refused := func(want string, err error) {
		t.Helper()
		require.ErrorIs(t, err, types.ErrDefinition)
		require.ErrorContains(t, err, want)
	}
	bindErr := func(of any) error { _, err := newBinding(Struct{Type: reflect.TypeOf(of)}, def); return err }
	refused("there is no column missing", bindErr(struct{ Missing int }{}))
	refused("column n can be NULL, an int64 cannot; make it a pointer or sql.Null[int64]", bindErr(struct{ N int64 }{}))
	refused("an int32 cannot hold every value of its column", bindErr(struct{ N *int32 }{}))
	refused("a uint64 cannot hold every value of its column", bindErr(struct{ ID uint64 }{}))
	refused("an int8 cannot hold every value of its column (0 to 255)", bindErr(struct{ U int8 }{}))
	refused("a []uint8 cannot hold a column of type string; use string", bindErr(struct{ S []byte }{}))
	refused("use []int64", bindErr(struct{ L []string }{}))
	refused("is not a struct", bindErr(1))
	_, err = New[*partOfPost](def)
	refused("*bind.partOfPost is not a struct", err)
	_, err = New[any](def)
	refused("is not a struct", err)
	for _, ok := range []any{struct{ U uint8 }{}, struct{ U int16 }{}, struct{ N *int }{}, struct{ L []*int64 }{}, struct{}{}} {
		require.NoError(t, bindErr(ok))
	}
}

func TestNewRecordRefuses(t *testing.T) {
	type row struct {
		ID   int
		N    int    `memrel:",size=8"`
		S    string `memrel:",size=2"`
		U    uint64
		T    time.Time
		Blob []byte   `memrel:",notnull"`
		L    []*inner `memrel:",type=json"`
		K    string   `memrel:",type=uuid"`
	}
	b := bindTo[row](t)
	good := row{Blob: []byte{}, K: aUUIDText}
	_, err := newRecord(b, &good, 0)
	require.NoError(t, err)
	for want, spoil := range map[string]func(*row){
		"t: n = 300 does not fit 8 bits":         func(r *row) { r.N = 300 },
		`t: s = "abc" has 3 characters`:          func(r *row) { r.S = "abc" },
		"out of range":                           func(r *row) { r.T = time.Unix(1<<60, 0) },
		"blob cannot be NULL":                    func(r *row) { r.Blob = nil },
		`t: k = "" is not a uuid`:                func(r *row) { r.K = "" },
		"the numbers of id are used up: the las": nil,
	} {
		bad, last := good, int64(math.MaxInt64)
		if spoil != nil {
			spoil(&bad)
			last = 0
		}
		rec, err := newRecord(b, &bad, last)
		require.ErrorContains(t, err, want)
		require.True(t, rec.IsZero())
	}
}

// What a document or a Scan method refuses is told, and stays in the row that it was made of.
func TestLoadOfWhatDoesNotFit(t *testing.T) {
	def, err := table.Compile(table.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int},
		{Name: "doc", Type: index.JSON}, {Name: "price", Type: index.String}, {Name: "tags", Type: index.ListOf(index.String)}}})
	require.NoError(t, err)
	type row struct {
		ID    int
		Doc   *inner `memrel:",type=json"`
		Price money  `memrel:",type=string"`
		Tags  []string
	}
	b, err := New[row](def)
	require.NoError(t, err)
	rec, err := def.NewRecord(table.Values{"id": 1, "doc": []int{1}, "price": "dear", "tags": []any{"a", nil}}, 0)
	require.NoError(t, err)
	require.PanicsWithError(t, `memrel: read t: doc = [1] cannot be read into a bind.inner: json: cannot unmarshal array into Go value of type bind.inner; `+
		`give the field a type that takes it, or read the row by RowsOf`, func() { loaded(b, rec) })
	kept := row{Doc: &inner{A: 1}, Price: money{7}}
	b.b.reload(unsafe.Pointer(&kept), rec)
	require.Equal(t, row{ID: 1, Doc: &inner{A: 1}, Price: money{7}, Tags: []string{"a", ""}}, kept)
}

type post struct {
	ID       int64
	AuthorID int64
	Slug     string
	Title    string
}

type scalars struct {
	ID    int64
	Small int8
	F     float32
	B     bool
	S     string
	T     time.Time
	U     [16]byte
	N     sql.NullInt64
	NS    sql.Null[string]
	NT    sql.NullTime
}

var aScalar = scalars{1, 2, 3, true, "s", aTime, aUUID, sql.NullInt64{Int64: 1, Valid: true}, sql.Null[string]{}, sql.NullTime{}}

func TestLoadAndNewRecordAllocations(t *testing.T) {
	posts, all := bindTo[post](t), bindTo[scalars](t)
	src := post{1, 2, "slug", "title"}
	rec, err := newRecord(posts, &src, 0)
	require.NoError(t, err)
	recAll, err := newRecord(all, &aScalar, 0)
	require.NoError(t, err)
	var n int64
	require.Zero(t, testing.AllocsPerRun(100, func() { n += loaded(posts, rec).ID }))
	require.Zero(t, testing.AllocsPerRun(100, func() { n += loaded(all, recAll).ID }))
	for i := range 2 { // numbered by the store, and given
		local := post{int64(i), 2, "slug", "title"}
		require.Equal(t, 1.0, testing.AllocsPerRun(100, func() { _, _ = newRecord(posts, &local, 300) }))
	}
	require.Equal(t, 1.0, testing.AllocsPerRun(100, func() { _, _ = overwrite(posts, &src, rec) }))
}

// Structs on stacks that move, documents and pointers in them, and a collector at work.
func TestBindOnMovingStacks(t *testing.T) {
	b := bindTo[kinds](t)
	want := fullKinds()
	rec, err := newRecord(b, &want, 0)
	require.NoError(t, err)
	done := make(chan bool)
	go func() {
		ok := true
		for i := range 20 {
			var local kinds
			b.Load(&local, rec)
			grow(10 * i)
			runtime.GC()
			again, err := newRecord(b, &local, 0)
			ok = ok && err == nil && reflect.DeepEqual(loaded(b, again), want)
		}
		done <- ok
	}()
	require.True(t, <-done)
}

func TestWideTable(t *testing.T) {
	s := table.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int, AutoIncrement: true}}}
	for i := range 400 {
		s.Columns = append(s.Columns, types.Column{Name: fmt.Sprint("c", i), Type: index.Int, Default: i})
	}
	def, err := table.Compile(s)
	require.NoError(t, err)
	type row struct {
		ID   int
		C399 *int
	}
	b, err := New[row](def)
	require.NoError(t, err)
	rec, err := newRecord(b, &row{C399: ptr(0)}, 4)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(table.RowOf(def, rec, nil).String(), "c398: 398, c399: 0}"))
}

func ptr[T any](v T) *T { return &v }

var (
	aTime = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)
	aUUID = [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
)

const aUUIDText = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

// grow has the stack moved.
func grow(n int) int {
	var pad [1024]byte
	if n == 0 {
		return int(pad[0])
	}
	return grow(n-1) + int(pad[n])
}

// A number that is whole is one to a field of integers, though a document keeps the zeros behind its point.
func TestWholeNumbersOfDocumentsAreIntegers(t *testing.T) {
	type doc struct{ N int64 }
	type row struct {
		ID  int64
		Doc doc `memrel:",type=json"`
		Raw json.RawMessage
	}
	s, err := SchemaOf(reflect.TypeFor[row](), "rows", table.Unnamed)
	require.NoError(t, err)
	def, err := table.Compile(s)
	require.NoError(t, err)
	b, err := New[row](def)
	require.NoError(t, err)
	rec, err := def.NewRecord(table.Values{"doc": json.RawMessage(`{"N":9007199254740993.00}`), "raw": json.RawMessage(`[1.50]`)}, 0)
	require.NoError(t, err)
	var got row
	b.Load(&got, rec)
	require.Equal(t, row{1, doc{9007199254740993}, json.RawMessage(`[1.50]`)}, got)
}
