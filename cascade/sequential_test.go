package cascade

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

func unchecked(r *table.Reference) { r.Unchecked = true }

// tells asserts that a statement succeeds, and what it tells of, in order: "users*" for rows, "users[1]" for one before it
// is deleted, "-users[1]" for one after.
func (w *world) tells(s Statement, want ...string) {
	w.Helper()
	got, err := w.told(s)
	require.NoError(w, err)
	assert.Equal(w, want, got)
}

func (w *world) told(s Statement) (told []string, err error) {
	tell := func(e DeleteEvent) {
		told = append(told, map[Moment]string{BeforeRows: e.Table + "*", BeforeRow: e.Row.Label(), AfterRow: "-" + e.Row.Label()}[e.When])
	}
	s.Before, s.After = func(e DeleteEvent) error { tell(e); return nil }, tell
	plan, err := w.graph.Plan(w, s)
	if err != nil {
		return told, err
	}
	require.NoError(w, plan.Apply(w, func(*table.Table, table.Numbers, []table.Change, func(int) (*Ref, Kind, int32)) {}, nil))
	plan.TellAfter()
	plan.Release()
	return told, nil
}

// The worlds and events of the next tests are those of the recordings named del-*.

func usersAndPosts(t *testing.T, onDelete table.Action) *world {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", onDelete, table.NoAction, named("author"), unchecked))).inTurn()
	return w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 1}, []int{3, 2}, []int{4, null})
}

func TestTurnsOfSeveralRowsAlternate(t *testing.T) {
	w := usersAndPosts(t, table.Cascade)
	w.tells(w.deleting("users", 1, 2), "users*", "users[1]", "users[2]", "posts*", "posts*", "posts[1]", "posts[2]", "posts[3]",
		"-posts[1]", "-posts[2]", "-posts[3]", "-users[1]", "-users[2]")
	assert.Equal(t, "posts 4(NULL); users", fmt.Sprint(w))
}

func TestTurnsReachTheDeepestRowsFirst(t *testing.T) {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.Cascade, table.NoAction)),
		def("comments", "post", ref("post", "posts", table.Cascade, table.NoAction))).inTurn()
	w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 1}, []int{3, 2}).rows("comments", []int{1, 1}, []int{2, 1}, []int{3, 3})
	w.tells(w.deleting("users", 1), "users*", "users[1]", "posts*", "posts[1]", "posts[2]", "comments*", "comments[1]", "comments[2]",
		"-comments[1]", "-comments[2]", "-posts[1]", "-posts[2]", "-users[1]")
}

func TestTurnsInATree(t *testing.T) {
	w := newWorld(t, def("nodes", "parent", ref("parent", "nodes", table.Cascade, table.NoAction))).inTurn()
	w.rows("nodes", []int{1, null}, []int{2, 1}, []int{3, 2}, []int{4, 1}, []int{5, null})
	w.tells(w.deleting("nodes", 1), "nodes*", "nodes[1]", "nodes*", "nodes[2]", "nodes[4]", "nodes*", "nodes[3]",
		"-nodes[3]", "-nodes[2]", "-nodes[4]", "-nodes[1]")
	assert.Equal(t, "nodes 5(NULL)", fmt.Sprint(w))
}

func TestTurnsOfReferencesFollowTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		turns []string
		refs  string
	}{{[]string{"post", "invoice"}, "[post invoice]"}, {[]string{"invoice", "post"}, "[invoice post]"}} {
		w := newWorld(t, def("users", ""),
			def("posts", "user", ref("user", "users", table.SetNull, table.NoAction, named("post"))),
			def("invoices", "user", ref("user", "users", table.Restrict, table.NoAction, named("invoice")))).inTurn(c.turns...)
		w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 2}).rows("invoices", []int{1, 1})
		var order []string
		for _, r := range w.graph.Into("users") {
			order = append(order, r.Name)
		}
		assert.Equal(t, c.refs, fmt.Sprint(order))
		w.refuses(w.deleting("users", 1), types.ErrRestrict, "still referenced")
		told, err := w.told(w.deleting("users", 1))
		require.Error(t, err)
		assert.Equal(t, []string{"users*", "users[1]"}, told, "a refused delete tells of what it came to")
		w.leaves(w.deleting("users", 2), "invoices 1(1); posts 1(1) 2(NULL); users 1")
	}
}

