package tests

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// A float64 that stands for a decimal of at most 15 digits gives back every one of them, and takes no number that the column does not.
func TestFloatsStandForDecimalsOfFewDigits(t *testing.T) {
	type Price struct {
		ID     int64
		Amount float64  `gorm:"type:decimal(15,4);not null"`
		Was    *float64 `gorm:"type:numeric(5,2);uniqueIndex"`
	}
	prices := memrel.TableOf[Price]("prices", memrel.GORM)
	db := memrel.MustOpen(prices)
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := strconv.FormatFloat(float64(r.Int64N(1e15))/1e4, 'f', 4, 64)
		want, err := strconv.ParseFloat(text, 64)
		require.NoError(t, err)
		made, err := prices.Insert(db, Price{Amount: want})
		require.NoError(t, err)
		got, ok := prices.Get(db, made.ID)
		require.True(t, ok)
		require.Equal(t, want, got.Amount)
		row, _ := memrel.RowsOf("prices").Get(db, made.ID)
		require.Equal(t, text, row.Get("amount"))
	}
	tenth, cent := 0.1+0.2, 0.30
	made, err := prices.Insert(db, Price{Was: &tenth})
	require.NoError(t, err)
	require.Equal(t, cent, *made.Was, "what is written is rounded to the scale")
	_, err = prices.Insert(db, Price{Was: &cent})
	require.ErrorIs(t, err, memrel.ErrUnique)
	for _, bad := range []float64{math.NaN(), math.Inf(1), 1e12} {
		_, err = prices.Insert(db, Price{Amount: bad})
		require.ErrorIs(t, err, memrel.ErrType)
	}
	for err := range db.Check() {
		t.Error(err)
	}
}
