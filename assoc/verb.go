package assoc

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
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
	Fresh  *NewLink     // for a junction row that is not there yet, where Values says nothing; nil: nothing
}

// Verbs are an association's verbs on one detached source row, in one state.
type Verbs struct {
	set    *Set
	a      *Association
	source *DetachedRow
}

// On is the verbs of an association on a detached row.
func (s *Set) On(a *Association, source *DetachedRow) Verbs { return Verbs{s, a, source} }

// asked are the rows that the association leads to and a query asks for, and the value that the walk to them starts from; there are
// none if there is no such value.
func (v Verbs) asked(r table.Reader, q *query.Query) (in *inclusion, from index.Value, ok bool, err error) {
	if q.After != nil || q.Before != nil {
		return nil, from, false, &types.Error{Kind: types.ErrQuery, Detail: "the rows of an association are not paged by a cursor",
			Hint: "use Limit and Offset, or find the rows of " + v.a.TargetTable + " with a condition on the foreign key"}
	}
	c := compiler{set: v.set, state: r}
	if in, err = c.get(v.a, q, nil); err != nil {
		return nil, from, false, err
	}
	in.shape.cut = withKeys(in.shape.cut, in.kids)
	from, ok, err = v.key(in.boundAssociation)
	if in.nulls = !ok; in.nulls {
		ok = v.looksForNull(in.boundAssociation)
	}
	return in, from, ok, err
}

// Get collects the rows that the association leads to. q's Where, Order, Limit, Offset, Columns, Include and Through apply
// to the targets. Cost: linear in the rows found. Errors as [Set.Find].
func (v Verbs) Get(r table.Reader, q query.Query) ([]*DetachedRow, error) {
	in, from, ok, err := v.asked(r, &q)
	if err != nil || !ok {
		return nil, err
	}
	b, _ := in.expand(from)
	return b.Nodes, in.interrupt.Err()
}

// looksForNull tells whether getting goes by NULL too.
func (v Verbs) looksForNull(l *boundAssociation) bool {
	return v.set.profile.NullFindsNull && v.a.Kind != BelongsToMany && (v.a.Kind != BelongsTo || v.byOtherKey(l.target.Def()))
}

// Count is the number of rows that [Verbs.Get] collects. Errors as there.
func (v Verbs) Count(r table.Reader, q query.Query) (int, error) {
	in, from, ok, err := v.asked(r, &q)
	if err != nil || !ok {
		return 0, err
	}
	return in.count(from), in.interrupt.Err()
}

func (v Verbs) walker(r table.Reader, where query.Cond) (*boundAssociation, filter, error) {
	l, err := bind(r, v.a)
	if err != nil {
		return nil, nil, err
	}
	c := compiler{set: v.set, state: r}
	f, err := c.filter(v.a.TargetTable, where)
	return l, f, err
}

// Has tells whether every target is one of the rows that [Verbs.Get] collects. O(targets x log n) for a query that is a condition, on
// rows and junction rows; else as [Verbs.Get].
func (v Verbs) Has(r table.Reader, targets []Target, q query.Query) (bool, error) {
	in, from, ok, err := v.asked(r, &q)
	if err != nil {
		return false, err
	}
	members := in.members(from)
	for _, t := range targets {
		rec, found, err := v.lookUp(in.target, t.Row)
		if err != nil {
			return false, err
		}
		if !ok || !found || !members.has(rec) {
			return false, in.interrupt.Err()
		}
	}
	return true, in.interrupt.Err()
}

// lookUp is the stored row of a target; ok is false if there is none.
func (v Verbs) lookUp(in *table.Table, target any) (rec index.Record, ok bool, err error) {
	if v.set.profile.BareTargetKeys && nodeOf(target) == nil && v.byOtherKey(in.Def()) {
		return v.byTargetKey(in, target)
	}
	rec, err = v.stored(in, target)
	if errors.Is(err, types.ErrNotFound) {
		return rec, false, nil
	}
	return rec, err == nil, err
}

