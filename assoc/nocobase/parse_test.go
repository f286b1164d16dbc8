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
	list, err := nocobase.Parse(strings.NewReader(`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "sortBy": "x"}]}`))
	require.NoError(t, err)
	require.Equal(t, nocobase.Names{"x"}, list[0].Fields[0].SortBy)
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                 "read collections: unexpected end of JSON input",
		`7`:                                "read collections: json: cannot unmarshal number",
		`{"fields": []}`:                   "a collection has no name",
		`[{"name": "a"}, {}]`:              "read collection 2: ",
		`{"name": "a", "inherits": "b"}`:   "collections that inherit, and views, are not supported",
		`{"name": "a", "inherits": ["b"]}`: "collections that inherit, and views, are not supported",
		`{"name": "a", "view": true}`:      "collections that inherit, and views, are not supported",
		`{"name": "a", "viewName": "v"}`:   "collections that inherit, and views, are not supported",
		`{"name": "a", "fields": [{"x"}]}`: "read collections: ",
		`{"name": "a", "fields": [{"name": 7, "type": "string"}]}`:                 "cannot unmarshal number",
		`{"name": "a", "fields": [{"type": "hasMany", "name": "b", "sortBy": 7}]}`: "cannot unmarshal number",
	} {
		_, err := nocobase.Parse(strings.NewReader(text))
		require.ErrorContains(t, err, want, text)
	}
	lost := errors.New("lost")
	_, err := nocobase.Parse(iotest.ErrReader(lost))
	require.ErrorIs(t, err, lost)
}
