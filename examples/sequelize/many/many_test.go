package many_test

import (
	"fmt"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	team        = memrel.ModelOf("Teams")
	player      = memrel.ModelOf("Players")
	movie       = memrel.ModelOf("Movies")
	actor       = memrel.ModelOf("Actors")
	teamModel   = memrel.ModelSpec{Name: "Team", Columns: []memrel.Attribute{sequelize.Text("name")}}
	playerModel = memrel.ModelSpec{Name: "Player", Columns: []memrel.Attribute{sequelize.Text("name")}}
	movieModel  = memrel.ModelSpec{Name: "Movie", Columns: []memrel.Attribute{sequelize.Text("name")}}
	actorModel  = memrel.ModelSpec{Name: "Actor", Columns: []memrel.Attribute{sequelize.Text("name")}}
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
	Teams       = memrel.TableOf[Team]("teams")
	Players     = memrel.TableOf[Player]("players")
	Movies      = memrel.TableOf[Movie]("movies")
	Actors      = memrel.TableOf[Actor]("actors")
	Castings    = memrel.TableOf[Casting]("castings")
	TeamPlayers = memrel.HasMany(Teams, Players)
	PlayerTeam  = memrel.BelongsTo(Players, Teams)
)

// One-to-many: the key can only be in the table of which there are many.
func Example_hasMany() {
	db := memrel.MustOpen(teamModel, playerModel, team.HasMany(player), player.BelongsTo(team))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "Teams", "Players")
	// Output:
	// Teams
	//   id int NOT NULL
	//   name string
	//   PRIMARY KEY (id)
	// Players
	//   id int NOT NULL
	//   name string
	//   TeamId int REFERENCES Teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
}

// The same between structs, and what the handle does: a wrong row would not compile.
func Example_hasManyTyped() {
	db := memrel.MustOpen(Teams, Players, TeamPlayers, PlayerTeam)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "players")
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	TeamPlayers.Create(db, reds, Player{Name: "ann"})
	TeamPlayers.Create(db, reds, Player{Name: "bob"})
	for p := range TeamPlayers.Of(db.View(), reds) {
		fmt.Println(p.Name)
	}
	// Output:
	// players.teamId int REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// ann
	// bob
}

// The options are those of a one-to-one: here another name, and a key that may not be NULL.
func Example_hasManyOptions() {
	club := memrel.AssociationOptions{ForeignKey: "clubId", ForeignColumn: mandatory}
	db := memrel.MustOpen(teamModel, playerModel, team.HasMany(player, club), player.BelongsTo(team, club))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "Players")
	// Output:
	// Players.clubId int NOT NULL REFERENCES Teams (id) ON DELETE RESTRICT ON UPDATE RESTRICT
}

// An action that one side says stands before the default of the other.
func Example_hasManyActions() {
	db := memrel.MustOpen(teamModel, playerModel, team.HasMany(player),
		player.BelongsTo(team, memrel.AssociationOptions{OnDelete: memrel.Cascade}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "Players")
	reds, _ := team.Create(db, memrel.Values{"name": "Reds"})
	reds.Create(db, "Players", memrel.Values{"name": "ann"})
	preview, _ := db.View().PreviewDelete("Teams", 1)
	fmt.Print(preview)
	// Output:
	// Players.TeamId int REFERENCES Teams (id) ON DELETE CASCADE ON UPDATE CASCADE
	// delete Teams[1]
	// └─ cascade delete Players[1] (Players_TeamId_fkey)
	// Players: 1 deleted
	// Teams: 1 deleted
}

// Many-to-many: the junction comes into being by itself, with the two keys together as its primary key.
func Example_belongsToMany() {
	db := memrel.MustOpen(movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "ActorMovies"}),
		actor.BelongsToMany(movie, memrel.AssociationOptions{Through: "ActorMovies"}))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "ActorMovies")
	// Output:
	// ActorMovies
	//   MovieId int NOT NULL REFERENCES Movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   ActorId int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (MovieId, ActorId)
}

// Between structs the junction is a struct like the others.
func Example_belongsToManyTyped() {
	movieActors := memrel.BelongsToMany(Movies, Actors, Castings)
	actorMovies := memrel.BelongsToMany(Actors, Movies, Castings)
	db := memrel.MustOpen(Movies, Actors, Castings, movieActors, actorMovies)
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "castings")
	// Output:
	// castings
	//   movieId int NOT NULL REFERENCES movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   actorId int NOT NULL REFERENCES actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   role string NOT NULL
	//   PRIMARY KEY (movieId, actorId)
}

