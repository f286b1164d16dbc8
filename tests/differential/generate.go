package differential

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/memrel/memrel"
)

// Dialect says what programs may use.
type Dialect struct {
	// Full allows what SQLite cannot say: MATCH FULL, column lists, NULLS NOT DISTINCT, SET CONSTRAINTS, 32 bits.
	Full bool
}

// Generate makes a random program; equal arguments make equal ones. It runs the statements on memrel while it makes
// them, so that they meet rows.
func Generate(seed, number uint64, d Dialect) *Program {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, number)), Dialect: d, program: new(Program)}
	g.schema()
	run, err := openMemrel(g.program.Tables)
	if err != nil {
		panic(fmt.Sprintf("program %d of seed %d: %v\n%s", number, seed, err, g.program))
	}
	defer run.close()
	g.run = run
	tables := g.program.Tables
	g.statements()
	return &Program{Tables: tables, Statements: g.program.Statements}
}

// moods are the names of enums, in an order that is not theirs.
var moods = []string{"c", "a", "d", "b"}

type generator struct {
	*rand.Rand
	Dialect
	program *Program
	run     *memrelRun
	state   State
	open    bool     // a transaction is open
	marks   []string // its savepoints
	names   int      // that were made for alterations
	dropped []link   // references, by the letters of their tables
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) schema() {
	for i := range 2 + g.IntN(3) {
		g.program.Tables = append(g.program.Tables, g.table(string(rune('a'+i))))
	}
	chain := len(g.program.Tables) - 1
	n := chain + g.IntN(2+len(g.program.Tables))
	names := g.Perm(n)
	for i := range n {
		child, parent := g.IntN(chain+1), g.IntN(chain+1)
		if i < chain && g.chance(80) { // mostly each table has one above it, so that cascades go far
			child, parent = i+1, i
		}
		g.reference(fmt.Sprintf("fk%d", names[i]+1), &g.program.Tables[child], &g.program.Tables[parent])
	}
}

func (g *generator) columnType() memrel.Column {
	switch n := g.IntN(31); {
	case n < 13:
		return memrel.Column{Type: memrel.Int}
	case n < 17 || !g.Full:
		return memrel.Column{Type: memrel.String}
	case n < 18:
		return memrel.Column{Type: memrel.Int, Size: 32}
	case n < 19:
		return memrel.Column{Type: memrel.Float}
	case n < 20:
		return memrel.Column{Type: memrel.Bool}
	case n < 21:
		return memrel.Column{Type: memrel.Date}
	case n < 23:
		return memrel.Column{Type: memrel.CIText}
	case n < 24:
		return memrel.Column{Type: memrel.TimeOfDay}
	case n < 25:
		return memrel.Column{Type: memrel.UUID}
	case n < 27:
		return memrel.Column{Type: memrel.Uint}
	case n < 28:
		return memrel.Column{Type: memrel.Enum, Names: moods}
	}
	return g.decimal()
}

// decimal is a column of decimals: of any scale, or of two digits after the point.
func (g *generator) decimal() memrel.Column {
	if g.chance(50) {
		return memrel.Column{Type: memrel.Decimal}
	}
	return memrel.Column{Type: memrel.Decimal, Size: 20, Scale: 2}
}

func (g *generator) table(name string) memrel.Schema {
	t := memrel.Schema{Name: name, PrimaryKey: []string{"id"}}
	if g.chance(20) {
		t.PrimaryKey = []string{"k", "l"}
	}
	add := func(name string, notNull bool) {
		c := g.columnType()
		c.Name, c.NotNull = name, notNull
		t.Columns = append(t.Columns, c)
	}
	for _, c := range t.PrimaryKey {
		add(c, true)
	}
	if g.chance(50) {
		add("u", g.chance(40))
		key := []string{"u"}
		if g.chance(25) {
			add("v", g.chance(40))
			key = append(key, "v")
		}
		u := memrel.UniqueKey{Name: name + "_u_key", Columns: key, NullsNotDistinct: g.Full && g.chance(25), Deferrable: g.Full && g.chance(20)}
		u.InitiallyDeferred = u.Deferrable && g.chance(50)
		if !u.Deferrable && g.chance(20) { // which `memrel ddl` alone tells a peer: it changes nothing that a program shows
			u.Order = []memrel.Order{{Column: pick(g, key), Desc: g.chance(70), Nulls: memrel.NullsFirst}}
		}
		t.Unique = append(t.Unique, u)
	}
	if g.chance(30) {
		add("x", false)
	}
	return t
}

