package assoc

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// accessPath is how to walk an association: which columns and trees to go by. It depends on definitions alone and is worked out
// once for each association of a set.
type accessPath struct {
	from     int // the column of the source that the walk starts from
	fromType index.Type
	first    lookup // from the source's value to the target, or to the junction
	other    int    // the junction's column that leads on
	second   lookup // from there to the target
	sorted   bool
	key      int   // the column that a target, or a junction row, keeps of the source; of a belongsTo the target's key
	pair     int   // the junction's tree that begins with both foreign keys, -1 if there is none
	swapped  bool  // that tree begins with the target's
	single   bool  // it has no other column, and is unique
	asIs     bool  // both foreign keys are as source and target have them, without conversion
	both     []int // the junction's columns of source and target
	toTarget int   // the target's column that the junction refers to
	// What target and junction rows must have beside their keys.
	scope, linkScope *scope
}

// lookup is one lookup: the tree whose first column has a value.
type lookup struct {
	tree   int
	typ    index.Type
	column *types.Column
	one    bool // the tree is unique over the column alone
}

// accessPath is the association's way through the tables of a state that has them. It goes by what is
// shown to who reads the state.
func (a *Association) accessPath(r table.Reader) (*accessPath, error) {
	if table.ShowsDeleted(r) {
		return a.accessPathToAll(r)
	}
	if w := a.path.Load(); w != nil {
		return w, nil
	}
	source, target := r.Table(a.SourceTable), r.Table(a.TargetTable)
	if source == nil || target == nil {
		return nil, &types.Error{Kind: types.ErrUnknownTable, Table: a.SourceTable, Detail: "the tables of association " + a.String() + " are gone"}
	}
	start := a.SourceKey
	if a.Kind == BelongsTo {
		start = a.ForeignKey
	}
	w := &accessPath{pair: -1}
	w.from, _ = source.Def().Column(start)
	w.fromType = source.Def().Columns()[w.from].Type
	switch a.Kind {
	case BelongsTo:
		w.first, w.sorted = lookupBy(target.Def(), a.TargetKey), true
		w.key, _ = target.Def().Column(a.TargetKey)
	case BelongsToMany:
		junction := r.Table(a.Junction).Def()
		w.first = lookupBy(junction, a.ForeignKey)
		w.other, _ = junction.Column(a.OtherKey)
		w.second = lookupBy(target.Def(), a.TargetKey)
		w.key, _ = junction.Column(a.ForeignKey)
		w.toTarget, _ = target.Def().Column(a.TargetKey)
		w.both = []int{w.key, w.other}
		if w.pair = junction.KeyBeginning(w.both); w.pair >= 0 {
			key := &junction.Keys()[w.pair]
			w.swapped, w.single = key.Pos[0] != w.key, key.Unique() && len(key.Pos) == 2
		}
		w.asIs = junction.Columns()[w.key].Takes(&source.Def().Columns()[w.from]) &&
			junction.Columns()[w.other].Takes(&target.Def().Columns()[w.toTarget])
		order := junction.Keys()[w.first.tree].Order.Order()
		pk := target.Def().Keys()[0].Columns
		w.sorted = len(pk) == 1 && pk[0] == a.TargetKey && len(order) > 1 && order[1].Pos == w.other
	default:
		w.first = lookupBy(target.Def(), a.ForeignKey)
		w.key, _ = target.Def().Column(a.ForeignKey)
		w.sorted = len(target.Def().Keys()[w.first.tree].Pos) == 1
	}
	if err := w.narrow(a, r, false, false); err != nil {
		return nil, err
	}
	a.path.Store(w)
	return w, nil
}

// accessPathToAll is the access path that leads to soft-deleted rows, and through such junction rows, as well.
func (a *Association) accessPathToAll(r table.Reader) (*accessPath, error) {
	if w := a.pathToAll.Load(); w != nil {
		return w, nil
	}
	w, err := a.accessPath(table.StateOf(r))
	if err != nil {
		return nil, err
	}
	all := *w
	if err := all.narrow(a, r, true, true); err != nil {
		return nil, err
	}
	a.pathToAll.Store(&all)
	return &all, nil
}

