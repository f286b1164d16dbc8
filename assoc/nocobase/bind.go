package nocobase

import (
	"cmp"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/types"
)

// relation is a field that is one, in its collection.
type relation struct {
	in *collection
	*field
	kind assoc.Kind
}

// relations are all fields that are relations, those of one collection in the order of its fields.
func (s *state) relations() (out []relation) {
	for _, c := range s.list {
		for _, f := range c.fields {
			if k, ok := f.Relation(); ok {
				out = append(out, relation{c, f, k})
			}
		}
	}
	return out
}

// bind binds the relations whose targets are there, and lets those wait again whose targets are gone. Those of the
// collection whose fields are being set come first: the others wait until it is done, and are bound in the order in which
// they came to wait.
func (s *state) bind() {
	all := s.relations()
	for _, r := range all {
		if r.bound > 0 && !s.ready(r) {
			r.bound, r.since = 0, s.tick()
		}
	}
	slices.SortStableFunc(all, func(a, b relation) int {
		switch {
		case a.in == b.in || a.in != s.just && b.in != s.just:
			return cmp.Compare(a.since, b.since)
		case a.in == s.just:
			return -1
		}
		return 1
	})
	for again := true; again; {
		again = false
		for _, r := range all {
			if r.bound > 0 || s.find(r.target()) == nil || s.find(r.target()).removed {
				continue
			}
			s.bindOne(r)
			again = again || r.kind == assoc.BelongsToMany // a junction may have been made that somebody waits for
		}
	}
	s.links = map[string]bool{}
	for _, r := range all {
		if r.bound > 0 && r.kind == assoc.BelongsToMany {
			s.links[r.through()] = true
		}
	}
}

// leadsThrough tells whether the relation is bound and has a collection as its junction.
func (r relation) leadsThrough(name string) bool {
	return r.bound > 0 && r.kind == assoc.BelongsToMany && r.through() == name
}

// ready tells whether the collections that a bound relation leads through are there.
func (s *state) ready(r relation) bool {
	target := s.find(r.target())
	return target != nil && !target.removed && (r.kind != assoc.BelongsToMany || s.find(r.through()) != nil)
}

// bindOne binds a relation, and makes the junction that it leads through if there is none.
func (s *state) bindOne(r relation) {
	if r.kind == assoc.BelongsToMany && s.find(r.through()) == nil {
		s.list = append(s.list, &collection{Collection: Collection{Name: r.through()}, generated: true})
	}
	r.bound = s.tick()
}

// through is the junction of a belongsToMany: the names of both collections in order, joined, if none is given.
func (r relation) through() string {
	if r.Through != "" {
		return r.Through
	}
	names := []string{strings.ToLower(r.in.Name), strings.ToLower(r.target())}
	slices.Sort(names)
	return types.Camelize(strings.Join(names, "_"))
}

// checkKeys refuses a relation to a key that a collection does not have, since it has no primary key and no filterTargetKey that stands
// in: a belongsToMany at either end, whatever keys it names, another one where it does not name that key and the foreign key, whose name comes
// of the primary key.
func (s *state) checkKeys(r relation) error {
	target := s.find(r.target())
	ends := []struct {
		c    *collection
		what string
	}{{r.in, "Collection"}, {target, "Target"}}
	switch {
	case r.kind == assoc.BelongsTo && (r.TargetKey == "" || r.ForeignKey == ""):
		ends = ends[1:]
	case (r.kind == assoc.HasOne || r.kind == assoc.HasMany) && (r.SourceKey == "" || r.ForeignKey == ""):
		ends = ends[:1]
	case r.kind != assoc.BelongsToMany:
		return nil
	}
	for _, end := range ends {
		if end.c.keyless() && end.c.standIn() == "" {
			return types.Refused(r.in.Name, "42P16", "give it a primary key, or a filterTargetKey; a relation to one row or from one may name both keys instead",
				"%s model %s has no primary key attribute", end.what, end.c.Name)
		}
	}
	return nil
}

// checkUnique refuses a relation by a key that is not unique.
func (s *state) checkUnique(r relation) error {
	if s.looseKeys {
		return nil
	}
	for _, end := range []struct {
		c   *collection
		key string
	}{{r.in, r.SourceKey}, {s.find(r.target()), r.TargetKey}} {
		if r.kind == assoc.BelongsTo && end.key == r.SourceKey && end.c == r.in {
			continue // a belongsTo has no key on its own side
		}
		f := end.c.field(cmp.Or(end.key, s.id(end.c)))
		if f != nil && DataType(f.Type) != "" && !end.c.unique(f) {
			return types.Refused(r.in.Name, "42830", "make the field unique, or allow keys that are not with UniqueKeys(false)",
				"%s.%s leads by %s.%s, which is not unique", r.in.Name, r.Name, end.c.Name, f.Name)
		}
	}
	return nil
}

// unique tells whether a column is a key by itself.
func (c *collection) unique(f *field) bool {
	return f.Unique || f.PrimaryKey && len(c.primary()) == 1 && !c.autoID() ||
		slices.ContainsFunc(c.Indexes, func(x Index) bool { return x.Unique && slices.Equal(x.Fields, Names{f.Name}) })
}

// primary are the fields that are the primary key.
func (c *collection) primary() (out []string) {
	for _, f := range c.fields {
		if f.PrimaryKey {
			out = append(out, f.Name)
		}
	}
	return out
}

// id is the primary key of a collection, or the first column of it.
func (s *state) id(c *collection) string {
	p := c.primary()
	switch {
	case c.autoID() && !s.links[c.Name]:
		return autoID
	case len(p) > 0:
		return p[0]
	case len(c.keys) > 0:
		return c.keys[0].Name
	}
	return autoID
}

// asksForID tells whether AutoGenID leaves the collection its id.
func (c *collection) asksForID() bool { return c.AutoGenID == nil || *c.AutoGenID }

// autoID tells whether the collection has a column id that no field declares, unless it is a junction, which has its two keys instead.
func (c *collection) autoID() bool {
	f := c.field(autoID)
	return c.asksForID() && len(c.keys) == 0 && !c.generated && (f == nil || DataType(f.Type) == "")
}
