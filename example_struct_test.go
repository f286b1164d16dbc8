package memrel_test

import (
	"fmt"

	"github.com/memrel/memrel"
)

// A struct or a slice of structs is no column: an association fills it, and the definition says where none does.
func ExampleTableOf_fields() {
	type Book struct {
		ID      int64
		ShelfID int64
		Cover   struct{ Width, Height int } `memrel:",type=json"`
	}
	type Shelf struct {
		ID    int64
		Books []Book
	}
	shelves, books := memrel.TableOf[Shelf]("shelves"), memrel.TableOf[Book]("books")

	_, err := memrel.Open(shelves, books)
	fmt.Println(err)

	db := memrel.MustOpen(shelves, books, memrel.HasMany(shelves, books))
	for _, table := range db.View().Tables() {
		schema, _ := db.View().Schema(table)
		for _, c := range schema.Columns {
			fmt.Println(table, c.Name, c.Type)
		}
	}
	// Output:
	// memrel: define shelves: field Shelf.Books: a []memrel_test.Book stands for no column, and shelves has no association books to fill it; define the association that fills it, or tag it `memrel:"-"` to leave it out, or `memrel:",type=json"` to keep it as one document
	// books id int
	// books shelfId int
	// books cover json
	// shelves id int
}

// A store names what definitions leave open in one way: columns of fields, foreign keys, times. One table may be named in another.
func Example_naming() {
	type Author struct {
		ID        int64
		FirstName string
	}
	type Essay struct {
		ID       int64
		AuthorID int64
	}
	authors, essays := memrel.TableOf[Author]("authors"), memrel.TableOf[Essay]("essays")
	old := memrel.TableOf[Essay]("old_essays", memrel.CamelCase)
	db := memrel.MustOpen(memrel.SnakeCase, authors, essays, old, memrel.HasMany(authors, essays))
	for _, table := range db.View().Tables() {
		schema, _ := db.View().Schema(table)
		fmt.Println(table, schema.Columns[1].Name)
	}
	// Output:
	// authors first_name
	// essays author_id
	// old_essays authorId
}

// Models with GORM's tags are tables, with the names and relations that GORM gives them.
func ExampleTableOf_gorm() {
	type Comment struct {
		ID     uint
		PostID uint
		Text   string
	}
	type BlogPost struct {
		ID       uint
		Title    string    `gorm:"size:200;not null;uniqueIndex"`
		Comments []Comment `gorm:"foreignKey:PostID;constraint:OnDelete:CASCADE"`
	}
	posts, comments := memrel.TableOf[BlogPost]("", memrel.GORM), memrel.TableOf[Comment]("", memrel.GORM)
	db := memrel.MustOpen(posts, comments)

	post, err := posts.Insert(db, BlogPost{Title: "Trees"})
	fmt.Println(posts.Name(), post.ID, err)
	_, err = comments.Insert(db, Comment{PostID: post.ID, Text: "Leaves!"})
	fmt.Println(err)
	_, err = posts.Delete(db, post.ID)
	fmt.Println(err)
	n, err := comments.Count(db, memrel.Cond{})
	fmt.Println(n, err)
	// Output:
	// blog_posts 1 <nil>
	// <nil>
	// <nil>
	// 0 <nil>
}