// With timestamps, which a clock of the caller's gives.
func Example_belongsToManyTimestamps() {
	clock := memrel.Clock(func() time.Time { return time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC) })
	db := memrel.MustOpen(clock, movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "ActorMovies", Timestamps: true}))
	defer sequelize.Violations(db)
	heat, _ := movie.Create(db, memrel.Values{"name": "Heat"})
	heat.Create(db, "Actors", memrel.Values{"name": "Al"})
	sequelize.Show(heat.Get(db, "Actors", memrel.Query{}))
	// Output:
	// {"id":1,"name":"Al","ActorMovies":{"createdAt":"2001-02-03T04:05:06Z","updatedAt":"2001-02-03T04:05:06Z","MovieId":1,"ActorId":1}}
}

// The junction may be a model that is declared, with references of its own and with more columns.
func Example_belongsToManyModel() {
	junction := memrel.ModelSpec{Name: "ActorMovies", FreezeTableName: true, Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "MovieId", Type: memrel.Int}, References: "Movie"},
		{Column: memrel.Column{Name: "ActorId", Type: memrel.Int}, References: "Actor", RefKey: "id"},
		sequelize.Text("role"),
	}}
	db := memrel.MustOpen(movieModel, actorModel, junction,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "ActorMovies"}),
		actor.BelongsToMany(movie, memrel.AssociationOptions{Through: "ActorMovies"}))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "ActorMovies")
	// Output:
	// ActorMovies
	//   MovieId int NOT NULL REFERENCES Movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   ActorId int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   role string
	//   PRIMARY KEY (MovieId, ActorId)
}

// Junction rows go with either end by default. Another action can be said, for each side by its own association.
func Example_belongsToManyActions() {
	db := memrel.MustOpen(movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "ActorMovies", OnDelete: memrel.Restrict}),
		actor.BelongsToMany(movie, memrel.AssociationOptions{Through: "ActorMovies", OnDelete: memrel.Cascade}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ActorMovies")
	heat, _ := movie.Create(db, memrel.Values{"name": "Heat"})
	heat.Create(db, "Actors", memrel.Values{"name": "Al"})
	fmt.Println(heat.Delete(db))
	_, err := actor.Delete(db, 1)
	fmt.Println(err, heat.Delete(db))
	// Output:
	// ActorMovies.MovieId int NOT NULL REFERENCES Movies (id) ON DELETE RESTRICT ON UPDATE CASCADE
	// ActorMovies.ActorId int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	// memrel: delete Movies: Movies 1 is still referenced (ActorMovies.MovieId -> Movies.id, RESTRICT); in the way: ActorMovies[1, 1]
	// <nil> <nil>
}

// The same typed.
func Example_belongsToManyActionsTyped() {
	db := memrel.MustOpen(Movies, Actors, Castings,
		memrel.BelongsToMany(Movies, Actors, Castings, memrel.OnDelete(memrel.Restrict)),
		memrel.BelongsToMany(Actors, Movies, Castings, memrel.OnDelete(memrel.Cascade)))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "castings")
	// Output:
	// castings.movieId int NOT NULL REFERENCES movies (id) ON DELETE RESTRICT ON UPDATE CASCADE
	// castings.actorId int NOT NULL REFERENCES actors (id) ON DELETE CASCADE ON UPDATE CASCADE
}

// A junction with a primary key of its own gets a unique key over the two foreign keys, which can be named.
func Example_belongsToManyUniqueKey() {
	project, user := memrel.ModelOf("Projects"), memrel.ModelOf("Users")
	id := memrel.Attribute{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}
	for _, name := range []string{"", "my_custom_unique"} {
		db := memrel.MustOpen(memrel.ModelSpec{Name: "Project"}, memrel.ModelSpec{Name: "User"},
			memrel.ModelSpec{Name: "UserProjects", Columns: []memrel.Attribute{id}},
			project.BelongsToMany(user, memrel.AssociationOptions{Through: "UserProjects", UniqueKey: name}))
		sequelize.PrintTables(db, "UserProjects")
		sequelize.Violations(db)
	}
	// Output:
	// UserProjects
	//   id int NOT NULL
	//   ProjectId int REFERENCES Projects (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   UserId int REFERENCES Users (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	//   CONSTRAINT UserProjects_ProjectId_UserId_unique UNIQUE (ProjectId, UserId)
	// UserProjects
	//   id int NOT NULL
	//   ProjectId int REFERENCES Projects (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   UserId int REFERENCES Users (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	//   CONSTRAINT my_custom_unique UNIQUE (ProjectId, UserId)
}

