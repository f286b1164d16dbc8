package memrel

import (
	"iter"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/table"
)

// Model is the handle of a table by name, with rows as [Values] in and [Row] out. It is a value that works on any store
// that has the table, however it was defined. Its methods may be called from any goroutine; what they work on decides
// who else may.
type Model struct{ name string }

// ModelOf is the handle of the table of that name, or else of the table of the model of that name.
func ModelOf(name string) Model { return Model{name} }

// Name is the name that the handle was made with.
func (m Model) Name() string { return m.name }

// Model is the handle of the model of that name, or of the table of that name; ok is false if the reader has none.
func (db *DB) Model(name string) (m Model, ok bool) { return modelIn(db, name) }

// Model is [DB.Model] for this view.
func (v View) Model(name string) (m Model, ok bool) { return modelIn(v, name) }

func modelIn(r Reader, name string) (Model, bool) {
	if info := associations(r).Model(name); info != nil {
		return Model{info.Table}, true
	}
	return Model{name}, read(r).State.Table(name) != nil
}

// Get is the row with a primary key, one argument for each of its columns; ok is false if no row has it. What only the program can
// get wrong panics; see [Table.Get]. O(log n).
func (m Model) Get(r Reader, key ...any) (Row, bool) {
	s := read(r)
	t := s.Must("get", m.name)
	rec, ok := s.Get(t, key)
	if !ok {
		return Row{}, false
	}
	return table.RowOf(t.Def(), rec, nil), true
}

// All walks every row in the order of the primary key, as the table is when the loop begins; soft-deleted rows only where [WithDeleted]
// reads. It panics if there is no such table.
func (m Model) All(r Reader) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		recs, def := read(r).All(m.name)
		for rec := range recs {
			if !yield(table.RowOf(def, rec, nil)) {
				return
			}
		}
	}
}

// Find collects the rows that a query asks for. Errors are of kind [ErrUnknownTable], [ErrUnknownColumn], [ErrType] and
// [ErrQuery]. Its cost is that of the path that [Model.Explain] shows.
func (m Model) Find(r Reader, q Query) ([]Row, error) {
	recs, def, columns, err := scan(r).Find(m.name, q)
	if err != nil {
		return nil, err
	}
	return rowsOf(def, recs, columns), nil
}

// Stream walks the rows that a query asks for, as they are when it is called, without collecting those that come in the order
// of their path. Errors as [Model.Find].
func (m Model) Stream(r Reader, q Query) (iter.Seq[Row], error) {
	recs, def, columns, err := scan(r).Stream(m.name, q)
	if err != nil {
		return nil, err
	}
	return func(yield func(Row) bool) {
		for rec := range recs {
			if !yield(table.RowOf(def, rec, columns)) {
				return
			}
		}
	}, nil
}

func rowsOf(d *table.Def, recs []index.Record, cut []int) []Row {
	rows := make([]Row, len(recs))
	for i, rec := range recs {
		rows[i] = table.RowOf(d, rec, cut)
	}
	return rows
}

