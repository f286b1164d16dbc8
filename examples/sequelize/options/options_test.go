package options_test

import (
	"fmt"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	foo         = memrel.ModelOf("foos")
	bar         = memrel.ModelOf("bars")
	team        = memrel.ModelOf("Teams")
	player      = memrel.ModelOf("Players")
	fooModel    = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.Text("name")}}
	barModel    = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.Text("name")}}
	teamModel   = memrel.ModelSpec{Name: "Team", Columns: []memrel.Attribute{sequelize.Text("name")}}
	playerModel = memrel.ModelSpec{Name: "Player", Columns: []memrel.Attribute{sequelize.Text("name")}}
	mandatory   = &memrel.Attribute{Column: memrel.Column{NotNull: true}}
)

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

var (
	Teams        = memrel.TableOf[Team]("teams")
	Players      = memrel.TableOf[Player]("players")
	Movies       = memrel.TableOf[Movie]("movies")
	Actors       = memrel.TableOf[Actor]("actors")
	Castings     = memrel.TableOf[Casting]("castings")
	MovieActors  = memrel.BelongsToMany(Movies, Actors, Castings)
	ActorMovies  = memrel.BelongsToMany(Actors, Movies, Castings)
	typedMovieDB = []memrel.Definition{Movies, Actors, Castings, MovieActors, ActorMovies}
)

// Junction rows with values of their own, typed: the values stand for every row given, and for those that are there already.
func Example_setWith() {
	db := memrel.MustOpen(typedMovieDB...)
	defer sequelize.Violations(db)
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	al, _ := Actors.Insert(db, Actor{Name: "Al"})
	robert, _ := Actors.Insert(db, Actor{Name: "Robert"})
	MovieActors.Add(db, heat, al)
	MovieActors.SetWith(db, heat, Casting{Role: "lead"}, al, robert)
	MovieActors.AddWith(db, heat, Casting{Role: "thief"}, robert)
	for a, c := range MovieActors.With(db, heat) {
		fmt.Println(a.Name, c.Role)
	}
	// Output:
	// Al lead
	// Robert thief
}

// A row and the junction row that leads to it, in one statement.
func Example_createWith() {
	db := memrel.MustOpen(typedMovieDB...)
	defer sequelize.Violations(db)
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	val, err := MovieActors.CreateWith(db, heat, Casting{Role: "Chris"}, Actor{Name: "Val"})
	fmt.Println(val, err)
	fmt.Println(Castings.Get(db, heat.ID, val.ID))
	// Output:
	// {1 Val} <nil>
	// {1 1 Chris} true
}

// A junction with a primary key of its own may hold a pair more than once; else its foreign keys are unique together, by a
// name that can be chosen.
func Example_notUniqueTyped() {
	type Part struct {
		ID      int64
		MovieID int64
		ActorID int64
		Role    string
	}
	parts := memrel.TableOf[Part]("parts")
	for _, option := range []memrel.AssociationOptions{{UniqueKey: "one_part_each"}, {NotUnique: true}} {
		movieActors := memrel.BelongsToMany(Movies, Actors, parts, option)
		db := memrel.MustOpen(Movies, Actors, parts, movieActors)
		clouds, _ := Movies.Insert(db, Movie{Name: "Cloud Atlas"})
		tom, _ := movieActors.CreateWith(db, clouds, Part{Role: "Henry Goose"}, Actor{Name: "Tom"})
		_, err := parts.Insert(db, Part{MovieID: clouds.ID, ActorID: tom.ID, Role: "Zachry"})
		fmt.Println(err)
		schema, _ := db.View().Schema("parts")
		fmt.Println(len(schema.Unique) == 1 && schema.Unique[0].Name == "one_part_each")
		for a, p := range movieActors.With(db, clouds) {
			fmt.Println(a.Name, p.Role)
		}
		sequelize.Violations(db)
	}
	// Output:
	// memrel: insert parts: unique key (movieId, actorId) = (1, 1) is taken; in the way: parts[1]
	// true
	// Tom Henry Goose
	// <nil>
	// false
	// Tom Henry Goose
	// Tom Zachry
}

// The singular of an alias, where English has another.
func Example_singularTyped() {
	teamPlayers := memrel.HasMany(Teams, Players, memrel.AssociationOptions{As: "staff", Singular: "staffMember"})
	db := memrel.MustOpen(Teams, Players, teamPlayers)
	defer sequelize.Violations(db)
	x := memrel.Associations(db).Association("teams", "staff").Accessors()
	fmt.Println(x.Get, x.Add, x.AddMultiple)
	// Output:
	// getStaff addStaffMember addStaff
}

// A foreign key as a column. The struct has no field for it, so the association makes it: mandatory, and by default the
// first team.
func Example_foreignColumnTyped() {
	type Fan struct {
		ID   int64
		Name string
	}
	fans := memrel.TableOf[Fan]("fans")
	key := memrel.Attribute{Column: memrel.Column{Name: "clubId", NotNull: true, Default: 1}}
	teamFans := memrel.HasMany(Teams, fans, memrel.AssociationOptions{ForeignColumn: &key})
	db := memrel.MustOpen(Teams, fans, teamFans)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "fans")
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	fans.Insert(db, Fan{Name: "ann"})
	fmt.Println(teamFans.Get(db, reds, memrel.Query{}))
	// Output:
	// fans.clubId int NOT NULL REFERENCES teams (id) ON DELETE RESTRICT ON UPDATE RESTRICT
	// [{1 ann}] <nil>
}

