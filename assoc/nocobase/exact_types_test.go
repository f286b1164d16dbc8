package nocobase_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// A dateOnly field holds days, a time field times of day, a decimal field numbers with every digit, and nothing else.
func TestFieldsOfDaysTimesAndDecimals(t *testing.T) {
	list, err := nocobase.Parse(strings.NewReader(`[{"name": "loans", "fields": [{"type": "dateOnly", "name": "due"}, {"type": "time", "name": "at"},
		{"type": "decimal", "name": "sum", "precision": 10, "scale": 2}, {"type": "decimal", "name": "rate"}]}]`))
	require.NoError(t, err)
	db := memrel.MustOpen(list[0])
	loans := memrel.RowsOf("loans")
	row, err := loans.Insert(db, memrel.Values{"due": "2024-02-29", "at": "23:59", "sum": 12.5, "rate": "12345678901234567.890"})
	require.NoError(t, err)
	require.Equal(t, []any{"2024-02-29", "23:59:00", "12.50", "12345678901234567.890"}, []any{row.Get("due"), row.Get("at"), row.Get("sum"), row.Get("rate")})
	for _, v := range []memrel.Values{{"due": "2024-02-30"}, {"due": "Invalid date"}, {"due": ""}, {"at": "25:99"}, {"at": ""}, {"sum": "1e8"}, {"sum": "x"}, {"rate": "NaN"}} {
		_, err = loans.Insert(db, v)
		require.ErrorIs(t, err, memrel.ErrType, "%v", v)
	}
	for err := range db.Check() {
		t.Error(err)
	}
}
