package repository_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
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

// What a session reads of the definitions is kept, and no longer than they are: a transaction sees its own, a view those of its time.
func TestDefinitionsAreReadAgainOnceTheyChange(t *testing.T) {
	db := blog()
	_, err := users.Find(db, repository.Find{Appends: []string{"posts"}})
	require.NoError(t, err)
	before := db.View()
	_, err = users.Create(db, memrel.Values{"name": "bo", "town": "Rome"}, repository.Write{})
	require.NoError(t, err)
	named := repository.Find{Filter: map[string]any{"town": "Rome"}}
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Define(nocobase.SetField("users", nocobase.Field{Name: "town", Type: "string"}), nocobase.RemoveField("users", "posts")))
		_, err := users.Create(tx, memrel.Values{"name": "cy", "town": "Rome"}, repository.Write{})
		require.NoError(t, err)
		n, err := users.Count(tx, named)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		_, err = users.Count(db, named)
		require.Error(t, err, "what is not committed others do not see")
		return nil
	}))
	n, err := users.Count(db, named)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	rows, err := users.Find(db, repository.Find{Appends: []string{"posts"}})
	require.NoError(t, err)
	_, loaded := rows[0].Rows("posts")
	require.False(t, loaded, "the relation is gone")
	rows, err = users.Find(before, repository.Find{Appends: []string{"posts"}})
	require.NoError(t, err)
	_, loaded = rows[0].Rows("posts")
	require.True(t, loaded)
	_, err = users.Count(before, named)
	require.Error(t, err)
	require.NoError(t, checked(db))
}

// Sessions of several goroutines read what is kept at once.
func TestSessionsShareWhatIsKept(t *testing.T) {
	db := blog()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, n, err := posts.FindAndCount(db, repository.Find{Filter: map[string]any{"user.name.$ne": "nobody"}, Appends: []string{"user.posts", "tags"}})
			assert.NoError(t, err)
			assert.Positive(t, n)
		})
	}
	all.Wait()
	require.NoError(t, checked(db))
}

// Beside its search a repository costs little: with appends at most 1.3 times the allocations and the bytes of the same Find and Count.
func TestFindAndCountCostsLittleMore(t *testing.T) {
	db := town(t, 2000)
	view := db.View()
	cost := func(do func() error) (mallocs, bytes float64) {
		const times = 20
		require.NoError(t, do())
		var from, to runtime.MemStats
		runtime.ReadMemStats(&from)
		for range times {
			require.NoError(t, do())
		}
		runtime.ReadMemStats(&to)
		return float64(to.Mallocs-from.Mallocs) / times, float64(to.TotalAlloc-from.TotalAlloc) / times
	}
	mallocs, bytes := cost(func() error { _, _, err := posts.FindAndCount(view, threeAppends); return err })
	plainMallocs, plainBytes := cost(func() error {
		_, err := memrel.ModelOf("posts").Find(view, threeIncludes)
		_, errCount := memrel.ModelOf("posts").Count(view, threeIncludes.Where)
		return errors.Join(err, errCount)
	})
	require.LessOrEqual(t, mallocs/plainMallocs, 1.3)
	require.LessOrEqual(t, bytes/plainBytes, 1.3)
	require.NoError(t, checked(db))
}

// A find with three appends, and the same of the root package.
var (
	threeAppends  = repository.Find{Filter: map[string]any{"score.$gte": 1000}, Appends: []string{"user", "tags", "user.posts"}, Limit: 100}
	threeIncludes = memrel.Query{Where: memrel.Gte("score", 1000), Limit: 100, Order: []memrel.Order{{Column: "id", Nulls: memrel.NullsLast}},
		Include: []memrel.Include{{As: "user", Include: []memrel.Include{{As: "posts"}}}, {As: "tags", Order: []memrel.Order{{Column: "id", Nulls: memrel.NullsLast}}}}}
)

func BenchmarkFindAndCount(b *testing.B) {
	db := town(b, 2000)
	view := db.View()
	b.Run("repository", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, n, err := posts.FindAndCount(view, threeAppends)
			if err != nil || len(rows) != 100 || n < 900 {
				b.Fatal(len(rows), n, err)
			}
		}
	})
	b.Run("model", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			rows, err := memrel.ModelOf("posts").Find(view, threeIncludes)
			if err != nil || len(rows) != 100 {
				b.Fatal(len(rows), err)
			}
			if n, err := memrel.ModelOf("posts").Count(view, threeIncludes.Where); err != nil || n < 900 {
				b.Fatal(n, err)
			}
		}
	})
}
