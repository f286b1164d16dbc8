package waterline_test

import (
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// The guide's part on dominance.

// The problem: users and products live in two datastores, and neither side is dominant. The junction lives with the product,
// which comes first in the alphabet, and somebody is told.
func Example_guide16Problem() {
	o := open(`{
		"user":    {"attributes": {"email": "string", "wishlist": {"collection": "product", "via": "wishlistedBy"}}},
		"product": {"connection": "ourRedis", "attributes": {"name": "string", "wishlistedBy": {"collection": "user", "via": "wishlist"}}}
	}`, waterline.OnDiagnostic(func(d memrel.Diagnostic) { fmt.Println(d) }))
	for _, name := range o.Datastores() {
		fmt.Println(name, o.Store(name).View().Tables())
	}
	// Output:
	// product.wishlistedBy: neither it nor user.wishlist is dominant; their junction is put into ourRedis, beside product; say dominant: true on one side
	// default [user]
	// ourRedis [product product_wishlistedBy__user_wishlist]
}

const wishlists = `{
	"user": {
		"connection": "ourMySQL",
		"attributes": {"email": "string", "wishlist": {"collection": "product", "via": "wishlistedBy", "dominant": true}}
	},
	"product": {
		"connection": "ourRedis",
		"attributes": {"name": "string", "wishlistedBy": {"collection": "user", "via": "wishlist"}}
	}
}`

// The solution: the user is dominant.
func Example_guide18Solution() {
	o := open(wishlists)
	defer sound(o)
	for _, name := range o.Datastores() {
		fmt.Println(name, o.Store(name).View().Tables())
	}
	User := o.Collection("user")
	_, _ = User.Create(waterline.Values{"email": "foo@example.com", "wishlist": []waterline.Values{{"name": "socks"}, {"name": "tea"}}})
	show(User.Find(nil, waterline.Populate{Attr: "wishlist"}))
	// Output:
	// ourMySQL [product_wishlistedBy__user_wishlist user]
	// ourRedis [product]
	// {"id":1,"email":"foo@example.com","wishlist":[{"id":1,"name":"socks"},{"id":2,"name":"tea"}]}
}

// The FAQ: a collection without via is dominant, and neither of two is the other's.
func Example_guide20WithoutVia() {
	o := open(`{
		"user": {"connection": "left",  "attributes": {"likes": {"collection": "pet"}}},
		"pet":  {"connection": "right", "attributes": {"fans": {"collection": "user"}}}
	}`)
	for _, name := range o.Datastores() {
		fmt.Println(name, o.Store(name).View().Tables())
	}
	// Output:
	// left [pet_likes_pet__user_likes user]
	// right [pet pet_fans__user_fans_user]
}

// The FAQ: dominant is prohibited where there is nothing to choose, and on both sides.
func Example_guide21Prohibited() {
	models, _ := waterline.Parse(reader(`{
		"user": {"connection": "left",  "attributes": {"pet": {"model": "pet", "dominant": true}}},
		"pet":  {"connection": "right", "attributes": {"name": "string"}}
	}`))
	_, err := waterline.Open(models)
	fmt.Println(err)
	models, _ = waterline.Parse(reader(`{
		"user": {"connection": "left",  "attributes": {"pets": {"collection": "pet", "via": "owners", "dominant": true}}},
		"pet":  {"connection": "right", "attributes": {"owners": {"collection": "user", "via": "pets", "dominant": true}}}
	}`))
	_, err = waterline.Open(models)
	fmt.Println(err)
	// Output:
	// memrel: define user.pet: dominant belongs to a collection that another collection is the other side of; leave it out
	// memrel: define pet.owners: it and user.pets are both dominant: their junction can live in one datastore only; take it from one of them
}

// The FAQ: a model can be dominant for one attribute and not for another.
func Example_guide22PerAttribute() {
	o := open(`{
		"user": {"connection": "people", "attributes": {
			"favoriteToys": {"collection": "toy", "via": "favoriteToyOf", "dominant": true},
			"designs":      {"collection": "toy", "via": "designedBy"}}},
		"toy": {"connection": "things", "attributes": {
			"favoriteToyOf": {"collection": "user", "via": "favoriteToys"},
			"designedBy":    {"collection": "user", "via": "designs", "dominant": true}}}
	}`)
	for _, name := range o.Datastores() {
		fmt.Println(name, o.Store(name).View().Tables())
	}
	// Output:
	// people [toy_favoriteToyOf__user_favoriteToys user]
	// things [toy toy_designedBy__user_designs]
}

// The FAQ: inside one datastore dominant is ignored.
func Example_guide23OneDatastore() {
	o := open(`{
		"user": {"attributes": {"pets": {"collection": "pet", "via": "owners", "dominant": true}}},
		"pet":  {"attributes": {"owners": {"collection": "user", "via": "pets", "dominant": true}}}
	}`)
	fmt.Println(o.Store("default").View().Tables(), len(o.Diagnostics()))
	// Output:
	// [pet pet_owners__user_pets user] 0
}
