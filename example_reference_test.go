package memrel_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/memrel/memrel"
)

// Author and Book are the rows of examples on references.
type Author struct {
	ID    int64
	Email string `memrel:",unique"`
}

// Book belongs to an Author and goes with it.
type Book struct {
	ID       int64
	AuthorID int64 `memrel:",ref=authors,ondelete=cascade"`
	Title    string
}

var (
	Authors = memrel.TableOf[Author]("authors")
	Books   = memrel.TableOf[Book]("books")
)

// A table is altered in place: what refers to it goes by the new names.
func ExampleDB_Alter_inPlace() {
	teams := memrel.RowsOf("teams")
	db := memrel.MustOpen(
		memrel.Schema{Name: "teams", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true},
			{Name: "founded", Type: memrel.String}, {Name: "code", Type: memrel.Int, NotNull: true}, {Name: "motto", Type: memrel.String}},
			Indexes: []memrel.Index{{Columns: []string{"motto"}}}},
		memrel.Schema{Name: "games", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "team", Type: memrel.Int}},
			References: []memrel.Reference{{Columns: []string{"team"}, Table: "teams"}}})
	teams.Insert(db, memrel.Values{"founded": "1899", "code": 7})
	fmt.Println(db.Alter("teams",
		memrel.ChangeColumn{Name: "founded", Type: memrel.Int}, // 1899, exactly
		memrel.DropColumnCascade("motto"),                      // and its index
		memrel.ColumnOrder{"code"},
		memrel.Rename{To: "clubs"}))
	fmt.Println(db.Alter("games", memrel.DropConstraint("games_team_fkey")))
	fmt.Println(db.Alter("clubs", memrel.PrimaryKey{"code"}))
	db.Alter("clubs", memrel.Annotation{Column: "founded", Name: "comment", Text: "the year"})
	s, _ := db.View().Schema("clubs")
	fmt.Println(s.Columns[2].Annotations["comment"])
	row, ok := memrel.RowsOf("clubs").Get(db, 7)
	fmt.Println(row, ok, row.At(2))
	// Output:
	// <nil>
	// <nil>
	// <nil>
	// the year
	// clubs{code: 7, id: 1, founded: 1899} true 1899
}

// Numbers are read, set and taken ahead of the rows that get them.
func ExampleHandle_NextNumber() {
	teams := memrel.RowsOf("teams")
	db := memrel.MustOpen(memrel.Schema{Name: "teams", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}})
	teams.SetLastNumber(db, 99)
	taken, _ := teams.NextNumber(db)
	row, _ := teams.Insert(db, memrel.Values{})
	last, _ := teams.LastNumber(db)
	fmt.Println(taken, row, last)
	fmt.Println(teams.SetLastNumber(db, 7))
	// Output:
	// 100 teams{id: 101} 101
	// memrel: number teams: a row has the number 101, after 7; set 101 or a later one
}

// Numbers are given out once, whatever becomes of the rows, as a database's sequences do it.
func Example_keepNumbers() {
	teams := memrel.RowsOf("teams")
	db := memrel.MustOpen(memrel.KeepNumbers, memrel.Schema{Name: "teams", PrimaryKey: []string{"id"},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}})
	tx := db.Begin()
	teams.Insert(tx, memrel.Values{})
	tx.Rollback()
	fmt.Println(teams.Insert(db, memrel.Values{}))
	// Output: teams{id: 2} <nil>
}

// A table to which others refer is emptied together with them, all or none.
func ExampleTruncation() {
	db := memrel.MustOpen(Authors, Books)
	Authors.Insert(db, Author{Email: "ann@example.com"})
	Books.Insert(db, Book{AuthorID: 1, Title: "Trees"})
	fmt.Println(Authors.Truncate(db))
	fmt.Println(Authors.Truncate(db, memrel.Truncation{With: []string{"books"}, Restart: true}))
	ann, _ := Authors.Insert(db, Author{Email: "ann@example.com"})
	fmt.Println(ann.ID)
	// Output:
	// memrel: truncate authors: books refers to it (books.authorId -> authors.id), whether it has rows or not; truncate books with it, by name or by Cascade, or delete the rows instead
	// <nil>
	// 1
}

// What becomes of the rows that refer to a row that goes is for each reference to say.
func ExampleReference() {
	column := memrel.Column{Name: "team", Type: memrel.Int}
	member := func(table string, onDelete memrel.Action) memrel.Definition {
		return memrel.Schema{
			Name:       table,
			Columns:    []memrel.Column{{Name: "id", Type: memrel.Int, AutoIncrement: true}, column},
			PrimaryKey: []string{"id"},
			References: []memrel.Reference{{Columns: []string{"team"}, Table: "teams", OnDelete: onDelete}},
		}
	}
	teams := memrel.Schema{Name: "teams", Columns: []memrel.Column{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}}
	db := memrel.MustOpen(teams, member("games", memrel.Cascade), member("players", memrel.SetNull), member("trophies", memrel.Restrict))

	for id := range 2 {
		memrel.RowsOf("teams").Insert(db, memrel.Values{"id": id})
		memrel.RowsOf("games").Insert(db, memrel.Values{"team": id})
		memrel.RowsOf("players").Insert(db, memrel.Values{"team": id})
	}
	memrel.RowsOf("trophies").Insert(db, memrel.Values{"team": 1})

	_, err := memrel.RowsOf("teams").Delete(db, 0)
	fmt.Println(err)
	_, err = memrel.RowsOf("teams").Delete(db, 1)
	fmt.Println(err)
	for _, table := range []string{"teams", "games", "players"} {
		for row := range memrel.RowsOf(table).All(db) {
			fmt.Println(row)
		}
	}
	// Output:
	// <nil>
	// memrel: delete teams: teams 1 is still referenced (trophies.team -> teams.id, RESTRICT); in the way: trophies[1]
	// teams{id: 1}
	// games{id: 2, team: 1}
	// players{id: 1, team: NULL}
	// players{id: 2, team: 1}
}

