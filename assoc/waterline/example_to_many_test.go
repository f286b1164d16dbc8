package waterline_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/memrel/memrel/assoc/waterline"
)

// The guide's parts on one-to-many and many-to-many.

func reader(s string) io.Reader { return strings.NewReader(s) }

const oneToMany = `{
	"user": {"attributes": {"firstName": "string", "lastName": "string", "pets": {"collection": "pet", "via": "owner"}}},
	"pet":  {"attributes": {"breed": "string", "type": "string", "name": "string", "owner": {"model": "user"}}}
}`

// A user may have many pets, and a pet one user, which it keeps the key of.
func Example_guide08OneToMany() {
	o := open(oneToMany)
	schema, _ := o.Store("default").View().Schema("pet")
	fmt.Println(schema.References[0].Columns, "refers to", schema.References[0].Table)
	// Output:
	// [owner] refers to user
}

// A pet is created with its owner.
func Example_guide09CreateOwned() {
	o := withFoo(oneToMany)
	defer sound(o)
	pet, err := o.Collection("pet").Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido", "owner": 123})
	show([]*waterline.Record{pet}, err)
	// Output:
	// {"id":1,"breed":"labrador","name":"fido","owner":123,"type":"dog"}
}

// Populate adds the pets of each user.
func Example_guide10PopulateMany() {
	o := withFoo(oneToMany)
	defer sound(o)
	User, Pet := o.Collection("user"), o.Collection("pet")
	_, _ = Pet.Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido", "owner": 123})
	show(User.Find(nil, waterline.Populate{Attr: "pets"}))
	// Output:
	// {"id":123,"firstName":"Foo","lastName":"Bar","pets":[{"id":1,"breed":"labrador","name":"fido","owner":123,"type":"dog"}]}
}

const manyToMany = `{
	"user": {"attributes": {"firstName": "string", "lastName": "string",
		"pets": {"collection": "pet", "via": "owners", "dominant": true}}},
	"pet":  {"attributes": {"breed": "string", "type": "string", "name": "string",
		"owners": {"collection": "user", "via": "pets"}}}
}`

// A user may have many pets, and a pet many owners: a join table is made.
func Example_guide11ManyToMany() {
	o := open(manyToMany)
	fmt.Println(o.Store("default").View().Tables())
	// Output:
	// [pet pet_owners__user_pets user]
}

// withPets has the user 2 and some pets.
func withPets(ids ...int) (o *waterline.Ontology, user *waterline.Record) {
	o = open(manyToMany)
	User, Pet := o.Collection("user"), o.Collection("pet")
	if _, err := User.Create(waterline.Values{"id": 2, "firstName": "Foo"}); err != nil {
		panic(err)
	}
	for _, id := range ids {
		if _, err := Pet.Create(waterline.Values{"id": id, "name": fmt.Sprint("pet", id)}); err != nil {
			panic(err)
		}
	}
	user, err := User.FindOne(2)
	if err != nil {
		panic(err)
	}
	return o, user
}

// names prints the names of the pets of user 2.
func names(o *waterline.Ontology) {
	user, err := o.Collection("user").FindOne(2, waterline.Populate{Attr: "pets"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pet := range user.Many("pets") {
		fmt.Println(pet.Key(), pet.Get("name"))
	}
}

// Both records exist. Nothing happens before the save.
func Example_guide12BothExist() {
	o, user := withPets(20)
	defer sound(o)
	_ = user.Add("pets", 20) // queue up a record to be inserted into the join table
	names(o)
	fmt.Println("saved:", user.Save()) // create the new association in the join table
	names(o)
	// Output:
	// saved: <nil>
	// 20 pet20
}

// With a new record.
func Example_guide13NewRecord() {
	o, user := withPets()
	defer sound(o)
	_ = user.Add("pets", waterline.Values{"breed": "labrador", "type": "dog", "name": "fido"})
	fmt.Println("saved:", user.Save()) // create the new pet and the association
	names(o)
	// Output:
	// saved: <nil>
	// 1 fido
}

// With an array.
func Example_guide14Array() {
	o, user := withPets(20, 24, 31)
	defer sound(o)
	_ = user.Add("pets", []int{20, 24, 31})
	fmt.Println("saved:", user.Save())
	names(o)
	// Output:
	// saved: <nil>
	// 20 pet20
	// 24 pet24
	// 31 pet31
}

// Adding and removing together.
func Example_guide15AddAndRemove() {
	o, user := withPets(22)
	defer sound(o)
	_ = user.Add("pets", 22)
	_ = user.Save()
	_ = user.Add("pets", waterline.Values{"breed": "labrador", "type": "dog", "name": "fido"})
	_ = user.Remove("pets", 22)
	fmt.Println("saved:", user.Save())
	names(o)
	// Output:
	// saved: <nil>
	// 23 fido
}
