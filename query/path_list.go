package query

import (
	"slices"
)

// listFrom stands for the values of a [List] where a condition is shown. It is the alias of the association.
type listFrom string

// hasList tells whether a list from an association is among what the condition says of its column.
func (n *node) hasList() bool {
	if n.kind == nodeTest {
		return n.listed
	}
	return (n.kind == nodeAnd || n.kind == nodeOr) && slices.ContainsFunc(n.kids, func(kid node) bool { return kid.hasList() })
}

// lists are the parts of c about columns that are bound in a, also by a list.
func (c *conjunction) lists(a *access) (out []part) {
	for _, listed := range c.parts {
		if listed.pos < 0 || !listed.node.hasList() || !a.binds(listed.pos) {
			continue
		}
		for _, p := range c.parts {
			if p.pos == listed.pos && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// bound says what binds a column: its values, or where the list of them comes from.
func (a *access) bound(d *Shape, dom *domain) string {
	var conds []Cond
	for _, p := range a.lists {
		if p.pos == dom.pos {
			conds = append(conds, p.node.binding(d))
		}
	}
	switch len(conds) {
	case 0:
		return dom.text(d)
	case 1:
		return conds[0].String()
	}
	return And(conds...).String()
}

// binding is the condition that a node puts on its column, for showing it.
func (n *node) binding(d *Shape) Cond {
	switch {
	case n.kind == nodeTest:
		return In(d.columns[n.pos].Name, listFrom(n.alias.Column))
	case n.kind != nodeAnd && n.kind != nodeOr:
		return n.cond(d)
	}
	c := Cond{Op: pick(n.kind == nodeAnd, OpAnd, OpOr)}
	for i := range n.kids {
		c.Conds = append(c.Conds, n.kids[i].binding(d))
	}
	return c
}