func ExampleView_PreviewDelete() {
	db := memrel.MustOpen(Authors, Books)
	Authors.Insert(db, Author{Email: "ann@example.com"})
	Books.InsertAll(db, []Book{{AuthorID: 1, Title: "Hello"}, {AuthorID: 1, Title: "Again"}})

	preview, err := db.View().PreviewDelete("authors", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(preview)
	// Output:
	// delete authors[1]
	// ├─ cascade delete books[1] (books_authorId_fkey)
	// └─ cascade delete books[2] (books_authorId_fkey)
	// authors: 1 deleted
	// books: 2 deleted
}

// A definition is data: here it comes from JSON.
func ExampleDB_Define() {
	var schema memrel.Schema
	err := json.Unmarshal([]byte(`{
		"name": "countries",
		"columns": [
			{"name": "code", "type": "string", "size": 2},
			{"name": "name", "type": "string", "notNull": true},
			{"name": "people", "type": "int", "default": 0}
		],
		"primaryKey": ["code"],
		"unique": [{"columns": ["name"]}],
		"checks": [{"where": {"column": "people", "op": "gte", "value": 0}}]
	}`), &schema)
	if err != nil {
		log.Fatal(err)
	}
	db := memrel.MustOpen()
	fmt.Println(db.Define(schema))

	countries := memrel.RowsOf("countries")
	fmt.Println(countries.Insert(db, memrel.Values{"code": "nz", "name": "New Zealand"}))
	_, err = countries.Insert(db, memrel.Values{"code": "xx", "name": "Nowhere", "people": -1})
	fmt.Println(err)
	// Output:
	// <nil>
	// countries{code: "nz", name: "New Zealand", people: 0} <nil>
	// memrel: insert countries: row countries["xx"] is refused by check countries_check1: people >= 0
}

func ExampleDB_Alter() {
	db := memrel.MustOpen(Authors)
	Authors.InsertAll(db, []Author{{Email: "ann@example.com"}, {Email: "bob@example.com"}})

	fmt.Println(db.Alter("authors", memrel.Column{Name: "rank", Type: memrel.Int, Default: 1}))
	fmt.Println(db.Alter("authors", memrel.UniqueKey{Columns: []string{"rank"}}))
	fmt.Println(db.Alter("authors", memrel.Index{Columns: []string{"rank"}}))
	fmt.Println(db.Alter("authors", memrel.DropColumn("rank")))
	row, _ := Authors.Rows().Get(db, 1)
	fmt.Println(row)
	// Output:
	// <nil>
	// memrel: alter authors: rows share the unique key authors_rank_key = (1); in the way: authors[1], authors[2]; change or delete one of the rows first
	// <nil>
	// memrel: define authors: column rank is used by index authors_rank_idx; drop that first, or all of it with DropColumnCascade
	// authors{id: 1, email: "ann@example.com", rank: 1}
}

func ExampleView_Diagnostics() {
	db := memrel.MustOpen(Authors, memrel.Schema{
		Name:       "profiles",
		Columns:    []memrel.Column{{Name: "id", Type: memrel.Int}, {Name: "user", Type: memrel.Int, NotNull: true}},
		PrimaryKey: []string{"id"},
		References: []memrel.Reference{{Columns: []string{"user"}, Table: "authors", OnDelete: memrel.SetNull}},
	})
	for _, d := range db.View().Diagnostics() {
		fmt.Println(d)
	}
	// Output:
	// profiles.profiles_user_fkey: ON DELETE SET NULL can only fail, since user is NOT NULL; let the column be NULL, or choose another action
}

// Texts that a program keeps with its tables are part of their definitions, and in files, forks and DDL with them.
func ExampleSchema_annotations() {
	clubs := memrel.Schema{Name: "clubs", PrimaryKey: []string{"id"}, Annotations: map[string]string{"comment": "who plays", "form": "list"},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int, Annotations: map[string]string{"label": "Number"}}}}
	db := memrel.MustOpen(clubs)
	db.Alter("clubs", memrel.Annotation{Name: "form", Text: "cards"}) // without a text it is taken away

	s, _ := db.Fork().View().Schema("clubs")
	fmt.Println(s.Annotations["comment"], s.Annotations["form"], s.Columns[0].Annotations["label"])
	// Output: who plays cards Number
}
