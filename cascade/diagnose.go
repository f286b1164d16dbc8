package cascade

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Diagnostic is something about a definition that cannot do what it seems to say.
type Diagnostic = types.Diagnostic

// Diagnostics lists what is wrong with the references, in the order of their names. O(references).
func (g *Graph) Diagnostics() []Diagnostic {
	var out []Diagnostic
	for _, r := range g.refs {
		out = append(out, r.hopelessActions()...)
	}
	return append(out, g.mandatoryCycles()...)
}

// hopelessActions are actions that fail whenever they fire.
func (r *Ref) hopelessActions() []Diagnostic {
	var out []Diagnostic
	for _, event := range []struct {
		name   string
		action table.Action
		pos    []int
	}{{"ON DELETE", r.OnDelete, r.setPos}, {"ON UPDATE", r.OnUpdate, r.childPos}} {
		for _, p := range event.pos {
			c := r.childDef.Columns()[p]
			switch {
			case !c.NotNull || event.action != table.SetNull && (event.action != table.SetDefault || c.HasDefault()):
				continue
			case event.action == table.SetNull:
				out = append(out, Diagnostic{Table: r.Child, Name: r.Name, Cure: "let the column be NULL, or choose another action",
					Problem: fmt.Sprintf("%s SET NULL can only fail, since %s is NOT NULL", event.name, c.Name)})
			default:
				out = append(out, Diagnostic{Table: r.Child, Name: r.Name, Cure: "give the column a default, or choose another action",
					Problem: fmt.Sprintf("%s SET DEFAULT can only fail, since %s is NOT NULL and has no default", event.name, c.Name)})
			}
			break
		}
	}
	return out
}

// mandatoryCycles finds references that can never be satisfied by a first row: cycles of tables in which every
// reference is NOT NULL and none is deferrable. A table that refers to itself is not one: a row may refer to itself.
func (g *Graph) mandatoryCycles() []Diagnostic {
	var out []Diagnostic
	reported := map[int]bool{}
	for _, r := range g.refs {
		if !r.mandatory() || reported[r.child] {
			continue
		}
		if cycle := g.pathBack(r.parent, r.child); cycle != nil {
			cycle = append([]int{r.child}, cycle...)
			var names []string
			for _, n := range cycle {
				reported[n] = true
				names = append(names, g.nodes[n].def.Name())
			}
			out = append(out, Diagnostic{Table: r.Child, Name: r.Name,
				Problem: "no row can ever be inserted: each of " + strings.Join(names, " -> ") + " needs a row of the next first",
				Cure:    "make one of the references Deferrable, or let its column be NULL"})
		}
	}
	return out
}

// mandatory tells whether every row must have a parent before it is inserted.
func (r *Ref) mandatory() bool {
	return !r.Deferrable && !r.Unchecked && r.child != r.parent &&
		!slices.ContainsFunc(r.childPos, func(p int) bool { return !r.childDef.Columns()[p].NotNull })
}

// pathBack is a shortest way over mandatory references from one table to another, both included; nil if there is none.
func (g *Graph) pathBack(from, to int) []int {
	came := map[int]int{from: -1}
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if n == to {
			var path []int
			for ; n >= 0; n = came[n] {
				path = append(path, n)
			}
			slices.Reverse(path)
			return path
		}
		for _, r := range g.nodes[n].out {
			if _, seen := came[r.parent]; !seen && r.mandatory() {
				came[r.parent] = n
				queue = append(queue, r.parent)
			}
		}
	}
	return nil
}
