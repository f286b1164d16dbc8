package tests

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A whole number refers to the float that is the same number, and a float to the whole number: exactly, or not at all.

// ofKinds are two tables: parents with a key of one kind of number, and children that refer to it by another kind.
func ofKinds(child, parent memrel.Type, r memrel.Reference) []memrel.Definition {
	p := memrel.Schema{Name: "parents", PrimaryKey: []string{"key"}, Columns: memrel.Columns{{Name: "key", Type: parent}}}
	c := with(plain("children"), memrel.Column{Name: "ref", Type: child})
	r.Columns, r.Table = []string{"ref"}, "parents"
	return []memrel.Definition{p, with(c, r)}
}

var parents, children = memrel.ModelOf("parents"), memrel.ModelOf("children")

func addParent(t *testing.T, db *memrel.DB, keys ...any) {
	t.Helper()
	for _, k := range keys {
		_, err := parents.Insert(db, memrel.Values{"key": k})
		require.NoError(t, err)
	}
}

func addChild(w memrel.Writer, id int, ref any) error {
	_, err := children.Insert(w, memrel.Values{"id": id, "ref": ref})
	return err
}

// refs are the keys that the children hold.
func refs(t *testing.T, r memrel.Reader) (out []string) {
	t.Helper()
	rows, err := children.Find(r, memrel.Query{Order: []memrel.Order{{Column: "id"}}})
	require.NoError(t, err)
	for _, row := range rows {
		out = append(out, row.Row().Show("ref"))
	}
	return out
}

func TestANumberRefersToTheSameNumberOfAnotherKind(t *testing.T) {
	const odd = 1<<53 + 1 // no float64
	for _, c := range []struct {
		child, parent memrel.Type
		keys          []any // of the parents
		have, miss    []any // what children may refer to, and what they may not
	}{
		{memrel.Int, memrel.Float, []any{1.0, 2.5, -3.0, 0x1p60, math.NaN(), math.Inf(1), math.Copysign(0, -1)},
			[]any{1, -3, 1 << 60, 0, nil}, []any{2, 3, 1<<60 + 1, odd}},
		{memrel.Float, memrel.Int, []any{1, -3, 0, odd, 1 << 53, math.MaxInt64, math.MinInt64},
			[]any{1.0, -3.0, math.Copysign(0, -1), 0x1p53, -0x1p63, nil}, []any{1.5, 2.0, 0x1p53 + 2, 0x1p63, math.NaN(), math.Inf(-1)}},
	} {
		db := open(t, ofKinds(c.child, c.parent, memrel.Reference{})...)
		addParent(t, db, c.keys...)
		for i, ref := range c.have {
			assert.NoError(t, addChild(db, i, ref), "%v", ref)
		}
		for _, ref := range c.miss {
			assert.ErrorIs(t, addChild(db, 99, ref), memrel.ErrForeignKey, "%v", ref)
			_, err := children.Update(db, memrel.Values{"ref": ref}, 0)
			assert.ErrorIs(t, err, memrel.ErrForeignKey, "%v", ref)
		}
	}
}

func TestActionsReachNumbersOfAnotherKind(t *testing.T) {
	for _, pair := range [][2]memrel.Type{{memrel.Int, memrel.Float}, {memrel.Float, memrel.Int}} {
		for action, want := range map[memrel.Action][]string{
			memrel.Cascade: {"1"}, memrel.SetNull: {"1", "NULL", "NULL"}, memrel.SetDefault: {"1", "7", "7"}, memrel.Restrict: nil, memrel.NoAction: nil,
		} {
			defs := ofKinds(pair[0], pair[1], memrel.Reference{OnDelete: action})
			s := defs[1].(memrel.Schema)
			s.Columns[1].Default = 7
			db := open(t, defs...)
			addParent(t, db, 1, 2, 7)
			for i, ref := range []any{1, 2, 2} {
				require.NoError(t, addChild(db, i, ref))
			}
			preview, err := db.View().PreviewDelete("parents", 2)
			require.NoError(t, err)
			_, err = parents.Delete(db, 2)
			if want == nil {
				assert.ErrorIs(t, err, memrel.ErrForeignKey, "%v %v", pair, action)
				assert.Contains(t, err.Error(), "parents 2 is still referenced (children.ref -> parents.key")
				assert.EqualError(t, preview.Err(), err.Error())
				continue
			}
			require.NoError(t, err)
			require.NoError(t, preview.Err())
			assert.Equal(t, want, refs(t, db), "%v %v", pair, action)
			assert.Len(t, preview.Steps, 3)
		}
	}
}

