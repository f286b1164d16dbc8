package tests

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// endTable has a row inserted when there is nothing more to come.
var endTable = memrel.Schema{Name: "end", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}}

// told are the changes that a watcher is told of until the end, a line each, with the commit.
func told(db *memrel.DB, after uint64, what ...memrel.Watched) (lines []string, err error) {
	for c, err := range db.Feed().Watch(nil, after, append(what, memrel.Watched{Table: "end"})...) { //nolint:staticcheck // it ends at the end
		if err != nil {
			return lines, err
		}
		for change := range c.Changes() {
			if change.Table == "end" {
				return lines, nil
			}
			lines = append(lines, fmt.Sprintf("%d %s", c.ID, change))
		}
	}
	return lines, errors.New("it ended before the end")
}

func end(t testing.TB, db *memrel.DB) {
	t.Helper()
	_, err := memrel.RowsOf("end").Insert(db, memrel.Values{})
	require.NoError(t, err)
}

// TestEveryChangeIsToldOnceInOrder: of random commits each watcher is told those changes that concern it, while they are made.
func TestEveryChangeIsToldOnceInOrder(t *testing.T) {
	t.Parallel()
	db := open(t, append(feedWorld(), endTable)...)
	all := &allCommits{}
	require.NoError(t, db.Feed().Attach(all, memrel.SeenAtOnce))
	watched := map[string]memrel.Watched{
		"table u": {Table: "u"}, "row 3 of u": {Table: "u", Key: []any{3}}, "row a 1 of n": {Table: "n", Key: []any{"a", 1}},
		"range of p": {Table: "p", Where: memrel.Between("id", 10, 30)}, "s1 of p": {Table: "p", Where: memrel.Eq("s", "s1")},
	}
	is := map[string]func(memrel.Row) bool{
		"table u":      func(r memrel.Row) bool { return r.Table() == "u" },
		"row 3 of u":   func(r memrel.Row) bool { return r.Label() == "u[3]" },
		"row a 1 of n": func(r memrel.Row) bool { return r.Label() == `n["a", 1]` },
		"range of p": func(r memrel.Row) bool {
			return r.Table() == "p" && r.Get("id").(int64) >= 10 && r.Get("id").(int64) <= 30
		},
		"s1 of p": func(r memrel.Row) bool { return r.Table() == "p" && r.Get("s") == "s1" },
	}
	begin := db.View().ID()
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[string][][]string{}
	for name, w := range watched {
		for range 3 {
			wg.Go(func() {
				lines, err := told(db, begin, w)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				got[name] = append(got[name], lines)
			})
		}
	}
	d := &feedDraw{Rand: rand.New(rand.NewPCG(3, 3))}
	for range 1000 { // fewer commits than a feed keeps, so that nobody who watches can be too late
		d.transaction(db)
	}
	end(t, db)
	wg.Wait()
	for name, meets := range is {
		var want []string
		for _, c := range all.commits {
			for change := range c.Changes() {
				if !change.Before.IsZero() && meets(change.Before) || !change.After.IsZero() && meets(change.After) {
					want = append(want, fmt.Sprintf("%d %s", c.ID, change))
				}
			}
		}
		require.NotEmpty(t, want, name)
		for _, lines := range got[name] {
			require.Equal(t, want, lines, name)
		}
	}
}

type allCommits struct{ commits []memrel.Commit }

func (a *allCommits) Append(c memrel.Commit) (func() error, error) {
	a.commits = append(a.commits, c)
	return nil, nil
}

