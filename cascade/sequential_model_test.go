package cascade

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memrel/memrel/internal/budget"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// turnCase is a random schema with random rows, for the planner and for the oracle.
type turnCase struct {
	*rand.Rand
	schemas []table.Schema
	oracle  *oracle
	tables  map[string]*table.Table
	named   string
	ids     []int
}

const turnIDs = 6 // rows have ids from 1 to this

var turnActions = []table.Action{table.Cascade, table.Cascade, table.SetNull, table.Restrict, table.NoAction, table.SetDefault}

func newTurnCase(seed uint64, actions []table.Action) *turnCase {
	c := &turnCase{Rand: rand.New(rand.NewPCG(seed, 11)), oracle: &oracle{rows: map[string]map[int]*oracleRow{}, soft: map[string]bool{}, composite: map[string]bool{}}}
	for i := range 1 + c.IntN(4) {
		c.schema(string(rune('a' + i)))
	}
	for range 1 + c.IntN(5) {
		c.reference(actions)
	}
	c.Shuffle(len(c.oracle.refs), func(i, j int) { c.oracle.refs[i], c.oracle.refs[j] = c.oracle.refs[j], c.oracle.refs[i] })
	return c
}

func (c *turnCase) chance(percent int) bool { return c.IntN(100) < percent }

// schema adds a table: an id, and k, which several rows may share.
func (c *turnCase) schema(name string) {
	s := def(name, "k", table.Index{Columns: []string{"k"}})
	if c.chance(25) {
		s.Columns = append(s.Columns, types.Column{Name: "deletedAt", Type: index.Time})
		s.SoftDelete, c.oracle.soft[name] = "deletedAt", true
	}
	if c.chance(20) {
		s.PrimaryKey, s.Unique = []string{"id", "k"}, []table.UniqueKey{{Columns: []string{"id"}}}
		s.Columns[slices.IndexFunc(s.Columns, func(col types.Column) bool { return col.Name == "k" })].NotNull = true
		c.oracle.composite[name] = true
	}
	c.schemas = append(c.schemas, s)
	c.oracle.rows[name] = map[int]*oracleRow{}
}

// reference adds a reference with a column of its own, so that what becomes of a row by one does not hang on another.
func (c *turnCase) reference(actions []table.Action) {
	child, parent := &c.schemas[c.IntN(len(c.schemas))], c.schemas[c.IntN(len(c.schemas))].Name
	ref := oracleRef{name: fmt.Sprintf("r%d", len(c.oracle.refs)), child: child.Name, parent: parent, to: "id",
		onDelete: actions[c.IntN(len(actions))], unchecked: c.chance(60), fallback: null}
	ref.column = "f" + ref.name
	if ref.unchecked && c.chance(30) {
		ref.to = "k"
	}
	col := types.Column{Name: ref.column, Type: index.Int}
	if ref.onDelete == table.SetDefault && c.chance(80) {
		ref.fallback = 1 + c.IntN(turnIDs)
		col.Default = ref.fallback
	}
	if slices.Contains(actions, table.SetDefault) && c.chance(10) {
		col.NotNull, ref.notNull = true, true
	}
	child.Columns = append(child.Columns, col)
	child.References = append(child.References, table.Reference{Name: ref.name, Columns: []string{ref.column}, Table: parent,
		RefColumns: []string{ref.to}, OnDelete: ref.onDelete, Unchecked: ref.unchecked})
	c.oracle.refs = append(c.oracle.refs, ref)
}

