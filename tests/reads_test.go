package tests

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type (
	readAuthor struct {
		ID   int64
		Code *string `memrel:",unique"`
		Name string
	}
	readBook struct {
		ID       int64
		AuthorID *int64 `memrel:"authorId"`
		Title    string
	}
	readShelf struct {
		ID  int64
		Tag string `memrel:",unique"`
	}
	readPlace struct {
		BookID  int64 `memrel:"bookId,pk"`
		ShelfID int64 `memrel:"shelfId,pk"`
		At      int64
	}
)

var (
	readAuthors   = memrel.TableOf[readAuthor]("authors")
	readBooks     = memrel.TableOf[readBook]("books")
	readShelves   = memrel.TableOf[readShelf]("shelves")
	readPlaces    = memrel.TableOf[readPlace]("places")
	authorBooks   = memrel.HasMany(readAuthors, readBooks, memrel.As("books"), memrel.ForeignKey("authorId"))
	bookAuthor    = memrel.BelongsTo(readBooks, readAuthors, memrel.As("author"), memrel.ForeignKey("authorId"))
	bookShelves   = memrel.BelongsToMany(readBooks, readShelves, readPlaces, memrel.As("shelves"), memrel.ForeignKey("bookId"), memrel.OtherKey("shelfId"))
	readByCode    = readAuthors.By("code")
	readAuthorRun = memrel.ModelOf("authors")
)

// stocked is a store with ann's books 1 and 2, which stand on both shelves.
func stocked(t *testing.T) *memrel.DB {
	t.Helper()
	db := memrel.MustOpen(readAuthors, readBooks, readShelves, readPlaces, authorBooks, bookAuthor, bookShelves)
	t.Cleanup(func() { sound(t, db) })
	ann, err := readAuthors.Insert(db, readAuthor{Code: new("a"), Name: "ann"})
	require.NoError(t, err)
	_, err = readBooks.InsertAll(db, []readBook{{AuthorID: &ann.ID, Title: "one"}, {AuthorID: &ann.ID, Title: "two"}})
	require.NoError(t, err)
	_, err = readShelves.InsertAll(db, []readShelf{{Tag: "top"}, {Tag: "low"}})
	require.NoError(t, err)
	for book := range readBooks.All(db) {
		for shelf := range readShelves.All(db) {
			require.NoError(t, bookShelves.AddWith(db, book, readPlace{At: shelf.ID}, shelf))
		}
	}
	return db
}

// instanceOf is the row of a table, by its key.
func instanceOf(t *testing.T, r memrel.Reader, table string, key any) memrel.Instance {
	t.Helper()
	i, ok, err := memrel.ModelOf(table).FindByPk(r, memrel.Query{}, key)
	require.NoError(t, err)
	require.True(t, ok)
	return i
}

// answer is the error that a read returns or panics with.
func answer(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			var e *memrel.Error
			if asError, ok := p.(error); !ok || !errors.As(asError, &e) {
				panic(p)
			}
			err = e
		}
	}()
	return read()
}

func walked[T any](all iter.Seq[T]) error {
	walk(all)
	return nil
}

