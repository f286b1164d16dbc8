// Command belongsto: a book belongs to an author and to the one who edits it; the book keeps both foreign keys.
package main

import (
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

type Person struct {
	ID   int64
	Name string
}

type Book struct {
	ID       int64
	Title    string
	AuthorID int64  // no pointer: a book has an author
	EditorID *int64 // a pointer: it may have no editor
}

var (
	People     = memrel.TableOf[Person]("people")
	Books      = memrel.TableOf[Book]("books")
	BookAuthor = memrel.BelongsTo(Books, People, memrel.As("author")) // the alias names the key: authorId
	BookEditor = memrel.BelongsTo(Books, People, memrel.As("editor"), memrel.OnDelete(memrel.SetNull))
)

func main() {
	db := memrel.MustOpen(People, Books, BookAuthor, BookEditor)
	ann, _ := People.Insert(db, Person{Name: "Ann"})
	bob, _ := People.Insert(db, Person{Name: "Bob"})
	book, _ := Books.Insert(db, Book{Title: "Trees", AuthorID: ann.ID})

	author, _ := BookAuthor.Get(db, book)
	_, edited := BookEditor.Get(db, book)
	fmt.Println("by", author.Name, "- edited:", edited)

	BookEditor.Set(db, &book, &bob) // writes the key, in the store and in the struct
	editor, _ := BookEditor.Get(db, book)
	fmt.Println("edited by", editor.Name)

	_, err := Books.Insert(db, Book{Title: "Nobody's", AuthorID: 7})
	fmt.Println(err)

	_, err = People.Delete(db, ann.ID) // NOT NULL and no action asked for: the author stays while there are books
	fmt.Println(err)
	fmt.Println("a kind to test for:", errors.Is(err, memrel.ErrForeignKey))

	People.Delete(db, bob.ID) // SET NULL: the book is edited by nobody again
	book, _ = Books.Get(db, book.ID)
	fmt.Println("editor:", book.EditorID)
}
