package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/types"
)

// Part is something that a table can be given or lose: a [types.Column], [UniqueKey], [Index], [CheckConstraint] or [Reference] is
// added; [DropColumn], [DropColumnCascade] and [DropConstraint] remove; [Rename], [ChangeColumn], [PrimaryKey] and [ColumnOrder] change
// what is there; [SoftDelete] says how rows are deleted, [Naming] how names are made, [Numbering] whether numbers are given out twice. See [Schema.Alter].
type Part interface{ PartOfTable() }

// PartOfTable makes the unique key a [Part].
func (UniqueKey) PartOfTable() {}

// PartOfTable makes the index a [Part].
func (Index) PartOfTable() {}

// PartOfTable makes the check a [Part].
func (CheckConstraint) PartOfTable() {}

// PartOfTable makes the reference a [Part].
func (Reference) PartOfTable() {}

// DropColumn is the [Part] that removes a column. A column that a key, check or reference uses stays: drop that first, or use
// [DropColumnCascade].
type DropColumn string

// PartOfTable makes the removal a [Part].
func (DropColumn) PartOfTable() {}

// DropConstraint is the [Part] that removes the unique key, index, check or reference of that name.
type DropConstraint string

// PartOfTable makes the removal a [Part].
func (DropConstraint) PartOfTable() {}

// Alter adds a copy of a part at the end of its kind, or removes one. Errors are of kind [types.ErrDefinition] and [types.ErrUnknownColumn].
func (s *Schema) Alter(p Part) error {
	switch p := types.Clone(p).(type) {
	case types.Column:
		if err := s.CheckAdded(p); err != nil {
			return err
		}
		s.Columns = append(s.Columns, p)
	case UniqueKey:
		s.Unique = append(s.Unique, p)
	case Index:
		s.Indexes = append(s.Indexes, p)
	case CheckConstraint:
		s.Checks = append(s.Checks, p)
	case Reference:
		s.References = append(s.References, p)
	case DropColumn:
		return s.dropColumn(string(p))
	case DropConstraint:
		return s.dropConstraint(string(p))
	case SoftDelete:
		s.SoftDelete = string(p)
	case Naming:
		s.Naming = p
	case Numbering:
		s.Numbering = p
	default:
		if known, err := s.change(p); known {
			return err
		}
		return types.Refused(s.Name, "42601", "give a Column, UniqueKey, Index, CheckConstraint, Reference, SoftDelete, Naming, Numbering, ChangeColumn, Rename, PrimaryKey, ColumnOrder, "+
			"DropColumn, DropColumnCascade or DropConstraint as a value", "a %T is no part of a table", p)
	}
	return nil
}

// CheckAdded refuses parts that add a column that there is, unless one before them removes it.
func (s *Schema) CheckAdded(parts ...Part) error {
	gone := map[string]bool{}
	for _, p := range parts {
		switch p := p.(type) {
		case DropColumn:
			gone[string(p)] = true
		case types.Column:
			if !gone[p.Name] && s.HasColumn(p.Name) {
				return &types.Error{Kind: types.ErrDefinition, Op: "alter", Table: s.Name, State: "42701", Columns: []string{p.Name},
					Detail: "there is a column " + p.Name + " already", Hint: "name it otherwise, or drop that first: in one Alter the values are kept"}
			}
		}
	}
	return nil
}

func (s *Schema) dropColumn(name string) error {
	at, err := s.columnAt(name)
	if err != nil {
		return err
	}
	if users := s.usersOf(name); len(users) > 0 {
		return s.refuseDrop(name, users)
	}
	s.Columns = slices.Delete(s.Columns, at, at+1)
	return nil
}

func (s *Schema) refuseDrop(column string, users []string) error {
	return types.Refused(s.Name, "2BP01", "drop that first, or all of it with DropColumnCascade", "column %s is used by %s", column, strings.Join(users, ", "))
}

// usersOf names what uses a column.
func (s *Schema) usersOf(column string) []string {
	var users []string
	use := func(what string, columns []string) {
		if slices.Contains(columns, column) {
			users = append(users, what)
		}
	}
	use("the primary key", s.PrimaryKey)
	use("soft deletes", []string{s.SoftDelete})
	for _, u := range s.Unique {
		use("unique key "+u.Name, u.Columns)
	}
	for _, x := range s.Indexes {
		use("index "+x.Name, x.Columns)
	}
	for _, c := range s.Checks {
		use("check "+c.Name, c.Where.ColumnsNamed())
	}
	for _, r := range s.References {
		use("foreign key "+r.Name, r.Columns)
	}
	return users
}

func (s *Schema) dropConstraint(name string) error {
	n := len(s.Unique) + len(s.Indexes) + len(s.Checks) + len(s.References)
	s.Unique = slices.DeleteFunc(s.Unique, func(u UniqueKey) bool { return u.Name == name })
	s.Indexes = slices.DeleteFunc(s.Indexes, func(x Index) bool { return x.Name == name })
	s.Checks = slices.DeleteFunc(s.Checks, func(c CheckConstraint) bool { return c.Name == name })
	s.References = slices.DeleteFunc(s.References, func(r Reference) bool { return r.Name == name })
	if n == len(s.Unique)+len(s.Indexes)+len(s.Checks)+len(s.References) {
		return s.noConstraint(name)
	}
	return nil
}

func (s *Schema) noConstraint(name string) error {
	return &types.Error{Kind: types.ErrDefinition, Op: "alter", Table: s.Name, State: "42704", Constraint: name,
		Detail: fmt.Sprintf("there is no key, index, check or reference %s", name)}
}
