package main

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

const recordings = "../testdata/scenarios"

// TestAssociationRecordings runs a part of the recordings; the command runs any folder of them.
func TestAssociationRecordings(t *testing.T) {
	results, err := runSequelize(recordings)
	require.NoError(t, err)
	departed := 0
	for _, r := range results {
		if r.difference != "" {
			t.Errorf("%s/%s: %s", r.topic, r.name, r.difference)
		}
		if r.departure != "" {
			departed++
		}
	}
	require.LessOrEqual(t, departed, 4, "departures are few")
}

// altered is a recording with a change made to it.
func altered(t *testing.T, file string, change func(r *recording)) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(recordings, file))
	require.NoError(t, err)
	var r recording
	require.NoError(t, leniently(data, &r))
	change(&r)
	difference, departure := r.check()
	require.Empty(t, departure)
	return difference
}

func TestTheAssociationRunnerBites(t *testing.T) {
	const file = "one-to-many/team-player.json"
	require.Empty(t, altered(t, file, func(*recording) {}))
	for _, c := range []struct {
		name   string
		change func(r *recording)
		want   string
	}{
		{"another name", func(r *recording) {
			r.Derived[0] = json.RawMessage(strings.Replace(string(r.Derived[0]), "getPlayers", "getPlayer", 1))
		}, "association 0"},
		{"another action", func(r *recording) {
			key := r.Schema["Player"].(map[string]any)["foreignKeys"].([]any)[0].(map[string]any)
			key["onDelete"] = "CASCADE"
		}, "table of Player"},
		{"an outcome that did not come", func(r *recording) { r.Steps[0].Expect = map[string]any{"error": map[string]any{"class": "unique"}} }, "step 0"},
		{"an outcome without a word of it", func(r *recording) { r.Steps[0].Expect = map[string]any{"ok": true} }, "step 0"},
		{"an unknown step", func(r *recording) { r.Steps[0].Do = "dance" }, "does not know"},
		{"an unknown operator", func(r *recording) {
			r.Steps = append(r.Steps, recordedStep{Do: "findAll", Model: "Team", Where: map[string]any{"id": map[string]any{"around": 1}},
				Expect: map[string]any{"rows": []any{}}})
		}, "unknown operator"},
		{"other contents at the end", func(r *recording) { r.Final["Team"] = []any{} }, "final"},
		{"a refusal that did not come", func(r *recording) { r.SchemaError = map[string]any{"phase": "define"} }, "accepted"},
		{"a panic", func(r *recording) { r.Steps[0].Model = "Nothing" }, "panic"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Contains(t, altered(t, file, c.change), c.want) })
	}
}

func TestNamesAndOtherLayouts(t *testing.T) {
	dir := t.TempDir()
	one, err := os.ReadFile(filepath.Join(recordings, "one-to-many/team-player.json"))
	require.NoError(t, err)
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("many.json", "["+string(one)+","+string(one)+"]")
	write("words.json", `[{"model":"Foo","singular":"Foo","plural":"Foos","table":"Foos","aliasSingular":"Foo","add":"addFoo","addMultiple":"addFoos"},
		{"model":"Bar","singular":"Bar","plural":"Barren","table":"Barren","aliasSingular":"Barren","add":"addBarren","addMultiple":"addBarren"},
		{"model":"Baz","singular":"Baz","plural":"Bazen","table":"Bazen","aliasSingular":"Bazen","add":"addBazen","addMultiple":"addBazen","quirk":true}]`)
	write("broken.json", `{"name": `)
	results, err := runSequelize(dir)
	require.NoError(t, err)
	passed, departed, failed := 0, 0, 0
	for _, r := range results {
		switch {
		case r.departure != "":
			departed++
		case r.difference != "":
			failed++
		default:
			passed++
		}
	}
	require.Equal(t, [3]int{3, 1, 2}, [3]int{passed, departed, failed})
}

func TestDeparturesGoByRules(t *testing.T) {
	for _, d := range departures {
		require.NotEmpty(t, d.reason)
		require.False(t, d.applies(&recordedStep{Do: "create"}, nil), "%s applies to a step that passes", d.name)
	}
}

// TestDefiningOneByOneIsTheSame defines the models first and then each association by itself: the names and tables must be those of a definition in one go.
func TestDefiningOneByOneIsTheSame(t *testing.T) {
	recordings, _, err := readRecordings(recordings)
	require.NoError(t, err)
	for _, r := range recordings {
		if r.SchemaError != nil {
			continue
		}
		defs, err := r.definitions(time.Now)
		require.NoError(t, err)
		models := len(defs) - len(r.Associations)
		db := memrel.MustOpen(defs[:models]...)
		for _, d := range defs[models:] {
			require.NoError(t, db.Define(d), r.Name)
		}
		require.Empty(t, r.checkNames(db), r.Name)
		require.Empty(t, r.checkSchema(db), r.Name)
	}
}
