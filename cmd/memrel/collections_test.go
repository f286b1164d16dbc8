package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const guide = "testdata/collections/guide"

func TestCollectionsStandInPlaceOfASchema(t *testing.T) {
	for name, line := range map[string]string{
		"collections-default.txt":   "references --collections testdata/collections/profile-default.json",
		"collections-user.txt":      "references --collections testdata/collections/profile-user.json",
		"collections-tags.txt":      "references --collections testdata/collections/posts-tags.json",
		"collections-users.json":    "references users --collections testdata/collections/profile-user.json --json",
		"collections-load.txt":      "load --collections testdata/collections/guide/collections.json",
		"collections-erd.txt":       "erd --collections testdata/collections/guide/collections.json",
		"collections-dot.txt":       "erd --collections testdata/collections/profile-user.json --dot",
		"collections-erd-more.txt":  "erd --collections testdata/collections/kinds.json",
		"collections-ddl.txt":       "ddl --collections testdata/collections/posts-tags.json --dialect sqlite",
		"collections-query.txt":     "query posts_tags --dir testdata/collections/guide --collections testdata/collections/guide/collections.json --columns post_id,tag_name",
		"collections-check.txt":     "check testdata/collections/guide --collections testdata/collections/guide/collections.json",
		"collections-preview.txt":   "preview delete users 1 --dir testdata/collections/guide --collections testdata/collections/guide/collections.json",
		"references.txt":            "references --dir testdata/shop",
		"references-models.txt":     "references users --dir testdata/blog",
		"references-no-key.txt":     "references profiles --json --collections testdata/collections/profile-user.json",
		"collections-load-many.txt": "load --collections testdata/collections/kinds.json",
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := invoke(words(line)...)
			require.Zero(t, code, stderr)
			require.Empty(t, stderr)
			golden(t, name, stdout)
		})
	}
}

// What a relation waits for and where fields disagree goes to standard error; it is nothing that stops a command.
func TestWhatWaitsAndWhatDisagreesIsTold(t *testing.T) {
	const (
		waits     = "users.profile waits for profiles\n"
		disagrees = "profiles.profiles_user_id_fkey: profiles.user asks for ON DELETE RESTRICT and users.profile for CASCADE; " +
			"RESTRICT is kept; say the same on both sides, or say it on one\n"
	)
	for _, command := range []string{"load", "references", "erd"} {
		code, _, stderr := invoke(command, "--collections", "testdata/collections/waiting.json")
		require.Zero(t, code)
		require.Contains(t, stderr, "memrel "+command+": "+waits)
		code, _, stderr = invoke(command, "--collections", "testdata/collections/conflict.json")
		require.Zero(t, code)
		require.Equal(t, "memrel "+command+": "+disagrees, stderr)
	}
	_, stdout, stderr := invoke("references", "--collections", "testdata/collections/waiting.json")
	require.Empty(t, stdout)
	require.Contains(t, stderr, "memrel references: nothing refers to any table\n")

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "users.csv"), []byte("id\n1\n"), 0o600))
	code, stdout, stderr := invoke("check", dir, "--collections", "testdata/collections/waiting.json")
	require.Equal(t, exitFound, code)
	require.Empty(t, stderr)
	require.Equal(t, waits+"1 table, 1 row, 0 foreign keys: 1 problem\n", stdout)
}

func TestRowsOfCollectionsGetTheirTimesFromTheStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "guide.memrel")
	code, stdout, stderr := invoke("load", guide, "--collections", guide+"/collections.json", "--save", file)
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	require.Regexp(t, `(?m)^posts_tags +3 +0 `, stdout)
	require.Regexp(t, `(?m)^5 tables +10 +0 `, stdout)

	_, stdout, _ = invoke("query", "users", "--dir", file, "--where", "createdAt is null or updatedAt < '2020-01-01'", "--csv")
	require.Equal(t, 1, strings.Count(stdout, "\n"), "no row but the header")
	_, stdout, _ = invoke("references", "users", "--dir", file)
	require.Contains(t, stdout, "profiles.user_id -> users.id  CASCADE    NO ACTION  at once  user      profiles\n", "tables are what is saved")
	_, stdout, _ = invoke("references", "users", "--dir", file, "--collections", guide+"/collections.json")
	require.Contains(t, stdout, "profiles.user_id -> users.id  CASCADE    NO ACTION  at once  user      profiles.user, users.profile\n")
}

