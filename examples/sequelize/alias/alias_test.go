package alias_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	ship         = memrel.ModelOf("ships")
	captain      = memrel.RowsOf("captains")
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

var (
	Captains = memrel.TableOf[Captain]("captains", bounded)
	bounded  = memrel.CheckConstraint{Name: "skill", Where: memrel.Between("skillLevel", 1, 10)}
)

// Without options the association is named after its target, and the key is captainId.
func Example_belongsTo() {
	db := memrel.MustOpen(shipModel, captainModel, ship.BelongsTo(captain))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ships")
	captain.Insert(db, memrel.Values{"name": "Jack Sparrow"})
	pearl, _ := ship.Create(db, memrel.Values{"name": "Black Pearl", "captainId": 1})
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{Model: "captain"}}}))
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{As: "captain"}}}))
	fmt.Println(pearl.Call(db, "getCaptain"))
	// Output:
	// ships.captainId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"captainId":1,"captain":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"captainId":1,"captain":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// captains{id: 1, name: "Jack Sparrow", skillLevel: NULL} <nil>
}

// With another name for the key the association keeps its name.
func Example_belongsToForeignKey() {
	db := memrel.MustOpen(shipModel, captainModel, ship.BelongsTo(captain, memrel.AssociationOptions{ForeignKey: "bossId"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ships")
	captain.Insert(db, memrel.Values{"name": "Jack Sparrow"})
	pearl, _ := ship.Create(db, memrel.Values{"name": "Black Pearl", "bossId": 1})
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{Model: "captain"}}}))
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{As: "captain"}}}))
	fmt.Println(pearl.Call(db, "getCaptain"))
	// Output:
	// ships.bossId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"bossId":1,"captain":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"bossId":1,"captain":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// captains{id: 1, name: "Jack Sparrow", skillLevel: NULL} <nil>
}

// An alias names all three: the association, its accessors and its key. The model alone no longer says which one is meant.
func Example_belongsToAs() {
	db := memrel.MustOpen(shipModel, captainModel, ship.BelongsTo(captain, memrel.AssociationOptions{As: "leader"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ships")
	captain.Insert(db, memrel.Values{"name": "Jack Sparrow"})
	pearl, _ := ship.Create(db, memrel.Values{"name": "Black Pearl", "leaderId": 1})
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{Model: "captain"}}}))
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{As: "leader"}}}))
	fmt.Println(pearl.Call(db, "getLeader"))
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{Model: "captain", As: "leader"}}}))
	// Output:
	// ships.leaderId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	// memrel: include ships: captain is associated to ship with an alias; name the alias; its associations are leader
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"leaderId":1,"leader":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// captains{id: 1, name: "Jack Sparrow", skillLevel: NULL} <nil>
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"leaderId":1,"leader":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
}

// Both at once.
func Example_belongsToAsForeignKey() {
	db := memrel.MustOpen(shipModel, captainModel,
		ship.BelongsTo(captain, memrel.AssociationOptions{As: "leader", ForeignKey: "bossId"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ships")
	captain.Insert(db, memrel.Values{"name": "Jack Sparrow"})
	pearl, _ := ship.Create(db, memrel.Values{"name": "Black Pearl", "bossId": 1})
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{Model: "captain"}}}))
	sequelize.Show(ship.Find(db, memrel.Query{Include: []memrel.Include{{As: "leader"}}}))
	fmt.Println(pearl.Call(db, "getLeader"))
	// Output:
	// ships.bossId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	// memrel: include ships: captain is associated to ship with an alias; name the alias; its associations are leader
	// {"id":1,"name":"Black Pearl","amountOfSails":null,"bossId":1,"leader":{"id":1,"name":"Jack Sparrow","skillLevel":null}}
	// captains{id: 1, name: "Jack Sparrow", skillLevel: NULL} <nil>
}

