package query

import (
	"slices"

	"github.com/memrel/memrel/index"
)

// access is one path into a table: ranges of one key's tree, in the order of the key, and what is left to test.
type access struct {
	key         int           // position in Def.Keys
	ranges      []index.Range // disjoint, ascending, without Desc
	lookup      bool          // each range is the whole of a unique key: one row at most
	equal       []domain      // of the first columns of the key: the values that the ranges are made of
	next        *domain       // of the column after those; nil if it is not bound
	fixed       []domain      // of all columns that have one value
	selective   bool          // next is worth looking for
	begins      uint64        // the columns of which the key has a beginning: a bit each, the last one for all from there on
	lastVarying int           // the last column of the key in which two ranges differ, -1 if there is one range
	residual    []*node       // what has to be tested on each row
	lists       []part        // the parts about columns that a list from an association binds, for showing them
	excluded    []*node       // rows for which one of these is true are found by other accesses
	walk        walk
	order       orderliness
	alike       *alike          // the parts of an OR that the ranges are made of: what has to be tested on each range's rows
	seeks       [][]index.Value // where to begin in each range, for a cursor; nil: at its end
}

// orderliness is how near the rows of an access come to the order wanted.
type orderliness uint8

const (
	orderNone  orderliness = iota
	orderEach              // the rows of each range are in order
	orderWhole             // all rows are
)

// maxCross is how many lookups the IN lists of several columns may multiply to.
const maxCross = 4096

// access is the path to c by key k.
func (p *planner) access(c *conjunction, k int) access {
	a := access{key: k, lastVarying: -1}
	b := prefixes{count: 1}
	var turned *index.Column // where the ranges end, if the key turns that column
	for i, col := range p.keyColumns(k) {
		dom := c.domain(col.Pos)
		if dom == nil {
			break
		}
		points := dom.points()
		if points && b.count > 1 && b.count*len(dom.spans) > maxCross {
			break
		}
		if len(dom.spans) > 1 {
			a.lastVarying = i
		}
		if col.Prefix > 0 {
			a.begins |= 1 << min(col.Pos, 63)
		}
		if !points {
			a.next, a.selective = dom, dom.selective
			if col.Turned() {
				turned = &col
			}
			break
		}
		b.extend(inOrder(col, dom.spans))
		a.equal = append(a.equal, *dom)
	}
	if turned != nil {
		a.ranges = b.turnedRanges(turned, a.next)
	} else {
		a.ranges = b.ranges(a.next)
	}
	a.lookup = p.oneRow(&a)
	p.arrange(&a, c)
	return a
}

// settle notes what an access that has been chosen leaves to test, and what it does not.
func (a *access) settle(c *conjunction) {
	for _, p := range c.parts {
		if !p.exact || !a.binds(p.pos) {
			a.residual = append(a.residual, p.node)
		}
	}
	a.lists = c.lists(a)
	for _, dom := range c.domains {
		if dom.single() {
			a.fixed = append(a.fixed, dom)
		}
	}
}

// binds tells whether the ranges hold no rows but those with values of the column's domain.
func (a *access) binds(pos int) bool {
	if a.begins&(1<<min(pos, 63)) != 0 {
		return false
	}
	return a.next != nil && a.next.pos == pos || slices.ContainsFunc(a.equal, func(d domain) bool { return d.pos == pos })
}

// keyColumns are the columns of a key that ranges can bind. The deciding columns of a unique key order nothing but rows
// with NULL.
func (p *planner) keyColumns(k int) []index.Column {
	order := p.def.keys[k].Order
	if order.Unique() {
		return order.Columns()
	}
	return order.Order()
}

// oneRow tells whether each range of a can hold one row only.
func (p *planner) oneRow(a *access) bool {
	order := p.def.keys[a.key].Order
	if !order.Unique() || len(a.equal) < len(order.Columns()) {
		return false
	}
	return !order.NullsDistinct() || !slices.ContainsFunc(a.equal, func(d domain) bool { return d.hasNull() })
}

// prefixes are the combinations of values of a key's first columns, in order, one after another in flat.
type prefixes struct {
	flat         []index.Value
	width, count int
}

// extend combines every prefix with every point.
func (b *prefixes) extend(points []span) {
	flat := make([]index.Value, 0, b.count*len(points)*(b.width+1))
	for i := range b.count {
		for _, s := range points {
			flat = append(append(flat, b.at(i)...), s.low)
		}
	}
	b.flat, b.width, b.count = flat, b.width+1, b.count*len(points)
}

