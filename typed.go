package memrel

import (
	"iter"
	"reflect"
	"sync/atomic"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/table"
)

// Table is the handle of a table whose rows are values of the struct T. It works on any store that has a table of that
// name whose columns T can hold, however it was defined. Its methods may be called from any goroutine; what they work on
// decides who else may.
//
// Fields and columns go by the tag `memrel:"name,options"`; see [TableOf].
type Table[T any] struct {
	name  string
	parts []Part
	bound atomic.Pointer[bind.Binding[T]]
}

// TableOf is the handle of a table of T. Given to [Open] or [DB.Define] it defines the table from T's fields, with parts
// (a [UniqueKey], [Index], [Check], [Reference] or [Column]) for what tags cannot say:
//
//	type Post struct {
//		ID       int64                       // "id": the primary key, numbered by the store
//		AuthorID int64    `memrel:",ref=users,ondelete=cascade"`
//		Slug     string   `memrel:",unique"`
//		Title    *string  `memrel:"headline"` // a pointer, or sql.Null: NULL is allowed
//	}
//
// A field that is left zero on insert takes its column's default, if that has one; a set pointer or sql.Null says zero.
func TableOf[T any](name string, parts ...Part) *Table[T] { return &Table[T]{name: name, parts: parts} }

// Name is the name of the table.
func (h *Table[T]) Name() string { return h.name }

// Model is the same table with rows as [Values] and [Row].
func (h *Table[T]) Model() Model { return Model{h.name} }

