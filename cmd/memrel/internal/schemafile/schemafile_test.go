package schemafile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

const keyedText = `{
 "Album": {
  "rows": 3,
  "columns": [
   {"name": "AlbumId", "type": "INTEGER", "allowNull": false},
   {"name": "Title", "type": "NVARCHAR(160)", "allowNull": false, "unique": true, "default": "?"},
   {"name": "ArtistId", "type": "integer"}],
  "primaryKey": ["AlbumId"],
  "unique": [["Title", "ArtistId"], [{"name": "Title", "length": 10}]],
  "indexes": [["Title"], ["ArtistId", {"name": "Title", "order": "desc nulls last"}]],
  "foreignKeys": [{"column": "ArtistId", "references": {"table": "Artist", "column": "ArtistId"},
                   "onDelete": "cascade", "onUpdate": "RESTRICT"}]},
 "Artist": {"columns": [{"name": "ArtistId", "type": "BIGINT", "autoIncrement": true}], "primaryKey": ["ArtistId"]}
}`

func TestKeyedByTable(t *testing.T) {
	got, err := Parse([]byte(keyedText))
	require.NoError(t, err)
	require.Equal(t, []memrel.Schema{
		{Name: "Album", PrimaryKey: []string{"AlbumId"},
			Columns: []memrel.Column{{Name: "AlbumId", Type: memrel.Int, NotNull: true},
				{Name: "Title", Type: memrel.String, Size: 160, NotNull: true, Default: "?"}, {Name: "ArtistId", Type: memrel.Int}},
			Unique: []memrel.UniqueKey{{Columns: []string{"Title"}}, {Columns: []string{"Title", "ArtistId"}},
				{Columns: []string{"Title"}, Prefix: map[string]int{"Title": 10}}},
			Indexes: []memrel.Index{{Columns: []string{"Title"}},
				{Columns: []string{"ArtistId", "Title"}, Order: []memrel.Order{{Column: "Title", Desc: true, Nulls: memrel.NullsLast}}}},
			References: []memrel.Reference{{Columns: []string{"ArtistId"}, Table: "Artist", RefColumns: []string{"ArtistId"},
				OnDelete: memrel.Cascade, OnUpdate: memrel.Restrict}}},
		{Name: "Artist", PrimaryKey: []string{"ArtistId"}, Columns: []memrel.Column{{Name: "ArtistId", Type: memrel.Int, AutoIncrement: true}}},
	}, got.Tables)
	_, err = memrel.Open(got.All()...)
	require.NoError(t, err)
}

func TestOwnFormReadsWhatMarshalWrites(t *testing.T) {
	schemas, err := Parse([]byte(keyedText))
	require.NoError(t, err)
	text, err := json.Marshal(schemas.Tables)
	require.NoError(t, err)
	for _, form := range []string{string(text), `{"tables": ` + string(text) + `}`, "\ufeff" + string(text) + "\n"} {
		again, err := Parse([]byte(form))
		require.NoError(t, err)
		require.Equal(t, schemas, again)
	}
}

func TestATableMayBeCalledTables(t *testing.T) {
	got, err := Parse([]byte(`{"tables": {"columns": [{"name": "id", "type": "INT"}], "primaryKey": ["id"]}}`))
	require.NoError(t, err)
	require.Equal(t, "tables", got.Tables[0].Name)
}

