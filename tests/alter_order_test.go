package tests

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// NULL in what becomes a primary key is told before rows that share it, as PostgreSQL does.
func TestANewPrimaryKeyIsHeldToNotNullFirst(t *testing.T) {
	db := checked(t, memrel.MustOpen(memrel.Schema{Name: "c", PrimaryKey: []string{"id"}, Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "b", Type: memrel.Bool}}}))
	_, err := memrel.RowsOf("c").InsertAll(db, []memrel.Values{{"id": 1}, {"id": 2}})
	require.NoError(t, err)
	err = db.Alter("c", memrel.PrimaryKey{"b"})
	require.ErrorIs(t, err, memrel.ErrNotNull)
	require.ErrorContains(t, err, "b cannot be NULL")
}
