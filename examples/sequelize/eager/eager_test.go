package eager_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	user      = memrel.ModelOf("Users")
	userModel = memrel.ModelSpec{Name: "User", Columns: []memrel.Attribute{sequelize.Text("name")}}
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

var (
	Teams          = memrel.TableOf[Team]("teams")
	Players        = memrel.TableOf[Player]("players")
	Captains       = memrel.TableOf[Captain]("captains", bounded)
	Ships          = memrel.TableOf[Ship]("ships")
	bounded        = memrel.CheckConstraint{Name: "skill", Where: memrel.Between("skillLevel", 1, 10)}
	CaptainShip    = memrel.HasOne(Captains, Ships)
	ShipCaptain    = memrel.BelongsTo(Ships, Captains)
	TeamPlayers    = memrel.HasMany(Teams, Players)
	PlayerTeam     = memrel.BelongsTo(Players, Teams)
	typedCaptainDB = []memrel.Definition{Captains, Ships, CaptainShip, ShipCaptain}
)

// typedFleet has the same rows.
func typedFleet() *memrel.DB {
	db := memrel.MustOpen(typedCaptainDB...)
	jack, _ := Captains.Insert(db, Captain{Name: "Jack Sparrow", SkillLevel: 9})
	Captains.Insert(db, Captain{Name: "Hook", SkillLevel: 3})
	CaptainShip.Create(db, &jack, Ship{Name: "Black Pearl", AmountOfSails: 4})
	Ships.Insert(db, Ship{Name: "Raft"})
	return db
}

var (
	task, tool = memrel.ModelOf("Tasks"), memrel.ModelOf("Tools")
	taskModel  = memrel.ModelSpec{Name: "Task", Columns: []memrel.Attribute{sequelize.Text("title"), sequelize.Number("effort")}}
	toolModel  = memrel.ModelSpec{Name: "Tool", Columns: []memrel.Attribute{sequelize.Text("name")}}
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

// unseen leaves junction rows out of what is shown.
var unseen = memrel.Through{Columns: []string{}}

// Every user comes, with the tasks that there are.
func Example_include() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{Model: "Task"}}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1},{"id":2,"title":"paint","effort":1,"UserId":1}]}
	// {"id":2,"name":"bob","Tasks":[{"id":3,"title":"sweep","effort":2,"UserId":2}]}
	// {"id":3,"name":"cy","Tasks":[]}
}

// Required leaves out the users that have none.
func Example_includeRequired() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Tasks", Columns: []string{"title"}, Required: true}}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"title":"saw"},{"title":"paint"}]}
	// {"id":2,"name":"bob","Tasks":[{"title":"sweep"}]}
}

// A condition on the tasks leaves out the users for whom none is left, unless the include is optional.
func Example_includeWhere() {
	db := workshop()
	defer sequelize.Violations(db)
	easy := memrel.Include{As: "Tasks", Columns: []string{"title"}, Where: memrel.Lte("effort", 1)}
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{easy}}))
	fmt.Println("optional:")
	easy.Optional = true
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{easy}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"title":"paint"}]}
	// optional:
	// {"id":1,"name":"ann","Tasks":[{"title":"paint"}]}
	// {"id":2,"name":"bob","Tasks":[]}
	// {"id":3,"name":"cy","Tasks":[]}
}

// Includes have includes. One that is required asks it of the row that it is included in.
func Example_includeNested() {
	db := workshop()
	defer sequelize.Violations(db)
	tools := memrel.Include{As: "Tools", Through: unseen}
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Tasks", Include: []memrel.Include{tools}}}}))
	fmt.Println("required:")
	tools.Required = true
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Tasks", Include: []memrel.Include{tools}}}}))
	fmt.Println("required throughout:")
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Tasks", Required: true, Include: []memrel.Include{tools}}}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1,"Tools":[{"id":1,"name":"saw"},{"id":2,"name":"vise"}]},{"id":2,"title":"paint","effort":1,"UserId":1,"Tools":[]}]}
	// {"id":2,"name":"bob","Tasks":[{"id":3,"title":"sweep","effort":2,"UserId":2,"Tools":[]}]}
	// {"id":3,"name":"cy","Tasks":[]}
	// required:
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1,"Tools":[{"id":1,"name":"saw"},{"id":2,"name":"vise"}]}]}
	// {"id":2,"name":"bob","Tasks":[]}
	// {"id":3,"name":"cy","Tasks":[]}
	// required throughout:
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1,"Tools":[{"id":1,"name":"saw"},{"id":2,"name":"vise"}]}]}
}

