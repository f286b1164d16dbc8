package table

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
)

// compileUnique puts the deferrable keys behind the others.
func (d *Def) compileUnique() error {
	var deferrable []func()
	for i := range d.schema.Unique {
		u := &d.schema.Unique[i]
		u.Name = d.nameKey(u.Name, u.Columns, "key")
		pos, err := d.keyColumns("unique key "+u.Name, u.Columns, &u.Order, &u.Prefix)
		switch {
		case err != nil:
			return err
		case u.Deferrable && u.Order != nil:
			return d.refuse("0A000", "leave it out, or add an Index in that order", "unique key %s is deferrable, and such a key has no order of its own", u.Name)
		case u.Deferrable && u.Prefix != nil:
			return d.refuse("0A000", "leave one of them out", "unique key %s is deferrable, and such a key is over whole columns", u.Name)
		case u.Deferrable:
			deferrable = append(deferrable, func() { d.addDeferrable(u, pos) })
		case u.InitiallyDeferred:
			return d.refuse("42601", "make it Deferrable as well", "unique key %s is initially deferred, but not deferrable", u.Name)
		default:
			d.addKey(query.Key{Name: u.Name, Kind: query.Unique, Columns: u.Columns, Pos: pos}, u.Order, u.Prefix,
				index.KeyOptions{Unique: true, NullsDistinct: !u.NullsNotDistinct})
		}
	}
	for _, add := range deferrable {
		add()
	}
	return nil
}

func (d *Def) compileIndexes() error {
	for i := range d.schema.Indexes {
		x := &d.schema.Indexes[i]
		x.Name = d.nameKey(x.Name, x.Columns, "idx")
		pos, err := d.keyColumns("index "+x.Name, x.Columns, &x.Order, &x.Prefix)
		if err != nil {
			return err
		}
		d.addKey(query.Key{Name: x.Name, Kind: query.Ordered, Columns: x.Columns, Pos: pos}, x.Order, x.Prefix, index.KeyOptions{})
	}
	return nil
}

// nameKey is the name of a key or reference: that given, or one of its table and columns, with a number if there are others of that name,
// as PostgreSQL gives it.
func (d *Def) nameKey(name string, columns []string, kind string) string {
	if name != "" {
		return name
	}
	name = d.schema.Name + "_" + strings.Join(columns, "_") + "_" + kind
	for n := 1; d.schema.HasConstraint(name); n++ {
		name = fmt.Sprintf("%s_%s_%s%d", d.schema.Name, strings.Join(columns, "_"), kind, n)
	}
	return name
}

func (d *Def) addKey(k query.Key, order []query.Order, prefix map[string]int, o index.KeyOptions) {
	o.NotNull = true
	for _, p := range k.Pos {
		o.NotNull = o.NotNull && d.schema.Columns[p].NotNull
	}
	var deciders []index.Column
	if len(d.Keys()) > 0 {
		deciders = d.indexColumns(d.Keys()[0].Pos)
	}
	k.Order = index.NewKey(d.turned(d.indexColumns(k.Pos), order, prefix), deciders, o)
	d.AddKey(k)
}

func (d *Def) indexColumns(pos []int) []index.Column {
	out := make([]index.Column, len(pos))
	for i, p := range pos {
		out[i] = index.Column{Pos: p, Type: d.schema.Columns[p].Type}
	}
	return out
}

// keyColumns are the positions of the columns of a key, whose order, and what it has of them, become what a definition keeps.
func (d *Def) keyColumns(what string, columns []string, order *[]query.Order, prefix *map[string]int) (pos []int, err error) {
	if pos, err = d.positions(what, columns); err == nil {
		*order, err = d.keyOrder(what, columns, *order)
	}
	if err != nil {
		return nil, err
	}
	if len(*prefix) == 0 {
		*prefix = nil
	}
	for _, name := range slices.Sorted(maps.Keys(*prefix)) {
		if err := d.checkBeginning(what, columns, name, (*prefix)[name]); err != nil {
			return nil, err
		}
	}
	return pos, nil
}

