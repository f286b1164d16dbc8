package define_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	foo       = memrel.RowsOf("foos")
	bar       = memrel.ModelOf("bars")
	fooModel  = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.Text("name")}}
	barModel  = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.Text("name")}}
	mandatory = &memrel.Attribute{Column: memrel.Column{NotNull: true}}
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

var (
	Foos = memrel.TableOf[Foo]("foos")
	Bars = memrel.TableOf[Bar]("bars")
)

// The four kinds of association. Each is a definition and goes into the store together with the models, in any order. The
// model to the left is the source, the one in brackets the target: hasOne and hasMany put the foreign key into the target,
// belongsTo into the source, belongsToMany puts two into a junction.
func Example_associations() {
	a, b := memrel.ModelOf("A"), memrel.ModelOf("B")
	db := memrel.MustOpen(
		a.HasOne(b, memrel.AssociationOptions{As: "one"}),
		a.BelongsTo(b, memrel.AssociationOptions{As: "owner"}),
		a.HasMany(b),
		a.BelongsToMany(b, memrel.AssociationOptions{As: "linked", Through: "C"}),
		memrel.ModelSpec{Name: "A", FreezeTableName: true},
		memrel.ModelSpec{Name: "B", FreezeTableName: true},
	)
	defer sequelize.Violations(db)
	for _, x := range memrel.Associations(db).Of("A") {
		fmt.Println(x.Kind, x.As, x.Accessors().Get)
	}
	sequelize.PrintTables(db, "A", "B", "C")
	// Output:
	// hasOne one getOne
	// belongsTo owner getOwner
	// hasMany Bs getBs
	// belongsToMany linked getLinked
	// A
	//   id int NOT NULL
	//   ownerId int REFERENCES B (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	// B
	//   id int NOT NULL
	//   oneId int REFERENCES A (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   AId int REFERENCES A (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
	// C
	//   AId int NOT NULL REFERENCES A (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   BId int NOT NULL REFERENCES B (id) ON DELETE CASCADE ON UPDATE CASCADE
	//   PRIMARY KEY (AId, BId)
}

// The same between structs. The handles are definitions too, and afterwards the way to work with rows.
func Example_associationsTyped() {
	type A struct {
		ID      int64
		OwnerID *int64
	}
	type B struct {
		ID  int64
		AID *int64 `memrel:"aId"`
	}
	type C struct {
		AID int64 `memrel:"aId,pk"`
		BID int64 `memrel:"bId,pk"`
	}
	as, bs, cs := memrel.TableOf[A]("as"), memrel.TableOf[B]("bs"), memrel.TableOf[C]("cs")
	db := memrel.MustOpen(as, bs, cs,
		memrel.HasOne(as, bs, memrel.As("one"), memrel.ForeignKey("aId")),
		memrel.BelongsTo(as, bs, memrel.As("owner")),
		memrel.HasMany(as, bs, memrel.ForeignKey("aId")),
		memrel.BelongsToMany(as, bs, cs, memrel.As("linked"), memrel.ForeignKey("aId"), memrel.OtherKey("bId")))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "as", "bs", "cs")
	// Output:
	// as.ownerId int REFERENCES bs (id) ON DELETE SET NULL ON UPDATE CASCADE
	// bs.aId int REFERENCES as (id) ON DELETE SET NULL ON UPDATE CASCADE
	// cs.aId int NOT NULL REFERENCES as (id) ON DELETE CASCADE ON UPDATE CASCADE
	// cs.bId int NOT NULL REFERENCES bs (id) ON DELETE CASCADE ON UPDATE CASCADE
}

// Options follow the target. Only a belongsToMany must have one: its junction.
func Example_associationOptions() {
	_, err := memrel.Open(fooModel, barModel, foo.BelongsToMany(bar, memrel.AssociationOptions{}))
	fmt.Println(err)
	// Output:
	// memrel: define foos.belongsToMany(bars): a belongsToMany needs a junction; name the junction's model, or the table to be made, with Through
}

// One-to-one: the two associations share one foreign key, named after the model that it refers to.
func Example_hasOne() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar), bar.BelongsTo(foo))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "foos", "bars")
	// Output:
	// foos
	//   id int NOT NULL
	//   name string
	//   PRIMARY KEY (id)
	// bars
	//   id int NOT NULL
	//   name string
	//   fooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
}

// One-to-one between structs: what the field can hold decides whether the key may be NULL.
func Example_hasOneTyped() {
	db := memrel.MustOpen(Foos, Bars, memrel.HasOne(Foos, Bars), memrel.BelongsTo(Bars, Foos))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "foos", "bars")
	// Output:
	// foos
	//   id int NOT NULL
	//   name string NOT NULL
	//   PRIMARY KEY (id)
	// bars
	//   id int NOT NULL
	//   name string NOT NULL
	//   fooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	//   PRIMARY KEY (id)
}

