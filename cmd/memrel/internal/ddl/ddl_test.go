package ddl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// TestKeysHaveTheirOrder: each database is told of the order of a key what it takes.
func TestKeysHaveTheirOrder(t *testing.T) {
	last := memrel.Order{Column: "a", Desc: true, Nulls: memrel.NullsLast}
	s := memrel.Schema{Name: "t", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "a", Type: memrel.Int}, {Name: "b", Type: memrel.Int}},
		PrimaryKey: []string{"id"},
		Unique:     []memrel.UniqueKey{{Name: "u", Columns: []string{"a", "b"}, Order: []memrel.Order{{Column: "b", Desc: true}}, NullsNotDistinct: true}},
		Indexes:    []memrel.Index{{Name: "i", Columns: []string{"b", "a"}, Order: []memrel.Order{last}}},
		References: []memrel.Reference{{Name: "r", Columns: []string{"id", "b"}, Table: "t", RefColumns: []string{"b", "a"}}}}
	for dialect, want := range map[Dialect][]string{
		Postgres: {"CREATE UNIQUE INDEX u ON t (a, b DESC) NULLS NOT DISTINCT;\n", "CREATE INDEX i ON t (b, a DESC NULLS LAST);\n",
			";\n\nALTER TABLE t ADD CONSTRAINT r FOREIGN KEY (id, b) REFERENCES t (b, a);\n"},
		MySQL: {"CONSTRAINT u UNIQUE (a, b DESC)", "CREATE INDEX i ON t (b, a DESC);\n",
			"-- t: MySQL has NULL before every value: i does not say where it stands in a\n"},
		SQLite: {"CONSTRAINT u UNIQUE (a, b DESC)", "CREATE INDEX i ON t (b, a DESC);\n"},
	} {
		for _, text := range want {
			require.Contains(t, Write(dialect, []memrel.Schema{s}), text)
		}
	}
}

// TestKeysOverBeginnings: MySQL has them; in the others they are indexes over what is cut off.
func TestKeysOverBeginnings(t *testing.T) {
	s := memrel.Schema{Name: "t", Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "a", Type: memrel.String}, {Name: "b", Type: memrel.Bytes}},
		PrimaryKey: []string{"id"},
		Unique:     []memrel.UniqueKey{{Name: "u", Columns: []string{"a", "id"}, Prefix: map[string]int{"a": 3}}},
		Indexes:    []memrel.Index{{Name: "i", Columns: []string{"b"}, Prefix: map[string]int{"b": 4}, Order: []memrel.Order{{Column: "b", Desc: true}}}}}
	for dialect, want := range map[Dialect][]string{
		Postgres: {"CREATE UNIQUE INDEX u ON t (substr(a, 1, 3), id);\n", "CREATE INDEX i ON t (substr(b, 1, 4) DESC);\n"},
		SQLite:   {"CREATE UNIQUE INDEX u ON t (substr(a, 1, 3), id);\n", "CREATE INDEX i ON t (substr(b, 1, 4) DESC);\n"},
		MySQL:    {"CONSTRAINT u UNIQUE (a(3), id)", "CREATE INDEX i ON t (b(4) DESC);\n", "a longtext"},
	} {
		for _, text := range want {
			require.Contains(t, Write(dialect, []memrel.Schema{s}), text)
		}
	}
}