// checkBeginning refuses a key over the first n characters of a column that has no such beginning.
func (d *Def) checkBeginning(what string, columns []string, name string, n int) error {
	if !slices.Contains(columns, name) {
		return d.refuse("42703", "name columns of the key only", "%s is over a beginning of column %s, which it does not have", what, name)
	}
	p, _ := d.Column(name)
	c := &d.schema.Columns[p]
	switch {
	case c.Type != index.String && c.Type != index.Bytes:
		return d.refuse("42804", "a string or bytes have one; have the key over the whole column", "%s is over a beginning of column %s of type %s", what, name, c.Type)
	case n < 1 || n > math.MaxInt32:
		return d.refuse("22023", "use 1 or more", "%s cannot be over %d characters of column %s", what, n, name)
	case c.Size > 0 && n >= c.Size:
		return d.refuse("22023", "have the key over the whole column", "%s is over %d characters of column %s, which has at most %d", what, n, name, c.Size)
	}
	return nil
}

// keyOrder is the order of a key as a definition keeps it: in the order of its columns, without what is so anyway.
func (d *Def) keyOrder(what string, columns []string, order []query.Order) (out []query.Order, err error) {
	for i, o := range order {
		_, invalid := o.Nulls.MarshalText()
		switch {
		case !slices.Contains(columns, o.Column):
			return nil, d.refuse("42703", "name columns of the key only", "%s orders by column %s, which it does not have", what, o.Column)
		case slices.ContainsFunc(order[:i], func(have query.Order) bool { return have.Column == o.Column }):
			return nil, d.refuse("42701", "name it once", "%s orders by column %s twice", what, o.Column)
		case invalid != nil:
			return nil, d.refuse("42601", "use NullsFirst or NullsLast", "%s places NULL %s in column %s", what, o.Nulls, o.Column)
		}
	}
	for _, name := range columns {
		at := slices.IndexFunc(order, func(o query.Order) bool { return o.Column == name })
		if at >= 0 && order[at].Normal() != (query.Order{Column: name}) {
			out = append(out, order[at].Normal())
		}
	}
	return out, nil
}

// turned are the columns of a key in its order, with what it has of them.
func (d *Def) turned(cols []index.Column, order []query.Order, prefix map[string]int) []index.Column {
	for i := range cols {
		cols[i].Prefix = uint32(prefix[d.schema.Columns[cols[i].Pos].Name])
	}
	for _, o := range order {
		p, _ := d.Column(o.Column)
		c := &cols[slices.IndexFunc(cols, func(c index.Column) bool { return c.Pos == p })]
		c.Desc, c.NullsFirst = o.Desc, o.FirstIsNull() && !d.schema.Columns[p].NotNull
	}
	return cols
}

// Renamed is the key with its columns called what now says.
func (u UniqueKey) Renamed(now func(string) string) UniqueKey {
	u.Columns, u.Order, u.Prefix = renamedColumns(u.Columns, now), renamedOrder(u.Order, now), renamedPrefix(u.Prefix, now)
	return u
}

// Renamed is the index with its columns called what now says.
func (x Index) Renamed(now func(string) string) Index {
	x.Columns, x.Order, x.Prefix = renamedColumns(x.Columns, now), renamedOrder(x.Order, now), renamedPrefix(x.Prefix, now)
	return x
}

func renamedColumns(names []string, now func(string) string) []string {
	names = slices.Clone(names)
	for i := range names {
		names[i] = now(names[i])
	}
	return names
}

func renamedOrder(order []query.Order, now func(string) string) []query.Order {
	order = slices.Clone(order)
	for i := range order {
		order[i].Column = now(order[i].Column)
	}
	return order
}

func renamedPrefix(prefix map[string]int, now func(string) string) map[string]int {
	if prefix == nil {
		return nil
	}
	out := make(map[string]int, len(prefix))
	for name, n := range prefix {
		out[now(name)] = n
	}
	return out
}

// beginnings are the columns of a key with how much it has of them: name(10), kind.
func (d *Def) beginnings(key *query.Key) string {
	parts := slices.Clone(key.Columns)
	for i, c := range key.Order.Columns() {
		if c.Prefix > 0 {
			parts[i] = fmt.Sprintf("%s(%d)", parts[i], c.Prefix)
		}
	}
	return strings.Join(parts, ", ")
}
