// Package data has the rows that the benchmarks are about and the seeded generators that make them.
//
// A generator is a pure function of size and seed: every engine, in whatever process, is given the same rows.
package data

// User is a row of users.
type User struct {
	ID    int64
	Email string `memrel:",unique"`
}

// Post is a row of posts: a primary key, a unique key and a foreign key, which makes three indexes.
type Post struct {
	ID       int64
	AuthorID int64  `memrel:",ref=users,ondelete=cascade,onupdate=cascade"`
	Slug     string `memrel:",unique"`
	Title    string
}

// Tag is a row of tags.
type Tag struct {
	ID   int64
	Name string `memrel:",unique"`
}

// PostTag is a row of post_tags, the junction between posts and tags.
type PostTag struct {
	PostID int64 `memrel:",pk,ref=posts,ondelete=cascade"`
	TagID  int64 `memrel:",pk,ref=tags,ondelete=cascade"`
}

// Root is a row of parents or owners, which refer to nothing.
type Root struct {
	ID   int64
	Name string
}

// Link is a row of children, grandchildren, nodes or notes: it refers to a row above it, or to none if ParentID is 0.
type Link struct {
	ID       int64
	ParentID int64
	Name     string
}

// Table names a table that a workload deletes from or dumps.
type Table string

// The tables of the cascades. Children refer to parents, grandchildren to children, nodes to nodes, all with ON DELETE
// CASCADE; notes refer to owners with ON DELETE SET NULL.
const (
	Parents       Table = "parents"
	Children      Table = "children"
	Grandchildren Table = "grandchildren"
	Nodes         Table = "nodes"
	Owners        Table = "owners"
	Notes         Table = "notes"
)

// Data is what a store is loaded with. A nil slice is a table that stays empty.
type Data struct {
	Users    []User
	Posts    []Post
	Tags     []Tag
	PostTags []PostTag

	Parents       []Root
	Children      []Link
	Grandchildren []Link
	Nodes         []Link // in any order, and in circles: one statement or deferred checks have to take them
	Owners        []Root
	Notes         []Link

	Shape Shape
}

// Shape says where in generated rows a workload finds what it needs.
type Shape struct {
	Authors   int // users 1 to Authors have posts
	Idle      int // and so many after them have none: writing workloads write below these
	Tagged    int // posts 1 to Tagged have TagsEach tags
	TagsEach  int
	Victims   []int64 // the rows that a delete is to name
	Reachable int     // rows that deleting all victims touches
}

// OnlyPosts tells whether there is nothing but posts, and gives them: a load that is one statement.
func (d *Data) OnlyPosts() (bool, []Post) {
	rest := len(d.Users) + len(d.Tags) + len(d.PostTags) + len(d.Parents) + len(d.Children) + len(d.Grandchildren) +
		len(d.Nodes) + len(d.Owners) + len(d.Notes)
	return rest == 0, d.Posts
}
