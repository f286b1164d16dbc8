package assoc

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// prepared is the set in the names of after a batch, to be resolved anew: in those that a renaming gives, and without names that new columns
// take over.
func (s *Set) prepared(b *table.Batch) (*Set, error) {
	if r := b.Renaming(); r != nil {
		return s.renamed(r)
	}
	if s == nil {
		return nil, nil
	}
	had := s.byTable
	for _, part := range b.Added() {
		am, is := part.(Amendment)
		if !is || had[am.Table] == nil {
			continue
		}
		for _, p := range am.Parts {
			if c, is := p.(types.Column); is && !had[am.Table].Schema.HasColumn(c.Name) {
				var err error
				if s, err = s.setAside(am.Table, c.Name); err != nil {
					return nil, err
				}
			}
		}
	}
	return s, nil
}

// renamed is the set in the names that a renaming gives: what was defined is written in them, where it left names open with those that it
// came to. Its associations are known by name and key alone.
func (s *Set) renamed(r *table.Renaming) (*Set, error) {
	m := s.Table(r.Table)
	switch {
	case m == nil && r.Association != "":
		return nil, noAssociation(r)
	case m == nil: // others may refer to it
	case s.frontend != nil:
		return nil, types.Refused(r.Table, "0A000", "change it in the front end's definitions", "a front end has defined it")
	case m.Base == nil && !s.declares(m.Name):
		return nil, types.Refused(r.Table, "0A000", "declare a model for the junction, or name the keys in the association", "it was made for an association")
	}
	if s == nil {
		return nil, nil
	}
	if m != nil && r.Column != "" {
		var err error
		if s, err = s.setAside(r.Table, r.To); err != nil {
			return nil, err
		}
	}
	next, err := (&renamer{Renaming: r, set: s}).run()
	if err != nil || s.frontend != nil || r.Constraint != "" || r.Association != "" {
		return next, err
	}
	return next, next.keepConstraints(s)
}

// setAside gives the column that had a name, and was dropped by an amendment, another one in definitions and amendments: one that nothing
// else has, since a column goes by one more amendment.
func (s *Set) setAside(name, column string) (*Set, error) {
	n := 0
	for _, am := range s.specs.Amendments {
		if am.Table == name {
			n++
		}
	}
	if n == 0 {
		return s, nil
	}
	r := &table.Renaming{Table: name, Rename: table.Rename{Column: column, To: fmt.Sprintf("%s before %d", column, n)}}
	return (&renamer{Renaming: r, set: s}).run()
}

func noAssociation(r *table.Renaming) error {
	return types.Refused(r.Table, "42704", "name one that it is the source of", "there is no association %s", r.Association)
}

func (s *Set) declares(model string) bool {
	return slices.ContainsFunc(s.specs.Models, func(m Model) bool { return m.Name == model })
}

// amendedKeys are associations after the amendments among parts: without those by a column that goes with what hangs on it, and those to a
// table with another primary key say which key they go by.
func (s *Set) amendedKeys(specs []Spec, parts []any) []Spec {
	if s == nil || len(s.all) != len(specs) {
		return specs
	}
	am := amendments(parts)
	var out []Spec
	for i, a := range s.all {
		holder, own, far := keyTables(a)
		key := a.SourceKey
		if a.Kind == BelongsTo {
			own, key = a.TargetTable, a.TargetKey
		}
		if am.drop(holder, a.ForeignKey) || am.drop(own, key) || a.Kind == BelongsToMany && (am.drop(a.Junction, a.OtherKey) || am.drop(far, a.TargetKey)) {
			continue
		}
		spec := specs[i]
		if am.rekey(own) || am.rekey(far) {
			spec.Options.SourceKey, spec.Options.TargetKey = a.SourceKey, a.TargetKey
		}
		out = append(out, spec)
	}
	return out
}

// amendments are those among the parts of a batch.
type amendments []any

// drop tells whether a column goes, with what hangs on it.
func (parts amendments) drop(name, column string) bool {
	return parts.have(name, func(p table.Part) bool { return p == table.Part(table.DropColumnCascade(column)) })
}

// rekey tells whether a table is given another primary key.
func (parts amendments) rekey(name string) bool {
	return parts.have(name, func(p table.Part) bool {
		_, is := p.(table.PrimaryKey)
		return is
	})
}

func (parts amendments) have(name string, is func(table.Part) bool) bool {
	return slices.ContainsFunc(parts, func(part any) bool {
		am, amends := part.(Amendment)
		return amends && am.Table == name && slices.ContainsFunc(am.Parts, is)
	})
}

// keepConstraints amends a set that a renaming came to, so that constraints keep names that follow from those of tables and columns, as
// they do in PostgreSQL: amendments of before go by them.
func (s *Set) keepConstraints(before *Set) error {
	was, err := before.unamended()
	if err != nil {
		return err
	}
	is, err := s.unamended()
	if err != nil {
		return err
	}
	for i, m := range is.models {
		parts, err := constraintsRenamed(m.Schema, was.models[i].Schema)
		if err != nil {
			return err
		}
		if len(parts) > 0 {
			s.specs.Amendments = slices.Insert(s.specs.Amendments, 0, Amendment{Table: m.Table, Parts: parts})
		}
	}
	return nil
}

// unamended is what the definitions of the set come to without amendments.
func (s *Set) unamended() (*Set, error) {
	specs := s.specs
	specs.Amendments = nil
	return Resolve(s.profile, specs, func(name string) (table.Schema, bool) {
		if m := s.byTable[name]; m != nil && m.Base != nil {
			return *m.Base, true
		}
		return table.Schema{}, false
	})
}

// constraintsRenamed gives the constraints of a table the names that those of another have, which differs in names alone.
func constraintsRenamed(is, was table.Schema) (parts []table.Part, err error) {
	now, err := names(is)
	if err != nil {
		return nil, err
	}
	had, err := names(was)
	if err != nil {
		return nil, err
	}
	for i, name := range now {
		if name != had[i] {
			parts = append(parts, table.Rename{Constraint: name, To: had[i]})
		}
	}
	return parts, nil
}

// names are those of the constraints of a table.
func names(s table.Schema) ([]string, error) {
	def, err := table.Compile(s)
	if err != nil {
		return nil, err
	}
	s = def.Schema()
	return s.Constraints(), nil
}
