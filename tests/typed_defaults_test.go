package tests

import (
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A field that is left zero takes its column's default by every verb that makes a row, whatever the column's type: the zero of a string that stands for an
// enum or a day is no value of these, and must not be read as one.
func TestTypedVerbsTakeDefaultsOfEveryType(t *testing.T) {
	type Owner struct{ ID int64 }
	type Thing struct {
		ID      int64
		OwnerID *int64
		Kind    string        `memrel:",enum='x,y',default=y"`
		Day     string        `memrel:",type=date,default=2026-01-02"`
		At      string        `memrel:",type=timeofday,default=09:30"`
		Token   string        `memrel:",type=uuid,default=6ba7b810-9dad-11d1-80b4-00c04fd430c8"`
		Price   string        `memrel:",type=decimal,size=6,scale=2,default=9.50"`
		Exact   apd.Decimal   `memrel:",type=decimal,default=1.5"`
		Pause   time.Duration `memrel:",type=timeofday,default=00:15"`
	}
	type Share struct {
		OwnerID int64  `memrel:",pk"`
		ThingID int64  `memrel:",pk"`
		Role    string `memrel:",enum='owner,member',default=member"`
	}
	owners, things, shares := memrel.TableOf[Owner]("owners"), memrel.TableOf[Thing]("things"), memrel.TableOf[Share]("shares")
	owned := memrel.HasMany(owners, things, memrel.ForeignKey("ownerId"))
	favorite := memrel.HasOne(owners, things, memrel.ForeignKey("ownerId"), memrel.As("favorite"))
	shared := memrel.BelongsToMany(owners, things, shares, memrel.ForeignKey("ownerId"), memrel.OtherKey("thingId"), memrel.As("shared"))
	db := memrel.MustOpen(owners, things, shares, owned, favorite, shared)
	o, err := owners.Insert(db, Owner{})
	require.NoError(t, err)
	want, err := things.Insert(db, Thing{})
	require.NoError(t, err)
	require.Equal(t, []string{"y", "2026-01-02", "09:30:00", "9.50"}, []string{want.Kind, want.Day, want.At, want.Price})
	same := func(got Thing, err error) {
		t.Helper()
		require.NoError(t, err)
		got.ID, got.OwnerID = want.ID, nil
		require.Equal(t, want.Exact.String(), got.Exact.String())
		got.Exact = want.Exact
		require.Equal(t, want, got)
	}
	same(owned.Create(db, o, Thing{}))
	same(favorite.Create(db, &o, Thing{}))
	same(shared.Create(db, o, Thing{}))
	same(shared.CreateWith(db, o, Share{}, Thing{}))
	require.NoError(t, shared.Add(db, o, want))
	require.NoError(t, shared.Set(db, o, want))
	another, err := things.Insert(db, Thing{})
	require.NoError(t, err)
	require.NoError(t, shared.AddWith(db, o, Share{}, another))
	rows, err := shares.Find(db, memrel.Query{})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	for _, r := range rows {
		require.Equal(t, "member", r.Role)
	}
	for err := range db.Check() {
		t.Error(err)
	}
}
