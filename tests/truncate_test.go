package tests

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// bookcase is authors with books, and pages of these, each table with two rows and numbered; a catalog refers to books without a check.
func bookcase(t *testing.T, more ...memrel.Definition) *memrel.DB {
	t.Helper()
	numbered := func(name string, refs ...memrel.Reference) memrel.Schema {
		s := memrel.Schema{Name: name, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}, References: refs}
		for _, r := range refs {
			s.Columns = append(s.Columns, memrel.Column{Name: r.Columns[0], Type: memrel.Int})
		}
		return s
	}
	db := memrel.MustOpen(append(more, numbered("authors"),
		numbered("books", memrel.Reference{Columns: []string{"author"}, Table: "authors", OnDelete: memrel.Cascade},
			memrel.Reference{Columns: []string{"sequel"}, Table: "books"}),
		numbered("pages", memrel.Reference{Columns: []string{"book"}, Table: "books", OnDelete: memrel.SetNull}),
		numbered("cards", memrel.Reference{Columns: []string{"book"}, Table: "books", Unchecked: true}))...)
	for _, table := range []string{"authors", "books", "pages", "cards"} {
		for i := range 2 {
			values := memrel.Values{}
			if s, _ := db.View().Schema(table); len(s.Columns) > 1 {
				values[s.Columns[1].Name] = i + 1
			}
			_, err := memrel.RowsOf(table).Insert(db, values)
			require.NoError(t, err)
		}
	}
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

// sizes are how many rows tables have, and the last number of each: "authors 2/2".
func sizes(t *testing.T, r memrel.Reader, tables ...string) string {
	t.Helper()
	var out []string
	for _, table := range tables {
		n, err := memrel.RowsOf(table).Count(r, memrel.Cond{})
		require.NoError(t, err)
		last, err := memrel.RowsOf(table).LastNumber(r)
		require.NoError(t, err)
		out = append(out, table+" "+string(rune('0'+n))+"/"+string(rune('0'+last)))
	}
	return strings.Join(out, ", ")
}

func TestTruncate(t *testing.T) {
	all := []string{"authors", "books", "pages", "cards"}
	for name, c := range map[string]struct {
		table   string
		with    []memrel.Truncation
		refused string
		leaves  string
	}{
		"a table to which none refers":             {"pages", nil, "", "authors 2/2, books 2/2, pages 0/2, cards 2/2"},
		"one that a reference refers to":           {"books", nil, "pages refers to it (pages.book -> books.id)", ""},
		"with the table that does":                 {"books", []memrel.Truncation{{With: []string{"pages"}}}, "", "authors 2/2, books 0/2, pages 0/2, cards 2/2"},
		"in any order, and twice":                  {"pages", []memrel.Truncation{{With: []string{"books", "pages"}}}, "", "authors 2/2, books 0/2, pages 0/2, cards 2/2"},
		"with another than does":                   {"authors", []memrel.Truncation{{With: []string{"pages"}}}, "books refers to it (books.author -> authors.id)", ""},
		"with what refers by two steps":            {"authors", []memrel.Truncation{{With: []string{"books"}}}, "pages refers to it (pages.book -> books.id)", ""},
		"with all that refer, by Cascade":          {"authors", []memrel.Truncation{{Cascade: true}}, "", "authors 0/2, books 0/2, pages 0/2, cards 2/2"},
		"and numbers that restart":                 {"books", []memrel.Truncation{{Cascade: true, Restart: true}}, "", "authors 2/2, books 0/0, pages 0/0, cards 2/2"},
		"by several truncations, which are joined": {"cards", []memrel.Truncation{{With: []string{"pages"}}, {Restart: true}}, "", "authors 2/2, books 2/2, pages 0/0, cards 0/0"},
		"with a table that is not there":           {"pages", []memrel.Truncation{{With: []string{"nothing"}}}, "there is no table nothing", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for how, run := range map[string]func(db *memrel.DB, do func(memrel.Writer) error) error{
				"a statement of its own": func(db *memrel.DB, do func(memrel.Writer) error) error { return do(db) },
				"in a transaction": func(db *memrel.DB, do func(memrel.Writer) error) error {
					return db.Update(func(tx *memrel.Tx) error { return do(tx) })
				},
			} {
				db := bookcase(t)
				before := db.View()
				err := run(db, func(w memrel.Writer) error { return memrel.RowsOf(c.table).Truncate(w, c.with...) })
				if want := c.leaves; c.refused != "" {
					require.ErrorContains(t, err, c.refused, how)
					require.Equal(t, sizes(t, before, all...), sizes(t, db, all...), how)
				} else {
					require.NoError(t, err, how)
					require.Equal(t, want, sizes(t, db, all...), how)
				}
				require.Equal(t, "authors 2/2, books 2/2, pages 2/2, cards 2/2", sizes(t, before, all...), "a view stays as it is")
			}
		})
	}
}

