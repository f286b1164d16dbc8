package assoc

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Call is a verb of an association that writes, as a value: what it is about and what it does. It goes by rows, in the steps that
// [Set.Next] gives one after the other, or by keys where these are all that is needed ([Association.ByKeys]), in the one step of
// [Association.KeyStep].
type Call struct {
	Do   Action
	Hard bool // junction rows are removed for good, those that were soft-deleted too

	// By rows.
	Source  *DetachedRow
	Targets []Target
	Values  table.Values // of the row to create
	Through Target       // of the junction row of the row to create
	Created *DetachedRow // what was created

	// By keys: the source's, in the column of [Association.From], those of the targets, in the target key, and the values of
	// junction rows that are not there yet.
	From  index.Value
	To    []index.Value
	Fresh *NewLink

	Where *query.Cond  // of the rows to find or to increment
	By    table.Values // of the columns to increment, and how many rows that was
	On    []string     // the columns of the key that an upsert goes by
	Found bool         // the row was there already
	Count int          // so many rows were incremented

	started bool // by rows
	stage   int
	run     verb
	keyed   *links // by keys
}

// Reset makes the call an empty one. It keeps the memory of calls by keys.
func (c *Call) Reset() {
	keyed := c.keyed
	if keyed != nil {
		*keyed = links{}
	}
	*c = Call{keyed: keyed}
}

// ByKeys tells whether a verb needs no more than the keys of its rows.
func (a *Association) ByKeys(do Action) bool {
	return a.Kind == BelongsToMany && (do == DoAdd && a.link.asked.Op == query.OpAll && !a.softLinks || do == DoRemove)
}

// permits refuses what an association does not have.
func (a *Association) permits(c *Call) error {
	switch {
	case !a.Kind.Many() && (c.Do == DoAdd || c.Do == DoRemove):
		return &types.Error{Kind: types.ErrUnknownMethod, Table: a.SourceTable,
			Detail: fmt.Sprintf("%s leads to one row, which can be got, set and created", a)}
	case !a.Kind.Many() && len(c.Targets) > 1:
		return &types.Error{Kind: types.ErrQuery, Op: "set", Table: a.SourceTable,
			Detail: fmt.Sprintf("%s leads to one row, %d were given", a, len(c.Targets))}
	case a.Kind == BelongsToMany:
		return nil
	case len(c.Through.Values) > 0 || slices.ContainsFunc(c.Targets, func(t Target) bool { return len(t.Values) > 0 }):
		return &types.Error{Kind: types.ErrQuery, Table: a.SourceTable,
			Detail: fmt.Sprintf("values are given for a junction row, but %s leads through no junction", a),
			Hint:   "leave them out, or write them into the row of " + a.TargetTable}
	}
	return nil
}

// gives tells whether the call gives the source rows, which are found by its key then.
func (c *Call) gives() bool {
	switch c.Do {
	case DoAdd, DoSet:
		return len(c.Targets) > 0 || len(c.To) > 0
	case DoCreate, DoFindOrCreate, DoUpsert:
		return true
	}
	return false
}

// noKey is the error for a row that a foreign key is to refer to by a column in which it has NULL.
func (a *Association) noKey(tableName, column string) error {
	return &types.Error{Kind: types.ErrNotNull, Table: tableName, Columns: []string{column},
		Detail: fmt.Sprintf("the row has no %s, to which the foreign key of %s refers", column, a), Hint: "give it a " + column + " first"}
}

// NeedsTx tells whether a verb may need more than one statement, or may refuse what one has written; values tells that some are
// given for junction rows, which may be there already.
func (a *Association) NeedsTx(do Action, values bool) bool {
	if a.target.asked.Op != query.OpAll || a.link.asked.Op != query.OpAll {
		return true
	}
	k := a.Kind
	switch do {
	case DoSet:
		return k != BelongsTo
	case DoFindOrCreate, DoUpsert:
		return true
	case DoCreate:
		return k == BelongsTo || k == BelongsToMany
	case DoAdd:
		return values || a.softLinks
	}
	return false
}