// Typed, a variable has the name that a program uses; an alias counts where names do: for the key, in queries, in JSON.
func Example_asTyped() {
	type Boat struct {
		ID     int64
		Name   string
		BossID *int64
	}
	boats := memrel.TableOf[Boat]("boats")
	leader := memrel.BelongsTo(boats, Captains, memrel.As("leader"), memrel.ForeignKey("bossId"))
	db := memrel.MustOpen(boats, Captains, leader)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "boats")
	pearl, _ := boats.Insert(db, Boat{Name: "Black Pearl"})
	leader.Create(db, &pearl, Captain{Name: "Jack Sparrow", SkillLevel: 9})
	fmt.Println(leader.Get(db, pearl))
	sequelize.Show(boats.Model().Find(db, memrel.Query{Include: []memrel.Include{{As: "leader"}}}))
	// Output:
	// boats.bossId int REFERENCES captains (id) ON DELETE SET NULL ON UPDATE CASCADE
	// {1 Jack Sparrow 9} true
	// {"id":1,"name":"Black Pearl","bossId":1,"leader":{"id":1,"name":"Jack Sparrow","skillLevel":9}}
}

// Two associations between the same models: each has an alias, and with it a key and accessors. There is no getPerson,
// which would not say whom it means.
func Example_belongsToTwice() {
	mail, person := memrel.ModelOf("Mails"), memrel.ModelOf("People")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "Mail"},
		memrel.ModelSpec{Name: "Person", Columns: []memrel.Attribute{sequelize.Text("name")}},
		mail.BelongsTo(person, memrel.AssociationOptions{As: "sender"}),
		mail.BelongsTo(person, memrel.AssociationOptions{As: "receiver"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "Mails")
	m, _ := mail.Create(db, nil)
	m.Call(db, "createSender", memrel.Values{"name": "ann"})
	m.Call(db, "createReceiver", memrel.Values{"name": "bob"})
	for _, method := range []string{"getSender", "getReceiver", "getPerson"} {
		fmt.Println(m.Call(db, method))
	}
	// Output:
	// Mails.senderId int REFERENCES People (id) ON DELETE SET NULL ON UPDATE CASCADE
	// Mails.receiverId int REFERENCES People (id) ON DELETE SET NULL ON UPDATE CASCADE
	// People{id: 1, name: "ann"} <nil>
	// People{id: 2, name: "bob"} <nil>
	// <nil> memrel: call Mails: rows of Mails have no method getPerson; there are getSender setSender createSender getReceiver setReceiver createReceiver, ...
}

// The same typed: two handles.
func Example_belongsToTwiceTyped() {
	type Person struct {
		ID   int64
		Name string
	}
	type Mail struct {
		ID                   int64
		SenderID, ReceiverID *int64
	}
	people, mails := memrel.TableOf[Person]("people"), memrel.TableOf[Mail]("mails")
	sender := memrel.BelongsTo(mails, people, memrel.As("sender"))
	receiver := memrel.BelongsTo(mails, people, memrel.As("receiver"))
	db := memrel.MustOpen(people, mails, sender, receiver)
	defer sequelize.Violations(db)
	m, _ := mails.Insert(db, Mail{})
	sender.Create(db, &m, Person{Name: "ann"})
	receiver.Create(db, &m, Person{Name: "bob"})
	fmt.Println(*m.SenderID, *m.ReceiverID)
	fmt.Println(sender.Get(db, m))
	fmt.Println(receiver.Get(db, m))
	// Output:
	// 1 2
	// {1 ann} true
	// {2 bob} true
}

// An alias is used once. The error names the cure.
func Example_hasManyAliasTwice() {
	crew := memrel.AssociationOptions{As: "crew"}
	_, err := memrel.Open(shipModel, captainModel, ship.HasMany(captain, crew), ship.HasOne(captain, crew))
	fmt.Println(err)
	// Output:
	// memrel: define ships.hasOne(captains): ship has an association crew already; give one of them another alias with As
}

// An alias to one row is a singular, an alias to many a plural, whose singular follows from it or is given.
func Example_hasManyAs() {
	for _, o := range []memrel.AssociationOptions{{As: "officers"}, {As: "crew", Singular: "sailor"}} {
		db := memrel.MustOpen(shipModel, captainModel, ship.HasMany(captain, o))
		x := memrel.Associations(db).Of("ships")[0].Accessors()
		fmt.Println(x.Get, x.Add, x.AddMultiple, x.Create)
		sequelize.PrintKeys(db, "captains")
		sequelize.Violations(db)
	}
	// Output:
	// getOfficers addOfficer addOfficers createOfficer
	// captains.shipId int REFERENCES ships (id) ON DELETE SET NULL ON UPDATE CASCADE
	// getCrew addSailor addCrew createSailor
	// captains.shipId int REFERENCES ships (id) ON DELETE SET NULL ON UPDATE CASCADE
}
