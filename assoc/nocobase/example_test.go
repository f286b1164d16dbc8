package nocobase_test

import (
	"fmt"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/table"
)

// collectionsOf reads collections from JSON.
func collectionsOf(text string) (defs []memrel.Definition) {
	list, err := nocobase.Parse(strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range list {
		defs = append(defs, c)
	}
	return defs
}

// printReferences prints the references to tables, in the order in which deletes work them.
func printReferences(db *memrel.DB, tables ...string) {
	for _, name := range tables {
		for _, r := range db.References(name) {
			if r.Table == name {
				fmt.Println(r, r.OnDelete, r.Priority, r.Owners)
			}
		}
	}
}

// violations prints what is wrong with a store: nothing, ever.
func violations(db *memrel.DB) {
	for err := range db.Check() {
		fmt.Println("violation:", err)
	}
}

// Collections are data. Two fields that mean one foreign key share one reference, whose priority is "default" as long as
// neither says what becomes of the rows, and "user" as soon as one of them does.
func Example() {
	db, err := memrel.Open(collectionsOf(`[
		{"name": "users", "fields": [{"type": "string", "name": "email"}, {"type": "hasOne", "name": "profile"}]},
		{"name": "profiles", "fields": [{"type": "string", "name": "bio"}, {"type": "belongsTo", "name": "user"}]}
	]`)...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer violations(db)
	printReferences(db, "users")

	err = db.Define(nocobase.SetField("users", nocobase.Field{Type: "hasOne", Name: "profile", OnDelete: "CASCADE"}))
	printReferences(db, "users")

	users, profiles := memrel.RowsOf("users"), memrel.RowsOf("profiles")
	users.Insert(db, memrel.Values{"email": "ann@example.com"})
	profiles.Insert(db, memrel.Values{"bio": "Writes.", "userId": 1})
	users.Delete(db, 1)
	left, _ := profiles.Count(db, memrel.Cond{})
	fmt.Println(left, "profiles left", err)
	// Output:
	// profiles.userId -> users.id NO ACTION default [profiles.user users.profile]
	// profiles.userId -> users.id CASCADE user [profiles.user users.profile]
	// 0 profiles left <nil>
}

// A relation leads to the primary key, unless it names another key of the target. Here the junction holds the names of tags
// instead of their ids. A key that is referred to is unique.
func Example_targetKey() {
	db := memrel.MustOpen(collectionsOf(`[
		{"name": "posts", "fields": [
			{"type": "string", "name": "title"},
			{"type": "belongsToMany", "name": "tags", "target": "tags", "through": "posts_tags",
			 "sourceKey": "id", "foreignKey": "post_id", "otherKey": "tag_name", "targetKey": "name"}]},
		{"name": "tags", "fields": [{"type": "string", "name": "name", "unique": true}]}
	]`)...)
	defer violations(db)
	printReferences(db, "posts", "tags")

	post, _ := memrel.ModelOf("posts").Create(db, memrel.Values{"title": "Hello"})
	for _, name := range []string{"go", "sql"} {
		post.Create(db, "tags", memrel.Values{"name": name})
	}
	for row := range memrel.RowsOf("posts_tags").All(db) {
		fmt.Println(row.Get("post_id"), row.Get("tag_name"))
	}

	// Junction rows go with either end, and keep it from taking another key.
	tags := memrel.RowsOf("tags")
	tags.Delete(db, 2)
	_, err := tags.Update(db, memrel.Values{"name": "golang"}, 1)
	fmt.Println(err)
	// Output:
	// posts_tags.post_id -> posts.id CASCADE default [posts.tags]
	// posts_tags.tag_name -> tags.name CASCADE default [posts.tags]
	// 1 go
	// 1 sql
	// memrel: update tags: tags "go" is still referenced (posts_tags.tag_name -> tags.name, NO ACTION); in the way: posts_tags[1, "go"]
}

// Two fields that ask for different actions on one reference are a diagnostic: the one that was bound first decides. A
// [memrel.DiagnosticFunc] is told when it is defined; [memrel.View.Diagnostics] lists what there is.
func Example_conflict() {
	db := memrel.MustOpen(memrel.DiagnosticFunc(func(d memrel.Diagnostic) {
		fmt.Printf("%s: %s of %s stays, not %s of %s\n", d.Reference, d.Kept.OnDelete, d.Kept.By, d.Refused.OnDelete, d.Refused.By)
	}))
	defer violations(db)
	db.Define(collectionsOf(`[
		{"name": "users", "fields": [{"type": "hasMany", "name": "posts", "onDelete": "CASCADE"}]},
		{"name": "posts"}
	]`)...)
	db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "user", OnDelete: "RESTRICT"}))
	printReferences(db, "users")

	// DropTables the field that decided, the other one does.
	db.Define(nocobase.RemoveField("users", "posts"))
	printReferences(db, "users")
	fmt.Println(len(db.View().Diagnostics()), "diagnostics")
	// Output:
	// posts.userId -> users.id: CASCADE of users.posts stays, not RESTRICT of posts.user
	// posts.userId -> users.id CASCADE user [users.posts posts.user]
	// posts.userId -> users.id RESTRICT user [posts.user]
	// 0 diagnostics
}

// Collections may come in any order. A relation whose target is not there waits for it, and waits again if it goes; the
// values of its foreign key stay.
func Example_pending() {
	users := nocobase.Collection{Name: "users"}
	db := memrel.MustOpen(nocobase.Collection{Name: "posts", Fields: []nocobase.Field{{Type: "belongsTo", Name: "user"}}})
	defer violations(db)
	fmt.Println(db.Pending())
	db.Define(users)
	fmt.Println(db.Pending(), db.References("users"))

	memrel.RowsOf("users").Insert(db, memrel.Values{})
	memrel.RowsOf("posts").Insert(db, memrel.Values{"userId": 1})
	db.Define(nocobase.RemoveCollection("users"))
	post, _ := memrel.RowsOf("posts").Get(db, 1)
	fmt.Println(db.Pending(), "userId is", post.Get("userId"))
	// Output:
	// [posts.user waits for users]
	// [] [posts.userId -> users.id]
	// [posts.user waits for users] userId is 1
}

