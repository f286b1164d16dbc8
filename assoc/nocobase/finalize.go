package nocobase

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/types"
)

// Finalize takes over the foreign keys that came out, which stay while a relation waits again, and refuses names that came out
// too long and keys that are not unique.
func (s *state) Finalize(set *assoc.Set) (assoc.Frontend, error) {
	s = s.clone() // forks may be settling the same state, after other changes
	for _, c := range s.list {
		if err := s.checkNames(c); err != nil {
			return nil, err
		}
		if err := s.checkArrays(c); err != nil {
			return nil, err
		}
		if s.links[c.Name] {
			c.keys = nil // they are those of now
		}
	}
	for _, r := range s.relations() {
		if r.bound == 0 {
			if r.kind == assoc.BelongsTo && r.ForeignKey != "" {
				r.keep(&Collections{s, set}, r.ForeignKey)
			}
			continue
		}
		if err := s.checkKeys(r); err != nil {
			return nil, err
		}
		if err := s.checkUnique(r); err != nil {
			return nil, err
		}
		a := set.Association(r.in.table(), r.Name)
		if err := s.checkWords(r, a); err != nil {
			return nil, err
		}
		for _, name := range []string{a.ForeignKey, a.OtherKey} {
			if err := s.checkName(r.in.Name, name); err != nil {
				return nil, err
			}
		}
		r.last = a
		switch r.kind {
		case assoc.HasOne, assoc.HasMany:
			s.find(r.target()).index(a.ForeignKey)
		case assoc.BelongsTo:
			r.in.index(a.ForeignKey)
			r.keep(&Collections{s, set}, a.ForeignKey)
		case assoc.BelongsToMany:
			s.keepKeys(a, set.Table(a.Junction))
		}
	}
	return s, nil
}

// index notes that a column has an index, if it is a field.
func (c *collection) index(column string) {
	if f := c.field(column); f != nil && !f.PrimaryKey {
		f.indexed = true
	}
}

// checkNames refuses names that are too long, and a field that takes the name of the key that the collection has by itself.
func (s *state) checkNames(c *collection) error {
	names := []string{c.Name}
	for _, f := range c.fields {
		names = append(names, f.Name, f.Through, f.ForeignKey, f.OtherKey)
		if f.Name == autoID && DataType(f.Type) != "" && len(c.primary()) == 0 && c.asksForID() {
			return types.Refused(c.Name, "42701", "make the field the primaryKey, or give it another name",
				"field id of %s has the name of the key that a collection without a primaryKey has by itself", c.Name)
		}
	}
	for _, name := range names {
		if err := s.checkName(c.Name, name); err != nil {
			return err
		}
	}
	return nil
}

// checkName refuses a name that is too long.
func (s *state) checkName(collection, name string) error {
	if len(name) > s.maxName {
		return types.Refused(collection, "42622", "choose a shorter name, or allow longer ones with MaxIdentifier",
			"Identifier %s is too long", name)
	}
	return nil
}

// keep notes the foreign key column that a belongsTo names, if it is there, whichever relation has made it: it stays with its values
// while the belongsTo waits.
func (r relation) keep(c *Collections, foreignKey string) {
	if column := plain(c.set, r.in.table(), foreignKey); column != nil {
		r.key, r.word = column, c.dataType(r.in.Name, foreignKey)
	}
}

// plain is a column as it would be without associations.
func plain(set *assoc.Set, tableName, column string) *assoc.Attribute {
	for _, a := range set.Table(tableName).Columns {
		if a.Name == column {
			return &assoc.Attribute{Column: a.Column, PrimaryKey: a.PrimaryKey, Nullable: !a.NotNull}
		}
	}
	return nil
}

