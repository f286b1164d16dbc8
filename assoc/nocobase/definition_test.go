package nocobase_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
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
		_, err := memrel.RowsOf("users").Insert(tx, memrel.Values{"name": "ann"})
		require.NoError(t, err)
		_, err = memrel.RowsOf("posts").Insert(tx, memrel.Values{"userId": 1})
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

	require.Equal(t, assoc.ByDefault, before.References("users")[0].Priority)
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

// Numbers of a definition are exact, and text is text.
func TestNumbersOfFieldsAreExact(t *testing.T) {
	list, err := nocobase.Parse(strings.NewReader(`[{"name":"accts","fields":[{"type":"bigInt","name":"owner","defaultValue":9007199254740993},` +
		`{"type":"json","name":"j","defaultValue":{"n":9007199254740993}}]}]`))
	require.NoError(t, err)
	db := memrel.MustOpen(list[0])
	row, err := memrel.RowsOf("accts").Insert(db, memrel.Values{})
	require.NoError(t, err)
	require.EqualValues(t, int64(9007199254740993), row.Get("owner"))
	require.Equal(t, json.RawMessage(`{"n":9007199254740993}`), row.Get("j"))
	_, err = nocobase.Parse(strings.NewReader(`[{"name":"cut \ud83d"}]`))
	require.ErrorContains(t, err, "surrogate")
}

// A field of another type holds what it held, exactly, or the change is refused and names the rows.
func TestAFieldOfAnotherTypeKeepsItsValues(t *testing.T) {
	db := memrel.MustOpen(nocobase.Collection{Name: "items", Fields: []nocobase.Field{{Type: "bigInt", Name: "n"}, {Type: "text", Name: "t"}}})
	items := memrel.RowsOf("items")
	_, err := items.InsertAll(db, []memrel.Values{{"n": 1<<40 + 7, "t": "7"}, {"n": nil, "t": "x"}, {"n": 3}})
	require.NoError(t, err)
	values := func(column string) (out []any) {
		for row := range items.All(db) {
			out = append(out, row.Get(column))
		}
		return out
	}
	retype := func(name, typ string) error {
		return db.Define(nocobase.SetField("items", nocobase.Field{Type: typ, Name: name}))
	}
	refused := func(err error, rows ...string) {
		t.Helper()
		require.ErrorIs(t, err, memrel.ErrType)
		var e *memrel.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, rows, e.Rows)
	}
	refused(retype("n", "integer"), "items[1]")
	refused(retype("n", "boolean"), "items[1]", "items[3]")
	refused(retype("t", "bigInt"), "items[2]")
	require.NoError(t, retype("n", "string"))
	require.Equal(t, []any{"1099511627783", nil, "3"}, values("n"))
	require.NoError(t, retype("n", "double"))
	require.Equal(t, []any{1099511627783.0, nil, 3.0}, values("n"))
	require.NoError(t, retype("n", "json"))
	require.NoError(t, retype("n", "bigInt"))
	require.Equal(t, []any{int64(1099511627783), nil, int64(3)}, values("n"))
	refused(db.Define(nocobase.Collection{Name: "items", Fields: []nocobase.Field{{Type: "integer", Name: "n"}, {Type: "text", Name: "t"}}}), "items[1]")
	require.Equal(t, []any{"7", "x", nil}, values("t"))
	for err := range db.Check() {
		t.Error(err)
	}
}
