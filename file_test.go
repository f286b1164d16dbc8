package memrel_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// everything has a row of each type, with NULLs and with the values that are easily lost.
func everything(t *testing.T) *memrel.DB {
	t.Helper()
	types := []memrel.Type{memrel.Int, memrel.Float, memrel.Bool, memrel.String, memrel.Bytes, memrel.Time, memrel.UUID,
		memrel.JSON, memrel.ListOf(memrel.String), memrel.Date, memrel.TimeOfDay, memrel.Decimal}
	s := memrel.Schema{Name: "things", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}}
	for _, typ := range types {
		s.Columns = append(s.Columns, memrel.Column{Name: typ.String(), Type: typ})
	}
	s.Columns = append(s.Columns, memrel.Column{Name: "next", Type: memrel.Int})
	s.References = []memrel.Reference{{Columns: []string{"next"}, Table: "things", OnDelete: memrel.SetNull}}
	db, err := memrel.Open(s, memrel.Schema{Name: "empty", Columns: memrel.Columns{{Name: "k", Type: memrel.String}}, PrimaryKey: []string{"k"}})
	require.NoError(t, err)
	_, err = memrel.RowsOf("things").InsertAll(db, []memrel.Values{
		{},
		{"int": math.MinInt64, "float": math.Copysign(0, -1), "bool": true, "string": "a\x01b", "bytes": []byte{0, 255},
			"time": time.Date(1, 1, 1, 0, 0, 0, 999, time.UTC), "uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
			"json": json.RawMessage(`{"b":[1,null],"a":1e2}`), "list<string>": []any{"", nil, "x"}, "next": 4,
			"date": "-0044-03-15", "timeofday": "23:59:59.999999999", "decimal": "-12345678901234567.890"},
		{"json": json.RawMessage(`[1.50, -0.0, 12345678901234567890.5]`), "time": time.Date(-5000, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"float": math.Inf(-1), "string": "", "bytes": []byte{}, "list<string>": []string{}, "next": 4},
	})
	require.NoError(t, err)
	_, err = memrel.RowsOf("things").Delete(db, 1)
	require.NoError(t, err)
	return db
}

func saved(t *testing.T, db *memrel.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, db.View().Save(&b))
	return b.Bytes()
}

func TestWhatIsSavedIsLoaded(t *testing.T) {
	db := everything(t)
	file := saved(t, db)
	back, err := memrel.Load(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, file, saved(t, back), "equal views give equal bytes")
	for row := range memrel.RowsOf("things").All(db) {
		again, ok := memrel.RowsOf("things").Get(back, row.Key()...)
		require.True(t, ok)
		require.Equal(t, row.Values(), again.Values())
	}
	row, err := memrel.RowsOf("things").Insert(back, memrel.Values{})
	require.NoError(t, err)
	require.EqualValues(t, 5, row.Get("id"), "numbering goes on")
	_, err = memrel.RowsOf("things").Insert(back, memrel.Values{"next": 77})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	for err := range back.Check() {
		t.Error(err)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	file := saved(t, everything(t))
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 0x10
		_, err := memrel.Load(bytes.NewReader(bad))
		require.ErrorIs(t, err, memrel.ErrFile, "byte %d", i)
		_, err = memrel.Load(bytes.NewReader(file[:i]))
		require.ErrorIs(t, err, memrel.ErrFile, "cut at byte %d", i)
	}
	_, err := memrel.Load(bytes.NewReader(nil))
	require.EqualError(t, err, "memrel: load: the file cannot be read: it does not begin as a memrel file of version 1, 2 or 3 does; load what View.Save wrote")
}

// A file is one file: what follows it, a block that is there twice, and blocks between tables are refused.
func TestFilesWithMoreInThemAreRefused(t *testing.T) {
	file := saved(t, everything(t))
	const magic = "memrel 1\n"
	blocks := [][]byte{}
	for rest := file[len(magic):]; len(rest) > 0; {
		n := 8 + int(binary.LittleEndian.Uint32(rest))
		blocks, rest = append(blocks, rest[:n]), rest[n:]
	}
	refused := func(what string, blocks ...[]byte) {
		_, err := memrel.Load(bytes.NewReader(append([]byte(magic), bytes.Join(blocks, nil)...)))
		require.Error(t, err, what)
	}
	_, err := memrel.Load(bytes.NewReader(append([]byte(magic), bytes.Join(blocks, nil)...)))
	require.NoError(t, err)
	for i, b := range blocks {
		refused(fmt.Sprintf("block %d twice", i), slices.Insert(slices.Clone(blocks), i, b)...)
		refused(fmt.Sprintf("without block %d", i), slices.Delete(slices.Clone(blocks), i, i+1)...)
		refused(fmt.Sprintf("block %d at the end", i), append(slices.Clone(blocks), b)...)
	}
	_, err = memrel.Load(bytes.NewReader(append(slices.Clone(file), 0)))
	require.ErrorIs(t, err, memrel.ErrFile)
	require.ErrorContains(t, err, "something follows its end")
}

