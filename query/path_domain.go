package query

import (
	"slices"
	"sort"

	"github.com/memrel/memrel/index"
)

// span is a range of a column's values. NULL stands after every value, as in a tree.
type span struct {
	low, high         index.Value
	lowOpen, highOpen bool
	bottom            bool // there is no lower end
}

func point(v index.Value) span { return span{low: v, high: v} }

// values is every value, without NULL.
func values() span { return span{bottom: true, highOpen: true} }

func (s *span) isPoint(t index.Type) bool {
	return !s.bottom && !s.lowOpen && !s.highOpen && index.Equal(t, s.low, s.high)
}

func (s *span) empty(t index.Type) bool {
	if s.bottom {
		return false
	}
	c := index.Compare(t, s.low, s.high)
	return c > 0 || c == 0 && (s.lowOpen || s.highOpen)
}

func (s *span) hasNull() bool { return s.high.IsNull() && !s.highOpen }

func compareLow(t index.Type, a, b *span) int {
	if a.bottom || b.bottom {
		return compareBools(b.bottom, a.bottom)
	}
	if c := index.Compare(t, a.low, b.low); c != 0 {
		return c
	}
	return compareBools(a.lowOpen, b.lowOpen)
}

func compareHigh(t index.Type, a, b *span) int {
	if c := index.Compare(t, a.high, b.high); c != 0 {
		return c
	}
	return compareBools(b.highOpen, a.highOpen)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// intersect is what two lists of spans have in common. Lists of spans are sorted and do not overlap. O(len(b) + spans of a
// between the ends of b + log(len(a))).
func intersect(t index.Type, a, b []span) []span {
	var out []span
	if len(b) == 0 {
		return nil
	}
	start := 0
	if !b[0].bottom {
		start = sort.Search(len(a), func(i int) bool { return index.Compare(t, a[i].high, b[0].low) >= 0 })
	}
	for i, j := start, 0; i < len(a) && j < len(b); {
		s := a[i]
		if compareLow(t, &b[j], &s) > 0 {
			s.low, s.lowOpen, s.bottom = b[j].low, b[j].lowOpen, b[j].bottom
		}
		first := compareHigh(t, &a[i], &b[j])
		if first > 0 {
			s.high, s.highOpen = b[j].high, b[j].highOpen
		}
		if !s.empty(t) {
			out = append(out, s)
		}
		if first <= 0 {
			i++
		}
		if first >= 0 {
			j++
		}
	}
	return out
}

// unite joins spans in any order into a list.
func unite(t index.Type, spans []span) []span {
	slices.SortStableFunc(spans, func(a, b span) int { return compareLow(t, &a, &b) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && touches(t, &out[n-1], &s) {
			if compareHigh(t, &s, &out[n-1]) > 0 {
				out[n-1].high, out[n-1].highOpen = s.high, s.highOpen
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// touches tells whether b, which does not begin before a, begins before a is over.
func touches(t index.Type, a, b *span) bool {
	if b.bottom {
		return true
	}
	c := index.Compare(t, b.low, a.high)
	return c < 0 || c == 0 && !(b.lowOpen && a.highOpen)
}

// domain is what conditions say of one column: the values for which they are true.
type domain struct {
	pos       int
	typ       index.Type
	spans     []span
	complete  bool // the values say all; otherwise the condition has to be tested as well
	selective bool // it is worth while to look for the values: more than "is not"
}

func (d *domain) points() bool {
	return !slices.ContainsFunc(d.spans, func(s span) bool { return !s.isPoint(d.typ) })
}

func (d *domain) single() bool { return len(d.spans) == 1 && d.spans[0].isPoint(d.typ) }

func (d *domain) hasNull() bool { return len(d.spans) > 0 && d.spans[len(d.spans)-1].hasNull() }

func (d *domain) and(o domain) {
	d.spans, d.complete, d.selective = intersect(d.typ, d.spans, o.spans), d.complete && o.complete, d.selective || o.selective
}

// domain is what a condition says of the one column that it is about. ok is false if it is about several, or about
// none, or cannot be said in spans.
func (n *node) domain() (dom domain, ok bool) {
	dom = domain{pos: n.pos, typ: n.typ, complete: true, selective: true}
	switch n.kind {
	case nodeNull:
		if n.null {
			dom.spans = []span{point(index.Null)}
		} else {
			dom.spans, dom.selective = []span{values()}, false
		}
	case nodeCompare:
		dom.spans, dom.selective = n.accept.spans(n.val), n.accept != ever && n.accept != less|greater
	case nodeIn:
		return n.listDomain(dom)
	case nodeTest:
		dom.complete = n.complete
		for _, v := range n.vals {
			dom.spans = append(dom.spans, point(v))
		}
		return dom, n.listed
	case nodeLike:
		return n.likeDomain(dom)
	case nodeAnd, nodeOr:
		return n.commonDomain()
	default:
		return dom, false
	}
	return dom, true
}

// spans are the values that compare with v as wanted.
func (s signs) spans(v index.Value) []span {
	below := span{bottom: true, high: v, highOpen: true}
	above := span{low: v, lowOpen: true, highOpen: true}
	switch s {
	case less:
		return []span{below}
	case less | same:
		return []span{{bottom: true, high: v}}
	case same:
		return []span{point(v)}
	case greater | same:
		return []span{{low: v, highOpen: true}}
	case greater:
		return []span{above}
	case less | greater:
		return []span{below, above}
	case ever:
		return []span{values()}
	}
	return nil
}

// maxHoles is the longest NOT IN that is taken as the spans between its values.
const maxHoles = 16

func (n *node) listDomain(dom domain) (domain, bool) {
	switch {
	case !n.negate:
		for _, v := range n.vals {
			dom.spans = append(dom.spans, point(v))
		}
	case n.null: // never true
	case len(n.vals) > maxHoles:
		return dom, false
	default:
		dom.spans, dom.selective = []span{values()}, false
		for _, v := range n.vals {
			dom.spans = intersect(n.typ, dom.spans, (less | greater).spans(v))
		}
	}
	return dom, true
}

func (n *node) likeDomain(dom domain) (domain, bool) {
	lit, whole, _ := n.like.prefix()
	if n.negate {
		dom.spans, dom.complete, dom.selective = []span{values()}, false, false
		return dom, true
	}
	s := values()
	if lit != "" {
		s = span{low: index.OfString(lit), highOpen: true}
		if end, ok := afterPrefix(lit); ok {
			s.high = index.OfString(end)
		}
	}
	dom.spans, dom.complete, dom.selective = []span{s}, whole, lit != ""
	return dom, true
}

// afterPrefix is the first string after all those that begin with s.
func afterPrefix(s string) (string, bool) {
	b := []byte(s)
	for len(b) > 0 && b[len(b)-1] == 0xff {
		b = b[:len(b)-1]
	}
	if len(b) == 0 {
		return "", false
	}
	b[len(b)-1]++
	return string(b), true
}

// commonDomain is the domain of AND and OR whose parts are about one column.
func (n *node) commonDomain() (dom domain, ok bool) {
	for i := range n.kids {
		kid, known := n.kids[i].domain()
		switch {
		case !known || ok && kid.pos != dom.pos:
			return dom, false
		case !ok:
			dom, ok = kid, true
		case n.kind == nodeAnd:
			dom.and(kid)
		default:
			dom.spans = append(dom.spans, kid.spans...)
			dom.complete, dom.selective = dom.complete && kid.complete, dom.selective && kid.selective
		}
	}
	if n.kind == nodeOr {
		dom.spans = unite(dom.typ, dom.spans)
	}
	return dom, ok
}
