package musicstore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/cmd/memrel/internal/musicstore"
)

func TestEqualSeedsMakeEqualStores(t *testing.T) {
	require.Equal(t, musicstore.Generate(500, 3), musicstore.Generate(500, 3))
	require.NotEqual(t, musicstore.Generate(500, 3), musicstore.Generate(500, 4))
}

func TestStoresOfEverySizeAreSound(t *testing.T) {
	tables := musicstore.NewTables()
	for _, size := range []int{-1, 0, 1, 2, 7, 60, 3000} {
		for seed := range uint64(3) {
			data := musicstore.Generate(size, seed)
			require.Len(t, data.Tracks, max(size, 1))
			db, err := tables.Open()
			require.NoError(t, err)
			seen := int64(0)
			require.NoError(t, tables.Load(db, data, func(done, total int64) {
				seen = done
				require.EqualValues(t, data.Rows(), total)
			}))
			require.EqualValues(t, data.Rows(), seen)
			for err := range db.Check() {
				t.Error(err)
			}
		}
	}
}

func TestAFewHaveMostOfIt(t *testing.T) {
	albums := map[int64]int{}
	data := musicstore.Generate(20_000, 1)
	for _, a := range data.Albums {
		albums[a.ArtistID]++
	}
	most := 0
	for _, n := range albums {
		most = max(most, n)
	}
	require.Greater(t, most, 10*len(data.Albums)/len(data.Artists))
}
