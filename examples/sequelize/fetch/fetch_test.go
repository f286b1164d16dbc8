package fetch_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	ship         = memrel.RowsOf("ships")
	captain      = memrel.ModelOf("captains")
	shipModel    = memrel.ModelSpec{Name: "ship", Columns: []memrel.Attribute{sequelize.Text("name"), sequelize.Number("amountOfSails")}}
	captainModel = memrel.ModelSpec{Name: "captain", Columns: []memrel.Attribute{sequelize.Text("name"), skill}}
	skill        = memrel.Attribute{Column: memrel.Column{Name: "skillLevel", Type: memrel.Int}, Min: 1, Max: 10}
)

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
	Captains       = memrel.TableOf[Captain]("captains", bounded)
	Ships          = memrel.TableOf[Ship]("ships")
	bounded        = memrel.CheckConstraint{Name: "skill", Where: memrel.Between("skillLevel", 1, 10)}
	CaptainShip    = memrel.HasOne(Captains, Ships)
	ShipCaptain    = memrel.BelongsTo(Ships, Captains)
	typedCaptainDB = []memrel.Definition{Captains, Ships, CaptainShip, ShipCaptain}
)

// fleet has two captains, of whom the first has a ship, and a ship without captain.
func fleet(options ...memrel.AssociationOptions) *memrel.DB {
	db := memrel.MustOpen(shipModel, captainModel, captain.HasOne(ship, options...), ship.BelongsTo(captain, options...))
	captain.InsertAll(db, []memrel.Values{{"name": "Jack Sparrow", "skillLevel": 9}, {"name": "Hook", "skillLevel": 3}})
	key := memrel.Associations(db).Of("ships")[0].ForeignKey
	ship.InsertAll(db, []memrel.Values{{"name": "Black Pearl", "amountOfSails": 4, key: 1}, {"name": "Raft", "amountOfSails": 0}})
	return db
}

// typedFleet has the same rows.
func typedFleet() *memrel.DB {
	db := memrel.MustOpen(typedCaptainDB...)
	jack, _ := Captains.Insert(db, Captain{Name: "Jack Sparrow", SkillLevel: 9})
	Captains.Insert(db, Captain{Name: "Hook", SkillLevel: 3})
	CaptainShip.Create(db, &jack, Ship{Name: "Black Pearl", AmountOfSails: 4})
	Ships.Insert(db, Ship{Name: "Raft"})
	return db
}

// The models of what follows: a ship can be without captain, and a captain without ship. A validation of a model is a check
// that the store keeps.
func Example_modelSpec() {
	db := memrel.MustOpen(
		memrel.ModelSpec{Name: "ship", Columns: []memrel.Attribute{
			{Column: memrel.Column{Name: "name", Type: memrel.String}},
			{Column: memrel.Column{Name: "crewCapacity", Type: memrel.Int}},
			{Column: memrel.Column{Name: "amountOfSails", Type: memrel.Int}},
		}},
		memrel.ModelSpec{Name: "captain", Columns: []memrel.Attribute{
			{Column: memrel.Column{Name: "name", Type: memrel.String}},
			{Column: memrel.Column{Name: "skillLevel", Type: memrel.Int}, Min: 1, Max: 10},
		}},
		captain.HasOne(ship), ship.BelongsTo(captain))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "ships", "captains")
	_, err := captain.Insert(db, memrel.Values{"name": "Jack Sparrow", "skillLevel": 11})
	fmt.Println(err)
	// Output:
	// ships
	//   id int NOT NULL
	//   name string
	//   crewCapacity int
	//   amountOfSails int
	//   captainId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	// captains
	//   id int NOT NULL
	//   name string
	//   skillLevel int
	//   PRIMARY KEY (id)
	// memrel: insert captains: row captains[1] is refused by check captains_skillLevel_bounds: skillLevel >= 1 AND skillLevel <= 10
}

// Lazy loading: the ship is fetched when it is wanted, by the name of the accessor.
func Example_callLazy() {
	db := fleet()
	defer sequelize.Violations(db)
	awesome, _, _ := captain.First(db, memrel.Query{Where: memrel.Eq("name", "Jack Sparrow")})
	fmt.Println("Name:", awesome.Value("name"))
	fmt.Println("Skill Level:", awesome.Value("skillLevel"))
	his, _ := awesome.Call(db, "getShip")
	fmt.Println("Ship Name:", his.(memrel.Instance).Value("name"))
	fmt.Println("Amount of Sails:", his.(memrel.Instance).Value("amountOfSails"))
	// Output:
	// Name: Jack Sparrow
	// Skill Level: 9
	// Ship Name: Black Pearl
	// Amount of Sails: 4
}

// The same by a verb, which needs no assertion: a list of one or none.
func Example_getLazy() {
	db := fleet()
	defer sequelize.Violations(db)
	jack, _, _ := captain.FindByPk(db, memrel.Query{}, 1)
	hook, _, _ := captain.FindByPk(db, memrel.Query{}, 2)
	fmt.Println(jack.Get(db, "ship", memrel.Query{}))
	fmt.Println(hook.Get(db, "ship", memrel.Query{}))
	// Output:
	// [ships{id: 1, name: "Black Pearl", amountOfSails: 4, captainId: 1}] <nil>
	// [] <nil>
}

