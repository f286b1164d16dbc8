package query

import (
	"cmp"
	"math"
	"slices"
)

// planner chooses the access path to the rows of a query. It reads the definition and the condition only.
type planner struct {
	def     *Shape
	sort    sorting
	limited bool
	asked   bool // an order was asked for
	paged   bool // there is a cursor
}

// conjunction is a condition as parts that must all be true, with what they say of single columns.
type conjunction struct {
	parts   []part
	domains []domain // of different columns
	never   bool     // it is true of no row
}

type part struct {
	node  *node
	pos   int  // of the column it is about, -1 if there are several
	exact bool // the column's domain says all about it
}

// conjunctionOf takes nodes, and what AND nodes hold, as parts.
func conjunctionOf(nodes ...*node) *conjunction {
	c := &conjunction{}
	for _, n := range nodes {
		c.take(n)
	}
	return c
}

// with is c and one more node. c stays as it is.
func (c *conjunction) with(n *node) *conjunction {
	out := &conjunction{parts: slices.Clip(c.parts), domains: slices.Clone(c.domains), never: c.never}
	out.take(n)
	return out
}

// take adds a node, or the parts of an AND node.
func (c *conjunction) take(n *node) {
	if n.kind != nodeAnd {
		c.add(n)
		return
	}
	for i := range n.kids {
		c.add(&n.kids[i])
	}
}

func (c *conjunction) add(n *node) {
	if n.kind == nodeConst {
		c.never = c.never || n.konst != True
		return
	}
	dom, ok := n.domain()
	if !ok {
		c.parts = append(c.parts, part{n, -1, false})
		return
	}
	c.parts = append(c.parts, part{n, dom.pos, dom.complete})
	if have := c.domain(dom.pos); have != nil {
		have.and(dom)
		dom = *have
	} else {
		c.domains = append(c.domains, dom)
	}
	c.never = c.never || len(dom.spans) == 0
}

// domain is what is known of a column, nil if nothing.
func (c *conjunction) domain(pos int) *domain {
	for i := range c.domains {
		if c.domains[i].pos == pos {
			return &c.domains[i]
		}
	}
	return nil
}

// fixed tells whether all rows have one value in the column.
func (c *conjunction) fixed(pos int) bool {
	dom := c.domain(pos)
	return dom != nil && dom.single()
}

// mayBeNull tells whether a row of the table can satisfy c with NULL in the column.
func (c *conjunction) mayBeNull(d *Shape, pos int) bool {
	dom := c.domain(pos)
	return !d.columns[pos].NotNull && (dom == nil || dom.hasNull())
}

// candidate is a choice: one access, or the parts of an OR.
type candidate struct {
	accesses []access
	class    class
	equal    int // columns bound by =
	order    orderliness
	bounded  bool
	overlaps bool // accesses may find a row several times, see [Plan]
}

// class is the rank of a path, see [Plan].
type class uint8

const (
	classScan class = iota
	classOrder
	classRange
	classOrderForLimit
	classRangeInOrder
	classEqual
	classUnique
)

// choose is the best path to the rows for which root is true.
func (p *planner) choose(root *node) candidate { return p.best(conjunctionOf(root), nil) }

// best is the best path to a conjunction. Of the ORs in it, only those not among outer are taken apart: to try each
// with each would take for ever.
func (p *planner) best(c *conjunction, outer []*node) candidate {
	if c.never {
		return candidate{class: classUnique}
	}
	best := p.candidateBy(c, 0)
	for k := 1; k < len(p.def.keys) && !best.oneRow(); k++ {
		if !p.serves(c, k) {
			continue
		}
		if w := p.candidateBy(c, k); p.compare(&w, &best) > 0 {
			best = w
		}
	}
	best.accesses[0].settle(c)
	if best.class >= classEqual {
		return best
	}
	for _, part := range c.parts {
		if part.node.kind != nodeOr || slices.Contains(outer, part.node) {
			continue
		}
		if w, ok := p.union(c, part.node); ok && p.compare(&w, &best) > 0 {
			best = w
		}
	}
	return best
}

