package memrel_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/memrel/memrel"
)

// Owner and Paper are the rows of the example on hooks.
type Owner struct {
	ID    int64
	Email string
}

// Paper belongs to an Owner and goes with it.
type Paper struct {
	ID       int64
	AuthorID int64 `memrel:",ref=owners,ondelete=cascade"`
	Title    string
}

var (
	Owners = memrel.TableOf[Owner]("owners")
	Papers = memrel.TableOf[Paper]("papers")
)

// A hook sees every row that goes, whichever statement takes it, and can refuse.
func ExampleDeleteHook() {
	locked := errors.New("the archive is locked")
	hook := memrel.DeleteHook(func(e memrel.DeleteEvent) error {
		switch {
		case e.When == memrel.BeforeRows:
			fmt.Println(e.When, e.Table)
		case e.When == memrel.BeforeRow && e.Row.Get("title") == "Archive":
			return locked
		default:
			fmt.Println(e.When, e.Row.Label())
		}
		return nil
	})
	db := memrel.MustOpen(Owners, Papers, hook)
	Owners.InsertAll(db, []Owner{{Email: "ann@example.com"}, {Email: "bob@example.com"}})
	Papers.InsertAll(db, []Paper{{AuthorID: 1, Title: "Hello"}, {AuthorID: 2, Title: "Archive"}})

	_, err := Owners.Delete(db, 1)
	fmt.Println(err)
	_, err = Owners.Delete(db, 2)
	fmt.Println(err)
	fmt.Println(errors.Is(err, locked))
	// Output:
	// before rows owners
	// before row owners[1]
	// before rows papers
	// before row papers[1]
	// after row papers[1]
	// after row owners[1]
	// <nil>
	// before rows owners
	// before row owners[2]
	// before rows papers
	// memrel: delete papers: a hook refuses to have papers[2] deleted: the archive is locked
	// true
}

// A table that deletes softly keeps its rows, out of sight, until they are asked for, restored, or deleted for good.
func ExampleSchema_softDelete() {
	notes := memrel.RowsOf("notes")
	db := memrel.MustOpen(memrel.Clock(func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }), memrel.Schema{
		Name:       "notes",
		Columns:    memrel.Columns{{Name: "id", Type: memrel.Int, AutoIncrement: true}, {Name: "text", Type: memrel.String}, {Name: "deletedAt", Type: memrel.Time}},
		PrimaryKey: []string{"id"},
		SoftDelete: "deletedAt",
	})
	notes.InsertAll(db, []memrel.Values{{"text": "milk"}, {"text": "bread"}})
	notes.Delete(db, 1)

	there, _ := notes.Find(db, memrel.Query{})
	fmt.Println(there)
	stored, _ := notes.Find(db, memrel.Query{Deleted: true})
	fmt.Println(stored)
	milk, _ := notes.Get(memrel.WithDeleted(db), 1)
	fmt.Println(milk)
	_, err := notes.Delete(db, 1)
	fmt.Println(err)

	milk, _ = notes.Restore(db, 1)
	fmt.Println(milk)
	notes.Delete(memrel.Hard(db), 1)
	_, ok := notes.Get(memrel.WithDeleted(db), 1)
	fmt.Println(ok)
	// Output:
	// [notes{id: 2, text: "bread", deletedAt: NULL}]
	// [notes{id: 1, text: "milk", deletedAt: 2026-11-22T12:00:00Z} notes{id: 2, text: "bread", deletedAt: NULL}]
	// notes{id: 1, text: "milk", deletedAt: 2026-11-22T12:00:00Z}
	// memrel: delete notes: there is no row notes[1]; notes[1] was soft-deleted; restore it first
	// notes{id: 1, text: "milk", deletedAt: NULL}
	// false
}

// A reference that is not checked lets rows refer to what is not there; what becomes of them is for its actions all the same.
func ExampleReference_unchecked() {
	id := memrel.Column{Name: "id", Type: memrel.Int}
	users := memrel.Schema{Name: "users", Columns: memrel.Columns{id}, PrimaryKey: []string{"id"}}
	posts := memrel.Schema{Name: "posts", Columns: memrel.Columns{id, {Name: "user", Type: memrel.Int}}, PrimaryKey: []string{"id"},
		References: []memrel.Reference{{Columns: []string{"user"}, Table: "users", OnDelete: memrel.SetNull, Unchecked: true}}}
	db := memrel.MustOpen(users, posts)

	memrel.RowsOf("users").Insert(db, memrel.Values{"id": 1})
	memrel.RowsOf("posts").InsertAll(db, []memrel.Values{{"id": 1, "user": 1}, {"id": 2, "user": 7}})
	memrel.RowsOf("users").Delete(db, 1)
	for row := range memrel.RowsOf("posts").All(db) {
		fmt.Println(row)
	}
	// Output:
	// posts{id: 1, user: NULL}
	// posts{id: 2, user: 7}
}