// at is prefix i; appending to it copies.
func (b *prefixes) at(i int) []index.Value {
	return b.flat[i*b.width : (i+1)*b.width : (i+1)*b.width]
}

// ranges are those that begin with a prefix and go on in one of the spans of next.
func (b *prefixes) ranges(next *domain) []index.Range {
	if next == nil {
		out := make([]index.Range, b.count)
		for i := range out {
			out[i] = index.Range{Low: b.at(i), High: b.at(i)}
		}
		return out
	}
	out := make([]index.Range, 0, b.count*len(next.spans))
	flat := make([]index.Value, 0, cap(out)*2*(b.width+1)) // what the ends of all ranges are made of
	end := func(pre []index.Value, v index.Value) []index.Value {
		from := len(flat)
		flat = append(append(flat, pre...), v)
		return flat[from:len(flat):len(flat)]
	}
	for i := range b.count {
		pre := b.at(i)
		for _, s := range next.spans {
			r := index.Range{Low: pre, High: pre}
			if !s.bottom {
				r.Low, r.LowOpen = end(pre, s.low), s.lowOpen
			}
			if !s.high.IsNull() || s.highOpen {
				r.High, r.HighOpen = end(pre, s.high), s.highOpen
			}
			out = append(out, r)
		}
	}
	return out
}

// walk is the direction in which an access goes through its ranges.
type walk struct {
	desc bool
	// outer is 0 if all rows go in that direction. Otherwise that is the direction of the key's first outer columns, and
	// rows that are equal in those go the other way:
	//
	//	createdAt DESC, id:   3 ── 2 ── 1      walk from group to group
	//	                      │    │    │
	//	                    7,8,9  5    2,6    walk the rows of each
	outer int
	// depth is how many columns of the key decide the order.
	depth int
}

// arrange finds out how a comes to the order wanted.
func (p *planner) arrange(a *access, c *conjunction) {
	if a.lookup && len(a.ranges) == 1 {
		a.order = orderWhole
		return
	}
	w, ok := p.walk(a.key, c, c.fixed)
	if ok && (w.outer == 0 || a.lastVarying < w.outer) {
		a.walk, a.order = w, orderWhole
		return
	}
	if a.lookup || len(a.ranges) == 1 {
		return
	}
	w, ok = p.walk(a.key, c, func(pos int) bool {
		return c.fixed(pos) || a.begins == 0 && slices.ContainsFunc(a.equal, func(d domain) bool { return d.pos == pos })
	})
	if ok {
		a.walk, a.order = w, orderEach
	}
}

// walk is the direction in which key k gives the order wanted, if rows have one value in each fixed column.
func (p *planner) walk(k int, c *conjunction, fixed func(pos int) bool) (w walk, ok bool) {
	key := p.def.keys[k].Order.Order()
	var turns int
	var last bool
	var few [64]bool
	known := few[:]
	if n := len(p.def.columns); n > len(few) {
		known = make([]bool, n)
	}
	for i := range p.def.columns {
		known[i] = fixed(i)
	}
	for _, want := range p.sort {
		if known[want.pos] {
			continue
		}
		if p.decided(c, known) {
			break
		}
		at := w.depth
		for at < len(key) && known[key[at].Pos] {
			at++
		}
		if at == len(key) || key[at].Pos != want.pos || key[at].Prefix > 0 || !want.naturalIn(key[at]) && c.mayBeNull(p.def, want.pos) {
			return walk{}, false
		}
		desc := want.desc != key[at].Desc
		switch {
		case w.depth == 0:
			w.desc = desc
		case desc != last:
			turns++
			w.outer = w.depth
		}
		known[want.pos], last, w.depth = true, desc, at+1
	}
	return w, turns <= 1
}

// decided tells whether no two rows are equal in the known columns.
func (p *planner) decided(c *conjunction, known []bool) bool {
	for i := range p.def.keys {
		k := &p.def.keys[i]
		unknown := func(pos int) bool {
			return !known[pos] || k.Order.NullsDistinct() && c.mayBeNull(p.def, pos)
		}
		if k.Unique() && !slices.ContainsFunc(k.Pos, unknown) {
			return true
		}
	}
	return false
}