func TestTurnsLetRestrictPassAfterACascade(t *testing.T) {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.Cascade, table.NoAction, named("a"))),
		def("comments", "post user", ref("post", "posts", table.Cascade, table.NoAction, named("b")),
			ref("user", "users", table.Restrict, table.NoAction, named("c"))))
	w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 2}).rows("comments", []int{1, 1, 1}, []int{2, 1, 2})
	w.refuses(w.deleting("users", 1), types.ErrRestrict, "still referenced") // by level
	w.inTurn("c", "a", "b").refuses(w.deleting("users", 1), types.ErrRestrict, "still referenced")
	w.inTurn("a", "b", "c")
	w.refuses(w.deleting("users", 2), types.ErrRestrict, "still referenced")
	w.leaves(w.deleting("users", 1), "comments; posts 2(2); users 2")
}

func TestTurnsLetARowBlockItself(t *testing.T) {
	w := newWorld(t, def("nodes", "parent", ref("parent", "nodes", table.Restrict, table.NoAction)))
	w.rows("nodes", []int{1, 1}, []int{2, null}, []int{3, 2}).inTurn()
	w.refuses(w.deleting("nodes", 1), types.ErrRestrict, "still referenced")
	w.refuses(w.deleting("nodes", 2, 3), types.ErrRestrict, "in the way: nodes[3]")
	w.leaves(w.deleting("nodes", 3), "nodes 1(1) 2(NULL)")
	require.NoError(t, w.graph.CheckTruncate(w, "nodes"))
}

func TestTurnsJudgeNotNullAtOnce(t *testing.T) {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.SetNull, table.NoAction, named("a")), notNull("user")),
		def("tags", "user", ref("user", "users", table.Cascade, table.NoAction, named("b")))).inTurn("b", "a")
	w.rows("users", []int{1}).rows("posts", []int{1, 1}).rows("tags", []int{1, 1})
	w.refuses(w.deleting("users", 1), types.ErrNotNull, "users[1] -> posts[1]")
}

func TestTurnsEndCycles(t *testing.T) {
	w := newWorld(t, def("nodes", "parent", ref("parent", "nodes", table.Cascade, table.NoAction))).inTurn()
	w.rows("nodes", []int{1, 1}, []int{2, 3}, []int{3, 2}, []int{4, 3})
	w.tells(w.deleting("nodes", 1), "nodes*", "nodes[1]", "-nodes[1]")
	w.tells(w.deleting("nodes", 2), "nodes*", "nodes[2]", "nodes*", "nodes[3]", "nodes*", "nodes[4]", "-nodes[4]", "-nodes[3]", "-nodes[2]")
}

func TestTurnsDoNotRecurse(t *testing.T) {
	w := newWorld(t, def("nodes", "parent", ref("parent", "nodes", table.Cascade, table.NoAction))).inTurn()
	const n = 20_000
	w.rows("nodes", []int{1, null}, []int{n + 1, null})
	for i := 2; i <= n; i++ {
		w.rows("nodes", []int{i, i - 1})
	}
	w.leaves(w.deleting("nodes", 1), fmt.Sprintf("nodes %d(NULL)", n+1))
}

// A key that SET NULL empties may itself be referred to: these changes of keys go by level, once the turns are over.
func TestTurnsThenKeysByLevel(t *testing.T) {
	for _, c := range []struct {
		onUpdate table.Action
		leaves   string
	}{{table.Cascade, "a; b 1(NULL); c 1(NULL) 2(8)"}, {table.SetNull, "a; b 1(NULL); c 1(NULL) 2(8)"}} {
		w := newWorld(t, def("a", ""), def("b", "a", ref("a", "a", table.SetNull, table.NoAction), unique("a")),
			def("c", "b", ref("b", "b", table.Restrict, c.onUpdate, to("a"), unchecked))).inTurn()
		w.rows("a", []int{7}).rows("b", []int{1, 7}).rows("c", []int{1, 7}, []int{2, 8})
		w.leaves(w.deleting("a", 7), c.leaves)
	}
	w := newWorld(t, def("a", ""), def("b", "a", ref("a", "a", table.SetNull, table.NoAction), unique("a")),
		def("c", "b", ref("b", "b", table.NoAction, table.Restrict, to("a")))).inTurn()
	w.rows("a", []int{7}).rows("b", []int{1, 7}).rows("c", []int{1, 7})
	w.refuses(w.deleting("a", 7), types.ErrRestrict, "still referenced")
}

