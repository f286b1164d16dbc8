package differential

import (
	"strings"
	"testing"

	"github.com/memrel/memrel"
)

// The cases are what random programs meet too seldom. Each tells what its last statement comes to, as PostgreSQL 15 does
// it: the class of the error and the constraint, or the rows of all tables. With MEMREL_POSTGRES_DSN set they are compared
// with a server again, after every statement.

func integers(names ...string) []memrel.Column {
	var out []memrel.Column
	for _, name := range names {
		out = append(out, typed(name, memrel.Int))
	}
	return out
}

// typed is a column; a name that ends in "!" is NOT NULL.
func typed(name string, typ memrel.Type) memrel.Column {
	name, notNull := strings.CutSuffix(name, "!")
	return memrel.Column{Name: name, Type: typ, NotNull: notNull}
}

func defaulted(c memrel.Column, v any) memrel.Column {
	c.Default = v
	return c
}

func bits32(c memrel.Column) memrel.Column {
	c.Size = 32
	return c
}

// tableOf takes columns, unique keys and references.
func tableOf(name, key string, parts ...any) memrel.Schema {
	t := memrel.Schema{Name: name, PrimaryKey: strings.Fields(key)}
	for _, p := range parts {
		switch p := p.(type) {
		case []memrel.Column:
			t.Columns = append(t.Columns, p...)
		case memrel.Column:
			t.Columns = append(t.Columns, p)
		case memrel.UniqueKey:
			t.Unique = append(t.Unique, p)
		case memrel.Reference:
			t.References = append(t.References, p)
		}
	}
	return t
}

func uniqueOver(name, columns string) memrel.UniqueKey {
	return memrel.UniqueKey{Name: name, Columns: strings.Fields(columns)}
}

// beginning is a key over the first characters of a column.
func beginning(u memrel.UniqueKey, column string, n int) memrel.UniqueKey {
	u.Prefix = map[string]int{column: n}
	return u
}

// ref is a reference; change sets what it says beside.
func ref(name, columns, table, refColumns string, change func(*memrel.Reference)) memrel.Reference {
	r := memrel.Reference{Name: name, Columns: strings.Fields(columns), Table: table, RefColumns: strings.Fields(refColumns)}
	change(&r)
	return r
}

func ins(table, columns string, rows ...[]any) Statement {
	for _, r := range rows {
		for i, v := range r {
			if n, ok := v.(int); ok {
				r[i] = int64(n)
			}
		}
	}
	return Statement{Op: "INSERT", Table: table, Columns: strings.Fields(columns), Rows: rows}
}

func upd(table string, set []Assign, where ...Match) Statement {
	return Statement{Op: "UPDATE", Table: table, Set: set, Where: where}
}

func del(table string, where ...Match) Statement {
	return Statement{Op: "DELETE", Table: table, Where: where}
}

func op(words ...string) Statement {
	return Statement{Op: words[0], Name: strings.Join(words[1:], " ")}
}

func is(column string, values ...any) Match {
	for i, v := range values {
		if n, ok := v.(int); ok {
			values[i] = int64(n)
		}
	}
	return Match{column, values}
}

func to(column string, v any) []Assign {
	if n, ok := v.(int); ok {
		v = int64(n)
	}
	return []Assign{{Column: column, Value: v}}
}

func by(column string, v any) []Assign {
	a := to(column, v)
	a[0].Add = true
	return a
}

var (
	onDelete = func(a memrel.Action) func(*memrel.Reference) {
		return func(r *memrel.Reference) { r.OnDelete = a }
	}
	onUpdate = func(a memrel.Action) func(*memrel.Reference) {
		return func(r *memrel.Reference) { r.OnUpdate = a }
	}
	deferred = func(r *memrel.Reference) { r.Deferrable, r.InitiallyDeferred = true, true }
)

func all(changes ...func(*memrel.Reference)) func(*memrel.Reference) {
	return func(r *memrel.Reference) {
		for _, c := range changes {
			c(r)
		}
	}
}

func setting(columns ...string) func(*memrel.Reference) {
	return func(r *memrel.Reference) { r.SetColumns = columns }
}

func full(r *memrel.Reference) { r.MatchFull = true }

type row = []any

func TestCases(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := &Program{Tables: c.tables, Statements: c.statements}
			m, err := openMemrel(p.Tables)
			if err != nil {
				t.Fatal(err)
			}
			var last Outcome
			for _, s := range p.Statements {
				last = m.do(s)
			}
			got := strings.TrimSpace(last.Class + " " + last.Constraint)
			if last.Class == "" {
				var parts []string
				for _, table := range p.Tables {
					parts = append(parts, table.Name+" "+rowsText(m.read()[table.Name]))
				}
				got = strings.Join(parts, "; ")
			}
			if m.close(); got != c.want || len(m.broken) > 0 {
				t.Errorf("got  %s %v\nwant %s\n%s", got, m.broken, c.want, p)
			}
			if difference := Declared(p, 1); difference != "" {
				t.Error(difference)
			}
		})
	}
}

func TestCasesOnPostgres(t *testing.T) {
	peer := connect(t, "differential_cases")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := &Program{Tables: c.tables, Statements: c.statements}
			if r := Compare(p, peer); r.Failure != "" || len(r.Accepted) > 0 {
				t.Errorf("%s %v\n%s", r.Failure, r.Accepted, p)
			}
		})
	}
}
