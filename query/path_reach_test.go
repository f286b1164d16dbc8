package query

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

func TestPlansWithin(t *testing.T) {
	tab := postsTable(t, 2000) // 200 posts an author
	for name, c := range map[string]struct {
		q     Query
		first bool
		rows  int // the least that is enough
	}{
		"all":                        {q: Query{}, rows: 2000},
		"all, tested":                {q: Query{Where: Eq("body", "x")}, rows: 2000},
		"one by one":                 {q: Query{Where: In("id", 1, 5, 9999)}, rows: 3},
		"equality":                   {q: Query{Where: Eq("authorId", 7)}, rows: 200},
		"a range after the first":    {q: Query{Where: In("authorId", 7, 8)}, rows: 401},
		"a range":                    {q: Query{Where: Between("id", 11, 30)}, rows: 20},
		"a limit":                    {q: Query{Where: Eq("authorId", 7), Limit: 5, Offset: 2}, rows: 7},
		"a limit backwards":          {q: Query{Order: []Order{{Column: "id", Desc: true}}, Limit: 5}, rows: 5},
		"a limit, and rows to pass":  {q: Query{Where: Ne("authorId", 7), Limit: 10}, rows: 10},
		"a limit that is not met":    {q: Query{Where: Eq("body", "x"), Limit: 10}, rows: 2000},
		"a limit on what is sorted":  {q: Query{Where: Eq("authorId", 7), Order: []Order{{Column: "title"}}, Limit: 5}, rows: 200},
		"the first":                  {q: Query{Where: Eq("authorId", 7)}, first: true, rows: 1},
		"the first, there being one": {q: Query{Where: Eq("id", 1500)}, first: true, rows: 1},
		"nothing":                    {q: Query{Where: In("id")}, rows: 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := tab.Def().CompileQuery(c.q)
			require.NoError(t, err)
			least := 0
			for !p.Within(tab, least, c.first) {
				least++
			}
			if name == "a limit, and rows to pass" {
				require.GreaterOrEqual(t, least, c.rows)
				return
			}
			require.Equal(t, c.rows, least)
			require.True(t, p.Within(tab, least+100, c.first))
		})
	}
}

func TestAListLeadsToRows(t *testing.T) {
	tab := postsTable(t, 100)
	d := tab.Def()
	id, _ := d.Column("id")
	odd := Some("odd", Cond{}).Resolved(func(r index.Record) Truth { return TruthOf(r.At(id).Int()%2 == 1) })
	list := func(exact, not bool) Cond {
		return odd.Listed(List{Column: id, Values: []index.Value{index.OfInt(3), index.OfInt(4), index.OfInt(5)}, Complete: exact, Not: not})
	}
	for name, c := range map[string]struct {
		where Cond
		want  []int64
		plan  string
	}{
		"all of them":  {list(true, false), []int64{3, 4, 5}, "posts: unique key on posts_pkey (id IN (list from association odd)), order by key"},
		"some of them": {list(false, false), []int64{3, 5}, "posts: unique key on posts_pkey (id IN (list from association odd)), filter SOME odd (TRUE), order by key"},
		"of the negation": {And(Not(list(false, true)), Lt("id", 9)), []int64{4},
			"posts: unique key on posts_pkey (id IN (list from association odd) AND id < 9), filter NOT (SOME odd (TRUE)), order by key"},
		"not of the negation": {And(Not(list(true, false)), Lt("id", 5)), []int64{2, 4},
			"posts: index range on posts_pkey (id < 5), filter NOT (SOME odd (TRUE)), order by key"},
		"asked of rows that a better key finds": {And(list(true, false), Eq("slug", "s000004")), []int64{4},
			"posts: unique key on posts_slug_key (slug = 's000004'), filter SOME odd (TRUE)"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := d.CompileQuery(Query{Where: c.where})
			require.NoError(t, err)
			require.Equal(t, c.plan, p.Explain().String())
			var got []int64
			p.Each(tab, func(r index.Record) bool {
				got = append(got, r.At(id).Int())
				return true
			})
			slices.Sort(got)
			require.Equal(t, c.want, got)
		})
	}
}
