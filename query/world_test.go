package query

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// The tests of this package run plans on tables of their own: a shape, records that fit it, and a tree for each key. Package
// table, which stands above, has the real ones.

// Schema is what a table of the tests has.
type Schema struct {
	Name       string
	Columns    []types.Column
	PrimaryKey []string
	Unique     []UniqueKey
	Indexes    []Index
	References []Reference
}

type UniqueKey struct {
	Columns          []string
	NullsNotDistinct bool
	Order            []Order
	Prefix           map[string]int
}

type Index struct {
	Columns []string
	Order   []Order
	Prefix  map[string]int
}

type Reference struct {
	Columns []string
	Table   string
}

type Values map[string]any

// Def is the shape of a table of the tests.
type Def struct{ Shape }

// Compile makes the shape, with the names and the order of keys that package table gives. It refuses two keys of one name.
func Compile(s Schema) (*Def, error) {
	d := &Def{NewShape(s.Name, s.Columns)}
	for _, name := range s.PrimaryKey {
		p, _ := d.Column(name)
		s.Columns[p].NotNull = true
	}
	d.add(PrimaryKey, "pkey", s.PrimaryKey, nil, nil, index.KeyOptions{Unique: true})
	for _, u := range s.Unique {
		d.add(Unique, "key", u.Columns, u.Order, u.Prefix, index.KeyOptions{Unique: true, NullsDistinct: !u.NullsNotDistinct})
	}
	for _, x := range s.Indexes {
		d.add(Ordered, "idx", x.Columns, x.Order, x.Prefix, index.KeyOptions{})
	}
	for _, r := range s.References {
		d.add(ForReference, "fkidx", r.Columns, nil, nil, index.KeyOptions{})
	}
	names := map[string]bool{}
	for _, k := range d.Keys() {
		if names[k.Name] {
			return nil, fmt.Errorf("two keys are called %s", k.Name)
		}
		names[k.Name] = true
	}
	return d, nil
}

func (d *Def) add(kind KeyKind, suffix string, columns []string, order []Order, prefix map[string]int, o index.KeyOptions) {
	k := Key{Name: d.Name(), Kind: kind, Columns: columns}
	o.NotNull = true
	var cols, tieBreakers []index.Column
	for _, name := range columns {
		p, _ := d.Column(name)
		k.Pos, cols = append(k.Pos, p), append(cols, index.Column{Pos: p, Type: d.Columns()[p].Type})
		o.NotNull = o.NotNull && d.Columns()[p].NotNull
		if kind != PrimaryKey {
			k.Name += "_" + name
		}
	}
	k.Name += "_" + suffix
	for i := range cols {
		cols[i].Prefix = uint32(prefix[columns[i]])
		if at := slices.IndexFunc(order, func(o Order) bool { return o.Column == columns[i] }); at >= 0 {
			cols[i].Desc = order[at].Desc
			cols[i].NullsFirst = !d.Columns()[k.Pos[i]].NotNull && (order[at].Nulls == NullsFirst || order[at].Nulls == NullsDefault && order[at].Desc)
		}
	}
	if len(d.Keys()) > 0 {
		for _, p := range d.Keys()[0].Pos {
			tieBreakers = append(tieBreakers, index.Column{Pos: p, Type: d.Columns()[p].Type})
		}
	}
	k.Order = index.NewKey(cols, tieBreakers, o)
	d.AddKey(k)
}

// NewRecord converts values, and holds them to NOT NULL.
func (d *Def) NewRecord(v Values, _ int64) (index.Record, error) {
	rec, cells := index.NewRecord(len(d.Columns()))
	for i := range d.Columns() {
		c := &d.Columns()[i]
		var err error
		if cells[i], err = c.FromGo(v[c.Name]); err != nil {
			return rec, err
		}
		if c.NotNull && cells[i].IsNull() {
			return rec, errors.New(c.Name + " is NULL")
		}
	}
	return rec, nil
}

// Table is a tree for each key.
type Table struct {
	def   *Def
	trees []*index.Tree
}

// New is a table without rows.
func New(d *Def) *Table {
	t := &Table{def: d}
	for _, k := range d.Keys() {
		t.trees = append(t.trees, index.NewTree(k.Order))
	}
	return t
}

func (t *Table) Def() *Def { return t.def }

func (t *Table) Tree(i int) *index.Tree { return t.trees[i] }

// Insert adds a record to every tree; taken is the unique key that stands against it, or -1.
func (t *Table) Insert(r index.Record) (taken int, owner index.Record) {
	for i, tree := range t.trees {
		if owner, ok := tree.Insert(r); !ok {
			for _, before := range t.trees[:i] {
				before.Delete(r)
			}
			return i, owner
		}
	}
	return -1, index.Record{}
}

// Row shows a record.
type Row struct {
	def *Def
	rec index.Record
}

func RowOf(d *Def, r index.Record, _ []int) Row { return Row{d, r} }

func (r Row) Get(column string) any {
	p, _ := r.def.Column(column)
	return types.ToGo(r.def.Columns()[p].Type, r.rec.At(p))
}

func (r Row) String() string {
	var out []string
	for i, c := range r.def.Columns() {
		out = append(out, c.Name+": "+types.Show(c.Type, r.rec.At(i)))
	}
	slices.SortFunc(out, cmp.Compare[string])
	return fmt.Sprint(out)
}

func (t *Table) delete(r index.Record) {
	for _, tree := range t.trees {
		tree.Delete(r)
	}
}
