package query

import (
	"slices"

	"github.com/memrel/memrel/index"
)

// Each visits the rows for which the condition is true, in no order, until visit returns false; limit and offset do not
// count. The table must not be written meanwhile. O(log n + rows looked at).
func (p *Plan) Each(t Trees, visit func(index.Record) bool) { p.find(t, visit) }

// Filters tells whether rows are looked at that the query may not have.
func (p *Plan) Filters() bool {
	return p.overlaps || slices.ContainsFunc(p.accesses, func(a access) bool { return len(a.residual) > 0 || len(a.excluded) > 0 || a.alike != nil })
}

// Within tells whether running the plan looks at no more than so many rows; first tells that its first row, in no order, is
// all that is wanted, as in [Plan.Exists]. O(log n + that many rows), and O(1) for a whole table. Only where less than all
// of the rows on the path are looked at, because of a limit, are they tested.
func (p *Plan) Within(t Trees, rows int, first bool) bool {
	if most, bounded := p.most(); first || bounded && p.streams() {
		if first {
			most = p.offset + 1
		}
		return p.finds(t, most, rows)
	}
	for i := range p.accesses {
		if rows -= p.accesses[i].count(t, rows, p.interrupt); rows < 0 {
			return false
		}
	}
	return true
}

// finds tells whether the plan finds the rows wanted, or all if there are fewer, by a look at so many.
func (p *Plan) finds(t Trees, wanted, rows int) bool {
	found := p.once(func(index.Record) bool {
		wanted--
		return true
	})
	for i := range p.accesses {
		a := &p.accesses[i]
		for j := range a.ranges {
			p.look(t, a, a.turn(j), func(r index.Record) bool {
				if rows--; rows >= 0 && p.passes(a, a.turn(j), r) {
					found(r)
				}
				return rows >= 0 && wanted > 0 && !p.interrupt.Row()
			})
			if rows < 0 || wanted <= 0 {
				return rows >= 0
			}
		}
	}
	return true
}

// count is how many rows there are in the ranges of an access, or some number greater than most. A range after the first
// counts as a row: it takes a look too.
func (a *access) count(t Trees, most int, interrupt *Interrupt) int {
	if a.lookup {
		return len(a.ranges)
	}
	tree, n := t.Tree(a.key), len(a.ranges)-1
	for i := range a.ranges {
		r := &a.ranges[i]
		if len(r.Low) == 0 && len(r.High) == 0 {
			n += tree.Len()
			continue
		}
		tree.Scan(*r, func(index.Record) bool {
			n++
			return n <= most && !interrupt.Row()
		})
		if n > most {
			break
		}
	}
	return n
}
