package waterline

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/memrel/memrel"
)

// Ontology is models bound to datastores. It is made once, by [Open]; its methods, and those of its collections, may be
// called from any goroutine.
type Ontology struct {
	models      []Model      // as they were written
	stores      []*datastore // by name
	entities    []*entity    // models by identity, then junctions
	checked     bool
	atomic      bool
	hook        func(Call) error
	warned      func(memrel.Diagnostic)
	diagnostics []memrel.Diagnostic
	// publishing makes what several datastores publish together one moment for whoever reads through the ontology.
	publishing sync.RWMutex
}

// orZero is the ontology, or for nil one without models.
func (o *Ontology) orZero() *Ontology {
	if o == nil {
		return &Ontology{}
	}
	return o
}

// Option is an option of [Open].
type Option func(*Ontology) error

// Datastore gives a name to a store that keeps records. A datastore that models name and nobody gives is an empty store.
// Tables that the store has already are taken over if they have the columns. The limits of the store bound what is done to it through
// the ontology: a call that reads or writes there stops when their context is done, and Check and Save do.
func Datastore(name string, db *memrel.DB) Option {
	return func(o *Ontology) error {
		if db == nil {
			return refusal(name, "open a store for it, or leave it out to have an empty one", "the store of the datastore is nil")
		}
		for _, s := range o.stores {
			if s.db == db {
				return refusal(name, "open another store for it", "it is the store of the datastore "+s.name+" already")
			}
		}
		return o.give(name, &datastore{name: name, db: db, view: func() memrel.View { return viewOf(db) }})
	}
}

// ReadOnly gives a name to what can only be read: a view, or a store that follows another. Its tables must be there. Whatever
// would write to it is refused, and it holds no junction. A context of the view, or of the limits of the store, stops reads as that of
// [Datastore] does.
func ReadOnly(name string, r memrel.Reader) Option {
	return func(o *Ontology) error {
		s := &datastore{name: name}
		switch r := r.(type) {
		case memrel.View:
			s.view = func() memrel.View { return r }
		case *memrel.DB:
			if r == nil {
				return refusal(name, "give a View or a DB", "the store of the datastore is nil")
			}
			s.view = func() memrel.View { return viewOf(r) }
		default:
			return refusal(name, "give a View or a DB", "the datastore is no state that stays")
		}
		return o.give(name, s)
	}
}

func (o *Ontology) give(name string, s *datastore) error {
	if o.named(name) != nil {
		return refusal(name, "give it once", "the datastore is given twice")
	}
	o.stores = append(o.stores, s)
	return nil
}

// CheckOnWrite says whether a key must refer to a record when it is written, which is so by default: inside a datastore its
// references see to it, and members that are added to a collection are looked up. Across datastores nothing can check a
// foreign key; [Ontology.Check] finds what dangles.
func CheckOnWrite(on bool) Option { return func(o *Ontology) error { o.checked = on; return nil } }

// Atomic says whether what one call writes is all or nothing, in every datastore that it touches, which is so by default.
// Without it what could be done stays done, and the error says what could not; see [WriteError].
func Atomic(on bool) Option { return func(o *Ontology) error { o.atomic = on; return nil } }

// OnCall is told of every contact with a datastore before it takes place. An error refuses it, as a datastore would that
// cannot be reached. It must not use the ontology.
func OnCall(hook func(Call) error) Option {
	return func(o *Ontology) error { o.hook = hook; return nil }
}

// OnDiagnostic is told of definitions that are allowed but may not mean what they seem to, while [Open] resolves them;
// see [Ontology.Diagnostics].
func OnDiagnostic(told func(memrel.Diagnostic)) Option {
	return func(o *Ontology) error { o.warned = told; return nil }
}

// Call is one contact with a datastore: a question that may take several of its tables together, a statement, or the
// request to keep what was written.
type Call struct {
	Datastore string
	Method    string // find, create, update, destroy, commit
	Tables    []string
}

// Open binds models to datastores: it resolves their associations, decides where junctions live, and defines what tables
// the datastores lack. Models may come in any order. Errors are of kind [memrel.ErrDefinition] and name the model and the
// attribute; then nothing is defined.
func Open(models []Model, options ...Option) (*Ontology, error) {
	o, err := resolved(models, options)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(o.stores, func(a, b *datastore) int { return cmp.Compare(a.name, b.name) })
	for i, s := range o.stores {
		s.index = i
	}
	o.connect()
	return o, o.define()
}

// Definitions are what [Open] with the same arguments defines in a datastore, for [memrel.Load] to bring the associations
// of a saved store back. Errors as [Open].
func Definitions(models []Model, name string, options ...Option) ([]memrel.Definition, error) {
	o, err := quietly(models, options)
	if err != nil {
		return nil, err
	}
	return o.all(name), nil
}

// resolved is the ontology that options and models make, as far as it needs no store.
func resolved(models []Model, options []Option) (*Ontology, error) {
	o := &Ontology{checked: true, atomic: true}
	for n, option := range options {
		if option == nil {
			return nil, refusal("", "leave it out, or give one", fmt.Sprintf("option %d is nil", n+1))
		}
		if err := option(o); err != nil {
			return nil, err
		}
	}
	return o, o.resolve(models)
}

