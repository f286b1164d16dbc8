package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
)

func TestExplain(t *testing.T) {
	d := postsDef(t)
	after, _ := d.CursorOf(nil, mustRecord(t, d, Values{"id": 50, "title": "t"}))
	order := func(o ...Order) []Order { return o }
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "scan on posts_pkey, order by key"},
		{Query{Where: Eq("body", "x"), Limit: 1}, "scan on posts_pkey, filter body = 'x', order by key, limit 1"},
		{Query{Where: Eq("id", 7)}, "unique key on posts_pkey (id = 7)"},
		{Query{Where: And(Eq("slug", "s"), Eq("authorId", 1))}, "unique key on posts_slug_key (slug = 's'), filter authorId = 1"},
		{Query{Where: In("id", 3, 1, 3)}, "unique key on posts_pkey (id IN (1, 3)), order by key"},
		{Query{Where: In("id", 3, 1), Order: order(Order{Column: "id", Desc: true})},
			"unique key on posts_pkey (id IN (1, 3)), order by key backwards"},
		{Query{Where: IsNull("slug")}, "key lookup on posts_slug_key (slug IS NULL), order by key"},
		{Query{Where: Eq("authorId", 7)}, "key lookup on posts_authorId_fkidx (authorId = 7), order by key"},
		{Query{Where: And(Eq("authorId", 7), Gt("id", 100), Like("title", "%a%")), Limit: 10},
			"index range on posts_authorId_fkidx (authorId = 7, id > 100), filter title LIKE '%a%', order by key, limit 10"},
		{Query{Where: And(Eq("authorId", 7), Eq("score", 3))}, "key lookup on posts_score_authorId_idx (score = 3, authorId = 7), order by key"},
		{Query{Where: In("authorId", 1, 2)}, "key ranges on posts_authorId_fkidx (authorId IN (1, 2)), merge by id"},
		{Query{Where: Or(Eq("authorId", 1), Eq("authorId", 2)), Order: order(Order{Column: "authorId"})},
			"key ranges on posts_authorId_fkidx (authorId IN (1, 2)), order by key"},
		{Query{Where: Eq("authorId", 7), Order: order(Order{Column: "title"})},
			"key lookup on posts_authorId_fkidx (authorId = 7), sort by title, id"},
		{Query{Where: Between("score", 3, 5)}, "index range on posts_score_authorId_idx (score >= 3 AND score <= 5), sort by id"},
		{Query{Where: And(Gt("score", 3), Ne("score", 7))},
			"key ranges on posts_score_authorId_idx (score > 3 AND score < 7 OR score > 7), sort by id"},
		{Query{Where: Like("title", "ab%")}, "index range on posts_title_idx (title >= 'ab' AND title < 'ac'), sort by id"},
		{Query{Where: Like("title", "ab%c"), Order: order(Order{Column: "title"})},
			"index range on posts_title_idx (title >= 'ab' AND title < 'ac'), filter title LIKE 'ab%c', order by key"},
		{Query{Where: Like("title", "ab")}, "key lookup on posts_title_idx (title = 'ab'), order by key"},
		{Query{Order: order(Order{Column: "title"}), Limit: 5}, "index order on posts_title_idx, order by key, limit 5"},
		{Query{Order: order(Order{Column: "id", Desc: true}), Limit: 5}, "index order on posts_pkey, order by key backwards, limit 5"},
		{Query{Order: order(Order{Column: "title", Desc: true}), Limit: 5}, "index order on posts_title_idx, order by key in groups, limit 5"},
		{Query{Order: order(Order{Column: "title", Desc: true}, Order{Column: "id", Desc: true}), Limit: 5},
			"index order on posts_title_idx, order by key backwards, limit 5"},
		{Query{Order: order(Order{Column: "score", Nulls: NullsFirst}), Limit: 5, Offset: 2},
			"scan on posts_pkey, sort by score NULLS FIRST, id, offset 2, limit 5"},
		{Query{Where: NotNull("score"), Order: order(Order{Column: "score", Nulls: NullsFirst}, Order{Column: "authorId"}), Limit: 5},
			"index order on posts_score_authorId_idx (score IS NOT NULL), order by key, limit 5"},
		{Query{Where: Gt("score", 5), Order: order(Order{Column: "title"}), Limit: 5},
			"index order on posts_title_idx, filter score > 5, order by key, limit 5"},
		{Query{Where: Gt("score", 5), Order: order(Order{Column: "title"})},
			"index range on posts_score_authorId_idx (score > 5), sort by title, id"},
		{Query{Where: Or(Eq("id", 1), And(Eq("authorId", 2), Eq("body", "x")))},
			"union of [unique key on posts_pkey (id = 1)] and [key lookup on posts_authorId_fkidx (authorId = 2), filter body = 'x'], merge by id"},
		{Query{Where: And(Eq("body", "x"), Or(Eq("slug", "a"), And(Eq("id", 1), Gt("id", 2))))},
			"unique key on posts_slug_key (slug = 'a'), filter body = 'x'"},
		{Query{Where: Or(Eq("id", 1), Eq("body", "x"))}, "scan on posts_pkey, filter id = 1 OR body = 'x', order by key"},
		{Query{Where: Not(Or(Ne("authorId", 4), Lte("id", 9)))}, "index range on posts_authorId_fkidx (authorId = 4, id > 9), order by key"},
		{Query{After: &after, Limit: 3}, "scan on posts_pkey, order by key, page by key, limit 3"},
		{Query{Before: &after, Limit: 3}, "scan on posts_pkey, order by key backwards, page by key, limit 3"},
		{Query{Where: In("authorId", 1, 2), After: &after, Limit: 3},
			"key ranges on posts_authorId_fkidx (authorId IN (1, 2)), merge by id, page by key, limit 3"},
		{Query{Where: Gt("score", 3), After: &after, Limit: 3},
			"index range on posts_score_authorId_idx (score > 3), sort by id, page by filter, limit 3"},
		{Query{Where: And(Eq("id", 1), Eq("id", 2))}, "nothing"},
		{Query{Where: And(Gt("score", 5), Lt("score", 5))}, "nothing"},
		{Query{Where: In("id")}, "nothing"},
		{Query{Where: Eq("id", 1.5)}, "nothing"},
		{Query{Where: NotIn("score", 1, nil)}, "nothing"},
		{Query{Where: Or(In("id"), Eq("authorId", nil), Lt("id", nil))}, "key lookup on posts_authorId_fkidx (authorId IS NULL), order by key"},
	} {
		p, err := d.CompileQuery(c.q)
		require.NoError(t, err)
		require.Equal(t, "posts: "+c.want, p.Explain().String(), "where %s order %v", c.q.Where, c.q.Order)
	}
}

