package ddl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

func TestUncheckedReferencesAreLeftOut(t *testing.T) {
	s := memrel.Schema{Name: "posts", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "author", Type: memrel.Int}}, PrimaryKey: []string{"id"},
		References: []memrel.Reference{{Name: "wrote", Columns: []string{"author"}, Table: "posts", RefColumns: []string{"id"}, Unchecked: true}}}
	text := Write(Postgres, []memrel.Schema{s})
	require.Contains(t, text, "-- posts: PostgreSQL checks every foreign key: wrote to posts, which is unchecked, is left out\n")
	require.NotContains(t, text, "FOREIGN KEY")
}

func TestSoftDeletesAreAPlainColumn(t *testing.T) {
	s := memrel.Schema{Name: "posts", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "gone", Type: memrel.Time}}, PrimaryKey: []string{"id"}}
	plain := Write(Postgres, []memrel.Schema{s})
	s.SoftDelete = "gone"
	require.Equal(t, plain, Write(Postgres, []memrel.Schema{s}))
}
