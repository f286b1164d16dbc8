package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// links is what the verbs of a belongsToMany work on: the junction rows of one source.
type links struct {
	Verbs
	boundAssociation
	from index.Value

	// Most verbs are about one row.
	oneTarget [1]linkTarget
	oneRow    [1]index.Record
	oneKey    [4]index.Value
	many      []linkTarget // of those about several
}

// linkTarget is a target by the value that a junction row holds for it.
type linkTarget struct {
	key    index.Value
	values table.Values // as in Target
	fresh  *NewLink
}

// links makes ls the links of the verb's source. It keeps its memory.
func (v *verb) links(ls *links) error {
	*ls = links{Verbs: v.Verbs, many: ls.many}
	err := ls.boundAssociation.bind(v.st, v.a)
	if err == nil {
		ls.from, _, err = v.key(&ls.boundAssociation)
	}
	return err
}

// KeyStep makes s, which is empty, the step of a call by keys, if there is something to do. What it holds is good until the call is
// reset.
func (a *Association) KeyStep(st table.Reader, c *Call, s *Step) error {
	ls, want, err := a.byKeys(st, c)
	if err != nil {
		return err
	}
	if c.Do == DoRemove {
		return ls.removed(s, st, want, c.Hard)
	}
	for i := range want {
		want[i].fresh = c.Fresh
	}
	if ls.bare(want) {
		pos, cells := ls.missing(want)
		ls.insertOf(s, pos, cells)
	} else if _, rows := ls.put(want); len(rows) > 0 {
		s.Table, s.Values = a.Junction, rows
	}
	return nil
}

// byKeys are the junction rows of a call's source, and its targets as these hold them.
func (a *Association) byKeys(st table.Reader, c *Call) (_ *links, want []linkTarget, err error) {
	w, err := a.accessPath(st)
	if err != nil {
		return nil, nil, err
	}
	if c.keyed == nil {
		c.keyed = new(links)
	}
	ls := c.keyed
	ls.Verbs.a, ls.from = a, c.From
	ls.boundAssociation = boundAssociation{accessPath: w, a: a, junction: st.Table(a.Junction)}
	if w.scope != nil {
		ls.target = st.Table(a.TargetTable)
	}
	if c.gives() && c.From.IsNull() {
		return nil, nil, a.noKey(a.SourceTable, a.SourceKey)
	}
	want = ls.list(len(c.To))
	for i, key := range c.To {
		if key.IsNull() && c.Do == DoAdd {
			return nil, nil, a.noKey(a.TargetTable, a.TargetKey)
		}
		if !w.asIs {
			if key, err = ls.junction.Def().Columns()[w.other].FromGo(types.ToGo(w.second.typ, key)); err != nil {
				return nil, nil, err
			}
		}
		if c.Do == DoAdd && w.scope != nil {
			if err := ls.present(key); err != nil {
				return nil, nil, err
			}
		}
		want[i].key = key
	}
	return ls, want, nil
}

// list is room for n targets.
func (ls *links) list(n int) []linkTarget {
	if n <= len(ls.oneTarget) {
		return ls.oneTarget[:n]
	}
	if n > cap(ls.many) {
		ls.many = make([]linkTarget, n)
	}
	return ls.many[:n]
}

// all are the junction rows of the source that lead somewhere, as far as the scope goes.
func (ls *links) all() (out []index.Record) {
	ls.eachJunction(ls.from, func(j index.Record) bool {
		if key := j.At(ls.other); !key.IsNull() && ls.mayLeadTo(key) {
			out = append(out, j)
		}
		return true
	})
	return out
}

// mayLeadTo tells whether the target with a key is in the scope.
func (ls *links) mayLeadTo(key index.Value) bool {
	found := ls.scope == nil
	if !found {
		ls.second.walk(ls.target, key, ls.otherType(), false, func(t index.Record) bool {
			found = ls.scope.has(t)
			return !found
		})
	}
	return found
}

