package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type author struct {
	ID    int64
	Email string `memrel:",unique"`
}

type article struct {
	ID       int64
	AuthorID *int64
	Title    string
}

type label struct {
	ID   int64
	Name string
}

type tagging struct {
	ArticleID int64 `memrel:",pk"`
	LabelID   int64 `memrel:",pk"`
	Weight    int64
}

type card struct {
	ID       int64
	AuthorID *int64 `memrel:",unique"`
	Text     string
}

var (
	authors  = memrel.TableOf[author]("authors")
	articles = memrel.TableOf[article]("articles")
	labels   = memrel.TableOf[label]("labels")
	taggings = memrel.TableOf[tagging]("taggings")
	cards    = memrel.TableOf[card]("cards")

	authorArticles = memrel.HasMany(authors, articles, memrel.OnDelete(memrel.Cascade))
	articleAuthor  = memrel.BelongsTo(articles, authors)
	authorCard     = memrel.HasOne(authors, cards)
	articleLabels  = memrel.BelongsToMany(articles, labels, taggings)
	labelArticles  = memrel.BelongsToMany(labels, articles, taggings)
)

func openTyped(t testing.TB) *memrel.DB {
	db, err := memrel.Open(authorArticles, articleAuthor, authorCard, articleLabels, labelArticles, authors, articles, labels,
		taggings, cards)
	require.NoError(t, err)
	if t, ok := t.(*testing.T); ok {
		t.Cleanup(func() {
			for err := range db.Check() {
				t.Error(err)
			}
		})
	}
	return db
}

func TestTypedHasMany(t *testing.T) {
	db := openTyped(t)
	ann, err := authors.Insert(db, author{Email: "ann"})
	require.NoError(t, err)
	bob, err := authors.Insert(db, author{Email: "bob"})
	require.NoError(t, err)
	one, err := authorArticles.Create(db, ann, article{Title: "one"})
	require.NoError(t, err)
	require.Equal(t, ann.ID, *one.AuthorID)
	two, err := articles.Insert(db, article{Title: "two"})
	require.NoError(t, err)
	require.NoError(t, authorArticles.Add(db, ann, two))

	titles := func(a author) (out []string) {
		for p := range authorArticles.Of(db, a) {
			out = append(out, p.Title)
		}
		return out
	}
	require.Equal(t, []string{"one", "two"}, titles(ann))
	n, err := authorArticles.Count(db, ann, memrel.Like("title", "t%"))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	has, err := authorArticles.Has(db, ann, one, two)
	require.NoError(t, err)
	require.True(t, has)
	require.NoError(t, authorArticles.Set(db, bob, two))
	require.Equal(t, []string{"one"}, titles(ann))
	require.NoError(t, authorArticles.Remove(db, bob, two))
	require.Empty(t, titles(bob))
	_, err = authors.Delete(db, ann.ID)
	require.NoError(t, err)
	rows, err := articles.Find(db, memrel.Query{})
	require.NoError(t, err)
	require.Len(t, rows, 1, "the article went with its author")
}

func TestTypedToOne(t *testing.T) {
	db := openTyped(t)
	ann, err := authors.Insert(db, author{Email: "ann"})
	require.NoError(t, err)
	post, err := articles.Insert(db, article{Title: "one"})
	require.NoError(t, err)
	require.NoError(t, articleAuthor.Set(db, &post, &ann))
	require.Equal(t, ann.ID, *post.AuthorID, "the foreign key in hand follows")
	got, ok := articleAuthor.Get(db, post)
	require.True(t, ok)
	require.Equal(t, ann, got)
	bob, err := articleAuthor.Create(db, &post, author{Email: "bob"})
	require.NoError(t, err)
	require.Equal(t, bob.ID, *post.AuthorID)
	require.NoError(t, articleAuthor.Set(db, &post, nil))
	_, ok = articleAuthor.Get(db, post)
	require.False(t, ok)

	first, err := authorCard.Create(db, &ann, card{Text: "a"})
	require.NoError(t, err)
	second, err := cards.Insert(db, card{Text: "b"})
	require.NoError(t, err)
	require.NoError(t, authorCard.Set(db, &ann, &second))
	now, ok := authorCard.Get(db, ann)
	require.True(t, ok)
	require.Equal(t, second.ID, now.ID)
	left, _ := cards.Get(db, first.ID)
	require.Nil(t, left.AuthorID)
}

