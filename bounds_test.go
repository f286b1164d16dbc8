package memrel_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A sum that no float holds is out of range, as in PostgreSQL; an infinity that was there, or is added, is one.
func TestIncrementOfAFloatIsBounded(t *testing.T) {
	m := memrel.RowsOf("sums")
	db := memrel.MustOpen(memrel.Schema{Name: "sums", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "x", Type: memrel.Float}}})
	for _, c := range []struct {
		x, by, want float64
		refused     bool
	}{
		{1, 0.5, 1.5, false},
		{math.MaxFloat64, math.MaxFloat64, 0, true},
		{-math.MaxFloat64, -1e300, 0, true},
		{math.MaxFloat64, 1, math.MaxFloat64, false},
		{math.MaxFloat64, math.Inf(1), math.Inf(1), false},
		{math.Inf(-1), 1, math.Inf(-1), false},
	} {
		row, err := m.Insert(db, memrel.Values{"x": c.x})
		require.NoError(t, err)
		_, err = m.Increment(db, memrel.Eq("id", row.Get("id")), memrel.Values{"x": c.by})
		if c.refused {
			require.ErrorIs(t, err, memrel.ErrType)
			var e *memrel.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "22003", e.SQLState())
			c.want = c.x
		} else {
			require.NoError(t, err)
		}
		now, _ := m.Get(db, row.Get("id"))
		require.Equal(t, c.want, now.Get("x"))
	}
	sound(t, db)
}

// A zero ID is no key to any verb of a typed table, though a row may have it: Insert and Upsert number it, Save finds nothing.
func TestAZeroIDIsNoKey(t *testing.T) {
	db := memrel.MustOpen(Users)
	_, err := memrel.RowsOf("users").Insert(db, memrel.Values{"id": 0, "email": "zero"})
	require.NoError(t, err)
	_, err = Users.Save(db, User{Email: "new"})
	require.ErrorIs(t, err, memrel.ErrNotFound)
	require.EqualError(t, err, "memrel: save users: the row has no id yet; insert it; a stored row whose id is zero is changed with Update")
	inserted, err := Users.Insert(db, User{Email: "inserted"})
	require.NoError(t, err)
	upserted, fresh, err := Users.Upsert(db, User{Email: "upserted"})
	require.NoError(t, err)
	require.True(t, fresh)
	require.NotContains(t, []int64{inserted.ID, upserted.ID}, int64(0))
	zero, ok := Users.Get(db, 0)
	require.True(t, ok)
	require.Equal(t, "zero", zero.Email)
	_, err = Users.Update(db, memrel.Values{"email": "changed"}, 0)
	require.NoError(t, err)
	sound(t, db)
}

// Negative limits say nothing, and are refused by every statement that they would have bounded.
func TestNegativeLimitsAreRefused(t *testing.T) {
	for name, limits := range map[string]memrel.Limits{"MaxRows -1": {MaxRows: -1}, "Wait -1s": {Wait: -time.Second}} {
		db := memrel.MustOpen(Users)
		tx := db.Begin()
		tx.SetLimits(limits)
		_, err := Users.Insert(tx, User{})
		require.ErrorContains(t, err, name)
		tx.Rollback()
		db.SetLimits(limits)
		_, err = Users.DeleteWhere(db, memrel.Cond{})
		require.ErrorIs(t, err, memrel.ErrQuery)
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, db.Update(func(*memrel.Tx) error { return nil }), name)
		require.ErrorContains(t, db.Begin().Commit(), name)
		db.SetLimits(memrel.Limits{})
		_, err = Users.Insert(db, User{})
		require.NoError(t, err)
		sound(t, db)
	}
}

// A name may hold anything but a zero byte; an error is one line that shows what it holds.
func TestNamesAreEscapedInErrors(t *testing.T) {
	db := memrel.MustOpen()
	_, err := memrel.RowsOf("a\nb\x1b[2J\u202e").Find(db, memrel.Query{})
	require.EqualError(t, err, `memrel: find a\nb\x1b[2J\u202e: there is no table a\nb\x1b[2J\u202e; define it, or open the store with it`)
	sound(t, db)
}
