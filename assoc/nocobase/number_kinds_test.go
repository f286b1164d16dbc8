package nocobase_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// The verbs of a relation between kinds of numbers go by the number, whichever kind the other side holds.
func TestVerbsBetweenKindsOfNumbers(t *testing.T) {
	db := open(t, collection("users", nocobase.Field{Type: "double", Name: "score", Unique: true},
		nocobase.Field{Type: "hasMany", Name: "posts", SourceKey: "score", ForeignKey: "rank"}), collection("posts", field("integer", "rank")))
	insert(t, db, "users", memrel.Values{"score": 3}, memrel.Values{"score": 2.5})
	insert(t, db, "posts", memrel.Values{}, memrel.Values{})
	user := func(id int) memrel.Instance {
		i, found, err := memrel.ModelOf("users").FindByPk(db, memrel.Query{}, id)
		require.NoError(t, err)
		require.True(t, found)
		return i
	}
	three, half := user(1), user(2)
	require.NoError(t, three.Add(db, "posts", 1))
	require.Equal(t, []string{"3", "<nil>"}, rows(db, "posts", "rank"))
	has, err := three.Has(db, "posts", 1)
	require.NoError(t, err)
	require.True(t, has)
	has, err = three.Has(db, "posts", 2)
	require.NoError(t, err)
	require.False(t, has)
	require.ErrorIs(t, half.Add(db, "posts", 2), memrel.ErrType, "2.5 is no whole number")
	n, err := half.Count(db, "posts", memrel.Cond{})
	require.NoError(t, err)
	require.Zero(t, n)
	require.NoError(t, three.Set(db, "posts", 2))
	require.Equal(t, []string{"<nil>", "3"}, rows(db, "posts", "rank"))
	found, err := memrel.ModelOf("users").Find(db, memrel.Query{Where: memrel.Some("posts", memrel.Eq("id", 2)), Include: []memrel.Include{{As: "posts"}}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	included, _ := found[0].Included("posts")
	require.Len(t, included, 1)
	require.NoError(t, three.Remove(db, "posts", 2))
	require.Equal(t, []string{"<nil>", "<nil>"}, rows(db, "posts", "rank"))
}