func TestTypedBelongsToMany(t *testing.T) {
	db := openTyped(t)
	post, err := articles.Insert(db, article{Title: "one"})
	require.NoError(t, err)
	var tags []label
	for _, name := range []string{"go", "db", "orm"} {
		tag, err := labels.Insert(db, label{Name: name})
		require.NoError(t, err)
		tags = append(tags, tag)
	}
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		return articleLabels.AddWith(tx, post, tagging{Weight: 7}, tags[:2]...)
	}))
	for tag, link := range articleLabels.With(db, post) {
		require.EqualValues(t, 7, link.Weight)
		require.Equal(t, tag.ID, link.LabelID)
	}
	require.NoError(t, articleLabels.Set(db, post, tags[1:]...))
	var names []string
	for tag := range articleLabels.Of(db, post) {
		names = append(names, tag.Name)
	}
	require.Equal(t, []string{"db", "orm"}, names)
	n, err := labelArticles.Count(db, tags[2], memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, articleLabels.Remove(db, post, tags...))
	_, err = articleLabels.Create(db, post, label{Name: "new"})
	require.NoError(t, err)
	n, err = articleLabels.Count(db, post, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// Values for junction rows stand for all rows of a set, and only what they say of them.
func TestTypedJunctionValues(t *testing.T) {
	db := openTyped(t)
	post, err := articles.Insert(db, article{Title: "one"})
	require.NoError(t, err)
	tags := []label{{Name: "go"}, {Name: "db"}, {Name: "orm"}}
	_, err = labels.InsertAll(db, tags)
	require.NoError(t, err)
	weights := func() (out []int64) {
		for _, link := range articleLabels.With(db, post) {
			out = append(out, link.Weight)
		}
		return out
	}
	require.NoError(t, articleLabels.AddWith(db, post, tagging{Weight: 7}, tags[:2]...))
	require.NoError(t, articleLabels.Set(db, post, tags[1:]...))
	require.Equal(t, []int64{7, 0}, weights(), "set without values leaves those that stay")
	require.NoError(t, articleLabels.SetWith(db, post, tagging{ArticleID: 99, LabelID: 99, Weight: 3}, tags...))
	require.Equal(t, []int64{3, 3, 3}, weights())
	_, err = articleLabels.CreateWith(db, post, tagging{Weight: 4}, label{Name: "new"})
	require.NoError(t, err)
	require.Equal(t, []int64{3, 3, 3, 4}, weights())
	lost := label{ID: 99}
	require.ErrorIs(t, articleLabels.SetWith(db, post, tagging{Weight: 5}, tags[0], lost), memrel.ErrForeignKey)
	require.Equal(t, []int64{3, 3, 3, 4}, weights(), "all or nothing")
}

type note struct {
	ID       int64
	AuthorID int64
	Title    string
}

func TestAlteringATypedTable(t *testing.T) {
	db := openTyped(t)
	require.NoError(t, db.Alter("articles", memrel.Column{Name: "size", Type: memrel.Int, Default: 3}))
	post, err := articles.Insert(db, article{Title: "one"})
	require.NoError(t, err)
	_, err = articleAuthor.Create(db, &post, author{Email: "ann"})
	require.NoError(t, err)
	row, _ := articles.Rows().Get(db, post.ID)
	require.EqualValues(t, 3, row.Get("size"))
	require.NoError(t, db.Drop("taggings"))
	require.ErrorIs(t, articleLabels.Set(db, post), memrel.ErrUnknownAssociation)
	_, ok := articleAuthor.Get(db, post)
	require.True(t, ok)
}

func BenchmarkTypedOf(b *testing.B) {
	notes := memrel.TableOf[note]("notes")
	authorNotes := memrel.HasMany(authors, notes)
	db, err := memrel.Open(authors, notes, authorNotes)
	require.NoError(b, err)
	rows := make([]note, 0, 100_000)
	users := make([]author, 1000)
	for i := range users {
		users[i].Email = string(rune('a'+i%26)) + string(rune(i+1000))
	}
	_, err = authors.InsertAll(db, users)
	require.NoError(b, err)
	for i := range 100_000 {
		rows = append(rows, note{AuthorID: users[i%1000].ID, Title: "t"})
	}
	_, err = notes.InsertAll(db, rows)
	require.NoError(b, err)
	v := db.View()
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for i := range b.N {
		for p := range authorNotes.Of(v, users[i%1000]) {
			n += int(p.ID & 1)
		}
	}
}

func BenchmarkAddLink(b *testing.B) {
	db := openTyped(b)
	post, err := articles.Insert(db, article{Title: "one"})
	require.NoError(b, err)
	tags := make([]label, b.N)
	_, err = labels.InsertAll(db, tags)
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := articleLabels.Add(db, post, tags[i]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInclude(b *testing.B) {
	db := openTyped(b)
	users := make([]author, 1000)
	for i := range users {
		users[i].Email = string(rune('a'+i%26)) + string(rune(i+1000))
	}
	_, err := authors.InsertAll(db, users)
	require.NoError(b, err)
	rows := make([]article, 0, 100_000)
	for i := range 100_000 {
		rows = append(rows, article{AuthorID: &users[i%1000].ID, Title: "t"})
	}
	_, err = articles.InsertAll(db, rows)
	require.NoError(b, err)
	v := db.View()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		found, err := authors.Model().Find(v, memrel.Query{Include: []memrel.Include{{As: "articles"}}})
		if err != nil || len(found) != 1000 {
			b.Fatal(err)
		}
	}
}

func BenchmarkLinksOf(b *testing.B) {
	db := openTyped(b)
	posts, tags := make([]article, 10_000), make([]label, 1000)
	_, err := articles.InsertAll(db, posts)
	require.NoError(b, err)
	_, err = labels.InsertAll(db, tags)
	require.NoError(b, err)
	links := make([]tagging, 0, 100_000)
	for i := range posts {
		for j := range 10 {
			links = append(links, tagging{ArticleID: posts[i].ID, LabelID: tags[(i*7+j*13)%1000].ID})
		}
	}
	_, err = taggings.InsertAll(db, links)
	require.NoError(b, err)
	v := db.View()
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for i := range b.N {
		for tag := range articleLabels.Of(v, posts[i%len(posts)]) {
			n += int(tag.ID & 1)
		}
	}
}
