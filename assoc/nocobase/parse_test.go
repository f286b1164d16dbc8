package nocobase_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/types"
)

const everything = `{"name":"posts","fields":[` +
	`{"type":"string","name":"title","allowNull":false,"unique":true,"index":true,"defaultValue":"?"},` +
	`{"type":"bigInt","name":"no","primaryKey":true,"autoIncrement":true},` +
	`{"type":"belongsToMany","name":"tags","target":"tags","through":"posts_tags","foreignKey":"post_id","otherKey":"tag_name",` +
	`"sourceKey":"no","targetKey":"name","onDelete":"SET NULL","onUpdate":"CASCADE","constraints":true,"sortBy":["-name","id"]}],` +
	`"tableName":"t_posts","filterTargetKey":"title","autoGenId":false,"timestamps":false,"paranoid":true,` +
	`"indexes":[{"fields":["title","no"],"unique":true}]}`

func TestACollectionIsTheSameAfterJSON(t *testing.T) {
	list, err := nocobase.Parse(strings.NewReader(everything))
	require.NoError(t, err)
	text, err := json.Marshal(list[0])
	require.NoError(t, err)
	require.JSONEq(t, everything, string(text))
	require.Equal(t, everything, string(text), "in the same order")
	again, err := nocobase.Parse(bytes.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, list, again)
}

// What a store has of a collection defines it again elsewhere.
func TestACollectionOfAStoreDefinesAnother(t *testing.T) {
	db := open(t, collection("users", field("hasMany", "posts"), field("string", "name")), collection("posts"))
	require.NoError(t, db.Define(nocobase.SetField("posts", onDelete("belongsTo", "user", "CASCADE")), nocobase.RemoveField("users", "name")))
	all := nocobase.Of(memrel.Associations(db))
	var defs []memrel.Definition
	for _, name := range all.Names() {
		c, _ := all.Collection(name)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		defs = append(defs, definitions(t, string(text))...)
	}
	other := open(t, defs...)
	require.Equal(t, references(db, "users"), references(other, "users"))
	require.Equal(t, bindings(db, "users"), bindings(other, "users"))
	require.Equal(t, columns(db, "posts"), columns(other, "posts"))
}

func TestParseReadsOneOrAListOrAnObjectWithAList(t *testing.T) {
	for _, text := range []string{`{"name": "a"}`, `[{"name": "a"}]`, `{"collections": [{"name": "a"}]}`,
		`{"name": "a", "title": "A", "inherits": [], "view": false, "viewName": "", "fields": null}`} {
		list, err := nocobase.Parse(strings.NewReader(text))
		require.NoError(t, err, text)
		require.Equal(t, []nocobase.Collection{{Name: "a"}}, list, text)
	}
	for _, text := range []string{`[]`, `{"collections": []}`} {
		list, err := nocobase.Parse(strings.NewReader(text))
		require.NoError(t, err)
		require.Empty(t, list)
	}
	list, err := nocobase.Parse(strings.NewReader(`{"name": "a", "filterTargetKey": ["b"]}`))
	require.NoError(t, err)
	require.Equal(t, "b", list[0].FilterTargetKey)
	list, err = nocobase.Parse(strings.NewReader(`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "sortBy": "x"}]}`))
	require.NoError(t, err)
	require.Equal(t, nocobase.Names{"x"}, list[0].Fields[0].SortBy)
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                             "memrel: parse collections: these are none: unexpected end of JSON input",
		`7`:                                            "memrel: parse collections: these are none: json: cannot unmarshal number",
		`{"fields": []}`:                               "a collection has no name",
		`[{"name": "a"}, {}]`:                          "memrel: parse collections: number 2: a collection has no name; give it a name",
		`{"name": "a", "inherits": "b"}`:               "collections that inherit, and views, are not supported",
		`{"name": "a", "inherits": ["b"]}`:             "collections that inherit, and views, are not supported",
		`{"name": "a", "view": true}`:                  "collections that inherit, and views, are not supported",
		`{"name": "a", "viewName": "v"}`:               "collections that inherit, and views, are not supported",
		`{"name": "a", "sql": "SELECT 1"}`:             "collections that inherit, and views, are not supported",
		`{"name": "a", "createdAt": false}`:            "createdAt: false: times that the store keeps cannot be chosen one by one; say timestamps or paranoid alone",
		`{"name": "a", "deletedAt": "gone"}`:           "deletedAt: gone: times that the store keeps",
		`{"name": "a", "feilds": []}`:                  "memrel: parse collections: number 1: collection a has an option feilds, which there is not; write fields, or leave it out",
		`{"name": "a", "paranoyd": true}`:              "write paranoid, or leave it out",
		`{"name": "a", "PARANOID": true}`:              "write paranoid, or leave it out",
		`{"name": "a", "tint": "red"}`:                 "collection a has an option tint, which there is not; leave it out",
		`{"name": "a", "filterTargetKey": ["b", "c"]}`: "collection a has a filterTargetKey of several fields; name one of them",
		`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "onDelet": "CASCADE"}]}`:  "field b has an option onDelet, which there is not; write onDelete, or leave it out",
		`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "ondelete": "CASCADE"}]}`: "write onDelete, or leave it out",
		`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "foreign_key": "x"}]}`:    "write foreignKey, or leave it out",
		`{"name": "a", "indexes": [{"field": ["b"]}]}`:                                       "index has an option field, which there is not; write fields, or leave it out",
		`{"name": "a", "indexes": [{"fields": ["b"], "where": {"c": 1}}]}`:                   "an index over some of the rows is not supported; leave out where",
		`{"name": "a", "fields": [{"x"}]}`:                                                   "memrel: parse collections: these are none: ",
		`{"name": "a", "fields": [{"name": 7, "type": "string"}]}`:                           "cannot unmarshal number",
		`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "sortBy": 7}]}`:           "cannot unmarshal number",
	} {
		_, err := nocobase.Parse(strings.NewReader(text))
		require.ErrorContains(t, err, want, text)
		require.ErrorIs(t, err, types.ErrDefinition, text)
		require.Equal(t, 1, strings.Count(err.Error(), "memrel: "), text)
		require.NotContains(t, err.Error(), "nocobase: ", text)
	}
	lost := errors.New("lost")
	_, err := nocobase.Parse(iotest.ErrReader(lost))
	require.ErrorIs(t, err, lost)
}

