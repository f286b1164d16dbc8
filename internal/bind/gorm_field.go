package bind

import (
	"reflect"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// readGORM appends the field as GORM reads it: a column, a relation, or the fields of a struct that is embedded.
func (r *fieldReader) readGORM(out []structField, sf reflect.StructField, f structField, of structField) ([]structField, error) {
	if !sf.IsExported() {
		return out, nil
	}
	tag, p := parseGORM(sf.Tag.Get("gorm"))
	switch {
	case p != nil:
		return nil, p.at(r.table, f.path)
	case tag.has("-") && !strings.EqualFold(strings.TrimSpace(tag["-"]), "migration"):
		return out, nil
	case tag.has("EMBEDDED") || sf.Anonymous && isFlattened(sf.Type):
		if p := tag.embedding(sf.Type); p != nil {
			return nil, p.at(r.table, f.path)
		}
		f.prefix = of.prefix + tag["EMBEDDEDPREFIX"]
		return r.read(out, sf.Type, f)
	}
	if f.options, p = tag.options(sf.Type); p != nil {
		return nil, p.at(r.table, f.path)
	}
	f.gorm, f.tag = tag, sf.Tag.Get("gorm")
	if f.column = f.options.name; f.column == "" {
		f.column = gormName(sf.Name)
	}
	f.column = of.prefix + f.column
	return append(out, f), nil
}

// embedding refuses what cannot be embedded.
func (t gormTag) embedding(of reflect.Type) *problem {
	if of.Kind() == reflect.Pointer {
		return flattening(of, false)
	}
	if of.Kind() != reflect.Struct {
		return problemf("make it a struct"+beside, "%s cannot be embedded", types.WithArticle(of.String()))
	}
	for key := range t {
		if key != "EMBEDDED" && key != "EMBEDDEDPREFIX" && key != "COMMENT" {
			return problemf("tag its fields", "an embedded struct takes no %s", strings.ToLower(key))
		}
	}
	return nil
}

// gormKey finds the primary key as GORM does: the fields that are tagged, or the one of column id or name ID. One of integers is
// auto-incremented unless its tag says otherwise; of several only id is.
func (b *schemaBuilder) gormKey(fields []structField) {
	first := gormPrimary(fields)
	if first == nil {
		return
	}
	if len(b.schema.PrimaryKey) == 0 {
		b.schema.PrimaryKey = []string{first.column}
	}
	for i := range b.schema.Columns {
		c := &b.schema.Columns[i]
		if c.Name != first.column {
			continue
		}
		c.NotNull = true
		if plain, _ := indirect(first.typ); b.auto == "" && isInteger(plain.Kind()) && !first.gorm.has("AUTOINCREMENT") && !first.options.hasDefault {
			c.AutoIncrement = true
		}
	}
}

// gormPrimary is the field that GORM prefers of the primary key; nil if there is none.
func gormPrimary(fields []structField) *structField {
	tagged := gormPrimaries(fields)
	for _, f := range tagged {
		if f.column == "id" || f.name == "ID" {
			return f
		}
	}
	if len(tagged) == 1 {
		return tagged[0]
	}
	return nil
}

// gormPrimaries are the fields of the primary key.
func gormPrimaries(fields []structField) (out []*structField) {
	var id *structField
	for i := range fields {
		f := &fields[i]
		switch {
		case f.options.pk:
			out = append(out, f)
		case f.column == "id" || id == nil && f.name == "ID":
			id = f
		}
	}
	if len(out) == 0 && id != nil {
		out = append(out, id)
	}
	return out
}

// GORMTimes are the columns whose times are kept: of creation and of update, empty if there is none. Errors as [Struct.Schema].
func (s Struct) GORMTimes(name string) (created, updated string, err error) {
	fields, err := s.fields(name, table.SnakeCase)
	for i := range fields {
		f := &fields[i]
		for _, t := range []struct {
			key, field string
			column     *string
		}{{"AUTOCREATETIME", "CreatedAt", &created}, {"AUTOUPDATETIME", "UpdatedAt", &updated}} {
			keeps, p := f.keepsTime(t.key, t.field)
			switch {
			case p == nil && keeps && *t.column != "":
				p = problemf("keep one", "column %s keeps that time already", *t.column)
			case p == nil && keeps:
				*t.column = f.column
			}
			if p != nil {
				return "", "", p.at(name, f.path)
			}
		}
	}
	return created, updated, err
}

// keepsTime tells whether GORM keeps a time in the field: its tag says so, or it has the name and a type for it.
func (f *structField) keepsTime(key, name string) (bool, *problem) {
	if f.gorm == nil || !f.gorm.on(key) && (f.gorm.has(key) || f.name != name) {
		return false, nil
	}
	c, p := columnOf(f.typ, f.options.typ)
	switch {
	case p != nil || c.Type == index.Time:
		return p == nil, nil
	case c.Type.IsNumber() || f.gorm.has(key):
		return false, problemf("make it a time.Time, or write it yourself: tag it `"+tagKey+`:""`+"`", "only times are kept, not numbers of seconds")
	}
	return false, nil
}
