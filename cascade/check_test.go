package cascade

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func TestCheckNamesEveryRowWithoutItsParent(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p x", ref("p", "p", noAction, noAction), ref("x", "p", noAction, noAction))).
		rows("p", []int{1}).rows("c", []int{10, 1, null}, []int{20, 7, 8}, []int{30, null, null})
	w.loose = true
	var found []string
	all := func(err error) bool {
		found = append(found, err.Error())
		return true
	}
	w.graph.Check(w, all)
	assert.Equal(t, []string{
		"memrel: check c[20]: memrel: c: p 7 does not exist (c.p -> p.id)",
		"memrel: check c[20]: memrel: c: p 8 does not exist (c.x -> p.id)",
	}, found)
	found = nil
	w.graph.Check(w, func(err error) bool { all(err); return false })
	assert.Len(t, found, 1, "it stops when it is told to")

	err := w.graph.CheckRef(w, w.graph.Ref("c", "c_x_fkey"), w.Table("c").Records())
	assert.ErrorContains(t, err, "p 8 does not exist (c.x -> p.id); at fault: c[20]; change or delete the row first")
}

func TestTruncateLooksAtOtherTablesOnly(t *testing.T) {
	w := newWorld(t, def("p", "up", ref("up", "p", restrict, noAction)), def("c", "p", ref("p", "p", cascading, noAction))).
		rows("p", []int{1, 1}).rows("c", []int{10, null})
	err := w.graph.CheckTruncate(w, "p")
	assert.ErrorIs(t, err, types.ErrRestrict, "whatever the action says, and whether a row refers to one or not")
	assert.ErrorContains(t, err, "c refers to it (c.p -> p.id)")
	assert.NoError(t, w.graph.CheckTruncate(w, "c"))
	assert.NoError(t, w.graph.CheckTruncate(w, "p", "c"), "references to itself do not matter")
	assert.Equal(t, []string{"p", "c"}, w.graph.Emptied([]string{"p", "p"}))
	assert.Equal(t, []string{"c"}, w.graph.Emptied([]string{"c"}))

	w.inTurn()
	assert.NoError(t, w.graph.CheckTruncate(w, "p"), "NULLs do not matter where no constraint stands behind a reference")
	w.rows("c", []int{20, 1})
	assert.ErrorContains(t, w.graph.CheckTruncate(w, "p"), "in the way: c[20]")
}

// waiting is a pair of tables with a deferrable reference, and what is put off when p[1] goes though c[10] refers to it.
func waiting(t *testing.T) (*world, []Deferred) {
	w := newWorld(t, def("p", "k", unique("k")), def("c", "p", ref("p", "p", noAction, noAction, deferrable))).
		rows("p", []int{1, 1}, []int{2, 2}).rows("c", []int{10, 1})
	w.loose = true
	s := w.deleting("p", 1)
	s.Deferred = func(string, bool) bool { return true }
	plan, err := w.graph.Plan(w, s)
	require.NoError(t, err)
	pending := append([]Deferred(nil), plan.Deferred()...)
	require.NoError(t, plan.Apply(w, func(*table.Table, table.Numbers, []table.Change, func(int) (*Ref, Kind, int32)) {}, nil))
	plan.Release()
	return w, pending
}

func TestWhatWaitsIsJudgedOnTheRowsThereAreThen(t *testing.T) {
	for name, c := range map[string]struct {
		repair func(w *world)
		passes bool
	}{
		"nothing was done":            {func(*world) {}, false},
		"the parent was put back":     {func(w *world) { w.rows("p", []int{1, 7}) }, true},
		"another took over the key":   {func(w *world) { require.NoError(w, w.do(w.updating("p", map[int][]int{2: {1, 2}}))) }, true},
		"the child went":              {func(w *world) { require.NoError(w, w.do(w.deleting("c", 10))) }, true},
		"the child has other parents": {func(w *world) { require.NoError(w, w.do(w.updating("c", map[int][]int{10: {10, 2}}))) }, true},
		"the child refers to nothing": {func(w *world) { require.NoError(w, w.do(w.updating("c", map[int][]int{10: {10, null}}))) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w, pending := waiting(t)
			c.repair(w)
			err := w.graph.CheckDeferred(w, pending)
			if c.passes {
				assert.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, types.ErrRestrict)
				assert.ErrorContains(t, err, "memrel: commit p: p 1 is still referenced (c.p -> p.id, NO ACTION); in the way: c[10]")
			}
		})
	}
}

func TestWhatWaitsForAReferenceThatIsGonePasses(t *testing.T) {
	w, pending := waiting(t)
	none, err := NewGraph(catalogOf(nil), nil, nil)
	require.NoError(t, err)
	assert.NoError(t, none.CheckDeferred(w, pending))
	assert.Nil(t, none.Ref("c", "c_p_fkey"))
	assert.Empty(t, none.Into("p"))
	assert.Empty(t, none.From("c"))
}

func TestInsertedRowsNeedTheirParents(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p late", ref("p", "p", noAction, noAction), ref("late", "p", noAction, noAction, deferrable))).
		rows("p", []int{1})
	now := func(string, bool) bool { return false }
	later := func(string, bool) bool { return true }
	recs := []index.Record{w.record("c", []int{10, 1, 1}), w.record("c", []int{20, null, 7}), w.record("c", []int{30, 7, 1})}
	_, at, err := w.graph.CheckInserted(w, "c", recs, nil, now)
	assert.ErrorContains(t, err, "p 7 does not exist (c.late -> p.id)")
	assert.Equal(t, 1, at)
	_, at, err = w.graph.CheckInserted(w, "c", recs, nil, later)
	assert.ErrorContains(t, err, "p 7 does not exist (c.p -> p.id)", "what is not deferrable does not wait")
	assert.Equal(t, 2, at)
	pending, _, err := w.graph.CheckInserted(w, "c", recs[:2], nil, later)
	require.NoError(t, err)
	assert.Len(t, pending, 2)
	assert.True(t, w.graph.Defers("c"))
	assert.False(t, w.graph.Defers("p"))
}

