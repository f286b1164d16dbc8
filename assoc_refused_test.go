package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// What a get cannot do is refused instead of being left out.
func TestGetRefusesWhatItCannotDo(t *testing.T) {
	Users, Posts := memrel.TableOf[User]("users"), memrel.TableOf[Post]("posts")
	UserPosts := memrel.HasMany(Users, Posts, memrel.ForeignKey("authorId"))
	db, err := memrel.Open(Users, Posts, UserPosts)
	require.NoError(t, err)
	ann, err := Users.Insert(db, User{Email: "ann@example.com"})
	require.NoError(t, err)

	_, err = UserPosts.Get(db, ann, memrel.Query{After: &memrel.Cursor{}})
	require.ErrorIs(t, err, memrel.ErrQuery)
	_, err = UserPosts.Get(db, ann, memrel.Query{Include: []memrel.Include{{As: "author"}}})
	require.ErrorIs(t, err, memrel.ErrQuery)
	memrel.Instance{}.SetValue("email", "x")
	for err := range db.Check() {
		t.Error(err)
	}
}

// Options that an association of the kind does not have would do nothing.
func TestOptionsOfAnotherKindAreRefused(t *testing.T) {
	id := &memrel.Attribute{Column: memrel.Column{Name: "x"}}
	for _, c := range []struct {
		spec assoc.Spec
		want string
	}{
		{hasMany("foo", "bar", assoc.Options{TargetKey: "id"}), "memrel: define foo.hasMany(bar): a hasMany takes no targetKey, which is for belongsTo, belongsToMany; leave it out"},
		{belongsTo("foo", "bar", assoc.Options{SourceKey: "id"}), "memrel: define foo.belongsTo(bar): a belongsTo takes no sourceKey, which is for hasOne, hasMany, belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{Through: "links"}), "memrel: define foo.hasMany(bar): a hasMany takes no through, which is for belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{OtherKey: "x"}), "memrel: define foo.hasMany(bar): a hasMany takes no otherKey, which is for belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{OtherColumn: id}), "memrel: define foo.hasMany(bar): a hasMany takes no otherKey, which is for belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{NotUnique: true}), "memrel: define foo.hasMany(bar): a hasMany takes no notUnique, which is for belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{UniqueKey: "x"}), "memrel: define foo.hasMany(bar): a hasMany takes no uniqueKey, which is for belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{Timestamps: true}), "memrel: define foo.hasMany(bar): a hasMany takes no timestamps, which is for belongsToMany; leave it out"},
		{belongsTo("foo", "bar", assoc.Options{As: "x", Singular: "y"}), "memrel: define foo.belongsTo(bar): a belongsTo takes no singular, which is for hasMany, belongsToMany; leave it out"},
		{hasMany("foo", "bar", assoc.Options{Singular: "y"}), "memrel: define foo.hasMany(bar): the singular of an alias is given, y, but no alias; name the plural with As too"},
		{hasMany("foo", "bar", assoc.Options{ForeignKey: "y", ForeignColumn: id}), "memrel: define foo.hasMany(bar): a foreign key has two names, y and x; name it once"},
	} {
		_, err := memrel.Open(model("foo"), model("bar"), c.spec)
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.EqualError(t, err, c.want)
	}
}

// Typed tables declare their columns themselves.
func TestForeignColumnsThatTablesDeclareOtherwise(t *testing.T) {
	type tie struct {
		ID        int64
		ArticleID int64
		LabelID   int64
	}
	ties := memrel.TableOf[tie]("ties")
	for _, c := range []struct {
		options memrel.AssociationOptions
		want    string
	}{
		{memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Column: memrel.Column{Type: memrel.String}}}, "ties.articleId as of type string, but it is of type int"},
		{memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Column: memrel.Column{Default: 1}}}, "ties.articleId as one with a default, but it has none"},
		{memrel.AssociationOptions{OtherColumn: &memrel.Attribute{Column: memrel.Column{Type: memrel.UUID}}}, "ties.labelId as of type uuid, but it is of type int"},
	} {
		_, err := memrel.Open(articles, labels, ties, memrel.BelongsToMany(articles, labels, ties, c.options))
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, "memrel: define articles.belongsToMany(labels): the options describe "+c.want+"; say it where")
	}
	open := memrel.Attribute{Nullable: true}
	_, err := memrel.Open(articles, labels, ties, memrel.BelongsToMany(articles, labels, ties, memrel.AssociationOptions{ForeignColumn: &open}))
	require.ErrorContains(t, err, "ties.articleId as a column that may be NULL, but it is NOT NULL")
	same := memrel.Attribute{Column: memrel.Column{Name: "articleId", Type: memrel.Int, NotNull: true}}
	_, err = memrel.Open(articles, labels, ties, memrel.BelongsToMany(articles, labels, ties, memrel.AssociationOptions{ForeignColumn: &same}))
	require.NoError(t, err)
}

