package memrel

import (
	"bytes"
	"context"
	"io"
	"iter"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/internal/engine"
	"github.com/memrel/memrel/snapshot"
)

// DB is a store. Its methods may be called from any goroutine. See [Open].
type DB struct{ e engine.Store }

// Open makes a store with the given definitions, which may refer to one another in any order. Errors are of kind [ErrDefinition].
func Open(defs ...Definition) (*DB, error) {
	db := &DB{}
	db.e.Init()
	return db.unless(db.Define(defs...))
}

// MustOpen is Open for definitions that are part of the program: it panics if they are refused.
func MustOpen(defs ...Definition) *DB {
	db, err := Open(defs...)
	if err != nil {
		panic(err)
	}
	return db
}

// Load makes a store of what [View.Save] wrote. Tables are defined as they were saved, unless defs define them: that is
// how functions, typed tables and models come back; such a table must have the saved columns, by name and type, in the
// saved order. A [Form] with a Read among defs gives those that its text in the file comes to. Every row is held to every rule again, so a file that was tampered with gives no store that is not sound;
// nothing may follow the file in r. Errors are of kind [ErrFile] for what is no file or is damaged, [ErrDefinition], and those that the rows violate. O(rows x keys x log n).
func Load(r io.Reader, defs ...Definition) (*DB, error) {
	db := &DB{}
	return db.unless(db.e.Load(context.Background(), r, defs...))
}

// LoadContext is [Load] that stops when a context is done, with an error of kind [ErrLimit]; nil never is. It is not the store's.
func LoadContext(ctx context.Context, r io.Reader, defs ...Definition) (*DB, error) {
	db := &DB{}
	return db.unless(db.e.Load(ctx, r, defs...))
}

// unless is the store, unless it could not be made.
func (db *DB) unless(err error) (*DB, error) {
	if err != nil {
		return nil, err
	}
	return db, nil
}

// View is the newest committed state, frozen: it never changes, needs no closing, and reading it takes no lock. One atomic load if nothing was written
// since the last view; otherwise O(tables written). It never waits for the code of a transaction.
func (db *DB) View() View {
	if !db.ready() {
		return View{}
	}
	return View{db.e.Version()}
}

// ready tells whether there is a store: nil and the zero DB are none.
func (db *DB) ready() bool { return db != nil && db.e.Ready() }

// Fork is a writable copy of the newest committed state, in O(1): nothing that either of the two writes shows in the other. A fork can be forked.
func (db *DB) Fork() *DB {
	f := &DB{}
	if db.ready() {
		db.e.Fork(&f.e)
	}
	return f
}

// Check walks the newest committed state and yields every violation of what must stay true: each index has each row once under its own key, unique keys
// have one owner, NOT NULL and checks hold, every foreign key has its parent. It yields nothing on a sound store. O(rows x keys x log n).
//
// If the context of [Limits] is done before it is through, that is the last error.
func (db *DB) Check() iter.Seq[error] {
	if !db.ready() {
		return View{}.Check()
	}
	return engine.Check(db.e.Version().WithContext(db.e.Limits().Context))
}

// Feed is how commits leave the store and enter it: it watches them, has them kept, and applies those of another store.
func (db *DB) Feed() Feed { return engine.FeedOf(db.target().Store) }

// Adopt makes a view the store's state, definitions and number, in place. Errors are of kind [ErrQuery], where a sequencer keeps the commits, and [ErrLimit].
func (db *DB) Adopt(v View) error { return db.target().Store.Adopt(v.at()) }

// SetLimits bounds every statement from the next transaction on; see [Limits].
func (db *DB) SetLimits(l Limits) {
	if db != nil {
		db.e.SetLimits(l)
	}
}

// Limits are the bounds that were set last; none before that.
func (db *DB) Limits() Limits {
	if db == nil {
		return Limits{}
	}
	return db.e.Limits()
}

// View is a state of a store that never changes. It is a small value that may be copied, kept, and used from any
// goroutine. Keeping one keeps the rows that it sees. The zero View has no tables.
type View struct{ version *snapshot.Version }

// at is the version that the view is of.
func (v View) at() *snapshot.Version {
	if v.version == nil {
		return engine.Empty()
	}
	return v.version
}

