package main

import (
	"slices"
	"strings"
)

// collectionTurn is a step of a collection recording with what there is before it, and how it came out.
type collectionTurn struct {
	*collectionStep
	shared   bool // the step takes away or changes a field whose reference another field shares
	again    bool // the step defines a collection that is there already, with other relations
	guarded  bool // rows of a junction that the step may delete are referred to
	perRow   bool // the step told the same events, and besides of each row
	toldOnce bool // the step told the same events, each row once
	once     bool // the step found the same rows, each once
	eachTime bool // the step found the same rows, but what is loaded with those that come several times is shown each time
	null     bool // a key that references which the step may work aim at is NULL in some row
	unhooked bool // references act on deletes of the collection, and the step asks for no row hooks
	deleted  bool // a step since the one that fell under a rule deleted rows

	unknownAction bool  // a field's onDelete is no action
	holds         bool  // the collection that goes holds foreign keys
	nullsKey      bool  // SET NULL is asked for on a foreign key that is part of a primary key
	linked        bool  // the relation is a belongsToMany
	halfNamed     bool  // a belongsToMany shares its junction with one that names its keys, or names them where that names none
	unnamedKey    bool  // it defines a hasOne or hasMany that names no foreign key
	sortable      bool  // it defines a hasMany that is to be sortable
	madeKeys      bool  // the step shows the same columns, but for foreign keys that relations made in a collection defined again
	err           error // what came of the step
}

