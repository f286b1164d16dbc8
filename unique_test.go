package memrel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type seat struct {
	ID       int64
	Hall     string `memrel:",unique=seat"`
	Number   int    `memrel:",unique=seat"`
	Customer *string
}

func TestUniqueKeysLeadToRows(t *testing.T) {
	Seats := memrel.TableOf[seat]("seats")
	db := memrel.MustOpen(Seats)
	_, err := Seats.InsertAll(db, []seat{{Hall: "big", Number: 1}, {Hall: "big", Number: 2}, {Hall: "small", Number: 1}})
	require.NoError(t, err)

	byPlace := Seats.By("number", "hall")
	require.NoError(t, byPlace.Bind(db))
	row, ok := byPlace.Get(db.View(), 1, "small")
	require.True(t, ok)
	require.EqualValues(t, 3, row.ID)
	for _, miss := range [][]any{{3, "big"}, {"big", "1"}, {nil, "big"}} {
		_, ok = byPlace.Get(db.View(), miss...)
		require.False(t, ok, "%v", miss)
	}
	row, ok = Seats.By("id").Get(db.View(), 2)
	require.True(t, ok)
	require.Equal(t, 2, row.Number)

	require.ErrorIs(t, Seats.By("hall").Bind(db), memrel.ErrQuery)
	require.ErrorIs(t, Seats.By("row").Bind(db), memrel.ErrUnknownColumn)
	require.ErrorIs(t, Seats.By().Bind(db), memrel.ErrQuery)
	require.ErrorIs(t, memrel.TableOf[seat]("stalls").By("id").Bind(db), memrel.ErrUnknownTable)
	for _, wrong := range []func(){
		func() { byPlace.Get(db, 1) },
		func() { byPlace.Get(db) },
		func() { byPlace.Get(db, "big", 1) },
		func() { Seats.By("hall").Get(db, "big") },
	} {
		require.Panics(t, wrong)
	}

	require.NoError(t, db.Alter("seats", memrel.DropConstraint("seat")))
	require.Panics(t, func() { byPlace.Get(db, 1, "small") }, "the key is gone")
	for err := range db.Check() {
		t.Error(err)
	}
}
