package query

import (
	"iter"
	"slices"

	"github.com/memrel/memrel/index"
)

// Interrupt has the plan stop where i says so; what it has found then is of no use, which [Interrupt.Err] tells.
func (p *Plan) Interrupt(i *Interrupt) { p.interrupt = i }

// Records walks the rows of the query in order. The table must not be written meanwhile. Rows are found as they are asked
// for, where the plan needs no sort and does not go backwards; otherwise all, or as many as the limit asks for, are held.
// O(log n + rows looked at), times the logarithm of the rows held if they are sorted.
func (p *Plan) Records(t Trees) iter.Seq[index.Record] {
	return func(yield func(index.Record) bool) { p.run(t, yield) }
}

// Collect gathers what [Plan.Records] walks.
func (p *Plan) Collect(t Trees) []index.Record {
	if !p.streams() || p.reversed {
		return p.held(t)
	}
	rows := make([]index.Record, 0, p.room(t))
	p.stream(t, func(r index.Record) bool {
		rows = append(rows, r)
		return true
	})
	return rows
}

// roomy is how many rows a query has room for at once that does not say how many it may find.
const roomy = 64

// room is how many rows to make room for before they are found.
func (p *Plan) room(t Trees) int {
	a, n := &p.accesses[0], roomy
	switch {
	case a.lookup:
		n = len(a.ranges)
	case p.limit > 0:
		n = p.limit
	}
	return min(n, t.Tree(0).Len())
}

// First is the first row of the query. It looks at no more rows than it needs. The table must not be written meanwhile.
func (p *Plan) First(t Trees) (first index.Record, ok bool) {
	if !p.reversed {
		one := *p
		one.limit, p = 1, &one
	}
	p.run(t, func(r index.Record) bool {
		first, ok = r, true
		return false
	})
	return first, ok
}

// Count is the number of rows that [Plan.Records] would give: limit, offset and cursor count. It sorts nothing, and is
// O(1) for a whole table. The table must not be written meanwhile.
func (p *Plan) Count(t Trees) int {
	most, bounded := p.most()
	n := 0
	if p.takesAll() {
		n = t.Tree(0).Len()
	} else {
		p.find(t, func(index.Record) bool {
			n++
			return !bounded || n < most
		})
	}
	if bounded {
		n = min(n, most)
	}
	return max(0, n-p.offset)
}

// Exists tells whether the query has a row. It stops at the first. The table must not be written meanwhile.
func (p *Plan) Exists(t Trees) bool {
	n := 0
	p.find(t, func(index.Record) bool {
		n++
		return n <= p.offset
	})
	return n > p.offset
}

// takesAll tells whether every row of the table is found.
func (p *Plan) takesAll() bool {
	if len(p.accesses) != 1 || p.cursor != nil {
		return false
	}
	a := &p.accesses[0]
	return len(a.residual) == 0 && len(a.equal) == 0 && a.next == nil
}

// find visits the rows of all accesses in no order, each once.
func (p *Plan) find(t Trees, visit func(index.Record) bool) {
	visit = p.once(visit)
	for i := range p.accesses {
		a := &p.accesses[i]
		for j := range a.ranges {
			if !p.scan(t, a, j, visit) {
				return
			}
		}
	}
}

// once is visit, called for each row the first time that it is found. O(rows found) room where accesses overlap, else none.
func (p *Plan) once(visit func(index.Record) bool) func(index.Record) bool {
	if !p.overlaps {
		return visit
	}
	seen := make(map[index.Record]struct{}, len(p.accesses))
	return func(r index.Record) bool {
		before := len(seen)
		seen[r] = struct{}{}
		return len(seen) == before || visit(r)
	}
}

func (p *Plan) run(t Trees, visit func(index.Record) bool) {
	if p.streams() && !p.reversed {
		p.stream(t, visit)
		return
	}
	for _, r := range p.held(t) {
		if !visit(r) {
			return
		}
	}
}

// held is the rows of a query that cannot give them as they are found.
func (p *Plan) held(t Trees) []index.Record {
	rows := p.collect(t)
	if p.reversed {
		slices.Reverse(rows)
	}
	return rows
}

// stream visits rows as they are found.
func (p *Plan) stream(t Trees, visit func(index.Record) bool) {
	a, window, n := &p.accesses[0], visit, 0
	if p.offset > 0 || p.limit > 0 {
		window = func(r index.Record) bool {
			n++
			return n <= p.offset || visit(r) && (p.limit == 0 || n-p.offset < p.limit)
		}
	}
	for i := range a.ranges {
		if !p.scan(t, a, a.turn(i), window) {
			return
		}
	}
}

// turn is the range that comes after i others.
func (a *access) turn(i int) int {
	if a.walk.desc {
		return len(a.ranges) - 1 - i
	}
	return i
}

// collect is the rows of the query in the order in which they are found.
func (p *Plan) collect(t Trees) []index.Record {
	var rows []index.Record
	if p.streams() {
		p.stream(t, func(r index.Record) bool {
			rows = append(rows, r)
			return true
		})
		return rows
	}
	if most, bounded := p.most(); bounded {
		rows = p.top(t, most)
	} else {
		p.find(t, func(r index.Record) bool {
			rows = append(rows, r)
			return true
		})
	}
	slices.SortFunc(rows, p.comparer())
	return rows[min(p.offset, len(rows)):]
}

