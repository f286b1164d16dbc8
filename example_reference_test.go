package memrel_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/memrel/memrel"
)

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
	db := memrel.MustOpen(Users, Posts)
	Users.Insert(db, User{Email: "ann@example.com"})
	Posts.InsertAll(db, []Post{{AuthorID: 1, Title: "Hello"}, {AuthorID: 1, Title: "Again"}})

	preview, err := db.View().PreviewDelete("users", 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(preview)
	// Output:
	// delete users[1]
	// ├─ cascade delete posts[1] (posts_authorId_fkey)
	// └─ cascade delete posts[2] (posts_authorId_fkey)
	// posts: 2 deleted
	// users: 1 deleted
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
	db := memrel.MustOpen(Users)
	Users.InsertAll(db, []User{{Email: "ann@example.com"}, {Email: "bob@example.com"}})

	fmt.Println(db.Alter("users", memrel.Column{Name: "rank", Type: memrel.Int, Default: 1}))
	fmt.Println(db.Alter("users", memrel.UniqueKey{Columns: []string{"rank"}}))
	fmt.Println(db.Alter("users", memrel.Index{Columns: []string{"rank"}}))
	fmt.Println(db.Alter("users", memrel.DropColumn("rank")))
	row, _ := Users.Rows().Get(db, 1)
	fmt.Println(row)
	// Output:
	// <nil>
	// memrel: alter users: rows share the unique key users_rank_key = (1); in the way: users[1], users[2]; change or delete one of the rows first
	// <nil>
	// memrel: define users: column rank is used by index users_rank_idx; drop that first
	// users{id: 1, email: "ann@example.com", rank: 1}
}

func ExampleView_Diagnostics() {
	db := memrel.MustOpen(Users, memrel.Schema{
		Name:       "profiles",
		Columns:    []memrel.Column{{Name: "id", Type: memrel.Int}, {Name: "user", Type: memrel.Int, NotNull: true}},
		PrimaryKey: []string{"id"},
		References: []memrel.Reference{{Columns: []string{"user"}, Table: "users", OnDelete: memrel.SetNull}},
	})
	for _, d := range db.View().Diagnostics() {
		fmt.Println(d)
	}
	// Output:
	// profiles.profiles_user_fkey: ON DELETE SET NULL can only fail, since user is NOT NULL; let the column be NULL, or choose another action
}
