package methods_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	foo      = memrel.ModelOf("foos")
	bar      = memrel.ModelOf("bars")
	fooModel = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.Text("name")}}
	barModel = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.Text("name")}}
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

var (
	Foos         = memrel.TableOf[Foo]("foos")
	Bars         = memrel.TableOf[Bar]("bars")
	Teams        = memrel.TableOf[Team]("teams")
	Players      = memrel.TableOf[Player]("players")
	Movies       = memrel.TableOf[Movie]("movies")
	Actors       = memrel.TableOf[Actor]("actors")
	Castings     = memrel.TableOf[Casting]("castings")
	MovieActors  = memrel.BelongsToMany(Movies, Actors, Castings)
	ActorMovies  = memrel.BelongsToMany(Actors, Movies, Castings)
	TeamPlayers  = memrel.HasMany(Teams, Players)
	PlayerTeam   = memrel.BelongsTo(Players, Teams)
	typedMovieDB = []memrel.Definition{Movies, Actors, Castings, MovieActors, ActorMovies}
)

// What a hasOne gives to its source's rows: get, set and create.
func Example_callHasOne() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar1, _ := bar.Create(db, memrel.Values{"name": "some-bar"})
	bar2, _ := bar.Create(db, memrel.Values{"name": "another-bar"})
	fmt.Println(the.Call(db, "getBar"))
	the.Call(db, "setBar", bar1)
	fmt.Println(the.Call(db, "getBar"))
	the.Call(db, "setBar", bar2)
	fmt.Println(the.Call(db, "getBar"))
	the.Call(db, "setBar", nil) // un-associate
	fmt.Println(the.Call(db, "getBar"))
	the.Call(db, "createBar", memrel.Values{"name": "yet-another-bar"})
	fmt.Println(the.Call(db, "getBar"))
	// Output:
	// no row <nil>
	// bars{id: 1, name: "some-bar", fooId: 1} <nil>
	// bars{id: 2, name: "another-bar", fooId: 1} <nil>
	// no row <nil>
	// bars{id: 3, name: "yet-another-bar", fooId: 1} <nil>
}

// Set takes the place of the row that is there, create does not: two rows refer to the one then, and get gives the first. A
// foreign key that is unique refuses the second.
func Example_createHasOne() {
	key := memrel.Attribute{Unique: true}
	for _, o := range []memrel.AssociationOptions{{}, {ForeignColumn: &key}} {
		db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, o))
		the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
		the.Create(db, "bar", memrel.Values{"name": "some-bar"})
		_, err := the.Create(db, "bar", memrel.Values{"name": "another-bar"})
		fmt.Println(err)
		n, _ := bar.Count(db, memrel.Eq("fooId", 1))
		got, _ := the.Get(db, "bar", memrel.Query{})
		fmt.Println(n, got)
		sequelize.Violations(db)
	}
	// Output:
	// <nil>
	// 2 [bars{id: 1, name: "some-bar", fooId: 1}]
	// memrel: insert bars: unique key (fooId) = (1) is taken; in the way: bars[1]
	// 1 [bars{id: 1, name: "some-bar", fooId: 1}]
}

// The same by verbs. Set leaves the row that was there before without its key.
func Example_set() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar1, _ := bar.Create(db, memrel.Values{"name": "some-bar"})
	bar2, _ := bar.Create(db, memrel.Values{"name": "another-bar"})
	fmt.Println(the.Set(db, "bar", bar1), the.Set(db, "bar", bar2))
	for row := range bar.All(db) {
		fmt.Println(row)
	}
	// Output:
	// <nil> <nil>
	// bars{id: 1, name: "some-bar", fooId: NULL}
	// bars{id: 2, name: "another-bar", fooId: 1}
}

// The same typed.
func Example_setTyped() {
	fooBar := memrel.HasOne(Foos, Bars)
	db := memrel.MustOpen(Foos, Bars, fooBar)
	defer sequelize.Violations(db)
	the, _ := Foos.Insert(db, Foo{Name: "the-foo"})
	some, _ := Bars.Insert(db, Bar{Name: "some-bar"})
	_, ok := fooBar.Get(db, the)
	fmt.Println(ok)
	fooBar.Set(db, &the, &some)
	it, _ := fooBar.Get(db, the)
	fmt.Println(it.Name)
	fooBar.Set(db, &the, nil)
	fooBar.Create(db, &the, Bar{Name: "yet-another-bar"})
	it, _ = fooBar.Get(db, the)
	fmt.Println(it.Name)
	// Output:
	// false
	// some-bar
	// yet-another-bar
}

