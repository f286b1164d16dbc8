package table

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
