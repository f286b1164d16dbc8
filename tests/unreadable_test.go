package tests

import (
	"math"
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

// A number beyond a float32 is no infinity; one that is an infinity is.
func TestANumberBeyondAFloat32IsTold(t *testing.T) {
	type Measure struct {
		ID    int64
		Value float32
		Limit *float32
		Past  []float32
	}
	measures := memrel.TableOf[Measure]("measures")
	db := memrel.MustOpen(measures)
	rows := memrel.RowsOf("measures")
	for column, v := range map[string]any{"value": 1e300, "limit": -1e300, "past": []any{1.5, 4e38}} {
		made, err := rows.Insert(db, memrel.Values{"value": 0, column: v})
		require.NoError(t, err)
		_, err = measures.Find(db, memrel.Query{Where: memrel.Eq("id", made.Get("id"))})
		require.ErrorIs(t, err, memrel.ErrType, column)
		require.ErrorContains(t, err, "memrel: read measures: "+column+" = ")
		require.ErrorContains(t, err, "it is beyond 3.4028235e+38")
		_, err = rows.Delete(db, made.Get("id"))
		require.NoError(t, err)
	}
	_, err := rows.Insert(db, memrel.Values{"value": math.Inf(-1), "limit": 0.1, "past": []any{math.MaxFloat32}})
	require.NoError(t, err)
	found, err := measures.Find(db, memrel.Query{})
	require.NoError(t, err)
	require.True(t, math.IsInf(float64(found[0].Value), -1))
	require.Equal(t, float32(0.1), *found[0].Limit)
	require.Equal(t, []float32{math.MaxFloat32}, found[0].Past)
	for err := range db.Check() {
		t.Error(err)
	}
}
