package assoc

import "github.com/memrel/memrel/table"

// Frontend is a front end's own way to say what models and associations a store has: the collections of package nocobase, say.
// It is a value: whatever changes it makes another. A store keeps it with its definitions, so that it is versioned, forked
// and rolled back like these.
type Frontend interface {
	// Profile is the profile by which a store with such definitions is resolved.
	Profile() *Profile
	// Derive works out the models and associations, whenever something is defined.
	Derive() Derived
	// DropTables leaves out what is about tables that are dropped.
	DropTables(tables []string) Frontend
	// Finalize takes over what came out, names of keys for instance, or refuses it.
	Finalize(*Set) (Frontend, error)
	// Explain says in the front end's words why a definition is refused.
	Explain(error) error
}

// Derived is what a [Frontend] comes to.
type Derived struct {
	Models []Model
	// Associations are those that lead somewhere, in the order in which they came to do so. Where two of them disagree about
	// a reference that they share, that order may decide.
	Associations []Spec
	// Pending are those that wait for a model that does not exist.
	Pending []Pending
}

// Pending is an association that waits.
type Pending struct {
	Source string `json:"source"`
	As     string `json:"as"`
	Kind   Kind   `json:"kind"`
	// For is the name of the model that it waits for.
	For string `json:"for"`
}

// String reads: users.profile waits for profiles.
func (p Pending) String() string { return p.Source + "." + p.As + " waits for " + p.For }

// FrontendChange is a definition that changes a [Frontend]. It enters itself into a batch with [table.Batch.Add].
type FrontendChange interface {
	table.Definition
	// Extend is the front end's definitions after this one; before is nil if the store has none. Errors are of kind
	// [types.ErrDefinition].
	Extend(before Frontend) (Frontend, error)
}

// KeyError refuses an association because of one of its keys. It wraps the [types.Error] that says so.
type KeyError struct {
	Association Spec
	// Holder and Column are the model that keeps the foreign key and the foreign key; Column is empty if the key that it is to
	// refer to does not exist, and otherwise the two are of different types.
	Holder, Column string
	// Model and Key are the model that it refers to and the key there; Target tells that it is the key on the association's
	// target side.
	Model, Key string
	Target     bool

	refusal error
}

// Error says what is wrong.
func (e *KeyError) Error() string { return e.refusal.Error() }

// Unwrap is the [types.Error].
func (e *KeyError) Unwrap() error { return e.refusal }

// Frontend is what the front end keeps with the store; nil if there is none.
func (s *Set) Frontend() Frontend {
	if s == nil {
		return nil
	}
	return s.frontend
}

// Pending are the associations that wait for a model, in the order in which they were defined. The slice must not be
// changed.
func (s *Set) Pending() []Pending {
	if s == nil {
		return nil
	}
	return copyOut(s, s.pending)
}

// derive adds what the front end's definitions come to.
func (r *resolution) derive() (all Specs, pending []Pending) {
	if r.frontend == nil {
		return r.specs, nil
	}
	d := r.frontend.Derive()
	all.Models = append(append(all.Models, r.specs.Models...), d.Models...)
	all.Associations = append(append(all.Associations, r.specs.Associations...), d.Associations...)
	all.Amendments = r.specs.Amendments
	return all, d.Pending
}
