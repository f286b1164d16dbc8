package nocobase_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Every test opens its store by open, which checks at the end that each reference of it holds.
func open(t *testing.T, defs ...memrel.Definition) *memrel.DB {
	t.Helper()
	db, err := memrel.Open(defs...)
	require.NoError(t, err)
	t.Cleanup(func() {
		for err := range db.Check() {
			t.Error(err)
		}
	})
	return db
}

func collection(name string, fields ...nocobase.Field) nocobase.Collection {
	return nocobase.Collection{Name: name, Fields: fields}
}

// definitions reads collections from JSON.
func definitions(t *testing.T, text string) (out []memrel.Definition) {
	t.Helper()
	list, err := nocobase.Parse(strings.NewReader(text))
	require.NoError(t, err)
	for _, c := range list {
		out = append(out, c)
	}
	return out
}

func field(kind, name string) nocobase.Field { return nocobase.Field{Type: kind, Name: name} }

// onDelete is a relation that says what becomes of rows.
func onDelete(kind, name, action string) nocobase.Field {
	return nocobase.Field{Type: kind, Name: name, OnDelete: action}
}

// unique is a text that no two rows share.
func unique(name string) nocobase.Field {
	return nocobase.Field{Type: "string", Name: name, Unique: true}
}

// references are those to a table, in the order in which a delete works them.
func references(db *memrel.DB, table string) (out []string) {
	for _, r := range db.References(table) {
		if r.Table == table {
			out = append(out, fmt.Sprintf("%s %s %s", r, r.OnDelete, r.Priority))
		}
	}
	return out
}

func pending(db *memrel.DB) (out []string) {
	for _, p := range db.Pending() {
		out = append(out, p.String())
	}
	return out
}

// columns are the names of a collection's columns, but for the times.
func columns(db *memrel.DB, name string) (out []string) {
	for _, c := range nocobase.Of(memrel.Associations(db)).Columns(name) {
		if c.Name != "createdAt" && c.Name != "updatedAt" {
			out = append(out, c.Name)
		}
	}
	return out
}

// bindings are the relations of a collection: user userId -> users.id.
func bindings(db *memrel.DB, name string) (out []string) {
	for _, b := range nocobase.Of(memrel.Associations(db)).Bindings(name) {
		text := fmt.Sprintf("%s %s %s %s", b.Kind, b.Name, b.Target, b.ForeignKey)
		for _, more := range []string{b.OtherKey, b.SourceKey, b.TargetKey, b.Through} {
			if more != "" {
				text += " " + more
			}
		}
		if b.Pending {
			text += "waits"
		}
		out = append(out, text)
	}
	return out
}

func insert(t *testing.T, db *memrel.DB, table string, rows ...memrel.Values) {
	t.Helper()
	_, err := memrel.RowsOf(table).InsertAll(db, rows)
	require.NoError(t, err)
}

// rows are the values of some columns in all rows of a table.
func rows(db *memrel.DB, table string, columns ...string) (out []string) {
	for row := range memrel.RowsOf(table).All(db) {
		var values []string
		for _, c := range columns {
			values = append(values, fmt.Sprint(row.Get(c)))
		}
		out = append(out, strings.Join(values, " "))
	}
	return out
}

// refused asserts that a definition is refused and leaves everything as it was.
func refused(t *testing.T, db *memrel.DB, why string, defs ...memrel.Definition) {
	t.Helper()
	before, associations := db.View(), memrel.Associations(db)
	err := db.Define(defs...)
	require.ErrorIs(t, err, memrel.ErrDefinition)
	require.ErrorContains(t, err, why)
	require.Equal(t, before.Tables(), db.View().Tables())
	require.Same(t, associations, memrel.Associations(db))
}
