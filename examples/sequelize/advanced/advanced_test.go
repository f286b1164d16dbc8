package advanced_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	movie      = memrel.ModelOf("Movies")
	actor      = memrel.ModelOf("Actors")
	movieModel = memrel.ModelSpec{Name: "Movie", Columns: []memrel.Attribute{sequelize.Text("name")}}
	actorModel = memrel.ModelSpec{Name: "Actor", Columns: []memrel.Attribute{sequelize.Text("name")}}
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

var (
	user, profile = memrel.ModelOf("Users"), memrel.ModelOf("Profiles")
	grant         = memrel.ModelOf("Grants")
	userModel     = memrel.ModelSpec{Name: "User", Columns: []memrel.Attribute{sequelize.Text("name")}}
	profileModel  = memrel.ModelSpec{Name: "Profile", Columns: []memrel.Attribute{sequelize.Text("name")}}
	// grantModel is a junction with a column of its own.
	grantModel = memrel.ModelSpec{Name: "Grant", Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "selfGranted", Type: memrel.Bool, Default: false}}}}
	throughGrant = memrel.AssociationOptions{Through: "Grant"}
)

// granted has amy with two profiles, of which one is her own doing.
func granted() (db *memrel.DB, amy memrel.Instance) {
	db = memrel.MustOpen(userModel, profileModel, grantModel,
		user.BelongsToMany(profile, throughGrant), profile.BelongsToMany(user, throughGrant))
	amy, _ = user.Create(db, memrel.Values{"name": "amy"})
	amy.Create(db, "Profiles", memrel.Values{"name": "queen"})
	amy.Create(db, "Profiles", memrel.Values{"name": "pilot"}, memrel.Values{"selfGranted": true})
	return db, amy
}

// Junction rows can hold values of their own, given when a link is made, and shown with the rows that it leads to.
func Example_with() {
	db, amy := granted()
	defer sequelize.Violations(db)
	clerk, _ := profile.Create(db, memrel.Values{"name": "clerk"})
	fmt.Println(amy.Add(db, "Profiles", memrel.With(memrel.Values{"selfGranted": true}, clerk)))
	its, _ := amy.Get(db, "Profiles", memrel.Query{})
	sequelize.PrintJSON(its...)
	fmt.Println(its[2].Junction().Get("selfGranted"))
	// Output:
	// <nil>
	// {"id":1,"name":"queen","Grant":{"selfGranted":false,"UserId":1,"ProfileId":1}}
	// {"id":2,"name":"pilot","Grant":{"selfGranted":true,"UserId":1,"ProfileId":2}}
	// {"id":3,"name":"clerk","Grant":{"selfGranted":true,"UserId":1,"ProfileId":3}}
	// true
}

// Values on set: each target its own. A link that stays gets the values too, and one without values stays as it is.
func Example_withSet() {
	db, amy := granted()
	defer sequelize.Violations(db)
	clerk, _ := profile.Create(db, memrel.Values{"name": "clerk"})
	fmt.Println(amy.Call(db, "setProfiles", memrel.With(memrel.Values{"selfGranted": true}, 1), 2, clerk))
	for row := range grant.All(db) {
		fmt.Println(row)
	}
	// Output:
	// <nil> <nil>
	// Grants{selfGranted: true, UserId: 1, ProfileId: 1}
	// Grants{selfGranted: true, UserId: 1, ProfileId: 2}
	// Grants{selfGranted: false, UserId: 1, ProfileId: 3}
}

// Values on create are a second argument; in an include the junction row stands under the name of its model.
func Example_createThrough() {
	db, amy := granted()
	defer sequelize.Violations(db)
	amy.Call(db, "createProfile", memrel.Values{"name": "clerk"}, memrel.Values{"selfGranted": true})
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Profile"}}}))
	// Output:
	// {"id":1,"name":"amy","Profiles":[{"id":1,"name":"queen","Grant":{"selfGranted":false,"UserId":1,"ProfileId":1}},{"id":2,"name":"pilot","Grant":{"selfGranted":true,"UserId":1,"ProfileId":2}},{"id":3,"name":"clerk","Grant":{"selfGranted":true,"UserId":1,"ProfileId":3}}]}
}

