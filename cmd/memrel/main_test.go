package main

import (
	"bufio"
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/cmd/memrel/internal/datadir"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/golden anew")

// invoke runs a command line.
func invoke(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, &out, &errs)
	return code, out.String(), errs.String()
}

// words splits a command line at spaces; text between backquotes is one word.
func words(line string) []string {
	var out []string
	for i, part := range strings.Split(line, "`") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

var someTime = regexp.MustCompile(`[\d.]+ (ns|us|ms|s)\b`)

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./cmd/memrel -rewrite writes it anew")
}

func TestCommandsPrint(t *testing.T) {
	for name, line := range map[string]string{
		"erd.txt":            "erd testdata/shop",
		"erd-markdown.txt":   "erd testdata/shop/schema.json --markdown",
		"erd-models.txt":     "erd testdata/blog",
		"erd-dot.txt":        "erd testdata/blog/schema.json --dot",
		"schema.txt":         "schema testdata/shop",
		"ddl-postgres.txt":   "ddl testdata/ddl",
		"ddl-mysql.txt":      "ddl testdata/ddl --dialect mysql",
		"ddl-sqlite.txt":     "ddl testdata/ddl/schema.json --dialect sqlite",
		"ddl-models.txt":     "ddl testdata/blog --dialect postgres",
		"ddl-names.txt":      "ddl testdata/reports/ddl-long-names",
		"erd-names.txt":      "erd testdata/reports/mermaid-names",
		"query-table.txt":    "query Album --dir testdata/shop",
		"query-json.txt":     "query Album --dir testdata/shop --json --order -Title --limit 2",
		"query-csv.txt":      "query artist --dir testdata/shop --csv --order Name,-ArtistId",
		"query-none.txt":     "query Album --dir testdata/shop --where `AlbumId > 7` --json",
		"query-limit-0.txt":  "query Album --dir testdata/shop --json --limit 0",
		"query-where.txt":    "query Album --dir testdata/shop --where `Price > 8.5 and not Title like 'Let%' or Released < '1980-01-01'` --columns AlbumId,price --offset 1",
		"query-explain.txt":  "query Album --dir testdata/shop --where `ArtistId in (1, 2)` --order AlbumId --limit 1 --explain",
		"check.txt":          "check testdata/shop",
		"preview-set.txt":    "preview delete Employee 1 --dir testdata/shop",
		"preview-update.txt": "preview update Artist 2 --set ArtistId=20 --set Name= --dir testdata/shop",
		"preview-json.txt":   "preview delete Album 3 --dir testdata/shop --json",
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := invoke(words(line)...)
			require.Zero(t, code, stderr)
			require.Empty(t, stderr)
			golden(t, name, stdout)
		})
	}
}

func TestEveryCommandHasHelpWithExamples(t *testing.T) {
	for _, command := range []string{"demo", "load", "query", "check", "diff", "preview delete", "preview update", "references", "erd", "ddl", "schema"} {
		code, stdout, stderr := invoke(append(strings.Fields(command), "--help")...)
		require.Zero(t, code)
		require.Empty(t, stderr)
		require.Contains(t, stdout, "Examples:\n\n    memrel "+command, command)
	}
	code, stdout, _ := invoke()
	require.Zero(t, code)
	require.Contains(t, stdout, "Usage: memrel <command>")
}

