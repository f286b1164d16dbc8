package waterline_test

import (
	"encoding/json"
	"fmt"

	"github.com/memrel/memrel/assoc/waterline"
)

// The snippets of Waterline's guide to associations, in its order: here its part on one-to-one. A model may be written in
// JSON, as most snippets below, or in Go.

// open makes an ontology of models written in JSON.
func open(models string, options ...waterline.Option) *waterline.Ontology {
	list, err := waterline.Parse(reader(models))
	if err != nil {
		panic(err)
	}
	o, err := waterline.Open(list, options...)
	if err != nil {
		panic(err)
	}
	return o
}

// show prints records as JSON, one on each line, or an error.
func show(records []*waterline.Record, err error) {
	if err != nil {
		fmt.Println(err)
	}
	for _, r := range records {
		text, _ := json.Marshal(r)
		fmt.Println(string(text))
	}
}

// sound prints what an ontology finds wrong with itself.
func sound(o *waterline.Ontology) {
	for err := range o.Check() {
		fmt.Println(err)
	}
}

// A user may only have a single pet, and a pet any number of users.
func Example_guide01OneSided() {
	o, err := waterline.Open([]waterline.Model{
		{Identity: "user", Attributes: waterline.Attributes{
			"firstName": "string",
			"lastName":  "string",
			"pet":       waterline.Attribute{Model: "pet"}, // add a reference to Pet
		}},
		{Identity: "pet", Attributes: waterline.Attributes{
			"breed": "string",
			"type":  "string",
			"name":  "string",
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sound(o)
	User, Pet := o.Collection("user"), o.Collection("pet")
	fido, _ := Pet.Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido"})
	show(User.CreateEach([]waterline.Values{{"firstName": "Foo", "pet": fido}, {"firstName": "Baz", "pet": fido.Key()}}))
	// Output:
	// {"id":1,"firstName":"Foo","lastName":null,"pet":1}
	// {"id":2,"firstName":"Baz","lastName":null,"pet":1}
}

const bothSides = `{
	"user": {"attributes": {"firstName": "string", "lastName": "string", "pet": {"model": "pet"}}},
	"pet":  {"attributes": {"breed": "string", "type": "string", "name": "string", "user": {"model": "user"}}}
}`

// Both models know about each other. These are two keys, each of which is written by itself.
func Example_guide02TwoSided() {
	o := open(bothSides)
	for _, d := range o.Diagnostics() {
		fmt.Println(d)
	}
	// Output:
	// pet.user: it and user.pet are two keys that know nothing of each other; to have a one-to-one, give one side unique: true and let the other be a collection via it
}

// withFoo has the user 123 of the guide.
func withFoo(models string, options ...waterline.Option) *waterline.Ontology {
	o := open(models, options...)
	if _, err := o.Collection("user").Create(waterline.Values{"id": 123, "firstName": "Foo", "lastName": "Bar"}); err != nil {
		panic(err)
	}
	return o
}

// A pet is created with its user; the user does not know of it.
func Example_guide03Create() {
	o := withFoo(bothSides)
	defer sound(o)
	pet, err := o.Collection("pet").Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido", "user": 123})
	show([]*waterline.Record{pet}, err)
	show(o.Collection("user").Find(123, waterline.Populate{Attr: "pet"}))
	// Output:
	// {"id":1,"breed":"labrador","name":"fido","type":"dog","user":123}
	// {"id":123,"firstName":"Foo","lastName":"Bar","pet":null}
}

// To query both ways the user is updated too.
func Example_guide04BothWays() {
	o := withFoo(bothSides)
	defer sound(o)
	User, Pet := o.Collection("user"), o.Collection("pet")
	pet, err := Pet.Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido", "user": 123})
	if err != nil {
		fmt.Println(err)
		return
	}
	show(User.Update(123, waterline.Values{"pet": pet.Key()}))
	// Output:
	// {"id":123,"firstName":"Foo","lastName":"Bar","pet":1}
}

// Populate adds the record that the key refers to.
func Example_guide05Populate() {
	o := withFoo(bothSides)
	defer sound(o)
	User, Pet := o.Collection("user"), o.Collection("pet")
	pet, _ := Pet.Create(waterline.Values{"breed": "labrador", "type": "dog", "name": "fido", "user": 123})
	_, _ = User.Update(123, waterline.Values{"pet": pet.Key()})
	show(Pet.Find(nil, waterline.Populate{Attr: "user"}))
	// Output:
	// {"id":1,"breed":"labrador","name":"fido","type":"dog","user":{"id":123,"firstName":"Foo","lastName":"Bar","pet":1}}
}

// Models with the tables and columns of a legacy database.
func Example_guide06LegacyTables() {
	o := open(`{
		"pet": {
			"tableName": "pb_pets",
			"attributes": {
				"id":     {"type": "integer", "primaryKey": true},
				"breed":  {"type": "string", "columnName": "pb_pet_breed"},
				"animal": {"type": "string", "columnName": "pb_pet_species"},
				"name":   {"type": "string", "columnName": "pb_pet_name"},
				"owner":  {"model": "user"}
			}
		},
		"user": {
			"tableName": "pb_user",
			"attributes": {
				"id":        {"type": "integer", "primaryKey": true},
				"firstName": {"type": "string", "columnName": "pb_owner_first"},
				"lastName":  {"type": "string", "columnName": "pb_owner_last"},
				"pet":       {"model": "pet"}
			}
		}
	}`)
	defer sound(o)
	User, Pet := o.Collection("user"), o.Collection("pet")
	_, _ = User.Create(waterline.Values{"id": 123, "firstName": "Foo", "lastName": "Bar"})
	_, _ = Pet.Create(waterline.Values{"id": 1, "breed": "labrador", "animal": "dog", "name": "fido", "owner": 123})
	_, _ = User.Update(123, waterline.Values{"pet": 1})
	show(Pet.Find(waterline.Where{"animal": "dog"}, waterline.Populate{Attr: "owner"}))
	schema, _ := o.Store(waterline.DefaultDatastore).View().Schema("pb_pets")
	for _, c := range schema.Columns {
		fmt.Println(c.Name)
	}
	// Output:
	// {"id":1,"animal":"dog","breed":"labrador","name":"fido","owner":{"id":123,"firstName":"Foo","lastName":"Bar","pet":1}}
	// id
	// pb_pet_species
	// pb_pet_breed
	// pb_pet_name
	// owner
}
