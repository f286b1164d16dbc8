package tests

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// TestAFileOfVersion1IsReadAndWrittenAsItWas: it was written before stores kept anything for front ends.
func TestAFileOfVersion1IsReadAndWrittenAsItWas(t *testing.T) {
	text, err := os.ReadFile("testdata/files/version1.memrel")
	require.NoError(t, err)
	db, err := memrel.Load(bytes.NewReader(text))
	require.NoError(t, err)
	row, ok := memrel.RowsOf("customer").Get(db, 1)
	require.True(t, ok)
	require.Equal(t, "ann", row.Get("name"))
	require.Equal(t, text, written(t, db))
	sound(t, db)
}

// TestFormsBelongToTheDefinitions: they are versioned, rolled back, forked, saved and loaded with these, and the store does not
// look into them.
func TestFormsBelongToTheDefinitions(t *testing.T) {
	db := memrel.MustOpen(memrel.Schema{Name: "t", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}},
		memrel.Form{Name: "b", Text: []byte{0, 255}}, memrel.Form{Name: "a", Text: []byte("one")})
	before := db.View()
	require.NoError(t, db.Define(memrel.Form{Name: "a", Text: []byte("two")}))
	require.Equal(t, "one", string(before.Form("a")))
	require.Equal(t, "two", string(db.View().Form("a")))
	require.Nil(t, db.View().Form("c"))

	require.NoError(t, db.Define(memrel.Schema{Name: "u", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}}))
	tx := db.Begin()
	require.NoError(t, tx.Define(memrel.Form{Name: "a", Text: []byte("three")}))
	tx.Rollback()
	require.Equal(t, "two", string(db.View().Form("a")))
	fork := db.Fork()
	require.NoError(t, fork.Define(memrel.Form{Name: "b"}))
	require.Nil(t, fork.View().Form("b"))

	db.View().Form("b")[0] = 9
	again, err := memrel.Load(bytes.NewReader(written(t, db)))
	require.NoError(t, err)
	require.Equal(t, []byte{0, 255}, again.View().Form("b"))
	require.Equal(t, written(t, db), written(t, again))
	require.Equal(t, "memrel 2\n", string(written(t, db)[:9]))
	require.NoError(t, again.Define(memrel.Form{Name: "a"}, memrel.Form{Name: "b"}))
	require.Equal(t, "memrel 1\n", string(written(t, again)[:9]))
	require.ErrorIs(t, db.Define(memrel.Form{Text: []byte("x")}), memrel.ErrDefinition)
	sound(t, db)
	sound(t, again)
}

// TestAFormBecomesDefinitionsWhenItIsLoaded, and is given to its front end alone.
func TestAFormBecomesDefinitionsWhenItIsLoaded(t *testing.T) {
	db := memrel.MustOpen(memrel.Form{Name: "names", Text: []byte("x")})
	var given []string
	load := func(name string) (*memrel.DB, error) {
		return memrel.Load(bytes.NewReader(written(t, db)), memrel.Form{Name: name, Read: func(text []byte) ([]memrel.Definition, error) {
			if given = append(given, string(text)); text == nil {
				return nil, nil
			}
			return []memrel.Definition{memrel.Schema{Name: string(text), Columns: memrel.Columns{{Name: "id", Type: memrel.Int}}, PrimaryKey: []string{"id"}}}, nil
		}})
	}
	again, err := load("names")
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, again.View().Tables())
	sound(t, again)
	other, err := load("others")
	require.NoError(t, err)
	require.Empty(t, other.View().Tables())
	require.Equal(t, []string{"x", ""}, given)
	require.Equal(t, "x", string(other.View().Form("names")))

	require.ErrorIs(t, db.Define(memrel.Form{Name: "names", Read: func([]byte) ([]memrel.Definition, error) { return nil, nil }}), memrel.ErrDefinition)
	file := written(t, db)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 0x10
		_, err := memrel.Load(bytes.NewReader(bad))
		require.ErrorIs(t, err, memrel.ErrFile, "byte %d", i)
		_, err = memrel.Load(bytes.NewReader(file[:i]))
		require.ErrorIs(t, err, memrel.ErrFile, "cut at byte %d", i)
	}
}

func written(t *testing.T, db *memrel.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, db.View().Save(&b))
	return b.Bytes()
}
