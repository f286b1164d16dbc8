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
func Insert(w Target, name string, structs *bind.Rows, values []table.Values, recs []index.Record) (def *table.Def, err error) {
	tx, err := w.begin("insert", keepsRowsPrivate)
	if err != nil {
		return nil, err
	}
	defer tx.endStatement(&err)
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
	numbers := t.Numbers()
	for i := range recs {
		if tx.interrupt.Row() {
			return tx.spent(t, numbers, Attempted(op, def.Name(), tx.interrupt.Err()))
		}
		if recs[i], err = newRecord(def, structs, values, bare, i, numbers.Last()); err != nil {
			return tx.spent(t, numbers, types.Numbered(Attempted(op, def.Name(), err), i, len(recs)))
		}
		numbers = numbersAfter(def, numbers, recs[i])
	}
	w := tx.writer(len(recs))
	if err := tx.written(w, tx.addTo(w, def.Name(), recs)); err != nil {
		return tx.spent(tx.state().Table(def.Name()), numbers, err)
	}
	return nil
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

// numbersAfter is where the numbering of a statement's new rows stands once a record is there.
func numbersAfter(def *table.Def, n table.Numbers, rec index.Record) table.Numbers {
	if def.Auto() >= 0 {
		return n.After(def.Number(rec))
	}
	return n
}

// addTo puts records into a table, and takes them out again if a key or a parent stands against them.
func (tx *Tx) addTo(w table.Writer, name string, recs []index.Record) error {
	if err := tx.mayWrite(name); err != nil {
		return Attempted("insert", name, err)
	}
	t := w.Writable(name)
	before := t.Numbers()
	if at, k, owner := t.InsertAll(recs, tx.interrupt); k >= 0 {
		return types.Numbered(Attempted("insert", name, t.Def().Taken(k, recs[at], owner)), at, len(recs))
	}
	if err := tx.interrupt.Err(); err != nil {
		return Attempted("insert", name, err)
	}
	pending, at, err := tx.graph().CheckInserted(w, name, recs, tx.interrupt, tx.modes.deferred)
	if err != nil {
		retract(t, recs, before)
		return types.Numbered(Attempted("insert", name, err), at, len(recs))
	}
	tx.pending = append(tx.pending, pending...)
	tx.noteInserts(name, before, recs)
	return nil
}

func retract(t *table.Table, recs []index.Record, before table.Numbers) {
	changes := make([]table.Change, len(recs))
	for i, r := range recs {
		changes[i].Old = r
	}
	t.Apply(changes, nil)
	t.TakeBack(before)
}
