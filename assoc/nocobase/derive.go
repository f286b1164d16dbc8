package nocobase

import (
	"cmp"
	"slices"
	"strings"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// The names of the columns that a collection has by itself.
const (
	autoID    = "id"
	createdAt = "createdAt"
	updatedAt = "updatedAt"
	deletedAt = "deletedAt"
)

// Profile is [assoc.NocoBase].
func (s *state) Profile() *assoc.Profile { return assoc.NocoBase() }

// Derive makes a model of each collection and an association of each bound relation, in the order in which they were bound.
func (s *state) Derive() (d assoc.Derived) {
	all := s.relations()
	for _, c := range s.list {
		d.Models = append(d.Models, s.model(c, s.links[c.Name]))
	}
	slices.SortStableFunc(all, func(a, b relation) int { return cmp.Compare(a.bound, b.bound) })
	for _, r := range all {
		if r.bound > 0 {
			d.Associations = append(d.Associations, s.spec(r))
		}
	}
	slices.SortStableFunc(all, func(a, b relation) int { return cmp.Compare(a.since, b.since) })
	for _, r := range all {
		if r.bound == 0 {
			d.Pending = append(d.Pending, assoc.Pending{Source: r.in.Name, As: r.Name, Kind: r.kind, For: r.target()})
		}
	}
	return d
}

// maker is the hasOne or hasMany that was bound first of those that keep their foreign key in a column of a collection.
func (s *state) maker(collection, column string) (first relation, ok bool) {
	for _, r := range s.relations() {
		to := r.kind == assoc.HasOne || r.kind == assoc.HasMany
		if to && r.bound > 0 && r.target() == collection && s.spec(r).Options.ForeignKey == column && (!ok || r.bound < first.bound) {
			first, ok = r, true
		}
	}
	return first, ok
}

// model is a collection's. A junction without an id of its own has its two foreign keys as its primary key, with the fields that are.
func (s *state) model(c *collection, junction bool) assoc.Model {
	m := assoc.Model{Name: c.Name, TableName: c.table(), Timestamps: c.Timestamps == nil || *c.Timestamps}
	if c.Paranoid {
		m.SoftDelete = deletedAt
	}
	if key := s.rowKey(c, junction); key.Name != "" {
		m.Columns = append(m.Columns, key)
	}
	for _, f := range c.fields {
		switch {
		case DataType(f.Type) != "":
			m.Columns = append(m.Columns, f.attribute())
		case f.bound == 0 && f.key != nil && c.field(f.key.Name) == nil:
			if _, made := s.maker(c.Name, f.key.Name); !made {
				m.Columns = append(m.Columns, *f.key)
			}
		}
	}
	if !junction {
		m.Columns = append(m.Columns, c.keys...)
	}
	c.addIndexes(&m)
	return m
}

// addIndexes gives the model the indexes and unique keys of the collection. One over a foreign key that waits comes with that.
func (c *collection) addIndexes(m *assoc.Model) {
	for _, x := range c.Indexes {
		if slices.ContainsFunc(x.Fields, c.awaits) {
			continue
		}
		if x.Unique {
			m.UniqueKeys = append(m.UniqueKeys, table.UniqueKey{Columns: x.Fields})
		} else {
			m.Indexes = append(m.Indexes, table.Index{Columns: x.Fields})
		}
	}
	for _, f := range c.fields {
		if (f.Index || f.indexed) && DataType(f.Type) != "" && !c.leads([]string{f.Name}) {
			m.Indexes = append(m.Indexes, table.Index{Columns: []string{f.Name}})
		}
	}
}

// awaits tells whether a column is the foreign key of a belongsTo of the collection that waits for its target.
func (c *collection) awaits(column string) bool {
	return c.field(column) == nil && slices.ContainsFunc(c.fields, func(f *field) bool {
		named := f.ForeignKey == column || f.ForeignKey == "" && strings.HasPrefix(column, f.Name)
		return f.Type == "belongsTo" && f.bound == 0 && named && (f.key == nil || f.key.Name != column)
	})
}

// rowKey is the column that numbers the rows of a collection, if no field does: id, beside the fields that are the primary key too; or one
// that nobody sees where there is to be none, since every table has a key. A junction that would have an id has its two keys instead.
func (s *state) rowKey(c *collection, junction bool) assoc.Attribute {
	key := assoc.Attribute{PrimaryKey: true, Made: true, Column: types.Column{Name: RowNumber, Type: index.Int, NotNull: true, AutoIncrement: true}}
	switch {
	case junction && (c.autoID() || c.generated || s.keyed(c)):
		return key
	case c.autoID():
		key.Name, key.Unique = autoID, len(c.primary()) > 0 && !s.looseKeys
		return key
	case len(c.primary()) == 0 && !s.keyed(c):
		key.Made = false
		return key
	}
	return assoc.Attribute{}
}

// RowNumber is the name of the column that a collection has as its key which has no primary key: AutoGenID is false, and no field is one.
// [Collections.Columns] does not tell of it.
const RowNumber = "$row"

// keyed tells whether the keys that a collection had when it was a junction were its primary key.
func (s *state) keyed(c *collection) bool {
	return slices.ContainsFunc(c.keys, func(a assoc.Attribute) bool { return a.PrimaryKey })
}

// spec is the association of a bound relation.
func (s *state) spec(r relation) assoc.Spec {
	o := assoc.Options{As: r.Name, ForeignKey: r.ForeignKey, SourceKey: r.SourceKey, TargetKey: r.TargetKey,
		OnDelete: action(r.OnDelete), OnUpdate: action(r.OnUpdate), Order: r.order(),
		Unchecked: s.unchecked && !r.Constraints && (r.OnUpdate == "" || r.kind == assoc.BelongsToMany), Constraint: r.Constraints}
	target := s.find(r.target())
	switch r.kind {
	case assoc.HasMany:
		o.ForeignKey = cmp.Or(r.ForeignKey, s.keyName(r.in, cmp.Or(r.SourceKey, s.filterTargetKey(r.in))))
		o.SourceKey, o.TargetKey = cmp.Or(r.SourceKey, r.in.standIn()), ""
	case assoc.HasOne:
		o.ForeignKey = cmp.Or(r.ForeignKey, s.keyName(r.in, cmp.Or(r.in.standIn(), s.id(r.in))))
		o.SourceKey, o.TargetKey = cmp.Or(r.SourceKey, r.in.standIn()), ""
	case assoc.BelongsTo:
		o.SourceKey, o.TargetKey = "", cmp.Or(r.TargetKey, target.standIn())
		if in := target.standIn(); in != "" {
			o.ForeignKey = cmp.Or(r.ForeignKey, types.Camelize(r.Name+"_"+in))
		}
	case assoc.BelongsToMany:
		o.Through, o.OtherKey, o.ThroughScope = r.through(), r.OtherKey, r.ThroughScope
		o.SourceKey, o.TargetKey = cmp.Or(r.SourceKey, r.in.standIn()), cmp.Or(r.TargetKey, target.standIn())
		if in := target.standIn(); in != "" {
			o.OtherKey = cmp.Or(r.OtherKey, s.keyName(target, in))
		}
		if in := r.in.standIn(); in != "" {
			o.ForeignKey = cmp.Or(r.ForeignKey, s.keyName(r.in, in))
		}
	}
	return assoc.Spec{Source: r.in.Name, Kind: r.kind, Target: r.target(), Options: o}
}

// standIn is the filterTargetKey of a collection that has no primary key; empty if it has one, or neither.
func (c *collection) standIn() string {
	if c.keyless() {
		if f := c.field(c.FilterTargetKey); f != nil && DataType(f.Type) != "" {
			return c.FilterTargetKey
		}
	}
	return ""
}

// keyless tells whether the collection has no primary key that it knows of: no field is one, and there is to be no id.
func (c *collection) keyless() bool {
	return len(c.primary()) == 0 && len(c.keys) == 0 && !c.generated && !c.asksForID()
}

// keyName is the name of a foreign key that refers to a collection by a key.
func (s *state) keyName(c *collection, key string) string {
	return types.Camelize(assoc.Singularize(c.Name) + "_" + key)
}

// filterTargetKey is the key by which rows of the collection are meant.
func (s *state) filterTargetKey(c *collection) string {
	if f := c.field(c.FilterTargetKey); f != nil && DataType(f.Type) != "" {
		return c.FilterTargetKey
	}
	return s.id(c)
}