func TestExplainIsData(t *testing.T) {
	p, err := postsDef(t).CompileQuery(Query{Where: And(Eq("authorId", 7), Gt("id", 100)), Limit: 10})
	require.NoError(t, err)
	out, err := json.Marshal(p.Explain())
	require.NoError(t, err)
	require.Equal(t, `{"table":"posts","kind":"index range","key":"posts_authorId_fkidx","equal":["authorId = 7"],"range":"id \u003e 100",`+
		`"order":"order by key","limit":10}`, string(out))
}

func mustRecord(t testing.TB, d *Def, v Values) index.Record {
	r, err := d.NewRecord(v, 0)
	require.NoError(t, err)
	return r
}

// Cost follows the rows touched, never the size of the table (I7).
func TestRowsLookedAt(t *testing.T) {
	const n = 2000 // 200 posts an author, about 86 a score, 76 or 77 a title
	tab := postsTable(t, n)
	d := tab.Def()
	row, _ := tab.Tree(0).Get(index.OfInt(1000))
	cursor := func(order ...Order) *Cursor {
		c, _ := d.CursorOf(order, row)
		return &c
	}
	title, titleDesc, score := Order{Column: "title"}, Order{Column: "title", Desc: true}, Order{Column: "score"}
	many := make([]any, 50)
	for i := range many {
		many[i] = i * 7
	}
	for name, c := range map[string]struct {
		q         Query
		rows, max int // rows found, and how many may be looked at
	}{
		"primary key":                {Query{Where: Eq("id", 7)}, 1, 1},
		"unique key and a filter":    {Query{Where: And(Eq("slug", "s000008"), Gt("score", 1))}, 1, 1},
		"equality":                   {Query{Where: Eq("authorId", 7)}, 200, 200},
		"equality and limit":         {Query{Where: Eq("authorId", 7), Limit: 5}, 5, 5},
		"equality, limit, offset":    {Query{Where: Eq("authorId", 7), Limit: 5, Offset: 3}, 5, 8},
		"two equalities":             {Query{Where: And(Eq("authorId", 7), Eq("score", 7))}, 85, 85},
		"equality and range":         {Query{Where: And(Eq("authorId", 7), Gt("id", 1990))}, 1, 1},
		"IN on the primary key":      {Query{Where: In("id", many...)}, 49, 49},
		"IN with limit":              {Query{Where: In("id", many...), Limit: 3}, 3, 3},
		"IN merged with limit":       {Query{Where: In("authorId", 1, 2, 3), Limit: 5}, 5, 20},
		"range":                      {Query{Where: Lt("id", 20)}, 19, 19},
		"range with limit":           {Query{Where: Gt("id", 20), Limit: 4}, 4, 4},
		"range to be sorted":         {Query{Where: Gte("score", 19), Limit: 4}, 4, 86},
		"prefix":                     {Query{Where: Like("title", "tb%")}, 77, 77},
		"NULL":                       {Query{Where: IsNull("score"), Limit: 4}, 4, 300},
		"order and limit":            {Query{Order: []Order{title}, Limit: 4}, 4, 4},
		"backwards and limit":        {Query{Order: []Order{titleDesc}, Limit: 4}, 4, 4},
		"backwards over groups":      {Query{Order: []Order{titleDesc}, Limit: 100, Offset: 10}, 100, 110},
		"backwards from NULL":        {Query{Order: []Order{{Column: "score", Desc: true}, {Column: "authorId", Desc: true}}, Limit: 4}, 4, 4},
		"after a cursor":             {Query{After: cursor(), Limit: 4}, 4, 5},
		"before a cursor":            {Query{Before: cursor(), Limit: 4}, 4, 5},
		"after, by an index":         {Query{Order: []Order{title}, After: cursor(title), Limit: 4}, 4, 5},
		"before, by an index":        {Query{Order: []Order{title}, Before: cursor(title), Limit: 4}, 4, 5},
		"after, in groups":           {Query{Order: []Order{titleDesc}, After: cursor(titleDesc), Limit: 4}, 4, 5},
		"before, in groups":          {Query{Order: []Order{titleDesc}, Before: cursor(titleDesc), Limit: 4}, 4, 5},
		"after, within an equality":  {Query{Where: Eq("authorId", 0), After: cursor(), Limit: 4}, 4, 5},
		"after, merged":              {Query{Where: In("authorId", 1, 2), After: cursor(), Limit: 4}, 4, 10},
		"after, order of two":        {Query{Where: NotNull("score"), Order: []Order{score, {Column: "authorId"}}, After: cursor(score, Order{Column: "authorId"}), Limit: 4}, 4, 5},
		"OR of keys":                 {Query{Where: Or(Eq("id", 1), Eq("slug", "s000002"), And(Eq("authorId", 3), Lt("id", 20)))}, 4, 4},
		"OR, each row once":          {Query{Where: Or(Eq("id", 3), Eq("slug", "s000003"))}, 1, 2},
		"contradiction":              {Query{Where: And(Eq("authorId", 1), Eq("authorId", 2))}, 0, 0},
		"a filter that must look":    {Query{Where: Eq("body", "x")}, 0, n},
		"order by a key, and filter": {Query{Where: Gt("score", 5), Order: []Order{title}, Limit: 4}, 4, 12},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := d.CompileQuery(c.q)
			require.NoError(t, err)
			p.visits = new(int)
			require.Len(t, slices.Collect(p.Records(tab)), c.rows)
			require.LessOrEqual(t, *p.visits, c.max, "%s", p.Explain())
		})
	}
}