func TestTurnsJudgeCheckedReferencesInTheEnd(t *testing.T) {
	w := newWorld(t, def("users", ""),
		def("posts", "user", ref("user", "users", table.NoAction, table.NoAction, named("a"))),
		def("tags", "post", ref("post", "posts", table.Cascade, table.NoAction, named("b")))).inTurn()
	w.rows("users", []int{1}).rows("posts", []int{1, 1})
	w.refuses(w.deleting("users", 1), types.ErrRestrict, "NO ACTION")

	w = newWorld(t, def("users", ""),
		def("posts", "user", ref("user", "users", table.SetDefault, table.NoAction), defaultsTo("user", 9))).inTurn()
	w.rows("users", []int{1}, []int{9}).rows("posts", []int{1, 1})
	w.refuses(w.deleting("users", 9, 1), types.ErrForeignKey, "users 9")
	w.leaves(w.deleting("users", 1), "posts 1(9); users 9")
}

func TestTurnsHeedLimits(t *testing.T) {
	w := usersAndPosts(t, table.Cascade)
	s := w.deleting("users", 1, 2)
	s.MaxRows = 4
	_, err := w.graph.Plan(w, s)
	require.ErrorIs(t, err, types.ErrLimit)
	s.MaxRows = 5
	ctx, cancel := context.WithCancel(context.Background())
	s.Interrupt = query.NewInterrupt(ctx)
	plan, err := w.graph.Plan(w, s)
	require.NoError(t, err)
	plan.Release()
	cancel()
	s.Interrupt = query.NewInterrupt(ctx)
	_, err = w.graph.Plan(w, s)
	require.ErrorIs(t, err, context.Canceled)
}

func TestTurnsInAPreview(t *testing.T) {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.Cascade, table.NoAction, named("a"))),
		def("tags", "post user", ref("post", "posts", table.Cascade, table.NoAction, named("b")),
			ref("user", "users", table.SetNull, table.NoAction, named("c")))).inTurn("c", "a", "b")
	w.rows("users", []int{1}).rows("posts", []int{1, 1}).rows("tags", []int{1, 1, 1}, []int{2, null, 1})
	p, err := w.graph.Preview(w, w.deleting("users", 1))
	require.NoError(t, err)
	assert.Equal(t, `delete users[1]
├─ set null tags[1] (c): user 1 -> NULL
├─ set null tags[2] (c): user 1 -> NULL
└─ cascade delete posts[1] (a)
   └─ cascade delete tags[1] (b)
posts: 1 deleted
tags: 1 updated, 1 deleted
users: 1 deleted
`, p.String())
	w.leaves(w.deleting("users", 1), "posts; tags 2(NULL NULL); users")
}

func TestAHookRefuses(t *testing.T) {
	for _, turn := range []bool{false, true} {
		w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.Cascade, table.NoAction)))
		if turn {
			w.inTurn()
		}
		w.rows("users", []int{1}).rows("posts", []int{1, 1})
		no := errors.New("not this one")
		s := w.deleting("users", 1)
		s.Before = func(e DeleteEvent) error {
			if e.When == BeforeRow && e.Table == "posts" {
				assert.Equal(t, "posts_user_fkey", e.Reference)
				return no
			}
			return nil
		}
		_, err := w.graph.Plan(w, s)
		require.ErrorIs(t, err, no)
		require.ErrorIs(t, err, types.ErrCheck)
		assert.EqualError(t, err, "memrel: delete posts: a hook refuses to have posts[1] deleted: not this one")
	}
}

func TestEventsByLevel(t *testing.T) {
	w := newWorld(t, def("users", ""), def("posts", "user", ref("user", "users", table.Cascade, table.NoAction)),
		def("tags", "user post", ref("user", "users", table.Cascade, table.NoAction), ref("post", "posts", table.Cascade, table.NoAction)))
	w.rows("users", []int{1}, []int{2}).rows("posts", []int{1, 1}, []int{2, 2}).rows("tags", []int{1, 1, null}, []int{2, null, 2})
	w.tells(w.deleting("users", 1, 2), "users*", "users[1]", "users[2]", "posts*", "posts[1]", "posts[2]", "tags*", "tags[1]", "tags*", "tags[2]",
		"-tags[2]", "-posts[1]", "-posts[2]", "-tags[1]", "-users[1]", "-users[2]")
}

