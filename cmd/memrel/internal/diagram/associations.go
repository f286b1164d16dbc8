package diagram

import (
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// link is a column that leads to a column of another table.
type link struct{ child, column, parent, key string }

// links are the columns that an association goes by: one, or the two of a junction.
func links(a *assoc.Association) []link {
	switch a.Kind {
	case assoc.BelongsTo:
		return []link{{a.SourceTable, a.ForeignKey, a.TargetTable, a.TargetKey}}
	case assoc.BelongsToMany:
		return []link{{a.Junction, a.ForeignKey, a.SourceTable, a.SourceKey}, {a.Junction, a.OtherKey, a.TargetTable, a.TargetKey}}
	}
	return []link{{a.TargetTable, a.ForeignKey, a.SourceTable, a.SourceKey}}
}

// sharing are the associations that go by a reference; a belongsToMany is drawn beside it.
func sharing(all []*assoc.Association, s *memrel.Schema, r memrel.Reference) (out []*assoc.Association) {
	if len(r.Columns) != 1 {
		return nil
	}
	for _, a := range all {
		if a.Kind != assoc.BelongsToMany && links(a)[0] == (link{s.Name, r.Columns[0], r.Table, r.RefColumns[0]}) {
			out = append(out, a)
		}
	}
	return out
}

// unconstrained are the lines of columns that associations go by without a reference.
func unconstrained(schemas []memrel.Schema, all []*assoc.Association) (out []Relation) {
	var met []link
	for _, a := range all {
		for _, l := range links(a) {
			i := slices.IndexFunc(schemas, func(s memrel.Schema) bool { return s.Name == l.child })
			if i < 0 || slices.Contains(met, l) || referenced(&schemas[i], l) {
				continue
			}
			met = append(met, l)
			out = append(out, loose(&schemas[i], l, all))
		}
	}
	return out
}

func referenced(s *memrel.Schema, l link) bool {
	return slices.ContainsFunc(s.References, func(r memrel.Reference) bool {
		return len(r.Columns) == 1 && l == link{s.Name, r.Columns[0], r.Table, r.RefColumns[0]}
	})
}

func loose(s *memrel.Schema, l link, all []*assoc.Association) Relation {
	same := slices.DeleteFunc(slices.Clone(all), func(a *assoc.Association) bool { return !slices.Contains(links(a), l) })
	columns := []string{l.column}
	return Relation{From: l.parent, To: l.child, Optional: true, ToMany: !unique(s, columns) && !leadsToOne(same), Loose: true,
		Label: names(same) + ": " + l.column + " -> " + l.key + " (no constraint)"}
}

// through are the lines of belongsToMany, one for both directions.
func through(all []*assoc.Association) (out []Relation) {
	for i, a := range all {
		if a.Kind != assoc.BelongsToMany || slices.ContainsFunc(all[:i], samePair(a)) {
			continue
		}
		both := []*assoc.Association{a}
		for _, b := range all[i+1:] {
			if samePair(a)(b) {
				both = append(both, b)
			}
		}
		out = append(out, Relation{From: a.SourceTable, To: a.TargetTable, FromMany: true, ToMany: true, Loose: true,
			Label: names(both) + ": through " + a.Junction + " (" + a.ForeignKey + ", " + a.OtherKey + ")"})
	}
	return out
}

// samePair finds the associations through the same columns of the same junction, in either direction.
func samePair(a *assoc.Association) func(*assoc.Association) bool {
	return func(b *assoc.Association) bool {
		return b.Kind == assoc.BelongsToMany && a.Junction == b.Junction &&
			(a.ForeignKey == b.ForeignKey && a.OtherKey == b.OtherKey || a.ForeignKey == b.OtherKey && a.OtherKey == b.ForeignKey)
	}
}
