package memrel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math"
	"time"

	"github.com/memrel/memrel"
)

// User and Post are the rows of the examples: ID is the primary key, and the store numbers it.
type User struct {
	ID    int64
	Email string `memrel:",unique"`
}

// Post belongs to a User and goes with it.
type Post struct {
	ID       int64
	AuthorID int64 `memrel:",ref=users,ondelete=cascade"`
	Title    string
}

var (
	Users = memrel.TableOf[User]("users")
	Posts = memrel.TableOf[Post]("posts")
)

func Example() {
	db := memrel.MustOpen(Users, Posts)

	err := db.Update(func(tx *memrel.Tx) error {
		ann, err := Users.Insert(tx, User{Email: "ann@example.com"})
		if err != nil {
			return err
		}
		_, err = Posts.Insert(tx, Post{AuthorID: ann.ID, Title: "Hello"})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = Posts.Insert(db, Post{AuthorID: 7, Title: "Nobody's"})
	fmt.Println(err)

	view := db.View() // never changes
	Users.Delete(db, 1)
	before, _ := Posts.Count(view, memrel.Cond{})
	now, _ := Posts.Count(db, memrel.Cond{})
	fmt.Println(before, "post before,", now, "now")
	// Output:
	// memrel: insert posts: users 7 does not exist (posts.authorId -> users.id)
	// 1 post before, 0 now
}

func ExampleOpen() {
	db, err := memrel.Open(Posts, Users) // in any order
	fmt.Println(db.View().Tables(), err)

	_, err = memrel.Open(Posts)
	fmt.Println(err)
	// Output:
	// [posts users] <nil>
	// memrel: define posts: foreign key posts_authorId_fkey refers to table users, which does not exist; define that table first, or in the same call
}

func ExampleTable() {
	db := memrel.MustOpen(Users)

	ann, _ := Users.Insert(db, User{Email: "ann@example.com"})
	fmt.Println("inserted:", ann)
	ann.Email = "ann@example.org"
	ann, _ = Users.Save(db, ann)
	fmt.Println("saved:   ", ann)
	ann, _ = Users.Update(db, memrel.Values{"email": "ann@example.net"}, 1)
	fmt.Println("updated: ", ann)

	more := []User{{Email: "bob@example.com"}, {Email: "eve@example.com"}}
	Users.InsertAll(db, more)
	fmt.Println("more:    ", more)
	gone, _ := Users.DeleteWhere(db, memrel.Like("email", "%.com"))
	fmt.Println("deleted: ", gone)

	for u := range Users.All(db) {
		fmt.Println("left:    ", u)
	}
	// Output:
	// inserted: {1 ann@example.com}
	// saved:    {1 ann@example.org}
	// updated:  {1 ann@example.net}
	// more:     [{2 bob@example.com} {3 eve@example.com}]
	// deleted:  [{2 bob@example.com} {3 eve@example.com}]
	// left:     {1 ann@example.net}
}

// The same tables, with rows whose columns are known at run time only.
func ExampleModel() {
	db := memrel.MustOpen(Users)
	users := memrel.RowsOf("users")

	row, _ := users.Insert(db, memrel.Values{"email": "ann@example.com"})
	fmt.Println(row, row.Get("email"))
	row, inserted, _ := users.Upsert(db, memrel.Values{"email": "ann@example.com", "id": 9}, "email")
	fmt.Println(row, inserted)
	rows, _ := users.UpdateEach(db, memrel.Gt("id", 5), func(r memrel.Row) memrel.Values {
		return memrel.Values{"id": r.Get("id").(int64) + 1}
	})
	fmt.Println(rows)
	ann, ok := Users.Get(db, 10) // a typed handle sees the same row
	fmt.Println(ann, ok)
	// Output:
	// users{id: 1, email: "ann@example.com"} ann@example.com
	// users{id: 9, email: "ann@example.com"} false
	// [users{id: 10, email: "ann@example.com"}]
	// {10 ann@example.com} true
}

func ExampleError() {
	db := memrel.MustOpen(Users)
	Users.Insert(db, User{Email: "ann@example.com"})
	_, err := Users.InsertAll(db, []User{{Email: "bob@example.com"}, {Email: "ann@example.com"}})

	fmt.Println(errors.Is(err, memrel.ErrUnique), errors.Is(err, memrel.ErrForeignKey))
	var e *memrel.Error
	if errors.As(err, &e) {
		fmt.Println(e.SQLState(), e.Table, e.Constraint, e.Columns, e.Key)
		fmt.Println("row", e.Input, "of those given, because of", e.Rows)
	}
	n, _ := Users.Count(db, memrel.Cond{})
	fmt.Println(n, "row: a statement does everything or nothing")
	// Output:
	// true false
	// 23505 users users_email_key [email] [ann@example.com]
	// row 2 of those given, because of [users[1]]
	// 1 row: a statement does everything or nothing
}

func ExampleDB_View() {
	db := memrel.MustOpen(Users)
	Users.Insert(db, User{Email: "ann@example.com"})
	view := db.View()
	Users.Insert(db, User{Email: "bob@example.com"})
	for u := range Users.All(view) {
		fmt.Println(u.Email)
	}
	// Output: ann@example.com
}

// Each test of a program may start from the same rows and change what it likes.
func ExampleDB_Fork() {
	db := memrel.MustOpen(Users)
	Users.Insert(db, User{Email: "ann@example.com"})

	test := db.Fork()
	Users.Insert(test, User{Email: "bob@example.com"})
	Users.Delete(test, 1)

	fmt.Println(Users.Get(db, 1))
	fmt.Println(Users.Get(test, 1))
	// Output:
	// {1 ann@example.com} true
	// {0 } false
}

func ExampleDB_Check() {
	db := memrel.MustOpen(Users, Posts)
	sound := true
	for err := range db.Check() {
		fmt.Println(err)
		sound = false
	}
	fmt.Println("sound:", sound)
	// Output: sound: true
}

// Decimals keep every digit, and compare by what they are worth. A column with a scale rounds to it, as PostgreSQL does.
func ExampleType_enum() {
	type Ticket struct {
		ID    int64
		State string    `memrel:",enum='new,open,closed',default=new"`
		At    time.Time `memrel:",precision=3"`
	}
	tickets := memrel.TableOf[Ticket]("tickets")
	db := memrel.MustOpen(tickets)
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, time.UTC)
	_, _ = tickets.InsertAll(db, []Ticket{{State: "closed", At: at}, {State: "open", At: at}, {At: at}})

	waiting, _ := tickets.Find(db, memrel.Query{Where: memrel.Lt("state", "closed"), Order: []memrel.Order{{Column: "state"}}})
	for _, ticket := range waiting {
		fmt.Println(ticket.State, ticket.At.Format(time.RFC3339Nano))
	}
	_, err := tickets.Insert(db, Ticket{State: "shut", At: at})
	fmt.Println(err)
	// Output:
	// new 2026-01-02T03:04:05.679Z
	// open 2026-01-02T03:04:05.679Z
	// memrel: insert tickets: state = "shut" is none of its names; write one of new, open, closed
}

// Text without case is shown as it was written, and is one value with every other of the same letters.
func ExampleType_citext() {
	type User struct {
		ID    int64
		Email string `memrel:",type=citext,unique"`
	}
	users := memrel.TableOf[User]("users")
	db := memrel.MustOpen(users)
	users.Insert(db, User{Email: "Ann@Example.com"})

	ann, _ := users.By("email").Get(db, "ann@example.com")
	fmt.Println(ann.Email)
	_, err := users.Insert(db, User{Email: "ANN@example.com"})
	fmt.Println(err)
	// Output:
	// Ann@Example.com
	// memrel: insert users: unique key (email) = ("ANN@example.com") is taken; in the way: users[1]
}

func ExampleType_uint() {
	db := memrel.MustOpen(memrel.Schema{Name: "hashes", PrimaryKey: []string{"hash"}, Columns: memrel.Columns{{Name: "hash", Type: memrel.Uint}}})
	hashes := memrel.RowsOf("hashes")
	for _, hash := range []any{uint64(math.MaxUint64), 7, json.Number("9223372036854775808")} {
		_, _ = hashes.Insert(db, memrel.Values{"hash": hash})
	}
	large, _ := hashes.Find(db, memrel.Query{Where: memrel.Gt("hash", 7.5), Order: []memrel.Order{{Column: "hash"}}})
	for _, row := range large {
		fmt.Println(row.Get("hash"))
	}
	_, err := hashes.Insert(db, memrel.Values{"hash": -1})
	fmt.Println("a negative one:", errors.Is(err, memrel.ErrType))
	// Output:
	// 9223372036854775808
	// 18446744073709551615
	// a negative one: true
}

func ExampleTableOf_decimal() {
	type Product struct {
		ID    int64
		Price string    `memrel:",type=decimal,size=10,scale=2,unique"`
		Since time.Time `memrel:",type=date"`
	}
	products := memrel.TableOf[Product]("products")
	db := memrel.MustOpen(products)
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)

	_, _ = products.InsertAll(db, []Product{{Price: "100", Since: day}, {Price: "9.99", Since: day}, {Price: "10.495", Since: day}})
	cheapest, _ := products.Find(db, memrel.Query{Order: []memrel.Order{{Column: "price"}}})
	for _, p := range cheapest {
		fmt.Println(p.Price, p.Since.Format(time.DateOnly))
	}
	_, err := products.Insert(db, Product{Price: "9.990", Since: day})
	fmt.Println("the same price again:", errors.Is(err, memrel.ErrUnique))
	// Output:
	// 9.99 2026-01-02
	// 10.50 2026-01-02
	// 100.00 2026-01-02
	// the same price again: true
}

// The time of the insert is a default as data: files keep it, DDL writes it as CURRENT_TIMESTAMP, and the store's clock says it.
func ExampleColumn_defaultNow() {
	type Note struct {
		ID      int64
		Written time.Time `memrel:",defaultnow"` // or a Column with DefaultNow
	}
	notes := memrel.TableOf[Note]("notes")
	noon := memrel.Clock(func() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) })
	db := memrel.MustOpen(notes, noon)

	note, _ := notes.Insert(db, Note{})
	fmt.Println(note.Written)
	// Output: 2026-11-29 12:00:00 +0000 UTC
}
