package main

import (
	"cmp"
	"encoding/json"
)

// The format of ontology recordings; see the README beside them. What describes a run is read strictly: a key that is not
// known here fails the scenario.
type (
	ontologyScenario struct {
		Name       string                      `json:"name"`
		About      string                      `json:"about"`
		Topics     []string                    `json:"topics"`
		Datastores []ontologyDatastore         `json:"datastores"`
		Models     []ontologyModel             `json:"models"`
		Steps      []ontologyStep              `json:"steps"`
		Recorded   map[string]ontologyRecorded `json:"recorded"`
	}
	ontologyDatastore struct {
		Name       string `json:"name"`
		NativeJoin *bool  `json:"nativeJoin"`
	}
	ontologyModel struct {
		Identity         string                       `json:"identity"`
		Datastore        string                       `json:"datastore"`
		TableName        string                       `json:"tableName"`
		CascadeOnDestroy bool                         `json:"cascadeOnDestroy"`
		Attributes       map[string]ontologyAttribute `json:"attributes"`
	}
	ontologyAttribute struct {
		Type          string `json:"type"`
		ColumnName    string `json:"columnName"`
		PrimaryKey    bool   `json:"primaryKey"`
		AutoIncrement bool   `json:"autoIncrement"`
		Unique        bool   `json:"unique"`
		Required      bool   `json:"required"`
		Model         string `json:"model"`
		Collection    string `json:"collection"`
		Via           string `json:"via"`
		Through       string `json:"through"`
		Dominant      bool   `json:"dominant"`
	}
	ontologyStep struct {
		Op       string         `json:"op"`
		Model    string         `json:"model"`
		As       string         `json:"as"`
		On       string         `json:"on"`
		Attr     string         `json:"attr"`
		Path     []any          `json:"path"`
		Value    any            `json:"value"`
		Values   map[string]any `json:"values"`
		Where    map[string]any `json:"where"`
		Sort     any            `json:"sort"`
		Skip     int            `json:"skip"`
		Limit    *int           `json:"limit"`
		Select   []string       `json:"select"`
		Populate []any          `json:"populate"` // names, or populations
		Cascade  bool           `json:"cascade"`
		IDs      any            `json:"ids"`
		Members  any            `json:"members"`
	}
	// ontologyRecorded is what one engine did. Calls, messages and the console are not compared.
	ontologyRecorded struct {
		Init   ontologyOutcome   `json:"init"`
		Layout ontologyLayout    `json:"layout"`
		Steps  []ontologyOutcome `json:"steps"`
		Tables map[string]any    `json:"tables"`
	}
	ontologyOutcome struct {
		OK    any             `json:"ok"`
		Error json.RawMessage `json:"error"`
	}
	ontologyLayout struct {
		Associations map[string]struct {
			Table  string `json:"table"`
			Column string `json:"column"`
		} `json:"associations"`
		Tables []ontologyTable `json:"tables"`
	}
	ontologyTable struct {
		Table     string                    `json:"table"`
		Datastore string                    `json:"datastore"`
		Junction  bool                      `json:"junction"`
		Columns   map[string]ontologyColumn `json:"columns"`
	}
	ontologyColumn struct {
		PrimaryKey bool   `json:"primaryKey"`
		References string `json:"references"`
	}
)

// names are what the scenario is about first, and what it is called.
func (s *ontologyScenario) names(file string) (topic, name string) {
	return append(s.Topics, "-")[0], cmp.Or(s.Name, file)
}

// read reads what describes the run strictly, and of the recordings what is compared.
func (s *ontologyScenario) read(data []byte) error {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	recorded := whole["recorded"]
	delete(whole, "recorded")
	rest, err := json.Marshal(whole)
	if err != nil {
		return err
	}
	if err := strictly(rest, s); err != nil {
		return err
	}
	return json.Unmarshal(recorded, &s.Recorded)
}
