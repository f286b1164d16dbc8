package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

var (
	orders = memrel.RowsOf("orders")
	lines  = memrel.RowsOf("lines")
)

// ledger is a store with orders and lines, where a line may come before its order.
func ledger(t *testing.T) *memrel.DB {
	db := open(t, plain("orders"), with(plain("lines", "order", "note"), memrel.Reference{Name: "ordered", Columns: []string{"order"},
		Table: "orders", Deferrable: true}, memrel.Reference{Name: "noted", Columns: []string{"note"}, Table: "lines"}))
	_, err := orders.Insert(db, memrel.Values{"id": 1})
	require.NoError(t, err)
	_, err = lines.Insert(db, memrel.Values{"id": 1, "order": 1})
	require.NoError(t, err)
	return db
}

func orphan(tx *memrel.Tx) error {
	_, err := lines.Insert(tx, memrel.Values{"id": 7, "order": 7})
	return err
}

// inTx runs steps in one transaction whose deferrable checks wait, and commits it.
func inTx(t *testing.T, db *memrel.DB, steps func(tx *memrel.Tx)) error {
	t.Helper()
	return db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Defer())
		steps(tx)
		return nil
	})
}

func TestAViolationMayBeRepairedUntilTheCommit(t *testing.T) {
	db := ledger(t)
	err := inTx(t, db, func(tx *memrel.Tx) {
		require.NoError(t, orphan(tx))
		_, err := orders.Delete(tx, 1)
		require.NoError(t, err)
		_, err = orders.InsertAll(tx, []memrel.Values{{"id": 1}, {"id": 7}})
		require.NoError(t, err)
	})
	require.NoError(t, err)
	assert.Equal(t, 2, count(db, lines))
}

func TestACommitThatFailsUndoesTheTransaction(t *testing.T) {
	db := ledger(t)
	before := everythingOf(t, db)
	err := inTx(t, db, func(tx *memrel.Tx) { require.NoError(t, orphan(tx)) })
	assert.ErrorIs(t, err, memrel.ErrForeignKey)
	assert.EqualError(t, err, "memrel: commit lines: orders 7 does not exist (lines.order -> orders.id); at fault: lines[7]")
	assert.Equal(t, before, everythingOf(t, db))
	assert.ErrorIs(t, db.Update(orphan), memrel.ErrForeignKey, "the next transaction checks at once again")
}

// TestAFailedStatementForgetsWhatItPutOff: it would be judged at the commit otherwise, though its rows are gone.
func TestAFailedStatementForgetsWhatItPutOff(t *testing.T) {
	db := ledger(t)
	err := inTx(t, db, func(tx *memrel.Tx) {
		_, err := lines.InsertAll(tx, []memrel.Values{{"id": 7, "order": 7}, {"id": 8, "note": 99}})
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		_, err = lines.InsertAll(tx, []memrel.Values{{"id": 7, "order": 7}, {"id": 1}})
		require.ErrorIs(t, err, memrel.ErrUnique)
	})
	assert.NoError(t, err)
}

func TestGoingBackForgetsViolationsAndBringsThemBack(t *testing.T) {
	t.Run("made since", func(t *testing.T) {
		err := inTx(t, ledger(t), func(tx *memrel.Tx) {
			require.NoError(t, tx.Savepoint("a"))
			require.NoError(t, orphan(tx))
			require.NoError(t, tx.RollbackTo("a"))
		})
		assert.NoError(t, err)
	})
	t.Run("repaired since", func(t *testing.T) {
		err := inTx(t, ledger(t), func(tx *memrel.Tx) {
			require.NoError(t, orphan(tx))
			require.NoError(t, tx.Savepoint("a"))
			_, err := orders.Insert(tx, memrel.Values{"id": 7})
			require.NoError(t, err)
			require.NoError(t, tx.RollbackTo("a"))
		})
		assert.ErrorIs(t, err, memrel.ErrForeignKey)
	})
	t.Run("released", func(t *testing.T) {
		err := inTx(t, ledger(t), func(tx *memrel.Tx) {
			require.NoError(t, tx.Savepoint("a"))
			require.NoError(t, orphan(tx))
			require.NoError(t, tx.Release("a"))
		})
		assert.ErrorIs(t, err, memrel.ErrForeignKey)
	})
	t.Run("in a nested transaction that failed", func(t *testing.T) {
		err := inTx(t, ledger(t), func(tx *memrel.Tx) {
			err := tx.Update(func(tx *memrel.Tx) error {
				require.NoError(t, orphan(tx))
				return assert.AnError
			})
			require.Equal(t, assert.AnError, err)
		})
		assert.NoError(t, err)
	})
}

