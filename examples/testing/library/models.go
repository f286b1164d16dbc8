// Package library lends books. Its rows live behind a [Repository]: a database in production, and in tests the one of package
// memory. The models are GORM's, as they stand for the database.
package library

import "time"

// Member may borrow books.
type Member struct {
	ID    int64  `gorm:"primaryKey"`
	Email string `gorm:"size:80;not null;uniqueIndex"`
	Name  string
	Loans []Loan `gorm:"constraint:OnDelete:RESTRICT"`
}

// Book is one copy, with a number on its back.
type Book struct {
	ID    int64 `gorm:"primaryKey"`
	Title string
	Loan  *Loan `gorm:"constraint:OnDelete:RESTRICT"`
}

// Loan is a book that is with a member. That its book is its primary key keeps two members from having one book.
type Loan struct {
	BookID   int64     `gorm:"primaryKey;autoIncrement:false"`
	MemberID int64     `gorm:"not null;index"`
	Due      time.Time `gorm:"not null"`
}
