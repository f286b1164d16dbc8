package cascade

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Graph is every foreign key of a set of tables, resolved: which keys they refer to and which trees lead there. It never
// changes; altering a table makes a new one. It may be used from any goroutine.
type Graph struct {
	nodes      map[string]*node
	refs       []*Ref
	sequential bool // deletes cascade sequentially, not by level
	soft       bool // a table deletes softly
}

// node is a table in the graph; in is in the order in which a delete works the references, out in that of their names.
type node struct {
	def *table.Def
	num int
	in  []*Ref // references that refer to the table
	out []*Ref // references that the table declares

	countReached sync.Once // guards met
	atMostOnce   []bool
}

// reachedAtMostOnce tells, by the numbers of the tables, which of them a statement on n reaches by one reference at the most, and n
// itself if by none: while rows are only deleted, none of theirs is met twice, since a key goes once, unless several rows
// share it.
func (n *node) reachedAtMostOnce(tables int) []bool {
	n.countReached.Do(func() {
		ways := make([]int, tables)
		ways[n.num]++ // the rows that the statement names
		reached := map[*node]bool{n: true}
		for queue := []*node{n}; len(queue) > 0; queue = queue[1:] {
			for _, r := range queue[0].in {
				ways[r.child.num]++
				if r.parentKeyNotUnique {
					ways[r.child.num]++
				}
				if !reached[r.child] {
					reached[r.child] = true
					queue = append(queue, r.child)
				}
			}
		}
		n.atMostOnce = make([]bool, tables)
		for i, w := range ways {
			n.atMostOnce[i] = w <= 1
		}
	})
	return n.atMostOnce
}

// Ref is one foreign key, resolved.
type Ref struct {
	table.Reference
	// Child is the name of the referencing table, the one that declares the key.
	Child string

	child, parent      *node
	childPos           []int // the referencing columns, in the order of the parent's key
	childTree          int   // the child's tree that begins with them
	childOrder         []int // which part of the key each column of that tree is; nil if they stand in the same order
	parentTree         int   // the parent's unique tree, or one that begins with the key if several rows may share that
	parentKeyNotUnique bool  // several rows of the parent may have one key
	parentPos          []int
	setPos             []int // what SET NULL and SET DEFAULT write on delete
	types              []index.Type
	order              int // the place in which a sequential delete works it
}

// NewGraph resolves the references of defs. Statements are worked by level; if order is given, deletes cascade sequentially:
// of the references into a table the one with the least number first, ties by name. The error, an [types.ErrDefinition],
// is of the first reference that cannot be resolved: it refers to a table or column that does not exist, to columns that
// no unique key covers, or to another type.
func NewGraph(defs []*table.Def, order func(child string, r *table.Reference) int) (*Graph, error) {
	g := &Graph{nodes: make(map[string]*node, len(defs)), sequential: order != nil}
	defs = slices.SortedFunc(slices.Values(defs), func(a, b *table.Def) int { return cmp.Compare(a.Name(), b.Name()) })
	for i, d := range defs {
		g.nodes[d.Name()] = &node{def: d, num: i}
		g.soft = g.soft || d.SoftDelete() >= 0
	}
	for _, d := range defs {
		for _, r := range d.Schema().References {
			ref, err := g.resolve(d, r)
			if err != nil {
				return nil, err
			}
			g.refs = append(g.refs, ref)
		}
	}
	slices.SortFunc(g.refs, compareRefs)
	for _, r := range g.refs {
		if order != nil {
			r.order = order(r.Child, &r.Reference)
		}
		r.parent.in = append(r.parent.in, r)
		r.child.out = append(r.child.out, r)
	}
	for _, n := range g.nodes {
		slices.SortStableFunc(n.in, func(a, b *Ref) int { return cmp.Compare(a.order, b.order) })
	}
	return g, nil
}

// compareRefs is the one order of references: by name, and by table where two tables use one name.
func compareRefs(a, b *Ref) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Child, b.Child))
}

func (g *Graph) resolve(d *table.Def, r table.Reference) (*Ref, error) {
	child := g.nodes[d.Name()]
	parent, ok := g.nodes[r.Table]
	if !ok {
		return nil, types.Refused(d.Name(), "42P01", "define that table first, or in the same call",
			"foreign key %s refers to table %s, which does not exist", r.Name, r.Table)
	}
	if len(r.RefColumns) == 0 {
		r.RefColumns = parent.def.Schema().PrimaryKey
	}
	if len(r.RefColumns) != len(r.Columns) {
		return nil, types.Refused(d.Name(), "42830", "name as many columns on both sides",
			"foreign key %s has %d columns and refers to %d of %s", r.Name, len(r.Columns), len(r.RefColumns), r.Table)
	}
	ref := &Ref{Reference: r, Child: d.Name(), child: child, parent: parent}
	if err := ref.resolveColumns(); err != nil {
		return nil, err
	}
	return ref, ref.checkTypes()
}

