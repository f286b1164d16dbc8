package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/memrel/memrel"
)

// mustBeOurs fails if an error is not a *memrel.Error of a known kind with a readable text.
func mustBeOurs(t *testing.T, err error) {
	t.Helper()
	var e *memrel.Error
	if !errors.As(err, &e) || e.Kind == nil || e.SQLState() == "XX000" || len(e.Error()) < len("memrel: x") {
		t.Fatalf("not an error of the store: %#v: %v", err, err)
	}
}

func mustBeSound(t *testing.T, db *memrel.DB) {
	t.Helper()
	for err := range db.Check() {
		t.Fatal(err)
	}
}

// FuzzSchema opens stores with any definitions that JSON can express. They are refused with an error of the store, or
// they hold together: rows can be tried, and the schema that comes out defines the same store again.
func FuzzSchema(f *testing.F) {
	// Small seeds: the fuzzer spends its time on making large ones smaller.
	for _, text := range []string{
		`[{"name":"a","columns":[{"name":"i","type":"int","autoIncrement":true}],"primaryKey":["i"]}]`,
		`[{"name":"a","columns":[{"name":"i","type":"int"},{"name":"j","type":"int"}],"primaryKey":["i"],` +
			`"references":[{"columns":["j"],"table":"a","onDelete":"SET NULL","deferrable":true}]}]`,
		`[{"name":"a","columns":[{"name":"s","type":"string","size":3,"default":"x"}],"primaryKey":["s"],"unique":[{"columns":["s"]}]}]`,
		`[{"name":"a","columns":[{"name":"t","type":"time"},{"name":"l","type":"list<int>"}],"primaryKey":["t"],"indexes":[{"columns":["l","t"]}]}]`,
		`[{"name":"a","columns":[{"name":"f","type":"float"}],"primaryKey":["f"],"checks":[{"where":{"column":"f","op":"gt","value":0}}]}]`,
	} {
		if err := json.Unmarshal([]byte(text), new([]memrel.Schema)); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var schemas []memrel.Schema
		if json.Unmarshal(text, &schemas) != nil {
			return
		}
		db, err := openAll(schemas)
		if err != nil {
			mustBeOurs(t, err)
			return
		}
		for _, s := range schemas {
			tryRow(t, db, s)
		}
		mustBeSound(t, db)
		var again []memrel.Schema
		for _, name := range db.View().Tables() {
			s, _ := db.View().Schema(name)
			again = append(again, s)
		}
		if _, err := openAll(throughJSON(t, again)); err != nil {
			t.Fatalf("what was opened cannot be opened again: %v", err)
		}
	})
}

func openAll(schemas []memrel.Schema) (*memrel.DB, error) {
	var defs []memrel.Definition
	for _, s := range schemas {
		defs = append(defs, s)
	}
	return memrel.Open(defs...)
}

func throughJSON(t *testing.T, in []memrel.Schema) (out []memrel.Schema) {
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return out
}

// tryRow inserts rows of defaults and of a few values; they may be refused.
func tryRow(t *testing.T, db *memrel.DB, s memrel.Schema) {
	m := memrel.RowsOf(s.Name)
	for _, v := range []any{nil, 1, 1, "x", true, 0.5, "2026-01-02T03:04:05Z", []any{1, "a"}} {
		values := memrel.Values{}
		for _, c := range s.Columns {
			if v != nil {
				values[c.Name] = v
			}
		}
		if _, err := m.Insert(db, values); err != nil {
			mustBeOurs(t, err)
		}
	}
	if _, err := m.DeleteWhere(db, memrel.Cond{}); err != nil {
		mustBeOurs(t, err)
	}
}

