package differential

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// State is the contents of all tables: rows in the order of their primary keys, cells in the order of the columns, each
// nil, int64, float64, bool or string.
type State map[string][][]any

func (s State) diff(other State) string {
	var out []string
	for _, name := range sortedKeys(s) {
		if !reflect.DeepEqual(s[name], other[name]) {
			out = append(out, fmt.Sprintf("%s %s, not %s", name, rowsText(other[name]), rowsText(s[name])))
		}
	}
	return strings.Join(out, "; ")
}

func rowsText(rows [][]any) string {
	parts := make([]string, len(rows))
	for i, r := range rows {
		parts[i] = "(" + literals(r) + ")"
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func position(t *memrel.Schema, column string) int {
	return slices.IndexFunc(t.Columns, func(c memrel.Column) bool { return c.Name == column })
}

// cells are the values of some columns.
func cells(t *memrel.Schema, row []any, columns []string) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = row[position(t, c)]
	}
	return out
}

func hasNull(key []any) bool { return slices.Contains(key, nil) }

// Outcome is what a statement came to.
type Outcome struct {
	Rows       int    // that the statement named
	Class      string // of the error, empty for success: see classes
	Constraint string // that the error names, if it does
	Text       string // the error in full
}

func (o Outcome) String() string {
	if o.Class == "" {
		return fmt.Sprintf("%d rows", o.Rows)
	}
	return o.Class + ": " + o.Text
}

// The classes of errors. SQLite knows foreignKey alone, and PostgreSQL the two kinds of it.
const (
	notNull       = "notNull"
	unique        = "unique"
	foreignKey    = "foreignKey"
	parentMissing = "foreignKey: no parent"
	childExists   = "foreignKey: still referenced"
	matchFull     = "foreignKey: partly NULL"
	outOfRange    = "outOfRange"
	other         = "other"
)

// coarse is the class as SQLite tells it.
func coarse(class string) string {
	class, _, _ = strings.Cut(class, ":")
	return class
}
