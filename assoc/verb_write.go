package assoc

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Set makes the targets the rows that the association leads to, and no others; a to-one association takes one target or
// none. Rows that are left behind lose their foreign key, or their junction row.
func (v Verbs) Set(st table.Statements, targets []Target) error {
	if err := v.noJunction("set", targets); err != nil {
		return err
	}
	if !v.a.Kind.Many() && len(targets) > 1 {
		return &types.Error{Kind: types.ErrQuery, Op: "set", Table: v.a.SourceTable,
			Detail: fmt.Sprintf("%s leads to one row, %d were given", v.a, len(targets))}
	}
	switch v.a.Kind {
	case BelongsTo:
		return v.setParent(st, targets)
	case HasOne:
		return v.setChild(st, targets)
	case HasMany:
		return v.setChildren(st, targets)
	}
	return v.setLinks(st, targets)
}

// Add makes the targets rows that the association leads to as well. What leads there already stays, and gets the junction
// values given.
func (v Verbs) Add(st table.Statements, targets []Target) error {
	if v.a.Kind == BelongsToMany {
		return v.addLinks(st, targets)
	}
	if err := v.noJunction("add", targets); err != nil {
		return err
	}
	rows, err := v.storedAll(st, targets)
	if err != nil {
		return err
	}
	_, err = v.own(st, rows)
	return err
}

// noJunction refuses values for junction rows where there are none.
func (v Verbs) noJunction(op string, targets []Target) error {
	if v.a.Kind == BelongsToMany || !slices.ContainsFunc(targets, func(t Target) bool { return len(t.Values) > 0 }) {
		return nil
	}
	return &types.Error{Kind: types.ErrQuery, Op: op, Table: v.a.SourceTable,
		Detail: fmt.Sprintf("values are given for a junction row, but %s leads through no junction", v.a),
		Hint:   "leave them out, or write them into the row of " + v.a.TargetTable}
}

// Remove makes the targets rows that the association does not lead to. One that is no such row, or no row at all, is
// passed over.
func (v Verbs) Remove(st table.Statements, targets []Target) error {
	if v.a.Kind == BelongsToMany {
		return v.removeLinks(st, targets)
	}
	var rows []index.Record
	for _, t := range targets {
		found, err := v.storedAll(st, []Target{t})
		if err != nil && !errors.Is(err, types.ErrNotFound) {
			return err
		}
		rows = append(rows, found...)
	}
	l, err := bind(st, v.a)
	if err != nil {
		return err
	}
	key, ok, err := v.key(l)
	if err != nil || !ok {
		return err
	}
	return v.disown(st, slices.DeleteFunc(rows, func(r index.Record) bool { return !l.leads(key, r) }))
}

// Create inserts a row that the association then leads to; through has the values of its junction row. The scope's values
// stand before those given.
func (v Verbs) Create(st table.Statements, values table.Values, through Target) (*DetachedRow, error) {
	if err := v.noJunction("create", []Target{through}); err != nil {
		return nil, err
	}
	values = merged(values, v.a.Spec.Options.Scope)
	switch v.a.Kind {
	case BelongsTo, BelongsToMany:
		n, err := v.insert(st, values)
		if err != nil {
			return nil, err
		}
		through.Row = n
		if v.a.Kind == BelongsTo {
			return n, v.setParent(st, []Target{through})
		}
		return n, v.addLinks(st, []Target{through})
	}
	values[v.a.ForeignKey] = v.source.Get(v.a.SourceKey)
	return v.insert(st, values)
}

func (v Verbs) insert(st table.Statements, values table.Values) (*DetachedRow, error) {
	recs, err := st.Insert(v.a.TargetTable, []table.Values{values})
	if err != nil {
		return nil, err
	}
	return Detach(table.RowOf(st.Table(v.a.TargetTable).Def(), recs[0], nil)), nil
}

