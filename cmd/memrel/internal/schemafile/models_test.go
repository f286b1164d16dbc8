package schemafile

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

const modelsText = `{
 "tables": [{"name": "countries", "columns": [{"name": "id", "type": "int"}], "primaryKey": ["id"]}],
 "models": [
  {"name": "User", "options": {"name": {"plural": "people"}, "tableName": "users", "underscored": true, "timestamps": true, "updatedAt": false, "createdAt": "born"},
   "columns": [
    {"name": "email", "type": "STRING", "allowNull": false, "unique": true},
    {"name": "age", "type": "SMALLINT", "validate": {"min": 0}, "defaultValue": 18},
    {"name": "country", "type": "INT", "unique": "place", "references": {"model": "countries", "key": "id"}, "onDelete": "SET NULL"}]}],
 "associations": [
  {"source": "User", "kind": "hasMany", "target": "Post", "options": {"as": "articles", "foreignKey": {"name": "authorId", "allowNull": false}, "onDelete": "CASCADE", "onUpdate": "NO ACTION"}},
  {"source": "User", "kind": "belongsToMany", "target": "User", "options": {"as": {"singular": "friend", "plural": "friends"}, "foreignKey": "a",
    "otherKey": "b", "sourceKey": "email", "targetKey": "email", "through": {"model": "Friends", "unique": false}, "uniqueKey": "pair", "constraints": false}},
  {"source": "Post", "kind": "belongsTo", "target": "User"}]}`

func TestModelsAndAssociationsInSequelizesWords(t *testing.T) {
	got, err := Parse([]byte(modelsText))
	require.NoError(t, err)
	require.Equal(t, "countries", got.Tables[0].Name)
	require.Equal(t, []memrel.ModelSpec{{Name: "User", Names: assoc.Names{Plural: "people"}, TableName: "users", Underscored: true,
		Timestamps: true, CreatedAt: "born", UpdatedAt: "-", Columns: []memrel.Attribute{
			{Column: memrel.Column{Name: "email", Type: memrel.String, Size: 255, NotNull: true}, Unique: true},
			{Column: memrel.Column{Name: "age", Type: memrel.Int, Size: 16, Default: json.Number("18")}, Min: json.Number("0")},
			{Column: memrel.Column{Name: "country", Type: memrel.Int}, UniqueKey: "place", References: "countries", RefKey: "id", OnDelete: memrel.SetNull},
		}}}, got.Models)
	require.Equal(t, []memrel.AssociationSpec{
		{Source: "User", Kind: assoc.HasMany, Target: "Post", Options: assoc.Options{As: "articles", OnDelete: memrel.Cascade, OnUpdate: memrel.NoAction,
			ForeignColumn: &memrel.Attribute{Column: memrel.Column{Name: "authorId", NotNull: true}}}},
		{Source: "User", Kind: assoc.BelongsToMany, Target: "User", Options: assoc.Options{As: "friends", Singular: "friend", ForeignKey: "a", OtherKey: "b",
			SourceKey: "email", TargetKey: "email", Through: "Friends", NotUnique: true, UniqueKey: "pair", Unconstrained: true}},
		{Source: "Post", Kind: assoc.BelongsTo, Target: "User"},
	}, got.Associations)
	require.Len(t, got.All(), 5)
}

// A number in a definition is exact, whatever the form.
func TestNumbersAreExact(t *testing.T) {
	const n = "9007199254740993"
	for _, text := range []string{
		`{"t":{"columns":[{"name":"id","type":"BIGINT","allowNull":false,"default":` + n + `},{"name":"j","type":"JSON","default":{"n":` + n + `.50}}],"primaryKey":["id"]}}`,
		`{"models":[{"name":"T","options":{"tableName":"t"},"columns":[{"name":"id","type":"BIGINT","primaryKey":true,"defaultValue":` + n + `,"validate":{"max":` + n + `}},{"name":"j","type":"JSON","defaultValue":{"n":` + n + `.50}}]}]}`,
		`[{"name":"t","columns":[{"name":"id","type":"int","default":` + n + `},{"name":"j","type":"json","default":{"n":` + n + `.50}}],"primaryKey":["id"]}]`,
	} {
		defs, err := Parse([]byte(text))
		require.NoError(t, err)
		db, err := memrel.Open(defs.All()...)
		require.NoError(t, err)
		row, err := memrel.RowsOf("t").Insert(db, memrel.Values{})
		require.NoError(t, err)
		require.EqualValues(t, int64(9007199254740993), row.Get("id"))
		require.Equal(t, `{"n":9007199254740993.50}`, string(row.Get("j").(json.RawMessage)))
		for err := range db.Check() {
			t.Error(err)
		}
	}
}
