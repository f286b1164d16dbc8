package main

import (
	"cmp"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

type referencesCommand struct {
	Table string `arg:"" optional:"" help:"The table that is referred to; all tables if left out."`
	Dir   string `default:"." placeholder:"DIR" help:"Directory with schema.json, or a saved store (${default})."`
	definedBy
	JSON bool `help:"Print the references as JSON."`
}

// Help is the long help.
func (*referencesCommand) Help() string {
	return `Prints the foreign keys that refer to a table, or to each table, in the order in which a delete works them: what becomes of the
referring rows when a row is deleted or its key changes, when it is checked that the row is there, with what priority ON
DELETE is said, and which associations share the reference.

    default   no association says it, it is the default of its kind
    user      an association gives onDelete, or the table itself declares the foreign key

Where the priority is user, it stands before any default. It is made of the definitions alone; there need be no data.

Examples:

    memrel references --collections collections.json
    memrel references users --collections collections.json --json
    memrel references Album --dir ./chinook`
}

// Run prints.
func (c *referencesCommand) Run(a *app) error {
	src, table := source{dir: c.Dir, definedBy: c.definedBy}, c.Table
	all, o, err := src.each()
	if err != nil {
		return err
	}
	a.told(o)
	if table != "" {
		if src, table, err = src.holding(table); err != nil {
			return err
		}
		all = []source{src}
	}
	refs := []memrel.SharedReference{}
	for _, src := range all {
		some, err := references(a, src, table)
		if err != nil {
			return err
		}
		refs = append(refs, some...)
	}
	if c.JSON {
		return writeIndented(a.data(), refs)
	}
	if len(refs) == 0 {
		a.message("nothing refers to %s", cmp.Or(c.Table, "any table"))
		return nil
	}
	t := term.Table{Header: []string{"reference", "on delete", "on update", "checked", "priority", "defined by"}}
	for _, r := range refs {
		by := strings.Join(r.Owners, ", ")
		if by == "" {
			by = r.Child
		}
		t.Add(term.Safe(r.String()), r.OnDelete.String(), r.OnUpdate.String(), checked(r.Reference), r.Priority.String(), term.Safe(by))
	}
	return t.Write(a.out, "", a.style)
}

// checked is when it is seen to that a reference leads to a row.
func checked(r memrel.Reference) string {
	switch {
	case r.Unchecked:
		return "never"
	case r.InitiallyDeferred:
		return "at commit"
	case r.Deferrable:
		return "at once, deferrable"
	}
	return "at once"
}

// references are the references to a table of one store, or to all.
func references(a *app, src source, table string) (refs []memrel.SharedReference, err error) {
	schemas, db, err := src.schemas()
	if err != nil {
		return nil, err
	}
	if table != "" {
		s, err := tableNamed(db, table)
		if err != nil {
			return nil, err
		}
		schemas = []memrel.Schema{s}
	}
	a.warn(db)
	for _, s := range schemas {
		for _, r := range db.References(s.Name) {
			if r.Table == s.Name {
				refs = append(refs, r)
			}
		}
	}
	return refs, nil
}
