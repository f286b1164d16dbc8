package tests

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A transaction is asked what a store is, and answers of what it has done.
func TestATransactionIsAskedWhatAStoreIs(t *testing.T) {
	type asked struct{ ID int64 }
	type asking struct {
		ID      int64
		AskedID int64 `memrel:",ref=asked,ondelete=cascade"`
	}
	them, those := memrel.TableOf[asked]("asked"), memrel.TableOf[asking]("asking")
	db := memrel.MustOpen(them)
	tx := db.Begin()
	require.NoError(t, tx.Define(those))
	_, err := them.Insert(tx, asked{})
	require.NoError(t, err)
	_, err = those.Insert(tx, asking{AskedID: 1})
	require.NoError(t, err)

	require.Len(t, tx.References("asked"), 1)
	require.Empty(t, db.References("asked"))
	_, ok := tx.Model("asking")
	require.True(t, ok)
	require.Empty(t, tx.Pending())
	then := tx.View()
	plan, err := then.PreviewDelete("asked", 1)
	require.NoError(t, err)
	require.Equal(t, 2, len(plan.Steps))
	require.NoError(t, errors.Join(collected(then.Check())...))
	_, err = them.Delete(tx, 1)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{counted(t, then), counted(t, tx)}, "a view does not follow the transaction")
	fork := then.Fork()
	_, err = those.Insert(fork, asking{AskedID: 1})
	require.NoError(t, err)
	tx.Rollback()
	require.Equal(t, 1, counted(t, then), "nor its end")
	sound(t, fork)
	sound(t, db)
	require.Panics(t, func() { tx.View() })
	require.Empty(t, tx.References("asked"))

	err = db.Update(func(tx *memrel.Tx) error {
		if _, err := them.Insert(tx, asked{}); err != nil {
			return err
		}
		_, err := them.UpdateEach(tx, memrel.Cond{}, func(asked) memrel.Values {
			require.Panics(t, func() { tx.View() }, "in the middle of a statement")
			return nil
		})
		return err
	})
	require.NoError(t, err)
}

func counted(t *testing.T, r memrel.Reader) int {
	n, err := memrel.RowsOf("asked").Count(r, memrel.Cond{})
	require.NoError(t, err)
	return n
}

func collected(errs func(func(error) bool)) (out []error) {
	errs(func(err error) bool { out = append(out, err); return true })
	return out
}
