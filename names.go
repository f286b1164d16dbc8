package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Definitions are data; package table says more of each.
type (
	// Definition is what can be defined: a [Schema], a [Table], a model, an association.
	Definition = table.Definition
	// Schema is the definition of a table as data.
	// Its fields: [table.Schema] (go doc github.com/memrel/memrel/table.Schema).
	Schema = table.Schema
	// Column is one column of a table.
	// Its fields: [types.Column] (go doc github.com/memrel/memrel/types.Column).
	Column = types.Column
	// Columns are the columns of a table, in order.
	Columns = []types.Column
	// UniqueKey is a unique key beside the primary key.
	// Its fields: [table.UniqueKey] (go doc github.com/memrel/memrel/table.UniqueKey).
	UniqueKey = table.UniqueKey
	// Index is a secondary ordered index.
	// Its fields: [table.Index] (go doc github.com/memrel/memrel/table.Index).
	Index = table.Index
	// CheckConstraint is a condition that no row may make false.
	// Its fields: [table.CheckConstraint] (go doc github.com/memrel/memrel/table.CheckConstraint).
	CheckConstraint = table.CheckConstraint
	// Reference is a foreign key.
	// Its fields: [table.Reference] (go doc github.com/memrel/memrel/table.Reference).
	Reference = table.Reference
	// Action is what becomes of referencing rows; see the constants.
	Action = table.Action
	// Part is what [DB.Alter] adds to a table, changes of it or removes from it; see [table.Part] (go doc github.com/memrel/memrel/table.Part).
	Part = table.Part
	// Rename is the [Part] that renames a table, or a column, a constraint or an association of it.
	// Its fields: [table.Rename] (go doc github.com/memrel/memrel/table.Rename).
	Rename = table.Rename
	// ChangeColumn is the [Part] that puts a [Column] in the place of the one of its name; its fields are those of a Column.
	ChangeColumn = table.ChangeColumn
	// PrimaryKey is the [Part] that makes other columns the primary key: PrimaryKey{"id"}.
	PrimaryKey = table.PrimaryKey
	// ColumnOrder is the [Part] that puts columns first: ColumnOrder{"id", "name"}.
	ColumnOrder = table.ColumnOrder
	// DropColumnCascade is the [Part] that removes a column with what hangs on it; see [table.DropColumnCascade]
	// (go doc github.com/memrel/memrel/table.DropColumnCascade).
	DropColumnCascade = table.DropColumnCascade
	// Annotation is the [Part] that keeps a text with a table or a column.
	// Its fields: [table.Annotation] (go doc github.com/memrel/memrel/table.Annotation).
	Annotation = table.Annotation
	// SoftDelete is the [Part] that has deletes be soft ones, with the time in the column of that name:
	// SoftDelete("deletedAt"). The empty one has them remove rows again.
	SoftDelete = table.SoftDelete
	// DropColumn is the [Part] that removes the column of that name: DropColumn("age").
	DropColumn = table.DropColumn
	// DropConstraint is the [Part] that removes the key, index, check or reference of that name: DropConstraint("users_email").
	DropConstraint = table.DropConstraint
	// Form is what a front end keeps with a store, in a form of its own; see [View.Form]. [Load] reads definitions from it.
	// Its fields: [table.Form] (go doc github.com/memrel/memrel/table.Form).
	Form = table.Form
	// Type is the type of a column; see the constants.
	Type = index.Type
	// Diagnostic is something about a definition that is allowed but does not do what it seems to say.
	// Its fields: [types.Diagnostic] (go doc github.com/memrel/memrel/types.Diagnostic).
	Diagnostic = types.Diagnostic
)

// The actions of a [Reference].
const (
	NoAction   = table.NoAction
	Restrict   = table.Restrict
	Cascade    = table.Cascade
	SetNull    = table.SetNull
	SetDefault = table.SetDefault
)

// The namings, of what definitions leave open: a [Definition] for the tables and models that a store is given from then on, a [Part] for one
// table. A store names as CamelCase unless it is given the other.
const (
	CamelCase = table.CamelCase // AuthorID is authorId
	SnakeCase = table.SnakeCase // AuthorID is author_id
)

// KeepNumbers has numbers that AutoIncrement gives out stay given out whatever becomes of the rows, as those of a sequence: a [Definition] for
// the tables that a store is given from then on, a [Part] for one table. [table.TakeBackNumbers], which is so without, is the other.
const KeepNumbers = table.KeepNumbers

