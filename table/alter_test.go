package table

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// altered is tab under its definition with parts added or taken away.
func altered(t testing.TB, tab *Table, parts ...Part) (*Table, error) {
	t.Helper()
	b := NewBatch(func(string) (*Def, bool) { return tab.Def(), true })
	s, err := b.Schema("books")
	require.NoError(t, err)
	for _, p := range parts {
		require.NoError(t, s.Alter(p))
	}
	defs, err := b.Compile(time.Now)
	require.NoError(t, err)
	out, err := Rebuild(tab, defs[0], nil, nil)
	if err == nil {
		t.Cleanup(func() { mustBeSound(t, out) })
	}
	return out, err
}

func twoBooks(t testing.TB) *Table {
	return bookTable(t, Values{"title": "a", "isbn": "1"}, Values{"title": "b", "pages": 200})
}

func TestRebuildCarriesRowsOver(t *testing.T) {
	for name, c := range map[string]struct {
		parts []Part
		want  []string
	}{
		"a column with a default": {[]Part{types.Column{Name: "shelf", Type: index.String, Default: "A", NotNull: true}}, []string{
			`books{id: 1, title: "a", isbn: "1", pages: 100, author: NULL, shelf: "A"}`,
			`books{id: 2, title: "b", isbn: NULL, pages: 200, author: NULL, shelf: "A"}`}},
		"columns less": {[]Part{DropConstraint("books_isbn_key"), DropColumn("isbn"), DropConstraint("books_author_fkey"),
			DropConstraint("books_title_author_key"), DropColumn("author")}, []string{
			`books{id: 1, title: "a", pages: 100}`, `books{id: 2, title: "b", pages: 200}`}},
		"an index": {[]Part{Index{Columns: []string{"title"}}}, []string{
			`books{id: 1, title: "a", isbn: "1", pages: 100, author: NULL}`,
			`books{id: 2, title: "b", isbn: NULL, pages: 200, author: NULL}`}},
		"a unique key and a check": {[]Part{UniqueKey{Columns: []string{"title"}}, CheckConstraint{Where: query.Lt("pages", 300)}}, []string{
			`books{id: 1, title: "a", isbn: "1", pages: 100, author: NULL}`,
			`books{id: 2, title: "b", isbn: NULL, pages: 200, author: NULL}`}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := twoBooks(t)
			before := shown(tab, 0)
			out, err := altered(t, tab, c.parts...)
			require.NoError(t, err)
			assert.Equal(t, c.want, shown(out, 0))
			assert.EqualValues(t, 2, out.Last())
			fill(t, out, Values{"title": "c"})
			assert.Equal(t, before, shown(tab, 0), "the table that there was is as it was")
		})
	}
}

func TestRebuildNamesTheRowsInTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		part Part
		kind error
		rows []string
	}{
		"a column that must have a value": {types.Column{Name: "x", Type: index.Int, NotNull: true}, types.ErrNotNull, []string{"books[1]"}},
		"a key that rows share":           {UniqueKey{Columns: []string{"author"}, NullsNotDistinct: true}, types.ErrUnique, []string{"books[1]", "books[2]"}},
		"a check":                         {CheckConstraint{Where: query.Lt("pages", 150)}, types.ErrCheck, []string{"books[2]"}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := twoBooks(t)
			before := shown(tab, 0)
			_, err := altered(t, tab, c.part)
			assert.ErrorIs(t, err, c.kind)
			var e *types.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.rows, e.Rows)
			assert.Equal(t, before, shown(tab, 0))
		})
	}
}

// TestTreesOfKeysThatStayAreShared: an index more does not rebuild the others, nor copy rows.
func TestTreesOfKeysThatStayAreShared(t *testing.T) {
	tab := twoBooks(t)
	out, err := altered(t, tab, Index{Columns: []string{"title"}})
	require.NoError(t, err)
	assert.Equal(t, get(tab, 1), get(out, 1), "the same records")
	fill(t, out, Values{"title": "c"})
	assert.Equal(t, 2, tab.Len())
	assert.Equal(t, 3, out.Len())
}

func TestNumbersBelongToTheirColumn(t *testing.T) {
	s := Schema{Name: "books", PrimaryKey: []string{"title"}, Columns: []types.Column{
		{Name: "title", Type: index.String}, {Name: "number", Type: index.Int, AutoIncrement: true}}}
	tab := fill(t, New(compile(t, s)), Values{"title": "a", "number": 50}, Values{"title": "b"})
	out, err := altered(t, tab, DropColumn("number"), types.Column{Name: "place", Type: index.Int, AutoIncrement: true})
	require.NoError(t, err)
	assert.Equal(t, []string{`books{title: "a", place: 1}`, `books{title: "b", place: 2}`}, shown(out, 0))
	out, err = altered(t, out, types.Column{Name: "x", Type: index.Int})
	require.NoError(t, err)
	assert.EqualValues(t, 2, out.Last())
}