// everything is a table with a column of every type.
var everything = memrel.Schema{Name: "everything", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
	{Name: "id", Type: memrel.Int, AutoIncrement: true},
	{Name: "int", Type: memrel.Int},
	{Name: "byte", Type: memrel.Int, Size: 8, Unsigned: true},
	{Name: "float", Type: memrel.Float},
	{Name: "bool", Type: memrel.Bool},
	{Name: "string", Type: memrel.String},
	{Name: "short", Type: memrel.String, Size: 3},
	{Name: "bytes", Type: memrel.Bytes},
	{Name: "time", Type: memrel.Time},
	{Name: "uuid", Type: memrel.UUID},
	{Name: "date", Type: memrel.Date},
	{Name: "timeofday", Type: memrel.TimeOfDay},
	{Name: "decimal", Type: memrel.Decimal},
	{Name: "price", Type: memrel.Decimal, Size: 10, Scale: 2},
	{Name: "json", Type: memrel.JSON},
	{Name: "ints", Type: memrel.ListOf(memrel.Int)},
	{Name: "strings", Type: memrel.ListOf(memrel.String)},
}, Unique: []memrel.UniqueKey{
	{Columns: []string{"string", "int"}}, {Columns: []string{"json"}}, {Columns: []string{"float"}, NullsNotDistinct: true},
}, Indexes: []memrel.Index{{Columns: []string{"time", "uuid"}}, {Columns: []string{"ints"}}, {Columns: []string{"bool", "bytes"}}},
	Checks: []memrel.CheckConstraint{{Where: memrel.Or(memrel.Lt("int", 1000), memrel.IsNull("short"))}}}

// FuzzValues inserts, updates and looks for whatever JSON objects say. Nothing panics, and the store stays sound.
func FuzzValues(f *testing.F) {
	for _, text := range []string{
		`{"int": 1, "byte": 255, "float": 0.5, "bool": true, "string": "a\u0000", "short": "äöü"}`,
		`{"time": "2026-01-02T03:04:05+01:00", "uuid": "6BA7B810-9dad-11d1-80b4-00c04fd430c8"} {"json": {"b": [1, null], "a": 1e3}}`,
		`{"ints": [1, null, 2], "strings": ["a", null]} {"int": 9223372036854775808} {"byte": 256} {"int": 1.5} {"short": "four"}`,
		`{"date": "2024-02-29", "timeofday": "23:59:00", "decimal": 12345678901234567.89, "price": "1.005"} {"date": "2024-02-30"} {"price": 1e9}`,
		`{"id": 9223372036854775807} {} {"nothing": 1} {"id": null} {"json": "text"} {"float": 1e999}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		db, err := memrel.Open(everything)
		if err != nil {
			t.Fatal(err)
		}
		m := memrel.RowsOf("everything")
		for dec := json.NewDecoder(bytes.NewReader(text)); ; {
			var values memrel.Values
			if dec.Decode(&values) != nil {
				break
			}
			tryValues(t, db, m, values)
		}
		mustBeSound(t, db)
		for r := range m.All(db) {
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func tryValues(t *testing.T, db *memrel.DB, m memrel.Rows, values memrel.Values) {
	before := count(db, m)
	if _, err := m.Insert(db, values); err != nil {
		mustBeOurs(t, err)
		if count(db, m) != before {
			t.Fatal("a refused row stayed")
		}
	}
	if _, _, err := m.Upsert(db, values, "string", "int"); err != nil {
		mustBeOurs(t, err)
	}
	if _, err := m.UpdateWhere(db, memrel.Lt("id", 2), values); err != nil {
		mustBeOurs(t, err)
	}
	for name, v := range values {
		if _, err := m.Find(db, memrel.Query{Where: memrel.Eq(name, v), Order: []memrel.Order{{Column: name, Desc: true}}}); err != nil {
			mustBeOurs(t, err)
		}
	}
}

// TestSeedsAreSmall: what the fuzzers find is kept, and read on every run.
func TestSeedsAreSmall(t *testing.T) {
	files, err := filepath.Glob("testdata/fuzz/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Size() > 4<<10 {
			t.Errorf("%s: %v: more than 4 KB", name, err)
		}
	}
}
