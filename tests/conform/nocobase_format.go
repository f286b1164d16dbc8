package main

import (
	"encoding/json"
	"strings"

	"github.com/memrel/memrel/assoc/nocobase/repository"
)

// The format of collection recordings; see the README beside them. What describes a run is read strictly: a key that is not
// known here fails the scenario.
type (
	collectionScenario struct {
		Format int              `json:"format"`
		ID     string           `json:"id"`
		Area   string           `json:"area"`
		Title  string           `json:"title"`
		Note   string           `json:"note"`
		Steps  []collectionStep `json:"steps"`

		unread string // why it cannot be read
	}
	collectionStep struct {
		Op              string            `json:"op"`
		Collections     []json.RawMessage `json:"collections"` // definitions, or names
		Collection      string            `json:"collection"`
		Records         any               `json:"records"`
		Truncate        bool              `json:"truncate"`
		IndividualHooks *bool             `json:"individualHooks"`
		Where           map[string]any    `json:"where"`
		Path            string            `json:"path"`
		Of              any               `json:"of"`
		Args            []any             `json:"args"`
		Steps           []collectionStep  `json:"steps"`
		End             string            `json:"end"`
		Expect          collectionOutcome `json:"expect"`
		Warnings        []recordedWarning `json:"warnings"`
		Events          *[]string         `json:"events"`
		repositoryOptions
	}
	// repositoryOptions are what the operations of a repository take, and the methods of a relation.
	repositoryOptions struct {
		repository.Find
		repository.Write
		Values     any             `json:"values"`
		FilterKeys []string        `json:"filterKeys"`
		Tk         any             `json:"tk"`
		Method     string          `json:"method"` // of an aggregate
		Field      json.RawMessage `json:"field"`  // of an aggregate, or a definition
	}
	collectionOutcome struct {
		Value any `json:"value"`
		Error *struct {
			Class   string `json:"class"`
			Message string `json:"message"`
		} `json:"error"`
		Diverges bool `json:"diverges"`
	}
	recordedWarning struct {
		Kind        string `json:"kind"`
		Text        string `json:"text,omitempty"`
		Source      string `json:"source"`
		SourceField string `json:"sourceField"`
		Target      string `json:"target"`
		TargetField string `json:"targetField"`
		Kept        string `json:"kept"`
		Refused     string `json:"refused"`
	}
)

// area is the first part of the id: ref, del, key.
func (s *collectionScenario) area() string {
	area, _, _ := strings.Cut(s.ID, "-")
	return area
}

// readCollectionScenarios reads every collection recording below dir, in the order of the files' names. One that cannot be
// read is a scenario that fails.
func readCollectionScenarios(dir string) (out []*collectionScenario, err error) {
	err = eachRecording(dir, func(path string, data []byte) int {
		s := &collectionScenario{}
		if err := strictly(data, s); err != nil {
			s = &collectionScenario{ID: fileName(path), unread: err.Error()}
		}
		if s.ID == "" {
			s.ID = fileName(path)
		}
		out = append(out, s)
		return 1
	})
	return out, err
}
