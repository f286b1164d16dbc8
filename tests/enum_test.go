package tests

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

type ticketState string

type ticket struct {
	ID    int64
	State ticketState  `memrel:",enum='new,open,closed',default=open,index"`
	Next  *ticketState `memrel:",enum='new,open,closed',ref=steps,onupdate=cascade"`
	At    time.Time    `memrel:",precision=3,unique"`
}

type step struct {
	ID string `memrel:",pk,enum='new,open,closed'"`
}

func TestEnums(t *testing.T) {
	tickets, steps := memrel.TableOf[ticket]("tickets"), memrel.TableOf[step]("steps")
	db := memrel.MustOpen(steps, tickets)
	_, err := steps.InsertAll(db, []step{{"closed"}, {"new"}})
	require.NoError(t, err)
	at := time.Date(2026, 1, 2, 3, 4, 5, 123_499_999, time.UTC)
	closed := ticketState("closed")
	_, err = tickets.InsertAll(db, []ticket{{State: "closed", At: at}, {State: "new", At: at.Add(time.Second), Next: &closed}, {At: at.Add(2 * time.Second)}})
	require.NoError(t, err)
	_, err = tickets.Insert(db, ticket{At: at.Add(-499_999)})
	require.ErrorIs(t, err, memrel.ErrUnique, "rounded it is the same millisecond")
	_, err = tickets.Insert(db, ticket{State: "shut", At: at.Add(time.Hour)})
	require.ErrorIs(t, err, memrel.ErrType)
	bad := ticketState("open")
	_, err = tickets.Insert(db, ticket{Next: &bad, At: at.Add(time.Hour)})
	require.ErrorIs(t, err, memrel.ErrForeignKey)

	states := func(q memrel.Query) (out []ticketState) {
		q.Order = []memrel.Order{{Column: "state"}}
		rows, err := tickets.Find(db, q)
		require.NoError(t, err)
		for _, r := range rows {
			out = append(out, r.State)
		}
		return out
	}
	require.Equal(t, []ticketState{"new", "open", "closed"}, states(memrel.Query{}), "by place, not by name")
	require.Equal(t, []ticketState{"open", "closed"}, states(memrel.Query{Where: memrel.Gt("state", "new")}))
	require.Equal(t, []ticketState{"new", "closed"}, states(memrel.Query{Where: memrel.In("state", "closed", "new")}))
	require.Equal(t, []ticketState{"closed"}, states(memrel.Query{Where: memrel.Eq("at", at.Truncate(time.Millisecond))}))
	require.Empty(t, states(memrel.Query{Where: memrel.Eq("at", at)}), "a condition is not rounded")
	_, err = tickets.Find(db, memrel.Query{Where: memrel.Eq("state", "shut")})
	require.ErrorIs(t, err, memrel.ErrType)

	_, err = steps.Update(db, memrel.Values{"id": "open"}, "closed")
	require.NoError(t, err)
	got, _ := tickets.Get(db, 2)
	require.Equal(t, ticketState("open"), *got.Next)

	back, err := memrel.Load(bytes.NewReader(written(t, db)), steps, tickets)
	require.NoError(t, err)
	text, err := json.Marshal(rowNumbered(t, back, "tickets", 2))
	require.NoError(t, err)
	require.JSONEq(t, `{"id":2,"state":"new","next":"open","at":"2026-01-02T03:04:06.123Z"}`, string(text))
	rest, err := tickets.Find(back, memrel.Query{Order: []memrel.Order{{Column: "state"}}, Limit: 1})
	require.NoError(t, err)
	cursor, err := tickets.CursorOf(back, rest[0], memrel.Order{Column: "state"})
	require.NoError(t, err)
	after, err := tickets.Find(back, memrel.Query{Order: []memrel.Order{{Column: "state"}}, After: &cursor})
	require.NoError(t, err)
	require.Len(t, after, 2)
	sound(t, db)
	sound(t, back)
}

func rowNumbered(t *testing.T, db *memrel.DB, table string, id int64) memrel.Row {
	t.Helper()
	row, ok := memrel.RowsOf(table).Get(db, id)
	require.True(t, ok)
	return row
}

func TestTheNamesOfAnEnumAlter(t *testing.T) {
	state := func(names ...string) memrel.Column {
		return memrel.Column{Name: "state", Type: memrel.Enum, Names: names}
	}
	db := memrel.MustOpen(memrel.Schema{Name: "t", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, state("a", "b")}})
	_, err := memrel.RowsOf("t").Insert(db, memrel.Values{"id": 1, "state": "b"})
	require.NoError(t, err)
	for _, c := range []struct {
		to   memrel.Column
		want string
	}{
		{state("a", "b", "c"), ""}, {state("b", "a"), ""}, {state("a"), "none of its names"}, {state("b"), ""}, {memrel.Column{Name: "state", Type: memrel.String}, ""}, {state("b", "x"), ""},
		{state("b", "b"), `lists the name "b" twice`}, {state(), "has no names"}, {memrel.Column{Name: "state", Type: memrel.Int, Names: []string{"b"}}, "only enum columns have names"},
		{memrel.Column{Name: "state", Type: memrel.Time, Precision: 7}, "is no precision"}, {memrel.Column{Name: "state", Type: memrel.Int, Precision: time.Second}, "only time and timeofday"},
	} {
		err := db.Alter("t", memrel.DropColumn("state"), c.to)
		if c.want != "" {
			require.ErrorContains(t, err, c.want)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, "b", rowNumbered(t, db, "t", 1).Get("state"))
	}
	sound(t, db)
}
