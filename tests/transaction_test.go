package tests

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// owners are the owners of all accounts, in the order of their ids.
func owners(r memrel.Reader) (out string) {
	for a := range accounts.All(r) {
		out += a.Owner
	}
	return out
}

func add(t *testing.T, w memrel.Writer, owner string) {
	t.Helper()
	_, err := accounts.Insert(w, Account{Owner: owner})
	require.NoError(t, err)
}

func TestSavepoints(t *testing.T) {
	db := bank(t, 1)
	tx := db.Begin()
	defer tx.Rollback()
	save := func(name string) { require.NoError(t, tx.Savepoint(name)) }
	back := func(name, want string) {
		t.Helper()
		require.NoError(t, tx.RollbackTo(name))
		require.Equal(t, want, owners(tx))
	}
	gone := func(name string) {
		t.Helper()
		require.ErrorIs(t, tx.RollbackTo(name), memrel.ErrQuery)
	}

	save("one")
	add(t, tx, "b")
	save("two")
	add(t, tx, "c")
	back("two", "ab")
	back("two", "ab") // it stays
	add(t, tx, "d")
	save("two") // the newest of a name counts
	add(t, tx, "e")
	back("two", "abd")
	require.NoError(t, tx.Release("two"))
	back("two", "ab") // the older one again
	save("three")
	back("one", "a")
	gone("two") // those set later go
	gone("three")
	require.NoError(t, tx.Release("one"))
	gone("one")
	add(t, tx, "f")
	require.NoError(t, tx.Commit())
	assert.Equal(t, "af", owners(db))
	f, _ := accounts.Get(db, 2)
	assert.Equal(t, "f", f.Owner, "numbers that were given back are used again")
}

func TestANestedTransactionFailsAlone(t *testing.T) {
	db := bank(t, 1)
	err := db.Update(func(tx *memrel.Tx) error {
		add(t, tx, "b")
		err := tx.Update(func(tx *memrel.Tx) error {
			add(t, tx, "c")
			require.NoError(t, tx.Update(func(tx *memrel.Tx) error {
				add(t, tx, "d")
				return nil
			}))
			return assert.AnError
		})
		require.Equal(t, assert.AnError, err)
		require.Equal(t, "ab", owners(tx), "what was nested in it goes too")
		require.Panics(t, func() {
			_ = tx.Update(func(tx *memrel.Tx) error {
				add(t, tx, "e")
				panic("no")
			})
		})
		require.Equal(t, "ab", owners(tx))
		return tx.Update(func(tx *memrel.Tx) error {
			add(t, tx, "f")
			return nil
		})
	})
	require.NoError(t, err)
	assert.Equal(t, "abf", owners(db))
}

func TestSavepointsOfTheOuterTransactionAreOutOfReach(t *testing.T) {
	db := bank(t, 1)
	err := db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Savepoint("outer"))
		add(t, tx, "b")
		require.NoError(t, tx.Update(func(tx *memrel.Tx) error {
			require.ErrorIs(t, tx.RollbackTo("outer"), memrel.ErrQuery)
			require.ErrorIs(t, tx.Release("outer"), memrel.ErrQuery)
			require.NoError(t, tx.Savepoint("inner"))
			add(t, tx, "c")
			return tx.RollbackTo("inner")
		}))
		require.ErrorIs(t, tx.RollbackTo("inner"), memrel.ErrQuery)
		require.Equal(t, "ab", owners(tx))
		return tx.RollbackTo("outer")
	})
	require.NoError(t, err)
	assert.Equal(t, "a", owners(db))
}

func TestAPanicRollsBackAndGivesTheLockBack(t *testing.T) {
	db := bank(t, 1)
	require.Panics(t, func() {
		_ = db.Update(func(tx *memrel.Tx) error {
			add(t, tx, "b")
			panic("no")
		})
	})
	add(t, db, "c")
	assert.Equal(t, "ac", owners(db))

	panics := memrel.Schema{Name: "panics", PrimaryKey: []string{"id"}, Columns: []memrel.Column{
		{Name: "id", Type: memrel.Int, DefaultFunc: func() any { panic("no") }}}}
	require.NoError(t, db.Define(panics))
	require.Panics(t, func() { _, _ = memrel.RowsOf("panics").Insert(db, nil) })
	_, err := memrel.RowsOf("panics").Insert(db, memrel.Values{"id": 1})
	assert.NoError(t, err)
}

func TestATransactionThatWritesNothingMakesNoNewState(t *testing.T) {
	db := bank(t, 1)
	before := db.View()
	require.NoError(t, db.Update(func(*memrel.Tx) error { return nil }))
	_, err := accounts.DeleteWhere(db, memrel.Eq("owner", "nobody"))
	require.NoError(t, err)
	_, err = accounts.Insert(db, Account{Owner: "a"})
	require.Error(t, err)
	assert.Equal(t, owners(before), owners(db))
}

// TestChangesAreNet: for each row what it was before the transaction and what it is now.
func TestChangesAreNet(t *testing.T) {
	db := bank(t, 3)
	tx := db.Begin()
	defer tx.Rollback()
	changes := func() (out []string) {
		for _, c := range tx.Changes() {
			out = append(out, fmt.Sprint(c, ": ", c.Before.Show("owner"), " -> ", c.After.Show("owner"), " by ", c.Cause.Statement))
		}
		return out
	}
	rename := func(id int, to string) {
		_, err := accounts.Update(tx, memrel.Values{"owner": to}, id)
		require.NoError(t, err)
	}
	assert.Empty(t, changes())
	rename(1, "x")
	rename(1, "y")
	add(t, tx, "new")
	_, err := accounts.Delete(tx, 2)
	require.NoError(t, err)
	want := []string{`accounts[1]: update: "a" -> "y" by 2`, `accounts[4]: insert: NULL -> "new" by 3`, `accounts[2]: delete: "b" -> NULL by 4`}
	assert.Equal(t, want, changes())

	require.NoError(t, tx.Savepoint("s"))
	_, err = accounts.Delete(tx, 4)
	require.NoError(t, err)
	assert.Equal(t, []string{want[0], want[2]}, changes(), "what came and went is not listed")
	_, err = accounts.DeleteWhere(tx, memrel.Cond{})
	require.NoError(t, err)
	require.NoError(t, tx.RollbackTo("s"))
	assert.Equal(t, want, changes(), "and what was undone is not")

	require.NoError(t, tx.Alter("accounts", memrel.Column{Name: "note", Type: memrel.String, Default: "n"}))
	rename(1, "z")
	assert.Contains(t, changes(), `accounts[1]: update: "y" -> "z" by 7`, "an altered table's rows begin anew")
	tx.Rollback()
}

func TestChangesTellTheirCause(t *testing.T) {
	db := open(t, schemaOf("users"), schemaOf("posts"), schemaOf("comments"))
	for _, o := range start[:3] {
		_, err := o.onStore(db)
		require.NoError(t, err)
	}
	err := db.Update(func(tx *memrel.Tx) error {
		_, err := memrel.RowsOf("users").Delete(tx, 1)
		var got []string
		for _, c := range tx.Changes() {
			got = append(got, fmt.Sprint(c, " at level ", c.Cause.Level))
		}
		assert.Equal(t, []string{
			"comments[1]: set null by comments_post_fkey at level 2",
			"comments[2]: set null by comments_post_fkey at level 2",
			"posts[1]: cascade delete by posts_author_fkey at level 1",
			"posts[2]: cascade delete by posts_author_fkey at level 1",
			"users[1]: delete at level 0",
		}, got)
		return err
	})
	require.NoError(t, err)
}
