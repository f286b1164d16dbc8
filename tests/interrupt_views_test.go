package tests

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// eachLook has a call end at each of its looks, of which there are at least least, and none with a context that is never done.
func eachLook(t *testing.T, least int, call func(ctx context.Context) error) (looks int) {
	t.Helper()
	count := &lookedAt{context.Background(), 0, 1 << 30}
	require.NoError(t, call(count))
	require.GreaterOrEqual(t, count.looks, least, "rows are looped over without a look")
	for _, k := range stops(count.looks) {
		refusedByContext(t, call(&lookedAt{context.Background(), 0, k}))
	}
	return count.looks
}

// lastOf is the error that a check ends with.
func lastOf(errs func(func(error) bool)) (last error) {
	for err := range errs {
		last = err
	}
	return last
}

// TestViewsLookAtTheirContext: what loops over the rows of a view stops when the context that the view was given is done.
func TestViewsLookAtTheirContext(t *testing.T) {
	t.Parallel()
	db := interruptedStore(t)
	parents, all := memrel.ModelOf("parents"), memrel.Gte("n", 0)
	for name, read := range map[string]func(v memrel.View) error{
		"find":  func(v memrel.View) error { _, err := parents.Find(v, memrel.Query{Where: all}); return err },
		"count": func(v memrel.View) error { _, err := parents.Count(memrel.WithDeleted(v), all); return err },
		"include": func(v memrel.View) error {
			_, err := parents.Find(v, memrel.Query{Where: memrel.Eq("id", 1), Include: []memrel.Include{{As: "children"}}})
			return err
		},
		"preview a delete": func(v memrel.View) error { _, err := v.PreviewDelete("parents", 1); return err },
		"preview deletes":  func(v memrel.View) error { _, err := v.PreviewDeleteWhere("links", memrel.Gte("b", 0)); return err },
		"preview a key": func(v memrel.View) error {
			_, err := v.PreviewUpdate("parents", memrel.Values{"id": -1}, 1)
			return err
		},
		"preview updates": func(v memrel.View) error {
			_, err := v.PreviewUpdateWhere("numbers", all, memrel.Values{"n": 1})
			return err
		},
		"check": func(v memrel.View) error { return lastOf(v.Check()) },
		"save":  func(v memrel.View) error { return v.Save(io.Discard) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachLook(t, 3, func(ctx context.Context) error { return read(db.View().WithContext(ctx)) })
		})
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	stopped := db.View().WithContext(done)
	refusedByContext(t, lastOf(stopped.Check()))
	require.Equal(t, savedBytes(t, db.View()), savedBytes(t, stopped.Fork().View()), "a fork has nothing to do with the context")
	require.Equal(t, savedBytes(t, db.View()), savedBytes(t, stopped.WithContext(context.Background())))
	require.NotEmpty(t, stopped.References("parents"))
}

// TestLoadLooksAtItsContext: reading rows and checking their references are loops, and what is stopped gives no store; the store that
// is loaded has nothing to do with the context.
func TestLoadLooksAtItsContext(t *testing.T) {
	t.Parallel()
	file := savedBytes(t, interruptedStore(t).View())
	var db *memrel.DB
	looks := eachLook(t, 20, func(ctx context.Context) (err error) {
		loaded, err := memrel.LoadContext(ctx, bytes.NewReader(file))
		if err == nil {
			db = loaded
		}
		return err
	})
	require.Greater(t, looks, 6*interruptRows/1024, "references are checked without a look")
	require.Equal(t, memrel.Limits{}, db.Limits())
	require.Equal(t, file, savedBytes(t, db.View()))
	sound(t, db)
}

