package query

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// CompileCond resolves the names and converts the values of a condition. Numbers compare with Int and Float columns as
// PostgreSQL compares them: id = 1.5 is false and id < 1.5 is id <= 1, and what is out of the column's range equals
// nothing but keeps its place in the order. Errors are of kind [types.ErrUnknownColumn], [types.ErrType] and [types.ErrQuery].
func (s *Shape) CompileCond(c Cond) (*Predicate, error) {
	root, err := s.compileNode(&c, false, 0)
	if err != nil {
		return nil, s.Blame(err)
	}
	return &Predicate{c, root}, nil
}

// compileNode compiles c, or NOT c.
func (s *Shape) compileNode(c *Cond, not bool, depth int) (node, error) {
	if depth > maxNesting {
		return node{}, tooDeep()
	}
	if err := c.check(); err != nil {
		return node{}, err
	}
	switch c.Op {
	case OpAll:
		return constant(TruthOf(!not)), nil
	case OpNot:
		return s.compileNode(&c.Conds[0], !not, depth+1)
	case OpAnd, OpOr:
		return s.compileKids(c, not, depth)
	}
	if c.OnAssociation() {
		if c.test == nil {
			e := condError("a condition on the association %s cannot stand here", c.Column)
			e.Hint = "use it in a query for rows"
			return node{}, e
		}
		return s.test(*c, not), nil
	}
	pos, ok := s.pos[c.Column]
	if !ok {
		return node{}, s.UnknownColumn(c.Column)
	}
	l := leaf{col: &s.columns[pos], pos: pos, not: not}
	return l.compile(c)
}

// test is a resolved condition on an association. Its list counts where it says what is asked, the condition or its negation.
func (s *Shape) test(c Cond, not bool) node {
	n := node{kind: nodeTest, alias: &c, negate: not}
	if l := c.list; l != nil && l.Not == not {
		n.pos, n.typ, n.vals, n.listed, n.complete = l.Column, s.columns[l.Column].Type, l.Values, true, l.Complete
	}
	return n
}

func constant(t Truth) node { return node{kind: nodeConst, konst: t} }

// compileKids makes AND or OR of the parts; negated, the other one of the negated parts. Parts of the same kind are
// taken in.
func (s *Shape) compileKids(c *Cond, not bool, depth int) (node, error) {
	n := node{kind: nodeAnd, kids: make([]node, 0, len(c.Conds))}
	if (c.Op == OpOr) != not {
		n.kind = nodeOr
	}
	for i := range c.Conds {
		kid, err := s.compileNode(&c.Conds[i], not, depth+1)
		if err != nil {
			return node{}, err
		}
		n.take(kid)
	}
	// A constant that decides comes last, and alone.
	if last := len(n.kids) - 1; last >= 0 && n.kids[last].kind == nodeConst && n.kids[last].konst == n.deciding() {
		return n.kids[last], nil
	}
	switch len(n.kids) {
	case 0:
		return constant(TruthOf(n.kind == nodeAnd)), nil
	case 1:
		return n.kids[0], nil
	}
	return n, nil
}

// deciding is the truth of one part that decides AND or OR.
func (n *node) deciding() Truth { return TruthOf(n.kind == nodeOr) }

// take adds a part to AND or OR, unless it changes nothing.
func (n *node) take(kid node) {
	last := len(n.kids) - 1
	switch {
	case last >= 0 && n.kids[last].kind == nodeConst && n.kids[last].konst == n.deciding():
	case kid.kind == nodeConst && kid.konst == -n.deciding():
	case kid.kind == n.kind:
		n.kids = append(n.kids, kid.kids...)
	default:
		n.kids = append(n.kids, kid)
	}
}

// leaf compiles a condition on one column, or its negation.
type leaf struct {
	col *types.Column
	pos int
	not bool
}