// Every association at once; nested, those of the included rows too, as far as no model comes twice on the way: from the
// task it does not go back to the user.
func Example_includeAll() {
	db := workshop()
	defer sequelize.Violations(db)
	for _, nested := range []bool{false, true} {
		sequelize.Show(user.Find(db, memrel.Query{Limit: 1, Include: []memrel.Include{{All: true, Nested: nested}}}))
	}
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1},{"id":2,"title":"paint","effort":1,"UserId":1}]}
	// {"id":1,"name":"ann","Tasks":[{"id":1,"title":"saw","effort":3,"UserId":1,"Tools":[{"id":1,"name":"saw","TaskTools":{"TaskId":1,"ToolId":1}},{"id":2,"name":"vise","TaskTools":{"TaskId":1,"ToolId":2}}]},{"id":2,"title":"paint","effort":1,"UserId":1,"Tools":[]}]}
}

// Columns are the attributes wanted: the primary key comes with them, and none at all can be wanted.
func Example_includeAttributes() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Limit: 1, Columns: []string{"name"},
		Include: []memrel.Include{{As: "Tasks", Columns: []string{"title", "effort"}}}}))
	sequelize.Show(user.Find(db, memrel.Query{Limit: 1, Include: []memrel.Include{{As: "Tasks", Columns: []string{}}}}))
	// Output:
	// {"name":"ann","Tasks":[{"title":"saw","effort":3},{"title":"paint","effort":1}]}
	// {"id":1,"name":"ann"}
}

// Order and limit of an include are for each user alone.
func Example_includeLimit() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Include: []memrel.Include{{As: "Tasks", Columns: []string{"title"},
		Order: []memrel.Order{{Column: "effort"}}, Limit: 1}}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"title":"paint"}]}
	// {"id":2,"name":"bob","Tasks":[{"title":"sweep"}]}
	// {"id":3,"name":"cy","Tasks":[]}
}

// The query's own limit counts what the includes leave: a required one is looked at first.
func Example_includeRequiredLimit() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Order: []memrel.Order{{Column: "name", Desc: true}}, Limit: 1,
		Include: []memrel.Include{{As: "Tasks", Columns: []string{"title"}, Required: true}}}))
	// Output:
	// {"id":2,"name":"bob","Tasks":[{"title":"sweep"}]}
}

// Separate is taken where Sequelize takes it, and makes no difference.
func Example_includeSeparate() {
	db := workshop()
	defer sequelize.Violations(db)
	sequelize.Show(user.Find(db, memrel.Query{Limit: 1,
		Include: []memrel.Include{{As: "Tasks", Columns: []string{"title"}, Separate: true}}}))
	sequelize.Show(task.Find(db, memrel.Query{Include: []memrel.Include{{As: "User", Separate: true}}}))
	// Output:
	// {"id":1,"name":"ann","Tasks":[{"title":"saw"},{"title":"paint"}]}
	// memrel: include Tasks: only a hasMany can be included separately, not Task.User
}

// Several includes stand beside each other. A row that several rows lead to is one row in hand, not copies of it.
func Example_findAllShared() {
	db := workshop()
	defer sequelize.Violations(db)
	tasks, _ := task.Find(db, memrel.Query{Limit: 2, Columns: []string{"title"},
		Include: []memrel.Include{{As: "User"}, {As: "Tools", Columns: []string{"name"}, Through: unseen}}})
	sequelize.PrintJSON(tasks...)
	first, _ := tasks[0].Included("User")
	second, _ := tasks[1].Included("User")
	first[0].SetValue("name", "Ann")
	fmt.Println(second[0].Value("name"))
	// Output:
	// {"title":"saw","User":{"id":1,"name":"ann"},"Tools":[{"name":"saw"},{"name":"vise"}]}
	// {"title":"paint","User":{"id":1,"name":"ann"},"Tools":[]}
	// Ann
}

// What was not included is told from what is not there.
func Example_included() {
	db := workshop()
	defer sequelize.Violations(db)
	cy, _, _ := user.FindByPk(db, memrel.Query{Include: []memrel.Include{{As: "Tasks"}}}, 3)
	fmt.Println(cy.Included("Tasks"))
	cy, _, _ = user.FindByPk(db, memrel.Query{}, 3)
	fmt.Println(cy.Included("Tasks"))
	// Output:
	// [] true
	// [] false
}

// Counting takes includes too: how many users have something to do.
func Example_count() {
	db := workshop()
	defer sequelize.Violations(db)
	fmt.Println(user.Count(db, memrel.Cond{}))
	fmt.Println(user.Count(db, memrel.Cond{}, memrel.Include{As: "Tasks", Required: true}))
	// Output:
	// 3 <nil>
	// 2 <nil>
}

