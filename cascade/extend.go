package cascade

import (
	"cmp"
	"maps"
	"slices"

	"github.com/memrel/memrel/table"
)

// Order tells the turns of the references of a store whose deletes cascade sequentially.
type Order func(child string, r *table.Reference) table.Turn

// NewGraph is the graph of the tables of a catalog. See [Graph.Extend].
func NewGraph(c table.Catalog, defs []*table.Def, order Order) (*Graph, error) {
	return (&Graph{}).Extend(c, nil, defs, order)
}

// Extend is the graph after a batch of definitions: without the tables that are gone, and with those that came or changed. c is
// the catalog after the batch. Statements are worked by level; if order is given, deletes cascade sequentially. The error, a
// [types.ErrDefinition], is of the first reference that cannot be resolved: it refers to a table or column that does not exist,
// to columns that no unique key covers, or to another type. O(what the batch is about, and the references to that), and a copy of
// a pointer for each table and reference.
func (g *Graph) Extend(c table.Catalog, gone []string, changed []*table.Def, order Order) (*Graph, error) {
	next := &Graph{numbers: maps.Clone(g.numbers), nodes: slices.Clone(g.nodes), sequential: order != nil, soft: g.soft}
	if next.numbers == nil {
		next.numbers = map[string]int{}
	}
	open := g.detach(gone, changed)
	for _, name := range gone {
		next.drop(name)
	}
	for _, d := range changed {
		next.put(d)
	}
	fresh, err := next.resolveAll(c, changed, open)
	if err != nil {
		return nil, err
	}
	next.refs = mergeRefs(slices.DeleteFunc(slices.Clone(g.refs), func(r *Ref) bool { return open[r] }), fresh)
	next.attach(open, fresh)
	if order != nil || g.sequential {
		next.reorder(order)
	}
	return next, nil
}

// mergeRefs are references in their order and others in any, in their order. O(others x log references), and a copy of a pointer for each.
func mergeRefs(sorted, others []*Ref) []*Ref {
	if len(others) == 0 {
		return sorted
	}
	out := make([]*Ref, 0, len(sorted)+len(others))
	for _, r := range slices.SortedFunc(slices.Values(others), compareRefs) {
		at, _ := slices.BinarySearchFunc(sorted, r, compareRefs)
		out = append(append(out, sorted[:at]...), r)
		sorted = sorted[at:]
	}
	return append(out, sorted...)
}

// detach are the references that a batch of definitions is about: of tables that go or change, and to them.
func (g *Graph) detach(gone []string, changed []*table.Def) map[*Ref]bool {
	open := map[*Ref]bool{}
	note := func(name string) {
		if n := g.node(name); n != nil {
			for _, r := range n.in {
				open[r] = true
			}
			for _, r := range n.out {
				open[r] = true
			}
		}
	}
	for _, name := range gone {
		note(name)
	}
	for _, d := range changed {
		note(d.Name())
	}
	return open
}

func (g *Graph) drop(name string) {
	n := g.node(name)
	if n == nil {
		return
	}
	if n.def.SoftDelete() >= 0 {
		g.soft--
	}
	g.nodes[n.num] = nil
	delete(g.numbers, name)
}

// put gives a table its number, a free one if there is any.
func (g *Graph) put(d *table.Def) {
	if d.SoftDelete() >= 0 {
		g.soft++
	}
	if n := g.node(d.Name()); n != nil {
		if n.def.SoftDelete() >= 0 {
			g.soft--
		}
		g.nodes[n.num] = &node{def: d, num: n.num}
		return
	}
	num := len(g.nodes)
	if len(g.numbers) < len(g.nodes) {
		num = slices.Index(g.nodes, nil)
	} else {
		g.nodes = append(g.nodes, nil)
	}
	g.numbers[d.Name()], g.nodes[num] = num, &node{def: d, num: num}
}

// resolveAll resolves the references of tables that changed, and those to them of tables that did not.
func (g *Graph) resolveAll(c table.Catalog, changed []*table.Def, open map[*Ref]bool) ([]*Ref, error) {
	type declared struct {
		def *table.Def
		ref table.Reference
	}
	var all []declared
	isNew := map[string]bool{}
	for _, d := range changed {
		isNew[d.Name()] = true
		for _, r := range d.Peek().References {
			all = append(all, declared{d, r})
		}
	}
	for r := range open {
		if n := g.node(r.Child); n != nil && !isNew[r.Child] {
			all = append(all, declared{n.def, r.declared})
		}
	}
	slices.SortStableFunc(all, func(a, b declared) int {
		if a.def == b.def && isNew[a.def.Name()] {
			return 0 // as they are declared
		}
		return cmp.Or(cmp.Compare(a.def.Name(), b.def.Name()), cmp.Compare(a.ref.Name, b.ref.Name))
	})
	out := make([]*Ref, len(all))
	for i, x := range all {
		var err error
		if out[i], err = g.resolve(c, x.def, x.ref); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// attach gives tables their references: without those that are open, and with those that are fresh. A node that another graph has
// too is copied first.
func (g *Graph) attach(open map[*Ref]bool, fresh []*Ref) {
	own := map[*node]bool{}
	of := func(num int) *node {
		n := g.nodes[num]
		if n == nil || own[n] {
			return n
		}
		isOpen := func(r *Ref) bool { return open[r] }
		n = &node{def: n.def, num: n.num, in: slices.DeleteFunc(slices.Clone(n.in), isOpen), out: slices.DeleteFunc(slices.Clone(n.out), isOpen)}
		g.nodes[num], own[n] = n, true
		return n
	}
	for r := range open {
		of(r.child)
		of(r.parent)
	}
	for _, r := range fresh {
		p, c := of(r.parent), of(r.child)
		p.in, c.out = append(p.in, r), append(c.out, r)
	}
	for n := range own {
		slices.SortFunc(n.in, compareRefs)
		slices.SortFunc(n.out, compareRefs)
		for _, r := range n.out {
			n.narrow = append(n.narrow, r.narrow...)
		}
	}
}

// reorder numbers the references of a sequential graph, or takes the numbers away from one that is so no more. All of them are
// copied, since what one definition says may move others.
func (g *Graph) reorder(order Order) {
	copies := make(map[*Ref]*Ref, len(g.refs))
	for i, r := range g.refs {
		c := *r
		c.turn = table.Turn{}
		if order != nil {
			c.turn = order(c.Child, &c.Reference)
		}
		g.refs[i], copies[r] = &c, &c
	}
	for i, n := range g.nodes {
		if n == nil {
			continue
		}
		n = &node{def: n.def, num: n.num, in: slices.Clone(n.in), out: slices.Clone(n.out), narrow: n.narrow}
		for _, list := range [][]*Ref{n.in, n.out} {
			for j, r := range list {
				list[j] = copies[r]
			}
		}
		slices.SortStableFunc(n.in, func(a, b *Ref) int { return cmp.Compare(a.turn.Place, b.turn.Place) })
		g.nodes[i] = n
	}
}