// reads are all reads of all handles.
func reads(book memrel.Instance) map[string]func(memrel.Reader) error {
	ann, one := readAuthor{ID: 1}, readBook{ID: 1}
	q, all := memrel.Query{}, memrel.Cond{}
	return map[string]func(memrel.Reader) error{
		"Table.Get":     func(r memrel.Reader) error { readAuthors.Get(r, 1); return nil },
		"Table.All":     func(r memrel.Reader) error { return walked(readAuthors.All(r)) },
		"Table.Find":    func(r memrel.Reader) error { _, err := readAuthors.Find(r, q); return err },
		"Table.First":   func(r memrel.Reader) error { _, _, err := readAuthors.First(r, q); return err },
		"Table.Count":   func(r memrel.Reader) error { _, err := readAuthors.Count(r, all); return err },
		"Table.Exists":  func(r memrel.Reader) error { _, err := readAuthors.Exists(r, all); return err },
		"Table.Explain": func(r memrel.Reader) error { _, err := readAuthors.Explain(r, q); return err },
		"Table.Bind":    func(r memrel.Reader) error { return readAuthors.Bind(r) },
		"Unique.Get":    func(r memrel.Reader) error { readByCode.Get(r, "a"); return nil },
		"Unique.Bind":   func(r memrel.Reader) error { return readByCode.Bind(r) },
		"Model.Get":     func(r memrel.Reader) error { readAuthorRun.Get(r, 1); return nil },
		"Model.All":     func(r memrel.Reader) error { return walked(readAuthorRun.All(r)) },
		"Model.Find":    func(r memrel.Reader) error { _, err := readAuthorRun.Find(r, q); return err },
		"Model.Stream":  func(r memrel.Reader) error { _, err := readAuthorRun.Stream(r, q); return err },
		"Model.First":   func(r memrel.Reader) error { _, _, err := readAuthorRun.First(r, q); return err },
		"Model.Count":   func(r memrel.Reader) error { _, err := readAuthorRun.Count(r, all); return err },
		"Model.Count of includes": func(r memrel.Reader) error {
			_, err := readAuthorRun.Count(r, all, memrel.Include{As: "books"})
			return err
		},
		"Model.Exists":   func(r memrel.Reader) error { _, err := readAuthorRun.Exists(r, all); return err },
		"Model.Min":      func(r memrel.Reader) error { _, err := readAuthorRun.Min(r, "id", all); return err },
		"Model.Max":      func(r memrel.Reader) error { _, err := readAuthorRun.Max(r, "id", all); return err },
		"Model.Explain":  func(r memrel.Reader) error { _, err := readAuthorRun.Explain(r, q); return err },
		"Model.FindAll":  func(r memrel.Reader) error { _, err := readAuthorRun.Find(r, q); return err },
		"Model.FindOne":  func(r memrel.Reader) error { _, _, err := readAuthorRun.First(r, q); return err },
		"Model.FindByPk": func(r memrel.Reader) error { _, _, err := readAuthorRun.FindByPk(r, q, 1); return err },
		"One.Get":        func(r memrel.Reader) error { bookAuthor.Get(r, one); return nil },
		"Many.Of":        func(r memrel.Reader) error { return walked(authorBooks.Of(r, ann)) },
		"Many.Get":       func(r memrel.Reader) error { _, err := authorBooks.Get(r, ann, q); return err },
		"Many.Count":     func(r memrel.Reader) error { _, err := authorBooks.Count(r, ann, all); return err },
		"Many.Has":       func(r memrel.Reader) error { _, err := authorBooks.Has(r, ann, one); return err },
		"Links.Of":       func(r memrel.Reader) error { return walked(bookShelves.Of(r, one)) },
		"Links.With": func(r memrel.Reader) error {
			for range bookShelves.With(r, one) {
				continue
			}
			return nil
		},
		"Links.Get":      func(r memrel.Reader) error { _, err := bookShelves.Get(r, one, q); return err },
		"Links.Count":    func(r memrel.Reader) error { _, err := bookShelves.Count(r, one, all); return err },
		"Links.Has":      func(r memrel.Reader) error { _, err := bookShelves.Has(r, one, readShelf{ID: 1}); return err },
		"Instance.Get":   func(r memrel.Reader) error { _, err := book.Get(r, "shelves", q); return err },
		"Instance.Count": func(r memrel.Reader) error { _, err := book.Count(r, "shelves", all); return err },
		"Instance.Has":   func(r memrel.Reader) error { _, err := book.Has(r, "shelves", 1); return err },
		"Instance.Call":  func(r memrel.Reader) error { _, err := book.Call(r, "countShelves"); return err },
	}
}

