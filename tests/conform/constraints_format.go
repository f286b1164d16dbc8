package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// The format of constraint recordings; see the README beside them. What describes a run is read strictly: a field that is
// not known here fails the scenario. What surrounds it (who recorded it, how often) is passed over.
type (
	scenario struct {
		Name            string      `json:"name"`
		Topic           string      `json:"topic"`
		Tables          []tableSpec `json:"tables"`
		Steps           []step      `json:"steps"`
		FailedStatement string      `json:"failedStatement"`
		folder          string      // written, random, order-dependent, timing-dependent
		unreadable      string      // why it cannot be run
	}
	tableSpec struct {
		Name        string       `json:"name"`
		Columns     []columnSpec `json:"columns"`
		PrimaryKey  []string     `json:"primaryKey"`
		Unique      []uniqueSpec `json:"unique"`
		ForeignKeys []keySpec    `json:"foreignKeys"`
	}
	columnSpec struct {
		Name     string `json:"name"`
		Type     string `json:"type"`
		Nullable bool   `json:"nullable"`
		Default  any    `json:"default"`
	}
	uniqueSpec struct {
		Name              string   `json:"name"`
		Columns           []string `json:"columns"`
		NullsNotDistinct  bool     `json:"nullsNotDistinct"`
		Deferrable        bool     `json:"deferrable"`
		InitiallyDeferred bool     `json:"initiallyDeferred"`
	}
	keySpec struct {
		Name       string   `json:"name"`
		Columns    []string `json:"columns"`
		References struct {
			Table   string   `json:"table"`
			Columns []string `json:"columns"`
		} `json:"references"`
		OnDelete          string   `json:"onDelete"`
		OnUpdate          string   `json:"onUpdate"`
		SetColumns        []string `json:"setColumns"`
		Match             string   `json:"match"`
		Deferrable        bool     `json:"deferrable"`
		InitiallyDeferred bool     `json:"initiallyDeferred"`
	}
	step struct {
		Op          string             `json:"op"`
		Table       string             `json:"table"`
		Columns     []string           `json:"columns"`
		Rows        [][]any            `json:"rows"`
		Where       map[string]any     `json:"where"`
		Set         map[string]any     `json:"set"`
		Add         map[string]any     `json:"add"`
		Map         map[string][][]any `json:"map"`
		Name        string             `json:"name"`
		Constraints any                `json:"constraints"`
		Mode        string             `json:"mode"`
		Outcome     *outcome           `json:"outcome"`
		Outcomes    []alternative      `json:"outcomes"`  // order-dependent
		Otherwise   []alternative      `json:"otherwise"` // timing-dependent
	}
	alternative struct {
		Outcome *outcome `json:"outcome"`
	}
	outcome struct {
		Rows       *int               `json:"rows"`
		Tables     map[string][][]any `json:"tables"`
		Error      *failure           `json:"error"`
		RolledBack bool               `json:"rolledBack"`
	}
	failure struct {
		Class      string `json:"class"`
		OrClass    words  `json:"orClass"`
		SQLState   string `json:"sqlstate"`
		Constraint string `json:"constraint"`
		Table      string `json:"table"`  // of notNull
		Column     string `json:"column"` // of notNull
	}
)

// words is a list of words, or one word.
type words []string

// UnmarshalJSON reads both forms.
func (w *words) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) {
		*w = make(words, 1)
		return json.Unmarshal(data, &(*w)[0])
	}
	return json.Unmarshal(data, (*[]string)(w))
}

// UnmarshalJSON refuses fields that it does not know.
func (t *tableSpec) UnmarshalJSON(data []byte) error {
	type plain tableSpec
	return strictly(data, (*plain)(t))
}

// UnmarshalJSON refuses fields that it does not know. It leaves the outcomes, which may tell more, to be read leniently.
func (st *step) UnmarshalJSON(data []byte) error {
	type plain step
	fields := map[string]json.RawMessage{}
	if err := leniently(data, &fields); err != nil {
		return err
	}
	for name, into := range map[string]any{"outcome": &st.Outcome, "outcomes": &st.Outcomes, "otherwise": &st.Otherwise} {
		if raw, ok := fields[name]; ok {
			if err := leniently(raw, into); err != nil {
				return err
			}
			delete(fields, name)
		}
	}
	for _, note := range []string{"about", "note"} {
		delete(fields, note)
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return strictly(rest, (*plain)(st))
}

// leniently passes over what it does not know. It keeps integers beyond 2^53 exact.
func leniently(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the first JSON value")
	}
	return nil
}

func strictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// readScenarios reads every recording below dir, in the order of the files' names. A file holds one or a list of them.
// One that cannot be read is a scenario that fails.
func readScenarios(dir string) ([]*scenario, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var out []*scenario
	err = eachRecording(dir, func(path string, data []byte) int {
		read := readFile(path, data)
		for _, s := range read {
			s.folder = filepath.Base(filepath.Dir(path))
		}
		out = append(out, read...)
		return len(read)
	})
	return out, err
}

func readFile(path string, data []byte) []*scenario {
	raw := []json.RawMessage{data}
	var fault error
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		fault = leniently(data, &raw)
		if fault == nil && len(raw) == 0 {
			fault = errors.New("the list is empty")
		}
	}
	if fault != nil {
		return []*scenario{{Name: filepath.Base(path), unreadable: fault.Error()}}
	}
	var out []*scenario
	for i, one := range raw {
		out = append(out, readScenario(fmt.Sprintf("%s, number %d", filepath.Base(path), i+1), one))
	}
	return out
}

func readScenario(place string, data []byte) *scenario {
	s := new(scenario)
	if err := leniently(data, s); err != nil {
		s.unreadable = err.Error()
	} else if err := s.validate(); err != nil {
		s.unreadable = err.Error()
	}
	if s.Name == "" {
		s.Name = place
	}
	return s
}

// topicOf is what a scenario is counted under.
func (s *scenario) topicOf() string {
	if slices.Contains([]string{"order-dependent", "timing-dependent"}, s.folder) || s.Topic == "" {
		return s.folder
	}
	return s.Topic
}
