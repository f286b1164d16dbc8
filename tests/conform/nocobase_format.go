package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc/nocobase"
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
	}
	collectionStep struct {
		Op              string                         `json:"op"`
		Collections     []defined[nocobase.Collection] `json:"collections"`
		Collection      string                         `json:"collection"`
		Records         any                            `json:"records"`
		Truncate        bool                           `json:"truncate"`
		IndividualHooks *bool                          `json:"individualHooks"`
		Where           map[string]any                 `json:"where"`
		Path            string                         `json:"path"`
		Of              any                            `json:"of"`
		Args            []any                          `json:"args"`
		Steps           []collectionStep               `json:"steps"`
		End             string                         `json:"end"`
		Expect          collectionOutcome              `json:"expect"`
		Warnings        []recordedWarning              `json:"warnings"`
		Events          *[]string                      `json:"events"`
		repositoryOptions
	}
	// repositoryOptions are what the operations of a repository take, and the methods of a relation.
	repositoryOptions struct {
		repository.Find
		repository.Write
		Values     any                     `json:"values"`
		FilterKeys []string                `json:"filterKeys"`
		Tk         any                     `json:"tk"`
		Method     string                  `json:"method"` // of an aggregate
		Field      defined[nocobase.Field] `json:"field"`  // a definition, or of an aggregate
	}
	// defined is a definition, or the name of one that is there.
	defined[D any] struct {
		name string
		text []byte
		is   D
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

// UnmarshalJSON reads a name, or a definition that has one.
func (d *defined[D]) UnmarshalJSON(text []byte) error {
	d.text = slices.Clone(text)
	if json.Unmarshal(text, &d.name) == nil {
		return nil
	}
	var named struct{ Name string }
	err := errors.Join(json.Unmarshal(text, &named), json.Unmarshal(text, &d.is))
	d.name = named.Name
	return err
}

// fields are the fields that the step defines.
func (st *collectionStep) fields() (out []nocobase.Field) {
	if st.Op == "setField" {
		return []nocobase.Field{st.Field.is}
	}
	for _, c := range st.Collections {
		out = append(out, c.is.Fields...)
	}
	return out
}

func (s *collectionScenario) read(data []byte) error { return strictly(data, s) }

// names are the area, which is the first part of the id (ref, del, key), and the id.
func (s *collectionScenario) names(file string) (topic, name string) {
	name = cmp.Or(s.ID, file)
	topic, _, _ = strings.Cut(name, "-")
	return topic, name
}
