package memrel_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// Article has every kind of key: a primary key, a unique key and a foreign key.
type Article struct {
	ID       int64
	AuthorID int64  `memrel:",ref=users,ondelete=cascade"`
	Slug     string `memrel:",unique"`
	Title    string
}

var Articles = memrel.TableOf[Article]("articles")

// library is a store with users and, spread over them, articles.
func library(t testing.TB, users, articles int) *memrel.DB {
	t.Helper()
	db := memrel.MustOpen(Users, Articles)
	all := make([]User, users)
	for i := range all {
		all[i].Email = strconv.Itoa(i)
	}
	_, err := Users.InsertAll(db, all)
	require.NoError(t, err)
	_, err = Articles.InsertAll(db, newArticles(users, articles))
	require.NoError(t, err)
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

func newArticles(users, n int) []Article {
	all := make([]Article, n)
	for i := range all {
		all[i] = Article{AuthorID: int64(i%users + 1), Slug: "slug-" + strconv.Itoa(i), Title: "title"}
	}
	return all
}

func TestTypedReadsDoNotAllocate(t *testing.T) {
	db := library(t, 10, 1000)
	view, key := db.View(), int64(500)
	require.Zero(t, testing.AllocsPerRun(100, func() { Articles.Get(view, key) }), "by key, on a view")
	require.Zero(t, testing.AllocsPerRun(100, func() { Articles.Get(db, key) }), "by key, on a store that nobody writes to")
	walk := testing.AllocsPerRun(10, func() {
		for range Articles.All(view) {
			continue
		}
	})
	require.Less(t, walk, 10.0, "a walk allocates for itself, not for its rows")
}

const benchRows = 100_000

func BenchmarkBulkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		db, rows := library(b, 1000, 0), newArticles(1000, benchRows)
		b.StartTimer()
		_, err := Articles.InsertAll(db, rows)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}

func BenchmarkGet(b *testing.B) {
	view := library(b, 1000, benchRows).View()
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i = (i + 7919) % benchRows {
		if _, ok := Articles.Get(view, i+1); !ok {
			b.Fatal(i)
		}
	}
}

func BenchmarkInsert(b *testing.B) {
	db := library(b, 1000, benchRows)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := Articles.Insert(db, Article{AuthorID: int64(i%1000 + 1), Slug: strconv.Itoa(i), Title: "t"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	db := library(b, 1000, benchRows)
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i = (i + 7919) % benchRows {
		if _, err := Articles.Update(db, memrel.Values{"title": "x"}, i+1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForkAndWrite(b *testing.B) {
	db := library(b, 1000, benchRows)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Articles.Insert(db.Fork(), Article{AuthorID: 1, Slug: "new", Title: "t"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCascade(b *testing.B) {
	db := library(b, 1000, benchRows)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fork := db.Fork()
		b.StartTimer()
		for i := 1; i <= 100; i++ {
			if _, err := Users.Delete(fork, i); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10100, "ns/row")
}

// BenchmarkPreview is BenchmarkCascade without doing it.
// BenchmarkLongOR is an OR of 10,000 conjunctions that each lead to a row of 1,000,000 by a key, beside the same rows by IN: the
// metric is how many times as long it takes, the least of all rounds by the least.
func BenchmarkLongOR(b *testing.B) {
	v := library(b, 1000, 1_000_000).View()
	parts, list := make([]memrel.Cond, 10_000), make([]any, 10_000)
	for i := range parts {
		id := int64(1 + i*97%1_000_000)
		a, ok := Articles.Get(v, id)
		require.True(b, ok)
		parts[i], list[i] = memrel.And(memrel.Eq("authorId", a.AuthorID), memrel.Eq("id", id)), id
	}
	either, in := memrel.Query{Where: memrel.Or(parts...)}, memrel.Query{Where: memrel.In("id", list...)}
	least := [2]time.Duration{time.Hour, time.Hour}
	for b.Loop() {
		for i, q := range []memrel.Query{either, in} {
			start := time.Now()
			rows, err := memrel.RowsOf("articles").Find(v, q)
			least[i] = min(least[i], time.Since(start))
			require.NoError(b, err)
			require.Len(b, rows, len(parts))
		}
	}
	b.ReportMetric(float64(least[0])/float64(least[1]), "x-IN")
}

func BenchmarkPreview(b *testing.B) {
	view := library(b, 1000, benchRows).View()
	b.ReportAllocs()
	for b.Loop() {
		for i := 1; i <= 100; i++ {
			if _, err := view.PreviewDelete("users", i); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10100, "ns/row")
}