// TestWhatCannotBeAnsweredIsAnError: every read of every handle, on whatever has not what it asks for, says so.
func TestWhatCannotBeAnsweredIsAnError(t *testing.T) {
	db := stocked(t)
	book := instanceOf(t, db, "books", 1)
	ended := db.Begin()
	ended.Rollback()
	var noDB *memrel.DB
	var noTx *memrel.Tx
	for name, read := range reads(book) {
		for which, r := range map[string]memrel.Reader{"nil": nil, "a nil DB": noDB, "a zero DB": &memrel.DB{}, "a nil Tx": noTx,
			"an ended Tx": ended, "a zero View": memrel.View{}, "an empty store": memrel.MustOpen()} {
			require.Error(t, answer(func() error { return read(r) }), "%s of %s", name, which)
		}
		for which, r := range map[string]memrel.Reader{"a DB": db, "a View": db.View(), "a fork": db.Fork(), "a fork of a View": db.View().Fork()} {
			require.NoError(t, answer(func() error { return read(r) }), "%s of %s", name, which)
		}
		require.NoError(t, db.Update(func(tx *memrel.Tx) error { return answer(func() error { return read(tx) }) }), name)
	}
}

// TestAHandleThatFitsNoMoreSaysSo: the column of a field is gone.
func TestAHandleThatFitsNoMoreSaysSo(t *testing.T) {
	db := stocked(t)
	require.NoError(t, db.Alter("authors", memrel.DropColumn("name")))
	for name, read := range reads(instanceOf(t, db, "books", 1)) {
		typed := map[string]bool{"Table.Get": true, "Table.All": true, "Table.Find": true, "Table.First": true, "Table.Bind": true, "Unique.Get": true,
			"Unique.Bind": true, "One.Get": true, "Many.Of": true, "Many.Get": true, "Many.Count": true, "Many.Has": true}[name]
		err := answer(func() error { return read(db) })
		if !typed {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, memrel.ErrDefinition, name)
		require.ErrorContains(t, err, "there is no column name", name)
	}
}