// Soft deletes.

func soft(s *table.Schema) {
	s.Columns = append(s.Columns, types.Column{Name: "gone", Type: index.Time})
	s.SoftDelete = "gone"
}

// noon is the time of soft deletes in these tests.
func (w *world) noon(s Statement) Statement {
	s.Now = func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	return s
}

const noonText = "2026-11-22T12:00:00Z"

func TestSoftDeletes(t *testing.T) {
	for _, turn := range []bool{false, true} {
		t.Run(fmt.Sprintf("turn=%v", turn), func(t *testing.T) {
			world := func(schemas ...table.Schema) *world {
				w := newWorld(t, schemas...)
				if turn {
					w.inTurn()
				}
				return w
			}
			t.Run("what refers to the row follows", func(t *testing.T) {
				w := world(def("a", "", change(soft)), def("b", "a", ref("a", "a", table.Cascade, table.NoAction)),
					def("c", "a", ref("a", "a", table.SetNull, table.NoAction)), def("d", "a", ref("a", "a", table.NoAction, table.NoAction)))
				w.rows("a", []int{1}).rows("b", []int{1, 1}).rows("c", []int{1, 1}).rows("d", []int{1, 1})
				w.leaves(w.noon(w.deleting("a", 1)), "a 1("+noonText+"); b; c 1(NULL); d 1(1)")
			})
			t.Run("and may stand in its way", func(t *testing.T) {
				w := world(def("a", "", change(soft)), def("b", "a", ref("a", "a", table.Restrict, table.NoAction)))
				w.rows("a", []int{1}).rows("b", []int{1, 1})
				w.refuses(w.noon(w.deleting("a", 1)), types.ErrRestrict, "still referenced")
			})
			t.Run("a cascade deletes softly too, and goes on", func(t *testing.T) {
				w := world(def("a", ""), def("b", "a", ref("a", "a", table.Cascade, table.NoAction), change(soft)),
					def("c", "b", ref("b", "b", table.Cascade, table.NoAction)))
				w.rows("a", []int{1}).rows("b", []int{1, 1}).rows("c", []int{1, 1})
				w.leaves(w.noon(w.deleting("a", 1)), "a; b 1(1 "+noonText+"); c")
			})
			t.Run("a soft-deleted row refers to nothing", func(t *testing.T) {
				w := world(def("a", ""), def("b", "a", ref("a", "a", table.Restrict, table.NoAction), change(soft)))
				w.rows("a", []int{1}).rows("b", []int{1, 1})
				w.leaves(w.noon(w.deleting("b", 1)), "a 1; b 1(1 "+noonText+")")
				w.leaves(w.deleting("a", 1), "a; b 1(1 "+noonText+")")
				require.Equal(t, turn, w.graph.CheckTruncate(w, "a") == nil, "and is asked only where a reference counts by its rows")
				back := w.updating("b", map[int][]int{1: {1, 1}})
				w.refuses(back, types.ErrForeignKey, "a 1 does not exist")
			})
			t.Run("its keys are taken", func(t *testing.T) {
				w := world(def("a", "k", unique("k"), change(soft)))
				w.rows("a", []int{1, 5})
				require.NoError(t, w.do(w.noon(w.deleting("a", 1))))
				w.refuses(Statement{Op: "insert", Table: "a", Changes: []table.Change{{New: w.record("a", []int{2, 5})}}}, types.ErrUnique, "is taken")
			})
			t.Run("Hard removes", func(t *testing.T) {
				w := world(def("a", "", change(soft)))
				w.rows("a", []int{1})
				s := w.deleting("a", 1)
				s.Hard = true
				w.leaves(s, "a")
			})
		})
	}
}

func TestASoftDeleteIsPreviewed(t *testing.T) {
	w := newWorld(t, def("a", "", change(soft))).rows("a", []int{1})
	p, err := w.graph.Preview(w, w.noon(w.deleting("a", 1)))
	require.NoError(t, err)
	assert.Equal(t, "delete a[1]: gone NULL -> "+noonText+"\na: 1 deleted\n", p.String())
}

// Unchecked references.