// lookupBy is the lookup by a column; resolving the association made sure that a tree begins with it.
func lookupBy(d *table.Def, column string) lookup {
	p, _ := d.Column(column)
	k := d.KeyBeginning([]int{p})
	key := &d.Keys()[k]
	return lookup{tree: k, typ: d.Columns()[p].Type, column: &d.Columns()[p], one: key.Unique() && len(key.Pos) == 1}
}

// boundAssociation is an association on the tables of one state.
type boundAssociation struct {
	*accessPath
	a         *Association
	target    *table.Table
	junction  *table.Table
	nulls     bool // NULL is looked for like a value
	interrupt *query.Interrupt
}

// bind is an association on the tables of a state.
func bind(r table.Reader, a *Association) (*boundAssociation, error) {
	l := new(boundAssociation)
	if err := l.bind(r, a); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *boundAssociation) bind(r table.Reader, a *Association) error {
	w, err := a.accessPath(r)
	if err != nil {
		return err
	}
	l.accessPath, l.a, l.target, l.interrupt = w, a, r.Table(a.TargetTable), table.InterruptOf(r)
	if a.Kind == BelongsToMany {
		l.junction = r.Table(a.Junction)
	}
	return nil
}

// as is a value of type t as the column holds it; ok is false if that is none of its values.
func (h *lookup) as(v index.Value, t index.Type) (_ index.Value, ok bool) {
	if t == h.typ {
		return v, true
	}
	same, err := h.column.FromGo(types.ToGo(t, v))
	return same, err == nil
}

// walk visits the records of a table whose column has a value of type t, until visit returns false. NULL leads nowhere,
// unless it is looked for.
func (h *lookup) walk(in *table.Table, v index.Value, t index.Type, nulls bool, visit func(index.Record) bool) bool {
	if v.IsNull() && !nulls {
		return true
	}
	v, ok := h.as(v, t)
	if !ok {
		return true
	}
	tree := in.Tree(h.tree)
	if h.one && !v.IsNull() {
		rec, ok := tree.Get(v)
		return !ok || visit(rec)
	}
	more := true
	bound := [1]index.Value{v}
	tree.Scan(index.Range{Low: bound[:], High: bound[:]}, func(r index.Record) bool {
		more = visit(r)
		return more
	})
	return more
}

// eachFrom visits the targets of a source that has a value in the column that the walk starts from, with the junction rows
// that lead to them if there is a junction, until visit returns false.
func (l *boundAssociation) eachFrom(v index.Value, visit func(target, junction index.Record) bool) {
	if l.junction == nil {
		l.first.walk(l.target, v, l.fromType, l.nulls, func(t index.Record) bool {
			return !l.interrupt.Row() && (!l.scope.has(t) || visit(t, index.Record{}))
		})
		return
	}
	l.eachJunction(v, func(j index.Record) bool {
		return l.second.walk(l.target, j.At(l.other), l.otherType(), false, func(t index.Record) bool { return !l.scope.has(t) || visit(t, j) })
	})
}

// eachJunction visits the junction rows of a source.
func (l *boundAssociation) eachJunction(v index.Value, visit func(junction index.Record) bool) {
	l.first.walk(l.junction, v, l.fromType, false, func(j index.Record) bool {
		return !l.interrupt.Row() && (!l.linkScope.has(j) || visit(j))
	})
}

func (l *boundAssociation) otherType() index.Type { return l.junction.Def().Columns()[l.other].Type }

// leads tells whether the association leads from a source with a value to a target, where there is a junction through a row that a
// filter lets pass.
func (l *boundAssociation) leads(from index.Value, target index.Record, through filter) bool {
	if !l.scope.has(target) {
		return false
	}
	if l.junction == nil {
		v, ok := l.first.as(from, l.fromType)
		return ok && index.Equal(l.first.typ, target.At(l.key), v)
	}
	other := lookup{typ: l.otherType(), column: &l.junction.Def().Columns()[l.other]}
	to, ok := other.as(target.At(l.toTarget), l.second.typ)
	found := false
	l.eachPair(from, to, func(j index.Record) bool {
		found = ok && through.is(j)
		return !found
	})
	return found
}

