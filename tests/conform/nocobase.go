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
	departing
}

// check runs a recording and returns the first difference, and why it departs if it does.
func (s *collectionScenario) check() (difference, departure string) {
	p := &collectionRun{referenced: map[string]bool{}, departing: departing{redefined: map[string]bool{}}}
	told := memrel.DiagnosticFunc(func(d memrel.Diagnostic) { p.told = append(p.told, d) })
	deleted := memrel.DeleteHook(func(e memrel.DeleteEvent) error { p.events = append(p.events, e); return nil })
	var err error
	p.db, err = memrel.Open(nocobase.CheckOnWrite(false), nocobase.UniqueKeys(false), nocobase.MaxIdentifier(63), told, deleted)
	must(err)
	if difference = p.play(s.Steps); difference != "" {
		return difference, ""
	}
	for err := range p.db.Check() {
		return err.Error(), ""
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
	if st.End == "commit" {
		must(p.outer.Commit())
	}
	p.outer.Rollback()
	p.outer = nil
	return difference
}

// step carries out one step and compares what came of it.
func (p *collectionRun) step(t *collectionTurn) string {
	p.told, p.events = nil, nil
	do, known := p.operations()[t.Op]
	if !known {
		return errUnknown{"operation " + t.Op}.Error()
	}
	var got any
	if t.Op == "define" { // each collection by itself: those before one that is refused are there
		got, t.err = do(t.collectionStep)
	} else {
		t.err = p.atomic(func() (err error) { got, err = do(t.collectionStep); return err })
	}
	if difference := t.differs(p, got); difference != "" {
		return difference
	}
	for _, collection := range p.collections().Names() {
		p.referenced[collection] = p.referenced[collection] || len(p.into(collection)) > 0
	}
	return ""
}

// atomic does something in a transaction, inside that of a step transaction if there is one.
func (p *collectionRun) atomic(do func() error) error {
	update := p.db.Update
	if p.outer != nil {
		update = p.outer.Update
	}
	return update(func(tx *memrel.Tx) error {
		p.tx = tx
		defer func() { p.tx = nil }()
		return do()
	})
}

// operations are what the operations of steps do, by their names.
func (p *collectionRun) operations() map[string]func(*collectionStep) (any, error) {
	return map[string]func(*collectionStep) (any, error){
		"sync":   func(*collectionStep) (any, error) { return nil, nil },
		"define": p.define,
		"setField": func(st *collectionStep) (any, error) {
			return nil, p.tx.Define(nocobase.SetField(st.Collection, st.Field.is))
		},
		"removeField": func(st *collectionStep) (any, error) {
			return nil, p.tx.Define(nocobase.RemoveField(st.Collection, st.Field.name))
		},
		"removeCollection": func(st *collectionStep) (any, error) {
			return nil, p.tx.Define(nocobase.RemoveCollection(st.Collection))
		},
		"collections": func(*collectionStep) (any, error) { return append([]string{}, p.collections().Names()...), nil },
		"references":  p.references, "associations": p.associations, "columns": p.columns, "indexes": p.indexes,
		"create": p.write, "update": p.write, "firstOrCreate": p.write, "updateOrCreate": p.write, "updateMany": p.write,
		"destroy": p.destroy, "instanceDestroy": p.instanceDestroy,
		"find": p.find, "findOne": p.find, "findAndCount": p.find, "count": p.find, "aggregate": p.find,
		"relation": p.relation, "dump": p.dump,
	}
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
