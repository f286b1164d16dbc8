package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// The tests of this file have inputs that users of like programs reported; those that are files are in testdata/reports.

func TestNumbersInDefinitionsAreExact(t *testing.T) {
	for _, line := range []string{"schema testdata/reports/default-bigint/keyed.json", "schema testdata/reports/default-bigint/models.json",
		"schema --collections testdata/reports/default-bigint/collections.json"} {
		code, stdout, stderr := invoke(words(line)...)
		require.Zero(t, code, stderr)
		require.Contains(t, stdout, `"default": 9007199254740993`, line)
		if !strings.Contains(line, "keyed") {
			require.Contains(t, stdout, `"n": 9007199254740993`, line)
		}
	}
}

// again queries a table as CSV into a directory with the same schema, and gives what both directories hold as JSON.
func again(t *testing.T, dir, table string, flags ...string) (before, after string) {
	t.Helper()
	code, text, stderr := invoke(append([]string{"query", table, "--csv", "--dir", dir}, flags...)...)
	require.Zero(t, code, stderr)
	schema, err := os.ReadFile(filepath.Join(dir, "schema.json"))
	require.NoError(t, err)
	there := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(there, "schema.json"), schema, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(there, table+".csv"), []byte(text), 0o600))
	_, before, _ = invoke(append([]string{"query", table, "--json", "--dir", dir}, flags...)...)
	code, after, stderr = invoke(append([]string{"query", table, "--json", "--dir", there}, flags...)...)
	require.Zero(t, code, stderr)
	return before, after
}

func TestWhatIsWrittenAsCSVLoadsAsItWas(t *testing.T) {
	before, after := again(t, "testdata/reports/csv-crlf", "letter")
	require.Contains(t, before, `"one\r\ntwo"`)
	require.Contains(t, before, `"end\r\n"`)
	require.Equal(t, before, after)
}

func TestOneColumnOfNullsLoadsAsItWas(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.json": `{"T": {"columns": [{"name": "id", "type": "INT", "autoIncrement": true}, {"name": "a", "type": "TEXT"}, {"name": "b", "type": "INT"}], "primaryKey": ["id"]}}`,
		"T.json":      `[{"a": null}, {"a": ""}, {"a": "x"}, {"a": null}]`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for _, column := range []string{"a", "b"} {
		before, after := again(t, dir, "T", "--columns", column)
		require.Equal(t, 4, strings.Count(after, "{"))
		require.Equal(t, before, after)
	}
}

func TestLinesThatEndInCRAreExplained(t *testing.T) {
	code, _, stderr := invoke("load", "testdata/reports/cr-endings")
	require.Equal(t, exitFound, code)
	require.Contains(t, stderr, "p.csv:1: a carriage return stands in a field without quotes; if the lines of the file end in CR alone")
}

func TestTimesAreReadAsTheyAreExported(t *testing.T) {
	code, stdout, stderr := invoke("query", "ev", "--dir", "testdata/reports/times", "--csv")
	require.Zero(t, code, stderr)
	require.Equal(t, `id,at,t
1,2024-05-01T08:00:00Z,
2,2024-05-01T10:00:00.5Z,
3,2024-05-01T10:00:00Z,
4,2024-05-01T10:00:00Z,
5,2024-05-01T08:00:00Z,
6,2024-05-01T10:00:00Z,
7,,10:30:00
`, stdout)
}

func TestHalfOfASurrogatePairIsNoText(t *testing.T) {
	code, _, stderr := invoke("query", "note", "--dir", "testdata/reports/surrogate", "--json")
	require.Equal(t, exitFound, code)
	require.Contains(t, stderr, `note.json:1: note.t = "cut \ud83d" is not JSON that can be kept: a \u escape is half of a surrogate pair`)
}

