package table

import "github.com/memrel/memrel/index"

// Reader gives the tables of one state of the store: a view's, or a transaction's as it stands.
type Reader interface {
	// Table is the table of that name, nil if there is none. It must not be written.
	Table(name string) *Table
}

// Writer is a state that can be changed.
type Writer interface {
	Reader
	// Writable is the table of that name in a version that the caller may write to until it gives the writer up; nil if
	// there is none.
	Writable(name string) *Table
}

// Statements carries out statements inside one transaction, for code that makes one verb of several. Each is all or nothing
// and is held to every constraint; timestamps are kept.
type Statements interface {
	Reader
	// Insert adds rows.
	Insert(table string, rows []Values) ([]index.Record, error)
	// InsertOf adds rows that say nothing but their cells at pos: cells has those of one row after the other.
	InsertOf(table string, pos []int, cells []index.Value) error
	// Update writes values into rows, which are given as they are stored, and returns what the statement leaves.
	Update(table string, rows []index.Record, set Values) ([]index.Record, error)
	// Delete removes rows, which are given as they are stored.
	Delete(table string, rows []index.Record) error
}
