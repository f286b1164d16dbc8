package table

import (
	"slices"

	"github.com/memrel/memrel/types"
)

// Rename is the [Part] that gives something of a table another name: a column, a constraint (a unique key, index, check or reference), an
// association whose source the table is, or, where it names none of them, the table itself. References of all tables, associations, checks
// and indexes go by the new name from then on. No row changes: O(definitions).
type Rename struct {
	Column      string
	Constraint  string
	Association string
	To          string
}

// PartOfTable makes the renaming a [Part].
func (Rename) PartOfTable() {}

// ofAssociation tells whether an association is renamed, and nothing else.
func (p Rename) ofAssociation() bool {
	return p.Association != "" && p.Column == "" && p.Constraint == "" && p.To != ""
}

// Renaming is what a batch renames.
type Renaming struct {
	Table string // as it was called before
	Rename
}

// ofTable tells whether the table itself is renamed.
func (r *Renaming) ofTable() bool {
	return r != nil && r.Column == "" && r.Constraint == "" && r.Association == ""
}

func (r *Renaming) ofColumn(table string) bool { return r != nil && r.Column != "" && r.Table == table }

// TableNow is what a table is called after a renaming, which may be nil.
func (r *Renaming) TableNow(was string) string {
	if r.ofTable() && was == r.Table {
		return r.To
	}
	return was
}

// TableWas is what a table was called before.
func (r *Renaming) TableWas(now string) string {
	if r.ofTable() && now == r.To {
		return r.Table
	}
	return now
}

// ColumnNow is what a column of a table, as it was called, is called after a renaming.
func (r *Renaming) ColumnNow(table, was string) string {
	if r.ofColumn(table) && was == r.Column {
		return r.To
	}
	return was
}

// ColumnWas is what a column was called before; empty if another column had its name.
func (r *Renaming) ColumnWas(table, now string) string {
	switch {
	case !r.ofColumn(table):
		return now
	case now == r.To:
		return r.Column
	case now == r.Column:
		return ""
	}
	return now
}

// ReferenceWas is a reference of child in the names that there were, but for its own.
func (r *Renaming) ReferenceWas(child string, ref Reference) Reference {
	was := func(table string, names []string) []string {
		out := slices.Clone(names)
		for i := range out {
			out[i] = r.ColumnWas(table, out[i])
		}
		return out
	}
	ref.Columns, ref.SetColumns = was(child, ref.Columns), was(child, ref.SetColumns)
	ref.RefColumns, ref.Table = was(ref.Table, ref.RefColumns), r.TableWas(ref.Table)
	return ref
}

// Renaming is what the batch renames: one thing at most, nil if nothing.
func (b *Batch) Renaming() *Renaming { return b.renaming }

// Alter changes a table by a part, with what follows in the tables that refer to it, and tells the table's name after that. Errors as
// [Schema.Alter].
func (b *Batch) Alter(name string, p Part) (now string, err error) {
	s, err := b.Schema(name)
	if err != nil {
		return name, err
	}
	switch p := p.(type) {
	case Rename:
		return b.rename(s, p)
	case DropColumn:
		if err := b.unreferred(s, string(p)); err != nil {
			return name, err
		}
	case DropColumnCascade:
		if err := s.Alter(p); err != nil {
			return name, err
		}
		return name, b.eachReferring(name, func(child *Schema) {
			child.References = slices.DeleteFunc(child.References, func(r Reference) bool { return r.Table == name && slices.Contains(r.RefColumns, string(p)) })
		})
	}
	return name, s.Alter(p)
}

// rename carries out a renaming; that of an association is for whoever knows these to carry out.
func (b *Batch) rename(s *Schema, p Rename) (now string, err error) {
	was := s.Name
	switch {
	case b.renaming != nil:
		return was, types.Refused(was, "42601", "use a batch for each", "a batch renames one thing")
	case p.Column == "" && p.Constraint == "" && p.Association == "" && b.exists(p.To):
		return was, types.Refused(was, "42P07", "choose another name", "table %s exists already", p.To)
	}
	if !p.ofAssociation() {
		err = s.rename(p)
	}
	r := &Renaming{Table: was, Rename: p}
	b.renaming = r
	if err != nil || p.Constraint != "" || p.Association != "" {
		return was, err
	}
	if err := b.eachReferring(was, func(child *Schema) {
		for i := range child.References {
			if ref := &child.References[i]; ref.Table == was {
				renameIn(ref.RefColumns, p.Column, p.To)
				ref.Table = r.TableNow(was)
			}
		}
	}); err != nil || !r.ofTable() {
		return was, err
	}
	delete(b.named, was)
	b.named[p.To] = s
	if _, had := b.have(was); had {
		b.dropped = append(b.dropped, was)
	}
	return p.To, nil
}

// eachReferring changes the tables that refer to one, itself among them.
func (b *Batch) eachReferring(name string, change func(*Schema)) error {
	for _, child := range b.referring(name) {
		s, err := b.Schema(child)
		if err != nil {
			return err
		}
		change(s)
	}
	return nil
}

// referring are the tables that refer to one, by name.
func (b *Batch) referring(name string) []string {
	var into []string
	if b.catalog != nil {
		for _, r := range b.catalog.Into(b.renaming.TableWas(name)) {
			into = append(into, b.renaming.TableNow(r.Child))
		}
	}
	for _, s := range b.schemas {
		into = append(into, s.Name)
	}
	slices.Sort(into)
	return slices.DeleteFunc(slices.Compact(into), func(child string) bool {
		s, ok := b.Peek(child)
		return !ok || !slices.ContainsFunc(s.References, func(r Reference) bool { return r.Table == name })
	})
}

// unreferred refuses to drop a column that other tables refer to.
func (b *Batch) unreferred(s *Schema, column string) error {
	var users []string
	for _, name := range b.referring(s.Name) {
		child, _ := b.Peek(name)
		for _, r := range child.References {
			if r.Table == s.Name && slices.Contains(r.RefColumns, column) {
				users = append(users, "foreign key "+r.Name+" of "+name)
			}
		}
	}
	if len(users) == 0 {
		return nil
	}
	return s.refuseDrop(column, append(s.usersOf(column), users...))
}

// renameIn replaces a name in a list.
func renameIn(names []string, from, to string) {
	for i := range names {
		if names[i] == from {
			names[i] = to
		}
	}
}
