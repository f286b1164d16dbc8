package keys_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/sequelize"
)

var (
	foo          = memrel.ModelOf("foos")
	bar          = memrel.ModelOf("bars")
	baz          = memrel.ModelOf("bazs")
	ship         = memrel.ModelOf("ships")
	captain      = memrel.RowsOf("captains")
	shipModel    = memrel.ModelSpec{Name: "ship", Columns: []memrel.Attribute{sequelize.Text("name"), sequelize.Number("amountOfSails")}}
	captainModel = memrel.ModelSpec{Name: "captain", Columns: []memrel.Attribute{sequelize.Text("name"), skill}}
	skill        = memrel.Attribute{Column: memrel.Column{Name: "skillLevel", Type: memrel.Int}, Min: 1, Max: 10}
)

var (
	namedFoo     = memrel.ModelSpec{Name: "foo", Columns: []memrel.Attribute{sequelize.UniqueText("name")}}
	titledBar    = memrel.ModelSpec{Name: "bar", Columns: []memrel.Attribute{sequelize.UniqueText("title")}}
	bazModel     = memrel.ModelSpec{Name: "baz", Columns: []memrel.Attribute{sequelize.Text("summary")}}
	namedCaptain = memrel.ModelSpec{Name: "captain", Columns: []memrel.Attribute{sequelize.UniqueText("name")}}
)

