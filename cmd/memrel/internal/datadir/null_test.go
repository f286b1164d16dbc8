package datadir

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
)

// What MySQL, scripts and PostgreSQL write for NULL is text until somebody says what it means.
func TestWhatStandsForNull(t *testing.T) {
	texts := []memrel.Schema{{Name: "T", PrimaryKey: []string{"id"}, Columns: memrel.Columns{intColumn("id"), {Name: "a", Type: memrel.String}, {Name: "b", Type: memrel.String, NotNull: true}, intColumn("n")}}}
	const text = "id,a,b,n\n1,\\N,,\n2,\\N,\\N,\n3,,NULL,7\n4,\"\\N\",x,\n"
	all := func(db *memrel.DB) (out [][3]any) {
		for row := range memrel.RowsOf("T").All(db) {
			out = append(out, [3]any{row.Get("a"), row.Get("b"), row.Get("n")})
		}
		return out
	}

	db, report := load(t, texts, map[string]string{"T.csv": text}, Options{})
	require.Empty(t, report.Problems)
	require.Equal(t, [][3]any{{`\N`, "", nil}, {`\N`, `\N`, nil}, {nil, "NULL", int64(7)}, {`\N`, "x", nil}}, all(db))
	require.Equal(t, []string{`T.csv:2: T.a is the text \N, and so it is in 1 more row; --null '\N' reads it as NULL`, `T.csv:3: T.b is the text \N; --null '\N' reads it as NULL`}, report.Notes)

	db, report = load(t, texts, map[string]string{"T.csv": text}, Options{Null: `\N`, KeepGoing: true})
	require.Equal(t, [][3]any{{nil, "", nil}, {"", "NULL", int64(7)}, {`\N`, "x", nil}}, all(db))
	require.Len(t, report.Problems, 1)
	require.EqualError(t, report.Problems[0], "T.csv:3: T.b = NULL cannot be NULL; give it a value, or declare a default")
	require.Empty(t, report.Notes)

	_, report = load(t, texts, map[string]string{"T.csv": "id,b,n\n1,x,NULL\n"}, Options{})
	require.ErrorContains(t, report.Problems[0], "--null 'NULL' reads it as NULL")
}

// Nothing at all is no boolean.
func TestAnEmptyFieldWhereNullCannotBe(t *testing.T) {
	flags := []memrel.Schema{{Name: "T", PrimaryKey: []string{"id"}, Columns: memrel.Columns{intColumn("id"), {Name: "b", Type: memrel.Bool, NotNull: true}}}}
	const forms = "write it as true or false, t or f, yes or no, y or n, on or off, 1 or 0"
	for name, c := range map[string]struct{ text, want string }{
		"T.csv":  {"id,b\n1,\"\"\n", `T.csv:2: T.b = "" is NULL, which it cannot be; ` + forms + ", or declare a default"},
		"T.json": {`[{"id": 1, "b": ""}]`, `T.json:1: T.b = "" is not a bool; ` + forms + "; for NULL write null"},
	} {
		_, report := load(t, flags, map[string]string{name: c.text}, Options{})
		require.EqualError(t, report.Problems[0], c.want)
	}
}
