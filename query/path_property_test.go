package query

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memrel/memrel/internal/budget"

	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// TestPlansAgreeWithFilterAndSort runs random queries on random tables and compares every plan with the obvious way:
// look at all rows, keep those for which the condition is true, sort, cut.
func TestPlansAgreeWithFilterAndSort(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range budget.Of(60) {
		seed := seed + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { checkQueries(t, seed, 150) })
	}
}

// TestPlansWhereChanceSeldomLeads is what random queries come upon too seldom to rely on.
func TestPlansWhereChanceSeldomLeads(t *testing.T) {
	w := gridWorld(t)
	a, b := Order{Column: "a"}, Order{Column: "b"}
	aDesc := Order{Column: "a", Desc: true}
	nullsFirst := Order{Column: "a", Nulls: NullsFirst}
	null := mustRecord(t, w.def, Values{"id": 1, "b": 2})
	for name, q := range map[string]Query{
		"groups over stretches that differ inside":   {Where: And(In("a", 1, 2), In("b", 1, 3)), Order: []Order{aDesc, b}},
		"groups of stretches with an end inside":     {Where: And(In("a", 1, 2), Gt("b", 1), Lt("b", 4)), Order: []Order{aDesc, b}},
		"a NULL cursor where rows have none, after":  {Where: NotNull("a"), Order: []Order{nullsFirst, b}, After: w.cursor(null, nullsFirst, b)},
		"a NULL cursor where rows have none, before": {Where: NotNull("a"), Order: []Order{nullsFirst, b}, Before: w.cursor(null, nullsFirst, b), Limit: 2},
		"a cursor beyond a value that is fixed":      {Where: Eq("a", 2), Order: []Order{aDesc, b}, After: w.cursor(w.rows[len(w.rows)/4], aDesc, b)},
		"a cursor in one of several stretches":       {Where: In("a", 1, 2, nil), Order: []Order{b, a}, After: w.cursor(w.rows[13], b, a), Limit: 3},
		"a limit that ends inside a group":           {Order: []Order{aDesc}, Limit: 13, Offset: 4},
	} {
		t.Run(name, func(t *testing.T) { w.check(t, q) })
	}
}

// gridWorld has rows for all a and b of NULL and 0 to 4, twice, with an index over the two.
func gridWorld(t *testing.T) *world {
	d, err := Compile(Schema{Name: "t", PrimaryKey: []string{"id"}, Indexes: []Index{{Columns: []string{"a", "b"}}},
		Columns: []types.Column{{Name: "id", Type: index.Int}, {Name: "a", Type: index.Int}, {Name: "b", Type: index.Int}}})
	require.NoError(t, err)
	w := &world{Rand: rand.New(rand.NewPCG(1, 1)), def: d, tab: New(d)}
	vals := []any{nil, 0, 1, 2, 3, 4}
	for i := range 72 {
		r := mustRecord(t, d, Values{"id": i, "a": vals[i/6%6], "b": vals[i%6]})
		w.tab.Insert(r)
		w.rows = append(w.rows, r)
	}
	return w
}

func (w *world) cursor(r index.Record, order ...Order) *Cursor {
	c, _ := w.def.CursorOf(order, r)
	return &c
}

// FuzzPlans is the same, for seeds that the fuzzer chooses.
func FuzzPlans(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { checkQueries(t, seed, 40) })
}

func checkQueries(t *testing.T, seed uint64, queries int) {
	w := newWorld(rand.New(rand.NewPCG(seed, 1)))
	for range queries {
		w.check(t, w.query())
	}
}

// world is a random table and its rows as plain values.
type world struct {
	*rand.Rand
	def  *Def
	tab  *Table
	rows []index.Record
}

func newWorld(rng *rand.Rand) *world {
	w := &world{Rand: rng}
	for w.def == nil {
		w.def, _ = Compile(w.schema())
	}
	w.tab = New(w.def)
	for range w.IntN(80) {
		vals := Values{}
		for _, c := range w.def.Columns() {
			vals[c.Name] = w.value(&c)
		}
		r, err := w.def.NewRecord(vals, 0)
		if err != nil {
			continue
		}
		if taken, _ := w.tab.Insert(r); taken < 0 {
			w.rows = append(w.rows, r)
		}
	}
	return w
}

