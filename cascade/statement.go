package cascade

import (
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Kind says what a step does to its row.
type Kind = table.Kind

// What can become of a row, in the order of their names in package table. The first three are the statement's own doing.
const (
	Inserted Kind = iota
	Updated
	Deleted
	CascadeDelete
	SetNull
	SetDefault
	CascadeUpdate
)

// Mode tells whether the check of a deferrable constraint of that name waits for the commit; initially is how it was defined.
type Mode func(constraint string, initially bool) bool

// Statement is what a statement does to the rows that it names, and under which terms.
type Statement struct {
	Op      string // for errors: "delete", "update"
	Table   string
	Changes []table.Change // held to the table's own rules already, but for unique keys

	// Deferred tells which checks of deferrable constraints wait for the commit; nil: as they were defined.
	Deferred Mode
	// Wrote tells whether the transaction made a record, for tables of which [Graph.Defers] is true; nil: it made none.
	Wrote func(index.Record) bool
	// Before is told of deletes before they are done; an error stops the planning. nil: nobody is.
	Before func(DeleteEvent) error
	// After is told of deletes that are done; nil: nobody is.
	After func(DeleteEvent)
	// Now is the time that soft deletes write; time.Now if nil. Hard removes the rows named and those that go with them all the
	// same.
	Now  func() time.Time
	Hard bool
	// MaxRows bounds the rows that the statement may touch; 0 does not.
	MaxRows int
	// Interrupt may stop the planning; nil does not.
	Interrupt *query.Interrupt
}
