package engine

import "github.com/memrel/memrel/table"

const opTruncate = "truncate"

// Truncate removes every row of a table, soft-deleted ones too, and keeps the numbering. Errors are of kind
// [types.ErrUnknownTable] and [types.ErrRestrict]. O(keys) for autocommit, O(rows) in a transaction.
func Truncate(w Target, name string) error {
	tx, err := w.begin(opTruncate, exposesRows)
	if err != nil {
		return err
	}
	defer tx.endStatement()
	return tx.truncate(name)
}

func (tx *Tx) truncate(name string) error {
	t, err := tx.table(opTruncate, name)
	if err != nil {
		return err
	}
	def := t.Def()
	if err := tx.graph().CheckTruncate(tx.reading(), def.Name()); err != nil {
		return err
	}
	if tx.draft == nil { // nothing has to be undone, so nothing has to be listed
		w := tx.writer(0)
		w.Writable(def.Name()).Clear()
		return tx.written(w, nil)
	}
	changes := make([]table.Change, 0, t.Len())
	for rec := range t.Records() {
		if tx.interrupt.Row() {
			return Attempted(opTruncate, def.Name(), tx.interrupt.Err())
		}
		changes = append(changes, table.Change{Old: rec})
	}
	_, err = tx.executeAll(opTruncate, def, changes)
	return err
}