func TestTheEndOfAnIndexIsOneRowAway(t *testing.T) {
	tab := postsTable(t, 2000)
	for _, c := range []struct {
		column string
		where  Cond
	}{
		{"id", Cond{}}, {"title", Cond{}}, {"score", Cond{}}, {"slug", Cond{}},
		{"id", Eq("authorId", 4)}, {"authorId", Eq("score", 3)},
	} {
		for _, compile := range []func(string, Cond, bool) (*Plan, error){tab.Def().CompileMin, tab.Def().CompileMax} {
			p, err := compile(c.column, c.where, false)
			require.NoError(t, err)
			visits := 0
			p.visits = &visits
			_, ok := p.First(tab)
			require.True(t, ok)
			require.Equal(t, 1, visits, "%s", p.Explain())
		}
	}
}

func TestCountAndExistsStopEarly(t *testing.T) {
	tab := postsTable(t, 500)
	for _, c := range []struct {
		q                  Query
		count, byCount, by int // rows, and rows looked at by Count and Exists
	}{
		{Query{}, 500, 0, 1},
		{Query{Limit: 10, Offset: 495}, 5, 0, 496},
		{Query{Where: Eq("authorId", 3)}, 50, 50, 1},
		{Query{Where: Eq("authorId", 3), Limit: 7, Order: []Order{{Column: "body"}}}, 7, 7, 1},
		{Query{Where: Eq("id", 0)}, 0, 0, 0},
	} {
		p, err := tab.Def().CompileQuery(c.q)
		require.NoError(t, err)
		visits := 0
		p.visits = &visits
		require.Equal(t, c.count, p.Count(tab))
		require.Equal(t, c.byCount, visits)
		visits = 0
		require.Equal(t, c.count > 0, p.Exists(tab))
		require.Equal(t, c.by, visits)
	}
}