// unusual is a table whose columns need quotes.
func unusual(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.json": `{"T": {"columns": [{"name": "id", "type": "INT"}, {"name": "a,b", "type": "INT"}, {"name": "-c", "type": "INT"}, {"name": "d\"=e", "type": "INT"},
			{"name": "é", "type": "TEXT"}], "primaryKey": ["id"]}}`,
		"T.csv": "id,\"a,b\",-c,\"d\"\"=e\",é\n1,1,1,1,\x1b[31mx\n2,2,1,1,\u009by\u202e\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func TestColumnsAndOrdersHaveNamesInQuotes(t *testing.T) {
	dir := unusual(t)
	for _, c := range []struct{ columns, order, want string }{
		{`id`, `-"a,b"`, "id\n2\n1\n"},
		{`"a,b", id`, `"-c",-id`, "\"a,b\",id\n2,2\n1,1\n"},
		{`-c,"d""=e"`, `"-c",-"a,b"`, "-c,\"d\"\"=e\"\n1,1\n1,1\n"},
		{"ID,e\u0301", "", "id,é\n1,\x1b[31mx\n2,\u009by\u202e\n"},
	} {
		code, stdout, stderr := invoke("query", "t", "--dir", dir, "--csv", "--columns="+c.columns, "--order", c.order)
		require.Zero(t, code, stderr)
		require.Equal(t, c.want, stdout)
	}
	for columns, want := range map[string]string{`"a,b`: `--columns "a,b: a quote is not closed; write " inside quotes as ""`, `"id"x`: `, is expected after "id"`,
		`id,`: `T has no column ""; columns are id, a,b`} {
		code, _, stderr := invoke("query", "T", "--dir", dir, "--columns", columns)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, want)
	}
	code, stdout, stderr := invoke("preview", "update", "T", "1", "--set", `"d""=e"=7`, "--set", `a,b=8`, "--dir", dir)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "8")
}

func TestNothingActsOnATerminal(t *testing.T) {
	dir := unusual(t)
	_, _, stderr := invoke("query", "T\x1b[2J", "--dir", dir)
	require.Contains(t, stderr, `there is no table T\x1b[2J`)
	_, _, stderr = invoke("query", "T", "--dir", dir, "--where", "é = '\x1b[2J' and")
	require.NotContains(t, stderr, "\x1b")
	_, _, stderr = invoke("fly\x1b[2J")
	require.NotContains(t, stderr, "\x1b")

	var out strings.Builder
	_, text, _ := invoke("query", "T", "--dir", dir, "--csv")
	_, err := io.WriteString(term.Visible(&out), text)
	require.NoError(t, err)
	require.Contains(t, out.String(), "1,1,1,1,\\x1b[31mx\n2,2,1,1,\\x9by\\u202e\n")
	if runtime.GOOS == "windows" {
		return
	}
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, device.Close()) }()
	require.IsType(t, term.Visible(nil), (&app{stdout: device}).data(), "a device is taken for a terminal")
}

func TestACommandOfAnotherProgramIsRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script is a program on Unix")
	}
	dir := t.TempDir()
	for _, name := range []string{"memrel-fly", "memrel-load", "memrel-.."} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho \"$0 $*\"; echo wind >&2; exit 7\n"), 0o700))
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	code, stdout, stderr := invoke("fly", "--high", "a b")
	require.Equal(t, 7, code)
	require.Equal(t, filepath.Join(dir, "memrel-fly")+" --high a b\n", stdout)
	require.Equal(t, "wind\n", stderr)
	for _, args := range [][]string{{"swim"}, {".."}, {"load"}, {"../memrel-fly"}} {
		code, stdout, _ := invoke(args...)
		require.Equal(t, exitUsage, code, args)
		require.Empty(t, stdout)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "memrel-fall"), []byte("#!/bin/sh\nkill -TERM $$\n"), 0o700))
	code, _, _ = invoke("fall")
	require.Equal(t, 128+15, code)
}

func TestHelpIsACommandToo(t *testing.T) {
	_, want, _ := invoke("--help")
	code, got, stderr := invoke("help")
	require.Zero(t, code, stderr)
	require.Equal(t, want, got)
	_, want, _ = invoke("preview", "delete", "--help")
	_, got, _ = invoke("help", "preview", "delete")
	require.Equal(t, want, got)
}
