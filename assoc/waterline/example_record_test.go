package waterline_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// A record is what was found, with what was populated, and an instance to change and save.
func ExampleRecord() {
	o := petShop()
	defer sound(o)
	pet, err := o.Collection("pet").FindOne(waterline.Where{"name": "stray"})
	if err != nil {
		fmt.Println(err)
		return
	}
	pet.Set("owner", 2)
	fmt.Println(pet.Save(), pet)
	// Output:
	// <nil> {"id":3,"breed":null,"name":"stray","owner":2,"type":"dog"}
}

// Members wait for the save.
func ExampleRecord_Add() {
	o := petShop()
	defer sound(o)
	user, _ := o.Collection("user").FindOne(2)
	fmt.Println(user.Add("pets", 3, waterline.Values{"name": "rex"}))
	fmt.Println(o.Collection("pet").Count(waterline.Where{"owner": 2}))
	fmt.Println(user.Save())
	fmt.Println(o.Collection("pet").Count(waterline.Where{"owner": 2}))
	fmt.Println(user.Add("firstName", 1))
	// Output:
	// <nil>
	// 0 <nil>
	// <nil>
	// 2 <nil>
	// memrel: add user: there is no collection firstName; name a collection of it
}

// Members go at the save.
func ExampleRecord_Remove() {
	o := petShop()
	defer sound(o)
	user, _ := o.Collection("user").FindOne(1)
	fmt.Println(user.Remove("pets", 1, 2), user.Save())
	fmt.Println(o.Collection("pet").Count(waterline.Where{"owner": 1}))
	// Output:
	// <nil> <nil>
	// 0 <nil>
}

// An instance is destroyed.
func ExampleRecord_Destroy() {
	o := petShop()
	defer sound(o)
	pet, _ := o.Collection("pet").FindOne(1)
	fmt.Println(pet.Destroy())
	fmt.Println(o.Collection("pet").Count(nil))
	// Output:
	// <nil>
	// 2 <nil>
}

// The value of an attribute; what was populated is a record or a list of them.
func ExampleRecord_Get() {
	pet, _ := petShop().Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	fmt.Println(pet.Get("name"), pet.Get("breed"), pet.Get("owner").(*waterline.Record).Get("firstName"))
	// Output:
	// fido <nil> Foo
}

// The primary key.
func ExampleRecord_Key() {
	pet, _ := petShop().Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	fmt.Println(pet.Key(), pet.One("owner").Key())
	// Output:
	// 1 1
}

// The members of a collection that was populated.
func ExampleRecord_Many() {
	user, _ := petShop().Collection("user").FindOne(1, waterline.Populate{Attr: "pets"})
	for _, pet := range user.Many("pets") {
		fmt.Println(pet.Get("name"))
	}
	// Output:
	// fido
	// tom
}

// The record that a key leads to; nil if there is none.
func ExampleRecord_One() {
	pet, _ := petShop().Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	stray, _ := petShop().Collection("pet").FindOne(3, waterline.Populate{Attr: "owner"})
	fmt.Println(pet.One("owner").Get("firstName"), stray.One("owner") == nil)
	// Output:
	// Foo true
}

// A map of the caller's own.
func ExampleRecord_Map() {
	pet, _ := petShop().Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	fmt.Println(pet.Map())
	// Output:
	// map[breed:<nil> id:1 name:fido owner:map[firstName:Foo id:1 lastName:<nil>] type:dog]
}

// Changes are in hand until they are saved.
func ExampleRecord_Set() {
	o := petShop()
	defer sound(o)
	pet, _ := o.Collection("pet").FindOne(1)
	pet.Set("owner", waterline.Values{"firstName": "Baz"})
	fmt.Println(pet.Save())
	show(o.Collection("pet").Find(1, waterline.Populate{Attr: "owner"}))
	// Output:
	// <nil>
	// {"id":1,"breed":null,"name":"fido","owner":{"id":3,"firstName":"Baz","lastName":null},"type":"dog"}
}

// The primary key comes first, then the attributes by name.
func ExampleRecord_MarshalJSON() {
	pet, _ := petShop().Collection("pet").FindOne(1, waterline.Populate{Attr: "owner"})
	text, err := json.Marshal(pet)
	fmt.Println(string(text), err)
	// Output:
	// {"id":1,"breed":null,"name":"fido","owner":{"id":1,"firstName":"Foo","lastName":null},"type":"dog"} <nil>
}

// A record as JSON, for people.
func ExampleRecord_String() {
	pet, _ := petShop().Collection("pet").FindOne(3)
	fmt.Println(pet.String())
	// Output:
	// {"id":3,"breed":null,"name":"stray","owner":null,"type":"dog"}
}

// What failed of a call, entry by entry.
func ExampleWriteError() {
	user, _ := petShop().Collection("user").FindOne(1)
	_ = user.Add("pets", 77, 78)
	err := user.Save()
	var failed *waterline.WriteError
	if errors.As(err, &failed) {
		fmt.Println(failed.Op, len(failed.Failed), failed.Published)
	}
	// Output:
	// save 2 false
}

// One operation that failed.
func ExampleFailure() {
	user, _ := petShop().Collection("user").FindOne(1)
	_ = user.Add("pets", 77, 78)
	err := user.Save()
	var failed *waterline.WriteError
	if errors.As(err, &failed) {
		f := failed.Failed[0]
		fmt.Println(f.Type, f.Collection, f.Criteria, f.Values, f.Err)
	}
	// Output:
	// update pet map[id:77] map[owner:1] memrel: save user: pet 77 does not exist and can be no member of pets; create it first
}

// All in one line.
func ExampleWriteError_Error() {
	user, _ := petShop().Collection("user").FindOne(1)
	_ = user.Add("pets", 77, 78)
	err := user.Save()
	fmt.Println(err)
	// Output:
	// memrel: save: 2 operations failed, nothing is written; update pet: save user: pet 77 does not exist and can be no member of pets; create it first; update pet: save user: pet 78 does not exist and can be no member of pets; create it first
}

// The kinds of the errors are found through it.
func ExampleWriteError_Unwrap() {
	user, _ := petShop().Collection("user").FindOne(1)
	_ = user.Add("pets", 77, 78)
	err := user.Save()
	fmt.Println(errors.Is(err, memrel.ErrNotFound), errors.Is(err, memrel.ErrUnique))
	// Output:
	// true false
}
