package query

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// PathKind is how a plan comes to its rows.
type PathKind string

// The kinds of path, from [Plan.Explain].
const (
	PathNothing    PathKind = "nothing"     // the condition cannot be true
	PathUnique     PathKind = "unique key"  // a row at a time by all columns of a unique key
	PathLookup     PathKind = "key lookup"  // the rows with one value of a key's first columns
	PathRanges     PathKind = "key ranges"  // several ranges of a key
	PathRange      PathKind = "index range" // one range of a key, bound by more than equality
	PathIndexOrder PathKind = "index order" // all rows, by a key that gives the order
	PathScan       PathKind = "scan"        // all rows
	PathUnion      PathKind = "union"       // the rows of several paths, each once
)

// RowOrder is how a plan brings its rows into order.
type RowOrder string

// The paths to an order, from [Plan.Explain].
const (
	ByKey     RowOrder = "order by key"           // rows are found in order
	ByKeyDesc RowOrder = "order by key backwards" // rows are found in order, from the key's end
	ByGroup   RowOrder = "order by key in groups" // as before, rows with equal values the other way round
	ByMerge   RowOrder = "merge by"               // rows of each range are found in order; with a limit, as many as it needs
	BySort    RowOrder = "sort by"                // rows are sorted; with a limit, only so many are held
)

// Explain tells the path of a plan to its rows. It can be printed and written to JSON.
type Explain struct {
	Table  string    `json:"table"`
	Kind   PathKind  `json:"kind"`
	Key    string    `json:"key,omitempty"`
	Equal  []string  `json:"equal,omitempty"`  // what binds the key's first columns: authorId = 7
	Range  string    `json:"range,omitempty"`  // what binds the one after them: id > 100
	Filter string    `json:"filter,omitempty"` // what is tested on every row found
	Order  RowOrder  `json:"order,omitempty"`  // empty if there is one row at most
	Sort   []Order   `json:"sort,omitempty"`   // the order, where it takes a merge or a sort
	Paging string    `json:"paging,omitempty"` // "by key" or "by filter", with a cursor
	Limit  int       `json:"limit,omitempty"`
	Offset int       `json:"offset,omitempty"`
	Parts  []Explain `json:"parts,omitempty"` // of a union
}

// Explain tells what the plan does. O(size of the query).
func (p *Plan) Explain() Explain {
	e := Explain{Table: p.def.name, Kind: PathNothing}
	switch len(p.accesses) {
	case 0:
		return e
	case 1:
		if a := &p.accesses[0]; a.alike != nil {
			e.Kind, e.Parts = PathUnion, a.alike.explain(p, a)
		} else {
			p.explain(a, &e)
		}
	default:
		e.Kind = PathUnion
		for i := range p.accesses {
			part := Explain{Table: e.Table}
			p.explain(&p.accesses[i], &part)
			e.Parts = append(e.Parts, part)
		}
	}
	p.explainOrder(&e)
	e.Limit, e.Offset = p.limit, p.offset
	return e
}

func (p *Plan) explain(a *access, e *Explain) {
	e.Kind, e.Key = p.kind(a), p.def.keys[a.key].Name
	for i := range a.equal {
		e.Equal = append(e.Equal, a.bound(p.def, &a.equal[i]))
	}
	if a.next != nil {
		e.Range = a.bound(p.def, a.next)
	}
	e.Filter = filterText(conds(p.def, a.residual))
}

func conds(def *Shape, nodes []*node) (out []Cond) {
	for _, n := range nodes {
		out = append(out, n.cond(def))
	}
	return out
}

// filterText is what is tested, empty if nothing is.
func filterText(tests []Cond) string {
	switch len(tests) {
	case 0:
		return ""
	case 1:
		return tests[0].String()
	}
	return And(tests...).String()
}

func (p *Plan) kind(a *access) PathKind {
	several := len(a.ranges) > 1
	switch {
	case a.lookup:
		return PathUnique
	case several && (a.selective || len(a.equal) > 0):
		return PathRanges
	case a.selective || a.next != nil && len(a.equal) > 0:
		return PathRange
	case len(a.equal) > 0:
		return PathLookup
	case a.order == orderWhole && (a.key > 0 || p.asked):
		return PathIndexOrder
	}
	return PathScan
}

