package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/diagram"
	"github.com/memrel/memrel/cmd/memrel/internal/graphviz"
	"github.com/memrel/memrel/cmd/memrel/internal/mermaid"
)

// definitions are the flags of commands that need no rows.
type definitions struct {
	Dir string `arg:"" optional:"" default:"." help:"Directory with schema.json, a schema file or a saved store (the current directory)."`
	definedBy
}

// source is where the definitions come from.
func (d *definitions) source() source {
	src := source{dir: d.Dir, definedBy: d.definedBy}
	if info, err := os.Stat(d.Dir); err == nil && !info.IsDir() && d.definedBy == (definedBy{}) && !isSaved(d.Dir) {
		src = source{dir: filepath.Dir(d.Dir), definedBy: definedBy{Schema: d.Dir}}
	}
	return src
}

// each gives the tables of each datastore with every name filled in; where there are no datastores, of the one store, in the
// order of the file.
func (d *definitions) each(a *app, do func(datastore string, schemas []memrel.Schema) error) error {
	all, o, err := d.source().each()
	if err != nil {
		return err
	}
	a.told(o)
	for _, src := range all {
		schemas, _, err := src.schemas()
		if err != nil {
			return err
		}
		if err := do(src.datastore, schemas); err != nil {
			return err
		}
	}
	return nil
}

type erdCommand struct {
	definitions
	Markdown bool `xor:"form" help:"Put the diagram between the fences that Markdown wants."`
	Dot      bool `xor:"form" help:"Write it for Graphviz."`
}

// Help is the long help.
func (*erdCommand) Help() string {
	return `Prints a Mermaid entity relationship diagram: tables with their columns, types and keys (PK, FK, UK), and a line for each foreign
key with its name and actions. It is made of the schema alone; there need be no data.

Where the schema has associations, the line of their foreign key has their names, and a dotted line joins the two ends of a
junction, which is drawn as a table too.

    ||--o{   each child has one parent, a parent any number of children
    |o--o{   the reference may be NULL
    ||--o|   one child at most: the reference is unique, or means a hasOne
    }o..o{   a belongsToMany
    |o..o{   an association without a foreign key constraint

With --ontology tables stand with their datastores: in clusters for Graphviz, and named after them in Mermaid, which has no groups.
Dotted lines lead from one datastore to another.

With --collections there is one line for each foreign key, with the relations that share it: ||--|| for a hasOne and ||--o{ for
all others, whether or not the key may be NULL, which it may outside a junction. The times that the store keeps are left out.

Examples:

    memrel erd ./chinook
    memrel erd schema.json --markdown >> README.md
    memrel erd schema.json --dot | dot -Tsvg > schema.svg
    memrel erd --collections collections.json
    memrel erd --ontology models.json --dot | dot -Tsvg > models.svg`
}

// Run draws.
func (c *erdCommand) Run(a *app) error {
	d, err := c.diagram(a)
	if err != nil {
		return err
	}
	text := mermaid.Draw(d)
	switch {
	case c.Dot:
		text = graphviz.Draw(d)
	case c.Markdown:
		text = "```mermaid\n" + text + "```\n"
	}
	_, err = io.WriteString(a.data(), text)
	return err
}

func (c *erdCommand) diagram(a *app) (diagram.Diagram, error) {
	all, o, err := c.source().each()
	if err != nil {
		return diagram.Diagram{}, err
	}
	if o != nil {
		a.told(o)
		return grouped(o), nil
	}
	schemas, db, err := all[0].schemas()
	if err != nil {
		return diagram.Diagram{}, err
	}
	a.warn(db)
	return diagram.Of(schemas, db.View()), nil
}

type schemaCommand struct {
	definitions
}

// Help is the long help.
func (*schemaCommand) Help() string {
	return `Prints the tables in memrel's own form, with every name filled in: a list that --schema reads, and that a program can unmarshal
into []memrel.Schema.

Examples:

    memrel schema ./chinook
    memrel schema ./chinook > schema.json`
}

// Run prints.
func (c *schemaCommand) Run(a *app) error {
	var all []memrel.Schema
	err := c.each(a, func(_ string, schemas []memrel.Schema) error {
		all = append(all, schemas...)
		a.functions(schemas, "JSON")
		return nil
	})
	if err != nil {
		return err
	}
	return writeIndented(a.data(), all)
}

// functions tells of what a form cannot say of columns.
func (a *app) functions(schemas []memrel.Schema, form string) {
	for _, s := range schemas {
		for _, c := range s.Columns {
			if c.DefaultFunc != nil {
				a.message("%s.%s has a function for a default, which %s cannot say", s.Name, c.Name, form)
			}
			if c.CheckFunc != nil {
				a.message("%s.%s is checked by a function, which %s cannot say", s.Name, c.Name, form)
			}
		}
	}
}
