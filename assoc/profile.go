package assoc

import "github.com/memrel/memrel/table"

// Profile is what differs between systems that speak of associations in the same words: which action is the default, and
// who decides when two associations share a foreign key.
type Profile struct {
	Name string
	// Optional and Mandatory are the default actions by kind, for foreign keys that may be NULL and those that may not.
	Optional, Mandatory [4]Actions
	// FirstDecides: what the first of two associations says of a shared foreign key stays, and what it filled in by default
	// counts as specified. Without it what is specified stands before any default, whichever side specifies it.
	FirstDecides bool
	// UnspecifiedIsMandatory: a foreign key that a model declares without saying whether it may be NULL takes the default
	// actions of a mandatory one.
	UnspecifiedIsMandatory bool
	// Redeclares: an association that takes its name from the target may be declared again and replaces the first. Without
	// it that is an alias used twice.
	Redeclares bool
	// LooseComposite: an association to a model with a composite primary key refers to the first column of it, without a
	// constraint. Without it such an association must name a key of one column.
	LooseComposite bool
	// BareTargetKeys: a bare value given to a belongsTo's set, or to a belongsToMany's has, is a value of the TargetKey. Without it a bare
	// value is to every verb a primary key, or, if no row has that, a TargetKey.
	BareTargetKeys bool
	// ChecksFirst: what an update writes into a model is held to NOT NULL and to the bounds of the columns whatever rows are found, and so is
	// the NULL that a hasMany's remove writes. Without it that is asked of rows only.
	ChecksFirst bool
	// NullFindsNull: getting the rows of an association looks, if the key that it goes by is NULL, for rows whose key is NULL: that which a
	// belongsTo with a TargetKey leads to, and those of a hasOne or hasMany. Without it NULL leads nowhere, as it does everywhere else.
	NullFindsNull bool
	// DeclaredTypes: a foreign key that a junction's model declares keeps its type, and is refused if that is not the type of
	// the key that it refers to. Without it it takes that type.
	DeclaredTypes bool
	// Prioritized: an action that is asked for stands before a default whichever association asks; of two that are asked for
	// the association that was bound first decides, but that SET NULL gives way to CASCADE. A [Set]'s Conflicts tell of it.
	Prioritized bool
	// NumbersMatch lets a foreign key be a whole number where the key that it refers to is a float, or the other way round. They are equal
	// by value then, exactly.
	NumbersMatch bool
	// Sequential: a delete works the references to a row one after another, each to its end, in the order in which they were
	// bound, instead of all of them level by level.
	Sequential bool
}

// Actions are the two actions of a reference.
type Actions struct{ OnDelete, OnUpdate table.Action }

const (
	cascade  = table.Cascade
	restrict = table.Restrict
	setNull  = table.SetNull
	noAction = table.NoAction
)

// Manual follows Sequelize's manual: optional keys are SET NULL and CASCADE, mandatory ones RESTRICT and RESTRICT, junctions
// CASCADE and CASCADE; what is specified beats what is default, whichever side specifies it.
func Manual() *Profile {
	optional, mandatory := Actions{setNull, cascade}, Actions{restrict, restrict}
	both := Actions{cascade, cascade}
	return &Profile{
		Name:      "manual",
		Optional:  [4]Actions{optional, optional, optional, both},
		Mandatory: [4]Actions{mandatory, mandatory, mandatory, both},
	}
}

// Sequelize6 is what Sequelize 6 was recorded to do on PostgreSQL.
func Sequelize6() *Profile {
	optional, both := Actions{setNull, cascade}, Actions{cascade, cascade}
	return &Profile{
		Name:                   "sequelize6",
		Optional:               [4]Actions{optional, optional, optional, both},
		Mandatory:              [4]Actions{{noAction, cascade}, both, both, both},
		FirstDecides:           true,
		UnspecifiedIsMandatory: true,
		Redeclares:             true,
		LooseComposite:         true,
		BareTargetKeys:         true,
		ChecksFirst:            true,
		NullFindsNull:          true,
	}
}

// NocoBase is what NocoBase's database package was recorded to do: keys do nothing unless told, junction rows go with
// either end, references have priority and are worked in turn. Keys are checked on write all the same, which
// [Options.Unchecked] turns off for an association.
func NocoBase() *Profile {
	nothing, junction := Actions{noAction, noAction}, Actions{cascade, noAction}
	defaults := [4]Actions{nothing, nothing, nothing, junction}
	return &Profile{Name: "nocobase", Optional: defaults, Mandatory: defaults, DeclaredTypes: true, Prioritized: true, Sequential: true, NumbersMatch: true}
}
