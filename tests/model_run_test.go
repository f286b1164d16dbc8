package tests

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// world is what a program runs on: stores and views, each with what the model says of it.
type world struct {
	ops    []op
	at     int
	stores []*store
	views  []past
	every  int // compare after every so many operations
	depth  int // of nested transactions under way
	trace  *strings.Builder
}

// store is a store beside its model.
type store struct {
	name      string
	db        *memrel.DB
	committed state

	tx     *memrel.Tx // nil outside a transaction
	now    state      // inside it
	lost   []state    // what it was before numberings ended in it
	marks  []mark
	nested int // depth of nested transactions
	floor  int // savepoints below this are those of outer transactions
}

type mark struct {
	name string
	state
}

// past is a view and what it must show for ever.
type past struct {
	name string
	view memrel.View
	state
}

const (
	maxStores = 5
	maxViews  = 5
)

// run runs a program and returns the first difference between the store and the model. A program that reads the
// store after every operation never meets the tables that nobody else looks at, which are changed in place; so
// every tells how often to look.
func run(ops []op, every int, trace *strings.Builder) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	w := &world{ops: ops, every: every, trace: trace}
	first := &store{name: "db", db: memrel.MustOpen(definitions()...), committed: state{}}
	for _, s := range base {
		first.committed[s.Name] = rows{schema: s, series: new(byte)}
	}
	w.stores = []*store{first}
	for _, o := range start {
		if err := first.write(o); err != nil {
			return err
		}
	}
	if _, err := w.play(); err != nil {
		return err
	}
	return w.close()
}

func definitions() (out []memrel.Definition) {
	for _, s := range base {
		out = append(out, s)
	}
	return out
}

// play runs operations up to the end of the nested transaction under way, or of the program, and tells how the former
// is to end.
func (w *world) play() (mode int, err error) {
	for w.at < len(w.ops) {
		o := w.ops[w.at]
		w.at++
		s := w.stores[o.store%len(w.stores)]
		w.say("%s: %s", s.name, o)
		switch {
		case o.kind == unnest && w.depth > 0:
			return o.mode, nil
		case o.kind == nest && s.tx != nil && w.depth < 3:
			err = w.nest(s)
		default:
			err = w.step(s, o)
		}
		if err == nil && w.at%w.every == 0 {
			err = s.compare()
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %s: %w", s.name, o, err)
		}
	}
	return 0, nil
}

func (w *world) say(format string, args ...any) {
	if w.trace != nil {
		fmt.Fprintf(w.trace, strings.Repeat("\t", w.depth+1)+format+"\n", args...)
	}
}

var errGiveUp = errors.New("give up")

// nest runs what follows as a nested transaction.
func (w *world) nest(s *store) (mismatch error) {
	before, marks, floor := s.now, len(s.marks), s.floor
	s.floor = marks
	s.nested++
	w.depth++
	kept := false
	func() {
		defer func() {
			p := recover()
			if err, ok := p.(error); p != nil && (!ok || !errors.Is(err, errGiveUp)) {
				panic(p)
			}
		}()
		s.now = maps.Clone(s.now)
		kept = s.tx.Update(func(*memrel.Tx) error {
			mode := 0
			mode, mismatch = w.play()
			switch mode {
			case 1:
				return errGiveUp
			case 2:
				panic(errGiveUp)
			}
			return nil
		}) == nil
	}()
	w.depth--
	s.nested--
	s.marks, s.floor = s.marks[:marks], floor
	if !kept {
		s.now = before.spend(append(s.lost, s.now)...)
	}
	w.say("end, kept: %v", kept)
	return mismatch
}

// step runs one operation on the store and on the model.
func (w *world) step(s *store, o op) error {
	switch o.kind {
	case begin, commit, rollback:
		return s.transact(o.kind)
	case savepoint, rollbackTo, release:
		return s.mark(o)
	case fork:
		if len(w.stores) < maxStores {
			w.adopt(s.db.Fork(), s.committed)
		}
	case look:
		if len(w.views) < maxViews {
			w.views = append(w.views, past{fmt.Sprintf("view%d", len(w.views)), s.db.View(), s.committed})
		}
	case forkView:
		if len(w.stores) < maxStores && len(w.views) > 0 {
			p := w.views[o.store%len(w.views)]
			w.adopt(p.view.Fork(), p.state)
		}
	case nest, unnest:
	case find:
		return s.find(o)
	default:
		return s.write(o)
	}
	return nil
}

