package tx_test

import (
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	user      = memrel.ModelOf("Users")
	userModel = memrel.ModelSpec{Name: "User", Columns: []memrel.Attribute{sequelize.Text("name")}}
	task      = memrel.ModelOf("Tasks")
	tool      = memrel.ModelOf("Tools")
	taskModel = memrel.ModelSpec{Name: "Task", Columns: []memrel.Attribute{sequelize.Text("title"), sequelize.Number("effort")}}
	toolModel = memrel.ModelSpec{Name: "Tool", Columns: []memrel.Attribute{sequelize.Text("name")}}
	unseen    = memrel.Through{Columns: []string{}}
	foo       = memrel.ModelOf("foos")
	bar       = memrel.ModelOf("bars")
	fooModel  = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.Text("name")}}
	barModel  = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.Text("name")}}
)

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
	Movies       = memrel.TableOf[Movie]("movies")
	Actors       = memrel.TableOf[Actor]("actors")
	Castings     = memrel.TableOf[Casting]("castings")
	MovieActors  = memrel.BelongsToMany(Movies, Actors, Castings)
	ActorMovies  = memrel.BelongsToMany(Actors, Movies, Castings)
	typedMovieDB = []memrel.Definition{Movies, Actors, Castings, MovieActors, ActorMovies}
)

// workshop has ann with two tasks, of which one takes two tools, bob with one task and no tool, and cy with nothing to do.
func workshop() *memrel.DB {
	through := memrel.AssociationOptions{Through: "TaskTools"}
	db := memrel.MustOpen(userModel, taskModel, toolModel, user.HasMany(task), task.BelongsTo(user),
		task.BelongsToMany(tool, through), tool.BelongsToMany(task, through))
	user.InsertAll(db, []memrel.Values{{"name": "ann"}, {"name": "bob"}, {"name": "cy"}})
	task.InsertAll(db, []memrel.Values{{"title": "saw", "effort": 3, "UserId": 1}, {"title": "paint", "effort": 1, "UserId": 1},
		{"title": "sweep", "effort": 2, "UserId": 2}})
	saw, _, _ := task.FindByPk(db, memrel.Query{}, 1)
	saw.Create(db, "Tools", memrel.Values{"name": "saw"})
	saw.Create(db, "Tools", memrel.Values{"name": "vise"})
	return db
}

// Verbs take a transaction where they take a store: what they did is there for all to see, or for nobody.
func Example_addTransaction() {
	db := workshop()
	defer sequelize.Violations(db)
	cy, _, _ := user.FindByPk(db, memrel.Query{}, 3)
	tasks := func(r memrel.Reader) int {
		n, _ := cy.Count(r, "Tasks", memrel.Cond{})
		return n
	}
	err := db.Update(func(tx *memrel.Tx) error {
		if _, err := cy.Create(tx, "Tasks", memrel.Values{"title": "plan", "effort": 5}); err != nil {
			return err
		}
		if err := cy.Add(tx, "Tasks", 1, 2); err != nil {
			return err
		}
		fmt.Println("inside:", tasks(tx), "outside:", tasks(db))
		return errors.New("not today")
	})
	fmt.Println(err, tasks(db))
	// Output:
	// inside: 3 outside: 0
	// not today 0
}

// A transaction begun by hand, with the verbs by their names: committed.
func Example_callTransaction() {
	db := workshop()
	defer sequelize.Violations(db)
	tx := db.Begin()
	defer tx.Rollback() // does nothing after Commit
	cy, _, _ := user.FindByPk(tx, memrel.Query{}, 3)
	cy.Call(tx, "setTasks", 1, 3)
	fmt.Println(cy.Call(tx, "countTasks"))
	fmt.Println(tx.Commit())
	fmt.Println(cy.Call(db, "countTasks"))
	// Output:
	// 2 <nil>
	// <nil>
	// 2 <nil>
}

