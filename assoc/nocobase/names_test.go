package nocobase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Names of keys, targets and junctions are those that were recorded.
func TestNamesThatAreLeftOut(t *testing.T) {
	for _, c := range []struct {
		name, defs, of string
		want           []string
	}{
		{
			"a key that refers to users is userId",
			`[{"name": "users", "fields": [{"type": "hasMany", "name": "posts"}, {"type": "hasOne", "name": "profile"}]}, {"name": "profiles"}, {"name": "posts"}]`,
			"users",
			[]string{"hasMany posts posts userId id", "hasOne profile profiles userId id"},
		},
		{
			"a belongsTo names its key after itself",
			`[{"name": "users"}, {"name": "posts", "fields": [{"type": "belongsTo", "name": "user"}, {"type": "belongsTo", "name": "lastEditor", "target": "users"}]}]`,
			"posts",
			[]string{"belongsTo user users userId id", "belongsTo lastEditor users lastEditorId id"},
		},
		{
			"a named key of the target gives the foreign key its name",
			`[{"name": "users", "fields": [{"type": "string", "name": "name", "unique": true}, {"type": "hasMany", "name": "posts", "sourceKey": "name"}]}, {"name": "posts"}]`,
			"users",
			[]string{"hasMany posts posts userName name"},
		},
		{
			"a junction has one of each side",
			`[{"name": "posts", "fields": [{"type": "belongsToMany", "name": "tags", "through": "posts_tags"}]}, {"name": "tags", "fields": [{"type": "belongsToMany", "name": "posts", "through": "posts_tags"}]}]`,
			"tags",
			[]string{"belongsToMany posts posts tagId postId id id posts_tags"},
		},
		{
			"a junction is named after both sides, in order",
			`[{"name": "labels"}, {"name": "items", "fields": [{"type": "belongsToMany", "name": "labels"}]}]`,
			"items",
			[]string{"belongsToMany labels labels itemId labelId id id itemsLabels"},
		},
		{
			"the target of one is the plural of the name, of many the name",
			`[{"name": "categories"}, {"name": "category"}, {"name": "statuses"}, {"name": "notes"},
			  {"name": "items", "fields": [{"type": "belongsTo", "name": "category"}, {"type": "hasOne", "name": "status"}, {"type": "hasMany", "name": "notes"}]}]`,
			"items",
			[]string{"belongsTo category categories categoryId id", "hasOne status statuses itemId id", "hasMany notes notes itemId id"},
		},
		{
			"filterTargetKey names the foreign key of a hasMany, which refers to the primary key",
			`[{"name": "users", "filterTargetKey": "name", "fields": [{"type": "string", "name": "name", "unique": true}, {"type": "hasMany", "name": "posts"}, {"type": "hasOne", "name": "card"}]},
			  {"name": "posts"}, {"name": "cards"}]`,
			"users",
			[]string{"hasMany posts posts userName id", "hasOne card cards userId id"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, bindings(open(t, definitions(t, c.defs)...), c.of))
		})
	}
}

func TestColumnsAreWhatRelationsNeed(t *testing.T) {
	db := open(t, definitions(t, `[
		{"name": "posts", "fields": [{"type": "string", "name": "title"}, {"type": "belongsToMany", "name": "tags", "target": "tags", "through": "posts_tags",
			"sourceKey": "id", "foreignKey": "post_id", "otherKey": "tag_name", "targetKey": "name"}]},
		{"name": "tags", "autoGenId": false, "timestamps": false, "fields": [{"type": "string", "name": "name", "primaryKey": true}, {"type": "integer", "name": "uses", "allowNull": false, "defaultValue": 0}]}]`)...)
	all := nocobase.Of(memrel.Associations(db))
	require.Equal(t, []nocobase.Column{{Name: "name", Type: "STRING", PrimaryKey: true}, {Name: "uses", Type: "INTEGER"}}, all.Columns("tags"))
	junction := all.Columns("posts_tags")
	require.Contains(t, junction, nocobase.Column{Name: "post_id", Type: "BIGINT", PrimaryKey: true, Auto: true})
	require.Contains(t, junction, nocobase.Column{Name: "tag_name", Type: "STRING", PrimaryKey: true, Auto: true})
	require.Contains(t, all.Columns("posts"), nocobase.Column{Name: "createdAt", Type: "DATE", Auto: true})
	insert(t, db, "tags", memrel.Values{"name": "go"})
	require.Equal(t, []string{"go 0"}, rows(db, "tags", "name", "uses"))
}

