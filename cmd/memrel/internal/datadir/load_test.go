package datadir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

func intColumn(name string) memrel.Column { return memrel.Column{Name: name, Type: memrel.Int} }

// library is authors and their books, and people who report to one another.
func library() []memrel.Schema {
	return []memrel.Schema{
		{Name: "Book", PrimaryKey: []string{"id"}, Columns: []memrel.Column{{Name: "id", Type: memrel.Int, AutoIncrement: true},
			{Name: "author", Type: memrel.Int}, {Name: "title", Type: memrel.String, Size: 8, NotNull: true},
			{Name: "note", Type: memrel.String}, {Name: "price", Type: memrel.Float}, {Name: "stock", Type: memrel.Int, Size: 8},
			{Name: "out", Type: memrel.Time}, {Name: "tags", Type: memrel.ListOf(memrel.String)}, {Name: "data", Type: memrel.JSON},
			{Name: "sold", Type: memrel.Bool, NotNull: true, Default: false}},
			Unique:     []memrel.UniqueKey{{Columns: []string{"title", "author"}}},
			References: []memrel.Reference{{Columns: []string{"author"}, Table: "Author"}}},
		{Name: "Author", PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id"), {Name: "name", Type: memrel.String}}},
		{Name: "Person", PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id"), intColumn("boss")},
			References: []memrel.Reference{{Columns: []string{"boss"}, Table: "Person", OnDelete: memrel.SetNull}}},
	}
}

// files are complete without the ones that a test replaces.
func files(replaced map[string]string) map[string]string {
	all := map[string]string{"Author.csv": "id,name\n1,Ann\n2,Bob\n", "Book.csv": "id,title,author\n", "Person.csv": "id,boss\n"}
	for name, text := range replaced {
		delete(all, strings.TrimSuffix(name, filepath.Ext(name))+".csv")
		if text != "-" {
			all[name] = text
		}
	}
	return all
}

func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// load loads files, and holds the store to its own check whatever came of them.
func load(t *testing.T, schemas []memrel.Schema, files map[string]string, o Options) (*memrel.DB, *Report) {
	t.Helper()
	o.Schemas = schemas
	db, report, err := Load(directory(t, files), o)
	require.NoError(t, err)
	for err := range db.Check() {
		t.Error(err)
	}
	if len(report.Problems) > 0 && !o.KeepGoing {
		for _, s := range schemas {
			require.Zero(t, rows(t, db, s.Name), "half loaded: %s", s.Name)
		}
	}
	return db, report
}

func rows(t *testing.T, db *memrel.DB, table string) int {
	t.Helper()
	n, err := memrel.RowsOf(table).Count(db, memrel.Cond{})
	require.NoError(t, err)
	return n
}

func problems(r *Report) string {
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

func row1(t *testing.T, db *memrel.DB, table string, key ...any) string {
	t.Helper()
	r, ok := memrel.RowsOf(table).Get(db, key...)
	require.True(t, ok)
	return r.String()
}

func TestEachFormOfARowIsRead(t *testing.T) {
	const want = `Book{id: 1, author: 2, title: "It's", note: "a\nb", price: 9.5, stock: -3, out: 2021-01-31T00:00:00Z, tags: ["x", "y"], data: {"a":[1]}, sold: true}`
	for name, text := range map[string]string{
		"Book.csv": "out,id,author,title,note,price,stock,tags,data,sold\r\n2021-01-31,1,2,It's,\"a\nb\",9.50,-3,\"[\"\"x\"\",\"\"y\"\"]\",\"{\"\"a\"\":[1]}\",yes\r\n",
		"Book.json": `[{"id": 1, "author": 2, "title": "It's", "note": "a\nb", "price": "9.5", "stock": -3, "out": "2021-01-31",
			"tags": ["x", "y"], "data": {"a": [1]}, "sold": true}]`,
		"book.jsonl": `{"id": 1, "author": 2.0, "title": "It's", "note": "a\nb", "price": 9.5, "stock": -3, "out": "2021-01-31 00:00:00", "tags": ["x","y"], "data": {"a": [1]}, "sold": true}` + "\n",
	} {
		db, report := load(t, library(), files(map[string]string{"Book.csv": "-", name: "\ufeff" + text}), Options{})
		require.Empty(t, problems(report), name)
		require.Equal(t, want, row1(t, db, "Book", 1), name)
	}
}

func TestEmptyFields(t *testing.T) {
	text := "id,author,title,note,sold\n" + // auto-increment, nullable, NOT NULL text, nullable text, default
		",,,,\n" +
		`"","","","",""` + "\n"
	db, report := load(t, library(), files(map[string]string{"Book.csv": text}), Options{})
	require.Empty(t, problems(report))
	require.Contains(t, row1(t, db, "Book", 1), `{id: 1, author: NULL, title: "", note: NULL, price: NULL`)
	require.Contains(t, row1(t, db, "Book", 2), `{id: 2, author: NULL, title: "", note: "", price: NULL`)
	require.Contains(t, row1(t, db, "Book", 2), `sold: false}`)
}

func TestRefusedRowsAreToldByFileLineColumnAndValue(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a dangling key", "id,title,author\n1,a,1\n2,b,7\n", "Book.csv:3: Book.author = 7: Author 7 does not exist (Book.author -> Author.id)"},
		{"a key twice", "id,title,author\n1,a,1\n\n1,b,1\n", "Book.csv:4: Book.id = 1: primary key (id) = (1) is taken by Book[1]"},
		{"a composite key twice", "id,title,author\n1,a,1\n2,a,1\n", `Book.csv:3: Book.(title, author) = ("a", 1): unique key (title, author) = ("a", 1) is taken by Book[1]`},
		{"NULL", "id,title,sold\n1,a,true\n2,\"b\nc\",\n3,d,\n", ""},
		{"no number", "id,title\n1,a\nx,b\n", `Book.csv:3: Book.id = "x" is not an int; give it a whole number`},
		{"an int too large", "id,title\n99999999999999999999,b\n", `Book.csv:2: Book.id = 99999999999999999999 does not fit 64 bits`},
		{"a small int too large", "id,title,stock\n1,a,128\n", `Book.csv:2: Book.stock = 128 does not fit 8 bits (-128 to 127)`},
		{"a float too large", "id,title,price\n1,a,1e400\n", `Book.price = 1e400 is out of the range of a float`},
		{"a text too long", "id,title\n1,123456789\n", `Book.csv:2: Book.title = "123456789" has 9 characters, 8 are allowed`},
		{"no time", "id,title,out\n1,a,tomorrow\n", `Book.csv:2: Book.out = "tomorrow" is not a time`},
		{"no bool", "id,title,sold\n1,a,perhaps\n", `Book.csv:2: Book.sold = "perhaps" is not a bool; write it as true or false, t or f`},
		{"no JSON", "id,title,data\n1,a,{\n", `Book.csv:2: Book.data = "{" is not JSON that can be kept: the text ends too early`},
		{"JSON too deep", "id,title,data\n1,a," + strings.Repeat("[", 300) + "\n", "arrays and objects are nested deeper than 200 levels"},
		{"no list", "id,title,tags\n1,a,x\n", `Book.csv:2: Book.tags = "x" is not a list of string`},
		{"a field of a row over several lines", "id,title,note,stock\n1,a,\"x\ny\nz\",many\n", `Book.csv:4: Book.stock = "many"`},
	} {
		_, report := load(t, library(), files(map[string]string{"Book.csv": c.text}), Options{})
		if c.want == "" {
			require.Empty(t, problems(report), c.name)
			continue
		}
		require.Contains(t, problems(report), c.want, c.name)
		require.Len(t, report.Problems, 1, c.name)
	}
}

func TestFilesThatCannotBeReadSayWhatToDo(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", "Book.csv", "", "Book.csv: the file is empty; its first line names the columns: id, author"},
		{"a zero byte", "Book.csv", "id,title\n1,a\x00\n", "Book.csv:2: the file is not text: it has a zero byte"},
		{"gzip", "Book.csv", "\x1f\x8b\x08zzz", "Book.csv:1: the file is not UTF-8 text: it has the byte 0x8b; is it gzip: export it as CSV?"},
		{"latin1", "Book.csv", "id,title\n1,K\xf6ln\n", "Book.csv:2: the file is not UTF-8 text: it has the byte 0xf6"},
		{"half a surrogate pair", "Book.json", "[{\"id\":1,\n\"title\":\"cut \\ud83d\"}]", `Book.json:2: Book.title = "cut \ud83d" is not JSON that can be kept: a \u escape is half of a surrogate pair`},
		{"a zero byte in an escape", "Book.json", "[{\"id\":1,\n\"title\":\"\\u0000\"}]", `Book.json:2: Book.title = "\u0000" is not JSON that can be kept: it has a zero byte`},
		{"half a surrogate pair in a document", "Book.json", "[{\"id\":1,\"title\":\"a\",\"data\":{\"x\":\"\\udc00\"}}]", `half of a surrogate pair`},
		{"half a surrogate pair in a list", "Book.json", "[{\"id\":1,\"title\":\"a\",\"tags\":[\"\\udc00\"]}]", `half of a surrogate pair`},
		{"UTF-16", "Book.csv", "\xff\xfei\x00d\x00", "Book.csv: the file is UTF-16; save it as UTF-8"},
		{"an unknown column", "Book.csv", "id,title,authr\n", `Book.csv:1: Book has no column "authr"; columns are id, author`},
		{"a column in another case", "Book.csv", "ID,title\n", `Book.csv:1: Book has no column "ID"; columns are id, author, title, note, price, stock, out, tags, data, sold; id may be meant`},
		{"semicolons", "Book.csv", "id;title\n1;a\n", `the fields seem to be separated by ";": separate them by commas`},
		{"a column twice", "Book.csv", "id,title,id\n", "Book.csv:1: the header names column id twice"},
		{"a column that is missing", "Book.csv", "id\n", "Book.csv:1: the header lacks column title, which cannot be NULL and has no default"},
		{"a bare quote", "Book.csv", "id,title\n1,a\n2,b\"c\n", "Book.csv:3: Book: a quote stands within a field without quotes, at column 4"},
		{"a quote that is not closed", "Book.csv", "id,title\n1,\"a\n", "Book.csv:2: Book: a quoted field is not closed"},
		{"too many fields", "Book.csv", "id,title\n1,a,b\n", "Book.csv:2: Book: the row has not as many fields as the header, which has 2"},
		{"broken JSON", "Book.json", "[{\"id\": 1, \"title\": \"a\"},\n{\"id\": }]", "Book.json:2: this is not JSON (invalid character '}'"},
		{"JSON that ends", "Book.json", "[{\"id\": 1,\n", "Book.json:2: the JSON ends too early"},
		{"JSON that goes on", "Book.json", "[]\n[]", "Book.json:2: something follows the array of rows"},
		{"JSON of something else", "Book.json", "[\n7]", `Book.json:2: a row is an object with a value under each column's name, as in {"id": ...}`},
		{"JSON in JSON", "Book.json", `{"Book": []}`, `Book.json:1: Book: Book has no column "Book"`},
		{"JSON far too deep", "Book.json", `[{"id": 1, "title": "a", "data": ` + strings.Repeat("[", 20_000), "nested too deep to be read"},
		{"JSON too deep", "Book.json", `[{"id": 1, "title": "a", "data": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}]", "nested deeper than 200 levels"},
		{"a list for an int", "Book.json", "[{\"title\": \"a\",\n\"stock\": [1]}]", "Book.json:2: Book.stock = [1] is a list, and the column holds int"},
		{"a number for a text", "Book.json", `[{"title": 7}]`, "Book.json:1: Book.title = 7 is a number, and the column holds string"},
		{"a number too large", "Book.json", `[{"title": "a", "price": 1e999}]`, "Book.price = 1e999"},
		{"no whole number", "Book.json", `[{"title": "a", "stock": 1.5}]`, "Book.json:1: Book.stock = 1.5 is not a whole number"},
		{"a member twice", "Book.json", `[{"title": "a", "title": "b"}]`, "Book.json:1: Book.title: the row gives the column twice"},
		{"no file", "Book.csv", "-", "Book.csv: there is no file with the rows of Book in"},
		{"a file of no table", "Bok.csv", "id\n", "Bok.csv: there is no table Bok; tables are Author, Book, Person"},
	} {
		_, report := load(t, library(), files(map[string]string{c.file: c.text}), Options{})
		require.Contains(t, problems(report), c.want, c.name)
	}
	both := files(nil)
	both["Book.json"] = "[]"
	_, report := load(t, library(), both, Options{})
	require.Contains(t, problems(report), "Book.json: Book.csv holds rows of Book already; keep one of the two")
}

func TestOnlyDirectoriesAndSoundDefinitionsBeginToLoad(t *testing.T) {
	_, _, err := Load("/does/not/exist", Options{Schemas: library()})
	require.Error(t, err)
	_, _, err = Load(t.TempDir(), Options{Schemas: library()[:1]})
	require.ErrorIs(t, err, memrel.ErrDefinition)
	_, _, err = Load(t.TempDir(), Options{Schemas: append(library(), library()...)})
	require.ErrorIs(t, err, memrel.ErrDefinition)
}

func TestKeepGoingLoadsTheRest(t *testing.T) {
	for batch := 1; batch < 8; batch++ {
		db, report := load(t, library(), files(map[string]string{
			"Author.csv": "id,name\n1,Ann\n1,Twice\nx,Bad\n2,Bob\n",
			"Book.csv":   "id,title,author\n1,a,1\n2,b,3\n3,c\n4,d,2\n4,e,2\n5,f,7\n6,g,1\n",
			"Person.csv": "-",
		}), Options{KeepGoing: true, Batch: batch})
		require.Equal(t, 2, rows(t, db, "Author"))
		require.Equal(t, 3, rows(t, db, "Book"), "batch %d: %s", batch, problems(report))
		require.Len(t, report.Problems, 7, "batch %d", batch) // one is Person.csv
		require.Equal(t, TableReport{Name: "Book", File: "Book.csv", Rows: 3, Refused: 4, Took: report.Tables[1].Took}, report.Tables[1])
	}
}

func TestRowsRefersToRowsFurtherDown(t *testing.T) {
	for batch := 1; batch < 5; batch++ {
		db, report := load(t, library(), files(map[string]string{"Person.csv": "id,boss\n3,2\n2,1\n1,\n4,4\n"}), Options{Batch: batch})
		require.Empty(t, problems(report))
		require.Equal(t, 4, rows(t, db, "Person"))
		s, _ := db.View().Schema("Person")
		require.False(t, s.References[0].Deferrable, "the definition is as it was asked for")
	}
}

// What refers to a refused row is refused, though SET NULL is what its reference would do on a delete.
func TestACircleIsLoadedWithoutWhatDangles(t *testing.T) {
	text := "id,boss\n5,4\n4,3\n3,9\n1,2\n2,1\n6,1\n"
	db, report := load(t, library(), files(map[string]string{"Person.csv": text}), Options{KeepGoing: true, Batch: 2})
	require.Equal(t, 3, rows(t, db, "Person"))
	require.Equal(t, "Person.csv:4: Person.boss = 9: Person 9 does not exist (Person_boss_fkey)\n"+
		"Person.csv:3: Person.boss = 3: Person[3] was refused itself (Person.csv:4)\n"+
		"Person.csv:2: Person.boss = 4: Person[4] was refused itself (Person.csv:3)", problems(report))
	require.Equal(t, 3, report.Tables[2].Refused)
	_, report = load(t, library(), files(map[string]string{"Person.csv": text}), Options{})
	require.Len(t, report.Problems, 3)
}

func TestTablesThatReferToOneAnother(t *testing.T) {
	need := func(name, other string) memrel.Schema {
		return memrel.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id"), {Name: "other", Type: memrel.Int, NotNull: true}},
			References: []memrel.Reference{{Columns: []string{"other"}, Table: other, OnDelete: memrel.Cascade}}}
	}
	after := memrel.Schema{Name: "A0", PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id")},
		References: []memrel.Reference{{Columns: []string{"id"}, Table: "Hen", Deferrable: true, InitiallyDeferred: true}}}
	schemas := []memrel.Schema{need("Hen", "Egg"), need("Egg", "Nest"), need("Nest", "Hen"), after}
	in := map[string]string{"Hen.csv": "id,other\n1,2\n2,1\n", "Egg.csv": "id,other\n1,1\n2,2\n", "Nest.csv": "id,other\n1,1\n2,2\n", "A0.csv": "id\n1\n"}
	db, report := load(t, schemas, in, Options{})
	require.Empty(t, problems(report))
	require.Equal(t, 7, report.Rows())
	require.Equal(t, "A0", report.Tables[3].Name)
	s, _ := db.View().Schema("A0")
	require.True(t, s.References[0].InitiallyDeferred)

	in["Nest.csv"] = "id,other\n1,1\n2,7\n" // nest 2 goes, with egg 2, hen 1, nest 1, egg 1, hen 2
	db, report = load(t, schemas, in, Options{KeepGoing: true})
	require.Len(t, report.Problems, 7, problems(report))
	require.Zero(t, report.Rows())
	require.Zero(t, rows(t, db, "Hen"))
}

func TestMatchFullInACircle(t *testing.T) {
	s := memrel.Schema{Name: "T", PrimaryKey: []string{"a", "b"}, Columns: []memrel.Column{intColumn("a"), intColumn("b"), intColumn("c"), intColumn("d")},
		References: []memrel.Reference{{Columns: []string{"c", "d"}, Table: "T", MatchFull: true}}}
	in := map[string]string{"T.csv": "a,b,c,d\n1,1,1,1\n2,2,1,\n3,3,,\n"}
	_, report := load(t, []memrel.Schema{s}, in, Options{KeepGoing: true})
	require.Equal(t, "T.csv:3: T.(c, d) = (1, NULL): the key is partly NULL, which MATCH FULL refuses", problems(report))
	require.Equal(t, 2, report.Rows())
}

func TestOrderIsByReference(t *testing.T) {
	var got []string
	for _, g := range order(library()) {
		got = append(got, fmt.Sprint(g.tables, g.cyclic))
	}
	require.Equal(t, []string{"[Author] false", "[Book] false", "[Person] true"}, got)
}

// FuzzCSV: no text of a file panics or is half loaded, each row is loaded or refused, and the store is sound.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"id,title\n1,a\n", "id,title,note\n1,\"\",\"\"\n2,,\n", "id,title\n1,\"a\nb\"\n\n2,c\n", "id,title\n1,b\"c\n2,x,y\n",
		"id;title\n", "\"id\",title\r\n1,\"a\"\"b\"\r\n", "\ufeffid,title,data,tags\n1,a,{},[]\n", "", "\x1f\x8b", "id,author,title\n1,9,a\n1,,b\n"} {
		f.Add(seed, false)
	}
	f.Add(`[{"id": 1, "title": "a", "tags": ["x"], "data": {"a": [1]}}, {"title": 7}]`, true)
	f.Add("{\"title\": \"a\"}\n{\"title\": \"b\", \"out\": \"2021-01-31\", \"price\": \"1\"}", true)
	f.Fuzz(func(t *testing.T, text string, asJSON bool) {
		name := map[bool]string{false: "Book.csv", true: "Book.json"}[asJSON]
		db, report := load(t, library(), files(map[string]string{name: text}), Options{KeepGoing: true, Batch: 2})
		require.Equal(t, report.Tables[1].Rows, rows(t, db, "Book"))
		for _, p := range report.Problems {
			require.LessOrEqual(t, p.Line, 1+strings.Count(text, "\n")+strings.Count(text, "\r"))
		}
		load(t, library(), files(map[string]string{name: text}), Options{})
	})
}

// An unchecked reference puts no table before another and refuses no row; a soft-deleted row refers to nothing.
func TestRowsThatNeedNoParent(t *testing.T) {
	loose := memrel.Schema{Name: "L", PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id"), intColumn("to")},
		References: []memrel.Reference{{Columns: []string{"to"}, Table: "L", Unchecked: true}}}
	soft := memrel.Schema{Name: "S", PrimaryKey: []string{"id"}, SoftDelete: "gone",
		Columns:    []memrel.Column{intColumn("id"), intColumn("to"), {Name: "gone", Type: memrel.Time}},
		References: []memrel.Reference{{Columns: []string{"to"}, Table: "S"}}}
	in := map[string]string{"L.csv": "id,to\n1,2\n2,9\n", "S.csv": "id,to,gone\n1,9,2026-11-22T12:00:00Z\n2,1,\n3,9,\n"}
	db, report := load(t, []memrel.Schema{loose, soft}, in, Options{KeepGoing: true})
	require.Equal(t, "S.csv:4: S.to = 9: S 9 does not exist (S_to_fkey)", problems(report))
	require.Equal(t, 4, report.Rows())
	for err := range db.Check() {
		t.Error(err)
	}
}
