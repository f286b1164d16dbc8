package memrel_test

import (
	"encoding/json"
	"strings"
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
	rows, err := m.Find(db, q)
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
	_, err := m.Find(db, memrel.Query{Where: memrel.Some("Pets", memrel.Cond{})})
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
		rows, err := m.Find(db, q)
		require.NoError(t, err)
		text, err := json.Marshal(rows)
		require.NoError(t, err)
		return string(text)
	}
	titles := []string{"id", "title"}
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
	_, err := post.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Comment"}}})
	require.ErrorContains(t, err, "Comment is not associated to Post!")
	_, err = post.Rows().Find(db, memrel.Query{Include: []memrel.Include{{As: "User"}}})
	require.ErrorIs(t, err, memrel.ErrQuery)
}

func TestASharedRowIsIncludedOnce(t *testing.T) {
	db := blog(t)
	m, _ := db.Model("Post")
	rows, err := m.Find(db, memrel.Query{Include: []memrel.Include{{As: "User"}}})
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
	ann, _, err := m.FindByPk(db, memrel.Query{}, 1)
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

// Before a cursor the last rows count, also where what is required leaves some out.
// TestALimitChangesNothingOfWhatIncludesRequire: what is required below an optional include is asked of its rows, not of the source.
func TestALimitChangesNothingOfWhatIncludesRequire(t *testing.T) {
	db := blog(t)
	tagged := []memrel.Include{{As: "Posts", Include: []memrel.Include{{As: "Tags", Required: true, Where: memrel.Eq("name", "db")}}}}
	users, _ := db.Model("User")
	for limit, want := range map[int][]int{0: {1, 0, 0}, 2: {1, 0}, 3: {1, 0, 0}} {
		rows, err := users.Find(db, memrel.Query{Limit: limit, Include: tagged})
		require.NoError(t, err)
		var posts []int
		for _, u := range rows {
			included, _ := u.Included("Posts")
			posts = append(posts, len(included))
		}
		require.Equal(t, want, posts, "limit %d", limit)
	}
	above := []memrel.Include{{As: "User", Include: []memrel.Include{{As: "Posts", Required: true, Where: memrel.Eq("title", "b")}}}}
	require.Equal(t, []any{"c", "b"}, found(t, db, "Post", "title", memrel.Query{Limit: 2, Order: []memrel.Order{{Column: "id", Desc: true}}, Include: above}))
}

func TestPagingBackwardsPastRequiredIncludes(t *testing.T) {
	db := blog(t)
	posts := memrel.RowsOf("Post")
	_, err := posts.InsertAll(db, []memrel.Values{{"title": "d", "UserId": 1}, {"title": "e"}, {"title": "f"}})
	require.NoError(t, err)
	cursor, err := posts.CursorOf(db, mustGet(t, db, "Post", 6))
	require.NoError(t, err)
	q := memrel.Query{Before: &cursor, Limit: 2, Include: []memrel.Include{{As: "User", Required: true}}}
	require.Equal(t, []any{"c", "d"}, found(t, db, "Post", "title", q))
	q.Offset = 1
	require.Equal(t, []any{"b", "c"}, found(t, db, "Post", "title", q))
	q.Offset = 9
	require.Empty(t, found(t, db, "Post", "title", q))
	q.Limit, q.Offset, q.Before, q.After = 1, 1, nil, &cursor
	require.Empty(t, found(t, db, "Post", "title", q))
}

func TestOrderOfAssociatedRows(t *testing.T) {
	db := blog(t)
	tags := memrel.ModelOf("Tag")
	first, _, err := tags.FindByPk(db, memrel.Query{}, 1)
	require.NoError(t, err)
	byUser := []memrel.Order{{Column: "User.name", Desc: true}}
	got, err := first.Get(db, "Posts", memrel.Query{Order: byUser, Limit: 1})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "c", got[0].Value("title"))
	rows, err := tags.Find(db, memrel.Query{Include: []memrel.Include{{As: "Posts", Columns: []string{"id", "title"}, Order: byUser,
		Through: memrel.Through{Columns: []string{}}}}})
	require.NoError(t, err)
	require.Equal(t, `[{"id":1,"name":"go","Posts":[{"id":3,"title":"c"},{"id":1,"title":"a"}]},{"id":2,"name":"db","Posts":[{"id":1,"title":"a"}]}]`, asJSON(t, rows))
	one, _, err := tags.First(db, memrel.Query{Order: []memrel.Order{{Column: "count(Posts)"}}})
	require.NoError(t, err)
	require.Equal(t, "db", one.Value("name"))
}