func TestTypesOfSQL(t *testing.T) {
	for text, want := range map[string]memrel.Column{
		"INTEGER": {Type: memrel.Int}, "smallint": {Type: memrel.Int, Size: 16}, "TINYINT": {Type: memrel.Int, Size: 8},
		"TINYINT(1)": {Type: memrel.Bool}, "INT UNSIGNED": {Type: memrel.Uint}, "INT(11)": {Type: memrel.Int},
		"NVARCHAR(160)": {Type: memrel.String, Size: 160}, "varchar": {Type: memrel.String}, "VARCHAR(MAX)": {Type: memrel.String},
		"CITEXT": {Type: memrel.CIText}, "TEXT COLLATE NOCASE": {Type: memrel.CIText}, "VARCHAR(9) collate `utf8mb4_0900_as_ci`": {Type: memrel.CIText, Size: 9}, `TEXT COLLATE "C"`: {Type: memrel.String},
		"TEXT": {Type: memrel.String}, "character varying(5)": {Type: memrel.String, Size: 5}, "NUMERIC(10,2)": {Type: memrel.Decimal, Size: 10, Scale: 2},
		"NUMERIC(10, 2)": {Type: memrel.Decimal, Size: 10, Scale: 2}, "decimal(5)": {Type: memrel.Decimal, Size: 5}, "NUMERIC": {Type: memrel.Decimal}, "DATE": {Type: memrel.Date},
		"numeric[]": {Type: memrel.ListOf(memrel.Decimal)}, "DOUBLE PRECISION": {Type: memrel.Float}, "DATETIME": {Type: memrel.Time},
		"TIMESTAMP WITH TIME ZONE": {Type: memrel.Time}, "BOOLEAN": {Type: memrel.Bool}, "BLOB": {Type: memrel.Bytes},
		"UUID": {Type: memrel.UUID}, "JSONB": {Type: memrel.JSON},
		"LONGTEXT": {Type: memrel.String}, "TIMESTAMP(3) WITH TIME ZONE": {Type: memrel.Time, Precision: time.Millisecond}, "timestamp (6) without time zone": {Type: memrel.Time, Precision: time.Microsecond},
		"time(3) with time zone": {Type: memrel.String}, "TIME": {Type: memrel.TimeOfDay}, "time(3)": {Type: memrel.TimeOfDay, Precision: time.Millisecond}, "TIMESTAMP(0)": {Type: memrel.Time, Precision: time.Second},
		"ENUM('b', 'a')": {Type: memrel.Enum, Names: []string{"b", "a"}}, "TEXT[]": {Type: memrel.ListOf(memrel.String)},
		"double precision[]": {Type: memrel.ListOf(memrel.Float)}, "uuid[3]": {Type: memrel.ListOf(memrel.UUID)},
		"INT(10) UNSIGNED ZEROFILL": {Type: memrel.Uint}, "BIT(1)": {Type: memrel.Bool}, "MEDIUMBLOB": {Type: memrel.Bytes},
		"BIGSERIAL": {Type: memrel.Int, AutoIncrement: true}, "YEAR(4)": {Type: memrel.Int, Size: 16}, "national character varying(7)": {Type: memrel.String, Size: 7},
	} {
		var c memrel.Column
		require.NoError(t, setType(&c, text), text)
		require.Equal(t, want, c, text)
	}
}

