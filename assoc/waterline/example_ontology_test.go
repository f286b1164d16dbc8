package waterline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// Options say how models are bound.
func ExampleOption() {
	options := []waterline.Option{waterline.CheckOnWrite(false), waterline.Atomic(false)}
	o := open(oneToMany, options...)
	_, err := o.Collection("pet").Create(waterline.Values{"owner": 7})
	fmt.Println(err)
	// Output:
	// <nil>
}

// A store that there is keeps the records of a datastore.
func ExampleDatastore() {
	db := memrel.MustOpen()
	o := open(oneToMany, waterline.Datastore("default", db))
	_, _ = o.Collection("user").Create(waterline.Values{"firstName": "Foo"})
	fmt.Println(memrel.RowsOf("user").Get(db, 1))
	// Output:
	// user{id: 1, firstName: "Foo", lastName: NULL} true
}

// What can only be read is not written, and holds no junction.
func ExampleReadOnly() {
	products := open(`{"product": {"attributes": {"name": "string"}}}`)
	_, _ = products.Collection("product").Create(waterline.Values{"name": "socks"})
	o := open(`{"product": {"attributes": {"name": "string"}}, "order": {"datastore": "orders", "attributes": {"product": {"model": "product"}}}}`,
		waterline.ReadOnly("default", products.Store("default").View()))
	fmt.Println(o.Collection("order").Create(waterline.Values{"product": 1}))
	_, err := o.Collection("product").Destroy(1)
	fmt.Println(err)
	// Output:
	// {"id":1,"product":1} <nil>
	// memrel: destroy product: the datastore default is read-only; write to the store that it shows
}

// A many-to-many of which no side is dominant is told of.
func ExampleOnDiagnostic() {
	open(`{"user": {"datastore": "a", "attributes": {"pets": {"collection": "pet", "via": "owners"}}},
		"pet": {"datastore": "b", "attributes": {"owners": {"collection": "user", "via": "pets"}}}}`,
		waterline.OnDiagnostic(func(d memrel.Diagnostic) { fmt.Println(d) }))
	// Output:
	// pet.owners: neither it nor user.pets is dominant; their junction is put into b, beside pet; say dominant: true on one side
}

// A call is one contact with a datastore, whatever number of records it is about.
func ExampleCall() {
	var calls []waterline.Call
	o := petShop(waterline.OnCall(func(c waterline.Call) error { calls = append(calls, c); return nil }))
	calls = nil
	_, err := o.Collection("user").Find(nil, waterline.Populate{Attr: "pets"})
	for _, c := range calls {
		fmt.Println(c.Datastore, c.Method, c.Tables)
	}
	fmt.Println(err)
	// Output:
	// default find [user]
	// default find [pet]
	// <nil>
}

// An ontology is models bound to stores.
func ExampleOntology() {
	o := petShop()
	defer sound(o)
	show(o.Collection("pet").Find(waterline.Where{"owner": 1}, waterline.Populate{Attr: "owner"}))
	// Output:
	// {"id":1,"breed":null,"name":"fido","owner":{"id":1,"firstName":"Foo","lastName":null},"type":"dog"}
	// {"id":2,"breed":null,"name":"tom","owner":{"id":1,"firstName":"Foo","lastName":null},"type":"cat"}
}

// An association as it came out.
func ExampleAssociation() {
	for _, a := range open(oneToMany).Associations() {
		fmt.Printf("%s.%s -> %s by %s.%s\n", a.Model, a.Attr, a.Target, a.Table, a.Key)
	}
	// Output:
	// pet.owner -> user by pet.owner
	// user.pets -> pet by pet.owner
}

// Check yields what each store finds, and what dangles across them.
func ExampleOntology_Check() {
	o := open(wishlists)
	_, _ = o.Collection("user").Create(waterline.Values{"wishlist": []waterline.Values{{"name": "socks"}}})
	_, _ = memrel.RowsOf("product").DeleteWhere(o.Store("ourRedis"), memrel.Cond{}) // behind its back
	for err := range o.Check() {
		fmt.Println(err)
	}
	// Output:
	// memrel: check product_wishlistedBy__user_wishlist: product 1 of the datastore ourRedis does not exist; at fault: product_wishlistedBy__user_wishlist[1]
}

// CheckAcross leaves out what stores see to themselves.
func ExampleOntology_CheckAcross() {
	o := petShop()
	n := 0
	for range o.CheckAcross() {
		n++
	}
	fmt.Println(n)
	// Output:
	// 0
}

