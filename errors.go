package memrel

import "github.com/memrel/memrel/types"

// Error is every error that the store returns; see the fields.
type Error = types.Error

// The kinds of error, for errors.Is. [ErrRestrict] (a row is still referenced) and [ErrMatchFull] are also an
// [ErrForeignKey].
var (
	ErrUnique        = types.ErrUnique
	ErrForeignKey    = types.ErrForeignKey
	ErrRestrict      = types.ErrRestrict
	ErrMatchFull     = types.ErrMatchFull
	ErrNotNull       = types.ErrNotNull
	ErrCheck         = types.ErrCheck
	ErrType          = types.ErrType
	ErrUnknownTable  = types.ErrUnknownTable
	ErrUnknownColumn = types.ErrUnknownColumn
	ErrNotFound      = types.ErrNotFound
	ErrDefinition    = types.ErrDefinition
	ErrLimit         = types.ErrLimit
	ErrTxDone        = types.ErrTxDone
	ErrQuery         = types.ErrQuery
	ErrFile          = types.ErrFile
	// ErrUnknownAssociation is for an alias that the rows do not have, ErrUnknownMethod for an accessor.
	ErrUnknownAssociation = types.ErrUnknownAssociation
	ErrUnknownMethod      = types.ErrUnknownMethod
)

func unknownTable(op, name string) error {
	if name == "" {
		return &Error{Kind: ErrUnknownTable, Op: op, Detail: "the table has no name", Hint: "make the handle with ModelOf or TableOf"}
	}
	return &Error{Kind: ErrUnknownTable, Op: op, Table: name, Detail: "there is no table " + name,
		Hint: "define it, or open the store with it"}
}
