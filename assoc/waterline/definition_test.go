package waterline_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// TestModelsAreRefused has a model for each rule of definitions.
func TestModelsAreRefused(t *testing.T) {
	for _, c := range []struct{ name, models, want string }{
		{"no such type", `{"a": {"attributes": {"x": "strnig"}}}`, `a.x: there is no type "strnig"`},
		{"no such key", `{"a": {"attributes": {"x": {"type": "string", "colunmName": "y"}}}}`, "parse a: attribute x has an option colunmName, which there is not; write columnName, or leave it out"},
		{"no such key of a model", `{"a": {"attributes": {}, "tabelName": "y"}}`, "parse a: the model has an option tabelName, which there is not; write tableName, or leave it out"},
		{"something after it", `{} {}`, "something after it"},
		{"no such model", `{"a": {"attributes": {"x": {"model": "b"}}}}`, "a.x: there is no model b"},
		{"no such collection", `{"a": {"attributes": {"x": {"collection": "b"}}}}`, "a.x: there is no model b"},
		{"via nothing", `{"a": {"attributes": {"x": {"collection": "b", "via": "y"}}}, "b": {"attributes": {}}}`, "b has no attribute y"},
		{"via a value", `{"a": {"attributes": {"x": {"collection": "b", "via": "y"}}}, "b": {"attributes": {"y": "string"}}}`, "b.y does not lead back"},
		{"via another model", `{"a": {"attributes": {"x": {"collection": "b", "via": "y"}}}, "b": {"attributes": {"y": {"model": "b"}}}}`, "does not lead back"},
		{"via itself", `{"a": {"attributes": {"x": {"collection": "a", "via": "x"}}}}`, "via itself"},
		{"via of a model", `{"a": {"attributes": {"x": {"model": "a", "via": "x"}}}}`, "via and through belong to a collection"},
		{"model and collection", `{"a": {"attributes": {"x": {"model": "a", "collection": "a"}}}}`, "it is a model and a collection"},
		{"a key of another type", `{"a": {"attributes": {"x": {"model": "a", "type": "string"}}}}`, "but the key that it refers to is a int"},
		{"a collection with a type", `{"a": {"attributes": {"x": {"collection": "a", "type": "json"}}}}`, "a collection has no value"},
		{"a key with a default", `{"a": {"attributes": {"x": {"model": "a", "defaultsTo": 1}}}}`, "an association has no default"},
		{"a required collection", `{"a": {"attributes": {"x": {"collection": "a", "required": true}}}}`, "a collection has no column"},
		{"dominant of a value", `{"a": {"attributes": {"x": {"type": "string", "dominant": true}}}}`, "dominant belongs to a collection"},
		{"through nothing", `{"a": {"attributes": {"x": {"collection": "a", "via": "y", "through": "j"}}}}`, "there is no model j"},
		{"through what does not refer", `{"a": {"attributes": {"x": {"collection": "a", "via": "y", "through": "j"}}}, "j": {"attributes": {"y": "string"}}}`, "j.y does not refer to a"},
		{"through one key", `{"a": {"attributes": {"x": {"collection": "a", "via": "y", "through": "j"}}}, "j": {"attributes": {"y": {"model": "a"}}}}`, "it is not clear"},
		{"two primary keys", `{"a": {"attributes": {"x": {"type": "string", "primaryKey": true}, "y": {"type": "string", "primaryKey": true}}}}`, "two primary keys"},
		{"an id that is no key", `{"a": {"attributes": {"id": "integer"}}}`, "a.id: it is declared, but is no primary key"},
		{"a key of bytes", `{"a": {"attributes": {"x": {"type": "binary", "primaryKey": true}}}}`, "is no primary key"},
		{"one column twice", `{"a": {"attributes": {"x": {"type": "string", "columnName": "y"}, "y": "string"}}}`, "it has the column of x"},
		{"one table twice", `{"a": {"tableName": "t", "attributes": {}}, "b": {"tableName": "t", "attributes": {}}}`, "it has the table of a"},
		{"one identity twice", `[{"identity": "a", "attributes": {}}, {"identity": "A", "attributes": {}}]`, "defined twice"},
		{"no identity", `[{"attributes": {}}]`, "no identity"},
		{"two datastores", `{"a": {"connection": "x", "datastore": "y", "attributes": {}}}`, "two words for one thing"},
		{"the name of a junction", `{"a": {"attributes": {"x": {"collection": "a"}}}, "a_x__a_x_a": {"attributes": {}}}`, "its junction has the name"},
		{"a default of another type", `{"a": {"attributes": {"x": {"type": "integer", "defaultsTo": "y"}}}}`, "x"},
		{"dominant of a one-to-many", `{"a": {"datastore": "l", "attributes": {"x": {"collection": "b", "via": "y", "dominant": true}}},
			"b": {"datastore": "r", "attributes": {"y": {"model": "a"}}}}`, "a.x: dominant belongs to"},
		{"dominant of a through", `{"a": {"datastore": "l", "attributes": {"x": {"collection": "b", "via": "y", "through": "j", "dominant": true}}},
			"b": {"datastore": "r", "attributes": {}}, "j": {"attributes": {"y": {"model": "a"}, "z": {"model": "b"}}}}`, "a.x: dominant belongs to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			models, err := waterline.Parse(strings.NewReader(c.models))
			if err == nil {
				_, err = waterline.Open(models)
			}
			require.ErrorIs(t, err, memrel.ErrDefinition)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestModelsComeInAnyForm reads one model in every form that Parse and Attributes take.
func TestModelsComeInAnyForm(t *testing.T) {
	for _, form := range []string{
		`{"identity": "pet", "attributes": {"name": "string", "age": {"type": "integer", "defaultsTo": 3}}}`,
		`[{"identity": "pet", "attributes": {"name": "string", "age": {"type": "integer", "defaultsTo": 3}}}]`,
		`{"models": [{"identity": "Pet", "attributes": {"name": {"type": "string"}, "age": {"type": "integer", "defaultsTo": 3}}}]}`,
		`{"pet": {"attributes": {"name": "string", "age": {"type": "integer", "defaultsTo": 3}}}}`,
	} {
		o := open(form)
		pet, err := o.Collection("PET").Create(waterline.Values{"name": "fido"})
		require.NoError(t, err)
		require.JSONEq(t, `{"id": 1, "name": "fido", "age": 3}`, pet.String())
	}
	o, err := waterline.Open([]waterline.Model{{Identity: "pet", Attributes: waterline.Attributes{
		"name": map[string]any{"type": "string"}, "age": map[string]any{"type": "integer", "defaultsTo": 3}}}})
	require.NoError(t, err)
	pet, err := o.Collection("pet").Create(waterline.Values{"name": "fido"})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"id": int64(1), "name": "fido", "age": int64(3)}, pet.Map())
}

const dominanceModels = `{
	"user": {"connection": "left",  "attributes": {"pets": {"collection": "pet", "via": "owners" %U}}},
	"pet":  {"connection": "right", "attributes": {"owners": {"collection": "user" %P}}}
}`

// TestTheHomeOfAJunction is the datastore of the dominant side.
func TestTheHomeOfAJunction(t *testing.T) {
	for _, c := range []struct{ name, user, pet, home string }{
		{"the first is dominant", `, "dominant": true`, `, "via": "pets"`, "left"},
		{"the second is dominant", ``, `, "via": "pets", "dominant": true`, "right"},
		{"neither is dominant", ``, `, "via": "pets"`, "right"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(strings.NewReplacer("%U", c.user, "%P", c.pet).Replace(dominanceModels))
			_, there := o.Store(c.home).View().Schema("pet_owners__user_pets")
			require.True(t, there)
			_, err := o.Collection("user").Create(waterline.Values{"pets": []any{waterline.Values{}, waterline.Values{}}})
			require.NoError(t, err)
			found, err := o.Collection("pet").Find(nil, waterline.Populate{Attr: "owners"})
			require.NoError(t, err)
			require.Len(t, found[1].Many("owners"), 1)
			noViolations(t, o)
		})
	}
}

