package memrel_test

import (
	"fmt"

	"github.com/memrel/memrel"
)

// Song is what the examples look for.
type Song struct {
	ID    int64
	Title string
	Year  *int
}

var Songs = memrel.TableOf[Song]("songs", memrel.Index{Columns: []string{"year"}})

func jukebox() *memrel.DB {
	db := memrel.MustOpen(Songs)
	year := func(y int) *int { return &y }
	Songs.InsertAll(db, []Song{{Title: "Hurt", Year: year(1994)}, {Title: "Gloria", Year: year(1975)}, {Title: "Demo"},
		{Title: "Heroes", Year: year(1977)}, {Title: "Creep", Year: year(1992)}, {Title: "Home", Year: year(1977)}})
	return db
}

func titles(songs []Song) (out []string) {
	for _, s := range songs {
		out = append(out, s.Title)
	}
	return out
}

// Rows come as they are found; nothing is collected.
func ExampleModel_Stream() {
	db := jukebox()
	rows, err := memrel.RowsOf("songs").Stream(db.View(), memrel.Query{Where: memrel.Gte("year", 1977)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range rows {
		fmt.Println(row.Get("year"), row.Get("title"))
	}
	// Output:
	// 1994 Hurt
	// 1977 Heroes
	// 1992 Creep
	// 1977 Home
}

func ExampleTable_Find() {
	db := jukebox()
	songs, err := Songs.Find(db, memrel.Query{
		Where: memrel.And(memrel.Like("title", "H%"), memrel.Lt("year", 1990)),
		Order: []memrel.Order{{Column: "year"}, {Column: "title", Desc: true}},
	})
	fmt.Println(titles(songs), err)

	songs, _ = Songs.Find(db, memrel.Query{
		Order: []memrel.Order{{Column: "year", Desc: true, Nulls: memrel.NullsLast}},
		Limit: 2,
	})
	fmt.Println(titles(songs))

	n, _ := Songs.Count(db, memrel.Not(memrel.Eq("year", 1977)))
	fmt.Println(n, "songs of other years; where the year is NULL nobody knows")
	// Output:
	// [Home Heroes] <nil>
	// [Hurt Creep]
	// 3 songs of other years; where the year is NULL nobody knows
}

func ExampleModel_Find() {
	rows, _ := memrel.RowsOf("songs").Find(jukebox(), memrel.Query{
		Where:   memrel.In("id", 1, 3, 99),
		Columns: []string{"title", "year"},
	})
	for _, r := range rows {
		fmt.Println(r)
	}
	// Output:
	// songs{title: "Hurt", year: 1994}
	// songs{title: "Demo", year: NULL}
}

func ExampleModel_Min() {
	songs := memrel.ModelOf("songs")
	first, _ := songs.Min(jukebox(), "year", memrel.Cond{})
	last, _ := songs.Max(jukebox(), "year", memrel.Lt("title", "H"))
	fmt.Println(first, last)
	// Output: 1975 1992
}

// A cursor is a row's place in an order: pages meet whatever has been inserted or deleted in between.
func ExampleCursor() {
	db, songs := jukebox(), memrel.RowsOf("songs")
	order := []memrel.Order{{Column: "year"}}
	page := func(q memrel.Query) (first, last memrel.Cursor) {
		q.Order, q.Limit = order, 2
		rows, _ := songs.Find(db, q)
		fmt.Println(rows[0].Get("title"), "..", rows[1].Get("title"))
		first, _ = songs.CursorOf(db, rows[0], order...)
		last, _ = songs.CursorOf(db, rows[1], order...)
		return first, last
	}
	_, last := page(memrel.Query{})
	first, last := page(memrel.Query{After: &last})
	page(memrel.Query{After: &last})
	page(memrel.Query{Before: &first})
	// Output:
	// Gloria .. Heroes
	// Home .. Creep
	// Hurt .. Demo
	// Gloria .. Heroes
}

func ExampleTable_Explain() {
	db := jukebox()
	for _, q := range []memrel.Query{
		{Where: memrel.Eq("id", 3)},
		{Where: memrel.Between("year", 1970, 1979), Order: []memrel.Order{{Column: "year", Desc: true}}, Limit: 5},
		{Where: memrel.Like("title", "%o%"), Order: []memrel.Order{{Column: "title"}}},
	} {
		explain, _ := Songs.Explain(db, q)
		fmt.Println(explain)
	}
	// Output:
	// songs: unique key on songs_pkey (id = 3)
	// songs: index range on songs_year_idx (year >= 1970 AND year <= 1979), order by key in groups, limit 5
	// songs: scan on songs_pkey, filter title LIKE '%o%', sort by title, id
}

// An index goes through its columns in the order that it is given: here the newest song of a singer comes first, and those whose year
// nobody knows last, without a sort.
func ExampleIndex() {
	db := memrel.MustOpen(memrel.Schema{
		Name:       "songs",
		Columns:    memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "singer", Type: memrel.Int}, {Name: "year", Type: memrel.Int}},
		PrimaryKey: []string{"id"},
		Indexes: []memrel.Index{{Name: "newest", Columns: []string{"singer", "year"},
			Order: []memrel.Order{{Column: "year", Desc: true, Nulls: memrel.NullsLast}}}},
	})
	songs := memrel.RowsOf("songs")
	songs.InsertAll(db, []memrel.Values{{"id": 1, "singer": 7, "year": 1994}, {"id": 2, "singer": 7}, {"id": 3, "singer": 7, "year": 2001}})
	query := memrel.Query{Where: memrel.Eq("singer", 7), Order: []memrel.Order{{Column: "year", Desc: true, Nulls: memrel.NullsLast}}}
	rows, _ := songs.Find(db, query)
	for _, row := range rows {
		fmt.Println(row)
	}
	plan, err := songs.Explain(db, query)
	fmt.Println(plan, err)
	// Output:
	// songs{id: 3, singer: 7, year: 2001}
	// songs{id: 1, singer: 7, year: 1994}
	// songs{id: 2, singer: 7, year: NULL}
	// songs: key lookup on newest (singer = 7), order by key <nil>
}

// A unique key over the beginning of a column refuses rows that begin alike.
func ExampleUniqueKey_prefix() {
	db := memrel.MustOpen(memrel.Schema{
		Name:       "pages",
		Columns:    memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "path", Type: memrel.String}},
		PrimaryKey: []string{"id"},
		Unique:     []memrel.UniqueKey{{Name: "paths", Columns: []string{"path"}, Prefix: map[string]int{"path": 3}}},
	})
	pages := memrel.RowsOf("pages")
	pages.Insert(db, memrel.Values{"id": 1, "path": "/ab"})
	_, err := pages.Insert(db, memrel.Values{"id": 2, "path": "/abc"})
	fmt.Println(err)
	// Output:
	// memrel: insert pages: unique key paths: (path(3)) = ("/abc") is taken; in the way: pages[1]
}