func TestATruncateIsUndoneWithItsTransaction(t *testing.T) {
	db := bookcase(t)
	tables := []string{"authors", "books", "pages"}
	empty := func(tx *memrel.Tx) error {
		return memrel.RowsOf("authors").Truncate(tx, memrel.Truncation{Cascade: true, Restart: true})
	}
	before := sizes(t, db, tables...)
	tx := db.Begin()
	require.NoError(t, tx.Savepoint("full"))
	require.NoError(t, empty(tx))
	var changes []string
	for _, c := range tx.Changes() {
		changes = append(changes, c.String())
	}
	require.Equal(t, []string{"authors[1]: delete", "authors[2]: delete", "books[1]: delete", "books[2]: delete", "pages[1]: delete", "pages[2]: delete"}, changes)
	_, err := memrel.RowsOf("authors").Insert(tx, nil)
	require.NoError(t, err)
	require.Equal(t, "authors 1/1, books 0/0, pages 0/0", sizes(t, tx, tables...))
	require.NoError(t, tx.RollbackTo("full"))
	require.Equal(t, before, sizes(t, tx, tables...))
	require.NoError(t, empty(tx))
	tx.Rollback()
	require.Equal(t, before, sizes(t, db, tables...))
}

// Deferred checks of rows that are gone pass, and a reference that was looked at counts no more.
func TestATruncateSettlesWhatWaits(t *testing.T) {
	db := bookcase(t)
	require.NoError(t, db.Alter("pages", memrel.DropConstraint("pages_book_fkey"), memrel.Reference{Columns: []string{"book"}, Table: "books", Deferrable: true}))
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, tx.Defer())
		_, err := memrel.RowsOf("pages").Insert(tx, memrel.Values{"book": 9})
		require.NoError(t, err)
		return memrel.RowsOf("pages").Truncate(tx)
	}))
}

func TestATruncateStopsWithItsContext(t *testing.T) {
	db := bookcase(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := sizes(t, db, "books", "pages")
	require.ErrorIs(t, db.Update(func(tx *memrel.Tx) error {
		tx.SetLimits(memrel.Limits{Context: ctx})
		return memrel.RowsOf("books").Truncate(tx, memrel.Truncation{Cascade: true})
	}), context.Canceled)
	require.Equal(t, before, sizes(t, db, "books", "pages"))
}

// A table that is asked for twice is emptied once: its rows are told of once, and come back once.
func TestATableIsEmptiedOnceHoweverOftenItIsNamed(t *testing.T) {
	t.Parallel()
	db := open(t, memrel.Schema{Name: "r", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}})
	rows := memrel.RowsOf("r")
	_, err := rows.Insert(db, memrel.Values{})
	require.NoError(t, err)
	before := db.View()
	tx := db.Begin()
	require.NoError(t, rows.Truncate(tx, memrel.Truncation{With: []string{"r", "r"}}))
	require.Len(t, tx.Changes(), 1)
	tx.Rollback()
	d, err := memrel.Diff(before, db)
	require.NoError(t, err)
	require.True(t, d.IsZero())
}