// What becomes of the row that refers: the five actions, and what a delete then does.
func Example_hasOneActions() {
	for _, action := range []memrel.Action{memrel.Restrict, memrel.Cascade, memrel.NoAction, memrel.SetDefault, memrel.SetNull} {
		options := memrel.AssociationOptions{OnDelete: action, OnUpdate: memrel.Restrict,
			ForeignColumn: &memrel.Attribute{Column: memrel.Column{Default: 2}}}
		db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, options), bar.BelongsTo(foo))
		defer sequelize.Violations(db)
		sequelize.PrintKeys(db, "bars")
		foo.InsertAll(db, []memrel.Values{{"name": "first"}, {"name": "second"}})
		bar.Insert(db, memrel.Values{"name": "it", "fooId": 1})
		_, err := foo.Delete(db, 1)
		left, _ := bar.Find(db, memrel.Query{})
		fmt.Println(left, err)
	}
	// Output:
	// bars.fooId int REFERENCES foos (id) ON DELETE RESTRICT ON UPDATE RESTRICT
	// [bars{id: 1, name: "it", fooId: 1}] memrel: delete foos: foos 1 is still referenced (bars.fooId -> foos.id, RESTRICT); in the way: bars[1]
	// bars.fooId int REFERENCES foos (id) ON DELETE CASCADE ON UPDATE RESTRICT
	// [] <nil>
	// bars.fooId int REFERENCES foos (id) ON DELETE NO ACTION ON UPDATE RESTRICT
	// [bars{id: 1, name: "it", fooId: 1}] memrel: delete foos: foos 1 is still referenced (bars.fooId -> foos.id, NO ACTION); in the way: bars[1]
	// bars.fooId int REFERENCES foos (id) ON DELETE SET DEFAULT ON UPDATE RESTRICT
	// [bars{id: 1, name: "it", fooId: 2}] <nil>
	// bars.fooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE RESTRICT
	// [bars{id: 1, name: "it", fooId: NULL}] <nil>
}

// Typed, an action is a constant.
func Example_onDeleteTyped() {
	fooBar := memrel.HasOne(Foos, Bars, memrel.OnDelete(memrel.Cascade), memrel.OnUpdate(memrel.Restrict))
	db := memrel.MustOpen(Foos, Bars, fooBar, memrel.BelongsTo(Bars, Foos))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "bars")
	it, _ := Foos.Insert(db, Foo{Name: "the-foo"})
	fooBar.Create(db, &it, Bar{Name: "the-bar"})
	Foos.Delete(db, it.ID)
	n, _ := Bars.Count(db, memrel.Cond{})
	fmt.Println(n, "left")
	// Output:
	// bars.fooId int REFERENCES foos (id) ON DELETE CASCADE ON UPDATE RESTRICT
	// 0 left
}

// Another name for the foreign key, by name or as a column. Say it on both sides: what is said on one side only leaves the
// other with a key of its own, as the last two options show.
func Example_hasOneForeignKey() {
	byName := memrel.AssociationOptions{ForeignKey: "myFooId"}
	asColumn := memrel.AssociationOptions{ForeignColumn: &memrel.Attribute{Column: memrel.Column{Name: "myFooId"}}}
	for i, db := range []*memrel.DB{
		memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, byName), bar.BelongsTo(foo, byName)),
		memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, asColumn), bar.BelongsTo(foo, asColumn)),
		memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, byName), bar.BelongsTo(foo, asColumn)),
		memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, byName), bar.BelongsTo(foo)),
		memrel.MustOpen(fooModel, barModel, foo.HasOne(bar), bar.BelongsTo(foo, byName)),
	} {
		fmt.Println("option", i+1)
		sequelize.PrintKeys(db, "bars")
		sequelize.Violations(db)
	}
	// Output:
	// option 1
	// bars.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// option 2
	// bars.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// option 3
	// bars.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// option 4
	// bars.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// bars.fooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// option 5
	// bars.fooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
	// bars.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
}

// Typed, the name is that of the field's column.
func Example_foreignKeyTyped() {
	type Part struct {
		ID      int64
		MyFooID *int64
	}
	parts, mine := memrel.TableOf[Part]("parts"), memrel.ForeignKey("myFooId")
	db := memrel.MustOpen(Foos, parts, memrel.HasOne(Foos, parts, mine), memrel.BelongsTo(parts, Foos, mine))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "parts")
	// Output:
	// parts.myFooId int REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
}

// The foreign key takes the type of the key that it refers to. Another type is refused, as a database refuses it.
func Example_hasOneForeignKeyType() {
	uuid := memrel.Attribute{Column: memrel.Column{Type: memrel.UUID}}
	_, err := memrel.Open(fooModel, barModel, foo.HasOne(bar, memrel.AssociationOptions{ForeignColumn: &uuid}))
	fmt.Println(err)

	keyed := memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "id", Type: memrel.UUID}, PrimaryKey: true}}}
	db := memrel.MustOpen(keyed, barModel, foo.HasOne(bar, memrel.AssociationOptions{ForeignColumn: &uuid}), bar.BelongsTo(foo))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "bars")
	// Output:
	// memrel: define foos.hasOne(bars): bar.fooId is of type uuid and foo.id of type int; give both the same type
	// bars.fooId uuid REFERENCES foos (id) ON DELETE SET NULL ON UPDATE CASCADE
}

