package waterline_test

import (
	"fmt"

	"github.com/memrel/memrel/assoc/waterline"
)

// The handle of a model finds and writes its records.
func ExampleCollection() {
	o := petShop()
	defer sound(o)
	Pet := o.Collection("pet")
	fmt.Println(Pet.Create(waterline.Values{"name": "rex", "owner": 2}))
	show(Pet.Find(waterline.Where{"owner": 2}))
	// Output:
	// {"id":4,"breed":null,"name":"rex","owner":2,"type":null} <nil>
	// {"id":4,"breed":null,"name":"rex","owner":2,"type":null}
}

// Criteria may be a key, keys, conditions, or say more.
func ExampleCriteria() {
	Pet := petShop().Collection("pet")
	for _, criteria := range []any{2, []int{1, 2}, waterline.Where{"type": "dog"},
		waterline.Criteria{Where: waterline.Where{"type": "dog"}, Sort: "name DESC", Skip: 1, Limit: new(1)}, nil} {
		found, err := Pet.Find(criteria)
		fmt.Println(len(found), found[0].Get("name"), err)
	}
	// Output:
	// 1 tom <nil>
	// 2 fido <nil>
	// 2 fido <nil>
	// 1 fido <nil>
	// 3 fido <nil>
}

// Conditions by modifiers, all of which are true.
func ExampleWhere() {
	Pet := petShop().Collection("pet")
	show(Pet.Find(waterline.Criteria{Select: []string{"name"}, Where: waterline.Where{
		"name": waterline.Where{"!=": "tom"},
		"or":   []waterline.Where{{"owner": nil}, {"type": waterline.Where{"startsWith": "d"}}},
	}}))
	// Output:
	// {"id":1,"name":"fido"}
	// {"id":3,"name":"stray"}
}

// Values nest records, in keys and in collections.
func ExampleValues() {
	o := open(oneToMany)
	defer sound(o)
	_, err := o.Collection("pet").Create(waterline.Values{"name": "fido", "owner": waterline.Values{"firstName": "Foo"}})
	fmt.Println(err)
	show(o.Collection("user").Find(nil, waterline.Populate{Attr: "pets"}))
	// Output:
	// <nil>
	// {"id":1,"firstName":"Foo","lastName":null,"pets":[{"id":1,"breed":null,"name":"fido","owner":1,"type":null}]}
}

// A record with the members of its collection.
func ExampleCollection_Create() {
	o := open(oneToMany)
	defer sound(o)
	user, err := o.Collection("user").Create(waterline.Values{"firstName": "Foo", "pets": []waterline.Values{{"name": "fido"}, {"name": "tom"}}})
	fmt.Println(user, err)
	fmt.Println(o.Collection("pet").Count(waterline.Where{"owner": user.Key()}))
	// Output:
	// {"id":1,"firstName":"Foo","lastName":null} <nil>
	// 2 <nil>
}

// All of them, or none.
func ExampleCollection_CreateEach() {
	o := open(`{"tag": {"attributes": {"name": {"type": "string", "unique": true}}}}`)
	Tag := o.Collection("tag")
	show(Tag.CreateEach([]waterline.Values{{"name": "go"}, {"name": "sql"}}))
	show(Tag.CreateEach([]waterline.Values{{"name": "js"}, {"name": "go"}}))
	fmt.Println(Tag.Count(nil))
	// Output:
	// {"id":1,"name":"go"}
	// {"id":2,"name":"sql"}
	// memrel: insert tag: row 2: unique key (name) = ("go") is taken; in the way: tag[1]
	// 2 <nil>
}

// Update by criteria; a collection is replaced by what is given.
func ExampleCollection_Update() {
	o := petShop()
	defer sound(o)
	show(o.Collection("pet").Update(waterline.Where{"type": waterline.Where{"!=": "dog"}}, waterline.Values{"type": "feline"}))
	_, err := o.Collection("user").Update(1, waterline.Values{"pets": []any{3, waterline.Values{"name": "rex"}}})
	fmt.Println(err)
	show(o.Collection("pet").Find(waterline.Criteria{Where: waterline.Where{"owner": 1}, Select: []string{"name"}}))
	// Output:
	// {"id":2,"breed":null,"name":"tom","owner":1,"type":"feline"}
	// <nil>
	// {"id":3,"name":"stray"}
	// {"id":4,"name":"rex"}
}

