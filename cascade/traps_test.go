package cascade

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// What engines get wrong: each trap by name.

// TestTrapAShiftDoesNotSweepUpTheRowsThatItMoved: with id = id + 1 the children of 1 move to 2 and stay there, though
// the children of 2 then move to 3.
func TestTrapAShiftDoesNotSweepUpTheRowsThatItMoved(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p", ref("p", "p", noAction, cascading))).
		rows("p", []int{1}, []int{2}, []int{3}).rows("c", []int{10, 1}, []int{20, 2}, []int{30, 3})
	w.leaves(w.updating("p", map[int][]int{1: {2}, 2: {3}, 3: {4}}), "c 10(2) 20(3) 30(4); p 2 3 4")
}

func TestTrapASwapOfUniqueKeysPasses(t *testing.T) {
	w := newWorld(t, def("p", "k", unique("k"))).rows("p", []int{1, 1}, []int{2, 2}, []int{3, 3})
	w.leaves(w.updating("p", map[int][]int{1: {1, 2}, 2: {2, 3}, 3: {3, 1}}), "p 1(2) 2(3) 3(1)")
	w.refuses(w.updating("p", map[int][]int{1: {1, 3}}), types.ErrUnique, "unique key (k) = (3) is taken")
}

// TestTrapARowThatRefersToItsOwnOldKeyFollowsItself: set k = 6, up = 4 on the row with key 4.
func TestTrapARowThatRefersToItsOwnOldKeyFollowsItself(t *testing.T) {
	w := newWorld(t, def("n", "k up", unique("k"), ref("up", "n", noAction, cascading, to("k")))).rows("n", []int{1, 4, null})
	w.leaves(w.updating("n", map[int][]int{1: {1, 6, 4}}), "n 1(6 6)")
}

// TestTrapAReferenceThatMovedAlongIsNotNulled: two composite references share a column. Rewriting it by the one moves
// the other off the old key.
func TestTrapAReferenceThatMovedAlongIsNotNulled(t *testing.T) {
	w := newWorld(t,
		def("tenants", ""),
		def("p", "tenant k", unique("tenant k"), ref("tenant", "tenants", noAction, cascading)),
		def("c", "tenant k", ref("tenant", "tenants", noAction, cascading), ref("tenant k", "p", setNull, setNull, to("tenant k")))).
		rows("tenants", []int{1}).rows("p", []int{5, 1, 7}).rows("c", []int{10, 1, 7})
	w.leaves(w.updating("tenants", map[int][]int{1: {2}}), "c 10(2 7); p 5(2 7); tenants 2")
}

func TestTrapSettingAKeyToItselfIsNothing(t *testing.T) {
	w := newWorld(t, def("p", "x"), def("c", "p", ref("p", "p", restrict, restrict)), def("d", "p", ref("p", "p", setNull, setNull))).
		rows("p", []int{1, 1}).rows("c", []int{10, 1}).rows("d", []int{10, 1})
	w.leaves(w.updating("p", map[int][]int{1: {1, 2}}), "c 10(1); d 10(1); p 1(2)")
}

func TestTrapKeysThatComeFromOrGoToNull(t *testing.T) {
	start := func(action table.Action) *world {
		return newWorld(t, def("p", "k", unique("k")), def("c", "k", ref("k", "p", noAction, action, to("k")))).
			rows("p", []int{1, null}, []int{2, 2}).rows("c", []int{10, null}, []int{20, 2})
	}
	w := start(cascading)
	w.leaves(w.updating("p", map[int][]int{1: {1, 5}}), "c 10(NULL) 20(2); p 1(5) 2(2)")
	w.leaves(w.updating("p", map[int][]int{2: {2, null}}), "c 10(NULL) 20(NULL); p 1(5) 2(NULL)")
	w = start(noAction)
	w.leaves(w.updating("p", map[int][]int{1: {1, 5}}), "c 10(NULL) 20(2); p 1(5) 2(2)")
	w.refuses(w.updating("p", map[int][]int{2: {2, null}}), types.ErrRestrict, "p 2 is still referenced")
}

// TestTrapSetDefaultLooksAgain: the default may be the very key that went, and that does not wait for the commit.
func TestTrapSetDefaultLooksAgain(t *testing.T) {
	start := func(parts ...table.Part) *world {
		parts = append(parts, ref("p", "p", setDefault, setDefault, deferrable))
		return newWorld(t, def("p", ""), def("c", "p", parts...)).rows("p", []int{1}, []int{2}).rows("c", []int{10, 1})
	}
	wait := func(s Statement) Statement {
		s.Deferred = func(string, bool) bool { return true }
		return s
	}
	w := start(defaultsTo("p", 1))
	w.refuses(wait(w.deleting("p", 1)), types.ErrRestrict, "p 1 is still referenced")
	w = start(defaultsTo("p", 2))
	w.leaves(w.deleting("p", 1), "c 10(2); p 2")
	w = start(defaultsTo("p", 77))
	w.refuses(w.deleting("p", 1), types.ErrForeignKey, "p 77 does not exist")
	w.loose = true
	w.leaves(wait(w.deleting("p", 1)), "c 10(77); p 2") // a missing parent may come until the commit
	w = start()
	w.leaves(w.deleting("p", 1), "c 10(NULL); p 2")
	w = start(notNull("p"))
	w.refuses(w.deleting("p", 1), types.ErrNotNull, "p cannot be NULL")
}

