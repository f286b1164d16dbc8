package memrel

import (
	"maps"

	"github.com/memrel/memrel/assoc"
)

// AssociationOption is an option of a typed association: [ForeignKey], [As], [OnDelete] and so on.
type AssociationOption func(*assoc.Options)

// ForeignKey names the foreign key.
func ForeignKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.ForeignKey = column }
}

// ForeignColumn describes the foreign key as a column: its name, type, default, NOT NULL, unique, any part of which may be
// left open. It makes a column that the struct has no field for. What a field says of the column stands: the definition is
// refused if the two disagree.
func ForeignColumn(column Attribute) AssociationOption {
	return func(o *assoc.Options) { o.ForeignColumn = &column }
}

// OtherKey names the junction's foreign key that refers to the target.
func OtherKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.OtherKey = column }
}

// OtherColumn is [ForeignColumn] for the junction's foreign key that refers to the target.
func OtherColumn(column Attribute) AssociationOption {
	return func(o *assoc.Options) { o.OtherColumn = &column }
}

// SourceKey names the column of the source that the foreign key refers to, instead of the primary key.
func SourceKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.SourceKey = column }
}

// TargetKey names the column of the target that the foreign key refers to, instead of the primary key.
func TargetKey(column string) AssociationOption {
	return func(o *assoc.Options) { o.TargetKey = column }
}

// As names the association: for one that leads to many rows in the plural.
func As(alias string) AssociationOption { return func(o *assoc.Options) { o.As = alias } }

// Singular is the singular of the alias, where it is not the one that an English plural has.
func Singular(alias string) AssociationOption {
	return func(o *assoc.Options) { o.Singular = alias }
}

// NotUnique lets a junction with a primary key of its own hold a pair more than once.
func NotUnique() AssociationOption { return func(o *assoc.Options) { o.NotUnique = true } }

// UniqueKeyName names the unique key over the foreign keys of a junction with a primary key of its own; it is the option
// uniqueKey.
func UniqueKeyName(name string) AssociationOption {
	return func(o *assoc.Options) { o.UniqueKey = name }
}

// Timestamps has the store keep the junction's columns createdAt and updatedAt, which it gets unless it has them.
func Timestamps() AssociationOption { return func(o *assoc.Options) { o.Timestamps = true } }

// Scope narrows the association to rows of the target that have the values, which creating, adding and setting write; see
// [AssociationOptions].
//
//	PostComments = memrel.HasMany(Posts, Comments, memrel.ForeignKey("commentableId"), memrel.Unconstrained(),
//		memrel.Scope(memrel.Values{"commentableType": "post"}))
func Scope(values Values) AssociationOption {
	return func(o *assoc.Options) { o.Scope = maps.Clone(values) }
}

// ThroughScope is [Scope] for the junction rows.
func ThroughScope(values Values) AssociationOption {
	return func(o *assoc.Options) { o.ThroughScope = maps.Clone(values) }
}

// OnDelete says what becomes of the referencing rows when a row that they refer to is deleted.
func OnDelete(a Action) AssociationOption {
	return func(o *assoc.Options) { o.OnDelete = a.String() }
}

// OnUpdate says what becomes of the referencing rows when the key that they refer to changes.
func OnUpdate(a Action) AssociationOption {
	return func(o *assoc.Options) { o.OnUpdate = a.String() }
}

// Unconstrained makes an association without a foreign key constraint, as one key that refers to several tables needs.
func Unconstrained() AssociationOption {
	return func(o *assoc.Options) { o.Unconstrained = true }
}