// fill puts rows into the oracle and into tables.
func (c *turnCase) fill(t *testing.T) {
	for _, s := range c.schemas {
		for id := range turnIDs {
			if c.chance(80) {
				c.oracle.rows[s.Name][id+1] = &oracleRow{cells: map[string]int{"id": id + 1, "k": 1 + c.IntN(2)}, gone: s.SoftDelete != "" && c.chance(15)}
			}
		}
	}
	c.tables = map[string]*table.Table{}
	for _, s := range c.schemas {
		d, err := table.Compile(s)
		require.NoError(t, err)
		c.tables[s.Name] = table.New(d)
		for id := range turnIDs + 1 {
			row := c.oracle.rows[s.Name][id]
			if row == nil {
				continue
			}
			if !c.refer(s.Name, row) {
				delete(c.oracle.rows[s.Name], id)
				continue
			}
			taken, _ := c.tables[s.Name].Insert(record(t, d, row))
			require.Negative(t, taken)
		}
	}
	c.named = c.schemas[c.IntN(len(c.schemas))].Name
	for id := range turnIDs + 1 {
		if row := c.oracle.rows[c.named][id]; row != nil && !row.gone && c.chance(35) {
			c.ids = append(c.ids, id)
		}
	}
}

// refer gives a row its keys; it is false if it could not have them.
func (c *turnCase) refer(name string, row *oracleRow) bool {
	for _, ref := range c.oracle.refs {
		if ref.child != name {
			continue
		}
		key := null
		if c.chance(85) || ref.notNull {
			key = 1 + c.IntN(turnIDs)
		}
		if parent, there := c.oracle.rows[ref.parent][key]; !ref.unchecked && (!there || parent == row && !c.chance(30)) {
			if ref.notNull {
				return false
			}
			key = null
		}
		row.cells[ref.column] = key
	}
	return true
}

func record(t *testing.T, d *table.Def, row *oracleRow) index.Record {
	values := table.Values{}
	for name, v := range row.cells {
		values[name] = v
		if v == null {
			values[name] = nil
		}
	}
	if row.gone {
		values["deletedAt"] = time.Unix(0, 0)
	}
	rec, err := d.NewRecord(values, 0)
	require.NoError(t, err)
	return rec
}

// sound tells whether checked references have their parents: refer may have left out a row that another one refers to.
func (c *turnCase) sound(g *Graph) bool {
	ok := true
	g.Check(c, func(error) bool { ok = false; return false })
	return ok
}

// Table makes the case a table.Reader, Writable a table.Writer.
func (c *turnCase) Table(name string) *table.Table    { return c.tables[name] }
func (c *turnCase) Writable(name string) *table.Table { return c.tables[name] }

func (c *turnCase) defs() (defs []*table.Def) {
	for _, s := range c.schemas {
		defs = append(defs, c.tables[s.Name].Def())
	}
	return defs
}

func (c *turnCase) turn(_ string, r *table.Reference) table.Turn {
	return table.Turn{Place: slices.IndexFunc(c.oracle.refs, func(o oracleRef) bool { return o.name == r.Name })}
}

func (c *turnCase) statement() Statement {
	s := Statement{Op: "delete", Table: c.named}
	for _, id := range c.ids {
		key := []index.Value{index.OfInt(int64(id))}
		if c.oracle.composite[c.named] {
			key = append(key, index.OfInt(int64(c.oracle.rows[c.named][id].cells["k"])))
		}
		rec, _ := c.tables[c.named].Tree(0).Get(key...)
		s.Changes = append(s.Changes, table.Change{Old: rec})
	}
	return s
}

// run deletes by a graph, and returns what was told.
func (c *turnCase) run(t *testing.T, g *Graph) (events []string, err error) {
	s := c.statement()
	preview, err := g.Preview(c, s)
	require.NoError(t, err)
	tell := func(e DeleteEvent) {
		subject := e.Table
		if e.When != BeforeRows {
			subject = e.Row.Label()
		}
		events = append(events, e.When.String()+" "+subject)
	}
	s.Before, s.After = func(e DeleteEvent) error { tell(e); return nil }, tell
	plan, err := g.Plan(c, s)
	if err != nil {
		require.NotEmpty(t, preview.Blockers)
		require.Equal(t, err.Error(), preview.Err().Error())
		return events, err
	}
	require.Empty(t, preview.Blockers)
	require.Len(t, preview.Steps, plan.Size())
	require.NoError(t, plan.Apply(c, func(*table.Table, table.Numbers, []table.Change, func(int) (*Ref, Kind, int32)) {}, nil))
	plan.TellAfter()
	plan.Release()
	g.Check(c, func(err error) bool { t.Error(err); return true })
	for _, name := range c.schemas {
		c.tables[name.Name].Check(nil, func(err error) bool { t.Error(err); return true })
	}
	return events, nil
}