// serves tells whether key k can be a better path than the primary key: where its first column is neither bound nor the first
// that the order wanted has to go by, it gives all rows in no order of use.
func (p *planner) serves(c *conjunction, k int) bool {
	first := p.def.keys[k].Pos[0]
	if c.domain(first) != nil {
		return true
	}
	for _, want := range p.sort {
		if !c.fixed(want.pos) {
			return want.pos == first
		}
	}
	return false
}

// candidateBy is the path by key k.
func (p *planner) candidateBy(c *conjunction, k int) candidate {
	a := p.access(c, k)
	w := candidate{accesses: []access{a}, equal: len(a.equal), order: a.order, bounded: a.selective}
	switch {
	case a.lookup:
		w.class = classUnique
	case w.equal > 0:
		w.class = classEqual
	case w.bounded && w.order == orderWhole:
		w.class = classRangeInOrder
	case w.bounded:
		w.class = classRange
	case w.order == orderWhole && p.limited && p.asked:
		w.class = classOrderForLimit
	case w.order == orderWhole:
		w.class = classOrder
	}
	return w
}

// oneRow tells whether a path finds one row at most. There is no better one.
func (w *candidate) oneRow() bool { return w.class == classUnique && len(w.accesses[0].ranges) == 1 }

// maxExcluded is how many parts an OR may have whose rows are tested against the parts before, which needs no room. The rows
// of a longer one are remembered instead, so that what is planned and tested does not grow with the square of the parts.
const maxExcluded = 64

// union is the path by each part of an OR. ok is false if a part leads to no key. What the parts have in common is looked at
// once, not with each of them.
func (p *planner) union(c *conjunction, or *node) (w candidate, ok bool) {
	w = candidate{class: classUnique, equal: math.MaxInt, order: orderEach, bounded: true, overlaps: len(or.kids) > maxExcluded}
	var others, before []*node
	for _, part := range c.parts {
		if part.node != or {
			others = append(others, part.node)
		}
	}
	common := conjunctionOf(others...)
	for i := range or.kids {
		kid := &or.kids[i]
		branch := p.best(common.with(kid), others)
		if branch.class < classRange || branch.class == classOrderForLimit {
			return w, false
		}
		if i == 0 && len(branch.accesses) == 1 {
			if a, ok := p.alike(or, common, &branch.accesses[0]); ok {
				return candidate{accesses: []access{a}, class: branch.class, equal: branch.equal, order: a.order, bounded: branch.bounded}, true
			}
		}
		if len(branch.accesses) == 0 {
			continue
		}
		w.class, w.equal = min(w.class, branch.class), min(w.equal, branch.equal)
		w.order, w.bounded = min(w.order, branch.order), w.bounded && branch.bounded
		w.overlaps = w.overlaps || branch.overlaps
		if w.accesses == nil {
			w.accesses = make([]access, 0, len(or.kids))
		}
		for _, a := range branch.accesses {
			if !w.overlaps {
				a.excluded = append(a.excluded[:len(a.excluded):len(a.excluded)], before...)
			}
			w.accesses = append(w.accesses, a)
		}
		before = append(before, kid)
	}
	return w, true
}

// compare ranks two candidates: positive if a is better. See [Plan] for the ranking.
func (p *planner) compare(a, b *candidate) int {
	if c := cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.equal, b.equal)); c != 0 {
		return c
	}
	order, bounded := cmp.Compare(a.order, b.order), compareBools(a.bounded, b.bounded)
	first, second := bounded, order
	if p.limited {
		first, second = order, bounded
	}
	return cmp.Or(first, second, cmp.Compare(ranges(b), ranges(a)))
}

// ranges is how many ranges a candidate has. For a scan they do not count: any other tree would be as long.
func ranges(w *candidate) int {
	n := 0
	if w.class == classScan {
		return n
	}
	for i := range w.accesses {
		n += len(w.accesses[i].ranges)
	}
	return n
}
