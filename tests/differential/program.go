package differential

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
)

// Program is a schema and what is done with it.
type Program struct {
	Tables     []memrel.Schema
	Statements []Statement
	added      []string // what adds the references, if it is not in the order of the tables
}

// Statement is one statement. Op is a word of SQL: INSERT, UPDATE, DELETE, TRUNCATE, BEGIN, COMMIT, ROLLBACK, SAVEPOINT,
// ROLLBACK TO, RELEASE, DEFERRED or IMMEDIATE (SET CONSTRAINTS), ALTER.
type Statement struct {
	Op      string
	Table   string
	Columns []string // of an insert
	Rows    [][]any  // of an insert
	Set     []Assign
	Where   []Match
	With    []string // other tables of a truncate
	Cascade bool     // of a truncate
	Name    string   // of a savepoint, or of a constraint; empty: all

	Part       memrel.Part // of an alteration
	Alteration string      // that in SQL, behind ALTER TABLE and the table
}

// Assign is column = value, or column = column + value.
type Assign struct {
	Column string
	Value  any
	Add    bool
}

// Match is column IN (values); a single nil is IS NULL.
type Match struct {
	Column string
	Values []any
}

// Writes tells whether the statement writes rows one by one, by the rules of their tables.
func (s *Statement) Writes() bool {
	return s.Op == "INSERT" || s.Op == "UPDATE" || s.Op == "DELETE"
}

// Stores tells whether the statement changes rows, and is undone alone if it fails.
func (s *Statement) Stores() bool { return s.Writes() || s.Op == "TRUNCATE" || s.Op == "ALTER" }

// Judges tells whether the statement has rules judged: those of what it writes, or those that were put off.
func (s *Statement) Judges() bool { return s.Writes() || s.Op == "COMMIT" || s.Op == "IMMEDIATE" }

// String is the statement in SQL.
func (s *Statement) String() string {
	switch s.Op {
	case "INSERT":
		rows := make([]string, len(s.Rows))
		for i, r := range s.Rows {
			rows[i] = "(" + literals(r) + ")"
		}
		return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", s.Table, strings.Join(s.Columns, ", "), strings.Join(rows, ", "))
	case "UPDATE":
		sets := make([]string, len(s.Set))
		for i, a := range s.Set {
			sets[i] = a.Column + " = " + literal(a.Value)
			if a.Add {
				sets[i] = a.Column + " = " + a.Column + " + " + literal(a.Value)
			}
		}
		return "UPDATE " + s.Table + " SET " + strings.Join(sets, ", ") + s.where()
	case "DELETE":
		return "DELETE FROM " + s.Table + s.where()
	case "TRUNCATE":
		text := "TRUNCATE " + strings.Join(append([]string{s.Table}, s.With...), ", ")
		if s.Cascade {
			text += " CASCADE"
		}
		return text
	case "ALTER":
		return "ALTER TABLE " + s.Table + " " + s.Alteration
	case "SAVEPOINT", "ROLLBACK TO", "RELEASE":
		return s.Op + " " + s.Name
	case "DEFERRED", "IMMEDIATE":
		name := s.Name
		if name == "" {
			name = "ALL"
		}
		return "SET CONSTRAINTS " + name + " " + s.Op
	}
	return s.Op
}

