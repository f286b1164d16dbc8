package tests_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

var softRestored = []softPoint{
	{"`Restore` and `RestoreWhere` of tables and models", func(t *testing.T) {
		type typed struct {
			ID   int64
			Gone *time.Time `memrel:",softdelete"`
		}
		rows, model := memrel.TableOf[typed]("p"), memrel.RowsOf("p")
		for _, restore := range []func(w memrel.Writer) error{
			func(w memrel.Writer) error { r, err := rows.Restore(w, 1); require.Nil(t, r.Gone); return err },
			func(w memrel.Writer) error { _, err := rows.RestoreWhere(w, memrel.Eq("id", 1)); return err },
			func(w memrel.Writer) error { r, err := model.Restore(w, 1); require.Nil(t, r.Get("gone")); return err },
			func(w memrel.Writer) error {
				r, err := model.RestoreWhere(w, memrel.Cond{})
				require.LessOrEqual(t, len(r), 1, "rows that are there are not among them")
				return err
			},
			func(w memrel.Writer) error {
				i := softInstance(w, "p", 1)
				err := i.Restore(w)
				require.Nil(t, i.Value("gone"))
				return err
			},
		} {
			db := softStore(t, false, memrel.TableOf[typed]("p", memrel.Index{Columns: []string{"gone", "id"}}))
			softInsert(t, db, "p", memrel.Values{"id": 1}, memrel.Values{"id": 2})
			before := softStored(db, "p")
			for range 2 { // the second time it is there
				require.NoError(t, db.Update(func(tx *memrel.Tx) error { softDelete(t, tx, "p", 1); return restore(tx) }))
				softDelete(t, db, "p", 1)
				require.NoError(t, restore(db))
				require.NoError(t, restore(db))
				require.Equal(t, before, softStored(db, "p"))
			}
		}
		noon := softNoon
		db := memrel.MustOpen(memrel.ModelSpec{Name: "User", SoftDelete: "deletedAt"}, memrel.Clock(func() time.Time { noon = noon.Add(time.Hour); return noon }))
		made, err := memrel.ModelOf("Users").Create(db, nil)
		require.NoError(t, err)
		require.NoError(t, made.Delete(db))
		require.NoError(t, made.Restore(db))
		row, _ := memrel.RowsOf("Users").Get(db, 1)
		require.Equal(t, made.Row(), row, "times of a model stay")
	}},
	{"A key that no row has is refused as not found", func(t *testing.T) {
		db := softStore(t, false, softTable("p", true), softTable("plain", false))
		softInsert(t, db, "plain", memrel.Values{"id": 1})
		_, err := memrel.RowsOf("p").Restore(db, 1)
		require.ErrorIs(t, err, memrel.ErrNotFound)
		require.ErrorIs(t, memrel.Instance{}.Restore(db), memrel.ErrNotFound)
		_, err = memrel.RowsOf("plain").Restore(db, 1)
		require.ErrorIs(t, err, memrel.ErrQuery)
		_, err = memrel.RowsOf("plain").RestoreWhere(db, memrel.Cond{})
		require.ErrorIs(t, err, memrel.ErrQuery)
		_, err = memrel.RowsOf("none").RestoreWhere(db, memrel.Cond{})
		require.ErrorIs(t, err, memrel.ErrUnknownTable)
	}},
	{"A row that comes back is held to its references", func(t *testing.T) {
		db := softFamily(t, false, softChild(true, memrel.Cascade))
		softDelete(t, memrel.Hard(db), "p", 9)
		softDelete(t, db, "p", 1)
		_, err := memrel.RowsOf("c").Restore(db, 1)
		require.NoError(t, err, "a soft-deleted parent can be referred to")
		softDelete(t, db, "c", 1)
		softDelete(t, memrel.Hard(db), "p", 1)
		_, err = memrel.RowsOf("c").Restore(db, 1)
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		_, err = memrel.RowsOf("c").RestoreWhere(db, memrel.Cond{})
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		require.Equal(t, "c{id: 1, p: 1, gone: noon}", softStored(db, "c"))
		softInsert(t, db, "p", memrel.Values{"id": 1})
		_, err = memrel.RowsOf("c").Restore(db, 1)
		require.NoError(t, err)
	}},
	{"What went with it stays deleted", func(t *testing.T) {
		now := softNoon
		db := softFamily(t, false, softChild(true, memrel.Cascade))
		require.NoError(t, db.Define(memrel.Clock(func() time.Time { return now })))
		softInsert(t, db, "c", memrel.Values{"id": 2, "p": 1})
		softDelete(t, db, "c", 2)
		now = now.Add(time.Hour)
		softDelete(t, db, "p", 1)
		gone, _ := memrel.RowsOf("p").Get(memrel.WithDeleted(db), 1)
		_, err := memrel.RowsOf("p").Restore(db, 1)
		require.NoError(t, err)
		there := func() (n int) {
			for range memrel.RowsOf("c").All(db) {
				n++
			}
			return n
		}
		require.Zero(t, there())
		rows, err := memrel.RowsOf("c").RestoreWhere(db, memrel.And(memrel.Eq("p", 1), memrel.Eq("gone", gone.Get("gone"))))
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, 1, there())
	}},
	{"An upsert that meets the key", func(t *testing.T) {
		s := softTable("p", true, memrel.Column{Name: "k", Type: memrel.String}, memrel.Column{Name: "n", Type: memrel.Int})
		s.Unique = []memrel.UniqueKey{{Columns: []string{"k"}}}
		type typed struct {
			ID   int64
			K    *string
			N    *int64
			Gone *time.Time `memrel:",softdelete"`
		}
		k := "a"
		for _, upsert := range []func(w memrel.Writer) (bool, error){
			func(w memrel.Writer) (bool, error) {
				_, inserted, err := memrel.RowsOf("p").Upsert(w, memrel.Values{"id": 1, "k": "a"})
				return inserted, err
			},
			func(w memrel.Writer) (bool, error) {
				_, inserted, err := memrel.RowsOf("p").Upsert(w, memrel.Values{"id": 1, "k": "a"}, "k")
				return inserted, err
			},
			func(w memrel.Writer) (bool, error) {
				n := int64(5)
				_, inserted, err := memrel.TableOf[typed]("p").Upsert(w, typed{ID: 1, K: &k, N: &n})
				return inserted, err
			},
		} {
			db := softStore(t, false, s)
			softInsert(t, db, "p", memrel.Values{"id": 1, "k": "a", "n": 5})
			softDelete(t, db, "p", 1)
			inserted, err := upsert(db)
			require.NoError(t, err)
			require.False(t, inserted)
			require.Equal(t, `p{id: 1, k: "a", n: 5, gone: NULL}`, softStored(db, "p"))
			softDelete(t, db, "p", 1)
			_, _, err = memrel.RowsOf("p").Upsert(db, memrel.Values{"id": 1, "n": 6, "gone": softNoon})
			require.NoError(t, err)
			require.Equal(t, `p{id: 1, k: "a", n: 6, gone: noon}`, softStored(db, "p"))
		}
	}},
	{"`FindOrCreate` does not find it", func(t *testing.T) {
		db := softLibrary(t)
		softDelete(t, db, "authors", 1)
		_, _, err := memrel.ModelOf("authors").FindOrCreate(db, memrel.Values{"email": softEmail(1)}, memrel.Values{"id": 3})
		require.ErrorIs(t, err, memrel.ErrUnique)
		require.ErrorContains(t, err, "authors[1] was soft-deleted")
		_, created, err := memrel.ModelOf("books").FindOrCreate(db, memrel.Values{"authorId": 1}, memrel.Values{"id": 3})
		require.NoError(t, err)
		require.True(t, created, "the books that went with the author are not found")
		made, created, err := softInstance(db, "authors", 2).FindOrCreate(db, "books", memrel.Values{"id": 4}, nil)
		require.NoError(t, err)
		require.True(t, created)
		require.NoError(t, made.Delete(db))
		_, _, err = softInstance(db, "authors", 2).FindOrCreate(db, "books", memrel.Values{"id": 4}, nil)
		require.ErrorIs(t, err, memrel.ErrUnique)
	}},
	{"A link whose junction row is soft-deleted", func(t *testing.T) {
		const fresh = `stickers{bookId: 1, labelId: 1, note: "", gone: NULL}`
		for _, again := range []func(w memrel.Writer) error{
			func(w memrel.Writer) error { return softBookLabels.Add(w, softBook{ID: 1}, softLabel{ID: 1}) },
			func(w memrel.Writer) error { return softBookLabels.Set(w, softBook{ID: 1}, softLabel{ID: 1}) },
			func(w memrel.Writer) error { return softLabelBooks.Add(w, softLabel{ID: 1}, softBook{ID: 1}) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Add(w, "labels", 1) },
			func(w memrel.Writer) error { return softInstance(w, "books", 1).Set(w, "labels", 1) },
			func(w memrel.Writer) error {
				_, err := softInstance(w, "books", 1).Call(w, "addLabel", 1)
				return err
			},
			func(w memrel.Writer) error { // the label is removed, and created with its link
				if _, err := softLabels.Delete(memrel.Hard(w), 1); err != nil {
					return err
				}
				_, err := softBookLabels.Create(w, softBook{ID: 1}, softLabel{ID: 1})
				return err
			},
		} {
			db := softLibrary(t)
			require.NoError(t, softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}))
			tx := db.Fork()
			require.NoError(t, again(db))
			require.NoError(t, tx.Update(func(tx *memrel.Tx) error { return again(tx) }))
			require.Equal(t, fresh, softStored(db, "stickers"))
			require.Equal(t, fresh, softStored(tx, "stickers"))
		}
		db := softLibrary(t)
		require.NoError(t, softBookLabels.Remove(db, softBook{ID: 1}, softLabel{ID: 1}))
		require.NoError(t, softBookLabels.AddWith(db, softBook{ID: 1}, softSticker{Note: "new"}, softLabel{ID: 1}, softLabel{ID: 2}))
		require.Equal(t, `stickers{bookId: 1, labelId: 1, note: "new", gone: NULL} stickers{bookId: 1, labelId: 2, note: "new", gone: NULL}`, softStored(db, "stickers"))
		softLinksOfModels(t)
	}},
	{"A junction that may hold a pair more than once", func(t *testing.T) {
		a, b := memrel.ModelOf("A"), memrel.ModelOf("B")
		db := softStore(t, false, softTable("A", false), softTable("B", false),
			memrel.ModelSpec{Name: "AB", SoftDelete: "gone", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}}},
			a.BelongsToMany(b, memrel.AssociationOptions{As: "bs", Through: "AB", NotUnique: true, ForeignKey: "a", OtherKey: "b"}))
		softInsert(t, db, "A", memrel.Values{"id": 1})
		softInsert(t, db, "B", memrel.Values{"id": 1})
		one := softInstance(db, "A", 1)
		require.NoError(t, one.Add(db, "bs", 1))
		require.NoError(t, one.Remove(db, "bs", 1))
		require.NoError(t, one.Add(db, "bs", 1))
		n, err := one.Count(db, "bs", memrel.Cond{})
		require.NoError(t, err)
		require.Equal(t, 1, n)
		all, err := one.Count(memrel.WithDeleted(db), "bs", memrel.Cond{})
		require.NoError(t, err)
		require.Equal(t, 2, all)
	}},
}

