package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/internal/budget"
)

// diffed are tables by keys of every kind of tree.
var diffed = []memrel.Schema{
	{Name: "numbers", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "v", Type: memrel.Decimal}}},
	{Name: "pairs", PrimaryKey: []string{"a", "b"}, Columns: memrel.Columns{{Name: "a", Type: memrel.Int}, {Name: "b", Type: memrel.Int}, {Name: "v", Type: memrel.JSON}}},
	{Name: "texts", PrimaryKey: []string{"t"}, Columns: memrel.Columns{{Name: "t", Type: memrel.String}, {Name: "v", Type: memrel.Int}}},
}

// diffKey is a random primary key of one of them, and its values.
func diffKey(r *rand.Rand, of int) (key []any, row memrel.Values) {
	n := r.IntN(40)
	switch of {
	case 0:
		return []any{n}, memrel.Values{"id": n, "v": []any{"1.0", "1.00", 2}[r.IntN(3)]}
	case 1:
		return []any{n % 6, n / 6}, memrel.Values{"a": n % 6, "b": n / 6, "v": json.RawMessage(fmt.Sprint(r.IntN(2)))}
	}
	text := fmt.Sprintf("a common beginning %d", n)
	return []any{text}, memrel.Values{"t": text, "v": r.IntN(2)}
}

// writeAtRandom changes a store; what does not go, does not.
func writeAtRandom(r *rand.Rand, w memrel.Writer, n int) {
	for range n {
		of := r.IntN(len(diffed))
		rows := memrel.RowsOf(diffed[of].Name)
		key, row := diffKey(r, of)
		switch r.IntN(3) {
		case 0:
			_, _, _ = rows.Upsert(w, row)
		case 1:
			_, _ = rows.Update(w, memrel.Values{"v": row["v"]}, key...)
		default:
			_, _ = rows.Delete(w, key...)
		}
	}
}

// linesOf are the rows of a reader by their labels, as text.
func linesOf(r memrel.Reader) map[string]string {
	out := map[string]string{}
	for _, s := range diffed {
		for row := range memrel.RowsOf(s.Name).All(r) {
			out[row.Label()] = row.String()
		}
	}
	return out
}

// TestDiffFindsWhatIsDifferent holds a difference to the rows of both sides, on forks, views, transactions and files.
func TestDiffFindsWhatIsDifferent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(budget.Of(150)) {
		r := rand.New(rand.NewPCG(seed, 7))
		db := memrel.MustOpen(diffed[0], diffed[1], diffed[2])
		writeAtRandom(r, db, r.IntN(60))
		before := db.View()
		writeAtRandom(r, db, r.IntN(5))
		fork := db.Fork()
		tx := fork.Begin()
		writeAtRandom(r, tx, r.IntN(20))
		holdsDiff(t, before, tx, seed)
		holdsDiff(t, tx, before, seed)
		require.NoError(t, tx.Commit())
		holdsDiff(t, before, fork, seed)

		var file bytes.Buffer
		require.NoError(t, fork.View().Save(&file))
		loaded, err := memrel.Load(&file)
		require.NoError(t, err)
		holdsDiff(t, before, loaded, seed)
		same, err := memrel.Diff(fork, loaded)
		require.NoError(t, err)
		require.True(t, same.IsZero(), "seed %d: %s", seed, same)
	}
}

func holdsDiff(t *testing.T, a, b memrel.Reader, seed uint64) {
	t.Helper()
	d, err := memrel.Diff(a, b)
	require.NoError(t, err)
	was, is := linesOf(a), linesOf(b)
	n := 0
	for row := range d.Rows() {
		n++
		label := row.Label()
		require.Equal(t, was[label] == "", row.Before.IsZero(), "seed %d: %s", seed, row)
		require.Equal(t, is[label] == "", row.After.IsZero(), "seed %d: %s", seed, row)
		require.NotEqual(t, was[label], is[label], "seed %d: %s", seed, row)
	}
	different := 0
	for label, line := range was {
		if is[label] != line {
			different++
		}
	}
	for label := range is {
		if was[label] == "" {
			different++
		}
	}
	require.Equal(t, different, n, "seed %d", seed)
	require.Equal(t, n, d.Len())
}

