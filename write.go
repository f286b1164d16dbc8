package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/table"
)

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind [ErrUnknownTable],
// [ErrUnknownColumn], [ErrType], [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (h Handle[T, In]) Insert(w Writer, row In) (T, error) {
	in, values := h.taken(&row)
	var recs [1]index.Record
	def, err := engine.Insert(write(w), h.name, &in, values[:], recs[:])
	return h.stored(&row, &in, def, recs[0], err)
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. Structs get their defaults and generated keys where
// they are, and are what is returned. Errors as [Handle.Insert], with [Error].Input telling the row.
func (h Handle[T, In]) InsertAll(w Writer, rows []In) ([]T, error) {
	in, values := h.takenAll(&rows)
	recs := make([]index.Record, len(rows))
	def, err := engine.Insert(write(w), h.name, &in, values, recs)
	return h.storedAll(&rows, &in, def, recs, err)
}

// Upsert inserts a row or, if one has its key, writes what is given of the row over that one: of a struct its fields but for one that an
// insert would fill in, as a zero ID, which stays as it is there and is no key. on names the columns of the primary or unique key that
// decides; without it the primary key does, or, of a model whose values do not have it, the first unique key that they have. inserted
// tells which it was. Errors as [Handle.Insert], and [ErrQuery] for columns that are no key.
func (h Handle[T, In]) Upsert(w Writer, row In, on ...string) (_ T, inserted bool, err error) {
	in, values := h.taken(&row)
	u, err := engine.Upsert(write(w), h.name, &in, values[:], 1, on)
	if err != nil {
		out, err := h.stored(&row, &in, nil, index.Record{}, err)
		return out, false, err
	}
	out, err := h.stored(&row, &in, u.Def, u.Rows[0], nil)
	return out, u.Inserted[0], err
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. Structs become what the statement
// leaves, where they are, and are what is returned. Errors as [Handle.Upsert], with [Error].Input telling the row.
func (h Handle[T, In]) UpsertAll(w Writer, rows []In, on ...string) ([]T, error) {
	in, values := h.takenAll(&rows)
	u, err := engine.Upsert(write(w), h.name, &in, values, len(rows), on)
	return h.storedAll(&rows, &in, u.Def, u.Rows, err)
}

// Save writes a whole row over the one with its primary key and returns it as the statement leaves it; columns without a field, or that
// the values do not have, stay. A key that is zero and that [Handle.Insert] would fill in is no key: such a row is not found. What refers
// to the row follows by the actions of its references. Errors as [Handle.Insert], and [ErrNotFound], [ErrRestrict] and [ErrLimit].
// O(rows touched x keys x log n).
func (h Handle[T, In]) Save(w Writer, row In) (T, error) {
	in, values := h.taken(&row)
	def, rec, err := engine.Save(write(w), h.name, &in, values[0])
	return h.stored(&row, &in, def, rec, err)
}

// Create adds a row by the rules of its model, and returns it: the time of update is set by itself, a time of creation that is given is
// kept. What an [Include] names is made with it, at any depth: the alias stands among the values, with [Values] or a list of them. The
// rows that it belongs to come before it, the others after it; the values of a junction row stand among those of the target, under the
// name of the junction's model. It is one statement: all or nothing. Errors as [Handle.Insert], [ErrUnknownAssociation], and [ErrQuery]
// for an include that asks for more than rows to be made.
//
//	post.Create(db, memrel.Values{"title": "a", "tags": []memrel.Values{{"name": "x"}}}, memrel.Include{As: "tags"})
func (h Handle[T, In]) Create(w Writer, values Values, include ...Include) (row T, err error) {
	if len(include) == 0 {
		return h.detached(engine.CreateOne(write(w), h.name, values))
	}
	own := make(Values, len(values)) // and not maps.Clone, which has every caller's values go to the heap
	for name, v := range values {
		own[name] = v
	}
	c := assoc.Creation{Table: h.name, Rows: []Values{own}, Include: include}
	if err := engine.Create(write(w), &c); err != nil {
		return row, err
	}
	return h.detached(c.Made[0], nil)
}

// CreateAll is Create for several rows in one statement, but that both times are kept where they are given.
func (h Handle[T, In]) CreateAll(w Writer, values []Values, include ...Include) ([]T, error) {
	c := assoc.Creation{Table: h.name, Rows: values, Include: include, How: assoc.Bulk}
	if err := engine.Create(write(w), &c); err != nil {
		return nil, err
	}
	rows := make([]T, len(c.Made))
	for i, n := range c.Made {
		var err error
		if rows[i], err = h.detached(n, nil); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// FindOrCreate is the first row that has the values of where, or, if there is none, a new one with these and others, where of two
// values for one column that of others stands; created tells which it was. It is one statement. Errors as [Handle.Create].
func (h Handle[T, In]) FindOrCreate(w Writer, where, others Values) (row T, created bool, err error) {
	n, created, err := engine.FindOrCreate(write(w), h.name, where, others)
	row, err = h.detached(n, err)
	return row, created, err
}

// Update changes columns of the row with a primary key, one argument for each of its columns, and returns the row as the statement
// leaves it. What refers to the row follows by the actions of its references. Errors as [Handle.Save].
//
//	ann, err := Users.Update(db, memrel.Values{"name": "Ann"}, 1)
func (h Handle[T, In]) Update(w Writer, set Values, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "update", Table: h.name, Fit: h.fit(), Select: engine.ByKey}, key, set))
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows. Keys
// may move from row to row: uniqueness is judged on what the statement leaves. Errors as [Handle.Save].
func (h Handle[T, In]) UpdateWhere(w Writer, where Cond, set Values) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: h.name, Fit: h.fit(), Where: where}, set)
	return h.rows(def, recs, nil, err)
}