func (s *Statement) where() string {
	var parts []string
	for _, m := range s.Where {
		switch {
		case len(m.Values) == 1 && m.Values[0] == nil:
			parts = append(parts, m.Column+" IS NULL")
		case len(m.Values) == 1:
			parts = append(parts, m.Column+" = "+literal(m.Values[0]))
		default:
			parts = append(parts, m.Column+" IN ("+literals(m.Values)+")")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(parts, " AND ")
}

func literals(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = literal(v)
	}
	return strings.Join(out, ", ")
}

func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// String is the whole program in SQL.
func (p *Program) String() string {
	lines := append(p.creates(), p.adds()...)
	for i := range p.Statements {
		lines = append(lines, p.Statements[i].String())
	}
	return strings.Join(lines, ";\n") + ";\n"
}

// creates defines the tables, without references.
func (p *Program) creates() []string {
	var out []string
	for i := range p.Tables {
		out = append(out, create(&p.Tables[i], nil))
	}
	return out
}

// adds defines the references of tables that are there, in the order of the program.
func (p *Program) adds() []string {
	if p.added != nil {
		return p.added
	}
	var out []string
	for _, t := range p.Tables {
		for _, r := range t.References {
			out = append(out, "ALTER TABLE "+t.Name+" ADD "+reference(&r))
		}
	}
	return out
}

func create(t *memrel.Schema, refs []memrel.Reference) string {
	var parts []string
	after := ""
	for _, c := range t.Columns {
		parts = append(parts, column(&c))
	}
	parts = append(parts, "CONSTRAINT "+t.Name+"_pkey PRIMARY KEY ("+strings.Join(t.PrimaryKey, ", ")+")")
	for _, u := range t.Unique {
		if len(u.Prefix) > 0 {
			after += "; CREATE UNIQUE INDEX " + u.Name + " ON " + t.Name + " (" + strings.Join(beginnings(&u), ", ") + ")"
			continue
		}
		parts = append(parts, uniqueKey(&u))
	}
	for _, r := range refs {
		parts = append(parts, reference(&r))
	}
	return "CREATE TABLE " + t.Name + " (" + strings.Join(parts, ", ") + ")" + after
}

// beginnings are what a key has of its columns.
func beginnings(u *memrel.UniqueKey) []string {
	out := slices.Clone(u.Columns)
	for i, name := range out {
		if n := u.Prefix[name]; n > 0 {
			out[i] = fmt.Sprintf("substr(%s, 1, %d)", name, n)
		}
	}
	return out
}

func uniqueKey(u *memrel.UniqueKey) string {
	kind := " UNIQUE ("
	if u.NullsNotDistinct {
		kind = " UNIQUE NULLS NOT DISTINCT ("
	}
	return "CONSTRAINT " + u.Name + kind + strings.Join(u.Columns, ", ") + ")" + deferrable(u.Deferrable, u.InitiallyDeferred)
}

// uintType is what holds 64 bits without a sign: in PostgreSQL a domain, in SQLite, which heeds no types, a bigint.
const uintType = "UINT8"

// domains are the types that the programs make, where a database has them.
func domains() []string {
	return []string{"CREATE DOMAIN " + uintType + " AS NUMERIC(20) CHECK (VALUE BETWEEN 0 AND 18446744073709551615)",
		"CREATE TYPE MOOD AS ENUM ('" + strings.Join(moods, "', '") + "')"}
}

func column(c *memrel.Column) string {
	out := c.Name + " " + map[memrel.Type]string{memrel.Int: "BIGINT", memrel.String: "TEXT", memrel.Bool: "BOOLEAN", memrel.Float: "DOUBLE PRECISION",
		memrel.Date: "DATE", memrel.Decimal: "NUMERIC", memrel.CIText: "CITEXT", memrel.TimeOfDay: "TIME", memrel.UUID: "UUID", memrel.Uint: uintType, memrel.Enum: "MOOD"}[c.Type]
	switch {
	case c.Type == memrel.Decimal && c.Size > 0:
		out += fmt.Sprintf("(%d,%d)", c.Size, c.Scale)
	case c.Size == 32:
		out = c.Name + " INT"
	}
	if c.NotNull {
		out += " NOT NULL"
	}
	if c.Default != nil {
		out += " DEFAULT " + literal(c.Default)
	}
	return out
}

func reference(r *memrel.Reference) string {
	out := fmt.Sprintf("CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)", r.Name, strings.Join(r.Columns, ", "), r.Table, strings.Join(r.RefColumns, ", "))
	if r.MatchFull {
		out += " MATCH FULL"
	}
	out += " ON DELETE " + cmp.Or(r.OnDelete, memrel.NoAction).String()
	if len(r.SetColumns) > 0 {
		out += " (" + strings.Join(r.SetColumns, ", ") + ")"
	}
	out += " ON UPDATE " + cmp.Or(r.OnUpdate, memrel.NoAction).String()
	out += deferrable(r.Deferrable, r.InitiallyDeferred)
	return out
}

// has tells whether the program has a table.
func (p *Program) has(name string) bool {
	return slices.ContainsFunc(p.Tables, func(t memrel.Schema) bool { return t.Name == name })
}

// table finds a table of the program.
func (p *Program) table(name string) *memrel.Schema {
	i := slices.IndexFunc(p.Tables, func(t memrel.Schema) bool { return t.Name == name })
	return &p.Tables[i]
}

// A link is a reference with the table that declares it.
type link struct {
	child string
	*memrel.Reference
}

// links are all references.
func (p *Program) links() []link {
	var out []link
	for i := range p.Tables {
		for j := range p.Tables[i].References {
			out = append(out, link{p.Tables[i].Name, &p.Tables[i].References[j]})
		}
	}
	return out
}

// inserts writes the rows of a state.
func (p *Program) inserts(rows State, descending bool) []string {
	var out []string
	for _, t := range p.Tables {
		columns := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = c.Name
		}
		list := slices.Clone(rows[t.Name])
		if descending {
			slices.Reverse(list)
		}
		if len(list) > 0 {
			out = append(out, (&Statement{Op: "INSERT", Table: t.Name, Columns: columns, Rows: list}).String())
		}
	}
	return out
}

func deferrable(is, deferred bool) string {
	switch {
	case deferred:
		return " DEFERRABLE INITIALLY DEFERRED"
	case is:
		return " DEFERRABLE"
	}
	return ""
}
