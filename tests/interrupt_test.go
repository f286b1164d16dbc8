package tests

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/internal/budget"
)

// lookedAt is a context that is done from the k-th look on.
type lookedAt struct {
	context.Context
	looks, last int
}

func (c *lookedAt) Err() error {
	if c.looks++; c.looks >= c.last {
		return context.Canceled
	}
	return nil
}

// stops are the looks at which a statement is stopped: all of them, or as many as the budget has, the second and the last among them.
func stops(looks int) (out []int) {
	every := (looks + budget.All(looks) - 1) / budget.All(looks)
	for k := 1; k <= looks; k++ {
		if k%every == 0 || k == 2 || k == looks {
			out = append(out, k)
		}
	}
	return out
}

// interruptRows is how many rows the tables have: enough for some looks in each loop.
const interruptRows = 2500

func interruptedStore(t *testing.T) *memrel.DB {
	t.Helper()
	parent, child, link := memrel.ModelOf("parents"), memrel.RowsOf("children"), "links"
	db := memrel.MustOpen(
		memrel.Schema{Name: "parents", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "n", Type: memrel.Int}}},
		memrel.Schema{Name: "children", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "n", Type: memrel.Int}, {Name: "parentId", Type: memrel.Int}, {Name: "m", Type: memrel.Int}},
			References: []memrel.Reference{{Name: "up", Columns: []string{"n"}, Table: "numbers", Deferrable: true}}},
		memrel.Schema{Name: "numbers", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "n", Type: memrel.Int}}},
		parent.HasMany(child, memrel.AssociationOptions{As: "children", ForeignKey: "parentId", OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}),
		child.BelongsTo(parent, memrel.AssociationOptions{As: "parent", ForeignKey: "parentId"}),
		parent.BelongsToMany(child, memrel.AssociationOptions{As: "linked", Through: link, ForeignKey: "a", OtherKey: "b", OnUpdate: memrel.Cascade}),
		nocobase.Collection{Name: "notes", Fields: []nocobase.Field{{Type: "string", Name: "text"}}},
	)
	var ps, cs, ls, ns []memrel.Values
	for i := range interruptRows {
		ps = append(ps, memrel.Values{"id": i, "n": i % 7})
		cs = append(cs, memrel.Values{"id": i, "n": i % 7, "parentId": 1})
		ls = append(ls, memrel.Values{"a": 1, "b": i})
		ns = append(ns, memrel.Values{"text": fmt.Sprint(i)})
	}
	for name, rows := range map[string][]memrel.Values{"parents": ps, "numbers": ps, "notes": ns} {
		_, err := memrel.RowsOf(name).InsertAll(db, rows)
		require.NoError(t, err)
	}
	_, err := child.InsertAll(db, cs)
	require.NoError(t, err)
	_, err = memrel.RowsOf(link).InsertAll(db, ls)
	require.NoError(t, err)
	return db
}

