package engine

import (
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

const opNumber = "number"

// LastNumber is the last number that a table has given out, 0 if none. Errors are of kind [types.ErrUnknownTable], and [types.ErrQuery] for
// a table that numbers no rows. O(1).
func (s Source) LastNumber(name string) (int64, error) {
	t, err := s.On(opNumber, name)
	if err == nil {
		err = isNumbered(t.Def())
	}
	if err != nil {
		return 0, err
	}
	return t.Last(), nil
}

// NextNumber takes the number after the last, for a row to come. Errors as [Source.LastNumber], and [types.ErrType] when they are used up.
func NextNumber(w Target, name string) (n int64, err error) {
	err = w.number(name, func(t *table.Table) (int64, error) {
		n, err = t.NextNumber()
		return n, err
	})
	return n, err
}

// SetLastNumber has a table go on after n, which the column must hold, and no row may have a greater number. O(rows) where n is less than
// the last number.
func SetLastNumber(w Target, name string, n int64) error {
	return w.number(name, func(t *table.Table) (int64, error) { return n, t.CheckLast(n) })
}

// number makes what a function says of a table its last number.
func (w Target) number(name string, last func(*table.Table) (int64, error)) (err error) {
	tx, err := w.begin(opNumber, keepsRowsPrivate)
	if err != nil {
		return err
	}
	defer tx.endStatement(&err)
	t, err := tx.table(opNumber, name)
	if err == nil {
		err = isNumbered(t.Def())
	}
	if err == nil {
		err = Attempted(opNumber, name, tx.mayWrite(t.Def().Name()))
	}
	if err != nil {
		return err
	}
	n, err := last(t)
	if err != nil {
		return Attempted(opNumber, t.Def().Name(), err)
	}
	tx.noteInserts(t.Def().Name(), t.Numbers(), nil)
	out := tx.writer(0)
	out.Writable(t.Def().Name()).SetLast(n)
	return tx.written(out, nil)
}

// isNumbered refuses a table that numbers no rows.
func isNumbered(def *table.Def) error {
	if def.Auto() >= 0 {
		return nil
	}
	return &types.Error{Kind: types.ErrQuery, State: "55000", Op: opNumber, Table: def.Name(), Detail: "no column is auto-incremented",
		Hint: "declare one AutoIncrement"}
}

// spent has a table that keeps its numbers go on after the last one that a statement which failed has given out, and returns why it failed.
func (tx *Tx) spent(t *table.Table, numbers table.Numbers, err error) error {
	if tx.done || !t.Def().KeepsNumbers() || numbers.Given() <= t.Last() {
		return err
	}
	w := tx.writer(0)
	w.Writable(t.Def().Name()).SetLast(numbers.Given())
	_ = tx.written(w, nil)
	return err
}

// loseNumbers remembers a numbering that restarts in a transaction, whose numbers may have to be kept.
func (tx *Tx) loseNumbers(n table.Numbers) {
	if tx.draft != nil {
		tx.draft.LoseNumbers(n)
	}
}