// TestAnAssociationOfARowIsWatched: its links and what they lead to, as they are at each commit, also from a number that has gone by.
func TestAnAssociationOfARowIsWatched(t *testing.T) {
	t.Parallel()
	text := memrel.Column{Name: "name", Type: memrel.String}
	spec := func(name string) memrel.ModelSpec {
		return memrel.ModelSpec{Name: name, FreezeTableName: true, Columns: []memrel.Attribute{{Column: text}}}
	}
	user, post, tag := memrel.ModelOf("user"), memrel.ModelOf("post"), memrel.ModelOf("tag")
	db := open(t, spec("user"), spec("post"), spec("tag"), endTable,
		user.HasMany(post, memrel.AssociationOptions{As: "posts", ForeignKey: "userId"}), post.BelongsTo(user, memrel.AssociationOptions{As: "author", ForeignKey: "userId"}),
		post.BelongsToMany(tag, memrel.AssociationOptions{Through: "post_tag", ForeignKey: "postId", OtherKey: "tagId", As: "tags"}))
	rows := func(m memrel.Model) memrel.Rows { return m.Rows() }
	steps := []func() error{
		func() error { _, err := rows(user).Insert(db, memrel.Values{"name": "ann"}); return err },
		func() error { _, err := rows(user).Insert(db, memrel.Values{"name": "bob"}); return err },
		func() error { _, err := rows(post).Insert(db, memrel.Values{"name": "one", "userId": 1}); return err },
		func() error { _, err := rows(post).Insert(db, memrel.Values{"name": "two", "userId": 2}); return err },
		func() error {
			_, err := rows(tag).InsertAll(db, []memrel.Values{{"name": "x"}, {"name": "y"}})
			return err
		},
		func() error {
			_, err := memrel.RowsOf("post_tag").Insert(db, memrel.Values{"postId": 1, "tagId": 2})
			return err
		},
		func() error { _, err := rows(tag).Update(db, memrel.Values{"name": "X"}, 1); return err },
		func() error { _, err := rows(tag).Update(db, memrel.Values{"name": "Y"}, 2); return err },
		func() error { _, err := rows(user).Update(db, memrel.Values{"name": "Ann"}, 1); return err },
		func() error { _, err := rows(user).Update(db, memrel.Values{"name": "Bob"}, 2); return err },
		func() error { _, err := rows(post).Update(db, memrel.Values{"userId": 2}, 1); return err },
		func() error { _, err := rows(user).Update(db, memrel.Values{"name": "BOB"}, 2); return err },
		func() error { _, err := rows(user).Update(db, memrel.Values{"name": "ANN"}, 1); return err },
		func() error { _, err := rows(post).Update(db, memrel.Values{"name": "ONE"}, 1); return err },
		func() error {
			_, err := memrel.RowsOf("post_tag").DeleteWhere(db, memrel.Eq("tagId", 2))
			return err
		},
		func() error { _, err := rows(tag).Update(db, memrel.Values{"name": "yy"}, 2); return err },
		func() error { _, err := rows(post).Delete(db, 1); return err },
	}
	posts := memrel.Watched{Table: "user", Key: []any{1}, Association: "posts"}
	author := memrel.Watched{Table: "post", Key: []any{1}, Association: "author"}
	tags := memrel.Watched{Table: "post", Key: []any{1}, Association: "tags"}
	begin := db.View().ID()
	id := func(step int) uint64 { return begin + uint64(step) + 1 }
	var wg sync.WaitGroup
	var live [3][]string
	for i, w := range []memrel.Watched{posts, author, tags} {
		seq := db.Feed().Watch(context.Background(), begin, w, memrel.Watched{Table: "end"})
		wg.Go(func() {
			for c, err := range seq {
				if err != nil {
					t.Error(err)
					return
				}
				for change := range c.Changes() {
					if change.Table == "end" {
						return
					}
					live[i] = append(live[i], fmt.Sprintf("%d %s", c.ID, change))
				}
			}
		})
	}
	views := []memrel.View{db.View()}
	for i, step := range steps {
		require.NoError(t, step(), i)
		require.Equal(t, id(i), db.View().ID())
		views = append(views, db.View())
	}
	end(t, db)
	wg.Wait()
	table := func(m memrel.Model) string { s, _ := db.View().Schema(m.Name()); return s.Name }
	line := func(step int, m memrel.Model, row int, kind string) string {
		return fmt.Sprintf("%d %s[%d]: %s", id(step), table(m), row, kind)
	}
	link := func(step int, kind string) string { return fmt.Sprintf("%d post_tag[1, 2]: %s", id(step), kind) }
	want := [3][]string{
		{line(2, post, 1, "insert"), line(10, post, 1, "update")},
		{line(2, post, 1, "insert"), line(8, user, 1, "update"), line(10, post, 1, "update"), line(11, user, 2, "update"), line(16, post, 1, "delete")},
		{link(5, "insert"), line(7, tag, 2, "update"), link(14, "delete")},
	}
	require.Equal(t, want, live)
	for i, w := range []memrel.Watched{posts, author, tags} { // from each number that has gone by
		for from, v := range views {
			var rest []string
			for _, l := range want[i] {
				var at uint64
				_, _ = fmt.Sscan(l, &at)
				if at > v.ID() {
					rest = append(rest, l)
				}
			}
			lines, err := told(db, v.ID(), w)
			require.NoError(t, err)
			require.Equal(t, rest, lines, "association %d from step %d", i, from)
		}
	}
}