// setParent writes the foreign key of the source, stored and detached.
func (v Verbs) setParent(st table.Statements, targets []Target) error {
	var key any
	if len(targets) > 0 {
		key = targets[0].Row
		if node := nodeOf(key); node != nil {
			if err := v.sameTable(node); err != nil {
				return err
			}
			key = node.Get(v.a.TargetKey)
		}
	}
	rec, err := storedRow(st.Table(v.a.SourceTable), v.source)
	if err != nil {
		return err
	}
	now, err := st.Update(v.a.SourceTable, []index.Record{rec}, table.Values{v.a.ForeignKey: key})
	if err != nil {
		return err
	}
	v.source.note(st.Table(v.a.SourceTable).Def(), now[0], v.a.ForeignKey)
	return nil
}

// setChild un-associates the row that the source has and associates the target, whose foreign key changes on the detached row too.
func (v Verbs) setChild(st table.Statements, targets []Target) error {
	had, err := v.targets(st, 1)
	if err != nil {
		return err
	}
	var want []index.Record
	if want, err = v.storedAll(st, targets); err != nil {
		return err
	}
	if len(had) > 0 && len(want) > 0 && had[0] == want[0] {
		return nil
	}
	if err := v.disown(st, had); err != nil {
		return err
	}
	if len(want) == 0 {
		return nil
	}
	if want, err = v.storedAll(st, targets); err != nil {
		return err
	}
	now, err := v.own(st, want)
	if err != nil {
		return err
	}
	if node, ok := targets[0].Row.(*DetachedRow); ok {
		node.note(st.Table(v.a.TargetTable).Def(), now[0], slices.Sorted(maps.Keys(v.owned()))...)
	}
	return nil
}

func (v Verbs) setChildren(st table.Statements, targets []Target) error {
	had, err := v.targets(st, 0)
	if err != nil {
		return err
	}
	want, err := v.storedAll(st, targets)
	if err != nil {
		return err
	}
	keep, old := setOfRecords(want), setOfRecords(had)
	obsolete := slices.DeleteFunc(had, func(r index.Record) bool { return keep[r] })
	if err := v.disown(st, obsolete); err != nil {
		return err
	}
	// The first statement may have rewritten rows of the target's table by its cascades.
	if want, err = v.storedAll(st, targets); err != nil {
		return err
	}
	_, err = v.own(st, slices.DeleteFunc(want, func(r index.Record) bool { return old[r] }))
	return err
}

func setOfRecords(list []index.Record) map[index.Record]bool {
	out := make(map[index.Record]bool, len(list))
	for _, r := range list {
		out[r] = true
	}
	return out
}

// targets are the stored rows that the association leads to, at most n if n is not 0.
func (v Verbs) targets(r table.Reader, n int) ([]index.Record, error) {
	l, err := bind(r, v.a)
	if err != nil {
		return nil, err
	}
	key, ok, err := v.key(l)
	var out []index.Record
	if ok {
		l.eachFrom(key, func(t, _ index.Record) bool {
			out = append(out, t)
			return len(out) != n
		})
	}
	return out, err
}

// storedAll are the stored rows of targets, each once.
func (v Verbs) storedAll(r table.Reader, targets []Target) ([]index.Record, error) {
	var out []index.Record
	seen := map[index.Record]bool{}
	for _, t := range targets {
		rec, err := v.stored(r.Table(v.a.TargetTable), t.Row)
		if err != nil {
			return nil, err
		}
		if !seen[rec] {
			seen[rec] = true
			out = append(out, rec)
		}
	}
	return out, nil
}

// owned is what the source's rows have: its key, and what the scope asks for.
func (v Verbs) owned() table.Values {
	set := merged(v.a.Spec.Options.Scope)
	set[v.a.ForeignKey] = v.source.Get(v.a.SourceKey)
	return set
}

// own makes target rows the source's; disown takes the key away from them again.
func (v Verbs) own(st table.Statements, rows []index.Record) ([]index.Record, error) {
	return v.update(st, rows, v.owned())
}

func (v Verbs) disown(st table.Statements, rows []index.Record) error {
	_, err := v.update(st, rows, table.Values{v.a.ForeignKey: nil})
	return err
}

func (v Verbs) update(st table.Statements, rows []index.Record, set table.Values) ([]index.Record, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	return st.Update(v.a.TargetTable, rows, set)
}