// TestDiffOfDefinitions: columns and tables that came or went are told, and rows are compared by what both have.
func TestDiffOfDefinitions(t *testing.T) {
	people := memrel.Schema{Name: "people", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "name", Type: memrel.String}}}
	db := memrel.MustOpen(people)
	rows := memrel.RowsOf("people")
	_, err := rows.InsertAll(db, []memrel.Values{{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}})
	require.NoError(t, err)
	fork := db.Fork()
	require.NoError(t, fork.Alter("people", memrel.DropColumn("name"), memrel.Column{Name: "age", Type: memrel.Int}))
	_, err = rows.Delete(fork, 2)
	require.NoError(t, err)
	require.NoError(t, fork.Define(memrel.Schema{Name: "pets", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}}))

	d, err := memrel.Diff(db, fork)
	require.NoError(t, err)
	require.Equal(t, `- column people.name string
+ column people.age int
+ table pets
~ people[1]: age: none -> NULL, name: "Ann" -> none
- people{id: 2, name: "Bob"}
`, d.String())
	text, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{"definitions":["- column people.name string","+ column people.age int","+ table pets"],"rows":[
		{"table":"people","key":[1],"before":{"name":"Ann"},"after":{"age":null}},
		{"table":"people","key":[2],"before":{"id":2,"name":"Bob"},"after":null}]}`, string(text))
	back, err := memrel.Diff(fork, db)
	require.NoError(t, err)
	require.Equal(t, d.Len(), back.Len())

	none, err := memrel.Diff(db, memrel.View{})
	require.NoError(t, err)
	require.Equal(t, []string{"- table people"}, none.Definitions())
	require.Equal(t, 2, none.Len())
}

// TestDiffOfEnums: a name is the same whatever its place in the list, and two names at one place are not.
func TestDiffOfEnums(t *testing.T) {
	of := func(names ...string) memrel.Column {
		return memrel.Column{Name: "mood", Type: memrel.Enum, Names: names}
	}
	db := memrel.MustOpen(memrel.Schema{Name: "people", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, of("sad", "glad")}})
	rows := memrel.RowsOf("people")
	_, err := rows.InsertAll(db, []memrel.Values{{"id": 1, "mood": "sad"}, {"id": 2, "mood": "glad"}, {"id": 3}})
	require.NoError(t, err)
	fork := db.Fork()
	require.NoError(t, fork.Alter("people", memrel.DropColumn("mood"), of("glad", "calm", "sad")))
	d, err := memrel.Diff(db, fork)
	require.NoError(t, err)
	require.Empty(t, d.String())
	_, err = rows.Update(fork, memrel.Values{"mood": "glad"}, 1)
	require.NoError(t, err)
	d, err = memrel.Diff(db, fork)
	require.NoError(t, err)
	require.Equal(t, "~ people[1]: mood: \"sad\" -> \"glad\"\n", d.String())
}

// TestDiffRefuses what is no state, and stops with its context.
func TestDiffRefuses(t *testing.T) {
	db := memrel.MustOpen(diffed[2])
	for i := range 3000 {
		_, err := memrel.RowsOf("texts").Insert(db, memrel.Values{"t": fmt.Sprint(i)})
		require.NoError(t, err)
	}
	var nothing *memrel.DB
	_, err := memrel.Diff(db, nothing)
	require.ErrorContains(t, err, "memrel: compare: ")
	tx := db.Begin()
	require.NoError(t, tx.Commit())
	_, err = memrel.Diff(tx, db)
	require.ErrorIs(t, err, memrel.ErrTxDone)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	changed := db.Fork()
	_, err = memrel.RowsOf("texts").Delete(changed, "5")
	require.NoError(t, err)
	_, err = memrel.Diff(db, changed.View().WithContext(ctx))
	require.ErrorIs(t, err, memrel.ErrLimit)
	require.True(t, errors.Is(err, context.Canceled))
}
