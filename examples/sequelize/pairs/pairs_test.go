package pairs_test

import (
	"errors"
	"fmt"

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

var (
	Foos  = memrel.TableOf[Foo]("foos")
	Bars  = memrel.TableOf[Bar]("bars")
	Teams = memrel.TableOf[Team]("teams")
)

// Only the source of an association knows it: without the other half of the pair, a bar cannot be asked for its foo.
func Example_findOnePairs() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	the.Call(db, "createBar", memrel.Values{"name": "the-bar"})
	withBar := memrel.Query{Include: []memrel.Include{{Model: "bar"}}}
	withFoo := memrel.Query{Include: []memrel.Include{{Model: "foo"}}}

	one, _, err := foo.First(db, withBar)
	sequelize.PrintJSON(one)
	fmt.Println(err)
	_, _, err = bar.First(db, withFoo)
	fmt.Println(err)
	fmt.Println(errors.Is(err, memrel.ErrUnknownAssociation))

	db.Define(bar.BelongsTo(foo)) // the pair is complete, with the key that is there
	one, _, err = bar.First(db, withFoo)
	sequelize.PrintJSON(one)
	fmt.Println(err)
	// Output:
	// {"id":1,"name":"the-foo","bar":{"id":1,"name":"the-bar","fooId":1}}
	// <nil>
	// memrel: include bars: foo is not associated to bar!; define the association on this side too
	// true
	// {"id":1,"name":"the-bar","fooId":1,"foo":{"id":1,"name":"the-foo"}}
	// <nil>
}

// The same goes for methods: rows of the target get none.
func Example_callPairs() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar))
	defer sequelize.Violations(db)
	it, _ := bar.Create(db, memrel.Values{"name": "the-bar"})
	fmt.Println(it.Call(db, "getFoo"))
	fmt.Println(it.Get(db, "foo", memrel.Query{}))
	// Output:
	// <nil> memrel: call bars: rows of bars have no method getFoo; bars has no associations; define one on this side
	// [] memrel: get bars: association with alias "foo" does not exist on bar; define the association on this side too
}

// Typed, the half that is missing has no handle, or one that the store does not know.
func Example_setPairsTyped() {
	barFoo := memrel.BelongsTo(Bars, Foos)
	db := memrel.MustOpen(Foos, Bars, memrel.HasOne(Foos, Bars))
	defer sequelize.Violations(db)
	the, _ := Foos.Insert(db, Foo{Name: "the-foo"})
	it, _ := Bars.Insert(db, Bar{Name: "the-bar"})
	fmt.Println(barFoo.Set(db, &it, &the))
	db.Define(barFoo)
	fmt.Println(barFoo.Set(db, &it, &the))
	fmt.Println(barFoo.Get(db, it))
	// Output:
	// memrel: set bars: there is no association bars.belongsTo(foos); define it, or open the store with it
	// <nil>
	// {1 the-foo} true
}

// One-to-many from both ends.
func Example_findAllPairs() {
	db := memrel.MustOpen(teamModel, playerModel, team.HasMany(player), player.BelongsTo(team))
	defer sequelize.Violations(db)
	reds, _ := team.Create(db, memrel.Values{"name": "Reds"})
	reds.Call(db, "createPlayer", memrel.Values{"name": "ann"})
	reds.Call(db, "createPlayer", memrel.Values{"name": "bob"})
	sequelize.Show(team.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Player"}}}))
	sequelize.Show(player.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Team"}}}))
	// Output:
	// {"id":1,"name":"Reds","Players":[{"id":1,"name":"ann","TeamId":1},{"id":2,"name":"bob","TeamId":1}]}
	// {"id":1,"name":"ann","TeamId":1,"Team":{"id":1,"name":"Reds"}}
	// {"id":2,"name":"bob","TeamId":1,"Team":{"id":1,"name":"Reds"}}
}

// Several associations between the same models, told apart by their aliases.
func Example_hasOneTwice() {
	game := memrel.ModelOf("Games")
	db := memrel.MustOpen(teamModel, memrel.ModelSpec{Name: "Game"},
		team.HasOne(game, memrel.AssociationOptions{As: "HomeTeam", ForeignKey: "homeTeamId"}),
		team.HasOne(game, memrel.AssociationOptions{As: "AwayTeam", ForeignKey: "awayTeamId"}),
		game.BelongsTo(team))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "Games")
	reds, _ := team.Create(db, memrel.Values{"name": "Reds"})
	reds.Call(db, "createHomeTeam", nil)
	fmt.Println(reds.Call(db, "getHomeTeam"))
	fmt.Println(reds.Call(db, "getAwayTeam"))
	// Output:
	// Games.homeTeamId int REFERENCES Teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// Games.awayTeamId int REFERENCES Teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// Games.TeamId int REFERENCES Teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// Games{id: 1, homeTeamId: 1, awayTeamId: NULL, TeamId: NULL} <nil>
	// no row <nil>
}

// The same typed, each of the two from both ends.
func Example_hasManyTwiceTyped() {
	type Game struct {
		ID                     int64
		HomeTeamID, AwayTeamID *int64
	}
	games := memrel.TableOf[Game]("games")
	homeKey, awayKey := memrel.ForeignKey("homeTeamId"), memrel.ForeignKey("awayTeamId")
	homeGames := memrel.HasMany(Teams, games, memrel.As("homeGames"), homeKey)
	awayGames := memrel.HasMany(Teams, games, memrel.As("awayGames"), awayKey)
	home := memrel.BelongsTo(games, Teams, memrel.As("home"), homeKey)
	away := memrel.BelongsTo(games, Teams, memrel.As("away"), awayKey)
	db := memrel.MustOpen(Teams, games, homeGames, awayGames, home, away)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "games")
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	blues, _ := Teams.Insert(db, Team{Name: "Blues"})
	game, _ := homeGames.Create(db, reds, Game{})
	away.Set(db, &game, &blues)
	fmt.Println(home.Get(db, game))
	fmt.Println(away.Get(db, game))
	fmt.Println(awayGames.Count(db, blues, memrel.Cond{}))
	// Output:
	// games.homeTeamId int REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// games.awayTeamId int REFERENCES teams (id) ON DELETE SET NULL ON UPDATE CASCADE
	// {1 Reds} true
	// {2 Blues} true
	// 1 <nil>
}
