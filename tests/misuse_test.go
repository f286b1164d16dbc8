package tests

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cascade"
)

type misused struct {
	ID   int64
	Name string
}

var misusedTable = memrel.TableOf[misused]("things")

// TestAWriteInsideItsOwnUpdateIsFoundOut: it ends in an error that tells where the transaction under way was begun, after the time that was
// asked for or else 50 seconds, in a bubble whose clock goes on because who waits is blocked for synctest.
func TestAWriteInsideItsOwnUpdateIsFoundOut(t *testing.T) {
	for name, write := range map[string]func(db *memrel.DB) error{
		"a statement of its own": func(db *memrel.DB) error { _, err := misusedTable.Insert(db, misused{}); return err },
		"a transaction":          func(db *memrel.DB) error { return db.Update(func(*memrel.Tx) error { return nil }) },
		"begun and used":         func(db *memrel.DB) error { _, err := misusedTable.Insert(db.Begin(), misused{}); return err },
		"begun and committed":    func(db *memrel.DB) error { return db.Begin().Commit() },
		"a definition":           func(db *memrel.DB) error { return db.Define(memrel.Schema{Name: "x"}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				db, began := memrel.MustOpen(misusedTable), time.Now()
				_, _, line, _ := runtime.Caller(0)
				err := db.Update(func(*memrel.Tx) error { return write(db) })
				require.Equal(t, 50*time.Second, time.Since(began))
				db.SetLimits(memrel.Limits{Wait: time.Minute})
				require.Error(t, db.Update(func(*memrel.Tx) error { return write(db) }))
				require.Equal(t, 50*time.Second+time.Minute, time.Since(began))
				require.ErrorIs(t, err, memrel.ErrLimit)
				var e *memrel.Error
				require.ErrorAs(t, err, &e)
				assert.Equal(t, "55P03", e.SQLState())
				assert.Contains(t, err.Error(), fmt.Sprintf("misuse_test.go:%d", line+1))
				assert.Contains(t, err.Error(), "write through its Tx")
				_, err = misusedTable.Insert(db, misused{})
				require.NoError(t, err, "the lock is free again")
				sound(t, db)
			})
		})
	}
}

// TestAWaitForTheWriterEndsWithItsContext, and tells the whole stack of the holder when asked.
func TestAWaitForTheWriterEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := memrel.MustOpen(misusedTable)
		db.SetLimits(memrel.Limits{Stacks: true})
		tx := db.Begin()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		db.SetLimits(memrel.Limits{Context: ctx})
		err := db.Update(func(*memrel.Tx) error { return nil })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, memrel.ErrLimit)
		assert.Contains(t, err.Error(), "goroutine ")
		assert.Contains(t, err.Error(), "TestAWaitForTheWriterEndsWithItsContext")
		tx.Rollback()
		db.SetLimits(memrel.Limits{})
		sound(t, db)
	})
}

// TestNothingIsNoStore: nil and zero stores, transactions, readers and functions are errors, never a hang. A read that has no error
// to return panics with it: "there is none" would not be true.
func TestNothingIsNoStore(t *testing.T) {
	var noDB *memrel.DB
	var noTx *memrel.Tx
	model := memrel.RowsOf("things")
	for name, w := range map[string]memrel.Writer{"nil": nil, "a nil DB": noDB, "a zero DB": &memrel.DB{}, "a nil Tx": noTx} {
		t.Run(name, func(t *testing.T) {
			_, err := misusedTable.Insert(w, misused{})
			require.ErrorContains(t, err, "there is no ")
			_, err = model.Update(w, memrel.Values{"name": "x"}, 1)
			require.ErrorContains(t, err, "there is no ")
			_, err = misusedTable.DeleteWhere(w, memrel.Cond{})
			require.Error(t, err)
			require.Error(t, model.Truncate(w))
			_, err = model.Find(w, memrel.Query{})
			require.ErrorContains(t, err, "there is no ")
			for _, read := range []func(){
				func() { misusedTable.Get(w, 1) },
				func() { model.Get(w, 1) },
				func() { misusedTable.By("id").Get(w, 1) },
				func() { walk(misusedTable.All(w)) },
				func() { walk(model.All(w)) },
			} {
				require.ErrorContains(t, panicOf(t, read), "there is no ")
			}
			require.ErrorContains(t, misusedTable.Bind(w), "there is no ")
		})
	}
	require.Error(t, noDB.Update(func(*memrel.Tx) error { return nil }))
	require.Error(t, (&memrel.DB{}).Update(func(*memrel.Tx) error { return nil }))
	require.Error(t, (&memrel.DB{}).Define(misusedTable))
	require.Error(t, (&memrel.DB{}).Begin().Commit())
	require.Error(t, noTx.Commit())
	noTx.Rollback()

	db := memrel.MustOpen(misusedTable)
	require.ErrorContains(t, db.Update(nil), "the function is nil")
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		require.ErrorContains(t, tx.Update(nil), "the function is nil")
		return nil
	}))
	_, err := model.UpdateEach(db, memrel.Cond{}, nil)
	require.ErrorContains(t, err, "the function is nil")
	require.Error(t, db.Define(nil))
	require.Error(t, db.Alter("things", nil))
	require.Empty(t, memrel.View{}.Tables())
	sound(t, db)
}

