package tests

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"unsafe"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

type keptNote struct {
	ID       int64
	Text     string `memrel:",unique"`
	ParentID *int64
}

type keptParent struct {
	ID   int64
	Text string
}

var (
	keptParents     = memrel.TableOf[keptParent]("parents")
	keptNotes       = memrel.TableOf[keptNote]("notes")
	keptNotesByText = keptNotes.By("text")
	keptMany        = memrel.HasMany(keptParents, keptNotes, memrel.As("notes"), memrel.ForeignKey("parentId"), memrel.OnDelete(memrel.Cascade))
)

// keptStore has rows in notes, which were read and written in every way, and of which nothing is kept but how to tell that their text is gone.
func keptStore(t *testing.T) (db *memrel.DB, texts []weak.Pointer[byte]) {
	t.Helper()
	db = memrel.MustOpen(keptParents, keptNotes, keptMany)
	var notes []keptNote
	for i := range 20 {
		_, err := keptParents.Insert(db, keptParent{ID: int64(i + 1)})
		require.NoError(t, err)
		notes = append(notes, keptNote{ID: int64(i + 1), Text: strings.Repeat(string(rune('a'+i)), 100), ParentID: new(int64(i/2 + 1))})
	}
	_, err := keptNotes.InsertAll(db, notes)
	require.NoError(t, err)
	_, err = keptNotes.Update(db, memrel.Values{"text": strings.Repeat("x", 100)}, 1)
	require.NoError(t, err)
	_, _, err = keptNotes.Upsert(db, keptNote{ID: 2, Text: strings.Repeat("y", 100)})
	require.NoError(t, err)
	_, err = keptParents.Delete(db, 10)
	require.NoError(t, err)
	_, err = memrel.ModelOf("parents").Find(db, memrel.Query{Include: []memrel.Include{{As: "notes"}}})
	require.NoError(t, err)
	_, err = db.View().PreviewDelete("parents", 2)
	require.NoError(t, err)
	for range keptMany.Of(db, keptParent{ID: 3}) {
	}
	keptNotesByText.Get(db, "a")
	require.Error(t, db.Update(func(tx *memrel.Tx) error {
		_, err := keptNotes.DeleteWhere(tx, memrel.Cond{})
		require.NoError(t, err)
		return errors.New("no")
	}))
	for row := range memrel.RowsOf("notes").All(db) {
		texts = append(texts, weak.Make(unsafe.StringData(row.Get("text").(string))))
	}
	require.Len(t, texts, 18)
	require.NotNil(t, texts[0].Value())
	return db, texts
}

// TestRowsOfADroppedTableAreLetGo, whoever has read and written them before, and though nobody reads the store after.
func TestRowsOfADroppedTableAreLetGo(t *testing.T) {
	var view memrel.View
	for name, remove := range map[string]func(db *memrel.DB) error{
		"drop":    func(db *memrel.DB) error { return db.Drop("notes") },
		"in a tx": func(db *memrel.DB) error { return db.Update(func(tx *memrel.Tx) error { return tx.Drop("notes") }) },
		"in a tx that is kept": func(db *memrel.DB) error {
			tx := db.Begin()
			t.Cleanup(tx.Rollback)
			if err := tx.Savepoint("here"); err != nil {
				return err
			}
			if err := tx.Drop("notes"); err != nil {
				return err
			}
			return tx.Commit()
		},
		"under a view of after": func(db *memrel.DB) error { err := db.Drop("notes"); view = db.View(); return err },
		"of a fork too": func(db *memrel.DB) error {
			fork := db.Fork()
			t.Cleanup(func() { sound(t, fork) })
			return errors.Join(db.Drop("notes"), fork.Drop("notes"))
		},
		"truncate": func(db *memrel.DB) error { return keptNotes.Truncate(db) },
		"delete":   func(db *memrel.DB) error { _, err := keptNotes.DeleteWhere(db, memrel.Cond{}); return err },
		"delete one by one": func(db *memrel.DB) error {
			for n := range keptNotes.All(db) {
				if _, err := keptNotes.Delete(db, n.ID); err != nil {
					return err
				}
			}
			return nil
		},
		"cascade": func(db *memrel.DB) error {
			if _, err := keptNotes.DeleteWhere(db, memrel.IsNull("parentId")); err != nil {
				return err
			}
			_, err := keptParents.DeleteWhere(db, memrel.Cond{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, texts := keptStore(t)
			require.NoError(t, remove(db))
			letGo(t, texts)
			sound(t, db)
		})
	}
	runtime.KeepAlive(view)
}

// TestRowsOfARemovedCollectionAreLetGo.
func TestRowsOfARemovedCollectionAreLetGo(t *testing.T) {
	db := memrel.MustOpen(nocobase.Collection{Name: "notes", Fields: []nocobase.Field{{Type: "string", Name: "text"}}})
	row, err := memrel.ModelOf("notes").Create(db, memrel.Values{"text": strings.Repeat("z", 100)})
	require.NoError(t, err)
	texts := []weak.Pointer[byte]{weak.Make(unsafe.StringData(row.Value("text").(string)))}
	require.Equal(t, 1, len(db.View().Tables()))
	require.NoError(t, db.Define(nocobase.RemoveCollection("notes")))
	letGo(t, texts)
	sound(t, db)
}

func letGo(t *testing.T, texts []weak.Pointer[byte]) {
	t.Helper()
	for range 3 { // what is pooled goes with the second
		runtime.GC()
	}
	kept := 0
	for _, text := range texts {
		if text.Value() != nil {
			kept++
		}
	}
	require.Zero(t, kept, "rows are kept")
}
