package tests

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// library is a store of authors and their books, who are led to by associations if models says so.
func library(t *testing.T, associated bool) *memrel.DB {
	defs := []memrel.Definition{
		memrel.Schema{Name: "authors", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true},
			{Name: "email", Type: memrel.String}, {Name: "age", Type: memrel.Int}},
			Unique:  []memrel.UniqueKey{{Columns: []string{"email"}}},
			Indexes: []memrel.Index{{Columns: []string{"age"}}},
			Checks:  []memrel.CheckConstraint{{Name: "grown", Where: memrel.Gte("age", 18)}}},
		memrel.Schema{Name: "books", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true},
			{Name: "author", Type: memrel.Int}, {Name: "title", Type: memrel.String}},
			References: []memrel.Reference{{Columns: []string{"author"}, Table: "authors", OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}}},
	}
	if associated {
		defs = append(defs,
			memrel.AssociationSpec{Source: "authors", Kind: assoc.HasMany, Target: "books", Options: memrel.AssociationOptions{ForeignKey: "author"}},
			memrel.AssociationSpec{Source: "books", Kind: assoc.BelongsTo, Target: "authors", Options: memrel.AssociationOptions{As: "writer", ForeignKey: "author"}})
	}
	db := open(t, defs...)
	for i := 1; i <= 3; i++ {
		_, err := memrel.RowsOf("authors").Insert(db, memrel.Values{"email": string(rune('a' + i)), "age": 20 + i})
		require.NoError(t, err)
		_, err = memrel.RowsOf("books").Insert(db, memrel.Values{"author": i, "title": "t"})
		require.NoError(t, err)
	}
	return db
}

// TestRenamingTouchesNoRow counts what is allocated: as much for twenty thousand rows as for three.
func TestRenamingTouchesNoRow(t *testing.T) {
	cost := func(rows int) float64 {
		db := library(t, false)
		more := make([]memrel.Values, rows)
		for i := range more {
			more[i] = memrel.Values{"author": 1}
		}
		_, err := memrel.RowsOf("books").InsertAll(db, more)
		require.NoError(t, err)
		return testing.AllocsPerRun(5, func() {
			require.NoError(t, db.Alter("books", memrel.Rename{Column: "title", To: "name"}, memrel.Rename{Column: "author", To: "by"}, memrel.Rename{To: "works"}))
			require.NoError(t, db.Alter("works", memrel.ChangeColumn{Name: "name", Type: memrel.String, Default: "?"}))
			require.NoError(t, db.Alter("works", memrel.Rename{Constraint: "books_author_fkey", To: "by_fkey"}, memrel.Rename{Column: "id", To: "no"}))
			require.NoError(t, db.Alter("works", memrel.Rename{Column: "name", To: "title"}, memrel.Rename{Column: "by", To: "author"}, memrel.Rename{To: "books"},
				memrel.Rename{Constraint: "by_fkey", To: "books_author_fkey"}, memrel.Rename{Column: "no", To: "id"}))
		})
	}
	few, many := cost(1), cost(20_000)
	require.Less(t, many, few+100)
}