// Typed, the handle of the association gets the row.
func Example_getTyped() {
	db := typedFleet()
	defer sequelize.Violations(db)
	awesome, _, _ := Captains.First(db, memrel.Query{Where: memrel.Eq("name", "Jack Sparrow")})
	fmt.Println("Name:", awesome.Name)
	fmt.Println("Skill Level:", awesome.SkillLevel)
	if his, ok := CaptainShip.Get(db, awesome); ok {
		fmt.Println("Ship Name:", his.Name)
		fmt.Println("Amount of Sails:", his.AmountOfSails)
	}
	// Output:
	// Name: Jack Sparrow
	// Skill Level: 9
	// Ship Name: Black Pearl
	// Amount of Sails: 4
}

// Eager loading: the ship comes with its captain, in one query.
func Example_findOneEager() {
	db := fleet()
	defer sequelize.Violations(db)
	awesome, _, _ := captain.First(db, memrel.Query{
		Where:   memrel.Eq("name", "Jack Sparrow"),
		Include: []memrel.Include{{Model: "ship"}},
	})
	ships, _ := awesome.Included("ship")
	fmt.Println("Name:", awesome.Value("name"))
	fmt.Println("Skill Level:", awesome.Value("skillLevel"))
	fmt.Println("Ship Name:", ships[0].Value("name"))
	fmt.Println("Amount of Sails:", ships[0].Value("amountOfSails"))
	sequelize.PrintJSON(awesome)
	// Output:
	// Name: Jack Sparrow
	// Skill Level: 9
	// Ship Name: Black Pearl
	// Amount of Sails: 4
	// {"id":1,"name":"Jack Sparrow","skillLevel":9,"ship":{"id":1,"name":"Black Pearl","amountOfSails":4,"captainId":1}}
}

// Typed, eager loading is a loop over a view: nothing can change between the two reads, and nothing is copied.
func Example_getEagerTyped() {
	db := typedFleet()
	defer sequelize.Violations(db)
	view := db.View()
	for c := range Captains.All(view) {
		its, ok := CaptainShip.Get(view, c)
		fmt.Printf("%s: %q %v\n", c.Name, its.Name, ok)
	}
	// Output:
	// Jack Sparrow: "Black Pearl" true
	// Hook: "" false
}

// Creating, updating and deleting without verbs: the foreign key is a column like any other.
func Example_insertForeignKey() {
	db := fleet()
	defer sequelize.Violations(db)
	fmt.Println(ship.Insert(db, memrel.Values{"name": "Jolly Roger", "captainId": 2}))
	fmt.Println(ship.Update(db, memrel.Values{"captainId": 1}, 3))
	fmt.Println(ship.Delete(db, 3))
	_, err := ship.Insert(db, memrel.Values{"name": "Flying Dutchman", "captainId": 5})
	fmt.Println(err)
	// Output:
	// ships{id: 3, name: "Jolly Roger", amountOfSails: NULL, captainId: 2} <nil>
	// ships{id: 3, name: "Jolly Roger", amountOfSails: NULL, captainId: 1} <nil>
	// ships{id: 3, name: "Jolly Roger", amountOfSails: NULL, captainId: 1} <nil>
	// memrel: insert ships: captains 5 does not exist (ships.captainId -> captains.id)
}

// The same typed.
func Example_insertForeignKeyTyped() {
	db := typedFleet()
	defer sequelize.Violations(db)
	hook, _ := Captains.Get(db, 2)
	roger, err := Ships.Insert(db, Ship{Name: "Jolly Roger", CaptainID: &hook.ID})
	fmt.Println(roger.Name, *roger.CaptainID, err)
	// Output:
	// Jolly Roger 2 <nil>
}

// The other way to create, update and delete are the verbs: here by their names for a to-one association.
func Example_callVerbs() {
	db := fleet()
	defer sequelize.Violations(db)
	hook, _, _ := captain.FindByPk(db, memrel.Query{}, 2)
	fmt.Println(hook.Call(db, "createShip", memrel.Values{"name": "Jolly Roger"}))
	hook.Call(db, "setShip", 2) // by its key; the Jolly Roger is without captain now
	fmt.Println(hook.Call(db, "getShip"))
	hook.Call(db, "setShip", nil)
	fmt.Println(hook.Call(db, "getShip"))
	fmt.Println(ship.Get(db, 3))
	// Output:
	// ships{id: 3, name: "Jolly Roger", amountOfSails: NULL, captainId: 2} <nil>
	// ships{id: 2, name: "Raft", amountOfSails: 0, captainId: 2} <nil>
	// no row <nil>
	// ships{id: 3, name: "Jolly Roger", amountOfSails: NULL, captainId: NULL} true
}

// Save writes what was changed in the row itself. What was included is left alone.
func Example_save() {
	db := fleet()
	defer sequelize.Violations(db)
	jack, _, _ := captain.FindByPk(db, memrel.Query{Include: []memrel.Include{{As: "ship"}}}, 1)
	ships, _ := jack.Included("ship")
	ships[0].SetValue("name", "Sunk")
	jack.SetValue("skillLevel", 10)
	fmt.Println(jack.Save(db))
	fmt.Println(captain.Get(db, 1))
	fmt.Println(ship.Get(db, 1))
	fmt.Println(ships[0].Save(db)) // the child is saved by itself
	fmt.Println(ship.Get(db, 1))
	// Output:
	// <nil>
	// captains{id: 1, name: "Jack Sparrow", skillLevel: 10} true
	// ships{id: 1, name: "Black Pearl", amountOfSails: 4, captainId: 1} true
	// <nil>
	// ships{id: 1, name: "Sunk", amountOfSails: 4, captainId: 1} true
}
