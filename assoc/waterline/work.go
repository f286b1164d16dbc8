package waterline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/memrel/memrel"
)

// work is what one call does: it reads one state of every datastore, and what it writes is published together.
type work struct {
	o        *Ontology
	op       string
	views    []memrel.View
	txs      []*memrel.Tx // nil: nothing is written there
	wrote    []bool
	failures []Failure
	depth    int      // of the records that are being created
	preview  *Preview // if it is only worked out
}

// reading is work that only reads.
func (o *Ontology) reading() *work {
	w := &work{o: o, op: "find", views: make([]memrel.View, len(o.stores))}
	o.publishing.RLock()
	defer o.publishing.RUnlock()
	for i, s := range o.stores {
		w.views[i] = s.view()
	}
	return w
}

// writing does work that writes to a model's datastore and those that associations reach from there. It is published as a
// whole; if it fails nothing is, unless the ontology is not atomic: then what was done is.
func (c Collection) writing(op string, do func(*work) error) error {
	if err := c.known(op); err != nil {
		return err
	}
	if c.e.store.readOnly() {
		return errReadOnly(op, c.e)
	}
	w := c.o.reading()
	w.op, w.txs, w.wrote = op, make([]*memrel.Tx, len(c.o.stores)), make([]bool, len(c.o.stores))
	defer w.rollback()
	for _, s := range c.e.store.together {
		w.txs[s.index] = s.db.Begin()
	}
	err := do(w)
	if err = w.outcome(err); err != nil && c.o.orZero().atomic {
		return err
	}
	return errors.Join(err, w.publish(c.e.store.together))
}

// outcome is the error of work that may have failed in parts.
func (w *work) outcome(err error) error {
	if len(w.failures) == 0 {
		return err
	}
	return &WriteError{Op: w.op, Failed: w.failures, Published: !w.o.atomic, Cause: err}
}

func (w *work) rollback() {
	for _, tx := range w.txs {
		if tx != nil {
			tx.Rollback()
		}
	}
}

// publish commits to every datastore that was written, or to none: whatever could refuse a commit is asked of all of them
// first.
func (w *work) publish(stores []*datastore) error {
	for _, s := range stores {
		if !w.wrote[s.index] {
			continue
		}
		if err := w.call("commit", s); err != nil {
			return err
		}
		if err := w.txs[s.index].Immediate(); err != nil {
			return err
		}
	}
	w.o.publishing.Lock()
	defer w.o.publishing.Unlock()
	for _, s := range stores {
		if w.wrote[s.index] {
			if err := w.txs[s.index].Commit(); err != nil {
				return err // it was asked above
			}
		}
	}
	return nil
}

// call tells of a contact with a datastore.
func (w *work) call(method string, s *datastore, tables ...string) error {
	if w.o.hook == nil {
		return nil
	}
	if err := w.o.hook(Call{Datastore: s.name, Method: method, Tables: tables}); err != nil {
		return &memrel.Error{Kind: memrel.ErrQuery, Op: method, Table: strings.Join(tables, ", "), Detail: "the datastore " + s.name + " refused", Cause: err}
	}
	return nil
}

// reader is what the datastore of a model holds: what the work wrote there, if it did.
func (w *work) reader(e *entity) memrel.Reader {
	if w.txs != nil && w.txs[e.store.index] != nil {
		return w.txs[e.store.index]
	}
	return w.views[e.store.index]
}

// rows asks a datastore for rows of one table.
func (w *work) rows(e *entity, q memrel.Query) ([]memrel.Row, error) {
	if err := w.call("find", e.store, e.table); err != nil {
		return nil, err
	}
	return e.handle.Find(w.reader(e), q)
}

// statement is the transaction for one statement on a table.
func (w *work) statement(method string, e *entity) (*memrel.Tx, error) {
	if e.store.readOnly() {
		return nil, errReadOnly(w.op, e)
	}
	if err := w.call(method, e.store, e.table); err != nil {
		return nil, err
	}
	w.wrote[e.store.index] = true
	return w.txs[e.store.index], nil
}

func (w *work) insert(e *entity, values memrel.Values) (memrel.Row, error) {
	tx, err := w.statement("create", e)
	if err != nil {
		return memrel.Row{}, err
	}
	return e.handle.Insert(tx, values)
}

func (w *work) updateRows(e *entity, where memrel.Cond, set memrel.Values) ([]memrel.Row, error) {
	if w.preview != nil {
		return w.previewed(e, func(v memrel.View) (*memrel.Preview, error) { return v.PreviewUpdateWhere(e.table, where, set) },
			func(fork *memrel.DB) ([]memrel.Row, error) { return e.handle.UpdateWhere(fork, where, set) })
	}
	tx, err := w.statement("update", e)
	if err != nil {
		return nil, err
	}
	return e.handle.UpdateWhere(tx, where, set)
}

func (w *work) deleteRows(e *entity, where memrel.Cond) ([]memrel.Row, error) {
	if w.preview != nil {
		return w.previewed(e, func(v memrel.View) (*memrel.Preview, error) { return v.PreviewDeleteWhere(e.table, where) },
			func(fork *memrel.DB) ([]memrel.Row, error) { return e.handle.DeleteWhere(fork, where) })
	}
	tx, err := w.statement("destroy", e)
	if err != nil {
		return nil, err
	}
	return e.handle.DeleteWhere(tx, where)
}

// WriteError is the error of a call some of whose operations failed. With [Atomic], which is the default, nothing of the
// call was written; without it everything else was.
type WriteError struct {
	Op     string // create, update, save, ...
	Failed []Failure
	// Published tells that the operations that did not fail are written.
	Published bool
	// Cause is what ended the call, if it was not these operations.
	Cause error
}

// Failure is one operation that failed.
type Failure struct {
	Type       string         `json:"type"` // insert, update, remove
	Collection string         `json:"collection"`
	Criteria   map[string]any `json:"criteria,omitempty"`
	Values     any            `json:"values,omitempty"`
	Err        error          `json:"-"`
}

// Error reads: memrel: save: 1 operation failed, nothing is written: insert pet_owners__user_pets: pet 99 does not exist.
func (e *WriteError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "memrel: %s: %d operation", e.Op, len(e.Failed))
	if len(e.Failed) != 1 {
		b.WriteByte('s')
	}
	b.WriteString(" failed, nothing is written")
	if e.Published {
		b.Reset()
		fmt.Fprintf(&b, "memrel: %s: %d failed, the others are written", e.Op, len(e.Failed))
	}
	for _, f := range e.Failed {
		fmt.Fprintf(&b, "; %s %s: %s", f.Type, f.Collection, strings.TrimPrefix(f.Err.Error(), "memrel: "))
	}
	if e.Cause != nil {
		b.WriteString("; " + strings.TrimPrefix(e.Cause.Error(), "memrel: "))
	}
	return b.String()
}

// Unwrap gives errors.Is and errors.As the errors of the operations.
func (e *WriteError) Unwrap() []error {
	var out []error
	for _, f := range e.Failed {
		out = append(out, f.Err)
	}
	if e.Cause != nil {
		out = append(out, e.Cause)
	}
	return out
}