// Fields are set and removed while there are rows. Every change is a definition: it is refused as a whole or done as a
// whole, and views and forks that were there before keep what they have.
func ExampleSetField() {
	db := memrel.MustOpen(nocobase.Collection{Name: "users"}, nocobase.Collection{Name: "posts",
		Fields: []nocobase.Field{{Type: "string", Name: "title"}}})
	defer violations(db)
	memrel.RowsOf("posts").Insert(db, memrel.Values{"title": "Hello"})
	before := db.View()
	fmt.Println(db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "user", ForeignKey: "title"})))
	db.Define(nocobase.SetField("posts", nocobase.Field{Type: "belongsTo", Name: "user", OnDelete: "SET NULL"}))
	printReferences(db, "users")
	fmt.Println(len(before.References("users")), "references before")
	// Output:
	// memrel: define posts.belongsTo(users): Foreign key "title" type "STRING" does not match target key "id" type "BIGINT" in belongs to relation "user" of collection "posts"; give both the same type
	// posts.userId -> users.id SET NULL user [posts.user]
	// 0 references before
}

// A foreign key that was made for relations goes with the last of them.
func ExampleRemoveField() {
	db := memrel.MustOpen(collectionsOf(`[
		{"name": "users", "fields": [{"type": "hasMany", "name": "posts"}]},
		{"name": "posts", "fields": [{"type": "belongsTo", "name": "user"}]}
	]`)...)
	defer violations(db)
	for _, c := range [][2]string{{"users", "posts"}, {"posts", "user"}} {
		db.Define(nocobase.RemoveField(c[0], c[1]))
		for _, column := range nocobase.Of(memrel.Associations(db)).Columns("posts") {
			fmt.Print(column.Name, " ")
		}
		fmt.Println(db.References("users"))
	}
	// Output:
	// id createdAt updatedAt userId [posts.userId -> users.id]
	// id createdAt updatedAt []
}

// DropTables checks, foreign keys may lead nowhere, and NO ACTION leaves rows behind that do.
func ExampleCheckOnWrite() {
	posts := nocobase.Collection{Name: "posts", Fields: []nocobase.Field{{Type: "belongsTo", Name: "user"}}}
	for _, on := range []bool{true, false} {
		db := memrel.MustOpen(nocobase.Collection{Name: "users"}, posts, nocobase.CheckOnWrite(on))
		_, err := memrel.RowsOf("posts").Insert(db, memrel.Values{"userId": 7})
		fmt.Println(err)
		violations(db)
	}
	// Output:
	// memrel: insert posts: users 7 does not exist (posts.userId -> users.id)
	// <nil>
}

// The keys of relations as they came out.
func ExampleOf() {
	db := memrel.MustOpen(collectionsOf(`[
		{"name": "users", "fields": [{"type": "hasMany", "name": "posts"}, {"type": "hasMany", "name": "likes"}]},
		{"name": "posts", "fields": [{"type": "belongsToMany", "name": "tags"}]},
		{"name": "tags"}
	]`)...)
	defer violations(db)
	all := nocobase.Of(memrel.Associations(db))
	fmt.Println(all.Names())
	for _, name := range all.Names() {
		for _, b := range all.Bindings(name) {
			switch {
			case b.Pending:
				fmt.Println(name, b.Kind, b.Name, "waits for", b.Target)
			case b.Through != "":
				fmt.Println(name, b.Kind, b.Name, "by", b.Through, b.ForeignKey, b.OtherKey)
			default:
				fmt.Println(name, b.Kind, b.Name, "by", b.ForeignKey)
			}
		}
	}
	// Output:
	// [posts postsTags tags users]
	// posts belongsToMany tags by postsTags postId tagId
	// users hasMany posts by userId
	// users hasMany likes waits for likes
}

// What came of definitions can be printed: the collections, one of them, a field.
func ExampleCollections_String() {
	db := memrel.MustOpen(
		nocobase.Collection{Name: "posts", Fields: []nocobase.Field{{Type: "string", Name: "title"}, {Type: "belongsTo", Name: "author", Target: "users"},
			{Type: "belongsToMany", Name: "tags", Through: "posts_tags"}}},
		nocobase.Collection{Name: "users"}, nocobase.Collection{Name: "tags"})
	all := nocobase.Of(memrel.Associations(db))
	fmt.Println(all)
	posts, _ := all.Collection("posts")
	fmt.Println(posts.Fields[1])
	// Output:
	// posts(title string, author belongsTo users, tags belongsToMany tags through posts_tags)
	// posts_tags()
	// tags()
	// users()
	// author belongsTo users
}

// The list tells what a constraint of the database does behind a reference, and whether anything else was asked for.
func ExampleField_constraints() {
	db := memrel.MustOpen(collectionsOf(`[
		{"name": "users", "fields": [{"type": "hasMany", "name": "posts", "constraints": true, "onDelete": "RESTRICT"}]},
		{"name": "posts", "fields": [{"type": "belongsTo", "name": "editor", "target": "users", "constraints": true}]}
	]`)...)
	defer violations(db)
	for _, r := range db.References("users") {
		fmt.Println(r, r.OnDelete, *r.Constraint == table.Constraint{OnDelete: memrel.SetNull, Alone: true})
	}
	// Output:
	// posts.editorId -> users.id SET NULL true
	// posts.userId -> users.id RESTRICT false
}
