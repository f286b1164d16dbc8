package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/memrel/memrel"
)

// The tests of this file have the databases' own shells, and Mermaid's own parser, read what the command writes of tables and
// columns of any names.

// oddNames mean something to a database, to its shell, to Mermaid or to HTML, or are told apart by some and not by others.
var oddNames = []string{
	"id", "select", "order", "user", "group", "table", "primary", "PRIMARY", "default", "check", "null", "true", "offset", "rank", "returning", "rowid",
	"oid", "xmin", "ctid", "tableoid", "DB_ROW_ID", "FTS_DOC_ID", "sqlite_master", "SQLite_x", "pg_class",
	"one", "many", "to", "end", "END", "class", "classDef", "style", "subgraph", "erDiagram", "accTitle", "accDescr", "direction TB", "Direction  lr!",
	"my direction\tRL", "only one", "zero or more", "u", "1", "PK", "FK", "UK", "pk", "fk-x", "uk.y", "PKé", "to-do", "endö",
	" ", "  ", " lead", "trail ", "a b", `a"b`, `""`, "a'b", "''", "a`b", "``", `a\b`, `\`, `\n`, "a;b", ";", "a--b", "--", "/*x*/", "#", "#35;", "#quot;", "a#b;c",
	"%", "100%", "%%x", "%%{init: {'theme': 'dark'}}%%", "%s %d", "<b>x</b>", "&amp;", "&", "a~b~c", "$$x$$", "$1", ":x", "x:y", "style:#a;", "?", "@a", "x.y", "a[0]",
	"{", "}", "(", "**b**", "_i_", "__b__", "constructor", "__proto__", "toString", "hasOwnProperty",
	"User", "user", "USER", "Straße", "STRASSE", "straße", "é", "e\u0301", "É", "ä", "a", "A", "Ω", "ω", "\u212a", "k", "K", "İ", "i", "ı", "日本語", "имя", "😀", "a😀b", "👩\u200d👩\u200d👧",
	"\u202eabc", "a\nb", "a\tb", "a\rb", "\x01", "\u0085", "\u2028", "\ufeff", "\u00a0", "-", "_", "0", "1st", "123", "t_pkey", "t_id_seq", "t", "t_chk_1", "CONSTRAINT_1",
}

// words63 begins names that PostgreSQL cuts to the same.
var words63 = strings.Repeat("a name of the length ", 3)

func anyName(r *rand.Rand) string {
	one := func() string { return oddNames[r.IntN(len(oddNames))] }
	switch r.IntN(10) {
	case 0:
		return one() + one()
	case 1:
		return words63[:63-r.IntN(3)] + one()
	case 2:
		return strings.Repeat(one(), 1+r.IntN(40))
	case 3:
		return one() + []string{"_pkey", "_id_seq", "_check", "_key", "_chk_1", "_idx"}[r.IntN(6)]
	}
	return one()
}

// anyNames are names that differ.
func anyNames(r *rand.Rand, n int) (out []string) {
	have := map[string]bool{}
	for len(out) < n {
		if name := anyName(r); !have[name] {
			have[name] = true
			out = append(out, name)
		}
	}
	return out
}

// anySchema has tables of any names, with all that has a name or names columns.
func anySchema(r *rand.Rand) (out []memrel.Schema) {
	names := anyNames(r, 1+r.IntN(5))
	for i, name := range names {
		columns := anyNames(r, 3+r.IntN(4))
		s := memrel.Schema{Name: name, PrimaryKey: columns[:1]}
		for j, c := range columns {
			col := memrel.Column{Name: c, Type: memrel.Int}
			switch {
			case j == 0 && r.IntN(2) == 0:
				col.AutoIncrement = true
			case j > 2:
				col = []memrel.Column{{Type: memrel.String, Size: 20, Default: anyName(r)[:1]}, {Type: memrel.Bool}, {Type: memrel.Int, Size: 8, Default: 7}, {Type: memrel.Time}}[r.IntN(4)]
				if text, ok := col.Default.(string); ok && text >= "\x80" {
					col.Default = "ü"
				}
				col.Name = c
			}
			s.Columns = append(s.Columns, col)
		}
		s.Unique = append(s.Unique, memrel.UniqueKey{Columns: columns[1:2]})
		if r.IntN(2) == 0 {
			s.Unique[0].Name = anyName(r)
		}
		if r.IntN(2) == 0 {
			s.Checks = append(s.Checks, memrel.CheckConstraint{Name: anyName(r), Where: memrel.Gte(columns[1], 0)})
		}
		s.Indexes = append(s.Indexes, memrel.Index{Columns: columns[1:3]})
		if parent := r.IntN(len(names)); parent <= i {
			s.References = append(s.References, memrel.Reference{Columns: columns[2:3], Table: names[parent], OnDelete: memrel.Cascade})
			if r.IntN(2) == 0 {
				s.References[0].Name = anyName(r) + "_fk" // apart from the names of other constraints
			}
		}
		out = append(out, s)
	}
	return out
}

// named is a schema of any names, in a file.
type named struct {
	file    string
	schemas []memrel.Schema
}

func (c tool) anySchemas(t *testing.T, n uint64) (out []named) {
	t.Helper()
	for i := uint64(0); len(out) < int(n); i++ {
		schemas := anySchema(rand.New(rand.NewPCG(1, i)))
		defs := make([]memrel.Definition, len(schemas))
		for j, s := range schemas {
			defs[j] = s
		}
		if _, err := memrel.Open(defs...); err != nil { // names of constraints that are there twice
			continue
		}
		text, err := json.Marshal(schemas)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(c.dir, fmt.Sprintf("names%d.json", i))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, named{file, schemas})
	}
	return out
}

// schemasOfAnyNames is how many schemas each reader is given.
const schemasOfAnyNames = 200

// reads has a shell take the DDL of every schema, each in a database of its own, which begin makes.
func reads(t *testing.T, dialect, begin string, shell *exec.Cmd) {
	t.Helper()
	c := buildTool(t)
	var script strings.Builder
	files := []string{"testdata/music.json", "testdata/blog.json"}
	for _, dir := range []string{"blog", "ddl", "shop", "reports/ddl-long-names", "reports/mermaid-names"} {
		files = append(files, filepath.Join("..", "..", "cmd", "memrel", "testdata", dir))
	}
	for _, n := range c.anySchemas(t, schemasOfAnyNames) {
		files = append(files, n.file)
	}
	for _, file := range files {
		text, err := c.run("ddl", file, "--dialect", dialect)
		if err != nil {
			t.Fatal(err)
		}
		script.WriteString(begin + "\n" + text + "\n")
	}
	path := filepath.Join(c.dir, "all.sql")
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	shell.Stdin = strings.NewReader(script.String())
	if text, err := shell.CombinedOutput(); err != nil {
		lines := strings.Split(script.String(), "\n")
		at := 1
		if m := regexp.MustCompile(`(?i)line (\d+)|:(\d+): `).FindSubmatch(text); m != nil {
			at, _ = strconv.Atoi(string(m[1]) + string(m[2]))
		}
		t.Fatalf("%v: %s\nnear line %d:\n%s", err, text, at, strings.Join(lines[max(at-30, 0):min(at+12, len(lines))], "\n"))
	}
}

func TestPsqlLoadsAnyNames(t *testing.T) {
	dsn := os.Getenv("MEMREL_POSTGRES_DSN")
	if dsn == "" {
		t.Skip("MEMREL_POSTGRES_DSN is not set: make pg CMD='go test ./...' starts a server")
	}
	reads(t, "postgres", "SET client_min_messages = warning; DROP SCHEMA IF EXISTS any_names CASCADE; CREATE SCHEMA any_names; SET search_path TO any_names, public;",
		exec.Command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "-d", dsn))
}

func TestSqlite3LoadsAnyNames(t *testing.T) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("there is no sqlite3: apt-get install sqlite3")
	}
	reads(t, "sqlite", ".open :memory:", exec.Command("sqlite3", "-bail"))
}

func TestMariaDBLoadsAnyNames(t *testing.T) {
	socket := os.Getenv("MEMREL_MARIADB_SOCKET")
	if socket == "" {
		t.Skip("MEMREL_MARIADB_SOCKET is not set: make peers starts a server")
	}
	reads(t, "mysql", "DROP DATABASE IF EXISTS any_names; CREATE DATABASE any_names; USE any_names;",
		exec.Command("mariadb", "--no-defaults", "--default-character-set=utf8mb4", "-u", "root", "-S", socket))
}

// drawn is a diagram, and what Mermaid is to read in it: the names of tables, and how many columns and lines there are.
type drawn struct {
	File      string   `json:"file"`
	Text      string   `json:"text"`
	Tables    []string `json:"tables"`
	Columns   int      `json:"columns"`
	Relations int      `json:"relations"`
}

// shown is a name as a diagram shows it.
func shown(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case !unicode.IsControl(r) && !unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			b.WriteRune(r)
		case r == '\n' || r == '\t':
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func TestMermaidReadsAnyNames(t *testing.T) {
	modules := os.Getenv("MEMREL_MERMAID")
	if modules == "" {
		t.Skip("MEMREL_MERMAID is not set: make peers installs Mermaid")
	}
	c := buildTool(t)
	var all []drawn
	for _, n := range c.anySchemas(t, schemasOfAnyNames) {
		text, err := c.run("erd", n.file)
		if err != nil {
			t.Fatal(err)
		}
		d := drawn{File: n.file, Text: text}
		for _, s := range n.schemas {
			d.Tables = append(d.Tables, shown(s.Name))
			d.Columns += len(s.Columns)
			d.Relations += len(s.References)
		}
		all = append(all, d)
	}
	goldens, err := filepath.Glob(filepath.Join("..", "..", "cmd", "memrel", "testdata", "golden", "*erd*.txt"))
	if err != nil || len(goldens) < 3 {
		t.Fatal(goldens, err)
	}
	for _, file := range goldens {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(text, []byte("erDiagram")) {
			all = append(all, drawn{File: file, Text: string(text)})
		}
	}
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", filepath.Join("testdata", "mermaid.mjs"), modules)
	node.Stdin = bytes.NewReader(in)
	if text, err := node.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}
