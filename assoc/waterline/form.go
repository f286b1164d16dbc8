package waterline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
)

// formName is the name under which a store keeps the models of its ontology; see [memrel.Form].
const formName = "waterline"

// form is what each datastore keeps of the ontology that was opened over it last, so that a store is enough to open it again.
type form struct {
	Datastore string   `json:"datastore"`
	Models    []Model  `json:"models,omitempty"`
	Unchecked bool     `json:"unchecked,omitempty"`
	ReadOnly  []string `json:"readOnly,omitempty"` // datastores
	// Unkept says why the models are not there.
	Unkept string `json:"unkept,omitempty"`
}

// kept is what every datastore is to keep.
func (o *Ontology) kept() form {
	f := form{Models: o.models, Unchecked: !o.checked}
	for _, s := range o.stores {
		if s.readOnly() {
			f.ReadOnly = append(f.ReadOnly, s.name)
		}
	}
	if err := o.written(); err != nil {
		f.Models, f.Unkept = nil, err.Error()
	}
	return f
}

// by is the form as one datastore keeps it.
func (f form) by(datastore string) memrel.Form {
	f.Datastore = datastore
	text, _ := json.Marshal(f) // of models that were written before
	return memrel.Form{Name: formName, Text: text}
}

// written refuses models that JSON does not write as they are: defaults that it has no form for.
func (o *Ontology) written() error {
	text, err := json.Marshal(o.models)
	if err != nil {
		return err
	}
	var again []Model
	if err := strictly(bytes.NewReader(text), &again); err != nil {
		return err
	}
	for i, m := range again {
		e := o.entity(identityOf(m))
		for name := range m.Attributes {
			a, _ := attribute(m.Attributes[name])
			own, _ := attribute(o.models[i].Attributes[name])
			if own.DefaultsTo != nil && !e.attribute(name).sameDefault(own.DefaultsTo, a.DefaultsTo) {
				return fmt.Errorf("the default of %s.%s is a %T, which JSON does not keep", m.Identity, name, own.DefaultsTo)
			}
		}
	}
	return nil
}

// sameDefault tells whether two defaults are one value of the column.
func (a *attr) sameDefault(x, y any) bool {
	one, err1 := a.column.FromGo(x)
	other, err2 := a.column.FromGo(y)
	return err1 == nil && err2 == nil &&
		bytes.Equal(index.AppendCell(nil, a.column.Type, one), index.AppendCell(nil, a.column.Type, other))
}

// readForm reads what a datastore keeps.
func readForm(text []byte) (f form, err error) {
	switch {
	case text == nil:
		err = fmt.Errorf("it keeps no ontology")
	default:
		err = strictly(bytes.NewReader(text), &f)
	}
	if err == nil && f.Unkept != "" {
		err = fmt.Errorf("its models are not kept: %s", f.Unkept)
	}
	if err != nil {
		return f, &memrel.Error{Kind: memrel.ErrFile, Op: "load", Detail: "this is no store of an ontology", Cause: err,
			Hint: "load a store that an ontology was opened over, or give the models to Open"}
	}
	return f, nil
}

// options are those with which the ontology was opened. Datastores that were read-only stay so; those that given does not give
// have no tables.
func (f form) options(given []Option) []Option {
	return slices.Concat([]Option{CheckOnWrite(!f.Unchecked)}, given, []Option{func(o *Ontology) error {
		for _, name := range f.ReadOnly {
			if o.named(name) == nil {
				o.stores = append(o.stores, &datastore{name: name, absent: true, view: func() memrel.View { return memrel.View{} }})
			}
		}
		return nil
	}})
}

// definitions are those of the store that keeps the form.
func (f form) definitions(options []Option) ([]memrel.Definition, error) {
	return Definitions(f.Models, f.Datastore, f.options(options)...)
}

// Saved stands for the models and associations of a store that an ontology was opened over, when [memrel.Load] reads its file:
// every datastore keeps the models, in the form that [Parse] reads. [Reopen] makes an ontology of such stores. A file that keeps
// no models is loaded as it is.
func Saved() memrel.Definition { return saved(nil) }

// saved is Saved for who gives options too.
func saved(options []Option) memrel.Definition {
	return memrel.Form{Name: formName, Read: func(text []byte) ([]memrel.Definition, error) {
		f, err := readForm(text)
		if text == nil || f.Unkept != "" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return f.definitions(options)
	}}
}

// Kept are the models of the ontology that was opened over a store last, and the name of the datastore that the store is in it.
// Errors are of kind [memrel.ErrFile]: it keeps none.
func Kept(v memrel.View) (models []Model, datastore string, err error) {
	f, err := readForm(v.Form(formName))
	return f.Models, f.Datastore, err
}

// Reopen binds the models that stores keep to these stores, each of which knows which datastore it is. Options are those of [Open]
// again, and may give further datastores; one that nobody gives is refused, as are stores that keep different models, with
// [memrel.ErrDefinition]. Other errors are those of [Kept] and [Open].
func Reopen(stores []*memrel.DB, options ...Option) (*Ontology, error) {
	if len(stores) == 0 {
		return nil, refusal("", "give every store of the ontology", "there are no stores")
	}
	var first form
	given := slices.Clone(options)
	for i, db := range stores {
		if db == nil {
			return nil, refusal("", "give stores that were opened", fmt.Sprintf("store %d is nil", i+1))
		}
		f, err := readForm(db.View().Form(formName))
		if err != nil {
			return nil, err
		}
		if given = append(given, Datastore(f.Datastore, db)); i == 0 {
			first = f
		}
		if !f.sameModels(first) {
			return nil, refusal(f.Datastore, "load files that were saved together", "the datastore keeps other models than "+first.Datastore)
		}
	}
	given = first.options(given)
	if err := first.whole(given); err != nil {
		return nil, err
	}
	return Open(first.Models, given...)
}

func (f form) sameModels(other form) bool {
	own, _ := json.Marshal(f.Models) // which were read from JSON
	others, _ := json.Marshal(other.Models)
	return bytes.Equal(own, others)
}

// whole refuses to open the ontology without one of its datastores.
func (f form) whole(given []Option) error {
	have, err := resolved(nil, given)
	if err != nil {
		return err
	}
	all, err := quietly(f.Models, given)
	if err != nil {
		return err
	}
	for _, s := range all.stores {
		if have.named(s.name) == nil {
			return refusal(s.name, "give it with Datastore", "the datastore is not among the stores given")
		}
	}
	return nil
}