// TestAGetByWhatIsNoKey: the program's mistakes panic, a value from outside finds what there is.
func TestAGetByWhatIsNoKey(t *testing.T) {
	db := stocked(t)
	id := 1
	get := func(key ...any) func() (bool, bool) {
		return func() (bool, bool) {
			_, typed := readAuthors.Get(db, key...)
			_, row := readAuthorRun.Get(db, key...)
			return typed, row
		}
	}
	for _, c := range []struct {
		key  any
		find bool
	}{
		{1, true}, {"1", true}, {1.0, true}, {&id, true}, {int8(1), true}, {memrel.Key{1}, true},
		{2, false}, {"x", false}, {"", false}, {"1x", false}, {"99999999999999999999", false}, {1.5, false}, {true, false}, {nil, false},
		{uint64(1 << 63), false}, {[]any{1}, false}, {map[string]any{"id": 1}, false}, {[]byte("1"), false},
	} {
		typed, row := get(c.key)()
		assert.Equal(t, c.find, typed, "%T %v", c.key, c.key)
		assert.Equal(t, c.find, row, "%T %v", c.key, c.key)
	}
	for _, key := range [][]any{{}, {1, 2}, {memrel.Key{1, 2}}, {time.Now()}, {struct{}{}}, {readAuthor{ID: 1}}, {[]string{"1"}}, {[16]byte{}}} {
		require.Error(t, answer(func() error { get(key...)(); return nil }), "%v", key)
	}
	require.Error(t, answer(func() error { readByCode.Get(db, 7); return nil }), "a number for text")
	_, found := readByCode.Get(db, 7.0)
	require.False(t, found, "a number as JSON has it")
	_, err := readAuthors.Delete(db, "x")
	require.ErrorIs(t, err, memrel.ErrType)
	updated, err := readAuthors.Update(db, memrel.Values{"name": "eve"}, "1")
	require.NoError(t, err)
	require.Equal(t, "eve", updated.Name)
	i, found, err := readAuthorRun.FindByPk(db, memrel.Query{}, "1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "eve", i.Value("name"))
}

// TestARowHasNoColumnThatItsQueryLeftOut, by whatever it was found and shown.
func TestARowHasNoColumnThatItsQueryLeftOut(t *testing.T) {
	db := stocked(t)
	q := memrel.Query{Columns: []string{"title"}, Limit: 1}
	rows, err := memrel.RowsOf("books").Find(db, q)
	require.NoError(t, err)
	all, err := memrel.ModelOf("books").Find(db, memrel.Query{Columns: []string{"title"}, Include: []memrel.Include{
		{As: "author", Columns: []string{"id"}}, {As: "shelves", Columns: []string{"tag"}, Through: memrel.Through{Columns: []string{"at"}}}}})
	require.NoError(t, err)
	got, err := instanceOf(t, db, "authors", 1).Get(db, "books", q)
	require.NoError(t, err)
	authors, _ := all[0].Included("author")
	shelves, _ := all[0].Included("shelves")
	for name, c := range map[string]struct {
		row     memrel.Row
		value   func(string) any
		has     string
		without []string
	}{
		"a row":             {rows[0], rows[0].Get, "title", []string{"id", "authorId"}},
		"an instance":       {all[0].Row(), all[0].Value, "title", []string{"id", "authorId"}},
		"one made of a row": {memrel.InstanceOf(rows[0]).Row(), memrel.InstanceOf(rows[0]).Value, "title", []string{"id", "authorId"}},
		"one of a getter":   {got[0].Row(), got[0].Value, "title", []string{"id", "authorId"}},
		"an included one":   {authors[0].Row(), authors[0].Value, "id", []string{"name", "code"}},
		"one of many":       {shelves[0].Row(), shelves[0].Value, "tag", []string{"id"}},
		"a junction row":    {shelves[0].Junction(), shelves[0].Junction().Get, "at", []string{"bookId", "shelfId"}},
	} {
		assert.True(t, c.row.Has(c.has), name)
		assert.NotNil(t, c.row.Get(c.has), name)
		assert.NotNil(t, c.value(c.has), name)
		for _, column := range c.without {
			assert.False(t, c.row.Has(column), "%s: %s", name, column)
			assert.Nil(t, c.row.Get(column), "%s: %s", name, column)
			assert.Nil(t, c.row.JSON(column), "%s: %s", name, column)
			assert.Nil(t, c.value(column), "%s: %s", name, column)
			assert.Empty(t, c.row.Show(column), "%s: %s", name, column)
			assert.NotContains(t, c.row.Values(), column, name)
			assert.NotContains(t, c.row.Columns(), column, name)
		}
	}
	typed, err := authorBooks.Get(db, readAuthor{ID: 1}, q)
	require.NoError(t, err)
	require.Equal(t, []readBook{{Title: "one"}}, typed)
	typedShelves, err := bookShelves.Get(db, readBook{ID: 1}, memrel.Query{Columns: []string{"id"}})
	require.NoError(t, err)
	require.Equal(t, []readShelf{{ID: 1}, {ID: 2}}, typedShelves)
}

// TestARowWithoutItsKeysStillLeadsOn: the verbs go by the row, whatever columns the query left out, and what is written is there.
func TestARowWithoutItsKeysStillLeadsOn(t *testing.T) {
	db := stocked(t)
	book, _, err := memrel.ModelOf("books").First(db, memrel.Query{Columns: []string{"title"}})
	require.NoError(t, err)
	author, err := book.Get(db, "author", memrel.Query{})
	require.NoError(t, err)
	require.Len(t, author, 1)
	n, err := book.Count(db, "shelves", nil)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, book.Remove(db, "shelves", 2))
	require.NoError(t, author[0].Add(db, "books", book))
	book.SetValue("authorId", nil)
	require.NoError(t, book.Save(db))
	require.True(t, book.Row().Has("authorId"), "what was saved is there")
	require.False(t, book.Row().Has("id"))
	require.NoError(t, book.Delete(db))
}