// reference adds a reference from a table to a random key of another.
func (g *generator) reference(name string, child, parent *memrel.Schema) {
	r := memrel.Reference{Name: name, Table: parent.Name, RefColumns: slices.Clone(parent.PrimaryKey)}
	if len(parent.Unique) > 0 && !parent.Unique[0].Deferrable && g.chance(40) {
		r.RefColumns = slices.Clone(parent.Unique[0].Columns)
	}
	if g.chance(30) {
		slices.Reverse(r.RefColumns)
	}
	nullable := false
	for i, c := range r.RefColumns {
		column := g.referencing(child, parent.Columns[position(parent, c)], r.Columns, fmt.Sprintf("%s_%d", name, i+1))
		nullable = nullable || !child.Columns[position(child, column)].NotNull
		r.Columns = append(r.Columns, column)
	}
	if child == parent && slices.Equal(r.Columns, r.RefColumns) {
		return // to itself, which says nothing
	}
	r.OnDelete, r.OnUpdate = g.action(nullable), g.action(nullable)
	r.Deferrable = g.chance(30)
	r.InitiallyDeferred = r.Deferrable && g.chance(50)
	if g.Full && len(r.Columns) > 1 {
		r.MatchFull = g.chance(30)
		if (r.OnDelete == memrel.SetNull || r.OnDelete == memrel.SetDefault) && g.chance(40) {
			r.SetColumns = []string{pick(g, r.Columns)}
		}
	}
	child.References = append(child.References, r)
	if g.chance(8) && !slices.ContainsFunc(child.Unique, func(u memrel.UniqueKey) bool { return slices.Equal(u.Columns, r.Columns) }) {
		child.Unique = append(child.Unique, memrel.UniqueKey{Name: name + "_key", Columns: slices.Clone(r.Columns)})
	}
}

// referencing is a column of child for a column of the parent's key: one that there is, or a new one.
func (g *generator) referencing(child *memrel.Schema, key memrel.Column, used []string, name string) string {
	if g.chance(20) {
		for _, i := range g.Perm(len(child.Columns)) {
			if c := child.Columns[i]; c.Type == key.Type && c.Size == key.Size && c.Scale == key.Scale && !slices.Contains(used, c.Name) {
				return c.Name
			}
		}
	}
	c := memrel.Column{Name: name, Type: key.Type, Size: key.Size, Scale: key.Scale, Names: key.Names, NotNull: g.chance(25)}
	if c.Scale == 2 && g.chance(40) { // a key keeps its digits in a column of more, and is shown with as many
		c.Size, c.Scale = 0, 0
		if g.chance(50) {
			c.Size, c.Scale = 25, 3
		}
	}
	if g.chance(35) {
		c.Default = g.value(c)
	}
	child.Columns = append(child.Columns, c)
	return name
}

func (g *generator) action(nullable bool) memrel.Action {
	a := pick(g, []memrel.Action{memrel.NoAction, memrel.Restrict, memrel.Cascade, memrel.Cascade, memrel.Cascade,
		memrel.SetNull, memrel.SetNull, memrel.SetDefault, memrel.SetDefault})
	if a == memrel.SetNull && !nullable && g.chance(80) {
		return memrel.Cascade
	}
	return a
}

// value is a value of a column, from so few that rows meet.
func (g *generator) value(c memrel.Column) any {
	switch c.Type {
	case memrel.String:
		return string(rune('a' + g.IntN(7)))
	case memrel.Uint:
		return pick(g, []uint64{0, 1, 2, 3, 4, 5, math.MaxUint64})
	case memrel.Enum:
		return pick(g, moods)
	case memrel.Float:
		return float64(1+g.IntN(6)) / 2
	case memrel.Bool:
		return g.chance(50)
	case memrel.Date:
		return pick(g, []string{"2024-02-28", "2024-02-29", "2024-03-01", "1969-12-31"})
	case memrel.CIText: // ASCII, which PostgreSQL folds in every locale
		return pick(g, []string{"a", "A", "b", "B", "aB", "Ab", "c"})
	case memrel.TimeOfDay:
		return pick(g, []string{"00:00:00", "09:30:00", "09:30:00.5", "24:00:00"})
	case memrel.UUID:
		return fmt.Sprintf("6ba7b810-9dad-11d1-80b4-00c04fd430c%d", g.IntN(6))
	case memrel.Decimal:
		return pick(g, []string{"1", "1.0", "1.5", "1.50", "1.500", "1.505", "2", "-0.5", "12345678901234567.89"})
	}
	if c.Size == 32 && g.chance(5) {
		return int64(1<<31 - 1)
	}
	return int64(1 + g.IntN(7))
}
