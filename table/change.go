package table

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/memrel/memrel/types"
)

// ChangeColumn is the [Part] that puts a column in the place of the one of its name: with another type, size, default, NOT NULL or check.
// The values that there are become values of the new type exactly, or the change is refused, naming the rows.
type ChangeColumn types.Column

// PartOfTable makes the change a [Part].
func (ChangeColumn) PartOfTable() {}

// PrimaryKey is the [Part] that makes these columns the primary key.
type PrimaryKey []string

// PartOfTable makes the key a [Part].
func (PrimaryKey) PartOfTable() {}

// ColumnOrder is the [Part] that puts these columns first, in this order; the others follow in theirs.
type ColumnOrder []string

// PartOfTable makes the order a [Part].
func (ColumnOrder) PartOfTable() {}

// DropColumnCascade is the [Part] that removes a column with what hangs on it: the unique keys, indexes, checks and references of the
// table that it is part of, those of other tables that refer to it, and associations by it. A column of the primary key stays.
type DropColumnCascade string

// PartOfTable makes the removal a [Part].
func (DropColumnCascade) PartOfTable() {}

// Annotation is the [Part] that keeps a text with a table, or with a column of it, under a name; without a text it takes away what is
// kept there. The store does not know what it means, but for "comment", which the DDL of a table has as a comment.
type Annotation struct {
	Column string // empty: the table
	Name   string
	Text   string
}

// PartOfTable makes the annotation a [Part].
func (Annotation) PartOfTable() {}

func (s *Schema) annotate(a Annotation) error {
	if a.Name == "" {
		return types.Refused(s.Name, "42602", "name who keeps it", "an annotation has no name")
	}
	to := &s.Annotations
	if a.Column != "" {
		at, err := s.columnAt(a.Column)
		if err != nil {
			return err
		}
		to = &s.Columns[at].Annotations
	}
	next := maps.Clone(*to)
	if next == nil {
		next = map[string]string{}
	}
	next[a.Name] = a.Text
	if a.Text == "" {
		delete(next, a.Name)
	}
	if len(next) == 0 {
		next = nil
	}
	*to = next
	return nil
}

// change is [Schema.Alter] for the parts that change what is there.
func (s *Schema) change(p Part) (known bool, err error) {
	switch p := p.(type) {
	case ChangeColumn:
		at, err := s.columnAt(p.Name)
		if err == nil {
			s.Columns[at] = types.Column(p)
		}
		return true, err
	case PrimaryKey:
		s.PrimaryKey = p
		return true, nil
	case ColumnOrder:
		return true, s.reorder(p)
	case DropColumnCascade:
		return true, s.dropCascading(string(p))
	case Rename:
		return true, s.rename(p)
	case Annotation:
		return true, s.annotate(p)
	}
	return false, nil
}

func (s *Schema) columnAt(name string) (int, error) {
	at := slices.IndexFunc(s.Columns, func(c types.Column) bool { return c.Name == name })
	if at < 0 {
		return at, &types.Error{Kind: types.ErrUnknownColumn, Op: "alter", Table: s.Name, Columns: []string{name},
			Detail: fmt.Sprintf("there is no column %s", name)}
	}
	return at, nil
}

func (s *Schema) reorder(first []string) error {
	var out []types.Column
	for i, name := range first {
		at, err := s.columnAt(name)
		if err != nil {
			return err
		}
		if slices.Contains(first[:i], name) {
			return types.Refused(s.Name, "42701", "name it once", "the order of columns names %s twice", name)
		}
		out = append(out, s.Columns[at])
	}
	for _, c := range s.Columns {
		if !slices.Contains(first, c.Name) {
			out = append(out, c)
		}
	}
	s.Columns = out
	return nil
}

