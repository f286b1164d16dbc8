package query

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// valuesDef is a table with a nullable column of each kind that conditions treat apart.
func valuesDef(t testing.TB) *Def {
	d, err := Compile(Schema{Name: "v", PrimaryKey: []string{"id"}, Columns: []types.Column{
		{Name: "id", Type: index.Int},
		{Name: "n", Type: index.Int},
		{Name: "tiny", Type: index.Int, Size: 8},
		{Name: "f", Type: index.Float},
		{Name: "s", Type: index.String},
		{Name: "short", Type: index.String, Size: 2},
		{Name: "at", Type: index.Time},
	}})
	require.NoError(t, err)
	return d
}

func evalOn(t *testing.T, c Cond, vals Values) Truth {
	t.Helper()
	d := valuesDef(t)
	vals["id"] = 1
	r, err := d.NewRecord(vals, 0)
	require.NoError(t, err)
	p, err := d.CompileCond(c)
	require.NoError(t, err)
	return p.Eval(r)
}

func TestTruthTables(t *testing.T) {
	is := map[Truth]Cond{False: Eq("n", 2), Unknown: Eq("f", 1), True: Eq("n", 1)} // on n = 1, f NULL
	row := func() Values { return Values{"n": 1} }
	all := []Truth{False, Unknown, True}
	for _, a := range all {
		require.Equal(t, -a, evalOn(t, Not(is[a]), row()), "NOT %s", a)
		require.Equal(t, a, evalOn(t, Not(Not(is[a])), row()), "NOT NOT %s", a)
		for _, b := range all {
			require.Equal(t, min(a, b), evalOn(t, And(is[a], is[b]), row()), "%s AND %s", a, b)
			require.Equal(t, max(a, b), evalOn(t, Or(is[a], is[b]), row()), "%s OR %s", a, b)
			require.Equal(t, -min(a, b), evalOn(t, Not(And(is[a], is[b])), row()), "NOT (%s AND %s)", a, b)
			require.Equal(t, -max(a, b), evalOn(t, Not(Or(is[a], is[b])), row()), "NOT (%s OR %s)", a, b)
		}
	}
}

func TestConditionsOnNULLAndValues(t *testing.T) {
	for _, c := range []struct {
		cond       Cond
		null, five Truth // of n = NULL, of n = 5
	}{
		{Cond{}, True, True},
		{Not(Cond{}), False, False},
		{And(), True, True},
		{Or(), False, False},
		{Eq("n", 5), Unknown, True},
		{Ne("n", 5), Unknown, False},
		{Lt("n", 5), Unknown, False},
		{Lte("n", 5), Unknown, True},
		{Gt("n", 4), Unknown, True},
		{Gte("n", 6), Unknown, False},
		{Eq("n", nil), True, False},
		{Ne("n", nil), False, True},
		{Eq("n", (*int)(nil)), True, False},
		{Lt("n", nil), Unknown, Unknown},
		{Not(Gte("n", nil)), Unknown, Unknown},
		{IsNull("n"), True, False},
		{NotNull("n"), False, True},
		{Not(IsNull("n")), False, True},
		{In("n", 1, 5), Unknown, True},
		{In("n", 1, 2), Unknown, False},
		{In("n", 1, nil), Unknown, Unknown},
		{In("n", 5, nil), Unknown, True},
		{In("n", nil), Unknown, Unknown},
		{In("n"), False, False},
		{NotIn("n", 1, 2), Unknown, True},
		{NotIn("n", 5), Unknown, False},
		{NotIn("n", 1, nil), Unknown, Unknown},
		{NotIn("n", 5, nil), Unknown, False},
		{NotIn("n"), True, True},
		{Not(In("n", 1, nil)), Unknown, Unknown},
		{In("n", 1.5), Unknown, False},
		{NotIn("n", 1.5), Unknown, True},
		{Between("n", 5, 9), Unknown, True},
		{Between("n", 6, 9), Unknown, False},
		{Between("n", nil, 9), Unknown, Unknown},
		{Between("n", nil, 4), Unknown, False},
		{Not(Between("n", nil, 4)), Unknown, True},
		{Not(Between("n", 6, 9)), Unknown, True},
		{Like("s", "%"), Unknown, True},
		{Like("s", "f%e"), Unknown, True},
		{NotLike("s", "f%e"), Unknown, False},
		{NotLike("s", "five"), Unknown, False},
		{Cond{Op: OpLike, Column: "s"}, Unknown, Unknown},
		{Or(Cond{}, Lt("n", nil)), True, True},
		{And(Or(), Lt("n", nil)), False, False},
	} {
		require.Equal(t, c.null, evalOn(t, c.cond, Values{}), "%s, of NULL", c.cond)
		require.Equal(t, c.five, evalOn(t, c.cond, Values{"n": 5, "s": "five"}), "%s, of 5", c.cond)
	}
}