// A belongsTo gives the same three. Here they change the row itself, which keeps the key: in hand too.
func Example_callBelongsTo() {
	db := memrel.MustOpen(fooModel, barModel, bar.BelongsTo(foo))
	defer sequelize.Violations(db)
	it, _ := bar.Create(db, memrel.Values{"name": "the-bar"})
	it.Call(db, "createFoo", memrel.Values{"name": "some-foo"})
	fmt.Println(it.Call(db, "getFoo"))
	fmt.Println(it.Value("fooId"))
	it.Call(db, "setFoo", nil)
	fmt.Println(it.Call(db, "getFoo"))
	fmt.Println(it.Value("fooId"))
	// Output:
	// foos{id: 1, name: "some-foo"} <nil>
	// 1
	// no row <nil>
	// <nil>
}

// The same typed: the row is given by its address, for its key is written.
func Example_createTyped() {
	barFoo := memrel.BelongsTo(Bars, Foos)
	db := memrel.MustOpen(Foos, Bars, barFoo)
	defer sequelize.Violations(db)
	it, _ := Bars.Insert(db, Bar{Name: "the-bar"})
	some, _ := barFoo.Create(db, &it, Foo{Name: "some-foo"})
	fmt.Println(some, *it.FooID)
	barFoo.Set(db, &it, nil)
	fmt.Println(it.FooID == nil)
	// Output:
	// {1 some-foo} 1
	// true
}

// What a hasMany gives: get, count, has, set, add, remove and create. Targets are rows, keys, or lists of them.
func Example_callHasMany() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasMany(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar1, _ := bar.Create(db, memrel.Values{"name": "some-bar"})
	bar2, _ := bar.Create(db, memrel.Values{"name": "another-bar"})
	fmt.Println(the.Call(db, "getBars"))
	fmt.Println(the.Call(db, "countBars"))
	fmt.Println(the.Call(db, "hasBar", bar1))
	the.Call(db, "addBars", []memrel.Instance{bar1, bar2})
	fmt.Println(the.Call(db, "countBars"))
	the.Call(db, "addBar", bar1) // is there already
	fmt.Println(the.Call(db, "countBars"))
	fmt.Println(the.Call(db, "hasBars", bar1, bar2))
	the.Call(db, "removeBar", bar2)
	fmt.Println(the.Call(db, "countBars"))
	fmt.Println(the.Call(db, "createBar", memrel.Values{"name": "yet-another-bar"}))
	fmt.Println(the.Call(db, "countBars"))
	the.Call(db, "removeBars", 1, 3) // by their keys
	fmt.Println(the.Call(db, "countBars"))
	the.Call(db, "setBars", bar1, bar2)
	fmt.Println(the.Call(db, "countBars"))
	the.Call(db, "setBars", []memrel.Instance{}) // un-associate all
	fmt.Println(the.Call(db, "countBars"))
	// Output:
	// [] <nil>
	// 0 <nil>
	// false <nil>
	// 2 <nil>
	// 2 <nil>
	// true <nil>
	// 1 <nil>
	// bars{id: 3, name: "yet-another-bar", fooId: 1} <nil>
	// 2 <nil>
	// 0 <nil>
	// 2 <nil>
	// 0 <nil>
}

