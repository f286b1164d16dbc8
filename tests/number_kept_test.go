package tests

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// memo is a row with a number, a unique text, and a reference to another.
type memo struct {
	ID   int64
	Text string `memrel:",unique"`
	On   *int64 `memrel:",ref=memos"`
}

var memos = memrel.TableOf[memo]("memos", memrel.KeepNumbers)

func memoID(t *testing.T, w memrel.Writer, text string) int64 {
	t.Helper()
	m, err := memos.Insert(w, memo{Text: text})
	require.NoError(t, err)
	return m.ID
}

// Each case gives out numbers for rows that are undone, and tells the next one.
func TestNumbersAreKept(t *testing.T) {
	dangling := int64(99)
	for name, c := range map[string]struct {
		do   func(t *testing.T, db *memrel.DB)
		next int64
	}{
		"by a rollback": {func(t *testing.T, db *memrel.DB) {
			tx := db.Begin()
			require.Equal(t, int64(2), memoID(t, tx, "b"))
			tx.Rollback()
		}, 3},
		"to a savepoint": {func(t *testing.T, db *memrel.DB) {
			require.NoError(t, db.Update(func(tx *memrel.Tx) error {
				require.NoError(t, tx.Savepoint("s"))
				require.Equal(t, int64(2), memoID(t, tx, "b"))
				require.NoError(t, tx.RollbackTo("s"))
				require.Equal(t, int64(3), memoID(t, tx, "b"))
				return nil
			}))
		}, 4},
		"of a nested transaction": {func(t *testing.T, db *memrel.DB) {
			require.NoError(t, db.Update(func(tx *memrel.Tx) error {
				no := errors.New("no")
				require.ErrorIs(t, tx.Update(func(tx *memrel.Tx) error { memoID(t, tx, "b"); return no }), no)
				return nil
			}))
		}, 3},
		"by a statement that fails": {func(t *testing.T, db *memrel.DB) {
			_, err := memos.Insert(db, memo{Text: "a"})
			require.ErrorIs(t, err, memrel.ErrUnique)
			_, err = memos.Insert(db, memo{Text: "b", On: &dangling})
			require.ErrorIs(t, err, memrel.ErrForeignKey)
			_, err = memos.Rows().Insert(db, memrel.Values{"text": 7})
			require.ErrorIs(t, err, memrel.ErrType, "which came to no row")
		}, 4},
		"by one of several rows": {func(t *testing.T, db *memrel.DB) {
			_, err := memos.Rows().InsertAll(db, []memrel.Values{{"text": "b"}, {"text": "c"}, {"text": nil}, {"text": "d"}})
			require.ErrorIs(t, err, memrel.ErrNotNull, "the third")
			_, err = memos.Rows().UpsertAll(db, []memrel.Values{{"text": "b"}, {"text": "c", "on": 99}}, "text")
			require.ErrorIs(t, err, memrel.ErrForeignKey)
		}, 6},
		"by many": {func(t *testing.T, db *memrel.DB) {
			rows := make([]memrel.Values, 999)
			for i := range rows {
				rows[i] = memrel.Values{"text": string(rune(1000 + i)), "on": 9999}
			}
			_, err := memos.Rows().InsertAll(db, rows)
			require.ErrorIs(t, err, memrel.ErrForeignKey)
		}, 1001},
		"but not those that rows brought along": {func(t *testing.T, db *memrel.DB) {
			_, err := memos.Insert(db, memo{ID: 100, Text: "a"})
			require.ErrorIs(t, err, memrel.ErrUnique)
			tx := db.Begin()
			_, err = memos.Insert(tx, memo{ID: 200, Text: "b"})
			require.NoError(t, err)
			tx.Rollback()
		}, 2},
		"when they are taken ahead": {func(t *testing.T, db *memrel.DB) {
			tx := db.Begin()
			_, err := memos.NextNumber(tx)
			require.NoError(t, err)
			tx.Rollback()
		}, 3},
		"of a table that has another name by then": {func(t *testing.T, db *memrel.DB) {
			tx := db.Begin()
			require.NoError(t, tx.Alter("memos", memrel.Rename{To: "letters"}))
			_, err := memrel.RowsOf("letters").Insert(tx, memrel.Values{"text": "b"})
			require.NoError(t, err)
			tx.Rollback()
		}, 3},
		"of one that is dropped by then, and made again": {func(t *testing.T, db *memrel.DB) {
			tx := db.Begin()
			memoID(t, tx, "b")
			require.NoError(t, tx.Drop("memos"))
			require.NoError(t, tx.Define(memos))
			for _, text := range []string{"a", "b", "c", "d"} {
				memoID(t, tx, text)
			}
			tx.Rollback()
		}, 3},
		"of one that restarts": {func(t *testing.T, db *memrel.DB) {
			tx := db.Begin()
			memoID(t, tx, "b")
			require.NoError(t, memos.Truncate(tx, memrel.Truncation{Restart: true}))
			require.Equal(t, int64(1), memoID(t, tx, "c"))
			tx.Rollback()
		}, 3},
		"until they are not": {func(t *testing.T, db *memrel.DB) {
			require.NoError(t, db.Alter("memos", table.TakeBackNumbers))
			tx := db.Begin()
			memoID(t, tx, "b")
			tx.Rollback()
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, memos)
			memoID(t, db, "a")
			before := db.View()
			c.do(t, db)
			require.Equal(t, c.next, memoID(t, db, "z"))
			last, err := memos.LastNumber(before)
			require.NoError(t, err)
			require.Equal(t, int64(1), last, "a view stays as it is")
		})
	}
}

// What a store says of numbers holds for the tables that it is given from then on, by whatever way, and is saved with it.
func TestAStoreKeepsNumbers(t *testing.T) {
	plain := func(name string) memrel.Schema {
		return memrel.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}}
	}
	db := open(t, plain("before"))
	require.NoError(t, db.Define(memrel.ModelSpec{Name: "User"}, plain("with"), memrel.KeepNumbers))
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	loaded, err := memrel.Load(&file)
	require.NoError(t, err)
	for _, db := range []*memrel.DB{db, db.Fork(), loaded} {
		require.NoError(t, db.Define(plain("after")))
		require.NoError(t, db.Alter("with", memrel.Column{Name: "more", Type: memrel.Int}))
		for table, next := range map[string]int64{"before": 1, "with": 2, "after": 2, "Users": 2} {
			tx := db.Begin()
			_, err := memrel.RowsOf(table).NextNumber(tx)
			require.NoError(t, err)
			tx.Rollback()
			n, err := memrel.RowsOf(table).NextNumber(db)
			require.NoError(t, err)
			require.Equal(t, next, n, table)
		}
	}
	require.ErrorIs(t, db.Define(table.Numbering(9)), memrel.ErrDefinition)
	require.ErrorIs(t, db.Alter("with", table.Numbering(9)), memrel.ErrDefinition)
}
