package nocobase

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Collection is a collection as it is written. It is a [table.Definition]: defining it makes its table, binds its fields
// and those that waited for it, and replaces a collection of the same name. Rows stay as far as their columns do.
type Collection struct {
	Name   string  `json:"name"`
	Fields []Field `json:"fields,omitempty"`
	// TableName is the name of the table; that of the collection if empty.
	TableName string `json:"tableName,omitempty"`
	// FilterTargetKey is the key by which rows of the collection are meant; the primary key if empty. A hasMany that names no
	// foreign key names it after this key.
	FilterTargetKey string `json:"filterTargetKey,omitempty"`
	// AutoGenID false leaves out the column id, which a collection has unless a field is a primary key.
	AutoGenID *bool `json:"autoGenId,omitempty"`
	// Timestamps false leaves out the columns createdAt and updatedAt, which the store keeps.
	Timestamps *bool `json:"timestamps,omitempty"`
	// Paranoid has deletes write the time into a column deletedAt instead of removing the row.
	Paranoid bool `json:"paranoid,omitempty"`
	// Tree makes the collection a tree of rows: "adjacencyList", or "adjacency-list". Of its fields the one that is TreeParent leads to the row above and
	// the one that is TreeChildren to the rows below; what they leave open is the collection itself and the foreign key parentId.
	Tree    string  `json:"tree,omitempty"`
	Indexes []Index `json:"indexes,omitempty"`
}

// Index is an index over fields, or a unique key. JSON may give it as the names of the fields alone.
type Index struct {
	Fields Names `json:"fields"`
	Unique bool  `json:"unique,omitempty"`
}

// UnmarshalJSON reads a collection. Options that mean nothing here, titles and the like, are passed over; one that nobody knows is refused.
func (c *Collection) UnmarshalJSON(text []byte) error {
	if err := checkOptions("collection", text, reflect.TypeFor[Collection](), collectionExtras); err != nil {
		return err
	}
	if err := checkBeyond(text); err != nil {
		return err
	}
	type plain Collection
	read := struct {
		*plain
		FilterTargetKey Names `json:"filterTargetKey"`
	}{plain: (*plain)(c)}
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	if len(read.FilterTargetKey) > 1 {
		return types.Refused(c.Name, "0A000", "name one of them", "collection %s has a filterTargetKey of several fields", c.Name)
	}
	c.FilterTargetKey = strings.Join(read.FilterTargetKey, "")
	return nil
}

// checkBeyond refuses what a collection of the recorded system can be and one here cannot.
func checkBeyond(text []byte) error {
	var beyond struct{ Inherits, View, ViewName, SQL, CreatedAt, UpdatedAt, DeletedAt any }
	if err := json.Unmarshal(text, &beyond); err != nil {
		return err
	}
	if given(beyond.Inherits) || given(beyond.View) || given(beyond.ViewName) || given(beyond.SQL) {
		return types.Refused("", "0A000", "define a collection of its own", "collections that inherit, and views, are not supported")
	}
	for _, kept := range []struct {
		name string
		v    any
	}{{createdAt, beyond.CreatedAt}, {updatedAt, beyond.UpdatedAt}, {deletedAt, beyond.DeletedAt}} {
		if kept.v != nil && kept.v != true && kept.v != kept.name && (kept.v != false || kept.name != deletedAt) {
			return types.Refused("", "0A000", "say timestamps or paranoid alone", "%s: %v: times that the store keeps cannot be chosen one by one", kept.name, kept.v)
		}
	}
	return nil
}

// UnmarshalJSON reads an index: an object, a list of names, or a name. The type UNIQUE says that it is unique, as well.
func (x *Index) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &x.Fields) == nil {
		return nil
	}
	if err := checkOptions("index", text, reflect.TypeFor[Index](), indexExtras); err != nil {
		return err
	}
	type plain Index
	beyond := struct {
		*plain
		Type  string `json:"type"`
		Where any    `json:"where"`
	}{plain: (*plain)(x)}
	if err := json.Unmarshal(text, &beyond); err != nil {
		return err
	}
	if given(beyond.Where) {
		return types.Refused("", "0A000", "leave out where", "an index over some of the rows is not supported")
	}
	x.Unique = x.Unique || strings.EqualFold(beyond.Type, "unique")
	return nil
}