func TestAKeyThatCascadesFitsTheOtherKindOrIsRefused(t *testing.T) {
	update := memrel.Reference{OnUpdate: memrel.Cascade}
	db := open(t, ofKinds(memrel.Int, memrel.Float, update)...)
	addParent(t, db, 1, 2.5)
	require.NoError(t, addChild(db, 1, 1))
	_, err := parents.Update(db, memrel.Values{"key": 3.5}, 2.5)
	require.NoError(t, err, "nobody refers to it")
	for _, no := range []any{2.5, math.NaN(), 0x1p70} {
		preview, err := db.View().PreviewUpdate("parents", memrel.Values{"key": no}, 1)
		require.NoError(t, err)
		_, err = parents.Update(db, memrel.Values{"key": no}, 1)
		require.ErrorIs(t, err, memrel.ErrType, "%v", no)
		require.EqualError(t, preview.Err(), err.Error())
	}
	require.Equal(t, []string{"1"}, refs(t, db))
	_, err = parents.Update(db, memrel.Values{"key": -4.0}, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"-4"}, refs(t, db))

	db = open(t, ofKinds(memrel.Float, memrel.Int, update)...)
	addParent(t, db, 1)
	require.NoError(t, addChild(db, 1, 1.0))
	_, err = parents.Update(db, memrel.Values{"key": 1<<53 + 1}, 1)
	require.ErrorIs(t, err, memrel.ErrType)
	_, err = parents.Update(db, memrel.Values{"key": 1 << 54}, 1)
	require.NoError(t, err)

	narrow := ofKinds(memrel.Int, memrel.Float, update)
	s := narrow[1].(memrel.Schema)
	s.Columns[1].Size = 8
	db = open(t, narrow...)
	addParent(t, db, 1)
	require.NoError(t, addChild(db, 1, 1))
	_, err = parents.Update(db, memrel.Values{"key": 128}, 1)
	require.ErrorIs(t, err, memrel.ErrType, "a whole number that the child's column is too small for")
}

func TestChecksBetweenKindsOfNumbersWaitForTheCommit(t *testing.T) {
	for _, pair := range [][2]memrel.Type{{memrel.Int, memrel.Float}, {memrel.Float, memrel.Int}} {
		db := open(t, ofKinds(pair[0], pair[1], memrel.Reference{Deferrable: true})...)
		addParent(t, db, 1)
		require.NoError(t, addChild(db, 1, 1))
		gone := func(back bool) error {
			return inTx(t, db, func(tx *memrel.Tx) {
				require.NoError(t, addChild(tx, 2, 5))
				_, err := parents.Delete(tx, 1)
				require.NoError(t, err)
				if back {
					_, err = parents.InsertAll(tx, []memrel.Values{{"key": 1}, {"key": 5}})
					require.NoError(t, err)
				}
			})
		}
		require.ErrorIs(t, gone(false), memrel.ErrForeignKey)
		require.NoError(t, gone(true))
	}
}

// A check that waits is made on the columns that there are at the commit.
func TestAViolationSurvivesAColumnOfAnotherType(t *testing.T) {
	for _, repaired := range []bool{false, true} {
		ref := memrel.Reference{Name: "to", Columns: []string{"ref"}, Table: "parents", Deferrable: true}
		db := open(t, ofKinds(memrel.Int, memrel.Int, ref)...)
		addParent(t, db, 1)
		require.NoError(t, addChild(db, 1, 1))
		err := inTx(t, db, func(tx *memrel.Tx) {
			require.NoError(t, addChild(tx, 2, 5))
			require.NoError(t, tx.Alter("children", memrel.DropConstraint(ref.Name), memrel.DropColumn("ref"),
				memrel.Column{Name: "ref", Type: memrel.Float}, ref))
			if repaired {
				_, err := parents.Insert(tx, memrel.Values{"key": 5})
				require.NoError(t, err)
			}
		})
		if repaired {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, memrel.ErrForeignKey)
		}
	}
}

