package engine

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Insert adds rows in one statement: all or none. They are structs or, where that is nil or zero, values, which are arguments of their own so
// that both stay where they are. recs, as many, becomes their records. Errors are of kind [types.ErrUnknownTable], [types.ErrType],
// [types.ErrNotNull], [types.ErrCheck], [types.ErrUnique] and [types.ErrForeignKey], with [types.Error].Input telling the row.
func Insert(w Target, name string, structs *bind.Rows, values []table.Values, recs []index.Record) (*table.Def, error) {
	tx, err := w.begin("insert", keepsRowsPrivate)
	if err != nil {
		return nil, err
	}
	defer tx.endStatement()
	t, err := tx.table("insert", name)
	if err != nil {
		return nil, err
	}
	return t.Def(), tx.insert("insert", t, structs, values, nil, recs)
}

// bareRows are rows that come as the cells of the columns at pos, those of one row after the other.
type bareRows struct {
	pos   []int
	cells []index.Value
}

// insert adds rows that are structs, or else bare, or else values.
func (tx *Tx) insert(op string, t *table.Table, structs *bind.Rows, values []table.Values, bare *bareRows, recs []index.Record) (err error) {
	def := t.Def()
	if err := fit(structs, def); err != nil {
		return Attempted(op, def.Name(), err)
	}
	last := t.Last()
	for i := range recs {
		if tx.interrupt.Row() {
			return Attempted(op, def.Name(), tx.interrupt.Err())
		}
		if recs[i], err = newRecord(def, structs, values, bare, i, last); err != nil {
			return types.Numbered(Attempted(op, def.Name(), err), i, len(recs))
		}
		last = lastAfter(def, last, recs[i])
	}
	w := tx.writer(len(recs))
	return tx.written(w, tx.addTo(w, def.Name(), recs))
}

// fit lays structs, if there are any, over a definition.
func fit(structs *bind.Rows, def *table.Def) error {
	if structs.IsZero() {
		return nil
	}
	return structs.Fit(def)
}

// newRecord makes the record of row i, with defaults and the number after last.
func newRecord(def *table.Def, structs *bind.Rows, values []table.Values, bare *bareRows, i int, last int64) (index.Record, error) {
	switch {
	case !structs.IsZero():
		return structs.Record(i, last)
	case bare != nil:
		return def.NewRecordOf(bare.pos, bare.cells[i*len(bare.pos):], last)
	}
	return def.NewRecord(values[i], last)
}

// lastAfter is the last number given out once a record is there.
func lastAfter(def *table.Def, last int64, rec index.Record) int64 {
	if def.Auto() >= 0 {
		return max(last, def.Number(rec))
	}
	return last
}

// addTo puts records into a table, and takes them out again if a key or a parent stands against them.
func (tx *Tx) addTo(w table.Writer, name string, recs []index.Record) error {
	t := w.Writable(name)
	last := t.Last()
	if at, k, owner := t.InsertAll(recs, tx.interrupt); k >= 0 {
		return types.Numbered(Attempted("insert", name, t.Def().Taken(k, recs[at], owner)), at, len(recs))
	}
	if err := tx.interrupt.Err(); err != nil {
		return Attempted("insert", name, err)
	}
	pending, at, err := tx.graph().CheckInserted(w, name, recs, tx.interrupt, tx.modes.deferred)
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
	t.Apply(changes, nil)
	t.SetLast(last)
}
