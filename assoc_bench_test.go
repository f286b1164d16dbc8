package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

var (
	articlesBySlug = Articles.By("slug")
	benchTagModel  = memrel.ModelOf("benchTags")
	userArticles   = memrel.HasMany(Users, Articles, memrel.ForeignKey("authorId"), memrel.As("articles"))
	articleWriter  = memrel.BelongsTo(Articles, Users, memrel.ForeignKey("authorId"), memrel.As("author"))
)

// desk is a library with associations: user 1 has 100 articles, article 1 has tags 1 and 2 of 3. One row of each is at hand.
type desk struct {
	db                          *memrel.DB
	author, article, tag, other memrel.Instance
}

func openDesk(t testing.TB) *desk {
	t.Helper()
	db := library(t, 10, 1000)
	require.NoError(t, db.Define(benchTags, benchLinks, articleTags, userArticles, articleWriter))
	_, err := benchTags.InsertAll(db, make([]benchTag, 3))
	require.NoError(t, err)
	require.NoError(t, articleTags.Add(db, Article{ID: 1}, benchTag{ID: 1}, benchTag{ID: 2}))
	s := &desk{db: db}
	for name, to := range map[string]*memrel.Instance{"users": &s.author, "articles": &s.article, "benchTags": &s.tag} {
		row, ok := memrel.RowsOf(name).Get(db, 1)
		require.True(t, ok)
		*to = memrel.InstanceOf(row)
	}
	row, ok := memrel.RowsOf("articles").Get(db, 2)
	require.True(t, ok)
	s.other = memrel.InstanceOf(row)
	return s
}

func yes(ok bool, err error) error {
	if err == nil && !ok {
		return memrel.ErrNotFound
	}
	return err
}

func some(n int, err error) error { return yes(n > 0, err) }

// verbs are those of associations and instances, each one or two statements, with the most that one may allocate.
var verbs = []struct {
	name   string
	allocs float64
	do     func(s *desk) error
}{
	{"get", 0, func(s *desk) error {
		_, ok := Articles.Get(s.db, 500)
		return yes(ok, nil)
	}},
	{"get-by", 0, func(s *desk) error {
		_, ok := articlesBySlug.Get(s.db, "slug-500")
		return yes(ok, nil)
	}},
	{"get-values", 0, func(s *desk) error {
		_, ok := articleModel.Get(s.db, 500)
		return yes(ok, nil)
	}},
	{"one-get", 0, func(s *desk) error {
		_, ok := articleWriter.Get(s.db, Article{AuthorID: 1})
		return yes(ok, nil)
	}},
	{"one-set", 30, func(s *desk) error {
		a, to := Article{ID: 3, AuthorID: 3}, User{ID: 4}
		if err := articleWriter.Set(s.db, &a, &to); err != nil {
			return err
		}
		to.ID = 3
		return articleWriter.Set(s.db, &a, &to)
	}},
	{"many-get", 15, func(s *desk) error {
		rows, err := userArticles.Get(s.db, User{ID: 1}, memrel.Query{})
		return some(len(rows), err)
	}},
	{"many-count", 3, func(s *desk) error { return some(userArticles.Count(s.db, User{ID: 1}, memrel.Cond{})) }},
	{"many-has", 6, func(s *desk) error { return yes(userArticles.Has(s.db, User{ID: 1}, Article{ID: 1})) }},
	{"many-add-remove", 24, func(s *desk) error {
		if err := userArticles.Add(s.db, User{ID: 4}, Article{ID: 3}); err != nil {
			return err
		}
		return userArticles.Add(s.db, User{ID: 3}, Article{ID: 3})
	}},
	{"links-get", 10, func(s *desk) error {
		rows, err := articleTags.Get(s.db, Article{ID: 1}, memrel.Query{})
		return some(len(rows), err)
	}},
	{"links-count", 3, func(s *desk) error { return some(articleTags.Count(s.db, Article{ID: 1}, memrel.Cond{})) }},
	{"links-has", 6, func(s *desk) error { return yes(articleTags.Has(s.db, Article{ID: 1}, benchTag{ID: 2})) }},
	{"links-set", 79, func(s *desk) error {
		if err := articleTags.Set(s.db, Article{ID: 3}, benchTag{ID: 1}, benchTag{ID: 2}); err != nil {
			return err
		}
		return articleTags.Set(s.db, Article{ID: 3})
	}},
	{"instance-get", 8, func(s *desk) error {
		rows, err := s.article.Get(s.db, "tags", memrel.Query{})
		return some(len(rows), err)
	}},
	{"instance-count", 1, func(s *desk) error { return some(s.article.Count(s.db, "tags", memrel.Cond{})) }},
	{"instance-has", 3, func(s *desk) error { return yes(s.article.Has(s.db, "tags", s.tag)) }},
	{"instance-has-key", 3, func(s *desk) error { return yes(s.article.Has(s.db, "tags", 2)) }},
	{"instance-get-one", 5, func(s *desk) error {
		rows, err := s.article.Get(s.db, "author", memrel.Query{})
		return some(len(rows), err)
	}},
	{"instance-has-many", 3, func(s *desk) error { return yes(s.author.Has(s.db, "articles", s.article)) }},
	{"instance-links-add-remove", 7, func(s *desk) error {
		if err := s.other.Add(s.db, "tags", s.tag); err != nil {
			return err
		}
		return s.other.Remove(s.db, "tags", s.tag)
	}},
	{"instance-links-set", 75, func(s *desk) error {
		if err := s.other.Set(s.db, "tags", 1, 3); err != nil {
			return err
		}
		return s.other.Set(s.db, "tags", nil)
	}},
	{"instance-set-one", 24, func(s *desk) error {
		if err := s.other.Set(s.db, "author", 1); err != nil {
			return err
		}
		return s.other.Set(s.db, "author", 2)
	}},
	{"instance-add-many", 21, func(s *desk) error {
		if err := s.author.Add(s.db, "articles", s.other); err != nil {
			return err
		}
		return s.other.Set(s.db, "author", 2)
	}},
	{"instance-save", 16, func(s *desk) error {
		s.other.SetValue("title", "saved")
		if err := s.other.Save(s.db); err != nil {
			return err
		}
		s.other.SetValue("title", "title")
		return s.other.Save(s.db)
	}},
	{"instance-create-delete", 11, func(s *desk) error {
		made, err := s.author.Create(s.db, "articles", memrel.Values{"slug": "new", "title": "t"})
		if err != nil {
			return err
		}
		return made.Delete(s.db)
	}},
	{"model-create-delete", 4, func(s *desk) error {
		made, err := articleModel.Create(s.db, memrel.Values{"authorId": 1, "slug": "new", "title": "t"})
		if err != nil {
			return err
		}
		_, err = articleModel.Delete(s.db, made.Get("id"))
		return err
	}},
	{"model-create", 2, func(s *desk) error {
		_, err := benchTagModel.Create(s.db, memrel.Values{})
		return err
	}},
}

func BenchmarkVerbs(b *testing.B) {
	for _, v := range verbs {
		b.Run(v.name, func(b *testing.B) {
			s := openDesk(b)
			b.ReportAllocs()
			for b.Loop() {
				if err := v.do(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
