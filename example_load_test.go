package memrel_test

import (
	"bytes"
	"fmt"

	"github.com/memrel/memrel"
)

// Fields that associations fill: by the associations themselves, with conditions of their own, or with what a query includes.
func ExampleTable_Load() {
	type Comment struct {
		ID, PostID int64
		Text       string
	}
	type Post struct {
		ID, AuthorID int64
		Title        string
		Comments     []Comment
	}
	type Author struct {
		ID    int64
		Name  string
		Posts []*Post
	}
	authors, posts, comments := memrel.TableOf[Author]("authors"), memrel.TableOf[Post]("posts"), memrel.TableOf[Comment]("comments")
	authorPosts, postComments := memrel.HasMany(authors, posts, memrel.ForeignKey("authorId")), memrel.HasMany(posts, comments, memrel.ForeignKey("postId"))
	db := memrel.MustOpen(authors, posts, comments, authorPosts, postComments)
	ann, _ := authors.Insert(db, Author{Name: "Ann"})
	hello, _ := authorPosts.Create(db, ann, Post{Title: "Hello"})
	authorPosts.Create(db, ann, Post{Title: "Again"})
	postComments.Create(db, hello, Comment{Text: "Hi!"})

	list := []Author{ann}
	if err := authors.Load(db, list, authorPosts.Include(postComments)); err != nil {
		fmt.Println(err)
	}
	for _, p := range list[0].Posts {
		fmt.Println(p.Title, p.Comments)
	}
	newest := memrel.Include{As: "posts", Order: []memrel.Order{{Column: "id", Desc: true}}, Limit: 1}
	found, _ := authors.Find(db, memrel.Query{Include: []memrel.Include{newest}})
	fmt.Println(found[0].Name, found[0].Posts[0].Title)
	// Output:
	// Hello [{1 1 Hi!}]
	// Again []
	// Ann Again
}

// From makes a row that was found by names a struct.
func ExampleHandle_From() {
	type User struct {
		ID   int64
		Name string
	}
	users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(users)
	row, _ := users.Rows().Insert(db, memrel.Values{"name": "Ann"})
	user, err := users.From(row)
	fmt.Println(row.Get("name"), user.Name, err)
	// Output:
	// Ann Ann <nil>
}

// A function that works on a table in whatever form its rows are given.
func ExampleHandle() {
	type User struct {
		ID   int64
		Name string
	}
	users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(users)
	users.Insert(db, User{Name: "Ann"})
	fmt.Println(newest(db, users.Handle))
	fmt.Println(newest(db, users.Rows().Handle))
	// Output:
	// {1 Ann}
	// users{id: 1, name: "Ann"}
}

func newest[T any](r memrel.Reader, h memrel.Handle[T]) T {
	row, _, _ := h.First(r, memrel.Query{Order: []memrel.Order{{Column: "id", Desc: true}}})
	return row
}

// Rows and Model are one handle, with rows in two forms: a function may take either.
func ExampleUntyped() {
	db := memrel.MustOpen(memrel.ModelSpec{Name: "User", Columns: []memrel.Attribute{{Column: memrel.Column{Name: "name", Type: memrel.String}}}})
	fmt.Println(named(db, memrel.RowsOf("Users"), "Ann"))
	fmt.Println(named(db, memrel.ModelOf("Users"), "Bob"))
	// Output:
	// Users{id: 1, name: "Ann"}
	// Users{id: 2, name: "Bob"}
}

func named[T any](w memrel.Writer, h memrel.Untyped[T], name string) T {
	row, _ := h.Insert(w, memrel.Values{"name": name})
	return row
}

// What a front end keeps with a store, and how it is read when the store is loaded.
func ExampleForm() {
	db := memrel.MustOpen(memrel.Form{Name: "words", Text: []byte("users")})
	fmt.Printf("%s\n", db.View().Form("words"))
	var file bytes.Buffer
	db.View().Save(&file)
	again, err := memrel.Load(&file, memrel.Form{Name: "words", Read: func(text []byte) ([]memrel.Definition, error) {
		return []memrel.Definition{memrel.ModelSpec{Name: string(text)}}, nil
	}})
	fmt.Println(again.View().Tables(), err)
	// Output:
	// users
	// [users] <nil>
}
