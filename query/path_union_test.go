package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/budget"
)

// conjunctions is an OR of n conjunctions that each lead to one post or none.
func conjunctions(n int) Cond {
	parts := make([]Cond, n)
	for i := range parts {
		parts[i] = And(Eq("authorId", i%10), Eq("id", i))
	}
	return Or(parts...)
}

// Cost follows the rows touched (I7): an OR looks at no more rows when it has many parts, in whatever way it is run.
func TestAnOROfAnyLengthUsesItsKeys(t *testing.T) {
	tab := postsTable(t, 2000)
	for _, n := range []int{2, 64, 65, 1000, 10_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			in := make([]any, n)
			for i := range in {
				in[i] = i
			}
			same, err := tab.Def().CompileQuery(Query{Where: In("id", in...)})
			require.NoError(t, err)
			want := same.Collect(tab)

			p, err := tab.Def().CompileQuery(Query{Where: conjunctions(n)})
			require.NoError(t, err)
			require.Equal(t, PathUnion, p.Explain().Kind)
			p.visits = new(int)
			require.Equal(t, want, p.Collect(tab))
			require.Equal(t, len(want), *p.visits)
			require.Equal(t, len(want), p.Count(tab))
			require.Equal(t, 2*len(want), *p.visits)
			require.True(t, p.Within(tab, n, false))
		})
	}
}

// An OR whose parts are alike costs little more than a list of values: one path, with an allocation for each part.
func TestPartsThatAreAlikeAreOnePath(t *testing.T) {
	tab := postsTable(t, 500)
	either := func(n int, part func(i int) Cond) Cond {
		parts := make([]Cond, n)
		for i := range parts {
			parts[i] = part(i)
		}
		return Or(parts...)
	}
	for name, c := range map[string]struct {
		where Cond
		want  string
		rows  int
	}{
		"a unique key":   {either(100, func(i int) Cond { return And(Eq("id", i*3), Gt("score", 3)) }), "unique key on posts_pkey (id = 3), filter score > 3", 69},
		"a foreign key":  {either(100, func(i int) Cond { return And(Eq("id", i), Eq("authorId", i%3)) }), "unique key on posts_pkey (id = 3), filter authorId = 0", 0},
		"several a key":  {either(100, func(i int) Cond { return And(Eq("authorId", i%3), Eq("title", fmt.Sprintf("t%c", 'a'+i%26))) }), "", 0},
		"two columns":    {either(400, func(i int) Cond { return And(Eq("authorId", i%10), Eq("score", i/10)) }), "key lookup on posts_score_authorId_idx (score = 3, authorId = 4)", 0},
		"out of order":   {either(100, func(i int) Cond { return And(Eq("id", 500-i), NotNull("slug")) }), "unique key on posts_pkey (id = 403), filter slug IS NOT NULL", 86},
		"never and once": {either(100, func(i int) Cond { return And(Eq("id", 9-i%2*9), Eq("id", 9), NotNull("title")) }), "unique key on posts_pkey (id = 0), filter (id = 9 AND title IS NOT NULL)", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := tab.Def().CompileQuery(Query{Where: c.where})
			require.NoError(t, err)
			require.Len(t, p.accesses, 1)
			require.Contains(t, p.Explain().String(), c.want)
			require.Equal(t, PathUnion, p.Explain().Kind)
			pred, err := tab.Def().CompileCond(c.where)
			require.NoError(t, err)
			var want []index.Record
			all, err := tab.Def().CompileQuery(Query{})
			require.NoError(t, err)
			for r := range all.Records(tab) {
				if pred.Eval(r) == True {
					want = append(want, r)
				}
			}
			require.Equal(t, want, p.Collect(tab))
			if c.rows > 0 {
				require.Len(t, want, c.rows)
			}
		})
	}
	n, many := 10_000, Query{Where: conjunctions(10_000)}
	require.LessOrEqual(t, testing.AllocsPerRun(3, func() {
		p, err := tab.Def().CompileQuery(many)
		require.NoError(t, err)
		p.Collect(tab)
	}), 1.1*float64(n))
}

// A row that satisfies several parts comes once, with a limit and an offset, in any order, and from the end.
func TestARowOfSeveralPartsComesOnce(t *testing.T) {
	tab := postsTable(t, 500)
	parts := make([]Cond, 200)
	for i := range parts {
		parts[i] = And(Eq("authorId", i%3), Gt("id", i%7))
	}
	for name, where := range map[string]Cond{
		"long":                Or(parts...),
		"long within short":   Or(And(Lt("id", 50), Or(parts...)), Eq("slug", "s000003"), Lt("id", 60)),
		"short within long":   Or(append(slices.Clone(parts), And(NotNull("body"), Or(Eq("id", 3), Eq("slug", "s000003"))))...),
		"with something else": And(Or(parts...), Gte("score", 3), In("title", "ta", "tb", "tc")),
	} {
		t.Run(name, func(t *testing.T) {
			all, err := tab.Def().CompileQuery(Query{})
			require.NoError(t, err)
			pred, err := tab.Def().CompileCond(where)
			require.NoError(t, err)
			want := 0
			for r := range all.Records(tab) {
				if pred.Eval(r) == True {
					want++
				}
			}
			for _, q := range []Query{{}, {Order: []Order{{Column: "title", Desc: true}}}, {Limit: 1000}, {Limit: want}} {
				q.Where = where
				p, err := tab.Def().CompileQuery(q)
				require.NoError(t, err)
				require.Len(t, p.Collect(tab), want)
				require.Equal(t, want, p.Count(tab))
			}
			p, err := tab.Def().CompileQuery(Query{Where: where, Offset: want})
			require.NoError(t, err)
			require.False(t, p.Exists(tab))
			require.Empty(t, p.Collect(tab))
		})
	}
}

// What is planned of an OR grows with its parts, and not with parts times what stands beside it.
func TestPlanningALongORIsLinear(t *testing.T) {
	d := postsDef(t)
	in := make([]any, 2000)
	for i := range in {
		in[i] = fmt.Sprint(i)
	}
	allocs := func(n int) float64 {
		q := Query{Where: And(conjunctions(n), In("body", in...))}
		return testing.AllocsPerRun(1, func() {
			_, err := d.CompileQuery(q)
			require.NoError(t, err)
		})
	}
	require.Less(t, allocs(4000), 4.4*allocs(1000))
}

// Long ORs agree with a filter and a sort: of conjunctions, and of whatever chance makes.
func TestPlansOfLongORs(t *testing.T) {
	for seed := range uint64(budget.Of(40)) {
		w := newWorld(rand.New(rand.NewPCG(seed, 65)))
		for range 15 {
			q := w.query()
			parts := make([]Cond, 60+w.IntN(80))
			alike, a, b := w.IntN(2) == 0, w.column(), w.column()
			for i := range parts {
				if !alike {
					a, b = w.column(), w.column()
				}
				parts[i] = And(Eq(a.Name, w.near(a)), Gte(b.Name, w.near(b)))
			}
			if w.IntN(3) == 0 {
				parts[w.IntN(len(parts))] = w.cond(2)
			}
			q.Where = Or(parts...)
			switch w.IntN(4) {
			case 0:
				q.Where = And(q.Where, w.cond(2))
			case 1:
				q.Where = Or(And(w.cond(1), q.Where), w.cond(1))
			}
			w.check(t, q)
		}
	}
}
