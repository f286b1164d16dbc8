package memrel

import "github.com/memrel/memrel/table"

// Error is every error that the store returns; see the fields.
type Error = table.Error

// The kinds of error, for errors.Is. [ErrRestrict] (a row is still referenced) and [ErrMatchFull] are also an
// [ErrForeignKey].
var (
	ErrUnique        = table.ErrUnique
	ErrForeignKey    = table.ErrForeignKey
	ErrRestrict      = table.ErrRestrict
	ErrMatchFull     = table.ErrMatchFull
	ErrNotNull       = table.ErrNotNull
	ErrCheck         = table.ErrCheck
	ErrType          = table.ErrType
	ErrUnknownTable  = table.ErrUnknownTable
	ErrUnknownColumn = table.ErrUnknownColumn
	ErrNotFound      = table.ErrNotFound
	ErrDefinition    = table.ErrDefinition
	ErrLimit         = table.ErrLimit
	ErrTxDone        = table.ErrTxDone
	ErrQuery         = table.ErrQuery
	ErrFile          = table.ErrFile
	// ErrUnknownAssociation is for an alias that the rows do not have, ErrUnknownMethod for an accessor.
	ErrUnknownAssociation = table.ErrUnknownAssociation
	ErrUnknownMethod      = table.ErrUnknownMethod
)

func unknownTable(op, name string) error {
	if name == "" {
		return &Error{Kind: ErrUnknownTable, Op: op, Detail: "the table has no name", Hint: "make the handle with ModelOf or TableOf"}
	}
	return &Error{Kind: ErrUnknownTable, Op: op, Table: name, Detail: "there is no table " + name,
		Hint: "define it, or open the store with it"}
}