func TestTablesMayBeNamedOtherwise(t *testing.T) {
	db := open(t, nocobase.Collection{Name: "users", TableName: "t_users", Fields: []nocobase.Field{onDelete("hasMany", "posts", "CASCADE")}},
		nocobase.Collection{Name: "posts", TableName: "t_posts"})
	require.Equal(t, "t_posts", nocobase.Of(memrel.Associations(db)).Table("posts"))
	require.Equal(t, []string{"t_posts.userId -> t_users.id CASCADE user"}, references(db, "t_users"))
	require.Equal(t, []string{"hasMany posts posts userId id"}, bindings(db, "users"))
	require.Equal(t, []string{"id", "userId"}, columns(db, "posts"))
	insert(t, db, "t_users", memrel.Values{})
	insert(t, db, "t_posts", memrel.Values{"userId": 1})
	require.NoError(t, db.Define(nocobase.RemoveCollection("users")))
	require.Equal(t, []string{"t_posts"}, db.View().Tables())
}

func TestAForeignKeyHasTheTypeOfItsKey(t *testing.T) {
	for _, c := range []struct {
		collection string
		field      nocobase.Field
		want       string
	}{
		{"posts", nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: "userName", TargetKey: "rank"},
			`Foreign key "userName" type "STRING" does not match target key "rank" type "INTEGER" in belongs to relation "user" of collection "posts"`},
		{"users", nocobase.Field{Type: "hasMany", Name: "posts", ForeignKey: "userRank", SourceKey: "name"},
			`Foreign key "userRank" type "INTEGER" does not match source key "name" type "STRING" in has many relation "posts" of collection "users"`},
		{"users", nocobase.Field{Type: "hasOne", Name: "post", ForeignKey: "owner", SourceKey: "name"},
			`Foreign key "owner" type "BIGINT" does not match source key "name" type "STRING" in has one relation "post" of collection "users"`},
		{"posts", nocobase.Field{Type: "belongsToMany", Name: "users", Through: "post_tags", ForeignKey: "postId", OtherKey: "userId"},
			`Foreign key "postId" type "STRING" does not match source key "id" type "BIGINT" in belongs to many relation "users" of collection "posts"`},
		{"users", nocobase.Field{Type: "belongsToMany", Name: "posts", Through: "post_tags", ForeignKey: "userId", OtherKey: "postId"},
			`Other key "postId" type "STRING" does not match target key "id" type "BIGINT" in belongs to many relation "posts" of collection "users"`},
		{"posts", nocobase.Field{Type: "belongsTo", Name: "user", TargetKey: "nope"},
			`Unknown attribute "nope" passed as targetKey, define this attribute on model "users" first`},
		{"users", nocobase.Field{Type: "hasMany", Name: "posts", SourceKey: "nope"},
			`Unknown attribute "nope" passed as sourceKey, define this attribute on model "users" first`},
	} {
		db := open(t, collection("users", unique("name"), nocobase.Field{Type: "integer", Name: "rank", Unique: true}),
			collection("posts", field("string", "userName"), field("integer", "userRank"), field("bigInt", "owner")),
			collection("post_tags", nocobase.Field{Type: "bigInt", Name: "id", PrimaryKey: true, AutoIncrement: true}, field("string", "postId"), field("bigInt", "userId")))
		refused(t, db, c.want, nocobase.SetField(c.collection, c.field))
	}
}

