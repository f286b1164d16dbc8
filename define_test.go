package memrel_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// chain are n tables, in no order of their names, each of which refers to the one before.
func chain(n int) (out []memrel.Definition) {
	name := func(i int) string { return fmt.Sprintf("t%04d", i*7919%n) }
	for i := range n {
		s := memrel.Schema{Name: name(i), PrimaryKey: []string{"id"}, Columns: []memrel.Column{{Name: "id", Type: memrel.Int}, {Name: "parent", Type: memrel.Int}}}
		if i > 0 {
			s.References = []memrel.Reference{{Columns: []string{"parent"}, Table: name(i - 1)}}
		}
		out = append(out, s)
	}
	return out
}

// TestDefiningOneByOneTakesWhatItDefines: the allocations of one more definition do not grow with what is defined already.
func TestDefiningOneByOneTakesWhatItDefines(t *testing.T) {
	cost := func(defined int) float64 {
		db := memrel.MustOpen(chain(defined)...)
		n := 0
		return testing.AllocsPerRun(5, func() {
			n++
			require.NoError(t, db.Define(memrel.Schema{Name: fmt.Sprintf("new%d", n), PrimaryKey: []string{"id"},
				Columns:    []memrel.Column{{Name: "id", Type: memrel.Int}, {Name: "parent", Type: memrel.Int}},
				References: []memrel.Reference{{Columns: []string{"parent"}, Table: "t0001"}}}))
		})
	}
	few, many := cost(50), cost(1500)
	require.Less(t, many, 1.5*few, "%v allocations with 50 tables, %v with 1,500", few, many)
}

func BenchmarkDefine(b *testing.B) {
	b.Run("one-by-one", func(b *testing.B) {
		for b.Loop() {
			db := memrel.MustOpen()
			for _, d := range chain(2000) {
				if err := db.Define(d); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("at-once", func(b *testing.B) {
		for b.Loop() {
			memrel.MustOpen(chain(2000)...)
		}
	})
}

// TestInsertAndViewAllocateLittle: publishing is one pointer; nothing is written to the catalog.
func TestInsertAndViewAllocateLittle(t *testing.T) {
	type note struct {
		ID   int64
		Text string
	}
	notes := memrel.TableOf[note]("notes")
	db := memrel.MustOpen(notes)
	require.LessOrEqual(t, testing.AllocsPerRun(1000, func() {
		if _, err := notes.Insert(db, note{Text: "t"}); err != nil {
			t.Fatal(err)
		}
		db.View()
	}), 16.0)
}

// TestSavingAnInstanceCopiesNoDefinitions: what a save asks of the model is not the copy that is handed out to users.
func TestSavingAnInstanceCopiesNoDefinitions(t *testing.T) {
	users := memrel.ModelOf("users")
	db := memrel.MustOpen(memrel.ModelSpec{Name: "users", Columns: []memrel.Attribute{
		{Column: memrel.Column{Name: "id", Type: memrel.Int}, PrimaryKey: true}, {Column: memrel.Column{Name: "visits", Type: memrel.Int}}}})
	user, err := users.Create(db, memrel.Values{"id": 1})
	require.NoError(t, err)
	visits := 0
	require.LessOrEqual(t, testing.AllocsPerRun(200, func() {
		visits++
		user.SetValue("visits", visits)
		require.NoError(t, user.Save(db))
	}), 10.0)
	for err := range db.Check() {
		t.Error(err)
	}
}
