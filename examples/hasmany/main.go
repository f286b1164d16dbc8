// Command hasmany: a team has players; each player keeps the foreign key.
package main

import (
	"fmt"

	"github.com/memrel/memrel"
)

type Team struct {
	ID   int64
	Name string
}

type Player struct {
	ID     int64
	Name   string
	Goals  int64
	TeamID *int64
}

var (
	Teams       = memrel.TableOf[Team]("teams")
	Players     = memrel.TableOf[Player]("players")
	TeamPlayers = memrel.HasMany(Teams, Players)   // a player whose team is deleted stays, with no team
	PlayerTeam  = memrel.BelongsTo(Players, Teams) // the same key, from the other side
)

func main() {
	db := memrel.MustOpen(Teams, Players, TeamPlayers, PlayerTeam)
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	Teams.Insert(db, Team{Name: "Blues"})
	ann, _ := TeamPlayers.Create(db, reds, Player{Name: "Ann", Goals: 3})
	TeamPlayers.Create(db, reds, Player{Name: "Bob", Goals: 1})
	cy, _ := Players.Insert(db, Player{Name: "Cy", Goals: 2})

	TeamPlayers.Add(db, reds, cy)
	TeamPlayers.Remove(db, reds, ann)
	for p := range TeamPlayers.Of(db.View(), reds) { // walks the index of the key
		fmt.Println(p.Name, "plays for team", *p.TeamID)
	}

	// With an order, a limit or a condition it is a query.
	best, _ := TeamPlayers.Get(db, reds, memrel.Query{Order: []memrel.Order{{Column: "goals", Desc: true}}, Limit: 1})
	fmt.Println("best:", best[0].Name)

	// Conditions and counts go across associations, without a join to write.
	scorers := memrel.Some("players", memrel.Gte("goals", 2))
	few := memrel.CountOf("players", memrel.Lt("count", 2))
	for _, where := range []memrel.Cond{scorers, few} {
		teams, _ := Teams.Find(db, memrel.Query{Where: where})
		fmt.Println(where, "->", teams[0].Name)
	}

	Teams.Delete(db, reds.ID)
	alone, _ := Players.Count(db, memrel.IsNull("teamId"))
	fmt.Println("players without a team:", alone)
}
