package memrel_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type blogUser struct {
	ID    int64
	Email string `memrel:",unique"`
}

type blogPost struct {
	ID       int64
	AuthorID int64
	Title    string
}

// taggedPost says the same of its foreign key by tags.
type taggedPost struct {
	ID       int64
	AuthorID int64 `memrel:",ref=users,ondelete=cascade,onupdate=cascade"`
	Title    string
}

// TestOneBlogThreeWays writes one blog at run time, with struct tags and with typed handles.
func TestOneBlogThreeWays(t *testing.T) {
	id := memrel.Attribute{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}
	email := memrel.Attribute{Column: memrel.Column{Name: "email", Type: memrel.String, NotNull: true}, Unique: true}
	author := memrel.Attribute{Column: memrel.Column{Name: "authorId", Type: memrel.Int, NotNull: true}}
	title := memrel.Attribute{Column: memrel.Column{Name: "title", Type: memrel.String, NotNull: true}}
	users, posts := memrel.TableOf[blogUser]("users"), memrel.TableOf[blogPost]("posts")
	cascades := []memrel.AssociationOptions{memrel.ForeignKey("authorId"), memrel.OnDelete(memrel.Cascade), memrel.OnUpdate(memrel.Cascade)}
	said := memrel.AssociationOptions{ForeignKey: "authorId", OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}

	ways := map[string][]memrel.Definition{
		"run time": {
			memrel.ModelSpec{Name: "users", Columns: []memrel.Attribute{id, email}},
			memrel.ModelSpec{Name: "posts", Columns: []memrel.Attribute{id, author, title}},
			memrel.ModelOf("users").HasMany(memrel.ModelOf("posts"), said),
		},
		"struct tags": {users, memrel.TableOf[taggedPost]("posts"), memrel.ModelOf("users").HasMany(memrel.ModelOf("posts"),
			memrel.AssociationOptions{ForeignKey: "authorId"})},
		"typed handles": {users, posts, memrel.HasMany(users, posts, cascades...)},
	}
	var schemas, rows string
	for name, defs := range ways {
		db := sound(t, memrel.MustOpen(defs...))
		ann, err := users.Insert(db, blogUser{Email: "ann@example.com"})
		require.NoError(t, err)
		_, err = memrel.InstanceOf(mustGet(t, db, "users", ann.ID)).Call(db, "createPost", memrel.Values{"title": "Hello"})
		require.NoError(t, err)
		found, err := users.Model().Find(db, memrel.Query{Include: []memrel.Include{{As: "posts"}}})
		require.NoError(t, err)
		u, _ := db.View().Schema("users")
		p, _ := db.View().Schema("posts")
		s, r := asJSON(t, []memrel.Schema{u, p}), asJSON(t, found)
		if schemas == "" {
			schemas, rows = s, r
		}
		require.Equal(t, schemas, s, name)
		require.Equal(t, rows, r, name)
	}
	require.Equal(t, `[{"id":1,"email":"ann@example.com","posts":[{"id":1,"authorId":1,"title":"Hello"}]}]`, rows)
}

func mustGet(t *testing.T, db *memrel.DB, name string, key any) memrel.Row {
	row, ok := memrel.RowsOf(name).Get(db, key)
	require.True(t, ok)
	return row
}

func asJSON(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
