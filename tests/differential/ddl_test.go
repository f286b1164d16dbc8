package differential

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memrel/memrel"
)

// The tests of this file make the tables of the peers with what `memrel ddl` prints.

// tool is the memrel command, built once for a test.
type tool struct {
	path string
	dir  string // of schema files
}

func buildTool(t *testing.T) tool {
	t.Helper()
	dir := t.TempDir()
	out := tool{filepath.Join(dir, "memrel"), dir}
	build := exec.Command("go", "build", "-o", out.path, "./cmd/memrel")
	build.Dir = filepath.Join("..", "..")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return out
}

// run is what the command prints.
func (c tool) run(args ...string) (string, error) {
	cmd := exec.Command(c.path, args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("memrel %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return string(text), nil
}

// ddl is the DDL of the tables of a program.
func (c tool) ddl(p *Program, dialect string) (string, error) {
	text, err := json.Marshal(p.Tables)
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.dir, "schema.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	return c.run("ddl", file, "--dialect", dialect)
}

// ddlSQLite is SQLite with the tables that the command writes.
type ddlSQLite struct {
	SQLite
	tool tool
}

func (s ddlSQLite) open(p *Program) (peerRun, error) {
	text, err := s.tool.ddl(p, "sqlite")
	if err != nil {
		return nil, err
	}
	return startSQLite(p, []string{text})
}

// ddlPostgres is PostgreSQL, likewise.
type ddlPostgres struct {
	*Postgres
	tool tool
}

func (s ddlPostgres) open(p *Program) (peerRun, error) {
	run, err := s.Postgres.open(&Program{}) // connects
	if err != nil {
		return nil, err
	}
	run.close()
	text, err := s.tool.ddl(p, "postgres")
	if err != nil {
		return nil, err
	}
	return startPostgres(s.db, s.schema, p, []string{text})
}

// schemasOf are the tables that a schema file defines.
func (c tool) schemasOf(t *testing.T, file string) (out []memrel.Schema) {
	t.Helper()
	text, err := c.run("schema", file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// musicStatements refuse and cascade on the music store.
var musicStatements = []Statement{
	ins("artists", "id name", row{1, "a"}, row{2, "b"}),
	ins("artists", "id name", row{3, "a"}),
	ins("albums", "id artist_id title year", row{1, 1, "x", 1990}, row{2, 2, "y", 2000}),
	ins("albums", "id artist_id title year", row{3, 9, "z", 1990}),
	ins("genres", "id name", row{1, "rock"}),
	ins("tracks", "id album_id position genre_id title seconds price", row{1, 1, 1, 1, "t", 100, 0.5}, row{2, 1, 2, nil, "u", 200, 0.5}),
	ins("tracks", "id album_id position genre_id title seconds price", row{3, 1, 2, nil, "again", 100, 0.5}),
	ins("playlists", "id name", row{1, "p"}),
	ins("playlist_tracks", "playlist_id track_id", row{1, 1}, row{1, 2}),
	ins("employees", "id name title reports_to", row{1, "e", "boss", nil}, row{2, "f", "clerk", 1}),
	ins("customers", "id name email city support_rep_id", row{1, "c", "c@x", "X", 2}),
	ins("invoices", "id customer_id day total", row{1, 1, 7, 1.5}),
	ins("invoice_lines", "id invoice_id track_id price quantity", row{1, 1, 1, 0.5, 3}),
	del("artists", is("id", 1)),
	del("genres", is("id", 1)),
	del("customers"),
	upd("tracks", to("album_id", nil), is("id", 1)),
	upd("tracks", by("id", 10), is("id", 1)),
	del("albums", is("id", 1)),
	del("artists", is("id", 1)),
	del("employees", is("id", 1)),
	del("invoices"),
	del("customers"),
}

// blogStatements refuse and cascade on a blog with associations of all four kinds.
var blogStatements = []Statement{
	ins("users", "id name age", row{1, "ann", 30}, row{2, "bob", 40}, row{3, "eve", nil}),
	ins("users", "id name age", row{4, "old", 151}),
	ins("users", "id name age", row{4, nil, 1}),
	ins("profiles", "id bio user_id", row{1, "b", 1}, row{2, "c", nil}),
	ins("posts", "id title author_id editor_name", row{1, "x", 1, "bob"}, row{2, "y", 1, nil}),
	ins("posts", "id title author_id editor_name", row{3, "z", nil, nil}),
	ins("posts", "id title author_id editor_name", row{3, "z", 2, "nobody"}),
	ins("tags", "id word", row{1, "go"}, row{2, "db"}),
	ins("post_tags", "post_id tag_id", row{1, 1}, row{1, 2}, row{2, 1}),
	ins("post_tags", "post_id tag_id", row{1, 1}),
	ins("follows", "followed_id follower_id", row{1, 2}, row{2, 1}, row{1, 3}),
	upd("users", to("name", "rob"), is("id", 2)),
	upd("users", to("age", -1), is("id", 2)),
	del("users", is("id", 1)),
	upd("users", by("id", 10), is("id", 1)),
	upd("posts", by("id", 10), is("id", 1)),
	del("users", is("id", 2)),
	del("tags", is("id", 1)),
	del("posts", is("author_id", 1)),
	del("users", is("id", 1)),
	del("users"),
}

// checked is a table with checks of all kinds.
var checkedTable = memrel.Schema{Name: "goods", PrimaryKey: []string{"id"}, Columns: []memrel.Column{typed("id!", memrel.Int),
	typed("code", memrel.String), typed("n", memrel.Int), typed("price", memrel.Float), typed("live", memrel.Bool),
	{Name: "cost", Type: memrel.Decimal, Size: 10, Scale: 2, Default: "0.50"}, typed("due", memrel.Date)},
	Checks: []memrel.CheckConstraint{
		{Name: "code_form", Where: memrel.And(memrel.Like("code", `A_\_%`), memrel.NotLike("code", "%z"))},
		{Name: "n_range", Where: memrel.Or(memrel.Between("n", -5, 5), memrel.In("n", 10, 11), memrel.Eq("n", 100))},
		{Name: "price_or_not", Where: memrel.Not(memrel.And(memrel.Lt("price", 0.5), memrel.Eq("live", true)))},
		{Name: "cost_range", Where: memrel.Between("cost", "-0.05", "99.99")},
		{Name: "due_range", Where: memrel.And(memrel.Gte("due", "2024-02-29"), memrel.Ne("due", "2024-12-31"))},
		{Name: "some", Where: memrel.Or(memrel.NotNull("code"), memrel.Gt("price", 1), memrel.Gte("code", "B"))},
	}}

var checkedStatements = []Statement{
	ins("goods", "id code n price live", row{1, "Ab_", 5, 0.5, true}, row{2, nil, nil, 1.5, nil}),
	ins("goods", "id code", row{3, "ab_"}),
	ins("goods", "id code", row{3, "Abb"}),
	ins("goods", "id code", row{3, "Ab_Z"}),
	ins("goods", "id code", row{4, "Ab_z"}),
	ins("goods", "id code n", row{4, "Ab_", 6}),
	ins("goods", "id code n", row{4, "Ab_", 11}),
	ins("goods", "id code price live", row{5, "Ab_", 0.25, true}),
	ins("goods", "id code price live", row{5, "Ab_", 0.25, nil}),
	ins("goods", "id code", row{6, nil}),
	ins("goods", "id code cost due", row{7, "Ab_", "9.99", "2024-02-29"}, row{8, "Ab_", "10.5", "2024-03-01"}, row{9, "Ab_", "99.99", nil}),
	ins("goods", "id code cost", row{10, "Ab_", "100"}),
	ins("goods", "id code cost", row{10, "Ab_", "-0.06"}),
	ins("goods", "id code due", row{10, "Ab_", "2024-02-28"}),
	ins("goods", "id code due", row{10, "Ab_", "2024-12-31"}),
	upd("goods", to("cost", "0.1"), is("id", 7)),
	upd("goods", by("n", 1), is("id", 1)),
	upd("goods", to("code", nil), is("id", 1)),
}

// exactTables refer to one another by whole numbers without a sign, by enums and by text without case.
var exactTables = []memrel.Schema{
	{Name: "steps", PrimaryKey: []string{"id"}, Columns: []memrel.Column{typed("id!", memrel.Uint), steps("step!")}, Unique: []memrel.UniqueKey{{Name: "steps_step", Columns: []string{"step"}}}},
	{Name: "tasks", PrimaryKey: []string{"id"}, Columns: []memrel.Column{typed("id!", memrel.Int), typed("step_id", memrel.Uint), defaulted(steps("step"), "open")},
		References: []memrel.Reference{{Name: "tasks_step_id", Columns: []string{"step_id"}, Table: "steps", RefColumns: []string{"id"}, OnUpdate: memrel.Cascade, OnDelete: memrel.Cascade},
			{Name: "tasks_step", Columns: []string{"step"}, Table: "steps", RefColumns: []string{"step"}, OnUpdate: memrel.Cascade, OnDelete: memrel.SetNull}}},
	{Name: "people", PrimaryKey: []string{"login"}, Columns: []memrel.Column{sized("login!", 9), typed("boss", memrel.CIText), typed("note", memrel.String)},
		Checks:     []memrel.CheckConstraint{{Name: "people_login", Where: memrel.NotLike("login", "root%")}},
		References: []memrel.Reference{{Name: "people_boss", Columns: []string{"boss"}, Table: "people", RefColumns: []string{"login"}, OnUpdate: memrel.Cascade, OnDelete: memrel.SetNull}}},
}

func sized(name string, size int) memrel.Column {
	c := typed(name, memrel.CIText)
	c.Size = size
	return c
}

func steps(name string) memrel.Column {
	c := typed(name, memrel.Enum)
	c.Names = []string{"open", "done", "again"}
	return c
}

var exactStatements = []Statement{
	ins("steps", "id step", row{1, "open"}, row{int64(math.MaxInt64), "done"}),
	ins("steps", "id step", row{2, "done"}),
	ins("tasks", "id step_id step", row{1, 1, "open"}, row{2, int64(math.MaxInt64), "done"}),
	ins("tasks", "id step_id", row{3, 1}),
	ins("tasks", "id step", row{4, "again"}),
	ins("tasks", "id step_id", row{4, 7}),
	upd("steps", to("step", "again"), is("id", 1)),
	upd("steps", to("id", 9), is("step", "done")),
	del("steps", is("step", "done")),
	del("steps", is("id", 1)),
	ins("people", "login boss", row{"Ann", nil}, row{"bob", "ANN"}),
	ins("people", "login boss", row{"ann", nil}),
	ins("people", "login boss", row{"Cid", "dan"}),
	ins("people", "login", row{"ROOT1"}),
	upd("people", to("login", "ANNA"), is("login", "ann")),
	del("people", is("login", "aNNa")),
}

// ddlPrograms are the programs on schemas that are written by hand.
func ddlPrograms(t *testing.T, c tool) map[string]*Program {
	return map[string]*Program{
		"music store":       {Tables: c.schemasOf(t, "testdata/music.json"), Statements: musicStatements},
		"four associations": {Tables: c.schemasOf(t, "testdata/blog.json"), Statements: blogStatements},
		"checks":            {Tables: []memrel.Schema{checkedTable}, Statements: checkedStatements},
		"exact types":       {Tables: exactTables, Statements: exactStatements},
	}
}

// TestDDLOnSQLite refuses and cascades on the tables that the command writes for SQLite.
func TestDDLOnSQLite(t *testing.T) {
	c := buildTool(t)
	compareDDL(t, ddlSQLite{tool: c}, ddlPrograms(t, c), Dialect{}, 200)
	for _, dir := range []string{"blog", "ddl", "shop"} {
		loads(t, c, dir, "sqlite", func(text string) error {
			run, err := startSQLite(&Program{}, []string{text})
			if err == nil {
				run.close()
			}
			return err
		})
	}
}

// TestDDLOnPostgres is the same on PostgreSQL, and with the cases, which have all that PostgreSQL alone can say.
func TestDDLOnPostgres(t *testing.T) {
	peer := connect(t, "differential_ddl")
	c := buildTool(t)
	programs := ddlPrograms(t, c)
	for _, p := range cases {
		programs[p.name] = &Program{Tables: p.tables, Statements: p.statements}
	}
	compareDDL(t, ddlPostgres{peer, c}, programs, Dialect{Full: true}, 100)
	for _, dir := range []string{"blog", "ddl", "shop"} {
		loads(t, c, dir, "postgres", func(text string) error {
			_, err := startPostgres(peer.db, peer.schema, &Program{}, []string{text})
			return err
		})
	}
}

// TestDDLQuotesKeywords has a table, and in another a column, for every word that PostgreSQL's grammar knows.
func TestDDLQuotesKeywords(t *testing.T) {
	peer := connect(t, "differential_keywords")
	if err := peer.connect(); err != nil {
		t.Fatal(err)
	}
	result, err := peer.db.Exec(background, "SELECT word FROM pg_get_keywords() ORDER BY word").ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := &Program{Tables: []memrel.Schema{{Name: "words_of_all_kinds", PrimaryKey: []string{"select"}}}}
	for _, row := range result[0].Rows {
		word := string(row[0])
		p.Tables[0].Columns = append(p.Tables[0].Columns, typed(word, memrel.Int))
		p.Tables = append(p.Tables, tableOf(word, "id", integers("id", "n"), uniqueOver("key_"+word, "n")))
	}
	c := buildTool(t)
	for _, peer := range []Peer{ddlPostgres{peer, c}, ddlSQLite{tool: c}} {
		if r := Compare(&Program{Tables: p.Tables}, peer); r.Failure != "" {
			t.Errorf("%T: %s", peer, r.Failure)
		}
	}
}

// compareDDL compares programs, which are to agree in all, and random ones, which may differ as the rules say.
func compareDDL(t *testing.T, peer Peer, programs map[string]*Program, d Dialect, random uint64) {
	for _, name := range sortedKeys(programs) {
		t.Run(name, func(t *testing.T) {
			if r := Compare(programs[name], peer); r.Failure != "" || len(r.Accepted) > 0 {
				t.Errorf("%s %v", r.Failure, r.Notes)
			}
		})
	}
	for i := range random {
		p := Generate(1, i, d)
		if r := Compare(p, peer); r.Failure != "" {
			t.Fatalf("program %d: %s\n%s", i, r.Failure, p)
		}
	}
}

// loads has a database take the DDL of a directory of the command's own tests.
func loads(t *testing.T, c tool, dir, dialect string, load func(text string) error) {
	t.Run(dir, func(t *testing.T) {
		text, err := c.run("ddl", filepath.Join("..", "..", "cmd", "memrel", "testdata", dir), "--dialect", dialect)
		if err != nil {
			t.Fatal(err)
		}
		if err := load(text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	})
}
