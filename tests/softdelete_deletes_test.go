package tests_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

var softDeleted = []softPoint{
	{"A delete, by name or by cascade, writes one time", bothOrders(func(t *testing.T, inTurn bool) {
		child := softChild(true, memrel.Cascade)
		db := softStore(t, inTurn, softTable("p", true), child)
		softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 2})
		softInsert(t, db, "c", memrel.Values{"id": 1, "p": 1}, memrel.Values{"id": 2, "p": 2})
		rows, err := memrel.RowsOf("p").DeleteWhere(db, memrel.Cond{})
		require.NoError(t, err)
		require.Len(t, rows, 2)
		require.Equal(t, "p{id: 1, gone: noon} p{id: 2, gone: noon}", softStored(db, "p"))
		require.Equal(t, "c{id: 1, p: 1, gone: noon} c{id: 2, p: 2, gone: noon}", softStored(db, "c"))
	})},
	{"What refers to the row follows", bothOrders(func(t *testing.T, inTurn bool) {
		for _, c := range []struct {
			soft   bool
			action memrel.Action
			want   string
		}{
			{true, memrel.Cascade, "c{id: 1, p: 1, gone: noon}"}, {false, memrel.Cascade, ""},
			{true, memrel.SetNull, "c{id: 1, p: NULL, gone: NULL}"}, {false, memrel.SetNull, "c{id: 1, p: NULL}"},
			{false, memrel.SetDefault, "c{id: 1, p: 9}"}, {true, memrel.SetDefault, "c{id: 1, p: 9, gone: NULL}"},
		} {
			db := softFamily(t, inTurn, softChild(c.soft, c.action))
			softDelete(t, db, "p", 1)
			require.Equal(t, "p{id: 1, gone: noon} p{id: 9, gone: NULL}", softStored(db, "p"))
			require.Equal(t, c.want, softStored(db, "c"))
		}
		db := softFamily(t, inTurn, softChild(true, memrel.Restrict))
		_, err := memrel.RowsOf("p").Delete(db, 1)
		require.ErrorIs(t, err, memrel.ErrRestrict)
	})},
	{"NO ACTION has nothing to say", bothOrders(func(t *testing.T, inTurn bool) {
		db := softFamily(t, inTurn, softChild(false, memrel.NoAction))
		softDelete(t, db, "p", 1)
		require.Equal(t, "c{id: 1, p: 1}", softStored(db, "c"))
	})},
	{"A soft-deleted row refers to nothing", bothOrders(func(t *testing.T, inTurn bool) {
		for _, action := range []memrel.Action{memrel.NoAction, memrel.Restrict, memrel.Cascade, memrel.SetNull, memrel.SetDefault} {
			db := softFamily(t, inTurn, softChild(true, action))
			softDelete(t, db, "c", 1)
			softDelete(t, db, "p", 1)
			softDelete(t, memrel.Hard(db), "p", 9)
			softDelete(t, memrel.Hard(db), "p", 1)
			require.Equal(t, "c{id: 1, p: 1, gone: noon}", softStored(db, "c"))
		}
	})},
	{"It keeps its primary and unique keys", func(t *testing.T) {
		k := memrel.Column{Name: "k", Type: memrel.String}
		plain, timed := softTable("p", true, k), softTable("timed", true, k)
		plain.Unique = []memrel.UniqueKey{{Columns: []string{"k"}}}
		timed.Unique = []memrel.UniqueKey{{Columns: []string{"k", "gone"}, NullsNotDistinct: true}}
		db := softStore(t, false, plain, timed)
		p := memrel.RowsOf("p")
		softInsert(t, db, "p", memrel.Values{"id": 1, "k": "a"}, memrel.Values{"id": 2, "k": "b"})
		softDelete(t, db, "p", 1)
		_, primary := p.Insert(db, memrel.Values{"id": 1, "k": "c"})
		_, unique := p.Insert(db, memrel.Values{"id": 3, "k": "a"})
		_, update := p.Update(db, memrel.Values{"k": "a"}, 2)
		for _, err := range []error{primary, unique, update} {
			require.ErrorIs(t, err, memrel.ErrUnique)
			require.ErrorContains(t, err, "p[1] was soft-deleted; restore it, or delete it for good")
		}
		softInsert(t, db, "timed", memrel.Values{"id": 1, "k": "a"})
		softDelete(t, db, "timed", 1)
		softInsert(t, db, "timed", memrel.Values{"id": 2, "k": "a"})
		_, err := memrel.RowsOf("timed").Insert(db, memrel.Values{"id": 3, "k": "a"})
		require.ErrorIs(t, err, memrel.ErrUnique)
		_, err = memrel.RowsOf("timed").Restore(db, 1)
		require.ErrorIs(t, err, memrel.ErrUnique, "meanwhile another row has the key")
	}},
	{"It can be referred to", bothOrders(func(t *testing.T, inTurn bool) {
		db := softFamily(t, inTurn, softChild(false, memrel.Cascade))
		softDelete(t, db, "p", 1)
		softInsert(t, db, "c", memrel.Values{"id": 2, "p": 1})
		softDelete(t, memrel.Hard(db), "p", 1)
		require.Empty(t, softStored(db, "c"), "and its references act when it is removed")
	})},
	{"`Remove` and `Set` delete junction rows softly", func(t *testing.T) {
		db := softLibrary(t)
		require.NoError(t, softBookLabels.Add(db, softBook{ID: 2}, softLabel{ID: 1}, softLabel{ID: 2}))
		require.NoError(t, softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}))
		require.NoError(t, softInstance(db, "books", 2).Set(db, "labels", 2))
		require.Equal(t, `stickers{bookId: 1, labelId: 1, note: "old", gone: noon} stickers{bookId: 2, labelId: 1, note: "", gone: noon} stickers{bookId: 2, labelId: 2, note: "", gone: NULL}`,
			softStored(db, "stickers"))
	}},
	{"`Truncate` and `Drop` remove soft-deleted rows", func(t *testing.T) {
		again := func(w memrel.Writer) error {
			tx := w.(*memrel.Tx)
			return errors.Join(tx.Drop("p"), tx.Define(softTable("p", true)))
		}
		truncate := func(w memrel.Writer) error { return memrel.RowsOf("p").Truncate(w) }
		for _, empty := range []func(memrel.Writer) error{truncate, again} {
			db := softStore(t, false, softTable("p", true))
			softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 2})
			softDelete(t, db, "p", 1)
			require.NoError(t, db.Update(func(tx *memrel.Tx) error { return empty(tx) }))
			require.Empty(t, softStored(db, "p"))
		}
	}},
	{"Writing a time into the column", func(t *testing.T) {
		db := softFamily(t, false, softChild(true, memrel.Cascade))
		var told []string
		require.NoError(t, db.Define(memrel.DeleteHook(func(e memrel.DeleteEvent) error { told = append(told, e.Table); return nil })))
		_, err := memrel.RowsOf("p").Update(db, memrel.Values{"gone": softNoon}, 1)
		require.NoError(t, err)
		softInsert(t, db, "p", memrel.Values{"id": 2, "gone": softNoon})
		i := softInstance(db, "p", 9)
		i.SetValue("gone", softNoon)
		require.NoError(t, i.Save(db))
		require.Equal(t, "p{id: 1, gone: noon} p{id: 2, gone: noon} p{id: 9, gone: noon}", softStored(db, "p"))
		require.Equal(t, "c{id: 1, p: 1, gone: NULL}", softStored(db, "c"))
		require.Empty(t, slices.Collect(memrel.RowsOf("p").All(db)))
		require.Empty(t, told)
	}},
	{"Hooks are told of a delete", bothOrders(func(t *testing.T, inTurn bool) {
		db := softFamily(t, inTurn, softChild(true, memrel.Cascade))
		var told []string
		require.NoError(t, db.Define(diaryOf(&told)))
		preview, err := db.View().PreviewDelete("p", 1)
		require.NoError(t, err)
		require.Equal(t, "delete p[1]: gone NULL -> 2026-11-22T12:00:00Z\n└─ cascade delete c[1] (c_p_fkey): gone NULL -> 2026-11-22T12:00:00Z\nc: 1 deleted\np: 1 deleted\n", preview.String())
		require.NoError(t, db.Update(func(tx *memrel.Tx) error {
			softDelete(t, tx, "p", 1)
			changes := tx.Changes()
			require.Len(t, changes, 2)
			for _, c := range changes {
				require.False(t, c.Before.IsZero() || c.After.IsZero(), "%s", c)
			}
			return nil
		}))
		require.Equal(t, []string{"p before rows", "p before row", "c before rows", "c before row", "c after row", "p after row"}, told)
		no := errors.New("no")
		require.NoError(t, db.Define(memrel.DeleteHook(func(memrel.DeleteEvent) error { return no })))
		_, err = memrel.RowsOf("p").Delete(memrel.Hard(db), 9)
		require.ErrorIs(t, err, no)
	})},
}