// The handle of a model, in any case of letters.
func ExampleOntology_Collection() {
	o := petShop()
	fmt.Println(o.Collection("Pet").Count(nil))
	fmt.Println(o.Collection("bird").Count(nil))
	// Output:
	// 3 <nil>
	// 0 memrel: count bird: there is no model of that identity; define it with the others
}

// The datastores by name.
func ExampleOntology_Datastores() {
	fmt.Println(open(wishlists).Datastores())
	// Output:
	// [ourMySQL ourRedis]
}

// What may not mean what it seems to.
func ExampleOntology_Diagnostics() {
	o := open(`{"user": {"attributes": {"pet": {"model": "pet"}}}, "pet": {"attributes": {"user": {"model": "user"}}}}`)
	for _, d := range o.Diagnostics() {
		fmt.Println(d)
	}
	// Output:
	// pet.user: it and user.pet are two keys that know nothing of each other; to have a one-to-one, give one side unique: true and let the other be a collection via it
}

// Inside a datastore there are models and associations like any others.
func ExampleOntology_Store() {
	o := petShop()
	rows, err := memrel.ModelOf("user").Find(o.Store("default"), memrel.Query{Include: []memrel.Include{{As: "pets"}}})
	text, _ := json.Marshal(rows[0])
	fmt.Println(string(text), err)
	// Output:
	// {"id":1,"firstName":"Foo","lastName":null,"pets":[{"id":1,"breed":null,"name":"fido","owner":1,"type":"dog"},{"id":2,"breed":null,"name":"tom","owner":1,"type":"cat"}]} <nil>
}

// Where the records of a model are.
func ExampleOntology_Table() {
	fmt.Println(open(wishlists).Table("product"))
	fmt.Println(open(wishlists).Table("bird"))
	// Output:
	// ourRedis product true
	//   false
}

// The file of one store is loaded again, with the associations inside it.
func ExampleSaved() {
	var file bytes.Buffer
	_ = petShop().Store("default").View().Save(&file)
	db, err := memrel.Load(&file, waterline.Saved())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(memrel.Associations(db).Association("user", "pets"))
	// Output:
	// user.pets
}

// A store knows the models of its ontology.
func ExampleKept() {
	models, datastore, err := waterline.Kept(open(wishlists).Store("ourRedis").View())
	fmt.Println(models[0].Identity, models[1].Identity, datastore, err)
	_, _, err = waterline.Kept(memrel.View{})
	fmt.Println(err)
	// Output:
	// product user ourRedis <nil>
	// memrel: load: this is no store of an ontology: it keeps no ontology; load a store that an ontology was opened over, or give the models to Open
}

// Stores that were saved one by one are bound again.
func ExampleReopen() {
	o := open(wishlists)
	_, _ = o.Collection("user").Create(waterline.Values{"wishlist": []waterline.Values{{"name": "socks"}}})
	var stores []*memrel.DB
	for _, name := range o.Datastores() {
		var file bytes.Buffer
		_ = o.Store(name).View().Save(&file)
		db, err := memrel.Load(&file, waterline.Saved())
		if err != nil {
			fmt.Println(err)
			return
		}
		stores = append(stores, db)
	}
	again, err := waterline.Reopen(stores)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sound(again)
	show(again.Collection("user").Find(nil, waterline.Populate{Attr: "wishlist"}))
	_, err = waterline.Reopen(stores[:1])
	fmt.Println(err)
	// Output:
	// {"id":1,"email":null,"wishlist":[{"id":1,"name":"socks"}]}
	// memrel: define ourRedis: the datastore is not among the stores given; give it with Datastore
}

// What Ontology.Save wrote, or the file of the only datastore.
func ExampleLoad() {
	var all, one bytes.Buffer
	_ = open(wishlists).Save(&all)
	_ = petShop().Store("default").View().Save(&one)
	for _, file := range []*bytes.Buffer{&all, &one} {
		o, err := waterline.Load(file)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(o.Datastores(), len(o.Associations()))
	}
	// Output:
	// [ourMySQL ourRedis] 2
	// [default] 2
}

// A load that does not go on for ever.
func ExampleLoadContext() {
	o := open(wishlists)
	_, _ = o.Collection("user").Create(waterline.Values{"wishlist": []any{waterline.Values{"name": "socks"}}})
	var file bytes.Buffer
	_ = o.Save(&file)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := waterline.LoadContext(ctx, &file)
	fmt.Println(errors.Is(err, context.Canceled))
	// Output: true
}
