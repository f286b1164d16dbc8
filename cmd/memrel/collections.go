package main

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// define defines collections that there are no rows of, and tells what came of them.
func (c *loadCommand) define(a *app) error {
	if c.Ontology != "" {
		return c.bind(a)
	}
	if c.Collections == "" {
		return usagef(`expected "<dir>"; try memrel load --help`)
	}
	_, db, err := source{definedBy: c.definedBy}.schemas()
	if err != nil {
		return err
	}
	a.warn(db)
	if err := a.defined(nocobase.Of(memrel.Associations(db))); err != nil {
		return err
	}
	if c.Save != "" {
		if err := save(db, string(c.Save)); err != nil {
			return usage{err}
		}
	}
	return nil
}

// defined writes collections with their columns, and their relations with the keys that came out.
func (a *app) defined(all *nocobase.Collections) error {
	tables := term.Table{Header: []string{"collection", "columns"}}
	relations := term.Table{Header: []string{"relation", "kind", "keys"}}
	for _, name := range all.Names() {
		tables.Add(term.Safe(name), term.Safe(columnsOf(all.Columns(name))))
		for _, b := range all.Bindings(name) {
			relations.Add(term.Safe(name+"."+b.Name), b.Kind.String(), term.Safe(keysOf(name, b)))
		}
	}
	return a.lists(&tables, &relations, term.Count(len(tables.Rows), "collection"), term.Count(len(relations.Rows), "relation"))
}

// lists writes two tables, the second if it has rows, and how much there is.
func (a *app) lists(first, second *term.Table, counts ...string) error {
	if err := first.Write(a.out, "", a.style); err != nil {
		return err
	}
	if len(second.Rows) > 0 {
		_, _ = fmt.Fprintln(a.out)
		if err := second.Write(a.out, "", a.style); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.out, "\n%s\n", strings.Join(counts, ", "))
	return err
}

// columnsOf reads: id, name.
func columnsOf(columns []nocobase.Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// keysOf reads: posts_tags.post_id -> posts.id, posts_tags.tag_name -> tags.name.
func keysOf(collection string, b nocobase.Binding) string {
	switch {
	case b.Pending:
		return "waits for " + b.Target
	case b.Kind == assoc.BelongsTo:
		return fmt.Sprintf("%s.%s -> %s.%s", collection, b.ForeignKey, b.Target, b.TargetKey)
	case b.Kind == assoc.BelongsToMany:
		return fmt.Sprintf("%s.%s -> %s.%s, %s.%s -> %s.%s", b.Through, b.ForeignKey, collection, b.SourceKey,
			b.Through, b.OtherKey, b.Target, b.TargetKey)
	}
	return fmt.Sprintf("%s.%s -> %s.%s", b.Target, b.ForeignKey, collection, b.SourceKey)
}