// diaryOf is a hook that notes what it is told.
func diaryOf(told *[]string) memrel.DeleteHook {
	return func(e memrel.DeleteEvent) error {
		*told = append(*told, e.Table+" "+e.When.String())
		return nil
	}
}

var softRemoved = []softPoint{
	{"Deletes by `Hard(w)` remove rows", bothOrders(func(t *testing.T, inTurn bool) {
		for _, remove := range []func(w memrel.Writer) error{
			func(w memrel.Writer) error { _, err := memrel.RowsOf("p").Delete(w, 1); return err },
			func(w memrel.Writer) error {
				_, err := memrel.RowsOf("p").DeleteWhere(w, memrel.Eq("id", 1))
				return err
			},
			func(w memrel.Writer) error { return softInstance(w, "p", 1).Delete(w) },
			func(w memrel.Writer) error {
				_, err := memrel.TableOf[struct{ ID int64 }]("p").Delete(w, 1)
				return err
			},
			func(w memrel.Writer) error {
				_, err := memrel.TableOf[struct{ ID int64 }]("p").DeleteWhere(w, memrel.Eq("id", 1))
				return err
			},
		} {
			db := softFamily(t, inTurn, softChild(true, memrel.Cascade))
			tx := db.Fork()
			require.NoError(t, remove(memrel.Hard(db)))
			require.NoError(t, tx.Update(func(tx *memrel.Tx) error { return remove(memrel.Hard(tx)) }))
			for _, db := range []*memrel.DB{db, tx} {
				require.Equal(t, "p{id: 9, gone: NULL}", softStored(db, "p"))
				require.Empty(t, softStored(db, "c"))
				softDelete(t, db, "p", 9)
				require.Equal(t, "p{id: 9, gone: noon}", softStored(db, "p"), "the next delete is a soft one")
			}
		}
		for _, unlink := range []func(w memrel.Writer) error{
			func(w memrel.Writer) error { return softBookLabels.Remove(w, softBook{ID: 1}, softLabel{ID: 1}) },
			func(w memrel.Writer) error { return softBookLabels.Set(w, softBook{ID: 1}) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Remove(w, "labels", 1) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Set(w, "labels") },
			func(w memrel.Writer) error {
				_, err := softInstance(w, "books", 1).Call(w, "removeLabel", 1)
				return err
			},
		} {
			db := softLibrary(t)
			require.NoError(t, unlink(memrel.Hard(db)))
			require.Empty(t, softStored(db, "stickers"))
		}
		require.Error(t, softBookLabels.Remove(memrel.Hard(nil), softBook{ID: 1}))
	})},
	{"They find soft-deleted rows, too", bothOrders(func(t *testing.T, inTurn bool) {
		db := softStore(t, inTurn, softTable("p", true))
		softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 2}, memrel.Values{"id": 3})
		softDelete(t, db, "p", 1)
		softDelete(t, db, "p", 2)
		softDelete(t, memrel.Hard(db), "p", 1)
		_, err := memrel.RowsOf("p").Delete(memrel.Hard(db), 1)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		rows, err := memrel.RowsOf("p").DeleteWhere(memrel.Hard(db), memrel.Lt("id", 3))
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, "p{id: 3, gone: NULL}", softStored(db, "p"))
		for _, unlink := range []func(w memrel.Writer) error{
			func(w memrel.Writer) error { return softBookLabels.Remove(w, softBook{ID: 1}, softLabel{ID: 1}) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Remove(w, "labels", 1) },
			func(w memrel.Writer) error { return softBookLabels.Set(w, softBook{ID: 1}) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Set(w, "labels") },
		} {
			db := softLibrary(t)
			softDelete(t, db, "stickers", 1, 1)
			require.NoError(t, unlink(db))
			require.NotEmpty(t, softStored(db, "stickers"))
			require.NoError(t, unlink(memrel.Hard(db)))
			require.Empty(t, softStored(db, "stickers"))
		}
	})},
	{"NO ACTION refuses then", bothOrders(func(t *testing.T, inTurn bool) {
		db := softFamily(t, inTurn, softChild(false, memrel.NoAction))
		_, err := memrel.RowsOf("p").Delete(memrel.Hard(db), 1)
		require.ErrorIs(t, err, memrel.ErrRestrict)
		softDelete(t, db, "p", 1)
		_, err = memrel.RowsOf("p").Delete(memrel.Hard(db), 1)
		require.ErrorIs(t, err, memrel.ErrRestrict)
	})},
	{"Soft-deleted rows that refer to one", bothOrders(func(t *testing.T, inTurn bool) {
		db := softFamily(t, inTurn, softChild(true, memrel.Cascade))
		softDelete(t, db, "p", 1)
		softDelete(t, memrel.Hard(db), "p", 1)
		require.Equal(t, "c{id: 1, p: 1, gone: noon}", softStored(db, "c"))
	})},
}
