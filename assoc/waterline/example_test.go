package waterline_test

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// petShop has two users and three pets, the last of which nobody owns.
func petShop(options ...waterline.Option) *waterline.Ontology {
	o := open(oneToMany, options...)
	_, err := o.Collection("user").CreateEach([]waterline.Values{
		{"firstName": "Foo", "pets": []waterline.Values{{"name": "fido", "type": "dog"}, {"name": "tom", "type": "cat"}}}, {"firstName": "Bar"}})
	if err == nil {
		_, err = o.Collection("pet").Create(waterline.Values{"name": "stray", "type": "dog"})
	}
	if err != nil {
		panic(err)
	}
	return o
}

// Models of two stores that the program has, one of which can only be read.
func ExampleOpen() {
	people := memrel.MustOpen()
	catalog := memrel.MustOpen(memrel.Schema{Name: "product", PrimaryKey: []string{"id"},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int, NotNull: true, AutoIncrement: true}, {Name: "name", Type: memrel.String}}})
	if _, err := memrel.RowsOf("product").Insert(catalog, memrel.Values{"name": "socks"}); err != nil {
		fmt.Println(err)
	}
	o, err := waterline.Open([]waterline.Model{
		{Identity: "user", Datastore: "people", Attributes: waterline.Attributes{"wishlist": waterline.Attribute{Collection: "product"}}},
		{Identity: "product", Datastore: "catalog", Attributes: waterline.Attributes{"name": "string"}},
	}, waterline.Datastore("people", people), waterline.ReadOnly("catalog", catalog))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sound(o)
	User, Product := o.Collection("user"), o.Collection("product")
	_, _ = User.Create(waterline.Values{"wishlist": []int{1}})
	show(User.Find(nil, waterline.Populate{Attr: "wishlist"}))
	_, err = Product.Create(waterline.Values{"name": "tea"})
	fmt.Println(err)
	// Output:
	// {"id":1,"wishlist":[{"id":1,"name":"socks"}]}
	// memrel: create product: the datastore catalog is read-only; write to the store that it shows
}

// What the associations of an ontology go by.
func ExampleOntology_Associations() {
	o := open(wishlists)
	for _, a := range o.Associations() {
		fmt.Println(a.Model, a.Attr, a.Kind, a.Datastore, a.Table, a.Key, a.OtherKey, a.Across)
	}
	datastore, table, _ := o.Table("product")
	fmt.Println(datastore, table)
	// Output:
	// product wishlistedBy belongsToMany ourMySQL product_wishlistedBy__user_wishlist product_wishlistedBy user_wishlist true
	// user wishlist belongsToMany ourMySQL product_wishlistedBy__user_wishlist user_wishlist product_wishlistedBy true
	// ourRedis product
}

func ExampleCollection_Find() {
	o := petShop()
	Pet := o.Collection("pet")
	show(Pet.Find(waterline.Criteria{Where: waterline.Where{"name": waterline.Where{"contains": "o"}, "owner": waterline.Where{"!=": nil}},
		Sort: "name DESC", Limit: new(5), Select: []string{"name"}}))
	pet, err := Pet.FindOne(waterline.Where{"name": "stray"})
	fmt.Println(pet.Get("type"), err)
	n, err := Pet.Count(waterline.Where{"type": []string{"dog", "cat"}})
	fmt.Println(n, err)
	// Output:
	// {"id":2,"name":"tom"}
	// {"id":1,"name":"fido"}
	// dog <nil>
	// 3 <nil>
}

// What is populated may be chosen, for each record by itself.
func ExamplePopulate() {
	o := petShop()
	found, err := o.Collection("user").Find(nil, waterline.Populate{Attr: "pets", Where: waterline.Where{"type": "dog"}, Sort: "name", Limit: new(1)})
	for _, user := range found {
		fmt.Println(user.Key(), len(user.Many("pets")), err)
	}
	pet, err := o.Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	fmt.Println(pet.One("owner").Get("firstName"), pet.Map()["owner"], err)
	// Output:
	// 1 1 <nil>
	// 2 0 <nil>
	// Foo map[firstName:Foo id:1 lastName:<nil>] <nil>
}

func ExampleCollection_Stream() {
	o := petShop()
	for pet, err := range o.Collection("pet").Stream(waterline.Where{"type": "dog"}, waterline.Populate{Attr: "owner"}) {
		fmt.Println(pet, err)
	}
	// Output:
	// {"id":1,"breed":null,"name":"fido","owner":{"id":1,"firstName":"Foo","lastName":null},"type":"dog"} <nil>
	// {"id":3,"breed":null,"name":"stray","owner":null,"type":"dog"} <nil>
}

func ExampleCollection_Sum() {
	o := open(`{"item": {"attributes": {"price": "integer", "weight": "float"}}}`)
	Item := o.Collection("item")
	_, _ = Item.CreateEach([]waterline.Values{{"price": 3, "weight": 1.5}, {"price": 4}})
	sum, err := Item.Sum("price", nil)
	fmt.Println(sum, err)
	avg, ok, err := Item.Avg("weight", nil)
	fmt.Println(avg, ok, err)
	// Output:
	// 7 <nil>
	// 1.5 true <nil>
}

