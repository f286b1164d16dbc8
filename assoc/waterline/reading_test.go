package waterline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

// zoo has six animals, the last of which has no name and no age.
func zoo(t *testing.T) *waterline.Ontology {
	t.Helper()
	o := open(`{"animal": {"attributes": {"name": "string", "age": "integer", "weight": "float", "keeper": {"model": "keeper"}}},
		"keeper": {"attributes": {"name": "string", "animals": {"collection": "animal", "via": "keeper"}}}}`)
	_, err := o.Collection("keeper").CreateEach([]waterline.Values{{"name": "ann"}, {"name": "bob"}})
	require.NoError(t, err)
	_, err = o.Collection("animal").CreateEach([]waterline.Values{
		{"name": "ape", "age": 7, "weight": 1.5, "keeper": 1}, {"name": "bear", "age": 3, "weight": 2, "keeper": 1},
		{"name": "cat_1", "age": 3, "keeper": 1}, {"name": "catX1", "age": 9, "keeper": 2}, {"name": "50%", "age": 1, "keeper": 2}, {"keeper": 2}})
	require.NoError(t, err)
	return o
}

func ids(t *testing.T, records []*waterline.Record, err error) string {
	t.Helper()
	require.NoError(t, err)
	var out []string
	for _, r := range records {
		out = append(out, fmt.Sprint(r.Key()))
	}
	return strings.Join(out, " ")
}

func TestCriteria(t *testing.T) {
	o := zoo(t)
	Animal := o.Collection("animal")
	type w = waterline.Where
	for _, c := range []struct {
		name     string
		criteria any
		want     string
	}{
		{"everything", nil, "1 2 3 4 5 6"},
		{"a key", 2, "2"},
		{"keys", []int{2, 4, 4, 99}, "2 4"},
		{"no keys", []int{}, ""},
		{"a value", w{"name": "ape"}, "1"},
		{"one of several", w{"age": []int{3, 9}}, "2 3 4"},
		{"one of none", w{"age": []int{}}, ""},
		{"nil", w{"name": nil}, "6"},
		{"less", w{"age": w{"<": 3}}, "5"},
		{"at most", w{"age": w{"<=": 3}}, "2 3 5"},
		{"in words", w{"age": w{"lessThanOrEqual": 3, "greaterThan": 1}}, "2 3"},
		{"more", w{"age": w{">": 3, "<": 9}}, "1"},
		{"at least", w{"age": w{">=": 7}}, "1 4"},
		{"other than", w{"age": w{"!=": 3}}, "1 4 5 6"},
		{"other than several", w{"age": w{"!": []int{3, 7}}}, "4 5 6"},
		{"other than nil", w{"age": w{"!=": nil}}, "1 2 3 4 5"},
		{"in", w{"age": w{"in": []int{1, 7}}}, "1 5"},
		{"nin", w{"age": w{"nin": []int{1, 7}}}, "2 3 4 6"},
		{"nin with nil", w{"age": w{"nin": []any{1, 7, nil}}}, "2 3 4"},
		{"contains", w{"name": w{"contains": "t_1"}}, "3"},
		{"startsWith", w{"name": w{"startsWith": "cat"}}, "3 4"},
		{"endsWith", w{"name": w{"endsWith": "%"}}, "5"},
		{"like", w{"name": w{"like": "cat_1"}}, "3 4"},
		{"or", w{"or": []w{{"name": "ape"}, {"age": w{"<": 2}}}}, "1 5"},
		{"and", w{"and": []any{w{"age": 3}, map[string]any{"name": "bear"}}}, "2"},
		{"or beside a value", w{"age": 3, "or": []any{w{"name": "ape"}, w{"name": "bear"}}}, "2"},
		{"a foreign key", w{"keeper": 2}, "4 5 6"},
		{"sorted", waterline.Criteria{Where: w{"keeper": 1}, Sort: "age, name DESC"}, "3 2 1"},
		{"sorted by a list", waterline.Criteria{Where: w{"keeper": 1}, Sort: []string{"age DESC", "name DESC"}}, "1 3 2"},
		{"sorted by a map", waterline.Criteria{Where: w{"keeper": 1}, Sort: map[string]any{"name": -1}}, "3 2 1"},
		{"a window", waterline.Criteria{Sort: "name", Skip: 1, Limit: new(2)}, "1 2"},
		{"no limit", waterline.Criteria{Skip: 4}, "5 6"},
		{"nothing", waterline.Criteria{Limit: new(0)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := Animal.Find(c.criteria)
			require.Equal(t, c.want, ids(t, found, err))
			n, err := Animal.Count(c.criteria)
			require.NoError(t, err)
			require.Equal(t, len(found), n)
		})
	}
	noViolations(t, o)
}

