package query

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

func TestPagesMeetInBothDirections(t *testing.T) {
	tab := postsTable(t, 100)
	for _, order := range [][]Order{
		nil,
		{{Column: "id", Desc: true}},
		{{Column: "score"}},
		{{Column: "score", Desc: true}},
		{{Column: "score", Nulls: NullsFirst}, {Column: "title", Desc: true}},
	} {
		all := rowsOf(t, tab, Query{Order: order})
		var forth, back []index.Record
		for q := (Query{Order: order, Limit: 7}); ; {
			page := rowsOf(t, tab, q)
			if len(page) == 0 {
				break
			}
			forth = append(forth, page...)
			c, _ := tab.Def().CursorOf(order, page[len(page)-1])
			q.After = &c
		}
		last, _ := tab.Def().CursorOf(order, all[len(all)-1])
		back = append(back, all[len(all)-1])
		for q := (Query{Order: order, Limit: 7, Before: &last}); ; {
			page := rowsOf(t, tab, q)
			if len(page) == 0 {
				break
			}
			back = append(slices.Clone(page), back...)
			c, _ := tab.Def().CursorOf(order, page[0])
			q.Before = &c
		}
		require.Equal(t, all, forth, "%v", order)
		require.Equal(t, all, back, "%v", order)
	}
}

func TestBeforeGivesTheLastRowsBeforeTheCursorInOrder(t *testing.T) {
	tab := postsTable(t, 20)
	at, _ := tab.Tree(0).Get(index.OfInt(10))
	c, _ := tab.Def().CursorOf(nil, at)
	require.Equal(t, []int64{7, 8, 9}, ids(rowsOf(t, tab, Query{Before: &c, Limit: 3})))
	require.Equal(t, []int64{5, 6, 7}, ids(rowsOf(t, tab, Query{Before: &c, Limit: 3, Offset: 2})))
	require.Equal(t, []int64{11, 12, 13}, ids(rowsOf(t, tab, Query{After: &c, Limit: 3})))
}

func TestACursorOutlivesItsRow(t *testing.T) {
	tab := postsTable(t, 20)
	at, _ := tab.Tree(0).Get(index.OfInt(10))
	c, _ := tab.Def().CursorOf(nil, at)
	tab.delete(at)
	require.Equal(t, []int64{11}, ids(rowsOf(t, tab, Query{After: &c, Limit: 1})))
	require.Equal(t, []int64{9}, ids(rowsOf(t, tab, Query{Before: &c, Limit: 1})))
}

func TestCursorsAreText(t *testing.T) {
	tab := postsTable(t, 20)
	order := []Order{{Column: "title"}, {Column: "score", Desc: true}}
	r := rowsOf(t, tab, Query{Order: order})[3]
	c, _ := tab.Def().CursorOf(order, r)
	q := Query{Where: Gt("id", 2), Order: order, After: &c, Limit: 2, Columns: []string{"id"}}
	out, err := json.Marshal(q)
	require.NoError(t, err)
	var back Query
	require.NoError(t, json.Unmarshal(out, &back))
	require.Equal(t, c, *back.After)
	require.Equal(t, rowsOf(t, tab, q), rowsOf(t, tab, back))
	text, err := c.MarshalText()
	require.NoError(t, err)
	require.Regexp(t, `^[A-Za-z0-9_-]+$`, string(text))
}

func TestCursorsThatDoNotFit(t *testing.T) {
	tab := postsTable(t, 20)
	d := tab.Def()
	r := rowsOf(t, tab, Query{})[0]
	byScore := []Order{{Column: "score"}}
	good, _ := d.CursorOf(byScore, r)
	refused := func(q Query) {
		t.Helper()
		_, err := d.CompileQuery(q)
		require.ErrorIs(t, err, types.ErrQuery)
		require.ErrorContains(t, err, "memrel: posts: ")
	}
	refused(Query{After: &good})
	refused(Query{After: &good, Order: []Order{{Column: "score", Desc: true}}})
	refused(Query{After: &good, Before: &good, Order: byScore})
	refused(Query{After: &Cursor{}, Order: byScore})
	refused(Query{After: &Cursor{good.key[:len(good.key)-1]}, Order: byScore})
	refused(Query{After: &Cursor{good.key + "\x02"}, Order: byScore})
	_, err := d.CursorOf([]Order{{Column: "nope"}}, r)
	require.ErrorIs(t, err, types.ErrUnknownColumn)
	none, err := d.CursorOf(nil, index.Record{})
	require.NoError(t, err)
	require.True(t, none.IsZero())
	var c Cursor
	require.ErrorIs(t, c.UnmarshalText([]byte("no base64!")), types.ErrQuery)
}
