// Package waterline is a front end to memrel: models with attributes as data, as Waterline's guide to associations writes
// them, over one or several stores.
//
//	{"user": {"attributes": {"firstName": "string", "pets": {"collection": "pet", "via": "owner"}}},
//	 "pet":  {"attributes": {"name": "string", "owner": {"model": "user"}}}}
//
// [Open] binds such models to datastores, each of which is a [memrel.DB] or what can be read of one. Inside a datastore
// associations become models, associations and references of package assoc, so that the store's own diagrams, definitions,
// previews and checks show them; there is no second engine. Across datastores this package finds by key what an association
// leads to, and commits together.
//
// # Where junctions live
//
// The junction of a many-to-many over two datastores lives on the dominant side. Both sides dominant, or dominant where
// there is no such junction, is refused; where neither is, [OnDiagnostic] is told, and the first in the alphabet is taken. A
// collection without via is dominant. Inside one datastore dominant is ignored. A read-only datastore holds no junction.
//
// # Writing
//
// What one call writes is all or nothing in each datastore and across them, while the process lives: every datastore is
// asked first, and then all publish at once, so that who reads through the ontology sees all of it or nothing. [Atomic] turns
// that off. A call that writes waits for the transactions under way in all datastores that associations connect with its
// own; these begin in the order of their names, so do not call it inside a transaction of one of them.
//
// # Cost
//
// A find costs one contact with the datastore of its records. What it populates costs one more for a to-one association and
// a one-to-many, and two for a many-to-many, one if its junction lies beside the records; time and memory are linear in what
// is found. Writing looks up keys, O(log n) each.
//
// Source of the rules: Waterline's guide to associations, and what its releases 0.10 to 0.15 were recorded to do; see
// docs/waterline.md.
//
// There is no compatibility promise below the root package.
package waterline
