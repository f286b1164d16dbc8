// Package library lends books. Its rows live behind a [Repository]: a database in production, and in tests the one of package
// memory.
package library

import "time"

// Member may borrow books.
type Member struct {
	ID    int64
	Email string `memrel:",unique,size=80"`
	Name  string
}

// Book is one copy, with a number on its back.
type Book struct {
	ID    int64
	Title string
}

// Loan is a book that is with a member. That its book is its primary key keeps two members from having one book.
type Loan struct {
	BookID   int64 `memrel:",pk,ref=books,ondelete=restrict"`
	MemberID int64 `memrel:",ref=members,ondelete=restrict"`
	Due      time.Time
}
