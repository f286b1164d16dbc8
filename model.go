package memrel

import (
	"iter"

	"github.com/memrel/memrel/index"
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

// Get is the row with a primary key, one argument for each of its columns. O(log n).
func (m Model) Get(r Reader, key ...any) (Row, bool) {
	state, _ := r.source()
	t := tableIn(state, m.name)
	if t == nil {
		return Row{}, false
	}
	rec, ok := lookup(t, key)
	if !ok {
		return Row{}, false
	}
	return table.RowOf(t.Def(), rec, nil), true
}

// All walks every row in the order of the primary key, as the table is when the loop begins.
func (m Model) All(r Reader) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		recs, def := all(r, m.name)
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
	recs, plan, t, err := find(r, m.name, q)
	if err != nil {
		return nil, err
	}
	return rowsOf(t.Def(), recs, plan.Columns()), nil
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
	if len(include) > 0 {
		return countIncluding(r, m.name, where, include)
	}
	return count(r, m.name, where)
}

// Exists tells whether there is a row for which a condition is true. Errors as [Model.Find].
func (m Model) Exists(r Reader, where Cond) (bool, error) { return exists(r, m.name, where) }

// Min is the least value of a column among the rows for which a condition is true; nil if there is none that is not
// NULL. O(log n) where an index leads there. Errors as [Model.Find].
func (m Model) Min(r Reader, column string, where Cond) (any, error) {
	return extreme(r, m.name, column, where, (*table.Def).CompileMin)
}

// Max is Min for the greatest value.
func (m Model) Max(r Reader, column string, where Cond) (any, error) {
	return extreme(r, m.name, column, where, (*table.Def).CompileMax)
}

// Explain tells which way a query takes: which key leads to the rows, what is left to filter and to sort. With conditions
// across associations that depends on the rows there are. Errors as [Model.Find].
func (m Model) Explain(r Reader, q Query) (Explain, error) {
	plan, _, err := compile(r, "explain", m.name, q, false)
	if err != nil {
		return Explain{}, err
	}
	return plan.Explain(), nil
}

// CursorOf is a row's place in an order, for [Query.After] and [Query.Before].
func (m Model) CursorOf(row Row, order ...Order) Cursor { return row.Cursor(order) }

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind
// [ErrUnknownColumn], [ErrType], [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (m Model) Insert(w Writer, values Values) (Row, error) {
	var recs [1]index.Record
	def, err := m.insert(w, []Values{values}, recs[:])
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, recs[0], nil), nil
}

