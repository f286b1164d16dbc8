package waterline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// TestKeysAreCheckedInsideADatastore, and nowhere else.
func TestKeysAreCheckedInsideADatastore(t *testing.T) {
	o := open(oneToMany)
	User, Pet := o.Collection("user"), o.Collection("pet")
	_, err := Pet.Create(waterline.Values{"owner": 7})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	_, err = User.Create(waterline.Values{"pets": []any{waterline.Values{}}})
	require.NoError(t, err)
	_, err = User.Destroy(1)
	require.ErrorIs(t, err, memrel.ErrRestrict)
	_, err = User.Destroy(waterline.Criteria{Where: waterline.Where{"id": 1}, Cascade: true})
	require.NoError(t, err)
	pet, err := Pet.FindOne(1)
	require.NoError(t, err)
	require.Nil(t, pet.Get("owner"))
	noViolations(t, o)
}

// TestCheckListsWhatDangles across datastores, and inside one whose keys are not checked.
func TestCheckListsWhatDangles(t *testing.T) {
	for _, c := range []struct {
		name   string
		models string
		option waterline.Option
		want   string
	}{
		{"across", strings.Replace(oneToMany, `"pet":  {`, `"pet":  {"datastore": "other", `, 1), waterline.CheckOnWrite(true),
			"memrel: check pet: user 7 of the datastore default does not exist; at fault: pet[1]"},
		{"inside", oneToMany, waterline.CheckOnWrite(false), "memrel: check pet: user 7 of the datastore default does not exist; at fault: pet[1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := open(c.models, c.option)
			_, err := o.Collection("pet").Create(waterline.Values{"owner": 7})
			require.NoError(t, err)
			var found []string
			for err := range o.Check() {
				require.ErrorIs(t, err, memrel.ErrForeignKey)
				found = append(found, err.Error())
			}
			require.Equal(t, []string{c.want}, found)
		})
	}
}

// TestMembers are added once, moved, and looked up.
func TestMembers(t *testing.T) {
	for name, models := range map[string]string{"one datastore": manyToMany, "two datastores": strings.Replace(manyToMany, `"pet":  {`, `"pet":  {"datastore": "other", `, 1)} {
		t.Run(name, func(t *testing.T) {
			o := open(models)
			User, Pet := o.Collection("user"), o.Collection("pet")
			_, err := Pet.CreateEach([]waterline.Values{{}, {}, {}})
			require.NoError(t, err)
			_, err = User.CreateEach([]waterline.Values{{"pets": []int{1}}, {}})
			require.NoError(t, err)
			pets := func(user int) string {
				t.Helper()
				r, err := User.FindOne(user, waterline.Populate{Attr: "pets"})
				require.NoError(t, err)
				return ids(t, r.Many("pets"), nil)
			}
			require.NoError(t, User.AddToCollection([]int{1, 2}, "pets", []int{1, 2}))
			require.NoError(t, User.AddToCollection(1, "pets", 1), "a member that is one already")
			require.Equal(t, "1 2", pets(1))
			err = User.AddToCollection(1, "pets", []int{3, 77})
			require.ErrorContains(t, err, "pet 77 does not exist")
			require.ErrorIs(t, err, memrel.ErrNotFound)
			require.Equal(t, "1 2", pets(1), "all or nothing")
			require.ErrorIs(t, User.AddToCollection(55, "pets", 1), memrel.ErrNotFound)
			require.NoError(t, User.RemoveFromCollection(1, "pets", []int{1, 3}))
			require.Equal(t, "2", pets(1))
			require.Equal(t, "1 2", pets(2))
			require.NoError(t, User.ReplaceCollection(2, "pets", []int{2, 3}))
			require.Equal(t, "2 3", pets(2))
			_, err = User.Update(2, waterline.Values{"firstName": "B", "pets": []any{1, waterline.Values{"name": "new"}}})
			require.NoError(t, err)
			require.Equal(t, "1 4", pets(2))
			_, err = Pet.Destroy(4)
			require.NoError(t, err)
			require.Equal(t, "1", pets(2))
			_, err = User.Destroy(waterline.Where{})
			require.NoError(t, err)
			noViolations(t, o)
			r, err := Pet.FindOne(1, waterline.Populate{Attr: "owners"})
			require.NoError(t, err)
			require.Empty(t, r.Many("owners"))
		})
	}
}

