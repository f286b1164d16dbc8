package engine

import (
	"context"
	"iter"
	"slices"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Feed is how commits leave a store, and enter it: as change lists, each with its number. Nothing of it costs anything until it is used.
// Its methods may be called from any goroutine.
type Feed struct{ store *Store }

// FeedOf is the feed of a store, which may be nil.
func FeedOf(s *Store) Feed { return Feed{s} }

// Seen tells when others see a commit of a store whose commits somebody keeps.
type Seen uint8

const (
	// SeenAtOnce has everybody see a commit as soon as it is made, also one that a crash will take back. Who makes it waits until it is
	// kept, if the [snapshot.Sequencer] says what to wait for.
	SeenAtOnce Seen = iota
	// SeenWhenKept has nobody see a commit before it is kept, but those who write, whose transactions begin on it. They wait one by one and
	// not for one another: many commits become kept together. One that is not kept is taken back, with those after it.
	SeenWhenKept
)

const opAttach, opApply, opAdopt, opFollow, opWatch = "attach", "apply", "adopt", "follow", "watch"

// ready is why the feed is of no store.
func (f Feed) ready(op string) error {
	if f.store == nil || !f.store.Ready() {
		return Attempted(op, "", NoStore())
	}
	return nil
}

// wait is how long the feed waits for the writer's lock.
func (s *Store) wait() snapshot.Wait {
	l := s.limits.Load()
	return snapshot.Wait{Context: l.Context, Timeout: l.wait()}
}

// Attach has a sequencer told of every commit from now on, before it is done; nil takes it away. There is one at a time: it waits until the
// commits that the one before keeps are kept, and for the transaction under way. Errors are of kind [types.ErrLimit].
func (f Feed) Attach(q snapshot.Sequencer, seen Seen) error {
	if err := f.ready(opAttach); err != nil {
		return err
	}
	if err := f.store.versions.Attach(q, seen == SeenWhenKept, f.store.wait()); err != nil {
		return busy(opAttach, err)
	}
	return nil
}

// Watch walks the commits after a number that have to do with what is watched, all of them if nothing is named, each once and in order, and waits
// for more until the context, which may be nil, is done. It runs in the caller's goroutine, and holds up no writer. Who falls so far behind
// that commits are there no more, or asks for a number that the store has not come to, is given an error of kind [types.ErrTooOld],
// and begins again from the ID of a view; other errors are of kind [types.ErrUnknownTable], [types.ErrUnknownColumn], [types.ErrUnknownAssociation] and
// [types.ErrQuery]. Each error is the last. The store keeps its latest commits from the first call on: 4,096, or as many as changed 65,536 rows.
func (f Feed) Watch(ctx context.Context, after uint64, what ...Watched) iter.Seq2[snapshot.Commit, error] {
	err := f.ready(opWatch)
	if err == nil {
		err = busy(opWatch, f.store.versions.KeepCommits(f.store.wait()))
	}
	var w snapshot.Watcher
	if err == nil && len(what) > 0 {
		w, err = f.store.watcher(after, what)
	}
	if err != nil {
		return func(yield func(snapshot.Commit, error) bool) { yield(snapshot.Commit{}, Attempted(opWatch, "", err)) }
	}
	return f.store.versions.Tail(ctx, after, w, f.store.wait())
}

// Apply carries out a list as one commit: what the transaction that it is of did, in another store or process, to the state that this store
// is in. Nothing is planned and nobody asked: references, checks and hooks have been judged where the list was made, and tables that the store
// follows are written. It is all or nothing. Errors are of kind [types.ErrFile] for what is no list, [types.ErrDefinition] where the list is of
// other definitions, [types.ErrNotFound] and [types.ErrUnique] where it is of another state, and [types.ErrLimit]. O(rows x keys x log n).
func (f Feed) Apply(list []byte) (c snapshot.Commit, err error) {
	if err := f.ready(opApply); err != nil {
		return c, err
	}
	if snapshot.ListDefines(list) {
		return f.store.applyDefining(list)
	}
	tx, err := f.store.autocommit(opApply, exposesRows)
	if err != nil {
		return c, err
	}
	defer tx.endStatement(&err)
	l, err := snapshot.ParseList(tx.head, list)
	if err != nil {
		return c, Attempted(opApply, "", err)
	}
	tx.head.KeepNumber()
	w := tx.writer(l.Len())
	for i := 0; err == nil && i < len(l.Steps); i++ {
		err = tx.redo(w, l.Steps[i].Tables)
	}
	if err != nil && tx.needsUndo {
		tx.undo(w, 0)
	}
	if err = tx.written(w, err); err != nil {
		return c, Attempted(opApply, "", err)
	}
	return l.Commit(tx.head.ID()), nil
}

// applyDefining is Apply of a list with definitions.
func (s *Store) applyDefining(b []byte) (c snapshot.Commit, err error) {
	tx := new(Tx)
	if err := s.beginFor(opApply, tx, nil); err != nil {
		return c, err
	}
	defer tx.Rollback()
	tx.followed = nil
	l, err := snapshot.ParseList(tx.draft, b)
	for i := 0; err == nil && i < len(l.Steps); i++ {
		if d := l.Steps[i].Definitions; d != nil {
			err = tx.redefineAs(d)
		}
		if err == nil {
			err = tx.redo(tx.draft, l.Steps[i].Tables)
		}
	}
	if err != nil {
		return c, Attempted(opApply, "", err)
	}
	tx.draft.KeepNumber()
	id := tx.draft.ID() + 1
	if err := tx.Commit(); err != nil {
		return c, err
	}
	return l.Commit(id), nil
}

// redo carries out changes that were judged elsewhere, and logs them.
func (tx *Tx) redo(w table.Writer, tables []snapshot.TableChanges) error {
	for i := range tables {
		c := &tables[i]
		t := w.Writable(c.Def.Name())
		e := logged{def: t.Def(), from: len(tx.changes), numbers: t.Numbers()}
		if err := t.Redo(c.Changes, c.Last); err != nil {
			return err
		}
		for _, change := range c.Changes {
			tx.changes = append(tx.changes, changeOf(change))
		}
		e.to = len(tx.changes)
		tx.log = append(tx.log, e)
	}
	for i := range tables { // once nothing can fail: numbers may be such that nobody takes them back
		w.Writable(tables[i].Def.Name()).SetLast(tables[i].Last)
	}
	return nil
}

func changeOf(c table.Change) change { return change{Change: c, kind: table.KindOf(c)} }

// redefineAs makes the definitions of a list, whose tables come with their rows.
func (tx *Tx) redefineAs(r *snapshot.Redefinition) error {
	b := tx.batch()
	given := map[string]*table.Table{}
	for _, t := range r.Was {
		name := t.Def().Name()
		if tx.associations().Table(name) != nil {
			return &types.Error{Kind: types.ErrDefinition, State: "0A000", Table: name, Detail: "the list defines table " + name + " anew, which has associations here, and these are the program's",
				Hint: "load a file of that store with the program's definitions, and adopt it"}
		}
		if !slices.ContainsFunc(r.Now, func(now *table.Table) bool { return now.Def().Name() == name }) {
			if err := b.Drop(name); err != nil {
				return err
			}
		}
	}
	for _, t := range r.Now {
		def := t.Def()
		given[def.Name()] = t
		if s, err := b.Schema(def.Name()); err == nil {
			*s = def.Schema()
		} else if err := def.Peek().Define(b); err != nil {
			return err
		}
	}
	if r.FormsChanged {
		for _, f := range append(without(r.FormsWas, r.Forms), r.Forms...) {
			if err := f.Define(b); err != nil {
				return err
			}
		}
	}
	return tx.redefine(b, given)
}

// without are the forms of a list that are to be taken away: those that another has not.
func without(was, now []table.Form) (gone []table.Form) {
	for _, f := range was {
		if !slices.ContainsFunc(now, func(g table.Form) bool { return g.Name == f.Name }) {
			gone = append(gone, table.Form{Name: f.Name})
		}
	}
	return gone
}

// Adopt makes a version's state the store's, with its definitions and number, in place of whatever there was. Those who watch the commits are told
// to begin again. Errors are of kind [types.ErrQuery], where a sequencer keeps the commits, and [types.ErrLimit].
func (s *Store) Adopt(v *snapshot.Version) error {
	if err := FeedOf(s).ready(opAdopt); err != nil {
		return err
	}
	if err := s.versions.Adopt(v, s.wait()); err != nil {
		return Attempted(opAdopt, "", busy(opAdopt, err))
	}
	return nil
}

// Follow has the tables named written by Apply alone from now on, instead of those that were named before: statements that would change them, by
// name, by cascade or by definition, are refused. A fork follows nothing. Errors are of kind [types.ErrUnknownTable] and [types.ErrLimit].
func (f Feed) Follow(tables ...string) error {
	if err := f.ready(opFollow); err != nil {
		return err
	}
	head, err := f.store.versions.Statement(f.store.wait())
	if err != nil {
		return busy(opFollow, err)
	}
	defer head.End()
	var followed map[string]bool
	for _, name := range tables {
		t := TableIn(head, name)
		if t == nil {
			return UnknownTable(opFollow, name)
		}
		if followed == nil {
			followed = map[string]bool{}
		}
		followed[t.Def().Name()] = true
	}
	f.store.followed = followed
	return nil
}

// mayApply refuses a plan that would write to a table that is followed.
func (tx *Tx) mayApply(plan *cascade.Plan) error {
	if tx.followed == nil {
		return nil
	}
	for _, name := range plan.Tables() {
		if err := tx.mayWrite(name); err != nil {
			return err
		}
	}
	return nil
}

// mayWrite refuses a statement that would write to a table that is followed.
func (tx *Tx) mayWrite(name string) error {
	if !tx.followed[name] {
		return nil
	}
	return &types.Error{Kind: types.ErrQuery, State: "25006", Table: name, Detail: "the store follows table " + name + ", which Apply alone writes",
		Hint: "write where it is followed from, or to a fork"}
}