// Schema is the definition that T's fields and the handle's parts make. Errors are of kind [ErrDefinition].
func (h *Table[T]) Schema() (Schema, error) {
	s, err := bind.SchemaOf(reflect.TypeFor[T](), h.name)
	if err != nil {
		return s, err
	}
	for _, p := range h.parts {
		if err := s.Alter(p); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Define enters the table into a batch of definitions; see [DB.Define].
func (h *Table[T]) Define(b *table.Batch) error {
	s, err := h.Schema()
	if err != nil {
		return err
	}
	return s.Define(b)
}

// Bind tells whether the handle fits the table that a reader has: nil, or an [ErrUnknownTable] or [ErrDefinition] that
// names the field at fault. Reads that do not return errors find no rows where Bind would fail.
func (h *Table[T]) Bind(r Reader) error {
	state, _ := r.source()
	t := state.Table(h.name)
	if t == nil {
		return missing(r, "bind", h.name)
	}
	_, err := h.binding(t.Def())
	return err
}

// binding is how T's fields lie over the columns of a definition; the last one is remembered.
func (h *Table[T]) binding(def *table.Def) (*bind.Binding[T], error) {
	if b := h.bound.Load(); b != nil && b.Def() == def {
		return b, nil
	}
	b, err := bind.New[T](def)
	if err != nil {
		return nil, err
	}
	h.bound.Store(b)
	return b, nil
}

// Get is the row with a primary key, one argument for each of its columns. O(log n), no allocation for fields that are
// values.
func (h *Table[T]) Get(r Reader, key ...any) (row T, ok bool) {
	state, _ := r.source()
	t := state.Table(h.name)
	if t == nil {
		return row, false
	}
	b, err := h.binding(t.Def())
	if err != nil {
		return row, false
	}
	rec, ok := lookup(t, key)
	if ok {
		b.Load(&row, rec)
	}
	return row, ok
}

// All walks every row in the order of the primary key, as the table is when the loop begins.
func (h *Table[T]) All(r Reader) iter.Seq[T] {
	return func(yield func(T) bool) {
		recs, def := all(r, h.name)
		if def == nil {
			return
		}
		b, err := h.binding(def)
		if err != nil {
			return
		}
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
	recs, plan, t, err := find(r, h.name, q)
	if err != nil {
		return nil, err
	}
	b, err := h.binding(t.Def())
	if err != nil {
		return nil, attempted("find", h.name, err)
	}
	rows := make([]T, len(recs))
	index.Fetch(recs)
	for i, rec := range recs {
		b.LoadColumns(&rows[i], rec, plan.Columns())
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
func (h *Table[T]) Count(r Reader, where Cond) (int, error) { return count(r, h.name, where) }

// Exists tells whether there is a row for which a condition is true. Errors as [Table.Find].
func (h *Table[T]) Exists(r Reader, where Cond) (bool, error) { return exists(r, h.name, where) }

// Explain tells which way a query takes. Errors as [Table.Find].
func (h *Table[T]) Explain(r Reader, q Query) (Explain, error) { return h.Model().Explain(r, q) }

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind [ErrType],
// [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (h *Table[T]) Insert(w Writer, row T) (T, error) {
	var b *bind.Binding[T]
	var recs [1]index.Record
	err := insert(w, h.name, recs[:], func(t *table.Table, _ int, last int64) (_ index.Record, err error) {
		if b, err = h.binding(t.Def()); err != nil {
			return index.Record{}, err
		}
		return b.NewRecord(&row, last)
	})
	if err != nil {
		return row, err
	}
	b.Load(&row, recs[0])
	return row, nil
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. The rows given get their defaults
// and generated keys. Errors as [Table.Insert], with [Error].Input telling the row.
func (h *Table[T]) InsertAll(w Writer, rows []T) error {
	var b *bind.Binding[T]
	recs := make([]index.Record, len(rows))
	err := insert(w, h.name, recs, func(t *table.Table, i int, last int64) (_ index.Record, err error) {
		if b == nil {
			if b, err = h.binding(t.Def()); err != nil {
				return index.Record{}, err
			}
		}
		return b.NewRecord(&rows[i], last)
	})
	if err != nil {
		return err
	}
	for i, rec := range recs {
		b.Load(&rows[i], rec)
	}
	return nil
}

// Upsert inserts a row or, if one has its key, writes the row's fields over that row; a field that an insert would fill
// in stays as it is there. on names the columns of the primary or unique key that decides; without it the primary key
// does. inserted tells which it was. Errors as [Table.Insert], and [ErrQuery] for columns that are no key.
func (h *Table[T]) Upsert(w Writer, row T, on ...string) (_ T, inserted bool, err error) {
	rows := []T{row}
	ins, err := h.upsert(w, rows, on)
	if err != nil {
		return row, false, err
	}
	return rows[0], ins[0], nil
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. The rows given
// become what the statement leaves. Errors as [Table.Upsert], with [Error].Input telling the row.
func (h *Table[T]) UpsertAll(w Writer, rows []T, on ...string) error {
	_, err := h.upsert(w, rows, on)
	return err
}

func (h *Table[T]) upsert(w Writer, rows []T, on []string) ([]bool, error) {
	var b *bind.Binding[T]
	recs, inserted, err := upsert(w, h.name, len(rows), on, func(t *table.Table, i int, last int64) (rec index.Record, given []int, err error) {
		if b == nil {
			if b, err = h.binding(t.Def()); err != nil {
				return rec, nil, err
			}
		}
		rec, err = b.NewRecord(&rows[i], last)
		return rec, b.Given(&rows[i]), err
	})
	for i, rec := range recs {
		b.Load(&rows[i], rec)
	}
	return inserted, err
}

// Save writes a whole row over the one with its primary key and returns it as the statement leaves it. What refers to
// the row follows by the actions of its references. Errors as [Table.Insert], and [ErrNotFound], [ErrRestrict] and
// [ErrLimit]. O(rows touched x keys x log n).
func (h *Table[T]) Save(w Writer, row T) (T, error) {
	var b *bind.Binding[T]
	find := func(t *table.Table) (_ index.Record, err error) {
		if b, err = h.binding(t.Def()); err != nil {
			return index.Record{}, err
		}
		return b.Find(t, &row)
	}
	_, c, err := updateOne(w, "save", h.name, find, func(_ *table.Table, old index.Record) (index.Record, error) {
		return b.Overwrite(&row, old)
	})
	if err != nil {
		return row, err
	}
	b.Load(&row, c.New)
	return row, nil
}

// Update changes columns of the row with a primary key and returns the row as the statement leaves it. For a key of
// several columns key is a [Key]. Errors as [Table.Save].
func (h *Table[T]) Update(w Writer, key any, set Values) (row T, err error) {
	var b *bind.Binding[T]
	_, c, err := h.Model().updateOne(w, []any{key}, set, h.binds(&b))
	if err == nil {
		b.Load(&row, c.New)
	}
	return row, err
}

// binds puts the handle's binding to a definition into b.
func (h *Table[T]) binds(b **bind.Binding[T]) func(*table.Def) error {
	return func(def *table.Def) (err error) {
		*b, err = h.binding(def)
		return err
	}
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows.
// Errors as [Table.Save].
func (h *Table[T]) UpdateWhere(w Writer, where Cond, set Values) ([]T, error) {
	return h.load(h.Model().update(w, h.fitting(byCond(where)), set))
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was. What refers
// to it follows by the actions of its references. Errors are of kind [ErrNotFound], [ErrRestrict] and [ErrLimit], and
// what the rows that follow violate. O(rows touched x keys x log n).
func (h *Table[T]) Delete(w Writer, key ...any) (row T, err error) {
	var b *bind.Binding[T]
	_, c, err := h.Model().deleteOne(w, key, h.binds(&b))
	if err == nil {
		b.Load(&row, c.Old)
	}
	return row, err
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. Errors
// as [Table.Delete].
func (h *Table[T]) DeleteWhere(w Writer, where Cond) ([]T, error) {
	return h.load(h.Model().delete(w, h.fitting(byCond(where))))
}

// fitting is pick for tables that the handle fits: a statement whose rows could not be returned is not carried out.
func (h *Table[T]) fitting(pick picker) picker {
	return func(state table.Reader, t *table.Table) ([]index.Record, error) {
		if _, err := h.binding(t.Def()); err != nil {
			return nil, err
		}
		return pick(state, t)
	}
}

// load reads the rows that a statement returns into values of T.
func (h *Table[T]) load(rows []Row, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		b, err := h.binding(r.Def())
		if err != nil {
			return nil, err
		}
		b.Load(&out[i], r.Record())
	}
	return out, nil
}

// Truncate removes every row and keeps the numbering; see [Model.Truncate].
func (h *Table[T]) Truncate(w Writer) error { return truncate(w, h.name) }
