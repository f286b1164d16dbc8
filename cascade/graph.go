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
// changes; other definitions make another, which shares with it what they leave as it is. It may be used from any goroutine.
type Graph struct {
	numbers    map[string]int // of the tables
	nodes      []*node        // by number; nil where a table has gone
	refs       []*Ref         // by name
	sequential bool           // deletes cascade sequentially, not by level
	soft       int            // how many tables delete softly

	reach   sync.Once // guards reached
	reached []reachedCache
}

// node is a table in the graph; in is in the order in which a delete works the references, out in that of their names.
type node struct {
	def *table.Def
	num int
	in  []*Ref // references that refer to the table
	out []*Ref // references that the table declares
	// narrow are the columns of the table that keys cascade into from columns that hold more than they do.
	narrow []int
}

// reachedCache is what [Graph.reachedAtMostOnce] has found out for one table.
type reachedCache struct {
	once   sync.Once
	tables []bool
}

// reachedAtMostOnce tells, by the numbers of the tables, which of them a statement on one of them reaches by one reference at the
// most, and that one itself if by none: while rows are only deleted, none of theirs is met twice, since a key goes once, unless
// several rows share it.
func (g *Graph) reachedAtMostOnce(from int) []bool {
	g.reach.Do(func() { g.reached = make([]reachedCache, len(g.nodes)) })
	c := &g.reached[from]
	c.once.Do(func() { c.tables = g.countReached(from) })
	return c.tables
}

func (g *Graph) countReached(from int) []bool {
	paths := make([]int, len(g.nodes))
	paths[from]++ // the rows that the statement names
	reached := map[int]bool{from: true}
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		for _, r := range g.nodes[queue[0]].in {
			paths[r.child]++
			if r.parentKeyNotUnique {
				paths[r.child]++
			}
			if !reached[r.child] {
				reached[r.child] = true
				queue = append(queue, r.child)
			}
		}
	}
	once := make([]bool, len(g.nodes))
	for i, n := range paths {
		once[i] = n <= 1
	}
	return once
}

// Ref is one foreign key, resolved.
type Ref struct {
	table.Reference
	// Child is the name of the referencing table, the one that declares the key.
	Child string

	declared            table.Reference // as the child declares it
	child, parent       int             // numbers of tables
	childDef, parentDef *table.Def
	childPos            []int // the referencing columns, in the order of the parent's key
	childTree           int   // the child's tree that begins with them
	childOrder          []int // which part of the key each column of that tree is; nil if they stand in the same order
	parentTree          int   // the parent's unique tree, or one that begins with the key if several rows may share that
	parentKeyNotUnique  bool  // several rows of the parent may have one key
	parentPos           []int
	setPos              []int // what SET NULL and SET DEFAULT write on delete
	narrow              []int // referencing columns that do not hold every key that cascades into them
	types, parentTypes  []index.Type
	kinds               bool       // some of them are of different kinds of numbers
	turn                table.Turn // how a sequential delete works it
}

// compareRefs is the one order of references: by name, and by table where two tables use one name.
func compareRefs(a, b *Ref) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Child, b.Child))
}

func (g *Graph) resolve(c table.Catalog, d *table.Def, declared table.Reference) (*Ref, error) {
	r := declared
	parent := c.Def(r.Table)
	if parent == nil {
		return nil, types.Refused(d.Name(), "42P01", "define that table first, or in the same call",
			"foreign key %s refers to table %s, which does not exist", r.Name, r.Table)
	}
	if len(r.RefColumns) == 0 {
		r.RefColumns = parent.Peek().PrimaryKey
	}
	if len(r.RefColumns) != len(r.Columns) {
		return nil, types.Refused(d.Name(), "42830", "name as many columns on both sides",
			"foreign key %s has %d columns and refers to %d of %s", r.Name, len(r.Columns), len(r.RefColumns), r.Table)
	}
	ref := &Ref{Reference: r, Child: d.Name(), declared: declared, child: g.numbers[d.Name()], parent: g.numbers[r.Table], childDef: d, parentDef: parent}
	if err := ref.resolveParent(c); err != nil {
		return nil, err
	}
	ref.resolveChild()
	return ref, ref.checkTypes()
}