// Which columns of the junction are shown, and which junction rows count.
func Example_through() {
	db, amy := granted()
	defer sequelize.Violations(db)
	for _, t := range []memrel.Through{
		{Columns: []string{"selfGranted"}},
		{Columns: []string{}},
		{Where: memrel.Eq("selfGranted", true), Columns: []string{}},
	} {
		sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Profiles", Through: t}}}))
		its, _ := amy.Get(db, "Profiles", memrel.Query{Through: t})
		fmt.Println(len(its))
	}
	// Output:
	// {"id":1,"name":"amy","Profiles":[{"id":1,"name":"queen","Grant":{"selfGranted":false}},{"id":2,"name":"pilot","Grant":{"selfGranted":true}}]}
	// 2
	// {"id":1,"name":"amy","Profiles":[{"id":1,"name":"queen"},{"id":2,"name":"pilot"}]}
	// 2
	// {"id":1,"name":"amy","Profiles":[{"id":2,"name":"pilot"}]}
	// 1
}

// Junction values typed: they are a value of the junction's struct, whose keys the store fills in.
func Example_withTyped() {
	db := memrel.MustOpen(typedMovieDB...)
	defer sequelize.Violations(db)
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	al, _ := Actors.Insert(db, Actor{Name: "Al"})
	robert, _ := Actors.Insert(db, Actor{Name: "Robert"})
	MovieActors.AddWith(db, heat, Casting{Role: "Hanna"}, al)
	MovieActors.AddWith(db, heat, Casting{Role: "McCauley"}, robert)
	MovieActors.Set(db, heat, al, robert) // both were there and keep their roles
	for a, casting := range MovieActors.With(db.View(), heat) {
		fmt.Println(a.Name, "as", casting.Role)
	}
	for m, casting := range ActorMovies.With(db.View(), al) {
		fmt.Println(casting.Role, "in", m.Name)
	}
	// Output:
	// Al as Hanna
	// Robert as McCauley
	// Hanna in Heat
}

// superGranted has the six associations of a super many-to-many: through the junction, and to and from it.
func superGranted() *memrel.DB {
	db := memrel.MustOpen(userModel, profileModel, grantModel,
		user.BelongsToMany(profile, throughGrant), profile.BelongsToMany(user, throughGrant),
		user.HasMany(grant), grant.BelongsTo(user),
		profile.HasMany(grant), grant.BelongsTo(profile))
	amy, _ := user.Create(db, memrel.Values{"name": "amy"})
	amy.Create(db, "Profiles", memrel.Values{"name": "queen"}, memrel.Values{"selfGranted": true})
	return db
}

// A many-to-many and the two one-to-many beside it share the keys of one junction.
func Example_belongsToManySuper() {
	db := superGranted()
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "Grants")
	for _, a := range memrel.Associations(db).Associations() {
		fmt.Println(a.Spec, a.As, a.ForeignKey)
	}
	// Output:
	// Grants
	//   selfGranted bool
	//   UserId int NOT NULL REFERENCES Users (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   ProfileId int NOT NULL REFERENCES Profiles (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (UserId, ProfileId)
	// Users.belongsToMany(Profiles) Profiles UserId
	// Profiles.belongsToMany(Users) Users ProfileId
	// Users.hasMany(Grants) Grants UserId
	// Grants.belongsTo(Users) User UserId
	// Profiles.hasMany(Grants) Grants ProfileId
	// Grants.belongsTo(Profiles) Profile ProfileId
}

