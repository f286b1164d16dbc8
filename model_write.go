package memrel

import (
	"maps"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/engine"
)

// Create adds a row by the rules of its model, and returns it as an instance: the time of update is set by itself, a time of
// creation that is given is kept. What an [Include] names is made with it, at any depth: the alias stands among the values, with
// [Values] or a list of them. The rows that it belongs to come before it, the others after it; the values of a junction row
// stand among those of the target, under the name of the junction's model. It is one statement: all or nothing. Errors as
// [Model.Insert], [ErrUnknownAssociation], and [ErrQuery] for an include that asks for more than rows to be made.
//
//	post.Create(db, memrel.Values{"title": "a", "tags": []memrel.Values{{"name": "x"}}}, memrel.Include{As: "tags"})
func (m Model) Create(w Writer, values Values, include ...Include) (Instance, error) {
	if len(include) == 0 {
		row, err := engine.CreateOne(write(w), m.name, values)
		return Instance{row}, err
	}
	own := make(Values, len(values)) // and not maps.Clone, which has every caller's values go to the heap
	for name, v := range values {
		own[name] = v
	}
	c := assoc.Creation{Table: m.name, Rows: []Values{own}, Include: include}
	if err := engine.Create(write(w), &c); err != nil {
		return Instance{}, err
	}
	return Instance{c.Made[0]}, nil
}

// CreateAll is Create for several rows in one statement, but that both times are kept where they are given.
func (m Model) CreateAll(w Writer, values []Values, include ...Include) ([]Instance, error) {
	c := assoc.Creation{Table: m.name, Rows: values, Include: include, How: assoc.Bulk}
	err := engine.Create(write(w), &c)
	return instances(c.Made), err
}

// FindOrCreate is the first row that has the values of where, or, if there is none, a new one with these and others, where of two
// values for one column that of others stands; created tells which it was. It is one statement. Errors as [Model.Create].
func (m Model) FindOrCreate(w Writer, where, others Values) (i Instance, created bool, err error) {
	row, created, err := engine.FindOrCreate(write(w), m.name, where, others)
	return Instance{row}, created, err
}

// Increment adds to columns of every row for which a condition is true, or takes away what is negative, in one statement, and
// returns these rows. NULL stays NULL. Errors as [Model.UpdateWhere], and [ErrType] for what is no number.
func (m Model) Increment(w Writer, where Cond, by Values) ([]Row, error) {
	def, recs, err := engine.Increment(write(w), m.name, where, by)
	return rowsOf(def, recs, nil), err
}

// FindOrCreate is [Model.FindOrCreate] among the rows that an association leads to; a new one is made as by [Instance.Create].
func (i Instance) FindOrCreate(w Writer, as string, where, others Values) (row Instance, created bool, err error) {
	values := Values{}
	maps.Copy(values, where)
	maps.Copy(values, others)
	matching := assoc.Matching(where)
	v := engine.Verb{Op: "find or create", Call: assoc.Call{Do: assoc.DoFindOrCreate, Where: &matching, Values: values}}
	err = i.by(as).Run(write(w), &v)
	return Instance{v.Call.Created}, err == nil && !v.Call.Found, err
}

// Upsert is [Model.Upsert] of a row that an association leads to, and leads to from then on.
func (i Instance) Upsert(w Writer, as string, values Values, on ...string) (Instance, error) {
	v := engine.Verb{Op: "upsert", Call: assoc.Call{Do: assoc.DoUpsert, Values: values, On: on}}
	err := i.by(as).Run(write(w), &v)
	return Instance{v.Call.Created}, err
}

// Increment is [Model.Increment] of the rows that an association leads to. It returns how many these are.
func (i Instance) Increment(w Writer, as string, where Cond, by Values) (int, error) {
	v := engine.Verb{Op: "increment", Call: assoc.Call{Do: assoc.DoIncrement, Where: &where, By: by}}
	err := i.by(as).Run(write(w), &v)
	return v.Call.Count, err
}
