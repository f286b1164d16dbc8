package memrel

import (
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Queries are data; package table says more of each.
type (
	// Query asks for rows of one table.
	Query = query.Query
	// Order is one column to order rows by.
	Order = query.Order
	// Cond is a condition on rows; see [Eq] and its like. The zero Cond is true of every row.
	Cond = query.Cond
	// Cursor is a row's place in an order, for paging.
	Cursor = query.Cursor
	// NullsPlace is where NULLs stand in an [Order].
	NullsPlace = query.NullsPlace
	// Explain tells which way a query takes to its rows.
	Explain = query.Explain
	// Row is a stored row as a run-time value.
	Row = table.Row
	// Values are the columns of a row by name, for input.
	Values = table.Values
)

// Key is the value of a primary key of several columns, for verbs that take a key as one argument.
type Key []any

// Where NULLs stand in an [Order].
const (
	NullsFirst = query.NullsFirst
	NullsLast  = query.NullsLast
)

// Eq is column = value; with nil it is IS NULL.
func Eq(column string, value any) Cond { return query.Eq(column, value) }

// Ne is column <> value; with nil it is IS NOT NULL.
func Ne(column string, value any) Cond { return query.Ne(column, value) }

// Lt is column < value.
func Lt(column string, value any) Cond { return query.Lt(column, value) }

// Lte is column <= value.
func Lte(column string, value any) Cond { return query.Lte(column, value) }

// Gt is column > value.
func Gt(column string, value any) Cond { return query.Gt(column, value) }

// Gte is column >= value.
func Gte(column string, value any) Cond { return query.Gte(column, value) }

// In is column IN (values); of no values it is false.
func In(column string, values ...any) Cond { return query.In(column, values...) }

// NotIn is column NOT IN (values).
func NotIn(column string, values ...any) Cond { return query.NotIn(column, values...) }

// Between is column BETWEEN low AND high, both included.
func Between(column string, low, high any) Cond { return query.Between(column, low, high) }

// Like is column LIKE pattern: % is any text, _ any character, \ takes the next character as it is; case counts.
func Like(column, pattern string) Cond { return query.Like(column, pattern) }

// NotLike is column NOT LIKE pattern.
func NotLike(column, pattern string) Cond { return query.NotLike(column, pattern) }

// IsNull is column IS NULL.
func IsNull(column string) Cond { return query.IsNull(column) }

// NotNull is column IS NOT NULL.
func NotNull(column string) Cond { return query.NotNull(column) }

// And is true if all conditions are.
func And(conds ...Cond) Cond { return query.And(conds...) }

// Or is true if one of the conditions is.
func Or(conds ...Cond) Cond { return query.Or(conds...) }

// Not turns true and false around; unknown stays unknown.
func Not(cond Cond) Cond { return query.Not(cond) }

// Some is true where a row that an association leads to satisfies c; the association goes by its alias.
func Some(as string, c Cond) Cond { return query.Some(as, c) }

// Every is true where all rows that an association leads to satisfy c, also if there are none.
func Every(as string, c Cond) Cond { return query.Every(as, c) }

// None is true where no row that an association leads to satisfies c.
func None(as string, c Cond) Cond { return query.None(as, c) }

// CountOf is true where the number of rows that an association leads to, and that satisfy all of where, is as the condition
// on the column "count" says: CountOf("posts", Gte("count", 3)).
func CountOf(as string, is Cond, where ...Cond) Cond { return query.Count(as, is, where...) }
