package assoc

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func models(names ...string) (out []Model) {
	for _, n := range names {
		out = append(out, Model{Name: n})
	}
	return out
}

func none(string) (table.Schema, bool) { return table.Schema{}, false }

func resolve(t *testing.T, p *Profile, s Specs) *Set {
	t.Helper()
	set, err := Resolve(p, s, none)
	require.NoError(t, err)
	return set
}

func TestNamesFollowFromModels(t *testing.T) {
	for _, c := range []struct {
		spec                               Spec
		as, foreignKey, otherKey, accessor string
	}{
		{Spec{"Foo", BelongsTo, "Person", Options{}}, "Person", "PersonId", "", "getPerson"},
		{Spec{"Foo", BelongsTo, "Person", Options{As: "captain"}}, "captain", "captainId", "", "getCaptain"},
		{Spec{"Person", HasOne, "Foo", Options{}}, "Foo", "PersonId", "", "getFoo"},
		{Spec{"Person", HasOne, "Foo", Options{As: "home"}}, "home", "homeId", "", "getHome"},
		{Spec{"Foo", HasMany, "Person", Options{}}, "People", "FooId", "", "getPeople"},
		{Spec{"Foo", HasMany, "Person", Options{As: "friends"}}, "friends", "FooId", "", "getFriends"},
		{Spec{"Foo", HasMany, "Person", Options{As: "octopodes", Singular: "octopus"}}, "octopodes", "FooId", "", "getOctopodes"},
		{Spec{"Foo", BelongsToMany, "Person", Options{Through: "link"}}, "People", "FooId", "PersonId", "getPeople"},
		{Spec{"Person", BelongsToMany, "Person", Options{Through: "link", As: "friends"}}, "friends", "PersonId", "friendId", "getFriends"},
	} {
		t.Run(c.spec.String()+" as "+c.spec.Options.As, func(t *testing.T) {
			set := resolve(t, Manual(), Specs{Models: models("Foo", "Person"), Associations: []Spec{c.spec}})
			a := set.Associations()[0]
			require.Equal(t, []string{c.as, c.foreignKey, c.otherKey, c.accessor}, []string{a.As, a.ForeignKey, a.OtherKey, a.Accessors().Get})
		})
	}
}

func TestAPairAgreesOnTheKeysOfItsJunction(t *testing.T) {
	there := Spec{"Movie", BelongsToMany, "Actor", Options{Through: "link", ForeignKey: "film"}}
	back := Spec{"Actor", BelongsToMany, "Movie", Options{Through: "link", ForeignKey: "star"}}
	for _, order := range [][]Spec{{there, back}, {back, there}} {
		set := resolve(t, Manual(), Specs{Models: models("Movie", "Actor"), Associations: order})
		a, b := set.Association("Movies", "Actors"), set.Association("Actors", "Movies")
		require.Equal(t, []string{"film", "star", "star", "film"}, []string{a.ForeignKey, a.OtherKey, b.ForeignKey, b.OtherKey})
		require.ElementsMatch(t, []string{"film", "star"}, set.Model("link").Schema.PrimaryKey)
	}
}

func TestEveryLookupHasATree(t *testing.T) {
	unconstrained := Options{Unconstrained: true}
	through := Options{Through: "link", Unconstrained: true}
	set := resolve(t, Manual(), Specs{Models: models("Foo", "Bar"), Associations: []Spec{
		{"Foo", HasMany, "Bar", unconstrained}, {"Bar", BelongsTo, "Foo", unconstrained}, {"Foo", BelongsToMany, "Bar", Options{Through: through.Through, Unconstrained: true, As: "linked"}}}})
	for _, m := range set.Models() {
		def, err := table.Compile(m.Schema)
		require.NoError(t, err)
		require.Empty(t, m.Schema.References)
		for _, name := range []string{"FooId", "BarId"} {
			if p, ok := def.Column(name); ok {
				require.GreaterOrEqual(t, def.KeyBeginning([]int{p}), 0, "%s.%s", m.Name, name)
			}
		}
	}
}

func TestEqualSpecsGiveEqualSets(t *testing.T) {
	specs := Specs{Models: models("A", "B", "C"), Associations: []Spec{
		{"A", HasMany, "B", Options{}}, {"B", BelongsTo, "A", Options{}}, {"A", BelongsToMany, "C", Options{Through: "x"}}}}
	one, two := resolve(t, Manual(), specs), resolve(t, Manual(), specs)
	for i := range one.Models() {
		require.Equal(t, one.Models()[i].Schema, two.Models()[i].Schema)
	}
}

func TestATableThatIsNoModelTakesPart(t *testing.T) {
	users := table.Schema{Name: "users", PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int, AutoIncrement: true}}}
	set, err := Resolve(Manual(), Specs{Models: models("Post"), Associations: []Spec{{"users", HasMany, "Post", Options{}}}},
		func(name string) (table.Schema, bool) { return users, name == "users" })
	require.NoError(t, err)
	a := set.Associations()[0]
	require.Equal(t, []string{"Posts", "userId"}, []string{a.As, a.ForeignKey})
	require.NotNil(t, set.Table("users").Base)
}

func TestUnderscored(t *testing.T) {
	set := resolve(t, Manual(), Specs{Models: []Model{{Name: "UserProfile", Underscored: true, Timestamps: true}, {Name: "User"}},
		Associations: []Spec{{"UserProfile", BelongsTo, "User", Options{}}}})
	m := set.Model("UserProfile")
	require.Equal(t, "user_profiles", m.Table)
	fields := map[string]string{}
	for _, c := range m.Columns {
		fields[c.Name] = c.Field
	}
	require.Equal(t, map[string]string{"id": "", "createdAt": "created_at", "updatedAt": "updated_at", "UserId": "user_id"}, fields)
}
