package tests

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memrel/memrel/internal/budget"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// TestConditionsAcrossAssociationsAgreeWithWalks asks random conditions of random rows, in a store, in a fork and in a
// transaction with rows of its own, and compares what is found with what a walk from every row says.
func TestConditionsAcrossAssociationsAgreeWithWalks(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	worlds, back, asked := max(6, budget.Of(16)), 0, 0
	for i := range worlds {
		seed := seed + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWebWorld(t, seed)
			for _, r := range w.states() {
				w.look(r)
				for range 25 {
					asked++
					if w.check(webModels[w.IntN(2)]) {
						back++
					}
				}
			}
		})
	}
	require.Greater(t, back, asked/50, "of %d queries that many began at the far side", asked)
}

// states are the store as it is, a fork that was written to, and a transaction that has written.
func (w *webWorld) states() []memrel.Writer {
	fork := w.db.Fork()
	w.fill(fork, "B", 30)
	tx := w.db.Begin()
	w.t.Cleanup(tx.Rollback)
	w.fill(tx, "AB", 30)
	w.fill(tx, "A", 30)
	return []memrel.Writer{fork, tx}
}

// check asks one query in all ways. It tells whether the way began at the far side of an association.
func (w *webWorld) check(name string) (back bool) {
	m := memrel.ModelOf(name)
	q := memrel.Query{Where: w.cond(name, 3)}
	truths := w.truths(name, q.Where)
	all := []int64{}
	for _, row := range w.rows[name] {
		if id := row.Get("id").(int64); truths[id] == 1 && !gone(row) {
			all = append(all, id)
		}
	}
	if w.IntN(3) == 0 {
		q.Order = []memrel.Order{{Column: "name", Desc: w.IntN(2) == 0}}
	}
	if w.IntN(2) == 0 {
		q.Limit, q.Offset = 1+w.IntN(5), w.IntN(3)
	}
	e, err := m.Explain(w.now, q)
	require.NoError(w.t, err)
	say := fmt.Sprintf("%s where %s\n%s\n%+v", name, q.Where, e, w.specs)
	want := w.cut(name, all, q)
	require.Equal(w.t, want, ids(m.Rows().Find(w.now, q)), say)
	found, err := m.Find(w.now, q)
	require.NoError(w.t, err)
	require.Len(w.t, found, len(want), say)
	n, err := m.Count(w.now, q.Where)
	require.NoError(w.t, err)
	require.Equal(w.t, len(all), n, say)
	some, err := m.Exists(w.now, q.Where)
	require.NoError(w.t, err)
	require.Equal(w.t, len(all) > 0, some, say)
	w.checkEnd(m.Rows(), q.Where, all)
	w.checkWrite(m.Rows(), q.Where, all)
	return strings.Contains(e.String(), "list from association")
}

func (w *webWorld) checkEnd(m memrel.Rows, where memrel.Cond, all []int64) {
	var want any
	if len(all) > 0 {
		want = slices.Max(all)
	}
	got, err := m.Max(w.now, "id", where)
	require.NoError(w.t, err)
	require.Equal(w.t, want, got)
}

// checkWrite updates by the condition, where it does not matter to what follows.
func (w *webWorld) checkWrite(m memrel.Rows, where memrel.Cond, all []int64) {
	db, ok := w.now.(*memrel.DB)
	if !ok {
		return
	}
	got := ids(m.UpdateWhere(db.Fork(), where, memrel.Values{"kind": 3}))
	require.ElementsMatch(w.t, all, got)
}

// cut is what a query leaves of the rows for which its condition is true, which are in the order of their ids.
func (w *webWorld) cut(name string, all []int64, q memrel.Query) []int64 {
	out := slices.Clone(all)
	if len(q.Order) > 0 {
		names := map[int64]string{}
		for _, row := range w.rows[name] {
			names[row.Get("id").(int64)] = row.Get("name").(string)
		}
		slices.SortStableFunc(out, func(a, b int64) int {
			if q.Order[0].Desc {
				a, b = b, a
			}
			return cmp.Compare(names[a], names[b])
		})
	}
	out = out[min(q.Offset, len(out)):]
	if q.Limit > 0 {
		out = out[:min(q.Limit, len(out))]
	}
	return out
}

func ids(rows []memrel.Row, err error) []int64 {
	if err != nil {
		panic(err)
	}
	out := []int64{}
	for _, row := range rows {
		out = append(out, row.Get("id").(int64))
	}
	return out
}

// cond is a random condition up to a depth.
func (w *webWorld) cond(name string, depth int) memrel.Cond {
	kids := func() []memrel.Cond {
		out := make([]memrel.Cond, 1+w.IntN(3))
		for i := range out {
			out[i] = w.cond(name, depth-1)
		}
		return out
	}
	switch roll := w.IntN(12); {
	case depth == 0 || roll < 2:
		return w.leaf()
	case roll == 2:
		return memrel.Or(kids()...)
	case roll < 5:
		return memrel.And(kids()...)
	case roll == 5:
		return memrel.Not(w.cond(name, depth-1))
	}
	s := w.specs[name][w.IntN(len(w.specs[name]))]
	as, inner := s.Options.As, w.cond(s.Target, depth-1)
	switch w.IntN(10) {
	case 0:
		return memrel.Every(as, inner)
	case 1:
		return memrel.None(as, inner)
	case 2:
		return memrel.Not(memrel.None(as, inner))
	case 3, 4:
		is := []memrel.Cond{memrel.Gte("count", w.IntN(3)), memrel.Eq("count", w.IntN(2)), memrel.Lt("count", w.IntN(3))}
		return memrel.CountOf(as, is[w.IntN(3)], inner)
	}
	return memrel.Some(as, inner)
}

func (w *webWorld) leaf() memrel.Cond {
	n := w.IntN(200)
	return []memrel.Cond{memrel.Eq("name", w.name()), memrel.Eq("name", w.name()), memrel.In("id", n, n+1, n+5), memrel.Eq("code", n),
		memrel.Gt("code", n+80), memrel.Between("id", n, n+w.IntN(100)), memrel.IsNull("code"), memrel.Eq("kind", 1), memrel.Like("name", "n14%")}[w.IntN(9)]
}