// resolveColumns finds the parent's key and the child's index. The pairs of columns are put in the order of the parent's
// key, so that a key of the one is a key of the other as it stands.
func (r *Ref) resolveColumns() error {
	child, parent := r.child.def, r.parent.def
	refPos := make([]int, len(r.RefColumns))
	for i, name := range r.RefColumns {
		p, ok := parent.Column(name)
		if !ok {
			return types.Refused(r.Child, "42703", "correct the name, or add the column",
				"foreign key %s refers to column %s of %s, which does not exist", r.Name, name, r.Table)
		}
		if slices.Contains(refPos[:i], p) {
			return types.Refused(r.Child, "42830", "name each column once",
				"foreign key %s refers to column %s of %s twice", r.Name, name, r.Table)
		}
		refPos[i] = p
	}
	r.parentTree = parent.UniqueKeyOver(refPos)
	if r.parentTree < 0 && r.Unchecked {
		r.parentTree, r.parentKeyNotUnique = parent.KeyBeginning(refPos), true
	}
	switch {
	case r.parentTree >= 0:
	case r.Unchecked:
		return types.Refused(r.Child, "42830",
			fmt.Sprintf("add an index or a unique key over %s(%s)", r.Table, strings.Join(r.RefColumns, ", ")),
			"foreign key %s refers to %s(%s), with which no key or index begins", r.Name, r.Table, strings.Join(r.RefColumns, ", "))
	default:
		return types.Refused(r.Child, "42830",
			fmt.Sprintf("add a unique key over %s(%s)", r.Table, strings.Join(r.RefColumns, ", ")),
			"foreign key %s refers to %s(%s), which no primary or unique key covers", r.Name, r.Table, strings.Join(r.RefColumns, ", "))
	}
	r.parentPos = parent.Keys()[r.parentTree].Pos[:len(refPos)]
	r.childPos = make([]int, len(refPos))
	for i, p := range refPos {
		at := slices.Index(r.parentPos, p)
		r.childPos[at], _ = child.Column(r.Columns[i])
	}
	r.setPos = r.childPos
	if len(r.SetColumns) > 0 {
		r.setPos = nil
		for _, name := range r.SetColumns {
			p, _ := child.Column(name)
			r.setPos = append(r.setPos, p)
		}
	}
	r.childTree = child.KeyBeginning(r.childPos) // compiling the table made sure that there is one
	treePos := child.Keys()[r.childTree].Pos[:len(r.childPos)]
	if !slices.Equal(treePos, r.childPos) {
		for _, p := range treePos {
			r.childOrder = append(r.childOrder, slices.Index(r.childPos, p))
		}
	}
	return nil
}

func (r *Ref) checkTypes() error {
	for i, p := range r.childPos {
		c, q := r.child.def.Columns()[p], r.parent.def.Columns()[r.parentPos[i]]
		if c.Type != q.Type {
			return types.Refused(r.Child, "42804", fmt.Sprintf("make %s.%s a column of type %s", r.Child, c.Name, q.Type),
				"foreign key %s: %s.%s is of type %s and %s.%s of type %s", r.Name, r.Child, c.Name, c.Type, r.Table, q.Name, q.Type)
		}
		r.types = append(r.types, c.Type)
	}
	return nil
}

// SoftDeletes tells whether a table deletes softly.
func (g *Graph) SoftDeletes() bool { return g.soft }

// Refs are all references, in the order of their names. The slice must not be changed.
func (g *Graph) Refs() []*Ref { return g.refs }

// Into are the references that refer to a table, in the order of their names, or in that in which a sequential
// cascade works them. The slice must not be changed.
func (g *Graph) Into(name string) []*Ref {
	if n := g.nodes[name]; n != nil {
		return n.in
	}
	return nil
}

// From are the references that a table declares, in the order of their names. The slice must not be changed.
func (g *Graph) From(name string) []*Ref {
	if n := g.nodes[name]; n != nil {
		return n.out
	}
	return nil
}

// String reads: posts.authorId -> users.id.
func (r *Ref) String() string {
	return side(r.Child, r.Columns) + " -> " + side(r.Table, r.RefColumns)
}

func side(name string, columns []string) string {
	if len(columns) == 1 {
		return name + "." + columns[0]
	}
	return name + "(" + strings.Join(columns, ", ") + ")"
}

// childKey appends the key that a record of the child holds.
func (r *Ref) childKey(dst []index.Value, rec index.Record) []index.Value {
	for _, p := range r.childPos {
		dst = append(dst, rec.At(p))
	}
	return dst
}

// parentKey appends the key that a record of the parent has.
func (r *Ref) parentKey(dst []index.Value, rec index.Record) []index.Value {
	for _, p := range r.parentPos {
		dst = append(dst, rec.At(p))
	}
	return dst
}

// lookup puts a key in the order of the child's tree.
func (r *Ref) lookup(key []index.Value) []index.Value {
	if r.childOrder == nil {
		return key
	}
	out := make([]index.Value, len(key))
	for i, part := range r.childOrder {
		out[i] = key[part]
	}
	return out
}

// nulls counts the NULLs of a key.
func nulls(key []index.Value) int {
	n := 0
	for _, v := range key {
		if v.IsNull() {
			n++
		}
	}
	return n
}