// A definition is written as it is, whatever its values are made of, or it is refused when it is defined.
func TestDefinitionsAreSavedExactly(t *testing.T) {
	zone := time.FixedZone("east", 5*3600+1800)
	long := time.Date(12026, 2, 29, 1, 2, 3, 4, zone)
	column := func(name string, typ memrel.Type, def any) memrel.Column {
		return memrel.Column{Name: name, Type: typ, Default: def}
	}
	s := memrel.Schema{Name: "d", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true},
		column("int", memrel.Int, uint64(math.MaxInt64)), column("float", memrel.Float, math.Inf(1)), column("nan", memrel.Float, math.NaN()),
		column("zero", memrel.Float, math.Copysign(0, -1)), column("bytes", memrel.Bytes, []byte{0, 255}), column("at", memrel.Time, long),
		column("before", memrel.Time, time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC)), column("year0", memrel.Time, time.Date(0, 1, 1, 0, 0, 0, 0, zone)),
		column("uuid", memrel.UUID, [16]byte{1, 2, 15: 3}), column("json", memrel.JSON, map[string]any{"n": json.Number("12345678901234567890.50")}),
		column("day", memrel.Date, long.Truncate(24*time.Hour).UTC()), column("clock", memrel.TimeOfDay, 90*time.Minute),
		column("number", memrel.Decimal, json.Number("12345678901234567.890")), column("numbers", memrel.ListOf(memrel.Decimal), []string{"1.50", "-0.1"}),
		column("null", memrel.JSON, json.RawMessage("null")), column("text", memrel.String, "\u2028 <&>"),
		column("list", memrel.ListOf(memrel.Bytes), [][]byte{{1}, nil, {}}), column("floats", memrel.ListOf(memrel.Float), []float64{math.NaN(), 1.5, math.Inf(-1)}),
		column("times", memrel.ListOf(memrel.Time), []time.Time{long}), column("docs", memrel.ListOf(memrel.JSON), []any{json.RawMessage(`"x"`), json.RawMessage("1.50")}),
	}, Checks: []memrel.CheckConstraint{
		{Where: memrel.Or(memrel.In("bytes", []byte{0, 255}, []byte("x")), memrel.IsNull("bytes"))},
		{Where: memrel.Or(memrel.In("float", math.Inf(1), math.NaN(), 1), memrel.Lt("nan", 5))},
		{Where: memrel.And(memrel.Lte("at", long), memrel.Gte("before", time.Date(-45, 1, 1, 0, 0, 0, 0, zone)))},
		{Where: memrel.Ne("uuid", [16]byte{})}, {Where: memrel.Ne("list", [][]byte{{2}})}, {Where: memrel.Ne("floats", []any{math.NaN(), nil})},
		{Where: memrel.Ne("json", json.RawMessage(`{"n":12345678901234567890.4}`))}, {Where: memrel.Lte("int", uint64(math.MaxUint64))},
		{Where: memrel.Or(memrel.Between("number", json.Number("12345678901234567.89"), 1e300), memrel.Lt("number", 0.1))},
		{Where: memrel.Or(memrel.Gte("day", long.Truncate(24*time.Hour).UTC()), memrel.Eq("clock", 5*time.Hour))},
		{Where: memrel.Or(memrel.Between("int", json.Number("12345678901234567890.5"), 1e300), memrel.Gt("int", int64(1)<<62+1))},
	}}
	db, err := memrel.Open(s)
	require.NoError(t, err)
	row, err := memrel.RowsOf("d").Insert(db, memrel.Values{})
	require.NoError(t, err)
	file := saved(t, db)
	back, err := memrel.Load(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, file, saved(t, back))
	again, err := memrel.RowsOf("d").Insert(back, memrel.Values{})
	require.NoError(t, err)
	for _, name := range row.Columns()[1:] {
		require.Equal(t, row.Show(name), again.Show(name), name)
	}
	require.Equal(t, long.UTC(), again.Get("at"))
	require.Equal(t, json.RawMessage("null"), again.Get("null"))
	require.Equal(t, json.RawMessage(`{"n":12345678901234567890.50}`), again.Get("json"))
	require.True(t, math.Signbit(again.Get("zero").(float64)))
	for i, v := range []memrel.Values{{"bytes": []byte("y")}, {"float": 2}, {"at": long.Add(1)}, {"uuid": [16]byte{}}, {"list": [][]byte{{2}}},
		{"json": json.RawMessage(`{"n":12345678901234567890.40}`)}, {"int": int64(1)<<62 + 1}} {
		for _, on := range []*memrel.DB{db, back} {
			_, err := memrel.RowsOf("d").Insert(on, v)
			require.ErrorIs(t, err, memrel.ErrCheck, "%d: %v", i, v)
		}
	}
	for _, bad := range []memrel.Schema{
		{Name: "d", PrimaryKey: []string{"id"}, Columns: memrel.Columns{column("id", memrel.Int, nil), column("l", memrel.ListOf(memrel.JSON), []any{json.RawMessage("null"), nil})}},
		{Name: "d", PrimaryKey: []string{"id"}, Columns: memrel.Columns{column("id", memrel.Int, nil)}, Checks: []memrel.CheckConstraint{{Where: memrel.Lt("id", json.Number("1e400"))}}},
		{Name: "d", PrimaryKey: []string{"id"}, Columns: memrel.Columns{column("id", memrel.String, nil)}, Checks: []memrel.CheckConstraint{{Where: memrel.Ne("id", "\xff")}}},
		{Name: "d\xff", PrimaryKey: []string{"id"}, Columns: memrel.Columns{column("id", memrel.String, nil)}},
		{Name: "d", PrimaryKey: []string{"\xff"}, Columns: memrel.Columns{column("\xff", memrel.String, nil)}},
		{Name: "d", PrimaryKey: []string{"id"}, Columns: memrel.Columns{column("id", memrel.String, nil)}, Unique: []memrel.UniqueKey{{Name: "\xff", Columns: []string{"id"}}}},
	} {
		_, err := memrel.Open(bad)
		require.ErrorIs(t, err, memrel.ErrDefinition, "%v", bad)
	}
}

