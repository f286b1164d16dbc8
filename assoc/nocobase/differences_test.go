package nocobase_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// The tests of this file are the differences that the package's documentation lists, one after the other.

func TestForeignKeysAreCheckedOnWriteUnlessTold(t *testing.T) {
	posts, users := memrel.RowsOf("posts"), memrel.RowsOf("users")
	blog := []memrel.Definition{collection("users", field("hasMany", "posts")), collection("posts", field("string", "title"))}
	db := open(t, blog...)
	_, err := posts.Insert(db, memrel.Values{"userId": 7})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	insert(t, db, "users", memrel.Values{})
	insert(t, db, "posts", memrel.Values{"userId": 1})
	_, err = users.Delete(db, 1)
	require.ErrorIs(t, err, memrel.ErrForeignKey, "NO ACTION keeps what is referred to")

	loose := open(t, append(blog, nocobase.CheckOnWrite(false))...)
	insert(t, loose, "users", memrel.Values{})
	insert(t, loose, "posts", memrel.Values{"userId": 7}, memrel.Values{"userId": 1})
	_, err = users.Delete(loose, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"7", "1"}, rows(loose, "posts", "userId"), "NO ACTION leaves what it leaves")
}

func TestActionsWorkWithoutChecksToo(t *testing.T) {
	db := open(t, nocobase.CheckOnWrite(false), collection("users",
		nocobase.Field{Type: "hasMany", Name: "posts", OnDelete: "CASCADE"},
		nocobase.Field{Type: "hasMany", Name: "notes", OnDelete: "SET NULL"},
		nocobase.Field{Type: "hasMany", Name: "locks", OnDelete: "RESTRICT"}),
		collection("posts"), collection("notes"), collection("locks"))
	insert(t, db, "users", memrel.Values{}, memrel.Values{})
	for _, name := range []string{"posts", "notes"} {
		insert(t, db, name, memrel.Values{"userId": 1}, memrel.Values{"userId": 9})
	}
	insert(t, db, "locks", memrel.Values{"userId": 2})
	_, err := memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"9"}, rows(db, "posts", "userId"))
	require.Equal(t, []string{"<nil>", "9"}, rows(db, "notes", "userId"))
	_, err = memrel.RowsOf("users").Delete(db, 2)
	require.ErrorIs(t, err, memrel.ErrRestrict)
}

// onUpdate and constraints make a constraint of a foreign key, which is checked in any case.
func TestAFieldCanAskForChecksOfItsOwn(t *testing.T) {
	for _, ask := range []nocobase.Field{
		{Type: "belongsTo", Name: "user", OnUpdate: "CASCADE"},
		{Type: "belongsTo", Name: "user", Constraints: true},
	} {
		db := open(t, nocobase.CheckOnWrite(false), collection("users"), collection("posts", ask, onDelete("belongsTo", "editor", "")))
		_, err := memrel.RowsOf("posts").Insert(db, memrel.Values{"userId": 7})
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		insert(t, db, "users", memrel.Values{})
		insert(t, db, "posts", memrel.Values{"userId": 1})
	}
}

func TestChecksCanBeAskedForLaterIfTheyHold(t *testing.T) {
	db := open(t, nocobase.CheckOnWrite(false), collection("users"), collection("posts", field("belongsTo", "user")))
	insert(t, db, "posts", memrel.Values{"userId": 7})
	require.ErrorIs(t, db.Define(nocobase.CheckOnWrite(true)), memrel.ErrForeignKey)
	_, err := memrel.RowsOf("posts").Update(db, memrel.Values{"userId": nil}, 1)
	require.NoError(t, err)
	require.NoError(t, db.Define(nocobase.CheckOnWrite(true)))
	_, err = memrel.RowsOf("posts").Insert(db, memrel.Values{"userId": 7})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
}

