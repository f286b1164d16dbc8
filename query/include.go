package query

// Include asks for the rows that an association leads to, with each row that a query finds. It names the association by
// its alias, or by the target's model if only one association leads there that has no alias.
type Include struct {
	As    string `json:"as,omitempty"`
	Model string `json:"model,omitempty"`
	// All includes every association instead that is not named beside it, Nested those of the included rows too, as far as none
	// leads back to a model on the way; one from a model to itself is followed once.
	All    bool `json:"all,omitempty"`
	Nested bool `json:"nested,omitempty"`
	// Where filters the included rows. Rows without any are left out then, unless Optional; Required leaves them out
	// without a Where too.
	Where    Cond `json:"where,omitzero"`
	Required bool `json:"required,omitempty"`
	Optional bool `json:"optional,omitempty"`
	// Order, Limit and Offset are for each row by itself. Columns are the columns wanted, keys only if they are among them; all
	// if nil. If it is empty the rows are not shown, and limit the rows of the query all the same.
	Order   []Order   `json:"order,omitempty"`
	Limit   int       `json:"limit,omitempty"`
	Offset  int       `json:"offset,omitempty"`
	Columns []string  `json:"columns,omitzero"`
	Include []Include `json:"include,omitempty"`
	// Deleted includes soft-deleted rows as well.
	Deleted bool `json:"deleted,omitempty"`
	// Through is for associations through a junction.
	Through Through `json:"through,omitzero"`
	// Separate is how Sequelize asks for a query of its own: what is asked of the included rows leaves out no row of the query,
	// whose Columns are joined by the key that the association goes by. Only a hasMany takes it.
	Separate bool `json:"separate,omitempty"`
}

// Through is what to do with the junction rows that lead to included rows. Columns are those wanted: all if nil, and if it
// is empty the junction row is not shown.
type Through struct {
	Where   Cond     `json:"where,omitzero"`
	Columns []string `json:"columns,omitzero"`
	// Deleted leads through soft-deleted junction rows as well.
	Deleted bool `json:"deleted,omitempty"`
}

// Inclusion is an [Include], or what makes one: a typed association.
type Inclusion interface{ Inclusion() Include }

// Inclusion is the include itself.
func (in Include) Inclusion() Include { return in }
