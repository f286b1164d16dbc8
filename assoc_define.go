package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

// ModelSpec is a model as it is written, a [Definition]; see package assoc.
type ModelSpec = assoc.Model

// Attribute is a column of a [ModelSpec], or the foreign key of an association.
type Attribute = assoc.Attribute

// AssociationSpec is an association as it is written, a [Definition]; see [Model.HasMany] and the typed [HasMany].
type AssociationSpec = assoc.Spec

// AssociationOptions are the options of an [AssociationSpec].
type AssociationOptions = assoc.Options

// Profile is what differs between systems that have such associations, a [Definition]; see [assoc.Manual], which is the
// default, and [assoc.Sequelize6].
type Profile = assoc.Profile

// Clock gives the time that the timestamps of models get, a [Definition]; time.Now without one.
type Clock = assoc.Clock

func assocOf(d *snapshot.Definitions) *assoc.Set { return d.Compiled().(*compiled).assoc }

// associations are those that the transaction has.
func (tx *Tx) associations() *assoc.Set { return assocOf(tx.definitions()) }

func (tx *Tx) definitions() *snapshot.Definitions {
	if tx.draft != nil {
		return tx.draft.Definitions()
	}
	return tx.alone.Definitions()
}

// Associations are the models and associations that a reader has, resolved: every name and key that follows from what was
// defined. It never changes. nil if nothing was defined but tables.
func Associations(r Reader) *assoc.Set {
	if db, ok := r.(*DB); ok {
		return assocOf(db.store.Definitions())
	}
	state, _ := r.source()
	return setOf(state)
}

// setOf is the set of a state; nil for one that has ended.
func setOf(state table.Reader) *assoc.Set {
	if defs := definitionsOf(state); defs != nil {
		return assocOf(defs)
	}
	return nil
}

// definitionsOf are the definitions of a state; nil for one that has ended.
func definitionsOf(state table.Reader) *snapshot.Definitions {
	switch s := state.(type) {
	case *snapshot.Version: // by far the commonest
		return s.Definitions()
	case interface{ Definitions() *snapshot.Definitions }:
		return s.Definitions()
	}
	return nil
}