func (w *world) adopt(db *memrel.DB, is state) {
	w.stores = append(w.stores, &store{name: fmt.Sprintf("fork%d", len(w.stores)), db: db, committed: maps.Clone(is)})
}

func (s *store) transact(k kind) error {
	switch {
	case k == begin && s.tx == nil:
		s.tx, s.now, s.marks, s.lost = s.db.Begin(), maps.Clone(s.committed), nil, nil
	case k == commit && s.tx != nil && s.nested == 0:
		err := s.tx.Commit()
		s.tx, s.committed = nil, s.now
		return err
	case k == rollback && s.tx != nil && s.nested == 0:
		s.tx.Rollback()
		s.tx, s.committed = nil, s.committed.spend(append(s.lost, s.now)...)
	}
	return nil
}

func (s *store) mark(o op) error {
	if s.tx == nil {
		return nil
	}
	if o.kind == savepoint {
		s.marks = append(s.marks, mark{o.mark, maps.Clone(s.now)})
		return s.tx.Savepoint(o.mark)
	}
	i := len(s.marks) - 1
	for i >= s.floor && s.marks[i].name != o.mark {
		i--
	}
	verb := s.tx.RollbackTo
	if o.kind == release {
		verb = s.tx.Release
	}
	err := verb(o.mark)
	if i < s.floor {
		return refusal{memrel.ErrQuery}.judge(err)
	}
	if o.kind == release {
		s.marks = s.marks[:i]
	} else {
		s.now = s.marks[i].spend(append(s.lost, s.now)...)
		s.marks = s.marks[:i+1]
	}
	return err
}

// judge compares an error with what it should be.
func (why refusal) judge(err error) error {
	if len(why) == 0 {
		if err != nil {
			return fmt.Errorf("refused, but the model does it: %w", err)
		}
		return nil
	}
	if err == nil {
		return fmt.Errorf("done, but the model refuses it: %w", why[0])
	}
	var e *memrel.Error
	if !errors.As(err, &e) || !slices.Contains(why, e.Kind) {
		return fmt.Errorf("refused, but the model refuses it as %s: %w", fmt.Sprint(why), err)
	}
	return nil
}

// state is what the store's transaction sees, or the committed state outside one.
func (s *store) state() (memrel.Writer, *state) {
	if s.tx != nil {
		return s.tx, &s.now
	}
	return s.db, &s.committed
}

// write runs a statement or a definition and compares what it returns.
func (s *store) write(o op) error {
	real, model := s.state()
	after := maps.Clone(*model)
	want, why := o.onModel(after)
	got, err := o.onStore(real)
	if err := why.judge(err); err != nil {
		return err
	}
	if why != nil {
		if o.kind == insert || o.kind == upsert {
			*model = model.spend(state{o.table: after[o.table]})
		}
		return nil
	}
	if s.tx != nil && (o.kind == drop || o.kind == truncate) {
		s.lost = append(s.lost, *model)
	}
	*model = after
	return sameRows("returned", got, want)
}

func (s *store) find(o op) error {
	real, model := s.state()
	t, ok := (*model)[o.table]
	var why refusal
	switch {
	case !ok:
		why = refusal{memrel.ErrUnknownTable}
	case !t.knows(o.where):
		why = refusal{memrel.ErrUnknownColumn}
	}
	got, err := memrel.RowsOf(o.table).Find(real, memrel.Query{Where: o.where})
	if err := why.judge(err); err != nil || why != nil {
		return err
	}
	return sameRows("found", got, model.pick(o.table, o.where))
}

// compare holds all tables that the store shows, inside its transaction and outside, to the model.
func (s *store) compare() error {
	if s.tx != nil {
		if err := sameTables("in the transaction", s.tx, s.now); err != nil {
			return err
		}
	}
	return sameTables("committed", s.db, s.committed)
}

// close ends every transaction and looks at everything there is.
func (w *world) close() error {
	for _, s := range w.stores {
		if err := s.transact(rollback); err != nil {
			return err
		}
		if err := s.compare(); err != nil {
			return fmt.Errorf("at the end: %s: %w", s.name, err)
		}
		w.views = append(w.views, past{s.name, s.db.View(), s.committed})
	}
	for _, p := range w.views {
		if err := sameTables("seen", p.view, p.state); err != nil {
			return fmt.Errorf("at the end: %s: %w", p.name, err)
		}
		for err := range p.view.Check() {
			return fmt.Errorf("at the end: %s: %w", p.name, err)
		}
	}
	return nil
}