func (l *leaf) compile(c *Cond) (node, error) {
	switch c.Op {
	case OpEq:
		return l.compare(same, c.Value)
	case OpNe:
		return l.negated().compare(same, c.Value)
	case OpLt:
		return l.compare(less, c.Value)
	case OpLte:
		return l.compare(less|same, c.Value)
	case OpGt:
		return l.compare(greater, c.Value)
	case OpGte:
		return l.compare(greater|same, c.Value)
	case OpIn:
		return l.in(c.Values)
	case OpNotIn:
		return l.negated().in(c.Values)
	case OpBetween:
		return l.between(c.Values[0], c.Values[1])
	case OpLike:
		return l.like(c.Value)
	case OpNotLike:
		return l.negated().like(c.Value)
	case OpIsNull:
		return l.node(node{kind: nodeNull, null: !l.not}), nil
	default:
		return l.node(node{kind: nodeNull, null: l.not}), nil
	}
}

func (l *leaf) negated() *leaf { return &leaf{l.col, l.pos, !l.not} }

func (l *leaf) node(n node) node {
	n.pos, n.typ = l.pos, l.col.Type
	return n
}

// compare is the comparison that accepts the given outcomes; for equality with NULL, a test for NULL.
func (l *leaf) compare(accept signs, v any) (node, error) {
	if l.not {
		accept ^= ever
	}
	at, err := locate(l.col, v)
	switch {
	case err != nil:
		return node{}, err
	case at.val.IsNull() && (accept == same || accept == less|greater):
		return l.node(node{kind: nodeNull, null: accept == same}), nil
	case at.val.IsNull():
		return constant(Unknown), nil
	}
	return l.node(node{kind: nodeCompare, accept: at.adjust(accept), val: at.val}), nil
}

func (l *leaf) between(lo, hi any) (node, error) {
	low, err := (&leaf{l.col, l.pos, false}).compare(greater|same, lo)
	if err != nil {
		return node{}, err
	}
	high, err := (&leaf{l.col, l.pos, false}).compare(less|same, hi)
	if err != nil {
		return node{}, err
	}
	n := node{kind: nodeAnd, kids: []node{low, high}}
	if !l.not {
		return n, nil
	}
	n.kind = nodeOr
	for i := range n.kids {
		n.kids[i].accept ^= ever // an unknown one has none, and stays unknown
	}
	return n, nil
}

func (l *leaf) in(vals []any) (node, error) {
	if len(vals) == 0 {
		return constant(TruthOf(l.not)), nil
	}
	n := node{kind: nodeIn, negate: l.not}
	for _, v := range vals {
		at, err := locate(l.col, v)
		switch {
		case err != nil:
			return node{}, err
		case at.val.IsNull():
			n.null = true
		case at.place == placeAt: // what no value equals is in the list for nothing
			n.vals = append(n.vals, at.val)
		}
	}
	slices.SortFunc(n.vals, func(a, b index.Value) int { return index.Compare(l.col.Type, a, b) })
	n.vals = slices.CompactFunc(n.vals, func(a, b index.Value) bool { return index.Equal(l.col.Type, a, b) })
	if len(n.vals) == 1 && !n.null {
		accept := same
		if l.not {
			accept = less | greater
		}
		return l.node(node{kind: nodeCompare, accept: accept, val: n.vals[0]}), nil
	}
	return l.node(n), nil
}

func (l *leaf) like(v any) (node, error) {
	if !l.col.Type.IsString() {
		return node{}, &types.Error{Kind: types.ErrType, State: "42883", Columns: []string{l.col.Name},
			Detail: fmt.Sprintf("LIKE needs a string column, and %s is of type %s", l.col.Name, l.col.Type)}
	}
	val, err := bare(l.col).FromGo(v)
	if err != nil {
		return node{}, err
	}
	if val.IsNull() {
		return constant(Unknown), nil
	}
	p, err := parsePattern(val.Folded())
	if err != nil {
		return node{}, err
	}
	if lit, _, exact := p.prefix(); exact {
		return l.compare(same, lit)
	}
	return l.node(node{kind: nodeLike, like: p, negate: l.not}), nil
}
