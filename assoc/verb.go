package assoc

import (
	"errors"
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Target is a target together with values for the junction row that is to lead to it.
type Target struct {
	Row    any          // a [*DetachedRow], a [table.Row], or a key
	Values table.Values // written also into a junction row that is there already
	Fresh  table.Values // for a junction row that is not there yet, where Values says nothing
}

// Verbs are an association's verbs on one detached source row, in one state.
type Verbs struct {
	set    *Set
	a      *Association
	source *DetachedRow
}

// On is the verbs of an association on a detached row.
func (s *Set) On(a *Association, source *DetachedRow) Verbs { return Verbs{s, a, source} }

// Get collects the rows that the association leads to. q's Where, Order, Limit, Offset, Columns, Include and Through apply
// to the targets. Cost: linear in the rows found. Errors as [Set.Find].
func (v Verbs) Get(r table.Reader, q query.Query) ([]*DetachedRow, error) {
	if q.After != nil || q.Before != nil {
		return nil, &types.Error{Kind: types.ErrQuery, Detail: "the rows of an association are not paged by a cursor",
			Hint: "use Limit and Offset, or find the rows of " + v.a.TargetTable + " with a condition on the foreign key"}
	}
	c := &compiler{set: v.set, state: r}
	in, err := c.get(v.a, q, nil)
	if err != nil {
		return nil, err
	}
	in.shape.cut = withKeys(in.shape.cut, in.kids)
	key, ok, err := v.key(in.boundAssociation)
	if err != nil || !ok && !v.looksForNull(in.boundAssociation) {
		return nil, err
	}
	in.nulls = !ok
	b, _ := in.expand(key)
	return b.Nodes, nil
}

// looksForNull tells whether getting goes by NULL too.
func (v Verbs) looksForNull(l *boundAssociation) bool {
	pk := l.target.Def().Keys()[0].Columns
	return v.set.profile.NullFindsNull && v.a.Kind == BelongsTo && !slices.Equal(pk, []string{v.a.TargetKey})
}

// Count is the number of rows that the association leads to and for which a condition is true. Errors as [Set.Find].
func (v Verbs) Count(r table.Reader, where query.Cond) (int, error) {
	l, f, err := v.walker(r, where)
	if err != nil {
		return 0, err
	}
	n := 0
	key, ok, err := v.key(l)
	if ok {
		l.eachFrom(key, func(t, _ index.Record) bool {
			if f.is(t) {
				n++
			}
			return true
		})
	}
	return n, err
}

func (v Verbs) walker(r table.Reader, where query.Cond) (*boundAssociation, filter, error) {
	l, err := bind(r, v.a)
	if err != nil {
		return nil, nil, err
	}
	c := &compiler{set: v.set, state: r}
	f, err := c.filter(v.a.TargetTable, where)
	return l, f, err
}

// Has tells whether every target is one of the rows that the association leads to, and the condition is true of it.
// O(targets x log n).
func (v Verbs) Has(r table.Reader, targets []Target, where query.Cond) (bool, error) {
	l, f, err := v.walker(r, where)
	if err != nil {
		return false, err
	}
	from, ok, err := v.key(l)
	if err != nil {
		return false, err
	}
	for _, t := range targets {
		rec, found, err := v.lookUp(l, t.Row)
		if err != nil {
			return false, err
		}
		if !ok || !found || !f.is(rec) || !l.leads(from, rec) {
			return false, nil
		}
	}
	return true, nil
}

// lookUp is the stored row of a target: a row by its primary key, a bare value by that too, or by the target key that a
// junction refers to.
func (v Verbs) lookUp(l *boundAssociation, target any) (rec index.Record, ok bool, err error) {
	def := l.target.Def()
	pk := def.Keys()[0].Columns
	if nodeOf(target) == nil && v.a.Kind == BelongsToMany && !slices.Equal(pk, []string{v.a.TargetKey}) {
		_, vals, err := keyValues(def, []string{v.a.TargetKey}, target)
		if err != nil {
			return rec, false, err
		}
		rec, ok = l.target.Tree(l.second.tree).Get(vals...)
		return rec, ok, nil
	}
	rec, err = v.stored(l.target, target)
	if errors.Is(err, types.ErrNotFound) {
		return rec, false, nil
	}
	return rec, err == nil, err
}

// key is the source's value that the walk starts from; ok is false if that is NULL.
func (v Verbs) key(l *boundAssociation) (index.Value, bool, error) {
	name := v.a.SourceKey
	if v.a.Kind == BelongsTo {
		name = v.a.ForeignKey
	}
	val, t, ok := v.source.value(name)
	if !ok || t != l.fromType {
		return val, false, &types.Error{Kind: types.ErrType, Table: v.a.SourceTable, Columns: []string{name},
			Detail: fmt.Sprintf("the row given has no %s to go by", name)}
	}
	return val, !val.IsNull(), nil
}

// nodeOf is the detached row that a target is; nil if it is a key.
func nodeOf(target any) *DetachedRow {
	switch t := target.(type) {
	case *DetachedRow:
		return t
	case table.Row:
		return Detach(t)
	}
	return nil
}

func (v Verbs) sameTable(n *DetachedRow) error {
	if name := n.shape.def.Name(); name != v.a.TargetTable {
		return &types.Error{Kind: types.ErrQuery, Table: v.a.TargetTable,
			Detail: fmt.Sprintf("a row of %s was given, but %s leads to %s", name, v.a, v.a.TargetTable)}
	}
	return nil
}

// keyOf is the present value of a key: the bare value, or a list for several columns.
func keyOf(n *DetachedRow, columns []string) any {
	if len(columns) == 1 {
		return n.Get(columns[0])
	}
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = n.Get(c)
	}
	return out
}

// keyValues converts a key over some columns.
func keyValues(def *table.Def, columns []string, key any) (pos []int, vals []index.Value, err error) {
	parts, many := key.([]any)
	if !many {
		parts = []any{key}
	}
	if len(parts) != len(columns) {
		return nil, nil, &types.Error{Kind: types.ErrQuery, Table: def.Name(), Columns: columns,
			Detail: fmt.Sprintf("a key of %d values was given for one of %d columns", len(parts), len(columns))}
	}
	for i, name := range columns {
		p, _ := def.Column(name)
		val, err := def.Columns()[p].FromGo(parts[i])
		if err != nil {
			return nil, nil, err
		}
		pos, vals = append(pos, p), append(vals, val)
	}
	return pos, vals, nil
}

// stored is the stored row of a target, found by its primary key. The error is of kind [types.ErrNotFound].
func (v Verbs) stored(in *table.Table, target any) (index.Record, error) {
	if node := nodeOf(target); node != nil {
		if err := v.sameTable(node); err != nil {
			return index.Record{}, err
		}
	}
	return storedRow(in, target)
}

// storedRow is the row of a table that a target names, as it is now.
func storedRow(t *table.Table, target any) (index.Record, error) {
	pk := t.Def().Keys()[0].Columns
	if node := nodeOf(target); node != nil {
		target = keyOf(&DetachedRow{shape: node.shape, rec: node.rec}, pk)
	}
	_, vals, err := keyValues(t.Def(), pk, target)
	if err != nil {
		return index.Record{}, err
	}
	rec, ok := t.Tree(0).Get(vals...)
	if !ok {
		return index.Record{}, t.Def().NoRow(vals)
	}
	return rec, nil
}
