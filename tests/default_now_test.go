package tests

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// visits has a column of each type that can have the time of the insert for a default.
func visits() memrel.Schema {
	s := memrel.Schema{Name: "visits", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "at", Type: memrel.Time}, {Name: "second", Type: memrel.Time, Precision: time.Second},
		{Name: "day", Type: memrel.Date}, {Name: "hour", Type: memrel.TimeOfDay}, {Name: "text", Type: memrel.String}}}
	for i := range s.Columns {
		s.Columns[i].DefaultNow = true
	}
	s.Columns = append(s.Columns, memrel.Column{Name: "id", Type: memrel.Int, AutoIncrement: true})
	return s
}

var visited = time.Date(2026, 11, 29, 23, 59, 58, 600_000_000, time.FixedZone("", -3600)) // of the next day in UTC

func visitedValues() []any {
	at := visited.UTC()
	return []any{at, at.Truncate(time.Second).Add(time.Second), "2026-11-30", "00:59:58.6", "2026-11-30 00:59:58"}
}

func cellsOf(row memrel.Row, n int) (out []any) {
	for i := range n {
		out = append(out, row.At(i))
	}
	return out
}

// The clock is asked once for a row.
func TestTheTimeOfTheInsertIsThatOfTheClock(t *testing.T) {
	asked := 0
	db := checked(t, memrel.MustOpen(visits(), memrel.Clock(func() time.Time { asked++; return visited })))
	row, err := memrel.RowsOf("visits").Insert(db, nil)
	require.NoError(t, err)
	require.Equal(t, visitedValues(), cellsOf(row, 5))
	require.Equal(t, 1, asked)
	row, err = memrel.RowsOf("visits").Insert(db, memrel.Values{"at": nil, "second": visited, "day": "2020-01-01", "hour": "10:00", "text": "-"})
	require.NoError(t, err)
	require.Nil(t, row.Get("at"))
	require.Equal(t, 1, asked, "what is given needs no default")
}

func TestALaterClockIsThatOfTablesWithoutModelsToo(t *testing.T) {
	db := checked(t, memrel.MustOpen(visits()))
	fork := checked(t, db.Fork())
	require.NoError(t, fork.Define(memrel.Clock(func() time.Time { return visited })))
	row, err := memrel.RowsOf("visits").Insert(fork, nil)
	require.NoError(t, err)
	require.Equal(t, visitedValues(), cellsOf(row, 5))
	row, err = memrel.RowsOf("visits").Insert(db, nil)
	require.NoError(t, err)
	require.NotEqual(t, visited.UTC(), row.Get("at"), "the fork has a clock of its own")
}

// Files, JSON and alterations keep the default.
func TestTheTimeOfTheInsertIsData(t *testing.T) {
	clock := memrel.Clock(func() time.Time { return visited })
	text, err := json.Marshal(visits())
	require.NoError(t, err)
	require.Contains(t, string(text), `{"name":"day","type":"date","defaultNow":true}`)
	var read memrel.Schema
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, visits(), read)

	var file bytes.Buffer
	require.NoError(t, memrel.MustOpen(read).View().Save(&file))
	db, err := memrel.Load(&file, clock)
	require.NoError(t, err)
	checked(t, db)
	require.NoError(t, db.Alter("visits", memrel.Rename{Column: "at", To: "since"}, memrel.ChangeColumn{Name: "day", Type: memrel.Date, NotNull: true, DefaultNow: true}))
	row, err := memrel.RowsOf("visits").Insert(db, nil)
	require.NoError(t, err)
	require.Equal(t, visitedValues(), cellsOf(row, 5))
}

// As in PostgreSQL all rows that there are get the same time.
func TestAColumnThatIsAddedHasOneTimeForAllRows(t *testing.T) {
	asked := time.Duration(0)
	db := checked(t, memrel.MustOpen(memrel.Schema{Name: "t", Columns: memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}}, PrimaryKey: []string{"id"}},
		memrel.Clock(func() time.Time { asked += time.Hour; return visited.Add(asked) })))
	_, err := memrel.RowsOf("t").InsertAll(db, []memrel.Values{nil, nil, nil})
	require.NoError(t, err)
	require.NoError(t, db.Alter("t", memrel.Column{Name: "at", Type: memrel.Time, NotNull: true, DefaultNow: true}))
	for row := range memrel.RowsOf("t").All(db) {
		require.Equal(t, visited.Add(time.Hour).UTC(), row.Get("at"))
	}
}

func TestATimeIsNoDefaultOfOtherColumns(t *testing.T) {
	for what, c := range map[string]memrel.Column{
		"memrel: define t: the default of column c: c of type int holds no time": {Type: memrel.Int},
		"the default of column c: c = \"1970-01-01 00:00:00\" has 19 characters": {Type: memrel.String, Size: 10},
		"column c has the time for a default and another default":                {Type: memrel.Time, Default: time.Unix(0, 0)},
	} {
		c.Name, c.DefaultNow = "c", true
		_, err := memrel.Open(memrel.Schema{Name: "t", Columns: memrel.Columns{c}, PrimaryKey: []string{"c"}})
		require.ErrorIs(t, err, memrel.ErrDefinition)
		require.ErrorContains(t, err, what)
	}
}

func TestStructsHaveTheTimeOfTheInsertForADefault(t *testing.T) {
	type Visit struct {
		ID   int64
		At   time.Time `memrel:",defaultnow"`
		Day  string    `memrel:",type=date,defaultnow"`
		Text string    `memrel:",defaultnow"`
	}
	type Note struct {
		ID      uint
		Written time.Time  `gorm:"default:CURRENT_TIMESTAMP"`
		Changed *time.Time `gorm:"default:now()"`
		Day     time.Time  `gorm:"type:date;default:(CURRENT_DATE)"`
		Text    string     `gorm:"default:CURRENT_TIMESTAMP"` // which GORM puts in quotes
	}
	visits, notes := memrel.TableOf[Visit]("visits"), memrel.TableOf[Note]("notes", memrel.GORM)
	db := checked(t, memrel.MustOpen(visits, notes, memrel.Clock(func() time.Time { return visited })))
	v, err := visits.Insert(db, Visit{})
	require.NoError(t, err)
	require.Equal(t, Visit{1, visited.UTC(), "2026-11-30", "2026-11-30 00:59:58"}, v)
	n, err := notes.Insert(db, Note{})
	require.NoError(t, err)
	require.Equal(t, []any{visited.UTC(), visited.UTC(), time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), "CURRENT_TIMESTAMP"}, []any{n.Written, *n.Changed, n.Day, n.Text})

	type Bad struct {
		ID int64
		N  int64 `memrel:",defaultnow"`
	}
	_, err = memrel.Open(memrel.TableOf[Bad]("bad"))
	require.ErrorContains(t, err, "field Bad.N: a column of type int cannot have the time for a default; make it a time.Time")
}
