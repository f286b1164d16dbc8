package bind

import (
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Schema makes a schema from the exported fields of a struct, in their order, by the rules of memrel.TableOf; [Struct.Filled] give no
// column. What the rules do not say is an error of kind [types.ErrDefinition] that names the field and the cure.
func (s Struct) Schema(name string, n table.Naming) (table.Schema, error) {
	fields, err := s.fields(name, n)
	if err != nil {
		return table.Schema{}, err
	}
	b := schemaBuilder{schema: table.Schema{Name: name, Naming: n}}
	fields = slices.DeleteFunc(fields, func(f structField) bool {
		_, _, filled := f.filled()
		return filled
	})
	for _, f := range fields {
		if err := b.add(f); err != nil {
			return table.Schema{}, err
		}
	}
	if s.Tags == table.GORM {
		b.gormKey(fields)
		return b.schema, b.gormKeys(fields)
	}
	b.choosePrimaryKey(fields)
	return b.schema, nil
}

// schemaBuilder puts a schema together, a field at a time.
type schemaBuilder struct {
	schema table.Schema
	auto   string // path of the field that is auto-incremented
}

func (b *schemaBuilder) add(f structField) error {
	c, problem := f.schemaColumn()
	if problem == nil {
		problem = b.addKeys(f, &c)
	}
	if problem == nil {
		problem = b.addReference(f)
	}
	if problem != nil {
		return problem.at(b.schema.Name, f.path)
	}
	b.schema.Columns = append(b.schema.Columns, c)
	return nil
}

// schemaColumn is the column that a field describes.
func (f structField) schemaColumn() (c types.Column, p *problem) {
	o := f.options
	c, p = columnOf(f.typ, o.typ)
	if p != nil {
		return c, p
	}
	c.Name = f.column
	if p = o.applySize(&c); p != nil {
		return c, p
	}
	codec, p := codecFor(f.typ, &c)
	if p != nil {
		return c, p
	}
	c.NotNull = !codec.nullable() || o.notNull || o.pk || codec.op == opScan && !o.null
	if o.null && !codec.nullable() {
		return c, problemf("make it a pointer or sql.Null["+f.typ.String()+"], or drop null", "%s cannot hold NULL", types.WithArticle(f.typ.String()))
	}
	if o.auto && c.Type != index.Int && c.Type != index.Uint {
		return c, problemf("make it an integer, or drop auto", "a column of type %s cannot be auto-incremented", c.Type)
	}
	c.AutoIncrement = o.auto
	if o.hasDefault {
		v, err := c.FromText(o.literal)
		if err != nil {
			return c, problemf(types.AsError(err).Hint, "the default: %s", types.DetailOf(err))
		}
		c.Default = types.ToGo(c.Type, v)
	}
	if c.DefaultNow = o.now; o.now && !c.HoldsNow(time.DateTime) {
		return c, problemf("make it a time.Time, or tag it type=date or type=timeofday", "a column of type %s cannot have the time for a default", c.Type)
	}
	return c, nil
}

func (o options) applySize(c *types.Column) *problem {
	c.Precision, c.Names = o.precision, o.names
	switch {
	case o.precision > 0 && c.Type != index.Time && c.Type != index.TimeOfDay:
		return problemf("drop it", "precision is for times and times of day, the column is of type %s", c.Type)
	case c.Type == index.Enum && len(o.names) == 0:
		return problemf("write enum='one,two'", "an enum has no names")
	case o.scale > 0 && (c.Type != index.Decimal || o.size == 0):
		return problemf("write type=decimal,size=10,scale=2", "scale is for decimals that have a size")
	case o.size == 0:
		return nil
	case c.Type == index.Decimal:
		c.Scale = o.scale
	case c.Type.IsString():
	case c.Type != index.Int && c.Type != index.Uint:
		return problemf("drop it", "size is for strings, ints and decimals, the column is of type %s", c.Type)
	case !slices.Contains([]int{8, 16, 32, 64}, o.size):
		return problemf("use 8, 16, 32 or 64", "%d bits are no size of an int", o.size)
	}
	c.Size = o.size
	if c.Type == index.Uint && c.Size < 64 {
		c.Type, c.Unsigned = index.Int, true
	}
	*c = c.Normal()
	return nil
}

func (b *schemaBuilder) addKeys(f structField, c *types.Column) *problem {
	if f.options.auto {
		if b.auto != "" {
			return problemf("keep one", "%s is auto-incremented already", b.auto)
		}
		b.auto = f.path
	}
	if p := b.addSoftDelete(f, c); p != nil {
		return p
	}
	if f.options.pk {
		b.schema.PrimaryKey = append(b.schema.PrimaryKey, c.Name)
	}
	b.addToKeys(f, c.Name)
	return nil
}

// addToKeys makes the column part of the keys that its tag names; one without a name is of the column alone.
func (b *schemaBuilder) addToKeys(f structField, column string) {
	for _, part := range f.options.unique {
		i := slices.IndexFunc(b.schema.Unique, func(u table.UniqueKey) bool { return part.name != "" && u.Name == part.name })
		if i < 0 {
			i = len(b.schema.Unique)
			b.schema.Unique = append(b.schema.Unique, table.UniqueKey{Name: part.name})
		}
		u := &b.schema.Unique[i]
		u.Columns, u.Order, u.Prefix = append(u.Columns, column), append(u.Order, part.orderOf(column)...), part.prefixOf(column, u.Prefix)
	}
	for _, part := range f.options.index {
		i := slices.IndexFunc(b.schema.Indexes, func(x table.Index) bool { return part.name != "" && x.Name == part.name })
		if i < 0 {
			i = len(b.schema.Indexes)
			b.schema.Indexes = append(b.schema.Indexes, table.Index{Name: part.name})
		}
		x := &b.schema.Indexes[i]
		x.Columns, x.Order, x.Prefix = append(x.Columns, column), append(x.Order, part.orderOf(column)...), part.prefixOf(column, x.Prefix)
	}
}

func (b *schemaBuilder) addSoftDelete(f structField, c *types.Column) *problem {
	switch {
	case !f.options.softDelete:
		return nil
	case b.schema.SoftDelete != "":
		return problemf("keep one", "column %s holds the time of a soft delete already", b.schema.SoftDelete)
	case c.Type != index.Time || c.NotNull || c.HasDefault():
		return problemf("make it a *time.Time or sql.Null[time.Time] without a default", "it cannot hold the time of a soft delete")
	}
	b.schema.SoftDelete = c.Name
	return nil
}

func (b *schemaBuilder) addReference(f structField) *problem {
	o := f.options
	if o.ref == "" {
		return nil
	}
	r := table.Reference{Columns: []string{f.column}, Table: o.ref, OnDelete: o.onDelete, OnUpdate: o.onUpdate}
	if dot := strings.LastIndexByte(o.ref, '.'); dot >= 0 {
		r.Table, r.RefColumns = o.ref[:dot], []string{o.ref[dot+1:]}
		if r.Table == "" || o.ref[dot+1:] == "" {
			return problemf("write ref=table or ref=table.column", "ref=%s names no table and column", types.Shorten(o.ref))
		}
	}
	b.schema.References = append(b.schema.References, r)
	return nil
}

// choosePrimaryKey takes column id where no field is tagged pk.
func (b *schemaBuilder) choosePrimaryKey(fields []structField) {
	if len(b.schema.PrimaryKey) > 0 {
		return
	}
	i := slices.IndexFunc(b.schema.Columns, func(c types.Column) bool { return c.Name == "id" })
	if i < 0 || fields[i].options.null {
		return
	}
	c, o := &b.schema.Columns[i], fields[i].options
	b.schema.PrimaryKey = []string{"id"}
	c.NotNull = true
	if b.auto == "" && isInteger(fields[i].typ.Kind()) && (c.Type == index.Int || c.Type == index.Uint) && !o.hasDefault && o.ref == "" {
		c.AutoIncrement = true
	}
}