// WithContext is the view for who does not wait for ever: reads that loop over rows, previews, [View.Check] and [View.Save] stop when
// the context is done, with an error of kind [ErrLimit], as statements do whose [Limits] have one. nil takes it away. O(1).
func (v View) WithContext(ctx context.Context) View { return View{v.at().WithContext(ctx)} }

// Fork is a writable store that starts from the view, in O(1). It has nothing to do with a context of the view.
func (v View) Fork() *DB {
	f := &DB{}
	f.e.InitFork(v.at())
	return f
}

// ID is the number of the last commit that the view sees, counted on in forks and files; 0 of a transaction as it stands.
func (v View) ID() uint64 { return v.at().ID() }

// Form is a copy of what a front end keeps with the store under a name, as it has defined it with a [Form]; nil if there is nothing.
func (v View) Form(name string) []byte { return bytes.Clone(v.at().Definitions().Form(name)) }

// Save writes the view, definitions and rows, and what front ends keep with it, for [Load] to read. Functions (defaults, checks) are not written. Equal
// views give equal bytes. Errors are w's, and that of [View.WithContext], which leaves a beginning that is no file. O(rows).
func (v View) Save(w io.Writer) error { return engine.Attempted("save", "", v.at().Write(w)) }

// Check is [DB.Check] for this view.
func (v View) Check() iter.Seq[error] { return engine.Check(v.at()) }

// Tables are the names of the view's tables, sorted.
func (v View) Tables() []string { return slices.Clone(v.at().Definitions().Names()) }

// Schema is a copy of the definition of a table, or the table of a model, with every name filled in; ok is false if there is none.
func (v View) Schema(name string) (schema Schema, ok bool) {
	t := v.source().Table(name)
	if t == nil {
		return Schema{}, false
	}
	return t.Def().Schema(), true
}

// References are the references that have to do with a table, or the table of a model: first those that refer to it, in the order in which a delete
// works them, then those to other tables that it declares. Each is there once, whichever sides define it. A table that is not there, which [View.Schema]
// tells, has none: nothing can refer to it. O(references).
func (v View) References(name string) []SharedReference {
	return engine.References(v.at().Definitions(), name)
}

// References is [View.References] of the state there is now.
func (db *DB) References(name string) []SharedReference { return db.View().References(name) }

// Pending are the associations that wait for their target, in the order in which they were defined.
func (v View) Pending() []Pending { return engine.Pending(v.at().Definitions()) }

// Pending is [View.Pending] of the state there is now.
func (db *DB) Pending() []Pending { return db.View().Pending() }

// Diagnostics are the definitions of the view that are allowed but do not do what they seem to say: an action that can
// only fail, a cycle of mandatory references into which no row can ever be inserted, two associations that ask for
// different actions on the reference that they share. Each names its cure. O(definitions).
func (v View) Diagnostics() []Diagnostic { return engine.Diagnostics(v.at().Definitions()) }

// Associations are the models and associations that a reader has, resolved: every name and key that follows from what was
// defined. It never changes, and what it returns is copied. nil if nothing was defined but tables.
func Associations(r Reader) *assoc.Set { return associations(r).HandedOut() }

// associations is Associations for the store's own use.
func associations(r Reader) *assoc.Set {
	switch r := r.(type) {
	case withDeleted:
		return associations(r.Reader)
	case hard:
		return associations(r.Writer)
	case *DB:
		if r.ready() {
			return engine.AssociationsOf(r.e.Definitions()) // for which nothing has to be published
		}
	}
	return engine.SetOf(read(r).State)
}

// Diff tells what is different in the second of two readers: views, stores and their forks, a transaction as it stands, or what [Load] has
// read from two files. Rows are the same by their primary key, soft-deleted ones as well; [Difference] has them by table and key. Between a
// state and one that came of it, in a fork for one, it costs what is different for tables with integer keys; others that were written
// to are walked. Errors are of kind [ErrQuery], for no store or a transaction that has ended, and [ErrLimit].
func Diff(before, after Reader) (Difference, error) { return engine.Diff(scan(before), scan(after)) }

