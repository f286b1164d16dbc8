package engine

import (
	"context"
	"errors"
	"iter"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// compiled is what is worked out of all definitions together.
type compiled struct {
	graph *cascade.Graph
	assoc *assoc.Set
	hooks hooks
}

func compiledOf(d *snapshot.Definitions) *compiled { return d.Compiled().(*compiled) }

// GraphOf are the references of definitions.
func GraphOf(d *snapshot.Definitions) *cascade.Graph { return compiledOf(d).graph }

// AssociationsOf are the models and associations of definitions; nil if there are none.
func AssociationsOf(d *snapshot.Definitions) *assoc.Set { return compiledOf(d).assoc }

// Source is a state to read.
type Source struct{ State table.Reader }

// WithDeleted is the same source, which shows soft-deleted rows as well.
func (s Source) WithDeleted() Source { return Source{table.WithDeleted(s.State)} }

// None is the source that has no tables, for a reason: a transaction that has ended, a store that was never opened.
func None(refusal error) Source { return Source{noTables{refusal}} }

// noTables is the state of what has none.
type noTables struct{ refusal error }

func (noTables) Table(string) *table.Table { return nil }

// refusal is why there is no state; nil if there is one.
func (s Source) refusal() error {
	none, _ := table.StateOf(s.State).(noTables)
	return none.refusal
}

// Until is the source for a statement that stops when a context is done; nil does not.
func (s Source) Until(ctx context.Context) Source {
	if _, none := s.State.(noTables); ctx == nil || none {
		return s
	}
	return Source{table.Interrupted(s.State, query.NewInterrupt(ctx))}
}

// stopped is the error of a statement that was interrupted.
func (s Source) stopped(op, name string) error {
	return Attempted(op, name, table.InterruptOf(s.State).Err())
}

// live tells whether the state may be written while somebody iterates over it.
func (s Source) live() bool {
	_, frozen := table.StateOf(s.State).(*snapshot.Version)
	return !frozen
}

// Table is the table of that name, or else of the model of that name, nil if there is neither.
func (s Source) Table(name string) *table.Table { return TableIn(s.State, name) }

// On is the table of that name, or the error that there is none.
func (s Source) On(op, name string) (*table.Table, error) {
	if t := s.Table(name); t != nil {
		return t, nil
	}
	if refusal := s.refusal(); refusal != nil {
		return nil, Attempted(op, "", refusal)
	}
	return nil, UnknownTable(op, name)
}

// Must is the table of that name, for reads that have no error to return: they panic with the one that others return.
func (s Source) Must(op, name string) *table.Table {
	if t := s.State.Table(name); t != nil { // as is most often so, with no more said
		return t
	}
	t, err := s.On(op, name)
	if err != nil {
		panic(err)
	}
	return t
}

// TableIn is the table of that name that a state has, or else that of the model of that name; nil if there is neither.
func TableIn(state table.Reader, name string) *table.Table {
	if t := state.Table(name); t != nil {
		return t
	}
	if info := SetOf(state).Model(name); info != nil {
		return state.Table(info.Table)
	}
	return nil
}

// SetOf are the associations of a state; nil for one that has ended.
func SetOf(state table.Reader) *assoc.Set {
	if defs := DefinitionsOf(state); defs != nil {
		return AssociationsOf(defs)
	}
	return nil
}

// DefinitionsOf are the definitions of a state; nil for one that has ended.
func DefinitionsOf(state table.Reader) *snapshot.Definitions {
	switch s := table.StateOf(state).(type) {
	case *snapshot.Version:
		return s.Definitions()
	case snapshot.Statement:
		return s.Definitions()
	case *snapshot.Draft:
		return s.Definitions()
	}
	return nil
}

// Check walks a version and yields every violation of what must stay true: each index has each row once under its own key,
// unique keys have one owner, NOT NULL and checks hold, every foreign key has its parent. O(rows x keys x log n).
// If the version's context is done before it is through, that is what it yields in the end.
func Check(v *snapshot.Version) iter.Seq[error] {
	return func(yield func(error) bool) {
		s := Source{v}.Until(v.Context())
		interrupt := table.InterruptOf(s.State)
		for _, name := range v.Definitions().Names() {
			if !v.Table(name).Check(interrupt, yield) && interrupt.Err() == nil {
				return
			}
		}
		more := true
		GraphOf(v.Definitions()).Check(s.State, func(err error) bool {
			more = yield(err)
			return more
		})
		if err := s.stopped("check", ""); err != nil && more {
			yield(err)
		}
	}
}

// Attempted says in an error what was attempted on which table, unless it says so already.
func Attempted(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return attempted(op, name, err)
}

func attempted(op, name string, err error) error {
	var e *types.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Op == "" {
		e.Op = op
	}
	if e.Table == "" {
		e.Table = name
	}
	return err
}

// UnknownTable is the error for a table that there is not.
func UnknownTable(op, name string) error {
	if name == "" {
		return &types.Error{Kind: types.ErrUnknownTable, Op: op, Detail: "the table has no name", Hint: "make the handle with TableOf, RowsOf or ModelOf"}
	}
	return &types.Error{Kind: types.ErrUnknownTable, Op: op, Table: name, Detail: "there is no table " + name,
		Hint: "define it, or open the store with it"}
}
