package memrel_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// shelf has n posts of n/10 users, ten each, and n/10 tags: post i has tags i/10 and i/10+1, and all have tag 1.
func shelf(t testing.TB, n int) *memrel.DB {
	t.Helper()
	db := memrel.MustOpen(model("User", unique(str("name"))), model("Post", str("title")), model("Tag", unique(str("name"))),
		hasMany("User", "Post", assoc.Options{}), belongsTo("Post", "User", assoc.Options{}),
		belongsToMany("Post", "Tag", assoc.Options{Through: "PostTag"}), belongsToMany("Tag", "Post", assoc.Options{Through: "PostTag"}))
	var users, posts, tags, links []memrel.Values
	for i := range n / 10 {
		users = append(users, memrel.Values{"name": fmt.Sprint("user ", i+1)})
		tags = append(tags, memrel.Values{"name": fmt.Sprint("tag ", i+1)})
	}
	for i := range n {
		posts = append(posts, memrel.Values{"title": fmt.Sprint("post ", i+1), "UserId": i/10 + 1})
		for tag := range map[int]bool{1: true, i/10 + 1: true, (i/10+1)%(n/10) + 1: true} {
			links = append(links, memrel.Values{"PostId": i + 1, "TagId": tag})
		}
	}
	for name, rows := range map[string][]memrel.Values{"User": users, "Tag": tags} {
		_, err := memrel.RowsOf(name).InsertAll(db, rows)
		require.NoError(t, err)
	}
	for _, part := range []struct {
		name string
		rows []memrel.Values
	}{{"Post", posts}, {"PostTag", links}} {
		_, err := memrel.RowsOf(part.name).InsertAll(db, part.rows)
		require.NoError(t, err)
	}
	return db
}

func TestConditionsAcrossAssociationsBeginWhereFewRowsAre(t *testing.T) {
	db := shelf(t, 1000)
	tag, user := memrel.Eq("name", "tag 7"), memrel.Eq("name", "user 7")
	tagged := memrel.Some("Tags", tag)
	for _, c := range []struct {
		model string
		q     memrel.Query
		want  string
	}{
		{"Post", memrel.Query{Where: tagged}, "Posts: unique key on Posts_pkey (id IN (list from association Tags)), order by key"},
		{"Post", memrel.Query{Where: memrel.CountOf("Tags", memrel.Gte("count", 1), tag)},
			"Posts: unique key on Posts_pkey (id IN (list from association Tags)), filter COUNT Tags (count >= 1, name = 'tag 7'), order by key"},
		{"Post", memrel.Query{Where: memrel.Not(memrel.None("Tags", tag))}, "Posts: unique key on Posts_pkey (id IN (list from association Tags)), order by key"},
		{"Post", memrel.Query{Where: memrel.Some("User", user)}, "Posts: key lookup on Posts_UserId_fkidx (UserId IN (list from association User)), order by key"},
		{"User", memrel.Query{Where: memrel.Some("Posts", tagged)}, "Users: unique key on Users_pkey (id IN (list from association Posts)), order by key"},
		{"Post", memrel.Query{Where: memrel.And(tagged, memrel.Between("id", 1, 900))},
			"Posts: unique key on Posts_pkey (id IN (list from association Tags) AND id >= 1 AND id <= 900), order by key"},
		{"Post", memrel.Query{Where: memrel.Or(tagged, memrel.Eq("id", 5))},
			"Posts: unique key on Posts_pkey (id IN (list from association Tags) OR id = 5), order by key"},
		{"Post", memrel.Query{Where: memrel.Or(tagged, memrel.Some("User", user))}, "Posts: union of [unique key on Posts_pkey (id IN (list from association Tags))] and " +
			"[key lookup on Posts_UserId_fkidx (UserId IN (list from association User))], merge by id"},
		{"Post", memrel.Query{Where: tagged, Order: []memrel.Order{{Column: "title"}}, Limit: 3},
			"Posts: unique key on Posts_pkey (id IN (list from association Tags)), sort by title, id, limit 3"},
		{"Post", memrel.Query{Where: memrel.Some("Tags", memrel.Eq("name", "none"))}, "Posts: nothing"},

		{"Post", memrel.Query{Where: memrel.And(tagged, memrel.Eq("id", 5))}, "Posts: unique key on Posts_pkey (id = 5), filter SOME Tags (name = 'tag 7')"},
		{"Post", memrel.Query{Where: memrel.Some("Tags", memrel.Eq("id", 1))}, "Posts: scan on Posts_pkey, filter SOME Tags (id = 1), order by key"},
		{"Post", memrel.Query{Where: memrel.Some("Tags", memrel.Eq("id", 1)), Limit: 5},
			"Posts: scan on Posts_pkey, filter SOME Tags (id = 1), order by key, limit 5"},
		{"Post", memrel.Query{Where: memrel.Not(tagged)}, "Posts: scan on Posts_pkey, filter NOT (SOME Tags (name = 'tag 7')), order by key"},
		{"Post", memrel.Query{Where: memrel.Every("Tags", tag)}, "Posts: scan on Posts_pkey, filter EVERY Tags (name = 'tag 7'), order by key"},
		{"Post", memrel.Query{Where: memrel.CountOf("Tags", memrel.Lt("count", 1), tag)},
			"Posts: scan on Posts_pkey, filter COUNT Tags (count < 1, name = 'tag 7'), order by key"},
	} {
		e, err := memrel.RowsOf(c.model).Explain(db, c.q)
		require.NoError(t, err)
		require.Equal(t, c.want, e.String(), "%s where %s", c.model, c.q.Where)
	}
}