// TestChildrenHaveOneParent in a one-to-many.
func TestChildrenHaveOneParent(t *testing.T) {
	o := open(oneToMany)
	User, Pet := o.Collection("user"), o.Collection("pet")
	_, err := User.CreateEach([]waterline.Values{{}, {}})
	require.NoError(t, err)
	_, err = Pet.CreateEach([]waterline.Values{{"owner": 1}, {"owner": 2}})
	require.NoError(t, err)
	require.ErrorContains(t, User.AddToCollection([]int{1, 2}, "pets", 1), "a member of pets has one parent, not 2")
	_, err = User.Update([]int{1, 2}, waterline.Values{"firstName": "L", "pets": []int{2}})
	require.ErrorContains(t, err, "a member of pets has one parent, not 2")
	first, err := User.FindOne(1)
	require.NoError(t, err)
	require.Nil(t, first.Get("firstName"), "all or nothing")
	require.NoError(t, User.RemoveFromCollection(1, "pets", []int{1, 2}), "the children of others stay as they are")
	require.NoError(t, User.AddToCollection(1, "pets", 2), "the child moves")
	found, err := Pet.Find(waterline.Criteria{Select: []string{"owner"}})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "owner": null}`, found[0].String())
	require.JSONEq(t, `{"id": 2, "owner": 1}`, found[1].String())
	_, err = User.Update(1, waterline.Values{"pets": []any{waterline.Values{"id": 1, "name": "renamed"}}})
	require.NoError(t, err)
	pet, err := Pet.FindOne(1)
	require.NoError(t, err)
	require.Equal(t, "renamed", pet.Get("name"))
	noViolations(t, o)
}

// TestNestedRecords are created first, taken as they are, or changed.
func TestNestedRecords(t *testing.T) {
	o := open(bothSides)
	User, Pet := o.Collection("user"), o.Collection("pet")
	user, err := User.Create(waterline.Values{"pet": waterline.Values{"name": "fido"}})
	require.NoError(t, err)
	require.Equal(t, int64(1), user.Get("pet"))
	_, err = User.Create(waterline.Values{"pet": map[string]any{"id": 1, "name": "not renamed"}})
	require.NoError(t, err)
	_, err = User.Update(1, waterline.Values{"pet": waterline.Values{"id": 1, "breed": "labrador"}})
	require.NoError(t, err)
	user.Set("pet", waterline.Values{"name": "rex"})
	require.NoError(t, user.Save())
	require.Equal(t, int64(2), user.Get("pet"))
	found, err := Pet.Find(waterline.Criteria{Select: []string{"name", "breed"}})
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "name": "fido", "breed": "labrador"}`, found[0].String())
	require.JSONEq(t, `{"id": 2, "name": "rex", "breed": null}`, found[1].String())
	_, err = User.Create(waterline.Values{"firstName": 3, "pet": waterline.Values{"name": "stray"}})
	require.ErrorIs(t, err, memrel.ErrType)
	n, err := Pet.Count(nil)
	require.NoError(t, err)
	require.Equal(t, 2, n, "all or nothing")
	noViolations(t, o)
}

func TestFindOrCreate(t *testing.T) {
	o := open(bothSides)
	User := o.Collection("user")
	for _, want := range []bool{true, false} {
		r, created, err := User.FindOrCreate(waterline.Where{"firstName": "Foo"}, waterline.Values{"firstName": "Foo", "pet": waterline.Values{}})
		require.NoError(t, err)
		require.Equal(t, want, created)
		require.Equal(t, int64(1), r.Key())
	}
	noViolations(t, o)
}

// TestValuesAreRefused that mean nothing.
func TestValuesAreRefused(t *testing.T) {
	o := open(oneToMany)
	User, Pet := o.Collection("user"), o.Collection("pet")
	for _, c := range []struct {
		name   string
		create func() error
		want   string
	}{
		{"an unknown attribute", func() error { _, err := User.Create(waterline.Values{"nameless": 1}); return err }, "there is no attribute nameless"},
		{"a list for a key", func() error { _, err := Pet.Create(waterline.Values{"owner": []int{1}}); return err }, "a list is no value of owner"},
		{"a text for a number", func() error { _, err := Pet.Create(waterline.Values{"owner": "x"}); return err }, "x"},
		{"a text for members", func() error { _, err := User.Create(waterline.Values{"pets": "x"}); return err }, "x is no member of pets"},
		{"nil for members", func() error { _, err := User.Create(waterline.Values{"pets": nil}); return err }, "is no member of pets"},
		{"a member of nothing", func() error { return User.AddToCollection(1, "dogs", 1) }, "there is no collection dogs"},
		{"a member of a key", func() error { return Pet.AddToCollection(1, "owner", 1) }, "there is no collection owner"},
		{"a record of several", func() error { _, err := User.CreateEach([]waterline.Values{{}, {"x": 1}}); return err }, "row 2"},
	} {
		require.ErrorContains(t, c.create(), c.want, c.name)
	}
	user, err := User.Create(nil)
	require.NoError(t, err)
	require.ErrorIs(t, user.Add("name", 1), memrel.ErrUnknownAssociation)
	require.ErrorIs(t, user.Remove("pets", "x"), memrel.ErrType)
	require.NoError(t, user.Destroy())
	require.ErrorIs(t, user.Save(), memrel.ErrNotFound)
	noViolations(t, o)
}