// The foreign key as a column: its default and its unique key are given where the association is. With the unique key no
// two rows can share their one.
func Example_hasOneForeignKeyUnique() {
	key := memrel.Attribute{Column: memrel.Column{Name: "fooId", Default: 1}, Unique: true}
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, memrel.AssociationOptions{ForeignColumn: &key}), bar.BelongsTo(foo))
	defer sequelize.Violations(db)
	foo.Insert(db, memrel.Values{"name": "the-foo"})
	fmt.Println(bar.Insert(db, memrel.Values{"name": "first"}))
	_, err := bar.Insert(db, memrel.Values{"name": "second"})
	fmt.Println(err)
	// Output:
	// bars{id: 1, name: "first", fooId: 1} <nil>
	// memrel: insert bars: unique key (fooId) = (1) is taken; in the way: bars[1]
}

// Typed, that is a tag of the field.
func Example_hasOneUniqueTyped() {
	type Lid struct {
		ID    int64
		FooID *int64 `memrel:",unique"`
	}
	lids := memrel.TableOf[Lid]("lids")
	fooLid := memrel.HasOne(Foos, lids)
	db := memrel.MustOpen(Foos, lids, fooLid)
	defer sequelize.Violations(db)
	the, _ := Foos.Insert(db, Foo{Name: "the-foo"})
	_, first := fooLid.Create(db, &the, Lid{})
	_, second := fooLid.Create(db, &the, Lid{})
	fmt.Println(first, second)
	// Output:
	// <nil> memrel: insert lids: unique key (fooId) = (1) is taken; in the way: lids[1]
}

// An association is optional unless the key may not be NULL; then the default is RESTRICT on both counts.
func Example_hasOneMandatory() {
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, memrel.AssociationOptions{ForeignColumn: mandatory}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "bars")
	_, err := bar.Insert(db, memrel.Values{"name": "alone"})
	fmt.Println(err)
	// Output:
	// bars.fooId int NOT NULL REFERENCES foos (id) ON DELETE RESTRICT ON UPDATE RESTRICT
	// memrel: insert bars: fooId cannot be NULL; give it a value, or declare a default
}

// Typed, a key that is no pointer is mandatory.
func Example_hasOneMandatoryTyped() {
	type Lid struct {
		ID    int64
		FooID int64
	}
	lids := memrel.TableOf[Lid]("lids")
	db := memrel.MustOpen(Foos, lids, memrel.HasOne(Foos, lids))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "lids")
	// Output:
	// lids.fooId int NOT NULL REFERENCES foos (id) ON DELETE RESTRICT ON UPDATE RESTRICT
}

// What differs between systems is a profile, which is data. Sequelize 6 as it was recorded cascades where its manual says
// RESTRICT.
func Example_profile() {
	hasOne := foo.HasOne(bar, memrel.AssociationOptions{ForeignColumn: mandatory})
	for _, profile := range []*memrel.Profile{assoc.Manual(), assoc.Sequelize6()} {
		db := memrel.MustOpen(profile, fooModel, barModel, hasOne)
		fmt.Print(profile.Name, ": ")
		sequelize.PrintKeys(db, "bars")
		sequelize.Violations(db)
	}
	// Output:
	// manual: bars.fooId int NOT NULL REFERENCES foos (id) ON DELETE RESTRICT ON UPDATE RESTRICT
	// sequelize6: bars.fooId int NOT NULL REFERENCES foos (id) ON DELETE CASCADE ON UPDATE CASCADE
}

// An association without a constraint: the key is there, and is used, but nothing watches over it.
func Example_associationOptionsUnconstrained() {
	loose := memrel.AssociationOptions{Unconstrained: true}
	db := memrel.MustOpen(fooModel, barModel, foo.HasOne(bar, loose), bar.BelongsTo(foo, loose))
	defer sequelize.Violations(db)
	sequelize.PrintTables(db, "bars")
	lost, err := bar.Create(db, memrel.Values{"name": "lost", "fooId": 99})
	fmt.Println(lost, err)
	fmt.Println(lost.Call(db, "getFoo"))
	// Output:
	// bars
	//   id int NOT NULL
	//   name string
	//   fooId int
	//   PRIMARY KEY (id)
	// bars{id: 1, name: "lost", fooId: 99} <nil>
	// no row <nil>
}

// The same typed.
func Example_unconstrainedTyped() {
	barFoo := memrel.BelongsTo(Bars, Foos, memrel.Unconstrained())
	db := memrel.MustOpen(Foos, Bars, barFoo)
	defer sequelize.Violations(db)
	none := int64(99)
	lost, err := Bars.Insert(db, Bar{Name: "lost", FooID: &none})
	fmt.Println(lost.Name, *lost.FooID, err)
	_, ok := barFoo.Get(db, lost)
	fmt.Println(ok)
	// Output:
	// lost 99 <nil>
	// false
}