// A belongsTo whose key refers to another unique column of the target: the ship keeps its captain's name. When the captain
// takes another name, the ship follows.
func Example_belongsToTargetKey() {
	db := memrel.MustOpen(shipModel, namedCaptain,
		ship.BelongsTo(captain, memrel.AssociationOptions{TargetKey: "name", ForeignKey: "captainName"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "ships")
	captain.Insert(db, memrel.Values{"name": "Jack Sparrow"})
	pearl, _ := ship.Create(db, memrel.Values{"name": "Black Pearl", "captainName": "Jack Sparrow"})
	fmt.Println(pearl.Call(db, "getCaptain"))
	captain.Update(db, memrel.Values{"name": "Captain Jack"}, 1)
	fmt.Println(ship.Get(db, 1))
	// Output:
	// ships.captainName string REFERENCES captains (name) ON DELETE SET NULL ON UPDATE CASCADE
	// captains{id: 1, name: "Jack Sparrow"} <nil>
	// ships{id: 1, name: "Black Pearl", amountOfSails: NULL, captainName: "Captain Jack"} true
}

// The same typed.
func Example_targetKeyTyped() {
	type Boss struct {
		ID   int64
		Name string `memrel:",unique"`
	}
	type Boat struct {
		ID       int64
		Name     string
		BossName *string
	}
	bosses, boats := memrel.TableOf[Boss]("bosses"), memrel.TableOf[Boat]("boats")
	boatBoss := memrel.BelongsTo(boats, bosses, memrel.AssociationOptions{TargetKey: "name"}, memrel.ForeignKey("bossName"))
	db := memrel.MustOpen(boats, bosses, boatBoss)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "boats")
	jack, _ := bosses.Insert(db, Boss{Name: "Jack Sparrow"})
	pearl, _ := boats.Insert(db, Boat{Name: "Black Pearl", BossName: &jack.Name})
	fmt.Println(boatBoss.Get(db, pearl))
	// Output:
	// boats.bossName string REFERENCES bosses (name) ON DELETE SET NULL ON UPDATE CASCADE
	// {1 Jack Sparrow} true
}

// A hasOne and a hasMany keep their key in the target, so what they name is a column of the source.
func Example_hasManySourceKey() {
	db := memrel.MustOpen(namedFoo, titledBar, bazModel,
		foo.HasOne(bar, memrel.AssociationOptions{SourceKey: "name", ForeignKey: "fooName"}),
		bar.HasMany(baz, memrel.AssociationOptions{SourceKey: "title", ForeignKey: "barTitle"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "bars", "bazs")
	the, _ := foo.Create(db, memrel.Values{"name": "Foo's name"})
	its, _ := bar.Create(db, memrel.Values{"title": "Bar's title"})
	one, _ := baz.Create(db, memrel.Values{"summary": "short"})
	the.Call(db, "setBar", its)
	its.Call(db, "addBaz", one)
	fmt.Println(the.Call(db, "getBar"))
	fmt.Println(its.Call(db, "getBazs"))
	// Output:
	// bars.fooName string REFERENCES foos (name) ON DELETE SET NULL ON UPDATE CASCADE
	// bazs.barTitle string REFERENCES bars (title) ON DELETE SET NULL ON UPDATE CASCADE
	// bars{id: 1, title: "Bar's title", fooName: "Foo's name"} <nil>
	// [bazs{id: 1, summary: "short", barTitle: "Bar's title"}] <nil>
}

// The same typed.
func Example_sourceKeyTyped() {
	type Shelf struct {
		ID    int64
		Title string `memrel:",unique"`
	}
	type Book struct {
		ID         int64
		Name       string
		ShelfTitle *string
	}
	shelves, books := memrel.TableOf[Shelf]("shelves"), memrel.TableOf[Book]("books")
	shelfBooks := memrel.HasMany(shelves, books, memrel.AssociationOptions{SourceKey: "title"}, memrel.ForeignKey("shelfTitle"))
	db := memrel.MustOpen(shelves, books, shelfBooks)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "books")
	poetry, _ := shelves.Insert(db, Shelf{Title: "Poetry"})
	book, _ := shelfBooks.Create(db, poetry, Book{Name: "Howl"})
	fmt.Println(book.Name, *book.ShelfTitle)
	// Output:
	// books.shelfTitle string REFERENCES shelves (title) ON DELETE SET NULL ON UPDATE CASCADE
	// Howl Poetry
}

// The four cases of a many-to-many, first: both keys refer to primary keys.
func Example_belongsToManyKeysBothPrimary() {
	db := memrel.MustOpen(namedFoo, titledBar, foo.BelongsToMany(bar, memrel.AssociationOptions{Through: "foo_bar"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "foo_bar")
	ann, _ := foo.Create(db, memrel.Values{"name": "Ann"})
	ann.Call(db, "createBar", memrel.Values{"title": "A title"})
	sequelize.Show(ann.Get(db, "bars", memrel.Query{}))
	// Output:
	// foo_bar.fooId int NOT NULL REFERENCES foos (id) ON DELETE CASCADE ON UPDATE CASCADE
	// foo_bar.barId int NOT NULL REFERENCES bars (id) ON DELETE CASCADE ON UPDATE CASCADE
	// {"id":1,"title":"A title","foo_bar":{"fooId":1,"barId":1}}
}

// Second: the target's key is its title.
func Example_belongsToManyKeysTarget() {
	db := memrel.MustOpen(namedFoo, titledBar,
		foo.BelongsToMany(bar, memrel.AssociationOptions{Through: "foo_bar", TargetKey: "title"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "foo_bar")
	ann, _ := foo.Create(db, memrel.Values{"name": "Ann"})
	ann.Call(db, "createBar", memrel.Values{"title": "A title"})
	sequelize.Show(ann.Get(db, "bars", memrel.Query{}))
	// Output:
	// foo_bar.fooId int NOT NULL REFERENCES foos (id) ON DELETE CASCADE ON UPDATE CASCADE
	// foo_bar.barTitle string NOT NULL REFERENCES bars (title) ON DELETE CASCADE ON UPDATE CASCADE
	// {"id":1,"title":"A title","foo_bar":{"fooId":1,"barTitle":"A title"}}
}

// Third: the source's key is its name.
func Example_belongsToManyKeysSource() {
	db := memrel.MustOpen(namedFoo, titledBar,
		foo.BelongsToMany(bar, memrel.AssociationOptions{Through: "foo_bar", SourceKey: "name"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "foo_bar")
	ann, _ := foo.Create(db, memrel.Values{"name": "Ann"})
	ann.Call(db, "createBar", memrel.Values{"title": "A title"})
	sequelize.Show(ann.Get(db, "bars", memrel.Query{}))
	// Output:
	// foo_bar.fooName string NOT NULL REFERENCES foos (name) ON DELETE CASCADE ON UPDATE CASCADE
	// foo_bar.barId int NOT NULL REFERENCES bars (id) ON DELETE CASCADE ON UPDATE CASCADE
	// {"id":1,"title":"A title","foo_bar":{"fooName":"Ann","barId":1}}
}

// Fourth: neither is a primary key.
func Example_belongsToManyKeysSourceTarget() {
	db := memrel.MustOpen(namedFoo, titledBar,
		foo.BelongsToMany(bar, memrel.AssociationOptions{Through: "foo_bar", SourceKey: "name", TargetKey: "title"}))
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "foo_bar")
	ann, _ := foo.Create(db, memrel.Values{"name": "Ann"})
	ann.Call(db, "createBar", memrel.Values{"title": "A title"})
	sequelize.Show(ann.Get(db, "bars", memrel.Query{}))
	// Output:
	// foo_bar.fooName string NOT NULL REFERENCES foos (name) ON DELETE CASCADE ON UPDATE CASCADE
	// foo_bar.barTitle string NOT NULL REFERENCES bars (title) ON DELETE CASCADE ON UPDATE CASCADE
	// {"id":1,"title":"A title","foo_bar":{"fooName":"Ann","barTitle":"A title"}}
}

// The fourth case typed.
func Example_belongsToManyKeysSourceTargetTyped() {
	type Country struct {
		ID   int64
		Code string `memrel:",unique"`
	}
	type Language struct {
		ID  int64
		Tag string `memrel:",unique"`
	}
	type Spoken struct {
		CountryCode string `memrel:",pk"`
		LanguageTag string `memrel:",pk"`
	}
	countries, languages := memrel.TableOf[Country]("countries"), memrel.TableOf[Language]("languages")
	spoken := memrel.TableOf[Spoken]("spoken")
	countryLanguages := memrel.BelongsToMany(countries, languages, spoken, memrel.AssociationOptions{SourceKey: "code", TargetKey: "tag"})
	db := memrel.MustOpen(countries, languages, spoken, countryLanguages)
	defer sequelize.Violations(db)
	sequelize.PrintKeys(db, "spoken")
	swiss, _ := countries.Insert(db, Country{Code: "CH"})
	for _, tag := range []string{"de", "fr", "it", "rm"} {
		countryLanguages.Create(db, swiss, Language{Tag: tag})
	}
	for row := range spoken.All(db) {
		fmt.Print(row, " ")
	}
	// Output:
	// spoken.countryCode string NOT NULL REFERENCES countries (code) ON DELETE CASCADE ON UPDATE CASCADE
	// spoken.languageTag string NOT NULL REFERENCES languages (tag) ON DELETE CASCADE ON UPDATE CASCADE
	// {CH de} {CH fr} {CH it} {CH rm}
}

// A column that is referred to must be unique. One that is not, or is not there, is refused when it is defined, not when it
// is first used.
func Example_belongsToTargetKeyNotUnique() {
	for _, key := range []string{"name", "title"} {
		_, err := memrel.Open(shipModel, captainModel,
			ship.BelongsTo(captain, memrel.AssociationOptions{TargetKey: key, ForeignKey: "captainKey"}))
		fmt.Println(err)
	}
	// Output:
	// memrel: define ships: foreign key ships_captainKey_fkey refers to captains(name), which no primary or unique key covers; add a unique key over captains(name)
	// memrel: define ships.belongsTo(captains): captain has no column title; add the column, or name another key
}
