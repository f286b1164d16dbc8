package assoc

import (
	"fmt"
	"sync/atomic"

	"github.com/memrel/memrel/types"
)

// Association is a resolved association: every name and key that follows from its [Spec]. It never changes.
type Association struct {
	Spec   Spec
	Kind   Kind
	Source string // the names of the models
	Target string
	// SourceTable, TargetTable and Junction are the tables; Junction only for a belongsToMany.
	SourceTable, TargetTable, Junction string
	// As is the alias, unique among the associations of the source; Names are its two forms, Aliased tells that the spec
	// gave it.
	As      string
	Names   Names
	Aliased bool
	// ForeignKey refers to SourceKey, except for a belongsTo, where it is a column of the source that refers to TargetKey.
	// OtherKey is the junction's column that refers to TargetKey.
	ForeignKey, OtherKey, SourceKey, TargetKey string
	// Through is the name of the junction's model.
	Through string

	target, link scopeParts

	path, pathToAll atomic.Pointer[accessPath]
	softLinks       bool // junction rows are deleted softly
}

// Action is what an accessor does.
type Action uint8

// The actions of accessors.
const (
	DoGet Action = iota
	DoSet
	DoCreate
	DoCount
	DoHas
	DoAdd
	DoRemove
	DoFindOrCreate
	DoUpsert
	DoIncrement
)

var actionNames = [...]string{"get", "set", "create", "count", "has", "add", "remove", "find or create", "upsert", "increment"}

// String is the action: "get".
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// TakesTargets tells whether the action is about targets.
func (a Action) TakesTargets() bool { return a == DoSet || a == DoAdd || a == DoRemove || a == DoHas }

// Takes refuses arguments that the action has no use for: how many queries, values, and targets are given.
func (a Action) Takes(queries, values, targets int) error {
	most := [...]struct{ queries, values int }{DoGet: {1, 0}, DoCount: {1, 0}, DoHas: {1, 0}, DoCreate: {0, 2}, DoRemove: {0, 0}}[a]
	switch {
	case queries > most.queries:
		return a.refuses("queries or conditions", queries, most.queries, "one Query says all")
	case values > most.values:
		return a.refuses("values", values, most.values, "the values of a junction row are given beside a target, by With")
	case targets > 0 && !a.TakesTargets():
		return a.refuses("targets", targets, 0, "ask whether there are these with has")
	}
	return nil
}

func (a Action) refuses(what string, given, most int, hint string) error {
	return &types.Error{Kind: types.ErrQuery, Op: a.String(), Detail: fmt.Sprintf("%d %s were given, it takes %d", given, what, most), Hint: hint}
}

// Accessors are the names of the methods that an association gives to its source's rows.
type Accessors struct {
	Get            string `json:"get"`
	Set            string `json:"set"`
	Create         string `json:"create"`
	Count          string `json:"count,omitempty"`
	HasSingle      string `json:"hasSingle,omitempty"`
	HasAll         string `json:"hasAll,omitempty"`
	Add            string `json:"add,omitempty"`
	AddMultiple    string `json:"addMultiple,omitempty"`
	Remove         string `json:"remove,omitempty"`
	RemoveMultiple string `json:"removeMultiple,omitempty"`
}

// Accessors are the names of the association's methods: a prefix and the alias with its first letter in upper case.
func (a *Association) Accessors() Accessors {
	one, many := upperFirst(a.Names.Singular), upperFirst(a.Names.Plural)
	if !a.Kind.Many() {
		return Accessors{Get: "get" + one, Set: "set" + one, Create: "create" + one}
	}
	return Accessors{Get: "get" + many, Set: "set" + many, Create: "create" + one, Count: "count" + many,
		HasSingle: "has" + one, HasAll: "has" + many, Add: "add" + one, AddMultiple: "add" + many,
		Remove: "remove" + one, RemoveMultiple: "remove" + many}
}

// action is what the method of that name does.
func (a *Association) action(method string) (Action, bool) {
	x := a.Accessors()
	for _, m := range [...]struct {
		name string
		do   Action
	}{
		{x.Get, DoGet}, {x.Set, DoSet}, {x.Create, DoCreate}, {x.Count, DoCount}, {x.HasSingle, DoHas}, {x.HasAll, DoHas},
		{x.Add, DoAdd}, {x.AddMultiple, DoAdd}, {x.Remove, DoRemove}, {x.RemoveMultiple, DoRemove},
	} {
		if m.name == method && method != "" {
			return m.do, true
		}
	}
	return 0, false
}

// String reads: foo.bars.
func (a *Association) String() string { return a.Source + "." + a.As }
