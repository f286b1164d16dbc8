package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/internal/budget"
)

// TestConstraintRecordings runs every recording that the project keeps.
func TestConstraintRecordings(t *testing.T) {
	results, err := runConstraints("../testdata/constraints", budget.Of(shuffles))
	require.NoError(t, err)
	assert.Greater(t, len(results), 600, "most of the recordings are missing")
	for _, r := range results {
		if r.difference != "" {
			t.Errorf("%s/%s: %s", r.topic, r.name, r.difference)
		}
	}
}

// family is a recording that passes: a child follows its parent, a savepoint takes a second delete back, a third parent
// is protected by a deferred reference.
const family = `{
	"name": "family", "topic": "families", "sqlite": "same",
	"tables": [
		{"name": "a", "columns": [{"name": "id", "type": "int"}, {"name": "x", "type": "text", "nullable": true}], "primaryKey": ["id"]},
		{"name": "b", "columns": [{"name": "id", "type": "int"}, {"name": "a", "type": "int", "nullable": true},
				{"name": "l", "type": "int", "nullable": true}], "primaryKey": ["id"],
			"unique": [{"name": "b_l_key", "columns": ["l"]}],
			"foreignKeys": [
				{"name": "b_a_fkey", "columns": ["a"], "references": {"table": "a", "columns": ["id"]}, "onDelete": "cascade", "onUpdate": "noAction"},
				{"name": "b_l_fkey", "columns": ["l"], "references": {"table": "a", "columns": ["id"]}, "onDelete": "noAction", "onUpdate": "noAction",
					"deferrable": true, "initiallyDeferred": true}]}],
	"steps": [
		{"op": "insert", "table": "a", "columns": ["id", "x"], "rows": [[1, "one"], [2, null], [3, null]],
			"outcome": {"rows": 3, "tables": {"a": [[1, "one"], [2, null], [3, null]]}}},
		{"op": "insert", "table": "b", "columns": ["id", "a", "l"], "rows": [[1, 1, null], [2, 2, 3]],
			"outcome": {"rows": 2, "tables": {"b": [[1, 1, null], [2, 2, 3]]}}},
		{"op": "insert", "table": "b", "columns": ["id", "a"], "rows": [[3, 9]],
			"outcome": {"error": {"class": "parentMissing", "sqlstate": "23503", "constraint": "b_a_fkey"}}},
		{"op": "insert", "table": "b", "columns": ["id"], "rows": [[null]],
			"outcome": {"error": {"class": "notNull", "sqlstate": "23502", "table": "b", "column": "id"}}},
		{"op": "begin"},
		{"op": "delete", "table": "a", "where": {"id": 3}, "outcome": {"rows": 1}},
		{"op": "commit", "outcome": {"error": {"class": "childExists", "sqlstate": "23503", "constraint": "b_l_fkey"}}},
		{"op": "delete", "table": "a", "where": {"id": 1}, "outcome": {"rows": 1, "tables": {"a": [[2, null], [3, null]], "b": [[2, 2, 3]]}}}]}`

func checkOne(t *testing.T, text string) string {
	t.Helper()
	return readScenario("here", []byte(text)).check(shuffles)
}