func TestACycleOfCascadesEnds(t *testing.T) {
	db := open(t, collection("a", nocobase.Field{Type: "belongsTo", Name: "b", Target: "b", ForeignKey: "bId", OnDelete: "CASCADE"}),
		collection("b", nocobase.Field{Type: "belongsTo", Name: "a", Target: "a", ForeignKey: "aId", OnDelete: "CASCADE"}))
	insert(t, db, "a", memrel.Values{})
	insert(t, db, "b", memrel.Values{"aId": 1})
	_, err := memrel.RowsOf("a").Update(db, memrel.Values{"bId": 1}, 1)
	require.NoError(t, err)
	_, err = memrel.RowsOf("b").Delete(db, 1)
	require.NoError(t, err)
	require.Empty(t, rows(db, "a", "id"))
	require.Empty(t, rows(db, "b", "id"))
}

func TestNullMatchesNothing(t *testing.T) {
	db := open(t, collection("users", unique("name"),
		nocobase.Field{Type: "hasMany", Name: "posts", SourceKey: "name", ForeignKey: "author", OnDelete: "CASCADE"}), collection("posts"))
	insert(t, db, "users", memrel.Values{"name": nil}, memrel.Values{"name": "ann"})
	insert(t, db, "posts", memrel.Values{"author": nil}, memrel.Values{"author": "ann"})
	_, err := memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"<nil>", "ann"}, rows(db, "posts", "author"))
}

func TestRemovingAFieldLeavesTheReferenceOfAnother(t *testing.T) {
	db := open(t, collection("users", onDelete("hasMany", "posts", "CASCADE")),
		collection("posts", onDelete("belongsTo", "user", "SET NULL")))
	require.Equal(t, []string{"posts.userId -> users.id CASCADE user"}, references(db, "users"))
	require.NoError(t, db.Define(nocobase.RemoveField("users", "posts")))
	require.Equal(t, []string{"posts.userId -> users.id SET NULL user"}, references(db, "users"), "as the field says that is left")
	require.NoError(t, db.Define(nocobase.SetField("posts", field("belongsTo", "user"))))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION default"}, references(db, "users"))
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "user")))
	require.Empty(t, references(db, "users"))
}

func TestRedefiningLeavesNothingOfWhatWasSaid(t *testing.T) {
	posts := collection("posts", field("belongsTo", "user"))
	db := open(t, collection("users", onDelete("hasMany", "posts", "CASCADE")), posts)
	require.NoError(t, db.Define(collection("users", field("hasMany", "posts"))))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION default"}, references(db, "users"))
	require.NoError(t, db.Define(collection("users", onDelete("hasMany", "posts", "RESTRICT"))))
	require.Equal(t, []string{"posts.userId -> users.id RESTRICT user"}, references(db, "users"))
	require.NoError(t, db.Define(collection("users")))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION default"}, references(db, "users"))
}

func TestKeysThatAreReferredToMustBeUnique(t *testing.T) {
	byCode := nocobase.Field{Type: "belongsTo", Name: "team", TargetKey: "code", ForeignKey: "teamCode"}
	loose := []memrel.Definition{collection("teams", field("string", "code")), collection("people", byCode)}
	_, err := memrel.Open(loose...)
	require.ErrorIs(t, err, memrel.ErrDefinition)
	require.ErrorContains(t, err, "people.team leads by teams.code, which is not unique")
	require.ErrorContains(t, err, "UniqueKeys(false)")
	for name, teams := range map[string]nocobase.Collection{
		"field":   collection("teams", unique("code")),
		"index":   {Name: "teams", Fields: []nocobase.Field{field("string", "code")}, Indexes: []nocobase.Index{{Fields: []string{"code"}, Unique: true}}},
		"primary": {Name: "teams", AutoGenID: new(false), Fields: []nocobase.Field{{Type: "string", Name: "code", PrimaryKey: true}}},
	} {
		require.Equal(t, []string{"people.teamCode -> teams.code NO ACTION default"}, references(open(t, teams, collection("people", byCode)), "teams"), name)
	}
	beside := collection("teams", nocobase.Field{Type: "string", Name: "code", PrimaryKey: true}) // beside id
	refused(t, open(t, beside), "the primary key of teams has several columns", collection("people", byCode))
	require.Equal(t, []string{"people.teamId -> teams.id NO ACTION default"}, references(open(t, beside, collection("people", field("belongsTo", "team"))), "teams"))
	many := nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "p_t", TargetKey: "name"}
	refused(t, open(t, collection("tags", field("string", "name"))), "posts.tags leads by tags.name", collection("posts", many))
	source := nocobase.Field{Type: "hasMany", Name: "posts", SourceKey: "name"}
	refused(t, open(t, collection("posts")), "users.posts leads by users.name", collection("users", field("string", "name"), source))

	db := open(t, append(loose, nocobase.UniqueKeys(false), nocobase.CheckOnWrite(false))...)
	insert(t, db, "teams", memrel.Values{"code": "x"}, memrel.Values{"code": "x"})
	insert(t, db, "people", memrel.Values{"teamCode": "x"}, memrel.Values{"teamCode": "y"})
	refused(t, db, "people.team leads by teams.code", nocobase.UniqueKeys(true))

	db = open(t, nocobase.CheckOnWrite(false), collection("teams", unique("code")), collection("people", byCode))
	refused(t, db, "people.team leads by teams.code", nocobase.SetField("teams", field("string", "code")))
}

