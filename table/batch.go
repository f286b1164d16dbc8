package table

import (
	"fmt"
	"slices"
	"strings"
)

// Batch is a set of changes to definitions that come into force together, as data: tables may refer to one another in
// any order, and if anything is refused nothing has happened.
type Batch struct {
	have    func(name string) (*Def, bool)
	schemas []*Schema // new and altered tables, in order of appearance
	dropped []string
	added   []any
}

// NewBatch starts a batch over the tables that have finds.
func NewBatch(have func(name string) (*Def, bool)) *Batch { return &Batch{have: have} }

// Definition is something that can be defined: a [Schema], a typed table, an association.
type Definition interface {
	// Define enters the definition into the batch.
	Define(*Batch) error
}

// Define enters a new table.
func (s Schema) Define(b *Batch) error {
	if b.exists(s.Name) {
		return Refused(s.Name, "42P07", "choose another name, or drop it first", "table %s exists already", s.Name)
	}
	s = s.clone()
	b.schemas = append(b.schemas, &s)
	return nil
}

func (b *Batch) exists(name string) bool {
	if slices.ContainsFunc(b.schemas, func(s *Schema) bool { return s.Name == name }) {
		return true
	}
	_, ok := b.have(name)
	return ok && !slices.Contains(b.dropped, name)
}

// Schema is the definition of a table as the batch leaves it, to be changed in place.
func (b *Batch) Schema(name string) (*Schema, error) {
	for _, s := range b.schemas {
		if s.Name == name {
			return s, nil
		}
	}
	d, ok := b.have(name)
	if !ok || slices.Contains(b.dropped, name) {
		return nil, &Error{Kind: ErrUnknownTable, Op: "alter", Table: name, Detail: "there is no table " + name}
	}
	s := d.schema.clone()
	b.schemas = append(b.schemas, &s)
	return &s, nil
}

// Add enters something that is not a table: what it means is for whoever compiles the batch to know.
func (b *Batch) Add(part any) { b.added = append(b.added, part) }

// Added is what [Batch.Add] was given, in that order.
func (b *Batch) Added() []any { return b.added }

// Take takes parts out of what was added, and returns them.
func (b *Batch) Take(is func(part any) bool) (taken []any) {
	b.added = slices.DeleteFunc(b.added, func(part any) bool {
		if is(part) {
			taken = append(taken, part)
			return true
		}
		return false
	})
	return taken
}

// Peek is the definition of a table as the batch leaves it, for reading.
func (b *Batch) Peek(name string) (Schema, bool) {
	for _, s := range b.schemas {
		if s.Name == name {
			return *s, true
		}
	}
	if d, ok := b.have(name); ok && !slices.Contains(b.dropped, name) {
		return d.schema, true
	}
	return Schema{}, false
}

// Drop removes a table.
func (b *Batch) Drop(name string) error {
	if !b.exists(name) {
		return &Error{Kind: ErrUnknownTable, Op: "drop", Table: name, Detail: "there is no table " + name}
	}
	b.schemas = slices.DeleteFunc(b.schemas, func(s *Schema) bool { return s.Name == name })
	b.dropped = append(b.dropped, name)
	return nil
}

// Dropped are the tables that the batch removes.
func (b *Batch) Dropped() []string { return b.dropped }

// Compile compiles the tables that the batch adds or alters.
func (b *Batch) Compile() ([]*Def, error) {
	defs := make([]*Def, len(b.schemas))
	for i, s := range b.schemas {
		var err error
		if defs[i], err = Compile(*s); err != nil {
			return nil, err
		}
	}
	return defs, nil
}

// Part is something that a table can be given or lose: a [Column], [UniqueKey], [Index], [Check] or [Reference] is
// added; [DropColumn] and [DropConstraint] remove.
type Part interface {
	Alter(*Schema) error
}

// Alter adds the column at the end.
func (c Column) Alter(s *Schema) error {
	s.Columns = append(s.Columns, c)
	return nil
}

// Alter adds the unique key.
func (u UniqueKey) Alter(s *Schema) error {
	s.Unique = append(s.Unique, u)
	return nil
}

// Alter adds the index.
func (x Index) Alter(s *Schema) error {
	s.Indexes = append(s.Indexes, x)
	return nil
}

// Alter adds the check.
func (c Check) Alter(s *Schema) error {
	s.Checks = append(s.Checks, c)
	return nil
}

// Alter adds the foreign key.
func (r Reference) Alter(s *Schema) error {
	s.References = append(s.References, r)
	return nil
}

// DropColumn is the [Part] that removes a column. A column that a key, check or reference uses stays: drop that first.
type DropColumn string

// Alter removes the column.
func (name DropColumn) Alter(s *Schema) error {
	at := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == string(name) })
	if at < 0 {
		return &Error{Kind: ErrUnknownColumn, Op: "alter", Table: s.Name, Columns: []string{string(name)},
			Detail: fmt.Sprintf("there is no column %s", string(name))}
	}
	if users := s.usersOf(string(name)); len(users) > 0 {
		return Refused(s.Name, "2BP01", "drop that first", "column %s is used by %s", string(name), strings.Join(users, ", "))
	}
	s.Columns = slices.Delete(s.Columns, at, at+1)
	return nil
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
		use("check "+c.Name, c.Where.columns())
	}
	for _, r := range s.References {
		use("foreign key "+r.Name, r.Columns)
	}
	return users
}

// columns are the names of the columns that a condition reads.
func (c Cond) columns() []string {
	var out []string
	if c.Column != "" && !c.OnAssociation() {
		out = append(out, c.Column)
	}
	for _, part := range c.Conds {
		out = append(out, part.columns()...)
	}
	return out
}

// DropConstraint is the [Part] that removes the unique key, index, check or reference of that name.
type DropConstraint string

// Alter removes the constraint.
func (name DropConstraint) Alter(s *Schema) error {
	n := len(s.Unique) + len(s.Indexes) + len(s.Checks) + len(s.References)
	is := func(have string) bool { return have == string(name) }
	s.Unique = slices.DeleteFunc(s.Unique, func(u UniqueKey) bool { return is(u.Name) })
	s.Indexes = slices.DeleteFunc(s.Indexes, func(x Index) bool { return is(x.Name) })
	s.Checks = slices.DeleteFunc(s.Checks, func(c Check) bool { return is(c.Name) })
	s.References = slices.DeleteFunc(s.References, func(r Reference) bool { return is(r.Name) })
	if n == len(s.Unique)+len(s.Indexes)+len(s.Checks)+len(s.References) {
		return &Error{Kind: ErrDefinition, Op: "alter", Table: s.Name, State: "42704", Constraint: string(name),
			Detail: fmt.Sprintf("there is no key, index, check or reference %s", string(name))}
	}
	return nil
}