// comparer is the order of the query, in which nothing comes before anything any more once the plan is interrupted.
func (p *Plan) comparer() func(a, b index.Record) int {
	if p.interrupt == nil {
		return p.sort.compare
	}
	return func(a, b index.Record) int {
		if p.interrupt.Row() {
			return 0
		}
		return p.sort.compare(a, b)
	}
}

// top is the first rows in order, unsorted. A range whose rows come in order is left at the first row that comes too
// late.
func (p *Plan) top(t Trees, most int) []index.Record {
	h := &topRows{sort: p.sort}
	inOrder := false
	visit := p.once(func(r index.Record) bool { return h.offer(r, most) || !inOrder })
	for i := range p.accesses {
		a := &p.accesses[i]
		inOrder = a.order != orderNone
		for j := range a.ranges {
			p.scan(t, a, j, visit)
		}
	}
	return h.rows
}

// topRows is a heap with the last row in order on top, once it is full.
type topRows struct {
	sort sorting
	rows []index.Record
}

// offer takes r if it is among the first most rows so far, and tells whether it is.
func (h *topRows) offer(r index.Record, most int) bool {
	switch {
	case len(h.rows) < most:
		h.rows = append(h.rows, r)
		if len(h.rows) == most {
			for i := most/2 - 1; i >= 0; i-- {
				h.sink(i)
			}
		}
		return true
	case h.sort.compare(r, h.rows[0]) < 0:
		h.rows[0] = r
		h.sink(0)
		return true
	}
	return false
}

// sink moves row i below those that come after it.
func (h *topRows) sink(i int) {
	for {
		kid := 2*i + 1
		if kid >= len(h.rows) {
			return
		}
		if kid+1 < len(h.rows) && h.sort.compare(h.rows[kid+1], h.rows[kid]) > 0 {
			kid++
		}
		if h.sort.compare(h.rows[kid], h.rows[i]) <= 0 {
			return
		}
		h.rows[i], h.rows[kid] = h.rows[kid], h.rows[i]
		i = kid
	}
}

// scan visits the rows of range i of a that belong to the query and are past the cursor. It returns false if visit did.
func (p *Plan) scan(t Trees, a *access, i int, visit func(index.Record) bool) (more bool) {
	switch {
	case p.interrupt != nil:
		return p.scanUntil(p.interrupt, t, a, i, visit)
	case p.passesAll(a):
		return p.scanAll(t, a, i, visit)
	}
	more = true
	p.look(t, a, i, func(r index.Record) bool {
		if p.passes(a, i, r) {
			more = visit(r)
		}
		return more
	})
	return more
}

// scanAll is scan of an access all of whose rows belong to the query.
func (p *Plan) scanAll(t Trees, a *access, i int, visit func(index.Record) bool) (more bool) {
	more = true
	p.look(t, a, i, func(r index.Record) bool {
		more = visit(r)
		return more
	})
	return more
}

// scanUntil is scan, until it is interrupted.
func (p *Plan) scanUntil(stop *Interrupt, t Trees, a *access, i int, visit func(index.Record) bool) (more bool) {
	if more = !stop.Row(); !more {
		return false
	}
	p.look(t, a, i, func(r index.Record) bool {
		if more = !stop.Row(); more && p.passes(a, i, r) {
			more = visit(r)
		}
		return more
	})
	return more
}

// look visits the rows of range i of a, whether they belong to the query or not.
func (p *Plan) look(t Trees, a *access, i int, visit func(index.Record) bool) {
	tree, r := t.Tree(a.key), a.ranges[i]
	switch {
	case a.lookup:
		if rec, ok := tree.Get(r.Low...); ok {
			visit(rec)
		}
	case a.walk.outer > 0:
		p.scanGroups(tree, a, i, visit)
	default:
		r.Desc = a.walk.desc
		tree.Scan(r, visit)
	}
}

// passesAll tells whether every row that a finds belongs to the query.
func (p *Plan) passesAll(a *access) bool {
	return len(a.residual) == 0 && len(a.excluded) == 0 && a.alike == nil && p.cursor == nil && p.visits == nil
}

// passes tells whether a row that a has found in range i belongs to the query.
func (p *Plan) passes(a *access, i int, r index.Record) bool {
	if p.visits != nil {
		*p.visits++
	}
	for _, n := range a.residual {
		if n.eval(r) != True {
			return false
		}
	}
	for _, n := range a.excluded {
		if n.eval(r) == True {
			return false
		}
	}
	if a.alike != nil && !a.alike.passes(i, r) {
		return false
	}
	return p.cursor == nil || p.sort.compareTo(r, p.cursor) > 0
}

// scanGroups walks from group to group in one direction, and through each in the other. It finds each group by its first
// row: O(log n) a group.
func (p *Plan) scanGroups(tree *index.Tree, a *access, i int, visit func(index.Record) bool) {
	cols := tree.Key().Order()
	r := a.ranges[i]
	outer := r
	outer.Desc = a.walk.desc
	var seek []index.Value
	if a.seeks != nil {
		seek = a.seeks[i]
	}
	values := make([]index.Value, a.walk.outer)
	for more := true; more; {
		var head index.Record
		tree.Scan(outer, func(r index.Record) bool {
			head = r
			return false
		})
		if head.IsZero() {
			return
		}
		for i, c := range cols[:a.walk.outer] {
			values[i] = head.At(c.Pos)
		}
		tree.Scan(a.group(cols, r, values, seek), func(r index.Record) bool {
			more = visit(r)
			return more
		})
		if a.walk.desc {
			outer.High, outer.HighOpen = values, true
		} else {
			outer.Low, outer.LowOpen = values, true
		}
	}
}