// TestASideWithoutViaHasAJunctionOfItsOwn, as all releases have it: each of the two is dominant in its own relation.
func TestASideWithoutViaHasAJunctionOfItsOwn(t *testing.T) {
	o := open(strings.NewReplacer("%U", "", "%P", "").Replace(dominanceModels))
	require.Equal(t, []string{"pet_owners__user_pets", "user"}, o.Store("left").View().Tables())
	require.Equal(t, []string{"pet", "pet_owners__user_owners_user"}, o.Store("right").View().Tables())
	require.Equal(t, "user.pets: it goes via pet.owners, which has no via, so that each of them has a junction of its own; "+
		`give pet.owners via: "pets"`, o.Diagnostics()[0].String())
	_, err := o.Collection("user").Create(waterline.Values{"pets": []any{waterline.Values{}}})
	require.NoError(t, err)
	pet, err := o.Collection("pet").FindOne(1, waterline.Populate{Attr: "owners"})
	require.NoError(t, err)
	require.Empty(t, pet.Many("owners"))
	noViolations(t, o)
}

// readOnlyPets is a view of a store that has the table of pets.
func readOnlyPets(t *testing.T) memrel.View {
	t.Helper()
	db, err := memrel.Open(memrel.Schema{Name: "pet", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, NotNull: true, AutoIncrement: true}},
		PrimaryKey: []string{"id"}})
	require.NoError(t, err)
	for range 3 {
		_, err = memrel.RowsOf("pet").Insert(db, nil)
		require.NoError(t, err)
	}
	return db.View()
}