// GORM is the [Part] of [TableOf] by which the tags, names and relations of T are read as GORM reads them; docs/structs.md has the table.
const GORM = table.GORM

// The types of a [Column]. A list is ListOf one of the others.
const (
	Int    = index.Int
	Float  = index.Float
	Bool   = index.Bool
	String = index.String
	Bytes  = index.Bytes
	Time   = index.Time
	UUID   = index.UUID
	JSON   = index.JSON

	Date      = index.Date
	TimeOfDay = index.TimeOfDay
	Decimal   = index.Decimal
	Uint      = index.Uint
	Enum      = index.Enum
	CIText    = index.CIText // text in which case does not count
)

// ListOf is the type of a list of scalars.
func ListOf(elem Type) Type { return index.ListOf(elem) }

// Queries are data; package query says more of each, package table of rows and values.
type (
	// Query asks for rows of one table.
	// Its fields: [query.Query] (go doc github.com/memrel/memrel/query.Query).
	Query = query.Query
	// Order is one column to order rows by.
	// Its fields: [query.Order] (go doc github.com/memrel/memrel/query.Order).
	Order = query.Order
	// Cond is a condition on rows; see [Eq] and its like. The zero Cond is true of every row.
	// Its fields: [query.Cond] (go doc github.com/memrel/memrel/query.Cond).
	Cond = query.Cond
	// Cursor is a row's place in an order, for paging.
	// Its methods: [query.Cursor] (go doc github.com/memrel/memrel/query.Cursor).
	Cursor = query.Cursor
	// Explain tells which way a query takes to its rows.
	// Its fields: [query.Explain] (go doc github.com/memrel/memrel/query.Explain).
	Explain = query.Explain
	// Row is a stored row as a run-time value.
	// Its methods: [table.Row] (go doc github.com/memrel/memrel/table.Row).
	Row = table.Row
	// Values are the columns of a row by name, for input: a map[string]any.
	Values = table.Values
)

// Key is the value of a primary key of several columns, for verbs that take a key as one argument, Key{1, "a"}: a []any, in the order of the key's columns.
type Key = engine.Key

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

// Include asks for the rows that an association leads to, with each row that a query finds.
// Its fields: [query.Include] (go doc github.com/memrel/memrel/query.Include).
type Include = query.Include

// Through is what to do with the junction rows that lead to rows.
// Its fields: [query.Through] (go doc github.com/memrel/memrel/query.Through).
type Through = query.Through

// ModelSpec is a model as it is written, a [Definition]; see package assoc.
// Its fields: [assoc.Model] (go doc github.com/memrel/memrel/assoc.Model).
type ModelSpec = assoc.Model

// Attribute is a column of a [ModelSpec], or the foreign key of an association.
// Its fields: [assoc.Attribute] (go doc github.com/memrel/memrel/assoc.Attribute).
type Attribute = assoc.Attribute

// AssociationSpec is an association as it is written, a [Definition]; see [Handle.HasMany] and the typed [HasMany].
// Its fields: [assoc.Spec] (go doc github.com/memrel/memrel/assoc.Spec).
type AssociationSpec = assoc.Spec

// AssociationOptions are the options of an association; several are joined, and the later one stands. See [ForeignKey].
// Its fields: [assoc.Options] (go doc github.com/memrel/memrel/assoc.Options).
type AssociationOptions = assoc.Options

// Profile is what differs between systems that have such associations, a [Definition]; see [assoc.Manual], which is the
// default, and [assoc.Sequelize6].
// Its fields: [assoc.Profile] (go doc github.com/memrel/memrel/assoc.Profile).
type Profile = assoc.Profile

// Clock gives the time that the timestamps of models get, a [Definition]; time.Now without one: Clock(func() time.Time { return noon }).
type Clock = assoc.Clock

// SharedReference is a foreign key with what is said of it: by whom, and with what priority.
// Its fields: [assoc.SharedReference] (go doc github.com/memrel/memrel/assoc.SharedReference).
type SharedReference = assoc.SharedReference

// Pending is an association that waits for its target.
// Its fields: [assoc.Pending] (go doc github.com/memrel/memrel/assoc.Pending).
type Pending = assoc.Pending

// DiagnosticFunc is a [Definition] that has every new [Diagnostic] told to a function, a func([Diagnostic]), while the definitions are made that it is
// about; nil tells nobody. The function runs inside the writing transaction, which may yet be rolled back, and must not use the store.
type DiagnosticFunc = assoc.DiagnosticFunc

