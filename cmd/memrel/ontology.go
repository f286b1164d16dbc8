package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/waterline"
	"github.com/memrel/memrel/cmd/memrel/internal/diagram"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// models reads the models of an ontology, from JSON or from what was saved with them.
func (s source) models() ([]waterline.Model, error) {
	if isSaved(s.Ontology) {
		models, _, err := source{dir: s.Ontology}.kept()
		return models, err
	}
	f, err := os.Open(s.Ontology)
	if err != nil {
		return nil, usage{err}
	}
	defer func() { _ = f.Close() }()
	models, err := waterline.Parse(f)
	if err != nil {
		return nil, s.unread(err)
	}
	return models, nil
}

func (s source) unread(err error) error {
	return usagef("%s: %s", filepath.Base(s.Ontology), strings.TrimPrefix(err.Error(), "memrel: "))
}

// ontology are the definitions in the datastore that is meant.
func (s source) ontology() ([]memrel.Definition, error) {
	models, err := s.models()
	if err != nil {
		return nil, err
	}
	defs, err := waterline.Definitions(models, s.datastore)
	if err != nil {
		return nil, s.unread(err)
	}
	return defs, nil
}

// bound is the ontology, on empty stores.
func (s source) bound() (*waterline.Ontology, error) {
	models, err := s.models()
	if err != nil {
		return nil, err
	}
	o, err := waterline.Open(models)
	if err != nil {
		return nil, s.unread(err)
	}
	if len(o.Datastores()) == 0 {
		return nil, usagef("%s: it defines no model", s.Ontology)
	}
	return o, nil
}

// each is the source once for each datastore; for what is no ontology, that is the source. The rows of a datastore are in a
// folder of its name, or in a saved store of its name; those of the only one may be in the directory itself.
func (s source) each() ([]source, *waterline.Ontology, error) {
	s = s.itself()
	if s.Ontology == "" {
		return s.eachKept()
	}
	o, err := s.bound()
	if err != nil {
		return nil, nil, err
	}
	var out []source
	for _, name := range o.Datastores() {
		in := s
		in.datastore = name
		for _, dir := range []string{filepath.Join(s.dir, name), filepath.Join(s.dir, name+savedAs)} {
			if _, err := os.Stat(dir); s.dir != "" && (err == nil || len(o.Datastores()) > 1) {
				in.dir = dir
				if err == nil {
					break
				}
			}
		}
		out = append(out, in)
	}
	return out, o, nil
}

// savedAs is the ending of a datastore's file in a saved ontology.
const savedAs = ".memrel"

// holding is the source of the datastore that has a table, which is named by itself, by its model, or as datastore.table.
func (s source) holding(table string) (source, string, error) {
	all, o, err := s.each()
	if err != nil || o == nil {
		return s, table, err
	}
	if name, of, ok := o.Table(table); ok {
		for _, in := range all {
			if in.datastore == name {
				return in, of, nil
			}
		}
	}
	var found []source
	var name string
	for _, in := range all {
		for _, t := range o.Store(in.datastore).View().Tables() {
			if strings.EqualFold(t, table) || in.datastore+"."+t == table {
				found, name = append(found, in), t
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], name, nil
	case 0:
		if store, _, ok := o.Table(table); ok {
			return s, "", usagef("%s is in the datastore %s, which is not in %s", table, store, s.dir)
		}
		return s, "", usagef("there is no table or model %s", table)
	}
	return s, "", usagef("several datastores have a table %s; name it as %s.%s", table, found[0].datastore, name)
}

// modelOf is the identity of the model that has a table; empty if that is a junction.
func modelOf(o *waterline.Ontology, datastore, table string) (string, error) {
	models, _, err := waterline.Kept(o.Store(datastore).View())
	if err != nil {
		return "", usage{err}
	}
	for _, m := range models {
		if store, of, _ := o.Table(m.Identity); store == datastore && of == table {
			return m.Identity, nil
		}
	}
	return "", nil
}

// opened is an ontology over its datastores with all their rows.
func (a *app) opened(all []source) (*waterline.Ontology, error) {
	var stores []*memrel.DB
	for _, in := range all {
		db, err := in.open(a)
		if err != nil {
			return nil, err
		}
		stores = append(stores, db)
	}
	return reopened(stores)
}

// reopened is the ontology that stores keep.
func reopened(stores []*memrel.DB) (*waterline.Ontology, error) {
	o, err := waterline.Reopen(stores)
	if err != nil {
		return nil, usagef("%s", strings.TrimPrefix(err.Error(), "memrel: "))
	}
	return o, nil
}

// told tells of an ontology what may not mean what it seems to.
func (a *app) told(o *waterline.Ontology) {
	if o == nil {
		return
	}
	for _, d := range o.Diagnostics() {
		a.message("%s", d.String())
	}
}

// bind writes what came of the models of an ontology.
func (c *loadCommand) bind(a *app) error {
	o, err := source{definedBy: c.definedBy}.bound()
	if err != nil {
		return err
	}
	a.told(o)
	tables := term.Table{Header: []string{"datastore", "table", "columns"}}
	for _, name := range o.Datastores() {
		for _, s := range schemasOf(o.Store(name)) {
			var columns []string
			for _, col := range s.Columns {
				columns = append(columns, col.Name)
			}
			tables.Add(term.Safe(name), term.Safe(s.Name), term.Safe(strings.Join(columns, ", ")))
		}
	}
	associations := term.Table{Header: []string{"association", "kind", "keys"}}
	for _, as := range o.Associations() {
		associations.Add(term.Safe(as.Model+"."+as.Attr), kindOf(as), term.Safe(goesBy(as)))
	}
	return a.lists(&tables, &associations, term.Count(len(o.Datastores()), "datastore"), term.Count(len(tables.Rows), "table"),
		term.Count(len(associations.Rows), "association"))
}

func kindOf(as waterline.Association) string {
	if as.Kind == assoc.BelongsTo {
		return "model"
	}
	return "collection"
}

// goesBy reads: ourMySQL: product_wishlistedBy__user_wishlist.user_wishlist, product_wishlistedBy -> product (across).
func goesBy(as waterline.Association) string {
	text := as.Datastore + ": " + as.Table + "." + as.Key
	switch as.Kind {
	case assoc.BelongsTo:
		text += " -> " + as.Target
	case assoc.HasMany:
		text += " -> " + as.Model
	default:
		text += " -> " + as.Model + ", " + as.OtherKey + " -> " + as.Target
	}
	if as.Across {
		text += " (across datastores)"
	}
	return text
}

// grouped is the diagram of an ontology.
func grouped(o *waterline.Ontology) diagram.Diagram {
	var stores []diagram.Datastore
	for _, name := range o.Datastores() {
		db := o.Store(name)
		stores = append(stores, diagram.Datastore{Name: name, Schemas: named(schemasOf(db)), View: db.View()})
	}
	return diagram.OfOntology(stores, o)
}

// checkAcross lists the keys that refer to no record of another datastore, and how many there are.
func (a *app) checkAcross(stores []*memrel.DB) (found int, err error) {
	o, err := reopened(stores)
	if err != nil {
		return 0, err
	}
	for err := range o.CheckAcross() {
		found++
		_, _ = fmt.Fprintln(a.out, term.Safe(err.Error()))
	}
	return found, nil
}