func TestUncheckedKeysMayDangle(t *testing.T) {
	w := newWorld(t, def("a", ""), def("b", "a", ref("a", "a", table.NoAction, table.NoAction, unchecked)),
		def("c", "a", ref("a", "a", table.SetDefault, table.NoAction, unchecked), defaultsTo("a", 99)))
	w.rows("a", []int{1}).rows("b", []int{1, 1}, []int{2, 7}).rows("c", []int{1, 1})
	w.leaves(w.updating("b", map[int][]int{2: {2, 8}}), "a 1; b 1(1) 2(8); c 1(1)")
	pending, _, err := w.graph.CheckInserted(w, "b", []index.Record{w.record("b", []int{3, 9})}, nil, func(string, bool) bool { return false })
	require.NoError(t, err)
	require.Empty(t, pending)
	require.NoError(t, w.graph.CheckRef(w, w.graph.Ref("b", "b_a_fkey"), w.tables["b"].Records()))
	require.Error(t, w.graph.CheckTruncate(w, "a"), "c would have to be given its default")
	w.leaves(w.deleting("a", 1), "a; b 1(1) 2(8); c 1(99)")
	assert.Empty(t, w.graph.Diagnostics())
}

func TestUncheckedActionsAct(t *testing.T) {
	w := newWorld(t, def("a", ""), def("b", "a", ref("a", "a", table.Restrict, table.Restrict, unchecked)),
		def("c", "a", ref("a", "a", table.Cascade, table.Cascade, unchecked)), def("d", "a", ref("a", "a", table.SetNull, table.SetNull, unchecked)))
	w.rows("a", []int{1}, []int{2}).rows("b", []int{1, 1}).rows("c", []int{1, 2}).rows("d", []int{1, 2})
	w.refuses(w.deleting("a", 1), types.ErrRestrict, "still referenced")
	w.refuses(w.updating("a", map[int][]int{1: {5}}), types.ErrRestrict, "still referenced")
	w.leaves(w.updating("a", map[int][]int{2: {3}}), "a 1 3; b 1(1); c 1(3); d 1(NULL)")
	w.leaves(w.deleting("a", 3), "a 1; b 1(1); c; d 1(NULL)")
}

// Several rows may have one key: each that is deleted takes the referring rows with it, whoever else has the key.
func TestUncheckedKeysMayBeShared(t *testing.T) {
	for _, turn := range []bool{false, true} {
		w := newWorld(t, def("a", "k x", table.Index{Columns: []string{"k", "x"}}),
			def("b", "k", ref("k", "a", table.Cascade, table.SetNull, to("k"), unchecked)))
		if turn {
			w.inTurn()
		}
		w.rows("a", []int{1, 5, 1}, []int{2, 5, 2}, []int{3, 6, 3}, []int{4, 6, 4}).rows("b", []int{1, 5}, []int{2, 6})
		w.leaves(w.updating("a", map[int][]int{1: {1, 5, 9}}), "a 1(5 9) 2(5 2) 3(6 3) 4(6 4); b 1(5) 2(6)")
		w.leaves(w.updating("a", map[int][]int{3: {3, 7, 3}}), "a 1(5 9) 2(5 2) 3(7 3) 4(6 4); b 1(5) 2(NULL)")
		w.leaves(w.deleting("a", 1, 2), "a 3(7 3) 4(6 4); b 2(NULL)")
	}
}

func TestUncheckedDefinitions(t *testing.T) {
	refused := func(text string, schemas ...table.Schema) {
		var defs []*table.Def
		for _, s := range schemas {
			d, err := table.Compile(s)
			if err != nil {
				assert.ErrorContains(t, err, text)
				return
			}
			defs = append(defs, d)
		}
		_, err := NewGraph(catalogOf(defs), defs, nil)
		assert.ErrorContains(t, err, text)
	}
	refused("with which no key or index begins", def("a", "k x", table.Index{Columns: []string{"x", "k"}}), def("b", "k", ref("k", "a", 0, 0, to("k"), unchecked)))
	refused("can be neither deferrable nor MATCH FULL", def("a", ""), def("b", "a", ref("a", "a", 0, 0, unchecked, deferrable)))
	refused("which no primary or unique key covers", def("a", "k", table.Index{Columns: []string{"k"}}), def("b", "k", ref("k", "a", 0, 0, to("k"))))
}
