// Package diagram works out what there is to draw of tables, references and associations, for the packages that draw it.
//
// A reference is one line, whatever the number of associations that share it; an association without a reference is a line
// of its own, and so is the way from one table to another through a junction, which is drawn as a table beside. Of
// collections there are only references.
package diagram

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// Diagram is what there is to draw. Equal definitions give equal diagrams.
type Diagram struct {
	Tables    []Table // in the order given
	Relations []Relation
}

// Table is a table.
type Table struct {
	Name    string
	Group   string // the datastore that it is in; empty if there is one only
	Columns []Column
}

// Column is a column.
type Column struct {
	Name string
	Type string   // int, string(160), string[]
	Keys []string // PK, FK, UK
	Note string   // may be NULL, default 3
}

// Relation is a line between two tables. The line goes from the table that is referred to, or from the source of a
// belongsToMany.
type Relation struct {
	From, To string
	// Each row of To has one row of From, or none if Optional, or any number if FromMany.
	Optional, FromMany bool
	// ToMany: each row of From has any number of rows of To; without it, one at most.
	ToMany bool
	// ToOne: each row of From has one row of To. Relations mean that; no key can see to it.
	ToOne bool
	// Loose: there is no reference that keeps the rows together.
	Loose bool
	// Label names associations, columns and actions.
	Label string
}

// Of is the diagram of tables whose names are all filled in, the RefColumns of every reference too, and of the associations
// that there are. That of collections is drawn as their documentation draws them.
func Of(schemas []memrel.Schema, v memrel.View) Diagram {
	set := memrel.Associations(v)
	if nocobase.Of(set) != nil {
		return ofCollections(schemas, v)
	}
	var d Diagram
	for i := range schemas {
		d.Tables = append(d.Tables, tableOf(&schemas[i]))
	}
	associations := set.Associations()
	for i := range schemas {
		s := &schemas[i]
		refs := slices.SortedFunc(slices.Values(s.References), func(a, b memrel.Reference) int { return strings.Compare(a.Name, b.Name) })
		for _, r := range refs {
			d.Relations = append(d.Relations, reference(s, r, sharing(associations, s, r)))
		}
	}
	d.Relations = append(d.Relations, unconstrained(schemas, associations)...)
	d.Relations = append(d.Relations, through(associations)...)
	return d
}

func tableOf(s *memrel.Schema) Table {
	t := Table{Name: s.Name}
	for _, c := range s.Columns {
		t.Columns = append(t.Columns, Column{Name: c.Name, Type: typeOf(c), Keys: keys(s, c.Name), Note: note(s, c)})
	}
	return t
}

func typeOf(c memrel.Column) string {
	t := c.Type.String()
	if c.Type.IsList() {
		return c.Type.Elem().String() + "[]"
	}
	if c.Unsigned {
		t = "u" + t
	}
	switch {
	case c.Precision > 0:
		digits, _ := c.PrecisionDigits()
		t += fmt.Sprintf("(%d)", digits)
	case c.Scale > 0:
		t += fmt.Sprintf("(%d,%d)", c.Size, c.Scale)
	case c.Size > 0:
		t += fmt.Sprintf("(%d)", c.Size)
	}
	return t
}

// keys are the keys that a column is part of.
func keys(s *memrel.Schema, column string) []string {
	var out []string
	if slices.Contains(s.PrimaryKey, column) {
		out = append(out, "PK")
	}
	if slices.ContainsFunc(s.References, func(r memrel.Reference) bool { return slices.Contains(r.Columns, column) }) {
		out = append(out, "FK")
	}
	if slices.ContainsFunc(s.Unique, func(u memrel.UniqueKey) bool { return slices.Contains(u.Columns, column) }) {
		out = append(out, "UK")
	}
	return out
}

// note is what else is to be known of a column.
func note(s *memrel.Schema, c memrel.Column) string {
	var out []string
	if !c.NotNull && !slices.Contains(s.PrimaryKey, c.Name) {
		out = append(out, "may be NULL")
	}
	if c.AutoIncrement {
		out = append(out, "numbered")
	}
	if c.Default != nil {
		out = append(out, fmt.Sprintf("default %v", c.Default))
	}
	if c.DefaultNow {
		out = append(out, "default now")
	}
	return strings.Join(out, ", ")
}

// reference is the line of a reference, with the associations that share it.
func reference(s *memrel.Schema, r memrel.Reference, sharing []*assoc.Association) Relation {
	actions := fmt.Sprintf(" (on delete %s, on update %s)", r.OnDelete, r.OnUpdate)
	out := Relation{From: r.Table, To: s.Name, Optional: optional(s, r.Columns), ToMany: !unique(s, r.Columns), Label: r.Name + actions}
	if r.Unchecked {
		actions = strings.TrimSuffix(actions, ")") + ", unchecked)"
		out.Optional, out.Label = true, r.Name+actions
	}
	if len(sharing) > 0 {
		out.ToMany = out.ToMany && !leadsToOne(sharing)
		out.Label = names(sharing) + ": " + strings.Join(r.Columns, ", ") + " -> " + strings.Join(r.RefColumns, ", ") + actions
	}
	return out
}

func optional(s *memrel.Schema, columns []string) bool {
	return slices.ContainsFunc(s.Columns, func(c memrel.Column) bool {
		return slices.Contains(columns, c.Name) && !c.NotNull && !slices.Contains(s.PrimaryKey, c.Name)
	})
}

// unique tells whether a key is made of some of the columns, so that no two rows have the same ones.
func unique(s *memrel.Schema, columns []string) bool {
	within := func(key []string) bool {
		return !slices.ContainsFunc(key, func(c string) bool { return !slices.Contains(columns, c) })
	}
	return within(s.PrimaryKey) || slices.ContainsFunc(s.Unique, func(u memrel.UniqueKey) bool { return len(u.Prefix) == 0 && within(u.Columns) })
}

// leadsToOne tells whether the associations mean one row at most where the keys allow more.
func leadsToOne(sharing []*assoc.Association) bool {
	is := func(k assoc.Kind) bool {
		return slices.ContainsFunc(sharing, func(a *assoc.Association) bool { return a.Kind == k })
	}
	return is(assoc.HasOne) && !is(assoc.HasMany)
}

// names reads: User.articles, Post.author.
func names(sharing []*assoc.Association) string {
	var out []string
	for _, a := range sharing {
		out = append(out, a.String())
	}
	return strings.Join(out, ", ")
}