func TestMessagesAndExitCodes(t *testing.T) {
	for _, c := range []struct {
		line string
		code int
		want string // in standard error
	}{
		{"fly", exitUsage, "memrel: unexpected argument fly"},
		{"load", exitUsage, `memrel load: expected "<dir>"; try memrel load --help`},
		{"load testdata/shop --batch 0", exitUsage, "memrel load: --batch 0: a statement inserts at least one row"},
		{"load testdata/none", exitUsage, "memrel load: testdata/none is not a directory; name the one that holds the data files"},
		{"load testdata", exitUsage, "there is no such file; name the schema with --schema FILE"},
		{"query Artist --dir testdata/shop --json --csv", exitUsage, "memrel query: --json and --csv can't be used together"},
		{"query Aritst --dir testdata/shop", exitUsage, "memrel query: there is no table Aritst; tables are Album, Artist, Cover, Employee"},
		{"query Artist --dir testdata/shop --order Nam", exitUsage, `memrel query: Artist has no column "Nam"; columns are ArtistId, Name`},
		{"query Artist --dir testdata/shop --columns Name,Name", exitUsage, "memrel query: --columns names Name twice; remove one"},
		{"query Artist --dir testdata/shop --where Name='a' --where Name='b'", exitUsage, "memrel query: --where is given twice; give it once"},
		{"query Artist --limit 1 --dir testdata/shop --limit=2", exitUsage, "memrel query: --limit is given twice; give it once"},
		{"erd --schema a --schema b", exitUsage, "memrel erd: --schema is given twice; give it once"},
		{"query Artist --columns Name --dir testdata/shop --columns ArtistId --json --json", 0, ""},
		{"preview delete Artist -5 --dir testdata/shop", exitUsage, "memrel preview delete: unknown flag -5; put -- before arguments that begin with -; try memrel preview delete --help"},
		{"preview delete Artist --dir testdata/shop -- -5", exitFound, "memrel preview delete: Artist: there is no row Artist[-5]"},
		{"query Artist --dir testdata/shop/schema.json", exitUsage, "memrel query: testdata/shop/schema.json is no directory and no saved store; name the directory that it is in, testdata/shop"},
		{"query Artist --dir testdata/shop --limit -1", exitUsage, "--limit and --offset are not negative"},
		{"query Artist --dir testdata/shop --where `Name = `", exitUsage, "memrel query: --where: position 8: a value is expected after =, not the end\n  Name = \n         ^\n"},
		{"preview delete Artist 77 --dir testdata/shop", exitFound, "memrel preview delete: Artist: there is no row Artist[77]"},
		{"preview delete Artist x --dir testdata/shop", exitUsage, `memrel preview delete: ArtistId = "x" is not an int`},
		{"preview delete Artist 1 2 --dir testdata/shop", exitUsage, "the primary key of Artist is (ArtistId): give 1 value, not 2"},
		{"preview update Artist 1 --dir testdata/shop", exitUsage, "memrel preview update: missing flags: --set"},
		{"preview update Artist 1 --set Name --dir testdata/shop", exitUsage, "memrel preview update: --set Name: write COLUMN=VALUE"},
		{"preview update Artist 1 --set Name=a --set name=b --dir testdata/shop", exitUsage, "--set gives Name twice"},
		{"preview update Artist 1 --set ArtistId= --dir testdata/shop", exitUsage, "ArtistId cannot be NULL"},
		{"preview delete Artist 2 --dir testdata/shop", exitFound, ""},
		{"ddl testdata/shop --dialect oracle", exitUsage, `memrel ddl: --dialect must be one of "postgres","mysql","sqlite"`},
		{"erd testdata/shop --dot --markdown", exitUsage, "can't be used together"},
		{"demo --size 9", exitUsage, "memrel demo: --size 9: a store has 10 to 10,000,000 tracks"},
	} {
		code, _, stderr := invoke(words(c.line)...)
		require.Equal(t, c.code, code, "%s: %s", c.line, stderr)
		require.Contains(t, stderr, c.want, c.line)
	}
}

// broken is a copy of the shop with one file replaced.
func broken(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/shop")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	return dir
}

