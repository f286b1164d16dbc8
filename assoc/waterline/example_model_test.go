package waterline_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// Models may come from JSON, by identity or as a list.
func ExampleParse() {
	models, err := waterline.Parse(strings.NewReader(`[{"identity": "pet", "attributes": {"name": {"type": "string", "required": true}}}]`))
	fmt.Println(models[0].Identity, models[0].Attributes["name"].(waterline.Attribute).Required, err)
	_, err = waterline.Parse(strings.NewReader(`{"pet": {"attribute": {}}}`))
	fmt.Println(err)
	// Output:
	// pet true <nil>
	// memrel: parse pet: the model has an option attribute, which there is not; write attributes, or leave it out
}

// What a model does not know is refused.
func ExampleModel_UnmarshalJSON() {
	var m waterline.Model
	fmt.Println(json.Unmarshal([]byte(`{"identity": "pet", "attributes": {"name": "string"}}`), &m), m.Identity)
	fmt.Println(json.Unmarshal([]byte(`{"identity": "pet", "attributes": {"owner": {"modell": "user"}}}`), &m))
	// Output:
	// <nil> pet
	// memrel: parse pet: attribute owner has an option modell, which there is not; write model, or leave it out
}

// A model of a legacy table: its identity is what associations call it, its tableName what the store does.
func ExampleModel() {
	o, err := waterline.Open([]waterline.Model{{Identity: "user", TableName: "pb_user", Connection: "ourMySQL", CascadeOnDestroy: true}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.Datastores(), o.Store("ourMySQL").View().Tables())
	// Output:
	// [ourMySQL] [pb_user]
}

// An attribute is a type, or says more.
func ExampleAttribute() {
	o, err := waterline.Open([]waterline.Model{{Identity: "user", Attributes: waterline.Attributes{
		"email": waterline.Attribute{Type: "string", ColumnName: "e_mail", Required: true, Unique: true},
		"level": waterline.Attribute{Type: "integer", DefaultsTo: 1},
		"boss":  waterline.Attribute{Model: "user"},
	}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sound(o)
	show([]*waterline.Record{must(o.Collection("user").Create(waterline.Values{"email": "ann@example.com"}))}, nil)
	_, err = o.Collection("user").Create(waterline.Values{"email": "ann@example.com", "boss": 1})
	fmt.Println(err)
	// Output:
	// {"id":1,"boss":null,"email":"ann@example.com","level":1}
	// memrel: insert user: unique key (e_mail) = ("ann@example.com") is taken; in the way: user[1]
}

// The three ways to write an attribute.
func ExampleAttributes() {
	o, err := waterline.Open([]waterline.Model{{Identity: "pet", Attributes: waterline.Attributes{
		"name":  "string",
		"breed": waterline.Attribute{Type: "string"},
		"age":   map[string]any{"type": "integer", "columnName": "years"},
	}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	schema, _ := o.Store(waterline.DefaultDatastore).View().Schema("pet")
	for _, c := range schema.Columns {
		fmt.Println(c.Name, c.Type)
	}
	// Output:
	// id int
	// years int
	// breed string
	// name string
}

// What an attribute does not know is refused.
func ExampleAttributes_UnmarshalJSON() {
	var a waterline.Attributes
	fmt.Println(json.Unmarshal([]byte(`{"name": "string", "pets": {"collection": "pet", "via": "owner"}}`), &a), a["pets"].(waterline.Attribute).Via)
	fmt.Println(json.Unmarshal([]byte(`{"pets": {"colection": "pet"}}`), &a))
	// Output:
	// <nil> owner
	// memrel: define: attribute pets has an option colection, which there is not; write collection, or leave it out
}

// Models that name no datastore are in the default one.
func Example_defaultDatastore() {
	o := open(oneToMany)
	fmt.Println(o.Datastores()[0] == waterline.DefaultDatastore)
	// Output:
	// true
}

// The definitions of one datastore, for who opens stores.
func ExampleDefinitions() {
	models, _ := waterline.Parse(strings.NewReader(wishlists))
	defs, err := waterline.Definitions(models, "ourRedis")
	if err != nil {
		fmt.Println(err)
		return
	}
	db, err := memrel.Open(defs...)
	fmt.Println(db.View().Tables(), err)
	// Output:
	// [product] <nil>
}
