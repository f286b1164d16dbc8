package nocobase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

func TestDefinitionsComeInAnyOrder(t *testing.T) {
	list := []memrel.Definition{
		collection("users", onDelete("hasMany", "posts", "CASCADE"), field("hasOne", "profile")),
		collection("profiles", field("belongsTo", "user")),
		collection("posts", field("belongsTo", "user"), nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "posts_tags"}),
		collection("tags", nocobase.Field{Type: "belongsToMany", Name: "posts", Through: "posts_tags"}),
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}} {
		at := func(i int) memrel.Definition { return list[order[i]] }
		atOnce := open(t, at(0), at(1), at(2), at(3))
		oneByOne := open(t)
		for i := range list {
			require.NoError(t, oneByOne.Define(at(i)))
		}
		for _, db := range []*memrel.DB{atOnce, oneByOne} {
			require.Empty(t, db.Pending())
			require.ElementsMatch(t, []string{"profiles.userId -> users.id NO ACTION default", "posts.userId -> users.id CASCADE user"}, references(db, "users"))
			require.Equal(t, []string{"posts_tags.postId -> posts.id CASCADE default"}, references(db, "posts"))
			require.Equal(t, []string{"posts_tags.tagId -> tags.id CASCADE default"}, references(db, "tags"))
			require.Equal(t, []string{"posts", "posts_tags", "profiles", "tags", "users"}, nocobase.Of(memrel.Associations(db)).Names())
		}
	}
}

func TestARelationWaitsUntilItsTargetIsThere(t *testing.T) {
	db := open(t, collection("users", field("hasMany", "posts"), field("hasOne", "profile"), field("string", "name")))
	require.Equal(t, []string{"users.posts waits for posts", "users.profile waits for profiles"}, pending(db))
	require.Equal(t, []string{"hasMany posts posts waits", "hasOne profile profiles waits"}, bindings(db, "users"))
	insert(t, db, "users", memrel.Values{"name": "ann"})
	_, err := memrel.ModelOf("users").Find(db, memrel.Query{Include: []memrel.Include{{As: "posts"}}})
	require.ErrorIs(t, err, memrel.ErrUnknownAssociation)

	require.NoError(t, db.Define(collection("profiles")))
	require.Equal(t, []string{"users.posts waits for posts"}, pending(db))
	require.Equal(t, []string{"id", "userId"}, columns(db, "profiles"))
	require.Equal(t, []string{"profiles.userId -> users.id NO ACTION default"}, references(db, "users"))
	require.Equal(t, []string{"ann"}, rows(db, "users", "name"))
}

// References are worked in the order in which they were bound, not in that in which fields were defined.
func TestReferencesComeInTheOrderOfBinding(t *testing.T) {
	users := collection("users", field("hasMany", "posts"), field("hasMany", "notes"))
	db := open(t, users, collection("notes"), collection("posts"))
	require.Equal(t, []string{"notes.userId -> users.id NO ACTION default", "posts.userId -> users.id NO ACTION default"}, references(db, "users"))
	require.NoError(t, db.Define(nocobase.RemoveField("users", "notes"), nocobase.SetField("users", field("hasMany", "notes"))))
	require.Equal(t, []string{"posts.userId -> users.id NO ACTION default", "notes.userId -> users.id NO ACTION default"}, references(db, "users"))
}

func TestRelationsWaitAgainForACollectionThatIsRemoved(t *testing.T) {
	users := collection("users", field("string", "name"))
	db := open(t, users, collection("posts", onDelete("belongsTo", "user", "CASCADE"), field("string", "title")))
	insert(t, db, "users", memrel.Values{"name": "ann"})
	insert(t, db, "posts", memrel.Values{"userId": 1, "title": "a"})

	require.NoError(t, db.Define(nocobase.RemoveCollection("users")))
	require.Equal(t, []string{"posts.user waits for users"}, pending(db))
	require.NotContains(t, db.View().Tables(), "users")
	require.Empty(t, db.View().References("posts"))
	require.Equal(t, []string{"1 a"}, rows(db, "posts", "userId", "title"), "the foreign key stays with its values while it waits")
	insert(t, db, "posts", memrel.Values{"userId": 7, "title": "b"})

	require.ErrorIs(t, db.Define(users), memrel.ErrForeignKey, "there is no user that the posts refer to")
	require.Equal(t, []string{"posts.user waits for users"}, pending(db))
	require.NoError(t, db.Define(nocobase.CheckOnWrite(false), users))
	require.Empty(t, db.Pending())
	require.Equal(t, []string{"posts.userId -> users.id CASCADE user"}, references(db, "users"))
	require.Equal(t, []string{"1 a", "7 b"}, rows(db, "posts", "userId", "title"))
}

