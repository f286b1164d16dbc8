package assoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Priority is how much weight the action of a reference has.
type Priority uint8

// The priorities: an action that nobody asked for, and one that somebody did.
const (
	ByDefault Priority = iota
	ByUser
)

// String is the priority: "default" or "user".
func (p Priority) String() string {
	if p == ByUser {
		return "user"
	}
	return "default"
}

// MarshalText writes the priority as [Priority.String] does.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// SharedReference is a foreign key with what the associations that share it say of it: there is one for each referring table,
// foreign key, referenced table and key, whichever sides define it, and it is there as long as one of them is.
type SharedReference struct {
	table.Reference
	// Child is the referring table.
	Child string `json:"child"`
	// Priority tells whether what becomes of the referring rows on delete was asked for.
	Priority Priority `json:"priority"`
	// Owners are the associations that share the reference, as "posts.user", in the order in which they were bound. A
	// reference that only the table declares has none.
	Owners []string `json:"owners,omitempty"`

	// Constraint is what a database beneath does by itself when a row is removed for good; nil if it has no constraint. Only a profile
	// whose deletes work references in turn knows it.
	Constraint *table.Constraint `json:"constraint,omitempty"`

	order int  // when it is its turn, in a profile whose deletes work in turn
	idle  bool // then it does nothing
}

// String reads: posts.authorId -> users.id.
func (r SharedReference) String() string {
	return fmt.Sprintf("%s.%s -> %s.%s", r.Child, columnsOf(r.Columns), r.Table, columnsOf(r.RefColumns))
}

func columnsOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprint(names)
}

// option is what one association says of a foreign key: the action that it asks for, or else the one that is the default
// of its kind.
type option struct {
	by       *Association
	onDelete table.Action
	explicit bool
}

// own notes that an association shares a reference of a foreign key.
func (r *resolver) own(column *attr, have *ref, a *Association) {
	if slices.ContainsFunc(have.options, func(c option) bool { return c.by == a }) {
		return
	}
	o := &a.Spec.Options
	have.options = append(have.options, option{by: a, explicit: o.OnDelete != table.Unspecified,
		onDelete: cmp.Or(o.OnDelete, r.defaults(a.Kind, column.null).OnDelete)})
}

// disown takes an association from the references of a foreign key to anything else than a key.
func (a *attr) disown(by *Association, m *model, key string) {
	a.refs = slices.DeleteFunc(a.refs, func(have *ref) bool {
		if have.model == m && have.key == key || len(have.options) == 0 {
			return false
		}
		have.options = slices.DeleteFunc(have.options, func(c option) bool { return c.by == by })
		return len(have.options) == 0
	})
}

// unchecked tells whether no association wants the parent of a foreign key looked for.
func unchecked(options []option) bool {
	return len(options) > 0 && !slices.ContainsFunc(options, func(c option) bool { return !c.by.Spec.Options.Unchecked })
}

// share enters what associations say of the references of a foreign key into the set.
func (r *resolver) share(s *Set, m *model, a *attr) {
	for _, to := range a.refs {
		if len(to.options) > 0 {
			s.references = append(s.references, r.shared(m, a, to))
		}
	}
}

func (r *resolver) shared(m *model, a *attr, to *ref) SharedReference {
	out := SharedReference{Child: m.table, order: r.bindingOrder(a, to.options[0].by), Reference: table.Reference{Name: m.table + "_" + a.Name + "_fkey",
		Columns: []string{a.Name}, Table: to.model.table, RefColumns: []string{to.key}, Unchecked: unchecked(to.options)}}
	for _, x := range to.refusals {
		r.conflicts = append(r.conflicts, conflict{r.bindingOrder(a, x.refused.by), out.conflict(x)})
	}
	out.Constraint = to.behind
	out.OnDelete, out.OnUpdate = cmp.Or(to.del, noAction), cmp.Or(to.upd, noAction)
	for _, c := range to.options {
		out.Owners = append(out.Owners, c.by.String())
	}
	out.idle = to.behind != nil && to.behind.Alone || out.Unchecked && to.passesOver(a)
	if a.OnDelete != table.Unspecified || r.explicit(to) {
		out.Priority = ByUser // the column says so itself
	}
	return out
}

