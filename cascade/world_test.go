package cascade

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// world is a few small tables for the examples of this package. Each table has a primary key id; all columns are ints.
type world struct {
	testing.TB
	tables map[string]*table.Table
	graph  *Graph
	loose  bool // rows may lack their parents, for a while
}

// Table makes the world a table.Reader.
func (w *world) Table(name string) *table.Table { return w.tables[name] }

// Writable makes it a table.Writer.
func (w *world) Writable(name string) *table.Table { return w.tables[name] }

// def is the definition of a table: id, the columns named, and what parts add.
func def(name, columns string, parts ...table.Part) table.Schema {
	s := table.Schema{Name: name, PrimaryKey: []string{"id"}, Columns: []types.Column{{Name: "id", Type: index.Int}}}
	for _, c := range strings.Fields(columns) {
		s.Columns = append(s.Columns, types.Column{Name: c, Type: index.Int})
	}
	for _, p := range parts {
		if c, is := p.(change); is {
			c(&s)
		} else if err := s.Alter(p); err != nil {
			panic(err)
		}
	}
	return s
}

// change stands among the parts of def and does to the schema what no part does.
type change func(*table.Schema)

// PartOfTable lets it stand there.
func (change) PartOfTable() {}

// ref refers from a column of that name to the id of a table: "album -> albums" is ref("album", "albums", ...).
func ref(columns, parent string, onDelete, onUpdate table.Action, more ...func(*table.Reference)) table.Part {
	r := table.Reference{Columns: strings.Fields(columns), Table: parent, OnDelete: onDelete, OnUpdate: onUpdate}
	for _, m := range more {
		m(&r)
	}
	return r
}

func to(columns string) func(*table.Reference) {
	return func(r *table.Reference) { r.RefColumns = strings.Fields(columns) }
}

func named(name string) func(*table.Reference) {
	return func(r *table.Reference) { r.Name = name }
}

func deferrable(r *table.Reference) { r.Deferrable = true }

func unique(columns string) table.Part { return table.UniqueKey{Columns: strings.Fields(columns)} }

func column(name string, set func(*types.Column)) table.Part {
	return change(func(s *table.Schema) {
		set(&s.Columns[slices.IndexFunc(s.Columns, func(c types.Column) bool { return c.Name == name })])
	})
}

func notNull(name string) table.Part {
	return column(name, func(c *types.Column) { c.NotNull = true })
}

func defaultsTo(name string, v int) table.Part {
	return column(name, func(c *types.Column) { c.Default = v })
}

// newWorld makes the tables. It is checked when the test ends.
func newWorld(t testing.TB, schemas ...table.Schema) *world {
	t.Helper()
	w := &world{TB: t, tables: map[string]*table.Table{}}
	var defs []*table.Def
	for _, s := range schemas {
		d, err := table.Compile(s)
		require.NoError(t, err)
		defs = append(defs, d)
		w.tables[s.Name] = table.New(d)
	}
	var err error
	w.graph, err = NewGraph(catalogOf(defs), defs, nil)
	require.NoError(t, err)
	t.Cleanup(w.check)
	return w
}

// inTurn has deletes worked in turn: references have it in the order of these names, others after them.
func (w *world) inTurn(refs ...string) *world {
	w.Helper()
	var defs []*table.Def
	for _, name := range w.sorted() {
		defs = append(defs, w.tables[name].Def())
	}
	var err error
	w.graph, err = NewGraph(catalogOf(defs), defs, func(_ string, r *table.Reference) table.Turn {
		if at := slices.Index(refs, r.Name); at >= 0 {
			return table.Turn{Place: at}
		}
		return table.Turn{Place: len(refs)}
	})
	require.NoError(w, err)
	return w
}

func (w *world) check() {
	for _, t := range w.tables {
		t.Check(nil, func(err error) bool { w.Error(err); return true })
	}
	if !w.loose {
		w.graph.Check(w, func(err error) bool { w.Error(err); return true })
	}
}

// null stands for NULL among ints.
const null = -1 << 31

// rows puts rows into a table, each the values of its columns in order.
func (w *world) rows(name string, rows ...[]int) *world {
	w.Helper()
	for _, r := range rows {
		taken, _ := w.tables[name].Insert(w.record(name, r))
		require.Negative(w, taken)
	}
	return w
}

