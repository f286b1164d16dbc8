package engine

import (
	"maps"
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/types"
)

// modes say which deferrable references and keys wait for the commit: by name, and for the others all; nil is as defined.
type modes struct {
	all  *bool
	each map[string]bool
}

// set tells whether anything is otherwise than as defined.
func (m modes) set() bool { return m.all != nil || m.each != nil }

func (m modes) deferred(constraint string, initially bool) bool {
	if mode, ok := m.each[constraint]; ok {
		return mode
	}
	if m.all != nil {
		return *m.all
	}
	return initially
}

func (m modes) clone() modes { return modes{m.all, maps.Clone(m.each)} }

// Defer puts off the checks of deferrable references and unique keys to the commit: those named, or all if none is. Errors: a name
// that none has, or one that is not deferrable.
func (tx *Tx) Defer(names ...string) error {
	_, err := tx.setModes("defer", names, true)
	return err
}

// Immediate makes the checks of deferrable references and unique keys immediate again: those named, or all if none is. What waits is
// checked now; if that fails the error says why and they stay deferred.
func (tx *Tx) Immediate(names ...string) error {
	if err := tx.refuses("make immediate"); err != nil {
		return err
	}
	var now, later []cascade.Deferred
	for _, p := range tx.pending {
		if len(names) == 0 || slices.Contains(names, p.Ref) {
			now = append(now, p)
		} else {
			later = append(later, p)
		}
	}
	before, err := tx.setModes("make immediate", names, false)
	if err != nil {
		return err
	}
	tx.watch()
	if err := tx.graph().CheckDeferred(tx.reading(), now); err != nil {
		tx.modes = before
		return err
	}
	tx.pending = later
	return nil
}

// setModes returns the modes that there were.
func (tx *Tx) setModes(op string, names []string, deferred bool) (modes, error) {
	before := tx.modes
	if err := tx.refuses(op); err != nil {
		return before, err
	}
	if len(names) == 0 {
		tx.modes = modes{all: &deferred}
		return before, nil
	}
	next := before.clone()
	if next.each == nil {
		next.each = map[string]bool{}
	}
	for _, name := range names {
		if err := tx.deferrable(op, name); err != nil {
			return before, err
		}
		next.each[name] = deferred
	}
	tx.modes = next
	return before, nil
}

func (tx *Tx) deferrable(op, name string) error {
	known := false
	for _, r := range tx.graph().Refs() {
		if r.Name != name {
			continue
		}
		if !r.Deferrable {
			return &types.Error{Kind: types.ErrQuery, Op: op, Table: r.Child, Constraint: name, State: "42809",
				Detail: "foreign key " + name + " is not deferrable", Hint: "declare it Deferrable"}
		}
		known = true
	}
	for _, d := range tx.definitions().Defs() {
		for _, u := range d.Peek().Unique {
			if u.Name == name && !u.Deferrable {
				return &types.Error{Kind: types.ErrQuery, Op: op, Table: d.Name(), Constraint: name, State: "42809",
					Detail: "unique key " + name + " is not deferrable", Hint: "declare it Deferrable"}
			}
			known = known || u.Name == name
		}
	}
	if !known {
		return &types.Error{Kind: types.ErrQuery, Op: op, Constraint: name, State: "42704", Detail: "there is no foreign key or unique key " + name}
	}
	return nil
}
