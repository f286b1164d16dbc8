package waterline_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// TestAContainerOfTheFirstVersionIsRead: it was written before stores kept anything for front ends.
func TestAContainerOfTheFirstVersionIsRead(t *testing.T) {
	text, err := os.ReadFile("testdata/version1.ontology")
	require.NoError(t, err)
	o, err := waterline.Load(bytes.NewReader(text))
	require.NoError(t, err)
	found, err := o.Collection("customer").FindOne(1, waterline.Populate{Attr: "wishlist"}, waterline.Populate{Attr: "visits"})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "name": "ann", "visits": [{"id": 1, "page": "/", "customer": 1}], "wishlist": [{"id": 1, "name": "socks"}]}`, found.String())
	noViolations(t, o)
}

// loaded is a store that was saved and loaded again.
func loaded(t *testing.T, db *memrel.DB, defs ...memrel.Definition) *memrel.DB {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	again, err := memrel.Load(&file, defs...)
	require.NoError(t, err)
	return again
}

// TestStoresOfAnOntologyAreSavedOneByOne, and reopened together, with their associations and without.
func TestStoresOfAnOntologyAreSavedOneByOne(t *testing.T) {
	o := open(three)
	_, err := o.Collection("customer").Create(waterline.Values{"name": "ann", "wishlist": []any{waterline.Values{"name": "socks"}},
		"visits": []any{waterline.Values{"page": "/"}}})
	require.NoError(t, err)
	for _, defs := range [][]memrel.Definition{nil, {waterline.Saved()}} {
		var stores []*memrel.DB
		for _, name := range o.Datastores() {
			stores = append(stores, loaded(t, o.Store(name), defs...))
		}
		again, err := waterline.Reopen(stores)
		require.NoError(t, err)
		require.Equal(t, held(t, o), held(t, again))
		require.Equal(t, o.Associations(), again.Associations())
		noViolations(t, again)

		_, err = waterline.Reopen(stores[:2])
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, "c: the datastore is not among the stores given; give it with Datastore")
		part, err := waterline.Reopen(stores[:2], waterline.Datastore("c", memrel.MustOpen()))
		require.NoError(t, err)
		n, err := part.Collection("visit").Count(nil)
		require.NoError(t, err)
		require.Zero(t, n)
	}
	withAssociations := loaded(t, o.Store("a"), waterline.Saved())
	require.NotNil(t, memrel.Associations(withAssociations))
	models, name, err := waterline.Kept(withAssociations.View())
	require.NoError(t, err)
	require.Equal(t, "a", name)
	require.Len(t, models, 3)
}

// TestTheFileOfTheOnlyDatastoreIsAnOntology.
func TestTheFileOfTheOnlyDatastoreIsAnOntology(t *testing.T) {
	o := open(`{"user": {"attributes": {"name": "string", "pets": {"collection": "pet", "via": "owner"}}},
		"pet": {"attributes": {"name": "string", "owner": {"model": "user"}}}}`)
	_, err := o.Collection("user").Create(waterline.Values{"name": "ann", "pets": []any{waterline.Values{"name": "rex"}}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, o.Store("default").View().Save(&file))
	again, err := waterline.Load(&file)
	require.NoError(t, err)
	require.Equal(t, held(t, o), held(t, again))
	noViolations(t, again)

	var one bytes.Buffer
	require.NoError(t, open(three).Store("a").View().Save(&one))
	_, err = waterline.Load(&one)
	require.ErrorIs(t, err, memrel.ErrDefinition, "the other datastores are not in the file")
	_, err = waterline.Reopen([]*memrel.DB{memrel.MustOpen()})
	require.ErrorIs(t, err, memrel.ErrFile)
	_, err = waterline.Reopen(nil)
	require.ErrorContains(t, err, "there are no stores")
	_, err = waterline.Reopen([]*memrel.DB{nil})
	require.ErrorIs(t, err, memrel.ErrDefinition)
	_, err = waterline.Reopen([]*memrel.DB{open(three).Store("a"), open(fleet).Store("b")})
	require.ErrorContains(t, err, "b: the datastore keeps other models than a")
}

// TestAFormKeepsHowAnOntologyWasOpened: keys that nothing checks dangle after loading as before, and the junction stays where a
// read-only datastore put it.
func TestAFormKeepsHowAnOntologyWasOpened(t *testing.T) {
	o := open(`{"user": {"attributes": {"name": "string"}}, "pet": {"attributes": {"owner": {"model": "user"}}}}`, waterline.CheckOnWrite(false))
	_, err := o.Collection("pet").Create(waterline.Values{"owner": 7})
	require.NoError(t, err)
	again, err := waterline.Reopen([]*memrel.DB{loaded(t, o.Store("default"), waterline.Saved())})
	require.NoError(t, err)
	_, err = again.Collection("pet").Create(waterline.Values{"owner": 8})
	require.NoError(t, err)
	require.Equal(t, 2, len(violations(again)))

	models, err := waterline.Parse(bytes.NewReader([]byte(`{"pet": {"datastore": "left", "attributes": {"users": {"collection": "user", "via": "pets"}}},
		"user": {"datastore": "right", "attributes": {"pets": {"collection": "pet", "via": "users"}}}}`)))
	require.NoError(t, err)
	whole, err := waterline.Open(models)
	require.NoError(t, err)
	left := whole.Store("left").View()
	half, err := waterline.Open(models, waterline.ReadOnly("left", left))
	require.NoError(t, err)
	require.Equal(t, "right", half.Associations()[0].Datastore)
	right := loaded(t, half.Store("right"), waterline.Saved())
	_, err = waterline.Reopen([]*memrel.DB{right})
	require.ErrorContains(t, err, "left: the datastore was read-only when the ontology was saved, and is not among the stores given; give it with ReadOnly")
	back, err := waterline.Reopen([]*memrel.DB{right}, waterline.ReadOnly("left", left))
	require.NoError(t, err)
	require.Equal(t, half.Associations(), back.Associations())
}

// violations are what the ontology finds wrong with itself.
func violations(o *waterline.Ontology) (out []error) {
	for err := range o.Check() {
		out = append(out, err)
	}
	return out
}

// TestModelsThatJSONDoesNotKeepAreSaidNotToBeKept: the tables are, exactly.
func TestModelsThatJSONDoesNotKeepAreSaidNotToBeKept(t *testing.T) {
	o, err := waterline.Open([]waterline.Model{{Identity: "a", Attributes: waterline.Attributes{"x": waterline.Attribute{Type: "binary", DefaultsTo: []byte("x")}}}})
	require.NoError(t, err)
	db := loaded(t, o.Store("default"), waterline.Saved())
	_, _, err = waterline.Kept(db.View())
	require.ErrorIs(t, err, memrel.ErrFile)
	require.ErrorContains(t, err, "the default of a.x is a []uint8, which JSON does not keep")
	row, err := memrel.RowsOf("a").Insert(db, memrel.Values{})
	require.NoError(t, err)
	require.Equal(t, []byte("x"), row.Get("x"))
}
