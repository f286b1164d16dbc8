package types

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

type (
	namedInt    int32
	namedString string
	namedUUID   [16]byte
	namedTime   time.Time
	loop        *loop
	// upper is asked by value, stubborn by pointer only.
	upper    string
	stubborn struct{ n *int }
	failing  struct{}
	document []byte
	oneField struct{ p *int }
)

func (u upper) Value() (driver.Value, error)     { return strings.ToUpper(string(u)), nil }
func (s *stubborn) Value() (driver.Value, error) { return int64(*s.n), nil }
func (failing) Value() (driver.Value, error)     { return nil, errors.New("no luck") }
func (d document) Value() (driver.Value, error)  { return []byte(d), nil }
func (o oneField) Value() (driver.Value, error)  { return int64(*o.p), nil }

func ptr[T any](v T) *T { return &v }

var (
	aTime = time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)
	aUUID = [16]byte{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
)

const aUUIDText = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

func TestFromGoConverts(t *testing.T) {
	seven := 7
	cyclic := map[string]any{}
	cyclic["a"] = []any{1}
	for _, tt := range []struct {
		typ  index.Type
		in   any
		want any
	}{
		{index.Int, nil, nil},
		{index.Int, 7, int64(7)},
		{index.Int, int8(-7), int64(-7)},
		{index.Int, uint64(math.MaxInt64), int64(math.MaxInt64)},
		{index.Int, namedInt(7), int64(7)},
		{index.Int, 7.0, int64(7)},
		{index.Int, float32(-7), int64(-7)},
		{index.Int, -0x1p63, int64(math.MinInt64)},
		{index.Int, json.Number("7"), int64(7)},
		{index.Int, json.Number("7.00"), int64(7)},
		{index.Int, json.Number("1.5e1"), int64(15)},
		{index.Int, json.Number("-0"), int64(0)},
		{index.Int, json.Number("0e99999999999999999999"), int64(0)},
		{index.Int, json.Number("9007199254740993.0"), int64(9007199254740993)},
		{index.Int, json.Number("-9223372036854775808"), int64(math.MinInt64)},
		{index.Int, &seven, int64(7)},
		{index.Int, ptr(&seven), int64(7)},
		{index.Int, (*int)(nil), nil},
		{index.Int, (*stubborn)(nil), nil},
		{index.Int, &stubborn{&seven}, int64(7)},
		{index.Int, oneField{&seven}, int64(7)},
		{index.Int, [1]oneField{{&seven}}[0], int64(7)},
		{index.Int, sql.NullInt32{}, nil},
		{index.Int, sql.NullInt32{Int32: 7, Valid: true}, int64(7)},
		{index.Int, sql.Null[int]{V: 7, Valid: true}, int64(7)},
		{index.Int, &sql.Null[namedInt]{V: 7, Valid: true}, int64(7)},
		{index.Float, 0.5, 0.5},
		{index.Float, float32(0.5), 0.5},
		{index.Float, 3, 3.0},
		{index.Float, uint64(1 << 63), 0x1p63},
		{index.Float, math.Inf(1), math.Inf(1)},
		{index.Float, json.Number("1e3"), 1000.0},
		{index.Bool, true, true},
		{index.Bool, ptr(false), false},
		{index.Bool, sql.NullBool{Bool: true, Valid: true}, true},
		{index.String, "", ""},
		{index.String, "a\x01ä", "a\x01ä"},
		{index.String, namedString("a"), "a"},
		{index.String, upper("a"), "A"},
		{index.String, ptr(upper("a")), "A"},
		{index.Bytes, []byte{}, []byte{}},
		{index.Bytes, []byte(nil), nil},
		{index.Bytes, []byte{1, 2}, []byte{1, 2}},
		{index.Bytes, json.RawMessage("x"), []byte("x")},
		{index.Bytes, [3]byte{1, 2, 3}, []byte{1, 2, 3}},
		{index.Bytes, aUUID, aUUID[:]},
		{index.Time, aTime.In(time.FixedZone("", 3600)), aTime},
		{index.Time, namedTime(aTime), aTime},
		{index.Time, &aTime, aTime},
		{index.Time, "2026-01-02T04:04:05.678901234+01:00", aTime},
		{index.Time, sql.NullTime{Time: aTime, Valid: true}, aTime},
		{index.UUID, aUUID, aUUIDText},
		{index.UUID, namedUUID(aUUID), aUUIDText},
		{index.UUID, ptr(namedUUID(aUUID)), aUUIDText},
		{index.UUID, strings.ToUpper(aUUIDText), aUUIDText},
		{index.JSON, json.RawMessage(`{"b": 1, "a": [1.0, null]}`), json.RawMessage(`{"a":[1.0,null],"b":1}`)},
		{index.JSON, json.RawMessage("null"), json.RawMessage("null")},
		{index.JSON, json.RawMessage(nil), nil},
		{index.JSON, map[string]int(nil), nil},
		{index.JSON, map[string]int{"b": 1, "a": 2}, json.RawMessage(`{"a":2,"b":1}`)},
		{index.JSON, &map[string]int{"b": 1}, json.RawMessage(`{"b":1}`)},
		{index.JSON, cyclic, json.RawMessage(`{"a":[1]}`)},
		{index.JSON, struct{ P *int }{&seven}, json.RawMessage(`{"P":7}`)},
		{index.JSON, "a<b", json.RawMessage(`"a<b"`)},
		{index.JSON, []byte("a"), json.RawMessage(`"YQ=="`)},
		{index.JSON, sql.NullString{String: "a", Valid: true}, json.RawMessage(`"a"`)},
		{index.JSON, sql.NullString{}, nil},
		{index.JSON, 7, json.RawMessage("7")},
		{index.JSON, uint64(math.MaxUint64), json.RawMessage("18446744073709551615")},
		{index.JSON, 1e21, json.RawMessage("1000000000000000000000")},
		{index.JSON, math.Copysign(0, -1), json.RawMessage("0")},
		{index.JSON, true, json.RawMessage("true")},
		{index.JSON, upper("a"), json.RawMessage(`"A"`)},
		{index.JSON, document("[ 1]"), json.RawMessage("[1]")},
		{index.JSON, document(nil), nil},
		{index.JSON, json.Number("1.50"), json.RawMessage("1.50")},
		{index.JSON, [16]byte{}, json.RawMessage("[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]")},
		{index.JSON, aTime, json.RawMessage(`"2026-01-02T03:04:05.678901234Z"`)},
		{index.ListOf(index.Int), []int{1, 2}, []any{int64(1), int64(2)}},
		{index.ListOf(index.Int), [2]any{1, nil}, []any{int64(1), nil}},
		{index.ListOf(index.Int), []byte{1, 2}, []any{int64(1), int64(2)}},
		{index.ListOf(index.Int), []int(nil), nil},
		{index.ListOf(index.String), []string{}, []any{}},
		{index.ListOf(index.String), []*string{ptr("a"), nil}, []any{"a", nil}},
		{index.ListOf(index.UUID), [][16]byte{aUUID}, []any{aUUIDText}},
	} {
		c := Column{Name: "c", Type: tt.typ}
		v, err := c.FromGo(tt.in)
		require.NoError(t, err, "%s from %T %v", tt.typ, tt.in, tt.in)
		require.Equal(t, tt.want, ToGo(tt.typ, v), "%s from %T %v", tt.typ, tt.in, tt.in)
	}
}

