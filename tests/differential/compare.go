package differential

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"github.com/memrel/memrel"
)

// Peer is a database that memrel is compared with.
type Peer interface {
	// open makes the tables of a program, empty.
	open(*Program) (peerRun, error)
	// compares tells whether the peer tells apart the kinds of foreign key errors.
	full() bool
	// others runs the statement of a difference with other orders of declaration and of rows, until yield returns false.
	others(d *Difference, yield func(Outcome, State) bool)
	// rules are the accepted differences, the narrowest first.
	rules() []Rule
}

type peerRun interface {
	engine
	turn(to *Program) // with other tables
	close()
}

// Result is how a comparison came out.
type Result struct {
	Failure    string         // what differs that may not
	Accepted   []string       // the rules that accepted differences; all but ruleSeveral end the program
	Notes      []string       // what was accepted, in words
	Fewer      int            // statements of which the peer counted fewer rows, see same
	Statements int            // that were compared
	Refused    int            // of them refused by both
	Kinds      map[string]int // statements that do a thing to some row, as far as they were previewed
}

// Difference is a statement that came out differently.
type Difference struct {
	Program            *Program
	Index              int // of the statement
	Statement          *Statement
	Before             State
	Memrel, Peer       Outcome
	AfterMemrel, After State // as memrel, and as the peer leaves the rows
	reach              *reach
	peer               Peer
}

func (d *Difference) String() string {
	text := fmt.Sprintf("statement %d, %s\n  memrel: %s\n  peer:   %s", d.Index+1, d.Statement, d.Memrel, d.Peer)
	if rows := d.After.diff(d.AfterMemrel); rows != "" {
		text += "\n  rows: memrel has " + rows
	}
	return text
}

// Compare runs a program on memrel and a peer up to the first difference.
func Compare(p *Program, peer Peer) (result Result) {
	defer func() {
		if r := recover(); r != nil {
			result.Failure = fmt.Sprintf("panic: %v", r)
		}
	}()
	m, err := openMemrel(p.Tables)
	if err != nil {
		return Result{Failure: "definition: " + err.Error()}
	}
	run, err := peer.open(p)
	if err != nil {
		return Result{Failure: "definition by the peer: " + err.Error()}
	}
	defer run.close()
	result = compareStatements(p, peer, m, run)
	m.close()
	if len(m.broken) > 0 {
		result.Failure = strings.Join(append(m.broken, result.Failure), "\n")
	}
	return result
}

func compareStatements(p *Program, peer Peer, m *memrelRun, run peerRun) (result Result) {
	result.Kinds = map[string]int{}
	before := m.read()
	for i := range p.Statements {
		s := &p.Statements[i]
		if s.Table != "" && !p.has(s.Table) {
			continue // a shrunk program has a statement for a table that has another name now
		}
		if s.Op == "UPDATE" || s.Op == "DELETE" {
			result.note(m.expect(*s))
		}
		d := &Difference{Program: p, Index: i, Statement: s, Before: before, Memrel: m.do(*s), Peer: run.do(*s), peer: peer}
		if s.Op == "ALTER" && (d.Memrel.Class == "") != (d.Peer.Class == "") {
			result.Failure = d.String()
			return result
		}
		p = m.now(p, s)
		run.turn(p)
		d.AfterMemrel, d.After = m.read(), run.read()
		result.Statements++
		switch same, fewer := d.same(); {
		case same && d.Memrel.Class != "":
			result.Refused++
		case same:
		case fewer:
			result.Fewer++
		default:
			rule := d.accepted()
			if rule == "" {
				result.Failure = d.String()
				return result
			}
			result.Accepted = append(result.Accepted, rule)
			result.Notes = append(result.Notes, rule+": "+d.String())
			if rule != ruleSeveral.Name { // the rows are not the same any more
				return result
			}
		}
		before = d.AfterMemrel
	}
	return result
}

// note counts what a statement does.
func (r *Result) note(p *memrel.Preview) {
	if p == nil || p.Err() != nil {
		return
	}
	did := map[string]bool{}
	for _, step := range p.Steps {
		did[step.Kind.String()] = true
		did["further than one reference away"] = did["further than one reference away"] || step.Level > 1
	}
	for what, done := range did {
		if done {
			r.Kinds[what]++
		}
	}
}

// same tells whether both did the same; fewer, whether only the number of rows differs as it may: SQLite does not count
// a named row that a cascade of the same statement took before.
func (d *Difference) same() (same, fewer bool) {
	if !d.sameClass(d.Peer) || !reflect.DeepEqual(d.After, d.AfterMemrel) {
		return false, false
	}
	if d.Memrel.Class != "" || d.Memrel.Rows == d.Peer.Rows {
		return true, false
	}
	missing := d.Memrel.Rows - d.Peer.Rows
	return false, !d.peer.full() && missing > 0 && missing <= d.reached().namedAndMet()
}

func (d *Difference) sameClass(o Outcome) bool { return sameError(d.Memrel, o, d.peer.full()) }

// sameError compares an error of memrel with one of the peer's: its class, and the constraint if both name one.
func sameError(ours, peers Outcome, full bool) bool {
	if !full {
		return coarse(ours.Class) == peers.Class
	}
	return ours.Class == peers.Class && (ours.Constraint == peers.Constraint || ours.Constraint == "" || peers.Constraint == "")
}

func (d *Difference) reached() *reach {
	if d.reach == nil {
		d.reach = reachOf(d.Program, d.Statement, d.Before)
	}
	return d.reach
}

// accepted is the name of the first rule that accepts the difference.
func (d *Difference) accepted() string {
	for _, r := range d.peer.rules() {
		if (d.Statement.Op != "ALTER" || r.Name == ruleSeveral.Name) && r.accepts(d) {
			return r.Name
		}
	}
	return ""
}

// Declared runs a program on memrel with its tables declared in several orders: everything that memrel says must be the
// same, but for which of several unique keys is reported first. It returns the first difference.
func Declared(p *Program, seed uint64) string {
	first := record(p, nil)
	reverse := func(n int, swap func(i, j int)) {
		for i := range n / 2 {
			swap(i, n-1-i)
		}
	}
	for i, shuffle := range []func(int, func(i, j int)){reverse, rand.New(rand.NewPCG(seed, 1)).Shuffle, rand.New(rand.NewPCG(seed, 2)).Shuffle} {
		next := record(p, shuffle)
		for n := range first {
			if n >= len(next) || first[n] != next[n] {
				return fmt.Sprintf("declared in another order (number %d):\n  %s\n  %s", i+1, first[n], strings.Join(next[n:min(n+1, len(next))], ""))
			}
		}
	}
	return ""
}

// record is all that memrel says of a program.
func record(p *Program, shuffle func(n int, swap func(i, j int))) []string {
	tables := p.Tables
	if shuffle != nil {
		tables = shuffled(tables, shuffle)
	}
	m, err := openMemrel(tables)
	if err != nil {
		return []string{err.Error()}
	}
	defer m.close()
	m.program = p
	for i := range p.Statements {
		s := p.Statements[i]
		if s.Op == "UPDATE" || s.Op == "DELETE" {
			m.expect(s)
		}
		if o := m.do(s); o.Class == unique {
			m.record[len(m.record)-1] = s.Op + " " + unique
		}
		m.now(m.program, &s)
		m.record = append(m.record, fmt.Sprint(m.read()))
	}
	return m.record
}
