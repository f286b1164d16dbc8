package assoc

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// describe works out the table of a model.
func (r *resolver) describe(m *model, info *Info) error {
	s := table.Schema{Name: m.table, SoftDelete: m.spec.SoftDelete, Indexes: slices.Clone(m.spec.Indexes), Unique: slices.Clone(m.spec.UniqueKeys),
		Naming: m.naming}
	if m.base != nil {
		s = m.base.Clone()
	}
	for _, a := range m.attrs {
		a.NotNull = a.null == notNull || a.PrimaryKey
		if err := r.settle(m, a); err != nil {
			return err
		}
		if !a.base {
			s.Columns = append(s.Columns, a.Column)
			if a.PrimaryKey {
				s.PrimaryKey = append(s.PrimaryKey, a.Name)
			}
		}
		out := a.Attribute
		out.UniqueKey, out.Unique = a.key, a.key == alone
		if out.Unique {
			out.UniqueKey = ""
		}
		info.Columns = append(info.Columns, out)
		addBounds(&s, a)
		if err := addReferences(&s, m, a); err != nil {
			return err
		}
	}
	info.UniqueKeys = addUnique(&s, m)
	info.Schema = s
	return r.amend(info)
}

// amend makes the changes again that were made to a table after it was defined.
func (r *resolver) amend(info *Info) error {
	for _, am := range r.amendments {
		if am.Table != info.Table {
			continue
		}
		def, err := table.Compile(info.Schema) // for the names of constraints
		if err != nil {
			return err
		}
		info.Schema = def.Schema()
		if err := am.apply(&info.Schema); err != nil {
			return err
		}
	}
	info.Columns = slices.DeleteFunc(info.Columns, func(a Attribute) bool {
		return !slices.ContainsFunc(info.Schema.Columns, func(c types.Column) bool { return c.Name == a.Name })
	})
	return nil
}

// apply makes the change again, but for columns, which are there already.
func (am Amendment) apply(s *table.Schema) error {
	for _, p := range am.Parts {
		if c, ok := p.(types.Column); ok && s.HasColumn(c.Name) {
			continue
		}
		if c, ok := p.(table.DropColumnCascade); ok && !s.HasColumn(string(c)) {
			continue // it was there for an association, which has gone
		}
		if r, ok := p.(table.Rename); ok && !s.HasConstraint(r.Constraint) {
			continue // it stands under its new name, or its name follows from others, which have changed
		}
		if err := s.Alter(p); err != nil {
			return err
		}
	}
	return nil
}

// settle gives the references of a column the actions that nobody decided.
func (r *resolver) settle(m *model, a *attr) error {
	for _, to := range a.refs {
		switch {
		case len(to.options) > 0 && r.profile.Prioritized:
			to.kept = to.merge()
			to.del, to.delBy, to.updBy = to.kept.onDelete, byOwner, byOwner
			to.upd = cmp.Or(to.upd, r.profile.Optional[to.kind].OnUpdate)
			to.constrain(a)
		case to.linked && !r.profile.FirstDecides:
			defaults := r.defaults(to.kind, a.null)
			to.del, to.upd = cmp.Or(to.del, defaults.OnDelete), cmp.Or(to.upd, defaults.OnUpdate)
		}
		if !r.profile.Prioritized {
			to.disagreements()
		}
		if to.model.attr(to.key) == nil {
			return types.Refused(m.table, "42703", "add the column, or correct its name",
				"%s.%s refers to column %s of %s, which does not exist", m.name, a.Name, to.key, to.model.name)
		}
	}
	return nil
}

func addBounds(s *table.Schema, a *attr) {
	var conds []query.Cond
	if a.Min != nil {
		conds = append(conds, query.Gte(a.Name, a.Min))
	}
	if a.Max != nil {
		conds = append(conds, query.Lte(a.Name, a.Max))
	}
	if len(conds) > 0 {
		s.Checks = append(s.Checks, table.CheckConstraint{Name: s.Name + "_" + a.Name + "_bounds", Where: query.And(conds...)})
	}
}

// addReferences adds the references of a foreign key.
func addReferences(s *table.Schema, m *model, a *attr) error {
	for i, to := range a.refs {
		if err := addReference(s, m, a, to, i); err != nil {
			return err
		}
	}
	return nil
}

// addReference adds a reference, or gives the one that the table declares the association's actions.
func addReference(s *table.Schema, m *model, a *attr, to *ref, nth int) error {
	had := slices.IndexFunc(s.References, func(r table.Reference) bool {
		return len(r.Columns) == 1 && r.Columns[0] == a.Name && r.Table == to.model.table &&
			(len(r.RefColumns) == 0 || nth == 0 || r.RefColumns[0] == to.key)
	})
	if had < 0 {
		had = len(s.References)
		ref := table.Reference{Columns: []string{a.Name}, Table: to.model.table, RefColumns: []string{to.key}}
		if nth > 0 {
			ref.Name = fmt.Sprintf("%s_%s_fkey%d", s.Name, a.Name, nth+1)
		}
		s.References = append(s.References, ref)
		to.delBy, to.updBy = max(to.delBy, byPeer), max(to.updBy, byPeer)
	}
	r := &s.References[had]
	r.Unchecked = r.Unchecked || unchecked(to.options)
	if len(r.RefColumns) == 0 {
		r.RefColumns = []string{to.key}
	}
	for _, x := range []struct {
		to  *table.Action
		say table.Action
		by  precedence
	}{{&r.OnDelete, to.del, to.delBy}, {&r.OnUpdate, to.upd, to.updBy}} {
		if x.say != table.Unspecified && x.by != byDefault {
			*x.to = x.say
		}
	}
	return nil
}

// addUnique adds the unique keys that columns are in, and returns the names of those over several columns. One over the
// columns of the primary key says nothing that this does not.
func addUnique(s *table.Schema, m *model) map[string][]string {
	named := map[string][]string{}
	for _, a := range m.attrs {
		if a.key != "" && a.key != alone {
			named[a.key] = append(named[a.key], a.Name)
		}
	}
	composite := map[string][]string{}
	for _, a := range m.attrs {
		name, columns := "", []string{a.Name}
		switch {
		case a.key == "":
			continue
		case a.key != alone:
			if name, columns = a.key, named[a.key]; columns[0] != a.Name {
				continue
			}
		}
		if len(columns) > 1 {
			composite[name] = columns
		}
		if !sameSet(columns, s.PrimaryKey) && !hasUnique(s, columns) {
			s.Unique = append(s.Unique, table.UniqueKey{Name: name, Columns: columns})
		}
	}
	return composite
}

func hasUnique(s *table.Schema, columns []string) bool {
	return slices.ContainsFunc(s.Unique, func(u table.UniqueKey) bool { return sameSet(u.Columns, columns) && len(u.Prefix) == 0 })
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x string) bool { return !slices.Contains(b, x) })
}
