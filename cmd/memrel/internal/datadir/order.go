package datadir

import (
	"slices"

	"github.com/memrel/memrel"
)

// group is tables that are loaded together: one table, or several that refer to one another in a circle.
type group struct {
	tables []string
	cyclic bool // rows may refer to rows of the group that come later
}

// order puts tables into groups such that each group refers only to itself and to groups before it. It is Tarjan's
// algorithm over the references, whose groups come out in this order; equal schemas give equal orders.
func order(schemas []memrel.Schema) []group {
	t := tarjan{schemas: map[string]*memrel.Schema{}, num: map[string]int{}, low: map[string]int{}}
	var names []string
	for i := range schemas {
		t.schemas[schemas[i].Name] = &schemas[i]
		names = append(names, schemas[i].Name)
	}
	slices.Sort(names)
	for _, name := range names {
		if t.num[name] == 0 {
			t.visit(name)
		}
	}
	return t.groups
}

type tarjan struct {
	schemas  map[string]*memrel.Schema
	num, low map[string]int
	stack    []string
	groups   []group
}

// visit recurses as deep as tables refer to tables.
func (t *tarjan) visit(name string) {
	t.num[name] = len(t.num) + 1
	t.low[name] = t.num[name]
	t.stack = append(t.stack, name)
	toSelf := false
	for _, parent := range parents(t.schemas[name]) {
		switch {
		case parent == name:
			toSelf = true
		case t.schemas[parent] == nil:
		case t.num[parent] == 0:
			t.visit(parent)
			t.low[name] = min(t.low[name], t.low[parent])
		case slices.Contains(t.stack, parent):
			t.low[name] = min(t.low[name], t.num[parent])
		}
	}
	if t.low[name] < t.num[name] {
		return
	}
	at := slices.Index(t.stack, name)
	g := group{tables: slices.Sorted(slices.Values(t.stack[at:]))}
	g.cyclic = toSelf || len(g.tables) > 1
	t.stack = t.stack[:at]
	t.groups = append(t.groups, g)
}

// parents are the tables in which the parents of a table's rows have to be, sorted, each once.
func parents(s *memrel.Schema) []string {
	var out []string
	for _, r := range s.References {
		if !r.Unchecked {
			out = append(out, r.Table)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
