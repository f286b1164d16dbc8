package tests

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

// Keys are given to verbs one by one or in a slice of any type.
func TestVerbsTakeSlicesOfKeys(t *testing.T) {
	posts, tags := memrel.ModelOf("posts"), memrel.ModelOf("tags")
	id := memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}
	db := memrel.MustOpen(memrel.Schema{Name: "posts", PrimaryKey: []string{"id"}, Columns: memrel.Columns{id}},
		memrel.Schema{Name: "tags", PrimaryKey: []string{"id"}, Columns: memrel.Columns{id}}, posts.BelongsToMany(tags, memrel.AssociationOptions{Through: "post_tags"}))
	_, err := tags.CreateAll(db, []memrel.Values{{}, {}, {}})
	require.NoError(t, err)
	post, err := posts.Create(db, memrel.Values{})
	require.NoError(t, err)
	count := func() int {
		n, err := post.Count(db, "tags", memrel.Query{})
		require.NoError(t, err)
		return n
	}
	require.NoError(t, post.Set(db, "tags", []int64{1, 2, 3}))
	require.Equal(t, 3, count())
	require.NoError(t, post.Remove(db, "tags", []int{1}, []int64{}, []string{"2"}))
	require.Equal(t, 1, count())
	has, err := post.Has(db, "tags", []int64{3})
	require.NoError(t, err)
	require.True(t, has)
	require.NoError(t, post.Add(db, "tags", memrel.With(nil, []int64{1})))
	require.Equal(t, 2, count())
	require.ErrorIs(t, post.Set(db, "tags", []int64{9}), memrel.ErrForeignKey)
	require.ErrorIs(t, post.Set(db, "tags", []any{1, nil}), memrel.ErrNotFound)
	require.NoError(t, post.Set(db, "tags", []int64{}))
	require.Zero(t, count())
	for err := range db.Check() {
		t.Error(err)
	}
}

// What a name with a point means is told where it can stand.
func TestAPathIsNoColumnOfACondition(t *testing.T) {
	db := memrel.MustOpen(memrel.Schema{Name: "posts", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}})
	_, err := memrel.RowsOf("posts").Find(db, memrel.Query{Where: memrel.Eq("author.name", "ann")})
	require.ErrorIs(t, err, memrel.ErrUnknownColumn)
	require.ErrorContains(t, err, `a condition on what author leads to is Some("author", ...)`)
	_, err = memrel.RowsOf("posts").Increment(db, memrel.Cond{}, memrel.Values{"id": "x"})
	require.ErrorIs(t, err, memrel.ErrType)
}

// A write of a repository that is refused gives no row.
func TestARefusedWriteOfARepositoryGivesNothing(t *testing.T) {
	db := memrel.MustOpen(nocobase.Collection{Name: "nodes", Fields: []nocobase.Field{{Type: "string", Name: "name", Unique: true}, {Type: "hasMany", Name: "kids", Target: "nodes", ForeignKey: "parentId"}}})
	nodes := repository.Of("nodes")
	kids := []any{map[string]any{"name": "a"}, map[string]any{"name": "a"}}
	made, err := nodes.Create(db, memrel.Values{"name": "root", "kids": kids}, repository.Write{})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.True(t, made.IsZero())
	root, err := nodes.Create(db, memrel.Values{"name": "root"}, repository.Write{})
	require.NoError(t, err)
	row, created, err := nodes.FirstOrCreate(db, []string{"name"}, memrel.Values{"name": "x", "kids": kids}, repository.Write{})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.True(t, row.IsZero())
	require.False(t, created)
	made, err = nodes.Relation("kids").Of(root.Value("id")).Create(db, memrel.Values{"name": "y", "kids": kids}, repository.Write{})
	require.ErrorIs(t, err, memrel.ErrUnique)
	require.True(t, made.IsZero())
	for err := range db.Check() {
		t.Error(err)
	}
}

// A file that was saved under an old struct is loaded as it is, altered, and used by the new one, as docs/structs.md says.
func TestAFileOfAnOldStruct(t *testing.T) {
	type old struct {
		ID   int64
		Name string
	}
	type user struct {
		ID    int64
		Name  string
		Email string `memrel:",default=''"`
	}
	type post struct {
		ID     int64
		UserID int64
	}
	users, posts := memrel.TableOf[user]("users"), memrel.TableOf[post]("posts")
	userPosts := memrel.HasMany(users, posts)
	was := memrel.TableOf[old]("users")
	before := memrel.MustOpen(was, posts, memrel.HasMany(was, posts))
	_, err := was.Insert(before, old{Name: "Ann"})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, before.View().Save(&file))
	_, err = memrel.Load(bytes.NewReader(file.Bytes()), users, posts, userPosts)
	require.ErrorIs(t, err, memrel.ErrDefinition)
	db, err := memrel.Load(&file)
	require.NoError(t, err)
	require.NoError(t, db.Alter("users", memrel.Column{Name: "email", Type: memrel.String, NotNull: true, Default: ""}))
	require.NoError(t, users.Bind(db))
	require.NoError(t, db.Define(userPosts))
	ann, ok := users.Get(db, 1)
	require.True(t, ok)
	require.Equal(t, user{ID: 1, Name: "Ann"}, ann)
	_, err = userPosts.Create(db, ann, post{})
	require.NoError(t, err)
	for err := range db.Check() {
		t.Error(err)
	}
}
