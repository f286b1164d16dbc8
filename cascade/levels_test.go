package cascade

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// The rules of the levels, each by an example. The recordings in tests/testdata hold them to PostgreSQL.

var (
	noAction   = table.NoAction
	restrict   = table.Restrict
	cascading  = table.Cascade
	setNull    = table.SetNull
	setDefault = table.SetDefault
)

func TestTheFiveActionsOnDelete(t *testing.T) {
	start := func(t *testing.T, action table.Action) *world {
		return newWorld(t, def("p", ""), def("c", "p", ref("p", "p", action, noAction), defaultsTo("p", 9))).
			rows("p", []int{1}, []int{2}, []int{9}).rows("c", []int{10, 1}, []int{20, 2}, []int{30, null})
	}
	for action, want := range map[table.Action]string{
		cascading:  "c 20(2) 30(NULL); p 2 9",
		setNull:    "c 10(NULL) 20(2) 30(NULL); p 2 9",
		setDefault: "c 10(9) 20(2) 30(NULL); p 2 9",
	} {
		t.Run(action.String(), func(t *testing.T) {
			w := start(t, action)
			w.leaves(w.deleting("p", 1), want)
		})
	}
	for _, action := range []table.Action{noAction, restrict} {
		t.Run(action.String(), func(t *testing.T) {
			w := start(t, action)
			w.refuses(w.deleting("p", 1), types.ErrRestrict, "p 1 is still referenced (c.p -> p.id, "+action.String()+"); in the way: c[10]")
			w.leaves(w.deleting("p", 9), "c 10(1) 20(2) 30(NULL); p 1 2")
		})
	}
}

func TestTheFiveActionsOnKeyUpdate(t *testing.T) {
	start := func(t *testing.T, action table.Action) *world {
		return newWorld(t, def("p", ""), def("c", "p", ref("p", "p", noAction, action), defaultsTo("p", 9))).
			rows("p", []int{1}, []int{9}).rows("c", []int{10, 1}, []int{30, null})
	}
	for action, want := range map[table.Action]string{
		cascading:  "c 10(5) 30(NULL); p 5 9",
		setNull:    "c 10(NULL) 30(NULL); p 5 9",
		setDefault: "c 10(9) 30(NULL); p 5 9",
	} {
		t.Run(action.String(), func(t *testing.T) {
			w := start(t, action)
			w.leaves(w.updating("p", map[int][]int{1: {5}}), want)
		})
	}
	for _, action := range []table.Action{noAction, restrict} {
		t.Run(action.String(), func(t *testing.T) {
			w := start(t, action)
			w.refuses(w.updating("p", map[int][]int{1: {5}}), types.ErrRestrict, "p 1 is still referenced")
		})
	}
}

func TestARowMovesAsManyLevelsAsThereAreReferences(t *testing.T) {
	w := newWorld(t, def("artists", ""), def("albums", "artist", ref("artist", "artists", cascading, noAction)),
		def("tracks", "album", ref("album", "albums", cascading, noAction)), def("plays", "track", ref("track", "tracks", setNull, noAction))).
		rows("artists", []int{1}, []int{2}).rows("albums", []int{1, 1}, []int{2, 2}).rows("tracks", []int{1, 1}, []int{2, 2}).rows("plays", []int{1, 1}, []int{2, 2})
	preview, err := w.graph.Preview(w, w.deleting("artists", 1))
	require.NoError(t, err)
	assert.Equal(t, `delete artists[1]
└─ cascade delete albums[1] (albums_artist_fkey)
   └─ cascade delete tracks[1] (tracks_album_fkey)
      └─ set null plays[1] (plays_track_fkey): track 1 -> NULL
albums: 1 deleted
artists: 1 deleted
plays: 1 updated
tracks: 1 deleted
`, preview.String())
	w.leaves(w.deleting("artists", 1), "albums 2(2); artists 2; plays 1(NULL) 2(2); tracks 2(2)")
}

