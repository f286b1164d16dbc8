package tests

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/memrel/memrel/internal/budget"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

var (
	sequences    = flag.Int("nocobase.sequences", 0, "random sequences of definitions to try; 0 is as many as the budget has")
	sequenceSeed = flag.Uint64("nocobase.seed", 1, "the seed of the first of them")
)

// TestDefinitionsInAnyOrderEndInTheSameReferences: a random sequence of defining, redefining and removing collections and
// fields ends in the references that the collections then say, those that a store has to which just these are defined. What
// they say is worked out here by another way: user before default, SET NULL gives way to CASCADE. Where fields disagree the
// order decides, and then both stores have a diagnostic.
func TestDefinitionsInAnyOrderEndInTheSameReferences(t *testing.T) {
	t.Parallel()
	n := *sequences
	if n == 0 {
		n = budget.Of(1500)
	}
	compared, disagreed := 0, 0
	for i := range n {
		seed := *sequenceSeed + uint64(i)
		r := rand.New(rand.NewPCG(seed, 0))
		db, script := randomDefinitions(t, r)
		script = append(script, fmt.Sprintf("seed %d", seed))
		c, d := compareWithFinalState(t, r, db, strings.Join(script, "\n"))
		compared, disagreed = compared+c, disagreed+d
	}
	t.Logf("%d references compared, %d that fields disagree on", compared, disagreed)
	require.Greater(t, compared, n, "the sequences must leave references to compare")
	require.Greater(t, disagreed, n/100, "and some that fields disagree on")
}

