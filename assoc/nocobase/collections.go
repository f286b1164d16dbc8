package nocobase

import (
	"cmp"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/types"
)

// Collections are the collections of a store as they came out. They never change and may be read from any goroutine; nil
// is none.
type Collections struct {
	state *state
	set   *assoc.Set
}

// Of are the collections of a store's associations, nil if it has none: nocobase.Of(memrel.Associations(db)).
func Of(set *assoc.Set) *Collections {
	s, ok := set.Frontend().(*state)
	if !ok {
		return nil
	}
	return &Collections{s, set}
}

// Names are the names of the collections, sorted, with those of the junctions that were made.
func (c *Collections) Names() (out []string) {
	if c == nil || c.state == nil {
		return nil
	}
	for _, col := range c.state.list {
		if !col.removed {
			out = append(out, col.Name)
		}
	}
	slices.Sort(out)
	return out
}

// Collection is a collection as it was defined, with the fields that were set since.
func (c *Collections) Collection(name string) (Collection, bool) {
	col := c.get(name)
	if col == nil {
		return Collection{}, false
	}
	out := col.Collection
	out.Fields = nil
	for _, f := range col.fields {
		out.Fields = append(out.Fields, f.Field)
	}
	return types.Clone(out), true
}

func (c *Collections) get(name string) *collection {
	if c == nil || c.state == nil {
		return nil
	}
	if col := c.state.find(name); col != nil && !col.removed {
		return col
	}
	return nil
}

// Table is the name of a collection's table.
func (c *Collections) Table(name string) string {
	if col := c.get(name); col != nil {
		return col.table()
	}
	return ""
}

// Binding is a relation with its keys as they came out. While it waits it has those with which it was bound last: none if it never was.
type Binding struct {
	Name    string     `json:"name"`
	Kind    assoc.Kind `json:"type"`
	Target  string     `json:"target"`
	Pending bool       `json:"pending,omitempty"`

	ForeignKey string `json:"foreignKey,omitempty"`
	OtherKey   string `json:"otherKey,omitempty"`
	SourceKey  string `json:"sourceKey,omitempty"`
	TargetKey  string `json:"targetKey,omitempty"`
	Through    string `json:"through,omitempty"`
	// RowKey is the column by which rows of the target of a relation to many are named in values: the targetKey that the field
	// gives, or else the key of the target.
	RowKey string `json:"rowKey,omitempty"`
}

// Bindings are the relations of a collection, in the order of its fields.
func (c *Collections) Bindings(name string) (out []Binding) {
	col := c.get(name)
	if col == nil {
		return nil
	}
	for _, f := range col.fields {
		kind, ok := f.Relation()
		if !ok {
			continue
		}
		b := Binding{Name: f.Name, Kind: kind, Target: f.target(), Pending: f.bound == 0}
		if a := f.last; a != nil {
			b.ForeignKey, b.OtherKey, b.SourceKey, b.TargetKey, b.Through = a.ForeignKey, a.OtherKey, a.SourceKey, a.TargetKey, a.Through
			b.RowKey = c.rowKey(f, a)
		}
		out = append(out, b)
	}
	return out
}

// rowKey is the column by which rows of the target of a relation to many are named.
func (c *Collections) rowKey(f *field, a *assoc.Association) string {
	switch {
	case a.Kind == assoc.BelongsToMany:
		return a.TargetKey
	case a.Kind == assoc.HasMany:
		if target := c.get(a.Target); target != nil {
			return cmp.Or(f.TargetKey, c.state.id(target))
		}
		return f.TargetKey
	}
	return ""
}

// Column is a column of a collection's table.
type Column struct {
	Name string `json:"name"`
	// Type is what the recorded system calls it: "BIGINT".
	Type       string `json:"type"`
	PrimaryKey bool   `json:"primaryKey,omitempty"`
	Unique     bool   `json:"unique,omitempty"`
	// UniqueKey is the name of the unique key that columns share.
	UniqueKey string `json:"uniqueKey,omitempty"`
	AllowNull bool   `json:"allowNull"`
	// Auto tells that no field declares the column: an id, a foreign key, a time that the store keeps.
	Auto bool `json:"auto,omitempty"`
}

