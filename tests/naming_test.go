package tests

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

type (
	snakeUser struct {
		ID        int64
		FirstName string
		BlogPosts []snakePost
	}
	snakePost struct {
		ID     int64
		UserID int64
		Title  string `memrel:"headLine"`
	}
	snakeLink struct {
		BlogPostID int64 `memrel:",pk"`
		TagID      int64 `memrel:",pk"`
	}
	snakeTag struct{ ID int64 }
)

var (
	snakeUsers     = memrel.TableOf[snakeUser]("users")
	snakePosts     = memrel.TableOf[snakePost]("blog_posts")
	snakeLinks     = memrel.TableOf[snakeLink]("links")
	snakeTags      = memrel.TableOf[snakeTag]("tags")
	snakeUserPosts = memrel.HasMany(snakeUsers, snakePosts)
	snakePostTags  = memrel.BelongsToMany(snakePosts, snakeTags, snakeLinks)
	camelUsers     = memrel.TableOf[struct {
		ID        int64
		FirstName string
	}]("camels", memrel.CamelCase)
)

// A naming holds for all tables of a store, wherever it stands among the definitions, and for those that come later.
func TestNamingOfAStore(t *testing.T) {
	model := assoc.Model{Name: "Note", Timestamps: true}
	db, err := memrel.Open(snakeUsers, snakePosts, snakeLinks, snakeUserPosts, camelUsers, model, memrel.SnakeCase,
		memrel.ModelOf("Note").BelongsTo(memrel.ModelOf("users")))
	require.NoError(t, err)
	require.NoError(t, db.Define(snakeTags, snakePostTags))
	for name, want := range map[string][]string{
		"users": {"id", "first_name"}, "blog_posts": {"id", "user_id", "headLine"}, "links": {"blog_post_id", "tag_id"}, "camels": {"id", "firstName"},
		"Notes": {"id", "created_at", "updated_at", "user_id"},
	} {
		require.Equal(t, want, columnNames(t, db.View(), name))
	}
	ann, err := snakeUsers.Insert(db, snakeUser{FirstName: "Ann"})
	require.NoError(t, err)
	post, err := snakeUserPosts.Create(db, ann, snakePost{Title: "a"})
	require.NoError(t, err)
	_, err = snakePostTags.Create(db, post, snakeTag{})
	require.NoError(t, err)
	_, err = camelUsers.Insert(db, struct {
		ID        int64
		FirstName string
	}{FirstName: "Bob"})
	require.NoError(t, err)

	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	again, err := memrel.Load(&file)
	require.NoError(t, err)
	got, ok := snakeUsers.Get(again, ann.ID)
	require.True(t, ok)
	require.Equal(t, "Ann", got.FirstName)
	type late struct{ ID, SomeNumber int64 }
	require.NoError(t, again.Define(memrel.TableOf[late]("lates")))
	require.Equal(t, []string{"id", "some_number"}, columnNames(t, again.View(), "lates"))
	for err := range again.Check() {
		t.Error(err)
	}
}

// A naming that is defined later names what comes later, and leaves the names that there are.
func TestNamingOfATable(t *testing.T) {
	type row struct {
		ID        int64
		FirstName string
	}
	early, late, one := memrel.TableOf[row]("early"), memrel.TableOf[row]("late"), memrel.TableOf[row]("one", memrel.SnakeCase)
	db, err := memrel.Open(early, one)
	require.NoError(t, err)
	require.NoError(t, db.Define(memrel.SnakeCase))
	require.NoError(t, db.Define(late))
	require.NoError(t, db.Define(memrel.CamelCase))
	require.Equal(t, []string{"id", "firstName"}, columnNames(t, db.View(), "early"))
	require.Equal(t, []string{"id", "first_name"}, columnNames(t, db.View(), "late"))
	require.Equal(t, []string{"id", "first_name"}, columnNames(t, db.View(), "one"))
	for _, h := range []memrel.Table[row]{early, late, one} {
		_, err := h.Insert(db, row{FirstName: h.Name()})
		require.NoError(t, err)
		got, ok := h.Get(db, 1)
		require.True(t, ok)
		require.Equal(t, h.Name(), got.FirstName)
	}
	s, err := one.Schema()
	require.NoError(t, err)
	require.Equal(t, memrel.SnakeCase, s.Naming)
	for err := range db.Check() {
		t.Error(err)
	}
}