func (w *world) record(name string, cells []int) index.Record {
	d := w.tables[name].Def()
	values := table.Values{}
	for i, v := range cells {
		values[d.Columns()[i].Name] = v
		if v == null {
			values[d.Columns()[i].Name] = nil
		}
	}
	rec, err := d.NewRecord(values, 0)
	require.NoError(w, err)
	return rec
}

func (w *world) get(name string, id int) index.Record {
	rec, ok := w.tables[name].Tree(0).Get(index.OfInt(int64(id)))
	require.True(w, ok, "%s[%d]", name, id)
	return rec
}

// deleting is the statement that deletes rows.
func (w *world) deleting(name string, ids ...int) Statement {
	s := Statement{Op: "delete", Table: name}
	for _, id := range ids {
		s.Changes = append(s.Changes, table.Change{Old: w.get(name, id)})
	}
	return s
}

// updating is the statement that changes rows into others, given by their ids of now.
func (w *world) updating(name string, rows map[int][]int) Statement {
	s := Statement{Op: "update", Table: name}
	for _, id := range w.ids(name) {
		if cells, ok := rows[id]; ok {
			s.Changes = append(s.Changes, table.Change{Old: w.get(name, id), New: w.record(name, cells)})
		}
	}
	return s
}

func (w *world) ids(name string) (ids []int) {
	for rec := range w.tables[name].Records() {
		ids = append(ids, int(rec.At(0).Int()))
	}
	return ids
}

// do carries out a statement. Before, it holds the preview to what is done.
func (w *world) do(s Statement) error {
	w.Helper()
	preview, err := w.graph.Preview(w, s)
	require.NoError(w, err)
	plan, err := w.graph.Plan(w, s)
	if err != nil {
		require.NotEmpty(w, preview.Blockers)
		assert.Equal(w, err.Error(), preview.Err().Error(), "the preview says something else")
		return err
	}
	require.Empty(w, preview.Blockers)
	assert.Len(w, preview.Steps, plan.Size())
	rows := 0
	require.NoError(w, plan.Apply(w, func(t *table.Table, _ table.Numbers, changes []table.Change, _ func(int) (*Ref, Kind, int32)) {
		rows += len(changes)
	}, nil))
	counted := 0
	for _, c := range preview.Counts {
		counted += c.Inserted + c.Updated + c.Deleted
	}
	assert.Equal(w, rows, counted, "the preview counts other rows")
	plan.Release()
	return nil
}

// String writes down all rows: albums 1(7) 2(NULL).
func (w *world) String() string {
	var out []string
	for _, n := range w.sorted() {
		t := w.tables[n]
		line := n
		for rec := range t.Records() {
			var cells []string
			for i, c := range t.Def().Columns() {
				cells = append(cells, types.Show(c.Type, rec.At(i)))
			}
			line += " " + cells[0]
			if len(cells) > 1 {
				line += "(" + strings.Join(cells[1:], " ") + ")"
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

func (w *world) sorted() (names []string) {
	for _, n := range w.graph.nodes {
		names = append(names, n.def.Name())
	}
	slices.Sort(names)
	return names
}

// leaves asserts that a statement succeeds and what it leaves.
func (w *world) leaves(s Statement, want string) {
	w.Helper()
	require.NoError(w, w.do(s))
	assert.Equal(w, want, fmt.Sprint(w))
}

// refuses asserts that a statement is refused, why, and that nothing has changed.
func (w *world) refuses(s Statement, kind error, text string) {
	w.Helper()
	before := fmt.Sprint(w)
	err := w.do(s)
	require.ErrorIs(w, err, kind)
	assert.ErrorContains(w, err, text)
	assert.Equal(w, before, fmt.Sprint(w))
}

// catalogOf is a catalog of definitions.
func catalogOf(defs []*table.Def) table.Catalog {
	c := defCatalog{}
	for _, d := range defs {
		c[d.Name()] = d
	}
	return c
}

type defCatalog map[string]*table.Def

func (c defCatalog) Def(name string) *table.Def { return c[name] }

func (c defCatalog) Key(name string, columns []string) (query.Key, bool) {
	var pos []int
	for _, column := range columns {
		p, _ := c[name].Column(column)
		pos = append(pos, p)
	}
	if k := c[name].UniqueKeyOver(pos); k >= 0 {
		return c[name].Keys()[k], true
	}
	return query.Key{}, false
}

func (c defCatalog) Into(string) []table.CatalogReference { return nil }

func (c defCatalog) From(string) []table.CatalogReference { return nil }
