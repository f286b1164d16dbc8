package table

// Turn is how deletes work a reference in a store whose deletes work references in turn.
type Turn struct {
	// Place numbers the references into a table: the one with the least number is worked first, ties by name.
	Place int
	// Idle says that the reference does nothing when it is its turn, whatever its action is.
	Idle bool
	// Behind is the constraint that a database beneath has for the reference; nil if it has none.
	Behind *Constraint
}

// Constraint is what a database beneath does by itself when a row is removed for good, after the reference has been worked: to rows
// that still hold its key, soft-deleted ones too. It lets no table be emptied to which another one's refers.
type Constraint struct {
	OnDelete Action `json:"onDelete,omitzero"`
	// Alone says that nobody asked for anything else: the reference does nothing on delete but this, and its action is that of the
	// constraint.
	Alone bool `json:"alone,omitempty"`
}