// TestRowsOfOneStatementNeverBlockOneAnother: a parent and its children, a ring, a row that refers to itself.
func TestRowsOfOneStatementNeverBlockOneAnother(t *testing.T) {
	w := newWorld(t, def("n", "up", ref("up", "n", restrict, restrict))).
		rows("n", []int{1, null}, []int{2, 1}, []int{3, 2}, []int{4, 5}, []int{5, 4}, []int{6, 6})
	w.refuses(w.deleting("n", 1), types.ErrRestrict, "in the way: n[2]")
	w.refuses(w.deleting("n", 4), types.ErrRestrict, "in the way: n[5]")
	w.leaves(w.deleting("n", 6), "n 1(NULL) 2(1) 3(2) 4(5) 5(4)")
	w.leaves(w.deleting("n", 4, 5), "n 1(NULL) 2(1) 3(2)")
	w.leaves(w.deleting("n", 1, 2, 3), "n")
}

func TestCyclesEnd(t *testing.T) {
	w := newWorld(t, def("a", "b", ref("b", "b", cascading, noAction)), def("b", "a", ref("a", "a", cascading, noAction))).
		rows("a", []int{1, 1}, []int{2, 2}, []int{3, 3}).rows("b", []int{1, 2}, []int{2, 1}, []int{3, 3})
	w.leaves(w.deleting("a", 1), "a 3(3); b 3(3)")
}

// TestADeleteBeatsARewriteAtOneLevel, whatever the names of the references.
func TestADeleteBeatsARewriteAtOneLevel(t *testing.T) {
	for _, names := range [][]string{{"a", "b"}, {"b", "a"}} {
		w := newWorld(t, def("p", ""), def("c", "x y", ref("x", "p", cascading, noAction, named(names[0])),
			ref("y", "p", setNull, noAction, named(names[1])))).
			rows("p", []int{1}, []int{2}).rows("c", []int{10, 1, 1}, []int{20, 2, 1})
		w.leaves(w.deleting("p", 1), "c 20(2 NULL); p 2")

		// Also where both references are of one column, so that the one could take the row away from the other.
		w = newWorld(t, def("p", ""), def("c", "x", ref("x", "p", cascading, noAction, named(names[0])),
			ref("x", "p", setNull, noAction, named(names[1])))).rows("p", []int{1}).rows("c", []int{10, 1})
		w.leaves(w.deleting("p", 1), "c; p")
	}
}

// TestALevelGoesByTheNamesOfItsReferences, across the tables that the level before changed.
func TestALevelGoesByTheNamesOfItsReferences(t *testing.T) {
	w := newWorld(t, def("p", ""), def("a", "p", ref("p", "p", cascading, noAction)), def("b", "p", ref("p", "p", cascading, noAction)),
		def("c", "x", ref("x", "a", cascading, noAction, named("second"))), def("d", "x", ref("x", "b", cascading, noAction, named("first")))).
		rows("p", []int{1}).rows("a", []int{1, 1}).rows("b", []int{1, 1}).rows("c", []int{1, 1}).rows("d", []int{1, 1})
	preview, err := w.graph.Preview(w, w.deleting("p", 1))
	require.NoError(t, err)
	var order []string
	for _, s := range preview.Steps {
		order = append(order, s.Row)
	}
	assert.Equal(t, []string{"p[1]", "a[1]", "b[1]", "d[1]", "c[1]"}, order)
}

// TestTheOrderOfDeclarationDoesNotMatter: the same tables and references in every order give the same rows or error.
func TestTheOrderOfDeclarationDoesNotMatter(t *testing.T) {
	refs := []table.Part{ref("x", "p", setNull, cascading, named("r1")), ref("y", "p", cascading, cascading, named("r2")),
		ref("z", "p", setDefault, setNull, named("r3"))}
	outcome := ""
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		w := newWorld(t, def("c", "x y z", refs[order[0]], refs[order[1]], refs[order[2]]), def("p", "")).
			rows("p", []int{1}, []int{2}).rows("c", []int{10, 1, 2, 1}, []int{20, 2, 1, 2}, []int{30, 1, 2, 2})
		require.NoError(t, w.do(w.deleting("p", 1)))
		require.NoError(t, w.do(w.updating("p", map[int][]int{2: {7}})))
		if outcome == "" {
			outcome = fmt.Sprint(w)
		}
		assert.Equal(t, outcome, fmt.Sprint(w))
	}
	assert.Equal(t, "c 10(NULL 7 NULL) 30(NULL 7 NULL); p 7", outcome)
}

