package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"github.com/memrel/memrel"
)

// shuffles is how many random orders of declaration a scenario is run with, beside the recorded one and its reverse.
const shuffles = 6

// runConstraints runs every constraint recording below dir, each in so many random orders of declaration beside the recorded one and its
// reverse.
func runConstraints(dir string, shuffles int) ([]result, error) {
	scenarios, err := readScenarios(dir)
	if err != nil {
		return nil, err
	}
	results := make([]result, len(scenarios))
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, s := range scenarios {
		free <- struct{}{}
		all.Go(func() {
			results[i] = result{topic: s.topicOf(), name: s.Name, difference: s.check(shuffles)}
			<-free
		})
	}
	all.Wait()
	return results, nil
}

// An order rearranges declarations: shuffle is called with the length of each list and a swap of two of its elements.
type order func(n int, swap func(i, j int))

func recorded(int, func(i, j int)) {}

func reversed(n int, swap func(i, j int)) {
	for i := range n / 2 {
		swap(i, n-1-i)
	}
}

func orders(shuffles int) []order {
	out := []order{recorded, reversed}
	for i := range shuffles {
		out = append(out, rand.New(rand.NewPCG(1, uint64(i))).Shuffle)
	}
	return out
}

// check runs a scenario as it is and with its tables and references declared in other orders; every step of every run
// must come out the same, to the words of its error. Unique keys stay: of several that an inserted row violates the first
// declared is reported. It returns the first difference.
func (s *scenario) check(shuffles int) (difference string) {
	if s.unreadable != "" {
		return "cannot be run: " + s.unreadable
	}
	defer func() {
		if r := recover(); r != nil {
			difference = fmt.Sprintf("panic: %v", r)
		}
	}()
	var first []came
	for i, o := range orders(shuffles) {
		got, difference := s.play(o)
		if difference != "" {
			return difference
		}
		if i == 0 {
			first = got
		}
		for n := range got {
			if !reflect.DeepEqual(first[n], got[n]) {
				return fmt.Sprintf("step %d: declared in another order (number %d) it gives %s, not %s", n, i, got[n], first[n])
			}
		}
	}
	return ""
}

// player is one run of a scenario.
type player struct {
	scenario *scenario
	db       *memrel.DB
	tx       *memrel.Tx
	failed   bool               // in a transaction that PostgreSQL would have aborted
	tables   map[string][][]any // as the recording has them
}

// came is what a step came to.
type came struct {
	rows       int
	err        error
	aborted    bool // refused because a statement before failed
	rolledBack bool
	tables     map[string][][]any // if they were read
}

// String tells all of it, for messages.
func (c came) String() string {
	return fmt.Sprintf("rows %d, error %v, aborted %t, rolled back %t, tables %v", c.rows, c.err, c.aborted, c.rolledBack, c.tables)
}

// play runs the scenario, declared in an order. It returns what each step came to, and the first difference.
func (s *scenario) play(o order) (all []came, difference string) {
	db, err := memrel.Open(s.definitions(o)...)
	if err != nil {
		return nil, fmt.Sprintf("definition: %v", err)
	}
	p := &player{scenario: s, db: db, tables: map[string][][]any{}}
	defer func() {
		if p.tx != nil {
			p.tx.Rollback()
		}
	}()
	for i := range s.Steps {
		st := &s.Steps[i]
		got := p.do(st)
		all = append(all, got)
		if st.Outcome != nil && st.Outcome.Error != nil {
			got.err = p.sameClass(st, got.err, st.Outcome.Error.Constraint)
		}
		if difference := p.compare(st, got); difference != "" {
			return all, fmt.Sprintf("step %d (%s %s): %s", i, st.Op, st.Table, difference)
		}
	}
	if p.tx != nil {
		p.tx.Rollback()
	}
	for err := range db.Check() {
		return all, err.Error()
	}
	return all, ""
}

var (
	types = map[string]memrel.Column{"int": {Type: memrel.Int, Size: 32}, "bigint": {Type: memrel.Int},
		"text": {Type: memrel.String}, "bool": {Type: memrel.Bool}, "double": {Type: memrel.Float}}
	actions = map[string]memrel.Action{"": memrel.NoAction, "noAction": memrel.NoAction, "restrict": memrel.Restrict,
		"cascade": memrel.Cascade, "setNull": memrel.SetNull, "setDefault": memrel.SetDefault}
)