func TestEqualQueriesGiveEqualPlans(t *testing.T) {
	d := postsDef(t)
	q := Query{Where: And(Eq("authorId", 1), Gt("score", 2), Or(Eq("id", 1), Eq("slug", "x"))), Limit: 3}
	first, err := d.CompileQuery(q)
	require.NoError(t, err)
	for range 20 {
		again, err := d.CompileQuery(q)
		require.NoError(t, err)
		require.Equal(t, first.Explain(), again.Explain())
	}
}

// An OR of ORs must not take the planner more than a moment.
func TestManyORsArePlannedQuickly(t *testing.T) {
	d := postsDef(t)
	var all []Cond
	for i := range 300 {
		all = append(all, Or(Eq("id", i), Eq("slug", "x"), And(Eq("authorId", i), Or(Eq("title", "a"), Eq("id", 5)))))
	}
	_, err := d.CompileQuery(Query{Where: And(all...)})
	require.NoError(t, err)
}

func TestAPointQueryAllocatesNothingToRun(t *testing.T) {
	tab := postsTable(t, 100)
	p, err := tab.Def().CompileQuery(Query{Where: Eq("id", 7)})
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		for range p.Records(tab) {
		}
	}))
}

func BenchmarkQuery(b *testing.B) {
	tab := postsTable(b, 100_000)
	for name, q := range map[string]Query{
		"point":           {Where: Eq("id", 777)},
		"lookup, 10":      {Where: Eq("authorId", 7), Limit: 10},
		"range, 10":       {Where: And(Eq("authorId", 7), Gt("id", 5000)), Limit: 10},
		"backwards, 10":   {Order: []Order{{Column: "slug", Desc: true, Nulls: NullsFirst}}, Where: NotNull("slug"), Limit: 10},
		"groups, 10":      {Order: []Order{{Column: "title", Desc: true}}, Limit: 10},
		"sort, 10 of 10k": {Where: Eq("authorId", 7), Order: []Order{{Column: "title"}}, Limit: 10},
		"filter":          {Where: Eq("body", "x")},
	} {
		p, err := tab.Def().CompileQuery(q)
		require.NoError(b, err)
		b.Run("run/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range p.Records(tab) {
				}
			}
		})
		b.Run("compile/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tab.Def().CompileQuery(q); err != nil {
					b.Fatal(fmt.Sprint(err))
				}
			}
		})
	}
}
