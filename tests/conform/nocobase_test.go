package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const collectionRecordings = "../testdata/nocobase"

// TestCollectionRecordings runs a part of the recordings; the command runs any folder of them.
func TestCollectionRecordings(t *testing.T) {
	results, err := runNocobase(collectionRecordings, strings.Split(suites["nocobase"].areas, ","))
	require.NoError(t, err)
	var departed, skipped []string
	for _, r := range results {
		if r.difference != "" {
			t.Errorf("%s: %s", r.name, r.difference)
		}
		if r.departure != "" {
			departed = append(departed, r.name)
		}
		if r.skipped {
			skipped = append(skipped, r.name)
		}
	}
	require.Equal(t, []string{"app-own-reached-twice", "del-cycle-one-row", "del-own-more-self-cas", "del-own-rows-rel-m2m-destroy-1", "del-own-without-row-hooks-events", "hook-own5-destroy", "key-belongsto-target-key-not-unique", "key-own-paired-different",
		"key-own-paired-named-first", "key-own-redefined-under-hasmany", "key-own-redefined-without-belongsto", "key-own-sortable-hasmany",
		"key-own-unnamed-key-wrong-hasmany", "ref-collection-defined-twice-back", "ref-own-field-key-field", "ref-own-more-f-two-hm", "ref-own-tree-remove", "ref-own-unknown-word-waiting", "ref-remove-field-drops-shared"}, departed)
	require.Empty(t, skipped)
}

func scenarioOf(t *testing.T, id string) *collectionScenario {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(collectionRecordings, id+".json"))
	require.NoError(t, err)
	s := &collectionScenario{}
	require.NoError(t, strictly(data, s))
	return s
}