func TestLoadReportsRowsAndRefusals(t *testing.T) {
	code, stdout, stderr := invoke("load", "testdata/shop")
	require.Zero(t, code, stderr)
	require.Regexp(t, `(?m)^Artist +4 +0 +[\d.]+ .?s +[\d,]+$`, stdout)
	require.Regexp(t, `(?m)^4 tables +10 +0 `, stdout)

	const dangling = "Album.csv:3: Album.ArtistId = 9: Artist 9 does not exist (Album.ArtistId -> Artist.ArtistId)"
	dir := broken(t, "Album.csv", "AlbumId,Title,ArtistId\n2,b,2\n3,c,9\n")
	code, stdout, stderr = invoke("load", dir)
	require.Equal(t, exitFound, code)
	require.Empty(t, stdout)
	require.Equal(t, "memrel load: "+dangling+"\nmemrel load: 1 problem, nothing loaded; --keep-going loads the rest\n", stderr)

	code, stdout, stderr = invoke("load", dir, "--keep-going")
	require.Equal(t, exitFound, code)
	require.Regexp(t, `(?m)^Album +1 +1 `, stdout)
	require.Equal(t, "memrel load: "+dangling+"\nmemrel load: 1 problem; everything else is loaded\n", stderr)

	code, stdout, stderr = invoke("check", dir)
	require.Equal(t, exitFound, code)
	require.Empty(t, stderr)
	require.Equal(t, dangling+"\n4 tables, 8 rows, 3 foreign keys: 1 problem\n", stdout)

	code, stdout, stderr = invoke("query", "Artist", "--dir", dir)
	require.Equal(t, exitFound, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "memrel query: "+dangling)
}

func TestASavedStoreServesInPlaceOfItsDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.memrel")
	code, _, stderr := invoke("load", "testdata/shop", "--save", file)
	require.Zero(t, code, stderr)
	for _, args := range [][]string{{"check", "%"}, {"erd", "%"}, {"schema", "%"}, {"query", "Album", "--json", "--dir", "%"},
		{"preview", "delete", "Artist", "1", "--dir", "%"}} {
		want, got := slices.Clone(args), slices.Clone(args)
		want[slices.Index(args, "%")], got[slices.Index(args, "%")] = "testdata/shop", file
		wantCode, wantOut, _ := invoke(want...)
		code, stdout, stderr := invoke(got...)
		require.Equal(t, wantCode, code, stderr)
		if args[0] != "erd" && args[0] != "schema" { // whose tables are in the order of the schema file, or of their names
			require.Equal(t, wantOut, stdout)
		}
	}

	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, whole[:len(whole)/2], 0o600))
	code, _, stderr = invoke("check", file)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "it is damaged before byte")
}

func TestManyProblemsAreNotAllListedWhereTheyStopTheCommand(t *testing.T) {
	dir := broken(t, "Artist.csv", "ArtistId\n"+strings.Repeat("x\n", 3000))
	_, _, stderr := invoke("load", dir)
	require.Equal(t, maxListed+2, strings.Count(stderr, "\n"))
	require.Contains(t, stderr, "... and 980 more")
	_, stdout, _ := invoke("check", dir)
	require.Contains(t, stdout, "Artist.csv:3001: ")
}

func TestBadSchemasEndTheCommand(t *testing.T) {
	for text, want := range map[string]string{
		"{":  "schema.json:1: the JSON ends too early",
		"{}": "it defines no table",
		`{"T": {"columns": [{"name": "a", "type": "INT"}], "primaryKey": ["b"]}}`:                               "schema.json: define T: the primary key names column b, which does not exist",
		`{"T": {"columns": [{"name": "a", "type": "INT"}, {"name": "a", "type": "INT"}], "primaryKey": ["a"]}}`: "column a is declared twice",
	} {
		dir := broken(t, "schema.json", text)
		for _, command := range []string{"load", "check", "erd", "ddl", "schema"} {
			code, stdout, stderr := invoke(command, dir)
			require.Equal(t, exitUsage, code)
			require.Empty(t, stdout)
			require.Contains(t, stderr, want, command)
		}
	}
}

