package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"

	"github.com/memrel/memrel"
)

// The format of association recordings; see the README beside them.
type (
	recording struct {
		Name         string            `json:"name"`
		Topic        string            `json:"topic"`
		Tags         []string          `json:"tags"`
		Models       []recordedModel   `json:"models"`
		Associations []recordedAssoc   `json:"associations"`
		Derived      []json.RawMessage `json:"derived"`
		Schema       map[string]any    `json:"schema"`
		SchemaError  map[string]any    `json:"schemaError"`
		Steps        []recordedStep    `json:"steps"`
		Final        map[string]any    `json:"final"`
		Alternatives []struct {
			Expects []map[string]any `json:"expects"`
			Final   map[string]any   `json:"final"`
		} `json:"alternatives"`

		unread string // why it cannot be read
	}
	// recordedWord is what becomes of one model's name.
	recordedWord struct {
		Model         string `json:"model"`
		Singular      string `json:"singular"`
		Plural        string `json:"plural"`
		Table         string `json:"table"`
		AliasSingular string `json:"aliasSingular"`
		Add           string `json:"add"`
		AddMultiple   string `json:"addMultiple"`
		Quirk         bool   `json:"quirk"`
	}
	recordedModel struct {
		Name    string           `json:"name"`
		Columns []recordedColumn `json:"columns"`
		Options struct {
			Timestamps      bool   `json:"timestamps"`
			CreatedAt       any    `json:"createdAt"`
			UpdatedAt       any    `json:"updatedAt"`
			Paranoid        bool   `json:"paranoid"` // the project's own recordings only
			TableName       string `json:"tableName"`
			FreezeTableName bool   `json:"freezeTableName"`
			Underscored     bool   `json:"underscored"`
			Name            struct {
				Singular string `json:"singular"`
				Plural   string `json:"plural"`
			} `json:"name"`
		} `json:"options"`
	}
	recordedColumn struct {
		Name          string `json:"name"`
		Type          string `json:"type"`
		AllowNull     *bool  `json:"allowNull"`
		Unique        any    `json:"unique"`
		DefaultValue  any    `json:"defaultValue"`
		PrimaryKey    bool   `json:"primaryKey"`
		AutoIncrement bool   `json:"autoIncrement"`
		Field         string `json:"field"`
		Validate      struct {
			Min any `json:"min"`
			Max any `json:"max"`
		} `json:"validate"`
		References *struct {
			Model string `json:"model"`
			Key   string `json:"key"`
		} `json:"references"`
		OnDelete memrel.Action `json:"onDelete"`
		OnUpdate memrel.Action `json:"onUpdate"`
	}
	recordedAssoc struct {
		Source  string `json:"source"`
		Kind    string `json:"kind"`
		Target  string `json:"target"`
		Options struct {
			As          any           `json:"as"`
			ForeignKey  any           `json:"foreignKey"`
			OtherKey    any           `json:"otherKey"`
			SourceKey   string        `json:"sourceKey"`
			TargetKey   string        `json:"targetKey"`
			UniqueKey   string        `json:"uniqueKey"`
			Constraints *bool         `json:"constraints"`
			Timestamps  bool          `json:"timestamps"`
			OnDelete    memrel.Action `json:"onDelete"`
			OnUpdate    memrel.Action `json:"onUpdate"`
			Through     any           `json:"through"`
			Unique      *bool         `json:"unique"` // beside through, where it does nothing
			Scope       any           `json:"scope"`  // the project's own recordings only
		} `json:"options"`
	}
	recordedStep struct {
		Do          string         `json:"do"`
		Model       string         `json:"model"`
		Values      map[string]any `json:"values"`
		Rows        []any          `json:"rows"`
		Validate    bool           `json:"validate"`
		Where       any            `json:"where"`
		Order       [][]any        `json:"order"`
		Limit       *int           `json:"limit"`
		Offset      int            `json:"offset"`
		Attributes  any            `json:"attributes"`
		Include     []any          `json:"include"`
		PK          any            `json:"pk"`
		On          map[string]any `json:"on"`
		Method      string         `json:"method"`
		Association string         `json:"association"`
		Action      string         `json:"action"`
		Targets     any            `json:"targets"`
		Through     map[string]any `json:"through"`
		Name        string         `json:"name"`
		Included    map[string]any `json:"included"`
		Autocommit  bool           `json:"autocommit"`
		// What only the project's own recordings have.
		Defaults       map[string]any `json:"defaults"`
		ConflictFields []string       `json:"conflictFields"`
		Fields         any            `json:"fields"`
		By             any            `json:"by"`
		Paranoid       *bool          `json:"paranoid"`

		Quirk  string         `json:"quirk"`
		Expect map[string]any `json:"expect"`
	}
)

// readRecordings reads every association recording below dir, in the order of the files' names. A file holds one, a list
// of them, or a list of names; one that cannot be read is a recording that fails.
func readRecordings(dir string) (out []*recording, words []recordedWord, err error) {
	err = eachRecording(dir, func(path string, data []byte) int {
		read, names, err := readRecording(data)
		if err != nil {
			read = []*recording{{Name: fileName(path), unread: err.Error()}}
		}
		for _, r := range read {
			if r.Topic == "" {
				r.Topic = filepath.Base(filepath.Dir(path))
			}
		}
		out, words = append(out, read...), append(words, names...)
		return len(read) + len(names)
	})
	return out, words, err
}

func readRecording(data []byte) ([]*recording, []recordedWord, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var one recording
		err := leniently(data, &one)
		return []*recording{&one}, nil, err
	}
	var words []recordedWord
	if err := leniently(data, &words); err != nil {
		return nil, nil, err
	}
	if len(words) > 0 && words[0].Plural != "" {
		return nil, words, nil
	}
	var many []*recording
	err := leniently(data, &many)
	return many, nil, err
}