// Field is a column or a relation: hasOne, hasMany, belongsTo, belongsToMany or belongsToArray. What it leaves open has a default.
type Field struct {
	Type string `json:"type"`
	Name string `json:"name"`

	// Of a column. AllowNull false is NOT NULL.
	AllowNull     *bool `json:"allowNull,omitempty"`
	PrimaryKey    bool  `json:"primaryKey,omitempty"`
	AutoIncrement bool  `json:"autoIncrement,omitempty"`
	Unique        bool  `json:"unique,omitempty"`
	Index         bool  `json:"index,omitempty"`
	DefaultValue  any   `json:"defaultValue,omitempty"`
	// Precision and Scale are the digits of a decimal in all and after the point; without a precision there is no bound.
	Precision int `json:"precision,omitempty"`
	Scale     int `json:"scale,omitempty"`

	// DataType "array" makes the column of an array or a set a list of one type of elements, ElementType, instead of JSON.
	DataType    string `json:"dataType,omitempty"`
	ElementType string `json:"elementType,omitempty"`
	// Hidden leaves the column out of rows as they are shown. It is stored and can be asked for in conditions.
	Hidden bool `json:"hidden,omitempty"`

	// Of a relation. Target is the collection that it leads to: the field's name, in the plural for hasOne and belongsTo, if
	// empty. Through is the junction of a belongsToMany, made if there is none of that name.
	Target     string `json:"target,omitempty"`
	Through    string `json:"through,omitempty"`
	ForeignKey string `json:"foreignKey,omitempty"`
	OtherKey   string `json:"otherKey,omitempty"`
	SourceKey  string `json:"sourceKey,omitempty"`
	// ThroughScope are columns of the junction with the values that the links of a belongsToMany have: others are not seen, and those that it
	// makes get them.
	ThroughScope map[string]any `json:"throughScope,omitempty"`
	// TargetKey is the key on the target that the foreign key of a belongsTo, or the other key of a belongsToMany, refers to. Of a
	// hasMany it is the column by which rows of the target are named in values; see [Binding].
	TargetKey string `json:"targetKey,omitempty"`
	// OnDelete gives the reference the priority of the user. OnUpdate has the foreign key checked on write in any case.
	OnDelete    string `json:"onDelete,omitempty"`
	OnUpdate    string `json:"onUpdate,omitempty"`
	Constraints bool   `json:"constraints,omitempty"`
	// SortBy orders the rows that are included by a relation to many: "name", "-score".
	SortBy Names `json:"sortBy,omitempty"`
	// Sortable asks for a column to sort the rows of a hasMany by, which is not supported; on other fields it means nothing.
	Sortable any `json:"sortable,omitempty"`
	// TreeParent and TreeChildren mark the two relations of a tree; see [Collection].Tree.
	TreeParent   bool `json:"treeParent,omitempty"`
	TreeChildren bool `json:"treeChildren,omitempty"`
}

// UnmarshalJSON reads a field. Numbers keep every digit. Options are as those of a collection.
func (f *Field) UnmarshalJSON(text []byte) error {
	if err := checkOptions("field", text, reflect.TypeFor[Field](), fieldExtras); err != nil {
		return err
	}
	type plain Field
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode((*plain)(f))
}

// Names is a list of names, which JSON may give as one.
type Names []string

// UnmarshalJSON reads a name or a list of names.
func (n *Names) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*n = Names{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(n))
}

// Define enters the collection into a batch of definitions.
func (c Collection) Define(b *table.Batch) error {
	c = types.Clone(c)
	b.Add(definition{"define " + c.Name, func(s *state) error { return s.define(c) }})
	return nil
}

