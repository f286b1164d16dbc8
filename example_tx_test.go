package memrel_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

func ExampleDB_Update() {
	db := memrel.MustOpen(Users)
	err := db.Update(func(tx *memrel.Tx) error {
		Users.Insert(tx, User{Email: "ann@example.com"})
		return errors.New("changed my mind")
	})
	n, _ := Users.Count(db, memrel.Cond{})
	fmt.Println(err, n)

	db.Update(func(tx *memrel.Tx) error {
		_, err := Users.Insert(tx, User{Email: "ann@example.com"})
		return err
	})
	fmt.Println(Users.Get(db, 1)) // the number 1 was given back
	// Output:
	// changed my mind 0
	// {1 ann@example.com} true
}

func ExampleDB_Begin() {
	db := memrel.MustOpen(Users)
	tx := db.Begin()
	defer tx.Rollback() // does nothing after Commit
	Users.Insert(tx, User{Email: "ann@example.com"})
	inside, _ := Users.Count(tx, memrel.Cond{})
	outside, _ := Users.Count(db, memrel.Cond{})
	fmt.Println(inside, outside, tx.Commit())
	// Output: 1 0 <nil>
}

func ExampleTx_Savepoint() {
	db := memrel.MustOpen(Users)
	db.Update(func(tx *memrel.Tx) error {
		Users.Insert(tx, User{Email: "ann@example.com"})
		tx.Savepoint("ann")
		Users.Insert(tx, User{Email: "bob@example.com"})
		return tx.RollbackTo("ann")
	})
	for u := range Users.All(db) {
		fmt.Println(u)
	}
	// Output: {1 ann@example.com}
}

// A nested transaction fails alone.
func ExampleTx_Update() {
	db := memrel.MustOpen(Users)
	err := db.Update(func(tx *memrel.Tx) error {
		Users.Insert(tx, User{Email: "ann@example.com"})
		err := tx.Update(func(tx *memrel.Tx) error {
			Users.Insert(tx, User{Email: "bob@example.com"})
			_, err := Users.Insert(tx, User{Email: "ann@example.com"})
			return err
		})
		fmt.Println(err)
		return nil
	})
	n, _ := Users.Count(db, memrel.Cond{})
	fmt.Println(n, err)
	// Output:
	// memrel: insert users: unique key (email) = ("ann@example.com") is taken; in the way: users[1]
	// 1 <nil>
}

func ExampleTx_Changes() {
	db := memrel.MustOpen(Users, Posts)
	Users.InsertAll(db, []User{{Email: "ann@example.com"}, {Email: "bob@example.com"}})
	Posts.Insert(db, Post{AuthorID: 1, Title: "Hello"})

	db.Update(func(tx *memrel.Tx) error {
		Users.Update(tx, memrel.Values{"email": "robert@example.com"}, 2)
		Users.Update(tx, memrel.Values{"email": "bob@example.org"}, 2)
		Users.Delete(tx, 1)
		for _, c := range tx.Changes() {
			fmt.Println(c, "|", c.Before, "->", c.After)
		}
		return nil
	})
	// Output:
	// users[2]: update | users{id: 2, email: "bob@example.com"} -> users{id: 2, email: "bob@example.org"}
	// posts[1]: cascade delete by posts_authorId_fkey | posts{id: 1, authorId: 1, title: "Hello"} -> no row
	// users[1]: delete | users{id: 1, email: "ann@example.com"} -> no row
}

// Two rows that need each other come into being by putting the check off to the commit.
func ExampleTx_Defer() {
	flights := memrel.RowsOf("flights")
	db := memrel.MustOpen(memrel.Schema{
		Name:       "flights",
		Columns:    []memrel.Column{{Name: "code", Type: memrel.String}, {Name: "return", Type: memrel.String, NotNull: true}},
		PrimaryKey: []string{"code"},
		References: []memrel.Reference{{Name: "there_and_back", Columns: []string{"return"}, Table: "flights", Deferrable: true}},
	})
	err := db.Update(func(tx *memrel.Tx) error {
		if err := tx.Defer("there_and_back"); err != nil {
			return err
		}
		flights.Insert(tx, memrel.Values{"code": "A1", "return": "A2"})
		flights.Insert(tx, memrel.Values{"code": "A2", "return": "A1"})
		return nil
	})
	fmt.Println(err)

	err = db.Update(func(tx *memrel.Tx) error {
		tx.Defer()
		flights.Insert(tx, memrel.Values{"code": "B1", "return": "B2"})
		return nil
	})
	fmt.Println(err)
	// Output:
	// <nil>
	// memrel: commit flights: flights "B2" does not exist (flights.return -> flights.code); at fault: flights["B1"]
}

func ExampleLimits() {
	db := memrel.MustOpen(Users, Posts)
	Users.Insert(db, User{Email: "ann@example.com"})
	Posts.InsertAll(db, make100Posts())

	db.SetLimits(memrel.Limits{MaxRows: 50})
	_, err := Users.Delete(db, 1)
	fmt.Println(err)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	db.SetLimits(memrel.Limits{Context: ctx})
	_, err = Users.Delete(db, 1)
	fmt.Println(errors.Is(err, memrel.ErrLimit), errors.Is(err, context.Canceled))
	fmt.Println(db.Limits().Context == ctx)
	// Output:
	// memrel: delete users: it would touch more than 50 rows; raise MaxRows, or do it in parts; nothing was changed
	// true true
	// true
}

func make100Posts() []Post {
	posts := make([]Post, 100)
	for i := range posts {
		posts[i] = Post{AuthorID: 1, Title: fmt.Sprint("Part ", i+1)}
	}
	return posts
}
