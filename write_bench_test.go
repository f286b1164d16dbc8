package memrel_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	benchTag  struct{ ID int64 }
	benchLink struct {
		ArticleID int64 `memrel:",pk"`
		TagID     int64 `memrel:",pk"`
	}
)

var (
	benchTags    = memrel.TableOf[benchTag]("benchTags")
	benchLinks   = memrel.TableOf[benchLink]("benchLinks")
	articleTags  = memrel.BelongsToMany(Articles, benchTags, benchLinks, memrel.ForeignKey("articleId"), memrel.OtherKey("tagId"), memrel.As("tags"))
	articleModel = memrel.RowsOf("articles")
)

// writes are the statements of one row, each a transaction of its own: what one costs is what a user pays for every verb.
var writes = []struct {
	name string
	do   func(db *memrel.DB, i int) error
}{
	{"insert", func(db *memrel.DB, i int) error {
		_, err := Articles.Insert(db, Article{AuthorID: 1, Slug: "n" + strconv.Itoa(i), Title: "t"})
		return err
	}},
	{"insert-values", func(db *memrel.DB, i int) error {
		_, err := articleModel.Insert(db, memrel.Values{"authorId": 1, "slug": "m" + strconv.Itoa(i), "title": "t"})
		return err
	}},
	{"save", func(db *memrel.DB, i int) error {
		_, err := Articles.Save(db, Article{ID: int64(i%1000 + 1), AuthorID: 1, Slug: "slug-" + strconv.Itoa(i%1000), Title: "s"})
		return err
	}},
	{"update", func(db *memrel.DB, i int) error {
		_, err := Articles.Update(db, memrel.Values{"title": "u"}, i%1000+1)
		return err
	}},
	{"upsert", func(db *memrel.DB, i int) error {
		_, _, err := Articles.Upsert(db, Article{ID: int64(i%1000 + 1), AuthorID: 1, Slug: "slug-" + strconv.Itoa(i%1000), Title: "p"})
		return err
	}},
	{"delete-insert", func(db *memrel.DB, i int) error {
		row, err := Articles.Delete(db, i%1000+1)
		if err != nil {
			return err
		}
		_, err = Articles.Insert(db, row)
		return err
	}},
	{"links-add-remove", func(db *memrel.DB, i int) error {
		a, t := Article{ID: int64(i%1000 + 1)}, benchTag{ID: 1}
		if err := articleTags.Add(db, a, t); err != nil {
			return err
		}
		return articleTags.Remove(db, a, t)
	}},
	{"insert-then-view", func(db *memrel.DB, i int) error {
		_, err := Articles.Insert(db, Article{AuthorID: 1, Slug: "v" + strconv.Itoa(i), Title: "t"})
		db.View()
		return err
	}},
}

func libraryOfLinks(t testing.TB) *memrel.DB {
	t.Helper()
	db := library(t, 10, 1000)
	require.NoError(t, db.Define(benchTags, benchLinks, articleTags))
	_, err := benchTags.Insert(db, benchTag{})
	require.NoError(t, err)
	return db
}

func BenchmarkWrites(b *testing.B) {
	for _, w := range writes {
		b.Run(w.name, func(b *testing.B) {
			db := libraryOfLinks(b)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := w.do(db, i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