// insert adds rows and fills recs with them.
func (m Model) insert(w Writer, values []Values, recs []index.Record) (def *table.Def, err error) {
	err = insert(w, m.name, recs, func(t *table.Table, i int, last int64) (index.Record, error) {
		def = t.Def()
		return def.NewRecord(values[i], last)
	})
	return def, err
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. Errors as [Model.Insert], with
// [Error].Input telling the row.
func (m Model) InsertAll(w Writer, values []Values) ([]Row, error) {
	recs := make([]index.Record, len(values))
	def, err := m.insert(w, values, recs)
	if err != nil {
		return nil, err
	}
	return rowsOf(def, recs, nil), nil
}

// Upsert inserts a row or, if one has its key, updates that row with the values given. on names the columns of the
// primary or unique key that decides; without it the primary key does. inserted tells which it was. Errors as
// [Model.Insert], and [ErrQuery] for columns that are no key.
func (m Model) Upsert(w Writer, values Values, on ...string) (row Row, inserted bool, err error) {
	rows, ins, err := m.upsert(w, []Values{values}, on)
	if err != nil {
		return Row{}, false, err
	}
	return rows[0], ins[0], nil
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. Errors as
// [Model.Upsert], with [Error].Input telling the row.
func (m Model) UpsertAll(w Writer, values []Values, on ...string) ([]Row, error) {
	rows, _, err := m.upsert(w, values, on)
	return rows, err
}

func (m Model) upsert(w Writer, values []Values, on []string) ([]Row, []bool, error) {
	var def *table.Def
	recs, inserted, err := upsert(w, m.name, len(values), on, func(t *table.Table, i int, last int64) (index.Record, []int, error) {
		def = t.Def()
		rec, err := def.NewRecord(values[i], last)
		return rec, def.Given(values[i]), err
	})
	return rowsOf(def, recs, nil), inserted, err
}

// Update changes columns of the row with a primary key and returns the row as the statement leaves it. For a key of
// several columns key is a [Key]. What refers to the row follows by the actions of its references. Errors as
// [Model.Insert], and [ErrNotFound], [ErrRestrict] and [ErrLimit]. O(rows touched x keys x log n).
func (m Model) Update(w Writer, key any, set Values) (Row, error) {
	def, c, err := m.updateOne(w, []any{key}, set, nil)
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, c.New, nil), nil
}

// updateOne changes columns of the row with a primary key of a table that fits.
func (m Model) updateOne(w Writer, key []any, set Values, fits func(*table.Def) error) (*table.Def, table.Change, error) {
	var a table.Assignment
	find := func(t *table.Table) (_ index.Record, err error) {
		if a, err = t.Def().CompileSet(set); err != nil {
			return index.Record{}, err
		}
		return findFitting(t, key, fits)
	}
	become := func(t *table.Table, old index.Record) (index.Record, error) { return t.Def().Updated(old, a) }
	return updateOne(w, "update", m.name, find, become)
}

// findFitting is findRow in a table that fits, if that is asked.
func findFitting(t *table.Table, key []any, fits func(*table.Def) error) (index.Record, error) {
	if fits != nil {
		if err := fits(t.Def()); err != nil {
			return index.Record{}, err
		}
	}
	return findRow(t, key)
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows. Keys
// may move from row to row: uniqueness is judged on what the statement leaves. Errors as [Model.Update].
func (m Model) UpdateWhere(w Writer, where Cond, set Values) ([]Row, error) {
	return m.update(w, byCond(where), set)
}

// UpdateEach is UpdateWhere with values worked out for each row, as in SET id = id + 1. set must not use the store.
func (m Model) UpdateEach(w Writer, where Cond, set func(Row) Values) ([]Row, error) {
	var def *table.Def
	_, after, err := update(w, "update", m.name, byCond(where), func(t *table.Table, old index.Record) (index.Record, error) {
		def = t.Def()
		a, err := def.CompileSet(set(table.RowOf(def, old, nil)))
		if err != nil {
			return index.Record{}, err
		}
		return def.Updated(old, a)
	})
	return rowsOf(def, after, nil), err
}

func (m Model) update(w Writer, pick picker, set Values) ([]Row, error) {
	var def *table.Def
	var a table.Assignment
	compiled := func(state table.Reader, t *table.Table) (recs []index.Record, err error) {
		def = t.Def()
		if a, err = def.CompileSet(set); err != nil {
			return nil, err
		}
		return pick(state, t)
	}
	_, after, err := update(w, "update", m.name, compiled, func(_ *table.Table, old index.Record) (index.Record, error) {
		return def.Updated(old, a)
	})
	return rowsOf(def, after, nil), err
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was. What refers
// to it follows by the actions of its references. Where the table has [Schema].SoftDelete the row is marked instead. Errors
// are of kind [ErrNotFound], [ErrRestrict] and [ErrLimit], [ErrCheck] if a [DeleteHook] refuses, and what the rows that
// follow violate. O(rows touched x keys x log n).
func (m Model) Delete(w Writer, key ...any) (Row, error) {
	def, c, err := m.deleteOne(w, key, nil)
	if err != nil {
		return Row{}, err
	}
	return table.RowOf(def, c.Old, nil), nil
}

// deleteOne removes the row with a primary key of a table that fits.
func (m Model) deleteOne(w Writer, key []any, fits func(*table.Def) error) (def *table.Def, c table.Change, err error) {
	find := func(t *table.Table) (index.Record, error) { return findFitting(t, key, fits) }
	err = write(w, "delete", false, func(tx *Tx) error {
		def, c, err = tx.updateOne("delete", m.name, find, remove)
		return err
	})
	return def, c, err
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. The rows
// of one statement never block one another, unless a [Profile] has deletes worked in turn. Errors as [Model.Delete].
func (m Model) DeleteWhere(w Writer, where Cond) ([]Row, error) { return m.delete(w, byCond(where)) }

func (m Model) delete(w Writer, pick picker) ([]Row, error) {
	var def *table.Def
	before, _, err := update(w, "delete", m.name, func(state table.Reader, t *table.Table) ([]index.Record, error) {
		def = t.Def()
		return pick(state, t)
	}, remove)
	return rowsOf(def, before, nil), err
}

// Truncate removes every row and keeps the numbering. It refuses if another table has rows that refer to these, whatever
// the actions say, as in SQL. Errors are of kind [ErrRestrict]. O(keys) outside a transaction, O(rows) inside one.
func (m Model) Truncate(w Writer) error { return truncate(w, m.name) }