// FindOne refuses criteria that mean several records.
func ExampleCollection_FindOne() {
	Pet := petShop().Collection("pet")
	fmt.Println(Pet.FindOne(waterline.Where{"name": "tom"}))
	fmt.Println(Pet.FindOne(77))
	fmt.Println(Pet.FindOne(waterline.Where{"type": "dog"}))
	// Output:
	// {"id":2,"breed":null,"name":"tom","owner":1,"type":"cat"} <nil>
	// null <nil>
	// null memrel: findOne pet: the criteria mean 2 records; use Find with a limit, or narrower criteria
}

// The number of records.
func ExampleCollection_Count() {
	fmt.Println(petShop().Collection("pet").Count(waterline.Where{"type": "dog"}))
	// Output:
	// 2 <nil>
}

// The average of the records that have a value.
func ExampleCollection_Avg() {
	Item := open(`{"item": {"attributes": {"price": "integer"}}}`).Collection("item")
	_, _ = Item.CreateEach([]waterline.Values{{"price": 3}, {"price": 4}, {}})
	fmt.Println(Item.Avg("price", nil))
	fmt.Println(Item.Avg("price", waterline.Where{"price": nil}))
	// Output:
	// 3.5 true <nil>
	// 0 false <nil>
}

// A remove touches members of that record alone.
func ExampleCollection_RemoveFromCollection() {
	o := petShop()
	defer sound(o)
	fmt.Println(o.Collection("user").RemoveFromCollection(1, "pets", []int{1, 3}))
	fmt.Println(o.Collection("pet").Count(waterline.Where{"owner": nil}))
	// Output:
	// <nil>
	// 2 <nil>
}

// What is left out is a member no more.
func ExampleCollection_ReplaceCollection() {
	o := petShop()
	defer sound(o)
	fmt.Println(o.Collection("user").ReplaceCollection(1, "pets", []int{2, 3}))
	show(o.Collection("user").Find(1, waterline.Populate{Attr: "pets", Select: []string{"name"}}))
	// Output:
	// <nil>
	// {"id":1,"firstName":"Foo","lastName":null,"pets":[{"id":2,"name":"tom","owner":1},{"id":3,"name":"stray","owner":1}]}
}

// What a destroy would do to every datastore.
func ExampleCollection_PreviewDestroy() {
	o := open(wishlists)
	_, _ = o.Collection("user").Create(waterline.Values{"wishlist": []waterline.Values{{"name": "socks"}}})
	p, err := o.Collection("product").PreviewDestroy(1)
	fmt.Print(p)
	fmt.Println(p.Err(), err)
	fmt.Println(o.Collection("product").Count(nil))
	// Output:
	// in ourMySQL:
	// delete product_wishlistedBy__user_wishlist[1]
	// product_wishlistedBy__user_wishlist: 1 deleted
	// in ourRedis:
	// delete product[1]
	// product: 1 deleted
	// <nil> <nil>
	// 1 <nil>
}

// A preview is a value.
func ExamplePreview() {
	p, _ := petShop().Collection("pet").PreviewDestroy([]int{1, 2})
	for _, s := range p.Statements {
		fmt.Println(s.Datastore, s.Preview.Op, s.Preview.Table, s.Preview.Counts[0].Deleted)
	}
	fmt.Println(p.Dangling)
	// Output:
	// default delete pet 2
	// []
}

// One statement of a preview is a preview of one store.
func ExamplePreviewStatement() {
	p, _ := petShop().Collection("pet").PreviewDestroy(1)
	s := p.Statements[0]
	fmt.Print(s.Datastore, ": ", s.Preview)
	// Output:
	// default: delete pet[1]
	// pet: 1 deleted
}

// What would stop it.
func ExamplePreview_Err() {
	p, _ := petShop().Collection("user").PreviewDestroy(1)
	fmt.Println(p.Err())
	// Output:
	// memrel: delete user: user 1 is still referenced (pet.owner -> user.id, NO ACTION); in the way: pet[1], pet[2]
}

// Statements as a tree beneath their datastore, and what would dangle.
func ExamplePreview_String() {
	o := open(`{"user": {"datastore": "a", "attributes": {}}, "pet": {"datastore": "b", "attributes": {"owner": {"model": "user"}}}}`)
	_, _ = o.Collection("pet").Create(waterline.Values{"owner": waterline.Values{}})
	p, _ := o.Collection("user").PreviewDestroy(1)
	fmt.Print(p.String())
	// Output:
	// in a:
	// delete user[1]
	// user: 1 deleted
	// dangling: b: pet[1].owner -> user 1
}