func TestTimestampsNeedTimes(t *testing.T) {
	type deal struct {
		ArticleID int64 `memrel:",pk"`
		LabelID   int64 `memrel:",pk"`
		CreatedAt string
	}
	deals := memrel.TableOf[deal]("deals")
	_, err := memrel.Open(articles, labels, deals, memrel.BelongsToMany(articles, labels, deals, memrel.AssociationOptions{Timestamps: true}))
	require.EqualError(t, err, "memrel: define articles.belongsToMany(labels): deals.createdAt is of type string and cannot be a timestamp; make it a time, or leave timestamps out")
}

// What is said of junction rows where there are none would do nothing.
func TestJunctionOptionsWithoutJunctionAreRefused(t *testing.T) {
	db := blog(t)
	users, posts := memrel.ModelOf("User"), memrel.ModelOf("Post")
	ann, _, err := users.FindByPk(db, memrel.Query{}, 1)
	require.NoError(t, err)
	post, _, err := posts.FindByPk(db, memrel.Query{}, 3)
	require.NoError(t, err)
	weight := memrel.Values{"weight": 1}
	none := "values are given for a junction row, but User.Posts leads through no junction; leave them out, or write them into the row of Posts"
	_, create := ann.Create(db, "Posts", memrel.Values{"title": "x"}, weight)
	_, createOne := post.Create(db, "User", memrel.Values{"name": "x"}, weight)
	through := memrel.Through{Columns: []string{}}
	_, get := ann.Get(db, "Posts", memrel.Query{Through: through})
	_, include := users.Find(db, memrel.Query{Include: []memrel.Include{{As: "Posts", Through: memrel.Through{Where: memrel.Eq("weight", 1)}}}})
	_, find := users.Find(db, memrel.Query{Through: through})
	_, plain := users.Rows().Find(db, memrel.Query{Through: through})
	for _, c := range []struct {
		err  error
		want string
	}{
		{create, "memrel: create Users: " + none},
		{createOne, "memrel: create Posts: values are given for a junction row, but Post.User leads through no junction; leave them out, or write them into the row of Users"},
		{ann.Add(db, "Posts", memrel.With(weight, 3)...), "memrel: add Users: " + none},
		{ann.Set(db, "Posts", memrel.With(weight, 3)...), "memrel: set Users: " + none},
		{get, "memrel: get Users: User.Posts leads through no junction, but Through asks for junction rows; leave Through out; Where filters the rows themselves"},
		{include, "memrel: find Users: User.Posts leads through no junction, but Through asks for junction rows; leave Through out; Where filters the rows themselves"},
		{find, "memrel: find Users: Users is not found through a junction, but Through asks for junction rows; leave Through out; Where filters the rows themselves"},
		{plain, "memrel: find User: Users is not found through a junction, but Through asks for junction rows; leave Through out; Where filters the rows themselves"},
	} {
		require.ErrorIs(t, c.err, memrel.ErrQuery)
		require.EqualError(t, c.err, c.want)
	}
	n, err := ann.Count(db, "Posts", memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 2, n)
}

func TestOrdersByAssociationThatAreRefused(t *testing.T) {
	db := blog(t)
	users, posts := memrel.ModelOf("Users"), memrel.ModelOf("Posts")
	byUser, byPost := []memrel.Order{{Column: "User.name"}}, []memrel.Order{{Column: "Posts.title"}}
	_, plain := posts.Rows().Find(db, memrel.Query{Order: byUser})
	_, many := users.Find(db, memrel.Query{Order: byPost})
	cursor, err := memrel.RowsOf("Posts").CursorOf(db, mustGet(t, db, "Posts", 1))
	require.NoError(t, err)
	_, paged := posts.Find(db, memrel.Query{Order: byUser, After: &cursor})
	_, unknown := users.Find(db, memrel.Query{Include: []memrel.Include{{As: "Posts", Order: []memrel.Order{{Column: "Nobody.name"}}}}})
	for _, c := range []struct {
		err  error
		want string
	}{
		{plain, "memrel: find Posts: this query orders by an association; use Find of a Model"},
		{many, "memrel: find Users: rows cannot be ordered by Posts.title: User.Posts leads to any number of rows; order by count(Posts), or by an association that leads to one row"},
		{paged, "memrel: find Posts: rows in the order of an association are not paged by a cursor; use Limit and Offset"},
		{unknown, `memrel: find Posts: association with alias "Nobody" does not exist on Post; its associations are User Tags`},
	} {
		require.EqualError(t, c.err, c.want)
	}
}