// TestRestrictLooksWhenItsLevelHasActed: what the same level deletes does not block, what a later level would does.
func TestRestrictLooksWhenItsLevelHasActed(t *testing.T) {
	t.Run("the same level", func(t *testing.T) {
		w := newWorld(t, def("p", ""), def("c", "x y", ref("x", "p", cascading, noAction), ref("y", "p", restrict, noAction))).
			rows("p", []int{1}, []int{2}).rows("c", []int{10, 1, 1})
		w.leaves(w.deleting("p", 1), "c; p 2")
	})
	t.Run("a later level", func(t *testing.T) {
		w := newWorld(t, def("p", ""), def("m", "p", ref("p", "p", cascading, noAction)),
			def("c", "m p", ref("m", "m", cascading, noAction), ref("p", "p", restrict, noAction))).
			rows("p", []int{1}).rows("m", []int{5, 1}).rows("c", []int{10, 5, 1})
		w.refuses(w.deleting("p", 1), types.ErrRestrict, "in the way: c[10]")
	})
}

// TestNoActionPassesIfTheKeyIsTakenOver by another row; RESTRICT does not.
func TestNoActionPassesIfTheKeyIsTakenOver(t *testing.T) {
	for action, passes := range map[table.Action]bool{noAction: true, restrict: false} {
		w := newWorld(t, def("p", ""), def("c", "p", ref("p", "p", noAction, action))).rows("p", []int{1}, []int{2}).rows("c", []int{10, 1})
		swap := w.updating("p", map[int][]int{1: {2}, 2: {1}})
		if passes {
			w.leaves(swap, "c 10(1); p 1 2")
		} else {
			w.refuses(swap, types.ErrRestrict, "p 1 is still referenced")
		}
	}
}

// Composite keys.

func composite(t *testing.T, more ...func(*table.Reference)) *world {
	return newWorld(t, def("p", "a b", unique("b a")),
		def("c", "a b", ref("a b", "p", setNull, cascading, append(more, to("a b"))...))).
		rows("p", []int{1, 1, 1}, []int{2, 1, 2})
}

func TestAKeyWithANullReferencesNothing(t *testing.T) {
	w := composite(t).rows("c", []int{10, 1, null}, []int{20, null, 1}, []int{30, null, null}, []int{40, 1, 1})
	w.leaves(w.deleting("p", 1), "c 10(1 NULL) 20(NULL 1) 30(NULL NULL) 40(NULL NULL); p 2(1 2)")
	w.leaves(w.updating("c", map[int][]int{20: {20, null, 77}}), "c 10(1 NULL) 20(NULL 77) 30(NULL NULL) 40(NULL NULL); p 2(1 2)")
	w.refuses(w.updating("c", map[int][]int{20: {20, 1, 77}}), types.ErrForeignKey, "p 77, 1 does not exist")
}

func TestMatchFullRefusesHalfAKey(t *testing.T) {
	full := func(r *table.Reference) { r.MatchFull = true }
	w := composite(t, full).rows("c", []int{10, 1, 1}, []int{20, null, null})
	w.refuses(w.updating("c", map[int][]int{20: {20, 1, null}}), types.ErrMatchFull, "is partly NULL, which MATCH FULL refuses")

	one := func(r *table.Reference) { r.SetColumns = []string{"b"} }
	w = composite(t, full, one).rows("c", []int{10, 1, 1})
	w.refuses(w.deleting("p", 1), types.ErrMatchFull, "is partly NULL")
}

func TestSetColumnsAreForDeletesOnly(t *testing.T) {
	one := func(r *table.Reference) { r.SetColumns = []string{"b"}; r.OnUpdate = setNull }
	w := composite(t, one).rows("c", []int{10, 1, 1}, []int{20, 1, 2})
	w.leaves(w.deleting("p", 1), "c 10(1 NULL) 20(1 2); p 2(1 2)")
	w.leaves(w.updating("p", map[int][]int{2: {2, 1, 3}}), "c 10(1 NULL) 20(NULL NULL); p 2(1 3)")
}