func TestAViolationSurvivesAnUpdateOfAnotherColumn(t *testing.T) {
	err := inTx(t, ledger(t), func(tx *memrel.Tx) {
		require.NoError(t, orphan(tx))
		_, err := lines.Update(tx, memrel.Values{"note": 1}, 7)
		require.NoError(t, err)
	})
	assert.ErrorIs(t, err, memrel.ErrForeignKey)
}

// TestAViolationSurvivesAnAlteredTable: its rows are rewritten, and judged all the same.
func TestAViolationSurvivesAnAlteredTable(t *testing.T) {
	err := inTx(t, ledger(t), func(tx *memrel.Tx) {
		require.NoError(t, orphan(tx))
		require.NoError(t, tx.Alter("lines", memrel.Column{Name: "x", Type: memrel.Int, Default: 1}))
		_, err := lines.Update(tx, memrel.Values{"x": 2}, 7)
		require.NoError(t, err)
	})
	assert.ErrorIs(t, err, memrel.ErrForeignKey)
	err = inTx(t, ledger(t), func(tx *memrel.Tx) {
		require.NoError(t, orphan(tx))
		require.NoError(t, tx.Alter("lines", memrel.DropConstraint("ordered")))
	})
	assert.NoError(t, err, "a reference that is gone is not judged")
}

func TestImmediateJudgesAtOnceWhatWaits(t *testing.T) {
	err := inTx(t, ledger(t), func(tx *memrel.Tx) {
		require.NoError(t, orphan(tx))
		require.ErrorIs(t, tx.Immediate("ordered"), memrel.ErrForeignKey)
		_, err := lines.Insert(tx, memrel.Values{"id": 8, "order": 8})
		require.NoError(t, err, "the checks wait as before")
		_, err = orders.InsertAll(tx, []memrel.Values{{"id": 7}, {"id": 8}})
		require.NoError(t, err)
		require.NoError(t, tx.Immediate())
		_, err = lines.Insert(tx, memrel.Values{"id": 9, "order": 9})
		require.ErrorIs(t, err, memrel.ErrForeignKey, "the checks wait no more")
	})
	assert.NoError(t, err)
}

func TestOnlyWhatIsDeferrableIsDeferred(t *testing.T) {
	err := ledger(t).Update(func(tx *memrel.Tx) error {
		require.EqualError(t, tx.Defer("noted"), "memrel: defer lines: foreign key noted is not deferrable; declare it Deferrable")
		require.EqualError(t, tx.Defer("no_such"), "memrel: defer: there is no foreign key or unique key no_such")
		require.NoError(t, tx.Savepoint("a"))
		require.NoError(t, tx.Defer("ordered"))
		require.NoError(t, tx.RollbackTo("a"))
		require.ErrorIs(t, orphan(tx), memrel.ErrForeignKey, "going back takes the modes along")
		return nil
	})
	assert.NoError(t, err)
}

// TestOutsideATransactionNothingWaits: the end of the statement is the commit.
func TestOutsideATransactionNothingWaits(t *testing.T) {
	db := open(t, plain("orders"), with(plain("lines", "order"), memrel.Reference{Columns: []string{"order"}, Table: "orders",
		Deferrable: true, InitiallyDeferred: true}))
	for _, n := range []int{1, 100} { // in place, and apart
		rows := make([]memrel.Values, n)
		for i := range rows {
			rows[i] = memrel.Values{"id": i, "order": 7}
		}
		_, err := lines.InsertAll(db, rows)
		assert.ErrorIs(t, err, memrel.ErrForeignKey)
		assert.Zero(t, count(db, lines))
	}
	assert.ErrorIs(t, db.Update(orphan), memrel.ErrForeignKey)
}
