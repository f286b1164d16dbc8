package memrel_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// everything has a row of each type, with NULLs and with the values that are easily lost.
func everything(t *testing.T) *memrel.DB {
	t.Helper()
	types := []memrel.Type{memrel.Int, memrel.Float, memrel.Bool, memrel.String, memrel.Bytes, memrel.Time, memrel.UUID,
		memrel.JSON, memrel.ListOf(memrel.String)}
	s := memrel.Schema{Name: "things", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}}
	for _, typ := range types {
		s.Columns = append(s.Columns, memrel.Column{Name: typ.String(), Type: typ})
	}
	s.Columns = append(s.Columns, memrel.Column{Name: "next", Type: memrel.Int})
	s.References = []memrel.Reference{{Columns: []string{"next"}, Table: "things", OnDelete: memrel.SetNull}}
	db, err := memrel.Open(s, memrel.Schema{Name: "empty", Columns: memrel.Columns{{Name: "k", Type: memrel.String}}, PrimaryKey: []string{"k"}})
	require.NoError(t, err)
	_, err = memrel.ModelOf("things").InsertAll(db, []memrel.Values{
		{},
		{"int": math.MinInt64, "float": math.Copysign(0, -1), "bool": true, "string": "a\x01b", "bytes": []byte{0, 255},
			"time": time.Date(1, 1, 1, 0, 0, 0, 999, time.UTC), "uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
			"json": json.RawMessage(`{"b":[1,null],"a":1e2}`), "list<string>": []any{"", nil, "x"}, "next": 4},
		{"json": json.RawMessage(`[1.50, -0.0, 12345678901234567890.5]`), "time": time.Date(-5000, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"float": math.Inf(-1), "string": "", "bytes": []byte{}, "list<string>": []string{}, "next": 4},
	})
	require.NoError(t, err)
	_, err = memrel.ModelOf("things").Delete(db, 1)
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
	for row := range memrel.ModelOf("things").All(db) {
		again, ok := memrel.ModelOf("things").Get(back, row.Key()...)
		require.True(t, ok)
		require.Equal(t, row.Values(), again.Values())
	}
	row, err := memrel.ModelOf("things").Insert(back, memrel.Values{})
	require.NoError(t, err)
	require.EqualValues(t, 5, row.Get("id"), "numbering goes on")
	_, err = memrel.ModelOf("things").Insert(back, memrel.Values{"next": 77})
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
	require.EqualError(t, err, "memrel: load: the file cannot be read: it does not begin as a memrel file of version 1 does; load what View.Save wrote")
}

func TestLoadedTablesTakeTheDefinitionsGiven(t *testing.T) {
	Users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(Users)
	_, err := Users.Insert(db, User{Email: "ann@example.com"})
	require.NoError(t, err)
	file := saved(t, db)

	strict := memrel.Check{Name: "has_at", Where: memrel.Like("email", "%@%")}
	back, err := memrel.Load(bytes.NewReader(file), memrel.TableOf[User]("users", strict))
	require.NoError(t, err)
	_, err = Users.Insert(back, User{Email: "bob"})
	require.ErrorIs(t, err, memrel.ErrCheck)

	stricter := memrel.Check{Where: memrel.Like("email", "%@memrel.dev")}
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

func ExampleView_Save() {
	Users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(Users)
	_, _ = Users.Insert(db, User{Email: "ann@example.com"})

	var file bytes.Buffer
	_ = db.View().Save(&file)
	back, err := memrel.Load(&file, Users)
	if err != nil {
		fmt.Println(err)
		return
	}
	ann, _ := Users.Get(back, 1)
	fmt.Println(ann.Email)
	// Output: ann@example.com
}
