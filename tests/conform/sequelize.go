package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// runSequelize runs every association recording below dir.
func runSequelize(dir string) ([]result, error) {
	recordings, words, err := readRecordings(dir)
	if err != nil {
		return nil, err
	}
	var results []result
	for _, r := range recordings {
		res := result{topic: r.Topic, name: r.Name}
		res.difference, res.departure = r.check()
		results = append(results, res)
	}
	for _, w := range words {
		res := result{topic: "naming", name: w.Model}
		if res.difference = w.check(); w.Quirk && res.difference != "" {
			res.difference, res.departure = "", "names that are not English: "+res.difference
		}
		results = append(results, res)
	}
	return results, nil
}

// check compares the names that a model, and an association to it, end up with.
func (w recordedWord) check() string {
	db, err := memrel.Open(memrel.ModelSpec{Name: w.Model}, memrel.ModelSpec{Name: "Holder", TableName: "holder of all"},
		assoc.Spec{Source: "Holder", Kind: assoc.HasMany, Target: w.Model, Options: assoc.Options{As: w.Plural}})
	if err != nil {
		return err.Error()
	}
	set := memrel.Associations(db)
	m, a := set.Model(w.Model), set.Associations()[0]
	got := recordedWord{w.Model, m.Names.Singular, m.Names.Plural, m.Table, a.Names.Singular, a.Accessors().Add, a.Accessors().AddMultiple, w.Quirk}
	if got != w {
		return fmt.Sprintf("got %v, want %v", got, w)
	}
	return ""
}

// recordedNow is the runner's clock.
var recordedNow = time.Date(2031, 5, 6, 7, 8, 9, 123e6, time.UTC)

// check runs a recording and returns the first difference, and why it departs if it does. A panic is a difference like any
// other.
func (r *recording) check() (difference, departure string) {
	defer func() {
		if p := recover(); p != nil {
			difference = fmt.Sprintf("panic: %v", p)
		}
	}()
	if r.unread != "" {
		return r.unread, ""
	}
	defs, err := r.definitions(func() time.Time { return recordedNow })
	if err != nil {
		return err.Error(), ""
	}
	db, err := memrel.Open(defs...)
	if r.SchemaError != nil {
		if err == nil {
			return "the definition was accepted", ""
		}
		return "", ""
	}
	if err != nil {
		return fmt.Sprintf("definition: %v", err), ""
	}
	if d := r.checkNames(db); d != "" {
		return d, ""
	}
	if d := r.checkSchema(db); d != "" {
		return d, ""
	}
	return r.play(db)
}

// play carries out the steps. The outcomes must be those recorded, or those of one alternative as a whole.
func (r *recording) play(db *memrel.DB) (difference, departure string) {
	p := &replay{db: db, bound: map[string]memrel.Instance{}}
	got := make([]any, len(r.Steps))
	errs := make([]error, len(r.Steps))
	for i := range r.Steps {
		got[i], errs[i] = p.do(&r.Steps[i])
		got[i] = frozen(got[i])
	}
	final := frozen(map[string]any{"tables": p.tables()})
	if p.tx != nil {
		p.tx.Rollback()
	}
	for err := range db.Check() {
		return err.Error(), ""
	}
	at, difference := r.compare(func(i int) string { return differentOutcome(r.Steps[i].Expect, got[i], errs[i]) }, r.Final, final)
	if difference == "" {
		return "", ""
	}
	for _, alt := range r.Alternatives {
		_, d := r.compare(func(i int) string { return differentClass(alt.Expects[i], errs[i]) }, alt.Final, final)
		if d == "" {
			return "", ""
		}
	}
	for i := range r.Steps[:min(at+1, len(r.Steps))] {
		if rule := departureOf(departures, &r.Steps[i], errs[i]); rule != nil {
			return "", fmt.Sprintf("%s at step %d: %s", rule.name, i, difference)
		}
	}
	return difference, ""
}

// frozen is what an outcome is at the time of its step: instances change in hand.
func frozen(got any) any {
	if got == nil {
		return nil
	}
	var out any
	if err := redecode(got, &out); err != nil {
		panic(err)
	}
	return out
}

// compare looks for the first difference, and tells at which step; that after the last is the final contents.
func (r *recording) compare(step func(i int) string, want map[string]any, final any) (at int, difference string) {
	for i := range r.Steps {
		st := &r.Steps[i]
		if d := step(i); d != "" && st.Quirk == "" {
			return i, fmt.Sprintf("step %d (%s %s%s): %s", i, st.Do, st.Model, st.Method, d)
		}
	}
	if want == nil {
		return len(r.Steps), ""
	}
	if d := differentOutcome(map[string]any{"tables": want}, final, nil); d != "" {
		return len(r.Steps), "final: " + d
	}
	return len(r.Steps), ""
}

// differentClass compares with the outcome of an alternative, which knows the classes of errors only.
func differentClass(expect map[string]any, err error) string {
	var unknown errUnknown
	if errors.As(err, &unknown) {
		return err.Error()
	}
	if want, got := recordedClass(expect), errorClass(err); want != got || (err != nil) != (want != "") {
		return fmt.Sprintf("got error %q (%v), want %q", got, err, want)
	}
	return ""
}
