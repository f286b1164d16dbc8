package differential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// alters tells whether a program alters tables.
func (p *Program) alters() bool {
	return slices.ContainsFunc(p.Statements, func(s Statement) bool { return s.Op == "ALTER" })
}

// now is the program with its tables as memrel has them at the moment, in the order of their first letters, which they keep. What takes back
// an alteration takes back the tables with it.
func (m *memrelRun) now(p *Program, after *Statement) *Program {
	if !p.alters() || !slices.Contains([]string{"ALTER", "COMMIT", "ROLLBACK", "ROLLBACK TO"}, after.Op) {
		return p
	}
	view := m.db.View()
	if m.tx != nil {
		view = m.tx.View()
	}
	q := &Program{Statements: p.Statements}
	for _, name := range view.Tables() {
		t, _ := view.Schema(name)
		q.Tables = append(q.Tables, t)
	}
	m.program = q
	return q
}

// alter makes an alteration of a table, which comes from the tables as they are.
func (g *generator) alter(t *memrel.Schema) Statement {
	ways := []func(*memrel.Schema) (memrel.Part, string){g.renameColumn, g.renameTable, g.addColumn, g.dropColumn}
	if g.Full {
		ways = append(ways, g.retype, g.retype, g.setNotNull, g.addUnique, g.dropUnique, g.dropReference, g.addReference, g.primaryKey)
	}
	for range 6 {
		if part, text := pick(g, ways)(t); part != nil {
			return Statement{Op: "ALTER", Table: t.Name, Part: part, Alteration: text}
		}
	}
	part, text := g.renameColumn(t)
	return Statement{Op: "ALTER", Table: t.Name, Part: part, Alteration: text}
}

// fresh is a name that nothing has.
func (g *generator) fresh(kind string) string {
	g.names++
	return fmt.Sprintf("%s%d", kind, g.names)
}

func (g *generator) renameColumn(t *memrel.Schema) (memrel.Part, string) {
	from, to := pick(g, t.Columns).Name, g.fresh("r")
	return memrel.Rename{Column: from, To: to}, "RENAME COLUMN " + from + " TO " + to
}

// renameTable keeps the first letter, by which the table is known.
func (g *generator) renameTable(t *memrel.Schema) (memrel.Part, string) {
	to := g.fresh(t.Name[:1])
	return memrel.Rename{To: to}, "RENAME TO " + to
}

func (g *generator) addColumn(t *memrel.Schema) (memrel.Part, string) {
	c := g.columnType()
	c.Name = g.fresh("n")
	if g.chance(60) {
		c.Default = g.value(c)
	}
	if c.NotNull = g.chance(30) && (g.Full || c.Default != nil); len(t.Columns) > 8 {
		return nil, ""
	}
	return c, "ADD COLUMN " + column(&c)
}

// dropColumn takes a column with what hangs on it; from SQLite one that nothing hangs on.
func (g *generator) dropColumn(t *memrel.Schema) (memrel.Part, string) {
	c := pick(g, t.Columns).Name
	switch {
	case slices.Contains(t.PrimaryKey, c):
		return nil, ""
	case g.Full:
		return memrel.DropColumnCascade(c), "DROP COLUMN " + c + " CASCADE"
	case g.inUse(t, c):
		return nil, ""
	}
	return memrel.DropColumn(c), "DROP COLUMN " + c
}

// inUse tells whether a key or a reference has a column.
func (g *generator) inUse(t *memrel.Schema, c string) bool {
	return g.refers(t, c) || slices.ContainsFunc(uniqueKeys(t), func(key []string) bool { return slices.Contains(key, c) })
}

// refers tells whether a reference has a column, at either end.
func (g *generator) refers(t *memrel.Schema, c string) bool {
	return slices.ContainsFunc(g.program.links(), func(l link) bool {
		return l.child == t.Name && slices.Contains(l.Columns, c) || l.Table == t.Name && slices.Contains(l.RefColumns, c)
	})
}

// retypes are the types that a type becomes, and what PostgreSQL says for the new one.
var retypes = map[memrel.Type][]struct {
	to   memrel.Type
	name string
}{
	memrel.Int:       {{memrel.Decimal, "NUMERIC"}, {memrel.String, "TEXT"}, {memrel.Uint, uintType}},
	memrel.Uint:      {{memrel.Decimal, "NUMERIC"}, {memrel.Int, "BIGINT"}},
	memrel.String:    {{memrel.CIText, "CITEXT"}, {memrel.Int, "BIGINT"}},
	memrel.CIText:    {{memrel.String, "TEXT"}},
	memrel.Date:      {{memrel.String, "TEXT"}},
	memrel.UUID:      {{memrel.String, "TEXT"}},
	memrel.Enum:      {{memrel.String, "TEXT"}},
	memrel.TimeOfDay: {{memrel.String, "TEXT"}},
}

