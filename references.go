package memrel

import (
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/types"
)

// SharedReference is a foreign key with what is said of it: by whom, and with what priority.
type SharedReference = assoc.Reference

// Priority is how much weight the action of a [SharedReference] has; see the constants.
type Priority = assoc.Priority

// The priorities of a [SharedReference].
const (
	ByDefault = assoc.ByDefault
	ByUser    = assoc.ByUser
)

// Pending is an association that waits for its target.
type Pending = assoc.Pending

// Claim is the action on delete that an association asks for; see [Diagnostic].
type Claim = types.Claim

// DiagnosticFunc is a [Definition] that has every new [Diagnostic] told to a function, while the definitions are made that
// it is about; nil tells nobody. The function runs inside the writing transaction, which may yet be rolled back, and must
// not use the store.
type DiagnosticFunc = assoc.DiagnosticFunc

// References are the references that have to do with a table: first those that refer to it, in the order in which a delete
// works them, then those to other tables that it declares. Each is there once, whichever sides define it.
// O(references).
func (v View) References(name string) []SharedReference {
	d := v.at().Definitions()
	set, graph := assocOf(d), graphOf(d)
	var out []SharedReference
	add := func(r *cascade.Ref) { out = append(out, set.Reference(r.Child, r.Reference)) }
	for _, r := range graph.Into(name) {
		add(r)
	}
	for _, r := range graph.From(name) {
		if r.Table != name {
			add(r)
		}
	}
	return out
}

// References is [View.References] of the state there is now.
func (db *DB) References(name string) []SharedReference { return db.View().References(name) }

// Pending are the associations that wait for their target, in the order in which they were defined.
func (v View) Pending() []Pending { return slices.Clone(assocOf(v.at().Definitions()).Pending()) }

// Pending is [View.Pending] of the state there is now.
func (db *DB) Pending() []Pending { return db.View().Pending() }

// Diagnostics are the definitions of the view that are allowed but do not do what they seem to say: an action that can
// only fail, a cycle of mandatory references into which no row can ever be inserted, two associations that ask for
// different actions on the reference that they share. Each names its cure. O(definitions).
func (v View) Diagnostics() []Diagnostic {
	return diagnose(v.at().Definitions().Compiled().(*compiled))
}

func diagnose(c *compiled) []Diagnostic {
	return append(c.graph.Diagnostics(), c.assoc.Conflicts()...)
}

// tell has what is new among the diagnostics told to whoever wants to know.
func (c *compiled) tell(before *compiled) {
	f := c.assoc.DiagnosticFunc()
	if f == nil {
		return
	}
	had := diagnose(before)
	for _, d := range diagnose(c) {
		if !slices.ContainsFunc(had, func(h types.Diagnostic) bool { return h.String() == d.String() }) {
			f(d)
		}
	}
}
