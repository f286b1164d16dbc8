// Package memory is the library's repository in memory: what a test takes in a database's place.
package memory

import (
	"context"
	"errors"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/examples/testing/library"
)

// The tables are made of the service's own models, with the names, keys and references that GORM gives them in the database.
var (
	Members = memrel.TableOf[library.Member]("", memrel.GORM)
	Books   = memrel.TableOf[library.Book]("", memrel.GORM)
	Loans   = memrel.TableOf[library.Loan]("", memrel.GORM)
)

// Open makes a store with the tables of a library.
func Open() *memrel.DB { return memrel.MustOpen(Members, Books, Loans) }

// Rows is a [library.Repository] on a store, or on a transaction under way.
type Rows struct {
	rows memrel.Writer
	db   interface {
		Update(fn func(tx *memrel.Tx) error) error
	}
}

// On is the repository whose rows are in a store.
func On(db *memrel.DB) Rows { return Rows{db, db} }

// Atomically implements [library.Repository]; within a transaction it is a part that can fail alone.
func (r Rows) Atomically(ctx context.Context, fn func(library.Repository) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return r.db.Update(func(tx *memrel.Tx) error { return fn(Rows{tx, tx}) })
}

// AddMember implements [library.Repository].
func (r Rows) AddMember(_ context.Context, m library.Member) (library.Member, error) {
	return Members.Insert(r.rows, m)
}

// DeleteMember implements [library.Repository]. As in SQL it is no error that there is none.
func (r Rows) DeleteMember(_ context.Context, id int64) error {
	_, err := Members.DeleteWhere(r.rows, memrel.Eq("id", id))
	return err
}

// AddLoan implements [library.Repository].
func (r Rows) AddLoan(_ context.Context, l library.Loan) error {
	_, err := Loans.Insert(r.rows, l)
	return err
}

// DeleteLoan implements [library.Repository].
func (r Rows) DeleteLoan(_ context.Context, book int64) (bool, error) {
	_, err := Loans.Delete(r.rows, book)
	if errors.Is(err, memrel.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// CountLoans implements [library.Repository].
func (r Rows) CountLoans(_ context.Context, member int64) (int, error) {
	return Loans.Count(r.rows, memrel.Eq("member_id", member))
}

// Overdue implements [library.Repository].
func (r Rows) Overdue(_ context.Context, now time.Time) ([]library.Loan, error) {
	return Loans.Find(r.rows, memrel.Query{Where: memrel.Lt("due", now), Order: []memrel.Order{{Column: "due"}}})
}
