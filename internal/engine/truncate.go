package engine

import (
	"slices"

	"github.com/memrel/memrel/table"
)

const opTruncate = "truncate"

// Truncation says what is emptied beside a table, and what becomes of numbers.
type Truncation struct {
	// With are other tables, or models, that are emptied in the same statement: references among them stand in nobody's way.
	With []string
	// Cascade empties the tables that refer to them as well, and those that refer to these.
	Cascade bool
	// Restart has each of them number its rows from 1 on again.
	Restart bool
}

// Truncate removes every row of a table, and of what truncations name, which are joined, soft-deleted ones too: all of it or nothing.
// No action of a reference acts, and no hook is told. Numbering goes on, unless a truncation has it restart. Errors are of kind
// [types.ErrUnknownTable] and [types.ErrRestrict], and [types.ErrLimit] if the context of [Limits] is done. O(keys) for autocommit, O(rows) in a transaction.
func Truncate(w Target, name string, more []Truncation) (err error) {
	tx, err := w.begin(opTruncate, exposesRows)
	if err != nil {
		return err
	}
	defer tx.endStatement(&err)
	return tx.truncate(name, more)
}

func (tx *Tx) truncate(name string, more []Truncation) error {
	asked, restart, cascades := []string{name}, false, false
	for _, t := range more {
		asked, restart, cascades = append(asked, t.With...), restart || t.Restart, cascades || t.Cascade
	}
	var names []string // each once, however often it is asked for
	for _, name := range asked {
		t, err := tx.table(opTruncate, name)
		if err != nil {
			return err
		}
		if name := t.Def().Name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if cascades {
		names = tx.graph().Emptied(names)
	}
	if err := tx.graph().CheckTruncate(tx.reading(), names...); err != nil {
		return err
	}
	for _, name := range names {
		if err := tx.mayWrite(name); err != nil {
			return Attempted(opTruncate, name, err)
		}
	}
	rows, err := tx.truncated(names)
	if err != nil {
		return err
	}
	w := tx.writer(0)
	for i, name := range names {
		t := w.Writable(name)
		before := t.Numbers()
		if t.Clear(); restart {
			tx.loseNumbers(before)
			t.Restart()
		}
		if rows != nil {
			tx.notePlanned(t, before, rows[i], named(rows[i]))
		}
	}
	return tx.written(w, nil)
}

// truncated lists the rows that go from tables, for a transaction, which may have to bring them back, and for who wants the store's commits.
func (tx *Tx) truncated(names []string) ([][]table.Change, error) {
	if tx.draft == nil && !tx.fed {
		return nil, nil
	}
	rows := make([][]table.Change, len(names))
	for i, name := range names {
		t := tx.state().Table(name)
		rows[i] = make([]table.Change, 0, t.Len())
		for rec := range t.Records() {
			if tx.interrupt.Row() {
				return nil, Attempted(opTruncate, name, tx.interrupt.Err())
			}
			rows[i] = append(rows[i], table.Change{Old: rec})
		}
	}
	return rows, nil
}