// dump writes down all rows, table by table.
func (c *turnCase) dump() string {
	var out []string
	for _, s := range c.schemas {
		d := c.tables[s.Name].Def()
		for rec := range c.tables[s.Name].Records() {
			line := s.Name
			for i, col := range d.Columns() {
				if col.Type == index.Time {
					line += fmt.Sprintf(" gone=%v", d.Gone(rec))
					continue
				}
				line += " " + col.Name + "=" + types.Show(col.Type, rec.At(i))
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func (c *turnCase) dumpOracle(t *testing.T) string {
	for _, s := range c.schemas {
		c.tables[s.Name] = table.New(c.tables[s.Name].Def())
		for _, row := range c.oracle.rows[s.Name] {
			taken, _ := c.tables[s.Name].Insert(record(t, c.tables[s.Name].Def(), row))
			require.Negative(t, taken)
		}
	}
	return c.dump()
}

// TestTurnsAsTold holds the planner to the oracle: rows, events and their order, and what refuses a delete.
func TestTurnsAsTold(t *testing.T) {
	t.Parallel()
	kinds := map[error]error{errOracleRestrict: types.ErrRestrict, errOracleNotNull: types.ErrNotNull, errOracleEnd: types.ErrForeignKey}
	refused, done, cases := 0, 0, uint64(budget.Of(3000))
	for seed := range cases {
		c := newTurnCase(seed, turnActions)
		c.fill(t)
		g, err := NewGraph(catalogOf(c.defs()), c.defs(), c.turn)
		require.NoError(t, err)
		if len(c.ids) == 0 || !c.sound(g) {
			continue
		}
		before := c.dump()
		events, err := c.run(t, g)
		after := c.dump()
		want := c.oracle.delete(c.named, c.ids)
		if want != nil {
			refused++
			require.ErrorIs(t, err, kinds[want], "seed %d", seed)
			require.Equal(t, before, after)
		} else {
			done++
			require.NoError(t, err, "seed %d", seed)
			require.Equal(t, c.dumpOracle(t), after, "seed %d", seed)
		}
		if errors.Is(want, errOracleEnd) { // judged when all is worked; the rows named are told of after that
			c.oracle.events = c.oracle.events[:len(c.oracle.events)-len(c.ids)]
		}
		require.Equal(t, c.oracle.events, events, "seed %d", seed)
	}
	assert.Greater(t, done, int(cases)/4)
	assert.Greater(t, refused, int(cases)/10)
}

// present are the rows that are there, and which were soft-deleted.
func (c *turnCase) present() string {
	var out []string
	for _, line := range strings.Split(c.dump(), "\n") {
		if strings.Contains(line, "gone=true") {
			line, _, _ = strings.Cut(line, " k=")
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// TestTurnsAndLevelsMeet: where nothing refuses, no default is written and each reference has columns of its own, both
// orders of work come to the same rows. A row that is set to NULL by one reference and deleted by another is deleted in
// both; deleted softly, it may have been set to NULL before.
func TestTurnsAndLevelsMeet(t *testing.T) {
	t.Parallel()
	cases := uint64(budget.Of(2000))
	for seed := range cases {
		var dumps [2]string
		for i := range dumps {
			c := newTurnCase(seed, []table.Action{table.Cascade, table.Cascade, table.SetNull})
			c.fill(t)
			turn := c.turn
			if i == 1 {
				turn = nil
			}
			g, err := NewGraph(catalogOf(c.defs()), c.defs(), turn)
			require.NoError(t, err)
			if !c.sound(g) {
				continue
			}
			_, err = c.run(t, g)
			if errors.Is(err, types.ErrNotNull) {
				t.Fatal(err)
			}
			require.NoError(t, err, "seed %d", seed)
			dumps[i] = c.present()
		}
		require.Equal(t, dumps[1], dumps[0], "seed %d", seed)
	}
}