// As PostgreSQL compares integers with numerics.
func TestIntColumnsCompareWithAnyNumber(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		n           int64
		with        any
		lt, eq, gt_ bool
	}{
		{1, 1.5, true, false, false},
		{2, 1.5, false, false, true},
		{1, 1.0, false, true, false},
		{-1, -0.5, true, false, false},
		{0, -0.5, false, false, true},
		{0, math.Copysign(0, -1), false, true, false},
		{math.MaxInt64, 1e30, true, false, false},
		{math.MinInt64, -1e30, false, false, true},
		{math.MaxInt64, float64(1 << 63), true, false, false},
		{math.MinInt64, -float64(1 << 63), false, true, false},
		{math.MaxInt64, uint64(math.MaxUint64), true, false, false},
		{7, uint64(7), false, true, false},
		{7, int8(7), false, true, false},
		{math.MaxInt64, inf, true, false, false},
		{math.MinInt64, -inf, false, false, true},
		{math.MaxInt64, nan, true, false, false},
		{1, json.Number("1.5"), true, false, false},
		{math.MaxInt64, json.Number("9223372036854775806.5"), false, false, true},
		{math.MaxInt64, json.Number("9223372036854775807.5"), true, false, false},
		{math.MaxInt64, json.Number("1e400"), true, false, false},
	} {
		for cond, want := range map[*Cond]bool{
			{Op: OpLt}: c.lt, {Op: OpLte}: c.lt || c.eq, {Op: OpEq}: c.eq, {Op: OpNe}: !c.eq, {Op: OpGt}: c.gt_, {Op: OpGte}: c.gt_ || c.eq,
		} {
			cond.Column, cond.Value = "n", c.with
			require.Equal(t, TruthOf(want), evalOn(t, *cond, Values{"n": c.n}), "%d: %s", c.n, cond)
			require.Equal(t, TruthOf(!want), evalOn(t, Not(*cond), Values{"n": c.n}), "%d: NOT %s", c.n, cond)
		}
		require.Equal(t, TruthOf(c.eq), evalOn(t, In("n", c.with, 99), Values{"n": c.n}), "%d IN (%v)", c.n, c.with)
	}
}

func TestValuesThatAColumnCannotHoldKeepTheirPlace(t *testing.T) {
	require.Equal(t, True, evalOn(t, Lt("tiny", 300), Values{"tiny": 127}))
	require.Equal(t, False, evalOn(t, Eq("tiny", 300), Values{"tiny": 127}))
	require.Equal(t, False, evalOn(t, Eq("short", "abc"), Values{"short": "ab"}))
	require.Equal(t, True, evalOn(t, Lt("short", "abc"), Values{"short": "ab"}))
}

func TestFloatColumnsCompareWithAnyNumber(t *testing.T) {
	require.Equal(t, True, evalOn(t, Eq("f", 2), Values{"f": 2.0}))
	require.Equal(t, True, evalOn(t, Eq("f", math.NaN()), Values{"f": math.NaN()}))
	require.Equal(t, True, evalOn(t, Gt("f", math.Inf(1)), Values{"f": math.NaN()}))
	require.Equal(t, True, evalOn(t, Eq("f", 0), Values{"f": math.Copysign(0, -1)}))
}