// Parse reads collections from JSON: one, a list, or an object with the list under "collections". Options that mean nothing here, titles
// and the like, it passes over; inherits, views and options that nobody knows it refuses. Errors are of kind [types.ErrDefinition].
func Parse(r io.Reader) ([]Collection, error) {
	if r == nil {
		return nil, unreadable(errors.New("the reader is nil"))
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, &types.Error{Kind: types.ErrDefinition, Op: "parse", Table: "collections", Detail: "they cannot be read", Cause: err}
	}
	if _, err := types.ScanJSON(string(text)); err != nil {
		return nil, unreadable(err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		var object struct{ Collections []json.RawMessage }
		if err := json.Unmarshal(text, &object); err != nil {
			return nil, unreadable(err)
		}
		if list = object.Collections; list == nil {
			list = []json.RawMessage{text}
		}
	}
	out := make([]Collection, len(list))
	for i, one := range list {
		if out[i], err = parseOne(one); err != nil {
			return nil, refusedAt(i, err)
		}
	}
	return out, nil
}

// unreadable is the error for text that is no collections.
func unreadable(err error) error {
	return &types.Error{Kind: types.ErrDefinition, Op: "parse", Table: "collections", Detail: "these are none: " + types.DetailOf(err),
		Hint: `write {"name": "posts", "fields": [...]}, or a list of such`}
}

// refusedAt is the error of the collection at position i.
func refusedAt(i int, err error) error {
	e := types.AsError(err)
	if e == nil {
		e = types.AsError(unreadable(err))
		e.Detail = types.DetailOf(err)
	}
	e.Op, e.Table, e.Detail = "parse", "collections", fmt.Sprintf("number %d: %s", i+1, e.Detail)
	return e
}

func parseOne(text []byte) (c Collection, err error) {
	if err := json.Unmarshal(text, &c); err != nil {
		return c, err
	}
	if c.Name == "" {
		return c, types.Refused("", "42602", "give it a name", "a collection has no name")
	}
	return c, nil
}

// given tells whether a value says anything.
func given(v any) bool {
	list, ok := v.([]any)
	return v != nil && v != false && v != "" && (!ok || len(list) > 0)
}

// SetField is the definition of one field of a collection, which replaces a field of the same name.
func SetField(collection string, f Field) table.Definition {
	f = types.Clone(f)
	return definition{"set field " + collection + "." + f.Name, func(s *state) error { return s.setField(collection, f) }}
}

// RemoveField is the definition that a collection has a field no more. A column goes with its values; a foreign key column
// that was made for relations goes with the last of them. A field that is not there is refused.
func RemoveField(collection, field string) table.Definition {
	return definition{"remove field " + collection + "." + field, func(s *state) error { return s.removeField(collection, field) }}
}

// RemoveCollection is the definition that there is a collection no more: its rows go, and relations of others that lead to
// it wait for it again. A junction that a relation still leads through stays, as one that was made for the relation.
func RemoveCollection(name string) table.Definition {
	return definition{"remove collection " + name, func(s *state) error { return s.removeCollection(name) }}
}

// CheckOnWrite tells whether the row that a foreign key refers to must exist. Without that, which is how the recorded
// system works, keys may lead nowhere, and NO ACTION leaves rows behind that do; the other actions act all the same.
func CheckOnWrite(on bool) table.Definition {
	return definition{"check on write", func(s *state) error { s.unchecked = !on; return nil }}
}

// UniqueKeys tells whether a key that a foreign key refers to must be unique. Keys that are not can only be referred to
// without [CheckOnWrite].
func UniqueKeys(on bool) table.Definition {
	return definition{"unique keys", func(s *state) error { s.looseKeys = !on; return nil }}
}

// MaxIdentifier is the number of characters that names may have; [DefaultIdentifier] if it was never defined.
func MaxIdentifier(n int) table.Definition {
	return definition{"maximal identifier", func(s *state) error { s.maxName = n; return nil }}
}

// DefaultIdentifier is the number of characters that names may have by default. The recorded system refuses what
// PostgreSQL would cut: more than 63.
const DefaultIdentifier = 1000