// A column of another type has the values that it had, exactly, or the rows that it cannot hold are named.
func TestAColumnOfAnotherTypeKeepsItsValues(t *testing.T) {
	retyped := func(c types.Column) (*Table, error) {
		c.Name = "isbn"
		return altered(t, twoBooks(t), DropConstraint("books_isbn_key"), DropColumn("isbn"), c)
	}
	out, err := retyped(types.Column{Type: index.Int, Default: 5})
	require.NoError(t, err)
	assert.Equal(t, `books{id: 1, title: "a", pages: 100, author: NULL, isbn: 1}`, shown(out, 0)[0])
	assert.Equal(t, `books{id: 2, title: "b", pages: 200, author: NULL, isbn: NULL}`, shown(out, 0)[1])
	_, err = retyped(types.Column{Type: index.Bool, NotNull: true})
	assert.ErrorIs(t, err, types.ErrNotNull)
	_, err = retyped(types.Column{Type: index.UUID})
	assert.ErrorIs(t, err, types.ErrType)
	assert.Equal(t, []string{"books[1]"}, types.AsError(err).Rows)
}

// A narrower column is held to its size, whether or not the records can stay as they are.
func TestANarrowedColumnHoldsItsRows(t *testing.T) {
	for name, parts := range map[string][]Part{
		"in another place": {DropConstraint("books_pages_idx"), DropConstraint("books_check1"), DropColumn("pages"), types.Column{Name: "pages", Type: index.Int, Size: 8}},
		"in its place": {DropConstraint("books_pages_idx"), DropConstraint("books_check1"), DropColumn("pages"), DropConstraint("books_author_fkey"), DropConstraint("books_title_author_key"), DropColumn("author"),
			types.Column{Name: "pages", Type: index.Int, Size: 8, Unsigned: true}, types.Column{Name: "author", Type: index.Int}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := fill(t, twoBooks(t), Values{"title": "c", "pages": 299}, Values{"title": "d", "pages": 298})
			_, err := altered(t, tab, parts...)
			require.ErrorIs(t, err, types.ErrType)
			e := types.AsError(err)
			require.Equal(t, "22003", e.SQLState())
			require.Subset(t, e.Rows, []string{"books[3]", "books[4]"})
		})
	}
}

func TestBatch(t *testing.T) {
	have := compile(t, booksSchema())
	start := func() *Batch {
		return NewBatch(func(name string) (*Def, bool) { return have, name == "books" })
	}
	other := Schema{Name: "other", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int}}}

	t.Run("a table is defined once", func(t *testing.T) {
		b := start()
		assert.ErrorContains(t, booksSchema().Define(b), "table books exists already")
		require.NoError(t, other.Define(b))
		assert.ErrorContains(t, other.Define(b), "table other exists already")
	})
	t.Run("a table may be altered several times", func(t *testing.T) {
		b := start()
		for _, name := range []string{"x", "y"} {
			s, err := b.Schema("books")
			require.NoError(t, err)
			require.NoError(t, s.Alter(types.Column{Name: name, Type: index.Int}))
		}
		defs, err := b.Compile(time.Now)
		require.NoError(t, err)
		require.Len(t, defs, 1)
		assert.Equal(t, []string{"id", "title", "isbn", "pages", "author", "x", "y"}, defs[0].ColumnNames())
		assert.Len(t, have.Columns(), 5, "the definition that there was is as it was")
	})
	t.Run("a table that is dropped is gone", func(t *testing.T) {
		b := start()
		require.NoError(t, b.Drop("books"))
		assert.ErrorIs(t, b.Drop("books"), types.ErrUnknownTable)
		_, err := b.Schema("books")
		assert.ErrorIs(t, err, types.ErrUnknownTable)
		assert.Equal(t, []string{"books"}, b.Dropped())
		require.NoError(t, booksSchema().Define(b), "and its name is free")
	})
	t.Run("what is used stays", func(t *testing.T) {
		s := have.Schema()
		for column, user := range map[string]string{"id": "the primary key", "isbn": "unique key books_isbn_key", "pages": "index books_pages_idx, check books_check1",
			"author": "unique key books_title_author_key, foreign key books_author_fkey"} {
			assert.ErrorContains(t, s.Alter(DropColumn(column)), "column "+column+" is used by "+user)
		}
		assert.ErrorIs(t, s.Alter(DropColumn("none")), types.ErrUnknownColumn)
		assert.ErrorIs(t, s.Alter(DropConstraint("none")), types.ErrDefinition)
	})
}

func TestABatchRenamesOneThing(t *testing.T) {
	b := NewBatch(func(string) (*Def, bool) { return nil, false })
	require.NoError(t, (Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int}}}).Define(b))
	now, err := b.Alter("t", Rename{To: "u"})
	require.NoError(t, err)
	require.Equal(t, "u", now)
	_, err = b.Alter("u", Rename{Column: "id", To: "no"})
	require.ErrorIs(t, err, types.ErrDefinition)
	require.Equal(t, "t", b.Renaming().TableWas("u"))
	require.Empty(t, b.Dropped(), "it was not there before")
}