func TestReferencesBetweenKindsOfNumbersAreSaved(t *testing.T) {
	defs := ofKinds(memrel.Int, memrel.Float, memrel.Reference{OnDelete: memrel.Cascade})
	db := open(t, defs...)
	addParent(t, db, 1, 2)
	require.NoError(t, addChild(db, 1, 2))
	var file bytes.Buffer
	require.NoError(t, db.View().Save(&file))
	again, err := memrel.Load(&file)
	require.NoError(t, err)
	checked(t, again)
	require.ErrorIs(t, addChild(again, 2, 3), memrel.ErrForeignKey)
	require.ErrorIs(t, again.Update(func(tx *memrel.Tx) error { return parents.Truncate(tx) }), memrel.ErrRestrict)
	_, err = parents.Delete(again, 2)
	require.NoError(t, err)
	require.Empty(t, refs(t, again))
}

func TestOneColumnOfAKeyMayBeAnotherKindOfNumber(t *testing.T) {
	p := memrel.Schema{Name: "parents", PrimaryKey: []string{"a", "b"}, Columns: memrel.Columns{{Name: "a", Type: memrel.Float}, {Name: "b", Type: memrel.String}}}
	c := memrel.Schema{Name: "children", PrimaryKey: []string{"b", "a"}, Columns: memrel.Columns{{Name: "a", Type: memrel.Int}, {Name: "b", Type: memrel.String}},
		References: []memrel.Reference{{Columns: []string{"b", "a"}, Table: "parents", RefColumns: []string{"b", "a"}, OnDelete: memrel.Cascade, OnUpdate: memrel.Cascade}}}
	db := open(t, p, c)
	_, err := parents.InsertAll(db, []memrel.Values{{"a": 1, "b": "x"}, {"a": 1.5, "b": "x"}, {"a": 1, "b": "y"}})
	require.NoError(t, err)
	_, err = children.InsertAll(db, []memrel.Values{{"a": 1, "b": "x"}, {"a": 1, "b": "y"}})
	require.NoError(t, err)
	_, err = parents.Delete(db, memrel.Key{1.5, "x"})
	require.NoError(t, err)
	_, err = parents.Update(db, memrel.Values{"a": 9}, 1, "x")
	require.NoError(t, err)
	_, err = parents.Delete(db, memrel.Key{1, "y"})
	require.NoError(t, err)
	rows, err := children.Find(db, memrel.Query{})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, `children["x", 9]`, rows[0].Row().Label())
}

// TestRandomNumbersOfTwoKinds: what statements leave behind is what comparing every child with every parent says.
func TestRandomNumbersOfTwoKinds(t *testing.T) {
	numbers := []any{0, 1, 2, 3, 1.5, 2.5, math.Copysign(0, -1), 1 << 53, 1<<53 + 1, 0x1p53, 0x1p62, math.NaN(), -1, -1.0}
	actions := []memrel.Action{memrel.NoAction, memrel.Restrict, memrel.Cascade, memrel.SetNull}
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		pair := [][2]memrel.Type{{memrel.Int, memrel.Float}, {memrel.Float, memrel.Int}}[seed%2]
		of := func() any { return numbers[rnd.IntN(len(numbers))] }
		ref := memrel.Reference{OnDelete: actions[rnd.IntN(4)], OnUpdate: actions[rnd.IntN(4)]}
		db := open(t, ofKinds(pair[0], pair[1], ref)...)
		for step := range 80 {
			switch rnd.IntN(5) {
			case 0, 1:
				_, _ = parents.Insert(db, memrel.Values{"key": of()})
			case 2:
				_ = addChild(db, step, of())
			case 3:
				_, _ = parents.Delete(db, of())
			case 4:
				_, _ = parents.Update(db, memrel.Values{"key": of()}, of())
			}
			dangling(t, db, fmt.Sprintf("seed %d step %d %v", seed, step, ref))
		}
	}
}

// dangling reports a child without a parent that is the same number, by every digit of both.
func dangling(t *testing.T, db *memrel.DB, where string) {
	t.Helper()
	digits := func(v any) string {
		if f, ok := v.(float64); ok {
			return fmt.Sprintf("%.20f", f+0)
		}
		return fmt.Sprintf("%d%s", v, ".00000000000000000000")
	}
	have := map[string]bool{}
	ps, err := parents.Find(db, memrel.Query{})
	require.NoError(t, err)
	for _, p := range ps {
		have[digits(p.Row().Get("key"))] = true
	}
	cs, err := children.Find(db, memrel.Query{})
	require.NoError(t, err)
	for _, c := range cs {
		if v := c.Row().Get("ref"); v != nil {
			require.True(t, have[digits(v)], "%s: %v refers to nothing", where, v)
		}
	}
}