// of appends the junction rows that lead to a target, in the scope or not.
func (ls *links) of(out []index.Record, key index.Value) []index.Record {
	own, ok := ls.first.as(ls.from, ls.fromType)
	if !ls.single || !ok || own.IsNull() || key.IsNull() {
		return ls.walked(out, key)
	}
	both := ls.ends(own, key)
	if j, ok := ls.junction.Tree(ls.pair).Get(both[:]...); ok && ls.linkScope.has(j) {
		out = append(out, j)
	}
	return out
}

func (ls *links) walked(out []index.Record, key index.Value) []index.Record {
	ls.eachPair(ls.from, key, func(j index.Record) bool {
		out = append(out, j)
		return true
	})
	return out
}

// resolveTargets converts targets; see [Verbs.targetKey]. A row that is to be led to must have the key.
func (ls *links) resolveTargets(c *Call) ([]linkTarget, error) {
	out := ls.list(len(c.Targets))
	a, column := ls.boundAssociation.a, &ls.junction.Def().Columns()[ls.other]
	for i, t := range c.Targets {
		key, err := ls.targetKey(ls.target, t.Row)
		if err != nil {
			return nil, err
		}
		val, err := column.FromGo(key)
		if err != nil {
			return nil, err
		}
		if val.IsNull() && c.gives() {
			return nil, a.noKey(a.TargetTable, a.TargetKey)
		}
		out[i] = linkTarget{val, t.Values, t.Fresh}
	}
	return out, nil
}

// text is a target's value as the key of a map.
func (ls *links) text(key index.Value) string {
	return string(index.AppendValue(nil, ls.otherType(), key))
}

// put is what becomes of junction rows: the values given are written into those that are there, and those that are missing are
// inserted.
func (ls *links) put(want []linkTarget) (changes []linkChange, rows []table.Values) {
	scope := ls.boundAssociation.a.link.written
	for _, w := range want {
		had := ls.of(nil, w.key)
		switch {
		case len(had) > 0 && len(w.values) > 0:
			changes = append(changes, linkChange{had, merged(w.values, scope)})
		case len(had) == 0:
			row := merged(w.fresh.given(), w.values, scope)
			row[ls.boundAssociation.a.ForeignKey], row[ls.boundAssociation.a.OtherKey] = ls.sourceKey(), types.ToGo(ls.otherType(), w.key)
			rows = append(rows, row)
		}
	}
	return changes, rows
}

func (ls *links) sourceKey() any {
	if ls.source == nil {
		return types.ToGo(ls.fromType, ls.from)
	}
	return ls.source.held(ls.boundAssociation.a.SourceKey)
}

// bare tells whether nothing is given of junction rows but their keys, which need no conversion, and what all new ones have.
func (ls *links) bare(want []linkTarget) bool {
	given := func(w linkTarget) bool { return len(w.values) > 0 || w.fresh != want[0].fresh }
	return ls.asIs && len(ls.boundAssociation.a.link.written) == 0 && ls.boundAssociation.a.link.asked.Op == query.OpAll && !slices.ContainsFunc(want, given)
}

// missing are the junction rows that are missing, as the cells of the columns at pos, those of one after the other: their keys and
// what new ones have; see [links.bare].
func (ls *links) missing(want []linkTarget) (pos []int, cells []index.Value) {
	var rest []index.Value
	pos, cells = ls.both, ls.oneKey[:0]
	if len(want) > 0 && want[0].fresh != nil {
		pos, rest = want[0].fresh.pos, want[0].fresh.cells
	}
	for _, w := range want {
		if len(ls.of(ls.oneRow[:0], w.key)) == 0 {
			cells = append(append(cells, ls.from, w.key), rest...)
		}
	}
	return pos, cells
}