// A belongsToMany gives the same. What is taken away is the junction row; the bar stays as it is.
func Example_callBelongsToMany() {
	db := memrel.MustOpen(fooModel, barModel, foo.BelongsToMany(bar, memrel.AssociationOptions{Through: "foo_bar"}))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar1, _ := bar.Create(db, memrel.Values{"name": "some-bar"})
	bar2, _ := bar.Create(db, memrel.Values{"name": "another-bar"})
	the.Call(db, "addBars", bar1, bar2)
	fmt.Println(the.Call(db, "countBars"))
	the.Call(db, "addBar", bar1) // is there already
	fmt.Println(the.Call(db, "countBars"))
	fmt.Println(the.Call(db, "hasBars", bar1, bar2))
	the.Call(db, "removeBar", bar2)
	fmt.Println(the.Call(db, "hasBar", bar2))
	fmt.Println(the.Call(db, "createBar", memrel.Values{"name": "yet-another-bar"}))
	sequelize.Show(the.Get(db, "bars", memrel.Query{}))
	the.Call(db, "setBars", bar2)
	sequelize.Show(the.Get(db, "bars", memrel.Query{}))
	the.Call(db, "setBars", []memrel.Instance{}) // un-associate all
	fmt.Println(the.Call(db, "countBars"))
	fmt.Println(bar.Count(db, memrel.Cond{}))
	// Output:
	// 2 <nil>
	// 2 <nil>
	// true <nil>
	// false <nil>
	// bars{id: 3, name: "yet-another-bar"} <nil>
	// {"id":1,"name":"some-bar","foo_bar":{"fooId":1,"barId":1}}
	// {"id":3,"name":"yet-another-bar","foo_bar":{"fooId":1,"barId":3}}
	// {"id":2,"name":"another-bar","foo_bar":{"fooId":1,"barId":2}}
	// 0 <nil>
	// 3 <nil>
}

// The verbs behind the accessors, which take the alias.
func Example_add() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasMany(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar1, _ := bar.Create(db, memrel.Values{"name": "some-bar"})
	bar2, _ := bar.Create(db, memrel.Values{"name": "another-bar"})
	the.Add(db, "bars", bar1, bar2)
	fmt.Println(the.Has(db, "bars", bar1, bar2))
	the.Remove(db, "bars", bar2)
	the.Create(db, "bars", memrel.Values{"name": "yet-another-bar"})
	fmt.Println(the.Count(db, "bars", memrel.Like("name", "%another%")))
	the.Set(db, "bars")
	fmt.Println(the.Count(db, "bars", memrel.Cond{}))
	// Output:
	// true <nil>
	// 1 <nil>
	// 0 <nil>
}

// The same typed.
func Example_addTyped() {
	db := memrel.MustOpen(Teams, Players, TeamPlayers, PlayerTeam)
	defer sequelize.Violations(db)
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	ann, _ := Players.Insert(db, Player{Name: "ann"})
	bob, _ := Players.Insert(db, Player{Name: "bob"})
	TeamPlayers.Add(db, reds, ann, bob)
	fmt.Println(TeamPlayers.Has(db, reds, ann, bob))
	TeamPlayers.Remove(db, reds, bob)
	TeamPlayers.Create(db, reds, Player{Name: "cy"})
	fmt.Println(TeamPlayers.Count(db, reds, memrel.Cond{}))
	TeamPlayers.Set(db, reds)
	fmt.Println(TeamPlayers.Count(db, reds, memrel.Cond{}))
	// Output:
	// true <nil>
	// 2 <nil>
	// 0 <nil>
}

// Through a junction, typed: a removed link is a junction row less, the actor stays.
func Example_linksAddTyped() {
	db := memrel.MustOpen(typedMovieDB...)
	defer sequelize.Violations(db)
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	al, _ := Actors.Insert(db, Actor{Name: "Al"})
	MovieActors.Add(db, heat, al)
	MovieActors.Create(db, heat, Actor{Name: "Robert"})
	for a := range MovieActors.Of(db.View(), heat) {
		fmt.Println(a.Name)
	}
	MovieActors.Remove(db, heat, al)
	fmt.Println(MovieActors.Has(db, heat, al))
	fmt.Println(Castings.Count(db, memrel.Cond{}))
	fmt.Println(Actors.Count(db, memrel.Cond{}))
	// Output:
	// Al
	// Robert
	// false <nil>
	// 1 <nil>
	// 2 <nil>
}