// interruptedVerbs are all verbs that loop over rows.
func interruptedVerbs(first memrel.Instance) map[string]func(w memrel.Writer) error {
	parents, children, all := memrel.ModelOf("parents"), memrel.ModelOf("children"), memrel.Gte("n", 0)
	typed := memrel.TableOf[struct {
		ID int64
		N  *int64
	}]("parents")
	more := make([]memrel.Values, interruptRows)
	for i := range more {
		more[i] = memrel.Values{"id": interruptRows + i, "n": 1, "parentId": 2}
	}
	some := make([]any, interruptRows)
	for i := range some {
		some[i] = i
	}
	alter := func(w memrel.Writer, name string, parts ...memrel.Part) error {
		if db, ok := w.(*memrel.DB); ok {
			return db.Alter(name, parts...)
		}
		return w.(*memrel.Tx).Alter(name, parts...)
	}
	define := func(w memrel.Writer, d memrel.Definition) error {
		if db, ok := w.(*memrel.DB); ok {
			return db.Define(d)
		}
		return w.(*memrel.Tx).Define(d)
	}
	return map[string]func(w memrel.Writer) error{
		"find":       func(w memrel.Writer) error { _, err := parents.Find(w, memrel.Query{Where: all}); return err },
		"find typed": func(w memrel.Writer) error { _, err := typed.Find(w, memrel.Query{}); return err },
		"find sorted": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Order: []memrel.Order{{Column: "n", Desc: true}}})
			return err
		},
		"find sorted few": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Order: []memrel.Order{{Column: "n"}}, Limit: 3})
			return err
		},
		"find none": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Eq("n", -1)})
			return err
		},
		"find page": func(w memrel.Writer) error { return interruptedPage(w) },
		"find or": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Or(memrel.Lt("id", 3000), memrel.Gt("id", 2000))})
			return err
		},
		"find in": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.In("id", some...)})
			return err
		},
		"stream": func(w memrel.Writer) error { _, err := parents.Stream(w, memrel.Query{Where: all}); return err },
		"first": func(w memrel.Writer) error {
			_, _, err := parents.First(w, memrel.Query{Where: memrel.Eq("n", -1)})
			return err
		},
		"count":       func(w memrel.Writer) error { _, err := parents.Count(w, all); return err },
		"count typed": func(w memrel.Writer) error { _, err := typed.Count(w, all); return err },
		"exists":      func(w memrel.Writer) error { _, err := parents.Exists(w, memrel.Eq("n", -1)); return err },
		"min":         func(w memrel.Writer) error { _, err := parents.Min(w, "n", all); return err },
		"max":         func(w memrel.Writer) error { _, err := parents.Max(w, "n", all); return err },
		"include many": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Eq("id", 1), Include: []memrel.Include{{As: "children"}}})
			return err
		},
		"include sorted": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Eq("id", 1), Include: []memrel.Include{{As: "children", Order: []memrel.Order{{Column: "n"}}}}})
			return err
		},
		"include linked": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Eq("id", 1), Include: []memrel.Include{{As: "linked"}}})
			return err
		},
		"count included": func(w memrel.Writer) error {
			_, err := parents.Count(w, all, memrel.Include{As: "children", Required: true})
			return err
		},
		"condition across": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.Some("children", memrel.Eq("m", -1))})
			return err
		},
		"count across": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Where: memrel.CountOf("linked", memrel.Gt("count", 3))})
			return err
		},
		"order across": func(w memrel.Writer) error {
			_, err := children.Find(w, memrel.Query{Order: []memrel.Order{{Column: "parent.n"}}})
			return err
		},
		"order by count": func(w memrel.Writer) error {
			_, err := parents.Find(w, memrel.Query{Order: []memrel.Order{{Column: "count(children)"}}})
			return err
		},
		"get many": func(w memrel.Writer) error { _, err := first.Get(w, "children", memrel.Query{}); return err },
		"get linked": func(w memrel.Writer) error {
			_, err := first.Get(w, "linked", memrel.Query{Where: memrel.Eq("n", -1)})
			return err
		},
		"count many":   func(w memrel.Writer) error { _, err := first.Count(w, "children", all); return err },
		"insert all":   func(w memrel.Writer) error { _, err := children.InsertAll(w, more); return err },
		"create all":   func(w memrel.Writer) error { _, err := children.CreateAll(w, more); return err },
		"upsert all":   func(w memrel.Writer) error { _, err := children.UpsertAll(w, more); return err },
		"update where": func(w memrel.Writer) error { _, err := children.UpdateWhere(w, all, memrel.Values{"n": 9}); return err },
		"update none": func(w memrel.Writer) error {
			_, err := children.UpdateWhere(w, memrel.Eq("m", -1), memrel.Values{"n": 9})
			return err
		},
		"update each": func(w memrel.Writer) error {
			_, err := children.UpdateEach(w, all, func(memrel.Instance) memrel.Values { return memrel.Values{"n": 9} })
			return err
		},
		"increment": func(w memrel.Writer) error { _, err := children.Increment(w, all, memrel.Values{"n": 1}); return err },
		"delete where": func(w memrel.Writer) error {
			_, err := memrel.RowsOf("links").DeleteWhere(w, memrel.Gte("b", 0))
			return err
		},
		"cascade":       func(w memrel.Writer) error { _, err := parents.Delete(w, 1); return err },
		"cascade a key": func(w memrel.Writer) error { _, err := parents.Update(w, memrel.Values{"id": -1}, 1); return err },
		"truncate":      func(w memrel.Writer) error { return memrel.RowsOf("links").Truncate(w) },
		"set links":     func(w memrel.Writer) error { return first.Set(w, "linked") },
		"remove links":  func(w memrel.Writer) error { return first.Remove(w, "linked", some...) },
		"set many":      func(w memrel.Writer) error { return first.Set(w, "children") },
		"increment many": func(w memrel.Writer) error {
			_, err := first.Increment(w, "children", all, memrel.Values{"n": 1})
			return err
		},
		"add a column": func(w memrel.Writer) error { return alter(w, "parents", memrel.Column{Name: "x", Type: memrel.Int}) },
		"add a key":    func(w memrel.Writer) error { return alter(w, "parents", memrel.Index{Columns: []string{"n"}}) },
		"add a check":  func(w memrel.Writer) error { return alter(w, "parents", memrel.CheckConstraint{Where: all}) },
		"add a reference": func(w memrel.Writer) error {
			return alter(w, "parents", memrel.Reference{Columns: []string{"n"}, Table: "parents"})
		},
		"retype a column": func(w memrel.Writer) error {
			return alter(w, "numbers", memrel.DropColumn("n"), memrel.Column{Name: "n", Type: memrel.String})
		},
		"set a field": func(w memrel.Writer) error {
			return define(w, nocobase.SetField("notes", nocobase.Field{Type: "integer", Name: "text"}))
		},
	}
}