func TestACompositeKeyFollowsAsAWhole(t *testing.T) {
	w := composite(t).rows("c", []int{10, 1, 1}, []int{20, 1, 2})
	w.leaves(w.updating("p", map[int][]int{1: {1, 5, 6}, 2: {2, 1, 1}}), "c 10(5 6) 20(1 1); p 1(5 6) 2(1 1)")
}

// Errors.

func TestSeveralBrokenRulesAreReportedInAFixedOrder(t *testing.T) {
	refs := func(order ...int) []table.Part {
		all := []table.Part{ref("p", "p", restrict, noAction, named("a")), ref("q", "p", setNull, noAction, named("b")), ref("r", "p", restrict, noAction, named("c"))}
		var out []table.Part
		for _, i := range order {
			out = append(out, all[i])
		}
		return out
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}} {
		w := newWorld(t, def("p", ""), def("x", "p q r", refs(order...)...), def("y", "p", ref("p", "p", restrict, noAction, named("0")))).
			rows("p", []int{1}).rows("x", []int{10, null, null, 1}, []int{20, 1, null, null}).rows("y", []int{30, 1})
		err := w.do(w.deleting("p", 1))
		require.ErrorContains(t, err, "(x.p -> p.id, RESTRICT)", "by table, then by name")
		preview, err := w.graph.Preview(w, w.deleting("p", 1))
		require.NoError(t, err)
		var blockers []string
		for _, b := range preview.Blockers {
			blockers = append(blockers, b.Table+"."+b.Constraint)
		}
		assert.Equal(t, []string{"x.a", "x.c", "y.0"}, blockers, "the preview has them all")

		strict := newWorld(t, def("p", ""), def("x", "p q r", append(refs(order...), notNull("q"))...)).
			rows("p", []int{1}).rows("x", []int{20, 1, 1, null})
		strict.refuses(strict.deleting("p", 1), types.ErrNotNull, "q cannot be NULL") // before foreign keys
	}
}

func TestAnErrorTellsTheWayThere(t *testing.T) {
	w := newWorld(t, def("a", ""), def("b", "a", ref("a", "a", cascading, noAction)), def("c", "b", ref("b", "b", restrict, noAction))).
		rows("a", []int{1}).rows("b", []int{2, 1}).rows("c", []int{3, 2}, []int{4, 2})
	err := w.do(w.deleting("a", 1))
	var e *types.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"a[1]", "b[2]"}, e.Path)
	assert.Equal(t, []string{"c[3]", "c[4]"}, e.Rows)
	assert.Equal(t, []any{int64(2)}, e.Key)
	assert.Equal(t, []string{"c", "b"}, []string{e.Table, e.RefTable})
}

// TestDepthIsBoundByMemoryAlone: chains of rows and of tables are worked off without recursion.
func TestDepthIsBoundByMemoryAlone(t *testing.T) {
	const n = 20_000
	w := newWorld(t, def("n", "up", ref("up", "n", cascading, cascading)))
	w.rows("n", []int{0, null})
	for i := range n {
		w.rows("n", []int{i + 1, i})
	}
	s := w.deleting("n", 0)
	plan, err := w.graph.Plan(w, s)
	require.NoError(t, err)
	assert.Equal(t, n+1, plan.Size())
	assert.EqualValues(t, n, plan.steps[n].level)
	plan.Release()
	w.leaves(s, "n")

	tables := []table.Schema{def("t0", "")}
	for i := range 40 {
		tables = append(tables, def(fmt.Sprint("t", i+1), "up", ref("up", fmt.Sprint("t", i), cascading, cascading)))
	}
	slices.Reverse(tables)
	w = newWorld(t, tables...).rows("t0", []int{1})
	for i := range 40 {
		w.rows(fmt.Sprint("t", i+1), []int{1, 1})
	}
	require.NoError(t, w.do(w.deleting("t0", 1)))
	for _, tab := range w.tables {
		assert.Zero(t, tab.Len())
	}
}
