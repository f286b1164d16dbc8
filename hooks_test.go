package memrel_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// usersWithPosts are two tables; what refers to a user goes with it.
func usersWithPosts(t *testing.T, more ...memrel.Definition) *memrel.DB {
	t.Helper()
	id := memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}
	users := memrel.Schema{Name: "users", Columns: memrel.Columns{id}, PrimaryKey: []string{"id"}}
	posts := memrel.Schema{Name: "posts", Columns: memrel.Columns{id, {Name: "user", Type: memrel.Int}, {Name: "gone", Type: memrel.Time}},
		PrimaryKey: []string{"id"}, References: []memrel.Reference{{Columns: []string{"user"}, Table: "users", OnDelete: memrel.Cascade}}, SoftDelete: "gone"}
	db, err := memrel.Open(append([]memrel.Definition{users, posts}, more...)...)
	require.NoError(t, err)
	for id := range 2 {
		_, err = memrel.RowsOf("users").Insert(db, memrel.Values{"id": id + 1})
		require.NoError(t, err)
		_, err = memrel.RowsOf("posts").InsertAll(db, []memrel.Values{{"user": id + 1}, {"user": id + 1}})
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

// diary is a hook that notes what it is told.
func diary(notes *[]string) memrel.DeleteHook {
	return func(e memrel.DeleteEvent) error {
		subject := e.Table
		if e.When != memrel.BeforeRows {
			subject = e.Row.Label()
		}
		*notes = append(*notes, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.When, subject, e.Reference)))
		return nil
	}
}

func TestHooksAreToldOfEveryDelete(t *testing.T) {
	var notes []string
	db := usersWithPosts(t, diary(&notes))
	users, posts := memrel.RowsOf("users"), memrel.RowsOf("posts")
	want := []string{"before rows users", "before row users[1]", "before rows posts posts_user_fkey", "before row posts[1] posts_user_fkey",
		"before row posts[2] posts_user_fkey", "after row posts[1] posts_user_fkey", "after row posts[2] posts_user_fkey", "after row users[1]"}

	_, err := db.View().PreviewDelete("users", 1)
	require.NoError(t, err)
	require.Empty(t, notes, "a preview tells of nothing")

	_, err = users.Delete(db, 1)
	require.NoError(t, err)
	require.Equal(t, want, notes)

	notes = nil
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		_, err := users.DeleteWhere(tx, memrel.Eq("id", 2))
		assert.Len(t, notes, len(want), "they are told when the statement is done, not at the commit")
		return err
	}))
	notes = nil
	_, err = posts.Insert(db, memrel.Values{"gone": time.Now()})
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *memrel.Tx) error { return posts.Truncate(tx) }))
	require.Zero(t, len(notes))
}

// TestADeleteThatFindsNoRowIsTold: a statement that names no row is told as a whole, and may be refused.
func TestADeleteThatFindsNoRowIsTold(t *testing.T) {
	var notes []string
	db := usersWithPosts(t, diary(&notes))
	users := memrel.RowsOf("users")
	n, err := users.DeleteWhere(db, memrel.Eq("id", 9))
	require.NoError(t, err)
	require.Empty(t, n)
	_, err = users.UpdateWhere(db, memrel.Eq("id", 9), memrel.Values{"id": 8})
	require.NoError(t, err)
	_, err = users.Delete(db, 9)
	require.ErrorIs(t, err, memrel.ErrNotFound)
	require.Equal(t, []string{"before rows users"}, notes)
	no := errors.New("keep it")
	require.NoError(t, db.Define(memrel.DeleteHook(func(memrel.DeleteEvent) error { return no })))
	_, err = users.DeleteWhere(db, memrel.Eq("id", 9))
	require.ErrorIs(t, err, no)
}

func TestAHookRefusesTheStatement(t *testing.T) {
	no := errors.New("keep it")
	db := usersWithPosts(t, memrel.DeleteHook(func(e memrel.DeleteEvent) error {
		if e.When == memrel.AfterRow || e.Table == "posts" {
			return no
		}
		return nil
	}))
	_, err := memrel.RowsOf("users").Delete(db, 1)
	require.ErrorIs(t, err, no)
	require.EqualError(t, err, "memrel: delete posts: a hook refuses to have posts deleted: keep it")
	n, err := memrel.RowsOf("users").Count(db, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, db.Define(memrel.DeleteHook(nil)))
	_, err = memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
}

