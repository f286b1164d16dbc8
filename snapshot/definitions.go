package snapshot

import (
	"slices"
	"strings"
	"sync"

	"github.com/memrel/memrel/table"
)

// Definitions are the tables that a state has, by name, with their catalog, and what was compiled from them together. They never
// change once they are complete.
type Definitions struct {
	names    []string // sorted
	defs     []*table.Def
	forms    []table.Form // by name
	catalog  *Catalog
	compiled any
	kept     bool // a table keeps its numbers

	find sync.Once // guards pos
	pos  map[string]int
}

// noDefinitions are those of a store without tables.
func noDefinitions(compiled any) *Definitions {
	return &Definitions{catalog: noCatalog(), compiled: compiled}
}

// With are the definitions after a batch: without the tables that are gone, and with those that came or changed. They have to be
// completed. The catalog is changed in one go-memdb transaction; beside that it is O(what the batch is about x log n), and a copy
// of a pointer for each table.
func (d *Definitions) With(gone []string, changed []*table.Def) *Definitions {
	replaced := make(map[string]bool, len(gone)+len(changed))
	for _, name := range gone {
		replaced[name] = true
	}
	for _, def := range changed {
		replaced[def.Name()] = true
	}
	fresh := slices.SortedFunc(slices.Values(changed), func(a, b *table.Def) int { return strings.Compare(a.Name(), b.Name()) })
	next := &Definitions{catalog: d.catalog.with(gone, changed), forms: d.forms,
		names: make([]string, 0, len(d.names)+len(changed)), defs: make([]*table.Def, 0, len(d.defs)+len(changed))}
	for i, name := range d.names {
		for len(fresh) > 0 && fresh[0].Name() < name {
			next.add(fresh[0])
			fresh = fresh[1:]
		}
		if !replaced[name] {
			next.add(d.defs[i])
		}
	}
	for _, def := range fresh {
		next.add(def)
	}
	return next
}

func (d *Definitions) add(def *table.Def) {
	d.names, d.defs = append(d.names, def.Name()), append(d.defs, def)
	d.kept = d.kept || def.KeepsNumbers()
}

// Complete adds what the caller has worked out of all tables together, to be found again with [Definitions.Compiled], and the
// associations among them; keep tells that these are as before.
func (d *Definitions) Complete(compiled any, associated Associated, keep bool) {
	d.compiled = compiled
	if !keep {
		d.catalog = d.catalog.withAssociations(associated)
	}
}

// Keep replaces forms, by name, before the definitions are complete. One without a text is taken away.
func (d *Definitions) Keep(forms ...table.Form) {
	for _, f := range forms {
		i, had := d.form(f.Name)
		kept := slices.Clone(d.forms)
		if had {
			kept = slices.Delete(kept, i, i+1)
		}
		if len(f.Text) > 0 {
			kept = slices.Insert(kept, i, f)
		}
		d.forms = kept
	}
}

// Form is the text that a front end keeps under a name; nil if there is none. It must not be changed.
func (d *Definitions) Form(name string) []byte {
	if i, ok := d.form(name); ok {
		return d.forms[i].Text
	}
	return nil
}

func (d *Definitions) form(name string) (at int, ok bool) {
	return slices.BinarySearchFunc(d.forms, name, func(f table.Form, name string) int { return strings.Compare(f.Name, name) })
}

// Names are the names of the tables, sorted. The slice must not be changed.
func (d *Definitions) Names() []string { return d.names }

// Defs are the definitions of the tables, in the order of their names. The slice must not be changed.
func (d *Definitions) Defs() []*table.Def { return d.defs }

// Catalog is where tables, keys, references and associations are found by name.
func (d *Definitions) Catalog() *Catalog { return d.catalog }

// Position is where a table is in the order of the names, for [Version.At]. ok is false if there is none of that name.
func (d *Definitions) Position(name string) (i int, ok bool) {
	if len(d.names) > fewNames {
		d.find.Do(d.index)
		i, ok = d.pos[name]
		return i, ok
	}
	for i, have := range d.names {
		if have == name { // mostly the same string, which takes no look at its bytes
			return i, true
		}
	}
	return 0, false
}

// fewNames is up to how many names are looked through faster than found in a map.
const fewNames = 8

// reach is where the first name stands, from a place on, that does not come before another: a walk through two lists side by side.
func (d *Definitions) reach(at int, name string) int {
	for at < len(d.names) && d.names[at] < name {
		at++
	}
	return at
}

// index is put off until somebody reads: a run of definitions does without.
func (d *Definitions) index() {
	d.pos = make(map[string]int, len(d.names))
	for i, name := range d.names {
		d.pos[name] = i
	}
}

// Compiled is what the definitions were completed with.
func (d *Definitions) Compiled() any { return d.compiled }