// schema is a random one; names may clash, and then it is no schema.
func (w *world) schema() Schema {
	s := Schema{Name: "t"}
	kinds := []index.Type{index.Int, index.Int, index.Int, index.String, index.String, index.Float, index.Bool}
	for i := range 4 + w.IntN(3) {
		s.Columns = append(s.Columns, types.Column{Name: string(rune('a' + i)), Type: kinds[w.IntN(len(kinds))], NotNull: w.IntN(3) == 0})
	}
	columns := func(n int) (names []string) {
		for _, i := range w.Perm(len(s.Columns))[:n] {
			names = append(names, s.Columns[i].Name)
		}
		return names
	}
	order := func(names []string) (out []Order) {
		for _, name := range names {
			if w.IntN(4) == 0 {
				out = append(out, Order{name, w.IntN(2) == 0, NullsPlace(w.IntN(3))})
			}
		}
		return out
	}
	prefix := func(names []string) map[string]int {
		out := map[string]int{}
		for _, c := range s.Columns {
			if c.Type == index.String && slices.Contains(names, c.Name) && w.IntN(3) == 0 {
				out[c.Name] = 1 + w.IntN(2)
			}
		}
		return out
	}
	s.PrimaryKey = columns(1 + w.IntN(2))
	for range w.IntN(3) {
		names := columns(1 + w.IntN(3))
		s.Unique = append(s.Unique, UniqueKey{Columns: names, NullsNotDistinct: w.IntN(2) == 0, Order: order(names), Prefix: prefix(names)})
	}
	for range w.IntN(4) {
		names := columns(1 + w.IntN(3))
		s.Indexes = append(s.Indexes, Index{Columns: names, Order: order(names), Prefix: prefix(names)})
	}
	return s
}

func (w *world) value(c *types.Column) any {
	if !c.NotNull && w.IntN(4) == 0 {
		return nil
	}
	return w.operand(c.Type)
}

func (w *world) operand(t index.Type) any {
	switch t {
	case index.Int:
		return int64(w.IntN(12) - 4)
	case index.Float:
		return []float64{-1, -0.5, math.Copysign(0, -1), 0, 0.5, 1, 2, math.Inf(1), math.NaN()}[w.IntN(9)]
	case index.Bool:
		return w.IntN(2) == 0
	}
	return []string{"", "a", "ab", "abc", "b", "ba", "a%", "é", "aé", "\xff", "a\nb"}[w.IntN(11)]
}

func (w *world) column() *types.Column { return &w.def.Columns()[w.IntN(len(w.def.Columns()))] }

// cond is a random condition up to a depth.
func (w *world) cond(depth int) Cond {
	if depth > 0 && w.IntN(3) > 0 {
		kids := make([]Cond, w.IntN(4))
		for i := range kids {
			kids[i] = w.cond(depth - 1)
		}
		switch w.IntN(5) {
		case 0:
			return Not(w.cond(depth - 1))
		case 1, 2:
			return Or(kids...)
		}
		return And(kids...)
	}
	c := w.column()
	list := make([]any, w.IntN(5))
	for i := range list {
		list[i] = w.near(c)
	}
	switch op := Op(w.IntN(int(OpAnd))); op {
	case OpAll:
		return Eq(c.Name, w.near(c))
	case OpIn, OpNotIn:
		return Cond{Op: op, Column: c.Name, Values: list}
	case OpBetween:
		return Between(c.Name, w.near(c), w.near(c))
	case OpLike, OpNotLike:
		if c.Type != index.String {
			return Eq(c.Name, w.near(c))
		}
		return Cond{Op: op, Column: c.Name, Value: []any{"a%", "%", "a", "%b", "_", "a_%", `a\%`, "é%", "%a%b", nil, ""}[w.IntN(11)]}
	case OpIsNull, OpNotNull:
		return Cond{Op: op, Column: c.Name}
	default:
		return Cond{Op: op, Column: c.Name, Value: w.near(c)}
	}
}

// near is a value to compare with: sometimes NULL, sometimes a number that an Int column cannot hold.
func (w *world) near(c *types.Column) any {
	switch {
	case w.IntN(15) == 0:
		return nil
	case c.Type == index.Int && w.IntN(8) == 0:
		return []any{1.5, -0.5, 1e30, math.Inf(-1), math.NaN(), uint64(math.MaxUint64), 2.0}[w.IntN(7)]
	}
	return w.operand(c.Type)
}