// insertOf makes s the step that inserts junction rows, if there are any.
func (ls *links) insertOf(s *Step, pos []int, cells []index.Value) {
	if len(cells) > 0 {
		s.Table, s.Pos, s.Cells = ls.boundAssociation.a.Junction, pos, cells
	}
}

// removed makes s the step that deletes the junction rows that lead to targets, if there are any, for good those that were
// soft-deleted too.
func (ls *links) removed(s *Step, st table.Reader, want []linkTarget, hard bool) error {
	if err := ls.withDeleted(st, false, hard); err != nil {
		return err
	}
	gone := ls.oneRow[:0]
	var seen map[string]bool
	if len(want) > 1 {
		seen = map[string]bool{}
	}
	for _, w := range want {
		if seen != nil {
			key := ls.text(w.key)
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		if ls.mayLeadTo(w.key) {
			gone = ls.of(gone, w.key)
		}
	}
	if len(gone) > 0 {
		s.Table, s.Records, s.Delete = ls.boundAssociation.a.Junction, gone, true
	}
	return nil
}

// linkTargets are the junction rows of the source, and the targets as these hold them, in the state that there is now.
func (v *verb) linkTargets() (*links, []linkTarget, error) {
	if v.keyed == nil {
		v.keyed = new(links)
	}
	ls := v.keyed
	if err := v.links(ls); err != nil {
		return nil, nil, err
	}
	want, err := ls.resolveTargets(v.Call)
	return ls, want, err
}

// leaveLinks deletes the junction rows that lead to none of the targets.
func leaveLinks(v *verb, _ []index.Record) (s Step, again bool, err error) {
	ls, want, err := v.linkTargets()
	if err != nil {
		return s, false, err
	}
	if err := ls.withDeleted(v.st, false, v.Hard); err != nil {
		return s, false, err
	}
	keep := map[string]bool{}
	for _, w := range want {
		keep[ls.text(w.key)] = true
	}
	obsolete := slices.DeleteFunc(ls.all(), func(j index.Record) bool { return keep[ls.text(j.At(ls.other))] })
	if len(obsolete) == 0 {
		return s, false, nil
	}
	return Step{Table: v.a.Junction, Records: obsolete, Delete: true}, false, nil
}

// updateLinks writes the values given into junction rows that are there, those of one target at each step.
func updateLinks(v *verb, _ []index.Record) (s Step, again bool, err error) {
	if !v.planned {
		ls, want, err := v.linkTargets()
		if err != nil {
			return s, false, err
		}
		v.planned = true
		if ls.bare(want) && !v.a.softLinks {
			v.pos, v.cells = ls.missing(want)
		} else {
			v.changes, v.rows = ls.put(want)
			v.back, v.rows = ls.former(v.rows)
		}
		if v.Do == DoSet || v.Do == DoAdd {
			err = ls.allPresent(want)
		}
		if err != nil {
			return s, false, err
		}
	}
	if len(v.changes) == 0 {
		return s, false, nil
	}
	c := v.changes[0]
	v.changes = v.changes[1:]
	return Step{Table: v.a.Junction, Records: c.rows, Set: c.set}, true, nil
}

// insertLinks inserts the junction rows that are missing.
func insertLinks(v *verb, _ []index.Record) (s Step, again bool, err error) {
	if len(v.rows) > 0 {
		return Step{Table: v.a.Junction, Values: v.rows}, false, nil
	}
	v.keyed.insertOf(&s, v.pos, v.cells)
	return s, false, nil
}

// linksInScope refuses junction rows that were inserted and are not in what their scope asks.
func linksInScope(v *verb, made []index.Record) (s Step, again bool, err error) {
	if len(v.rows) > 0 {
		err = v.a.linksInScope(v.st, made)
	}
	return s, false, err
}

func removeLinks(v *verb, _ []index.Record) (s Step, again bool, err error) {
	ls, want, err := v.linkTargets()
	if err != nil {
		return s, false, err
	}
	err = ls.removed(&s, v.st, want, v.Hard)
	return s, false, err
}