// TestCountAndHasAskWhatGetAsks: by a condition on rows and on junction rows, with a limit, by method and by accessor.
func TestCountAndHasAskWhatGetAsks(t *testing.T) {
	db := stocked(t)
	book := instanceOf(t, db, "books", 1)
	for _, q := range []memrel.Query{
		{}, {Where: memrel.Eq("tag", "low")}, {Limit: 1}, {Offset: 1}, {Limit: 1, Offset: 2}, {Offset: 5},
		{Through: memrel.Through{Where: memrel.Eq("at", 2)}}, {Through: memrel.Through{Where: memrel.Eq("at", 9)}},
		{Limit: 1, Order: []memrel.Order{{Column: "tag"}}}, {Where: memrel.Eq("tag", "low"), Through: memrel.Through{Where: memrel.Eq("at", 1)}},
	} {
		name := fmt.Sprintf("%+v", q)
		got, err := book.Get(db, "shelves", q)
		require.NoError(t, err)
		n, err := book.Count(db, "shelves", q)
		require.NoError(t, err)
		require.Equal(t, len(got), n, name)
		called, err := book.Call(db, "countShelves", q)
		require.NoError(t, err)
		require.Equal(t, len(got), called, name)
		for id := int64(1); id <= 3; id++ {
			want := false
			for _, i := range got {
				want = want || i.Value("id") == id
			}
			has, err := book.Has(db, "shelves", id, q)
			require.NoError(t, err)
			require.Equal(t, want, has, "%s: %d", name, id)
			called, err := book.Call(db, "hasShelf", id, q)
			require.NoError(t, err)
			require.Equal(t, want, called, "%s: %d", name, id)
		}
	}
	_, err := book.Count(db, "author", memrel.Query{Through: memrel.Through{Where: memrel.Eq("at", 1)}})
	require.ErrorContains(t, err, "leads through no junction")
}

// TestAnAccessorRefusesWhatItHasNoUseFor, rather than do without it.
func TestAnAccessorRefusesWhatItHasNoUseFor(t *testing.T) {
	db := stocked(t)
	book := instanceOf(t, db, "books", 1)
	where := memrel.Eq("tag", "top")
	for _, c := range []struct {
		method string
		args   []any
	}{
		{"getShelves", []any{1}}, {"getShelves", []any{where, where}}, {"countShelves", []any{book}}, {"countShelves", []any{memrel.Values{}}},
		{"hasShelf", []any{1, memrel.Values{"at": 1}}}, {"addShelf", []any{1, where}}, {"addShelf", []any{1, memrel.Values{"at": 1}}},
		{"removeShelf", []any{where}}, {"setShelves", []any{memrel.Query{Limit: 1}}}, {"createShelf", []any{memrel.Values{"tag": "x"}, 1}},
		{"createShelf", []any{memrel.Values{"tag": "x"}, memrel.Values{}, memrel.Values{}}},
	} {
		_, err := book.Call(db, c.method, c.args...)
		require.ErrorIs(t, err, memrel.ErrQuery, "%s %v", c.method, c.args)
	}
	for _, target := range []any{nil, memrel.Instance{}, memrel.Row{}, []any{1, nil}, []memrel.Instance{{}}} {
		require.ErrorIs(t, book.Add(db, "shelves", target), memrel.ErrNotFound, "%v", target)
		require.ErrorIs(t, book.Remove(db, "shelves", target), memrel.ErrNotFound, "%v", target)
		require.ErrorIs(t, book.Set(db, "shelves", target, 1), memrel.ErrNotFound, "%v", target)
		has, err := book.Has(db, "shelves", target)
		require.NoError(t, err)
		require.False(t, has)
	}
	require.ErrorIs(t, book.Set(db, "shelves", memrel.Instance{}), memrel.ErrNotFound, "what was not found is not none")
	n, err := book.Count(db, "shelves", nil)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, book.Set(db, "shelves", nil))
	n, err = book.Count(db, "shelves", nil)
	require.NoError(t, err)
	require.Zero(t, n)
}