func TestFieldsThatCannotBeAreRefused(t *testing.T) {
	db := open(t, collection("posts"), collection("tags"))
	for want, f := range map[string]nocobase.Field{
		"unsupported field type formula":    field("formula", "f"),
		"Target is required in the options": field("belongsToArray", "tags"),
		"a field of posts has no name":      field("string", ""),
		`BelongsToMany relation "tags" cannot use target collection "tags" as through collection`: {Type: "belongsToMany", Name: "tags", Through: "tags"},
		"NOWHERE": {Type: "hasMany", Name: "notes", Target: "tags", OnDelete: "NOWHERE"},
	} {
		refused(t, db, want, nocobase.SetField("posts", f))
		refused(t, db, want, collection("posts", f))
	}
	refused(t, db, "there is no collection nowhere", nocobase.SetField("nowhere", field("string", "s")))
	refused(t, db, "there is no collection nowhere", nocobase.RemoveField("nowhere", "s"))
	refused(t, db, "a collection has no name", collection(""))
	require.Equal(t, "BIGINT", nocobase.DataType("bigInt"))
	require.Empty(t, nocobase.DataType("hasMany"))
	kind, ok := field("hasMany", "posts").Relation()
	require.True(t, ok)
	require.Equal(t, assoc.HasMany, kind)
}

func TestSortByOrdersTheRowsThatAreIncluded(t *testing.T) {
	db := open(t, definitions(t, `[
		{"name": "users", "fields": [{"type": "hasMany", "name": "posts", "sortBy": ["-score", "title"]}]},
		{"name": "posts", "fields": [{"type": "string", "name": "title"}, {"type": "integer", "name": "score"}, {"type": "belongsToMany", "name": "tags", "sortBy": "name"}]},
		{"name": "tags", "fields": [{"type": "string", "name": "name"}]}]`)...)
	insert(t, db, "users", memrel.Values{})
	insert(t, db, "posts", memrel.Values{"userId": 1, "title": "b", "score": 1}, memrel.Values{"userId": 1, "title": "c", "score": 2},
		memrel.Values{"userId": 1, "title": "a", "score": 1})
	insert(t, db, "tags", memrel.Values{"name": "z"}, memrel.Values{"name": "a"})
	insert(t, db, "postsTags", memrel.Values{"postId": 1, "tagId": 1}, memrel.Values{"postId": 1, "tagId": 2})
	found, err := memrel.ModelOf("users").Find(db, memrel.Query{Include: []memrel.Include{{As: "posts", Include: []memrel.Include{{As: "tags"}}}}})
	require.NoError(t, err)
	var titles, tags []any
	posts, _ := found[0].Included("posts")
	for _, post := range posts {
		titles = append(titles, post.Value("title"))
		included, _ := post.Included("tags")
		for _, tag := range included {
			tags = append(tags, tag.Value("name"))
		}
	}
	require.Equal(t, []any{"c", "a", "b"}, titles)
	require.Equal(t, []any{"a", "z"}, tags)
}

func TestIndexesOfACollection(t *testing.T) {
	db := open(t, definitions(t, `{"name": "posts", "fields": [{"type": "string", "name": "slug"}, {"type": "integer", "name": "score", "index": true}, {"type": "integer", "name": "year"}],
		"indexes": [{"fields": ["slug", "year"], "unique": true}, {"fields": ["year", "score"]}]}`)...)
	s, _ := db.View().Schema("posts")
	require.Equal(t, []string{"slug", "year"}, s.Unique[0].Columns)
	require.ElementsMatch(t, [][]string{{"score"}, {"year", "score"}}, [][]string{s.Indexes[0].Columns, s.Indexes[1].Columns})
	insert(t, db, "posts", memrel.Values{"slug": "a", "year": 1})
	_, err := memrel.RowsOf("posts").Insert(db, memrel.Values{"slug": "a", "year": 1})
	require.ErrorIs(t, err, memrel.ErrUnique)
}
