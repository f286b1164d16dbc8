package nocobase_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// list is a field that is a list of elements of one type.
func list(name, element string) nocobase.Field {
	return nocobase.Field{Type: "set", Name: name, DataType: "array", ElementType: element}
}

func array(name, target, foreignKey, targetKey string) nocobase.Field {
	return nocobase.Field{Type: "belongsToArray", Name: name, Target: target, ForeignKey: foreignKey, TargetKey: targetKey}
}

func TestListsOfKeysThatCannotBeAreRefused(t *testing.T) {
	db := open(t, collection("tags", unique("code")), collection("posts", field("integer", "n"), list("codes", "string"), list("ids", "bigInt"), field("array", "any")))
	for want, f := range map[string]nocobase.Field{
		"Target key is required in the options of many to many (array) field.":                     array("t", "tags", "codes", ""),
		`The type of foreign key "n" in collection "posts" must be ARRAY, JSON or JSONB`:           array("t", "tags", "n", "code"),
		`type "STRING" of foreign key "codes" does not match the type "BIGINT" of target key "id"`: array("t", "tags", "codes", "id"),
		`foreign key "any" in collection "posts" is a list of anything`:                            array("t", "tags", "any", "code"),
	} {
		refused(t, db, want, nocobase.SetField("posts", f))
	}
	require.NoError(t, db.Define(nocobase.SetField("posts", array("t", "tags", "ids", "id")), nocobase.SetField("posts", array("u", "later", "codes", "x"))))
	require.Equal(t, []nocobase.Array{{Name: "t", Target: "tags", ForeignKey: "ids", TargetKey: "id"},
		{Name: "u", Target: "later", ForeignKey: "codes", TargetKey: "x", Pending: true}}, nocobase.Of(memrel.Associations(db)).Arrays("posts"))
	require.Empty(t, nocobase.Of(memrel.Associations(db)).Arrays("nowhere"))
}

func ExampleCollections_Arrays() {
	db := memrel.MustOpen(
		nocobase.Collection{Name: "tags", Fields: []nocobase.Field{{Type: "string", Name: "code", Unique: true}}},
		nocobase.Collection{Name: "posts", Fields: []nocobase.Field{
			{Type: "set", Name: "codes", DataType: "array", ElementType: "string", Hidden: true},
			{Type: "belongsToArray", Name: "tags", Target: "tags", ForeignKey: "codes", TargetKey: "code"}}})
	c := nocobase.Of(memrel.Associations(db))
	for _, a := range c.Arrays("posts") {
		f, _ := c.Field("posts", a.ForeignKey)
		fmt.Println(a.Name, a.Target, a.ForeignKey, a.TargetKey, f.Hidden)
	}
	fmt.Println(c.Named("posts"), c.RowKey("posts"))
	// Output:
	// tags tags codes code true
	// posts id
}

func ExampleCollections_IndexesOf() {
	db := memrel.MustOpen(nocobase.Collection{Name: "users"}, nocobase.Collection{Name: "posts", Fields: []nocobase.Field{
		{Type: "string", Name: "slug"}, {Type: "belongsTo", Name: "user"}}, Indexes: []nocobase.Index{{Fields: nocobase.Names{"slug"}, Unique: true}}})
	fmt.Println(nocobase.Of(memrel.Associations(db)).IndexesOf("posts"))
	// Output:
	// [{[slug] true} {[userId] false}]
}
