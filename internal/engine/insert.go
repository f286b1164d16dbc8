package engine

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Rows are new rows that come as structs or as cells. They are used under the writer's lock, and must not use the store.
type Rows interface {
	// Prepare lays the rows over a definition; a table that they do not fit is an error.
	Prepare(def *table.Def) error
	// Record makes the record of row i, with defaults and the number after last.
	Record(i int, last int64) (index.Record, error)
	// Given are the columns that row i has something for itself.
	Given(i int) []int
}

// Insert adds rows in one statement: all or none. They are rows or, where that is nil, values, which is an argument of its own so
// that it stays where it is: what is passed through an interface goes to the heap. recs, as many, becomes their records. Errors
// are of kind [types.ErrUnknownTable], [types.ErrType], [types.ErrNotNull], [types.ErrCheck], [types.ErrUnique] and
// [types.ErrForeignKey], with [types.Error].Input telling the row.
func Insert(w Target, name string, rows Rows, values []table.Values, recs []index.Record) (*table.Def, error) {
	tx, err := w.begin("insert", keepsRowsPrivate)
	if err != nil {
		return nil, err
	}
	defer tx.endStatement()
	return tx.insert("insert", name, rows, values, recs)
}

func (tx *Tx) insert(op, name string, rows Rows, values []table.Values, recs []index.Record) (*table.Def, error) {
	t, err := tx.table(op, name)
	if err != nil {
		return nil, err
	}
	def := t.Def()
	if err := prepareRows(def, rows); err != nil {
		return nil, Attempted(op, def.Name(), err)
	}
	last := t.Last()
	for i := range recs {
		if recs[i], err = newRecord(def, rows, values, i, last); err != nil {
			return nil, types.Numbered(Attempted(op, def.Name(), err), i, len(recs))
		}
		last = lastAfter(def, last, recs[i])
	}
	w := tx.writer(len(recs))
	return def, tx.written(w, tx.addTo(w, def.Name(), recs))
}

func prepareRows(def *table.Def, rows Rows) error {
	if rows == nil {
		return nil
	}
	return rows.Prepare(def)
}

// newRecord makes the record of row i.
func newRecord(def *table.Def, rows Rows, values []table.Values, i int, last int64) (index.Record, error) {
	if rows == nil {
		return def.NewRecord(values[i], last)
	}
	return rows.Record(i, last)
}

// lastAfter is the last number given out once a record is there.
func lastAfter(def *table.Def, last int64, rec index.Record) int64 {
	if auto := def.Auto(); auto >= 0 {
		return max(last, rec.At(auto).Int())
	}
	return last
}

// addTo puts records into a table, and takes them out again if a key or a parent stands against them.
func (tx *Tx) addTo(w table.Writer, name string, recs []index.Record) error {
	t := w.Writable(name)
	last := t.Last()
	if at, k, owner := t.InsertAll(recs); k >= 0 {
		return types.Numbered(Attempted("insert", name, t.Def().Taken(k, recs[at], owner)), at, len(recs))
	}
	pending, at, err := tx.graph().CheckInserted(w, name, recs, tx.modes.deferred)
	if err != nil {
		retract(t, recs, last)
		return types.Numbered(Attempted("insert", name, err), at, len(recs))
	}
	tx.pending = append(tx.pending, pending...)
	tx.noteInserts(name, last, recs)
	return nil
}

func retract(t *table.Table, recs []index.Record, last int64) {
	changes := make([]table.Change, len(recs))
	for i, r := range recs {
		changes[i].Old = r
	}
	t.Apply(changes)
	t.SetLast(last)
}