// A super many-to-many can be read both ways: the profiles of a user, or the grants of a user and the profile of each.
func Example_findAllSuper() {
	db := superGranted()
	defer sequelize.Violations(db)
	for _, include := range []memrel.Include{
		{Model: "Profile"},
		{Model: "Grant"},
		{Model: "Grant", Include: []memrel.Include{{Model: "Profile"}}},
	} {
		sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{include}}))
	}
	sequelize.Show(grant.Find(db, memrel.Query{Include: []memrel.Include{{Model: "User"}, {Model: "Profile"}}}))
	// Output:
	// {"id":1,"name":"amy","Profiles":[{"id":1,"name":"queen","Grant":{"selfGranted":true,"UserId":1,"ProfileId":1}}]}
	// {"id":1,"name":"amy","Grants":[{"selfGranted":true,"UserId":1,"ProfileId":1}]}
	// {"id":1,"name":"amy","Grants":[{"selfGranted":true,"UserId":1,"ProfileId":1,"Profile":{"id":1,"name":"queen"}}]}
	// {"selfGranted":true,"UserId":1,"ProfileId":1,"User":{"id":1,"name":"amy"},"Profile":{"id":1,"name":"queen"}}
}

// The same typed: six handles.
func Example_belongsToManySuperTyped() {
	movieCastings, castingMovie := memrel.HasMany(Movies, Castings), memrel.BelongsTo(Castings, Movies)
	actorCastings, castingActor := memrel.HasMany(Actors, Castings), memrel.BelongsTo(Castings, Actors)
	db := memrel.MustOpen(append(typedMovieDB[:len(typedMovieDB):len(typedMovieDB)],
		movieCastings, castingMovie, actorCastings, castingActor)...)
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "castings")
	heat, _ := Movies.Insert(db, Movie{Name: "Heat"})
	al, _ := Actors.Insert(db, Actor{Name: "Al"})
	MovieActors.AddWith(db, heat, Casting{Role: "Hanna"}, al)
	for c := range movieCastings.Of(db, heat) {
		a, _ := castingActor.Get(db, c)
		fmt.Println(c.Role, "is", a.Name)
	}
	// Output:
	// castings
	//   movieId int NOT NULL REFERENCES movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   actorId int NOT NULL REFERENCES actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   role string NOT NULL
	//   PRIMARY KEY (movieId, actorId)
	// Hanna is Al
}

// A many-to-many of a model with itself needs an alias, which also names the other key.
func Example_belongsToManySelf() {
	person := memrel.ModelOf("People")
	personModel := memrel.ModelSpec{Name: "Person", Columns: []memrel.Attribute{sequelize.Text("name")}}
	_, err := memrel.Open(personModel, person.BelongsToMany(person, memrel.AssociationOptions{Through: "PersonChildren"}))
	fmt.Println(err)

	children := memrel.AssociationOptions{As: "Children", Through: "PersonChildren", ForeignKey: "ParentId", OtherKey: "ChildId"}
	parents := memrel.AssociationOptions{As: "Parents", Through: "PersonChildren", ForeignKey: "ChildId", OtherKey: "ParentId"}
	db := memrel.MustOpen(personModel, person.BelongsToMany(person, children), person.BelongsToMany(person, parents))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "PersonChildren")
	ann, _ := person.Create(db, memrel.Values{"name": "ann"})
	kid, _ := ann.Call(db, "createChild", memrel.Values{"name": "kid"})
	fmt.Println(kid.(memrel.Instance).Call(db, "getParents"))
	fmt.Println(ann.Call(db, "countParents"))
	// Output:
	// memrel: define People.belongsToMany(People): a belongsToMany to the model itself needs an alias; give it an alias with As
	// PersonChildren
	//   ParentId int NOT NULL REFERENCES People (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   ChildId int NOT NULL REFERENCES People (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (ParentId, ChildId)
	// [People{id: 1, name: "ann"}] <nil>
	// 0 <nil>
}

