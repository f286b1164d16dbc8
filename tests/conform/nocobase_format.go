package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/memrel/memrel"
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
		Records         oneOrMany                      `json:"records"`
		Truncate        bool                           `json:"truncate"`
		IndividualHooks *bool                          `json:"individualHooks"`
		Where           map[string]any                 `json:"where"`
		Path            string                         `json:"path"`
		Of              any                            `json:"of"`
		Args            []any                          `json:"args"`
		Steps           []collectionStep               `json:"steps"`
		End             string                         `json:"end"`
		Expect          collectionOutcome              `json:"expect"`
		Warnings        []map[string]string            `json:"warnings"`
		Events          *[]string                      `json:"events"`
		repositoryOptions
	}
	// repositoryOptions are what the operations of a repository take, and the methods of a relation.
	repositoryOptions struct {
		repository.Find
		repository.Write
		Values     oneOrMany               `json:"values"`
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
	// oneOrMany are the values of a row, or of several.
	oneOrMany struct {
		rows []memrel.Values
		many bool
	}
	collectionOutcome struct {
		Value    any            `json:"value"`
		Error    *recordedError `json:"error"`
		Diverges bool           `json:"diverges"`
	}
	recordedError struct {
		Class   string `json:"class"`
		Message string `json:"message"`
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

// UnmarshalJSON reads an object, or a list of them.
func (v *oneOrMany) UnmarshalJSON(text []byte) error {
	if v.many = text[0] == '['; v.many {
		return strictly(text, &v.rows)
	}
	v.rows = make([]memrel.Values, 1)
	return strictly(text, &v.rows[0])
}

func (s *collectionScenario) read(data []byte) error { return strictly(data, s) }

// names are the area, which is the first part of the id (ref, del, key), and the id.
func (s *collectionScenario) names(file string) (topic, name string) {
	name = cmp.Or(s.ID, file)
	topic, _, _ = strings.Cut(name, "-")
	return topic, name
}
