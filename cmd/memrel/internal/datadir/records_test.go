package datadir

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// readAll reads records until the end, or the first problem.
func readAll(in io.Reader) (all [][]string, err error) {
	r := &records{file: "x.csv", in: bufio.NewReaderSize(in, 16), maxRow: DefaultMaxRow}
	for {
		fields, err := r.read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		record := make([]string, len(fields))
		for i, f := range fields {
			record[i] = f.text
		}
		r.width = len(record)
		all = append(all, record)
	}
}

// FuzzRecords holds the reader of CSV to encoding/csv, where that keeps what it reads: it makes LF of CR LF.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "a\n\"x\"\"y\"\n\n", "a,b\n\"1\n2\",\n", "a\"b\n", "\"a\"b\n", "\"a\n", ",\n,", "a,b\n1\n", "\"\",\"\"", " \"a\"\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\r", "")
		want, wantErr := csv.NewReader(strings.NewReader(text)).ReadAll()
		got, err := readAll(strings.NewReader(text))
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%q: %v, encoding/csv %v", text, err, wantErr)
		}
		if err == nil && len(got)+len(want) > 0 {
			require.Equal(t, want, got)
		}
	})
}

func TestWhatStandsBetweenQuotesIsKeptToTheByte(t *testing.T) {
	got, err := readAll(strings.NewReader("a,b\r\n\"one\r\ntwo\",\"\r\"\r\n\"\n\"\"\r\n\",3\r\nx,y\r"))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"a", "b"}, {"one\r\ntwo", "\r"}, {"\n\"\r\n", "3"}, {"x", "y"}}, got)
}

func TestFilesThatAreNoCSVAreExplained(t *testing.T) {
	utf16 := func(mark string, text string) string {
		for _, b := range []byte(text) {
			mark += string([]byte{b, 0})
		}
		return mark
	}
	for _, c := range []struct{ text, want string }{
		{"id,name\r1,Ann\r2,Bob", "Author.csv:1: a carriage return stands in a field without quotes; if the lines of the file end in CR alone"},
		{"id,name\n1,A\rnn\n", "Author.csv:2: Author: a carriage return stands in a field without quotes"},
		{"sep=;\nid;name\n", "Author.csv:1: the first line, sep=;, is a mark for Excel; remove it, and separate the fields by commas"},
		{"SEP=,\nid,name\n", "is a mark for Excel"},
		{"id;name\n", "the fields seem to be separated by \";\""},
		{utf16("\xff\xfe", "id,name\n"), "Author.csv: the file is UTF-16; save it as UTF-8"},
		{utf16("", "id,name\n"), "Author.csv: the file is UTF-16; save it as UTF-8"},
		{"id,name\n1,\"" + strings.Repeat("x", 1<<20), "Author.csv:2: a row is longer than 1 MiB; is a quote not closed"},
		{"id,name\n1,Ann\n2,\"B\n", `Author.csv:3: Author: a quoted field is not closed`},
		{"id,name\n1,Ann\n2,\xe9\n", "Author.csv:3: the file is not UTF-8 text: it has the byte 0xe9"},
		{"id,name\n1,Ann\n2,\x00\n", "Author.csv:3: the file is not text: it has a zero byte"},
		{"id,name\n1,\xc3", "Author.csv:2: the file is not UTF-8 text: it has the byte 0xc3"},
	} {
		_, report := load(t, library(), files(map[string]string{"Author.csv": c.text}), Options{MaxRow: 1 << 20})
		require.Contains(t, problems(report), c.want, "%.60q", c.text)
	}
}

func TestARowOfJSONHasAnEnd(t *testing.T) {
	for _, text := range []string{`[{"id": 1}, {"id": 2, "name": "` + strings.Repeat("x", 1<<20) + `"}]`, `{"id": 1, "name": "` + strings.Repeat("y", 5<<20)} {
		_, report := load(t, library(), files(map[string]string{"Author.json": text}), Options{MaxRow: 1 << 20})
		require.Contains(t, problems(report), "Author.json:1: a row is longer than 1 MiB; split it")
	}
}

// A file is read in pieces, wherever they are cut.
func TestPiecesOfAFileMayEndAnywhere(t *testing.T) {
	const text = "\ufeffid,name\n1,é日😀\n2,\"a\r\n\"\"b\"\n"
	for _, name := range []string{"Author.csv", "Author.jsonl"} {
		text := text
		if name == "Author.jsonl" {
			text = "{\"id\": 1, \"name\": \"é日😀\"}\n{\"id\": 2, \"name\": \"a\\r\\n\\\"b\"}\n"
		}
		schema := library()[1]
		r, err := begin(name, io.NopCloser(iotest.OneByteReader(strings.NewReader(text))), &schema, Options{MaxRow: DefaultMaxRow})
		require.NoError(t, err)
		for i, want := range []string{"é日😀", "a\r\n\"b"} {
			row, err := r.next()
			require.NoError(t, err)
			require.Equal(t, want, row.values["name"])
			require.Equal(t, 1+i, row.line-map[bool]int{true: 1}[name == "Author.csv"])
		}
		_, err = r.next()
		require.ErrorIs(t, err, io.EOF)
	}
}

func TestAnEmptyLineIsARowOfOneColumn(t *testing.T) {
	schema := memrel.Schema{Name: "T", PrimaryKey: []string{"id"}, Columns: []memrel.Column{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "a", Type: memrel.String}}}
	db, report := load(t, []memrel.Schema{schema}, map[string]string{"T.csv": "a\nx\n\n\"\"\n\n"}, Options{})
	require.Empty(t, problems(report))
	require.Equal(t, 4, rows(t, db, "T"))
	require.Contains(t, row1(t, db, "T", 2), "a: NULL")
	require.Contains(t, row1(t, db, "T", 3), `a: ""`)
	db, report = load(t, library(), files(map[string]string{"Author.csv": "id\n1\n\n2\n"}), Options{})
	require.Empty(t, problems(report))
	require.Equal(t, 2, rows(t, db, "Author"), "a key is not NULL: the line is nothing")
}

func TestNamesInFilesMayHaveAnotherNormalForm(t *testing.T) {
	schema := memrel.Schema{Name: "\u00e9tat", PrimaryKey: []string{"id"}, Columns: []memrel.Column{intColumn("id"), {Name: "pr\u00e9nom", Type: memrel.String}}}
	for name, text := range map[string]string{"e\u0301tat.csv": "id,pre\u0301nom\n1,x\n", "e\u0301tat.json": "[{\"id\": 1, \"pre\u0301nom\": \"x\"}]"} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		db, report, err := Load(dir, Options{Schemas: []memrel.Schema{schema}})
		require.NoError(t, err)
		require.Empty(t, problems(report))
		require.Equal(t, 1, rows(t, db, schema.Name))
		for err := range db.Check() {
			t.Error(err)
		}
	}
}