// TestThroughAModel joins by records that have more to say.
func TestThroughAModel(t *testing.T) {
	const models = `{
		"user": {"attributes": {"pets": {"collection": "pet", "via": "owner", "through": "adoption"}}},
		"pet": {"datastore": "pets", "attributes": {"owners": {"collection": "user", "via": "animal", "through": "adoption"}}},
		"adoption": {"attributes": {"fee": {"type": "integer", "defaultsTo": 5}, "owner": {"model": "user"}, "animal": {"model": "pet"}}}
	}`
	o := open(strings.Replace(models, `"datastore": "pets", `, "", 1))
	_, err := o.Collection("user").Create(waterline.Values{"pets": []any{waterline.Values{}}})
	require.NoError(t, err)
	_, err = o.Collection("pet").Destroy(1)
	require.ErrorIs(t, err, memrel.ErrRestrict, "in one datastore the keys of a model are checked")
	noViolations(t, o)

	o = open(models)
	User, Pet, Adoption := o.Collection("user"), o.Collection("pet"), o.Collection("adoption")
	_, err = User.Create(waterline.Values{"pets": []any{waterline.Values{}, waterline.Values{}}})
	require.NoError(t, err)
	_, err = Adoption.Create(waterline.Values{"owner": 1, "animal": 1, "fee": 9})
	require.NoError(t, err, "a pair may be joined twice by records of a model")
	found, err := User.Find(nil, waterline.Populate{Attr: "pets"})
	require.NoError(t, err)
	require.Equal(t, "1 2", ids(t, found[0].Many("pets"), nil))
	_, err = Pet.Destroy(2)
	require.NoError(t, err)
	n, err := Adoption.Count(nil)
	require.NoError(t, err)
	require.Equal(t, 3, n, "records of a model stay")
	_, err = Pet.Destroy(waterline.Criteria{Where: waterline.Where{"id": 1}, Cascade: true})
	require.NoError(t, err)
	n, err = Adoption.Count(nil)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// TestASaveWritesPopulatedRecordsOfKeys, but not those of collections.
func TestASaveWritesPopulatedRecordsOfKeys(t *testing.T) {
	o := open(bothSides)
	User, Pet := o.Collection("user"), o.Collection("pet")
	_, err := User.Create(waterline.Values{"pet": waterline.Values{"name": "fido"}})
	require.NoError(t, err)
	user, err := User.FindOne(1, waterline.Populate{Attr: "pet"})
	require.NoError(t, err)
	user.One("pet").Set("name", "rex")
	require.NoError(t, user.Save())
	require.Equal(t, "rex", user.One("pet").Get("name"))
	pet, err := Pet.FindOne(1)
	require.NoError(t, err)
	require.Equal(t, "rex", pet.Get("name"))
	user.Set("pet", nil)
	require.NoError(t, user.Save())
	require.Nil(t, user.Get("pet"))
	noViolations(t, o)
}

// TestRecordsWithKeysOfTheirOwn are created by their collections, or taken if they exist.
func TestRecordsWithKeysOfTheirOwn(t *testing.T) {
	o := open(`{"country": {"attributes": {"code": {"type": "string", "primaryKey": true}, "spoken": {"collection": "language", "via": "places"}}},
		"language": {"attributes": {"iso": {"type": "string", "primaryKey": true}, "places": {"collection": "country", "via": "spoken"}}}}`)
	Country := o.Collection("country")
	ch, err := Country.Create(waterline.Values{"code": "CH", "spoken": []any{waterline.Values{"iso": "de"}}})
	require.NoError(t, err)
	require.NoError(t, ch.Add("spoken", waterline.Values{"iso": "fr"}, "de"))
	require.NoError(t, ch.Save())
	require.NoError(t, ch.Add("spoken", waterline.Values{"iso": "de"}))
	require.NoError(t, ch.Save())
	found, err := Country.Find(nil, waterline.Populate{Attr: "spoken", Sort: "iso DESC"})
	require.NoError(t, err)
	require.Equal(t, "fr de", ids(t, found[0].Many("spoken"), nil))
	noViolations(t, o)
}

// TestValuesOfJSON are those that a program reads: numbers are float64, and records stand for their keys.
func TestValuesOfJSON(t *testing.T) {
	o := open(oneToMany)
	var values waterline.Values
	require.NoError(t, json.Unmarshal([]byte(`{"id": 3, "firstName": "Foo", "pets": [{"id": 1, "name": "fido"}]}`), &values))
	_, err := o.Collection("pet").Create(waterline.Values{"name": "rex"})
	require.NoError(t, err)
	user, err := o.Collection("user").Create(values)
	require.NoError(t, err)
	var where waterline.Where
	require.NoError(t, json.Unmarshal([]byte(`{"id": [1, 2], "or": [{"owner": 3}, {"owner": null}]}`), &where))
	found, err := o.Collection("pet").Find(where)
	require.Equal(t, "1", ids(t, found, err))
	found, err = o.Collection("pet").Find(waterline.Where{"owner": []*waterline.Record{user}})
	require.Equal(t, "1", ids(t, found, err))
	_, err = o.Collection("pet").Find(2.5)
	require.ErrorIs(t, err, memrel.ErrType)
	noViolations(t, o)
}

// TestNoRecord is what FindOne finds where there is none: it may be asked, and is not saved.
func TestNoRecord(t *testing.T) {
	o := open(oneToMany)
	r, err := o.Collection("user").FindOne(7)
	require.NoError(t, err)
	require.Nil(t, r)
	require.Nil(t, r.Key())
	require.Nil(t, r.Get("firstName"))
	require.Nil(t, r.One("pets"))
	require.Nil(t, r.Map())
	require.Equal(t, "null", r.String())
	r.Set("firstName", "x")
	for _, err := range []error{r.Add("pets", 1), r.Remove("pets", 1), r.Save(), r.Destroy()} {
		require.ErrorIs(t, err, memrel.ErrNotFound)
	}
	_, err = o.Collection("pet").Create(waterline.Values{"owner": r})
	require.NoError(t, err)
}

// TestMapsThatContainThemselves are refused, and what is given is not held.
func TestMapsThatContainThemselves(t *testing.T) {
	o := open(`{"node": {"attributes": {"name": "string", "parent": {"model": "node"}, "children": {"collection": "node", "via": "parent"}}}}`)
	Node := o.Collection("node")
	values := waterline.Values{}
	values["parent"] = values
	_, err := Node.Create(values)
	require.ErrorIs(t, err, memrel.ErrLimit)
	where := waterline.Where{}
	where["or"] = []waterline.Where{where}
	_, err = Node.Find(where)
	require.ErrorIs(t, err, memrel.ErrLimit)

	root, err := Node.Create(nil)
	require.NoError(t, err)
	child := waterline.Values{"name": "child"}
	require.NoError(t, root.Add("children", child))
	child["name"] = "changed"
	require.NoError(t, root.Save())
	found, err := Node.FindOne(waterline.Where{"parent": root})
	require.NoError(t, err)
	require.Equal(t, "child", found.Get("name"))
	noViolations(t, o)
}

// TestRefusalsNameTheCure, and the model that they are about.
func TestRefusalsNameTheCure(t *testing.T) {
	o := open(wishlists)
	User := o.Collection("user")
	_, err := User.Create(waterline.Values{"email": "ann", "wishlist": []int{99}})
	require.ErrorIs(t, err, memrel.ErrNotFound)
	require.EqualError(t, err, "memrel: create: 1 operation failed, nothing is written; insert product_wishlistedBy__user_wishlist: "+
		"create user: product 99 does not exist and can be no member of wishlist; create it first")
	_, err = User.Create(waterline.Values{"email": "ann"})
	require.NoError(t, err)
	for _, refused := range []error{
		func() error { _, err := User.Destroy(nil); return err }(),
		func() error { _, err := User.Update(nil, waterline.Values{"email": "bob"}); return err }(),
		func() error { _, err := User.PreviewDestroy(nil); return err }(),
	} {
		require.ErrorIs(t, refused, memrel.ErrQuery)
		require.ErrorContains(t, refused, "user: there are no criteria; write Where{} to mean every record")
	}
	n, err := User.Count(waterline.Where{"email": "ann"})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	noViolations(t, o)
	_, err = waterline.Parse(strings.NewReader(`{"u": null}`))
	require.ErrorIs(t, err, memrel.ErrDefinition)
	require.ErrorContains(t, err, "u: null is no model")
}
