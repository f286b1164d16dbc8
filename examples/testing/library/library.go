package library

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What a library refuses.
var (
	ErrNoSuch  = errors.New("no such book or member")
	ErrTaken   = errors.New("taken already")
	ErrTooMany = errors.New("too many books")
	ErrHasBook = errors.New("books have to come back first")
)

const (
	mostBooks = 3
	lendFor   = 28 * 24 * time.Hour
)

// Repository is where rows are. Its errors are those of the database, from which [refusal] makes the library's.
type Repository interface {
	// Atomically runs fn on a repository of which either everything is done or nothing.
	Atomically(ctx context.Context, fn func(Repository) error) error
	// AddMember returns the member with its number.
	AddMember(ctx context.Context, m Member) (Member, error)
	DeleteMember(ctx context.Context, id int64) error
	AddLoan(ctx context.Context, l Loan) error
	// DeleteLoan tells whether there was one.
	DeleteLoan(ctx context.Context, book int64) (bool, error)
	CountLoans(ctx context.Context, member int64) (int, error)
	// Overdue are the loans that were due before a time, the longest overdue first.
	Overdue(ctx context.Context, now time.Time) ([]Loan, error)
}

// Library lends books to members.
type Library struct {
	Rows Repository
	Now  func() time.Time
}

// Join makes a member. An address is a member once: [ErrTaken].
func (l *Library) Join(ctx context.Context, email, name string) (Member, error) {
	m, err := l.Rows.AddMember(ctx, Member{Email: email, Name: name})
	return m, refusal("join "+email, err, ErrNoSuch)
}

// Leave ends a membership, once all books are back: [ErrHasBook].
func (l *Library) Leave(ctx context.Context, member int64) error {
	return refusal(fmt.Sprint("leave ", member), l.Rows.DeleteMember(ctx, member), ErrHasBook)
}

// Lend gives books to a member, all of them or none: [ErrTooMany], [ErrTaken], [ErrNoSuch].
func (l *Library) Lend(ctx context.Context, member int64, books ...int64) error {
	err := l.Rows.Atomically(ctx, func(rows Repository) error {
		has, err := rows.CountLoans(ctx, member)
		if err != nil {
			return err
		}
		if has+len(books) > mostBooks {
			return ErrTooMany
		}
		for _, book := range books {
			if err := rows.AddLoan(ctx, Loan{BookID: book, MemberID: member, Due: l.Now().Add(lendFor)}); err != nil {
				return err
			}
		}
		return nil
	})
	return refusal(fmt.Sprint("lend to ", member), err, ErrNoSuch)
}

// Return takes a book back: [ErrNoSuch] if nobody had it.
func (l *Library) Return(ctx context.Context, book int64) error {
	lent, err := l.Rows.DeleteLoan(ctx, book)
	if err == nil && !lent {
		err = ErrNoSuch
	}
	return refusal(fmt.Sprint("return ", book), err, ErrNoSuch)
}

// Overdue are the loans that should have ended by now, the longest overdue first.
func (l *Library) Overdue(ctx context.Context) ([]Loan, error) {
	return l.Rows.Overdue(ctx, l.Now())
}

// refusal makes the library's error of a database's, by its SQLSTATE; reference is what one means that breaks a reference. The
// errors of PostgreSQL's drivers have that method, and memrel's have it too.
func refusal(what string, err, reference error) error {
	var e interface{ SQLState() string }
	if errors.As(err, &e) {
		switch e.SQLState() {
		case "23505": // unique_violation
			err = ErrTaken
		case "23503", "23001": // foreign_key_violation, restrict_violation
			err = reference
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
