package query

import (
	"slices"

	"github.com/memrel/memrel/index"
)

// alike are the parts of an OR that all bind the same columns of one key by =, and differ in nothing but values:
//
//	a = 1 AND b = 7  OR  a = 2 AND b = 3  OR ...      key (a): range 1, test b = 7; range 2, test b = 3; ...
//
// They are one access, as an IN list is, whose ranges have tests of their own. No row is found twice.
type alike struct {
	parts  []node
	bound  []int   // which of a part's conditions the range says all about
	order  []int32 // the parts, by their ranges
	starts []int32 // where in order those of each range begin
}

// conditions are those of a part of an OR.
func (n *node) conditions() []node {
	if n.kind == nodeAnd {
		return n.kids
	}
	return []node{*n}
}

// sameForm tells whether two parts differ in nothing but values.
func sameForm(a, b []node) bool {
	return slices.EqualFunc(a, b, func(x, y node) bool { return x.kind == y.kind && x.pos == y.pos && x.accept == y.accept })
}

// alike is the access to the rows of a long OR whose parts are alike, where first is the one to the first of them. ok is false if they
// are not, or if that access has a range that = does not make. O(parts x log(parts)).
func (p *planner) alike(or *node, common *conjunction, first *access) (a access, ok bool) {
	if p.paged || len(first.equal) == 0 || first.next != nil || len(first.ranges) != 1 || len(or.kids) <= maxExcluded {
		return a, false
	}
	x := &alike{parts: or.kids}
	model := or.kids[0].conditions()
	from := make([]int, len(first.equal)) // the condition that binds each column of the key, -1 if what is common does
	for i := range from {
		from[i] = slices.IndexFunc(model, func(n node) bool {
			return n.kind == nodeCompare && n.accept == same && n.pos == first.equal[i].pos
		})
		if from[i] >= 0 && first.binds(first.equal[i].pos) {
			x.bound = append(x.bound, from[i])
		}
	}
	values := prefixes{width: len(from), count: len(or.kids), flat: make([]index.Value, 0, len(or.kids)*len(from))}
	for i := range or.kids {
		conditions := or.kids[i].conditions()
		if !sameForm(model, conditions) {
			return a, false
		}
		for col, at := range from {
			v := first.ranges[0].Low[col]
			if at >= 0 {
				v = conditions[at].val
			}
			values.flat = append(values.flat, v)
		}
	}
	return p.alikeBy(x, &values, common, first), true
}

// alikeBy is the access to alike parts that have the values in the columns which first binds.
func (p *planner) alikeBy(x *alike, values *prefixes, common *conjunction, first *access) access {
	a := access{key: first.key, lookup: first.lookup, begins: first.begins, lastVarying: len(first.equal) - 1, alike: x}
	for _, dom := range first.equal {
		a.equal = append(a.equal, domain{pos: dom.pos, typ: dom.typ, selective: true})
	}
	compare := func(i, k int32) int { return compareBounds(p.keyColumns(a.key), values.at(int(i)), values.at(int(k))) }
	x.order = make([]int32, len(x.parts))
	for i := range x.order {
		x.order[i] = int32(i)
	}
	if !slices.IsSortedFunc(x.order, compare) {
		slices.SortStableFunc(x.order, compare)
	}
	a.ranges = make([]index.Range, 0, len(x.order))
	x.starts = make([]int32, 0, len(x.order)+1)
	for at, part := range x.order {
		if at == 0 || compare(x.order[at-1], part) != 0 {
			v := values.at(int(part))
			a.ranges, x.starts = append(a.ranges, index.Range{Low: v, High: v}), append(x.starts, int32(at))
		}
	}
	x.starts = append(x.starts, int32(len(x.order)))
	p.arrange(&a, common)
	a.settle(common)
	return a
}

// of are the parts of range i.
func (x *alike) of(i int) []int32 { return x.order[x.starts[i]:x.starts[i+1]] }

// passes tells whether a row of range i satisfies one of the parts.
func (x *alike) passes(i int, r index.Record) bool {
	return x == nil || slices.ContainsFunc(x.of(i), func(part int32) bool {
		conditions := x.parts[part].conditions()
		for k := range conditions {
			if !slices.Contains(x.bound, k) && conditions[k].eval(r) != True {
				return false
			}
		}
		return true
	})
}

// explain tells of each range what binds it, and what its parts test.
func (x *alike) explain(p *Plan, a *access) (parts []Explain) {
	for i, r := range a.ranges {
		part := Explain{Table: p.def.name, Kind: PathLookup, Key: p.def.keys[a.key].Name}
		if a.lookup {
			part.Kind = PathUnique
		}
		for col := range a.equal {
			one := domain{pos: a.equal[col].pos, typ: a.equal[col].typ, spans: []span{point(r.Low[col])}}
			part.Equal = append(part.Equal, one.text(p.def))
		}
		part.Filter = filterText(append(conds(p.def, a.residual), x.tests(p.def, i)...))
		parts = append(parts, part)
	}
	return parts
}

// tests are what has to be true of the rows of range i: the conditions of one of its parts that the range does not say all about.
func (x *alike) tests(def *Shape, i int) []Cond {
	var either []Cond
	for _, part := range x.of(i) {
		var tests []Cond
		for k, n := range x.parts[part].conditions() {
			if !slices.Contains(x.bound, k) {
				tests = append(tests, n.cond(def))
			}
		}
		if len(tests) == 0 {
			return nil
		}
		either = append(either, And(tests...))
	}
	return []Cond{Or(either...)}
}