// Columns are the columns of a collection, those that were made for relations included, in the order of the table.
func (c *Collections) Columns(name string) (out []Column) {
	col := c.get(name)
	if col == nil {
		return nil
	}
	for _, a := range c.set.Table(col.table()).Columns {
		if a.Name == RowNumber {
			continue
		}
		f := col.field(a.Name)
		out = append(out, Column{Name: a.Name, Type: c.dataType(name, a.Name), PrimaryKey: a.PrimaryKey, Unique: f != nil && (a.Unique || f.Unique),
			UniqueKey: a.UniqueKey, AllowNull: !a.NotNull, Auto: f == nil || DataType(f.Type) == ""})
	}
	return out
}

// dataType is the type of a column as the recorded system calls it: that of its field, or, for a foreign key that was made
// or that is in a junction, that of the key it refers to.
func (c *Collections) dataType(name, column string) string {
	for steps := 0; steps <= len(c.state.list); steps++ { // foreign keys may refer to foreign keys
		col := c.state.find(name)
		to, key, junction := c.refersTo(name, column)
		if f := col.field(column); f != nil && DataType(f.Type) != "" && !junction {
			return f.dataWord()
		}
		if to == "" {
			for _, f := range col.fields {
				if f.key != nil && f.key.Name == column {
					return f.word
				}
			}
			break
		}
		name, column = to, key
	}
	switch column {
	case createdAt, updatedAt, deletedAt:
		return "DATE"
	}
	return "BIGINT"
}

// refersTo is the collection and the key that a foreign key refers to, and whether it is in a junction.
func (c *Collections) refersTo(name, column string) (collection, key string, junction bool) {
	for _, a := range c.set.Associations() {
		switch {
		case a.Kind == assoc.BelongsTo && a.Source == name && a.ForeignKey == column:
			return a.Target, a.TargetKey, false
		case (a.Kind == assoc.HasOne || a.Kind == assoc.HasMany) && a.Target == name && a.ForeignKey == column:
			return a.Source, a.SourceKey, false
		case a.Kind == assoc.BelongsToMany && a.Through == name && a.ForeignKey == column:
			return a.Source, a.SourceKey, true
		case a.Kind == assoc.BelongsToMany && a.Through == name && a.OtherKey == column:
			return a.Target, a.TargetKey, true
		}
	}
	return "", "", false
}

// IndexesOf are the indexes that a collection has beside its keys: those that it declares, and one for each field that asks for one and for
// each foreign key, unless the primary key or a declared index begins with it. What the store indexes beyond that, the keys that
// foreign keys refer to, is left out.
func (c *Collections) IndexesOf(name string) (out []Index) {
	col := c.get(name)
	if col == nil {
		return nil
	}
	info := c.set.Table(col.table())
	add := func(x Index, foreign bool) {
		same := func(y Index) bool { return slices.Equal(y.Fields, x.Fields) }
		declared := slices.ContainsFunc(col.Indexes, func(y Index) bool { return same(y) && x.Unique == y.Unique })
		wanted := declared || !x.Unique && !col.leads(x.Fields) && (foreign || col.indexed(x.Fields))
		if wanted && !leads(info.Schema.PrimaryKey, x.Fields) && !slices.ContainsFunc(out, same) {
			out = append(out, x)
		}
	}
	for _, u := range info.Schema.Unique {
		add(Index{Fields: u.Columns, Unique: true}, false)
	}
	for _, x := range info.Schema.Indexes {
		to := ""
		if len(x.Columns) == 1 {
			to, _, _ = c.refersTo(name, x.Columns[0])
		}
		add(Index{Fields: x.Columns}, to != "")
	}
	for _, r := range info.Schema.References {
		add(Index{Fields: r.Columns}, true)
	}
	return out
}

// leads tells whether a key begins with columns.
func leads(key, columns []string) bool {
	return len(key) >= len(columns) && slices.Equal(key[:len(columns)], columns)
}

// leads tells whether a declared index begins with columns.
func (c *collection) leads(columns []string) bool {
	return slices.ContainsFunc(c.Indexes, func(x Index) bool { return leads(x.Fields, columns) })
}

// indexed tells whether columns are a field that asks for an index, or has that of a relation.
func (c *collection) indexed(columns []string) bool {
	return len(columns) == 1 && slices.ContainsFunc(c.fields, func(f *field) bool { return (f.Index || f.indexed) && f.Name == columns[0] })
}