// What a struct says of its foreign key counts; an option that says something else is refused.
func Example_foreignColumnRefused() {
	_, err := memrel.Open(Teams, Players, memrel.HasMany(Teams, Players, memrel.AssociationOptions{ForeignColumn: mandatory}))
	fmt.Println(err)
	// Output:
	// memrel: define teams.hasMany(players): the options describe players.teamId as NOT NULL, but it may be NULL; say it where the table declares the column, which is what counts
}

// Timestamps of a junction's rows, typed: in fields if the struct has them.
func Example_timestampsTyped() {
	type Deal struct {
		MovieID   int64 `memrel:",pk"`
		ActorID   int64 `memrel:",pk"`
		Fee       int64
		CreatedAt time.Time
	}
	deals := memrel.TableOf[Deal]("deals")
	movieActors := memrel.BelongsToMany(Movies, Actors, deals, memrel.AssociationOptions{Timestamps: true})
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	db := memrel.MustOpen(Movies, Actors, deals, movieActors, memrel.Clock(func() time.Time { return now }))
	defer sequelize.Violations(db)
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	al, _ := movieActors.Create(db, heat, Actor{Name: "Al"})
	now = now.AddDate(1, 0, 0)
	movieActors.AddWith(db, heat, Deal{Fee: 9}, al)
	deal, _ := deals.Get(db, heat.ID, al.ID)
	fmt.Println(deal.Fee, deal.CreatedAt.Year())
	row, _ := deals.Rows().Get(db, heat.ID, al.ID)
	fmt.Println(row.Get("updatedAt").(time.Time).Year())
	// Output:
	// 9 2026
	// 2027
}

// The handle of a model goes by the name of the model as well as by that of its table.
func Example_modelOf() {
	db := memrel.MustOpen(fooModel)
	defer sequelize.Violations(db)
	byModel, byTable := memrel.RowsOf("foo"), memrel.ModelOf("foos")
	fmt.Println(byModel.Insert(db, memrel.Values{"name": "one"}))
	fmt.Println(byTable.Count(db, memrel.Cond{}))
	fmt.Println(memrel.RowsOf("fooes").Insert(db, nil))
	// Output:
	// foos{id: 1, name: "one"} <nil>
	// 1 <nil>
	// no row memrel: insert fooes: there is no table fooes; define it, or open the store with it
}

// Included rows have an order of their own, which may go by their associated rows too, as that of any rows found.
func Example_findAllOrderOfIncluded() {
	db := memrel.MustOpen(teamModel, playerModel, team.HasMany(player), player.BelongsTo(team), player.HasMany(player,
		memrel.AssociationOptions{As: "fans", ForeignKey: "idolId"}), player.BelongsTo(player, memrel.AssociationOptions{As: "idol"}))
	defer sequelize.Violations(db)
	reds, _ := team.Create(db, memrel.Values{"name": "Reds"})
	for _, name := range []string{"ann", "bob", "cy"} {
		reds.Create(db, "Players", memrel.Values{"name": name})
	}
	player.Update(db, memrel.Values{"idolId": 3}, 1)
	player.Update(db, memrel.Values{"idolId": 3}, 2)
	player.Update(db, memrel.Values{"idolId": 2}, 3)
	named := []string{"name"}
	byFans := []memrel.Order{{Column: "count(fans)", Desc: true}}
	sequelize.Show(team.Find(db, memrel.Query{Include: []memrel.Include{{As: "Players", Columns: named, Order: byFans}}}))
	first, _, err := player.First(db, memrel.Query{Columns: named, Order: []memrel.Order{{Column: "idol.name"}, {Column: "name", Desc: true}}})
	fmt.Println(first, err)
	// Output:
	// {"id":1,"name":"Reds","Players":[{"name":"cy"},{"name":"bob"},{"name":"ann"}]}
	// Players{name: "cy"} <nil>
}

// An association is included once: All leaves out what is named beside it, and naming one twice in different words is refused.
func Example_findAllIncludedTwice() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasMany(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the"})
	the.Create(db, "bars", memrel.Values{"name": "some"})
	the.Create(db, "bars", memrel.Values{"name": "other"})
	some := memrel.Include{As: "bars", Where: memrel.Eq("name", "some")}
	sequelize.Show(foo.Find(db, memrel.Query{Include: []memrel.Include{{All: true}, some}}))
	_, err := foo.Find(db, memrel.Query{Include: []memrel.Include{{As: "bars"}, some}})
	fmt.Println(err)
	// Output:
	// {"id":1,"name":"the","bars":[{"id":1,"name":"some","fooId":1}]}
	// memrel: include foos: foo.bars is included twice, in different words; include it once; for two views of the rows define a second association with an alias of its own
}
