package main

import (
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
)

// collectionRun is one run of a collection recording.
type collectionRun struct {
	db         *memrel.DB
	tx         *memrel.Tx      // of the step
	outer      *memrel.Tx      // of a step transaction
	referenced map[string]bool // the collections that a reference aimed at once
	told       []memrel.Diagnostic
	events     []memrel.DeleteEvent
	redefined  map[string]bool // the collections that were defined again

	rule      *departureRule[collectionTurn] // that a step before fell under
	at        int                            // that step
	deleted   bool                           // a step since then deleted rows
	departure string                         // why the recording departs
	ended     bool                           // the rest of it may differ
}

// check runs a recording and returns the first difference, and why it departs if it does.
func (s *collectionScenario) check() (difference, departure string) {
	p := &collectionRun{referenced: map[string]bool{}, redefined: map[string]bool{}}
	told := memrel.DiagnosticFunc(func(d memrel.Diagnostic) { p.told = append(p.told, d) })
	deleted := memrel.DeleteHook(func(e memrel.DeleteEvent) error { p.events = append(p.events, e); return nil })
	var err error
	p.db, err = memrel.Open(nocobase.CheckOnWrite(false), nocobase.UniqueKeys(false), nocobase.MaxIdentifier(63), told, deleted)
	if err != nil {
		return fmt.Sprintf("cannot be run: %v", err), ""
	}
	difference = p.play(s.Steps)
	if p.outer != nil {
		p.outer.Rollback()
	}
	for err := range p.db.Check() {
		return err.Error(), ""
	}
	if difference != "" {
		return difference, ""
	}
	return "", p.departure
}

// play carries out steps up to the first difference. That is a departure if one of the steps until then, this one included,
// falls under a rule.
func (p *collectionRun) play(steps []collectionStep) (difference string) {
	for i := range steps {
		turn := p.turn(&steps[i])
		if turn.Op == "transaction" {
			difference = p.transaction(turn.collectionStep)
		} else if difference = p.step(turn); difference != "" {
			difference = fmt.Sprintf("step %d (%s %s%s): %s", i, turn.Op, turn.Collection, turn.Path, difference)
		}
		switch departs, ends := p.judge(i, turn, difference); {
		case ends:
			return ""
		case difference != "" && !departs:
			return difference
		}
	}
	return ""
}

func (p *collectionRun) transaction(st *collectionStep) (difference string) {
	p.outer = p.db.Begin()
	difference = p.play(st.Steps)
	var err error
	if st.End == "commit" {
		err = p.outer.Commit()
	} else {
		p.outer.Rollback()
	}
	p.outer = nil
	if difference == "" && err != nil {
		difference = err.Error()
	}
	return difference
}

// step carries out one step and compares what came of it.
func (p *collectionRun) step(t *collectionTurn) string {
	p.told, p.events = nil, nil
	do := p.operation(t.Op)
	if do == nil {
		return errUnknown{"operation " + t.Op}.Error()
	}
	var got any
	run := p.atomic
	if t.Op == "define" { // each collection by itself
		run = func(do func() error) error { return do() }
	}
	t.err = run(func() (err error) { got, err = do(t.collectionStep); return err })
	if difference := t.differs(p, got); difference != "" {
		return difference
	}
	for _, collection := range p.collections().Names() {
		if len(p.into(collection)) > 0 {
			p.referenced[collection] = true
		}
	}
	return ""
}

// atomic does something in a transaction, inside that of a step transaction if there is one.
func (p *collectionRun) atomic(do func() error) error {
	inside := func(tx *memrel.Tx) error {
		p.tx = tx
		defer func() { p.tx = nil }()
		return do()
	}
	if p.outer != nil {
		return p.outer.Update(inside)
	}
	return p.db.Update(inside)
}

// operation is what an operation does; nil if there is none of that name.
func (p *collectionRun) operation(name string) func(*collectionStep) (any, error) {
	return map[string]func(*collectionStep) (any, error){
		"define": p.defineEach, "setField": p.define, "removeField": p.define, "removeCollection": p.define,
		"sync":         func(*collectionStep) (any, error) { return nil, nil },
		"references":   p.references,
		"collections":  func(*collectionStep) (any, error) { return append([]string{}, p.collections().Names()...), nil },
		"associations": p.associations, "columns": p.columns, "indexes": p.indexes,
		"create": p.writeStep, "update": p.writeStep, "updateMany": p.updateMany, "firstOrCreate": p.writeStep, "updateOrCreate": p.writeStep,
		"destroy": p.destroy, "instanceDestroy": p.instanceDestroy,
		"find": p.findStep, "findOne": p.findStep, "findAndCount": p.findStep, "count": p.findStep,
		"aggregate": p.findStep, "relation": p.relation, "dump": p.dump,
	}[name]
}

// wordsOf are the words of an error that carry weight.
func wordsOf(err error) string {
	var e *memrel.Error
	switch {
	case errors.Is(err, memrel.ErrRestrict):
		return "RESTRICT"
	case errors.As(err, &e):
		return e.Detail
	}
	return err.Error()
}