func TestHooksBelongToTheState(t *testing.T) {
	var first, second []string
	db := usersWithPosts(t, diary(&first))
	view, fork := db.View(), db.Fork()
	require.NoError(t, fork.Define(diary(&second)))
	_, err := memrel.RowsOf("users").Delete(fork, 1)
	require.NoError(t, err)
	require.NotEmpty(t, second)
	require.Equal(t, first, second, "both are told")

	first, second = nil, nil
	_, err = memrel.RowsOf("users").Delete(view.Fork(), 1)
	require.NoError(t, err)
	require.NotEmpty(t, first)
	require.Empty(t, second)

	tx := db.Begin()
	require.NoError(t, tx.Define(memrel.DeleteHook(nil)))
	tx.Rollback()
	first = nil
	_, err = memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
	require.NotEmpty(t, first, "the rollback brought the hook back")
}

// A deferred check that fails at the end of a statement of its own refuses it, and nobody is told that it was done.
func TestHooksHearNothingAfterARefusedStatement(t *testing.T) {
	var notes []string
	db := usersWithPosts(t)
	require.NoError(t, db.Alter("posts", memrel.DropConstraint("posts_user_fkey"),
		memrel.Reference{Columns: []string{"user"}, Table: "users", Deferrable: true, InitiallyDeferred: true}))
	require.NoError(t, db.Define(diary(&notes)))
	_, err := memrel.RowsOf("users").Delete(db, 1)
	require.ErrorIs(t, err, memrel.ErrRestrict)
	require.Equal(t, []string{"before rows users", "before row users[1]"}, notes)
}

func TestSoftDeletedRowsAreNotFound(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	db := usersWithPosts(t, memrel.Clock(func() time.Time { return noon }))
	posts := memrel.RowsOf("posts")
	all := memrel.Cond{}

	row, err := posts.Delete(db, 1)
	require.NoError(t, err)
	require.Nil(t, row.Get("gone"), "as it was")
	_, ok := posts.Get(db, 1)
	require.False(t, ok, "nor does a read by key show it")
	kept, ok := posts.Get(memrel.WithDeleted(db), 1)
	require.True(t, ok)
	require.Equal(t, noon, kept.Get("gone"))
	require.Len(t, slices.Collect(posts.All(db)), 3)
	require.Len(t, slices.Collect(posts.All(memrel.WithDeleted(db))), 4)

	n, err := posts.Count(db, all)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	found, err := posts.Exists(db, memrel.Eq("id", 1))
	require.NoError(t, err)
	require.False(t, found)
	least, err := posts.Min(db, "id", all)
	require.NoError(t, err)
	require.EqualValues(t, 2, least)
	rows, err := posts.Find(db, memrel.Query{Where: memrel.Eq("user", 1)})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	rows, err = posts.Find(db, memrel.Query{Where: memrel.Or(memrel.Eq("user", 1), memrel.Eq("id", 1)), Deleted: true})
	require.NoError(t, err)
	require.Len(t, rows, 2)

	_, err = posts.Delete(db, 1)
	require.ErrorIs(t, err, memrel.ErrNotFound)
	_, err = posts.Update(db, memrel.Values{"user": 2}, 1)
	require.ErrorIs(t, err, memrel.ErrNotFound)
	rows, err = posts.UpdateWhere(db, all, memrel.Values{"user": 2})
	require.NoError(t, err)
	require.Len(t, rows, 3)
	rows, err = posts.DeleteWhere(db, all)
	require.NoError(t, err)
	require.Len(t, rows, 3)
}

func TestASoftDeleteIsAnUpdateToWhoWatches(t *testing.T) {
	db := usersWithPosts(t)
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		_, err := memrel.RowsOf("posts").Delete(tx, 1)
		require.NoError(t, err)
		changes := tx.Changes()
		require.Len(t, changes, 1)
		require.False(t, changes[0].After.IsZero())
		require.Equal(t, "posts[1]: delete", changes[0].String())
		return nil
	}))
}

// A row that points at itself under RESTRICT goes by level, and blocks itself in turn.
func TestAProfileMayHaveDeletesWorkedInTurn(t *testing.T) {
	nodes := memrel.Schema{Name: "nodes", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "parent", Type: memrel.Int}},
		PrimaryKey: []string{"id"}, References: []memrel.Reference{{Columns: []string{"parent"}, Table: "nodes", OnDelete: memrel.Restrict}}}
	db := memrel.MustOpen(nodes)
	_, err := memrel.RowsOf("nodes").Insert(db, memrel.Values{"id": 1, "parent": 1})
	require.NoError(t, err)
	turn := db.Fork()
	require.NoError(t, turn.Define(&memrel.Profile{Sequential: true}))
	_, err = memrel.RowsOf("nodes").Delete(turn, 1)
	require.ErrorIs(t, err, memrel.ErrRestrict)
	p, err := turn.View().PreviewDelete("nodes", 1)
	require.NoError(t, err)
	require.ErrorIs(t, p.Err(), memrel.ErrRestrict)
	require.NoError(t, memrel.RowsOf("nodes").Truncate(turn))
	_, err = memrel.RowsOf("nodes").Delete(db, 1)
	require.NoError(t, err)
}