func TestTheCollectionRunnerBites(t *testing.T) {
	for _, c := range []struct {
		name, id string
		change   func(s *collectionScenario)
		want     string
	}{
		{"another action", "ref-m2m-sides-disagree", func(s *collectionScenario) {
			s.Steps[1].Expect.Value.([]any)[0].(map[string]any)["onDelete"] = "CASCADE"
		}, "step 1"},
		{"another priority", "ref-m2m-sides-disagree", func(s *collectionScenario) {
			s.Steps[1].Expect.Value.([]any)[0].(map[string]any)["priority"] = "default"
		}, "step 1"},
		{"a warning that did not come", "ref-hasone-pending-target", func(s *collectionScenario) {
			s.Steps[0].Warnings = []recordedWarning{{Kind: onDeleteConflict}}
		}, "warnings"},
		{"a warning that was not recorded", "ref-m2m-sides-disagree", func(s *collectionScenario) { s.Steps[0].Warnings = nil }, "warnings"},
		{"warnings in another order", "ref-m2m-sides-disagree", func(s *collectionScenario) { slices.Reverse(s.Steps[0].Warnings) }, "warnings"},
		{"no references though there was never one", "ref-hasone-pending-target", func(s *collectionScenario) { s.Steps[2].Expect.Value = []any{} }, "step 2"},
		{"another column", "ref-hasone-pending-target", func(s *collectionScenario) {
			s.Steps[8].Expect.Value.(map[string]any)["more"] = map[string]any{"type": "STRING"}
		}, "step 8"},
		{"an association that waits", "ref-hasone-pending-target", func(s *collectionScenario) {
			s.Steps[5].Expect.Value = map[string]any{"profile": map[string]any{"pending": true, "type": "hasOne"}}
		}, "step 5"},
		{"another index", "key-indexes", func(s *collectionScenario) { s.Steps[1].Expect.Value = []any{} }, "step 1"},
		{"other words of an error", "key-name-too-long", func(s *collectionScenario) { s.Steps[1].Expect.Error.Message = "too long" }, "want \"too long\""},
		{"an error that did not come", "key-name-too-long", func(s *collectionScenario) {
			s.Steps[3].Expect.Error = s.Steps[1].Expect.Error
		}, "want error"},
		{"success where there was an error", "key-name-too-long", func(s *collectionScenario) { s.Steps[1].Expect.Error = nil }, "got error"},
		{"other rows", "del-by-filter", func(s *collectionScenario) {
			s.Steps[5].Expect.Value = map[string]any{"posts": []any{}, "users": []any{}}
		}, "step 5"},
		{"another number of rows", "del-by-filter", func(s *collectionScenario) { s.Steps[4].Expect.Value = json.Number("3") }, "step 4"},
		{"events in another order", "del-by-filter", func(s *collectionScenario) { slices.Reverse(*s.Steps[4].Events) }, "events"},
		{"the order of nested rows", "key-sort-by", func(s *collectionScenario) {
			row := s.Steps[4].Expect.Value.([]any)[0].(map[string]any)
			slices.Reverse(row["posts"].([]any))
		}, "step 4"},
		{"a row inside a transaction", "del-in-outer-transaction", func(s *collectionScenario) { s.Steps[4].Steps[1].Expect.Value = json.Number("4") }, "step 1"},
		{"a rollback that commits", "del-in-outer-transaction", func(s *collectionScenario) { s.Steps[4].End = "commit" }, "step 5"},
		{"a delete that does not end", "del-by-filter", func(s *collectionScenario) { s.Steps[4].Expect.Diverges = true }, ""},
		{"a create that does not end", "del-by-filter", func(s *collectionScenario) { s.Steps[2].Expect.Diverges = true }, "step 2"},
		{"columns after a field that shared a reference", "ref-remove-field-drops-shared", func(s *collectionScenario) {
			s.Steps = slices.Delete(s.Steps, 3, 4) // what departs
			s.Steps[4].Expect.Value = map[string]any{}
		}, "step 4"},
		{"rows before a delete, after a field that shared a reference", "ref-remove-field-drops-shared", func(s *collectionScenario) {
			s.Steps = slices.Delete(s.Steps, 3, 4)
			s.Steps[6] = collectionStep{Op: "count", Collection: "posts", Expect: collectionOutcome{Value: json.Number("9")}}
		}, "step 6"},
		{"an event of another table, beside those of a junction's rows", "rel-m2m-toggle", func(s *collectionScenario) {
			for i := range s.Steps {
				if s.Steps[i].Op == "relation" {
					s.Steps[i].Events = &[]string{"users#* beforeBulkDestroy"}
				}
			}
		}, "events"},
		{"a row that was not found, beside one found twice", "key-belongsto-target-key-not-unique", func(s *collectionScenario) {
			s.Steps[7].Expect.Value = append(s.Steps[7].Expect.Value.([]any), map[string]any{"id": json.Number("9")})
		}, "step 7"},
		{"a row that is not told of, beside one told of twice", "del-own-more-self-cas", func(s *collectionScenario) {
			events := *s.Steps[5].Events
			s.Steps[5].Events = new(append(slices.Clone(events), "nodes#9 afterDestroy"))
		}, "events"},
		{"another column, beside a key that was made again", "key-own-redefined-under-hasmany", func(s *collectionScenario) {
			s.Steps[3].Expect.Value.(map[string]any)["another"] = map[string]any{"type": "STRING"}
		}, "step 3"},
		{"events of other rows, without row hooks", "del-own-without-row-hooks-events", func(s *collectionScenario) {
			s.Steps[3].Events = &[]string{"posts#* beforeBulkDestroy"}
		}, "events"},
		{"rows after a delete without row hooks", "del-own-without-row-hooks-events", func(s *collectionScenario) {
			s.Steps[4].Expect.Value = map[string]any{"users": []any{map[string]any{"id": json.Number("1")}}}
		}, "step 4"},
		{"a key that is no junction's", "del-own-set-null-primary-key", func(s *collectionScenario) {
			s.Steps[7].Expect.Value.(map[string]any)["cards"] = []any{}
		}, "step 7"},
		{"references after a collection is defined again alike", "ref-own-redefined-alike", func(s *collectionScenario) {
			s.Steps[3].Expect.Value = []any{}
		}, "step 3"},
		{"an unknown operation", "del-by-filter", func(s *collectionScenario) { s.Steps[1].Op = "dance" }, "does not know"},
		{"an unknown operator", "del-by-filter", func(s *collectionScenario) {
			s.Steps[4].Filter = map[string]any{"name": map[string]any{"$around": "ann"}}
		}, "there is no operator $around"},
		{"an unknown collection", "del-by-filter", func(s *collectionScenario) { s.Steps[2].Collection = "nothing" }, "there is no collection nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioOf(t, c.id)
			c.change(s)
			difference, departure := checked(s)
			if c.want == "" {
				require.Contains(t, departure, "cascade cycles end")
				return
			}
			require.Contains(t, difference, c.want)
			require.Empty(t, departure)
		})
	}
}

// TestDeparturesThatGoOn shows that what is not stored otherwise does not excuse what follows.
func TestDeparturesThatGoOn(t *testing.T) {
	found := scenarioOf(t, "key-belongsto-target-key-not-unique")
	found.Steps = append(found.Steps, collectionStep{Op: "count", Collection: "teams", Expect: collectionOutcome{Value: json.Number("3")}})
	difference, _ := checked(found)
	require.Contains(t, difference, "step 8 (count teams)")
}

func TestUnreadableRecordingsFail(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("ref-broken.json", `{"id": `)
	write("ref-strange.json", `{"id": "ref-strange", "steps": [{"op": "sync", "why": 1}]}`)
	write("del-empty.json", `{"id": "del-empty", "steps": []}`)
	write("app-other.json", `{"id": "app-other", "steps": [{"op": "dance"}]}`)
	var out, errs strings.Builder
	require.Equal(t, 1, run([]string{"nocobase", "-areas", "ref,del", dir}, &out, &errs))
	require.Contains(t, out.String(), "1 of other areas not run\n")
	require.True(t, strings.HasSuffix(out.String(), "1 passed, 2 failed\n"), out.String())
	require.Empty(t, errs.String())
}

func TestCollectionDeparturesGoByRules(t *testing.T) {
	for _, d := range collectionDepartures {
		require.NotEmpty(t, d.reason)
		require.False(t, d.applies(collectionTurn{collectionStep: &collectionStep{Op: "create"}}, nil), "%s applies to a plain step", d.name)
	}
}
