package tests

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/internal/budget"
)

var feedCommits = flag.Int("feed.commits", 0, "make so many random commits, and apply their lists")

// feedWorld has a table for each thing that a statement can do to rows: numbers, unique keys, cascades, cycles, deferred checks, soft deletes.
func feedWorld() []memrel.Definition {
	at := func(column string, onDelete, onUpdate memrel.Action) memrel.Reference {
		return memrel.Reference{Columns: []string{column}, Table: "u", OnDelete: onDelete, OnUpdate: onUpdate}
	}
	return []memrel.Definition{
		memrel.Schema{Name: "u", PrimaryKey: []string{"id"}, Unique: []memrel.UniqueKey{{Columns: []string{"e"}}},
			Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "e", Type: memrel.String}, {Name: "f", Type: memrel.Float}, {Name: "j", Type: memrel.JSON},
				{Name: "k", Type: memrel.Enum, Names: []string{"a", "b", "c"}}, {Name: "t", Type: memrel.Time}, {Name: "l", Type: memrel.ListOf(memrel.Int)}}},
		memrel.Schema{Name: "p", PrimaryKey: []string{"id"}, References: []memrel.Reference{at("u", memrel.Cascade, memrel.Cascade)},
			Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "u", Type: memrel.Int}, {Name: "s", Type: memrel.String}},
			Indexes: []memrel.Index{{Columns: []string{"s"}}}},
		memrel.Schema{Name: "n", PrimaryKey: []string{"id", "part"}, References: []memrel.Reference{at("u", memrel.SetNull, memrel.SetNull)},
			Columns: memrel.Columns{{Name: "id", Type: memrel.String}, {Name: "part", Type: memrel.Int}, {Name: "u", Type: memrel.Int}}},
		memrel.Schema{Name: "d", PrimaryKey: []string{"id"}, Unique: []memrel.UniqueKey{{Columns: []string{"x"}, Deferrable: true, InitiallyDeferred: true}},
			References: []memrel.Reference{{Columns: []string{"next"}, Table: "d", Deferrable: true, InitiallyDeferred: true, OnDelete: memrel.SetNull}},
			Columns:    memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "next", Type: memrel.Int}, {Name: "x", Type: memrel.Int}}},
		memrel.Schema{Name: "g", PrimaryKey: []string{"id"}, SoftDelete: "gone", References: []memrel.Reference{at("u", memrel.Cascade, memrel.Cascade)},
			Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "u", Type: memrel.Int}, {Name: "gone", Type: memrel.Time}}},
	}
}

// feedDraw draws statements.
type feedDraw struct {
	*rand.Rand
	round int
}

// values are those of a row of a table, some of them perhaps.
func (d *feedDraw) values(name string, some bool) memrel.Values {
	all := map[string]memrel.Values{
		"u": {"id": d.IntN(40) + 1, "e": fmt.Sprint("e", d.IntN(60)), "f": d.NormFloat64(), "j": map[string]any{"a": d.IntN(3)}, "k": []any{"a", "b", nil}[d.IntN(3)],
			"t": time.Unix(int64(d.IntN(1e6)), 1000).UTC(), "l": []any{d.IntN(3), d.IntN(3)}},
		"p": {"id": d.IntN(60), "u": d.IntN(40) + 1, "s": fmt.Sprint("s", d.IntN(9))},
		"n": {"id": string(rune('a' + d.IntN(5))), "part": d.IntN(5), "u": []any{nil, d.IntN(40) + 1}[d.IntN(2)]},
		"d": {"id": d.IntN(20), "next": []any{nil, d.IntN(20)}[d.IntN(2)], "x": []any{nil, d.IntN(40)}[d.IntN(2)]},
		"g": {"id": d.IntN(40) + 1, "u": d.IntN(40) + 1},
	}[name]
	for _, column := range [...]string{"id", "e", "f", "j", "k", "t", "l", "u", "s", "part", "next", "x"} {
		if _, has := all[column]; has && (some && d.IntN(2) == 0 || column == "id" && (name == "u" || name == "g") && d.IntN(3) > 0) {
			delete(all, column)
		}
	}
	return all
}

