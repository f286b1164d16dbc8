package engine

import (
	"reflect"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/bind"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// FillsFields tells whether structs can only be found with what a query asks for by walking associations: what it includes goes into
// their fields.
func (s Source) FillsFields(name string, q *query.Query) bool {
	t := s.Table(name)
	return len(q.Include) > 0 || t != nil && assoc.OrdersAcross(t.Def(), q.Order)
}

// Structs reads detached rows into structs, and what was included with them into their fields.
func Structs[T any](of bind.Struct, nodes []*assoc.DetachedRow) (rows []T, err error) {
	defer bind.Caught(&err)
	f := filler{}
	rows = make([]T, len(nodes))
	for i, n := range nodes {
		if err := f.row(of, reflect.ValueOf(&rows[i]).Elem(), n); err != nil {
			return nil, Attempted("find", n.Row().Table(), err)
		}
	}
	return rows, nil
}

// LoadFields fills fields of structs that were read before with the rows that includes lead to from them. Where these require rows a
// struct without stays, with none. Cost: linear in the rows included.
func LoadFields[T any](s Source, end End[T], rows []T, what []query.Inclusion) (err error) {
	defer bind.Caught(&err)
	t, b, err := end.bound(s.State)
	if err != nil {
		return Attempted("load", end.Name, err)
	}
	include := make([]query.Include, len(what))
	for i, w := range what {
		if w == nil {
			return &types.Error{Kind: types.ErrQuery, Op: "load", Table: end.Name, Detail: "one of the associations is nil", Hint: "leave it out"}
		}
		include[i] = w.Inclusion()
	}
	x, err := SetOf(s.State).Extender(s.State, t.Def().Name(), include, b.NeedsField)
	if err != nil {
		return Attempted("load", end.Name, err)
	}
	f, of := filler{}, end.Bind.Struct()
	l, err := f.loader(of, t.Def())
	if err != nil {
		return Attempted("load", end.Name, err)
	}
	for i := range rows {
		rec, err := b.Detached(&rows[i])
		if err == nil {
			err = f.branches(of, l, reflect.ValueOf(&rows[i]).Elem(), x.Branches(rec))
		}
		if err != nil {
			return Attempted("load", end.Name, err)
		}
	}
	return s.stopped("load", end.Name)
}

// filler knows how the structs of one read lie over their tables.
type filler map[fillKey]*bind.Loader

type fillKey struct {
	of  reflect.Type
	def *table.Def
}

func (f filler) loader(of bind.Struct, def *table.Def) (*bind.Loader, error) {
	k := fillKey{of.Type, def}
	if l := f[k]; l != nil {
		return l, nil
	}
	l, err := of.Loader(def)
	if err == nil {
		f[k] = l
	}
	return l, err
}

// row reads a detached row into a struct.
func (f filler) row(of bind.Struct, to reflect.Value, n *assoc.DetachedRow) error {
	row := n.Row()
	l, err := f.loader(of, table.DefOf(row))
	if err != nil {
		return err
	}
	l.Load(to, row)
	return f.branches(of, l, to, n.Branches())
}

// branches fills the fields of a struct that the rows of branches belong in.
func (f filler) branches(of bind.Struct, l *bind.Loader, to reflect.Value, branches []assoc.Branch) error {
	for i := range branches {
		b := &branches[i]
		if b.Hidden {
			continue
		}
		field, err := l.FieldFor(b.As, b.Many)
		if err == nil {
			err = f.put(bind.Struct{Type: field.Elem, Tags: of.Tags}, to.FieldByIndex(field.Index), b.Nodes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// put gives a field, or an element of one, rows: a slice all, anything else the first, or nothing.
func (f filler) put(of bind.Struct, to reflect.Value, nodes []*assoc.DetachedRow) error {
	if to.Kind() == reflect.Slice {
		to.Set(reflect.MakeSlice(to.Type(), len(nodes), len(nodes)))
		for i := range nodes {
			if err := f.put(of, to.Index(i), nodes[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	if to.SetZero(); len(nodes) == 0 {
		return nil
	}
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		return f.put(of, to.Elem(), nodes)
	}
	return f.row(of, to, nodes[0])
}

// Inclusion includes the association by its alias, with what is included in the rows it leads to.
func (p *Path[A, B]) Inclusion(nested []query.Inclusion) query.Include {
	in := query.Include{As: aliasOf(p.Spec)}
	for _, n := range nested {
		if n != nil {
			in.Include = append(in.Include, n.Inclusion())
		}
	}
	return in
}