func TestColumnsAreChangedInPlace(t *testing.T) {
	db := library(t, false)
	authors := memrel.RowsOf("authors")
	for _, part := range []memrel.Part{
		memrel.ChangeColumn{Name: "age", Type: memrel.String}, // its check compares it with a number
		memrel.DropColumn("age"),
		memrel.PrimaryKey{"email"}, // which may be NULL, and books refer to the other
		memrel.ColumnOrder{"id", "id"},
		memrel.ColumnOrder{"none"},
		memrel.ChangeColumn{Name: "none", Type: memrel.Int},
		memrel.Rename{Column: "email", To: "age"},
		memrel.Rename{Column: "none", To: "x"},
		memrel.Rename{To: "books"},
		memrel.Rename{Column: "email"},
		memrel.Rename{Column: "email", To: "email"},
		memrel.Rename{To: "authors"},
		memrel.Rename{Constraint: "grown", To: "authors_email_key"},
		memrel.Rename{Association: "none", To: "x"},
		memrel.Rename{Association: "none", Column: "email", To: "x"},
		memrel.DropColumnCascade("id"),
	} {
		require.ErrorIs(t, anyKind(db.Alter("authors", part)), errRefused, "%T %v", part, part)
	}
	require.ErrorContains(t, db.Alter("authors", memrel.DropColumn("age")), "column age is used by index authors_age_idx, check grown")
	require.NoError(t, db.Alter("authors", memrel.DropColumnCascade("age"), memrel.ColumnOrder{"email"}))
	s, _ := db.View().Schema("authors")
	require.Empty(t, s.Checks)
	require.Empty(t, s.Indexes)
	require.Equal(t, []string{"email", "id"}, []string{s.Columns[0].Name, s.Columns[1].Name})

	_, err := authors.Insert(db, memrel.Values{"email": "12"})
	require.NoError(t, err)
	err = db.Alter("authors", memrel.ChangeColumn{Name: "email", Type: memrel.Int})
	require.ErrorIs(t, err, memrel.ErrType)
	require.ErrorContains(t, err, "authors[1]", "the rows are named")
	_, err = authors.DeleteWhere(db, memrel.Ne("email", "12"))
	require.NoError(t, err)
	require.NoError(t, db.Alter("authors", memrel.ChangeColumn{Name: "email", Type: memrel.Int, NotNull: true}))
	row, ok, err := authors.First(db, memrel.Query{Where: memrel.Eq("email", 12)})
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, int64(12), row.Get("email"))
	require.NoError(t, db.Alter("books", memrel.DropConstraint("books_author_fkey")))
	require.NoError(t, db.Alter("authors", memrel.PrimaryKey{"email"}))
	row, ok = authors.Get(db, 12)
	require.True(t, ok)
	require.Equal(t, "authors[12]", row.Label())
}

var errRefused = errors.New("refused")

// anyKind is errRefused for the errors of definitions and of columns that there are not.
func anyKind(err error) error {
	if errors.Is(err, memrel.ErrDefinition) || errors.Is(err, memrel.ErrUnknownColumn) || errors.Is(err, memrel.ErrNotNull) {
		return errRefused
	}
	return err
}

func TestAnnotationsAreKept(t *testing.T) {
	for _, associated := range []bool{false, true} {
		db := library(t, associated)
		require.NoError(t, db.Alter("authors", memrel.Annotation{Name: "comment", Text: "people"}, memrel.Annotation{Column: "age", Name: "unit", Text: "years"},
			memrel.Annotation{Column: "email", Name: "x", Text: "y"}, memrel.Annotation{Column: "email", Name: "x"}, memrel.Rename{Column: "age", To: "years"}))
		require.ErrorIs(t, db.Alter("authors", memrel.Annotation{Text: "x"}), memrel.ErrDefinition)
		require.ErrorIs(t, db.Alter("authors", memrel.Annotation{Column: "none", Name: "x", Text: "x"}), memrel.ErrUnknownColumn)
		var file bytes.Buffer
		require.NoError(t, db.View().Save(&file))
		loaded, err := memrel.Load(&file)
		require.NoError(t, err)
		for _, db := range []*memrel.DB{db, db.Fork(), loaded} {
			s, _ := db.View().Schema("authors")
			require.Equal(t, map[string]string{"comment": "people"}, s.Annotations)
			require.Empty(t, s.Columns[1].Annotations)
			require.Equal(t, map[string]string{"unit": "years"}, s.Columns[2].Annotations)
			s.Annotations["comment"] = "mine"
			s.Columns[2].Annotations["unit"] = "mine"
		}
		s, _ := db.View().Schema("authors")
		require.Equal(t, "people", s.Annotations["comment"], "what is given away is a copy")
		require.Equal(t, "years", s.Columns[2].Annotations["unit"])
	}
}

func TestKeysWithoutNamesAreNumbered(t *testing.T) {
	db := open(t, memrel.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "a", Type: memrel.Int}},
		Unique:     []memrel.UniqueKey{{Columns: []string{"a"}}, {Columns: []string{"a"}, NullsNotDistinct: true}, {Name: "t_a_key2", Columns: []string{"id", "a"}}, {Columns: []string{"a"}}},
		References: []memrel.Reference{{Columns: []string{"a"}, Table: "t"}, {Columns: []string{"a"}, Table: "t", RefColumns: []string{"a"}}}})
	s, _ := db.View().Schema("t")
	require.Equal(t, []string{"t_a_key", "t_a_key1", "t_a_key2", "t_a_key3"}, []string{s.Unique[0].Name, s.Unique[1].Name, s.Unique[2].Name, s.Unique[3].Name})
	require.Equal(t, []string{"t_a_fkey", "t_a_fkey1"}, []string{s.References[0].Name, s.References[1].Name})
}

