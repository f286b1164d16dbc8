package table

import "github.com/memrel/memrel/query"

// Reader gives the tables of one state of the store: a view's, or a transaction's as it stands.
type Reader interface {
	// Table is the table of that name, nil if there is none. It must not be written.
	Table(name string) *Table
}

// reading is a state as one statement reads it.
type reading struct {
	Reader
	deleted   bool             // it is shown soft-deleted rows as well
	interrupt *query.Interrupt // what stops it; nil: nothing
}

// WithDeleted is a state for who is to be shown soft-deleted rows as well.
func WithDeleted(r Reader) Reader { return reading{StateOf(r), true, InterruptOf(r)} }

// Interrupted is a state for a statement whose loops over rows may be stopped; nil: never.
func Interrupted(r Reader, i *query.Interrupt) Reader {
	if i == nil {
		return r
	}
	return reading{StateOf(r), ShowsDeleted(r), i}
}

// StateOf is the state that a reader reads, however that does.
func StateOf(r Reader) Reader {
	if as, ok := r.(reading); ok {
		return as.Reader
	}
	return r
}

// ShowsDeleted tells whether whoever reads a state is shown soft-deleted rows as well.
func ShowsDeleted(r Reader) bool {
	as, ok := r.(reading)
	return ok && as.deleted
}

// InterruptOf is what stops the loops over rows of whoever reads a state; nil if nothing does.
func InterruptOf(r Reader) *query.Interrupt {
	if as, ok := r.(reading); ok {
		return as.interrupt
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