// statement carries one out, which may be refused.
func (d *feedDraw) statement(w memrel.Writer) {
	name := [...]string{"u", "u", "p", "p", "n", "d", "d", "g"}[d.IntN(8)]
	rows := memrel.RowsOf(name)
	where := memrel.Gte("id", d.IntN(40))
	if name == "n" {
		where = memrel.Eq("part", d.IntN(5))
	}
	key := []any{d.IntN(40) + 1}
	if name == "n" {
		key = []any{"a", d.IntN(5)}
	}
	switch d.IntN(20) {
	case 0, 1, 2, 3:
		_, _ = rows.Insert(w, d.values(name, false))
	case 4, 5:
		_, _ = rows.InsertAll(w, []memrel.Values{d.values(name, false), d.values(name, false), d.values(name, false)})
	case 6, 7, 8, 9:
		_, _ = rows.Update(w, d.values(name, true), key...)
	case 10:
		_, _ = rows.UpdateWhere(w, where, d.values(name, true))
	case 11:
		_, _ = rows.UpdateEach(w, memrel.Cond{}, func(r memrel.Row) memrel.Values {
			if id, is := r.Get("id").(int64); is {
				return memrel.Values{"id": id + 1}
			}
			return memrel.Values{"part": r.Get("part").(int64) + 1}
		})
	case 12, 13, 14:
		_, _ = rows.Delete(w, key...)
	case 15:
		_, _ = rows.DeleteWhere(memrel.Hard(w), where)
	case 16:
		_, _, _ = rows.Upsert(w, d.values(name, false))
	case 17:
		_, _ = rows.RestoreWhere(w, where)
	case 18:
		if d.IntN(20) == 0 {
			_ = rows.Truncate(w)
		}
	case 19:
		if d.IntN(20) == 0 {
			_ = rows.SetLastNumber(w, int64(d.IntN(300)))
		} else {
			_, _ = rows.NextNumber(w)
		}
	}
}

// transaction carries out some statements, or one by itself.
func (d *feedDraw) transaction(db *memrel.DB) {
	if d.IntN(2) == 0 {
		d.statement(db)
		return
	}
	_ = db.Update(func(tx *memrel.Tx) error {
		for range d.IntN(5) + 1 {
			switch d.IntN(9) {
			case 0:
				_ = tx.Savepoint("s")
			case 1:
				_ = tx.RollbackTo("s")
			case 2:
				_ = tx.Update(func(tx *memrel.Tx) error {
					d.statement(tx)
					return []error{nil, memrel.ErrQuery}[d.IntN(2)]
				})
			default:
				d.statement(tx)
			}
		}
		return []error{nil, nil, nil, memrel.ErrQuery}[d.IntN(4)]
	})
}

// TestListsGiveTheStateAfter: the change lists of random transactions and statements, applied to the state before, give the state after byte for
// byte, and their inverses that before.
func TestListsGiveTheStateAfter(t *testing.T) {
	t.Parallel()
	want := budget.Of(4000)
	if *feedCommits > 0 {
		want = *feedCommits
	}
	began := time.Now()
	total := mirror{}
	for seed := uint64(1); total.commits < want; seed++ {
		db, err := memrel.Open(feedWorld()...)
		require.NoError(t, err)
		m, err := mirrored(db)
		require.NoError(t, err)
		d := &feedDraw{Rand: rand.New(rand.NewPCG(seed, 19))}
		for d.round = range 400 {
			d.transaction(db)
			if d.round%20 == 19 {
				require.NoError(t, m.catchUp(d.round%100 == 99), "seed %d, round %d", seed, d.round)
				require.Equal(t, db.View().ID(), m.db.View().ID(), "seed %d, round %d", seed, d.round)
			}
		}
		require.NoError(t, m.catchUp(true), "seed %d", seed)
		require.Equal(t, saved(db), saved(m.db), "seed %d", seed)
		sound(t, m.db)
		total.commits, total.bytes, total.rows = total.commits+m.commits, total.bytes+m.bytes, total.rows+m.rows
	}
	t.Logf("%d commits of %d rows, %d bytes, in %s", total.commits, total.rows, total.bytes, time.Since(began))
}
