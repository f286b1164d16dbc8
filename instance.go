package memrel

import (
	"maps"
	"reflect"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Instance is a row apart from the store: a row as it was read, what was included with it, and what was changed on it since. It
// does not follow the stored row. Its verbs look where the row points as it is now. The zero Instance is no row.
//
// An Instance belongs to one goroutine at a time if somebody changes it; copies share what was changed.
type Instance struct{ node *assoc.DetachedRow }

// InstanceOf makes an instance of a row.
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

// Value is the present value of a column, as [table.Row.Get] gives it: nil for one that the query left out, unless it was changed.
func (i Instance) Value(column string) any {
	if i.node == nil {
		return nil
	}
	return i.node.Get(column)
}

// SetValue changes a column of the instance; [Instance.Save] writes it. On the zero Instance it does nothing.
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

// Junction is the junction row that led to the instance, where one did, with the columns that were asked of it.
func (i Instance) Junction() Row {
	if i.node == nil || i.node.Junction() == nil {
		return Row{}
	}
	return i.node.Junction().Row()
}

// MarshalJSON writes the row with its columns in order, then what was included, by alias, then the junction row, by the
// name of its model. No row is null.
func (i Instance) MarshalJSON() ([]byte, error) { return i.node.MarshalJSON() }

// String is the row for people, with what was changed on it and what was included, but for junction rows.
func (i Instance) String() string { return i.node.String() }

// Save writes the columns that were changed on the instance, and only these, to the stored row. The times that a model keeps are
// not changed on an instance, and nothing is written where nothing is changed. What was included is not saved.
// Errors as [Handle.Update].
func (i Instance) Save(w Writer) error {
	if i.node == nil {
		return engine.NoRow("save")
	}
	name := i.Row().Table()
	changed := i.node.ToSave(associations(w).Table(name))
	if len(changed) == 0 {
		return nil
	}
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "update", Table: name, Select: engine.ByKey}, i.Row().Key(), changed)
	if err != nil {
		return err
	}
	stamp, _ := associations(w).UpdatedAt(name)
	i.node.Saved(table.RowOf(def, rec, nil), stamp)
	return nil
}

// Delete removes the stored row. What refers to it follows by the actions of its references. Errors as [Handle.Delete].
func (i Instance) Delete(w Writer) error {
	if i.node == nil {
		return engine.NoRow("delete")
	}
	_, _, err := engine.ExecuteOne(write(w), &engine.Change{Op: "delete", Table: i.Row().Table(), Select: engine.ByKey, Delete: true}, i.Row().Key(), nil)
	return err
}

// Restore brings the stored row back if it was soft-deleted. Errors as [Handle.Restore].
func (i Instance) Restore(w Writer) error {
	if i.node == nil {
		return engine.NoRow("restore")
	}
	name := i.Row().Table()
	def, rec, err := engine.ExecuteOne(write(w), &engine.Change{Op: "restore", Table: name, Select: engine.ByKey, Restore: true}, i.Row().Key(), nil)
	if err == nil {
		i.node.Restored(table.RowOf(def, rec, nil))
	}
	return err
}

// With gives the junction row that is to lead to a target, or to each of several, values of its own.
func With(values Values, targets ...any) []any {
	out := make([]any, len(targets))
	for i, t := range targets {
		out[i] = assoc.Target{Row: t, Values: values}
	}
	return out
}

