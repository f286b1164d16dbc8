package table

import "github.com/memrel/memrel/query"

// Reader gives the tables of one state of the store: a view's, or a transaction's as it stands.
type Reader interface {
	// Table is the table of that name, nil if there is none. It must not be written.
	Table(name string) *Table
}

// InterruptOf is what stops the loops over rows of a state whose statement has a context; nil if it has none.
func InterruptOf(r Reader) *query.Interrupt {
	if s, ok := r.(interface{ Interrupt() *query.Interrupt }); ok {
		return s.Interrupt()
	}
	return nil
}

// Writer is a state that can be changed.
type Writer interface {
	Reader
	// Writable is the table of that name in a version that the caller may write to until it gives the writer up; nil if
	// there is none.
	Writable(name string) *Table
}
