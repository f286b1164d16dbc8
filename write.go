package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/internal/engine"
)

// Insert adds a row and returns it as it is stored, with defaults and generated key. Errors are of kind [ErrUnknownTable],
// [ErrUnknownColumn], [ErrType], [ErrNotNull], [ErrCheck], [ErrUnique] and [ErrForeignKey]. O(keys x log n).
func (h Table[T]) Insert(w Writer, row T) (T, error) {
	in := h.one(&row)
	var recs [1]index.Record
	_, err := engine.Insert(write(w), h.name, &in, nil, recs[:])
	if err == nil {
		in.Load(recs[0])
	}
	return row, err
}

// Insert is [Table.Insert] of values.
func (h Untyped[T]) Insert(w Writer, row Values) (T, error) {
	values := [1]Values{row}
	var recs [1]index.Record
	def, err := engine.Insert(write(w), h.name, nil, values[:], recs[:])
	return h.row(def, recs[0], err)
}

// InsertAll adds rows in one statement: all or none. They may refer to one another. They get their defaults and generated keys where
// they are, and are what is returned. Errors as [Table.Insert], with [Error].Input telling the row.
func (h Table[T]) InsertAll(w Writer, rows []T) ([]T, error) {
	in := h.all(rows)
	recs := make([]index.Record, len(rows))
	if _, err := engine.Insert(write(w), h.name, &in, nil, recs); err != nil {
		return nil, err
	}
	in.Load(recs...)
	return rows, nil
}

// InsertAll is [Table.InsertAll] of values, which stay as they are.
func (h Untyped[T]) InsertAll(w Writer, rows []Values) ([]T, error) {
	recs := make([]index.Record, len(rows))
	def, err := engine.Insert(write(w), h.name, nil, rows, recs)
	return h.rows(def, recs, nil, err)
}

// Upsert inserts a row or, if one has its key, writes the row's fields over that one, but for a field that an insert would fill in, as a
// zero ID, which stays as it is there and is no key. on names the columns of the primary or unique key that decides; without it the
// primary key does. inserted tells which it was. Errors as [Table.Insert], and [ErrQuery] for columns that are no key.
func (h Table[T]) Upsert(w Writer, row T, on ...string) (_ T, inserted bool, err error) {
	in := h.one(&row)
	u, err := engine.Upsert(write(w), h.name, &in, nil, 1, on)
	if err != nil {
		return row, false, err
	}
	in.Load(u.Rows...)
	return row, u.Inserted[0], nil
}

// Upsert is [Table.Upsert] of values: what they leave out stays as it is. Of a model whose values do not have the primary key, the first
// unique key that they have decides.
func (h Untyped[T]) Upsert(w Writer, row Values, on ...string) (_ T, inserted bool, err error) {
	values := [1]Values{row}
	u, err := engine.Upsert(write(w), h.name, nil, values[:], 1, on)
	if err != nil {
		out, err := h.row(nil, index.Record{}, err)
		return out, false, err
	}
	out, err := h.row(u.Def, u.Rows[0], nil)
	return out, u.Inserted[0], err
}

// UpsertAll is Upsert for several rows in one statement, all or none, with no key among them twice. They become what the statement
// leaves, where they are, and are what is returned. Errors as [Table.Upsert], with [Error].Input telling the row.
func (h Table[T]) UpsertAll(w Writer, rows []T, on ...string) ([]T, error) {
	in := h.all(rows)
	u, err := engine.Upsert(write(w), h.name, &in, nil, len(rows), on)
	if err != nil {
		return nil, err
	}
	in.Load(u.Rows...)
	return rows, nil
}

// UpsertAll is [Table.UpsertAll] of values, which stay as they are.
func (h Untyped[T]) UpsertAll(w Writer, rows []Values, on ...string) ([]T, error) {
	u, err := engine.Upsert(write(w), h.name, nil, rows, len(rows), on)
	return h.rows(u.Def, u.Rows, nil, err)
}

