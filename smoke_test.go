package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type User struct {
	ID    int64
	Email string `memrel:",unique"`
}
type Post struct {
	ID       int64
	AuthorID int64  `memrel:",ref=users,ondelete=cascade"`
	Slug     string `memrel:",unique"`
	Title    string
}

func TestSmoke(t *testing.T) {
	Users, Posts := memrel.TableOf[User]("users"), memrel.TableOf[Post]("posts")
	db, err := memrel.Open(Users, Posts)
	require.NoError(t, err)
	u, err := Users.Insert(db, User{Email: "a"})
	require.NoError(t, err)
	require.EqualValues(t, 1, u.ID)
	_, err = Posts.Insert(db, Post{AuthorID: 7, Slug: "x"})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	t.Log(err)
	p, err := Posts.Insert(db, Post{AuthorID: 1, Slug: "x"})
	require.NoError(t, err)
	v := db.View()
	_, err = Users.Delete(db, 1)
	require.NoError(t, err)
	_, ok := Posts.Get(v, p.ID)
	require.True(t, ok)
	_, ok = Posts.Get(db, p.ID)
	require.False(t, ok)
	pv, err := v.PreviewDelete("users", 1)
	require.NoError(t, err)
	t.Log("\n" + pv.String())
	for err := range db.Check() {
		t.Error(err)
	}
	key := int64(1)
	require.Zero(t, testing.AllocsPerRun(100, func() { Posts.Get(v, key) }))
}

func BenchmarkCore(b *testing.B) {
	Users, Posts := memrel.TableOf[User]("users"), memrel.TableOf[Post]("posts")
	const n = 100_000
	setup := func() *memrel.DB {
		db := memrel.MustOpen(Users, Posts)
		us := make([]User, 1000)
		for i := range us {
			us[i].Email = string(rune('a'+i%26)) + string(rune(i))
		}
		if err := Users.InsertAll(db, us); err != nil {
			b.Fatal(err)
		}
		return db
	}
	slugs := make([]string, n)
	for i := range slugs {
		slugs[i] = "slug-" + string([]byte{byte('a' + i%26), byte('a' + i/26%26), byte('a' + i/676%26), byte('a' + i/17576%26)})
	}
	posts := func() []Post {
		ps := make([]Post, n)
		for i := range ps {
			ps[i] = Post{AuthorID: int64(i%1000 + 1), Slug: slugs[i], Title: "title"}
		}
		return ps
	}
	b.Run("bulk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			db, ps := setup(), posts()
			b.StartTimer()
			if err := Posts.InsertAll(db, ps); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
	})
	db := setup()
	if err := Posts.InsertAll(db, posts()); err != nil {
		b.Fatal(err)
	}
	v := db.View()
	b.Run("get", func(b *testing.B) {
		b.ReportAllocs()
		i := int64(0)
		for b.Loop() {
			i = (i + 7919) % n
			if _, ok := Posts.Get(v, i+1); !ok {
				b.Fatal(i)
			}
		}
	})
	b.Run("insert", func(b *testing.B) {
		b.ReportAllocs()
		db := setup()
		i := 0
		for b.Loop() {
			if _, err := Posts.Insert(db, Post{AuthorID: int64(i%1000 + 1), Slug: string(rune(i%1000000)) + string(rune(i/1000000)), Title: "t"}); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("update", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i = (i + 7919) % n
			if _, err := Posts.Update(db, i+1, memrel.Values{"title": "x"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fork+write", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			f := db.Fork()
			if _, err := Posts.Insert(f, Post{AuthorID: 1, Slug: "zz", Title: "t"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cascade", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			b.StopTimer()
			f := db.Fork()
			b.StartTimer()
			for i := 1; i <= 100; i++ {
				if _, err := Users.Delete(f, i); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10100, "ns/row")
	})
}