var (
	randomNames   = []string{"users", "posts", "tags"}
	randomActions = []string{"", "", "", "CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "cascade"}
	randomKinds   = []string{"belongsTo", "hasOne", "hasMany", "belongsToMany"}
)

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// randomField is a field whose name says what it is, so that one name may be set again to something else.
func randomField(r *rand.Rand, of string) nocobase.Field {
	if r.IntN(5) == 0 {
		return nocobase.Field{Type: pick(r, []string{"string", "integer"}), Name: pick(r, []string{"title", "score"})}
	}
	f := nocobase.Field{Type: pick(r, randomKinds), Name: fmt.Sprintf("f%d", r.IntN(4)), Target: pick(r, randomNames), OnDelete: pick(r, randomActions)}
	switch {
	case f.Type == "belongsToMany":
		// Both sides of a pair mean the same junction and keys.
		f.ForeignKey, f.OtherKey = "by_"+of, "by_"+f.Target
		if f.Target == of {
			f.OtherKey = "to_" + of
		}
		f.Through = "j_" + min(of, f.Target) + "_" + max(of, f.Target)
	case r.IntN(3) > 0:
		f.ForeignKey = pick(r, []string{"aId", "bId"})
	}
	return f
}

func randomCollection(r *rand.Rand, name string) nocobase.Collection {
	c := nocobase.Collection{Name: name}
	for range 1 + r.IntN(4) {
		c.Fields = append(c.Fields, randomField(r, name))
	}
	return c
}

// randomDefinitions defines, redefines and removes. What is refused leaves nothing, and counts as not said.
func randomDefinitions(t *testing.T, r *rand.Rand) (db *memrel.DB, script []string) {
	db, err := memrel.Open(nocobase.CheckOnWrite(r.IntN(2) == 0))
	require.NoError(t, err)
	for i := range 4 + r.IntN(16) {
		name := pick(r, randomNames)
		if i < 2 {
			name = randomNames[i]
		}
		var def memrel.Definition
		var line string
		switch kind := r.IntN(8); {
		case kind < 2 || i < 2:
			c := randomCollection(r, name)
			def, line = c, fmt.Sprintf("define %+v", c)
		case kind < 6:
			f := randomField(r, name)
			def, line = nocobase.SetField(name, f), fmt.Sprintf("set %s %+v", name, f)
		case kind == 6:
			f := fmt.Sprintf("f%d", r.IntN(4))
			def, line = nocobase.RemoveField(name, f), "remove "+name+"."+f
		default:
			def, line = nocobase.RemoveCollection(name), "remove "+name
		}
		if err := db.Define(def); err != nil {
			line += ": " + err.Error()
		}
		script = append(script, line)
	}
	for err := range db.Check() {
		require.NoError(t, err, strings.Join(script, "\n"))
	}
	return db, script
}

// compareWithFinalState tells how many references were compared, and on how many fields disagreed.
func compareWithFinalState(t *testing.T, r *rand.Rand, db *memrel.DB, script string) (compared, disagreed int) {
	cols := nocobase.Of(memrel.Associations(db))
	var final []nocobase.Collection
	for _, name := range randomNames {
		if c, ok := cols.Collection(name); ok {
			final = append(final, c)
		}
	}
	r.Shuffle(len(final), func(i, j int) { final[i], final[j] = final[j], final[i] })
	fresh, err := memrel.Open(nocobase.CheckOnWrite(true))
	require.NoError(t, err)
	var defs []memrel.Definition
	for _, c := range final {
		defs = append(defs, c)
	}
	require.NoError(t, fresh.Define(defs...), script)
	said := claimsOf(cols)
	require.Equal(t, keysOf(said), referencesOf(db, nil), "which there are\n%s", script)
	require.Equal(t, keysOf(said), referencesOf(fresh, nil), "which there are if all is defined at once\n%s", script)
	for key, claims := range said {
		action, certain, told := decide(claims)
		if !certain {
			disagreed++
			if told {
				require.True(t, diagnosed(db, key) && diagnosed(fresh, key), "%s: %v\n%s", key, claims, script)
			}
			continue
		}
		compared++
		want := []string{key + " " + action}
		require.Equal(t, want, referencesOf(db, &key), script)
		require.Equal(t, want, referencesOf(fresh, &key), "all at once\n%s", script)
	}
	return compared, disagreed
}

// said is what one field asks of a reference.
type said struct {
	action string
	byUser bool
}

// claimsOf goes through the bound fields and notes what each says of which reference.
func claimsOf(cols *nocobase.Collections) map[string][]said {
	out := map[string][]said{}
	for _, name := range cols.Names() {
		c, _ := cols.Collection(name)
		for _, b := range cols.Bindings(name) {
			if b.Pending {
				continue
			}
			f := c.Fields[slices.IndexFunc(c.Fields, func(f nocobase.Field) bool { return f.Name == b.Name })]
			say := said{strings.ToUpper(f.OnDelete), f.OnDelete != ""}
			if !say.byUser {
				say.action = "NO ACTION"
				if b.Kind == assoc.BelongsToMany {
					say.action = "CASCADE"
				}
			}
			add := func(child, fk, parent, key string) {
				at := fmt.Sprintf("%s.%s -> %s.%s", child, fk, parent, key)
				out[at] = append(out[at], say)
			}
			switch b.Kind {
			case assoc.BelongsTo:
				add(name, b.ForeignKey, b.Target, b.TargetKey)
			case assoc.BelongsToMany:
				add(b.Through, b.ForeignKey, name, b.SourceKey)
				add(b.Through, b.OtherKey, b.Target, b.TargetKey)
			default:
				add(b.Target, b.ForeignKey, name, b.SourceKey)
			}
		}
	}
	return out
}

// decide is the action and priority that claims come to in any order; certain is false if the order decides, and told tells that
// there is a diagnostic then, whatever the order. A user's action that is that of a default changes nothing if it comes second, and
// gives way to another user's without a word.
func decide(claims []said) (action string, certain, told bool) {
	users, defaults := map[string]bool{}, map[string]bool{}
	for _, c := range claims {
		if c.byUser {
			users[c.action] = true
		} else {
			defaults[c.action] = true
		}
	}
	for action = range defaults {
		if users[action] {
			return "", false, false
		}
	}
	of, by := defaults, " default"
	if len(users) > 0 {
		of, by = users, " user"
		if len(users) == 2 && users["CASCADE"] && users["SET NULL"] {
			delete(users, "SET NULL")
		}
	}
	for action = range of {
		break
	}
	return action + by, len(of) == 1, len(users) > 1
}

func keysOf(m map[string][]said) (out []string) {
	out = []string{}
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// referencesOf are the references of a store, or the one of that key with its action and priority.
func referencesOf(db *memrel.DB, key *string) (out []string) {
	out = []string{}
	for _, name := range db.View().Tables() {
		for _, r := range db.References(name) {
			switch {
			case r.Table != name:
			case key == nil:
				out = append(out, r.String())
			case r.String() == *key:
				out = append(out, fmt.Sprintf("%s %s %s", r, r.OnDelete, r.Priority))
			}
		}
	}
	slices.Sort(out)
	return out
}

func diagnosed(db *memrel.DB, key string) bool {
	return slices.ContainsFunc(db.View().Diagnostics(), func(d memrel.Diagnostic) bool { return d.Reference == key && d.Kept != nil })
}
