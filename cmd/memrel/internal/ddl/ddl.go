// Package ddl writes the definitions of tables in SQL, for PostgreSQL (15 or later), MySQL (8.0.16 or later, InnoDB) and
// SQLite (3.37 or later).
//
// What it writes means what the schema means, as far as the database can say it: sizes of integers and MATCH FULL become
// checks where there is no type or clause for them. What the database cannot say stands in a comment before the table.
//
// Tables come after those that they refer to. Where they refer to one another in circles, references are added when all
// tables are there; SQLite takes them in any order.
//
// It is a pure function: equal schemas give equal text.
package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// Write is the DDL of tables whose names are all filled in, as [memrel.View.Schema] has them, with the RefColumns of every
// reference.
func Write(d Dialect, schemas []memrel.Schema) string {
	w := &writer{dialect: d, schemas: map[string]*memrel.Schema{}, made: map[string]bool{}}
	for i := range schemas {
		w.schemas[schemas[i].Name] = &schemas[i]
	}
	w.nameAll(schemas)
	w.out.WriteString(d.head(schemas))
	for _, s := range ordered(schemas, w.schemas) {
		w.table(s)
	}
	for _, statement := range w.later {
		w.out.WriteString("\n" + statement + "\n")
	}
	return w.out.String()
}

// ordered are the tables, each after those that it refers to, but for one reference of each circle. It recurses as deep
// as tables refer to tables.
func ordered(schemas []memrel.Schema, byName map[string]*memrel.Schema) []*memrel.Schema {
	var out []*memrel.Schema
	met := map[string]bool{}
	var visit func(*memrel.Schema)
	visit = func(s *memrel.Schema) {
		if s == nil || met[s.Name] {
			return
		}
		met[s.Name] = true
		for _, r := range s.References {
			visit(byName[r.Table])
		}
		out = append(out, s)
	}
	for i := range schemas {
		visit(&schemas[i])
	}
	return out
}

type writer struct {
	dialect   Dialect
	schemas   map[string]*memrel.Schema
	made      map[string]bool              // tables
	tables    map[string]string            // what they are called in the database
	columns   map[string]map[string]string // likewise, by their table
	taken     taken                        // by tables, constraints and indexes
	later     []string                     // statements for the end
	notes     []string                     // on the table at hand
	enums     map[string]string            // what the types of enums are called, by their names
	hasCitext bool                         // the extension is asked for
	types     []string                     // statements that make them, for the table at hand
	out       strings.Builder
}

// table writes a table: comments, the statement, its indexes.
func (w *writer) table(s *memrel.Schema) {
	w.notes, w.types = nil, nil
	w.noteNames(s)
	w.made[s.Name] = true
	var lines, after []string
	for i := range s.Columns {
		lines = append(lines, w.column(s, &s.Columns[i]))
	}
	if !w.numbersKey(s) && len(s.PrimaryKey) > 0 {
		lines = append(lines, w.primaryKey(s))
	}
	for _, u := range s.Unique {
		line, extra := w.unique(s, u)
		lines, after = append(lines, line), append(after, extra...)
	}
	for _, c := range s.Checks {
		lines = append(lines, w.check(s, c))
	}
	for _, r := range s.References {
		lines = append(lines, w.reference(s, r)...)
	}
	for _, x := range s.Indexes {
		if w.keyable(s, "index "+x.Name, x.Columns) {
			after = append(after, fmt.Sprintf("CREATE INDEX %s ON %s %s;", w.constraint(x.Name), w.tableName(s.Name), w.keyList(s, x)))
		}
	}
	after = append(after, w.comments(s)...)
	lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	w.out.WriteString("\n")
	for _, note := range w.notes {
		w.out.WriteString("-- " + oneLine(s.Name+": "+note) + "\n")
	}
	for _, statement := range w.types {
		w.out.WriteString(statement + "\n")
	}
	fmt.Fprintf(&w.out, "CREATE TABLE %s (\n    %s\n)%s;\n", w.tableName(s.Name), strings.Join(lines, ",\n    "), w.dialect.options())
	for _, statement := range after {
		w.out.WriteString(statement + "\n")
	}
}

func (w *writer) primaryKey(s *memrel.Schema) string {
	line := "PRIMARY KEY " + w.columnList(s, s.PrimaryKey)
	if name, other := w.implied(s, "", "_pkey"); other {
		line = "CONSTRAINT " + name + " " + line
	}
	return line
}

