package memrel_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// blog has ann with posts 1 (likes 5, tags go and db) and 2 (likes 1), bob with post 3 (likes 3, tag go), and cy with none.
func blog(t *testing.T) *memrel.DB {
	t.Helper()
	likes := memrel.Attribute{Column: memrel.Column{Name: "likes", Type: memrel.Int}}
	db := sound(t, memrel.MustOpen(model("User", str("name")), model("Post", str("title"), likes), model("Tag", str("name")),
		hasMany("User", "Post", assoc.Options{}), belongsTo("Post", "User", assoc.Options{}),
		belongsToMany("Post", "Tag", assoc.Options{Through: "PostTag"}), belongsToMany("Tag", "Post", assoc.Options{Through: "PostTag"})))
	insert := func(name string, rows ...memrel.Values) {
		m, ok := db.Model(name)
		require.True(t, ok)
		_, err := m.InsertAll(db, rows)
		require.NoError(t, err)
	}
	insert("User", memrel.Values{"name": "ann"}, memrel.Values{"name": "bob"}, memrel.Values{"name": "cy"})
	insert("Post", memrel.Values{"title": "a", "likes": 5, "UserId": 1}, memrel.Values{"title": "b", "likes": 1, "UserId": 1},
		memrel.Values{"title": "c", "likes": 3, "UserId": 2})
	insert("Tag", memrel.Values{"name": "go"}, memrel.Values{"name": "db"})
	insert("PostTag", memrel.Values{"PostId": 1, "TagId": 1}, memrel.Values{"PostId": 1, "TagId": 2}, memrel.Values{"PostId": 3, "TagId": 1})
	return db
}

func found(t *testing.T, db *memrel.DB, name, column string, q memrel.Query) []any {
	t.Helper()
	m, _ := db.Model(name)
	rows, err := m.FindAll(db, q)
	require.NoError(t, err)
	out := []any{}
	for _, r := range rows {
		out = append(out, r.Value(column))
	}
	return out
}

func TestConditionsAcrossAssociations(t *testing.T) {
	db := blog(t)
	popular := memrel.Gte("likes", 3)
	for _, c := range []struct {
		name  string
		where memrel.Cond
		want  []any
	}{
		{"some", memrel.Some("Posts", popular), []any{"ann", "bob"}},
		{"every, of none too", memrel.Every("Posts", popular), []any{"bob", "cy"}},
		{"none", memrel.None("Posts", popular), []any{"cy"}},
		{"count", memrel.CountOf("Posts", memrel.Gte("count", 2)), []any{"ann"}},
		{"count of some", memrel.CountOf("Posts", memrel.Eq("count", 1), popular), []any{"ann", "bob"}},
		{"across two", memrel.Some("Posts", memrel.Some("Tags", memrel.Eq("name", "db"))), []any{"ann"}},
		{"not", memrel.Not(memrel.Some("Posts", popular)), []any{"cy"}},
		{"or with a column", memrel.Or(memrel.Eq("name", "cy"), memrel.Some("Posts", memrel.Eq("likes", 1))), []any{"ann", "cy"}},
		{"back and forth", memrel.Some("Posts", memrel.Some("User", memrel.Eq("name", "bob"))), []any{"bob"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, found(t, db, "User", "name", memrel.Query{Where: c.where}))
			text, err := json.Marshal(c.where)
			require.NoError(t, err)
			var again memrel.Cond
			require.NoError(t, json.Unmarshal(text, &again))
			require.Equal(t, c.want, found(t, db, "User", "name", memrel.Query{Where: again}))
			m, _ := db.Model("User")
			n, err := m.Count(db, c.where)
			require.NoError(t, err)
			require.Len(t, c.want, n)
		})
	}
	m, _ := db.Model("User")
	_, err := m.FindAll(db, memrel.Query{Where: memrel.Some("Pets", memrel.Cond{})})
	require.ErrorIs(t, err, memrel.ErrUnknownAssociation)
}

func TestWritingAcrossAssociations(t *testing.T) {
	db := blog(t)
	users, _ := db.Model("User")
	rows, err := users.UpdateWhere(db, memrel.Some("Posts", memrel.Gte("likes", 3)), memrel.Values{"name": "popular"})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	rows, err = users.DeleteWhere(db, memrel.None("Posts", memrel.Cond{}))
	require.NoError(t, err)
	require.Len(t, rows, 1)
}

func TestOrderAcrossAssociations(t *testing.T) {
	db := blog(t)
	require.Equal(t, []any{"ann", "bob", "cy"}, found(t, db, "User", "name", memrel.Query{Order: []memrel.Order{{Column: "count(Posts)", Desc: true}}}))
	require.Equal(t, []any{"cy", "bob"}, found(t, db, "User", "name", memrel.Query{Order: []memrel.Order{{Column: "count(Posts)"}}, Limit: 2}))
	require.Equal(t, []any{"c", "a", "b"}, found(t, db, "Post", "title",
		memrel.Query{Order: []memrel.Order{{Column: "User.name", Desc: true}, {Column: "title"}}}))
}