// First is the first row that a query asks for. Errors as [Model.Find].
func (m Model) First(r Reader, q Query) (row Row, ok bool, err error) {
	q.Limit = 1
	rows, err := m.Find(r, q)
	if err != nil || len(rows) == 0 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Count is the number of rows for which a condition is true, and that have what the includes require. Errors as
// [Model.FindAll].
func (m Model) Count(r Reader, where Cond, include ...Include) (int, error) {
	return scan(r).Count(m.name, where, include)
}

// Exists tells whether there is a row for which a condition is true. Errors as [Model.Find].
func (m Model) Exists(r Reader, where Cond) (bool, error) { return scan(r).Exists(m.name, where) }

// Min is the least value of a column among the rows for which a condition is true; nil if there is none that is not
// NULL. O(log n) where an index leads there. Errors as [Model.Find].
func (m Model) Min(r Reader, column string, where Cond) (any, error) {
	return scan(r).Min(m.name, column, where)
}

// Max is Min for the greatest value.
func (m Model) Max(r Reader, column string, where Cond) (any, error) {
	return scan(r).Max(m.name, column, where)
}

// Explain tells which path a query takes: which key leads to the rows, what is left to filter and to sort. With conditions
// across associations that depends on the rows there are. Errors as [Model.Find].
func (m Model) Explain(r Reader, q Query) (Explain, error) { return read(r).Explain(m.name, q) }

// CursorOf is a row's place in an order, for [Query.After] and [Query.Before].
func (m Model) CursorOf(row Row, order ...Order) Cursor { return row.Cursor(order) }

// FindAll collects the rows that a query asks for as instances, with what it includes. Cost: that of the query's path, and
// linear in the rows included, whatever the sizes of the tables; an [Order] by an association sorts all rows that the
// condition lets through. An association is included once: naming it twice in different words is an [ErrQuery]. Errors as
// [Model.Find], and [ErrUnknownAssociation].
func (m Model) FindAll(r Reader, q Query) ([]Instance, error) {
	found, err := scan(r).FindAll(m.name, q)
	if err != nil {
		return nil, err
	}
	return instances(found), nil
}

// FindOne is the first row that a query asks for; ok is false if there is none. Errors as [Model.FindAll].
func (m Model) FindOne(r Reader, q Query) (i Instance, ok bool, err error) {
	q.Limit = 1
	found, err := m.FindAll(r, q)
	if err != nil || len(found) == 0 {
		return Instance{}, false, err
	}
	return found[0], true, nil
}

// FindByPk is the row with a primary key, with what the query includes; for a key of several columns key is a [Key].
// Errors as [Model.FindAll].
func (m Model) FindByPk(r Reader, key any, q Query) (i Instance, ok bool, err error) {
	found, err := scan(r).FindByPk(m.name, key, q)
	return Instance{found}, found != nil, err
}

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind
// [ErrUnknownColumn], [ErrType], [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (m Model) Insert(w Writer, values Values) (Row, error) {
	var recs [1]index.Record
	def, err := engine.Insert(write(w), m.name, nil, []Values{values}, recs[:])
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, recs[0], nil), nil
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. Errors as [Model.Insert], with
// [Error].Input telling the row.
func (m Model) InsertAll(w Writer, values []Values) ([]Row, error) {
	recs := make([]index.Record, len(values))
	def, err := engine.Insert(write(w), m.name, nil, values, recs)
	if err != nil {
		return nil, err
	}
	return rowsOf(def, recs, nil), nil
}

// Upsert inserts a row or, if one has its key, updates that row with the values given. on names the columns of the
// primary or unique key that decides; without it the primary key does, or, of a model whose values do not have it, the first unique key
// that they have. inserted tells which it was. Errors as
// [Model.Insert], and [ErrQuery] for columns that are no key.
func (m Model) Upsert(w Writer, values Values, on ...string) (row Row, inserted bool, err error) {
	u, err := engine.Upsert(write(w), m.name, nil, []Values{values}, 1, on)
	if err != nil {
		return Row{}, false, err
	}
	return table.RowOf(u.Def, u.Rows[0], nil), u.Inserted[0], nil
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. Errors as
// [Model.Upsert], with [Error].Input telling the row.
func (m Model) UpsertAll(w Writer, values []Values, on ...string) ([]Row, error) {
	u, err := engine.Upsert(write(w), m.name, nil, values, len(values), on)
	if err != nil {
		return nil, err
	}
	return rowsOf(u.Def, u.Rows, nil), nil
}

// Update changes columns of the row with a primary key and returns the row as the statement leaves it. For a key of
// several columns key is a [Key]. What refers to the row follows by the actions of its references. Errors as
// [Model.Insert], and [ErrNotFound], [ErrRestrict] and [ErrLimit]. O(rows touched x keys x log n).
func (m Model) Update(w Writer, key any, set Values) (Row, error) {
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "update", Table: m.name, Select: engine.ByKey}, []any{key}, set)
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, rec, nil), nil
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows. Keys
// may move from row to row: uniqueness is judged on what the statement leaves. Errors as [Model.Update].
func (m Model) UpdateWhere(w Writer, where Cond, set Values) ([]Row, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: m.name, Where: where}, set)
	return rowsOf(def, recs, nil), err
}