func TestDiagnostics(t *testing.T) {
	w := newWorld(t, def("p", "q", notNull("q"), ref("q", "q", noAction, noAction)), def("q", "p", notNull("p"), ref("p", "p", noAction, noAction)),
		def("a", "p", notNull("p"), ref("p", "p", setNull, noAction)),
		def("b", "p", notNull("p"), ref("p", "p", noAction, setDefault)),
		def("c", "p", notNull("p"), defaultsTo("p", 1), ref("p", "p", setDefault, setDefault)),
		def("d", "p", ref("p", "p", setNull, setNull)),
		def("e", "e", notNull("e"), ref("e", "e", noAction, noAction)))
	var found []string
	for _, d := range w.graph.Diagnostics() {
		found = append(found, d.String())
	}
	assert.Equal(t, []string{
		"a.a_p_fkey: ON DELETE SET NULL can only fail, since p is NOT NULL; let the column be NULL, or choose another action",
		"b.b_p_fkey: ON UPDATE SET DEFAULT can only fail, since p is NOT NULL and has no default; give the column a default, or choose another action",
		"p.p_q_fkey: no row can ever be inserted: each of p -> q -> p needs a row of the next first; make one of the references Deferrable, or let its column be NULL",
	}, found)
}

func TestReferencesAreInTheOrderOfTheirNames(t *testing.T) {
	w := newWorld(t, def("z", "x y", ref("y", "a", noAction, noAction, named("m")), ref("x", "a", noAction, noAction, named("b"))),
		def("a", ""), def("c", "x", ref("x", "a", noAction, noAction, named("m"))))
	var names []string
	for _, r := range w.graph.Refs() {
		names = append(names, r.Child+"."+r.Name+": "+r.String())
	}
	assert.Equal(t, []string{"z.b: z.x -> a.id", "c.m: c.x -> a.id", "z.m: z.y -> a.id"}, names)
	assert.Len(t, w.graph.Into("a"), 3)
	assert.Len(t, w.graph.From("z"), 2)
}

// TestThePairsOfAKeyMayBeNamedInAnyOrder, and an index of the child in another order serves.
func TestThePairsOfAKeyMayBeNamedInAnyOrder(t *testing.T) {
	w := newWorld(t, def("p", "a b", unique("a b")),
		def("c", "x y", table.Index{Columns: []string{"y", "x"}}, ref("y x", "p", cascading, cascading, to("b a")))).
		rows("p", []int{1, 5, 6}, []int{2, 6, 5}).rows("c", []int{10, 5, 6}, []int{20, 6, 5})
	assert.Equal(t, "c(y, x) -> p(b, a)", w.graph.Refs()[0].String())
	w.refuses(w.updating("c", map[int][]int{10: {10, 6, 6}}), types.ErrForeignKey, "does not exist (c(y, x) -> p(b, a))")
	w.leaves(w.updating("p", map[int][]int{1: {1, 7, 8}}), "c 10(7 8) 20(6 5); p 1(7 8) 2(6 5)")
	w.leaves(w.deleting("p", 2), "c 10(7 8); p 1(7 8)")

	late := newWorld(t, def("p", "a b", unique("a b")),
		def("c", "x y", table.Index{Columns: []string{"y", "x"}}, ref("x y", "p", noAction, noAction, to("a b"), deferrable))).
		rows("c", []int{10, 5, 6})
	late.loose = true
	pending := []Deferred{{Child: "c", Ref: "c_x_y_fkey", Key: []index.Value{index.OfInt(5), index.OfInt(6)}}}
	assert.ErrorContains(t, late.graph.CheckDeferred(late, pending), "at fault: c[10]")
}

func TestAPreviewIsData(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p", ref("p", "p", cascading, noAction)), def("d", "c", ref("c", "c", restrict, noAction))).
		rows("p", []int{1}).rows("c", []int{10, 1}).rows("d", []int{100, 10})
	p, err := w.graph.Preview(w, w.deleting("p", 1))
	require.NoError(t, err)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"op": "delete", "table": "p",
		"steps": [
			{"row": "p[1]", "table": "p", "kind": "delete", "level": 0, "by": -1, "before": {"id": 1}, "after": null},
			{"row": "c[10]", "table": "c", "kind": "cascade delete", "reference": "c_p_fkey", "level": 1, "by": 0, "before": {"id": 10, "p": 1}, "after": null}
		],
		"counts": [{"table": "c", "deleted": 1}, {"table": "p", "deleted": 1}],
		"blockers": ["memrel: delete c: c 10 is still referenced (d.c -> c.id, RESTRICT); the way there: p[1] -> c[10]; in the way: d[100]"]
	}`, string(text))
	assert.True(t, strings.HasSuffix(p.String(), "refused: "+p.Err().Error()+"\n"))
}

// TestRowSetIsAMap: records put in are found with their numbers, others are not.
func TestRowSetIsAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var set rowSet
	for range 20 {
		want := map[index.Record]int32{}
		for i := range random.IntN(2000) {
			rec, _ := index.NewRecord(1)
			set.put(rec, int32(i))
			want[rec] = int32(i)
		}
		for rec, num := range want {
			got, ok := set.get(rec)
			require.True(t, ok)
			require.Equal(t, num, got)
		}
		other, _ := index.NewRecord(1)
		_, ok := set.get(other)
		require.False(t, ok)
		set.reset()
		for rec := range want {
			_, ok := set.get(rec)
			require.False(t, ok, "reset empties the set")
			break
		}
	}
}