// PreviewDelete works out what deleting the row with a primary key would do, without doing it: every row that would go
// or change, by which reference, and what would stop it. Deleting the row from this state does exactly that. Errors are
// of kind [ErrUnknownTable], [ErrNotFound] and, of [View.WithContext], [ErrLimit]; what would stop the statement is in the preview, but
// for the MaxRows of [Limits], which are a store's: a preview tells of all rows, however many. O(rows that it would touch x log n).
func (v View) PreviewDelete(name string, key ...any) (*Preview, error) {
	return engine.Preview(v.at(), &engine.Change{Op: "delete", Table: name, Select: engine.ByKey, Delete: true}, key, nil)
}

// PreviewDeleteWhere is PreviewDelete for every row for which a condition is true.
func (v View) PreviewDeleteWhere(name string, where Cond) (*Preview, error) {
	return engine.Preview(v.at(), &engine.Change{Op: "delete", Table: name, Where: where, Delete: true}, nil, nil)
}

// PreviewUpdate works out what changing columns of the row with a primary key would do. Errors as [View.PreviewDelete], and those of
// values that no row can have.
func (v View) PreviewUpdate(name string, set Values, key ...any) (*Preview, error) {
	return engine.Preview(v.at(), &engine.Change{Op: "update", Table: name, Select: engine.ByKey}, key, set)
}

// PreviewUpdateWhere is PreviewUpdate for every row for which a condition is true.
func (v View) PreviewUpdateWhere(name string, where Cond, set Values) (*Preview, error) {
	return engine.Preview(v.at(), &engine.Change{Op: "update", Table: name, Where: where}, nil, set)
}

// Reader is what can be read: a [View], a [*Tx] as it stands, or a [*DB], which is its newest view.
type Reader interface {
	// source is the state, for reads without loops and for loops of the caller's.
	source() engine.Source
	// bounded is the state for a read that loops over rows, and stops when the context of [Limits] is done.
	bounded() engine.Source
}

func (v View) source() engine.Source { return engine.Source{State: v.at()} }

func (v View) bounded() engine.Source { return v.source().Until(v.at().Context()) }

func (db *DB) bounded() engine.Source {
	if !db.ready() {
		return db.source()
	}
	return db.source().Until(db.e.Limits().Context)
}

func (tx *Tx) bounded() engine.Source { return tx.begun().Until() }

func (db *DB) source() engine.Source {
	if !db.ready() {
		return engine.None(engine.NoStore())
	}
	return engine.Source{State: db.e.Version()}
}

func (tx *Tx) source() engine.Source { return tx.begun().Source() }

// read is the state that a reader gives.
func read(r Reader) engine.Source {
	if r == nil {
		return engine.None(engine.NoStore())
	}
	return r.source()
}

// WithDeleted is the reader for who is to be shown soft-deleted rows as well, junction rows included, by every handle and verb that
// reads. A query shows them alone where it says so, in [Query], [Include] and [Through].
//
//	everybody, err := Users.Count(memrel.WithDeleted(db), memrel.Cond{})
func WithDeleted(r Reader) Reader { return withDeleted{r} }

type withDeleted struct{ Reader }

func (w withDeleted) source() engine.Source { return read(w.Reader).WithDeleted() }

func (w withDeleted) bounded() engine.Source { return scan(w.Reader).WithDeleted() }

// scan is what a reader gives to a read that loops over rows.
func scan(r Reader) engine.Source {
	if r == nil {
		return engine.None(engine.NoStore())
	}
	return r.bounded()
}

// Writer is what can be written: a [*Tx], or a [*DB], where each statement is a transaction of its own.
type Writer interface {
	Reader
	target() engine.Target
}

func (tx *Tx) target() engine.Target { return engine.Target{Tx: tx.begun()} }

func (db *DB) target() engine.Target {
	if db == nil {
		return engine.Target{}
	}
	return engine.Target{Store: &db.e}
}

// Hard is the writer for deletes that remove rows also where deletes are soft, by every handle and verb that deletes, with all that
// follows from them. They find rows that were soft-deleted before, too. To all other statements it is the writer itself.
//
//	_, err := Users.Delete(memrel.Hard(tx), 1)
func Hard(w Writer) Writer { return hard{w} }

type hard struct{ Writer }

func (h hard) source() engine.Source { return read(h.Writer) }

func (h hard) bounded() engine.Source { return scan(h.Writer) }

func (h hard) target() engine.Target {
	t := write(h.Writer)
	t.Hard = true
	return t
}

// write is what a writer writes to.
func write(w Writer) engine.Target {
	if w == nil {
		return engine.Target{}
	}
	return w.target()
}