func (s *scenario) definitions(o order) []memrel.Definition {
	var defs []memrel.Definition
	for _, t := range s.Tables {
		schema := memrel.Schema{Name: t.Name, PrimaryKey: t.PrimaryKey}
		for _, c := range t.Columns {
			col := types[c.Type]
			col.Name, col.NotNull, col.Default = c.Name, !c.Nullable, c.Default
			schema.Columns = append(schema.Columns, col)
		}
		for _, u := range t.Unique {
			schema.Unique = append(schema.Unique, memrel.UniqueKey{Name: u.Name, Columns: u.Columns, NullsNotDistinct: u.NullsNotDistinct,
				Deferrable: u.Deferrable, InitiallyDeferred: u.InitiallyDeferred})
		}
		for _, k := range t.ForeignKeys {
			schema.References = append(schema.References, memrel.Reference{Name: k.Name, Columns: k.Columns, Table: k.References.Table,
				RefColumns: k.References.Columns, OnDelete: actions[k.OnDelete], OnUpdate: actions[k.OnUpdate], SetColumns: k.SetColumns,
				MatchFull: k.Match == "full", Deferrable: k.Deferrable, InitiallyDeferred: k.InitiallyDeferred})
		}
		refs := schema.References
		o(len(refs), func(i, j int) { refs[i], refs[j] = refs[j], refs[i] })
		defs = append(defs, schema)
	}
	o(len(defs), func(i, j int) { defs[i], defs[j] = defs[j], defs[i] })
	return defs
}

func (p *player) do(st *step) came {
	var c came
	switch st.Op {
	case "begin":
		if p.tx == nil { // in a transaction it does nothing, as in SQL
			p.tx, p.failed = p.db.Begin(), false
		}
	case "commit", "rollback":
		c = p.end(st.Op)
	case "savepoint", "rollbackTo", "release":
		c = p.savepoint(st)
	case "setConstraints":
		c = p.statement(func() (int, error) { return 0, p.setConstraints(st) })
	case "look":
		c = p.statement(func() (int, error) { return 0, nil })
	default:
		c = p.statement(func() (int, error) { return p.write(st) })
	}
	if p.tx == nil || st.Op == "look" || st.Outcomes != nil || st.Otherwise != nil {
		c.tables = p.read()
	}
	return c
}

func (p *player) end(op string) (c came) {
	if p.tx == nil {
		return c
	}
	if op == "commit" && !p.failed {
		c.err = p.tx.Commit()
	} else {
		p.tx.Rollback()
		c.rolledBack = op == "commit"
	}
	p.tx, p.failed = nil, false
	return c
}

// savepoint plays PostgreSQL's part where a failed statement aborts the transaction: rolling back to a savepoint ends
// that, and the others are refused.
func (p *player) savepoint(st *step) (c came) {
	if p.tx == nil {
		return came{err: errors.New("no transaction")}
	}
	if p.failed && st.Op != "rollbackTo" {
		return came{aborted: true}
	}
	switch st.Op {
	case "savepoint":
		c.err = p.tx.Savepoint(st.Name)
	case "release":
		c.err = p.tx.Release(st.Name)
	default:
		if c.err = p.tx.RollbackTo(st.Name); c.err == nil {
			p.failed = false
		}
	}
	return c
}

// statement runs a statement and, where the scenario says so, aborts the transaction if it fails.
func (p *player) statement(run func() (int, error)) came {
	if p.failed {
		return came{aborted: true}
	}
	rows, err := run()
	if err != nil && p.tx != nil && p.scenario.FailedStatement == "abortsTransaction" {
		p.failed = true
	}
	return came{rows: rows, err: err}
}

func (p *player) setConstraints(st *step) error {
	tx := p.tx
	if tx == nil {
		tx = p.db.Begin()
		defer tx.Rollback()
	}
	names, err := st.constraintNames()
	if err != nil {
		return err
	}
	if st.Mode == "deferred" {
		return tx.Defer(names...)
	}
	return tx.Immediate(names...)
}

// sameClass looks, where a statement breaks several foreign keys at once, for the one that was recorded: which of them is
// reported first is PostgreSQL's order of creation there and the order of names here. It tries the statement again
// without the foreign key that was reported, on a fork or up to a savepoint, until the wanted one is reported.
func (p *player) sameClass(st *step, err error, wanted string) error {
	var e *memrel.Error
	writes := slices.Contains([]string{"insert", "update", "delete"}, st.Op)
	if !writes || wanted == "" || !errors.As(err, &e) || !errors.Is(err, memrel.ErrForeignKey) {
		return err
	}
	again := &player{scenario: p.scenario, db: p.db.Fork(), tx: p.tx}
	if again.tx == nil {
		again.tx = again.db.Begin()
		defer again.tx.Rollback()
	} else {
		must(again.tx.Savepoint("again"))
		defer func() { must(again.tx.RollbackTo("again")); must(again.tx.Release("again")) }()
	}
	for found := e; ; {
		if found.Constraint == wanted {
			return found
		}
		must(again.tx.Alter(found.Table, memrel.DropConstraint(found.Constraint)))
		_, next := again.write(st)
		if !errors.As(next, &found) || !errors.Is(next, memrel.ErrForeignKey) {
			return err
		}
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