// resolveParent finds the key that the reference refers to.
func (r *Ref) resolveParent(c table.Catalog) error {
	parent := r.parentDef
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
	r.parentTree = -1
	if key, ok := c.Key(r.Table, r.RefColumns); ok {
		r.parentTree = parent.KeyNamed(key.Name)
	} else if r.Unchecked {
		r.parentTree, r.parentKeyNotUnique = parent.KeyBeginning(refPos), true
	}
	deferrable := parent.DeferrableOver(r.RefColumns)
	switch {
	case r.parentTree >= 0:
	case deferrable != "" && !r.Unchecked:
		return types.Refused(r.Child, "55000", "declare that key without Deferrable, or another one",
			"foreign key %s refers to unique key %s of %s, which is deferrable", r.Name, deferrable, r.Table)
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
		r.childPos[at], _ = r.childDef.Column(r.Columns[i])
	}
	return nil
}

// resolveChild finds the child's index. The pairs of columns are in the order of the parent's key by now, so that a key of the one
// is a key of the other as it stands.
func (r *Ref) resolveChild() {
	r.setPos = r.childPos
	if len(r.SetColumns) > 0 {
		r.setPos = nil
		for _, name := range r.SetColumns {
			p, _ := r.childDef.Column(name)
			r.setPos = append(r.setPos, p)
		}
	}
	r.childTree = r.childDef.KeyBeginning(r.childPos) // compiling the table made sure that there is one
	treePos := r.childDef.Keys()[r.childTree].Pos[:len(r.childPos)]
	if !slices.Equal(treePos, r.childPos) {
		for _, p := range treePos {
			r.childOrder = append(r.childOrder, slices.Index(r.childPos, p))
		}
	}
}

func (r *Ref) checkTypes() error {
	for i, p := range r.childPos {
		c, q := r.childDef.Columns()[p], r.parentDef.Columns()[r.parentPos[i]]
		if !refersTo(c.Type, q.Type) {
			return types.Refused(r.Child, "42804", fmt.Sprintf("make %s.%s a column of type %s", r.Child, c.Name, q.Type),
				"foreign key %s: %s.%s is of type %s and %s.%s of type %s", r.Name, r.Child, c.Name, c.Type, r.Table, q.Name, q.Type)
		}
		r.kinds = r.kinds || !c.Holds(&q)
		if r.OnUpdate == table.Cascade && !c.Takes(&q) {
			r.narrow = append(r.narrow, p)
		}
	}
	r.types = typesAt(r.childDef, r.childPos)
	r.parentTypes = r.types
	if r.kinds {
		r.parentTypes = typesAt(r.parentDef, r.parentPos)
	}
	return nil
}

// node is the table of that name; nil if there is none.
func (g *Graph) node(name string) *node {
	if num, ok := g.numbers[name]; ok {
		return g.nodes[num]
	}
	return nil
}

// SoftDeletes tells whether a table deletes softly.
func (g *Graph) SoftDeletes() bool { return g.soft > 0 }

// Refs are all references, in the order of their names. The slice must not be changed.
func (g *Graph) Refs() []*Ref { return g.refs }

// Into are the references that refer to a table, in the order of their names, or in that in which a sequential
// cascade works them. The slice must not be changed.
func (g *Graph) Into(name string) []*Ref {
	if n := g.node(name); n != nil {
		return n.in
	}
	return nil
}

// From are the references that a table declares, in the order of their names. The slice must not be changed.
func (g *Graph) From(name string) []*Ref {
	if n := g.node(name); n != nil {
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

// lookup puts a key, as the child holds it, in the order of the child's tree.
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