// The tables of models load like others; functions give timestamps their defaults.
func TestModelsAreTables(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/blog")))
	for name, text := range map[string]string{"Users.csv": "id,name\n1,ann\n", "Posts.csv": "title,authorId\nHello,1\n",
		"Tags.csv": "name\ngo\n", "PostTags.csv": "PostId,TagId\n1,1\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	file := filepath.Join(dir, "blog.memrel")
	code, _, stderr := invoke("load", dir, "--save", file, "--keep-going")
	require.Equal(t, exitFound, code, "three tables have no file")
	require.NotContains(t, stderr, "Posts")
	code, stdout, stderr := invoke("preview", "delete", "Users", "1", "--dir", file)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "PostTags")
}

// What a query prints as CSV and schema as JSON is the same data again.
func TestOutputLoadsAgain(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, args ...string) {
		code, stdout, stderr := invoke(args...)
		require.Zero(t, code, stderr)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(stdout), 0o600))
	}
	write("schema.json", "schema", "testdata/shop")
	tables := []string{"Artist", "Album", "Cover", "Employee"}
	for i, name := range tables {
		write(name+[]string{".csv", ".json"}[i%2], "query", name, "--dir", "testdata/shop", []string{"--csv", "--json"}[i%2])
	}
	for _, name := range tables {
		_, before, _ := invoke("query", name, "--dir", "testdata/shop")
		_, after, stderr := invoke("query", name, "--dir", dir)
		require.Equal(t, before, after, stderr)
	}
}

func TestDemoIsTheSameEachTimeButForTheTimes(t *testing.T) {
	show := func(size int, seed uint64) string {
		var out bytes.Buffer
		a := &app{name: "memrel demo", out: bufio.NewWriter(&out), stdout: &out, stderr: &out, style: term.StyleFor(&out)}
		at := time.Unix(0, 0)
		d := newDemo(a, func() time.Time {
			at = at.Add(10 * time.Millisecond)
			return at
		})
		d.lessOften = 100
		require.NoError(t, d.run(size, seed))
		require.NoError(t, a.out.Flush())
		for err := range d.db.Check() {
			t.Error(err)
		}
		return out.String()
	}
	text := show(1000, 1)
	require.Equal(t, text, show(1000, 1))
	golden(t, "demo.txt", text)
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, ": no")
	for seed := range uint64(5) {
		require.NotContains(t, show(leastTracks+int(seed)*77, seed), ": no")
	}
	code, stdout, stderr := invoke("demo", "--size", "10")
	require.Zero(t, code, stderr)
	require.Regexp(t, someTime, stdout)
}

func TestLongListsOfFindingsShowControlCharactersAsText(t *testing.T) {
	dir := broken(t, "Artist.csv", "ArtistId,Name\n\"\x1b[31m\",x\n")
	_, stdout, _ := invoke("check", dir)
	require.NotContains(t, stdout, "\x1b")
	require.Contains(t, stdout, `Artist.csv:2: Artist.ArtistId = "\x1b[31m" is not an int`)
}

func TestDefaultSchemaIsThatOfTheDirectory(t *testing.T) {
	require.Equal(t, filepath.Join("d", datadir.SchemaFile), source{dir: "d"}.file())
	require.Equal(t, "f", source{dir: "d", definedBy: definedBy{Schema: "f"}}.file())
}

func TestSoftDeletedRowsAreQueriedOnRequest(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.json": `[{"name":"notes","columns":[{"name":"id","type":"int"},{"name":"gone","type":"time"}],"primaryKey":["id"],"softDelete":"gone"}]`,
		"notes.csv":   "id,gone\n1,2026-11-22T12:00:00Z\n2,\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	_, shown, stderr := invoke("query", "notes", "--dir", dir, "--csv")
	require.Equal(t, "id,gone\n2,\n", shown, stderr)
	_, all, stderr := invoke("query", "notes", "--dir", dir, "--csv", "--deleted")
	require.Equal(t, "id,gone\n1,2026-11-22T12:00:00Z\n2,\n", all, stderr)
}
