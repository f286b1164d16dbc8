package tests

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A statement of its own writes to a row in place if nobody else can see it (docs/adr/0010). Whoever saw the row before,
// by whichever way, must go on seeing what there was.

// Note is a row with a plain column, an indexed one and a unique one, which change together.
type Note struct {
	ID   int64
	Text string
	Tag  string `memrel:",index"`
	Slug string `memrel:",unique"`
}

var notes = memrel.TableOf[Note]("notes")

func noteOf(n int) Note {
	return Note{ID: 1, Text: fmt.Sprint("text ", n), Tag: fmt.Sprint("tag ", n), Slug: fmt.Sprint("slug ", n)}
}

func noteValues(n int) memrel.Values {
	return memrel.Values{"text": noteOf(n).Text, "tag": noteOf(n).Tag, "slug": noteOf(n).Slug}
}

// shows is what somebody goes on seeing: the text of a row.
type shows func() any

func rowShows(row memrel.Row) shows { return func() any { return row.Get("text") } }

func readerShows(r memrel.Reader) shows {
	return func() any {
		row, _ := notes.Get(r, 1)
		return row.Text
	}
}

var errKept = errors.New("the statement fails, and the row stays")

// holders are the ways to get hold of row 1 of notes as it stands.
var holders = map[string]func(t *testing.T, db *memrel.DB, n int) shows{
	"a view":                 func(_ *testing.T, db *memrel.DB, n int) shows { return readerShows(db.View()) },
	"a view's run-time row":  func(t *testing.T, db *memrel.DB, n int) shows { return rowShows(modelRow(t, db.View())) },
	"a store's run-time row": func(t *testing.T, db *memrel.DB, n int) shows { return rowShows(modelRow(t, db)) },
	"a fork":                 func(_ *testing.T, db *memrel.DB, n int) shows { return readerShows(db.Fork()) },
	"a fork's fork":          func(_ *testing.T, db *memrel.DB, n int) shows { return readerShows(db.Fork().Fork()) },
	"a transaction that reads": func(t *testing.T, db *memrel.DB, n int) shows {
		tx := db.Begin()
		defer tx.Rollback()
		return rowShows(modelRow(t, tx))
	},
	"a transaction that is committed": func(t *testing.T, db *memrel.DB, n int) (held shows) {
		require.NoError(t, db.Update(func(tx *memrel.Tx) error {
			held = rowShows(modelRow(t, tx))
			_, err := notes.Insert(tx, Note{Slug: fmt.Sprint("another ", n)})
			return err
		}))
		return held
	},
	"a transaction's changes": func(t *testing.T, db *memrel.DB, n int) shows {
		tx := db.Begin()
		_, err := notes.Update(tx, memrel.Values{"text": "dropped"}, 1)
		require.NoError(t, err)
		before := tx.Changes()[0].Before
		tx.Rollback()
		return rowShows(before)
	},
	"a preview": func(t *testing.T, db *memrel.DB, n int) shows {
		p, err := db.View().PreviewUpdate("notes", memrel.Values{"text": "never"}, 1)
		require.NoError(t, err)
		return rowShows(p.Steps[0].Before)
	},
	"the row that an update returned": func(t *testing.T, db *memrel.DB, n int) shows {
		row, err := notes.Rows().Update(db, memrel.Values{"text": noteOf(n).Text}, 1)
		require.NoError(t, err)
		return rowShows(row)
	},
	"the row that the first update after a view returned": func(t *testing.T, db *memrel.DB, n int) shows {
		db.View()
		row, err := notes.Rows().Update(db, memrel.Values{"text": noteOf(n).Text}, 1)
		require.NoError(t, err)
		return rowShows(row)
	},
	"the row that an upsert returned": func(t *testing.T, db *memrel.DB, n int) shows {
		values := noteValues(n)
		values["id"] = 1
		row, _, err := notes.Rows().Upsert(db, values)
		require.NoError(t, err)
		return rowShows(row)
	},
	"the rows that a batch returned": func(t *testing.T, db *memrel.DB, n int) shows {
		rows, err := notes.Rows().UpdateWhere(db, memrel.Eq("id", 1), noteValues(n))
		require.NoError(t, err)
		return rowShows(rows[0])
	},
	"the row that a delete returned": func(t *testing.T, db *memrel.DB, n int) shows {
		row, err := notes.Rows().Delete(db, 1)
		require.NoError(t, err)
		_, err = notes.Insert(db, Note{ID: 1, Slug: "again"})
		require.NoError(t, err)
		return rowShows(row)
	},
	"the row that an insert returned": func(t *testing.T, db *memrel.DB, n int) shows {
		_, err := notes.Delete(db, 1)
		require.NoError(t, err)
		values := noteValues(n)
		values["id"] = 1
		row, err := notes.Rows().Insert(db, values)
		require.NoError(t, err)
		return rowShows(row)
	},
	"a function that is asked for values": func(t *testing.T, db *memrel.DB, n int) (held shows) {
		_, err := notes.Rows().UpdateEach(db, memrel.Eq("id", 1), func(row memrel.Row) memrel.Values {
			held = rowShows(row)
			return memrel.Values{"text": errKept} // of no column's type
		})
		require.ErrorIs(t, err, memrel.ErrType)
		return held
	},
}

func modelRow(t *testing.T, r memrel.Reader) memrel.Row {
	row, ok := notes.Rows().Get(r, 1)
	require.True(t, ok)
	return row
}

