package table

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// booksSchema is a table with every kind of key and constraint.
func booksSchema() Schema {
	return Schema{Name: "books", PrimaryKey: []string{"id"}, Columns: []types.Column{
		{Name: "id", Type: index.Int, AutoIncrement: true},
		{Name: "title", Type: index.String, NotNull: true},
		{Name: "isbn", Type: index.String},
		{Name: "pages", Type: index.Int, Default: 100},
		{Name: "author", Type: index.Int},
	}, Unique: []UniqueKey{{Columns: []string{"isbn"}}, {Columns: []string{"title", "author"}, NullsNotDistinct: true}},
		Indexes: []Index{{Columns: []string{"pages"}}}, Checks: []CheckConstraint{{Where: query.Gt("pages", 0)}},
		References: []Reference{{Columns: []string{"author"}, Table: "authors"}}}
}

func compile(t testing.TB, s Schema) *Def {
	t.Helper()
	d, err := Compile(s)
	require.NoError(t, err)
	return d
}

// bookTable is a table with these rows, checked when the test ends.
func bookTable(t testing.TB, rows ...Values) *Table {
	t.Helper()
	return fill(t, New(compile(t, booksSchema())), rows...)
}

func fill(t testing.TB, tab *Table, rows ...Values) *Table {
	t.Helper()
	for _, values := range rows {
		taken, _ := tab.Insert(newRecord(t, tab, values))
		require.Negative(t, taken, "%v is taken", values)
	}
	t.Cleanup(func() { mustBeSound(t, tab) })
	return tab
}

func newRecord(t testing.TB, tab *Table, values Values) index.Record {
	t.Helper()
	rec, err := tab.Def().NewRecord(values, tab.Last())
	require.NoError(t, err)
	return rec
}

func mustBeSound(t testing.TB, tab *Table) {
	t.Helper()
	tab.Check(nil, func(err error) bool {
		t.Error(err)
		return true
	})
}

// shown is every row in the order of key k.
func shown(tab *Table, k int) (out []string) {
	for rec := range tab.Tree(k).All() {
		out = append(out, RowOf(tab.Def(), rec, nil).String())
	}
	return out
}

func get(tab *Table, id int64) index.Record {
	rec, _ := tab.Tree(0).Get(index.OfInt(id))
	return rec
}

func TestInsertRefusesATakenKeyOfAnyIndex(t *testing.T) {
	tab := bookTable(t, Values{"title": "Emma", "isbn": "1", "author": 1}, Values{"title": "Emma", "author": 2})
	before := shown(tab, 0)
	for name, c := range map[string]struct {
		values Values
		key    int
		owner  int64
	}{
		"the primary key":                     {Values{"id": 1, "title": "x"}, 0, 1},
		"a unique key":                        {Values{"title": "x", "isbn": "1"}, 1, 1},
		"a unique key of two columns":         {Values{"title": "Emma", "author": 2}, 2, 2},
		"the first of several":                {Values{"id": 2, "title": "Emma", "isbn": "1", "author": 1}, 0, 2},
		"after it was put into other indexes": {Values{"id": 9, "title": "Emma", "isbn": "9", "author": 1}, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			taken, owner := tab.Insert(newRecord(t, tab, c.values))
			assert.Equal(t, c.key, taken)
			assert.Equal(t, get(tab, c.owner), owner)
			assert.Equal(t, before, shown(tab, 0))
			mustBeSound(t, tab)
			assert.EqualValues(t, 2, tab.Last(), "a number that was refused is not used up")
		})
	}
}

func TestNullsInUniqueKeys(t *testing.T) {
	tab := bookTable(t, Values{"title": "a"})
	taken, _ := tab.Insert(newRecord(t, tab, Values{"title": "b"}))
	assert.Negative(t, taken, "isbn NULL twice: NULLs are distinct")
	taken, _ = tab.Insert(newRecord(t, tab, Values{"title": "a"}))
	assert.Equal(t, 2, taken, "(a, NULL) twice: NULLs are not distinct there")
}

