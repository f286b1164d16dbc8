package tests

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

func TestNumbersAreReadSetAndTaken(t *testing.T) {
	notes := memrel.RowsOf("notes")
	db := open(t, memrel.Schema{Name: "notes", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, Size: 16, AutoIncrement: true}}},
		memrel.Schema{Name: "plain", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}})
	last := func(r memrel.Reader) int64 {
		n, err := notes.LastNumber(r)
		require.NoError(t, err)
		return n
	}
	next := func(w memrel.Writer) int64 {
		n, err := notes.NextNumber(w)
		require.NoError(t, err)
		return n
	}
	insert := func(w memrel.Writer) any {
		row, err := notes.Insert(w, memrel.Values{})
		require.NoError(t, err)
		return row.Get("id")
	}
	require.Zero(t, last(db))
	require.Equal(t, int64(1), next(db))
	require.Equal(t, int64(2), insert(db), "what was taken is not given again")
	require.NoError(t, notes.SetLastNumber(db, 40))
	require.Equal(t, int64(41), insert(db))
	before := db.View()

	rollback := errors.New("rollback")
	require.ErrorIs(t, db.Update(func(tx *memrel.Tx) error {
		require.Equal(t, int64(42), next(tx))
		require.NoError(t, notes.SetLastNumber(tx, 100))
		require.NoError(t, tx.Savepoint("s"))
		require.Equal(t, int64(101), next(tx))
		require.NoError(t, tx.RollbackTo("s"))
		require.Equal(t, int64(100), last(tx))
		require.Equal(t, int64(101), insert(tx))
		return rollback
	}), rollback)
	require.Equal(t, int64(41), last(db), "a rollback gives back what was taken and set")

	require.NoError(t, notes.SetLastNumber(db, 50))
	require.NoError(t, notes.SetLastNumber(db, 41), "down to the greatest that a row has")
	err := notes.SetLastNumber(db, 40)
	require.EqualError(t, err, "memrel: number notes: a row has the number 41, after 40; set 41 or a later one")
	require.ErrorIs(t, notes.SetLastNumber(db, -1), memrel.ErrType)
	require.ErrorIs(t, notes.SetLastNumber(db, math.MaxInt16+1), memrel.ErrType)
	require.NoError(t, notes.SetLastNumber(db, math.MaxInt16))
	_, err = notes.NextNumber(db)
	require.ErrorIs(t, err, memrel.ErrType, "they are used up")
	require.NoError(t, notes.SetLastNumber(db, 60))
	require.Equal(t, int64(41), last(before))

	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	loaded, err := memrel.Load(&file)
	require.NoError(t, err)
	fork := db.Fork()
	require.Equal(t, int64(61), next(fork))
	require.Equal(t, int64(60), last(loaded))
	require.Equal(t, int64(60), last(db), "a fork numbers by itself")
	require.NoError(t, db.Alter("notes", memrel.Rename{Column: "id", To: "no"}))
	require.Equal(t, int64(61), next(db))

	for name, kind := range map[string]error{"plain": memrel.ErrQuery, "none": memrel.ErrUnknownTable} {
		rows := memrel.RowsOf(name)
		_, err := rows.LastNumber(db)
		require.ErrorIs(t, err, kind)
		_, err = rows.NextNumber(db)
		require.ErrorIs(t, err, kind)
		require.ErrorIs(t, rows.SetLastNumber(db, 1), kind)
	}
}
