package ddl

import (
	"strings"
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

// TestReferencesBetweenKindsOfNumbers: each database gets those that it takes.
func TestReferencesBetweenKindsOfNumbers(t *testing.T) {
	to := memrel.Schema{Name: "to", Columns: memrel.Columns{{Name: "i", Type: memrel.Int}, {Name: "f", Type: memrel.Float}}, PrimaryKey: []string{"i"},
		Unique: []memrel.UniqueKey{{Columns: []string{"f"}}}}
	from := memrel.Schema{Name: "zfrom", Columns: memrel.Columns{{Name: "i", Type: memrel.Int}, {Name: "f", Type: memrel.Float}}, PrimaryKey: []string{"i"},
		References: []memrel.Reference{{Name: "whole", Columns: []string{"i"}, Table: "to", RefColumns: []string{"f"}},
			{Name: "real", Columns: []string{"f"}, Table: "to", RefColumns: []string{"i"}}}}
	for dialect, want := range map[Dialect][]bool{Postgres: {true, false}, MySQL: {false, false}, SQLite: {true, true}} {
		text := Write(dialect, []memrel.Schema{to, from})
		for i, name := range []string{"whole", "real"} {
			require.Equal(t, want[i], strings.Contains(text, name+" FOREIGN KEY") || strings.Contains(text, name+"\" FOREIGN KEY") || strings.Contains(text, name+"` FOREIGN KEY"), text)
			require.Equal(t, !want[i], strings.Contains(text, "does not compare the two kinds of numbers: "+name+" is left out"), text)
		}
	}
}
