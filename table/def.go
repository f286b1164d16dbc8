package table

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/types"
)

// Def is a compiled [Schema]: names resolved to positions, keys to orders. It never changes and may be read from any
// goroutine. Two versions of a table share one Def until the table is altered.
type Def struct {
	query.Shape
	schema Schema
	auto   int // position of the numbered column, -1 if none
	checks []check
	puts   []DeferrableKey
	clock  func() time.Time // what DefaultNow of columns asks
	print  fingerprint
}

type check struct {
	name  string
	cond  *query.Predicate
	reads []string // the columns that it is about
}

// Compile checks a schema and resolves its names. It fills in the names that the schema leaves out. References are
// taken as they are, apart from their columns: whether what they refer to exists is for the catalog to say. What s leads to must
// not be changed any more; see [Schema.Clone]. The error is an [types.ErrDefinition].
func Compile(s Schema) (*Def, error) {
	d := &Def{schema: s.shallow(), auto: -1, clock: time.Now}
	for _, step := range []func() error{d.compileColumns, d.compilePrimaryKey, d.compileSoftDelete, d.compileUnique, d.compileIndexes,
		d.compileReferences, d.compileChecks, d.checkNames} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Clone is a copy that shares nothing with the schema that could be changed. O(size).
func (s Schema) Clone() Schema {
	s = s.shallow()
	s.PrimaryKey, s.Annotations = slices.Clone(s.PrimaryKey), maps.Clone(s.Annotations)
	for i := range s.Columns {
		s.Columns[i].Annotations = maps.Clone(s.Columns[i].Annotations)
		s.Columns[i].Default = types.Clone(s.Columns[i].Default)
		s.Columns[i].Names = slices.Clone(s.Columns[i].Names)
	}
	for i := range s.Unique {
		u := &s.Unique[i]
		u.Columns, u.Order, u.Prefix = slices.Clone(u.Columns), slices.Clone(u.Order), maps.Clone(u.Prefix)
	}
	for i := range s.Indexes {
		x := &s.Indexes[i]
		x.Columns, x.Order, x.Prefix = slices.Clone(x.Columns), slices.Clone(x.Order), maps.Clone(x.Prefix)
	}
	for i := range s.Checks {
		s.Checks[i].Where = types.Clone(s.Checks[i].Where)
	}
	for i := range s.References {
		r := &s.References[i]
		r.Columns, r.RefColumns, r.SetColumns = slices.Clone(r.Columns), slices.Clone(r.RefColumns), slices.Clone(r.SetColumns)
	}
	return s
}

// shallow copies what Compile writes to.
func (s Schema) shallow() Schema {
	s.Columns = slices.Clone(s.Columns)
	s.Unique = slices.Clone(s.Unique)
	s.Indexes = slices.Clone(s.Indexes)
	s.Checks = slices.Clone(s.Checks)
	s.References = slices.Clone(s.References)
	return s
}

func (d *Def) refuse(state, hint, format string, args ...any) error {
	return types.Refused(d.schema.Name, state, hint, format, args...)
}

func (d *Def) compileColumns() error {
	switch {
	case strings.TrimSpace(d.schema.Name) == "":
		return d.refuse("42602", "give the table a name", "a table has no name")
	}
	if err := cmp.Or(types.CheckName(d.schema.Name, "table", d.schema.Name), d.schema.Numbering.check()); err != nil {
		return err
	}
	if len(d.schema.Columns) == 0 {
		return d.refuse("42P16", "give it columns", "table %s has no columns", d.schema.Name)
	}
	d.Shape = query.NewShape(d.schema.Name, d.schema.Columns)
	for i := range d.schema.Columns {
		c := &d.schema.Columns[i]
		*c = c.Normal()
		if last, _ := d.Column(c.Name); last != i {
			return d.refuse("42701", "rename one of them", "column %s is declared twice", c.Name)
		}
		if err := types.CheckName(d.schema.Name, "column", c.Name); err != nil {
			return err
		}
		if err := d.compileColumn(i, c); err != nil {
			return err
		}
	}
	return nil
}

func (d *Def) compileColumn(i int, c *types.Column) error {
	switch {
	case strings.TrimSpace(c.Name) == "":
		return d.refuse("42602", "give the column a name", "column %d has no name", i+1)
	case !c.Type.Valid():
		return d.refuse("42704", "use one of the types of package index", "column %s has no valid type", c.Name)
	case c.Type == index.Int && !slices.Contains([]int{0, 8, 16, 32, 64}, c.Size):
		return d.refuse("42P16", "use 8, 16, 32 or 64", "column %s: %d bits are no size of an int", c.Name, c.Size)
	case c.Size < 0 || c.Size > 0 && c.Type != index.Int && !c.Type.IsString() && c.Type != index.Decimal:
		return d.refuse("42P16", "only int, string and decimal columns have a size", "column %s cannot have size %d", c.Name, c.Size)
	case c.Type == index.Decimal && c.Size > types.MaxPrecision:
		return d.refuse("22023", "use fewer, or leave the size out", "column %s: a decimal has at most %d digits, not %d", c.Name, types.MaxPrecision, c.Size)
	case c.Scale != 0 && (c.Type != index.Decimal || c.Scale < 0 || c.Scale > c.Size):
		return d.refuse("22023", "a decimal's scale is between 0 and its size", "column %s of type %s and size %d cannot have scale %d", c.Name, c.Type, c.Size, c.Scale)
	case c.Unsigned && c.Type != index.Int:
		return d.refuse("42P16", "only int columns can be unsigned", "column %s of type %s cannot be unsigned", c.Name, c.Type)
	case c.Default != nil && c.DefaultFunc != nil:
		return d.refuse("42P16", "keep one of them", "column %s has a default value and a default function", c.Name)
	case c.DefaultNow && (c.Default != nil || c.DefaultFunc != nil):
		return d.refuse("42P16", "keep one of them", "column %s has the time for a default and another default", c.Name)
	}
	if err := d.compileDetail(c); err != nil {
		return err
	}
	if c.AutoIncrement {
		switch {
		case c.Type != index.Int && c.Type != index.Uint:
			return d.refuse("42P16", "make it an int column", "column %s of type %s cannot be auto-incremented", c.Name, c.Type)
		case d.auto >= 0:
			return d.refuse("42P16", "keep one", "columns %s and %s are both auto-incremented", d.schema.Columns[d.auto].Name, c.Name)
		case c.HasDefault():
			return d.refuse("42P16", "keep one of them", "column %s has a default and is auto-incremented", c.Name)
		}
		d.auto = i
	}
	plain, err := c.PlainDefault()
	if err == nil && c.DefaultNow {
		_, err = c.DefaultValue(time.Unix(0, 0))
	}
	if err != nil {
		return d.refuse("42804", "give it a default of its type", "the default of column %s: %v", c.Name, types.DetailOf(err))
	}
	*c = plain
	return nil
}

// positions resolves the columns of a key.
func (d *Def) positions(what string, names []string) ([]int, error) {
	if len(names) == 0 {
		return nil, d.refuse("42P16", "name its columns", "%s has no columns", what)
	}
	out := make([]int, len(names))
	for i, name := range names {
		p, ok := d.Column(name)
		if !ok {
			return nil, d.refuse("42703", "declare the column, or correct its name; "+d.ColumnsHint(),
				"%s names column %s, which does not exist", what, name)
		}
		if slices.Contains(out[:i], p) {
			return nil, d.refuse("42701", "name it once", "%s names column %s twice", what, name)
		}
		out[i] = p
	}
	return out, nil
}

func (d *Def) compilePrimaryKey() error {
	if len(d.schema.PrimaryKey) == 0 {
		return d.refuse("42P16", `name the columns that identify a row, or add an auto-incremented column "id"`,
			"table %s has no primary key", d.schema.Name)
	}
	pos, err := d.positions("the primary key", d.schema.PrimaryKey)
	if err != nil {
		return err
	}
	for _, p := range pos {
		d.schema.Columns[p].NotNull = true
	}
	d.addKey(query.Key{Name: d.schema.Name + "_pkey", Kind: query.PrimaryKey, Columns: d.schema.PrimaryKey, Pos: pos}, nil, nil, index.KeyOptions{Unique: true})
	return nil
}

// compileReferences gives every foreign key an index to find its rows by, unless a key begins with its columns. Long ones
// come first, then by name: which indexes there are does not depend on the order of declaration.
func (d *Def) compileReferences() error {
	if err := d.compileReferenceColumns(); err != nil {
		return err
	}
	refs := slices.SortedStableFunc(slices.Values(d.schema.References), func(a, b Reference) int {
		return cmp.Or(cmp.Compare(len(b.Columns), len(a.Columns)), cmp.Compare(a.Name, b.Name))
	})
	for _, r := range refs {
		pos, err := d.positions("foreign key "+r.Name, r.Columns)
		if err != nil {
			return err
		}
		if d.KeyBeginning(pos) < 0 {
			d.addKey(query.Key{Name: d.schema.Name + "_" + strings.Join(r.Columns, "_") + "_fkidx", Kind: query.ForReference,
				Columns: r.Columns, Pos: pos}, nil, nil, index.KeyOptions{})
		}
	}
	return nil
}

func (d *Def) compileReferenceColumns() error {
	for i := range d.schema.References {
		r := &d.schema.References[i]
		r.Name = d.nameKey(r.Name, r.Columns, "fkey")
		r.OnDelete, r.OnUpdate = cmp.Or(r.OnDelete, NoAction), cmp.Or(r.OnUpdate, NoAction)
		if err := cmp.Or(r.OnDelete.Check(), r.OnUpdate.Check()); err != nil {
			return d.refuse("42601", types.AsError(err).Hint, "foreign key %s: %s", r.Name, types.AsError(err).Detail)
		}
		if _, err := d.positions("foreign key "+r.Name, r.Columns); err != nil {
			return err
		}
		if _, err := d.positions("foreign key "+r.Name, append([]string{}, r.SetColumns...)); len(r.SetColumns) > 0 && err != nil {
			return err
		}
		if r.Unchecked && (r.Deferrable || r.MatchFull) {
			return d.refuse("42P16", "keep one of them", "foreign key %s is unchecked, so it can be neither deferrable nor MATCH FULL", r.Name)
		}
		for _, c := range r.SetColumns {
			if !slices.Contains(r.Columns, c) {
				return d.refuse("42P10", "name columns of the foreign key only", "foreign key %s sets column %s, which it does not have", r.Name, c)
			}
		}
	}
	return nil
}

func (d *Def) compileChecks() error {
	for i := range d.schema.Checks {
		c := &d.schema.Checks[i]
		if c.Name == "" {
			c.Name = fmt.Sprintf("%s_check%d", d.schema.Name, i+1)
		}
		p, err := d.CompileCond(c.Where)
		if err != nil {
			return d.refuse("42P10", "", "check %s: %s", c.Name, types.DetailOf(err))
		}
		if c.Where, err = d.plainCheck(c.Where, p); err != nil {
			return d.refuse("0A000", "write it in another way, or as a CheckFunc", "check %s: %s", c.Name, types.DetailOf(err))
		}
		d.checks = append(d.checks, check{c.Name, p, c.Where.ColumnsNamed()})
	}
	return nil
}

// plainCheck is the condition of a check with plain values, which files can hold: written and read it comes to the same.
func (d *Def) plainCheck(where query.Cond, p *query.Predicate) (query.Cond, error) {
	plain, err := d.Plain(where)
	if err != nil {
		return plain, err
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return plain, err
	}
	var back query.Cond
	if err := json.Unmarshal(text, &back); err != nil {
		return plain, err
	}
	again, err := d.CompileCond(back)
	if err != nil {
		return plain, err
	}
	if !again.Same(p) {
		return plain, errors.New("it compares with a value that a file cannot hold")
	}
	return plain, nil
}

// checkNames refuses two constraints of one name; indexes share the names of keys.
func (d *Def) checkNames() error {
	seen := map[string]string{}
	note := func(name, what string) error {
		if err := types.CheckName(d.schema.Name, what, name); err != nil {
			return err
		}
		if had, twice := seen[name]; twice {
			return d.refuse("42710", "rename one of them", "%s %s has the name of a %s", what, name, had)
		}
		seen[name] = what
		return nil
	}
	for _, k := range d.Keys() {
		if err := note(k.Name, k.Kind.String()); err != nil {
			return err
		}
	}
	for _, r := range d.schema.References {
		if err := note(r.Name, "foreign key"); err != nil {
			return err
		}
	}
	for _, c := range d.checks {
		if err := note(c.name, "check"); err != nil {
			return err
		}
	}
	return nil
}

// Schema is the definition, with every name filled in: a copy, for handing out.
func (d *Def) Schema() Schema { return d.schema.Clone() }

// Peek is [Def.Schema] without the copy. It must not be changed, nor handed out.
func (d *Def) Peek() Schema { return d.schema }

// Auto is the position of the auto-incremented column, -1 if there is none.
func (d *Def) Auto() int { return d.auto }
