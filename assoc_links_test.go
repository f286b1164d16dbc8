package memrel_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type wideShelf struct {
	ID int64
}

type narrowPlace struct {
	ShelfID int32 `memrel:",pk"`
	BookID  int32 `memrel:",pk"`
}

type shortBook struct {
	ID   int64
	Code string `memrel:",size=3"`
}

var (
	shelves = memrel.TableOf[wideShelf]("shelves")
	books   = memrel.TableOf[shortBook]("books")
	places  = memrel.TableOf[narrowPlace]("places")

	shelfBooks = memrel.BelongsToMany(shelves, books, places, memrel.ForeignKey("shelfId"), memrel.OtherKey("bookId"), memrel.Unconstrained())
)

func openShelves(t *testing.T, more ...memrel.Definition) *memrel.DB {
	db, err := memrel.Open(append([]memrel.Definition{shelves, books, places, shelfBooks}, more...)...)
	require.NoError(t, err)
	return db
}

// TestLinksAreHeldToTheirColumns: junction rows by keys are what those by values would be.
func TestLinksAreHeldToTheirColumns(t *testing.T) {
	db := openShelves(t)
	wide, short, long := wideShelf{ID: math.MaxInt32 + 1}, shortBook{ID: 1, Code: "abc"}, shortBook{ID: 2, Code: "abcd"}
	require.NoError(t, shelfBooks.Add(db, wideShelf{ID: 1}, short))

	err := shelfBooks.Add(db, wide, short)
	require.ErrorIs(t, err, memrel.ErrType)
	require.EqualError(t, err, "memrel: add places: shelfId = 2147483648 does not fit 32 bits (-2147483648 to 2147483647); "+
		"use a smaller number, or a column of more bits")
	err = shelfBooks.Add(db, wideShelf{ID: 1}, shortBook{ID: math.MaxInt32 + 1})
	require.ErrorIs(t, err, memrel.ErrType)
	for _, verb := range []func(memrel.Writer, wideShelf, ...shortBook) error{shelfBooks.Add, shelfBooks.Remove} {
		require.ErrorIs(t, verb(db, wideShelf{ID: 1}, long), memrel.ErrType, "no key, but the row is looked at as a whole")
	}
	require.NoError(t, shelfBooks.Remove(db, wide, short), "there is no such row")
	require.ErrorIs(t, shelfBooks.Add(db, wideShelf{ID: 2}, short, short), memrel.ErrUnique)
	require.NoError(t, shelfBooks.Remove(db, wideShelf{ID: 1}, short, short, shortBook{ID: 7}))
	require.Empty(t, slices.Collect(places.All(db)))
}

// TestDeletingWhatNothingRefersTo: nothing has to be planned, but whoever is to be asked is asked.
func TestDeletingWhatNothingRefersTo(t *testing.T) {
	hook := memrel.DeleteHook(func(e memrel.DeleteEvent) error {
		if e.When == memrel.BeforeRow && e.Row.Get("bookId") == int64(1) {
			return errors.New("book 1 stays")
		}
		return nil
	})
	db := openShelves(t, hook)
	one, two := shortBook{ID: 1}, shortBook{ID: 2}
	require.NoError(t, shelfBooks.Add(db, wideShelf{ID: 1}, one, two))
	require.ErrorContains(t, shelfBooks.Remove(db, wideShelf{ID: 1}, one), "book 1 stays")
	require.NoError(t, shelfBooks.Remove(db, wideShelf{ID: 1}, two))

	db = openShelves(t)
	require.NoError(t, shelfBooks.Add(db, wideShelf{ID: 1}, one, two))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	db.SetLimits(memrel.Limits{Context: ctx})
	require.ErrorIs(t, shelfBooks.Remove(db, wideShelf{ID: 1}, one), memrel.ErrLimit)
	db.SetLimits(memrel.Limits{MaxRows: 1})
	require.NoError(t, shelfBooks.Remove(db, wideShelf{ID: 1}, one))

	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Update(func(tx *memrel.Tx) error {
			require.NoError(t, shelfBooks.Remove(tx, wideShelf{ID: 1}, two))
			require.Equal(t, "places[1, 2]: delete", tx.Changes()[0].String())
			return nil
		}))
		require.Error(t, tx.Update(func(tx *memrel.Tx) error {
			require.NoError(t, shelfBooks.Add(tx, wideShelf{ID: 1}, one, two))
			return errors.New("no")
		}))
		return nil
	}))
	require.Empty(t, slices.Collect(places.All(db)))
}

// TestLinksAllocateLittle: a junction row and what the trees need of it, but no map and no row in hand.
func TestLinksAllocateLittle(t *testing.T) {
	db := openShelves(t)
	shelf, book := wideShelf{ID: 1}, shortBook{ID: 1}
	require.NoError(t, shelfBooks.Add(db, shelf, shortBook{ID: 2}))
	require.LessOrEqual(t, testing.AllocsPerRun(200, func() {
		_ = shelfBooks.Add(db, shelf, book)
		_ = shelfBooks.Remove(db, shelf, book)
	}), 6.0)
}