// note says what the database cannot.
func (w *writer) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

// unique is a unique key, and what has to follow the table.
func (w *writer) unique(s *memrel.Schema, u memrel.UniqueKey) (line string, after []string) {
	if !w.keyable(s, "unique key "+u.Name, u.Columns) {
		return "", nil
	}
	name, words := w.constraint(u.Name), "UNIQUE "
	columns := w.keyList(s, memrel.Index{Name: u.Name, Columns: u.Columns, Order: u.Order, Prefix: u.Prefix})
	switch {
	case followsTable(w.dialect, u):
		if u.NullsNotDistinct && w.dialect == Postgres {
			columns += " NULLS NOT DISTINCT"
		}
		return "", []string{fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s %s;", name, w.tableName(s.Name), columns)}
	case !u.NullsNotDistinct:
	case w.dialect == Postgres:
		words = "UNIQUE NULLS NOT DISTINCT "
	case w.dialect == SQLite: // a reference needs the plain key, this one tells NULL from every value
		var parts []string
		for _, c := range u.Columns {
			value := w.columnName(s, c)
			if n := u.Prefix[c]; n > 0 {
				value = w.beginning(s, c, n)
			}
			parts = append(parts, w.columnName(s, c)+" IS NULL", "ifnull("+value+", 0)")
		}
		after = append(after, fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s (%s);", w.constraint(u.Name+"_nulls"), w.tableName(s.Name), strings.Join(parts, ", ")))
	default:
		w.note("%s takes NULLs in the unique key %s for different", w.dialect, u.Name)
	}
	return "CONSTRAINT " + name + " " + words + columns + w.deferrableKey(u), after
}

// followsTable tells whether a unique key is no constraint in the database, but an index that is made when the table is there: one in an
// order, or over beginnings of columns.
func followsTable(d Dialect, u memrel.UniqueKey) bool {
	return d == Postgres && len(u.Order) > 0 || d != MySQL && len(u.Prefix) > 0
}

// keyList are the columns of a key, in its order, with what it has of them.
func (w *writer) keyList(s *memrel.Schema, x memrel.Index) string {
	parts := make([]string, len(x.Columns))
	for i, name := range x.Columns {
		parts[i] = w.columnName(s, name)
		if n := x.Prefix[name]; n > 0 {
			parts[i] = w.beginning(s, name, n)
		}
		for _, o := range x.Order {
			if o.Column == name {
				parts[i] += w.direction(x.Name, o)
			}
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// beginning is what a key has of a column.
func (w *writer) beginning(s *memrel.Schema, name string, n int) string {
	if w.dialect == MySQL {
		return fmt.Sprintf("%s(%d)", w.columnName(s, name), n)
	}
	return fmt.Sprintf("substr(%s, 1, %d)", w.columnName(s, name), n)
}

// direction is the order of a column in a key. Where NULL stands in an index only PostgreSQL lets one say.
func (w *writer) direction(key string, o memrel.Order) string {
	text := strings.TrimPrefix(o.String(), o.Column)
	if w.dialect == Postgres || !strings.Contains(text, " NULLS") {
		return text
	}
	w.note("%s has NULL before every value: %s does not say where it stands in %s", w.dialect, key, o.Column)
	text, _, _ = strings.Cut(text, " NULLS")
	return text
}

// keyable tells whether the database can have a key over columns.
func (w *writer) keyable(s *memrel.Schema, what string, columns []string) bool {
	if w.dialect != MySQL {
		return true
	}
	for _, name := range columns {
		if c := column(s, name); c != nil && (c.Type == memrel.JSON || c.Type.IsList()) {
			w.note("%s has no key over JSON: %s is left out", w.dialect, what)
			return false
		}
	}
	return true
}

func column(s *memrel.Schema, name string) *memrel.Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

// inKey tells whether a key, an index or a reference has the column, at either end.
func (w *writer) inKey(s *memrel.Schema, name string) bool {
	has := func(columns []string) bool { return slices.Contains(columns, name) }
	return has(s.PrimaryKey) ||
		slices.ContainsFunc(s.Unique, func(u memrel.UniqueKey) bool { return has(u.Columns) && u.Prefix[name] == 0 }) ||
		slices.ContainsFunc(s.Indexes, func(x memrel.Index) bool { return has(x.Columns) && x.Prefix[name] == 0 }) ||
		slices.ContainsFunc(s.References, func(r memrel.Reference) bool { return has(r.Columns) })
}