func TestRowsFoundFromTheFarSideAreThoseOfTheState(t *testing.T) {
	db := shelf(t, 1000)
	tagged := memrel.Some("Tags", memrel.Eq("name", "tag 7"))
	count := func(r memrel.Reader) int {
		n, err := memrel.RowsOf("Post").Count(r, tagged)
		require.NoError(t, err)
		return n
	}
	link := func(w memrel.Writer, post int) {
		_, err := memrel.RowsOf("PostTag").Insert(w, memrel.Values{"PostId": post, "TagId": 7})
		require.NoError(t, err)
	}
	before, fork := db.View(), db.Fork()
	link(fork, 999)
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		link(tx, 998)
		link(tx, 997)
		require.Equal(t, 22, count(tx), "its own rows, not committed")
		rows, err := memrel.RowsOf("Post").UpdateWhere(tx, tagged, memrel.Values{"title": "x"})
		require.NoError(t, err)
		require.Len(t, rows, 22)
		return nil
	}))
	require.Equal(t, []int{20, 21, 22}, []int{count(before), count(fork), count(db)})
	gone, err := memrel.RowsOf("Post").DeleteWhere(db, tagged)
	require.NoError(t, err)
	require.Len(t, gone, 22)
	require.Zero(t, count(db))
}

func TestKeysOfDifferentTypesAreWalkedForth(t *testing.T) {
	db := sound(t, memrel.MustOpen(model("User", unique(str("name"))), model("Post", unique(str("title")),
		memrel.Attribute{Column: memrel.Column{Name: "author", Type: memrel.Float}}),
		hasMany("User", "Post", assoc.Options{ForeignKey: "author", Unconstrained: true})))
	for i := range 300 {
		_, err := memrel.RowsOf("User").Insert(db, memrel.Values{"name": fmt.Sprint(i)})
		require.NoError(t, err)
		_, err = memrel.RowsOf("Post").Insert(db, memrel.Values{"title": fmt.Sprint(i), "author": i + 1})
		require.NoError(t, err)
	}
	q := memrel.Query{Where: memrel.Some("Posts", memrel.Eq("title", "7"))}
	e, err := memrel.RowsOf("User").Explain(db, q)
	require.NoError(t, err)
	require.Equal(t, "Users: scan on Users_pkey, filter SOME Posts (title = '7'), order by key", e.String())
	require.Equal(t, []any{"7"}, found(t, db, "User", "name", q))
}
