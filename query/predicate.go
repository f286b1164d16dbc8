package query

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Truth is the value of a condition on a row in three-valued logic.
type Truth int8

// The truth values, in their order: AND is the least of its parts, OR the greatest.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

// String is "false", "unknown" or "true".
func (t Truth) String() string { return [...]string{"false", "unknown", "true"}[t+1] }

// Predicate is a [Cond] compiled for a table. It never changes and may be used from any goroutine. A nil Predicate is
// true of every row.
type Predicate struct {
	cond Cond
	root node
}

// Eval is the truth of the condition on a record of the table that it was compiled for. O(size of the condition), no
// allocation.
func (p *Predicate) Eval(r index.Record) Truth {
	if p == nil {
		return True
	}
	return p.root.eval(r)
}

// String is the condition in SQL, for people.
func (p *Predicate) String() string {
	if p == nil {
		return "TRUE"
	}
	return p.cond.String()
}

// node is a condition without NOT: that is carried down to the leaves when it is compiled, which three-valued logic
// allows. Leaves test one column.
type node struct {
	kind     nodeKind
	accept   signs // of nodeCompare: the outcomes for which it is true
	negate   bool  // of nodeIn and nodeLike
	null     bool  // of nodeIn: NULL is among the values; of nodeNull: true of NULL
	konst    Truth // of nodeConst
	typ      index.Type
	pos      int
	val      index.Value   // of nodeCompare
	vals     []index.Value // of nodeIn, and of nodeTest if listed: sorted, each once, no NULL
	like     *pattern
	kids     []node // of nodeAnd and nodeOr
	alias    *Cond  // of nodeTest: a condition on an association, resolved
	listed   bool   // of nodeTest: it is true of no rows but those with one of vals at pos
	complete bool   // of nodeTest: and of all of these
}

type nodeKind uint8

const (
	nodeConst nodeKind = iota
	nodeCompare
	nodeIn
	nodeLike
	nodeNull
	nodeAnd
	nodeOr
	nodeTest
)

// signs is a set of outcomes of a comparison. The empty set is what equals no value of the column's type, the full one
// what every value but NULL satisfies.
type signs uint8

const (
	less signs = 1 << iota
	same
	greater

	never signs = 0
	ever        = less | same | greater
)

func (s signs) has(c int) bool { return s>>(c+1)&1 != 0 }

func (n *node) eval(r index.Record) Truth {
	switch n.kind {
	case nodeCompare:
		return n.evalCompare(r.At(n.pos))
	case nodeConst:
		return n.konst
	case nodeAnd:
		return n.evalAnd(r)
	case nodeOr:
		return n.evalOr(r)
	case nodeNull:
		return TruthOf(r.At(n.pos).IsNull() == n.null)
	case nodeTest:
		return n.evalTest(r)
	}
	v := r.At(n.pos)
	switch {
	case v.IsNull():
		return Unknown
	case n.kind == nodeIn:
		return n.evalIn(v)
	}
	return TruthOf(n.like.match(v.Folded()) != n.negate)
}

func (n *node) evalCompare(v index.Value) Truth {
	switch {
	case v.IsNull():
		return Unknown
	case n.accept == same:
		return TruthOf(index.Equal(n.typ, v, n.val))
	}
	return TruthOf(n.accept.has(index.Compare(n.typ, v, n.val)))
}

func (n *node) evalTest(r index.Record) Truth {
	switch {
	case n.complete:
		return TruthOf(n.contains(r.At(n.pos)))
	case n.negate:
		return -n.alias.test(r)
	}
	return n.alias.test(r)
}

// TruthOf is [True] or [False].
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

func (n *node) evalAnd(r index.Record) Truth {
	least := True
	for i := range n.kids {
		if least = min(least, n.kids[i].eval(r)); least == False {
			break
		}
	}
	return least
}

func (n *node) evalOr(r index.Record) Truth {
	greatest := False
	for i := range n.kids {
		if greatest = max(greatest, n.kids[i].eval(r)); greatest == True {
			break
		}
	}
	return greatest
}

func (n *node) evalIn(v index.Value) Truth {
	in := False
	if n.contains(v) {
		in = True
	} else if n.null {
		in = Unknown
	}
	if n.negate {
		return -in
	}
	return in
}

func (n *node) contains(v index.Value) bool {
	lo, hi := 0, len(n.vals)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := index.Compare(n.typ, v, n.vals[mid]); {
		case c == 0:
			return true
		case c < 0:
			hi = mid
		default:
			lo = mid + 1
		}
	}
	return false
}

// cond is the condition that a node tests, for showing it.
func (n *node) cond(d *Shape) Cond {
	switch n.kind {
	case nodeConst:
		if n.konst == True {
			return Cond{}
		}
		return Or()
	case nodeAnd, nodeOr:
		return Cond{Op: map[nodeKind]Op{nodeAnd: OpAnd, nodeOr: OpOr}[n.kind], Conds: condsOf(d, n.kids)}
	}
	if n.kind == nodeTest {
		if n.negate {
			return Not(*n.alias)
		}
		return *n.alias
	}
	c := Cond{Column: d.columns[n.pos].Name}
	switch n.kind {
	case nodeNull:
		c.Op = pick(n.null, OpIsNull, OpNotNull)
	case nodeLike:
		c.Op, c.Value = pick(n.negate, OpNotLike, OpLike), n.like.text
	case nodeIn:
		c.Op = pick(n.negate, OpNotIn, OpIn)
		for _, v := range n.vals {
			c.Values = append(c.Values, types.ToGo(n.typ, v))
		}
		if n.null {
			c.Values = append(c.Values, nil)
		}
	default:
		c.Op, c.Value = n.accept.op(), types.ToGo(n.typ, n.val)
		if n.accept == ever || n.accept == never {
			c.Value = nil
		}
	}
	return c
}

func condsOf(d *Shape, nodes []node) []Cond {
	out := make([]Cond, len(nodes))
	for i := range nodes {
		out[i] = nodes[i].cond(d)
	}
	return out
}

func pick(first bool, a, b Op) Op {
	if first {
		return a
	}
	return b
}

// op is the operator that accepts these outcomes. What accepts none reads as a comparison with NULL.
func (s signs) op() Op {
	return [...]Op{never: OpLt, less: OpLt, same: OpEq, less | same: OpLte, greater: OpGt, less | greater: OpNe,
		greater | same: OpGte, ever: OpNotNull}[s]
}
