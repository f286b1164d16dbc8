package differential

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
)

func (g *generator) statements() {
	g.state = g.run.read()
	for range 3 {
		for i := range g.program.Tables {
			g.add(g.insert(&g.program.Tables[i], 1+g.IntN(3)))
		}
	}
	for range 8 + g.IntN(12) {
		g.add(g.statement())
	}
	if g.open {
		g.add(Statement{Op: "COMMIT"})
	}
}

func (g *generator) add(s Statement) {
	g.program.Statements = append(g.program.Statements, s)
	if g.run.do(s); s.Op != "BEGIN" {
		g.program = g.run.now(g.program, &s)
		g.state = g.run.read()
	}
}

func (g *generator) statement() Statement {
	if g.chance(25) {
		return g.control()
	}
	t := &g.program.Tables[g.IntN(len(g.program.Tables))]
	if g.Full && g.chance(3) && !(g.open && g.program.waits()) {
		return g.truncate(t)
	}
	if g.chance(5) && !(g.open && g.program.waits()) {
		return g.alter(t)
	}
	if g.keyInUse(t) == "" && g.chance(50) {
		t = &g.program.Tables[g.IntN(len(g.program.Tables))]
	}
	switch n := g.IntN(10); {
	case n < 2 || len(g.state[t.Name]) == 0:
		return g.insert(t, 1+g.IntN(3))
	case n < 6:
		return g.update(t)
	}
	return Statement{Op: "DELETE", Table: t.Name, Where: g.where(t)}
}

// truncate empties a table, and mostly enough others: those that refer to it.
func (g *generator) truncate(t *memrel.Schema) Statement {
	s := Statement{Op: "TRUNCATE", Table: t.Name, Cascade: g.chance(20)}
	for _, l := range g.program.links() {
		if l.Table == t.Name && g.chance(80) || g.chance(10) {
			s.With = append(s.With, l.child)
		}
	}
	return s
}

// waits tells whether checks may wait for a commit: then PostgreSQL truncates no table that they are about (55006), and memrel does, since
// they pass for rows that are gone.
func (p *Program) waits() bool {
	return slices.ContainsFunc(p.links(), func(l link) bool { return l.Deferrable }) ||
		slices.ContainsFunc(p.Tables, func(t memrel.Schema) bool {
			return slices.ContainsFunc(t.Unique, func(u memrel.UniqueKey) bool { return u.Deferrable })
		})
}

// control begins, ends and divides transactions.
func (g *generator) control() Statement {
	if !g.open {
		g.open, g.marks = true, nil
		return Statement{Op: "BEGIN"}
	}
	switch n := g.IntN(10); {
	case n < 3:
		g.open = false
		return Statement{Op: "COMMIT"}
	case n < 4:
		g.open = false
		return Statement{Op: "ROLLBACK"}
	case n < 6 && g.Full:
		s := Statement{Op: "DEFERRED"}
		if g.chance(50) {
			s.Op = "IMMEDIATE"
		}
		for _, l := range g.program.links() {
			if l.Deferrable && g.chance(40) {
				s.Name = l.Name
			}
		}
		for i := range g.program.Tables {
			for _, u := range g.program.Tables[i].Unique {
				if u.Deferrable && g.chance(40) {
					s.Name = u.Name
				}
			}
		}
		return s
	case n < 8 || len(g.marks) == 0:
		g.marks = append(g.marks, fmt.Sprintf("s%d", len(g.marks)+1))
		return Statement{Op: "SAVEPOINT", Name: g.marks[len(g.marks)-1]}
	}
	i := g.IntN(len(g.marks))
	name := g.marks[i]
	if g.Full || g.chance(60) { // PostgreSQL forgets to undo SET CONSTRAINTS once a savepoint inside was released
		g.marks = g.marks[:i+1]
		return Statement{Op: "ROLLBACK TO", Name: name}
	}
	g.marks = g.marks[:i]
	return Statement{Op: "RELEASE", Name: name}
}

func (g *generator) insert(t *memrel.Schema, n int) Statement {
	s := Statement{Op: "INSERT", Table: t.Name}
	for _, c := range t.Columns {
		if !(c.Default != nil && g.chance(20)) {
			s.Columns = append(s.Columns, c.Name)
		}
	}
	for range n {
		row := g.row(t, s.Rows)
		s.Rows = append(s.Rows, cells(t, row, s.Columns))
	}
	return s
}