// Save writes a whole row over the one with its primary key and returns it as the statement leaves it; columns without a field stay. A
// key that is zero and that [Table.Insert] would fill in is no key: such a row is not found. What refers to the row follows by the
// actions of its references. Errors as [Table.Insert], and [ErrNotFound], [ErrRestrict] and [ErrLimit]. O(rows touched x keys x log n).
func (h Table[T]) Save(w Writer, row T) (T, error) {
	in := h.one(&row)
	_, rec, err := engine.Save(write(w), h.name, &in, nil)
	if err == nil {
		in.Load(rec)
	}
	return row, err
}

// Save is [Table.Save] of values: columns that they do not have stay.
func (h Untyped[T]) Save(w Writer, row Values) (T, error) {
	return h.row(engine.Save(write(w), h.name, nil, row))
}

// one is a row as a statement takes it, which stays where it is.
func (h Table[T]) one(row *T) (in bind.Rows) {
	if h.typed != nil {
		in = h.typed.Row(row)
	}
	return in
}

// all are rows as a statement takes them.
func (h Table[T]) all(rows []T) (in bind.Rows) {
	if h.typed != nil {
		in = h.typed.Rows(rows)
	}
	return in
}

// Create adds a row by the rules of its model, and returns it: the time of update is set by itself, a time of creation that is given is
// kept. What an [Include] names is made with it, at any depth: the alias stands among the values, with [Values] or a list of them. The
// rows that it belongs to come before it, the others after it; the values of a junction row stand among those of the target, under the
// name of the junction's model. It is one statement: all or nothing. Errors as [Table.Insert], [ErrUnknownAssociation], and [ErrQuery]
// for an include that asks for more than rows to be made.
//
//	post.Create(db, memrel.Values{"title": "a", "tags": []memrel.Values{{"name": "x"}}}, memrel.Include{As: "tags"})
func (h Handle[T]) Create(w Writer, values Values, include ...Include) (row T, err error) {
	if len(include) == 0 {
		return h.detached(engine.CreateOne(write(w), h.name, h.fit(), values))
	}
	own := make(Values, len(values)) // and not maps.Clone, which has every caller's values go to the heap
	for name, v := range values {
		own[name] = v
	}
	c := assoc.Creation{Table: h.name, Rows: []Values{own}, Include: include}
	if err := engine.Create(write(w), h.fit(), &c); err != nil {
		return row, err
	}
	return h.detached(c.Made[0], nil)
}

// CreateAll is Create for several rows in one statement, but that both times are kept where they are given.
func (h Handle[T]) CreateAll(w Writer, values []Values, include ...Include) ([]T, error) {
	c := assoc.Creation{Table: h.name, Rows: values, Include: include, How: assoc.Bulk}
	if err := engine.Create(write(w), h.fit(), &c); err != nil {
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
func (h Handle[T]) FindOrCreate(w Writer, where, others Values) (row T, created bool, err error) {
	n, created, err := engine.FindOrCreate(write(w), h.name, h.fit(), where, others)
	row, err = h.detached(n, err)
	return row, created, err
}

// Update changes columns of the row with a primary key, one argument for each of its columns, and returns the row as the statement
// leaves it. What refers to the row follows by the actions of its references. Errors as [Table.Save].
//
//	ann, err := Users.Update(db, memrel.Values{"name": "Ann"}, 1)
func (h Handle[T]) Update(w Writer, set Values, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "update", Table: h.name, Fit: h.fit(), Select: engine.ByKey}, key, set))
}

// UpdateWhere changes columns of every row for which a condition is true, in one statement, and returns these rows. Keys
// may move from row to row: uniqueness is judged on what the statement leaves. Errors as [Table.Save].
func (h Handle[T]) UpdateWhere(w Writer, where Cond, set Values) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "update", Table: h.name, Fit: h.fit(), Where: where}, set)
	return h.rows(def, recs, nil, err)
}

