package tests

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// Cost follows the rows touched, never the size of the table: told by counts, since times vary.

// blog is a store with n users and a post of each.
func blog(t *testing.T, n int) *memrel.DB {
	db := open(t, schemaOf("users"), schemaOf("posts"))
	users, posts := make([]memrel.Values, n), make([]memrel.Values, n)
	for i := range n {
		users[i] = memrel.Values{"nick": fmt.Sprint(i)}
		posts[i] = memrel.Values{"author": i + 1, "slug": fmt.Sprint(i)}
	}
	_, err := memrel.ModelOf("users").InsertAll(db, users)
	require.NoError(t, err)
	_, err = memrel.ModelOf("posts").InsertAll(db, posts)
	require.NoError(t, err)
	return db
}

func TestCostFollowsTheRowsTouched(t *testing.T) {
	const few, many = 100, 20_000
	small, large := blog(t, few), blog(t, many)
	users, posts := memrel.ModelOf("users"), memrel.ModelOf("posts")
	for name, fn := range map[string]func(db *memrel.DB, n int){
		"fork":          func(db *memrel.DB, _ int) { db.Fork() },
		"view":          func(db *memrel.DB, _ int) { db.View() },
		"read by key":   func(db *memrel.DB, n int) { users.Get(db, n/2) },
		"a transaction": func(db *memrel.DB, _ int) { db.Begin().Rollback() },
		"fork and write": func(db *memrel.DB, _ int) {
			_, err := users.Insert(db.Fork(), memrel.Values{"nick": "new"})
			require.NoError(t, err)
		},
		"delete with a cascade": func(db *memrel.DB, n int) {
			_, err := users.Delete(db.Fork(), n/2)
			require.NoError(t, err)
		},
		"update of a key with a cascade": func(db *memrel.DB, n int) {
			_, err := users.Update(db.Fork(), n/2, memrel.Values{"id": 10 * n})
			require.NoError(t, err)
		},
		"preview": func(db *memrel.DB, n int) {
			_, err := db.View().PreviewDelete("users", n/2)
			require.NoError(t, err)
		},
		"a page by key": func(db *memrel.DB, n int) {
			_, err := posts.Find(db, memrel.Query{Where: memrel.Gt("id", n/2), Limit: 5})
			require.NoError(t, err)
		},
		"the children of a row": func(db *memrel.DB, n int) {
			_, err := posts.Find(db, memrel.Query{Where: memrel.Eq("author", n/2)})
			require.NoError(t, err)
		},
		"a refused statement": func(db *memrel.DB, _ int) {
			_, err := users.Insert(db, memrel.Values{"nick": "7"})
			require.Error(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := small.Fork(), large.Fork()
			a := testing.AllocsPerRun(10, func() { fn(one, few) })
			b := testing.AllocsPerRun(10, func() { fn(other, many) })
			assert.LessOrEqual(t, b, 2*a+8, "allocations of %d rows: %v, of %d: %v", few, a, many, b)
		})
	}
}

func TestStatementsFindTheirRowsByKeys(t *testing.T) {
	db := open(t, schemaOf("users"), schemaOf("posts"), schemaOf("comments"))
	for _, c := range []struct {
		table string
		where memrel.Cond
		want  string
	}{
		{"users", memrel.Eq("id", 7), "unique key"},
		{"users", memrel.Eq("email", "a"), "unique key"},
		{"posts", memrel.Eq("author", 7), "key lookup"},
		{"comments", memrel.Eq("reviewer", 7), "key lookup"},
		{"users", memrel.In("id", 7, 8, 9), "unique key"},
		{"users", memrel.Between("id", 7, 9), "index range"},
		{"users", memrel.Eq("age", 7), "scan"},
	} {
		e, err := memrel.ModelOf(c.table).Explain(db, memrel.Query{Where: c.where})
		require.NoError(t, err)
		assert.EqualValues(t, c.want, e.Kind, "%s where %s", c.table, c.where)
	}
}