// A tree is a hasMany and a belongsTo of a model with itself over one key.
func Example_hasManySelf() {
	person := memrel.ModelOf("People")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "Person", Columns: []memrel.Attribute{sequelize.Text("name")}},
		person.BelongsTo(person, memrel.AssociationOptions{As: "boss"}),
		person.HasMany(person, memrel.AssociationOptions{As: "staff", ForeignKey: "bossId"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "People")
	ann, _ := person.Create(db, memrel.Values{"name": "ann"})
	bob, _ := ann.Create(db, "staff", memrel.Values{"name": "bob"})
	bob.Create(db, "staff", memrel.Values{"name": "cy"})
	top, _, _ := person.FindByPk(db, memrel.Query{Include: []memrel.Include{
		{As: "boss"}, {As: "staff", Include: []memrel.Include{{As: "staff"}}}}}, 1)
	sequelize.PrintJSON(top)
	// Output:
	// People.bossId int REFERENCES People (id) ON DELETE SET NULL ON UPDATE CASCADE
	// {"id":1,"name":"ann","bossId":null,"boss":null,"staff":[{"id":2,"name":"bob","bossId":1,"staff":[{"id":3,"name":"cy","bossId":2}]}]}
}

// Both typed: two handles over one key, and two over one junction.
func Example_belongsToManySelfTyped() {
	type Person struct {
		ID     int64
		Name   string
		BossID *int64
	}
	type Friendship struct {
		FromID int64 `memrel:",pk"`
		ToID   int64 `memrel:",pk"`
	}
	people, friendships := memrel.TableOf[Person]("people"), memrel.TableOf[Friendship]("friendships")
	boss := memrel.BelongsTo(people, people, memrel.As("boss"))
	staff := memrel.HasMany(people, people, memrel.As("staff"), memrel.ForeignKey("bossId"))
	from, to := "fromId", "toId"
	likes := memrel.BelongsToMany(people, people, friendships, memrel.As("likes"), memrel.ForeignKey(from), memrel.OtherKey(to))
	fans := memrel.BelongsToMany(people, people, friendships, memrel.As("fans"), memrel.ForeignKey(to), memrel.OtherKey(from))
	db := memrel.MustOpen(people, friendships, boss, staff, likes, fans)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "people", "friendships")
	ann, _ := people.Insert(db, Person{Name: "ann"})
	bob, _ := staff.Create(db, ann, Person{Name: "bob"})
	likes.Add(db, bob, ann)
	for p := range fans.Of(db, ann) {
		b, _ := boss.Get(db, p)
		fmt.Println(p.Name, "likes the boss,", b.Name)
	}
	// Output:
	// people.bossId int REFERENCES people (id) ON DELETE SET NULL ON UPDATE CASCADE
	// friendships.fromId int NOT NULL REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE
	// friendships.toId int NOT NULL REFERENCES people (id) ON DELETE CASCADE ON UPDATE CASCADE
	// bob likes the boss, ann
}

// A many-to-many by other names: the alias is what rows are asked for, and the junction's keys are what is said.
func Example_belongsToManyAs() {
	db := memrel.MustOpen(movieModel, actorModel,
		movie.BelongsToMany(actor, memrel.AssociationOptions{As: "stars", Through: "cast", ForeignKey: "filmId", OtherKey: "starId"}),
		actor.BelongsToMany(movie, memrel.AssociationOptions{As: "films", Through: "cast", ForeignKey: "starId", OtherKey: "filmId"}))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "cast")
	heat, _ := movie.Create(db, memrel.Values{"name": "Heat"})
	heat.Call(db, "createStar", memrel.Values{"name": "Al"})
	sequelize.Show(actor.Find(db, memrel.Query{Include: []memrel.Include{{As: "films"}}}))
	_, err := actor.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Movie"}}})
	fmt.Println(err)
	// Output:
	// cast
	//   filmId int NOT NULL REFERENCES Movies (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   starId int NOT NULL REFERENCES Actors (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (filmId, starId)
	// {"id":1,"name":"Al","films":[{"id":1,"name":"Heat","cast":{"filmId":1,"starId":1}}]}
	// memrel: include Actors: Movie is associated to Actor with an alias; name the alias; its associations are films
}