func ExampleCollection_FindOrCreate() {
	o := petShop()
	for range 2 {
		r, created, err := o.Collection("user").FindOrCreate(waterline.Where{"firstName": "Baz"}, waterline.Values{"firstName": "Baz"})
		fmt.Println(r.Key(), created, err)
	}
	// Output:
	// 3 true <nil>
	// 3 false <nil>
}

// The members of a collection, by their keys.
func ExampleCollection_AddToCollection() {
	o := petShop()
	defer sound(o)
	User := o.Collection("user")
	pets := func() {
		for user := range User.Stream(nil, waterline.Populate{Attr: "pets"}) {
			for _, pet := range user.Many("pets") {
				fmt.Println(user.Key(), pet.Get("name"))
			}
		}
	}
	fmt.Println(User.AddToCollection(2, "pets", []int{2, 3}))
	pets()
	fmt.Println(User.RemoveFromCollection(2, "pets", 2))
	pets()
	fmt.Println(User.ReplaceCollection(1, "pets", []int{2}))
	pets()
	// Output:
	// <nil>
	// 1 fido
	// 2 tom
	// 2 stray
	// <nil>
	// 1 fido
	// 2 stray
	// <nil>
	// 1 tom
	// 2 stray
}

// A destroy is refused while keys refer to the record, unless it is to clear them.
func ExampleCollection_Destroy() {
	o := petShop()
	defer sound(o)
	User := o.Collection("user")
	_, err := User.Destroy(1)
	fmt.Println(err)
	show(User.Destroy(waterline.Criteria{Where: waterline.Where{"id": 1}, Cascade: true}))
	pet, _ := o.Collection("pet").FindOne(1)
	fmt.Println(pet.Get("owner"), pet.Destroy())
	// Output:
	// memrel: delete user: user 1 is still referenced (pet.owner -> user.id, NO ACTION); in the way: pet[1], pet[2]
	// {"id":1,"firstName":"Foo","lastName":null}
	// <nil> <nil>
}

// An instance is changed in hand, and saved as a whole. What is refused is listed.
func ExampleRecord_Save() {
	o := petShop()
	defer sound(o)
	user, _ := o.Collection("user").FindOne(1)
	user.Set("lastName", "Smith")
	_ = user.Add("pets", 77, waterline.Values{"name": "rex"})
	_ = user.Remove("pets", 2)
	var failed *waterline.WriteError
	if errors.As(user.Save(), &failed) {
		for _, f := range failed.Failed {
			fmt.Println(f.Type, f.Collection, f.Criteria, f.Err)
		}
		fmt.Println("written:", failed.Published)
	}
	// Output:
	// update pet map[id:77] memrel: save user: pet 77 does not exist and can be no member of pets; create it first
	// written: false
}

// Without Atomic what could be done stays done.
func ExampleAtomic() {
	o := petShop(waterline.Atomic(false))
	defer sound(o)
	user, _ := o.Collection("user").FindOne(1)
	_ = user.Add("pets", 77, 3)
	fmt.Println(user.Save())
	n, _ := o.Collection("pet").Count(waterline.Where{"owner": 1})
	fmt.Println(n)
	// Output:
	// memrel: save: 1 failed, the others are written; update pet: save user: pet 77 does not exist and can be no member of pets; create it first
	// 3
}

// With keys that nobody checks, Check lists what dangles.
func ExampleCheckOnWrite() {
	o := petShop(waterline.CheckOnWrite(false))
	_, err := o.Collection("pet").Create(waterline.Values{"owner": 7})
	fmt.Println(err)
	for err := range o.CheckAcross() {
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// memrel: check pet: user 7 of the datastore default does not exist; at fault: pet[4]
}

// Contacts with datastores can be counted, and refused.
func ExampleOnCall() {
	down := false
	o := open(wishlists, waterline.OnCall(func(c waterline.Call) error {
		fmt.Println(c.Datastore, c.Method, c.Tables)
		if down && c.Datastore == "ourRedis" {
			return errors.New("connection refused")
		}
		return nil
	}))
	User := o.Collection("user")
	_, _ = User.Create(waterline.Values{"wishlist": []waterline.Values{{"name": "socks"}}})
	down = true
	_, err := User.Find(nil, waterline.Populate{Attr: "wishlist"})
	fmt.Println(err)
	// Output:
	// ourMySQL create [user]
	// ourRedis create [product]
	// ourMySQL create [product_wishlistedBy__user_wishlist]
	// ourMySQL commit []
	// ourRedis commit []
	// ourMySQL find [user product_wishlistedBy__user_wishlist]
	// ourRedis find [product]
	// memrel: find product: the datastore ourRedis refused: connection refused
}

// A file keeps the models and the records of all datastores. The file of one store alone gets its associations back from
// Definitions.
func ExampleOntology_Save() {
	o := petShop()
	var file, store bytes.Buffer
	fmt.Println(o.Save(&file))
	again, err := waterline.Load(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := again.Collection("pet").Count(nil)
	fmt.Println(n, err)

	_ = o.Store("default").View().Save(&store)
	models, _ := waterline.Parse(reader(oneToMany))
	defs, _ := waterline.Definitions(models, waterline.DefaultDatastore)
	db, err := memrel.Load(&store, defs...)
	fmt.Println(memrel.Associations(db).Association("user", "pets"), err)
	// Output:
	// <nil>
	// 3 <nil>
	// user.pets <nil>
}