// UpdateEach is UpdateWhere with values worked out for each row, as in SET id = id + 1; nil leaves the row as it is. set may read
// through w if that is a transaction, which shows the rows as they were; what writes through it is refused, as in every function that a
// statement calls (docs/errors.md).
func (m Model) UpdateEach(w Writer, where Cond, set func(Row) Values) ([]Row, error) {
	if set == nil {
		return nil, engine.NoFunction("update each", m.name, "says what is to be set in a row")
	}
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: m.name, Where: where, Each: set}, nil)
	return rowsOf(def, recs, nil), err
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was. What refers
// to it follows by the actions of its references. Where the table has [Schema].SoftDelete the row is marked instead, unless the writer is [Hard]. Errors
// are of kind [ErrNotFound], [ErrRestrict] and [ErrLimit], [ErrCheck] if a [DeleteHook] refuses, and what the rows that
// follow violate. O(rows touched x keys x log n).
func (m Model) Delete(w Writer, key ...any) (Row, error) {
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "delete", Table: m.name, Select: engine.ByKey, Delete: true}, key, nil)
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, rec, nil), nil
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. The rows
// of one statement never block one another, unless a [Profile] has deletes worked in turn. Errors as [Model.Delete].
func (m Model) DeleteWhere(w Writer, where Cond) ([]Row, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "delete", Table: m.name, Where: where, Delete: true}, nil)
	return rowsOf(def, recs, nil), err
}

// Restore brings the soft-deleted row with a primary key back, one argument for each of its columns, and returns it; one that is there
// stays as it is. Its references are checked as those of a new row. What went with it stays deleted: a statement gives all that it
// deletes one time, by which [Model.RestoreWhere] finds it. Errors are of kind [ErrNotFound], [ErrQuery] for a table without
// [Schema].SoftDelete, and [ErrForeignKey]. O(keys x log n).
func (m Model) Restore(w Writer, key ...any) (Row, error) {
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "restore", Table: m.name, Select: engine.ByKey, Restore: true}, key, nil)
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, rec, nil), nil
}

// RestoreWhere brings every soft-deleted row back for which a condition is true, in one statement, and returns these rows. Errors as
// [Model.Restore].
func (m Model) RestoreWhere(w Writer, where Cond) ([]Row, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "restore", Table: m.name, Where: where, Restore: true}, nil)
	return rowsOf(def, recs, nil), err
}

// Truncate removes every row, soft-deleted ones too, and keeps the numbering. It refuses if another table has rows that refer to these, whatever
// the actions say, as in SQL. Errors are of kind [ErrRestrict]. O(keys) outside a transaction, O(rows) inside one.
func (m Model) Truncate(w Writer) error { return engine.Truncate(write(w), m.name) }

// HasOne is the association by which a row of m has one row of target, which keeps the foreign key. It is a [Definition].
func (m Model) HasOne(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.HasOne, target, o)
}

// BelongsTo is the association by which a row of m belongs to one of target; m keeps the foreign key. It is a
// [Definition].
func (m Model) BelongsTo(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.BelongsTo, target, o)
}

// HasMany is the association by which a row of m has rows of target, which keep the foreign key. It is a [Definition].
func (m Model) HasMany(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.HasMany, target, o)
}

// BelongsToMany is the association between rows of m and of target through a junction, which the options must name. It is
// a [Definition].
func (m Model) BelongsToMany(target Model, o AssociationOptions) AssociationSpec {
	return m.associate(assoc.BelongsToMany, target, []assoc.Options{o})
}

func (m Model) associate(k assoc.Kind, target Model, o []assoc.Options) assoc.Spec {
	s := assoc.Spec{Source: m.name, Kind: k, Target: target.name}
	if len(o) > 0 {
		s.Options = o[0]
	}
	return s
}