// TestInPlaceHolders: each holder takes the row before, between and after updates, of a plain column alone, of all columns,
// and by the whole row, and sees its own state to the end.
func TestInPlaceHolders(t *testing.T) {
	updates := map[string]func(db *memrel.DB, n int) error{
		"plain": func(db *memrel.DB, n int) error {
			_, err := notes.Update(db, memrel.Values{"text": noteOf(n).Text}, 1)
			return err
		},
		"keys": func(db *memrel.DB, n int) error {
			_, err := notes.Update(db, noteValues(n), 1)
			return err
		},
		"run-time": func(db *memrel.DB, n int) error {
			_, err := notes.Rows().Update(db, noteValues(n), 1)
			return err
		},
		"save": func(db *memrel.DB, n int) error {
			_, err := notes.Save(db, noteOf(n))
			return err
		},
	}
	for what, hold := range holders {
		for how, update := range updates {
			t.Run(what+"/"+how, func(t *testing.T) {
				db := open(t, notes)
				_, err := notes.Insert(db, noteOf(0))
				require.NoError(t, err)
				var held []shows
				for n := 1; n <= 9; n++ {
					require.NoError(t, update(db, n))
					if n%3 == 0 { // after the row has been written to in place
						held = append(held, hold(t, db, n))
					}
				}
				for i, shows := range held {
					assert.Equal(t, fmt.Sprint("text ", 3*(i+1)), shows())
				}
			})
		}
	}
}

// TestInPlaceKeys: a row that is written to in place moves in the trees of the keys that change, and in no other.
func TestInPlaceKeys(t *testing.T) {
	db := open(t, notes)
	slug := func(id, round int) string { return fmt.Sprint("slug ", id+100*round) }
	for id := 1; id <= 50; id++ {
		_, err := notes.Insert(db, Note{ID: int64(id), Slug: slug(id, 0)})
		require.NoError(t, err)
	}
	for round := range 4 {
		for id := 1; id <= 50; id++ {
			_, err := notes.Update(db, memrel.Values{"tag": fmt.Sprint("tag ", (id+round)%7), "slug": slug(id, round)}, id)
			require.NoError(t, err)
		}
		_, err := notes.Update(db, memrel.Values{"slug": slug(2, round)}, 1)
		require.ErrorIs(t, err, memrel.ErrUnique)
		_, err = notes.Insert(db, Note{Slug: slug(1, round)})
		require.ErrorIs(t, err, memrel.ErrUnique, "the statement that failed has written nothing")
	}
	_, err := notes.Update(db, memrel.Values{"id": 1000}, 50)
	require.NoError(t, err)
	_, err = notes.Update(db, memrel.Values{"id": -1}, 1000)
	require.NoError(t, err)
	first, _, err := notes.First(db, memrel.Query{})
	require.NoError(t, err)
	require.EqualValues(t, -1, first.ID)
}

// TestInPlaceBesideReaders: readers that look on while one row is written to all the time see whole rows, each its own.
// It is for the race detector.
func TestInPlaceBesideReaders(t *testing.T) {
	db := open(t, notes)
	_, err := notes.Insert(db, noteOf(0))
	require.NoError(t, err)
	var stop atomic.Bool
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 1; !stop.Load(); n++ {
			var err error
			if n%4 == 0 {
				_, err = notes.Update(db, noteValues(n), 1)
			} else {
				_, err = notes.Rows().Update(db, memrel.Values{"text": noteOf(n - n%4).Text}, 1)
			}
			assert.NoError(t, err)
		}
	})
	parallel(4, func(i int) {
		for range 300 {
			row, _ := notes.Get(db, 1)
			kept := modelRow(t, db)
			text := kept.Get("text")
			if i == 0 {
				_, err := notes.Get(db.Fork(), 1)
				assert.True(t, err)
			}
			assert.Equal(t, row.Tag[len("tag "):], row.Slug[len("slug "):])
			assert.Equal(t, text, kept.Get("text"))
		}
	})
	stop.Store(true)
	writer.Wait()
}

// TestInPlaceAsApart: statements of their own, between which nobody looks, leave what the same statements leave each in a
// transaction, which works on a copy.
func TestInPlaceAsApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	alone, apart := open(t, notes), open(t, notes)
	both := func(statement func(w memrel.Writer) error) {
		err := statement(alone)
		again := apart.Update(func(tx *memrel.Tx) error { return statement(tx) })
		require.Equal(t, err == nil, again == nil, "%v and %v", err, again)
	}
	for range 60 {
		for range rng.IntN(200) {
			id, n, what := rng.Int64N(40)+1, rng.IntN(60), rng.IntN(10)
			both(func(w memrel.Writer) (err error) {
				switch {
				case what < 5:
					_, err = notes.Update(w, memrel.Values{"text": fmt.Sprint(n)}, id)
				case what < 7:
					_, err = notes.Update(w, noteValues(n), id)
				case what < 8:
					_, err = notes.Delete(w, id)
				case what < 9:
					_, _, err = notes.Upsert(w, Note{ID: id, Slug: fmt.Sprint("slug ", n)})
				default:
					_, err = notes.Update(w, memrel.Values{"id": n}, id)
				}
				return err
			})
		}
		require.Equal(t, slices.Collect(notes.All(apart)), slices.Collect(notes.All(alone)))
	}
}
