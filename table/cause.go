package table

import "fmt"

// Kind says what became of a row. Package cascade has a constant for each.
type Kind uint8

var kindNames = [...]string{"insert", "update", "delete", "cascade delete", "set null", "set default", "cascade update"}

// String names the kind for people: "set null".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// MarshalText writes the kind as [Kind.String] does.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Cause tells why a row changed.
type Cause struct {
	Statement int    `json:"statement"`           // the statement of the transaction, from 1; 0: it was one of its own, or is not known
	Kind      Kind   `json:"kind"`                // what it did to the row
	Reference string `json:"reference,omitempty"` // the foreign key that led to the row; empty for rows named
	Level     int    `json:"level,omitempty"`     // how many references away from a row named
}

// RowChange is what has become of one row.
type RowChange struct {
	Table  string `json:"table"`
	Before Row    `json:"before"` // zero: the row was inserted
	After  Row    `json:"after"`  // zero: the row was deleted
	Cause  Cause  `json:"cause"`  // of the last change to it
}

// Row is the change as people are told of it: from a row of one definition to a row of another, or of the same.
func (c Change) Row(was, is *Def, why Cause) RowChange {
	out := RowChange{Table: is.Name(), Cause: why}
	if !c.Old.IsZero() {
		out.Before = RowOf(was, c.Old, nil)
	}
	if !c.New.IsZero() {
		out.After = RowOf(is, c.New, nil)
	}
	return out
}

// String reads: tracks[17]: cascade delete by tracks_album_fkey.
func (c RowChange) String() string {
	row := c.Before
	if row.IsZero() {
		row = c.After
	}
	s := fmt.Sprintf("%s: %s", row.Label(), c.Cause.Kind)
	if c.Cause.Reference != "" {
		s += " by " + c.Cause.Reference
	}
	return s
}

// KindOf is what a change does to its row, where nothing more is known of it: one of the first three kinds.
func KindOf(c Change) Kind {
	switch {
	case c.Old.IsZero():
		return 0
	case c.New.IsZero():
		return 2
	}
	return 1
}
