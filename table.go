package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Handle is a table by its name, with the verbs on its rows, which are the same in whatever form T the rows are given. A handle is one
// of three, each named by what it gives:
//
//	TableOf[User]("users")   Table[User]   takes and gives structs; it can define the table
//	RowsOf("users")          Rows          takes Values, gives Row
//	ModelOf("users")         Model         takes Values, gives Instance, with what a query includes
//
// A handle is a value that works on any store, fork, view or transaction with a table of that name, however the table was defined. Its
// methods may be called from any goroutine; what they work on decides who else may. The zero Handle has no table.
type Handle[T any] struct {
	name  string
	typed *typed[T] // nil where rows go by names
}

// typed is what the handle of a table of structs keeps.
type typed[T any] struct {
	bind.Cache[T]
	parts []Part
}

// Table is the handle of a table whose rows are values of the struct T, as [TableOf] makes it.
// Its other verbs: go doc Handle.
type Table[T any] struct{ Handle[T] }

// Untyped is the handle of a table by name, which takes rows as [Values]: [Rows] or [Model].
// Its other verbs: go doc Handle.
type Untyped[T any] struct{ Handle[T] }

// Rows is the handle of a table by name, with rows as [Values] in and [Row] out, as [RowsOf] makes it.
// Its verbs: go doc Untyped, go doc Handle.
type Rows = Untyped[Row]

// Model is the handle of a table by name, with rows as [Values] in and [Instance] out, as [ModelOf] makes it: its queries include what
// associations lead to.
// Its verbs: go doc Untyped, go doc Handle.
type Model = Untyped[Instance]

// RowsOf is the handle of the table of that name, or else of the table of the model of that name.
func RowsOf(name string) Rows { return Rows{Handle[Row]{name: name}} }

// ModelOf is [RowsOf] with rows as instances.
func ModelOf(name string) Model { return Model{Handle[Instance]{name: name}} }

// Model is the handle of the model of that name, or of the table of that name; ok is false if the reader has none.
func (db *DB) Model(name string) (m Model, ok bool) { return modelIn(db, name) }

// Model is [DB.Model] for this view.
func (v View) Model(name string) (m Model, ok bool) { return modelIn(v, name) }

func modelIn(r Reader, name string) (Model, bool) {
	if info := associations(r).Model(name); info != nil {
		return ModelOf(info.Table), true
	}
	return ModelOf(name), read(r).State.Table(name) != nil
}

// TableOf is the handle of a table of T. Given to [Open] or [DB.Define] it defines the table from T's fields, with parts
// (a [UniqueKey], [Index], [CheckConstraint], [Reference], [Column], [SnakeCase]) for what tags cannot say:
//
//	type Post struct {
//		ID       int64                       // "id": the primary key, numbered by the store
//		AuthorID int64    `memrel:",ref=users,ondelete=cascade"`
//		Slug     string   `memrel:",unique"`
//		Title    *string  `memrel:"headline"` // a pointer, or sql.Null: NULL is allowed
//		Deleted  *time.Time `memrel:"deletedAt,softdelete"` // deletes write the time, and keep the row
//	}
//
// A field that is left zero on insert takes its column's default or number, if that has one; a set pointer or sql.Null says zero. So
// a zero ID is no key to [Table.Upsert] and [Table.Save] either, and a stored row 0 is changed with [Handle.Update].
//
// An embedded struct gives its fields in its place. The column's name is the field's with a small beginning (ID is id, AuthorID is
// authorId, HTTPPort is httpPort), or with [SnakeCase] author_id, its type follows from the field's:
//
//	int, int64, int32, int16, int8      int of that size     float64, float32   float
//	uint, uint64, uint32 ... uint8      uint, Unsigned int   bool               bool
//	string                              string               time.Time          time
//	[]byte                              bytes                [16]byte           uuid
//	json.RawMessage, maps, any,         json                 slices of scalars  list
//	slices of those
//
// A struct or a slice of structs is no column but filled by the association of its name: Posts []Post by posts. Where none is defined
// beside the table, the definition is refused; `memrel:",type=json"` keeps the field as a document. Structs that are values are columns:
// time.Time, and as json those with MarshalJSON or MarshalText methods.
//
// A float32 field is kept exactly, since its column holds float64s; of a number that somebody else wrote there it reads the nearest
// float32, as PostgreSQL's real takes it on assignment: where run-time values share the column, make the field a float64.
//
// Named types count as what they are made of. A pointer, sql.Null[T], sql.NullString and the like, []byte,
// json.RawMessage, slices, maps and any can be NULL; all else is NOT NULL. A type with Value and Scan methods needs a
// type in its tag, and is NOT NULL unless tagged null.
//
// A tag says the rest: `memrel:"name,option,option"`; name may be empty, and "-" leaves the field out.
//
//	pk                     part of the primary key; without any, column id is the primary key, and auto-incremented
//	                       if it is a plain integer without default and ref
//	auto                   auto-incremented
//	notnull, null          whether the column can be NULL; null only if the field can hold it
//	unique, unique=name    a unique key of this column, or of all columns with that name; may be repeated
//	index, index=name      likewise a secondary index
//	softdelete             holds the time of a soft delete: a time that can be NULL, in one field; see go doc table.Schema
//	default=literal        as text, as files have it; in single quotes if it has a comma ('' is one quote)
//	defaultnow             the time of the insert, by the store's clock: see Column
//	size=n                 characters of a string, bits of an int, digits of a decimal
//	precision=n            how many digits of a second a time keeps, rounded
//	enum='one,two'         an enum of those names, in a string
//	scale=n                how many of a decimal's digits stand after the point
//	type=t                 another type than the field's own: int, uint, float, decimal, bool, string, citext, bytes, time, date,
//	                       timeofday, uuid, json, list<string> and so on (docs/types.md says which field holds which); a type
//	                       with Value and Scan methods needs one
//	ref=table              a foreign key to the table's primary key
//	ref=table.column       a foreign key to another unique column
//	ondelete=action        and what a delete does: cascade, set null, set default, restrict, no action
//	onupdate=action        likewise a change of the key
//
// With [GORM] among the parts the fields are read by GORM's tags, names and relations, and an empty name is GORM's for T.
//
// Anything else is an error of kind [ErrDefinition] that names the field and the cure; so is a tag of gorm, bun, db or ent on a
// field that has none of memrel's, unless it only says the name that the column has anyway.
func TableOf[T any](name string, parts ...Part) Table[T] {
	t := &typed[T]{bind.CacheOf[T](engine.TagsOf(parts)), types.Clone(parts)}
	return Table[T]{Handle[T]{engine.NameOf(t.Struct(), name), t}}
}