// TestWhoFallsBehindIsTold where to begin again, and holds nobody up.
func TestWhoFallsBehindIsTold(t *testing.T) {
	t.Parallel()
	db := open(t, endTable)
	seq := db.Feed().Watch(nil, db.View().ID()) //nolint:staticcheck // it is told before it waits
	for range 5000 {
		end(t, db)
	}
	for _, err := range seq {
		require.ErrorIs(t, err, memrel.ErrTooOld)
		require.EqualError(t, err, "memrel: watch: the store has the commits after 905, up to 5001, and not those after 1; take a View, and go on from its ID")
	}
	for _, err := range db.Feed().Watch(nil, db.View().ID()+1) { //nolint:staticcheck // it is told at once
		require.ErrorIs(t, err, memrel.ErrTooOld, "a number that is to come")
	}
	n := 0
	for c, err := range db.Feed().Watch(nil, db.View().ID()-3) { //nolint:staticcheck // it is left
		require.NoError(t, err)
		if n++; c.ID == db.View().ID() {
			break
		}
	}
	require.Equal(t, 3, n)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range db.Feed().Watch(ctx, 0) {
		t.Error("told, though the context is done")
	}
}

// TestAdoptIsToldToThoseWhoWatch, asleep or not.
func TestAdoptIsToldToThoseWhoWatch(t *testing.T) {
	t.Parallel()
	db := open(t, endTable, accounts)
	other := db.Fork()
	end(t, other)
	asleep := make(chan error)
	seq := db.Feed().Watch(context.Background(), db.View().ID(), memrel.Watched{Table: "accounts"})
	go func() {
		for _, err := range seq {
			asleep <- err
		}
	}()
	require.NoError(t, db.Adopt(other.View()))
	require.ErrorIs(t, <-asleep, memrel.ErrTooOld)
	require.Equal(t, other.View().ID(), db.View().ID())
	require.Equal(t, unnumbered(saved(db)), unnumbered(saved(db.Fork())))
	n, err := memrel.RowsOf("end").Count(db, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// TestWhatCannotBeWatchedIsRefused, by name.
func TestWhatCannotBeWatchedIsRefused(t *testing.T) {
	t.Parallel()
	db := open(t, endTable)
	for _, test := range []struct {
		what memrel.Watched
		err  string
	}{
		{memrel.Watched{Table: "none"}, "memrel: watch none: there is no table none; define it, or open the store with it"},
		{memrel.Watched{Table: "end", Where: memrel.Eq("x", 1)}, "memrel: watch end: there is no column x; columns are id"},
		{memrel.Watched{Table: "end", Key: []any{1}, Where: memrel.Eq("id", 1)},
			"memrel: watch end: a row is watched by its key and by a condition; watch two things, or say which row in the condition"},
		{memrel.Watched{Table: "end", Key: []any{1, 2}}, "memrel: watch end: a key of 2 values was given for the primary key (id); give one value for each of its columns"},
		{memrel.Watched{Table: "end", Key: []any{1}, Association: "x"}, "memrel: watch end: association with alias \"x\" does not exist on end"},
	} {
		n := 0
		for _, err := range db.Feed().Watch(nil, 0, test.what) { //nolint:staticcheck // it is refused
			require.ErrorContains(t, err, test.err)
			n++
		}
		require.Equal(t, 1, n)
	}
	var none *memrel.DB
	for _, err := range none.Feed().Watch(nil, 0) { //nolint:staticcheck // it is refused
		require.ErrorIs(t, err, memrel.ErrQuery)
	}
	require.ErrorIs(t, none.Adopt(memrel.View{}), memrel.ErrQuery)
	require.ErrorIs(t, none.Feed().Follow("x"), memrel.ErrQuery)
	require.ErrorIs(t, none.Feed().Attach(nil, memrel.SeenAtOnce), memrel.ErrQuery)
	_, err := none.Feed().Apply(nil)
	require.ErrorIs(t, err, memrel.ErrQuery)
}