func TestLoadedTablesTakeTheDefinitionsGiven(t *testing.T) {
	Users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(Users)
	_, err := Users.Insert(db, User{Email: "ann@example.com"})
	require.NoError(t, err)
	file := saved(t, db)

	strict := memrel.CheckConstraint{Name: "has_at", Where: memrel.Like("email", "%@%")}
	back, err := memrel.Load(bytes.NewReader(file), memrel.TableOf[User]("users", strict))
	require.NoError(t, err)
	_, err = Users.Insert(back, User{Email: "bob"})
	require.ErrorIs(t, err, memrel.ErrCheck)

	stricter := memrel.CheckConstraint{Where: memrel.Like("email", "%@memrel.dev")}
	_, err = memrel.Load(bytes.NewReader(file), memrel.TableOf[User]("users", stricter))
	require.ErrorIs(t, err, memrel.ErrCheck, "rows are held to the definition given")

	_, err = memrel.Load(bytes.NewReader(file), memrel.TableOf[User]("users", memrel.Column{Name: "age", Type: memrel.Int}))
	require.ErrorIs(t, err, memrel.ErrDefinition)
}

type failingWriter struct{ left int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestSaveReturnsTheWritersError(t *testing.T) {
	db := everything(t)
	for n := range len(saved(t, db)) {
		require.ErrorIs(t, db.View().Save(&failingWriter{n}), io.ErrShortWrite)
	}
}

// FuzzLoad feeds Load with anything: it gives a sound store or an error.
func FuzzLoad(f *testing.F) {
	db := memrel.MustOpen(memrel.TableOf[User]("users"))
	_, _ = memrel.TableOf[User]("users").Insert(db, User{Email: "ann@example.com"})
	var b bytes.Buffer
	_ = db.View().Save(&b)
	f.Add(b.Bytes())
	f.Add([]byte("memrel 1\n"))
	_ = db.Define(memrel.Form{Name: "front", Text: []byte("end")})
	b.Reset()
	_ = db.View().Save(&b)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		db, err := memrel.Load(bytes.NewReader(file))
		if err != nil {
			return
		}
		for err := range db.Check() {
			t.Error(err)
		}
	})
}