// TestWholeNumbersBetweenFloats are compared exactly, as keys are: no float is 2^53+1.
func TestWholeNumbersBetweenFloats(t *testing.T) {
	for _, c := range []struct {
		f    float64
		with any
		want int // of f compared with it
	}{
		{1 << 53, int64(1 << 53), 0},
		{1 << 53, int64(1<<53 + 1), -1},
		{1<<53 + 2, int64(1<<53 + 1), 1},
		{-1 << 53, int64(-1<<53 - 1), 1},
		{-1<<53 - 2, int64(-1<<53 - 1), -1},
		{1 << 63, int64(math.MaxInt64), 1},
		{1 << 64, uint64(math.MaxUint64), 1},
		{math.MaxFloat64, json.Number("1e400"), -1},
		{math.Inf(1), json.Number("1e400"), 1},
		{math.Inf(-1), json.Number("-1e400"), -1},
		{math.NaN(), int64(1<<53 + 1), 1},
		{1e23, json.Number("1e23"), 0}, // text is the nearest float, as everywhere
	} {
		for cond, want := range map[*Cond]bool{{Op: OpLt}: c.want < 0, {Op: OpLte}: c.want <= 0, {Op: OpEq}: c.want == 0, {Op: OpNe}: c.want != 0, {Op: OpGt}: c.want > 0, {Op: OpGte}: c.want >= 0} {
			cond.Column, cond.Value = "f", c.with
			require.Equal(t, TruthOf(want), evalOn(t, *cond, Values{"f": c.f}), "%v: %s", c.f, cond)
			require.Equal(t, TruthOf(!want), evalOn(t, Not(*cond), Values{"f": c.f}), "%v: NOT %s", c.f, cond)
		}
		require.Equal(t, TruthOf(c.want == 0), evalOn(t, In("f", c.with, 99), Values{"f": c.f}), "%v IN (%v)", c.f, c.with)
	}
}

func TestConditionsThatDoNotCompile(t *testing.T) {
	d := valuesDef(t)
	for _, c := range []struct {
		cond Cond
		kind error
		want string
	}{
		{Eq("x", 1), types.ErrUnknownColumn, "memrel: v: there is no column x; columns are id, n, tiny, f, s, short, at"},
		{Eq("n", "five"), types.ErrType, ""},
		{In("n", 1, "five"), types.ErrType, ""},
		{Between("at", "long ago", nil), types.ErrType, ""},
		{Like("n", "1%"), types.ErrType, "memrel: v: LIKE needs a string column, and n is of type int"},
		{Cond{Op: OpLike, Column: "s", Value: 7}, types.ErrType, ""},
		{Like("s", `a\`), types.ErrQuery, ""},
		{Cond{Op: 99}, types.ErrQuery, "memrel: v: there is no operator 99"},
		{Cond{Op: OpNot}, types.ErrQuery, `memrel: v: condition "not" takes one condition, not 0`},
		{Cond{Op: OpEq, Column: "n", Values: []any{1}}, types.ErrQuery, `memrel: v: condition "eq" takes no list of values`},
		{Or(Cond{}, Eq("x", 1)), types.ErrUnknownColumn, ""},
	} {
		_, err := d.CompileCond(c.cond)
		require.ErrorIs(t, err, c.kind, "%s", c.cond)
		require.ErrorContains(t, err, "memrel: v: ")
		if c.want != "" {
			require.EqualError(t, err, c.want)
		}
	}
}

func TestNilPredicateIsTrue(t *testing.T) {
	var p *Predicate
	require.Equal(t, True, p.Eval(index.Record{}))
	require.Equal(t, "TRUE", p.String())
}

func TestAPredicateReadsLikeItsCondition(t *testing.T) {
	p, err := valuesDef(t).CompileCond(And(Gte("n", 18), Like("s", "a%")))
	require.NoError(t, err)
	require.Equal(t, "n >= 18 AND s LIKE 'a%'", p.String())
}

func TestEvalDoesNotAllocate(t *testing.T) {
	d := valuesDef(t)
	r, err := d.NewRecord(Values{"id": 1, "n": 5, "s": "some title", "f": 1.5}, 0)
	require.NoError(t, err)
	p, err := d.CompileCond(Or(In("n", 1, 2, 3), And(Like("s", "%m_ t%"), Between("f", 1, 2), NotNull("n"), Not(Eq("n", 4.5)))))
	require.NoError(t, err)
	require.Equal(t, True, p.Eval(r))
	require.Zero(t, testing.AllocsPerRun(100, func() { p.Eval(r) }))
}

func BenchmarkEval(b *testing.B) {
	d := valuesDef(b)
	r, err := d.NewRecord(Values{"id": 1, "n": 5, "s": "some title"}, 0)
	require.NoError(b, err)
	p, err := d.CompileCond(And(Gte("n", 3), Like("s", "%title%")))
	require.NoError(b, err)
	for b.Loop() {
		p.Eval(r)
	}
}