// row is a row for a table, mostly one that can be inserted; before it in the same statement go others.
func (g *generator) row(t *memrel.Schema, before [][]any) []any {
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if c.NotNull || g.chance(60) {
			row[i] = g.value(c)
		}
	}
	for _, r := range t.References {
		key, ok := g.parentKey(&r)
		if g.chance(85) && ok {
			for i, c := range r.Columns {
				row[position(t, c)] = key[i]
			}
		} else if g.chance(70) {
			for _, c := range r.Columns {
				if i := position(t, c); !t.Columns[i].NotNull {
					row[i] = nil
				}
			}
		}
	}
	for range 8 {
		if !g.taken(t, row) && !slices.ContainsFunc(before, func(b []any) bool { return b[0] == row[0] }) {
			break
		}
		i := position(t, pick(g, t.PrimaryKey))
		row[i] = g.value(t.Columns[i])
	}
	return row
}

// taken tells whether there is a row with that primary key.
func (g *generator) taken(t *memrel.Schema, row []any) bool {
	return slices.ContainsFunc(g.state[t.Name], func(have []any) bool {
		return slices.Equal(cells(t, have, t.PrimaryKey), cells(t, row, t.PrimaryKey))
	})
}

// parentKey is the key of a row that a reference may refer to.
func (g *generator) parentKey(r *memrel.Reference) ([]any, bool) {
	rows := g.state[r.Table]
	if len(rows) == 0 {
		return nil, false
	}
	key := cells(g.program.table(r.Table), pick(g, rows), r.RefColumns)
	return key, !hasNull(key)
}

func (g *generator) where(t *memrel.Schema) []Match {
	rows := g.state[t.Name]
	if len(rows) == 0 || g.chance(2) {
		return nil
	}
	row := pick(g, rows)
	for range 6 { // most statements shall have something to follow
		if g.referenced(t, row) || g.chance(10) {
			break
		}
		row = pick(g, rows)
	}
	if g.chance(65) {
		var out []Match
		for i, v := range cells(t, row, t.PrimaryKey) {
			out = append(out, Match{t.PrimaryKey[i], []any{v}})
		}
		return out
	}
	i := g.IntN(len(t.Columns))
	m := Match{t.Columns[i].Name, []any{row[i]}}
	for row[i] != nil && g.chance(50) {
		if v := pick(g, rows)[i]; v != nil && !slices.Contains(m.Values, v) {
			m.Values = append(m.Values, v)
		} else {
			break
		}
	}
	return []Match{m}
}

// referenced tells whether a row refers to this one.
func (g *generator) referenced(t *memrel.Schema, row []any) bool {
	for _, l := range g.program.links() {
		if l.Table != t.Name {
			continue
		}
		child, key := g.program.table(l.child), cells(t, row, l.RefColumns)
		for _, r := range g.state[l.child] {
			if slices.Equal(cells(child, r, l.Columns), key) {
				return true
			}
		}
	}
	return false
}

func (g *generator) update(t *memrel.Schema) Statement {
	s := Statement{Op: "UPDATE", Table: t.Name, Where: g.where(t)}
	set := func(a Assign) {
		if !slices.ContainsFunc(s.Set, func(b Assign) bool { return b.Column == a.Column }) {
			s.Set = append(s.Set, a)
		}
	}
	if key := g.keyInUse(t); key != "" && g.chance(50) {
		set(g.assign(t.Columns[position(t, key)]))
	} else if len(t.References) > 0 && g.chance(50) {
		r := pick(g, t.References)
		if key, ok := g.parentKey(&r); ok {
			for i, c := range r.Columns {
				set(Assign{Column: c, Value: key[i]})
			}
		}
	}
	if len(s.Set) == 0 || g.chance(20) {
		set(g.assign(t.Columns[g.IntN(min(3, len(t.Columns)))]))
	}
	return s
}

// keyInUse is a column that a reference refers to; empty if there is none.
func (g *generator) keyInUse(t *memrel.Schema) string {
	var columns []string
	for _, l := range g.program.links() {
		if l.Table == t.Name {
			columns = append(columns, l.RefColumns...)
		}
	}
	if len(columns) == 0 {
		return ""
	}
	return pick(g, columns)
}

func (g *generator) assign(c memrel.Column) Assign {
	switch {
	case c.Type.IsNumber() && g.chance(35):
		n := pick(g, []int64{1, -1, 2, 10, 100})
		switch c.Type {
		case memrel.Float:
			return Assign{Column: c.Name, Value: float64(n), Add: true}
		case memrel.Uint:
			return Assign{Column: c.Name, Value: uint64(n) & 127, Add: true}
		case memrel.Decimal:
			return Assign{Column: c.Name, Value: pick(g, []string{"1", "-1", "0.5", "0.50", "-0.005"}), Add: true}
		}
		return Assign{Column: c.Name, Value: n, Add: true}
	case g.chance(15):
		return Assign{Column: c.Name}
	}
	return Assign{Column: c.Name, Value: g.value(c)}
}