// targetKey is what a foreign key refers to a target by: the present value of a row; of a bare value, that of the row that is found by
// it, or the key itself where that is what a bare value is, for which no row is looked for.
func (v Verbs) targetKey(in *table.Table, target any) (any, error) {
	if node := nodeOf(target); node != nil {
		return node.held(v.a.TargetKey), v.sameTable(node)
	}
	def := in.Def()
	if !v.byOtherKey(def) || v.a.Kind == BelongsTo && v.set.profile.BareTargetKeys {
		var one [1]index.Value
		p, _ := def.Column(v.a.TargetKey)
		vals, err := keyValues(one[:0], def, []int{p}, target)
		if err != nil {
			return nil, err
		}
		return types.ToGo(def.Columns()[p].Type, vals[0]), nil
	}
	rec, err := v.stored(in, target)
	if err != nil {
		return nil, err
	}
	return table.RowOf(def, rec, nil).Get(v.a.TargetKey), nil
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
		return n.held(columns[0])
	}
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = n.held(c)
	}
	return out
}

// Elements are those of a slice of keys or rows of any type, []int64{1, 2}; ok is false for what is one key: bytes, an array, a type with a Value method.
func Elements(v any) (keys []any, ok bool) {
	list := reflect.ValueOf(v)
	if _, own := v.(driver.Valuer); own || list.Kind() != reflect.Slice || list.Type().Elem().Kind() == reflect.Uint8 {
		return nil, false
	}
	keys = make([]any, list.Len())
	for i := range keys {
		keys[i] = list.Index(i).Interface()
	}
	return keys, true
}

// keyValues appends the values of a key over the columns at pos: one value, or a list of them.
func keyValues(dst []index.Value, def *table.Def, pos []int, key any) ([]index.Value, error) {
	parts, many := key.([]any)
	if !many {
		parts = []any{key}
	}
	return def.KeyValues(dst, pos, parts)
}

// stored is the stored row of a target: a row's by its primary key. A bare value is a primary key, or, if no row has it, the target key. The error
// is of kind [types.ErrNotFound].
func (v Verbs) stored(in *table.Table, target any) (index.Record, error) {
	node := nodeOf(target)
	if node != nil {
		if err := v.sameTable(node); err != nil {
			return index.Record{}, err
		}
	}
	rec, err := storedRow(in, target)
	if err != nil && node == nil && v.byOtherKey(in.Def()) {
		if rec, ok, _ := v.byTargetKey(in, target); ok {
			return rec, nil
		}
	}
	return rec, err
}

// byOtherKey tells whether the association refers to its target by a key that is not the primary key.
func (v Verbs) byOtherKey(target *table.Def) bool {
	to := v.a.Kind == BelongsTo || v.a.Kind == BelongsToMany
	return to && !slices.Equal(target.Keys()[0].Columns, []string{v.a.TargetKey})
}

// byTargetKey is the row with a target key; ok is false if there is none. The error is that of a value that does not fit.
func (v Verbs) byTargetKey(in *table.Table, key any) (rec index.Record, ok bool, err error) {
	var one [1]index.Value
	p, _ := in.Def().Column(v.a.TargetKey)
	vals, err := keyValues(one[:0], in.Def(), []int{p}, key)
	if err != nil {
		return rec, false, err
	}
	by := lookupBy(in.Def(), v.a.TargetKey)
	by.walk(in, vals[0], by.typ, false, func(r index.Record) bool {
		rec, ok = r, true
		return false
	})
	return rec, ok, nil
}

// storedRow is the row of a table that a target names, as it is now.
func storedRow(t *table.Table, target any) (index.Record, error) {
	var few [4]index.Value
	vals, err := primaryKey(few[:0], t.Def(), target)
	if err != nil {
		return index.Record{}, err
	}
	rec, ok := t.Tree(0).Get(vals...)
	if !ok {
		return index.Record{}, t.Def().NoRow(vals)
	}
	return rec, nil
}

// primaryKey appends the primary key of a target, that of a row as it was read.
func primaryKey(dst []index.Value, def *table.Def, target any) ([]index.Value, error) {
	pk := &def.Keys()[0]
	node := nodeOf(target)
	switch {
	case node == nil:
		return keyValues(dst, def, pk.Pos, target)
	case node.shape.def == def:
		return pk.Order.Values(dst, node.rec), nil
	}
	return keyValues(dst, def, pk.Pos, keyOf(&DetachedRow{shape: node.shape, rec: node.rec}, pk.Columns))
}
