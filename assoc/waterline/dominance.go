package waterline

import "github.com/memrel/memrel"

// home is the datastore of the junction of two collections: that of the dominant side. Inside one datastore nothing depends on it.
func (r *resolver) home(rel *relation, back *attr) (*datastore, error) {
	here, there := rel.source, rel.target
	if here.store == there.store {
		if here.store.readOnly() {
			return nil, cannotHold(rel.String(), here.store)
		}
		return here.store, nil
	}
	ours, theirs := rel.attr.Dominant, back.Dominant
	other := there.identity + "." + back.name
	switch {
	case ours && theirs:
		return nil, refusal(rel.String(), "take it from one of them", "it and "+other+" are both dominant: their junction can live in one datastore only")
	case !ours && !theirs:
		return r.guess(rel, other)
	case theirs:
		here = there
	}
	if here.store.readOnly() {
		return nil, cannotHold(rel.String(), here.store)
	}
	return here.store, nil
}

// guess takes the side that comes first in the alphabet, and says so. A side that cannot be written is not taken.
func (r *resolver) guess(rel *relation, other string) (*datastore, error) {
	first, second := rel.source, rel.target
	if second.identity < first.identity {
		first, second = second, first
	}
	if first.store.readOnly() {
		first = second
	}
	if first.store.readOnly() {
		return nil, cannotHold(rel.String(), first.store)
	}
	r.o.warn(memrel.Diagnostic{Table: rel.source.identity, Name: rel.attr.name,
		Problem: "neither it nor " + other + " is dominant; their junction is put into " + first.store.name + ", beside " + first.identity,
		Cure:    "say dominant: true on one side"})
	return first.store, nil
}

func cannotHold(what string, s *datastore) error {
	return refusal(what, "let the other side be dominant, or make the datastore writable",
		"the datastore "+s.name+" is read-only and cannot hold the junction")
}

// checkDominant refuses dominant where there is nothing to choose. Inside one datastore it is ignored.
func (r *resolver) checkDominant(e *entity, a *attr) error {
	target := r.o.entity(a.Model + a.Collection)
	if !a.Dominant || target == nil || target.store == e.store {
		return nil
	}
	joined := a.Collection != "" && a.Through == ""
	if joined && a.Via != "" {
		back := target.attribute(a.Via)
		joined = back == nil || back.Collection != ""
	}
	if joined {
		return nil
	}
	return refusal(e.identity+"."+a.name, "leave it out", "dominant belongs to a collection that another collection is the other side of")
}
