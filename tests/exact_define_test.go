package tests

import (
	"fmt"
	"slices"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

var exactActions = []memrel.Action{memrel.NoAction, memrel.Cascade, memrel.Cascade, memrel.SetNull, memrel.SetDefault, memrel.Restrict}

// drawTables draws tables with references among them, and what may stand beside.
func (x *exactRun) drawTables() {
	d := x.d
	keys := make([]memrel.Column, 1+d.n(3))
	for i := range keys {
		keys[i] = memrel.Column{Name: "id", Type: drawOf(d, memrel.Int, memrel.Int, memrel.Uint, memrel.String, memrel.UUID, memrel.CIText)}
		d.bound(&keys[i])
	}
	double := make([]bool, len(keys)) // tables with a primary key of two columns
	for i := range double {
		double[i] = d.once(5)
	}
	for i := range keys {
		s := memrel.Schema{Name: fmt.Sprintf("t%d", i), PrimaryKey: []string{"id"}, Columns: memrel.Columns{keys[i]}}
		if to := d.n(i + 1); i > 0 && d.once(4) && keys[to].Type == keys[i].Type && to != i && !double[to] {
			s.References = append(s.References, x.reference("id", fmt.Sprintf("t%d", to)))
		} else if keys[i].Type == memrel.Int && d.once(2) && !double[i] {
			s.Columns[0].AutoIncrement = true
		}
		for j := range 1 + d.n(4) {
			c := d.column(fmt.Sprintf("c%d", j))
			x.drawDefault(s.Name, &c)
			s.Columns = append(s.Columns, c)
		}
		x.drawRules(&s)
		if double[i] {
			s.Columns = append(s.Columns, memrel.Column{Name: "part", Type: memrel.Int})
			s.PrimaryKey = []string{"id", "part"}
		}
		for j := range d.n(3) {
			x.drawForeign(&s, j, d.n(len(keys)), keys, double)
		}
		x.defs = append(x.defs, s)
	}
	if len(keys) > 1 && d.n(3) > 0 && !double[0] && !double[1] {
		x.defs = append(x.defs, memrel.ModelOf("t0").BelongsToMany(memrel.ModelOf("t1"), memrel.AssociationOptions{As: "links", Through: "link", ForeignKey: "a", OtherKey: "b"}))
	}
}

// drawForeign draws a foreign key to a table, of as many columns as the key of that has.
func (x *exactRun) drawForeign(s *memrel.Schema, j, to int, keys []memrel.Column, double []bool) {
	c := memrel.Column{Name: fmt.Sprintf("f%d", j), Type: keys[to].Type, NotNull: x.d.once(6)}
	x.d.bound(&c)
	x.drawDefault(s.Name, &c)
	s.Columns = append(s.Columns, c)
	ref := x.reference(c.Name, fmt.Sprintf("t%d", to))
	if double[to] {
		part := memrel.Column{Name: c.Name + "part", Type: memrel.Int, NotNull: x.d.once(6)}
		x.drawDefault(s.Name, &part)
		s.Columns = append(s.Columns, part)
		ref.Columns, ref.MatchFull = append(ref.Columns, part.Name), x.d.once(2)
	}
	ref.Deferrable = x.d.once(4) // which a statement of its own does not wait for
	s.References = append(s.References, ref)
}

func (x *exactRun) reference(column, to string) memrel.Reference {
	return memrel.Reference{Columns: []string{column}, Table: to, OnDelete: drawOf(x.d, exactActions...), OnUpdate: drawOf(x.d, exactActions...)}
}

// exactNow is what the clock of the store says, and what a column has of it that defaults to it.
var exactNow = time.Unix(1<<31, 0)

var exactClock = memrel.Clock(func() time.Time { return exactNow })

func exactNowIn(c *memrel.Column) any {
	switch {
	case c.Type == memrel.Time:
		return exactNow.UTC()
	case c.Type == memrel.Date:
		return "2038-01-19"
	case c.Type == memrel.TimeOfDay:
		return "03:14:08"
	case c.Type.IsString() && c.Size == 0:
		return "2038-01-19 03:14:08"
	}
	return nil
}

// stamped tells whether a model keeps the times of its rows in the column.
func stamped(c *memrel.Column) bool {
	return c.DefaultNow && (c.Name == "createdAt" || c.Name == "updatedAt")
}

func (x *exactRun) drawDefault(table string, c *memrel.Column) {
	if now := exactNowIn(c); now != nil && x.d.once(6) {
		c.DefaultNow = true
		x.m.defaults[table+"."+c.Name] = now
		return
	}
	if v := x.d.value(c); x.d.once(2) && v.ok && v.given != nil {
		c.Default = v.given
		x.m.defaults[table+"."+c.Name] = v.want
	}
}

// order is how a key goes through its columns.
func (d *exactDraw) order(columns []string) (out []memrel.Order) {
	for _, name := range columns {
		if d.once(3) {
			out = append(out, memrel.Order{Column: name, Desc: d.once(2), Nulls: drawOf(d, memrel.Order{}.Nulls, memrel.NullsFirst, memrel.NullsLast)})
		}
	}
	return out
}

// prefix is how much a key has of its texts and bytes.
func (d *exactDraw) prefix(s *memrel.Schema, columns []string) map[string]int {
	out := map[string]int{}
	for _, name := range columns {
		c := exactColumn(*s, name)
		if n := 1 + d.n(3); (c.Type == memrel.String || c.Type == memrel.Bytes) && (c.Size == 0 || n < c.Size) && d.once(2) {
			out[name] = n
		}
	}
	return out
}

// drawRules draws keys, checks and soft deletes over the columns that there are.
func (x *exactRun) drawRules(s *memrel.Schema) {
	d := x.d
	names := func() []string {
		out := []string{s.Columns[1+d.n(len(s.Columns)-1)].Name}
		if other := s.Columns[d.n(len(s.Columns))].Name; d.once(2) && other != out[0] {
			out = append(out, other)
		}
		return out
	}
	if d.once(2) {
		u := memrel.UniqueKey{Columns: names(), NullsNotDistinct: d.once(3)}
		u.Order, u.Prefix = d.order(u.Columns), d.prefix(s, u.Columns)
		s.Unique = append(s.Unique, u)
	}
	if d.once(3) {
		x := memrel.Index{Columns: names()}
		x.Order, x.Prefix = d.order(x.Columns), d.prefix(s, x.Columns)
		s.Indexes = append(s.Indexes, x)
	}
	if d.once(3) {
		c := &s.Columns[d.n(len(s.Columns))]
		if v, w := d.value(c), d.value(c); v.ok && w.ok {
			s.Checks = append(s.Checks, memrel.CheckConstraint{Where: drawOf(d, memrel.Ne(c.Name, v.given), memrel.Or(memrel.NotIn(c.Name, v.given, w.given), memrel.IsNull(c.Name)),
				memrel.Not(memrel.And(memrel.Gt(c.Name, v.given), memrel.Lt(c.Name, w.given))))})
		}
	}
	if d.once(4) {
		s.Columns = append(s.Columns, memrel.Column{Name: "gone", Type: memrel.Time})
		s.SoftDelete = "gone"
	}
}

// exactFields are types of fields.
var exactFields = []string{"string", "text", "integer", "bigInt", "double", "boolean", "date", "uuid", "json", "blob"}

func (x *exactRun) drawCollections() {
	d := x.d
	x.fields = map[string][]nocobase.Field{}
	for i := range 1 + d.n(2) {
		c := nocobase.Collection{Name: fmt.Sprintf("t%d", i), Paranoid: d.once(4)}
		for j := range 1 + d.n(4) {
			f := nocobase.Field{Name: fmt.Sprintf("c%d", j), Type: drawOf(d, exactFields...)}
			col := columnOfField(f)
			x.drawDefault(c.Name, &col)
			f.DefaultValue = col.Default
			if col.DefaultNow { // which fields of collections do not have
				delete(x.m.defaults, c.Name+"."+col.Name)
			}
			c.Fields = append(c.Fields, f)
		}
		x.fields[c.Name] = slices.Clone(c.Fields)
		if i > 0 {
			c.Fields = append(c.Fields, nocobase.Field{Type: "belongsTo", Name: "up", Target: "t0", ForeignKey: "upId", OnDelete: drawOf(d, "", "CASCADE", "SET NULL", "RESTRICT")})
		}
		x.defs = append(x.defs, c)
	}
}

// field is the field that a column is of, if it is of a collection.
func (x *exactRun) field(table, column string) *nocobase.Field {
	for i := range x.fields[table] {
		if x.fields[table][i].Name == column {
			return &x.fields[table][i]
		}
	}
	return nil
}

// columnOfField is the column that a field comes to.
func columnOfField(f nocobase.Field) memrel.Column {
	f.DefaultValue = nil
	s, _ := memrel.MustOpen(nocobase.Collection{Name: "x", Fields: []nocobase.Field{f}}).View().Schema("x")
	return *exactColumn(s, f.Name)
}
