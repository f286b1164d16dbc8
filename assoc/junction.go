package assoc

import (
	"slices"
	"sync"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// links is what the verbs of a belongsToMany work on: the junction rows of one source.
type links struct {
	Verbs
	boundAssociation
	st   table.Statements
	from index.Value

	// Most verbs are about one row.
	oneTarget [1]linkTarget
	oneRow    [1]index.Record
	oneKey    [2]index.Value
}

// linkTarget is a target by the value that a junction row holds for it.
type linkTarget struct {
	key           index.Value
	values, fresh table.Values // as in Target
}

func (v Verbs) links(st table.Statements) (*links, error) {
	ls := &links{Verbs: v, st: st}
	err := ls.boundAssociation.bind(st, v.a)
	if err == nil {
		ls.from, _, err = v.key(&ls.boundAssociation)
	}
	return ls, err
}

// linkKeys is [Verbs.Add] by the keys of a call.
func (a *Association) linkKeys(st table.Statements, c *Call) error {
	ls, want, err := a.byKeys(st, c)
	if err != nil {
		return err
	}
	defer ls.release()
	for i := range want {
		want[i].fresh = c.Fresh
	}
	return ls.put(want)
}

// unlinkKeys is [Verbs.Remove] by the keys of a call.
func (a *Association) unlinkKeys(st table.Statements, c *Call) error {
	ls, want, err := a.byKeys(st, c)
	if err != nil {
		return err
	}
	defer ls.release()
	return ls.remove(want)
}

// linkings keeps the memory of verbs by keys.
var linkings = sync.Pool{New: func() any { return new(links) }}

// byKeys are the junction rows of a call's source, and its targets as these hold them. The links must be released.
func (a *Association) byKeys(st table.Statements, c *Call) (_ *links, want []linkTarget, err error) {
	w, err := a.accessPath(st)
	if err != nil {
		return nil, nil, err
	}
	ls := linkings.Get().(*links)
	ls.Verbs.a, ls.st, ls.from = a, st, c.From
	ls.boundAssociation = boundAssociation{accessPath: w, a: a, junction: st.Table(a.Junction)}
	if w.scope != nil {
		ls.target = st.Table(a.TargetTable)
	}
	want = ls.list(len(c.To))
	for i, key := range c.To {
		if !w.asIs {
			if key, err = ls.junction.Def().Columns()[w.other].FromGo(types.ToGo(w.second.typ, key)); err != nil {
				ls.release()
				return nil, nil, err
			}
		}
		want[i].key = key
	}
	return ls, want, nil
}

func (ls *links) release() {
	*ls = links{}
	linkings.Put(ls)
}

// list is room for n targets.
func (ls *links) list(n int) []linkTarget {
	if n <= len(ls.oneTarget) {
		return ls.oneTarget[:n]
	}
	return make([]linkTarget, n)
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
	if !ls.single || ls.from.IsNull() || key.IsNull() {
		return ls.walked(out, key)
	}
	both := ls.ends(ls.from, key)
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

// resolveTargets converts targets: a row by its present target key, a bare primary key by the row that has it.
func (ls *links) resolveTargets(targets []Target) ([]linkTarget, error) {
	out := ls.list(len(targets))
	c := &ls.junction.Def().Columns()[ls.other]
	for i, t := range targets {
		key := t.Row
		if node := nodeOf(key); node != nil {
			if err := ls.sameTable(node); err != nil {
				return nil, err
			}
			key = node.Get(ls.boundAssociation.a.TargetKey)
		} else if def := ls.target.Def(); !slices.Equal(def.Keys()[0].Columns, []string{ls.boundAssociation.a.TargetKey}) {
			rec, err := ls.stored(ls.target, key)
			if err != nil {
				return nil, err
			}
			key = table.RowOf(def, rec, nil).Get(ls.boundAssociation.a.TargetKey)
		}
		val, err := c.FromGo(key)
		if err != nil {
			return nil, err
		}
		out[i] = linkTarget{val, t.Values, t.Fresh}
	}
	return out, nil
}

// text is a target's value as the key of a map.
func (ls *links) text(key index.Value) string {
	return string(index.AppendValue(nil, ls.otherType(), key))
}

// put inserts the junction rows that are missing, and writes the values given into those that are there.
func (ls *links) put(want []linkTarget) error {
	if ls.bare(want) {
		return ls.putBare(want)
	}
	var rows []table.Values
	type change struct {
		rows []index.Record
		set  table.Values
	}
	var changes []change
	scope := ls.boundAssociation.a.Spec.Options.ThroughScope
	for _, w := range want {
		had := ls.of(nil, w.key)
		switch {
		case len(had) > 0 && len(w.values) > 0:
			changes = append(changes, change{had, merged(w.values, scope)})
		case len(had) == 0:
			row := merged(w.fresh, w.values, scope)
			row[ls.boundAssociation.a.ForeignKey], row[ls.boundAssociation.a.OtherKey] = ls.sourceKey(), types.ToGo(ls.otherType(), w.key)
			rows = append(rows, row)
		}
	}
	for _, c := range changes {
		if _, err := ls.st.Update(ls.boundAssociation.a.Junction, c.rows, c.set); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := ls.st.Insert(ls.boundAssociation.a.Junction, rows)
	return err
}

func (ls *links) sourceKey() any {
	if ls.source == nil {
		return types.ToGo(ls.fromType, ls.from)
	}
	return ls.source.Get(ls.boundAssociation.a.SourceKey)
}

// bare tells whether nothing is given of junction rows but their keys, which need no conversion.
func (ls *links) bare(want []linkTarget) bool {
	said := func(w linkTarget) bool { return len(w.values) > 0 || len(w.fresh) > 0 }
	return ls.asIs && len(ls.boundAssociation.a.Spec.Options.ThroughScope) == 0 && !slices.ContainsFunc(want, said)
}

func (ls *links) putBare(want []linkTarget) error {
	cells := ls.oneKey[:0]
	for _, w := range want {
		if len(ls.of(ls.oneRow[:0], w.key)) == 0 {
			cells = append(cells, ls.from, w.key)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return ls.st.InsertOf(ls.boundAssociation.a.Junction, ls.both, cells)
}

// linkTargets are the junction rows of the source, and the targets as these hold them.
func (v Verbs) linkTargets(st table.Statements, targets []Target) (*links, []linkTarget, error) {
	ls, err := v.links(st)
	if err != nil {
		return nil, nil, err
	}
	want, err := ls.resolveTargets(targets)
	return ls, want, err
}

func (v Verbs) addLinks(st table.Statements, targets []Target) error {
	ls, want, err := v.linkTargets(st, targets)
	if err != nil {
		return err
	}
	return ls.put(want)
}

func (v Verbs) setLinks(st table.Statements, targets []Target) error {
	ls, want, err := v.linkTargets(st, targets)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, w := range want {
		keep[ls.text(w.key)] = true
	}
	obsolete := slices.DeleteFunc(ls.all(), func(j index.Record) bool { return keep[ls.text(j.At(ls.other))] })
	if len(obsolete) > 0 {
		if err := st.Delete(v.a.Junction, obsolete); err != nil {
			return err
		}
	}
	return ls.put(want)
}

func (v Verbs) removeLinks(st table.Statements, targets []Target) error {
	ls, want, err := v.linkTargets(st, targets)
	if err != nil {
		return err
	}
	return ls.remove(want)
}

func (ls *links) remove(want []linkTarget) error {
	gone := ls.oneRow[:0]
	seen := map[string]bool{}
	for _, w := range want {
		if len(want) > 1 {
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
	if len(gone) == 0 {
		return nil
	}
	return ls.st.Delete(ls.boundAssociation.a.Junction, gone)
}
