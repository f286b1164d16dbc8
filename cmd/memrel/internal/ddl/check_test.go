package ddl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// TestEnumsAreOrderedInPostgreSQLAlone: MySQL and SQLite compare the names, so that a check of their order would say something else.
func TestEnumsAreOrderedInPostgreSQLAlone(t *testing.T) {
	s := memrel.Schema{Name: "posts", Columns: memrel.Columns{{Name: "mood", Type: memrel.Enum, Names: []string{"sad", "fine", "glad"}}}, PrimaryKey: []string{"mood"},
		Checks: []memrel.CheckConstraint{{Name: "low", Where: memrel.Lt("mood", "glad")}, {Name: "some", Where: memrel.Ne("mood", "fine")}}}
	require.Contains(t, Write(Postgres, []memrel.Schema{s}), "CONSTRAINT low CHECK (mood < 'glad')")
	for _, d := range []Dialect{MySQL, SQLite} {
		text := Write(d, []memrel.Schema{s})
		require.NotContains(t, text, "CONSTRAINT low")
		require.Contains(t, text, string(d)+" cannot write the check low: ")
		require.Contains(t, text, "CONSTRAINT some CHECK (mood <> 'fine')")
	}
}