func (p *Plan) explainOrder(e *Explain) {
	a := &p.accesses[0]
	if p.cursor != nil {
		e.Paging = "by filter"
		if !slices.ContainsFunc(p.accesses, func(a access) bool { return a.seeks == nil }) {
			e.Paging = "by key"
		}
	}
	switch {
	case p.streams() && a.lookup && len(a.equal) > 0 && len(a.ranges) == 1:
	case p.streams() && a.walk.outer > 0:
		e.Order = ByGroup
	case p.streams() && a.walk.desc:
		e.Order = ByKeyDesc
	case p.streams():
		e.Order = ByKey
	default:
		e.Order = ByMerge
		if slices.ContainsFunc(p.accesses, func(a access) bool { return a.order == orderNone }) {
			e.Order = BySort
		}
		for i := range p.sort {
			e.Sort = append(e.Sort, p.sort[i].order(p.def))
		}
	}
}

// String is the plan in one line: posts: index range on posts_authorId_fkidx (authorId = 7, id > 100), filter title LIKE
// 'a%', order by key, limit 10.
func (e Explain) String() string { return e.Table + ": " + e.text() }

func (e *Explain) text() string {
	parts := []string{e.path()}
	if e.Filter != "" {
		parts = append(parts, "filter "+e.Filter)
	}
	if e.Order != "" {
		parts = append(parts, strings.TrimSpace(string(e.Order)+" "+orderText(e.Sort)))
	}
	if e.Paging != "" {
		parts = append(parts, "page "+e.Paging)
	}
	if e.Offset > 0 {
		parts = append(parts, fmt.Sprintf("offset %d", e.Offset))
	}
	if e.Limit > 0 {
		parts = append(parts, fmt.Sprintf("limit %d", e.Limit))
	}
	return strings.Join(parts, ", ")
}

func (e *Explain) path() string {
	s := string(e.Kind)
	if e.Key != "" {
		s += " on " + e.Key
	}
	bounds := slices.Clone(e.Equal)
	if e.Range != "" {
		bounds = append(bounds, e.Range)
	}
	if len(bounds) > 0 {
		s += " (" + strings.Join(bounds, ", ") + ")"
	}
	for i := range e.Parts {
		s += map[bool]string{true: " of [", false: "] and ["}[i == 0] + e.Parts[i].text()
	}
	if len(e.Parts) > 0 {
		s += "]"
	}
	return s
}

func orderText(order []Order) string {
	var parts []string
	for _, o := range order {
		parts = append(parts, o.String())
	}
	return strings.Join(parts, ", ")
}

// text says what values a domain has.
func (d *domain) text(def *Shape) string {
	name := def.columns[d.pos].Name
	if len(d.spans) > 1 && d.points() && !d.hasNull() {
		var vals []any
		for _, s := range d.spans {
			vals = append(vals, types.ToGo(d.typ, s.low))
		}
		return In(name, vals...).String()
	}
	var parts []string
	for i := range d.spans[:min(len(d.spans), maxLiterals)] {
		parts = append(parts, d.spans[i].cond(name, d.typ).String())
	}
	if more := len(d.spans) - maxLiterals; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, " OR ")
}

func (s *span) cond(name string, t index.Type) Cond {
	var ends []Cond
	switch {
	case s.isPoint(t):
		return Eq(name, types.ToGo(t, s.low))
	case s.bottom && s.hasNull():
		return Cond{}
	case s.bottom:
	case s.lowOpen:
		ends = append(ends, Gt(name, types.ToGo(t, s.low)))
	default:
		ends = append(ends, Gte(name, types.ToGo(t, s.low)))
	}
	switch {
	case s.hasNull():
		return Or(append(ends, IsNull(name))...)
	case s.high.IsNull() && len(ends) == 0:
		ends = append(ends, NotNull(name))
	case s.high.IsNull():
	case s.highOpen:
		ends = append(ends, Lt(name, types.ToGo(t, s.high)))
	default:
		ends = append(ends, Lte(name, types.ToGo(t, s.high)))
	}
	return And(ends...)
}
