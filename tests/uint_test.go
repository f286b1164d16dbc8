package tests

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type counter struct {
	ID    uint64
	Hash  uint64 `memrel:",unique"`
	Owner *int64 `memrel:",ref=owners,onupdate=cascade"`
}

type owner struct {
	ID uint64 `memrel:",pk"`
}

func TestWholeNumbersWithoutASign(t *testing.T) {
	counters, owners := memrel.TableOf[counter]("counters"), memrel.TableOf[owner]("owners")
	db := memrel.MustOpen(owners, counters)
	_, err := owners.InsertAll(db, []owner{{7}, {math.MaxUint64}, {0}})
	require.NoError(t, err)
	seven, none := int64(7), int64(8)
	made, err := counters.InsertAll(db, []counter{{Hash: math.MaxUint64, Owner: &seven}, {Hash: math.MaxInt64}, {Hash: math.MaxInt64 + 1}})
	require.NoError(t, err)
	require.Equal(t, uint64(3), made[2].ID)
	_, err = counters.Insert(db, counter{Hash: math.MaxUint64})
	require.ErrorIs(t, err, memrel.ErrUnique)
	_, err = counters.Insert(db, counter{Owner: &none})
	require.ErrorIs(t, err, memrel.ErrForeignKey)

	hashes := func(where memrel.Cond) (out []uint64) {
		rows, err := counters.Find(db, memrel.Query{Where: where, Order: []memrel.Order{{Column: "hash"}}})
		require.NoError(t, err)
		for _, r := range rows {
			out = append(out, r.Hash)
		}
		return out
	}
	require.Equal(t, []uint64{math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64}, hashes(memrel.Cond{}))
	for _, c := range []struct {
		where memrel.Cond
		want  []uint64
	}{
		{memrel.Gt("hash", -1), hashes(memrel.Cond{})}, {memrel.Lt("hash", -1), nil}, {memrel.Eq("hash", uint64(math.MaxUint64)), []uint64{math.MaxUint64}},
		{memrel.Gt("hash", float64(1<<63)-1025), []uint64{math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64}},
		{memrel.Gte("hash", float64(1<<63)), []uint64{math.MaxInt64 + 1, math.MaxUint64}},
		{memrel.Lt("hash", float64(1<<63)*2), hashes(memrel.Cond{})}, {memrel.Gt("hash", 0.5), hashes(memrel.Cond{})},
		{memrel.In("hash", -1, math.MaxInt64, 1.5), []uint64{math.MaxInt64}},
	} {
		require.Equal(t, c.want, hashes(c.where), "%v", c.where)
	}

	_, err = owners.Update(db, memrel.Values{"id": 9}, 7)
	require.NoError(t, err) // and with it the int64 that refers to it
	first, ok := counters.Get(db, 1)
	require.True(t, ok)
	require.Equal(t, int64(9), *first.Owner)
	_, err = owners.Update(db, memrel.Values{"id": uint64(math.MaxUint64 - 1)}, 9) // which no int64 holds
	require.ErrorIs(t, err, memrel.ErrType)

	_, err = memrel.RowsOf("counters").Increment(db, memrel.Eq("id", 1), memrel.Values{"hash": -1})
	require.NoError(t, err)
	require.Equal(t, uint64(math.MaxUint64-1), hashes(memrel.Eq("id", 1))[0])
	_, err = memrel.RowsOf("counters").Increment(db, memrel.Eq("id", 1), memrel.Values{"hash": 2})
	require.ErrorIs(t, err, memrel.ErrType)

	back, err := memrel.Load(bytes.NewReader(written(t, db)), owners, counters)
	require.NoError(t, err)
	row, ok := memrel.RowsOf("counters").Get(back, 1)
	require.True(t, ok)
	require.Equal(t, uint64(math.MaxUint64-1), row.Get("hash"))
	text, err := row.MarshalJSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"id":1,"hash":18446744073709551614,"owner":9}`, string(text))
	sound(t, db)
	sound(t, back)
}

// TestNumbersWithoutASignEnd: rows are numbered up to 2^63-1, as they are everywhere; a larger number may be given.
func TestNumbersWithoutASignEnd(t *testing.T) {
	counters := memrel.TableOf[struct{ ID uint64 }]("counters")
	db := memrel.MustOpen(counters)
	_, err := counters.Insert(db, struct{ ID uint64 }{math.MaxUint64})
	require.NoError(t, err)
	_, err = counters.Insert(db, struct{ ID uint64 }{})
	require.ErrorContains(t, err, "used up")
	sound(t, db)
}

// TestUnsignedOf64BitsAlters: an int of 64 bits without a sign is a uint, whatever it was written as, and other types become one exactly.
func TestUnsignedOf64BitsAlters(t *testing.T) {
	db := memrel.MustOpen(memrel.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, Unsigned: true}, {Name: "n", Type: memrel.Int}, {Name: "u", Type: memrel.Uint}}})
	s, _ := db.View().Schema("t")
	require.Equal(t, memrel.Uint, s.Columns[0].Type)
	_, err := memrel.RowsOf("t").Insert(db, memrel.Values{"id": uint64(math.MaxUint64), "n": -1, "u": uint64(math.MaxUint64)})
	require.NoError(t, err)
	err = db.Alter("t", memrel.DropColumn("n"), memrel.Column{Name: "n", Type: memrel.Uint})
	require.ErrorContains(t, err, "n = -1 does not fit 64 bits without a sign")
	require.NoError(t, db.Alter("t", memrel.DropColumn("u"), memrel.Column{Name: "u", Type: memrel.Decimal, Size: 20}))
	require.NoError(t, db.Alter("t", memrel.DropColumn("u"), memrel.Column{Name: "u", Type: memrel.Uint}))
	sound(t, db)
}