// dropCascading removes a column with what the table has over it.
func (s *Schema) dropCascading(name string) error {
	if slices.Contains(s.PrimaryKey, name) {
		return types.Refused(s.Name, "2BP01", "give the table another PrimaryKey first", "column %s is part of the primary key", name)
	}
	uses := func(columns []string) bool { return slices.Contains(columns, name) }
	s.Unique = slices.DeleteFunc(s.Unique, func(u UniqueKey) bool { return uses(u.Columns) })
	s.Indexes = slices.DeleteFunc(s.Indexes, func(x Index) bool { return uses(x.Columns) })
	s.Checks = slices.DeleteFunc(s.Checks, func(c CheckConstraint) bool { return uses(c.Where.ColumnsNamed()) })
	s.References = slices.DeleteFunc(s.References, func(r Reference) bool { return uses(r.Columns) || r.Table == s.Name && uses(r.RefColumns) })
	if s.SoftDelete == name {
		s.SoftDelete = ""
	}
	return s.dropColumn(name)
}

// rename gives a column, a constraint or the table itself another name, as far as that stands in the schema.
func (s *Schema) rename(p Rename) error {
	switch {
	case p.To == "":
		return types.Refused(s.Name, "42602", "say To what", "there is no new name")
	case p.Association != "" || p.Column != "" && p.Constraint != "":
		return types.Refused(s.Name, "42601", "rename one thing of a table that has it", "it cannot be renamed to %s", p.To)
	case p.Constraint != "":
		return s.renameConstraint(p.Constraint, p.To)
	case p.Column == "":
		s.renameTable(p.To)
		return nil
	}
	return s.renameColumn(p.Column, p.To)
}

func (s *Schema) renameTable(to string) {
	for i := range s.References {
		if r := &s.References[i]; r.Table == s.Name {
			r.Table = to
		}
	}
	s.Name = to
}

func (s *Schema) renameColumn(from, to string) error {
	at, err := s.columnAt(from)
	if err != nil {
		return err
	}
	if had, _ := s.columnAt(to); had >= 0 {
		return types.Refused(s.Name, "42701", "choose another name", "there is a column %s already", to)
	}
	s.Columns[at].Name = to
	renameIn(s.PrimaryKey, from, to)
	now := func(name string) string {
		if name == from {
			return to
		}
		return name
	}
	for i := range s.Unique {
		s.Unique[i] = s.Unique[i].Renamed(now)
	}
	for i := range s.Indexes {
		s.Indexes[i] = s.Indexes[i].Renamed(now)
	}
	for i := range s.Checks {
		s.Checks[i].Where = s.Checks[i].Where.Renamed(from, to)
	}
	for i := range s.References {
		r := &s.References[i]
		renameIn(r.Columns, from, to)
		renameIn(r.SetColumns, from, to)
		if r.Table == s.Name {
			renameIn(r.RefColumns, from, to)
		}
	}
	if s.SoftDelete == from {
		s.SoftDelete = to
	}
	return nil
}

// HasColumn tells whether there is a column of that name.
func (s *Schema) HasColumn(name string) bool {
	return slices.ContainsFunc(s.Columns, func(c types.Column) bool { return c.Name == name })
}

// HasConstraint tells whether there is a unique key, index, check or reference of that name.
func (s *Schema) HasConstraint(name string) bool {
	for own := range s.constraints() {
		if *own == name {
			return true
		}
	}
	return false
}

// Constraints are the names of the unique keys, indexes, checks and references, in this order.
func (s *Schema) Constraints() (names []string) {
	for own := range s.constraints() {
		names = append(names, *own)
	}
	return names
}

// constraints are the names of the schema's constraints, to be changed in place.
func (s *Schema) constraints() iter.Seq[*string] {
	return func(yield func(*string) bool) {
		for i := range s.Unique {
			if !yield(&s.Unique[i].Name) {
				return
			}
		}
		for i := range s.Indexes {
			if !yield(&s.Indexes[i].Name) {
				return
			}
		}
		for i := range s.Checks {
			if !yield(&s.Checks[i].Name) {
				return
			}
		}
		for i := range s.References {
			if !yield(&s.References[i].Name) {
				return
			}
		}
	}
}

func (s *Schema) renameConstraint(from, to string) error {
	if !s.HasConstraint(from) {
		return s.noConstraint(from)
	}
	if s.HasConstraint(to) {
		return types.Refused(s.Name, "42710", "choose another name", "there is a constraint %s already", to)
	}
	for own := range s.constraints() {
		if *own == from {
			*own = to
		}
	}
	return nil
}
