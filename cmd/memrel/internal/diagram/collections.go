package diagram

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// ofCollections is the diagram of collections: a line for each foreign key, which says what the relations that share it
// mean, and of tables what has to do with relations, which the times that the store keeps have not.
func ofCollections(schemas []memrel.Schema, v memrel.View) (d Diagram) {
	set := memrel.Associations(v)
	for i := range schemas {
		s := &schemas[i]
		t := Table{Name: s.Name}
		for _, c := range s.Columns {
			if m := set.Table(s.Name); m == nil || c.Name != m.CreatedAt && c.Name != m.UpdatedAt {
				c.Size = 0
				t.Columns = append(t.Columns, Column{Name: c.Name, Type: typeOf(c), Keys: keys(s, c.Name)})
			}
		}
		d.Tables = append(d.Tables, t)
		for _, r := range s.References {
			d.Relations = append(d.Relations, shared(v, set, s, r))
		}
	}
	return d
}

// owners are the associations that share a reference, those of the table that holds the foreign key last.
func owners(set *assoc.Set, r assoc.SharedReference) (out []*assoc.Association) {
	for _, a := range set.Associations() {
		if slices.Contains(r.Owners, a.String()) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b *assoc.Association) int {
		return rank(a) - rank(b)
	})
	return out
}

func rank(a *assoc.Association) int {
	if a.Kind == assoc.BelongsTo {
		return 1
	}
	return 0
}

// owned is a reference of a table with the associations that share it.
func owned(v memrel.View, child, name string) (found memrel.SharedReference) {
	for _, r := range v.References(child) {
		if r.Child == child && r.Name == name {
			found = r
		}
	}
	return found
}

// shared is the line of a reference: hasOne / belongsTo: users.profile, profiles.user.
func shared(v memrel.View, set *assoc.Set, s *memrel.Schema, r memrel.Reference) Relation {
	owners := owners(set, owned(v, s.Name, r.Name))
	if len(owners) == 0 {
		return reference(s, r, nil)
	}
	var kinds []string
	for _, a := range owners {
		if k := a.Kind.String() + via(set, s, r, a); !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	toOne := unique(s, r.Columns) || leadsToOne(owners)
	return Relation{From: r.Table, To: s.Name, ToMany: !toOne, ToOne: toOne, Label: strings.Join(kinds, " / ") + ": " + names(owners)}
}

// via tells by which option an association leads by another key than the primary key.
func via(set *assoc.Set, s *memrel.Schema, r memrel.Reference, a *assoc.Association) string {
	to := link{s.Name, r.Columns[0], r.Table, r.RefColumns[0]}
	switch {
	case slices.Equal(set.Table(r.Table).Schema.PrimaryKey, r.RefColumns):
		return ""
	case a.Kind == assoc.BelongsTo || a.Kind == assoc.BelongsToMany && links(a)[0] != to:
		return " (via targetKey)"
	}
	return " (via sourceKey)"
}
