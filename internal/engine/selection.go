package engine

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Selection is how the rows of a [Change] are found.
type Selection uint8

// The selections. ByKey finds one row, or it is an error that there is none.
const (
	ByCond Selection = iota
	ByKey
	ByRecord
)

// findsDeleted tells whether soft-deleted rows are among those that the statement is about: those that come back, and those that
// are removed for good.
func (c *Change) findsDeleted(hard bool) bool { return c.Restore || c.Delete && hard }

// selectRows are the rows of a statement, in a fixed order.
func selectRows(state table.Reader, t *table.Table, c *Change, key []any, hard bool) ([]index.Record, error) {
	switch c.Select {
	case ByRecord:
		return c.Records, nil
	case ByKey:
		rec, err := RowByKey(t, key, c.findsDeleted(hard))
		return []index.Record{rec}, err
	}
	q := query.Query{Where: c.Where, Deleted: c.findsDeleted(hard)}
	if c.Restore {
		q.Where = t.Def().OnlyGone(q.Where)
	}
	plan, err := SetOf(state).Plan(state, t.Def().Name(), q, false)
	if err != nil {
		return nil, err
	}
	rows := plan.Collect(t)
	return rows, table.InterruptOf(state).Err()
}

// Key is the value of a primary key of several columns, where a verb takes a key as one argument.
type Key []any

// keyParts are the values of a key that came as arguments: one for each column, or a [Key] of all.
func keyParts(key []any) []any {
	if len(key) == 1 {
		if whole, ok := key[0].(Key); ok {
			return whole
		}
	}
	return key
}

// RowByKey is the row with a primary key, unless it was soft-deleted and such rows are not asked for. Errors are of kind
// [types.ErrNotFound], [types.ErrQuery] and [types.ErrType].
func RowByKey(t *table.Table, key []any, deleted bool) (index.Record, error) {
	var buf [4]index.Value
	vals, err := t.Def().KeyValues(buf[:0], t.Def().Keys()[0].Pos, keyParts(key))
	if err != nil {
		return index.Record{}, err
	}
	rec, ok := t.Tree(0).Get(vals...)
	switch {
	case !ok:
		return rec, t.Def().NoRow(vals)
	case deleted:
		return rec, nil
	}
	return rec, t.Def().Present(rec)
}
