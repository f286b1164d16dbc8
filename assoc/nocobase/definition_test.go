package nocobase_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

func TestARefusedDefinitionLeavesNothing(t *testing.T) {
	db := open(t, collection("users", field("hasMany", "posts")))
	refused(t, db, "unsupported field type formula", collection("posts", unique("slug")), collection("tags", field("formula", "f")))
	refused(t, db, "does not match", nocobase.RemoveField("users", "posts"),
		collection("posts", field("string", "userId"), field("belongsTo", "user")))
	require.Equal(t, []string{"users.posts waits for posts"}, pending(db))
	_, ok := nocobase.Of(memrel.Associations(db)).Collection("posts")
	require.False(t, ok)

	require.NoError(t, db.Define(collection("posts", field("string", "slug"))))
	insert(t, db, "posts", memrel.Values{"slug": "a"}, memrel.Values{"slug": "a"})
	require.ErrorIs(t, db.Define(nocobase.SetField("posts", unique("slug"))), memrel.ErrUnique)
	require.Equal(t, []string{"a", "a"}, rows(db, "posts", "slug"))
	c, _ := nocobase.Of(memrel.Associations(db)).Collection("posts")
	require.False(t, c.Fields[0].Unique)
}

func TestDefinitionsAreRolledBackWithTheTransaction(t *testing.T) {
	db := open(t, collection("users", field("string", "name")))
	stop := errors.New("stop")
	err := db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Define(collection("posts", onDelete("belongsTo", "user", "CASCADE"))))
		require.NoError(t, tx.Savepoint("one"))
		require.NoError(t, tx.Define(nocobase.RemoveCollection("users")))
		require.NoError(t, tx.RollbackTo("one"))
		_, err := memrel.ModelOf("users").Insert(tx, memrel.Values{"name": "ann"})
		require.NoError(t, err)
		_, err = memrel.ModelOf("posts").Insert(tx, memrel.Values{"userId": 1})
		require.NoError(t, err)
		return stop
	})
	require.ErrorIs(t, err, stop)
	require.Equal(t, []string{"users"}, db.View().Tables())
	require.Empty(t, references(db, "users"))
	require.Empty(t, db.Pending())
}

func TestViewsAndForksKeepTheirDefinitions(t *testing.T) {
	db := open(t, collection("users"), collection("posts", field("belongsTo", "user")))
	before, fork := db.View(), db.Fork()
	require.NoError(t, db.Define(nocobase.SetField("posts", onDelete("belongsTo", "user", "CASCADE"))))
	require.NoError(t, fork.Define(nocobase.RemoveCollection("users")))

	require.Equal(t, memrel.ByDefault, before.References("users")[0].Priority)
	require.Equal(t, []string{"posts.userId -> users.id CASCADE user"}, references(db, "users"))
	require.Equal(t, []string{"posts.user waits for users"}, pending(fork))
	require.Empty(t, db.Pending())
	require.Empty(t, before.Pending())
	c, ok := nocobase.Of(memrel.Associations(before)).Collection("posts")
	require.True(t, ok)
	require.Empty(t, c.Fields[0].OnDelete)
	for err := range fork.Check() {
		t.Error(err)
	}
}

// Forks share what was defined before; each may be defined further while the others are.
func TestForksAreDefinedAtTheSameTime(t *testing.T) {
	tags := nocobase.Field{Type: "belongsToMany", Name: "tags", Through: "posts_tags"}
	db := open(t, collection("users"), collection("posts", field("belongsTo", "user"), tags), collection("tags"))
	var wait sync.WaitGroup
	for range 4 {
		fork := db.Fork()
		wait.Go(func() {
			if err := fork.Alter("posts", memrel.Index{Columns: []string{"userId"}}); err != nil {
				t.Error(err)
			}
			for _, d := range []memrel.Definition{
				memrel.Schema{Name: "plain", Columns: []memrel.Column{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}},
				nocobase.SetField("posts", field("string", "title")),
				nocobase.RemoveField("posts", "tags"),
				nocobase.RemoveCollection("users"),
			} {
				if err := fork.Define(d); err != nil {
					t.Error(err)
				}
			}
			if err := fork.Alter("posts", memrel.Index{Columns: []string{"title"}}); err != nil {
				t.Error(err)
			}
			for err := range fork.Check() {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	require.Empty(t, db.Pending())
	require.Equal(t, []string{"belongsTo user users userId id", "belongsToMany tags tags postId tagId id id posts_tags"}, bindings(db, "posts"))
}

func TestDisagreementsAreToldOnce(t *testing.T) {
	var told []string
	db := open(t, memrel.DiagnosticFunc(func(d memrel.Diagnostic) { told = append(told, d.Kept.By+" "+d.Refused.By) }),
		collection("users", onDelete("hasMany", "posts", "CASCADE")))
	require.NoError(t, db.Define(collection("posts", onDelete("belongsTo", "user", "RESTRICT"))))
	require.Equal(t, []string{"posts.user users.posts"}, told, "the field of the collection that is defined is bound before the one that waited")
	require.NoError(t, db.Define(collection("tags")))
	require.Len(t, told, 1, "what was told is not told again")
	d := db.View().Diagnostics()
	require.Len(t, d, 1)
	require.Equal(t, "posts.userId -> users.id", d[0].Reference)
	require.Equal(t, "RESTRICT", d[0].Kept.OnDelete)
	require.Equal(t, "CASCADE", d[0].Refused.OnDelete)
	require.NoError(t, db.Define(nocobase.SetField("posts", onDelete("belongsTo", "user", "CASCADE"))))
	require.Empty(t, db.View().Diagnostics())
	require.NoError(t, db.Define(nocobase.SetField("posts", onDelete("belongsTo", "user", "NO ACTION"))))
	require.Equal(t, []string{"posts.user users.posts", "users.posts posts.user"}, told, "by now the other field was bound first")
}

func TestWhoDecidesAboutAReference(t *testing.T) {
	for _, c := range []struct{ many, one, want string }{
		{"", "", "NO ACTION default"},
		{"CASCADE", "", "CASCADE user"},
		{"", "SET NULL", "SET NULL user"},
		{"NO ACTION", "", "NO ACTION user"},
		{"cascade", "CASCADE", "CASCADE user"},
		{"SET NULL", "CASCADE", "CASCADE user"},
		{"CASCADE", "SET NULL", "CASCADE user"},
		{"CASCADE", "RESTRICT", "CASCADE user"},
		{"RESTRICT", "CASCADE", "RESTRICT user"},
	} {
		db := open(t, collection("users"), collection("posts"),
			nocobase.SetField("users", onDelete("hasMany", "posts", c.many)), nocobase.SetField("posts", onDelete("belongsTo", "user", c.one)))
		require.Equal(t, []string{"posts.userId -> users.id " + c.want}, references(db, "users"), "%s, then %s", c.many, c.one)
	}
}

func TestAStoreHasOneFrontEnd(t *testing.T) {
	db := open(t, memrel.ModelSpec{Name: "User"}, memrel.ModelSpec{Name: "Post"}, memrel.ModelOf("User").HasMany(memrel.ModelOf("Post")))
	require.Nil(t, nocobase.Of(memrel.Associations(db)))
	require.Empty(t, nocobase.Of(nil).Names())
	require.Empty(t, nocobase.Of(nil).Bindings("users"))
	_, ok := nocobase.Of(nil).Collection("users")
	require.False(t, ok)
}
