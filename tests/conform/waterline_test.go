package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const ontologyRecordings = "../testdata/waterline"

// TestOntologyRecordings runs a part of the recordings, and recordings of our own scenarios (own-) on the same four releases; the command
// runs any folder of them.
func TestOntologyRecordings(t *testing.T) {
	results, err := runWaterline(ontologyRecordings)
	require.NoError(t, err)
	require.Len(t, results, 114)
	var departed []string
	for _, r := range results {
		if r.difference != "" {
			t.Errorf("%s: %s", r.name, r.difference)
		}
		if r.departure != "" {
			departed = append(departed, r.name)
		}
	}
	require.Equal(t, []string{"add-to-collection-again", "destroy-cascade", "dominant-both", "dominant-neither",
		"own-cross-destroy", "own-queue-twice", "own-self-oneway"}, departed)
}

func ontologyScenarioOf(t *testing.T, name string) *ontologyScenario {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(ontologyRecordings, name+".json"))
	require.NoError(t, err)
	s := &ontologyScenario{}
	require.NoError(t, s.read(data))
	return s
}

// each changes the recordings of all engines.
func (s *ontologyScenario) each(change func(r *ontologyRecorded)) {
	for engine, r := range s.Recorded {
		change(&r)
		s.Recorded[engine] = r
	}
}

func TestTheOntologyRunnerBites(t *testing.T) {
	for _, c := range []struct {
		name, scenario string
		change         func(s *ontologyScenario)
		want           string
	}{
		{"another value", "create-with-pks", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Steps[0].OK.(map[string]any)["name"] = "other" })
		}, "step 0"},
		{"an error that did not come", "create-with-pks", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Steps[0].Error = json.RawMessage(`{}`) })
		}, "want error"},
		{"success where there was an error", "replace-collection-required", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Steps[5].Error = nil })
		}, "got error"},
		{"success of models that were refused", "dominant-neither", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Init.Error = json.RawMessage(`{}`) })
		}, "init: want error"},
		{"other final rows", "create-with-pks", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Tables["main"].(map[string]any)["user"] = []any{} })
		}, "final rows"},
		{"other rows between", "one-to-many-remove", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Tables["main"].(map[string]any)["pet"] = []any{} })
		}, "final rows"},
		{"another junction", "cross-many-to-many-methods", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Layout.Tables[0].Table = "other" })
		}, "layout"},
		{"another column of an association", "schema-through", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) {
				a := r.Layout.Associations["user.pets"]
				a.Column = "animal"
				r.Layout.Associations["user.pets"] = a
			})
		}, "associations"},
		{"the order of what was sorted", "populate-criteria-one-to-many-cross", func(s *ontologyScenario) {
			for i := range s.Steps {
				s.Steps[i].Sort = "id DESC"
			}
		}, "step 8"},
		{"engines that agree on parts alone", "find-by-association", func(s *ontologyScenario) {
			late := s.Recorded["0.15"]
			late.Steps[7].OK = []any{}
			s.Recorded["0.15"] = late
		}, "0.15: step 7"},
		{"a rule that excuses more than junction rows", "destroy-cascade", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) { r.Tables["main"].(map[string]any)["club"] = []any{} })
		}, "final rows"},
		{"a rule that excuses a junction row that joins what there is", "add-to-collection-again", func(s *ontologyScenario) {
			s.each(func(r *ontologyRecorded) {
				rows := r.Tables["main"].(map[string]any)["pet_owners__user_pets"].([]any)
				r.Tables["main"].(map[string]any)["pet_owners__user_pets"] = append(rows, map[string]any{"id": 9, "pet_owners": 3, "user_pets": 2})
			})
		}, "final rows"},
		{"an unknown operation", "create-with-pks", func(s *ontologyScenario) { s.Steps[0].Op = "dance" }, "does not know"},
		{"an instance that was not loaded", "add-missing", func(s *ontologyScenario) { s.Steps[2].As = "other" }, "no instance u"},
		{"nothing recorded", "add-missing", func(s *ontologyScenario) { s.Recorded = nil }, "nothing is recorded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ontologyScenarioOf(t, c.scenario)
			c.change(s)
			difference, departure := s.check()
			require.Contains(t, difference, c.want)
			require.Empty(t, departure)
		})
	}
	require.ErrorContains(t, (&ontologyScenario{}).read([]byte(`{"steps": [{"op": "find", "tpyo": 1}], "recorded": {}}`)), "tpyo")
}

// TestARemoveOfAnothersChildDeparts, and nothing before it may differ.
func TestARemoveOfAnothersChildDeparts(t *testing.T) {
	foreign := func(s *ontologyScenario) {
		s.Steps[3].Values["owner"] = json.Number("9")
		s.each(func(r *ontologyRecorded) {
			r.Steps[3].OK.(map[string]any)["owner"] = 9
			for _, i := range []int{4, 6} {
				record := r.Steps[i].OK.(map[string]any)
				record["pets"] = record["pets"].([]any)[:2]
			}
		})
	}
	s := ontologyScenarioOf(t, "one-to-many-remove")
	foreign(s)
	difference, departure := s.check()
	require.Empty(t, difference)
	require.Contains(t, departure, "a remove touches own children")

	s = ontologyScenarioOf(t, "one-to-many-remove")
	foreign(s)
	s.each(func(r *ontologyRecorded) { r.Steps[6].OK = nil })
	difference, departure = s.check()
	require.Contains(t, difference, "step 6")
	require.Empty(t, departure)
}