// Name is the name that the handle was made with.
func (h Handle[T]) Name() string { return h.name }

// Rows is the handle of the same table with rows as [Row].
func (h Handle[T]) Rows() Rows { return RowsOf(h.name) }

// Model is the handle of the same table with rows as [Instance].
func (h Handle[T]) Model() Model { return ModelOf(h.name) }

// Schema is the definition that T's fields and the handle's parts make. Errors are of kind [ErrDefinition]: also of a handle that is no
// [Table], which says nothing of the table but its name.
func (h Handle[T]) Schema() (Schema, error) {
	if h.typed == nil {
		return Schema{}, engine.NoDefinition(h.name)
	}
	return engine.SchemaOf(h.typed.Struct(), h.name, table.Unnamed, h.typed.parts)
}

// Define enters the table into a batch of definitions; see [DB.Define].
func (h Handle[T]) Define(b *table.Batch) error {
	if h.typed == nil {
		return engine.NoDefinition(h.name)
	}
	return engine.DefineStruct(b, h.typed.Struct(), h.name, h.typed.parts)
}

// Bind tells whether the handle fits the table that a reader has: nil, or an [ErrUnknownTable] or [ErrDefinition] that
// names the field at fault. Reads that do not return errors panic with it where Bind would fail.
func (h Handle[T]) Bind(r Reader) error {
	t, err := read(r).On("bind", h.name)
	if err != nil || h.typed == nil {
		return err
	}
	return h.typed.Fit(t.Def())
}

// HasOne is the association by which a row of the handle's table has one row of another, which keeps the foreign key. It is a
// [Definition]. target is the handle of any form of that table. This and its like go by names; those by structs are the functions of the same names.
func (h Handle[T]) HasOne(target interface{ Name() string }, options ...AssociationOptions) AssociationSpec {
	return assoc.SpecOf(h.name, assoc.HasOne, target, options...)
}

// BelongsTo is the association by which a row belongs to one of another table; the handle's table keeps the foreign key. It is a
// [Definition].
func (h Handle[T]) BelongsTo(target interface{ Name() string }, options ...AssociationOptions) AssociationSpec {
	return assoc.SpecOf(h.name, assoc.BelongsTo, target, options...)
}

// HasMany is the association by which a row has rows of another table, which keep the foreign key. It is a [Definition].
func (h Handle[T]) HasMany(target interface{ Name() string }, options ...AssociationOptions) AssociationSpec {
	return assoc.SpecOf(h.name, assoc.HasMany, target, options...)
}

// BelongsToMany is the association between rows of two tables through a junction, which the options must name. It is a [Definition].
func (h Handle[T]) BelongsToMany(target interface{ Name() string }, options ...AssociationOptions) AssociationSpec {
	return assoc.SpecOf(h.name, assoc.BelongsToMany, target, options...)
}