func TestFromGoRefuses(t *testing.T) {
	var endless loop
	endless = &endless
	for _, tt := range []struct {
		col           Column
		in            any
		state, detail string
	}{
		{Column{Type: index.Int, Size: 8}, 300, "22003", "c = 300 does not fit 8 bits (-128 to 127)"},
		{Column{Type: index.Int, Size: 8, Unsigned: true}, -1, "22003", "c = -1 does not fit 8 bits without a sign (0 to 255)"},
		{Column{Type: index.Int, Unsigned: true}, -1, "22003", "c = -1 does not fit 64 bits without a sign (0 to 9223372036854775807)"},
		{Column{Type: index.Int}, uint64(1 << 63), "22003", "c = 9223372036854775808 does not fit 64 bits (-9223372036854775808 to 9223372036854775807)"},
		{Column{Type: index.Int}, 0x1p63, "22003", ""},
		{Column{Type: index.Int}, 1.5, "42804", "c = 1.5 is not a whole number"},
		{Column{Type: index.Int}, math.NaN(), "42804", "c = NaN is not a whole number"},
		{Column{Type: index.Int}, json.Number("1e-1"), "42804", "c = 1e-1 is not a whole number"},
		{Column{Type: index.Int}, json.Number("1e-999999999"), "42804", ""},
		{Column{Type: index.Int}, json.Number("1e999999999"), "22003", ""},
		{Column{Type: index.Int}, json.Number("1.0000000000000000000001"), "42804", ""},
		{Column{Type: index.Int}, json.Number("x"), "42804", ""},
		{Column{Type: index.Int}, "7", "42804", `c = "7" is a string, not an int`},
		{Column{Type: index.Int}, namedString("7"), "42804", ""},
		{Column{Type: index.Int}, ptr("7"), "42804", ""},
		{Column{Type: index.Int}, true, "42804", "c = true is a bool, not an int"},
		{Column{Type: index.Int}, []int{1}, "42804", "c is given a []int, not an int"},
		{Column{Type: index.Int}, struct{}{}, "42804", ""},
		{Column{Type: index.Int}, func() {}, "42804", "c is given a func(), not an int"},
		{Column{Type: index.Int}, make(chan int), "42804", ""},
		{Column{Type: index.Int}, failing{}, "42804", "c cannot be read from its types.failing"},
		{Column{Type: index.Int}, endless, "42804", ""},
		{Column{Type: index.Int}, aTime, "42804", "c = 2026-01-02T03:04:05.678901234Z is a time.Time, not an int"},
		{Column{Type: index.Float}, int64(1<<53 + 1), "22003", "c = 9007199254740993 has more digits than a float holds"},
		{Column{Type: index.Float}, int64(math.MaxInt64), "22003", ""},
		{Column{Type: index.Float}, uint64(math.MaxUint64), "22003", ""},
		{Column{Type: index.Float}, json.Number("1e400"), "22003", ""},
		{Column{Type: index.Float}, "0.5", "42804", ""},
		{Column{Type: index.Bool}, 1, "42804", ""},
		{Column{Type: index.String, Size: 3}, "äöüß", "22001", `c = "äöüß" has 4 characters, 3 are allowed`},
		{Column{Type: index.String}, []byte("a"), "42804", "c = x'61' is a []uint8, not a string"},
		{Column{Type: index.String}, json.Number("1"), "42804", ""},
		{Column{Type: index.String}, 7, "42804", ""},
		{Column{Type: index.Bytes}, "a", "42804", ""},
		{Column{Type: index.Bytes}, []int{1}, "42804", ""},
		{Column{Type: index.Time}, "tomorrow", "22007", `c = "tomorrow" is not a time`},
		{Column{Type: index.Time}, time.Unix(1<<60, 0), "22008", ""},
		{Column{Type: index.Time}, 7, "42804", ""},
		{Column{Type: index.UUID}, "6ba7b810", "22P02", `c = "6ba7b810" is not a uuid`},
		{Column{Type: index.UUID}, "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "22P02", ""},
		{Column{Type: index.UUID}, "6ba7b810-9dad-11d1-80b4-00c04fd430\x10c", "22P02", ""},
		{Column{Type: index.UUID}, [3]byte{}, "42804", ""},
		{Column{Type: index.UUID}, aUUID[:], "42804", ""},
		{Column{Type: index.JSON}, json.RawMessage("{"), "22P02", "c is not JSON that can be kept"},
		{Column{Type: index.JSON}, json.RawMessage{}, "22P02", ""},
		{Column{Type: index.JSON}, math.NaN(), "22P02", ""},
		{Column{Type: index.JSON}, "\xff", "22021", ""},
		{Column{Type: index.JSON}, json.RawMessage("\"\xff\""), "22021", ""},
		{Column{Type: index.JSON}, json.RawMessage(`"\u0000"`), "22021", ""},
		{Column{Type: index.JSON}, json.RawMessage(`"\ud83d"`), "22021", ""},
		{Column{Type: index.String}, "a\x00", "22021", `c = "a\x00" has a zero byte`},
		{Column{Type: index.String}, "\xed\xa0\xbd", "22021", `c = "\xed\xa0\xbd" is not UTF-8`},
		{Column{Type: index.ListOf(index.String)}, []string{"a", "\xff"}, "22021", `c[1] = "\xff" is not UTF-8`},
		{Column{Type: index.JSON}, func() {}, "42804", ""},
		{Column{Type: index.JSON}, map[string]any{"f": func() {}}, "22P02", ""},
		{Column{Type: index.JSON}, json.RawMessage(strings.Repeat("[", 201) + strings.Repeat("]", 201)), "54001", ""},
		{Column{Type: index.ListOf(index.Int)}, []any{1, "a"}, "42804", `c[1] = "a" is a string, not an int`},
		{Column{Type: index.ListOf(index.Int)}, 7, "42804", "c = 7 is an int64, not a list of int"},
		{Column{Type: index.ListOf(index.String)}, aUUID, "42804", ""},
	} {
		tt.col.Name = "c"
		_, err := tt.col.FromGo(tt.in)
		var e *Error
		require.ErrorAs(t, err, &e, "%s from %T %v", tt.col.Type, tt.in, tt.in)
		require.ErrorIs(t, err, ErrType)
		require.Equal(t, tt.state, e.SQLState(), err)
		require.Equal(t, []string{"c"}, e.Columns)
		require.NotEmpty(t, e.Detail)
		if tt.detail != "" {
			require.Equal(t, tt.detail, e.Detail)
		}
	}
}

func TestErrorsShortenLongValues(t *testing.T) {
	_, err := (&Column{Name: "c", Type: index.Int}).FromGo(strings.Repeat("ä", 1000))
	require.Less(t, len(err.Error()), 300)
}

//go:noinline
func convertAll(c *Column, key ...any) (last index.Value) {
	for _, k := range key {
		last, _ = c.FromGo(k)
	}
	return last
}

// A key boxed for the call must stay on the stack of whoever calls.
func TestFromGoDoesNotAllocate(t *testing.T) {
	n, s, at := int64(math.MaxInt32), strings.Repeat("x", 100), aTime
	ints, texts := &Column{Name: "i", Type: index.Int, Size: 32}, &Column{Name: "s", Type: index.String}
	times, uuids := &Column{Name: "t", Type: index.Time}, &Column{Name: "u", Type: index.UUID}
	for name, f := range map[string]func(){
		"int64":   func() { convertAll(ints, n) },
		"int":     func() { convertAll(ints, int(n), int(n)) },
		"named":   func() { convertAll(ints, namedInt(n)) },
		"uint32":  func() { convertAll(ints, uint32(n)) },
		"string":  func() { convertAll(texts, s) },
		"pointer": func() { _, _ = ints.FromGo(nil) },
		"time":    func() { convertAll(times, at) },
		"direct":  func() { _, _ = ints.FromGo(n) },
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
	require.Equal(t, 1.0, testing.AllocsPerRun(100, func() { convertAll(uuids, aUUID) }), "the UUID itself")
}

var kept []any

type keeper struct{ n, m int }

func (k *keeper) Value() (driver.Value, error) {
	kept = append(kept, k)
	return int64(k.n), nil
}

//go:noinline
func grow(n int) int {
	var pad [1024]byte
	if n == 0 {
		return int(pad[0])
	}
	return grow(n-1) + int(pad[n])
}

// A Valuer may keep what it is given: that must not be a place on a stack that moves.
func TestFromGoHandsOutNothingOfTheStack(t *testing.T) {
	c := &Column{Name: "c", Type: index.Int}
	kept = nil
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 100 {
			k := keeper{i, i}
			_, _ = c.FromGo(&k)
			k.n = -1
		}
		grow(200)
	}()
	<-done
	require.Len(t, kept, 100)
	for i, k := range kept {
		require.Equal(t, &keeper{i, i}, k)
	}
}
