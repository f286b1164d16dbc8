package memrel

import (
	"errors"
	"fmt"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/table"
)

// Instance is a row in hand: a row as it was read, what was included with it, and what was changed in hand since. It does
// not follow the stored row. Its verbs look where the row in hand points. The zero Instance is no row.
//
// An Instance belongs to one goroutine at a time if somebody changes it; copies share what was changed in hand.
type Instance struct{ node *assoc.DetachedRow }

// InstanceOf is a row in hand.
func InstanceOf(row Row) Instance { return Instance{assoc.Detach(row)} }

func instances(nodes []*assoc.DetachedRow) []Instance {
	out := make([]Instance, len(nodes))
	for i, n := range nodes {
		out[i] = Instance{n}
	}
	return out
}

// IsZero tells whether there is no row.
func (i Instance) IsZero() bool { return i.node == nil }

// Row is the row as it was read or last saved.
func (i Instance) Row() Row {
	if i.node == nil {
		return Row{}
	}
	return i.node.Row()
}

// Value is the value of a column in hand, as [Row.Get] gives it.
func (i Instance) Value(column string) any {
	if i.node == nil {
		return nil
	}
	return i.node.Get(column)
}

// SetValue changes a column in hand; [Instance.Save] writes it. On the zero Instance it does nothing.
func (i Instance) SetValue(column string, v any) {
	if i.node != nil {
		i.node.Set(column, v)
	}
}

// Included is what was included under an alias: any number of rows, or one or none. ok is false if nothing was.
func (i Instance) Included(as string) (rows []Instance, ok bool) {
	if i.node == nil {
		return nil, false
	}
	b, ok := i.node.Branch(as)
	return instances(b.Nodes), ok
}

// Junction is the junction row that led to the instance, where one did.
func (i Instance) Junction() Row {
	if i.node == nil || i.node.Junction() == nil {
		return Row{}
	}
	return i.node.Junction().Row()
}

// MarshalJSON writes the row with its columns in order, then what was included, by alias, then the junction row, by the
// name of its model. No row is null.
func (i Instance) MarshalJSON() ([]byte, error) { return i.node.MarshalJSON() }

// String is the row for people.
func (i Instance) String() string { return i.Row().String() }

// Save writes the columns that were changed in hand, and only these, to the stored row. What was included is not saved.
// Errors as [Model.Update].
func (i Instance) Save(w Writer) error {
	if i.node == nil {
		return noInstance("save")
	}
	changed := i.node.Changed()
	if len(changed) == 0 {
		return nil
	}
	name := i.Row().Table()
	row, err := Model{name}.Update(w, Key(i.Row().Key()), changed)
	if err != nil {
		return err
	}
	stamp := ""
	if info := Associations(w).Table(name); info != nil {
		stamp = info.UpdatedAt
	}
	i.node.Saved(row, stamp)
	return nil
}

// Delete removes the stored row. What refers to it follows by the actions of its references. Errors as [Model.Delete].
func (i Instance) Delete(w Writer) error {
	if i.node == nil {
		return noInstance("delete")
	}
	_, err := Model{i.Row().Table()}.Delete(w, Key(i.Row().Key()))
	return err
}

func noInstance(op string) error {
	return &Error{Kind: ErrNotFound, Op: op, Detail: "there is no row in hand"}
}

// With gives the junction row that is to lead to a target, or to each of several, values of its own.
func With(values Values, targets ...any) []any {
	out := make([]any, len(targets))
	for i, t := range targets {
		out[i] = assoc.Target{Row: t, Values: values}
	}
	return out
}

// linked flattens the targets of a verb: instances, rows, keys, lists of these, and what [With] makes. nil is no target.
func linked(targets []any) []assoc.Target {
	var out []assoc.Target
	for _, t := range targets {
		switch t := t.(type) {
		case nil:
		case assoc.Target:
			for _, one := range linked([]any{t.Row}) {
				one.Values = t.Values
				out = append(out, one)
			}
		case Instance:
			if t.node != nil {
				out = append(out, assoc.Target{Row: t.node})
			}
		case []Instance:
			for _, one := range t {
				out = append(out, linked([]any{one})...)
			}
		case []Row:
			for _, one := range t {
				out = append(out, linked([]any{one})...)
			}
		case Row:
			if !t.IsZero() {
				out = append(out, assoc.Target{Row: t})
			}
		case Key:
			out = append(out, assoc.Target{Row: []any(t)})
		case []any:
			out = append(out, linked(t)...)
		default:
			out = append(out, assoc.Target{Row: t})
		}
	}
	return out
}

// verbs are those of the association of that alias.
func (i Instance) verbs(state table.Reader, as string) (assoc.Verbs, *assoc.Association, error) {
	if i.node == nil {
		return assoc.Verbs{}, nil, noInstance("")
	}
	set, name := setOf(state), i.Row().Table()
	a := set.Association(name, as)
	if a == nil {
		return assoc.Verbs{}, nil, &Error{Kind: ErrUnknownAssociation, Table: name,
			Detail: fmt.Sprintf("association with alias %q does not exist on %s", as, name), Hint: "define it on this side too"}
	}
	return set.On(a, i.node), a, nil
}

