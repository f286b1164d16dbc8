package assoc

import (
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// reverseLookup leads from the targets of an association to the values by which it is walked from its sources.
type reverseLookup struct {
	w        *accessPath
	target   *table.Table
	junction *table.Table // nil: the target has the value itself
	tree     int          // the junction's tree that begins with the key of the target
}

// newReverseLookup finds the reverse lookup of an association. ok is false if no key leads there, and where the two ends of a reference have different types:
// what a value is converted to says nothing of what else is converted to that.
func newReverseLookup(r table.Reader, a *Association) (b *reverseLookup, ok bool) {
	w, err := a.accessPath(r)
	if err != nil {
		return nil, false
	}
	b = &reverseLookup{w: w, target: r.Table(a.TargetTable)}
	if r.Table(a.SourceTable).Def().KeyBeginning([]int{w.from}) < 0 || w.first.typ != w.fromType {
		return nil, false
	}
	if a.Kind == BelongsToMany {
		b.junction = r.Table(a.Junction)
		def := b.junction.Def()
		b.tree = def.KeyBeginning([]int{w.other})
		if b.tree < 0 || def.Columns()[w.other].Type != w.second.typ {
			return nil, false
		}
	}
	return b, true
}

// least is how many rows a target leads back to, so far as one may count on it: one, or fewer if that is the average. The
// average says too little where there are more, since some targets have most of them.
func (b *reverseLookup) least() float64 {
	if b.junction == nil {
		return 1
	}
	return min(1, float64(b.junction.Len())/float64(max(b.target.Len(), 1)))
}

// each visits the values that lead to a target, until visit returns false: one for each row on the way, NULL if it is none.
func (b *reverseLookup) each(to index.Record, visit func(index.Value) bool) {
	if !b.w.scope.has(to) {
		return
	}
	if b.junction == nil {
		visit(to.At(b.w.key))
		return
	}
	key := to.At(b.w.toTarget)
	if key.IsNull() {
		return
	}
	bound := [1]index.Value{key}
	b.junction.Tree(b.tree).Scan(index.Range{Low: bound[:], High: bound[:]}, func(j index.Record) bool {
		v := index.Null
		if b.w.linkScope.has(j) {
			v = j.At(b.w.key)
		}
		return visit(v)
	})
}

// cost is what it takes to ask one source, on average, in rows. The more targets are known to satisfy the condition the sooner
// a walk that ends with the first comes upon one.
func (x *semiJoin) cost() float64 {
	until := x.fanOutRows
	if x.complete && x.hits > 0 {
		until = min(until, float64(x.state.Table(x.a.TargetTable).Len())/float64(x.hits))
	}
	return until * x.rowCost
}

// fanOut is how many rows a source leads to, on average.
func (x *semiJoin) fanOut() float64 {
	to := x.a.TargetTable
	switch x.a.Kind {
	case BelongsTo:
		return 1
	case BelongsToMany:
		to = x.a.Junction
	}
	return float64(x.state.Table(to).Len()) / float64(max(x.state.Table(x.a.SourceTable).Len(), 1))
}

// keyCost is what a key takes beside the look at the row that has it, in rows: to sort it, and to look for its row.
const keyCost = 3

// list finds the sources of the targets that satisfy the condition, and notes them where the condition stands. ok is false,
// and nothing is noted, if that takes more steps than the bound.
func (x *semiJoin) list(bound int) (ok bool, err error) {
	if x.reverse == nil {
		if x.reverse, x.existential = newReverseLookup(x.state, x.a); !x.existential {
			return false, nil
		}
		x.inner.each = x.reverse.least() * (1 + keyCost)
	}
	keys, ok, err := x.sources(bound)
	if !ok {
		return false, err
	}
	typ := x.reverse.w.fromType
	slices.SortFunc(keys, func(a, b index.Value) int { return index.Compare(typ, a, b) })
	keys = slices.CompactFunc(keys, func(a, b index.Value) bool { return index.Equal(typ, a, b) })
	*x.at = x.at.Listed(query.List{Column: x.from, Values: keys, Complete: x.complete, Not: x.not})
	x.listed = true
	return true, nil
}

// sources are the values that lead to the targets that satisfy the condition, in the order in which they are found.
func (x *semiJoin) sources(bound int) (keys []index.Value, ok bool, err error) {
	if ok, err := x.inner.within(bound); !ok {
		return nil, false, err
	}
	hits := 0
	x.inner.plan.Each(x.reverse.target, func(to index.Record) bool {
		hits++
		bound--
		x.reverse.each(to, func(v index.Value) bool {
			bound--
			if !v.IsNull() {
				keys = append(keys, v)
				bound -= keyCost
			}
			return bound >= 0 && !x.interrupt.Row()
		})
		return bound >= 0
	})
	x.hits = max(x.hits, hits)
	return keys, bound >= 0, nil
}
