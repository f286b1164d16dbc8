package cascade

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// behind has deletes worked in turn, with the constraint of a database behind each reference.
func (w *world) behind(idle bool, onDelete table.Action) *world {
	w.Helper()
	var defs []*table.Def
	for _, name := range w.sorted() {
		defs = append(defs, w.tables[name].Def())
	}
	var err error
	w.graph, err = NewGraph(catalogOf(defs), defs, func(string, *table.Reference) table.Turn {
		return table.Turn{Idle: idle, Behind: &table.Constraint{OnDelete: onDelete}}
	})
	require.NoError(w, err)
	return w
}

func constrained(t *testing.T, inTurn table.Action) *world {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", inTurn, table.Cascade)),
		def("notes", "post", ref("post", "posts", inTurn, table.Cascade)))
	return w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 1}, []int{3, 2}).rows("notes", []int{1, 1}, []int{2, 3})
}

func TestAConstraintActsWhenTheRowIsRemoved(t *testing.T) {
	for _, c := range []struct {
		name   string
		action table.Action
		want   string
		told   []string
	}{
		{"SET NULL", table.SetNull, "notes 1(1) 2(3); posts 1(NULL) 2(NULL) 3(2); users 2", []string{"users*", "users[1]", "-users[1]"}},
		{"CASCADE, and on from there", table.Cascade, "notes 2(3); posts 3(2); users 2", []string{"users*", "users[1]", "-users[1]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := constrained(t, table.NoAction).behind(true, c.action)
			w.tells(w.deleting("users", 1), c.told...)
			assert.Equal(t, c.want, fmt.Sprint(w))
		})
	}
	w := constrained(t, table.NoAction).behind(true, table.NoAction)
	w.refuses(w.deleting("users", 1), types.ErrRestrict, "in the way: posts[1]")
}

func TestAConstraintComesAfterTheReference(t *testing.T) {
	w := constrained(t, table.Cascade).behind(false, table.SetNull)
	w.tells(w.deleting("posts", 3), "posts*", "posts[3]", "notes*", "notes[2]", "-notes[2]", "-posts[3]")
	w = constrained(t, table.Restrict).behind(false, table.SetNull)
	w.refuses(w.deleting("users", 1), types.ErrRestrict, "still referenced")
	w = constrained(t, table.Cascade).behind(false, table.NoAction)
	w.leaves(w.deleting("users", 1), "notes 2(3); posts 3(2); users 2")
}

func TestAConstraintLeavesARowAloneThatIsBeingDeleted(t *testing.T) {
	w := newWorld(t, def("nodes", "parent", ref("parent", "nodes", table.Cascade, table.NoAction))).behind(false, table.SetNull)
	w.rows("nodes", []int{1, 1}, []int{2, 3}, []int{3, 2}, []int{4, 3})
	w.leaves(w.deleting("nodes", 1), "nodes 2(3) 3(2) 4(3)")
	w.leaves(w.deleting("nodes", 2), "nodes")
}

func TestAConstraintSeesSoftDeletedRows(t *testing.T) {
	world := func(behind table.Action) *world {
		w := newWorld(t, def("users", "", change(soft)), def("posts", "user", ref("user", "users", table.NoAction, table.Cascade), change(soft)))
		w.behind(true, behind).rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 2})
		require.NoError(t, w.do(w.noon(w.deleting("posts", 1))))
		return w
	}
	hard := func(s Statement) Statement { s.Hard = true; return s }

	w := world(table.SetNull)
	w.leaves(w.noon(w.deleting("users", 2)), "posts 1(1 "+noonText+") 2(2 NULL); users 1(NULL) 2("+noonText+")") // nothing is removed
	w.leaves(hard(w.deleting("users", 1)), "posts 1(NULL "+noonText+") 2(2 NULL); users 2("+noonText+")")
	w = world(table.Cascade)
	w.leaves(hard(w.deleting("users", 1)), "posts 2(2 NULL); users 2(NULL)")
	w = world(table.NoAction)
	w.refuses(hard(w.deleting("users", 1)), types.ErrRestrict, "in the way: posts[1]")
}

func TestAConstraintHasSoftDeletedRowsFollowAKey(t *testing.T) {
	for _, behind := range []bool{true, false} {
		w := newWorld(t, def("users", "k", unique("k")), def("posts", "user", ref("user", "users", table.NoAction, table.Cascade, to("k")), change(soft)))
		if w.inTurn(); behind {
			w.behind(true, table.SetNull)
		}
		w.rows("users", []int{1, 5}).rows("posts", []int{1, 5}, []int{2, 5})
		require.NoError(t, w.do(w.noon(w.deleting("posts", 1))))
		held := map[bool]string{true: "6", false: "5"}[behind]
		w.leaves(w.updating("users", map[int][]int{1: {1, 6}}), "posts 1("+held+" "+noonText+") 2(6 NULL); users 1(6)")
	}
}

func TestATableThatAConstraintRefersToIsNotEmptied(t *testing.T) {
	w := newWorld(t, def("users", "boss", ref("boss", "users", table.NoAction, table.NoAction)),
		def("posts", "user", ref("user", "users", table.NoAction, table.NoAction))).behind(true, table.SetNull)
	require.ErrorIs(t, w.graph.CheckTruncate(w, "users"), types.ErrRestrict)
	require.NoError(t, w.graph.CheckTruncate(w, "posts"))
}