// Typed, the junction's struct says its keys, and the handle its unique key.
func Example_belongsToManyUniqueKeyTyped() {
	type Part struct {
		ID      int64
		MovieID int64
		ActorID int64
	}
	parts := memrel.TableOf[Part]("parts", memrel.UniqueKey{Name: "my_custom_unique", Columns: []string{"movieId", "actorId"}})
	db := memrel.MustOpen(Movies, Actors, parts, memrel.BelongsToMany(Movies, Actors, parts))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "parts")
	// Output:
	// parts
	//   id int NOT NULL
	//   movieId int NOT NULL REFERENCES movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   actorId int NOT NULL REFERENCES actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	//   CONSTRAINT my_custom_unique UNIQUE (movieId, actorId)
}

// Such a junction may also hold a pair more than once.
func Example_belongsToManyNotUnique() {
	id := memrel.Attribute{Column: memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true}, PrimaryKey: true}
	casting := memrel.ModelSpec{Name: "Casting", Columns: []memrel.Attribute{id, sequelize.Text("role")}}
	db := memrel.MustOpen(movieModel, actorModel, casting,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "Casting", NotUnique: true}))
	defer sequelize.Violations(db)
	clouds, _ := movie.Create(db, memrel.Values{"name": "Cloud Atlas"})
	actor.Create(db, memrel.Values{"name": "Tom"})
	for _, role := range []string{"Henry Goose", "Zachry"} {
		memrel.RowsOf("Castings").Insert(db, memrel.Values{"MovieId": 1, "ActorId": 1, "role": role})
	}
	sequelize.Show(clouds.Get(db, "Actors", memrel.Query{Through: memrel.Through{Columns: []string{"role"}}}))
	// Output:
	// {"id":1,"name":"Tom","Casting":{"role":"Henry Goose"}}
	// {"id":1,"name":"Tom","Casting":{"role":"Zachry"}}
}

// The two keys of a junction by other names. Each association calls the key to its own model ForeignKey.
func Example_belongsToManyOtherKey() {
	db := memrel.MustOpen(movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "cast", ForeignKey: "film", OtherKey: "star"}),
		actor.BelongsToMany(movie, memrel.AssociationOptions{Through: "cast", ForeignKey: "star", OtherKey: "film"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "cast")
	// Output:
	// cast.film int NOT NULL REFERENCES Movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	// cast.star int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
}

// A key as a column: here the star is filled in where nothing is said.
func Example_belongsToManyOtherColumn() {
	star := memrel.Attribute{Column: memrel.Column{Name: "star", Default: 1}}
	db := memrel.MustOpen(movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{Through: "cast", ForeignKey: "film", OtherColumn: &star}))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "cast")
	movie.Insert(db, memrel.Values{"name": "Heat"})
	actor.Insert(db, memrel.Values{"name": "Al"})
	fmt.Println(memrel.RowsOf("cast").Insert(db, memrel.Values{"film": 1}))
	// Output:
	// cast
	//   film int NOT NULL REFERENCES Movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   star int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (film, star)
	// cast{film: 1, star: 1} <nil>
}

// The same typed.
func Example_otherKeyTyped() {
	type Part struct {
		Film int64 `memrel:",pk"`
		Star int64 `memrel:",pk"`
	}
	parts := memrel.TableOf[Part]("parts")
	movieStars := memrel.BelongsToMany(Movies, Actors, parts, memrel.ForeignKey("film"), memrel.OtherKey("star"), memrel.As("stars"))
	db := memrel.MustOpen(Movies, Actors, parts, movieStars)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "parts")
	// Output:
	// parts.film int NOT NULL REFERENCES movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	// parts.star int NOT NULL REFERENCES actors (id) ON DELETE CASCADE ON UPDATE CASCADE
}
