package tests

import (
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	shelfOwner struct {
		ID    int64
		Name  string
		Books []shelfBook
		Card  *shelfCard `memrel:"pass"`
		Born  time.Time
		Worth big.Int
	}
	shelfBook struct {
		ID      int64
		OwnerID *int64
		Owner   *shelfOwner
		Notes   []shelfNote `memrel:",type=json"`
	}
	shelfCard struct {
		ID      int64
		OwnerID *int64
	}
	shelfNote struct{ Text string }
)

var (
	shelfOwners = memrel.TableOf[shelfOwner]("owners")
	shelfBooks  = memrel.TableOf[shelfBook]("books")
	shelfCards  = memrel.TableOf[shelfCard]("cards")
	ownerBooks  = memrel.HasMany(shelfOwners, shelfBooks)
	bookOwner   = memrel.BelongsTo(shelfBooks, shelfOwners)
	ownerPass   = memrel.HasOne(shelfOwners, shelfCards, memrel.As("pass"), memrel.ForeignKey("ownerId"))
)

func columnNames(t *testing.T, r memrel.View, name string) (names []string) {
	s, ok := r.Schema(name)
	require.True(t, ok)
	for _, c := range s.Columns {
		names = append(names, c.Name)
	}
	return names
}

// A field that an association fills is declared by it: it is no column, and what it holds is left alone by writes.
func TestFieldsThatAssociationsFill(t *testing.T) {
	db, err := memrel.Open(shelfOwners, shelfBooks, shelfCards, ownerBooks, bookOwner, ownerPass)
	require.NoError(t, err)
	require.Equal(t, []string{"id", "name", "born", "worth"}, columnNames(t, db.View(), "owners"))
	require.Equal(t, []string{"id", "ownerId", "notes"}, columnNames(t, db.View(), "books"))

	ann, err := shelfOwners.Insert(db, shelfOwner{Name: "Ann", Books: []shelfBook{{ID: 9}}, Worth: *big.NewInt(4)})
	require.NoError(t, err)
	require.Equal(t, []shelfBook{{ID: 9}}, ann.Books, "they stay as they are")
	_, err = ownerBooks.Create(db, ann, shelfBook{Notes: []shelfNote{{"a"}}})
	require.NoError(t, err)
	got, ok := shelfOwners.Get(db, ann.ID)
	require.True(t, ok)
	require.Nil(t, got.Books)
	require.Equal(t, int64(4), got.Worth.Int64())
	for b := range ownerBooks.Of(db, ann) {
		require.Equal(t, []shelfNote{{"a"}}, b.Notes)
	}
	for err := range db.Check() {
		t.Error(err)
	}
}

// A struct that nothing fills would be stored as a document without a word.
func TestFieldsThatNothingFills(t *testing.T) {
	type other struct{ ID, OwnerID int64 }
	type one struct {
		ID    int64
		Books shelfBook
	}
	others := memrel.TableOf[other]("others")
	ones := memrel.TableOf[one]("ones")
	for _, c := range []struct {
		defs []memrel.Definition
		want string
	}{
		{[]memrel.Definition{shelfOwners},
			"memrel: define owners: field shelfOwner.Books: a []tests.shelfBook stands for no column, and owners has no association books to fill it; " +
				"define the association that fills it, or tag it `memrel:\"-\"` to leave it out, or `memrel:\",type=json\"` to keep it as one document"},
		{[]memrel.Definition{shelfOwners, shelfBooks, shelfCards, bookOwner, ownerBooks}, "field shelfOwner.Card: a *tests.shelfCard stands for no column, and owners has no association pass"},
		{[]memrel.Definition{shelfOwners, shelfBooks, shelfCards, ownerPass, bookOwner, others, memrel.HasMany(shelfOwners, others, memrel.As("books"))},
			"field shelfOwner.Books: a []tests.shelfBook cannot hold what owners.books leads to; make it a []tests.other, or name the association otherwise with As"},
		{[]memrel.Definition{ones, shelfBooks, shelfOwners, shelfCards, ownerBooks, bookOwner, ownerPass,
			memrel.HasMany(ones, shelfBooks, memrel.ForeignKey("ownerId"))}, "field one.Books: a tests.shelfBook cannot hold what ones.books leads to; make it a []tests.shelfBook"},
	} {
		_, err := memrel.Open(c.defs...)
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, c.want)
	}
}

// Where the table has the column, the field stands for it, however the table was defined.
func TestFieldsThatColumnsFill(t *testing.T) {
	type row struct {
		ID   int64
		Note shelfNote
	}
	rows := memrel.TableOf[row]("rows")
	db, err := memrel.Open(memrel.Schema{Name: "rows", PrimaryKey: []string{"id"},
		Columns: []memrel.Column{{Name: "id", Type: memrel.Int}, {Name: "note", Type: memrel.JSON, NotNull: true}}})
	require.NoError(t, err)
	_, err = rows.Insert(db, row{1, shelfNote{"a"}})
	require.NoError(t, err)
	got, _ := rows.Get(db, 1)
	require.Equal(t, row{1, shelfNote{"a"}}, got)

	part := memrel.TableOf[row]("parts", memrel.Column{Name: "note", Type: memrel.JSON, NotNull: true})
	_, err = memrel.Open(part)
	require.NoError(t, err)
}