func TestBadSchemasAreToldByLineAndCure(t *testing.T) {
	table := func(columns, rest string) string {
		return "{\n\"T\": {\n\"columns\": [" + columns + "], \"primaryKey\": [\"id\"]" + rest + "}}"
	}
	const id = `{"name": "id", "type": "INT"}`
	for _, c := range []struct{ text, want string }{
		{"", "1: the JSON ends too early"},
		{"{\n\"T\": {\n", "3: the JSON ends too early"},
		{"{\n\"T\": x}", "2: this is not JSON: invalid character 'x'"},
		{"7", "a schema is a list of tables, or an object with a table under each name"},
		{"{} {}", "something follows the JSON value"},
		{`{"T": 7}`, "table T is not an object with columns and keys"},
		{"{\"T\": {},\n\"T\": {}}", `2: "T" is there twice`},
		{`{"tables": [], "more": 1}`, `unknown field "more" beside "tables"`},
		{table(id, ",\n\"primryKey\": []"), `4: unknown field "primryKey"; write primaryKey, or leave it out; there are rows, columns, primaryKey, unique, foreignKeys, indexes`},
		{table(`{"name": "id", "type": "INT", "notNull": true}`, ""), `unknown field "notNull"; leave it out; there are name, type, allowNull, default, autoIncrement, unique`},
		{table(id, `, "foreignKeys": [{"column": "id", "references": {"tabel": "T"}}]`), `unknown field "tabel"; write table, or leave it out; there are table, column, columns`},
		{`[{"name": "T", "references": [{"columns": [], "tabel": "T"}]}]`, `there are name, columns, table, refColumns, onDelete`},
		{`{"associations": [{"options": {"foreignKey": {"nam": 1}}}]}`, `unknown field "nam"; write name, or leave it out; there are name, type, allowNull`},
		{table(`{"name": "id", "type": "INT", "unique": {"columns": ["id"]}}`, ""), `"columns.unique" holds a JSON object where it cannot; write true or false; a key of several columns stands beside the columns, "unique": [["a", "b"]]`},
		{table(id, `, "unique": [{"columns": ["id"]}]`), `"unique" holds a JSON object where it cannot; keys are written [["a", "b"], ["c"]]`},
		{`[{"name": "T", "unique": [["id"]]}]`, `"unique" holds a JSON array where it cannot; keys are written [{"columns": ["a", "b"]}]`},
		{table(`{"name": 7, "type": "INT"}`, ""), `3: "columns.name" holds a JSON number where it cannot`},
		{table(`{"name": "id", "type": "INTEGR"}`, ""), `2: table T: column id: unknown type "INTEGR"; known are INTEGER, INT`},
		{table(`{"name": "id", "type": ""}`, ""), `column id: "" is no type`},
		{table(`{"name": "id", "type": "NUMERIC(0)"}`, ""), "(0) are no digits of a decimal; write NUMERIC(10,2), or NUMERIC for any number"},
		{table(`{"name": "id", "type": "VARCHAR(0)"}`, ""), "0 is no size of a text"},
		{table(`{"name": "id", "type": "VARCHAR(9) COLLATE utf8mb4_general_ci"}`, ""), "there is no collation utf8mb4_general_ci; write CITEXT for text in which case does not count"},
		{table(`{"name": "id", "type": "INTEGER COLLATE NOCASE"}`, ""), "only text has a collation, and the column holds int"},
		{table(`{"name": "id", "type": "VARCHAR(99999999999999999999)"}`, ""), "is no size of a text"},
		{table(`{"name": "id", "type": "VARCHAR(10)[]"}`, ""), "a bound, which a list cannot have; use TEXT[] or BIGINT[]"},
		{table(`{"name": "id", "type": "INT[][]"}`, ""), "INT[][] is a list of lists; use JSON"},
		{table(`{"name": "id", "type": "BIT(8)"}`, ""), "there are no strings of 8 bits"},
		{table(`{"name": "id", "type": "ENUM"}`, ""), "ENUM lacks its values; write ENUM('one', 'two')"},
		{table(`{"name": "id", "type": "ENUM(1, 2)"}`, ""), "the values of an ENUM are texts"},
		{table(`{"name": "id", "type": "ENUM('a' 'b')"}`, ""), "a comma is missing between values of an ENUM, before 'b'"},
		{table(`{"name": "id", "type": "ENUM('a',)"}`, ""), "the values of an ENUM are texts"},
		{table(`{"name": "id", "type": "INT", "default": "CURRENT_TIMESTAMP"}`, ""), "its default CURRENT_TIMESTAMP is a time, and the column holds int"},
		{table(`{"name": "id", "type": "INT", "default": "random()"}`, ""), `its default random() is not one of int: id = "random()" is not an int; write a value`},
		{table(`{"name": "id", "type": "TIMESTAMP", "default": "CURRENT_DATE"}`, ""), "or CURRENT_TIMESTAMP for a time"},
		{table(`{"name": "id", "type": "TEXT", "default": "'a' || 'b'::text"}`, ""), "the default 'a' || 'b'::text is an expression, and no value; write the value, or '''a'' || ''b''::text' in single quotes"},
		{table(id, `, "foreignKeys": [{"column": "id"}]`), "does not say what it references"},
		{table(id, `, "foreignKeys": [{"references": {"table": "T"}}]`), "the foreign key to T has no column"},
		{table(id, `, "foreignKeys": [{"column": "id", "references": {"table": "T"}, "onDelete": "EXPLODE"}]`), `"EXPLODE" is no action: use NO ACTION`},
		{`[{"name": "T", "columns": [{"name": "id", "type": "integer"}]}]`, `unknown column type "integer"; known are int`},
		{"{\"models\": [{\"name\": \"A\",\n\"colums\": []}]}", `unknown field "colums"`},
		{`{"models": [{"name": "A", "columns": [{"name": "a"}]}]}`, "model A: column a has no type"},
		{`{"models": [], "association": []}`, `unknown field "association" beside "tables", "models" and "associations"`},
		{`{"associations": [{"source": "A", "kind": "hasFew", "target": "B"}]}`, `there is no association "hasFew"`},
		{`{"associations": [{"source": "A", "kind": "hasOne", "target": "B", "options": {"foreignkeys": "x"}}]}`, `unknown field "foreignkeys"`},
		{`{"associations": [{"source": "A", "kind": "hasOne", "target": "B", "options": {"through": {"modell": "x"}}}]}`, `unknown field "modell"`},
		{`{"associations": [{"source": "A", "kind": "hasOne", "target": "B", "options": {"foreignKey": {"name": "x", "type": "INTEGR"}}}]}`,
			`A.hasOne(B): column x: unknown type "INTEGR"`},
		{`[{"name": "T", "colums": []}]`, `unknown field "colums"`},
		{strings.Repeat("[", 100_000), "this is not JSON"},
		{strings.Repeat(`{"a":`, 100_000), "this is not JSON"},
		{"\x00\x01", "this is not JSON"},
		{"[\n{\"name\": \"cut \\ud83d\"}]", "2: a \\u escape is half of a surrogate pair"},
		{"[\n{\"name\": \"\\u0000\"}]", "2: it has a zero byte"},
		{"[\n\n{\"name\": \"\xff\"}]", "3: it is not valid UTF-8"},
	} {
		_, err := Parse([]byte(c.text))
		var e *Error
		require.ErrorAs(t, err, &e, "%.60s", c.text)
		require.ErrorContains(t, err, c.want, "%.60s", c.text)
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.json")
	_, err := Read(path)
	require.ErrorContains(t, err, "there is no such file; name the schema with --schema FILE")
	require.NoError(t, os.WriteFile(path, []byte("{\n]"), 0o600))
	_, err = Read(path)
	require.ErrorContains(t, err, "schema.json:2: this is not JSON")
}

func TestDefaultsAreReadAsTheirTypes(t *testing.T) {
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		typ  memrel.Type
		text any
		want any
	}{
		{memrel.Int, "0", int64(0)}, {memrel.Int, "'-7'::integer", int64(-7)}, {memrel.Int, "((0))", int64(0)}, {memrel.Int, "(-1)::bigint", int64(-1)},
		{memrel.Int, "9007199254740993", int64(9007199254740993)}, {memrel.Int, json.Number("9007199254740993"), json.Number("9007199254740993")},
		{memrel.Int, "NULL::integer", nil}, {memrel.Int, nil, nil}, {memrel.Float, "0.5::numeric(10,2)", 0.5}, {memrel.Bool, "true", true}, {memrel.Bool, "false::boolean", false},
		{memrel.String, "'active'::character varying", "active"}, {memrel.String, "'it''s'::text", "it's"}, {memrel.String, "''::character varying(20)", ""},
		{memrel.String, "NULL::text", nil}, {memrel.String, "?", "?"}, {memrel.String, "std::string", "std::string"}, {memrel.String, "now", "now"}, {memrel.String, "(x)", "(x)"},
		{memrel.Decimal, "0.50::numeric(10,2)", "0.50"}, {memrel.Decimal, json.Number("12345678901234567.89"), json.Number("12345678901234567.89")},
		{memrel.Date, "'2024-05-01'::date", "2024-05-01"}, {memrel.TimeOfDay, "'10:30:00'::time without time zone", "10:30:00"},
		{memrel.Time, "2024-05-01", day}, {memrel.Time, "'2024-05-01 00:00:00+00'::timestamp with time zone", day}, {memrel.JSON, "{}", json.RawMessage("{}")}, {memrel.JSON, "'{}'", json.RawMessage("{}")}, {memrel.JSON, "null", nil}, {memrel.JSON, "'null'", json.RawMessage("null")},
		{memrel.JSON, map[string]any{}, map[string]any{}}, {memrel.JSON, `"a"`, json.RawMessage(`"a"`)}, {memrel.JSON, `"a::text"`, json.RawMessage(`"a::text"`)},
		{memrel.String, "'x'", "x"}, {memrel.String, "''", ""}, {memrel.String, "", ""}, {memrel.String, "new", "new"}, {memrel.String, "NULL", nil}, {memrel.String, "'NULL'", "NULL"},
		{memrel.String, "'''x'''", "'x'"}, {memrel.String, "('x')", "x"}, {memrel.String, "(N'x')", "x"}, {memrel.String, "(NULL)", nil}, {memrel.CIText, "'it''s'::citext", "it's"},
		{memrel.String, "it's", "it's"}, {memrel.String, "none (yet)", "none (yet)"}, {memrel.String, " a ", " a "}, {memrel.String, "user", "user"}, {memrel.String, "'a'::bpchar", "a"},
		{memrel.Enum, "a", "a"}, {memrel.Enum, "'a'", "a"}, {memrel.Enum, "'a'::mood", "a"}, {memrel.Int, "'0'", int64(0)}, {memrel.Int, "('0')", int64(0)}, {memrel.Date, "'2024-05-01'", "2024-05-01"},
		{memrel.Bytes, "NULL", nil}, {memrel.Bytes, "'\\x00ff'::bytea", []byte{0, 255}},
		{memrel.JSON, "'{\"a\": 1}'::jsonb", json.RawMessage(`{"a":1}`)}, {memrel.ListOf(memrel.String), "'{}'::text[]", []any{}}, {memrel.ListOf(memrel.Int), "'{1,NULL}'::integer[]", []any{int64(1), nil}},
		{memrel.UUID, "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
	} {
		col := memrel.Column{Name: "c", Type: c.typ}
		if c.typ == memrel.Enum {
			col.Names = []string{"a"}
		}
		require.NoError(t, setDefault(&col, c.text), "%v", c.text)
		require.Equal(t, c.want, col.Default, "%v", c.text)
		require.Nil(t, col.DefaultFunc)
	}
	numbered := memrel.Column{Name: "c", Type: memrel.Int}
	require.NoError(t, setDefault(&numbered, "nextval('a_id_seq'::regclass)"))
	require.True(t, numbered.AutoIncrement)
}

// What is no value is no default, and no text either.
func TestExpressionsAreNoDefaults(t *testing.T) {
	for _, text := range []string{"upper('x')", "upper('x'::text)", "(upper('x'))::character varying", `E'a\n'`, "E'a'::text", "nextval('s'::regclass)", "'a' || 'b'", "'open", `"x"`,
		"(('a'::text || 'b'::text))", "_utf8mb4'x'", "x'41'", "CURRENT_USER", "lower('X'::text) || 'y'::text", "a::text", "uuid()", "concat(_utf8mb4'a',_utf8mb4'b')"} {
		for _, typ := range []memrel.Type{memrel.String, memrel.CIText, memrel.JSON, memrel.UUID} {
			if typ == memrel.JSON && text == `"x"` {
				continue // which is JSON
			}
			col := memrel.Column{Name: "c", Type: typ}
			require.Error(t, setDefault(&col, text), "%s %s", typ, text)
			require.Nil(t, col.Default)
			require.Nil(t, col.DefaultFunc)
		}
	}
	col := memrel.Column{Name: "c", Type: memrel.String}
	require.EqualError(t, setDefault(&col, "upper('x')"), "column c: the default upper('x') is an expression, and no value; write the value, or 'upper(''x'')' in single quotes if it is that very text")
	require.NoError(t, setDefault(&col, "'upper(''x'')'"))
	require.Equal(t, "upper('x')", col.Default)
	col = memrel.Column{Name: "c", Type: memrel.JSON}
	require.ErrorContains(t, setDefault(&col, "no JSON"), "its default no JSON is not one of json")
}

// The defaults of models are values, whatever they look like.
func TestTextDefaultsOfModelsAreValues(t *testing.T) {
	for _, text := range []string{"'x'", "''", "", "NULL", "upper('x')", "new", "CURRENT_TIMESTAMP", "'a'::text", "{}"} {
		for _, typ := range []memrel.Type{memrel.String, memrel.CIText, memrel.JSON} {
			col := memrel.Column{Name: "c", Type: typ}
			require.NoError(t, setValue(&col, text))
			require.Equal(t, text, col.Default)
		}
	}
	col := memrel.Column{Name: "c", Type: memrel.Time}
	require.NoError(t, setValue(&col, "NOW"))
	require.True(t, col.DefaultNow)
}

func TestTheTimeOfTheInsertAsADefault(t *testing.T) {
	for _, text := range []string{"CURRENT_TIMESTAMP", "current_timestamp(3)", "now()", "NOW", "(getdate())", "('now'::text)::timestamp", "LOCALTIMESTAMP", "datetime('now')"} {
		col := memrel.Column{Name: "c", Type: memrel.Time}
		err := setDefault(&col, text)
		if text == "('now'::text)::timestamp" { // as old versions of PostgreSQL wrote it
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, text)
		require.True(t, col.DefaultNow, text)
	}
	for text, typ := range map[string]memrel.Type{"CURRENT_TIMESTAMP": memrel.String, "datetime('now')": memrel.CIText, "CURRENT_DATE": memrel.Date, "(date('now'))": memrel.Date, "now()": memrel.Date,
		"CURRENT_TIME(0)": memrel.TimeOfDay, "curtime()": memrel.TimeOfDay} {
		col := memrel.Column{Name: "c", Type: typ}
		require.NoError(t, setDefault(&col, text), text)
		require.True(t, col.DefaultNow, text)
	}
	for text, form := range map[string]string{"CURRENT_DATE": `^\d{4}-\d\d-\d\d$`, "current_time": `^\d\d:\d\d:\d\d$`} {
		col := memrel.Column{Name: "c", Type: memrel.String}
		require.NoError(t, setDefault(&col, text), text)
		require.Regexp(t, form, col.DefaultFunc(), text)
	}
}

func TestAnEnumHoldsItsValuesAlone(t *testing.T) {
	for _, text := range []string{
		`{"T": {"columns": [{"name": "id", "type": "INT"}, {"name": "e", "type": "enum ('a', 'it''s', '),(')", "default": "a"}], "primaryKey": ["id"]}}`,
		`{"models": [{"name": "T", "columns": [{"name": "id", "type": "INT", "primaryKey": true}, {"name": "e", "type": "ENUM('a','it''s','),(')", "defaultValue": "a"}],
			"options": {"tableName": "T"}}]}`,
	} {
		defs, err := Parse([]byte(text))
		require.NoError(t, err)
		db, err := memrel.Open(defs.All()...)
		require.NoError(t, err)
		for i, e := range []any{"a", "it's", "),(", nil} {
			_, err := memrel.RowsOf("T").Insert(db, memrel.Values{"id": i, "e": e})
			require.NoError(t, err)
		}
		_, err = memrel.RowsOf("T").Insert(db, memrel.Values{"id": 9, "e": "b"})
		require.ErrorIs(t, err, memrel.ErrType)
		for err := range db.Check() {
			t.Error(err)
		}
	}
}