func TestCriteriaAreRefused(t *testing.T) {
	o := zoo(t)
	Animal, Keeper := o.Collection("animal"), o.Collection("keeper")
	type w = waterline.Where
	for _, c := range []struct {
		name     string
		criteria any
		want     string
	}{
		{"an unknown attribute", w{"nameless": "ape"}, "there is no attribute nameless"},
		{"an unknown modifier", w{"age": w{"~": 3}}, "there is no modifier ~"},
		{"a value of another type", w{"age": "x"}, "x"},
		{"in of no list", w{"age": w{"in": 3}}, "in of age is no list"},
		{"contains of no text", w{"name": w{"contains": 3}}, "contains of name is a int"},
		{"or of no list", w{"or": 3}, "or is no list"},
		{"or of no conditions", w{"or": []int{3}}, "int is no condition"},
		{"a sort of many words", waterline.Criteria{Sort: "age at last"}, "is no sort"},
		{"a sort in no direction", waterline.Criteria{Sort: "age down"}, "is no sort"},
		{"a sort without order", waterline.Criteria{Sort: map[string]any{"age": 1, "name": 1}}, "needs an order"},
		{"an unknown selection", waterline.Criteria{Select: []string{"nameless"}}, "there is no attribute nameless"},
		{"a negative limit", waterline.Criteria{Limit: new(-1)}, "not negative"},
		{"a key of another type", "x", "is no primary key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Animal.Find(c.criteria)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := Keeper.Find(w{"animals": 1})
	require.ErrorContains(t, err, "the collection animals has no value")
	_, err = Keeper.Find(nil, waterline.Populate{Attr: "name"})
	require.ErrorIs(t, err, memrel.ErrUnknownAssociation)
	_, err = Animal.FindOne(nil)
	require.ErrorContains(t, err, "the criteria mean 6 records")
	_, err = o.Collection("aminal").Find(nil)
	require.ErrorIs(t, err, memrel.ErrUnknownTable)
	noViolations(t, o)
}

func TestSelectAndPopulate(t *testing.T) {
	o := zoo(t)
	found, err := o.Collection("keeper").Find(waterline.Criteria{Select: []string{"id"}}, waterline.Populate{Attr: "animals",
		Where: waterline.Where{"age": waterline.Where{">": 1}}, Sort: "age DESC", Skip: 1, Limit: new(1), Select: []string{"name"}})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.JSONEq(t, `{"id": 1, "animals": [{"id": 2, "name": "bear", "keeper": 1}]}`, found[0].String())
	require.JSONEq(t, `{"id": 2, "animals": []}`, found[1].String())
	_, err = o.Collection("animal").FindOne(6, waterline.Populate{Attr: "keeper", Where: waterline.Where{"name": "ann"}})
	require.ErrorContains(t, err, "keeper leads to one record")
	_, err = o.Collection("animal").Update(6, waterline.Values{"keeper": nil})
	require.NoError(t, err)
	one, err := o.Collection("animal").FindOne(6, waterline.Populate{Attr: "keeper"})
	require.NoError(t, err)
	require.Nil(t, one.One("keeper"))
	require.Nil(t, one.Get("keeper"))
	noViolations(t, o)
}

func TestAggregates(t *testing.T) {
	o := zoo(t)
	Animal := o.Collection("animal")
	sum, err := Animal.Sum("age", nil)
	require.NoError(t, err)
	require.Equal(t, int64(23), sum)
	sum, err = Animal.Sum("weight", nil)
	require.NoError(t, err)
	require.InDelta(t, 3.5, sum, 0)
	avg, ok, err := Animal.Avg("age", waterline.Where{"keeper": 1})
	require.NoError(t, err)
	require.True(t, ok)
	require.InDelta(t, 13.0/3, avg, 1e-12)
	_, ok, err = Animal.Avg("age", 6)
	require.NoError(t, err)
	require.False(t, ok)
	_, err = Animal.Sum("name", nil)
	require.ErrorContains(t, err, "name is a string")
	_, err = Animal.Create(waterline.Values{"age": int64(1<<63 - 1)})
	require.NoError(t, err)
	_, err = Animal.Sum("age", nil)
	require.ErrorIs(t, err, memrel.ErrLimit)
	noViolations(t, o)
}

func TestStream(t *testing.T) {
	o := open(oneToMany)
	User, Pet := o.Collection("user"), o.Collection("pet")
	values := make([]waterline.Values, 600)
	for i := range values {
		values[i] = waterline.Values{"firstName": fmt.Sprint(i)}
	}
	_, err := User.CreateEach(values)
	require.NoError(t, err)
	_, err = Pet.Create(waterline.Values{"owner": 600})
	require.NoError(t, err)
	n := 0
	for r, err := range User.Stream(nil, waterline.Populate{Attr: "pets"}) {
		require.NoError(t, err)
		if n++; n == 600 {
			require.Len(t, r.Many("pets"), 1)
		}
		if n == 1 {
			_, err := User.Destroy(waterline.Where{"id": waterline.Where{">": 300, "<": 600}})
			require.NoError(t, err)
		}
	}
	require.Equal(t, 600, n, "it walks the records as they were when it began")
	n = 0
	for range User.Stream(waterline.Criteria{Limit: new(257), Skip: 1}) {
		n++
	}
	require.Equal(t, 257, n)
	for _, err := range User.Stream(waterline.Where{"x": 1}) {
		require.ErrorIs(t, err, memrel.ErrUnknownColumn)
	}
	noViolations(t, o)
}

// TestCallsOfPopulate counts the contacts with datastores of a find that populates 1,000 records.
func TestCallsOfPopulate(t *testing.T) {
	for _, c := range []struct {
		name, model, attr string
		want              []string
	}{
		{"a model", "visit", "customer", []string{"c [visit]", "a [customer]"}},
		{"a one-to-many", "customer", "visits", []string{"a [customer]", "c [visit]"}},
		{"a many-to-many whose junction lies beside", "customer", "wishlist", []string{"a [customer customer_wishlist__product_wishedBy]", "b [product]"}},
		{"a many-to-many whose junction lies elsewhere", "product", "wishedBy",
			[]string{"b [product]", "a [customer_wishlist__product_wishedBy]", "a [customer]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls []string
			o := open(three, waterline.OnCall(func(c waterline.Call) error {
				calls = append(calls, fmt.Sprint(c.Datastore, " ", c.Tables))
				return nil
			}))
			values := make([]waterline.Values, 1000)
			for i := range values {
				values[i] = waterline.Values{"wishlist": []any{waterline.Values{"name": "p"}}, "visits": []any{waterline.Values{}}}
			}
			_, err := o.Collection("customer").CreateEach(values)
			require.NoError(t, err)
			calls = nil
			found, err := o.Collection(c.model).Find(nil, waterline.Populate{Attr: c.attr})
			require.NoError(t, err)
			require.Len(t, found, 1000)
			for _, r := range found {
				require.Len(t, r.Many(c.attr), 1)
			}
			require.Equal(t, c.want, calls)
			noViolations(t, o)
		})
	}
}
