package waterline

import (
	"strings"

	"github.com/memrel/memrel/assoc"
)

// Association is an association as it came out: where the keys are that it goes by.
type Association struct {
	Model  string     `json:"model"`
	Attr   string     `json:"attr"`
	Kind   assoc.Kind `json:"kind"`
	Target string     `json:"target"`
	// Datastore and Table are where the foreign key is: the model's own table, the target's, or the junction. Key is the column
	// that refers to the model, or for a to-one association to the target; OtherKey is that of a junction to the target.
	Datastore string `json:"datastore"`
	Table     string `json:"table"`
	Key       string `json:"key"`
	OtherKey  string `json:"otherKey,omitempty"`
	// Across tells that not all of it lies in one datastore, so that nothing checks the keys; see [Ontology.Check].
	Across bool `json:"across,omitempty"`
}

// Associations are the associations of all models, by identity and attribute.
func (o *Ontology) Associations() (out []Association) {
	for _, e := range o.orZero().entities {
		for _, a := range e.attrs {
			if a.rel != nil && !e.junction {
				out = append(out, a.rel.describe())
			}
		}
	}
	return out
}

func (r *relation) describe() Association {
	a := Association{Model: r.source.identity, Attr: r.attr.name, Target: r.target.identity, Across: r.source.store != r.target.store}
	holder := r.source
	switch r.kind {
	case toOne:
		a.Kind, a.Key = assoc.BelongsTo, r.key.column.Name
	case oneToMany:
		a.Kind, a.Key, holder = assoc.HasMany, r.key.column.Name, r.target
	default:
		a.Kind, a.Key, a.OtherKey, holder = assoc.BelongsToMany, r.near.column.Name, r.far.column.Name, r.junction
		a.Across = a.Across || holder.store != r.source.store
	}
	a.Datastore, a.Table = holder.store.name, holder.table
	return a
}

// Table is the datastore and the table of a model; ok is false if there is no model of that identity.
func (o *Ontology) Table(identity string) (datastore, table string, ok bool) {
	if e := o.orZero().entity(strings.ToLower(identity)); e != nil {
		return e.store.name, e.table, true
	}
	return "", "", false
}