// UpdateEach is UpdateWhere with values worked out for each row, as in SET id = id + 1; nil leaves the row as it is. set may read
// through w if that is a transaction, which shows the rows as they were; what writes through it is refused, as in every function that a
// statement calls (docs/errors.md).
func (h Handle[T]) UpdateEach(w Writer, where Cond, set func(T) Values) ([]T, error) {
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
func (h Handle[T]) Increment(w Writer, where Cond, by Values) ([]T, error) {
	def, recs, err := engine.Increment(write(w), h.name, h.fit(), where, by)
	return h.rows(def, recs, nil, err)
}

// Delete removes the row with a primary key, one argument for each of its columns, and returns it as it was. What refers
// to it follows by the actions of its references. Where the table has [Schema].SoftDelete the row is marked instead, unless the writer
// is [Hard]. Errors are of kind [ErrNotFound], [ErrRestrict] and [ErrLimit], [ErrCheck] if a [DeleteHook] refuses, and what the rows
// that follow violate. O(rows touched x keys x log n).
func (h Handle[T]) Delete(w Writer, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: h.fit(), Select: engine.ByKey, Delete: true}, key, nil))
}

// DeleteWhere removes every row for which a condition is true, in one statement, and returns them as they were. The rows
// of one statement never block one another, unless a [Profile] has deletes worked in turn. Errors as [Handle.Delete].
func (h Handle[T]) DeleteWhere(w Writer, where Cond) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "delete", Table: h.name, Fit: h.fit(), Where: where, Delete: true}, nil)
	return h.rows(def, recs, nil, err)
}

// Restore brings the soft-deleted row with a primary key back, one argument for each of its columns, and returns it; one that is there
// stays as it is. Its references are checked as those of a new row. What went with it stays deleted: a statement gives all that it
// deletes one time, by which [Handle.RestoreWhere] finds it. Errors are of kind [ErrNotFound], [ErrQuery] for a table without
// [Schema].SoftDelete, and [ErrForeignKey]. O(keys x log n).
func (h Handle[T]) Restore(w Writer, key ...any) (T, error) {
	return h.row(engine.ExecuteOne(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: h.fit(), Select: engine.ByKey, Restore: true}, key, nil))
}

// RestoreWhere brings every soft-deleted row back for which a condition is true, in one statement, and returns these rows. Errors as
// [Handle.Restore].
func (h Handle[T]) RestoreWhere(w Writer, where Cond) ([]T, error) {
	def, recs, err := engine.ExecuteAll(write(w), &engine.Change{Op: "restore", Table: h.name, Fit: h.fit(), Where: where, Restore: true}, nil)
	return h.rows(def, recs, nil, err)
}

// Truncate removes every row, soft-deleted ones too, and with it those of the tables that a [Truncation] names. It refuses a table to which
// another one refers that is not among them, whether that has rows or not, and works no reference, as in PostgreSQL. Errors are of kind
// [ErrRestrict]. O(keys) outside a transaction, O(rows) inside one.
//
//	err := Users.Truncate(db, memrel.Truncation{With: []string{"posts"}, Restart: true})
func (h Handle[T]) Truncate(w Writer, more ...Truncation) error {
	return engine.Truncate(write(w), h.name, more)
}

// LastNumber is the last number that an AutoIncrement column has had, 0 before the first. Errors: [ErrUnknownTable], and [ErrQuery] for a
// table without one. O(1).
func (h Handle[T]) LastNumber(r Reader) (int64, error) { return read(r).LastNumber(h.name) }

// NextNumber takes the number after the last, for a row to come; a rollback gives it back, but for [KeepNumbers]. Errors as LastNumber, [ErrType] after the last.
func (h Handle[T]) NextNumber(w Writer) (int64, error) { return engine.NextNumber(write(w), h.name) }

// SetLastNumber has rows numbered on after n, which is [ErrQuery] if a row has a greater number. O(rows) if it is less than the last.
func (h Handle[T]) SetLastNumber(w Writer, n int64) error {
	return engine.SetLastNumber(write(w), h.name, n)
}

// fit is what a statement on rows that are there asks before it looks for them.
func (h Handle[T]) fit() engine.Fitter {
	if h.typed == nil {
		return nil
	}
	return h.typed
}