// eachPair visits the junction rows between a source and a target, as these hold it. O(log n) where a key is over both foreign keys, else
// linear in the source's junction rows.
func (l *boundAssociation) eachPair(from, to index.Value, visit func(junction index.Record) bool) {
	own, ok := l.first.as(from, l.fromType)
	if l.pair < 0 || !ok || own.IsNull() || to.IsNull() {
		l.eachJunction(from, func(j index.Record) bool {
			return !index.Equal(l.otherType(), j.At(l.other), to) || visit(j)
		})
		return
	}
	both := l.ends(own, to)
	l.junction.Tree(l.pair).Scan(index.Range{Low: both[:], High: both[:]}, func(j index.Record) bool {
		return !l.linkScope.has(j) || visit(j)
	})
}

// ends is a key of the tree that begins with both foreign keys.
func (w *accessPath) ends(from, to index.Value) [2]index.Value {
	if w.swapped {
		return [2]index.Value{to, from}
	}
	return [2]index.Value{from, to}
}

// From is the position of the source's column that a walk starts from.
func (a *Association) From(r table.Reader) (int, error) {
	w, err := a.accessPath(r)
	if err != nil {
		return 0, err
	}
	return w.from, nil
}

// Walk visits the targets of a source that has a value in the column of [Association.From], in the order of the tree that
// leads there, until visit returns false. O(log n + targets), and log n for each target behind a junction.
func (a *Association) Walk(r table.Reader, from index.Value, visit func(index.Record) bool) {
	w, err := a.accessPath(r)
	if err != nil {
		return
	}
	var junction *table.Table
	if a.Kind == BelongsToMany {
		junction = r.Table(a.Junction)
	}
	a.walkBy(w, r.Table(a.TargetTable), junction, from, visit)
}

// WalkIn is [Association.Walk] for whoever has the tables at hand: target, and junction where there is one, are those of one
// state, which has been asked for [Association.From].
func (a *Association) WalkIn(target, junction *table.Table, from index.Value, visit func(index.Record) bool) {
	a.walkBy(a.path.Load(), target, junction, from, visit)
}

func (a *Association) walkBy(w *accessPath, target, junction *table.Table, from index.Value, visit func(index.Record) bool) {
	switch {
	case from.IsNull():
	case w.scope != nil || w.linkScope != nil:
		l := boundAssociation{accessPath: w, a: a, target: target, junction: junction}
		l.eachFrom(from, func(t, _ index.Record) bool { return visit(t) })
	case junction != nil:
		typ := junction.Def().Columns()[w.other].Type
		if w.second.one && w.second.typ == typ && w.first.typ == w.fromType {
			w.walkKeys(junction.Tree(w.first.tree), target.Tree(w.second.tree), from, visit)
			return
		}
		w.first.walk(junction, from, w.fromType, false, func(j index.Record) bool {
			return w.second.walk(target, j.At(w.other), typ, false, visit)
		})
	case w.first.one || w.first.typ != w.fromType:
		w.first.walk(target, from, w.fromType, false, visit)
	default:
		bound := [1]index.Value{from}
		target.Tree(w.first.tree).Scan(index.Range{Low: bound[:], High: bound[:]}, visit)
	}
}

// walkKeys is Walk through a junction whose foreign keys need no conversion: from the trees alone, and where the junction's
// begins with both foreign keys, mostly without a look at its rows.
func (w *accessPath) walkKeys(junction, target *index.Tree, from index.Value, visit func(index.Record) bool) {
	follow := func(key index.Value) bool {
		rec, ok := target.Get(key)
		return !ok || visit(rec)
	}
	if order := junction.Key().Order(); len(order) > 1 && order[1].Pos == w.other && junction.Seconds(from, follow) {
		return
	}
	bound := [1]index.Value{from}
	junction.Scan(index.Range{Low: bound[:], High: bound[:]}, func(j index.Record) bool {
		key := j.At(w.other)
		return key.IsNull() || follow(key)
	})
}

// Targets collects what [Association.Walk] visits.
func (a *Association) Targets(r table.Reader, from index.Value) (out []index.Record) {
	a.Walk(r, from, func(rec index.Record) bool {
		out = append(out, rec)
		return true
	})
	return out
}
