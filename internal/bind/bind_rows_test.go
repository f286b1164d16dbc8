package bind

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// bookTable has the book Emma.
func bookTable(t *testing.T) *table.Table {
	def, err := table.Compile(table.Schema{Name: "books", PrimaryKey: []string{"id"}, Columns: []types.Column{
		{Name: "id", Type: index.Int, AutoIncrement: true},
		{Name: "title", Type: index.String, NotNull: true},
		{Name: "pages", Type: index.Int, Default: 100},
	}})
	require.NoError(t, err)
	tab := table.New(def)
	rec, err := def.NewRecord(table.Values{"title": "Emma"}, 0)
	require.NoError(t, err)
	taken, _ := tab.Insert(rec)
	require.Negative(t, taken)
	return tab
}

func firstRow(tab *table.Table) index.Record {
	rec, _ := tab.Tree(0).Get(index.OfInt(1))
	return rec
}

// Book has fields for some columns of books.
type Book struct {
	ID    int64
	Title string
	Pages *int
}

func TestLoadColumnsLeavesTheOthersAlone(t *testing.T) {
	tab := bookTable(t)
	b, err := New[Book](tab.Def())
	require.NoError(t, err)
	book := Book{ID: 9, Title: "old"}
	b.LoadColumns(&book, firstRow(tab), []int{1})
	assert.Equal(t, Book{ID: 9, Title: "Emma"}, book)
	b.LoadColumns(&book, firstRow(tab), nil)
	assert.EqualValues(t, 1, book.ID)
	assert.Equal(t, 100, *book.Pages)
	assert.Same(t, tab.Def(), b.Def())
}

func TestFindGoesByTheStructsKey(t *testing.T) {
	tab := bookTable(t)
	b, err := New[Book](tab.Def())
	require.NoError(t, err)
	rec, err := find(b, tab, &Book{ID: 1})
	require.NoError(t, err)
	assert.Equal(t, firstRow(tab), rec)
	_, err = find(b, tab, &Book{ID: 2})
	assert.ErrorIs(t, err, types.ErrNotFound)
	assert.ErrorContains(t, err, "there is no row books[2]")

	type untitled struct{ Title string }
	keyless, err := New[untitled](tab.Def())
	require.NoError(t, err)
	_, err = find(keyless, tab, &untitled{})
	assert.ErrorIs(t, err, types.ErrDefinition)
	assert.ErrorContains(t, err, "the struct has no field for id of the primary key")
}
