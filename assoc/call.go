package assoc

import (
	"fmt"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Call is a verb of an association that writes, as a value: what it is about and what it does. It goes by rows, or by keys where
// these are all that is needed; see [Association.ByKeys].
type Call struct {
	Do Action

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
	Fresh table.Values
}

// ByKeys tells whether a verb needs no more than the keys of its rows.
func (a *Association) ByKeys(do Action) bool {
	return a.Kind == BelongsToMany && (do == DoAdd || do == DoRemove)
}

// Run carries out a verb in statements of one transaction; byKeys tells that the call has keys, not rows. Errors as the verbs of
// [Verbs], and [types.ErrUnknownMethod] for what an association that leads to one row does not have.
func (s *Set) Run(a *Association, c *Call, byKeys bool, st table.Statements) (err error) {
	if !a.Kind.Many() && c.Do != DoSet && c.Do != DoCreate {
		return &types.Error{Kind: types.ErrUnknownMethod, Table: a.SourceTable,
			Detail: fmt.Sprintf("%s leads to one row, which can be got, set and created", a)}
	}
	if byKeys {
		if c.Do == DoAdd {
			return a.linkKeys(st, c)
		}
		return a.unlinkKeys(st, c)
	}
	v := s.On(a, c.Source)
	switch c.Do {
	case DoSet:
		return v.Set(st, c.Targets)
	case DoAdd:
		return v.Add(st, c.Targets)
	case DoRemove:
		return v.Remove(st, c.Targets)
	}
	c.Created, err = v.Create(st, c.Values, c.Through)
	return err
}

// NeedsTx tells whether a verb of an association of the kind may need more than one statement; values tells that some are given
// for junction rows, which may be there already.
func (k Kind) NeedsTx(do Action, values bool) bool {
	switch do {
	case DoSet:
		return k != BelongsTo
	case DoCreate:
		return k == BelongsTo || k == BelongsToMany
	case DoAdd:
		return values
	}
	return false
}