// linked flattens the targets of a verb: instances, rows, keys, lists of these, and what [With] makes. What is no row is an error.
func linked(op string, targets []any) (out []assoc.Target, err error) {
	if len(targets) > 0 {
		out = make([]assoc.Target, 0, len(targets))
	}
	for _, t := range targets {
		var list []any
		switch t := t.(type) {
		case nil:
			return nil, engine.NoTarget(op)
		case assoc.Target:
			some, err := linked(op, []any{t.Row})
			if err != nil {
				return nil, err
			}
			for _, one := range some {
				one.Values = t.Values
				out = append(out, one)
			}
			continue
		case []any:
			list = t
		case Instance:
			if t.node == nil {
				return nil, engine.NoTarget(op)
			}
			out = append(out, assoc.Target{Row: t.node})
		case Row:
			if t.IsZero() {
				return nil, engine.NoTarget(op)
			}
			out = append(out, assoc.Target{Row: t})
		case Key:
			out = append(out, assoc.Target{Row: []any(t)})
		default:
			var several bool
			if list, several = assoc.Elements(t); !several {
				out = append(out, assoc.Target{Row: t})
			}
		}
		some, err := linked(op, list)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// by is the association of that alias, from the instance.
func (i Instance) by(as string) engine.Alias { return engine.Alias{Row: i.node, As: as} }

// Get collects the rows that an association leads to; of a to-one association that is one or none. The query's Where,
// Order, Limit, Offset, Columns, Include and, if there is a junction, Through apply. Cost: linear in the rows found. Errors
// as [Handle.Find].
func (i Instance) Get(r Reader, as string, q Query) ([]Instance, error) {
	rows, err := i.by(as).Get(scan(r), &q)
	return instances(rows), err
}

// Count is the number of rows that [Instance.Get] collects: those that an association leads to and that are asked for by a [Cond], or
// by a [Query], with its Through, Limit and so on. Errors as [Handle.Find].
func (i Instance) Count(r Reader, as string, by query.Criteria) (int, error) {
	q := query.Asked(by)
	return i.by(as).Count(scan(r), &q)
}

// Has tells whether every target is one of the rows that an association leads to, and that are asked for where a [Cond] or a [Query]
// stands among the targets. These are instances, rows, keys, and lists of these; an association never leads to nil, or to no row.
// Errors as [Handle.Find].
func (i Instance) Has(r Reader, as string, targets ...any) (bool, error) {
	c, err := sortArgs(assoc.DoHas, targets)
	if err != nil {
		return false, err
	}
	rows, none := linked("has", c.targets)
	ok, err := i.by(as).Has(scan(r), rows, &c.query)
	return ok && none == nil, err
}

// Set makes the targets the rows that an association leads to, and no others, in one statement; nil alone is for none. Rows left
// behind lose their foreign key, or their junction row. Targets are instances, rows, primary keys, and lists of these; see [With] for
// junction values. Errors as [Handle.Update], [ErrNotFound] for a key that no row has or only a soft-deleted one and for no row,
// [ErrNotNull] if the row that a foreign key is to refer to has NULL there, and [ErrQuery] for junction values where there is no junction.
func (i Instance) Set(w Writer, as string, targets ...any) error {
	if len(targets) == 1 && targets[0] == nil {
		targets = nil
	}
	return i.link(w, as, "set", assoc.DoSet, targets)
}

// Add makes the targets rows that an association leads to as well, in one statement. What leads there already stays.
// Targets and errors as [Instance.Set].
func (i Instance) Add(w Writer, as string, targets ...any) error {
	return i.link(w, as, "add", assoc.DoAdd, targets)
}

// Remove makes the targets rows that an association does not lead to, in one statement. Targets and errors as
// [Instance.Set].
func (i Instance) Remove(w Writer, as string, targets ...any) error {
	return i.link(w, as, "remove", assoc.DoRemove, targets)
}

func (i Instance) link(w Writer, as, op string, do assoc.Action, targets []any) error {
	c, err := sortArgs(do, targets)
	if err != nil {
		return err
	}
	rows, err := linked(op, c.targets)
	if err != nil {
		return err
	}
	return i.by(as).Run(write(w), &engine.Verb{Op: op, Call: assoc.Call{Do: do, Targets: rows}})
}

// Create inserts a row that an association then leads to, in one statement, with values for the junction row if there is
// one; the values of the association's scope stand before those given. Errors as [Table.Insert], and [ErrQuery] for junction
// values where there is no junction.
func (i Instance) Create(w Writer, as string, values Values, through ...Values) (Instance, error) {
	v := engine.Verb{Op: "create", Call: assoc.Call{Do: assoc.DoCreate, Values: values}}
	if len(through) > 0 {
		v.Call.Through.Values = through[0]
	}
	if err := i.by(as).Run(write(w), &v); err != nil {
		return Instance{}, err
	}
	return Instance{v.Call.Created}, nil
}

// Call runs a verb by the name of its generated accessor: getBars, countBars, hasBar, hasBars, setBars, addBar, addBars,
// removeBar, removeBars, createBar; for a to-one association getBar, setBar, createBar. What the verb takes is told apart
// by type: a [Query], a [Cond], [Values] for the row to create and then for its junction row; anything else is a target.
// It returns []Instance, or for a to-one association an Instance that is zero if there is none; an int; a bool; the
// Instance created; or nil. Verbs that write need a [Writer]. Errors are those of the verb, and [ErrUnknownMethod].
func (i Instance) Call(r Reader, method string, args ...any) (any, error) {
	if i.node == nil {
		return nil, engine.NoRow("call")
	}
	name := i.Row().Table()
	a, do, ok := associations(r).Method(name, method)
	if !ok {
		return nil, associations(r).NoMethod(name, method)
	}
	c, err := sortArgs(do, args)
	if err != nil {
		return nil, err
	}
	switch do {
	case assoc.DoGet:
		found, err := i.Get(r, a.As, c.query)
		if a.Kind.Many() || err != nil {
			return found, err
		}
		if len(found) == 0 {
			return Instance{}, nil
		}
		return found[0], nil
	case assoc.DoCount:
		return i.Count(r, a.As, c.query)
	case assoc.DoHas:
		return i.Has(r, a.As, append(c.targets, c.query)...)
	}
	w, ok := r.(Writer)
	if !ok {
		return nil, &Error{Kind: ErrQuery, Op: "call", Table: name, Detail: method + " writes", Hint: "call it on a store or a transaction"}
	}
	switch do {
	case assoc.DoCreate:
		return i.Create(w, a.As, c.values[0], c.values[1])
	case assoc.DoSet:
		return nil, i.Set(w, a.As, c.targets...)
	case assoc.DoAdd:
		return nil, i.Add(w, a.As, c.targets...)
	}
	return nil, i.Remove(w, a.As, c.targets...)
}

// callArgs are the arguments of a call, told apart by type.
type callArgs struct {
	query   Query
	values  [2]Values
	targets []any
}

// sortArgs tells the arguments of a verb apart, and refuses those that it has no use for.
func sortArgs(do assoc.Action, args []any) (c callArgs, err error) {
	asked, given := 0, 0
	for i, arg := range args {
		switch arg := arg.(type) {
		case nil: // no target, and of the others nothing
			if do.TakesTargets() {
				c.targets = taken(c.targets, args, i)
			}
		case query.Criteria:
			if q := query.Asked(arg); !reflect.ValueOf(q).IsZero() {
				c.query = q
				asked++
			}
		case Values:
			if given < len(c.values) {
				c.values[given] = arg
			}
			given++
		default:
			c.targets = taken(c.targets, args, i)
		}
	}
	return c, do.Takes(asked, given, len(c.targets))
}

// taken are the targets among arguments up to i, which is one. As long as all are targets they are the arguments themselves.
func taken(targets, args []any, i int) []any {
	if len(targets) == i {
		return args[: i+1 : i+1]
	}
	return append(targets, args[i])
}

// FindOrCreate is [Handle.FindOrCreate] among the rows that an association leads to; a new one is made as by [Instance.Create].
func (i Instance) FindOrCreate(w Writer, as string, where, others Values) (row Instance, created bool, err error) {
	values := Values{}
	maps.Copy(values, where)
	maps.Copy(values, others)
	matching := assoc.Matching(where)
	v := engine.Verb{Op: "find or create", Call: assoc.Call{Do: assoc.DoFindOrCreate, Where: &matching, Values: values}}
	err = i.by(as).Run(write(w), &v)
	return Instance{v.Call.Created}, err == nil && !v.Call.Found, err
}

// Upsert is [Table.Upsert] of a row that an association leads to, and leads to from then on.
func (i Instance) Upsert(w Writer, as string, values Values, on ...string) (Instance, error) {
	v := engine.Verb{Op: "upsert", Call: assoc.Call{Do: assoc.DoUpsert, Values: values, On: on}}
	err := i.by(as).Run(write(w), &v)
	return Instance{v.Call.Created}, err
}

// Increment is [Handle.Increment] of the rows that an association leads to. It returns how many these are.
func (i Instance) Increment(w Writer, as string, where Cond, by Values) (int, error) {
	v := engine.Verb{Op: "increment", Call: assoc.Call{Do: assoc.DoIncrement, Where: &where, By: by}}
	err := i.by(as).Run(write(w), &v)
	return v.Call.Count, err
}
