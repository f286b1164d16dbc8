package memrel

import "github.com/memrel/memrel/table"

// What queries are made of; see package table for each.
type (
	Query      = table.Query
	Order      = table.Order
	Cond       = table.Cond
	Cursor     = table.Cursor
	NullsPlace = table.NullsPlace
	Explain    = table.Explain
	Row        = table.Row
	Values     = table.Values
)

// Key is the value of a primary key of several columns, for verbs that take a key as one argument.
type Key []any

// Where NULLs stand in an [Order].
const (
	NullsFirst = table.NullsFirst
	NullsLast  = table.NullsLast
)

// Eq is column = value; with nil it is IS NULL.
func Eq(column string, value any) Cond { return table.Eq(column, value) }

// Ne is column <> value; with nil it is IS NOT NULL.
func Ne(column string, value any) Cond { return table.Ne(column, value) }

// Lt is column < value.
func Lt(column string, value any) Cond { return table.Lt(column, value) }

// Lte is column <= value.
func Lte(column string, value any) Cond { return table.Lte(column, value) }

// Gt is column > value.
func Gt(column string, value any) Cond { return table.Gt(column, value) }

// Gte is column >= value.
func Gte(column string, value any) Cond { return table.Gte(column, value) }

// In is column IN (values); of no values it is false.
func In(column string, values ...any) Cond { return table.In(column, values...) }

// NotIn is column NOT IN (values).
func NotIn(column string, values ...any) Cond { return table.NotIn(column, values...) }

// Between is column BETWEEN low AND high, both included.
func Between(column string, low, high any) Cond { return table.Between(column, low, high) }

// Like is column LIKE pattern: % is any text, _ any character, \ takes the next character as it is; case counts.
func Like(column, pattern string) Cond { return table.Like(column, pattern) }

// NotLike is column NOT LIKE pattern.
func NotLike(column, pattern string) Cond { return table.NotLike(column, pattern) }

// IsNull is column IS NULL.
func IsNull(column string) Cond { return table.IsNull(column) }

// NotNull is column IS NOT NULL.
func NotNull(column string) Cond { return table.NotNull(column) }

// And is true if all conditions are.
func And(conds ...Cond) Cond { return table.And(conds...) }

// Or is true if one of the conditions is.
func Or(conds ...Cond) Cond { return table.Or(conds...) }

// Not turns true and false around; unknown stays unknown.
func Not(cond Cond) Cond { return table.Not(cond) }