// Typed, included rows are loops within a loop over one view. What is required is a condition, and a limit is a query's.
func Example_ofEagerTyped() {
	db := memrel.MustOpen(Teams, Players, TeamPlayers, PlayerTeam)
	defer sequelize.Violations(db)
	for _, name := range []string{"Reds", "Blues", "Greens"} {
		t, _ := Teams.Insert(db, Team{Name: name})
		if name != "Greens" {
			TeamPlayers.Create(db, t, Player{Name: "ann of the " + name})
			TeamPlayers.Create(db, t, Player{Name: "bob of the " + name})
		}
	}
	view := db.View()
	for t := range Teams.All(view) {
		fmt.Print(t.Name, ":")
		for p := range TeamPlayers.Of(view, t) {
			fmt.Print(" ", p.Name, ";")
		}
		fmt.Println()
	}
	manned, _ := Teams.Find(view, memrel.Query{Where: memrel.Some("players", memrel.Cond{})})
	for _, t := range manned {
		one, _ := TeamPlayers.Get(view, t, memrel.Query{Order: []memrel.Order{{Column: "name", Desc: true}}, Limit: 1})
		fmt.Println(t.Name, one[0].Name)
	}
	// Output:
	// Reds: ann of the Reds; bob of the Reds;
	// Blues: ann of the Blues; bob of the Blues;
	// Greens:
	// Reds bob of the Reds
	// Blues bob of the Blues
}

// The same rows as a tree, for JSON: a typed handle has a model beside it.
func Example_modelEagerTyped() {
	db := typedFleet()
	defer sequelize.Violations(db)
	sequelize.Show(Captains.Model().Find(db, memrel.Query{Include: []memrel.Include{{As: "ship", Columns: []string{"name"}}}}))
	// Output:
	// {"id":1,"name":"Jack Sparrow","skillLevel":9,"ship":{"name":"Black Pearl"}}
	// {"id":2,"name":"Hook","skillLevel":3,"ship":null}
}

// Conditions go across associations, to any depth, without including anything.
func Example_some() {
	db := workshop()
	defer sequelize.Violations(db)
	for _, c := range []memrel.Cond{
		memrel.Some("Tasks", memrel.Gte("effort", 2)),
		memrel.Every("Tasks", memrel.Gte("effort", 2)), // of none, too
		memrel.None("Tasks", memrel.Cond{}),
		memrel.CountOf("Tasks", memrel.Gte("count", 2)),
		memrel.Some("Tasks", memrel.Some("Tools", memrel.Eq("name", "vise"))),
	} {
		found, _ := user.Find(db, memrel.Query{Where: c})
		fmt.Println(c, found)
	}
	// Output:
	// SOME Tasks (effort >= 2) [Users{id: 1, name: "ann"} Users{id: 2, name: "bob"}]
	// EVERY Tasks (effort >= 2) [Users{id: 2, name: "bob"} Users{id: 3, name: "cy"}]
	// NONE Tasks (TRUE) [Users{id: 3, name: "cy"}]
	// COUNT Tasks (count >= 2, TRUE) [Users{id: 1, name: "ann"}]
	// SOME Tasks (SOME Tools (name = 'vise')) [Users{id: 1, name: "ann"}]
}

// The same typed.
func Example_someTyped() {
	db := typedFleet()
	defer sequelize.Violations(db)
	fmt.Println(Captains.Find(db, memrel.Query{Where: memrel.Some("ship", memrel.Gt("amountOfSails", 2))}))
	fmt.Println(Captains.Count(db, memrel.None("ship", memrel.Cond{})))
	// Output:
	// [{1 Jack Sparrow 9}] <nil>
	// 1 <nil>
}

// Orders go across associations as well: by a column of the one row, by the count of many.
func Example_orderAssociation() {
	db := workshop()
	defer sequelize.Violations(db)
	byCount, _ := user.Find(db, memrel.Query{Order: []memrel.Order{{Column: "count(Tasks)"}, {Column: "name", Desc: true}}})
	fmt.Println(byCount)
	sequelize.Show(task.Find(db, memrel.Query{Columns: []string{"title"},
		Order: []memrel.Order{{Column: "User.name", Desc: true}, {Column: "title"}}}))
	// Output:
	// [Users{id: 3, name: "cy"} Users{id: 2, name: "bob"} Users{id: 1, name: "ann"}]
	// {"title":"sweep"}
	// {"title":"paint"}
	// {"title":"saw"}
}
