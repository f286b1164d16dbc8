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