// quietly is resolved for what [Open] makes again: diagnostics are told then.
func quietly(models []Model, options []Option) (*Ontology, error) {
	return resolved(models, append(slices.Clone(options), OnDiagnostic(nil)))
}

func (o *Ontology) warn(d memrel.Diagnostic) {
	o.diagnostics = append(o.diagnostics, d)
	if o.warned != nil {
		o.warned(d)
	}
}

// Diagnostics are the definitions that are allowed but may not mean what they seem to: a many-to-many over two datastores
// of which no side is dominant, two models that refer to each other by keys of their own.
func (o *Ontology) Diagnostics() []memrel.Diagnostic { return slices.Clone(o.orZero().diagnostics) }

// entity is the model or junction of an identity; nil if there is none.
func (o *Ontology) entity(identity string) *entity {
	for _, e := range o.entities {
		if e.identity == identity {
			return e
		}
	}
	return nil
}

// Collection is the handle of a model. That of a model that does not exist refuses everything.
func (o *Ontology) Collection(identity string) Collection {
	o = o.orZero()
	return Collection{o: o, e: o.entity(strings.ToLower(identity)), name: identity}
}

// Collection is the handle of a model's records. It is a small value; its methods may be called from any goroutine.
type Collection struct {
	o    *Ontology
	e    *entity
	name string
}

// known refuses a model that does not exist.
func (c Collection) known(op string) error {
	if c.e == nil {
		return &memrel.Error{Kind: memrel.ErrUnknownTable, Op: op, Table: c.name, Detail: "there is no model of that identity",
			Hint: "define it with the others"}
	}
	return nil
}

// Datastores are the names of the datastores, sorted.
func (o *Ontology) Datastores() []string {
	var names []string
	for _, s := range o.orZero().stores {
		names = append(names, s.name)
	}
	return names
}

// Store is the store of a datastore; nil for one that is read-only, and for a name that no datastore has.
func (o *Ontology) Store(name string) *memrel.DB {
	if s := o.orZero().named(name); s != nil {
		return s.db
	}
	return nil
}

// Check walks all datastores and yields every violation of what must stay true: those that each store finds in itself, and
// every key that refers to no record, across datastores and inside those whose keys are not checked on write. O(records x
// keys x log n).
func (o *Ontology) Check() iter.Seq[error] {
	return func(yield func(error) bool) {
		for _, s := range o.orZero().stores {
			for err := range s.view().Check() {
				if !yield(err) {
					return
				}
			}
		}
		for err := range o.CheckAcross() {
			if !yield(err) {
				return
			}
		}
	}
}

// CheckAcross is the part of [Ontology.Check] that no store sees to: it yields the keys that refer to no record. O(records x
// log n).
func (o *Ontology) CheckAcross() iter.Seq[error] {
	return func(yield func(error) bool) {
		w := o.orZero().reading()
		for _, e := range w.o.entities {
			for _, a := range e.attrs {
				if a.rel != nil && a.rel.kind == toOne && !w.enforced(a.rel) && !w.dangling(a.rel, yield) {
					return
				}
			}
		}
	}
}

// enforced tells whether the datastore sees to it that a key refers to a record.
func (w *work) enforced(rel *relation) bool {
	s, _ := w.views[rel.source.store.index].Schema(rel.source.table)
	return rel.source.store == rel.target.store && slices.ContainsFunc(s.References, func(r memrel.Reference) bool {
		return !r.Unchecked && r.Table == rel.target.table && slices.Equal(r.Columns, []string{rel.key.column.Name})
	})
}

// dangling yields the keys that refer to no record, until yield has enough.
func (w *work) dangling(rel *relation, yield func(error) bool) bool {
	rows, err := rel.source.handle.Stream(w.views[rel.source.store.index], memrel.Query{})
	if err != nil {
		yield(err)
		return false
	}
	for row := range rows {
		key := row.Get(rel.key.column.Name)
		if key == nil {
			continue
		}
		if _, ok := rel.target.handle.Get(memrel.WithDeleted(w.views[rel.target.store.index]), key); ok {
			continue
		}
		err := &memrel.Error{Kind: memrel.ErrForeignKey, Op: "check", Table: rel.source.table, Columns: []string{rel.key.column.Name},
			Key: []any{key}, RefTable: rel.target.table, RefColumns: []string{rel.target.pk.column.Name}, Rows: []string{row.Label()},
			Detail: rel.target.identity + " " + show(key) + " of the datastore " + rel.target.store.name + " does not exist"}
		if !yield(err) {
			return false
		}
	}
	return true
}

// errReadOnly refuses to write to a datastore.
func errReadOnly(op string, e *entity) error {
	return &memrel.Error{Kind: memrel.ErrQuery, Op: op, Table: e.identity, State: "25006",
		Detail: "the datastore " + e.store.name + " is read-only", Hint: "write to the store that it shows"}
}

// refused is an error about a model.
func refused(kind error, op string, e *entity, hint, detail string) error {
	return &memrel.Error{Kind: kind, Op: op, Table: e.identity, Detail: detail, Hint: hint}
}
