package repository_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase/repository"
)

// town is a store of many rows: each post has a user, each user some posts, and each post two tags.
func town(tb testing.TB, n int) *memrel.DB {
	tb.Helper()
	db := blog()
	for i := 2; i <= n/10; i++ {
		_, err := users.Create(db, memrel.Values{"name": fmt.Sprint("user ", i)}, repository.Write{})
		require.NoError(tb, err)
		_, err = tags.Create(db, memrel.Values{"name": fmt.Sprint("tag ", i)}, repository.Write{})
		require.NoError(tb, err)
	}
	for i := range n {
		user := i%(n/10) + 1
		_, err := posts.Create(db, memrel.Values{"title": fmt.Sprint("post ", i), "score": i, "user": user, "tags": []any{user, i%7 + 1}}, repository.Write{})
		require.NoError(tb, err)
	}
	return db
}

// A filter over two relations goes by the keys that lead back from what it asks for.
func TestAFilterOverTwoRelationsGoesByIndexRanges(t *testing.T) {
	db := town(t, 2000)
	by := repository.Find{Filter: map[string]any{"posts.tags.name": "tag 77"}}
	e, err := users.Explain(db, by)
	require.NoError(t, err)
	t.Log(e)
	require.NotContains(t, e.String(), "order on")
	found, err := users.Find(db, by)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.NoError(t, checked(db))
}

func checked(db *memrel.DB) error {
	for err := range db.Check() {
		return err
	}
	return nil
}

func BenchmarkFindAndCount(b *testing.B) {
	db := town(b, 2000)
	by := repository.Find{Filter: map[string]any{"score.$gte": 1000}, Appends: []string{"user", "tags", "user.posts"}, Limit: 100}
	plain := memrel.Query{Where: memrel.Gte("score", 1000), Limit: 100, Order: []memrel.Order{{Column: "id", Nulls: memrel.NullsLast}},
		Include: []memrel.Include{{As: "user", Include: []memrel.Include{{As: "posts"}}}, {As: "tags", Order: []memrel.Order{{Column: "id", Nulls: memrel.NullsLast}}}}}
	view := db.View()
	b.Run("repository", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, n, err := posts.FindAndCount(view, by)
			if err != nil || len(rows) != 100 || n < 900 {
				b.Fatal(len(rows), n, err)
			}
		}
	})
	b.Run("model", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, err := memrel.ModelOf("posts").Find(view, plain)
			if err != nil || len(rows) != 100 {
				b.Fatal(len(rows), err)
			}
			if n, err := memrel.ModelOf("posts").Count(view, plain.Where); err != nil || n < 900 {
				b.Fatal(n, err)
			}
		}
	})
}
