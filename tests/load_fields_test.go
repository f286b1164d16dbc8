package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	loadedTag struct {
		ID   int64
		Name string
	}
	loadedPost struct {
		ID       int64
		AuthorID *int64
		Title    string
		Author   *loadedUser
		Tags     []loadedTag
	}
	loadedProfile struct {
		ID, UserID int64
		Bio        string
	}
	loadedUser struct {
		ID      int64
		Name    string
		Posts   []*loadedPost
		Profile loadedProfile
	}
	loadedTagging struct {
		PostID int64 `memrel:",pk"`
		TagID  int64 `memrel:",pk"`
	}
	// loadedName has neither the key that posts refer to nor a field for them.
	loadedName struct{ Name string }
)

var (
	loadedUsers    = memrel.TableOf[loadedUser]("users")
	loadedPosts    = memrel.TableOf[loadedPost]("posts")
	loadedProfiles = memrel.TableOf[loadedProfile]("profiles")
	loadedTags     = memrel.TableOf[loadedTag]("tags")
	loadedTaggings = memrel.TableOf[loadedTagging]("taggings")

	loadedUserPosts   = memrel.HasMany(loadedUsers, loadedPosts, memrel.ForeignKey("authorId"))
	loadedUserProfile = memrel.HasOne(loadedUsers, loadedProfiles, memrel.ForeignKey("userId"))
	loadedPostAuthor  = memrel.BelongsTo(loadedPosts, loadedUsers, memrel.As("author"))
	loadedPostTags    = memrel.BelongsToMany(loadedPosts, loadedTags, loadedTaggings, memrel.ForeignKey("postId"), memrel.OtherKey("tagId"))
)

func loadedStore(t *testing.T) *memrel.DB {
	db := memrel.MustOpen(loadedUsers, loadedPosts, loadedProfiles, loadedTags, loadedTaggings, loadedUserPosts, loadedUserProfile, loadedPostAuthor, loadedPostTags)
	t.Cleanup(func() { sound(t, db) })
	ann, err := loadedUsers.Insert(db, loadedUser{Name: "Ann"})
	require.NoError(t, err)
	_, err = loadedUsers.Insert(db, loadedUser{Name: "Bob"})
	require.NoError(t, err)
	_, err = loadedUserProfile.Create(db, &ann, loadedProfile{Bio: "writes"})
	require.NoError(t, err)
	for _, title := range []string{"one", "two", "three"} {
		p, err := loadedUserPosts.Create(db, ann, loadedPost{Title: title})
		require.NoError(t, err)
		_, err = loadedPostTags.Create(db, p, loadedTag{Name: "t-" + title})
		require.NoError(t, err)
	}
	_, err = loadedPosts.Insert(db, loadedPost{Title: "nobody's"})
	require.NoError(t, err)
	return db
}

func TestAssociationsFillFields(t *testing.T) {
	db := loadedStore(t)
	users, err := loadedUsers.Find(db, memrel.Query{})
	require.NoError(t, err)
	require.NoError(t, loadedUsers.Load(db, users, loadedUserPosts.Include(loadedPostTags, loadedPostAuthor), loadedUserProfile))
	ann, bob := users[0], users[1]
	require.Len(t, ann.Posts, 3)
	require.Equal(t, []loadedTag{{ID: 2, Name: "t-two"}}, ann.Posts[1].Tags)
	require.Equal(t, "Ann", ann.Posts[2].Author.Name)
	require.Nil(t, ann.Posts[2].Author.Posts, "nobody asked for these")
	require.Equal(t, "writes", ann.Profile.Bio)
	require.Empty(t, bob.Posts)
	require.NotNil(t, bob.Posts, "it was asked for")
	require.Zero(t, bob.Profile)

	found, err := loadedUsers.Find(db, memrel.Query{Include: []memrel.Include{
		{As: "posts", Where: memrel.Ne("title", "two"), Order: []memrel.Order{{Column: "title"}}, Optional: true, Include: []memrel.Include{{As: "tags"}}}}})
	require.NoError(t, err)
	require.Equal(t, []string{"one", "three"}, []string{found[0].Posts[0].Title, found[0].Posts[1].Title})
	require.Equal(t, "t-three", found[0].Posts[1].Tags[0].Name)
	only, err := loadedUsers.Find(db, memrel.Query{Include: []memrel.Include{{As: "posts", Required: true}}})
	require.NoError(t, err)
	require.Len(t, only, 1, "Required leaves out who has none")
	require.NoError(t, loadedUsers.Load(db, users, memrel.Include{As: "posts", Where: memrel.Eq("title", "two")}))
	require.Len(t, users[0].Posts, 1)
	require.Empty(t, users[1].Posts, "and loading leaves out nobody")

	posts, err := loadedPosts.Find(db, memrel.Query{Order: []memrel.Order{{Column: "author.name", Desc: true}, {Column: "id"}}, Include: []memrel.Include{{As: "author"}}})
	require.NoError(t, err)
	require.Nil(t, posts[0].Author)
	require.Equal(t, "Ann", posts[1].Author.Name)
	one, ok, err := loadedUsers.FindByPk(db, memrel.Query{Include: []memrel.Include{{As: "profile"}}}, 1)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "writes", one.Profile.Bio)
}

// What is loaded in a transaction is what it wrote, and soft-deleted rows are not.
func TestFieldsAreFilledFromWhatIsRead(t *testing.T) {
	db := loadedStore(t)
	before := db.View()
	tx := db.Begin()
	defer tx.Rollback()
	_, err := loadedPosts.DeleteWhere(tx, memrel.Ne("title", "one"))
	require.NoError(t, err)
	_, err = loadedPosts.Update(tx, memrel.Values{"title": "ONE"}, 1)
	require.NoError(t, err)
	for title, r := range map[string]memrel.Reader{"ONE": tx, "one": before} {
		users := []loadedUser{{ID: 1}}
		require.NoError(t, loadedUsers.Load(r, users, loadedUserPosts))
		require.Equal(t, title, users[0].Posts[0].Title)
	}
}

func TestFieldsThatCannotBeFilled(t *testing.T) {
	db := loadedStore(t)
	names := memrel.TableOf[loadedName]("users")
	for _, c := range []struct {
		err  error
		want string
	}{
		{loadedUsers.Load(db, make([]loadedUser, 1), memrel.Include{As: "friends"}), "memrel: include users: association with alias \"friends\" does not exist on users; its associations are posts profile"},
		{loadedTags.Load(db, make([]loadedTag, 1), loadedUserPosts), "association with alias \"posts\" does not exist on tags"},
		{names.Load(db, make([]loadedName, 1), memrel.Include{As: "posts"}), "memrel: bind users: tests.loadedName has no field for id, by which users.posts goes"},
		{loadedUsers.Load(db, make([]loadedUser, 1), nil), "memrel: load users: one of the associations is nil; leave it out"},
		{loadedUsers.Load(nil, nil, loadedUserPosts), "there is no store"},
	} {
		require.Error(t, c.err)
		require.ErrorContains(t, c.err, c.want)
	}
	_, err := names.Find(db, memrel.Query{Include: []memrel.Include{{As: "posts"}}})
	require.ErrorContains(t, err, "memrel: find users: loadedName has no field for posts; add a field for it, or find the rows by Model")
	require.NoError(t, loadedUsers.Load(db, nil, loadedUserPosts))
}
