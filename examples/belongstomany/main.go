// Command belongstomany: movies have actors and actors have movies; a junction, casting, keeps both foreign keys and says
// more of the pair.
package main

import (
	"fmt"

	"github.com/memrel/memrel"
)

type Movie struct {
	ID    int64
	Title string
}

type Actor struct {
	ID   int64
	Name string
}

// Casting is the junction. Its keys together are its primary key: no actor is in a movie twice.
type Casting struct {
	MovieID int64 `memrel:",pk"`
	ActorID int64 `memrel:",pk"`
	Role    string
}

var (
	Movies      = memrel.TableOf[Movie]("movies")
	Actors      = memrel.TableOf[Actor]("actors")
	Castings    = memrel.TableOf[Casting]("castings")
	MovieActors = memrel.BelongsToMany(Movies, Actors, Castings)
	ActorMovies = memrel.BelongsToMany(Actors, Movies, Castings)
)

func main() {
	db := memrel.MustOpen(Movies, Actors, Castings, MovieActors, ActorMovies)
	trees, _ := Movies.Insert(db, Movie{Title: "Trees"})
	leaves, _ := Movies.Insert(db, Movie{Title: "Leaves"})
	ann, _ := Actors.Insert(db, Actor{Name: "Ann"})

	MovieActors.AddWith(db, trees, Casting{Role: "the oak"}, ann) // the junction's keys are filled in
	ActorMovies.Add(db, ann, leaves)                              // from the other side it is the same junction
	MovieActors.Create(db, trees, Actor{Name: "Bob"})             // a new actor, and the link to him

	for actor, casting := range MovieActors.With(db.View(), trees) {
		fmt.Printf("%s is %q in %s\n", actor.Name, casting.Role, trees.Title)
	}
	for movie := range ActorMovies.Of(db.View(), ann) {
		fmt.Println("Ann is in", movie.Title)
	}

	MovieActors.Set(db, trees, ann) // from now on these and no others; her role stays
	n, _ := MovieActors.Count(db, trees, memrel.Cond{})
	casting, _ := Castings.Get(db, trees.ID, ann.ID)
	fmt.Println("actors in Trees:", n, "-", casting.Role)

	Movies.Delete(db, trees.ID) // links go with either end; actors stay
	links, _ := Castings.Count(db, memrel.Cond{})
	actors, _ := Actors.Count(db, memrel.Cond{})
	fmt.Println("links:", links, "actors:", actors)
}
