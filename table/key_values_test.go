package table

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// A key is given as one value for each of its columns; the error for another number names the key by what it is.
func TestKeysHaveAValueForEachColumn(t *testing.T) {
	d, err := Compile(Schema{Name: "pets", PrimaryKey: []string{"owner", "name"}, Unique: []UniqueKey{{Columns: []string{"chip"}}},
		Columns: []types.Column{{Name: "owner", Type: index.Int}, {Name: "name", Type: index.String}, {Name: "chip", Type: index.Int}, {Name: "age", Type: index.Int}}})
	require.NoError(t, err)
	vals, err := d.KeyValues(nil, []int{0, 1}, []any{7, "rex"})
	require.NoError(t, err)
	require.Len(t, vals, 2)
	for _, c := range []struct {
		pos  []int
		key  []any
		want string
	}{
		{[]int{0, 1}, []any{7}, "memrel: pets: a key of 1 values was given for the primary key (owner, name); give one value for each of its columns"},
		{[]int{2}, nil, "memrel: pets: a key of 0 values was given for the unique key (chip); give one value for each of its columns"},
		{[]int{3}, []any{1, 2}, "memrel: pets: a key of 2 values was given for the key (age); give one value for each of its columns"},
	} {
		_, err := d.KeyValues(nil, c.pos, c.key)
		require.ErrorIs(t, err, types.ErrQuery)
		require.EqualError(t, err, c.want)
	}
	_, err = d.KeyValues(nil, []int{2}, []any{"x"})
	require.ErrorIs(t, err, types.ErrType)
	require.Equal(t, "pets", types.AsError(err).Table)
}
