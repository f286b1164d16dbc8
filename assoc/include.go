package assoc

import (
	"reflect"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// inclusion is a compiled [query.Include], or the rows that a getter asks for. It belongs to one query.
type inclusion struct {
	*boundAssociation
	where    filter
	through  filter
	shape    *shape
	junction *shape // nil: not shown
	required bool
	separate bool
	hidden   bool          // there is nothing of it to show
	sort     func([]found) // nil: as the walk finds them
	limit    int
	offset   int
	kids     []*inclusion
	memo     map[index.Record]*DetachedRow // targets that several sources may lead to
	slab     []DetachedRow
	scratch  []*DetachedRow
}

// found is a target with the junction row that led to it.
type found struct{ target, junction index.Record }

// expand is the branch of one source record. ok is false if the inclusion requires rows and there are none.
func (in *inclusion) expand(v index.Value) (b Branch, ok bool) {
	b = Branch{As: in.a.As, Many: in.a.Kind.Many(), Hidden: in.hidden}
	b.Nodes = in.scratch[:0]
	if in.sort != nil || in.offset > 0 {
		rows := in.sortedRows(v)
		for _, f := range rows[min(in.offset, len(rows)):] {
			if in.full(&b) {
				break
			}
			if n := in.node(f); n != nil {
				b.Nodes = append(b.Nodes, n)
			}
		}
	} else {
		in.eachFrom(v, func(t, j index.Record) bool {
			if f := (found{t, j}); in.admits(f) {
				if n := in.node(f); n != nil {
					b.Nodes = append(b.Nodes, n)
				}
			}
			return !in.full(&b)
		})
	}
	in.scratch, b.Nodes = b.Nodes, append([]*DetachedRow(nil), b.Nodes...)
	return b, len(b.Nodes) > 0 || !in.required
}

// count is how many rows the branch of a source has.
func (in *inclusion) count(v index.Value) (n int) {
	if len(in.kids) > 0 {
		b, _ := in.expand(v)
		return len(b.Nodes)
	}
	filters := in.where != nil || in.through != nil
	in.eachFrom(v, func(t, j index.Record) bool {
		if !filters || in.admits(found{t, j}) {
			n++
		}
		return true
	})
	n = max(n-in.offset, 0)
	switch {
	case !in.a.Kind.Many():
		return min(n, 1)
	case in.limit > 0:
		return min(n, in.limit)
	}
	return n
}

// members are the rows of the branch of a source, to be asked of records of the target's table whether they are among them.
type members struct {
	in   *inclusion
	from index.Value
	rows []*DetachedRow // of an inclusion that tells by its rows alone
}

func (in *inclusion) members(v index.Value) members {
	m := members{in: in, from: v}
	if !in.tellsOne() {
		b, _ := in.expand(v)
		m.rows = b.Nodes
	}
	return m
}

// tellsOne tells whether a row is in a branch or not whatever else is in it.
func (in *inclusion) tellsOne() bool { return in.limit == 0 && in.offset == 0 && len(in.kids) == 0 }

func (m members) has(rec index.Record) bool {
	if m.in.tellsOne() {
		return m.in.where.is(rec) && m.in.leads(m.from, rec, m.in.through)
	}
	return slices.ContainsFunc(m.rows, func(n *DetachedRow) bool { return n.rec == rec })
}

// full tells whether a branch has all rows that it may have.
func (in *inclusion) full(b *Branch) bool {
	return !b.Many && len(b.Nodes) == 1 || in.limit > 0 && len(b.Nodes) == in.limit
}

func (in *inclusion) admits(f found) bool {
	return in.where.is(f.target) && in.through.is(f.junction)
}

// sortedRows are the rows that the filters let through and that have what they require, in order.
func (in *inclusion) sortedRows(v index.Value) []found {
	var rows []found
	in.eachFrom(v, func(t, j index.Record) bool {
		if f := (found{t, j}); in.admits(f) && (in.offset == 0 || in.node(f) != nil) {
			rows = append(rows, f)
		}
		return true
	})
	if in.sort != nil {
		in.sort(rows)
	}
	return rows
}

// node is the node of a row with all that is included in it; nil if it lacks something that is required.
func (in *inclusion) node(f found) *DetachedRow {
	if in.memo == nil {
		return in.fresh(f)
	}
	shared, seen := in.memo[f.target]
	if !seen {
		shared = in.fresh(found{target: f.target})
		in.memo[f.target] = shared
	}
	if shared == nil || in.junction == nil {
		return shared
	}
	n := in.take()
	*n = *shared
	n.more = &more{branches: shared.rest().branches, junction: in.junctionNode(f.junction)}
	return n
}

func (in *inclusion) fresh(f found) *DetachedRow {
	branches, ok := expandAll(in.kids, in.target.Def(), f.target)
	if !ok {
		return nil
	}
	n := in.take()
	*n = DetachedRow{shape: in.shape, rec: f.target}
	if branches != nil {
		n.more = &more{branches: branches}
	}
	if in.junction != nil && !f.junction.IsZero() {
		n.more = &more{branches: branches, junction: in.junctionNode(f.junction)}
	}
	return n
}

func (in *inclusion) junctionNode(rec index.Record) *DetachedRow {
	n := in.take()
	*n = DetachedRow{shape: in.junction, rec: rec}
	return n
}

// slabSize is how many nodes are allocated at once.
const slabSize = 64

// take is a new node.
func (in *inclusion) take() *DetachedRow {
	if len(in.slab) == 0 {
		in.slab = make([]DetachedRow, slabSize)
	}
	n := &in.slab[0]
	in.slab = in.slab[1:]
	return n
}

// expandAll is what is included in a record; ok is false if something required is not there.
func expandAll(kids []*inclusion, def *table.Def, rec index.Record) ([]Branch, bool) {
	if len(kids) == 0 {
		return nil, true
	}
	branches := make([]Branch, len(kids))
	for i, kid := range kids {
		var ok bool
		if branches[i], ok = kid.expand(rec.At(kid.from)); !ok {
			return nil, false
		}
	}
	return branches, true
}

// requires tells whether some rows may be left out for what they lack.
func requires(kids []*inclusion) bool {
	return slices.ContainsFunc(kids, func(k *inclusion) bool { return k.required })
}

// allNamed are the associations that a list of includes names, nil where it asks for all, and where it only says again what
// it has said, which Sequelize lets pass. One that is named twice in different words is refused: which of them should the row
// show?
func (c compiler) allNamed(tableName string, list []query.Include) ([]*Association, error) {
	out := make([]*Association, len(list))
	for i := range list {
		if list[i].All {
			continue
		}
		a, err := c.named(tableName, &list[i])
		if err != nil {
			return nil, err
		}
		switch first := slices.Index(out, a); {
		case first < 0:
			out[i] = a
		case !sameInclude(list[first], list[i]):
			return nil, &types.Error{Kind: types.ErrQuery, Op: "include", Table: tableName, State: "42712",
				Detail: a.String() + " is included twice, in different words", Hint: "include it once; for two views of the rows define a second association with an alias of its own"}
		}
	}
	return out, nil
}

// sameInclude tells whether two includes of one association ask for the same.
func sameInclude(a, b query.Include) bool {
	a.As, a.Model, b.As, b.Model = "", "", "", ""
	return reflect.DeepEqual(a, b)
}

// NoThrough refuses a query on the rows of a table that asks for junction rows, as a getter's may. The error is of kind
// [types.ErrQuery].
func NoThrough(def *table.Def, q query.Query) error {
	if asksNothing(q.Through) {
		return nil
	}
	return noThrough(def.Name() + " is not found through a junction")
}

func asksNothing(t query.Through) bool {
	return t.Where.Op == query.OpAll && t.Columns == nil && !t.Deleted
}

// noThrough refuses what is asked of junction rows where there are none.
func noThrough(why string) error {
	return &types.Error{Kind: types.ErrQuery, Detail: why + ", but Through asks for junction rows",
		Hint: "leave Through out; Where filters the rows themselves"}
}
