// Package nocobase is a front end to package assoc: collections with fields as data, as NocoBase's database package takes
// them. A relation is a field among others,
//
//	{"type": "belongsToMany", "name": "tags", "target": "tags", "through": "posts_tags",
//	 "sourceKey": "id", "foreignKey": "post_id", "otherKey": "tag_name", "targetKey": "name"}
//
// and what it means follows from the collections that there are. Collections and fields may be defined in any order, and
// set, defined again and removed at any time; each of these is a [table.Definition], so that it is transactional, versioned
// and forked as everything defined is.
//
//	err := db.Define(posts, tags)                                    // Collection values
//	err = db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "author", Target: "users"}))
//	err = db.Define(nocobase.RemoveField("posts", "author"))
//
// This package decides what waits and what is bound, and which names the fields leave to it; package assoc makes tables,
// keys and references of that, and package cascade acts on them. There is no second engine.
//
// # References
//
// Fields that mean one foreign key share one reference. Its action has the priority of the user if a field gives onDelete,
// and is a default otherwise (NO ACTION, for a junction CASCADE). The user's stands before a default; of two users' the
// field that was bound first decides, but that SET NULL gives way to CASCADE; of two defaults the first stays. Two users
// who disagree are a diagnostic. Deletes work the references to a row in the order in which they were bound.
//
// # What is better here on purpose
//
//   - Foreign keys are checked on write, unless [CheckOnWrite] says otherwise.
//   - The key that a foreign key refers to must be unique, unless [UniqueKeys] says otherwise.
//   - A cycle of cascades ends.
//   - A NULL key matches nothing.
//   - A reference follows from the fields that there are: removing a field does not take the reference of another field
//     with it, and a collection that is defined again leaves nothing behind of what it said before.
//   - Names may be of any length up to [MaxIdentifier], instead of 63 characters.
//
// Source of the rules: @nocobase/database 2.2, as recorded; see the guide in docs/nocobase.md.
//
// There is no compatibility promise below the root package.
package nocobase
