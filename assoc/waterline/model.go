package waterline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// Model is a model as it is written.
type Model struct {
	// Identity is the name by which associations and [Ontology.Collection] mean the model. Case does not count.
	Identity string `json:"identity,omitempty"`
	// Connection, or Datastore, names the datastore that keeps the records; [DefaultDatastore] if both are empty.
	Connection string `json:"connection,omitempty"`
	Datastore  string `json:"datastore,omitempty"`
	// TableName is the name of the table; the identity, as it is written, if empty.
	TableName  string     `json:"tableName,omitempty"`
	Attributes Attributes `json:"attributes"`
	// CascadeOnDestroy makes every destroy one with [Criteria].Cascade.
	CascadeOnDestroy bool `json:"cascadeOnDestroy,omitempty"`
}

// DefaultDatastore is the name of the datastore of models that name none.
const DefaultDatastore = "default"

// Attributes are the attributes of a model by name: the name of a type, or an [Attribute], or a map that says the same.
//
//	Attributes{"firstName": "string", "pets": Attribute{Collection: "pet", Via: "owner"}}
//
// A model of whose attributes none is a primary key has a number "id" that counts up.
type Attributes map[string]any

// Attribute is a column of a model, or an association.
type Attribute struct {
	// Type is string, text, integer, float, number, boolean, date, datetime, binary, json or array. A number that is a
	// primary key is an integer. A foreign key has the type of the key that it refers to, whether or not it says so.
	Type string `json:"type,omitempty"`
	// ColumnName is the name of the column; that of the attribute if empty.
	ColumnName    string `json:"columnName,omitempty"`
	PrimaryKey    bool   `json:"primaryKey,omitempty"`
	AutoIncrement bool   `json:"autoIncrement,omitempty"`
	Unique        bool   `json:"unique,omitempty"`
	Required      bool   `json:"required,omitempty"`
	// DefaultsTo is the value of records that are created without one.
	DefaultsTo any `json:"defaultsTo,omitempty"`
	// Model is the identity of the model that the attribute refers to: it is a foreign key.
	Model string `json:"model,omitempty"`
	// Collection is the identity of the model that the attribute leads to any number of records of. Via is the attribute
	// there that leads back: a Model, and the two are a one-to-many, or a Collection, and they are a many-to-many.
	Collection string `json:"collection,omitempty"`
	Via        string `json:"via,omitempty"`
	// Through is the identity of a model whose records join the two; Via is then its attribute that refers to this model.
	Through string `json:"through,omitempty"`
	// Dominant says that the junction of a many-to-many over two datastores lives on this side.
	Dominant bool `json:"dominant,omitempty"`
}

// UnmarshalJSON reads attributes. What an attribute does not know is refused.
func (a *Attributes) UnmarshalJSON(text []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	*a = Attributes{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		var typ string
		text := raw[name]
		if json.Unmarshal(text, &typ) == nil {
			(*a)[name] = typ
			continue
		}
		var one Attribute
		if err := types.CheckOptions("attribute "+name, text, types.OptionsOf(reflect.TypeFor[Attribute]())); err != nil {
			return err
		}
		if err := strictly(bytes.NewReader(text), &one); err != nil {
			return fmt.Errorf("attribute %s: %w", name, err)
		}
		one.DefaultsTo = plainNumber(one.DefaultsTo)
		(*a)[name] = one
	}
	return nil
}

// attribute is what an entry of [Attributes] says.
func attribute(v any) (Attribute, error) {
	switch v := v.(type) {
	case string:
		return Attribute{Type: v}, nil
	case Attribute:
		return v, nil
	case map[string]any:
		var a Attribute
		text, err := json.Marshal(v)
		if err == nil {
			err = types.CheckOptions("it", text, types.OptionsOf(reflect.TypeFor[Attribute]()))
		}
		if err == nil {
			err = strictly(bytes.NewReader(text), &a)
		}
		a.DefaultsTo = plainNumber(a.DefaultsTo)
		return a, err
	}
	return Attribute{}, fmt.Errorf("%T is no attribute", v)
}

// cureFor is what to do about an error of [attribute].
func cureFor(err error) string {
	if e := types.AsError(err); e != nil {
		return e.Hint
	}
	return "write a type or an Attribute"
}

// Parse reads models from JSON: one, a list, {"models": [...]}, or an object with a model under each identity. A key that
// is not known is refused. Errors are of kind [memrel.ErrDefinition].
func Parse(r io.Reader) ([]Model, error) {
	if r == nil {
		return nil, &memrel.Error{Kind: memrel.ErrDefinition, Op: "parse", Detail: "the reader is nil", Hint: "give what is to be read"}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	models, err := parse(text)
	if e := types.AsError(err); e != nil { // an option that there is not
		return nil, e
	}
	if err != nil {
		return nil, &memrel.Error{Kind: memrel.ErrDefinition, Op: "parse", Detail: "these are no models: " + err.Error(),
			Hint: `write {"identity": {"attributes": {...}}}, or a list of models`}
	}
	return models, nil
}

// UnmarshalJSON reads a model. What a model does not know is refused.
func (m *Model) UnmarshalJSON(text []byte) error {
	type plain Model
	err := types.CheckOptions("the model", text, types.OptionsOf(reflect.TypeFor[Model]()))
	if err == nil {
		err = strictly(bytes.NewReader(text), (*plain)(m))
	}
	if e := types.AsError(err); e != nil {
		var named struct{ Identity string }
		_ = json.Unmarshal(text, &named) // without one nothing is named
		e.Op, e.Table = "parse", cmp.Or(named.Identity, m.Identity)
	}
	return err
}

func parse(text []byte) (models []Model, err error) {
	if text = bytes.TrimSpace(text); bytes.HasPrefix(text, []byte("[")) {
		return models, strictly(bytes.NewReader(text), &models)
	}
	var raw map[string]json.RawMessage
	if err := strictly(bytes.NewReader(text), &raw); err != nil {
		return nil, err
	}
	if list, ok := raw["models"]; ok && len(raw) == 1 && bytes.HasPrefix(list, []byte("[")) {
		return models, strictly(bytes.NewReader(list), &models)
	}
	if attributes, ok := raw["attributes"]; ok && raw["identity"] != nil && len(attributes) > 0 {
		models = make([]Model, 1)
		return models, strictly(bytes.NewReader(text), &models[0])
	}
	for _, identity := range slices.Sorted(maps.Keys(raw)) {
		m, text := Model{Identity: identity}, raw[identity]
		if string(text) == "null" {
			return nil, fmt.Errorf("%s: null is no model", identity)
		}
		if err := strictly(bytes.NewReader(text), &m); err != nil {
			return nil, fmt.Errorf("%s: %w", identity, err)
		}
		models = append(models, m)
	}
	return models, nil
}

// strictly reads one JSON value and refuses keys that are not known, and anything after it.
func strictly(r io.Reader, to any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after it")
	}
	return nil
}

// plainNumber is a number of JSON as the Go number that a program would write.
func plainNumber(v any) any {
	n, ok := v.(json.Number)
	if !ok {
		return v
	}
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, _ := n.Float64()
	return f
}
