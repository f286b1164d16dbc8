package memrel

import (
	"iter"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Table is the handle of a table whose rows are values of the struct T. It works on any store that has a table of that
// name whose columns T can hold, however it was defined. Its methods may be called from any goroutine; what they work on
// decides who else may.
//
// Fields and columns go by the tag `memrel:"name,options"`; see [TableOf].
type Table[T any] struct {
	name  string
	parts []Part
	bind  bind.Cache[T]
}

// TableOf is the handle of a table of T. Given to [Open] or [DB.Define] it defines the table from T's fields, with parts
// (a [UniqueKey], [Index], [Check], [Reference], [Column] or [Naming]) for what tags cannot say:
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
// a zero ID is no key to [Table.Upsert] and [Table.Save] either, and a stored row 0 is changed with [Table.Update].
//
// An embedded struct gives its fields in its place. The column's name is the field's with a small beginning (ID is id, AuthorID is
// authorId, HTTPPort is httpPort), or another [Naming]'s, its type follows from the field's:
//
//	int, int64, int32, int16, int8      int of that size     float64, float32   float
//	uint ... uint8                      the same, Unsigned   bool               bool
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
//	softdelete             holds the time of a soft delete: a time that can be NULL, in one field; see [Schema]
//	default=literal        as text, as files have it; in single quotes if it has a comma ('' is one quote)
//	size=n                 characters of a string, bits of an int, digits of a decimal
//	scale=n                how many of a decimal's digits stand after the point
//	type=t                 another type than the field's own: type=json, type=uuid for a string, type=string for a
//	                       type with Value and Scan methods
//	ref=table              a foreign key to the table's primary key
//	ref=table.column       a foreign key to another unique column
//	ondelete=action        and what a delete does: cascade, set null, set default, restrict, no action
//	onupdate=action        likewise a change of the key
//
// With [GORM] among the parts the fields are read by GORM's tags, names and relations, and an empty name is GORM's for T.
//
// Anything else is an error of kind [ErrDefinition] that names the field and the cure; so is a tag of gorm, bun, db or ent on a
// field that has none of memrel's, unless it only says the name that the column has anyway.
func TableOf[T any](name string, parts ...Part) *Table[T] {
	h := &Table[T]{parts: types.Clone(parts), bind: bind.CacheOf[T](engine.TagsOf(parts))}
	h.name = engine.NameOf(h.bind.Struct(), name)
	return h
}

// orZero is the handle, or for nil the zero one, which no store has a table for.
func (h *Table[T]) orZero() *Table[T] {
	if h == nil {
		return TableOf[T]("")
	}
	return h
}

// Name is the name of the table.
func (h *Table[T]) Name() string { return h.orZero().name }

// Model is the same table with rows as [Values] and [Row].
func (h *Table[T]) Model() Model { return Model{h.Name()} }

// Schema is the definition that T's fields and the handle's parts make. Errors are of kind [ErrDefinition].
func (h *Table[T]) Schema() (Schema, error) {
	h = h.orZero()
	return engine.SchemaOf(h.bind.Struct(), h.name, Unnamed, h.parts)
}

// Define enters the table into a batch of definitions; see [DB.Define].
func (h *Table[T]) Define(b *table.Batch) error {
	h = h.orZero()
	return engine.DefineStruct(b, h.bind.Struct(), h.name, h.parts)
}

// Bind tells whether the handle fits the table that a reader has: nil, or an [ErrUnknownTable] or [ErrDefinition] that
// names the field at fault. Reads that do not return errors panic with it where Bind would fail.
func (h *Table[T]) Bind(r Reader) error {
	h = h.orZero()
	t, err := read(r).On("bind", h.name)
	if err != nil {
		return err
	}
	return h.bind.Fit(t.Def())
}

// Get is the row with a primary key, one argument for each of its columns; text is read as what it says. ok is false if no row has
// that key, which is so of a value from outside, as text or JSON bring it, that is none. What only the program can get wrong panics
// with an [*Error] that says what to change: no store or table, a T that does not fit ([Table.Bind]), too few values, or one of a
// Go type that the column never takes. A T with a field of fewer bits than its column finds nothing. O(log n), no allocation for
// fields that are values.
func (h *Table[T]) Get(r Reader, key ...any) (row T, ok bool) {
	h = h.orZero()
	s := read(r)
	t := s.Must("get", h.name)
	b, fits := h.bind.Reads(t.Def())
	rec, ok := s.Get(t, key)
	if ok && fits {
		b.Load(&row, rec)
	}
	return row, ok && fits
}

// All walks every row in the order of the primary key, as the table is when the loop begins; soft-deleted rows only where [WithDeleted]
// reads. It panics where [Table.Bind] would fail.
func (h *Table[T]) All(r Reader) iter.Seq[T] {
	h = h.orZero()
	return func(yield func(T) bool) {
		recs, def := read(r).All(h.name)
		b := h.bind.Must(def)
		for rec := range recs {
			var row T
			if b.Load(&row, rec); !yield(row) {
				return
			}
		}
	}
}

// Find collects the rows that a query asks for; a query that selects columns leaves the other fields zero. Errors are of
// kind [ErrUnknownTable], [ErrUnknownColumn], [ErrType], [ErrQuery] and [ErrDefinition]. Its cost is that of the path
// that [Table.Explain] shows.
func (h *Table[T]) Find(r Reader, q Query) ([]T, error) {
	h = h.orZero()
	recs, def, columns, err := scan(r).Find(h.name, q)
	if err != nil {
		return nil, err
	}
	b, err := h.bind.To(def)
	if err != nil {
		return nil, engine.Attempted("find", h.name, err)
	}
	rows := make([]T, len(recs))
	index.Fetch(recs)
	for i, rec := range recs {
		b.LoadColumns(&rows[i], rec, columns)
	}
	return rows, nil
}

// First is the first row that a query asks for. Errors as [Table.Find].
func (h *Table[T]) First(r Reader, q Query) (row T, ok bool, err error) {
	q.Limit = 1
	rows, err := h.Find(r, q)
	if err != nil || len(rows) == 0 {
		return row, false, err
	}
	return rows[0], true, nil
}

// Count is the number of rows for which a condition is true. Errors as [Table.Find].
func (h *Table[T]) Count(r Reader, where Cond) (int, error) {
	h = h.orZero()
	return scan(r).Count(h.name, where, nil)
}

// Exists tells whether there is a row for which a condition is true. Errors as [Table.Find].
func (h *Table[T]) Exists(r Reader, where Cond) (bool, error) {
	h = h.orZero()
	return scan(r).Exists(h.name, where)
}

// Explain tells which path a query takes. Errors as [Table.Find].
func (h *Table[T]) Explain(r Reader, q Query) (Explain, error) {
	h = h.orZero()
	return read(r).Explain(h.name, q)
}

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind [ErrType],
// [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (h *Table[T]) Insert(w Writer, row T) (T, error) {
	h = h.orZero()
	in := h.bind.Row(&row)
	var recs [1]index.Record
	if _, err := engine.Insert(write(w), h.name, &in, nil, recs[:]); err != nil {
		return row, err
	}
	in.Load(recs[:]...)
	return row, nil
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. The rows given get their defaults
// and generated keys. Errors as [Table.Insert], with [Error].Input telling the row.
func (h *Table[T]) InsertAll(w Writer, rows []T) error {
	h = h.orZero()
	in := h.bind.Rows(rows)
	recs := make([]index.Record, len(rows))
	if _, err := engine.Insert(write(w), h.name, &in, nil, recs); err != nil {
		return err
	}
	in.Load(recs...)
	return nil
}

// Upsert inserts a row or, if one has its key, writes the row's fields over that row; a field that an insert would fill
// in, as a zero ID, stays as it is there, and is no key. on names the columns of the primary or unique key that decides; without it the primary key
// does. inserted tells which it was. Errors as [Table.Insert], and [ErrQuery] for columns that are no key.
func (h *Table[T]) Upsert(w Writer, row T, on ...string) (_ T, inserted bool, err error) {
	h = h.orZero()
	in := h.bind.Row(&row)
	u, err := engine.Upsert(write(w), h.name, &in, nil, 1, on)
	if err != nil {
		return row, false, err
	}
	in.Load(u.Rows...)
	return row, u.Inserted[0], nil
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. The rows given
// become what the statement leaves. Errors as [Table.Upsert], with [Error].Input telling the row.
func (h *Table[T]) UpsertAll(w Writer, rows []T, on ...string) error {
	h = h.orZero()
	in := h.bind.Rows(rows)
	u, err := engine.Upsert(write(w), h.name, &in, nil, len(rows), on)
	if err == nil {
		in.Load(u.Rows...)
	}
	return err
}

// Save writes a whole row over the one with its primary key and returns it as the statement leaves it. A key that is zero and that
// [Table.Insert] would fill in is no key: such a row is not found. What refers to the row follows by the actions of its references. Errors as [Table.Insert], and [ErrNotFound], [ErrRestrict] and
// [ErrLimit]. O(rows touched x keys x log n).
func (h *Table[T]) Save(w Writer, row T) (T, error) {
	h = h.orZero()
	in := h.bind.Row(&row)
	rec, err := engine.Save(write(w), h.name, &in)
	if err != nil {
		return row, err
	}
	in.Load(rec)
	return row, nil
}

// Update changes columns of the row with a primary key and returns the row as the statement leaves it. For a key of
// several columns key is a [Key]. Errors as [Table.Save].
func (h *Table[T]) Update(w Writer, key any, set Values) (T, error) {
	h = h.orZero()
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "update", Table: h.name, Fit: &h.bind, Select: engine.ByKey}, []any{key}, set)
	return h.row(def, rec, err)
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows.
// Errors as [Table.Save].
func (h *Table[T]) UpdateWhere(w Writer, where Cond, set Values) ([]T, error) {
	h = h.orZero()
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: h.name, Fit: &h.bind, Where: where}, set)
	return h.rows(def, recs, err)
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was; where deletes are soft it
// marks the row, unless the writer is [Hard]. What refers to it follows by the actions of its references. Errors are of kind
// [ErrNotFound], [ErrRestrict] and [ErrLimit], and what the rows that follow violate. O(rows touched x keys x log n).
func (h *Table[T]) Delete(w Writer, key ...any) (T, error) {
	h = h.orZero()
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: &h.bind, Select: engine.ByKey, Delete: true}, key, nil)
	return h.row(def, rec, err)
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. Errors
// as [Table.Delete].
func (h *Table[T]) DeleteWhere(w Writer, where Cond) ([]T, error) {
	h = h.orZero()
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: &h.bind, Where: where, Delete: true}, nil)
	return h.rows(def, recs, err)
}