func TestRemovingACollectionTakesItsOwnRelationsWithIt(t *testing.T) {
	db := open(t, collection("users", onDelete("hasMany", "posts", "CASCADE"), field("hasOne", "profile")),
		collection("posts", field("string", "title")), collection("profiles"))
	require.NoError(t, db.Define(nocobase.RemoveCollection("users")))
	require.Empty(t, db.Pending())
	require.Equal(t, []string{"id", "title"}, columns(db, "posts"), "nobody means the column any more")
	require.NoError(t, db.Define(nocobase.RemoveCollection("users")), "what is not there is gone")
}

func TestADroppedTableIsARemovedCollection(t *testing.T) {
	db := open(t, collection("users", field("hasMany", "posts")), collection("posts"))
	insert(t, db, "users", memrel.Values{})
	require.Error(t, db.Drop("users"), "posts refer to it")
	require.NoError(t, db.Drop("posts"))
	require.Equal(t, []string{"users.posts waits for posts"}, pending(db))
	require.Equal(t, []string{"users"}, nocobase.Of(memrel.Associations(db)).Names())
	require.NoError(t, db.Drop("users"))
	require.Empty(t, db.Pending())
}

func TestAForeignKeyGoesWithTheLastFieldThatMeansIt(t *testing.T) {
	db := open(t, collection("posts", field("hasMany", "comments")), collection("comments", field("belongsTo", "post")))
	insert(t, db, "posts", memrel.Values{})
	insert(t, db, "comments", memrel.Values{"postId": 1})
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "comments")))
	require.Equal(t, []string{"id", "postId"}, columns(db, "comments"))
	require.Equal(t, []string{"1"}, rows(db, "comments", "postId"))
	require.NoError(t, db.Define(nocobase.RemoveField("comments", "post")))
	require.Equal(t, []string{"id"}, columns(db, "comments"))
}

func TestADeclaredForeignKeyStays(t *testing.T) {
	db := open(t, collection("users"), collection("posts", field("bigInt", "userId"), field("belongsTo", "user")))
	insert(t, db, "users", memrel.Values{})
	insert(t, db, "posts", memrel.Values{"userId": 1})
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "user")))
	require.Empty(t, references(db, "users"))
	require.Equal(t, []string{"1"}, rows(db, "posts", "userId"))
}

// A column goes with its values, and one that is defined anew begins empty.
func TestSettingAFieldReplacesIt(t *testing.T) {
	db := open(t, collection("posts", field("string", "title"), field("integer", "score")))
	insert(t, db, "posts", memrel.Values{"title": "a", "score": 7})
	require.NoError(t, db.Define(nocobase.SetField("posts", nocobase.Field{Type: "integer", Name: "score", DefaultValue: 1})))
	require.Equal(t, []string{"a 7"}, rows(db, "posts", "title", "score"))
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "score")))
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "score")), "what is not there is gone")
	refused(t, db, "there is no collection notes", nocobase.RemoveField("notes", "score"))
	require.Equal(t, []string{"id", "title"}, columns(db, "posts"))
	require.NoError(t, db.Define(nocobase.SetField("posts", field("integer", "score"))))
	require.Equal(t, []string{"a <nil>"}, rows(db, "posts", "title", "score"))
}

func TestAJunctionStaysWhenItsLastRelationGoes(t *testing.T) {
	tags := nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "posts_tags", ForeignKey: "post_id", OtherKey: "tag_name", TargetKey: "name"}
	db := open(t, collection("posts", tags), collection("tags", unique("name")))
	insert(t, db, "posts", memrel.Values{})
	insert(t, db, "tags", memrel.Values{"name": "go"})
	insert(t, db, "posts_tags", memrel.Values{"post_id": 1, "tag_name": "go"})

	require.NoError(t, db.Define(nocobase.RemoveField("posts", "tags")))
	require.Empty(t, references(db, "posts"))
	require.Equal(t, []string{"1 go"}, rows(db, "posts_tags", "post_id", "tag_name"))
	require.NoError(t, db.Define(nocobase.SetField("posts", tags)))
	require.Equal(t, []string{"posts_tags.tag_name -> tags.name CASCADE default"}, references(db, "tags"))
	require.Equal(t, []string{"1 go"}, rows(db, "posts_tags", "post_id", "tag_name"))

	require.NoError(t, db.Define(nocobase.RemoveCollection("tags")))
	require.Equal(t, []string{"posts.tags waits for tags"}, pending(db))
	require.Equal(t, []string{"1 go"}, rows(db, "posts_tags", "post_id", "tag_name"))
}