// A delete of NocoBase's works its references one after the other, each to its end, whereas one of tables works level by
// level. So a preview has to know the collections, not only their tables.
func TestPreviewWorksReferencesInTheirOrder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"all.json": `[{"name": "a", "fields": [{"type": "hasMany", "name": "bs", "target": "b", "foreignKey": "aId", "onDelete": "CASCADE"},
			{"type": "hasMany", "name": "cs", "target": "c", "foreignKey": "aId", "onDelete": "CASCADE"}]},
			{"name": "b", "fields": [{"type": "hasMany", "name": "cs", "target": "c", "foreignKey": "bId", "onDelete": "RESTRICT"}]}, {"name": "c"}]`,
		"a.csv": "id\n1\n", "b.csv": "id,aId\n1,1\n", "c.csv": "id,aId,bId\n1,1,1\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	file := filepath.Join(dir, "saved")
	code, _, stderr := invoke("load", dir, "--collections", dir+"/all.json", "--save", file)
	require.Zero(t, code, stderr)
	for _, from := range []string{dir, file} {
		code, stdout, _ := invoke("preview", "delete", "a", "1", "--dir", from, "--collections", dir+"/all.json")
		require.Equal(t, exitFound, code)
		require.Contains(t, stdout, "b 1 is still referenced (c.bId -> b.id, RESTRICT)", "the row in the way is not gone yet")
	}
	code, stdout, _ := invoke("preview", "delete", "a", "1", "--dir", file)
	require.Zero(t, code)
	require.Contains(t, stdout, "c: 1 deleted")
}

func TestRefusedCollectionsEndTheCommand(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c.json")
	for text, want := range map[string]string{
		`[`:                               "c.json: parse collections: these are none: unexpected end of JSON input",
		`[]`:                              "it defines no table",
		`[{"name": "a"}, {"fields": []}]`: "c.json: parse collections: number 2: ",
		`{"name": "a", "inherits": "b"}`:  "collections that inherit, and views, are not supported",
		`{"name": "a", "fields": [{"type": "formula", "name": "f"}]}`: "c.json: define a: unsupported field type formula",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		for _, line := range []string{"load --collections %", "load . --collections %", "references --collections %", "erd --collections %",
			"ddl --collections %", "schema --collections %", "query a --collections %", "check . --collections %"} {
			code, stdout, stderr := invoke(strings.Fields(strings.ReplaceAll(line, "%", file))...)
			require.Equal(t, exitUsage, code, line)
			require.Empty(t, stdout)
			require.Contains(t, stderr, want, line)
		}
	}
	for line, want := range map[string]string{
		"load --collections none.json":                                    "open none.json",
		"erd --collections a.json --schema b.json":                        "can't be used together",
		"references x --collections testdata/collections/posts-tags.json": "there is no table x; tables are posts, posts_tags, tags",
	} {
		code, _, stderr := invoke(strings.Fields(line)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, want)
	}
}

// The guide's files are those of the tests, and its commands print what it says: standard error, then standard output.
func TestTheGuideToCollectionsIsTrue(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	text, err := os.ReadFile("docs/nocobase.md")
	require.NoError(t, err)
	commands := 0
	for _, block := range blocks(string(text), "console") {
		for _, said := range strings.Split(block, "$ go run ./cmd/memrel ")[1:] {
			line, want, _ := strings.Cut(said, "\n")
			code, stdout, stderr := invoke(strings.Fields(line)...)
			require.Zero(t, code, line)
			require.Equal(t, want, stderr+stdout, line)
			commands++
		}
	}
	require.Equal(t, 7, commands)
	for _, name := range []string{"profile-default", "posts-tags", "waiting"} {
		file, err := os.ReadFile("cmd/memrel/testdata/collections/" + name + ".json")
		require.NoError(t, err)
		require.Contains(t, blocks(string(text), "json"), string(file), name)
	}
	_, diagram, _ := invoke("erd", "--collections", "cmd/memrel/testdata/collections/guide/collections.json")
	require.Equal(t, []string{diagram}, blocks(string(text), "mermaid"))
}

// blocks are the fenced blocks of a language in Markdown.
func blocks(text, language string) (out []string) {
	for _, rest := range strings.Split(text, "\n```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(rest, "```")
		out = append(out, block)
	}
	return out
}