// TestATransactionThatItsFunctionEnds stays as the function left it, and Update tells.
func TestATransactionThatItsFunctionEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(tx *memrel.Tx) error
		rows int
	}{
		{"commit", (*memrel.Tx).Commit, 1},
		{"rollback", func(tx *memrel.Tx) error { tx.Rollback(); return nil }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := memrel.MustOpen(misusedTable)
			err := db.Update(func(tx *memrel.Tx) error {
				_, err := misusedTable.Insert(tx, misused{})
				require.NoError(t, err)
				return c.end(tx)
			})
			require.ErrorIs(t, err, memrel.ErrTxDone)
			n, err := misusedTable.Count(db, memrel.Cond{})
			require.NoError(t, err)
			require.Equal(t, c.rows, n)
			sound(t, db)
		})
	}
}

// TestAHookThatPanics is seen by the caller. What a statement of its own has done by then stays done, a transaction is rolled
// back, and the store goes on.
func TestAHookThatPanics(t *testing.T) {
	for _, when := range []cascade.Moment{memrel.BeforeRows, memrel.BeforeRow, memrel.AfterRow} {
		t.Run(when.String(), func(t *testing.T) {
			armed := true
			db := memrel.MustOpen(misusedTable, memrel.DeleteHook(func(e memrel.DeleteEvent) error {
				if armed && e.When == when {
					panic("hook")
				}
				return nil
			}))
			_, err := misusedTable.InsertAll(db, []misused{{}, {}})
			require.NoError(t, err)
			require.PanicsWithValue(t, "hook", func() { _, _ = misusedTable.Delete(db, 1) })
			_, there := misusedTable.Get(db, 1)
			require.Equal(t, when != memrel.AfterRow, there)
			require.PanicsWithValue(t, "hook", func() {
				_ = db.Update(func(tx *memrel.Tx) error { _, err := misusedTable.Delete(tx, 2); return err })
			})
			_, there = misusedTable.Get(db, 2)
			require.True(t, there)
			armed = false
			_, err = misusedTable.Delete(db, 2)
			require.NoError(t, err)
			sound(t, db)
		})
	}
}

// panicOf is the error that a read with no error to return panics with.
func panicOf(t *testing.T, read func()) (err error) {
	t.Helper()
	defer func() {
		err, _ = recover().(error)
		var e *memrel.Error
		require.ErrorAs(t, err, &e, "it panics with what other reads return")
	}()
	read()
	return nil
}

// walk is for what a walk panics with.
func walk[T any](all iter.Seq[T]) {
	for range all {
		continue
	}
}

func sound(t *testing.T, db *memrel.DB) {
	t.Helper()
	for err := range db.Check() {
		t.Error(err)
	}
}

// TestATransactionThatEndsInsideItsStatement: a function that is asked in the middle of a statement ends the transaction. What the
// statement would have written then must not go into the state that was committed.
func TestATransactionThatEndsInsideItsStatement(t *testing.T) {
	var tx *memrel.Tx
	hook := memrel.DeleteHook(func(memrel.DeleteEvent) error { return tx.Commit() })
	db := memrel.MustOpen(misusedTable, hook)
	_, err := misusedTable.InsertAll(db, []misused{{}, {}})
	require.NoError(t, err)
	model, view := memrel.RowsOf("things"), db.View()

	tx = db.Begin()
	_, err = model.UpdateEach(tx, memrel.Cond{}, func(memrel.Row) memrel.Values {
		_ = tx.Commit()
		return memrel.Values{"name": "x"}
	})
	require.ErrorIs(t, err, memrel.ErrTxDone)
	tx = db.Begin()
	_, err = model.DeleteWhere(tx, memrel.Cond{})
	require.ErrorIs(t, err, memrel.ErrTxDone)

	for row := range model.All(db) {
		require.Empty(t, row.Get("name"))
	}
	n, err := misusedTable.Count(view, memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	sound(t, db)
}
