package engine

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// structRule holds a struct to what the definitions of a batch come to, once every name and key of the associations is known.
type structRule func(*assoc.Set, *table.Batch) error

func isStructRule(part any) bool {
	_, is := part.(structRule)
	return is
}

// key is a foreign key of an association, and the struct of the table that has it.
type key struct {
	column, holder, parent string
	given                  *assoc.Attribute // how the options describe it
	of                     bind.Struct
	option                 string // that names it
}

// keysOf are the foreign keys of an association between tables of structs.
func keysOf(a *assoc.Association, source, target, junction bind.Struct) []key {
	o := &a.Spec.Options
	k := key{a.ForeignKey, a.TargetTable, a.SourceTable, o.ForeignColumn, target, "ForeignKey"}
	switch a.Kind {
	case assoc.BelongsTo:
		k.holder, k.parent, k.of = a.SourceTable, a.TargetTable, source
	case assoc.BelongsToMany:
		k.holder, k.of = a.Junction, junction
		return []key{k, {a.OtherKey, a.Junction, a.TargetTable, o.OtherColumn, junction, "OtherKey"}}
	}
	return []key{k}
}

// checkKeys refuses an association whose foreign key would be a column that the struct has no field for: it would be empty in
// every row that is inserted. One that the options describe as a column is meant.
func checkKeys(set *assoc.Set, a *assoc.Association, keys []key) error {
	for _, k := range keys {
		base := set.Table(k.holder).Base
		if base == nil || k.given != nil || k.of.FieldFor(k.column, base.Naming) != "" || base.HasColumn(k.column) {
			continue
		}
		return k.missing(set, a, base)
	}
	return nil
}

// missing is the error for a struct without a field for a key.
func (k *key) missing(set *assoc.Set, a *assoc.Association, base *table.Schema) error {
	cure := "add the field, or name the column of one with " + k.option
	if have := k.referring(set, base); len(have) > 0 {
		cure = k.naming(have, base.Naming)
	}
	err := types.Refused(a.Spec.String(), "42703", cure, "%s has no field for %s.%s, the foreign key", k.of.Type.Name(), k.holder, k.column)
	types.AsError(err).Columns = []string{k.column}
	return err
}

// naming is the cure where columns refer to the parent already.
func (k *key) naming(columns []string, n table.Naming) string {
	var fields, options []string
	for _, c := range columns {
		fields = append(fields, cmp.Or(k.of.FieldFor(c, n), k.holder+"."+c))
		options = append(options, fmt.Sprintf("%s(%q)", k.option, c))
	}
	refer, name := " refers to ", "name it"
	if len(columns) > 1 {
		refer, name = " refer to ", "name one"
	}
	return strings.Join(fields, " and ") + refer + k.parent + " already; " + name + ": " + strings.Join(options, " or ")
}

// referring are the columns of the holder that refer to the parent by other definitions.
func (k *key) referring(set *assoc.Set, base *table.Schema) (columns []string) {
	refs := slices.Clone(base.References)
	for _, r := range set.References() {
		if r.Child == k.holder {
			refs = append(refs, r.Reference)
		}
	}
	for _, r := range refs {
		if c := r.Columns[0]; r.Table == k.parent && len(r.Columns) == 1 && base.HasColumn(c) && !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	return columns
}

// TagsOf are the tags that the parts of a table say are read.
func TagsOf(parts []table.Part) (tags table.Tags) {
	for _, p := range parts {
		if t, ok := p.(table.Tags); ok {
			tags = t
		}
	}
	return tags
}

// NameOf is the name of the table of a struct: the one given, or by GORM's tags the one that GORM gives.
func NameOf(of bind.Struct, given string) string {
	if given == "" && of.Tags == table.GORM && of.Type.Kind() == reflect.Struct {
		return gormWords.TableName(of)
	}
	return given
}

// SchemaOf is the definition that a struct's fields and parts make in a store with a naming. Errors are of kind [types.ErrDefinition].
func SchemaOf(of bind.Struct, name string, n table.Naming, parts []table.Part) (table.Schema, error) {
	if of.Tags == table.GORM {
		n = table.SnakeCase
	}
	for _, p := range parts {
		if own, ok := p.(table.Naming); ok {
			n = own
		}
	}
	s, err := of.Schema(name, n)
	for _, p := range parts {
		if _, read := p.(table.Tags); err == nil && !read {
			err = s.Alter(p)
		}
	}
	return s, err
}

// DefineStruct enters the table of a struct into a batch, and has its fields that no column stands for held to the associations that
// come of it. Errors are of kind [types.ErrDefinition].
func DefineStruct(b *table.Batch, of bind.Struct, name string, parts []table.Part) error {
	s, err := SchemaOf(of, name, b.Named(table.Unnamed), parts)
	if err != nil {
		return err
	}
	fields, err := of.Filled(name, s.Naming)
	if err == nil && of.Tags == table.GORM {
		err = defineGORM(b, name, of)
	}
	if err != nil {
		return err
	}
	if len(fields) > 0 {
		b.Add(structRule(func(set *assoc.Set, b *table.Batch) error { return checkFilled(set, b, name, fields) }))
	}
	return s.Define(b)
}

// checkFilled refuses a field that neither an association nor a column fills.
func checkFilled(set *assoc.Set, b *table.Batch, name string, fields []bind.Filled) error {
	s, _ := b.Peek(name)
	for i := range fields {
		if f := &fields[i]; set.Association(name, f.Alias) == nil && !s.HasColumn(f.Alias) {
			var aliases []string
			for _, a := range set.Of(name) {
				aliases = append(aliases, a.As)
			}
			return f.Refuse(name, aliases)
		}
	}
	return nil
}

// checkRows refuses an association to a field that cannot hold the rows it leads to.
func checkRows(b *table.Batch, a *assoc.Association, source, target bind.Struct) error {
	s, _ := b.Peek(a.SourceTable)
	fields, err := source.Filled(a.SourceTable, s.Naming)
	for i := range fields {
		if f := &fields[i]; f.Alias == a.As {
			return f.Holds(a.SourceTable, a.String(), target.Type, a.Kind.Many())
		}
	}
	return err
}