func TestRowsAreReadByPlace(t *testing.T) {
	db := library(t, false)
	row, _ := memrel.RowsOf("authors").Get(db, 1)
	for i, name := range row.Columns() {
		require.Equal(t, row.Get(name), row.At(i))
	}
	require.Nil(t, row.At(-1))
	require.Nil(t, row.At(3))
	require.Nil(t, memrel.Row{}.At(0))
	rows, err := memrel.RowsOf("authors").Find(db, memrel.Query{Columns: []string{"age", "id"}})
	require.NoError(t, err)
	require.Equal(t, rows[0].Get("age"), rows[0].At(0))
	require.Nil(t, rows[0].At(2))
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = row.At(0); _ = row.At(2) }), "small numbers are not boxed anew")
}

func TestNothingIsChangedUnderAWaitingCheck(t *testing.T) {
	db := seating(t, memrel.UniqueKey{InitiallyDeferred: true})
	require.NoError(t, db.Update(func(tx *memrel.Tx) error {
		require.NoError(t, sit(tx, 1, "b"))
		err := tx.Alter("seats", memrel.Rename{Column: "guest", To: "who"})
		require.EqualError(t, err, "memrel: alter seats: checks of one_seat wait for the commit; make them first, with Immediate, or commit")
		return sit(tx, 2, "a")
	}))
}

func TestRenamesAreFollowed(t *testing.T) {
	for _, associated := range []bool{false, true} {
		db := library(t, associated)
		before, fork := db.View(), db.Fork()
		require.NoError(t, db.Alter("authors", memrel.Rename{Column: "id", To: "number"}, memrel.Rename{Column: "age", To: "years"},
			memrel.Rename{Constraint: "authors_email_key", To: "one_email"}, memrel.Rename{To: "writers"}))
		require.NoError(t, db.Alter("books", memrel.Rename{Column: "author", To: "writerNo"}))

		s, ok := db.View().Schema("writers")
		require.True(t, ok)
		require.Equal(t, []string{"number"}, s.PrimaryKey)
		require.Equal(t, "one_email", s.Unique[0].Name)
		require.Equal(t, []string{"years"}, s.Indexes[0].Columns)
		require.Equal(t, memrel.Gte("years", 18), s.Checks[0].Where)
		b, _ := db.View().Schema("books")
		require.Equal(t, "writers", b.References[0].Table)
		require.Equal(t, []string{"writerNo"}, b.References[0].Columns)
		_, err := memrel.RowsOf("writers").Insert(db, memrel.Values{"email": "x", "years": 3})
		require.ErrorIs(t, err, memrel.ErrCheck)
		_, err = memrel.RowsOf("books").Insert(db, memrel.Values{"writerNo": 9})
		require.ErrorIs(t, err, memrel.ErrForeignKey)
		if associated {
			w, ok := db.Model("writers")
			require.True(t, ok)
			rows, err := w.Find(db, memrel.Query{Include: []memrel.Include{{As: "books"}}})
			require.NoError(t, err)
			require.Len(t, rows, 3)
			books, err := rows[0].Get(db, "books", memrel.Query{})
			require.NoError(t, err)
			require.Len(t, books, 1)
			require.NoError(t, db.Alter("writers", memrel.Rename{Association: "books", To: "works"}))
			rows, err = w.Find(db, memrel.Query{Where: memrel.Some("works", memrel.Eq("title", "t"))})
			require.NoError(t, err)
			require.Len(t, rows, 3)
		}
		_, err = memrel.RowsOf("writers").Update(db, memrel.Values{"number": 7}, 1)
		require.NoError(t, err)
		n, err := memrel.RowsOf("books").Count(db, memrel.Eq("writerNo", 7))
		require.NoError(t, err)
		require.Equal(t, 1, n, "the key is handed on")

		for _, old := range []memrel.Reader{before, fork} {
			n, err := memrel.RowsOf("authors").Count(old, memrel.Eq("age", 21))
			require.NoError(t, err)
			require.Equal(t, 1, n, "what was there before keeps its names")
		}
		again, err := memrel.RowsOf("writers").Insert(db, memrel.Values{"email": "new", "years": 30})
		require.NoError(t, err)
		require.Equal(t, int64(8), again.Get("number"), "the numbering goes on")
	}
}