// Options that only say how things look, or that are for a database beneath, are passed over.
func TestOptionsOfDefinitionsInUseArePassedOver(t *testing.T) {
	list, err := nocobase.Parse(strings.NewReader(`[{"name": "a", "title": "{{t('A')}}", "dumpRules": {"group": "user"}, "migrationRules": ["overwrite"], "shared": true,
		"model": "M", "repository": "R", "sortable": "sort", "createdBy": true, "updatedBy": true, "logging": true, "origin": "core", "template": "tree", "hidden": true,
		"createdAt": true, "underscored": false, "fields": [{"type": "string", "name": "b", "interface": "input", "uiSchema": {"type": "string", "x-component": "Input"},
		"required": true, "trim": true, "validate": {"len": [1, 2]}, "hidden": false, "comment": "c"},
		{"type": "belongsToMany", "name": "cs", "reverseField": {"name": "as"}, "inherit": false}],
		"indexes": [{"type": "UNIQUE", "fields": ["b"], "name": "i"}, {"type": "BTREE", "fields": ["b"]}]}]`))
	require.NoError(t, err)
	require.Equal(t, []nocobase.Collection{{Name: "a", Fields: []nocobase.Field{{Type: "string", Name: "b"}, {Type: "belongsToMany", Name: "cs"}},
		Indexes: []nocobase.Index{{Fields: nocobase.Names{"b"}, Unique: true}, {Fields: nocobase.Names{"b"}}}}}, list)
}

func TestOfTwoFieldsOfOneNameTheLastCounts(t *testing.T) {
	db := open(t, collection("a", field("string", "b"), field("string", "c"), field("integer", "b")))
	c, _ := nocobase.Of(memrel.Associations(db)).Collection("a")
	require.Equal(t, []nocobase.Field{field("string", "c"), field("integer", "b")}, c.Fields)
}

// A relation that waits is held to its actions when it is defined: later it would stand in the way of the collection that it waits for.
func TestAWaitingRelationNamesActionsThatThereAre(t *testing.T) {
	db := open(t)
	refused(t, db, `a.bs: unknown referential action "CASCAD"`, collection("a", onDelete("hasMany", "bs", "CASCAD")))
	require.NoError(t, db.Define(collection("a")))
	refused(t, db, `a.bs: unknown referential action "NOTHING"`, nocobase.SetField("a", nocobase.Field{Type: "hasMany", Name: "bs", OnUpdate: "NOTHING"}))
	require.NoError(t, db.Define(collection("bs")))
}