func TestIncludes(t *testing.T) {
	db := blog(t)
	read := func(model string, q memrel.Query) string {
		m, _ := db.Model(model)
		rows, err := m.FindAll(db, q)
		require.NoError(t, err)
		text, err := json.Marshal(rows)
		require.NoError(t, err)
		return string(text)
	}
	titles := []string{"title"}
	require.Equal(t, `[{"id":1,"name":"ann","Posts":[{"id":1,"title":"a"}]},{"id":2,"name":"bob","Posts":[{"id":3,"title":"c"}]},`+
		`{"id":3,"name":"cy","Posts":[]}]`, read("User", memrel.Query{Include: []memrel.Include{
		{As: "Posts", Columns: titles, Order: []memrel.Order{{Column: "likes", Desc: true}}, Limit: 1}}}), "a limit for each parent")
	require.Equal(t, `[{"id":2,"name":"bob","Posts":[{"id":3,"title":"c","User":{"id":2,"name":"bob"}}]}]`, read("User", memrel.Query{
		Include: []memrel.Include{{As: "Posts", Columns: titles, Required: true, Include: []memrel.Include{{Model: "User"}}}},
		Offset:  1, Limit: 1}), "required leaves out parents before the limit")
	require.Equal(t, `[{"id":1,"name":"go","Posts":[{"id":1,"title":"a","PostTag":{"PostId":1,"TagId":1}},`+
		`{"id":3,"title":"c","PostTag":{"PostId":3,"TagId":1}}]}]`, read("Tag", memrel.Query{Where: memrel.Eq("name", "go"),
		Include: []memrel.Include{{As: "Posts", Columns: titles}}}))

	post, _ := db.Model("Post")
	_, err := post.FindAll(db, memrel.Query{Include: []memrel.Include{{Model: "Comment"}}})
	require.ErrorContains(t, err, "Comment is not associated to Post!")
	_, err = post.Find(db, memrel.Query{Include: []memrel.Include{{As: "User"}}})
	require.ErrorIs(t, err, memrel.ErrQuery)
}

func TestASharedRowIsIncludedOnce(t *testing.T) {
	db := blog(t)
	m, _ := db.Model("Post")
	rows, err := m.FindAll(db, memrel.Query{Include: []memrel.Include{{As: "User"}}})
	require.NoError(t, err)
	first, _ := rows[0].Included("User")
	second, _ := rows[1].Included("User")
	require.Equal(t, first[0], second[0])
	first[0].SetValue("name", "changed")
	require.Equal(t, "changed", second[0].Value("name"), "one row in hand, not two")
}

func TestGeneratedAccessors(t *testing.T) {
	db := blog(t)
	m, _ := db.Model("User")
	ann, _, err := m.FindByPk(db, 1, memrel.Query{})
	require.NoError(t, err)
	n, err := ann.Call(db, "countPosts")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	_, err = ann.Call(db, "addPost", 3)
	require.NoError(t, err)
	has, err := ann.Call(db.View(), "hasPosts", 1, 2, memrel.Key{3})
	require.NoError(t, err)
	require.Equal(t, true, has)
	made, err := ann.Call(db, "createPost", memrel.Values{"title": "d"})
	require.NoError(t, err)
	require.EqualValues(t, 1, made.(memrel.Instance).Value("UserId"))
	_, err = ann.Call(db, "getPost")
	require.ErrorIs(t, err, memrel.ErrUnknownMethod)
	_, err = ann.Call(db.View(), "setPosts")
	require.ErrorIs(t, err, memrel.ErrQuery, "a view cannot be written")
}

func TestNoRowInHand(t *testing.T) {
	db := blog(t)
	var none memrel.Instance
	_, ok := none.Included("Posts")
	require.False(t, ok)
	_, call := none.Call(db, "getPosts")
	_, get := none.Get(db, "Posts", memrel.Query{})
	for _, err := range []error{none.Save(db), none.Delete(db), none.Add(db, "Posts", 1), none.Set(db, "Posts"), call, get} {
		require.ErrorIs(t, err, memrel.ErrNotFound)
	}
	text, err := json.Marshal(none)
	require.NoError(t, err)
	require.Equal(t, "null", string(text))
}

// Min and Max take conditions across associations as Count and Find do.
func TestExtremesUnderConditionsAcrossAssociations(t *testing.T) {
	db := blog(t)
	posts, ok := db.Model("Post")
	require.True(t, ok)
	most, err := posts.Max(db, "likes", memrel.None("Tags", memrel.Cond{}))
	require.NoError(t, err)
	require.EqualValues(t, 1, most)
	least, err := posts.Min(db, "likes", memrel.Some("Tags", memrel.Eq("name", "go")))
	require.NoError(t, err)
	require.EqualValues(t, 3, least)
	_, err = posts.Max(db, "likes", memrel.Some("Nobody", memrel.Cond{}))
	require.Error(t, err)
}
