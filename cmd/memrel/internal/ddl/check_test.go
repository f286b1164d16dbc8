package ddl

import (
	"strings"
	"testing"
	"time"

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

// TestTheTimeOfTheInsertIsADefault: MySQL wants the digits that the column has.
func TestTheTimeOfTheInsertIsADefault(t *testing.T) {
	s := memrel.Schema{Name: "t", PrimaryKey: []string{"at"}, Columns: memrel.Columns{{Name: "at", Type: memrel.Time}, {Name: "milli", Type: memrel.Time, Precision: time.Millisecond},
		{Name: "second", Type: memrel.Time, Precision: time.Second}, {Name: "day", Type: memrel.Date}, {Name: "hour", Type: memrel.TimeOfDay}, {Name: "text", Type: memrel.String}}}
	for i := range s.Columns {
		s.Columns[i].DefaultNow = true
	}
	for d, want := range map[Dialect][]string{
		Postgres: {"at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,", "milli timestamptz(3) DEFAULT CURRENT_TIMESTAMP,", "second timestamptz(0) DEFAULT CURRENT_TIMESTAMP,",
			"day date DEFAULT CURRENT_DATE,", "hour time DEFAULT CURRENT_TIME,", "text text DEFAULT to_char("},
		MySQL: {"at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),", "milli datetime(3) DEFAULT CURRENT_TIMESTAMP(3),", "second datetime(0) DEFAULT CURRENT_TIMESTAMP,",
			"`day` date DEFAULT (CURRENT_DATE),", "`hour` time(6) DEFAULT (CURRENT_TIME(6)),", "`text` longtext DEFAULT (DATE_FORMAT("},
		SQLite: {"at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,", "day date DEFAULT CURRENT_DATE,", "hour time DEFAULT CURRENT_TIME,", "text text DEFAULT CURRENT_TIMESTAMP,"},
	} {
		text := Write(d, []memrel.Schema{s})
		for _, line := range want {
			require.Contains(t, strings.ReplaceAll(text, "`", ""), strings.ReplaceAll(line, "`", ""))
		}
	}
}