// retype gives a column another type whose values are the same exactly. One with a default or a reference keeps its own.
func (g *generator) retype(t *memrel.Schema) (memrel.Part, string) {
	c := pick(g, t.Columns)
	to := retypes[c.Type]
	beginning := slices.ContainsFunc(t.Unique, func(u memrel.UniqueKey) bool { return u.Prefix[c.Name] > 0 })
	if c.Default != nil || beginning || g.refers(t, c.Name) || len(to) == 0 || c.Type == memrel.TimeOfDay {
		return nil, ""
	}
	next := pick(g, to)
	c.Type, c.Size, c.Scale, c.Names = next.to, 0, 0, nil
	return memrel.ChangeColumn(c), fmt.Sprintf("ALTER COLUMN %s TYPE %s USING %s::%s", c.Name, next.name, c.Name, next.name)
}

func (g *generator) setNotNull(t *memrel.Schema) (memrel.Part, string) {
	c := pick(g, t.Columns)
	if slices.Contains(t.PrimaryKey, c.Name) {
		return nil, ""
	}
	c.NotNull = !c.NotNull
	return memrel.ChangeColumn(c), fmt.Sprintf("ALTER COLUMN %s %s NOT NULL", c.Name, map[bool]string{true: "SET", false: "DROP"}[c.NotNull])
}

func (g *generator) addUnique(t *memrel.Schema) (memrel.Part, string) {
	u := memrel.UniqueKey{Name: g.fresh(t.Name[:1] + "_key"), Columns: []string{pick(g, t.Columns).Name}, NullsNotDistinct: g.chance(25)}
	return u, "ADD " + uniqueKey(&u)
}

func (g *generator) dropUnique(t *memrel.Schema) (memrel.Part, string) {
	if len(t.Unique) == 0 {
		return nil, ""
	}
	u := pick(g, t.Unique)
	if len(u.Prefix) > 0 { // in PostgreSQL it is an index
		return nil, ""
	}
	for _, l := range g.program.links() { // one that a reference needs stays
		if l.Table == t.Name && sameColumns(l.RefColumns, u.Columns) {
			return nil, ""
		}
	}
	return memrel.DropConstraint(u.Name), "DROP CONSTRAINT " + u.Name
}

func sameColumns(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(c string) bool { return !slices.Contains(b, c) })
}

func (g *generator) dropReference(t *memrel.Schema) (memrel.Part, string) {
	if len(t.References) == 0 {
		return nil, ""
	}
	r := pick(g, t.References)
	g.dropped = append(g.dropped, link{t.Name[:1], &r})
	return memrel.DropConstraint(r.Name), "DROP CONSTRAINT " + r.Name
}

// addReference adds one again that was dropped, if its tables and columns are there still.
func (g *generator) addReference(t *memrel.Schema) (memrel.Part, string) {
	for _, l := range g.dropped {
		parent := slices.IndexFunc(g.program.Tables, func(p memrel.Schema) bool { return p.Name == l.Table })
		if l.child != t.Name[:1] || parent < 0 || slices.ContainsFunc(t.References, func(r memrel.Reference) bool { return r.Name == l.Name }) {
			continue
		}
		p := &g.program.Tables[parent]
		fits := slices.ContainsFunc(append(uniqueKeys(p)[:1:1], notDeferrable(p)...), func(key []string) bool { return sameColumns(key, l.RefColumns) })
		for i, c := range l.Columns {
			if at, to := position(t, c), position(p, l.RefColumns[i]); at < 0 || to < 0 || t.Columns[at].Type != p.Columns[to].Type {
				fits = false
			}
		}
		if fits {
			return *l.Reference, "ADD " + reference(l.Reference)
		}
	}
	return nil, ""
}

func notDeferrable(t *memrel.Schema) (keys [][]string) {
	for _, u := range t.Unique {
		if !u.Deferrable && len(u.Prefix) == 0 {
			keys = append(keys, u.Columns)
		}
	}
	return keys
}

// primaryKey makes another column the primary key of a table to whose key nothing refers.
func (g *generator) primaryKey(t *memrel.Schema) (memrel.Part, string) {
	c := pick(g, t.Columns).Name
	for _, l := range g.program.links() {
		if l.Table == t.Name && sameColumns(l.RefColumns, t.PrimaryKey) {
			return nil, ""
		}
	}
	if sameColumns([]string{c}, t.PrimaryKey) {
		return nil, ""
	}
	name := t.Name[:1] + "_pkey"
	return memrel.PrimaryKey{c}, strings.Join([]string{"DROP CONSTRAINT " + name, "ADD CONSTRAINT " + name + " PRIMARY KEY (" + c + ")"}, ", ")
}