// softLinksOfModels makes links of a model again whose junction has a primary key of its own, a scope and times.
func softLinksOfModels(t *testing.T) {
	now := softNoon
	crew, job := memrel.ModelOf("Crews"), memrel.ModelOf("Jobs")
	junction := memrel.ModelSpec{Name: "CrewJob", SoftDelete: "deletedAt", Timestamps: true, Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true},
		{Column: memrel.Column{Name: "kind", Type: memrel.String}}, {Column: memrel.Column{Name: "n", Type: memrel.Int, Default: 3}}}}
	db := softStore(t, false, memrel.ModelSpec{Name: "Crew"}, memrel.ModelSpec{Name: "Job"}, junction,
		crew.BelongsToMany(job, memrel.AssociationOptions{As: "jobs", Through: "CrewJob", ThroughScope: memrel.Values{"kind": "x"}}))
	require.NoError(t, db.Define(memrel.Clock(func() time.Time { now = now.Add(time.Hour); return now })))
	one, err := crew.Create(db, nil)
	require.NoError(t, err)
	softInsert(t, db, "Jobs", memrel.Values{}, memrel.Values{})
	require.NoError(t, one.Set(db, "jobs", memrel.With(memrel.Values{"n": 8}, 1, 2)))
	links := memrel.RowsOf("CrewJob")
	before, _ := links.Get(db, 1)
	require.NoError(t, one.Set(db, "jobs"))
	require.NoError(t, one.Set(db, "jobs", 1, 2))
	after, ok := links.Get(db, 1)
	require.True(t, ok, "the row has kept its key")
	require.EqualValues(t, 3, after.Get("n"))
	require.Equal(t, "x", after.Get("kind"))
	require.True(t, after.Get("createdAt").(time.Time).After(before.Get("createdAt").(time.Time)), "it is a new link")
	n, err := links.Count(memrel.WithDeleted(db), memrel.Cond{})
	require.NoError(t, err)
	require.Equal(t, 2, n)
}
