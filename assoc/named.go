package assoc

import (
	"fmt"

	"github.com/memrel/memrel/types"
)

// Named is the association of a table by its alias. The error, of kind [types.ErrUnknownAssociation], tells which there are, or
// what the one named waits for.
func (s *Set) Named(table, as string) (*Association, error) {
	if a := s.Association(table, as); a != nil {
		return a, nil
	}
	for _, p := range s.waiting(table) {
		if p.As == as {
			return nil, p.unanswered(table)
		}
	}
	return nil, &types.Error{Kind: types.ErrUnknownAssociation, Table: table,
		Detail: fmt.Sprintf("association with alias %q does not exist on %s", as, s.modelName(table)), Hint: s.aliases(table)}
}

// NoMethod is the error for an accessor that the rows of a table do not have, of kind [types.ErrUnknownMethod].
func (s *Set) NoMethod(table, method string) error {
	err := &types.Error{Kind: types.ErrUnknownMethod, Op: "call", Table: table,
		Detail: fmt.Sprintf("rows of %s have no method %s", table, method)}
	for _, p := range s.waiting(table) {
		a := Association{Kind: p.Kind, Names: Names{Singular: p.As, Plural: p.As}}
		if p.Kind.Many() {
			a.Names.Singular = Singularize(p.As)
		}
		if _, ok := a.action(method); ok {
			err.Detail, err.Hint = err.Detail+" yet: "+p.String(), "define "+p.For
			return err
		}
	}
	for _, a := range s.Of(table) {
		x := a.Accessors()
		err.Hint += " " + x.Get + " " + x.Set + " " + x.Create
	}
	if err.Hint == "" {
		err.Hint = table + " has no associations; define one on this side"
	} else {
		err.Hint = "there are" + err.Hint + ", ..."
	}
	return err
}

// waiting are the associations of a table that wait for a model.
func (s *Set) waiting(table string) (out []Pending) {
	if s == nil {
		return nil
	}
	for _, p := range s.pending {
		if m := s.byName[p.Source]; p.Source == table || m != nil && m.Table == table {
			out = append(out, p)
		}
	}
	return out
}

// unanswered is the error for who asks along an association that waits.
func (p Pending) unanswered(table string) *types.Error {
	return &types.Error{Kind: types.ErrUnknownAssociation, Table: table, Detail: "association " + p.String(), Hint: "define " + p.For}
}

// modelName is the name of the model of a table; that of the table if there is none.
func (s *Set) modelName(table string) string {
	if s != nil && s.byTable[table] != nil {
		return s.byTable[table].Name
	}
	return table
}

// aliases hints at the associations that a table has.
func (s *Set) aliases(table string) string {
	hint := "define the association on this side too"
	for i, a := range s.Of(table) {
		if i == 0 {
			hint = "its associations are"
		}
		hint += " " + a.As
	}
	return hint
}
