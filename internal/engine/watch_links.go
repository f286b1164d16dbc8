package engine

import (
	"fmt"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// watchedLinks is what an association of a row leads to. It keeps the row, and of a belongsToMany the targets that there are links to, as they
// were after the step that was taken last, so that each change is met by itself and nothing is looked for.
//
//	belongsTo:     its own foreign key ── the target with that key
//	hasOne, -Many: rows of the target with the foreign key
//	belongsToMany: junction rows with the foreign key ── targets with the other key of one of them
type watchedLinks struct {
	a      *assoc.Association
	source *watchedRow
	key    string       // the column of the source that the association goes by
	row    index.Record // the source as it is; none: there is none
	was    index.Record // and before the step
	def    *table.Def   // of the source

	direct held // rows with the row's key: of the target, or of the junction
	far    held // targets of a belongsToMany, by the keys that links have
}

// held are rows of a table that hold one of some keys in a column, and satisfy a condition.
type held struct {
	table, column string
	scope         query.Cond
	def           *table.Def
	pos           int
	pred          *query.Predicate
	before, now   map[string]int // the keys before the step and after it, encoded as cells of the column, and how many lead there
}

func (s *Store) watchedLinks(v *snapshot.Version, after uint64, def *table.Def, w *Watched) (watchedPart, error) {
	set := AssociationsOf(v.Definitions())
	a, err := set.Named(def.Name(), w.Association)
	if err != nil {
		return nil, err
	}
	if len(w.Key) == 0 || w.Where.Op != query.OpAll {
		return nil, &types.Error{Kind: types.ErrQuery, Detail: "an association is watched of one row, whole", Hint: "give the Key of that row, and no condition"}
	}
	key, err := def.KeyValues(nil, def.Keys()[0].Pos, keyParts(w.Key))
	if err != nil {
		return nil, err
	}
	target, link := a.Scopes()
	l := &watchedLinks{a: a, source: &watchedRow{table: def.Name(), row: encodeKey(def, key)}, key: a.SourceKey, def: def}
	switch {
	case a.Junction != "":
		l.direct = held{table: a.Junction, column: a.ForeignKey, scope: link}
		l.far = held{table: a.TargetTable, column: a.TargetKey, scope: target}
	case a.Kind == assoc.BelongsTo:
		l.key = a.ForeignKey
		l.direct = held{table: a.TargetTable, column: a.TargetKey, scope: target}
	default:
		l.direct = held{table: a.TargetTable, column: a.ForeignKey, scope: target}
	}
	return l, l.begin(s, v, after, key)
}

// begin works out where the row leads to at a number: on a version, from which the commits since are taken back.
func (l *watchedLinks) begin(s *Store, v *snapshot.Version, after uint64, key []index.Value) error {
	for _, h := range []*held{&l.direct, &l.far} {
		if h.table == "" {
			continue
		}
		if err := h.compile(v.Table(h.table).Def()); err != nil {
			return err
		}
		h.before, h.now = map[string]int{}, map[string]int{}
	}
	l.row, _ = v.Table(l.source.table).Tree(0).Get(key...)
	l.was = l.row
	l.lead()
	if err := l.link(v); err != nil {
		return err
	}
	since, err := s.versions.Since(after, v.ID(), s.wait())
	if err != nil {
		return err
	}
	for i := len(since) - 1; i >= 0; i-- {
		back := since[i].List().Inverse()
		for j := range back.Steps {
			if err := l.take(&back.Steps[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// link finds the links that there are on a version.
func (l *watchedLinks) link(v *snapshot.Version) error {
	if l.far.table == "" || len(l.direct.now) == 0 {
		return nil
	}
	p, _ := l.def.Column(l.key)
	where := query.Eq(l.direct.column, types.ToGo(l.def.Columns()[p].Type, l.row.At(p)))
	plan, err := SetOf(v).Plan(v, l.direct.table, query.Query{Where: where, Deleted: true}, false)
	if err != nil {
		return err
	}
	for _, r := range plan.Collect(v.Table(l.direct.table)) {
		if l.direct.has(r, l.direct.now) {
			key, ok := l.linkTarget(r)
			l.far.add(key, ok, 1)
		}
	}
	return nil
}

// compile resolves the column and the condition in a definition.
func (h *held) compile(def *table.Def) (err error) {
	h.def = def
	h.pos, _ = def.Column(h.column)
	h.pred, err = def.CompileCond(h.scope)
	return err
}

// encode is a cell of another column as one of the column, encoded; ok is false for one that rows do not hold.
func (h *held) encode(from *table.Def, column string, r index.Record) (key string, ok bool) {
	if r.IsZero() {
		return "", false
	}
	p, ok := from.Column(column)
	if !ok || r.At(p).IsNull() {
		return "", false
	}
	to := &h.def.Columns()[h.pos]
	v := r.At(p)
	if of := &from.Columns()[p]; of.Type != to.Type {
		var err error
		if v, err = to.Retype(of, v); err != nil {
			return "", false
		}
	}
	return string(index.AppendValue(nil, to.Type, v)), true
}

// add counts a key in, or out.
func (h *held) add(key string, ok bool, n int) {
	if !ok {
		return
	}
	if h.now[key] += n; h.now[key] == 0 {
		delete(h.now, key)
	}
}

// has tells whether a row holds one of some keys, and is in the scope.
func (h *held) has(r index.Record, keys map[string]int) bool {
	if r.IsZero() || r.At(h.pos).IsNull() || len(keys) == 0 {
		return false
	}
	var few [32]byte
	key := index.AppendValue(few[:0], h.def.Columns()[h.pos].Type, r.At(h.pos))
	_, ok := keys[string(key)]
	return ok && h.pred.Eval(r) == query.True
}

func (h *held) meets(def *table.Def, c table.Change) bool {
	return def == h.def && (h.has(c.Old, h.before) || h.has(c.New, h.now))
}

// wakes is what there is to be woken for: h as it is, which nobody changes while its watcher sleeps.
func (h *held) wakes() snapshot.Interest {
	return snapshot.Interest{Table: h.table, Meets: func(def *table.Def, c table.Change) bool {
		return def != h.def || h.has(c.Old, h.now) || h.has(c.New, h.now)
	}}
}

// step has what is now be what was before.
func (h *held) step() {
	if h.table == "" {
		return
	}
	h.before = map[string]int{}
	for k, n := range h.now {
		h.before[k] = n
	}
}

// lead has the row lead where its key says.
func (l *watchedLinks) lead() {
	l.direct.now = map[string]int{}
	key, ok := l.direct.encode(l.def, l.key, l.row)
	l.direct.add(key, ok, 1)
}

// linkTarget is the target that a junction row leads to, as it is counted.
func (l *watchedLinks) linkTarget(r index.Record) (key string, ok bool) {
	return l.far.encode(l.direct.def, l.a.OtherKey, r)
}

func (l *watchedLinks) interests() []snapshot.Interest {
	out := append(l.source.interests(), l.direct.wakes())
	if l.far.table != "" {
		out = append(out, l.far.wakes())
	}
	return out
}

func (l *watchedLinks) defines(table string) bool {
	return table == l.source.table || table == l.direct.table || table == l.far.table
}

func (l *watchedLinks) take(s *snapshot.Step) error {
	for t := range s.Definitions.Tables() {
		if l.defines(t.Def().Name()) {
			return &types.Error{Kind: types.ErrDefinition, State: "55000", Table: t.Def().Name(), Detail: fmt.Sprintf("a table was defined anew that association %s is about", l.a),
				Hint: "watch it again, from the ID of a view"}
		}
	}
	l.was = l.row
	l.direct.step()
	l.far.step()
	eachChange(s, l.source.table, func(c table.Change) {
		if l.source.is(l.def, c.Old) {
			l.row = index.Record{}
		}
	})
	eachChange(s, l.source.table, func(c table.Change) {
		if l.source.is(l.def, c.New) {
			l.row = c.New
		}
	})
	if l.row != l.was {
		l.lead()
	}
	if l.far.table == "" {
		return nil
	}
	eachChange(s, l.direct.table, func(c table.Change) {
		if l.direct.has(c.Old, l.direct.before) {
			key, ok := l.linkTarget(c.Old)
			l.far.add(key, ok, -1)
		}
		if l.direct.has(c.New, l.direct.now) {
			key, ok := l.linkTarget(c.New)
			l.far.add(key, ok, 1)
		}
	})
	return nil
}

// eachChange visits the changes of one table.
func eachChange(s *snapshot.Step, name string, visit func(table.Change)) {
	for i := range s.Tables {
		if s.Tables[i].Def.Name() != name {
			continue
		}
		for _, c := range s.Tables[i].Changes {
			visit(c)
		}
	}
}

func (l *watchedLinks) meets(def *table.Def, c table.Change) bool {
	return l.direct.meets(def, c) || l.far.table != "" && l.far.meets(def, c) ||
		l.a.Kind == assoc.BelongsTo && l.source.meets(def, c) && l.moved(c)
}

// moved tells whether a change of the row of a belongsTo changes its foreign key.
func (l *watchedLinks) moved(c table.Change) bool {
	p, ok := l.def.Column(l.key)
	return ok && (c.Old.IsZero() || c.New.IsZero() || !index.Identical(l.def.Columns()[p].Type, c.Old.At(p), c.New.At(p)))
}
