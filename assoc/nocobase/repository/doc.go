// Package repository reads and writes the rows of collections as NocoBase's repositories do: filters as data across relations, rows
// with what they are related to, values with nested ones. It stands on the root package, whose statements are the only way to write.
//
//	posts := repository.Of("posts")
//	found, err := posts.Find(db, repository.Find{
//		Filter:  map[string]any{"author.name.$eq": "ann", "tags.name.$in": []any{"go", "sql"}},
//		Appends: []string{"author", "comments(sort[]=-id)"},
//		Sort:    repository.Sort{"-score"}, Limit: 20,
//	})
//	made, err := posts.Create(db, memrel.Values{"title": "One", "author": 1, "tags": []any{"go", map[string]any{"name": "new"}}}, repository.Write{})
//	err = posts.Relation("tags").Of(1).Add(db, "sql")
//
// A [Repository] and a [Related] are values that name what they are about: they work on any store that has the collection, from any
// goroutine. What reads takes a [memrel.Reader] and sees one state; what writes takes a store or a transaction, and is done as a whole or not
// at all.
//
// # Filters
//
// A [Filter] is an object: conditions under the names of columns, joined by AND. A name may be a path, "author.name", and lead across
// relations; an operator begins with $ and stands at the end of the path, or in an object below. $and and $or take lists, $not an
// object. All conditions that go by one relation are about one and the same row of it: {"tags.name": "go", "tags.id": 2} asks for one
// tag with both. Where a relation leads to no row its columns count as NULL, so that $ne and $empty find rows without one.
//
// # Errors
//
// What the recorded system refuses is refused in its words; these errors are of kind [memrel.ErrQuery] unless a method says else. Errors of
// statements are those of [memrel.Handle].
//
// Source of the rules: @nocobase/database 2.2, as recorded; see docs/nocobase.md.
//
// There is no compatibility promise below the root package.
package repository