func TestAJunctionMayBeDefinedWithAKeyOfItsOwn(t *testing.T) {
	id := nocobase.Field{Type: "bigInt", Name: "id", PrimaryKey: true, AutoIncrement: true}
	tags := nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "marks"}
	for _, c := range []struct {
		defs []memrel.Definition
		key  []string
	}{
		{[]memrel.Definition{collection("marks", id, field("string", "note")), collection("posts", tags), collection("tags")}, []string{"id"}},
		// what the relation has made stays what it is
		{[]memrel.Definition{collection("posts", tags), collection("tags"), collection("marks", id, field("string", "note"))}, []string{"id", "postId", "tagId"}},
	} {
		db := open(t, c.defs...)
		s, _ := db.View().Schema("marks")
		require.Equal(t, c.key, s.PrimaryKey)
		insert(t, db, "posts", memrel.Values{})
		insert(t, db, "tags", memrel.Values{})
		insert(t, db, "marks", memrel.Values{"postId": 1, "tagId": 1, "note": "x"})
		require.Equal(t, []string{"marks.postId -> posts.id CASCADE default"}, references(db, "posts"))
		_, err := memrel.RowsOf("tags").Delete(db, 1)
		require.NoError(t, err)
		require.Empty(t, rows(db, "marks", "id"))
	}
}

// One foreign key may mean rows of two collections. Then it has two references, and a value must be a key of both.
func TestTwoFieldsMayShareAForeignKeyToDifferentCollections(t *testing.T) {
	db := open(t, nocobase.CheckOnWrite(false), collection("users"), collection("teams"), collection("notes",
		nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: "ownerId", OnDelete: "CASCADE"},
		nocobase.Field{Type: "belongsTo", Name: "team", ForeignKey: "ownerId", OnDelete: "SET NULL"}))
	require.Equal(t, []string{"notes.ownerId -> users.id CASCADE user"}, references(db, "users"))
	require.Equal(t, []string{"notes.ownerId -> teams.id SET NULL user"}, references(db, "teams"))
	insert(t, db, "users", memrel.Values{})
	insert(t, db, "teams", memrel.Values{}, memrel.Values{})
	insert(t, db, "notes", memrel.Values{"ownerId": 1}, memrel.Values{"ownerId": 2})
	_, err := memrel.RowsOf("teams").Delete(db, 2)
	require.NoError(t, err)
	_, err = memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"2 <nil>"}, rows(db, "notes", "id", "ownerId"))
	require.NoError(t, db.Define(nocobase.RemoveField("notes", "user")))
	require.Empty(t, references(db, "users"))
	require.Equal(t, []string{"notes.ownerId -> teams.id SET NULL user"}, references(db, "teams"))
}

// A key that rows refer to stays as it is, unless a field says that they follow.
func TestAKeyThatIsReferredToCannotChangeUnlessRowsFollow(t *testing.T) {
	for action, ok := range map[string]bool{"": false, "NO ACTION": false, "CASCADE": true} {
		tags := nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "posts_tags", OtherKey: "tag_name", TargetKey: "name", OnUpdate: action}
		db := open(t, collection("posts", tags), collection("tags", unique("name")))
		insert(t, db, "posts", memrel.Values{})
		insert(t, db, "tags", memrel.Values{"name": "go"})
		insert(t, db, "posts_tags", memrel.Values{"postId": 1, "tag_name": "go"})
		_, err := memrel.RowsOf("tags").Update(db, memrel.Values{"name": "golang"}, 1)
		if !ok {
			require.ErrorIs(t, err, memrel.ErrForeignKey)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, []string{"1 golang"}, rows(db, "posts_tags", "postId", "tag_name"))
	}
}