// TestTrapSetNullGoesOnAsAKeyUpdate, where the column that it writes is referenced itself.
func TestTrapSetNullGoesOnAsAKeyUpdate(t *testing.T) {
	w := newWorld(t, def("a", ""), def("b", "a", unique("a"), ref("a", "a", setNull, noAction)),
		def("c", "a", ref("a", "b", noAction, cascading, to("a"))), def("d", "a", ref("a", "b", noAction, noAction, to("a")))).
		rows("a", []int{1}, []int{2}).rows("b", []int{5, 1}, []int{6, 2}).rows("c", []int{10, 1}, []int{20, 2}).rows("d", []int{30, 2})
	w.leaves(w.deleting("a", 1), "a 2; b 5(NULL) 6(2); c 10(NULL) 20(2); d 30(2)")
	w.refuses(w.deleting("a", 2), types.ErrRestrict, "b 2 is still referenced (d.a -> b.a, NO ACTION)")
}

// TestTrapACascadeMayBreakAUniqueKey, judged on what the level leaves.
func TestTrapACascadeMayBreakAUniqueKey(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p", unique("p"), ref("p", "p", setDefault, cascading), defaultsTo("p", 2))).
		rows("p", []int{1}, []int{2}, []int{3}).rows("c", []int{10, 1}, []int{20, 2})
	w.refuses(w.deleting("p", 1), types.ErrUnique, "unique key (p) = (2) is taken; the way there: p[1] -> c[10]; in the way: c[20]")
	w.leaves(w.updating("p", map[int][]int{1: {2}, 2: {1}}), "c 10(2) 20(1); p 1 2 3")
}

// TestTrapAViolationThatWaitsSurvivesAnUpdateOfAnotherColumn: the check is that of the row as it is now.
func TestTrapAViolationThatWaitsSurvivesAnUpdateOfAnotherColumn(t *testing.T) {
	w := newWorld(t, def("p", ""), def("c", "p x", ref("p", "p", noAction, noAction, deferrable))).rows("c", []int{10, 7, 0})
	w.loose = true
	s := w.updating("c", map[int][]int{10: {10, 7, 1}})
	s.Deferred = func(string, bool) bool { return true }
	s.Wrote = func(index.Record) bool { return true }
	plan, err := w.graph.Plan(w, s)
	require.NoError(t, err)
	require.Len(t, plan.Deferred(), 1)
	pending := append([]Deferred(nil), plan.Deferred()...)
	require.NoError(t, plan.Apply(w, func(*table.Table, table.Numbers, []table.Change, func(int) (*Ref, Kind, int32)) {}, nil))
	assert.ErrorIs(t, w.graph.CheckDeferred(w, pending), types.ErrForeignKey)

	s = w.updating("c", map[int][]int{10: {10, 7, 2}})
	s.Deferred = func(string, bool) bool { return true }
	plan, err = w.graph.Plan(w, s)
	require.NoError(t, err)
	assert.Empty(t, plan.Deferred(), "of a row that this transaction did not write nothing is pending")
}

// TestTrapRestrictNeverWaits, however the reference is declared.
func TestTrapRestrictNeverWaits(t *testing.T) {
	for action, waits := range map[table.Action]bool{noAction: true, restrict: false} {
		w := newWorld(t, def("p", ""), def("c", "p", ref("p", "p", action, action, deferrable))).rows("p", []int{1}).rows("c", []int{10, 1})
		s := w.deleting("p", 1)
		s.Deferred = func(string, bool) bool { return true }
		plan, err := w.graph.Plan(w, s)
		if !waits {
			require.ErrorIs(t, err, types.ErrRestrict)
			continue
		}
		require.NoError(t, err)
		assert.Len(t, plan.Deferred(), 1)
		assert.True(t, plan.Deferred()[0].ParentGone)
	}
}

// Limits.

func TestAStatementTouchesAsManyRowsAsItMay(t *testing.T) {
	start := func() *world {
		return newWorld(t, def("p", ""), def("c", "p", ref("p", "p", cascading, noAction))).
			rows("p", []int{1}, []int{2}, []int{3}).rows("c", []int{10, 1}, []int{20, 1})
	}
	for max, ok := range map[int]bool{0: true, 2: false, 3: true} {
		w := start()
		s := w.deleting("p", 1)
		s.MaxRows = max
		_, err := w.graph.Plan(w, s)
		assert.Equal(t, ok, err == nil, "1 row and 2 by cascade, %d allowed: %v", max, err)
	}
	w := start()
	s := w.deleting("p", 2, 3)
	s.MaxRows = 1
	_, err := w.graph.Plan(w, s)
	assert.ErrorIs(t, err, types.ErrLimit, "the rows that it names count too")
}

func TestAStatementStopsWithItsContext(t *testing.T) {
	w := newWorld(t, def("p", "")).rows("p", []int{1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := w.deleting("p", 1)
	s.Interrupt = query.NewInterrupt(ctx)
	_, err := w.graph.Plan(w, s)
	assert.ErrorIs(t, err, types.ErrLimit)
	assert.ErrorIs(t, err, context.Canceled)
}