// Get collects the rows that an association leads to; of a to-one association that is one or none. The query's Where,
// Order, Limit, Offset, Columns, Include and, if there is a junction, Through apply. Cost: linear in the rows found. Errors
// as [Model.FindAll].
func (i Instance) Get(r Reader, as string, q Query) ([]Instance, error) {
	state, _ := r.source()
	v, _, err := i.verbs(state, as)
	if err != nil {
		return nil, i.attempted("get", err)
	}
	nodes, err := v.Get(state, q)
	return instances(nodes), i.attempted("get", err)
}

// Count is the number of rows that an association leads to and for which a condition is true. Errors as [Model.FindAll].
func (i Instance) Count(r Reader, as string, where Cond) (int, error) {
	state, _ := r.source()
	v, _, err := i.verbs(state, as)
	if err != nil {
		return 0, i.attempted("count", err)
	}
	n, err := v.Count(state, where)
	return n, i.attempted("count", err)
}

// Has tells whether an association leads to every target. Targets are instances, rows, keys, and lists of these; it never
// leads to nil. Errors as [Model.FindAll].
func (i Instance) Has(r Reader, as string, targets ...any) (bool, error) {
	return i.has(r, as, targets, Cond{})
}

func (i Instance) has(r Reader, as string, targets []any, where Cond) (bool, error) {
	state, _ := r.source()
	v, _, err := i.verbs(state, as)
	if err != nil || slices.Contains(targets, any(nil)) {
		return false, i.attempted("has", err)
	}
	ok, err := v.Has(state, linked(targets), where)
	return ok, i.attempted("has", err)
}

// Set makes the targets the rows that an association leads to, and no others, in one statement. Rows left behind lose their
// foreign key, or their junction row. Targets are instances, rows, keys, and lists of these; see [With] for junction
// values. Errors as [Model.Update], [ErrNotFound] for a key that no row has, and [ErrQuery] for junction values where there
// is no junction.
func (i Instance) Set(w Writer, as string, targets ...any) error {
	return i.write(w, "set", assoc.DoSet, as, linked(targets), assoc.Verbs.Set)
}

// Add makes the targets rows that an association leads to as well, in one statement. What leads there already stays.
// Targets and errors as [Instance.Set].
func (i Instance) Add(w Writer, as string, targets ...any) error {
	return i.write(w, "add", assoc.DoAdd, as, linked(targets), assoc.Verbs.Add)
}

// Remove makes the targets rows that an association does not lead to, in one statement. Targets and errors as
// [Instance.Set].
func (i Instance) Remove(w Writer, as string, targets ...any) error {
	return i.write(w, "remove", assoc.DoRemove, as, linked(targets), assoc.Verbs.Remove)
}

func (i Instance) write(w Writer, op string, do assoc.Action, as string, targets []assoc.Target,
	verb func(assoc.Verbs, table.Statements, []assoc.Target) error) error {
	err := carryVerb(w, op, i.several(as, do, targets), func(st table.Statements) error {
		v, a, err := i.verbs(st.(*statements).tx.state(), as)
		if err != nil {
			return err
		}
		if !a.Kind.Many() && do != assoc.DoSet {
			return &Error{Kind: ErrUnknownMethod, Table: a.SourceTable,
				Detail: fmt.Sprintf("%s leads to one row, which can be got, set and created", a)}
		}
		return verb(v, st, targets)
	})
	return i.attempted(op, err)
}

func (i Instance) several(as string, do assoc.Action, targets []assoc.Target) func(*assoc.Set) bool {
	return func(set *assoc.Set) bool {
		if i.node == nil {
			return false
		}
		a := set.Association(i.Row().Table(), as)
		return a != nil && a.Kind.NeedsTx(do, targets)
	}
}

// Create inserts a row that an association then leads to, in one statement, with values for the junction row if there is
// one; the values of the association's scope stand before those given. Errors as [Model.Insert], and [ErrQuery] for junction
// values where there is no junction.
func (i Instance) Create(w Writer, as string, values Values, through ...Values) (created Instance, err error) {
	var link Values
	if len(through) > 0 {
		link = through[0]
	}
	err = carryVerb(w, "create", i.several(as, assoc.DoCreate, nil), func(st table.Statements) error {
		v, _, err := i.verbs(st.(*statements).tx.state(), as)
		if err == nil {
			created.node, err = v.Create(st, values, assoc.Target{Values: link})
		}
		return err
	})
	if err != nil {
		return Instance{}, i.attempted("create", err)
	}
	return created, nil
}

// attempted says in an error which verb it was.
func (i Instance) attempted(op string, err error) error {
	var e *Error
	if i.node == nil || !errors.As(err, &e) {
		return err
	}
	return attempted(op, i.Row().Table(), err)
}