// collectionDepartures are the rules for collection recordings.
var collectionDepartures = []departureRule[collectionTurn]{
	{
		name:    "cascade cycles end",
		reason:  "a delete that comes back to a row that goes already is done with it; the recorded system never ends",
		applies: func(st collectionTurn, _ error) bool { return st.Expect.Diverges && st.deletes() && st.err == nil },
	},
	{
		name: "references follow from the fields",
		reason: "a reference is there as long as a field means it, with the action that the remaining fields ask for; in the recorded " +
			"system it goes with the first field, or keeps what a field said that is gone",
		applies: func(st collectionTurn, _ error) bool { return st.shared },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "redefinition replaces",
		reason: "a collection that is defined again leaves nothing behind of what it said before; in the recorded system the action that " +
			"its field gave stays on the reference",
		applies: func(st collectionTurn, _ error) bool { return st.again },
		about:   collectionTurn.showsReferences,
	},
	{
		name:   "a reference has its column",
		goesOn: true,
		reason: "a reference is there as long as a field means it, and so is the column of its key: a relation has its foreign key also in a collection that is defined again, and when the field that declared it, or another relation by " +
			"it, goes; in the recorded system the key is missing, and the relation leads by nothing",
		applies: func(st collectionTurn, _ error) bool { return st.madeKeys },
	},
	{
		name: "sortable is not supported",
		reason: "a hasMany that is sortable is refused, and leaves nothing behind; in the recorded system a hasMany that asks for the sort field of " +
			"another package fails when its reference is there",
		applies: func(st collectionTurn, _ error) bool { return st.sortable && st.Expect.Error != nil && st.err != nil },
		about:   collectionTurn.showsReferences,
	},
	{
		name:   "an action is one",
		reason: "an onDelete that is no action is refused; in the recorded system it is kept and does nothing",
		applies: func(st collectionTurn, _ error) bool {
			return st.unknownAction && st.refusedAs("unknown referential action")
		},
	},
	{
		name:    "references go with their collection",
		reason:  "a reference goes with the collection that holds it; in the recorded system it stays, and deletes fail by it",
		applies: func(st collectionTurn, _ error) bool { return st.Op == "removeCollection" && st.holds },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "a junction's key is never NULL",
		reason: "SET NULL on a foreign key that is part of its junction's primary key is refused when it is to act; in the recorded system the " +
			"links stay and lead nowhere",
		applies: func(st collectionTurn, _ error) bool { return st.nullsKey && st.refusedAs("cannot be NULL") },
	},
	{
		name:   "removals are told per row",
		goesOn: true,
		reason: "every row that goes is told of; in the recorded system links that a relation takes away, and rows of a delete without row " +
			"hooks, are told as a whole only",
		applies: func(st collectionTurn, _ error) bool {
			return st.perRow && (st.withoutRowHooks() || st.linked && st.unlinks())
		},
	},
	{
		name:   "a row goes once",
		goesOn: true,
		reason: "a delete that comes back to a row that goes already is done with it: a row that is named and that a cascade reaches from another one is " +
			"deleted and told of once; in the recorded system it is told of " +
			"each time",
		applies: func(st collectionTurn, _ error) bool { return st.deletes() && st.toldOnce },
	},
	{
		name: "two sides of a belongsToMany have one pair of keys",
		reason: "two fields that lead through one junction, one naming its keys and the other none, have the same keys, and two that name others " +
			"are refused; in the recorded system they end with keys that do not agree, or that are no columns, or fail",
		applies: func(st collectionTurn, _ error) bool { return st.halfNamed },
		about: func(later collectionTurn) bool {
			return slices.Contains([]string{"define", "setField", "associations", "references", "columns", "indexes"}, later.Op)
		},
	},
	{
		name: "kinds of keys are compared",
		reason: "a foreign key has the kind of the key that it refers to, also where a hasOne or hasMany names none; in the recorded system " +
			"other columns are compared then, or none",
		applies: func(st collectionTurn, _ error) bool {
			return st.unnamedKey && st.refusedAs("does not match")
		},
	},
	{
		name: "references always hold",
		reason: "every delete acts on the rows that refer to the deleted ones; in the recorded system one without row hooks, or of junction " +
			"rows through their relation, passes them by",
		applies: func(st collectionTurn, _ error) bool { return st.unhooked || st.guarded },
		about:   collectionTurn.showsReferences,
	},
	{
		name: "NULL matches nothing",
		reason: "a key that is NULL is referred to by no row; in the recorded system deleting its row acts on all rows whose foreign key " +
			"is NULL",
		applies: func(st collectionTurn, _ error) bool {
			return st.null && st.deletes()
		},
		about: collectionTurn.showsReferences,
	},
	{
		name:   "what a row has loaded is shown each time",
		goesOn: true,
		reason: "a row that several others lead to shows what is loaded with it wherever it stands; in the recorded system only one of them has it, and " +
			"the others an empty list, or no row",
		applies: func(st collectionTurn, _ error) bool { return st.eachTime },
	},
	{
		name:   "a row is found once",
		goesOn: true,
		reason: "a filter over an association finds a row once; in the recorded system a row comes once for each row that it joins, where the " +
			"association leads to one by a key that is not unique",
		applies: func(st collectionTurn, _ error) bool {
			return slices.Contains([]string{"find", "findAndCount", "relation"}, st.Op) && st.once
		},
	},
}

// withoutRowHooks tells whether the step is a delete that asks for no row hooks.
func (t collectionTurn) withoutRowHooks() bool {
	return t.IndividualHooks != nil && !*t.IndividualHooks
}

// deletes tells whether the step is a delete of rows, or of rows by a relation.
func (t collectionTurn) deletes() bool {
	return strings.Contains(strings.ToLower(t.Op+t.Method), "destroy")
}

// unlinks tells whether the step is a method of a relation that may take links away.
func (t collectionTurn) unlinks() bool {
	return slices.Contains([]string{"set", "remove", "toggle", "destroy"}, t.Method)
}

// refusedAs tells whether the step was refused here alone, and why.
func (t collectionTurn) refusedAs(why string) bool {
	return t.Expect.Error == nil && t.err != nil && strings.Contains(t.err.Error(), why)
}

// showsReferences tells whether a step shows which references there are or what they do: it lists them, defines what they may be in
// conflict with, deletes rows, or reads rows after a delete.
func (t collectionTurn) showsReferences() bool {
	switch t.Op {
	case "references", "define", "setField":
		return true
	}
	return t.readsRows() && t.deleted || t.deletes() || t.guarded
}

// readsRows tells whether a step reads rows and does nothing else.
func (t collectionTurn) readsRows() bool {
	return slices.Contains([]string{"dump", "count", "find", "findOne", "findAndCount", "aggregate"}, t.Op)
}
