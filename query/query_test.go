package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// postsDef is a table with keys of every kind: id; slug unique, may be NULL; (authorId); (score, authorId); (title).
func postsDef(t testing.TB) *Def {
	d, err := Compile(Schema{Name: "posts", PrimaryKey: []string{"id"},
		Columns: []types.Column{
			{Name: "id", Type: index.Int},
			{Name: "authorId", Type: index.Int},
			{Name: "slug", Type: index.String},
			{Name: "title", Type: index.String, NotNull: true},
			{Name: "score", Type: index.Int},
			{Name: "body", Type: index.String},
		},
		Unique:     []UniqueKey{{Columns: []string{"slug"}}},
		Indexes:    []Index{{Columns: []string{"score", "authorId"}}, {Columns: []string{"title"}}},
		References: []Reference{{Columns: []string{"authorId"}, Table: "users"}},
	})
	require.NoError(t, err)
	return d
}

// postsTable has posts 1 to n: author i%10, slug s<i>, title t<i%26>, score i%20 but NULL for every seventh.
func postsTable(t testing.TB, n int) *Table {
	d := postsDef(t)
	tab := New(d)
	for i := 1; i <= n; i++ {
		v := Values{"id": i, "authorId": i % 10, "slug": fmt.Sprintf("s%06d", i), "title": "t" + string(rune('a'+i%26)), "score": i % 20, "body": "b"}
		if i%7 == 0 {
			v["score"], v["slug"] = nil, nil
		}
		r, err := d.NewRecord(v, 0)
		require.NoError(t, err)
		taken, _ := tab.Insert(r)
		require.Negative(t, taken)
	}
	return tab
}

func rowsOf(t testing.TB, tab *Table, q Query) []index.Record {
	p, err := tab.Def().CompileQuery(q)
	require.NoError(t, err)
	return slices.Collect(p.Records(tab))
}

func ids(rows []index.Record) (out []int64) {
	for _, r := range rows {
		out = append(out, r.At(0).Int())
	}
	return out
}

func TestNullsStandWherePostgreSQLPutsThem(t *testing.T) {
	tab := postsTable(t, 9) // score of 7 is NULL
	for _, c := range []struct {
		order Order
		want  []int64
	}{
		{Order{Column: "score"}, []int64{1, 2, 3, 4, 5, 6, 8, 9, 7}},
		{Order{Column: "score", Nulls: NullsFirst}, []int64{7, 1, 2, 3, 4, 5, 6, 8, 9}},
		{Order{Column: "score", Desc: true}, []int64{7, 9, 8, 6, 5, 4, 3, 2, 1}},
		{Order{Column: "score", Desc: true, Nulls: NullsLast}, []int64{9, 8, 6, 5, 4, 3, 2, 1, 7}},
	} {
		require.Equal(t, c.want, ids(rowsOf(t, tab, Query{Order: []Order{c.order}})), "%s", c.order)
	}
}

func TestTiesGoByThePrimaryKeyAscending(t *testing.T) {
	tab := postsTable(t, 42) // author 1 wrote 1, 11, 21, 31, 41
	q := Query{Where: In("authorId", 1, 2), Order: []Order{{Column: "authorId", Desc: true}}}
	require.Equal(t, []int64{2, 12, 22, 32, 42, 1, 11, 21, 31, 41}, ids(rowsOf(t, tab, q)))
}

func TestLimitAndOffset(t *testing.T) {
	tab := postsTable(t, 10)
	require.Equal(t, []int64{4, 5}, ids(rowsOf(t, tab, Query{Limit: 2, Offset: 3})))
	require.Equal(t, []int64{9, 10}, ids(rowsOf(t, tab, Query{Offset: 8})), "limit 0 is no limit")
	require.Empty(t, rowsOf(t, tab, Query{Offset: 11, Limit: 1}))
	require.Len(t, rowsOf(t, tab, Query{Limit: int(^uint(0) >> 1), Offset: 1, Order: []Order{{Column: "body"}}}), 9)
}

