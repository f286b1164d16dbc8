package tests

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

var seats = memrel.RowsOf("seats")

// seating is a table whose rows have a key that can wait, 1 a, 2 b, 3 NULL.
func seating(t *testing.T, key memrel.UniqueKey) *memrel.DB {
	key.Name, key.Columns, key.Deferrable = "one_seat", []string{"guest"}, true
	db := open(t, memrel.Schema{Name: "seats", PrimaryKey: []string{"id"}, Unique: []memrel.UniqueKey{key},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "guest", Type: memrel.String}, {Name: "note", Type: memrel.Int}}})
	_, err := seats.InsertAll(db, []memrel.Values{{"id": 1, "guest": "a"}, {"id": 2, "guest": "b"}, {"id": 3}})
	require.NoError(t, err)
	return db
}

func sit(w memrel.Writer, id int, guest any) error {
	_, err := seats.Update(w, memrel.Values{"guest": guest}, id)
	return err
}

func TestDeferrableKeysAreCheckedAtTheEndOfTheStatement(t *testing.T) {
	db := seating(t, memrel.UniqueKey{})
	other := map[any]string{"a": "b", "b": "a"}
	_, err := seats.UpdateEach(db, memrel.NotNull("guest"), func(r memrel.Row) memrel.Values { return memrel.Values{"guest": other[r.Get("guest")]} })
	require.NoError(t, err, "two rows exchange their keys in one statement")
	for name, statement := range map[string]func() error{
		"insert": func() error { _, err := seats.Insert(db, memrel.Values{"id": 4, "guest": "a"}); return err },
		"insert of two": func() error {
			_, err := seats.InsertAll(db, []memrel.Values{{"id": 4, "guest": "c"}, {"id": 5, "guest": "c"}})
			return err
		},
		"update": func() error { return sit(db, 1, "a") },
		"upsert": func() error {
			_, _, err := seats.Upsert(db, memrel.Values{"id": 1, "guest": "a"})
			return err
		},
		"update of all": func() error {
			_, err := seats.UpdateWhere(db, memrel.Cond{}, memrel.Values{"guest": "z"})
			return err
		},
	} {
		err := statement()
		require.ErrorIs(t, err, memrel.ErrUnique, name)
		var e *memrel.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, "one_seat", e.Constraint, name)
	}
	_, err = seats.Insert(db, memrel.Values{"id": 9, "guest": nil})
	require.NoError(t, err, "NULLs are distinct")
	n, err := seats.Count(db, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 4, n)
}

func TestDeferredKeysAreCheckedAtTheCommit(t *testing.T) {
	for name, c := range map[string]struct {
		key    memrel.UniqueKey
		steps  func(tx *memrel.Tx) error
		failed string // where; empty: nowhere
	}{
		"exchanged by two statements": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			return sit(tx, 2, "a")
		}, ""},
		"as it is set": {memrel.UniqueKey{}, func(tx *memrel.Tx) error {
			require.NoError(t, tx.Defer("one_seat"))
			require.NoError(t, sit(tx, 1, "b"))
			return sit(tx, 2, "a")
		}, ""},
		"immediate": {memrel.UniqueKey{}, func(tx *memrel.Tx) error { return sit(tx, 1, "b") }, "statement"},
		"made immediate before": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, tx.Immediate())
			return sit(tx, 1, "b")
		}, "statement"},
		"made immediate too late": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			return tx.Immediate("one_seat")
		}, "statement"},
		"still shared": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error { return sit(tx, 1, "b") }, "commit"},
		"shared by an insert": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			_, err := seats.Insert(tx, memrel.Values{"id": 4, "guest": "a"})
			return err
		}, "commit"},
		"the other is deleted": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			_, err := seats.Delete(tx, 2)
			return err
		}, ""},
		"NULLs that are not distinct": {memrel.UniqueKey{InitiallyDeferred: true, NullsNotDistinct: true}, func(tx *memrel.Tx) error { return sit(tx, 1, nil) }, "commit"},
		"rolled back to a savepoint": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, tx.Savepoint("s"))
			require.NoError(t, sit(tx, 1, "b"))
			return tx.RollbackTo("s")
		}, ""},
		"a column is added meanwhile": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			return tx.Alter("seats", memrel.Index{Name: "notes", Columns: []string{"note"}})
		}, "commit"},
		"the key is dropped": {memrel.UniqueKey{InitiallyDeferred: true}, func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			return tx.Alter("seats", memrel.DropConstraint("one_seat"))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db := seating(t, c.key)
			tx := db.Begin()
			defer tx.Rollback()
			err := c.steps(tx)
			if c.failed == "statement" {
				require.ErrorIs(t, err, memrel.ErrUnique)
				return
			}
			require.NoError(t, err)
			if err = tx.Commit(); c.failed == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, memrel.ErrUnique)
			require.ErrorContains(t, err, "memrel: commit seats: deferrable unique key (guest) =")
		})
	}
}

func TestDeferrableKeysAreNothingToReferTo(t *testing.T) {
	db := seating(t, memrel.UniqueKey{})
	err := db.Define(memrel.Schema{Name: "meals", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "guest", Type: memrel.String}},
		References: []memrel.Reference{{Columns: []string{"guest"}, Table: "seats", RefColumns: []string{"guest"}}}})
	require.EqualError(t, err, "memrel: define meals: foreign key meals_guest_fkey refers to unique key one_seat of seats, which is deferrable; "+
		"declare that key without Deferrable, or another one")
	_, _, err = seats.Upsert(db, memrel.Values{"id": 8, "guest": "a"}, "guest")
	require.ErrorContains(t, err, "unique key one_seat is deferrable")
	require.ErrorContains(t, seats.By("guest").Bind(db), "unique key one_seat is deferrable")
	require.ErrorContains(t, db.Define(memrel.Schema{Name: "x", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}},
		Unique: []memrel.UniqueKey{{Columns: []string{"id"}, InitiallyDeferred: true}}}), "make it Deferrable as well")
}

func TestDeferrableKeysAreKept(t *testing.T) {
	db := seating(t, memrel.UniqueKey{InitiallyDeferred: true})
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	loaded, err := memrel.Load(&file)
	require.NoError(t, err)
	for _, db := range []*memrel.DB{loaded, db.Fork()} {
		s, _ := db.View().Schema("seats")
		assert.True(t, s.Unique[0].Deferrable && s.Unique[0].InitiallyDeferred)
		require.ErrorIs(t, sit(db, 1, "b"), memrel.ErrUnique, "autocommit is a transaction of one statement")
		require.NoError(t, db.Update(func(tx *memrel.Tx) error {
			require.NoError(t, sit(tx, 1, "b"))
			return sit(tx, 2, "a")
		}))
		for err := range db.Check() {
			require.NoError(t, err)
		}
	}
}

func TestANewDeferrableKeyIsHeldToTheRowsThereAre(t *testing.T) {
	db := seating(t, memrel.UniqueKey{})
	_, err := seats.UpdateWhere(db, memrel.Cond{}, memrel.Values{"note": 1})
	require.NoError(t, err)
	err = db.Alter("seats", memrel.UniqueKey{Name: "notes", Columns: []string{"note"}, Deferrable: true, InitiallyDeferred: true})
	require.ErrorContains(t, err, "rows share the deferrable unique key notes = (1)")
}