func TestApplyMovesKeysBetweenRows(t *testing.T) {
	tab := bookTable(t, Values{"title": "a", "isbn": "1"}, Values{"title": "b", "isbn": "2"}, Values{"title": "c", "isbn": "3"})
	d := tab.Def()
	a, b, c := get(tab, 1), get(tab, 2), get(tab, 3)
	isbn, _ := d.Column("isbn")
	set := func(r index.Record, to string) index.Record {
		return d.WithCells(r, []int{isbn}, []index.Value{index.OfString(to)})
	}
	tab.Apply([]Change{{a, set(a, "2")}, {b, set(b, "1")}, {c, index.Record{}}, {index.Record{}, newRecord(t, tab, Values{"id": 7, "title": "d"})}}, nil)
	assert.Equal(t, []string{
		`books{id: 1, title: "a", isbn: "2", pages: 100, author: NULL}`,
		`books{id: 2, title: "b", isbn: "1", pages: 100, author: NULL}`,
		`books{id: 7, title: "d", isbn: NULL, pages: 100, author: NULL}`,
	}, shown(tab, 0))
	assert.EqualValues(t, 7, tab.Last())
	assert.Equal(t, "2", RowOf(d, get(tab, 1), nil).Get("isbn"))
}

func TestCopiesAreIndependent(t *testing.T) {
	tab := bookTable(t, Values{"title": "a"})
	c := tab.Copy()
	fill(t, c, Values{"title": "b"})
	tab.Clear()
	assert.Zero(t, tab.Len())
	assert.Equal(t, 2, c.Len())
	assert.EqualValues(t, 1, tab.Last(), "an empty table goes on counting")
	assert.EqualValues(t, 2, c.Last())
	fill(t, tab, Values{"title": "c"})
	assert.Equal(t, "books[2]", tab.Def().Label(get(tab, 2)))
}

func TestKeysComeInTheOrderInWhichTheyAreTried(t *testing.T) {
	d := compile(t, booksSchema())
	var got []string
	for _, k := range d.Keys() {
		got = append(got, k.Kind.String()+" "+k.Name)
	}
	assert.Equal(t, []string{"primary key books_pkey", "unique key books_isbn_key", "unique key books_title_author_key",
		"index books_pages_idx", "foreign key index books_author_fkidx"}, got)

	s := booksSchema()
	s.Indexes = append(s.Indexes, Index{Columns: []string{"author", "pages"}})
	assert.Len(t, compile(t, s).Keys(), 5, "an index that begins with the columns of a foreign key serves it")
}

func TestNamesAreFilledInAndTheSchemaLeftAlone(t *testing.T) {
	s := booksSchema()
	filled := compile(t, s).Schema()
	assert.Equal(t, "books_isbn_key", filled.Unique[0].Name)
	assert.Equal(t, "books_check1", filled.Checks[0].Name)
	assert.Equal(t, "books_author_fkey", filled.References[0].Name)
	assert.Empty(t, s.Unique[0].Name)
	assert.False(t, s.Columns[0].NotNull)
	assert.True(t, filled.Columns[0].NotNull, "a primary key is NOT NULL")
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	found := func(spoil func(tab *Table)) string {
		tab := New(compile(t, booksSchema()))
		for _, title := range []string{"a", "b"} {
			tab.Insert(newRecord(t, tab, Values{"title": title, "isbn": title}))
		}
		spoil(tab)
		var all []string
		tab.Check(nil, func(err error) bool {
			all = append(all, err.Error())
			return len(all) < 10
		})
		return strings.Join(all, "\n")
	}
	title, _ := compile(t, booksSchema()).Column("title")
	pages, _ := compile(t, booksSchema()).Column("pages")
	rewrite := func(tab *Table, pos int, v index.Value) index.Record {
		return tab.Def().WithCells(get(tab, 1), []int{pos}, []index.Value{v})
	}
	for name, c := range map[string]struct {
		spoil func(tab *Table)
		want  string
	}{
		"nothing":                     {func(*Table) {}, ""},
		"an index without a row":      {func(tab *Table) { tab.trees[1].Delete(get(tab, 1)) }, "books_isbn_key has 1 rows, the primary key 2"},
		"an index with another's row": {func(tab *Table) { tab.trees[3].Replace(newRecord(t, tab, Values{"id": 9, "title": "x"})) }, "books_pages_idx has 3 rows"},
		"NULL where it must not be": {func(tab *Table) {
			tab.Apply([]Change{{get(tab, 1), rewrite(tab, title, index.Value{})}}, nil)
		}, "title cannot be NULL"},
		"a check": {func(tab *Table) {
			tab.Apply([]Change{{get(tab, 1), rewrite(tab, pages, index.OfInt(-1))}}, nil)
		}, "row books[1] is refused by check books_check1: pages > 0"},
		"a number above the last": {func(tab *Table) { tab.SetLast(1) }, "row books[2] has a number above the last, 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := found(c.spoil)
			assert.Contains(t, got, c.want)
			assert.Equal(t, c.want == "", got == "")
		})
	}
}