// TestWhatIsWorkedOutLooksWhileItIsWritten: a statement looks at its context while the trees are written too, and not only while it is
// worked out: it looks more often than its preview, and an insert more often than its rows and their parents need.
func TestWhatIsWorkedOutLooksWhileItIsWritten(t *testing.T) {
	t.Parallel()
	db := interruptedStore(t)
	looks := func(verb func(w memrel.Writer) error) int {
		count := &lookedAt{context.Background(), 0, 1 << 30}
		fork := db.Fork()
		fork.SetLimits(memrel.Limits{Context: count})
		require.NoError(t, verb(fork))
		return count.looks
	}
	count := &lookedAt{context.Background(), 0, 1 << 30}
	_, err := db.View().WithContext(count).PreviewDelete("parents", 1)
	require.NoError(t, err)
	cascade := looks(func(w memrel.Writer) error { _, err := memrel.RowsOf("parents").Delete(w, 1); return err })
	require.GreaterOrEqual(t, cascade, count.looks+2*2*interruptRows/1024, "two tables, two keys at least")

	rows := make([]memrel.Values, interruptRows)
	for i := range rows {
		rows[i] = memrel.Values{"id": interruptRows + i, "n": i}
	}
	require.GreaterOrEqual(t, looks(func(w memrel.Writer) error { _, err := memrel.RowsOf("numbers").InsertAll(w, rows); return err }), 2*interruptRows/1024)
}

// TestOntologyLooksAtTheContextOfItsStores: calls of an ontology look at the contexts of its datastores.
func TestOntologyLooksAtTheContextOfItsStores(t *testing.T) {
	t.Parallel()
	models := []waterline.Model{
		{Identity: "user", Datastore: "one", Attributes: waterline.Attributes{"age": "number", "pets": waterline.Attribute{Collection: "pet", Via: "owners"}}},
		{Identity: "pet", Datastore: "two", Attributes: waterline.Attributes{"name": "string", "owners": waterline.Attribute{Collection: "user", Via: "pets"},
			"friend": waterline.Attribute{Model: "user"}}},
	}
	full, err := waterline.Open(models)
	require.NoError(t, err)
	users, pets := make([]waterline.Values, interruptRows), make([]waterline.Values, interruptRows)
	for i := range users {
		users[i], pets[i] = waterline.Values{"age": i}, waterline.Values{"name": "x", "friend": 1 + i%7}
	}
	_, err = full.Collection("user").CreateEach(users)
	require.NoError(t, err)
	made, err := full.Collection("pet").CreateEach(pets)
	require.NoError(t, err)
	var keys []any
	for _, r := range made {
		keys = append(keys, r.Key())
	}
	require.NoError(t, full.Collection("user").AddToCollection([]any{1}, "pets", keys))

	for name, call := range map[string]func(o *waterline.Ontology) error{
		"find": func(o *waterline.Ontology) error { _, err := o.Collection("user").Find(nil); return err },
		"count": func(o *waterline.Ontology) error {
			_, err := o.Collection("pet").Count(map[string]any{"name": "y"})
			return err
		},
		"sum": func(o *waterline.Ontology) error { _, err := o.Collection("user").Sum("age", nil); return err },
		"populate": func(o *waterline.Ontology) error {
			_, err := o.Collection("user").Find(1, waterline.Populate{Attr: "pets"})
			return err
		},
		"stream": func(o *waterline.Ontology) error {
			var last error
			for _, err := range o.Collection("pet").Stream(nil) {
				last = err
			}
			return last
		},
		"check": func(o *waterline.Ontology) error { return lastOf(o.CheckAcross()) },
		"save":  func(o *waterline.Ontology) error { return o.Save(io.Discard) },
		"update": func(o *waterline.Ontology) error {
			_, err := o.Collection("user").Update(map[string]any{"age": -1}, waterline.Values{"age": 1})
			return err
		},
		"preview": func(o *waterline.Ontology) error {
			_, err := o.Collection("pet").PreviewDestroy(map[string]any{"name": "x"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachLook(t, 3, func(ctx context.Context) error {
				var stores []waterline.Option
				for _, store := range full.Datastores() {
					db := full.Store(store).Fork()
					db.SetLimits(memrel.Limits{})
					stores = append(stores, waterline.Datastore(store, db))
				}
				o, err := waterline.Open(models, stores...)
				require.NoError(t, err)
				for _, store := range o.Datastores() {
					o.Store(store).SetLimits(memrel.Limits{Context: ctx})
				}
				return call(o)
			})
		})
	}
	var file bytes.Buffer
	require.NoError(t, full.Save(&file))
	eachLook(t, 10, func(ctx context.Context) error {
		_, err := waterline.LoadContext(ctx, bytes.NewReader(file.Bytes()))
		return err
	})
	require.Empty(t, slices.Collect(full.Check()))
}