// A verb that is refused leaves the transaction as it was before, and the transaction can go on.
func Example_setTransaction() {
	db := workshop()
	defer sequelize.Violations(db)
	saw, _, _ := task.FindByPk(db, memrel.Query{}, 1)
	err := db.Update(func(tx *memrel.Tx) error {
		fmt.Println(saw.Set(tx, "Tools", 2, 99))
		fmt.Println(saw.Count(tx, "Tools", memrel.Cond{}))
		return saw.Remove(tx, "Tools", 1)
	})
	fmt.Println(err)
	fmt.Println(saw.Get(db, "Tools", memrel.Query{Through: unseen}))
	// Output:
	// memrel: insert TaskTools: Tools 99 does not exist (TaskTools.ToolId -> Tools.id)
	// 2 <nil>
	// <nil>
	// [Tools{id: 2, name: "vise"}] <nil>
}

// A savepoint takes back verbs alone.
func Example_txSavepointVerbs() {
	db := workshop()
	defer sequelize.Violations(db)
	ann, _, _ := user.FindByPk(db, memrel.Query{}, 1)
	db.Update(func(tx *memrel.Tx) error {
		ann.Remove(tx, "Tasks", 1)
		tx.Savepoint("one")
		ann.Set(tx, "Tasks")
		fmt.Println(ann.Count(tx, "Tasks", memrel.Cond{}))
		return tx.RollbackTo("one")
	})
	fmt.Println(ann.Count(db, "Tasks", memrel.Cond{}))
	// Output:
	// 0 <nil>
	// 1 <nil>
}

// What a verb does is what its statements do: the changes name the tables and the rows.
func Example_txChangesVerbs() {
	db := workshop()
	defer sequelize.Violations(db)
	saw, _, _ := task.FindByPk(db, memrel.Query{}, 1)
	db.Update(func(tx *memrel.Tx) error {
		saw.Create(tx, "Tools", memrel.Values{"name": "rule"})
		saw.Remove(tx, "Tools", 1)
		saw.Set(tx, "User", 2)
		for _, c := range tx.Changes() {
			fmt.Println(c)
		}
		return nil
	})
	// Output:
	// Tools[3]: insert
	// TaskTools[1, 3]: insert
	// TaskTools[1, 1]: delete
	// Tasks[1]: update
}

// Definitions are transactional too: a refused one leaves nothing, and one that is rolled back was never there.
func Example_txDefineAssociation() {
	db := memrel.MustOpen(fooModel, barModel)
	defer sequelize.Violations(db)
	tx := db.Begin()
	fmt.Println(tx.Define(foo.HasMany(bar)))
	sequelize.PrintKeys(db, "bars")
	fmt.Println(len(memrel.Associations(tx).Of("foos")), len(memrel.Associations(db).Of("foos")))
	tx.Rollback()
	fmt.Println(len(memrel.Associations(db).Of("foos")))
	// Output:
	// <nil>
	// 1 0
	// 0
}

// The same typed: a movie with its whole cast, or none of it.
func Example_createTransactionTyped() {
	db := memrel.MustOpen(typedMovieDB...)
	defer sequelize.Violations(db)
	for _, fail := range []bool{true, false} {
		err := db.Update(func(tx *memrel.Tx) error {
			heat, err := Movies.Insert(tx, Movie{Name: "Heat"})
			if err != nil {
				return err
			}
			for _, name := range []string{"Al", "Robert"} {
				if _, err := MovieActors.Create(tx, heat, Actor{Name: name}); err != nil {
					return err
				}
			}
			if n, _ := MovieActors.Count(tx, heat, memrel.Cond{}); fail {
				return fmt.Errorf("%d actors are too few", n)
			}
			return nil
		})
		n, _ := Castings.Count(db, memrel.Cond{})
		fmt.Println(n, err)
	}
	// Output:
	// 0 2 actors are too few
	// 2 <nil>
}