// Restore brings the soft-deleted row with a primary key back, one argument for each of its columns, and returns it; see
// [Model.Restore].
func (h *Table[T]) Restore(w Writer, key ...any) (T, error) {
	h = h.orZero()
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: &h.bind, Select: engine.ByKey, Restore: true}, key, nil)
	return h.row(def, rec, err)
}

// RestoreWhere brings every soft-deleted row back for which a condition is true, in one statement, and returns these rows. Errors as
// [Model.Restore].
func (h *Table[T]) RestoreWhere(w Writer, where Cond) ([]T, error) {
	h = h.orZero()
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: &h.bind, Where: where, Restore: true}, nil)
	return h.rows(def, recs, err)
}

// row reads the record that a statement returns.
func (h *Table[T]) row(def *table.Def, rec index.Record, err error) (row T, _ error) {
	if err != nil {
		return row, err
	}
	b, err := h.bind.To(def)
	if err == nil {
		b.Load(&row, rec)
	}
	return row, err
}

// rows reads the records that a statement returns.
func (h *Table[T]) rows(def *table.Def, recs []index.Record, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	b, err := h.bind.To(def)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(recs))
	for i, rec := range recs {
		b.Load(&out[i], rec)
	}
	return out, nil
}

// Truncate removes every row and keeps the numbering; see [Model.Truncate].
func (h *Table[T]) Truncate(w Writer) error { return engine.Truncate(write(w), h.Name()) }