// Getters take what finders take: conditions, order, limit, columns.
func Example_get() {
	project, task := memrel.ModelOf("projects"), memrel.ModelOf("tasks")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "project"},
		memrel.ModelSpec{Name: "task", Columns: []memrel.Attribute{sequelize.Text("title"), sequelize.Number("difficulty")}}, project.HasMany(task))
	defer sequelize.Violations(db)
	p, _ := project.Create(db, nil)
	for i, title := range []string{"plan", "build", "test", "ship"} {
		p.Create(db, "tasks", memrel.Values{"title": title, "difficulty": 2 * (i + 1)})
	}
	sequelize.Show(p.Get(db, "tasks", memrel.Query{Where: memrel.Lte("difficulty", 5)}))
	sequelize.Show(p.Get(db, "tasks", memrel.Query{Columns: []string{"title"}, Order: []memrel.Order{{Column: "title"}}, Limit: 2}))
	fmt.Println(p.Call(db, "countTasks", memrel.Gt("difficulty", 5)))
	// Output:
	// {"id":1,"title":"plan","difficulty":2,"projectId":1}
	// {"id":2,"title":"build","difficulty":4,"projectId":1}
	// {"title":"build"}
	// {"title":"plan"}
	// 2 <nil>
}

// The same typed.
func Example_manyGetTyped() {
	db := memrel.MustOpen(Teams, Players, TeamPlayers)
	defer sequelize.Violations(db)
	reds, _ := Teams.Insert(db, Team{Name: "Reds"})
	for _, name := range []string{"ann", "bob", "cy"} {
		TeamPlayers.Create(db, reds, Player{Name: name})
	}
	found, err := TeamPlayers.Get(db, reds, memrel.Query{Where: memrel.Ne("name", "bob"),
		Order: []memrel.Order{{Column: "name", Desc: true}}})
	for _, p := range found {
		fmt.Println(p.Name)
	}
	fmt.Println(err)
	// Output:
	// cy
	// ann
	// <nil>
}

// Names of methods: a prefix and the model's name, in the plural where there are many. Irregular plurals are known, and an
// alias stands in for the name.
func Example_associationsListed() {
	task, user := memrel.ModelOf("Tasks"), memrel.ModelOf("Users")
	person, hypothesis := memrel.ModelOf("People"), memrel.ModelOf("Hypotheses")
	db := memrel.MustOpen(
		memrel.ModelSpec{Name: "Task"}, memrel.ModelSpec{Name: "User"}, task.HasOne(user, memrel.AssociationOptions{As: "Author"}),
		memrel.ModelSpec{Name: "Person"}, memrel.ModelSpec{Name: "Hypothesis"}, person.HasMany(hypothesis), hypothesis.HasMany(person))
	defer sequelize.Violations(db)
	for _, a := range memrel.Associations(db).Associations() {
		x := a.Accessors()
		fmt.Println(a, "has", x.Get, x.Set, x.Create)
		if a.Kind.Many() {
			fmt.Println(" ", x.Count, x.HasSingle, x.HasAll, x.Add, x.AddMultiple, x.Remove, x.RemoveMultiple)
		}
	}
	ada, _ := person.Create(db, nil)
	fmt.Println(ada.Call(db, "createHypothesis"))
	fmt.Println(ada.Call(db, "getHypothesis"))
	// Output:
	// Task.Author has getAuthor setAuthor createAuthor
	// Person.Hypotheses has getHypotheses setHypotheses createHypothesis
	//   countHypotheses hasHypothesis hasHypotheses addHypothesis addHypotheses removeHypothesis removeHypotheses
	// Hypothesis.People has getPeople setPeople createPerson
	//   countPeople hasPerson hasPeople addPerson addPeople removePerson removePeople
	// Hypotheses{id: 1, PersonId: 1} <nil>
	// <nil> memrel: call People: rows of People have no method getHypothesis; there are getHypotheses setHypotheses createHypothesis, ...
}

// A verb is one statement: either every target can be taken, or nothing was done.
func Example_addAtomic() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasMany(bar))
	defer sequelize.Violations(db)
	the, _ := foo.Create(db, memrel.Values{"name": "the-foo"})
	bar.Create(db, memrel.Values{"name": "some-bar"})
	fmt.Println(the.Add(db, "bars", 1, 99))
	fmt.Println(the.Count(db, "bars", memrel.Cond{}))
	// Output:
	// memrel: add bars: there is no row bars[99]
	// 0 <nil>
}
