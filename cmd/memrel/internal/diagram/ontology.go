package diagram

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/waterline"
)

// Datastore is one of an ontology's datastores: its tables with all names filled in, and the view that has them.
type Datastore struct {
	Name    string
	Schemas []memrel.Schema
	View    memrel.View
}

// OfOntology is the diagram of models over several datastores, each of which is a group. What leads from one to another is a
// loose line: nothing checks it.
func OfOntology(stores []Datastore, o *waterline.Ontology) (d Diagram) {
	names := func(store, table string) string {
		for _, s := range stores {
			if s.Name != store && slices.ContainsFunc(s.Schemas, func(t memrel.Schema) bool { return t.Name == table }) {
				return store + "." + table
			}
		}
		return table
	}
	for _, s := range stores {
		inside := Of(s.Schemas, s.View)
		for _, t := range inside.Tables {
			t.Name, t.Group = names(s.Name, t.Name), s.Name
			d.Tables = append(d.Tables, t)
		}
		for _, r := range inside.Relations {
			r.From, r.To = names(s.Name, r.From), names(s.Name, r.To)
			d.Relations = append(d.Relations, r)
		}
	}
	for _, a := range o.Associations() {
		if a.Across {
			d.across(a, o, names)
		}
	}
	return d
}

// across adds the lines of an association that leads from one datastore to another. Two that go by the same keys share them.
func (d *Diagram) across(a waterline.Association, o *waterline.Ontology, names func(store, table string) string) {
	ours, own, _ := o.Table(a.Model)
	theirs, target, _ := o.Table(a.Target)
	from, to, label := names(ours, own), names(theirs, target), a.Table+"."+a.Key+" (across datastores)"
	r := Relation{From: from, To: to, Optional: true, ToMany: true, Loose: true}
	switch a.Kind {
	case assoc.BelongsTo:
		r.From, r.To = to, from
	case assoc.BelongsToMany:
		r.FromMany, label = true, "through "+a.Table+" (across datastores)"
		if r.From > r.To {
			r.From, r.To = r.To, r.From
		}
	}
	for i, had := range d.Relations {
		if labeled, ok := strings.CutSuffix(had.Label, ": "+label); ok && had.From == r.From && had.To == r.To {
			d.Relations[i].Label = labeled + ", " + a.Model + "." + a.Attr + ": " + label
			return
		}
	}
	r.Label = a.Model + "." + a.Attr + ": " + label
	d.Relations = append(d.Relations, r)
}
