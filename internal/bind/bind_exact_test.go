package bind

import (
	"database/sql"
	"math/big"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/types"
)

type invoice struct {
	ID    int64
	Due   time.Time           `memrel:",type=date"`
	Paid  *time.Time          `memrel:",type=date"`
	Day   string              `memrel:",type=date"`
	Opens time.Duration       `memrel:",type=timeofday"`
	Shuts sql.Null[string]    `memrel:",type=timeofday"`
	Price string              `memrel:",type=decimal,size=10,scale=2"`
	Rate  apd.Decimal         `memrel:",type=decimal"`
	Tax   *apd.Decimal        `memrel:",type=decimal,size=5,scale=3"`
	Share big.Rat             `memrel:",type=decimal"`
	Part  *big.Rat            `memrel:",type=decimal"`
	Count big.Int             `memrel:",type=decimal,size=40"`
	Sums  []string            `memrel:",type=list<decimal>"`
	Days  []time.Time         `memrel:",type=list<date>"`
	Hours sql.Null[time.Time] `memrel:",type=date"`
}

func TestDaysTimesOfDayAndDecimalsInStructs(t *testing.T) {
	b := bindTo[invoice](t)
	day := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	huge, _ := new(big.Int).SetString("1234567890123456789012345678901234567890", 10)
	in := invoice{ID: 1, Due: time.Date(2024, 2, 29, 0, 0, 0, 0, time.FixedZone("east", 3600)), Paid: &day, Day: "2024-03-01", Opens: 8*time.Hour + 30*time.Minute,
		Shuts: sql.Null[string]{V: "17:00", Valid: true}, Price: "12.5", Rate: *apd.New(125, -3), Tax: apd.New(19, 0), Share: *big.NewRat(1, 8), Part: big.NewRat(-5, 2), Count: *huge,
		Sums: []string{"1.50", "2"}, Days: []time.Time{day}}
	rec, err := newRecord(b, &in, 0)
	require.NoError(t, err)
	out := loaded(b, rec)
	require.Equal(t, day, out.Due, "the day in its own zone")
	require.Equal(t, day, *out.Paid)
	require.Equal(t, "2024-03-01", out.Day)
	require.Equal(t, in.Opens, out.Opens)
	require.Equal(t, "17:00:00", out.Shuts.V)
	require.Equal(t, "12.50", out.Price)
	require.Equal(t, "0.125", out.Rate.String())
	require.Equal(t, "19.000", out.Tax.String())
	require.Zero(t, out.Share.Cmp(&in.Share))
	require.Zero(t, out.Part.Cmp(in.Part))
	require.Zero(t, out.Count.Cmp(huge))
	require.Equal(t, []string{"1.50", "2"}, out.Sums)
	require.Equal(t, []time.Time{day}, out.Days)
	require.False(t, out.Hours.Valid)

	for name, bad := range map[string]invoice{
		"22008": {ID: 1, Due: day.Add(time.Hour)},
		"22003": {ID: 1, Due: day, Day: "2024-03-01", Price: "100000000", Opens: 1},
	} {
		_, err := newRecord(b, &bad, 0)
		require.Equal(t, name, types.AsError(err).State, "%v", err)
	}
}
