package query

import (
	"github.com/memrel/memrel/index"
)

// startAt makes the access begin at the plan's cursor, where its rows come in order. Rows that are not past the cursor
// are left out all the same when it runs; this saves going through them.
func (a *access) startAt(p *Plan) {
	if p.cursor == nil || a.order == orderNone || a.walk.depth == 0 {
		return
	}
	cols := p.def.keys[a.key].Order.Order()
	kept := a.ranges[:0]
	for _, r := range a.ranges {
		seek := a.seek(p, cols, r)
		if len(seek) == 0 {
			return // nothing has been left out so far: that depends on the columns, not on the range
		}
		start := seek
		if a.walk.outer > 0 && len(start) > a.walk.outer {
			start = start[:a.walk.outer]
		}
		if r, ok := begin(cols, r, start, a.walk.desc); ok {
			kept, a.seeks = append(kept, r), append(a.seeks, seek)
		}
	}
	a.ranges = kept
}

// seek is the place among the first columns of the key before which no row of r is past the cursor. A column that has one
// value in r stands with that value. Where the cursor has another one, that decides, and what comes after it in the
// order says nothing any more.
func (a *access) seek(p *Plan, cols []index.Column, r index.Range) []index.Value {
	var out []index.Value
	for _, col := range cols[:a.walk.depth] {
		if v, ok := a.value(r, col.Pos); ok {
			out = append(out, v)
			continue
		}
		at := p.sortedBy(col.Pos)
		// A tree has NULL elsewhere than the order wants it, where rows cannot have NULL; a cursor can.
		if at < 0 || !a.agrees(p, r, at) || !p.sort[at].naturalIn(col) && p.cursor[at].IsNull() {
			break
		}
		out = append(out, p.cursor[at])
	}
	return out
}

// value is the one value that a column has in all rows of r.
func (a *access) value(r index.Range, pos int) (v index.Value, ok bool) {
	for i := range a.equal {
		if a.equal[i].pos == pos && (a.order == orderEach || a.equal[i].single()) {
			return r.Low[i], true
		}
	}
	for _, dom := range a.fixed {
		if dom.pos == pos {
			return dom.spans[0].low, true
		}
	}
	return v, false
}

// agrees tells whether the cursor has the values of r's rows in those of the first columns of the order in which these
// have one value.
func (a *access) agrees(p *Plan, r index.Range, columns int) bool {
	for i, c := range p.sort[:columns] {
		if v, ok := a.value(r, c.pos); ok && !index.Equal(c.typ, v, p.cursor[i]) {
			return false
		}
	}
	return true
}

func (p *Plan) sortedBy(pos int) int {
	for i := range p.sort {
		if p.sort[i].pos == pos {
			return i
		}
	}
	return -1
}

// begin cuts off what comes before start. ok is false if that is all of the range.
func begin(cols []index.Column, r index.Range, start []index.Value, desc bool) (_ index.Range, ok bool) {
	if desc {
		if compareBounds(cols, r.Low, start) > 0 {
			return r, false
		}
		if c := compareBounds(cols, r.High, start); c > 0 || c == 0 && len(r.High) < len(start) && !r.HighOpen {
			r.High, r.HighOpen = start, false
		}
		return r, true
	}
	if compareBounds(cols, r.High, start) < 0 {
		return r, false
	}
	if c := compareBounds(cols, r.Low, start); c < 0 || c == 0 && len(r.Low) < len(start) && !r.LowOpen {
		r.Low, r.LowOpen = start, false
	}
	return r, true
}

// compareBounds compares as many values as both have.
func compareBounds(cols []index.Column, a, b []index.Value) int {
	for i := range min(len(a), len(b)) {
		if c := cols[i].Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// group narrows a range to the rows with the given values of the key's first columns, and turns it round.
func (a *access) group(cols []index.Column, r index.Range, head, seek []index.Value) index.Range {
	g := index.Range{Low: head, High: head, Desc: !a.walk.desc}
	if len(r.Low) > len(head) && compareBounds(cols, r.Low, head) == 0 {
		g.Low, g.LowOpen = r.Low, r.LowOpen
	}
	if len(r.High) > len(head) && compareBounds(cols, r.High, head) == 0 {
		g.High, g.HighOpen = r.High, r.HighOpen
	}
	if len(seek) > len(head) && compareBounds(cols, seek, head) == 0 {
		g, _ = begin(cols, g, seek, g.Desc)
	}
	return g
}