// keepKeys notes the two keys of a junction, which stay when the relation goes.
func (s *state) keepKeys(a *assoc.Association, junction *assoc.Info) {
	j := s.find(a.Through)
	for _, c := range junction.Columns {
		f := j.field(c.Name)
		if c.Name != a.ForeignKey && c.Name != a.OtherKey || f != nil && DataType(f.Type) != "" {
			continue
		}
		key := assoc.Attribute{Column: c.Column, PrimaryKey: c.PrimaryKey, UniqueKey: c.UniqueKey, Nullable: !c.NotNull}
		j.keys = append(slices.DeleteFunc(slices.Clone(j.keys), func(had assoc.Attribute) bool { return had.Name == key.Name }), key)
	}
}

// checkWords refuses a declared foreign key whose kind is not that of the key that it refers to though both are stored alike, as times of
// day and text are. The keys of a junction take the kinds of what they refer to.
func (s *state) checkWords(r relation, a *assoc.Association) error {
	key := &assoc.KeyError{Association: a.Spec, Holder: a.Target, Column: a.ForeignKey, Model: a.Source, Key: a.SourceKey}
	switch r.kind {
	case assoc.BelongsToMany:
		return nil
	case assoc.BelongsTo:
		key.Holder, key.Model, key.Key, key.Target = a.Source, a.Target, a.TargetKey, true
	}
	f := s.find(key.Holder).field(key.Column)
	if f == nil || DataType(f.Type) == "" || kindOf(DataType(f.Type)) == kindOf(s.dataType(a.Spec, key.Model, key.Key)) {
		return nil
	}
	return types.Refused(r.in.Name, "42804", "give both the same type", "%s", s.mismatch(key))
}

// kindOf is what kinds of numbers have in common, and kinds of text; any other kind has it for itself.
func kindOf(word string) string {
	switch word {
	case "INTEGER", "BIGINT", "DECIMAL", "FLOAT", "REAL", "DOUBLE":
		return "number"
	case "STRING", "TEXT":
		return "text"
	}
	return word
}

var kindWords = [...]string{assoc.BelongsTo: "belongs to", assoc.HasOne: "has one", assoc.HasMany: "has many", assoc.BelongsToMany: "belongs to many"}

// Explain puts what is wrong with a key into the words of the recorded system.
func (s *state) Explain(err error) error {
	var e *types.Error
	var key *assoc.KeyError
	if !errors.As(err, &e) || !errors.As(err, &key) {
		return err
	}
	e.Detail = s.mismatch(key)
	return err
}

// mismatch is what is wrong with a key in the words of the recorded system.
func (s *state) mismatch(key *assoc.KeyError) string {
	a, role, option, column := key.Association, "source key", "sourceKey", "Foreign key"
	if key.Target {
		role, option = "target key", "targetKey"
	}
	if key.Column == "" {
		return fmt.Sprintf("Unknown attribute %q passed as %s, define this attribute on model %q first", key.Key, option, key.Model)
	}
	if key.Target && a.Kind == assoc.BelongsToMany {
		column = "Other key"
	}
	return fmt.Sprintf("%s %q type %q does not match %s %q type %q in %s relation %q of collection %q", column, key.Column,
		s.dataType(a, key.Holder, key.Column), role, key.Key, s.dataType(a, key.Model, key.Key), kindWords[a.Kind], a.Options.As, a.Source)
}

// dataType is the type of a column as the recorded system calls it: that of its field, or, for a foreign key that was made,
// that of the key it refers to. by is the association that is refused.
func (s *state) dataType(by assoc.Spec, collection, column string) string {
	for range s.list { // foreign keys may refer to foreign keys
		c := s.find(collection)
		if c == nil {
			return ""
		}
		if f := c.field(column); f != nil && DataType(f.Type) != "" {
			return DataType(f.Type)
		}
		r, made := s.maker(collection, column)
		if !made || r.in.Name == by.Source && r.Name == by.Options.As {
			break
		}
		collection, column = r.in.Name, cmp.Or(s.spec(r).Options.SourceKey, s.id(r.in))
	}
	return "BIGINT"
}
