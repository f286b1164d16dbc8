package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCollectionDifferencesAreNotExcused changes recordings, also those that depart or that have a step which falls under a rule.
func TestCollectionDifferencesAreNotExcused(t *testing.T) {
	for _, c := range []struct {
		name, id string
		change   func(s *collectionScenario)
		want     string
	}{
		{"warnings in another order", "ref-m2m-sides-disagree", func(s *collectionScenario) { slices.Reverse(s.Steps[0].Warnings) }, "warnings"},
		{"no references though there was never one", "ref-hasone-pending-target", func(s *collectionScenario) { s.Steps[2].Expect.Value = []any{} }, "step 2"},
		{"an association that waits", "ref-hasone-pending-target", func(s *collectionScenario) {
			s.Steps[5].Expect.Value = map[string]any{"profile": map[string]any{"pending": true, "type": "hasOne"}}
		}, "step 5"},
		{"events in another order", "del-by-filter", func(s *collectionScenario) { slices.Reverse(*s.Steps[4].Events) }, "events"},
		{"the order of nested rows", "key-sort-by", func(s *collectionScenario) {
			row := s.Steps[4].Expect.Value.([]any)[0].(map[string]any)
			slices.Reverse(row["posts"].([]any))
		}, "step 4"},
		{"a row inside a transaction", "del-in-outer-transaction", func(s *collectionScenario) { s.Steps[4].Steps[1].Expect.Value = json.Number("4") }, "step 1"},
		{"a rollback that commits", "del-in-outer-transaction", func(s *collectionScenario) { s.Steps[4].End = "commit" }, "step 5"},
		{"a create that does not end", "del-by-filter", func(s *collectionScenario) { s.Steps[2].Expect.Diverges = true }, "step 2"},
		{"an unknown operation", "del-by-filter", func(s *collectionScenario) { s.Steps[1].Op = "dance" }, "does not know"},
		{"an unknown operator", "del-by-filter", func(s *collectionScenario) {
			s.Steps[4].Filter = map[string]any{"name": map[string]any{"$around": "ann"}}
		}, "there is no operator $around"},
		{"an unknown collection", "del-by-filter", func(s *collectionScenario) { s.Steps[2].Collection = "nothing" }, "there is no collection nothing"},
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
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioOf(t, c.id)
			c.change(s)
			difference, departure := checked(s)
			require.Contains(t, difference, c.want)
			require.Empty(t, departure)
		})
	}
}

func TestADeleteThatDoesNotEndDeparts(t *testing.T) {
	s := scenarioOf(t, "del-by-filter")
	s.Steps[4].Expect.Diverges = true
	_, departure := checked(s)
	require.Contains(t, departure, "cascade cycles end")
}

// TestDeparturesThatGoOn shows that what is not stored otherwise does not excuse what follows.
func TestDeparturesThatGoOn(t *testing.T) {
	found := scenarioOf(t, "key-belongsto-target-key-not-unique")
	found.Steps = append(found.Steps, collectionStep{Op: "count", Collection: "teams", Expect: collectionOutcome{Value: json.Number("3")}})
	difference, _ := checked(found)
	require.Contains(t, difference, "step 8 (count teams)")
}

func TestCollectionDeparturesGoByRules(t *testing.T) {
	for _, d := range collectionDepartures {
		require.NotEmpty(t, d.reason)
		require.False(t, d.applies(collectionTurn{collectionStep: &collectionStep{Op: "create"}}, nil), "%s applies to a plain step", d.name)
	}
}