func TestTheRunnerBites(t *testing.T) {
	require.Empty(t, checkOne(t, family))
	for _, c := range []struct{ name, old, new, want string }{
		{"rows that are not there", `"b": [[2, 2, 3]]}}}]}`, `"b": [[2, 2, 4]]}}}]}`, "table b"},
		{"a table that changed unsaid", `"tables": {"a": [[2, null], [3, null]], "b": [[2, 2, 3]]}`, `"tables": {"a": [[2, null], [3, null]]}`, "table b"},
		{"a step without outcome that changed a table", `, "outcome": {"rows": 1, "tables": {"a": [[2, null], [3, null]], "b": [[2, 2, 3]]}}`, ``, "table a"},
		{"rows of a table that does not exist", `"tables": {"a": [[2, null]`, `"tables": {"z": [], "a": [[2, null]`, "does not define"},
		{"another number of rows", `{"rows": 1, "tables"`, `{"rows": 2, "tables"`, "got 1 rows, want 2"},
		{"an error that does not come", `"where": {"id": 3}, "outcome": {"rows": 1}`, `"where": {"id": 3}, "outcome": {"error": {"class": "childExists"}}`, `want "childExists"`},
		{"success where there is an error", `{"error": {"class": "parentMissing", "sqlstate": "23503", "constraint": "b_a_fkey"}}`, `{"rows": 1}`, "want success"},
		{"another class", `"parentMissing"`, `"childExists"`, `want "childExists"`},
		{"another constraint", `"constraint": "b_a_fkey"`, `"constraint": "b_l_fkey"`, "want b_l_fkey"},
		{"another state", `"23502"`, `"23505"`, "want 23505"},
		{"another column", `"column": "id"`, `"column": "a"`, "want a"},
		{"another table", `"table": "b", "column"`, `"table": "a", "column"`, "want a"},
		{"a commit that should pass", `{"op": "commit", "outcome": {"error": {"class": "childExists", "sqlstate": "23503", "constraint": "b_l_fkey"}}}`, `{"op": "commit"}`, "want success"},
		{"a commit that should roll back", `{"error": {"class": "childExists", "sqlstate": "23503", "constraint": "b_l_fkey"}}`, `{"rolledBack": true}`, "want success"},
		{"no steps", `"steps": [`, `"steps": [], "about": [`, "has tables and steps"},
		{"an unknown operation", `{"op": "begin"}`, `{"op": "start"}`, "unknown operation"},
		{"an unknown table", `"table": "a", "where": {"id": 3}`, `"table": "z", "where": {"id": 3}`, "no table"},
		{"an unknown field of a step", `"where": {"id": 3}`, `"having": {"id": 3}`, "having"},
		{"an unknown field of a foreign key", `"onDelete": "cascade"`, `"onErase": "cascade"`, "onErase"},
		{"an unknown action", `"onDelete": "cascade"`, `"onDelete": "explode"`, "explode"},
		{"an unknown type", `"type": "text"`, `"type": "json"`, "json"},
		{"an unknown match", `"deferrable": true`, `"match": "partial", "deferrable": true`, "partial"},
		{"an unknown class", `"parentMissing"`, `"orphan"`, "orphan"},
		{"an unknown way to fail", `"sqlite": "same"`, `"failedStatement": "explodes"`, "explodes"},
		{"a key that waits and cannot", `"columns": ["l"]}`, `"columns": ["l"], "initiallyDeferred": true}`, "definition"},
		{"a row that is too short", `[1, 1, null], [2, 2, 3]],`, `[1, 1], [2, 2, 3]],`, "2 values for 3 columns"},
		{"an alternative without an outcome", `"where": {"id": 1},`, `"where": {"id": 1}, "otherwise": [{"timing": "levels"}],`, "no outcome"},
		{"a definition that is refused", `"references": {"table": "a", "columns": ["id"]}, "onDelete": "cascade"`, `"references": {"table": "a", "columns": ["x"]}, "onDelete": "cascade"`, "definition"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, family, c.old)
			assert.Contains(t, checkOne(t, strings.Replace(family, c.old, c.new, 1)), c.want)
		})
	}
}

func TestDeferrableKeysArePlayed(t *testing.T) {
	text := strings.Replace(family, `"columns": ["l"]}`, `"columns": ["l"], "deferrable": true, "initiallyDeferred": true}`, 1)
	require.Empty(t, checkOne(t, text))
	twice := strings.Replace(text, `{"op": "begin"},`, `{"op": "begin"}, {"op": "insert", "table": "b", "columns": ["id", "l"], "rows": [[7, 3]], "outcome": {"rows": 1}},
		{"op": "setConstraints", "constraints": ["b_l_key"], "mode": "immediate", "outcome": {"error": {"class": "unique", "sqlstate": "23505", "constraint": "b_l_key"}}},
		{"op": "delete", "table": "b", "where": {"id": 7}, "outcome": {"rows": 1}},`, 1)
	require.NotEqual(t, text, twice)
	require.Empty(t, checkOne(t, twice))
	require.Contains(t, checkOne(t, strings.Replace(twice, `"where": {"id": 7}`, `"where": {"id": 8}`, 1)), "rows")
}