// Rows that an order leaves equal stand by their primary key, also where a longer key leads to them.
func TestAnOrderByAssociationIsTotal(t *testing.T) {
	byName := memrel.ModelSpec{Name: "Bar", Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "FooId", Type: memrel.Int, Size: 32}, UniqueKey: "u"}, {Column: memrel.Column{Name: "name", Type: memrel.String}, UniqueKey: "u"}}}
	db := sound(t, memrel.MustOpen(model("Foo"), byName, hasMany("Foo", "Bar", assoc.Options{}), hasMany("Bar", "Bar", assoc.Options{As: "kids"})))
	f, err := memrel.ModelOf("Foo").Create(db, nil)
	require.NoError(t, err)
	for _, name := range []string{"c", "a", "b"} {
		_, err := f.Create(db, "Bars", memrel.Values{"name": name})
		require.NoError(t, err)
	}
	got, err := f.Get(db, "Bars", memrel.Query{Order: []memrel.Order{{Column: "count(kids)"}}, Columns: []string{"name"}})
	require.NoError(t, err)
	require.Equal(t, `[{"name":"c"},{"name":"a"},{"name":"b"}]`, asJSON(t, got))
}

// One association included twice in the same words is included once, as recorded; All leaves out what is named beside it.
func TestAnAssociationIsIncludedOnce(t *testing.T) {
	db := blog(t)
	posts := memrel.ModelOf("Post")
	names := func(include ...memrel.Include) (out []string) {
		row, _, err := posts.First(db, memrel.Query{Include: include})
		require.NoError(t, err)
		var shown map[string]any
		text := asJSON(t, row)
		require.NoError(t, json.Unmarshal([]byte(text), &shown))
		for _, as := range []string{"User", "Tags"} {
			rows, ok := row.Included(as)
			if ok {
				out = append(out, as)
				require.Equal(t, 1, strings.Count(text, `"`+as+`":`))
				require.NotEmpty(t, rows)
			}
		}
		return out
	}
	require.Equal(t, []string{"User"}, names(memrel.Include{As: "User"}, memrel.Include{Model: "User"}))
	require.Equal(t, []string{"User", "Tags"}, names(memrel.Include{All: true}, memrel.Include{As: "User", Columns: []string{"name"}}))
	require.Equal(t, []string{"User", "Tags"}, names(memrel.Include{All: true}, memrel.Include{All: true, Nested: true}))
	_, err := posts.Find(db, memrel.Query{Include: []memrel.Include{{As: "User"}, {Model: "User", Required: true}}})
	require.ErrorIs(t, err, memrel.ErrQuery)
	require.ErrorContains(t, err, "memrel: include Posts: Post.User is included twice, in different words")
}

// A handle goes by the name of a model as by that of its table, for every verb.
func TestHandlesByTheNameOfTheModel(t *testing.T) {
	db := blog(t)
	tag := memrel.RowsOf("Tag")
	row, err := tag.Insert(db, memrel.Values{"name": "new"})
	require.NoError(t, err)
	require.Equal(t, "Tags", row.Table())
	_, ok := tag.Get(db, 3)
	require.True(t, ok)
	_, err = tag.Update(db, memrel.Values{"name": "newer"}, 3)
	require.NoError(t, err)
	_, inserted, err := tag.Upsert(db, memrel.Values{"id": 3, "name": "newest"})
	require.NoError(t, err)
	require.False(t, inserted)
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		_, err := tag.UpdateWhere(tx, memrel.None("Posts", memrel.Cond{}), memrel.Values{"name": "unused"})
		return err
	}))
	rows, err := tag.Find(db, memrel.Query{Where: memrel.None("Posts", memrel.Cond{})})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	least, err := tag.Min(db, "id", memrel.None("Posts", memrel.Cond{}))
	require.NoError(t, err)
	require.EqualValues(t, 3, least)
	plan, err := db.View().PreviewDelete("Tag", 1)
	require.NoError(t, err)
	require.NotEmpty(t, plan.Steps)
	n, err := tag.Count(db, memrel.Cond{}, memrel.Include{As: "Posts", Required: true})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	_, err = tag.Delete(db, 3)
	require.NoError(t, err)
	n = 0
	for range tag.All(db) {
		n++
	}
	require.Equal(t, 2, n)
	require.NoError(t, memrel.RowsOf("PostTag").Truncate(db))
	_, _, err = memrel.ModelOf("Nobody").FindByPk(db, memrel.Query{}, 1)
	require.ErrorIs(t, err, memrel.ErrUnknownTable)
}