// explicit tells whether the action of a reference was asked for: in a profile of priorities by the option that is kept, in
// others by any.
func (r *resolver) explicit(to *ref) bool {
	if r.profile.Prioritized {
		return to.kept.explicit
	}
	return slices.ContainsFunc(to.options, func(c option) bool { return c.explicit })
}

// conflict is a diagnostic, with the turn of what was refused.
type conflict struct {
	order int
	types.Diagnostic
}

// bindingOrder numbers what an association says of a foreign key by the order in which associations were bound; of the two of a
// junction the one that leads to the target comes first.
func (r *resolver) bindingOrder(a *attr, by *Association) int {
	turn := 2*slices.Index(r.assocs, by) + 1
	if by.Kind == BelongsToMany && by.ForeignKey == a.Name {
		turn++
	}
	return turn
}

// refusal is an option that does not get what it asks for, and the one that does.
type refusal struct{ kept, refused option }

// merge is what becomes of the options of associations that share a reference, in the order in which they were bound: what
// was asked for stands before a default; of two that ask for different actions the first stays, but that SET NULL gives way
// to CASCADE; of two defaults the first stays; one that asks for what is there already changes nothing.
func (to *ref) merge() (kept option) {
	kept = to.options[0]
	for _, c := range to.options[1:] {
		switch {
		case c.onDelete == kept.onDelete: // nothing changes, the priority included: a later one may still choose
		case c.explicit && !kept.explicit:
			kept = c
		case c.explicit && kept.onDelete == setNull && c.onDelete == cascade:
			kept = c
		case c.explicit:
			to.refusals = append(to.refusals, refusal{kept, c})
		}
	}
	return kept
}

// disagreements notes the options that ask for something else than what a profile without priorities decided.
func (to *ref) disagreements() {
	at := slices.IndexFunc(to.options, func(c option) bool { return c.explicit && c.onDelete == to.del })
	for _, c := range to.options {
		if at >= 0 && c.explicit && c.onDelete != to.del {
			to.refusals = append(to.refusals, refusal{to.options[at], c})
		}
	}
}

// conflict is the diagnostic of two associations that ask for different actions on one reference.
func (r SharedReference) conflict(x refusal) types.Diagnostic {
	k := &types.Claim{By: x.kept.by.String(), OnDelete: x.kept.onDelete.String()}
	f := &types.Claim{By: x.refused.by.String(), OnDelete: x.refused.onDelete.String()}
	return types.Diagnostic{
		Table: r.Child, Name: r.Name, Reference: r.String(), Kept: k, Refused: f,
		Problem: fmt.Sprintf("%s asks for ON DELETE %s and %s for %s; %s is kept", k.By, k.OnDelete, f.By, f.OnDelete, k.OnDelete),
		Cure:    "say the same on both sides, or say it on one",
	}
}

// References are the references of a table that associations share, those into it and those that it holds, by turn. The
// slice must not be changed. O(references).
func (s *Set) References() []SharedReference {
	if s == nil {
		return nil
	}
	return copyOut(s, s.references)
}

// refKey is what makes two references the same.
type refKey struct{ child, columns, table, refColumns string }

func refKeyOf(child string, r *table.Reference) refKey {
	return refKey{child, strings.Join(r.Columns, "\x00"), r.Table, strings.Join(r.RefColumns, "\x00")}
}

// Conflicts tell where two associations ask for different actions on the reference that they share, in the order in which
// those were bound that are refused. The slice must not be changed.
func (s *Set) Conflicts() []types.Diagnostic {
	if s == nil {
		return nil
	}
	return copyOut(s, s.conflicts)
}

// Turns tell, in a profile whose deletes cascade sequentially, how a reference is worked; nil in others.
func (s *Set) Turns() func(child string, r *table.Reference) table.Turn {
	if s == nil || !s.profile.Sequential {
		return nil
	}
	at := make(map[refKey]table.Turn, len(s.references))
	for i := range s.references {
		r := &s.references[i]
		at[refKeyOf(r.Child, &r.Reference)] = table.Turn{Place: r.order, Idle: r.idle, Behind: r.Constraint}
	}
	return func(child string, r *table.Reference) table.Turn { return at[refKeyOf(child, r)] }
}