func TestAReadOnlyDatastore(t *testing.T) {
	parsed := func(user, pet string) []waterline.Model {
		models, err := waterline.Parse(strings.NewReader(strings.NewReplacer("%U", user, "%P", pet).Replace(dominanceModels)))
		require.NoError(t, err)
		return models
	}
	readOnly := waterline.ReadOnly("right", readOnlyPets(t))
	_, err := waterline.Open(parsed("", `, "via": "pets", "dominant": true`), readOnly)
	require.ErrorContains(t, err, "the datastore right is read-only and cannot hold the junction")

	o, err := waterline.Open(parsed("", `, "via": "pets"`), readOnly)
	require.NoError(t, err, "where neither is dominant, the one that can be written is taken")
	require.Nil(t, o.Store("right"))
	_, err = o.Collection("user").Create(waterline.Values{"pets": []int{1, 3}})
	require.NoError(t, err)
	found, err := o.Collection("user").FindOne(1, waterline.Populate{Attr: "pets"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "pets": [{"id": 1}, {"id": 3}]}`, found.String())

	for name, write := range map[string]func() error{
		"create":  func() error { _, err := o.Collection("pet").Create(nil); return err },
		"update":  func() error { _, err := o.Collection("pet").Update(1, nil); return err },
		"destroy": func() error { _, err := o.Collection("pet").Destroy(1); return err },
		"nested":  func() error { return o.Collection("user").AddToCollection(1, "pets", 9) },
		"created by an association": func() error {
			_, err := o.Collection("user").Create(waterline.Values{"pets": []any{waterline.Values{}}})
			return err
		},
	} {
		require.Error(t, write(), name)
	}
	require.ErrorContains(t, o.Collection("pet").AddToCollection(1, "owners", 1), "read-only")
	n, err := o.Collection("user").Count(nil)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	noViolations(t, o)

	_, err = waterline.Open(parsed("", `, "via": "pets"`), waterline.ReadOnly("right", memrel.MustOpen()))
	require.ErrorContains(t, err, "has no table pet")
}

// TestTablesThatAreThereAreTakenOver opens models on a store that has some of their tables.
func TestTablesThatAreThereAreTakenOver(t *testing.T) {
	db := memrel.MustOpen()
	for range 2 {
		models, err := waterline.Parse(strings.NewReader(manyToMany))
		require.NoError(t, err)
		o, err := waterline.Open(models, waterline.Datastore("default", db))
		require.NoError(t, err)
		_, err = o.Collection("user").Create(waterline.Values{"pets": []any{waterline.Values{}}})
		require.NoError(t, err)
		noViolations(t, o)
	}
	require.NotNil(t, memrel.Associations(db).Association("user", "pets"))
	models, err := waterline.Parse(strings.NewReader(`{"pet": {"attributes": {"name": "integer"}}}`))
	require.NoError(t, err)
	_, err = waterline.Open(models, waterline.Datastore("default", db))
	require.ErrorContains(t, err, "has no column name of type int")
	_, err = waterline.Open(models, waterline.Datastore("default", db), waterline.Datastore("again", db))
	require.ErrorContains(t, err, "is the store of the datastore default already")
}

// TestNamesThatMeanTwoThings: an identity that is another model's table, a collection with the name of a column, a collection
// with the name of the model that it goes through.
func TestNamesThatMeanTwoThings(t *testing.T) {
	o := open(`{
		"a": {"tableName": "b", "attributes": {"bs": {"collection": "b", "via": "a"}, "x": {"type": "string", "columnName": "bs"}}},
		"b": {"tableName": "c", "attributes": {"a": {"model": "a", "type": "number"}, "j": {"collection": "a", "via": "right", "through": "j"}}},
		"j": {"attributes": {"left": {"model": "a"}, "right": {"model": "b"}}}
	}`)
	_, err := o.Collection("a").Create(waterline.Values{"x": "text", "bs": []any{waterline.Values{"j": []any{waterline.Values{"x": "joined"}}}}})
	require.NoError(t, err)
	found, err := o.Collection("a").FindOne(1, waterline.Populate{Attr: "bs"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "x": "text", "bs": [{"id": 1, "a": 1}]}`, found.String())
	found, err = o.Collection("b").FindOne(1, waterline.Populate{Attr: "j"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "a": 1, "j": [{"id": 2, "x": "joined"}]}`, found.String())
	noViolations(t, o)
}

// An option that there is not is told with the one that was meant, also in a map.
func TestAMapWithAnUnknownOptionIsRefused(t *testing.T) {
	_, err := waterline.Open([]waterline.Model{{Identity: "user", Attributes: waterline.Attributes{"pets": map[string]any{"colection": "pet"}}}})
	require.EqualError(t, err, "memrel: define user.pets: it has an option colection, which there is not; write collection, or leave it out")
}
