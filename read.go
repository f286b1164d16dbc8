package memrel

import (
	"iter"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Get is the row with a primary key, one argument for each of its columns; text is read as what it says. ok is false if no row has
// that key, which is so of a value from outside, as text or JSON bring it, that is none. What only the program can get wrong panics
// with an [*Error] that says what to change: no store or table, a T that does not fit ([Handle.Bind]), too few values, or one of a
// Go type that the column never takes. A T with a field of fewer bits than its column finds the rows that it holds. O(log n), no allocation for
// fields that are values.
func (h Handle[T]) Get(r Reader, key ...any) (row T, ok bool) {
	s := read(r)
	t := s.Must("get", h.name)
	if h.typed == nil {
		rec, ok := s.Get(t, key)
		return h.found(t, rec, ok)
	}
	b, fits := h.typed.Reads(t.Def())
	rec, ok := s.Get(t, key)
	if ok = ok && (fits || b.Holds(rec)); ok {
		b.Load(&row, rec)
	}
	return row, ok
}

// All walks every row in the order of the primary key, as the table is when the loop begins; soft-deleted rows only where [WithDeleted]
// reads. It panics where [Handle.Bind] would fail.
func (h Handle[T]) All(r Reader) iter.Seq[T] {
	return func(yield func(T) bool) {
		recs, def := read(r).All(h.name)
		var b *bind.Binding[T]
		if h.typed != nil {
			b = h.typed.Must(def)
		}
		h.each(recs, def, nil, b)(yield)
	}
}

// Stream walks the rows that a query asks for, as they are when it is called, without collecting those that come in the order
// of their path. Errors as [Handle.Find].
func (h Handle[T]) Stream(r Reader, q Query) (iter.Seq[T], error) {
	recs, def, columns, err := scan(r).Stream(h.name, q)
	if err != nil {
		return nil, err
	}
	b, err := h.binding(def)
	if err != nil {
		return nil, err
	}
	return h.each(recs, def, columns, b), nil
}

// Find collects the rows that a query asks for; a query that selects columns leaves the other fields zero. A [Model] and a [Table] find them
// with what the query includes, a Table in the fields that associations fill, at a cost linear in the rows included, whatever the sizes of
// the tables, and in an [Order] by an association too; [Rows] refuse both. An association is included once. Errors are of kind [ErrUnknownTable], [ErrUnknownColumn],
// [ErrUnknownAssociation], [ErrType], [ErrQuery] and [ErrDefinition]. Its cost is that of the path that [Handle.Explain] shows.
func (h Handle[T]) Find(r Reader, q Query) (rows []T, err error) {
	if out, ok := any(&rows).(*[]Instance); ok {
		found, err := scan(r).FindAll(h.name, q)
		if err == nil {
			*out = instances(found)
		}
		return rows, err
	}
	if h.typed != nil && read(r).FillsFields(h.name, &q) {
		found, err := scan(r).FindAll(h.name, q)
		if err != nil {
			return nil, err
		}
		return engine.Structs[T](h.typed.Struct(), found)
	}
	recs, def, columns, err := scan(r).Find(h.name, q)
	return h.rows(def, recs, columns, err)
}

// Load fills fields of rows that were read before with the rows that associations lead to from them: of a typed association, or of an
// [Include] with conditions, an order and more of its own, which fills the field of its alias. Both may lead on. Rows that an include
// would leave out stay, with nothing there. Errors as [Handle.Find], and [ErrDefinition] for a T without the field, or without one for
// the key that the association goes by. Its cost is linear in the rows that are loaded.
//
//	err := Users.Load(db, users, UserPosts.Include(PostComments), memrel.Include{As: "profile"})
func (h Table[T]) Load(r Reader, rows []T, what ...query.Inclusion) error {
	return engine.LoadFields(scan(r), h.end(), rows, what)
}

// First is the first row that a query asks for. Errors as [Handle.Find].
func (h Handle[T]) First(r Reader, q Query) (row T, ok bool, err error) {
	q.Limit = 1
	rows, err := h.Find(r, q)
	if err != nil || len(rows) == 0 {
		return row, false, err
	}
	return rows[0], true, nil
}

// FindByPk is the row with a primary key among those that a query asks for, with the columns that it selects and, in a [Model] or a [Table],
// with what it includes. Errors as [Handle.Find]: also for what makes [Handle.Get] panic.
func (h Handle[T]) FindByPk(r Reader, q Query, key ...any) (row T, ok bool, err error) {
	q, ok, err = read(r).ByPk(h.name, q, key)
	if !ok || err != nil {
		return row, false, err
	}
	return h.First(r, q)
}

// Count is the number of rows for which a condition is true, and that have what the includes require. Errors as [Handle.Find].
func (h Handle[T]) Count(r Reader, where Cond, include ...Include) (int, error) {
	return scan(r).Count(h.name, where, include)
}

// Exists tells whether there is a row for which a condition is true. Errors as [Handle.Find].
func (h Handle[T]) Exists(r Reader, where Cond) (bool, error) {
	return scan(r).Exists(h.name, where)
}

// Min is the least value of a column among the rows for which a condition is true; nil if there is none that is not
// NULL. O(log n) where an index leads there. Errors as [Handle.Find].
func (h Handle[T]) Min(r Reader, column string, where Cond) (any, error) {
	return scan(r).Min(h.name, column, where)
}

// Max is Min for the greatest value.
func (h Handle[T]) Max(r Reader, column string, where Cond) (any, error) {
	return scan(r).Max(h.name, column, where)
}

// Explain tells which path a query takes: which key leads to the rows, what is left to filter and to sort. With conditions
// across associations that depends on the rows there are. Errors as [Handle.Find].
func (h Handle[T]) Explain(r Reader, q Query) (Explain, error) {
	return read(r).Explain(h.name, q)
}

// CursorOf is a row's place in an order of the table, for [query.Query]'s After and Before. Errors are of kind [ErrUnknownTable],
// [ErrUnknownColumn], [ErrType], [ErrQuery] and [ErrDefinition], and [ErrNotFound] for no row.
func (h Handle[T]) CursorOf(r Reader, row T, order ...Order) (Cursor, error) {
	t, err := read(r).On("cursor", h.name)
	if err != nil {
		return Cursor{}, err
	}
	def, rec, err := h.record(t.Def(), &row)
	if err != nil {
		return Cursor{}, engine.Attempted("cursor", def.Name(), err)
	}
	c, err := def.CursorOf(order, rec)
	return c, engine.Attempted("cursor", def.Name(), err)
}

// From is a [Row] in the form in which the handle gives rows: the columns that the row has. Errors are of kind [ErrDefinition] where T
// does not fit the row's table, and [ErrNotFound] for no row.
func (h Handle[T]) From(row Row) (out T, err error) {
	if row.IsZero() {
		return out, engine.NoRow("read")
	}
	defer bind.Caught(&err)
	def := table.DefOf(row)
	b, err := h.binding(def)
	if err == nil {
		h.load(&out, def, table.RecordOf(row), table.CutOf(row), b)
	}
	return out, err
}

// binding is how T lies over a definition; nil where rows go by names.
func (h Handle[T]) binding(def *table.Def) (*bind.Binding[T], error) {
	if h.typed == nil {
		return nil, nil
	}
	b, err := h.typed.To(def)
	return b, engine.Attempted("find", def.Name(), err)
}

// load reads a record into a row.
func (h Handle[T]) load(row *T, def *table.Def, rec index.Record, columns []int, b *bind.Binding[T]) {
	if b != nil {
		b.LoadColumns(row, rec, columns)
		return
	}
	switch row := any(row).(type) {
	case *Row:
		*row = table.RowOf(def, rec, columns)
	case *Instance:
		*row = InstanceOf(table.RowOf(def, rec, columns))
	}
}

// found is the row that a read of one has found, by names.
func (h Handle[T]) found(t *table.Table, rec index.Record, ok bool) (row T, _ bool) {
	if ok {
		h.load(&row, t.Def(), rec, nil, nil)
	}
	return row, ok
}

// each walks records as rows.
func (h Handle[T]) each(recs iter.Seq[index.Record], def *table.Def, columns []int, b *bind.Binding[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for rec := range recs {
			var row T
			if h.load(&row, def, rec, columns, b); !yield(row) {
				return
			}
		}
	}
}

// row reads the record that a statement gives.
func (h Handle[T]) row(def *table.Def, rec index.Record, failed error) (row T, err error) {
	if failed != nil {
		return row, failed
	}
	defer bind.Caught(&err)
	b, err := h.binding(def)
	if err == nil {
		h.load(&row, def, rec, nil, b)
	}
	return row, err
}

// rows reads the records that a query or a statement gives.
func (h Handle[T]) rows(def *table.Def, recs []index.Record, columns []int, failed error) (rows []T, err error) {
	if failed != nil {
		return nil, failed
	}
	b, err := h.binding(def)
	if err != nil {
		return nil, err
	}
	defer bind.Caught(&err)
	rows = make([]T, len(recs))
	if b != nil {
		index.Fetch(recs)
	}
	for i, rec := range recs {
		h.load(&rows[i], def, rec, columns, b)
	}
	return rows, nil
}

// detached reads a detached row.
func (h Handle[T]) detached(n *assoc.DetachedRow, err error) (row T, _ error) {
	if n == nil || err != nil {
		return row, err
	}
	if to, ok := any(&row).(*Instance); ok {
		to.node = n
		return row, nil
	}
	return h.From(n.Row())
}

// record is the record that a row stands for as it is, and its definition: the one that a row by names was read with.
func (h Handle[T]) record(def *table.Def, row *T) (*table.Def, index.Record, error) {
	switch row := any(row).(type) {
	case *Row:
		return engine.RecordOf(def, *row)
	case *Instance:
		return engine.RecordOf(def, row.Row())
	}
	b, err := h.typed.To(def)
	if err != nil {
		return def, index.Record{}, err
	}
	rec, err := b.Detached(row)
	return def, rec, err
}
