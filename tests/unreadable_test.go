package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A document that somebody else wrote and that a struct's field does not take is told by every read, never shown as an empty field.
func TestWhatAFieldDoesNotTakeIsTold(t *testing.T) {
	type options struct{ Size int }
	type Owner struct {
		ID int64
	}
	type Thing struct {
		ID      int64
		OwnerID *int64
		Options options `memrel:",type=json"`
	}
	owners, things := memrel.TableOf[Owner]("owners"), memrel.TableOf[Thing]("things")
	owned := memrel.HasMany(owners, things, memrel.ForeignKey("ownerId"))
	db := memrel.MustOpen(owners, things, owned)
	owner, err := owners.Insert(db, Owner{})
	require.NoError(t, err)
	_, err = memrel.RowsOf("things").Insert(db, memrel.Values{"ownerId": owner.ID, "options": map[string]any{"Size": "large"}})
	require.NoError(t, err)
	const refused = "memrel: read things: options = "

	_, err = things.Find(db, memrel.Query{})
	require.ErrorContains(t, err, refused)
	require.ErrorIs(t, err, memrel.ErrType)
	_, _, err = things.First(db, memrel.Query{})
	require.ErrorContains(t, err, refused)
	_, err = owned.Get(db, owner, memrel.Query{})
	require.ErrorContains(t, err, refused)
	row, ok := memrel.RowsOf("things").Get(db, 1)
	require.True(t, ok)
	_, err = things.From(row)
	require.ErrorContains(t, err, refused)
	_, err = things.Update(db, memrel.Values{"ownerId": nil}, 1)
	require.ErrorContains(t, err, refused)

	var e *memrel.Error
	for name, read := range map[string]func(){
		"Get": func() { things.Get(db, 1) },
		"All": func() {
			for range things.All(db) {
			}
		},
	} {
		func() {
			defer func() {
				e, _ = recover().(*memrel.Error)
				require.ErrorContains(t, e, refused, name)
			}()
			read()
		}()
	}

	// A query that leaves the column out has nothing to read of it.
	found, err := things.Find(db, memrel.Query{Columns: []string{"id"}})
	require.NoError(t, err)
	require.Equal(t, []Thing{{ID: 1}}, found)
	for err := range db.Check() {
		t.Error(err)
	}
}