func (w *world) query() Query {
	q := Query{Where: w.cond(w.IntN(4))}
	if w.IntN(4) == 0 {
		q.Where = Cond{}
	}
	for range w.IntN(4) {
		q.Order = append(q.Order, Order{w.column().Name, w.IntN(2) == 0, NullsPlace(w.IntN(5) % 3)})
	}
	if len(q.Order) > 1 && w.IntN(2) == 0 { // an order by a key, more often than chance would have it
		k := w.def.Keys()[w.IntN(len(w.def.Keys()))]
		q.Order = nil
		for _, name := range k.Columns {
			q.Order = append(q.Order, Order{Column: name, Desc: w.IntN(2) == 0})
		}
	}
	if w.IntN(2) == 0 {
		q.Limit = 1 + w.IntN(8)
	}
	if w.IntN(4) == 0 {
		q.Offset = w.IntN(5)
	}
	if len(w.rows) > 0 && w.IntN(2) == 0 {
		c, _ := w.def.CursorOf(q.Order, w.place())
		if w.IntN(2) == 0 {
			q.After = &c
		} else {
			q.Before = &c
		}
	}
	return q
}

// place is a stored row, or one that is not there any more.
func (w *world) place() index.Record {
	r := w.rows[w.IntN(len(w.rows))]
	if w.IntN(2) == 0 {
		return r
	}
	pos := w.IntN(len(w.def.Columns()))
	c := w.def.Columns()[pos]
	v, _ := c.FromGo(w.value(&c))
	moved, cells := index.NewRecord(len(w.def.Columns()))
	copy(cells, r.Cells(len(cells)))
	cells[pos] = v
	return moved
}

func (w *world) check(t *testing.T, q Query) {
	t.Helper()
	p, err := w.def.CompileQuery(q)
	require.NoError(t, err, "%+v", q)
	w.checkTruth(t, q.Where)
	w.checkEnds(t, q.Where)
	want := w.naive(q)
	got := slices.Collect(p.Records(w.tab))
	say := func() string { return w.describe(q, p) }
	if !slices.Equal(got, want) {
		require.Equal(t, w.show(want), w.show(got), say())
	}
	require.Equal(t, len(want), p.Count(w.tab), say())
	require.Equal(t, len(want) > 0, p.Exists(w.tab), say())
	first, ok := p.First(w.tab)
	require.Equal(t, len(want) > 0, ok, say())
	if ok {
		require.Equal(t, want[0], first, say())
	}
	if len(want) > 1 {
		for r := range p.Records(w.tab) {
			require.Equal(t, want[0], r, say())
			break
		}
	}
}

// checkTruth tells false from unknown, which a query does not.
func (w *world) checkTruth(t *testing.T, c Cond) {
	p, err := w.def.CompileCond(c)
	require.NoError(t, err)
	for _, r := range w.rows {
		if want := w.truth(c, r); p.Eval(r) != want {
			require.Equal(t, want, p.Eval(r), "%s on %s", c, RowOf(w.def, r, nil))
		}
	}
}

// checkEnds compares the least and the greatest value with those of a sorted column.
func (w *world) checkEnds(t *testing.T, c Cond) {
	column := w.column().Name
	for _, end := range []struct {
		compile func(string, Cond, bool) (*Plan, error)
		desc    bool
	}{{w.def.CompileMin, false}, {w.def.CompileMax, true}} {
		p, err := end.compile(column, c, false)
		require.NoError(t, err)
		want := w.naive(Query{Where: And(c, NotNull(column)), Order: []Order{{Column: column, Desc: end.desc}}})
		got, ok := p.First(w.tab)
		require.Equal(t, len(want) > 0, ok)
		if ok {
			require.Zero(t, compareCells(Order{}, w.cell(want[0], column), w.cell(got, column)), "%s where %s: %s", column, c, p.Explain())
		}
	}
}

func (w *world) show(rows []index.Record) (out []string) {
	for _, r := range rows {
		out = append(out, RowOf(w.def, r, nil).String())
	}
	return out
}

func (w *world) describe(q Query, p *Plan) string {
	return fmt.Sprintf("where %s\norder %v limit %d offset %d after %v before %v\n%s\n%+v\n", q.Where, q.Order, q.Limit, q.Offset,
		q.After, q.Before, p.Explain(), w.def.keys)
}