func TestQueriesThatDoNotCompile(t *testing.T) {
	d := postsDef(t)
	for _, c := range []struct {
		q    Query
		kind error
		want string
	}{
		{Query{Limit: -1}, types.ErrQuery, "memrel: posts: limit -1 is negative"},
		{Query{Offset: -1}, types.ErrQuery, "memrel: posts: offset -1 is negative"},
		{Query{Order: []Order{{Column: "x"}}}, types.ErrUnknownColumn, "there is no column x"},
		{Query{Order: []Order{{Column: "id", Nulls: 9}}}, types.ErrQuery, "there is no place 9 for NULL"},
		{Query{Columns: []string{"x"}}, types.ErrUnknownColumn, "there is no column x"},
		{Query{Columns: []string{"id", "id"}}, types.ErrQuery, "column id is selected twice"},
		{Query{Where: Eq("x", 1)}, types.ErrUnknownColumn, "there is no column x"},
		{Query{Where: Eq("id", "x")}, types.ErrType, "memrel: posts: "},
	} {
		_, err := d.CompileQuery(c.q)
		require.ErrorIs(t, err, c.kind)
		require.ErrorContains(t, err, c.want)
	}
}

func TestAQueryIsData(t *testing.T) {
	q := Query{Where: Gte("score", 3), Order: []Order{{Column: "score", Desc: true, Nulls: NullsLast}}, Limit: 5, Columns: []string{"title", "id"}}
	out, err := json.Marshal(q)
	require.NoError(t, err)
	require.Equal(t, `{"where":{"column":"score","op":"gte","value":3},"order":[{"column":"score","desc":true,"nulls":"last"}],`+
		`"limit":5,"columns":["title","id"]}`, string(out))
	var back Query
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, int64(3), back.Where.Value)
	back.Where.Value = 3
	require.Equal(t, q, back)

	out, err = json.Marshal(Query{})
	require.NoError(t, err)
	require.Equal(t, `{}`, string(out))
	require.ErrorIs(t, json.Unmarshal([]byte(`{"order":[{"column":"a","nulls":"middle"}]}`), &back), types.ErrQuery)
}

func TestColumnsSelected(t *testing.T) {
	p, err := postsDef(t).CompileQuery(Query{Columns: []string{"title", "id"}})
	require.NoError(t, err)
	require.Equal(t, []int{3, 0}, p.Columns())
	p, err = postsDef(t).CompileQuery(Query{Columns: []string{}})
	require.NoError(t, err)
	require.Equal(t, []int{}, p.Columns(), "none")
	p, err = postsDef(t).CompileQuery(Query{})
	require.NoError(t, err)
	require.Nil(t, p.Columns(), "all")
}

func TestMinAndMax(t *testing.T) {
	tab := postsTable(t, 100)
	for _, c := range []struct {
		column   string
		where    Cond
		min, max any
	}{
		{"id", Cond{}, int64(1), int64(100)},
		{"score", Cond{}, int64(0), int64(19)},
		{"score", Eq("authorId", 3), int64(3), int64(13)},
		{"title", Gt("id", 90), "tn", "tw"},
		{"body", IsNull("slug"), "b", "b"},
		{"slug", Cond{}, "s000001", "s000100"},
		{"score", IsNull("score"), nil, nil},
	} {
		for i, compile := range []func(string, Cond, bool) (*Plan, error){tab.Def().CompileMin, tab.Def().CompileMax} {
			want := []any{c.min, c.max}[i]
			p, err := compile(c.column, c.where, false)
			require.NoError(t, err)
			r, ok := p.First(tab)
			require.Equal(t, want != nil, ok)
			if ok {
				require.Equal(t, want, RowOf(tab.Def(), r, nil).Get(c.column), "%s where %s", c.column, c.where)
			}
		}
	}
	_, err := tab.Def().CompileMax("x", Cond{}, false)
	require.ErrorIs(t, err, types.ErrUnknownColumn)
}