func TestAnyOfTheOutcomesWillDo(t *testing.T) {
	const last = `"outcome": {"rows": 1, "tables": {"a": [[2, null], [3, null]], "b": [[2, 2, 3]]}}`
	const wrong, right = `{"outcome": {"error": {"class": "childExists"}}}`, `{` + last + `}`
	with := func(list string) string { return strings.Replace(family, last, list, 1) }
	assert.Empty(t, checkOne(t, with(`"outcomes": [`+wrong+`,`+right+`]`)))
	assert.Empty(t, checkOne(t, with(last+`, "otherwise": [`+wrong+`]`)))
	assert.Empty(t, checkOne(t, with(`"outcome": {"error": {"class": "unique"}}, "otherwise": [`+wrong+`,`+right+`]`)))
	assert.Contains(t, checkOne(t, with(`"outcomes": [`+wrong+`]`)), "childExists")
	assert.Contains(t, checkOne(t, with(`"outcome": {"error": {"class": "unique"}}, "otherwise": [`+wrong+`]`)), "or: ")
}

// TestAFurtherClassWillDo: orClass lists what another order of checks would report.
func TestAFurtherClassWillDo(t *testing.T) {
	text := strings.Replace(family, `"class": "parentMissing", "sqlstate": "23503"`, `"class": "unique", "orClass": ["parentMissing"], "sqlstate": "23505"`, 1)
	assert.Empty(t, checkOne(t, text))
}

func TestAPanicFailsItsScenarioAlone(t *testing.T) {
	s := readScenario("here", []byte(family))
	s.Steps[0].Op = "boom" // passed over by validate
	assert.Contains(t, s.check(shuffles), "panic")
	assert.Empty(t, checkOne(t, family))
}

func TestNumbersAreExact(t *testing.T) {
	assert.Equal(t, json.Number("9223372036854775808"), sum(9223372036854775807, "1"))
	assert.True(t, same(json.Number("9007199254740993"), int64(9007199254740993)))
	assert.False(t, same(json.Number("9007199254740993"), int64(9007199254740992)))
	assert.False(t, same(json.Number("2.0"), int64(2)), "a double is not an integer")
	assert.True(t, same(json.Number("1e+300"), 1e300))
	assert.False(t, same("", nil))
}

func TestTheCommandTakesAnyLayout(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	command := func(args ...string) (int, string) {
		var out, errs strings.Builder
		code := run(append([]string{"constraints"}, args...), &out, &errs)
		return code, out.String() + errs.String()
	}

	code, out := command(dir)
	assert.Equal(t, 2, code, "an empty folder is no success")
	assert.Contains(t, out, "no recordings")

	write("README.md", "not a recording")
	write("deep/er/one.json", family)
	write("list.json", "["+family+"\n,"+family+"]")
	code, out = command(dir)
	assert.Equal(t, 0, code, out)
	assert.Contains(t, out, "families                     3 passed     0 failed\n3 passed, 0 failed\n")

	write("empty.json", "[]")
	write("half.json", family[:200])
	write("two.json", family+family)
	write("wrong.json", strings.Replace(family, `"cascade"`, `"setNull"`, 1))
	for _, args := range [][]string{{"-v", dir}, {dir, "-v"}} {
		code, out = command(args...)
		assert.Equal(t, 1, code)
		assert.Contains(t, out, "3 passed, 4 failed\n")
		for _, want := range []string{"FAIL families/family: step 7", "empty.json: cannot be run: the list is empty", "half.json, number 1: cannot be run", "FAIL families/family: cannot be run: there is more"} {
			assert.Contains(t, out, want)
		}
	}
	for _, args := range [][]string{{}, {dir, dir}, {filepath.Join(dir, "nowhere")}, {"-x", dir}} {
		code, _ = command(args...)
		assert.Equal(t, 2, code, args)
	}
}