// UpdateEach is UpdateWhere with values worked out for each row, as in SET id = id + 1; nil leaves the row as it is. set may read
// through w if that is a transaction, which shows the rows as they were; what writes through it is refused, as in every function that a
// statement calls (docs/errors.md).
func (h Handle[T, In]) UpdateEach(w Writer, where Cond, set func(T) Values) ([]T, error) {
	if set == nil {
		return nil, engine.NoFunction("update each", h.name, "says what is to be set in a row")
	}
	each := func(row Row) Values {
		now, _ := h.From(row) // which fits, as the statement sees to first
		return set(now)
	}
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: h.name, Fit: h.fit(), Where: where, Each: each}, nil)
	return h.rows(def, recs, nil, err)
}

// Increment adds to columns of every row for which a condition is true, or takes away what is negative, in one statement, and
// returns these rows. NULL stays NULL. Errors as [Handle.UpdateWhere], and [ErrType] for what is no number.
func (h Handle[T, In]) Increment(w Writer, where Cond, by Values) ([]T, error) {
	def, recs, err := engine.Increment(write(w), h.name, h.fit(), where, by)
	return h.rows(def, recs, nil, err)
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was. What refers
// to it follows by the actions of its references. Where the table has [Schema].SoftDelete the row is marked instead, unless the writer
// is [Hard]. Errors are of kind [ErrNotFound], [ErrRestrict] and [ErrLimit], [ErrCheck] if a [DeleteHook] refuses, and what the rows
// that follow violate. O(rows touched x keys x log n).
func (h Handle[T, In]) Delete(w Writer, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: h.fit(), Select: engine.ByKey, Delete: true}, key, nil))
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. The rows
// of one statement never block one another, unless a [Profile] has deletes worked in turn. Errors as [Handle.Delete].
func (h Handle[T, In]) DeleteWhere(w Writer, where Cond) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: h.fit(), Where: where, Delete: true}, nil)
	return h.rows(def, recs, nil, err)
}

// Restore brings the soft-deleted row with a primary key back, one argument for each of its columns, and returns it; one that is there
// stays as it is. Its references are checked as those of a new row. What went with it stays deleted: a statement gives all that it
// deletes one time, by which [Handle.RestoreWhere] finds it. Errors are of kind [ErrNotFound], [ErrQuery] for a table without
// [Schema].SoftDelete, and [ErrForeignKey]. O(keys x log n).
func (h Handle[T, In]) Restore(w Writer, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: h.fit(), Select: engine.ByKey, Restore: true}, key, nil))
}

// RestoreWhere brings every soft-deleted row back for which a condition is true, in one statement, and returns these rows. Errors as
// [Handle.Restore].
func (h Handle[T, In]) RestoreWhere(w Writer, where Cond) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: h.fit(), Where: where, Restore: true}, nil)
	return h.rows(def, recs, nil, err)
}

// Truncate removes every row, soft-deleted ones too, and keeps the numbering. It refuses if another table has rows that refer to these,
// whatever the actions say, as in SQL. Errors are of kind [ErrRestrict]. O(keys) outside a transaction, O(rows) inside one.
func (h Handle[T, In]) Truncate(w Writer) error { return engine.Truncate(write(w), h.name) }

// fit is what a statement on rows that are there asks before it looks for them.
func (h Handle[T, In]) fit() engine.Fitter {
	if h.typed == nil {
		return nil
	}
	return h.typed
}

// taken is a row as a statement takes it: a struct where it is, or else values.
func (h Handle[T, In]) taken(row *In) (in bind.Rows, values [1]Values) {
	switch row := any(row).(type) {
	case *Values:
		values[0] = *row
	case *T:
		if h.typed != nil {
			in = h.typed.Row(row)
		}
	}
	return in, values
}

// takenAll is taken for several rows.
func (h Handle[T, In]) takenAll(rows *[]In) (in bind.Rows, values []Values) {
	switch rows := any(rows).(type) {
	case *[]Values:
		values = *rows
	case *[]T:
		if h.typed != nil {
			in = h.typed.Rows(*rows)
		}
	}
	return in, values
}

// stored is the row that a statement has written, of which rec is the record: a struct becomes what is stored, and is given back as it
// is where the statement failed.
func (h Handle[T, In]) stored(row *In, in *bind.Rows, def *table.Def, rec index.Record, err error) (T, error) {
	if row, ok := any(row).(*T); ok {
		if err == nil {
			in.Load(rec)
		}
		return *row, err
	}
	return h.row(def, rec, err)
}

// storedAll is stored for several rows.
func (h Handle[T, In]) storedAll(rows *[]In, in *bind.Rows, def *table.Def, recs []index.Record, err error) ([]T, error) {
	if rows, ok := any(rows).(*[]T); ok && err == nil {
		in.Load(recs...)
		return *rows, nil
	}
	return h.rows(def, recs, nil, err)
}
