package waterline_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/waterline"
)

const school = `{
	"teacher": {"datastore": "a", "attributes": {"name": "string",
		"classes": {"collection": "class", "via": "teacher"}, "clubs": {"collection": "club", "via": "leaders", "dominant": true}}},
	"class":   {"datastore": "b", "attributes": {"name": "string", "teacher": {"model": "teacher"}, "room": {"collection": "room"}}},
	"club":    {"datastore": "c", "attributes": {"name": "string", "leaders": {"collection": "teacher", "via": "clubs"},
		"parent": {"model": "club"}, "parts": {"collection": "club", "via": "parent"}}},
	"room":    {"datastore": "c", "attributes": {"code": {"type": "string", "unique": true}}}
}`

// collections of each model of the school.
var collections = map[string][]string{"teacher": {"classes", "clubs"}, "class": {"room"}, "club": {"leaders", "parts"}}

// TestOneDatastoreAndSeveralAgree carries out random calls on the same models over one datastore and over three, and looks at
// both after each. In one, what is populated is what the store's own includes find.
func TestOneDatastoreAndSeveralAgree(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 1))
		atomic := waterline.Atomic(seed%2 == 0)
		several := open(school, waterline.CheckOnWrite(false), atomic)
		one := open(strings.NewReplacer(`"datastore": "b"`, `"datastore": "a"`, `"datastore": "c"`, `"datastore": "a"`).Replace(school),
			waterline.CheckOnWrite(false), atomic)
		for step := range 60 {
			what, do := someCall(random)
			first, second := do(several), do(one)
			require.Equal(t, first == nil, second == nil, "seed %d, step %d: %s: %v, %v", seed, step, what, first, second)
			if step%5 == 4 {
				require.Equal(t, everything(t, several), everything(t, one), "seed %d, step %d: %s", seed, step, what)
			}
		}
		includesAgree(t, one)
	}
}

// someCall is a random call.
func someCall(random *rand.Rand) (what string, do func(*waterline.Ontology) error) {
	model := []string{"teacher", "class", "club"}[random.IntN(3)]
	attr := collections[model][random.IntN(len(collections[model]))]
	ids, members := some(random, 2), some(random, 3)
	switch random.IntN(7) {
	case 0, 1:
		values := waterline.Values{"name": fmt.Sprint("n", random.IntN(5)), attr: nested(random, attr, members)}
		return fmt.Sprint("create ", model, values), func(o *waterline.Ontology) error { _, err := o.Collection(model).Create(values); return err }
	case 2:
		values := waterline.Values{"name": fmt.Sprint("n", random.IntN(5)), attr: nested(random, attr, members)}
		return fmt.Sprint("update ", model, ids, values), func(o *waterline.Ontology) error { _, err := o.Collection(model).Update(ids, values); return err }
	case 3:
		return fmt.Sprint("add ", model, ids, attr, members), func(o *waterline.Ontology) error { return o.Collection(model).AddToCollection(ids, attr, members) }
	case 4:
		return fmt.Sprint("replace ", model, ids, attr, members), func(o *waterline.Ontology) error { return o.Collection(model).ReplaceCollection(ids, attr, members) }
	case 5:
		criteria := waterline.Criteria{Where: waterline.Where{"id": ids[:1]}, Cascade: random.IntN(2) == 0}
		return fmt.Sprint("destroy ", model, criteria), func(o *waterline.Ontology) error { _, err := o.Collection(model).Destroy(criteria); return err }
	}
	rename, entry := fmt.Sprint("s", random.IntN(5)), nested(random, attr, members)
	return fmt.Sprint("save ", model, ids[0], attr, entry), func(o *waterline.Ontology) error {
		r, err := o.Collection(model).FindOne(ids[0])
		if err != nil || r == nil {
			return err
		}
		r.Set("name", rename)
		if err := r.Add(attr, entry); err != nil {
			return err
		}
		if err := r.Remove(attr, members[0]); err != nil {
			return err
		}
		return r.Save()
	}
}

// some are random keys, most of which there are.
func some(random *rand.Rand, n int) []int {
	out := []int{1 + random.IntN(6)}
	for range random.IntN(n) {
		out = append(out, 1+random.IntN(6))
	}
	return out
}

// nested are members by key, and now and then one to be created, which may be refused.
func nested(random *rand.Rand, attr string, keys []int) []any {
	var out []any
	for _, k := range keys {
		out = append(out, k)
	}
	if random.IntN(2) == 0 {
		values := waterline.Values{"name": fmt.Sprint("new", random.IntN(9))}
		if attr == "room" {
			values = waterline.Values{"code": fmt.Sprint("r", random.IntN(4))}
		}
		out = append(out, values)
	}
	return out
}

// everything is what both ontologies find in the same words.
func everything(t *testing.T, o *waterline.Ontology) string {
	t.Helper()
	var all []any
	for _, model := range []string{"teacher", "class", "club"} {
		var populate []waterline.Populate
		for _, attr := range collections[model] {
			populate = append(populate, waterline.Populate{Attr: attr})
		}
		found, err := o.Collection(model).Find(nil, populate...)
		require.NoError(t, err)
		for i := range populate {
			populate[i].Sort, populate[i].Skip, populate[i].Limit = "id DESC", 1, new(2)
		}
		windowed, err := o.Collection(model).Find(waterline.Criteria{Sort: "name, id DESC"}, populate...)
		require.NoError(t, err)
		all = append(all, found, windowed)
	}
	classes, err := o.Collection("class").Find(nil, waterline.Populate{Attr: "teacher"})
	require.NoError(t, err)
	text, err := json.Marshal(append(all, classes))
	require.NoError(t, err)
	return string(text)
}

// includesAgree compares what is populated with what the store includes.
func includesAgree(t *testing.T, o *waterline.Ontology) {
	t.Helper()
	db := o.Store("a")
	for violation := range db.Check() {
		t.Error(violation)
	}
	for _, model := range []string{"teacher", "class", "club"} {
		for _, attr := range collections[model] {
			found, err := o.Collection(model).Find(nil, waterline.Populate{Attr: attr})
			require.NoError(t, err)
			rows, err := memrel.ModelOf(model).Find(db, memrel.Query{Include: []memrel.Include{{As: attr}}})
			require.NoError(t, err)
			require.Len(t, rows, len(found))
			for i, row := range rows {
				var ours, theirs []any
				for _, r := range found[i].Many(attr) {
					ours = append(ours, r.Key())
				}
				included, _ := row.Included(attr)
				for _, r := range included {
					theirs = append(theirs, r.Value("id"))
				}
				slices.SortFunc(theirs, func(a, b any) int { return int(a.(int64) - b.(int64)) })
				require.Equal(t, theirs, ours, "%s %d %s", model, i, attr)
			}
		}
	}
}