// A junction's keys refer to named columns, but the collections at both ends need primary keys all the same.
func TestABelongsToManyNeedsPrimaryKeysWhateverKeysItNames(t *testing.T) {
	no := false
	logs, tags := collection("logs", unique("code")), collection("tags")
	logs.AutoGenID = &no
	from := nocobase.SetField("logs", nocobase.Field{Type: "belongsToMany", Name: "tags", SourceKey: "code"})
	to := nocobase.SetField("tags", nocobase.Field{Type: "belongsToMany", Name: "logs", TargetKey: "code"})
	db := open(t, logs, tags)
	refused(t, db, "Collection model logs has no primary key attribute", from)
	refused(t, db, "Target model logs has no primary key attribute", to)
	logs.FilterTargetKey = "code"
	require.NoError(t, db.Define(logs))
	require.NoError(t, db.Define(from))
	require.NoError(t, db.Define(to))
}

// Kinds of numbers match one another: a foreign key may be a whole number where its key is a float, or the other way round.
func TestAKeyMayBeAnotherKindOfNumber(t *testing.T) {
	for _, pair := range [][2]string{{"integer", "double"}, {"decimal", "bigInt"}, {"float", "sort"}, {"unixTimestamp", "real"}} {
		link := func(action string) nocobase.Field {
			return nocobase.Field{Type: "belongsTo", Name: "user", TargetKey: "score", ForeignKey: "rank", OnDelete: action}
		}
		db := open(t, collection("users", nocobase.Field{Type: pair[1], Name: "score", Unique: true}),
			collection("posts", field(pair[0], "rank"), link("")))
		require.Equal(t, []string{"posts.rank -> users.score NO ACTION default"}, references(db, "users"))
		posts, users := memrel.RowsOf("posts"), memrel.RowsOf("users")
		insert(t, db, "users", memrel.Values{"score": 1}, memrel.Values{"score": 2})
		insert(t, db, "posts", memrel.Values{"rank": 1}, memrel.Values{"rank": 2})
		_, err := posts.Insert(db, memrel.Values{"rank": 3})
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		for action, left := range map[string][]string{"SET NULL": {"<nil>", "2"}, "CASCADE": {"2"}} {
			fork := db.Fork()
			require.NoError(t, fork.Define(nocobase.SetField("posts", link(action))))
			_, err = users.Delete(fork, 1)
			require.NoError(t, err)
			require.Equal(t, left, rows(fork, "posts", "rank"))
		}
		require.NoError(t, db.Define(nocobase.RemoveField("posts", "user")))
		require.Empty(t, references(db, "users"))
	}
}

// A junction that is defined takes the types of the keys that it leads between.
func TestAJunctionTakesTheTypesOfItsKeys(t *testing.T) {
	db := open(t, collection("posts"), collection("tags", nocobase.Field{Type: "double", Name: "weight", Unique: true}),
		collection("pt", field("double", "postId"), field("integer", "tagWeight")))
	require.NoError(t, db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "pt", TargetKey: "weight"})))
	s, _ := db.View().Schema("pt")
	types := map[string]memrel.Type{}
	for _, c := range s.Columns {
		types[c.Name] = c.Type
	}
	require.Equal(t, memrel.Int, types["postId"])
	require.Equal(t, memrel.Float, types["tagWeight"])
	insert(t, db, "posts", memrel.Values{})
	insert(t, db, "tags", memrel.Values{"weight": 2.5})
	insert(t, db, "pt", memrel.Values{"postId": 1, "tagWeight": 2.5})
}

// A foreign key stays with its values as long as a field names it, also one that waits.
func TestAForeignKeyThatAWaitingRelationNamesStays(t *testing.T) {
	db := open(t, collection("posts", nocobase.Field{Type: "belongsTo", Name: "owner", Target: "people", ForeignKey: "userNo"}),
		collection("users", nocobase.Field{Type: "double", Name: "no", Unique: true},
			nocobase.Field{Type: "hasMany", Name: "posts", SourceKey: "no", ForeignKey: "userNo"}))
	insert(t, db, "users", memrel.Values{"no": 2.5})
	insert(t, db, "posts", memrel.Values{"userNo": 2.5})
	require.NoError(t, db.Define(nocobase.RemoveField("users", "posts")))
	require.Equal(t, []string{"2.5"}, rows(db, "posts", "userNo"))
	types := map[string]string{}
	for _, c := range nocobase.Of(memrel.Associations(db)).Columns("posts") {
		types[c.Name] = c.Type
	}
	require.Equal(t, "DOUBLE", types["userNo"])
	require.NoError(t, db.Define(nocobase.RemoveField("posts", "owner")))
	s, _ := db.View().Schema("posts")
	require.Len(t, s.Columns, 3, "id and the times")
}
