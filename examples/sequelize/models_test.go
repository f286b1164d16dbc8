package sequelize_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// A name in lower case (ship) is the handle of a model at run time, a name in upper case (Ship, Ships) a row type and its
// typed handle.

var (
	foo, bar, baz = memrel.ModelOf("foos"), memrel.ModelOf("bars"), memrel.ModelOf("bazs")
	team, player  = memrel.ModelOf("Teams"), memrel.ModelOf("Players")
	movie, actor  = memrel.ModelOf("Movies"), memrel.ModelOf("Actors")
	ship, captain = memrel.ModelOf("ships"), memrel.ModelOf("captains")

	fooModel     = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{text("name")}}
	barModel     = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{text("name")}}
	teamModel    = memrel.ModelSpec{Name: "Team", Columns: []memrel.Attribute{text("name")}}
	playerModel  = memrel.ModelSpec{Name: "Player", Columns: []memrel.Attribute{text("name")}}
	movieModel   = memrel.ModelSpec{Name: "Movie", Columns: []memrel.Attribute{text("name")}}
	actorModel   = memrel.ModelSpec{Name: "Actor", Columns: []memrel.Attribute{text("name")}}
	shipModel    = memrel.ModelSpec{Name: "ship", Columns: []memrel.Attribute{text("name"), number("amountOfSails")}}
	captainModel = memrel.ModelSpec{Name: "captain", Columns: []memrel.Attribute{text("name"), skill}}
	skill        = memrel.Attribute{Column: memrel.Column{Name: "skillLevel", Type: memrel.Int}, Min: 1, Max: 10}
	mandatory    = &memrel.Attribute{Column: memrel.Column{NotNull: true}}
)

// Foo and the types that follow are the rows of the typed examples. A foreign key is a field like any other; a pointer may
// be nil, which is NULL.
type Foo struct {
	ID   int64
	Name string
}

// Bar may belong to a Foo.
type Bar struct {
	ID    int64
	Name  string
	FooID *int64
}

// Team has players.
type Team struct {
	ID   int64
	Name string
}

// Player may play for a Team.
type Player struct {
	ID     int64
	Name   string
	TeamID *int64
}

// Movie has actors.
type Movie struct {
	ID   int64
	Name string
}

// Actor has movies.
type Actor struct {
	ID   int64
	Name string
}

// Casting is the junction between movies and actors; it can hold more than the two keys.
type Casting struct {
	MovieID int64 `memrel:",pk"`
	ActorID int64 `memrel:",pk"`
	Role    string
}

// Captain may have a ship.
type Captain struct {
	ID         int64
	Name       string
	SkillLevel int64
}

// Ship may have a captain.
type Ship struct {
	ID            int64
	Name          string
	AmountOfSails int64
	CaptainID     *int64
}

// Handles of the typed examples.
var (
	Foos, Bars      = memrel.TableOf[Foo]("foos"), memrel.TableOf[Bar]("bars")
	Teams, Players  = memrel.TableOf[Team]("teams"), memrel.TableOf[Player]("players")
	Movies, Actors  = memrel.TableOf[Movie]("movies"), memrel.TableOf[Actor]("actors")
	Castings        = memrel.TableOf[Casting]("castings")
	Captains, Ships = memrel.TableOf[Captain]("captains", bounded), memrel.TableOf[Ship]("ships")
	bounded         = memrel.Check{Name: "skill", Where: memrel.Between("skillLevel", 1, 10)}
	CaptainShip     = memrel.HasOne(Captains, Ships)
	ShipCaptain     = memrel.BelongsTo(Ships, Captains)
	MovieActors     = memrel.BelongsToMany(Movies, Actors, Castings)
	ActorMovies     = memrel.BelongsToMany(Actors, Movies, Castings)
	TeamPlayers     = memrel.HasMany(Teams, Players)
	PlayerTeam      = memrel.BelongsTo(Players, Teams)
	typedMovieDB    = []memrel.Definition{Movies, Actors, Castings, MovieActors, ActorMovies}
	typedCaptainDB  = []memrel.Definition{Captains, Ships, CaptainShip, ShipCaptain}
)

func text(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.String}}
}

func uniqueText(name string) memrel.Attribute {
	a := text(name)
	a.Unique = true
	return a
}

func number(name string) memrel.Attribute {
	return memrel.Attribute{Column: memrel.Column{Name: name, Type: memrel.Int}}
}

// violations prints what is wrong with a store; nothing is.
func violations(db *memrel.DB) {
	for err := range db.Check() {
		fmt.Println("violation:", err)
	}
}

// printJSON prints rows as JSON, a line each.
func printJSON(rows ...memrel.Instance) {
	for _, row := range rows {
		out, err := json.Marshal(row)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(string(out))
	}
}

// show prints the rows that a query or a getter found, and its error if it has one.
func show(rows []memrel.Instance, err error) {
	printJSON(rows...)
	if err != nil {
		fmt.Println(err)
	}
}

// printKeys prints the foreign keys of tables much as DDL would.
func printKeys(db *memrel.DB, tables ...string) {
	for _, name := range tables {
		schema, _ := db.View().Schema(name)
		for _, c := range schema.Columns {
			if line := columnText(schema, c); strings.Contains(line, "REFERENCES") {
				fmt.Printf("%s.%s\n", name, line)
			}
		}
	}
}

// printTables prints tables much as DDL would.
func printTables(db *memrel.DB, tables ...string) {
	for _, name := range tables {
		schema, _ := db.View().Schema(name)
		fmt.Println(name)
		for _, c := range schema.Columns {
			fmt.Println(" ", columnText(schema, c))
		}
		fmt.Printf("  PRIMARY KEY (%s)\n", strings.Join(schema.PrimaryKey, ", "))
		for _, u := range schema.Unique {
			fmt.Printf("  CONSTRAINT %s UNIQUE (%s)\n", u.Name, strings.Join(u.Columns, ", "))
		}
	}
}

func columnText(s memrel.Schema, c memrel.Column) string {
	line := c.Name + " " + c.Type.String()
	if c.NotNull || slices.Contains(s.PrimaryKey, c.Name) {
		line += " NOT NULL"
	}
	for _, r := range s.References {
		if r.Columns[0] == c.Name {
			line += fmt.Sprintf(" REFERENCES %s (%s) ON DELETE %s ON UPDATE %s", r.Table, r.RefColumns[0], r.OnDelete, r.OnUpdate)
		}
	}
	return line
}