// A row that comes back is held to its references again: the parent may have gone meanwhile.
func TestASoftDeletedRowComesBack(t *testing.T) {
	db := usersWithPosts(t)
	users, posts := memrel.RowsOf("users"), memrel.RowsOf("posts")
	_, err := users.Delete(db, 1)
	require.NoError(t, err)
	_, _, err = posts.Upsert(db, memrel.Values{"id": 1, "gone": nil})
	require.ErrorIs(t, err, memrel.ErrForeignKey)
	_, _, err = posts.Upsert(db, memrel.Values{"id": 1, "user": 2, "gone": nil})
	require.NoError(t, err)
	n, err := posts.Count(db, memrel.Eq("user", 2))
	require.NoError(t, err)
	require.Equal(t, 3, n)
}

func TestSoftDeletesSurviveAFile(t *testing.T) {
	db := usersWithPosts(t)
	_, err := memrel.RowsOf("users").Delete(db, 1)
	require.NoError(t, err)
	var file strings.Builder
	require.NoError(t, db.View().Save(&file))
	back, err := memrel.Load(strings.NewReader(file.String()))
	require.NoError(t, err)
	n, err := memrel.RowsOf("posts").Count(back, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	s, _ := back.View().Schema("posts")
	require.Equal(t, "gone", s.SoftDelete)
}

func TestSoftDeleteDefinitions(t *testing.T) {
	for _, c := range []struct {
		column memrel.Column
		text   string
	}{
		{memrel.Column{Name: "gone", Type: memrel.Int}, "cannot hold the time of a soft delete"},
		{memrel.Column{Name: "gone", Type: memrel.Time, NotNull: true}, "cannot hold the time of a soft delete"},
		{memrel.Column{Name: "other", Type: memrel.Time}, "which does not exist"},
	} {
		_, err := memrel.Open(memrel.Schema{Name: "t", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, c.column}, PrimaryKey: []string{"id"}, SoftDelete: "gone"})
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, c.text)
	}
	db := usersWithPosts(t)
	require.ErrorContains(t, db.Alter("posts", memrel.DropColumn("gone")), "is used by soft deletes")
}

func TestUncheckedReferences(t *testing.T) {
	id := memrel.Column{Name: "id", Type: memrel.Int}
	db := memrel.MustOpen(memrel.Schema{Name: "users", Columns: memrel.Columns{id}, PrimaryKey: []string{"id"}},
		memrel.Schema{Name: "posts", Columns: memrel.Columns{id, {Name: "user", Type: memrel.Int}}, PrimaryKey: []string{"id"},
			References: []memrel.Reference{{Columns: []string{"user"}, Table: "users", Unchecked: true}}})
	users, posts := memrel.RowsOf("users"), memrel.RowsOf("posts")
	_, err := posts.Insert(db, memrel.Values{"id": 1, "user": 99})
	require.NoError(t, err)
	_, err = users.Insert(db, memrel.Values{"id": 1})
	require.NoError(t, err)
	_, err = posts.Update(db, memrel.Values{"user": 1}, 1)
	require.NoError(t, err)
	_, err = users.Delete(db, 1)
	require.NoError(t, err, "NO ACTION leaves the post as it is")
	for err := range db.Check() {
		t.Error(err)
	}
	var file strings.Builder
	require.NoError(t, db.View().Save(&file))
	_, err = memrel.Load(strings.NewReader(file.String()))
	require.NoError(t, err)

	checked := memrel.Reference{Columns: []string{"user"}, Table: "users"}
	require.ErrorIs(t, db.Alter("posts", memrel.DropConstraint("posts_user_fkey"), checked), memrel.ErrForeignKey)
	require.Error(t, db.Drop("users"), "the reference is there, checked or not")
	_, err = users.Insert(db, memrel.Values{"id": 1})
	require.NoError(t, err)
	require.NoError(t, db.Alter("posts", memrel.DropConstraint("posts_user_fkey"), checked))
	_, err = users.Delete(db, 1)
	require.ErrorIs(t, err, memrel.ErrRestrict)
}

// TestAHookIsToldOfTheTable: also where the statement names the model, and finds no row.
func TestAHookIsToldOfTheTable(t *testing.T) {
	var notes []string
	db := sound(t, memrel.MustOpen(memrel.ModelSpec{Name: "user"}, diary(&notes)))
	user := memrel.ModelOf("user")
	row, err := user.Create(db, memrel.Values{})
	require.NoError(t, err)
	_, err = user.DeleteWhere(db, memrel.Eq("id", row.Value("id")))
	require.NoError(t, err)
	_, err = user.DeleteWhere(db, memrel.Eq("id", 9))
	require.NoError(t, err)
	require.Equal(t, []string{"before rows users", "before row users[1]", "after row users[1]", "before rows users"}, notes)
}
