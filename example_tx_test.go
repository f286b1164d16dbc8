package memrel_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/memrel/memrel"
)

// Account and Entry are the rows of the examples on transactions.
type Account struct {
	ID    int64
	Email string `memrel:",unique"`
}

// Entry belongs to an Account and goes with it.
type Entry struct {
	ID        int64
	AccountID int64 `memrel:",ref=accounts,ondelete=cascade"`
	Title     string
}

var (
	Accounts = memrel.TableOf[Account]("accounts")
	Entries  = memrel.TableOf[Entry]("entries")
)

func ExampleDB_Update() {
	db := memrel.MustOpen(Accounts)
	err := db.Update(func(tx *memrel.Tx) error {
		Accounts.Insert(tx, Account{Email: "ann@example.com"})
		return errors.New("changed my mind")
	})
	n, _ := Accounts.Count(db, memrel.Cond{})
	fmt.Println(err, n)

	db.Update(func(tx *memrel.Tx) error {
		_, err := Accounts.Insert(tx, Account{Email: "ann@example.com"})
		return err
	})
	fmt.Println(Accounts.Get(db, 1)) // the number 1 was given back
	// Output:
	// changed my mind 0
	// {1 ann@example.com} true
}

func ExampleDB_Begin() {
	db := memrel.MustOpen(Accounts)
	tx := db.Begin()
	defer tx.Rollback() // does nothing after Commit
	Accounts.Insert(tx, Account{Email: "ann@example.com"})
	inside, _ := Accounts.Count(tx, memrel.Cond{})
	outside, _ := Accounts.Count(db, memrel.Cond{})
	fmt.Println(inside, outside, tx.Commit())
	// Output: 1 0 <nil>
}

// A deferrable unique key may be shared by rows for a while.
func ExampleUniqueKey() {
	seats := memrel.RowsOf("seats")
	db := memrel.MustOpen(memrel.Schema{Name: "seats", PrimaryKey: []string{"id"},
		Columns: memrel.Columns{{Name: "id", Type: memrel.Int}, {Name: "guest", Type: memrel.String}},
		Unique:  []memrel.UniqueKey{{Columns: []string{"guest"}, Deferrable: true, InitiallyDeferred: true}}})
	seats.InsertAll(db, []memrel.Values{{"id": 1, "guest": "ann"}, {"id": 2, "guest": "bob"}})
	fmt.Println(db.Update(func(tx *memrel.Tx) error {
		seats.Update(tx, memrel.Values{"guest": "bob"}, 1)
		_, err := seats.Update(tx, memrel.Values{"guest": "ann"}, 2)
		return err
	}))
	_, err := seats.Update(db, memrel.Values{"guest": "ann"}, 1)
	fmt.Println(err)
	// Output:
	// <nil>
	// memrel: commit seats: deferrable unique key (guest) = ("ann") is taken; in the way: seats[1], seats[2]
}

func ExampleTx_Savepoint() {
	db := memrel.MustOpen(Accounts)
	db.Update(func(tx *memrel.Tx) error {
		Accounts.Insert(tx, Account{Email: "ann@example.com"})
		tx.Savepoint("ann")
		Accounts.Insert(tx, Account{Email: "bob@example.com"})
		return tx.RollbackTo("ann")
	})
	for u := range Accounts.All(db) {
		fmt.Println(u)
	}
	// Output: {1 ann@example.com}
}

// A nested transaction fails alone.
func ExampleTx_Update() {
	db := memrel.MustOpen(Accounts)
	err := db.Update(func(tx *memrel.Tx) error {
		Accounts.Insert(tx, Account{Email: "ann@example.com"})
		err := tx.Update(func(tx *memrel.Tx) error {
			Accounts.Insert(tx, Account{Email: "bob@example.com"})
			_, err := Accounts.Insert(tx, Account{Email: "ann@example.com"})
			return err
		})
		fmt.Println(err)
		return nil
	})
	n, _ := Accounts.Count(db, memrel.Cond{})
	fmt.Println(n, err)
	// Output:
	// memrel: insert accounts: unique key (email) = ("ann@example.com") is taken; in the way: accounts[1]
	// 1 <nil>
}

func ExampleTx_Changes() {
	db := memrel.MustOpen(Accounts, Entries)
	Accounts.InsertAll(db, []Account{{Email: "ann@example.com"}, {Email: "bob@example.com"}})
	Entries.Insert(db, Entry{AccountID: 1, Title: "Hello"})

	db.Update(func(tx *memrel.Tx) error {
		Accounts.Update(tx, memrel.Values{"email": "robert@example.com"}, 2)
		Accounts.Update(tx, memrel.Values{"email": "bob@example.org"}, 2)
		Accounts.Delete(tx, 1)
		for _, c := range tx.Changes() {
			fmt.Println(c, "|", c.Before, "->", c.After)
		}
		return nil
	})
	// Output:
	// accounts[2]: update | accounts{id: 2, email: "bob@example.com"} -> accounts{id: 2, email: "bob@example.org"}
	// accounts[1]: delete | accounts{id: 1, email: "ann@example.com"} -> no row
	// entries[1]: cascade delete by entries_accountId_fkey | entries{id: 1, accountId: 1, title: "Hello"} -> no row
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
	db := memrel.MustOpen(Accounts, Entries)
	Accounts.Insert(db, Account{Email: "ann@example.com"})
	Entries.InsertAll(db, make100Entries())

	db.SetLimits(memrel.Limits{MaxRows: 50})
	_, err := Accounts.Delete(db, 1)
	fmt.Println(err)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	db.SetLimits(memrel.Limits{Context: ctx})
	_, err = Accounts.Delete(db, 1)
	fmt.Println(errors.Is(err, memrel.ErrLimit), errors.Is(err, context.Canceled))
	fmt.Println(db.Limits().Context == ctx)
	// Output:
	// memrel: delete accounts: it would touch more than 50 rows; raise MaxRows, or do it in parts; nothing was changed
	// true true
	// true
}

func make100Entries() []Entry {
	entries := make([]Entry, 100)
	for i := range entries {
		entries[i] = Entry{AccountID: 1, Title: fmt.Sprint("Part ", i+1)}
	}
	return entries
}