func TestNamesMayBeLong(t *testing.T) {
	long := strings.Repeat("k", 64)
	user := nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: long}
	db := open(t, collection("users"), collection("posts", user, nocobase.Field{Type: "belongsToMany", Name: "users", Through: "j" + long}))
	require.Equal(t, []string{"posts." + long + " -> users.id NO ACTION default", "j" + long + ".userId -> users.id CASCADE default"}, references(db, "users"))

	db = open(t, nocobase.MaxIdentifier(63), collection("users"), collection("posts"))
	for _, f := range []nocobase.Field{
		user,
		{Type: "belongsToMany", Name: "users", Through: long},
		{Type: "belongsToMany", Name: "users", Through: "j", OtherKey: long},
		{Type: "string", Name: long},
	} {
		refused(t, db, "Identifier "+long+" is too long", nocobase.SetField("posts", f))
	}
	refused(t, db, "Identifier "+long+" is too long", collection(long))
	made := strings.Repeat("s", 62)
	refused(t, db, "Identifier "+made+"Id is too long", collection(made, field("hasMany", "posts")))
	require.NoError(t, db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: long[:63]})))
	refused(t, open(t, collection("posts")), "is too long", nocobase.SetField("posts", field("string", strings.Repeat("k", nocobase.DefaultIdentifier+1))))
}

// The recorded system passes over a primary key that an update gives, or loses the update with it.
func TestAPrimaryKeyCanBeChanged(t *testing.T) {
	db := open(t, collection("users", field("string", "name")), collection("posts", onDelete("belongsTo", "user", "CASCADE")))
	users := memrel.RowsOf("users")
	insert(t, db, "users", memrel.Values{"name": "a"}, memrel.Values{"name": "b"})
	insert(t, db, "posts", memrel.Values{"userId": 1})
	_, err := users.Update(db, memrel.Values{"id": 7}, 1)
	require.ErrorIs(t, err, memrel.ErrForeignKey, "a row refers to it")
	_, err = users.Update(db, memrel.Values{"id": 7, "name": "c"}, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "c"}, rows(db, "users", "name"))
	require.Equal(t, []string{"1", "7"}, rows(db, "users", "id"))
}

// The recorded system sets fields one after another, and knows a key only once it is set.
func TestARelationMayComeBeforeTheFieldThatItsKeyIs(t *testing.T) {
	key := nocobase.Field{Type: "string", Name: "code", Unique: true}
	db := open(t, collection("nodes", nocobase.Field{Type: "hasMany", Name: "below", Target: "nodes", SourceKey: "code", ForeignKey: "upCode"}, key))
	require.Equal(t, []string{"nodes.upCode -> nodes.code NO ACTION default"}, references(db, "nodes"))
}
