package waterline

import (
	"context"

	"github.com/memrel/memrel"
)

// datastore is a store by name.
type datastore struct {
	name  string
	index int
	db    *memrel.DB         // nil if it can only be read
	view  func() memrel.View // what it holds now, for who looks at the context of its limits
	// absent tells that it was read-only when the ontology was saved, and was not given again.
	absent bool
	// together are the datastores that a write to this one may reach by associations, itself among them if it can be
	// written, in the order of their names. Writes begin in that order.
	together []*datastore
}

// viewOf is the view of a store for one call, which looks at the context of the store's limits.
func viewOf(db *memrel.DB) memrel.View { return bounded(db.View(), db.Limits().Context) }

func bounded(v memrel.View, ctx context.Context) memrel.View {
	if ctx == nil {
		return v
	}
	return v.WithContext(ctx)
}

func (s *datastore) readOnly() bool { return s.db == nil }

// named is the datastore of that name; nil if there is none.
func (o *Ontology) named(name string) *datastore {
	for _, s := range o.stores {
		if s.name == name {
			return s
		}
	}
	return nil
}

// datastore is the datastore of that name, made if there is none.
func (o *Ontology) datastore(name string) *datastore {
	if s := o.named(name); s != nil {
		return s
	}
	db := memrel.MustOpen()
	s := &datastore{name: name, db: db, view: func() memrel.View { return viewOf(db) }}
	o.stores = append(o.stores, s)
	return s
}

// connect works out which datastores are written together.
func (o *Ontology) connect() {
	group := make([]int, len(o.stores))
	for i := range group {
		group[i] = i
	}
	join := func(a, b *datastore) {
		from, to := group[a.index], group[b.index]
		for i := range group {
			if group[i] == from {
				group[i] = to
			}
		}
	}
	for _, e := range o.entities {
		for _, a := range e.attrs {
			if a.rel != nil {
				join(e.store, a.rel.target.store)
				if a.rel.junction != nil {
					join(e.store, a.rel.junction.store)
				}
			}
		}
	}
	for _, s := range o.stores {
		for _, other := range o.stores {
			if group[s.index] == group[other.index] && !other.readOnly() {
				s.together = append(s.together, other)
			}
		}
	}
}
