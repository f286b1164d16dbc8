package table

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

func TestNewRecordCompletesARow(t *testing.T) {
	calls := 0
	s := booksSchema()
	s.Columns = append(s.Columns, types.Column{Name: "shelf", Type: index.String, DefaultFunc: func() any { calls++; return "A" }})
	d := compile(t, s)
	for name, c := range map[string]struct {
		values Values
		last   int64
		want   string
	}{
		"defaults and the next number": {Values{"title": "x"}, 41, `books{id: 42, title: "x", isbn: NULL, pages: 100, author: NULL, shelf: "A"}`},
		"a number that is given":       {Values{"id": 7, "title": "x"}, 41, `books{id: 7, title: "x", isbn: NULL, pages: 100, author: NULL, shelf: "A"}`},
		"NULL instead of a default":    {Values{"title": "x", "pages": nil, "shelf": nil}, 0, `books{id: 1, title: "x", isbn: NULL, pages: NULL, author: NULL, shelf: NULL}`},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := d.NewRecord(c.values, c.last)
			require.NoError(t, err)
			assert.Equal(t, c.want, RowOf(d, rec, nil).String())
		})
	}
	assert.Equal(t, 2, calls, "a default is asked for when it is needed")
}

func TestNewRecordRefusesRows(t *testing.T) {
	s := booksSchema()
	s.Columns[2].CheckFunc = func(v any) error {
		if v == "bad" {
			return errors.New("no such book")
		}
		return nil
	}
	d := compile(t, s)
	for name, c := range map[string]struct {
		values Values
		kind   error
		text   string
	}{
		"an unknown column, the first by name": {Values{"title": "x", "zz": 1, "aa": 1}, types.ErrUnknownColumn, "there is no column aa"},
		"another type":                         {Values{"title": 1}, types.ErrType, "title = 1 is an int64, not a string"},
		"NULL":                                 {Values{"title": nil}, types.ErrNotNull, "title cannot be NULL"},
		"a check of the table":                 {Values{"title": "x", "pages": 0}, types.ErrCheck, "row books[1] is refused by check books_check1: pages > 0"},
		"a check of the column":                {Values{"title": "x", "isbn": "bad"}, types.ErrCheck, `isbn = "bad" is refused by its check: no such book`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.NewRecord(c.values, 0)
			assert.ErrorIs(t, err, c.kind)
			assert.ErrorContains(t, err, c.text)
			var e *types.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "books", e.Table)
		})
	}
	_, err := d.NewRecord(Values{"title": "x", "pages": nil}, 0)
	assert.NoError(t, err, "a check that is unknown passes")
}

func TestNumbersEnd(t *testing.T) {
	d := compile(t, Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int, Size: 8, AutoIncrement: true}}})
	_, err := d.NewRecord(nil, 126)
	assert.NoError(t, err)
	_, err = d.NewRecord(nil, 127)
	assert.ErrorContains(t, err, "the numbers of id are used up: the last is 127")
}

func TestUpdatedMakesAnotherRecord(t *testing.T) {
	tab := bookTable(t, Values{"title": "a"})
	d, old := tab.Def(), get(tab, 1)
	var a Assignment
	require.NoError(t, a.Compile(d, Values{"title": "b", "pages": nil}))
	now, err := d.Updated(old, &a)
	require.NoError(t, err)
	assert.Equal(t, `books{id: 1, title: "b", isbn: NULL, pages: NULL, author: NULL}`, RowOf(d, now, nil).String())
	assert.Equal(t, `books{id: 1, title: "a", isbn: NULL, pages: 100, author: NULL}`, RowOf(d, old, nil).String())

	assert.ErrorIs(t, new(Assignment).Compile(d, Values{"titel": "b"}), types.ErrUnknownColumn)
	var null Assignment
	require.NoError(t, null.Compile(d, Values{"title": nil}))
	_, err = d.Updated(old, &null)
	assert.ErrorIs(t, err, types.ErrNotNull)
}

func TestARowShowsItsColumnsInOrder(t *testing.T) {
	tab := bookTable(t, Values{"title": "Emma", "isbn": "1"})
	row := RowOf(tab.Def(), get(tab, 1), nil)
	assert.Equal(t, []string{"id", "title", "isbn", "pages", "author"}, row.Columns())
	assert.Equal(t, Values{"id": int64(1), "title": "Emma", "isbn": "1", "pages": int64(100), "author": nil}, row.Values())
	assert.Equal(t, "books[1]", row.Label())
	assert.Equal(t, []any{int64(1)}, row.Key())
	assert.Equal(t, "books", row.Table())
	assert.Equal(t, `"Emma"`, row.Show("title"))
	assert.Equal(t, "NULL", row.Show("author"))
	assert.Empty(t, row.Show("titel"))
	assert.Nil(t, row.Get("titel"))
	assert.True(t, row.Has("author"))
	assert.False(t, row.Has("titel"))
	text, err := json.Marshal(row)
	require.NoError(t, err)
	assert.Equal(t, `{"id":1,"title":"Emma","isbn":"1","pages":100,"author":null}`, string(text))

	some := RowOf(tab.Def(), get(tab, 1), []int{1, 0})
	assert.Equal(t, `books{title: "Emma", id: 1}`, some.String())
	assert.Equal(t, Values{"id": int64(1), "title": "Emma"}, some.Values())
	assert.Nil(t, some.Get("isbn"), "the query left it out")
	assert.Nil(t, some.JSON("isbn"))
	assert.Empty(t, some.Show("isbn"))
	assert.False(t, some.Has("isbn"))
}

func TestNoRowIsHarmless(t *testing.T) {
	var row Row
	assert.True(t, row.IsZero())
	assert.Nil(t, row.Columns())
	assert.Nil(t, row.Get("id"))
	assert.Nil(t, row.Key())
	assert.Empty(t, row.Values())
	assert.Empty(t, row.Table())
	assert.Equal(t, "NULL", row.Show("id"))
	assert.False(t, row.Has("id"))
	assert.Equal(t, "no row", row.Label())
	assert.Equal(t, "no row", row.String())
	text, err := json.Marshal(row)
	require.NoError(t, err)
	assert.Equal(t, "null", string(text))
}