// DeleteHook is a func([DeleteEvent]) error that is told of the rows that statements delete, by name or by cascade, softly or not. It is a [Definition]:
// it belongs to the state of the store as tables do, is forked and rolled back with them, and a file that is loaded needs it again. Several hooks are
// told in the order in which they were defined; DeleteHook(nil) takes away all there are.
//
// Before events come while the statement is worked out, in the order of its work, and an error from one refuses the statement; it is returned as the
// cause of an [ErrCheck]. A statement that something else refuses has told of what it came to until then. After events come once the statement is done,
// the rows that went first first; where references are worked one after another, those of rows that a reference led to come before the next reference is
// worked, which may yet refuse the statement. What is returned for them is not heeded. Previews, [Handle.Truncate] and dropped tables tell of nothing.
//
// A hook that panics is seen by the caller: before the statement is done nothing is, after it a statement of its own stays done, and a transaction is
// rolled back by [DB.Update]. A hook runs inside the writing transaction and must not use the store. Without one deletes cost what they did.
type DeleteHook = engine.DeleteHook

// DeleteEvent is what a [DeleteHook] is told.
// Its fields: [cascade.DeleteEvent] (go doc github.com/memrel/memrel/cascade.DeleteEvent).
type DeleteEvent = cascade.DeleteEvent

// The moments of a delete: when a [DeleteHook] is told.
const (
	// BeforeRows is before rows of one table are deleted together, also if a statement names none.
	BeforeRows = cascade.BeforeRows
	// BeforeRow is before one of these rows is.
	BeforeRow = cascade.BeforeRow
	// AfterRow is when the statement is done, or what one reference led to, where a delete works them one after another.
	AfterRow = cascade.AfterRow
)

// Truncation says what [Handle.Truncate] empties beside its table, and whether numbers restart; several are joined.
// Its fields: [engine.Truncation] (go doc github.com/memrel/memrel/internal/engine.Truncation).
type Truncation = engine.Truncation

// Limits bound what one statement may do, and how long it waits to begin. The zero value bounds the wait alone, at 50 seconds.
// Its fields: [engine.Limits] (go doc github.com/memrel/memrel/internal/engine.Limits).
type Limits = engine.Limits

// Change is what a transaction has done to one row, so far or at its commit.
// Its fields: [table.RowChange] (go doc github.com/memrel/memrel/table.RowChange).
type Change = table.RowChange

// Feed is how commits leave a store and enter it, see [DB.Feed].
// Its methods: [engine.Feed] (go doc github.com/memrel/memrel/internal/engine.Feed).
type Feed = engine.Feed

// Commit is a commit of a store: its number, and what it changed.
// Its fields: [snapshot.Commit] (go doc github.com/memrel/memrel/snapshot.Commit).
type Commit = snapshot.Commit

// Watched is what [Feed] is to tell of: a table, a row, those for which a condition is true, or what an association of a row leads to.
// Its fields: [engine.Watched] (go doc github.com/memrel/memrel/internal/engine.Watched).
type Watched = engine.Watched

// When others see a commit that a sequencer keeps; see [engine.Feed].
const (
	SeenAtOnce   = engine.SeenAtOnce
	SeenWhenKept = engine.SeenWhenKept
)

// Difference is what is different between two states, as [Diff] finds it.
// Its methods: [snapshot.Difference] (go doc github.com/memrel/memrel/snapshot.Difference).
type Difference = snapshot.Difference

// Preview is what a statement would do; see [View.PreviewDelete].
// Its fields: [cascade.Preview] (go doc github.com/memrel/memrel/cascade.Preview).
type Preview = cascade.Preview

// Error is every error that the store returns.
// Its fields: [types.Error] (go doc github.com/memrel/memrel/types.Error).
type Error = types.Error

// The kinds of error, for errors.Is. [ErrRestrict] (a row is still referenced) and [ErrMatchFull] are also an [ErrForeignKey].
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
	// ErrUnknownAssociation is for an alias that the rows do not have, ErrUnknownMethod for an accessor; ErrTooOld for commits that are there no
	// more, ErrLost for one that was not kept, for all that is known.
	ErrUnknownAssociation = types.ErrUnknownAssociation
	ErrUnknownMethod      = types.ErrUnknownMethod
	ErrTooOld             = types.ErrTooOld
	ErrLost               = types.ErrLost
)