func interruptedPage(w memrel.Writer) error {
	order := []memrel.Order{{Column: "n"}}
	row, _ := memrel.RowsOf("parents").Get(w, 1)
	at, err := memrel.RowsOf("parents").CursorOf(w, row, order...)
	if err != nil {
		return err
	}
	_, err = memrel.RowsOf("parents").Find(w, memrel.Query{Order: order, After: &at})
	return err
}

func savedBytes(t *testing.T, v memrel.View) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, v.Save(&out))
	return out.Bytes()
}

// TestEveryLoopLooksAtItsContext: a statement whose context is done at the k-th look ends with that, whichever look it is, and
// leaves nothing; one whose context is never done goes on, having looked more often the more rows there are.
func TestEveryLoopLooksAtItsContext(t *testing.T) {
	t.Parallel()
	full := interruptedStore(t)
	row, _ := memrel.RowsOf("parents").Get(full, 1)
	before := savedBytes(t, full.View())
	for name, verb := range interruptedVerbs(memrel.InstanceOf(row)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			count := &lookedAt{context.Background(), 0, 1 << 30}
			db := full.Fork()
			db.SetLimits(memrel.Limits{Context: count})
			require.NoError(t, verb(db))
			require.True(t, count.looks >= 3 || name == "truncate", "rows are looped over without a look, but to drop all at once")
			for _, k := range stops(count.looks) {
				db := full.Fork()
				db.SetLimits(memrel.Limits{Context: &lookedAt{context.Background(), 0, k}})
				refusedByContext(t, verb(db))
				if k == count.looks || k == 2 {
					require.Equal(t, before, savedBytes(t, db.View()), "look %d leaves something", k)
				}
			}
		})
		t.Run(name+" in a transaction", func(t *testing.T) {
			t.Parallel()
			db := full.Fork()
			require.NoError(t, db.Update(func(tx *memrel.Tx) error {
				tx.SetLimits(memrel.Limits{Context: &lookedAt{context.Background(), 0, 2}})
				refusedByContext(t, verb(tx))
				tx.SetLimits(memrel.Limits{})
				return nil
			}))
			require.Equal(t, before, savedBytes(t, db.View()), "the statement left something")
			sound(t, db)
		})
	}
}

func refusedByContext(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, memrel.ErrLimit)
	var e *memrel.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "57014", e.SQLState())
	assert.NotEmpty(t, e.Op)
	assert.NotContains(t, e.Detail, "changed", "it may have been a read")
	assert.NotEmpty(t, e.Hint, "there is a cure")
}

// TestCommitAndCheckLookAtTheirContext: the checks that wait for the commit are a loop too, and so is [memrel.DB.Check], which tells in the
// end that it is not through.
func TestCommitAndCheckLookAtTheirContext(t *testing.T) {
	t.Parallel()
	db := interruptedStore(t)
	before := savedBytes(t, db.View())
	tx := db.Begin()
	require.NoError(t, tx.Defer())
	_, err := memrel.RowsOf("children").UpdateWhere(tx, memrel.Cond{}, memrel.Values{"n": 8})
	require.NoError(t, err)
	tx.SetLimits(memrel.Limits{Context: &lookedAt{context.Background(), 0, 3}})
	refusedByContext(t, tx.Commit())
	require.Equal(t, before, savedBytes(t, db.View()))

	ctx := &lookedAt{context.Background(), 0, 10}
	db.SetLimits(memrel.Limits{Context: ctx})
	var said []error
	for err := range db.Check() {
		said = append(said, err)
	}
	require.Len(t, said, 1)
	refusedByContext(t, said[0])
	require.Equal(t, 10, ctx.looks, "once done it is not looked at any more")
	db.SetLimits(memrel.Limits{})
	sound(t, db)
}
