package differential

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memrel/memrel"
)

var (
	programs = flag.Uint64("programs", 20_000, "random programs to compare with SQLite")
	postgres = flag.Uint64("postgres", 2000, "random programs to compare with PostgreSQL, if MEMREL_POSTGRES_DSN is set")
	seed     = flag.Uint64("seed", 1, "seed of the random programs; 0: from the clock")
	notes    = flag.Bool("notes", false, "print every difference that was accepted")
	only     = flag.Int64("program", -1, "run only the program of this number, and print it")
)

// TestSQLite compares with SQLite.
func TestSQLite(t *testing.T) {
	n := *programs
	if testing.Short() {
		n = min(n, 500)
	}
	peers := make([]Peer, runtime.GOMAXPROCS(0))
	for i := range peers {
		peers[i] = SQLite{}
	}
	sweep(t, n, Dialect{}, peers)
}

// TestPostgres compares with the server of MEMREL_POSTGRES_DSN.
func TestPostgres(t *testing.T) {
	sweep(t, *postgres, Dialect{Full: true}, []Peer{connect(t, "differential_1"), connect(t, "differential_2")})
}

func connect(t *testing.T, schema string) *Postgres {
	t.Helper()
	dsn := os.Getenv("MEMREL_POSTGRES_DSN")
	if dsn == "" {
		t.Skip("MEMREL_POSTGRES_DSN is not set: make pg CMD='go test ./...' starts a server")
	}
	peer := NewPostgres(dsn, schema)
	t.Cleanup(peer.Close)
	return peer
}

// tally sums up results.
type tally struct {
	sync.Mutex
	programs, statements, refused, fewer int
	accepted, kinds                      map[string]int
}

func (y *tally) add(r Result) {
	y.Lock()
	defer y.Unlock()
	y.programs++
	y.statements += r.Statements
	y.refused += r.Refused
	y.fewer += r.Fewer
	for _, rule := range r.Accepted {
		y.accepted[rule]++
	}
	for kind, n := range r.Kinds {
		y.kinds[kind] += n
	}
}

// sweep compares programs 0 to n-1 with peers, one goroutine each, and shrinks the first that fail.
func sweep(t *testing.T, n uint64, d Dialect, peers []Peer) {
	began, number := chooseSeed(), atomic.Uint64{}
	y := &tally{accepted: map[string]int{}, kinds: map[string]int{}}
	var workers sync.WaitGroup
	for _, peer := range peers {
		workers.Go(func() {
			for i := number.Add(1) - 1; i < n && !t.Failed(); i = number.Add(1) - 1 {
				if *only >= 0 && i != uint64(*only) {
					continue
				}
				p := Generate(*seed, i, d)
				r := Compare(p, peer)
				y.add(r)
				if *only >= 0 {
					t.Logf("program %d of seed %d:\n%s\n%s", i, *seed, p, strings.Join(r.Notes, "\n"))
				}
				if *notes {
					for _, note := range r.Notes {
						t.Logf("program %d of seed %d: %s", i, *seed, note)
					}
				}
				if r.Failure != "" {
					small := Shrink(p, 2000, func(q *Program) bool { return fails(q, peer) })
					t.Errorf("program %d of seed %d: %s\n\nshrunk: %s\n%s", i, *seed, r.Failure, Compare(small, peer).Failure, small)
				}
			}
		})
	}
	workers.Wait()
	t.Logf("seed %d: %d programs in %s, %d statements (%d refused by both; of %d the peer counts fewer rows)", *seed, y.programs,
		time.Since(began).Round(time.Second/10), y.statements, y.refused, y.fewer)
	if *only < 0 {
		y.judge(t, peers[0])
	}
}

func chooseSeed() time.Time {
	now := time.Now()
	if *seed == 0 {
		*seed = uint64(now.UnixNano())
	}
	return now
}

// fails tells whether a program differs where it may not; a schema that is refused is no program.
func fails(p *Program, peer Peer) bool {
	failure := Compare(p, peer).Failure
	return failure != "" && !strings.HasPrefix(failure, "definition")
}

// judge holds the tally to bounds: what was accepted may not become much, and the programs have to do something.
func (y *tally) judge(t *testing.T, peer Peer) {
	sum := 0
	for _, r := range peer.rules() {
		n := y.accepted[r.Name]
		t.Logf("accepted %5d: %s", n, r.Name)
		if r.Name != ruleSeveral.Name {
			sum += n
		}
	}
	if 100*sum > 5*y.programs {
		t.Errorf("differences were accepted in %d of %d programs, more than 5 %%", sum, y.programs)
	}
	if n := y.accepted[ruleSeveral.Name]; 20*n > y.refused {
		t.Errorf("%d of %d refused statements were refused for another reason, more than 5 %%", n, y.refused)
	}
	if loose := y.accepted[ruleDepth.Name] + y.accepted[ruleMoment.Name]; 100*loose > 2*y.programs {
		t.Errorf("the loosest rule accepted differences in %d of %d programs, more than 2 %%", loose, y.programs)
	}
	for _, kind := range slices.Sorted(maps.Keys(y.kinds)) {
		t.Logf("statements that %s: %d", kind, y.kinds[kind])
	}
	for _, kind := range []string{"delete", "update", "cascade delete", "set null", "set default", "cascade update", "further than one reference away"} {
		if 100*y.kinds[kind] < y.programs {
			t.Errorf("only %d statements in %d programs do this: %s", y.kinds[kind], y.programs, kind)
		}
	}
	if y.refused*2 > y.statements || y.refused*20 < y.statements {
		t.Errorf("%d of %d statements were refused", y.refused, y.statements)
	}
}

// TestOrderOfDeclaration: the order in which tables, references and unique keys are declared changes nothing that memrel
// says: rows, errors to the word, previews, changes and their order.
func TestOrderOfDeclaration(t *testing.T) {
	chooseSeed()
	for i := range *programs / 10 {
		p := Generate(*seed, i, Dialect{Full: true})
		if difference := Declared(p, i); difference != "" {
			small := Shrink(p, 2000, func(q *Program) bool { return Declared(q, i) != "" })
			t.Fatalf("program %d of seed %d: %s\n\nshrunk: %s\n%s", i, *seed, difference, Declared(small, i), small)
		}
	}
}

// mistaking makes a system take one action for another.
func mistaking(from, to memrel.Action) func(*Program) *Program {
	return func(p *Program) *Program {
		q := &Program{Tables: slices.Clone(p.Tables), Statements: p.Statements}
		for i := range q.Tables {
			q.Tables[i].References = slices.Clone(q.Tables[i].References)
			for j := range q.Tables[i].References {
				r := &q.Tables[i].References[j]
				for _, action := range []*memrel.Action{&r.OnDelete, &r.OnUpdate} {
					if *action == from {
						*action = to
					}
				}
			}
		}
		return q
	}
}

// TestTheComparisonBites: a system that takes one action for another is found out, and the program shrinks to few lines.
func TestTheComparisonBites(t *testing.T) {
	for _, m := range []struct{ from, to memrel.Action }{{memrel.Cascade, memrel.SetNull}, {memrel.SetNull, memrel.Cascade},
		{memrel.SetDefault, memrel.SetNull}, {memrel.NoAction, memrel.Cascade}, {memrel.Restrict, memrel.Cascade},
		{memrel.Cascade, memrel.NoAction}} {
		t.Run(fmt.Sprintf("%s for %s", m.to, m.from), func(t *testing.T) {
			peer := SQLite{distort: mistaking(m.from, m.to)}
			found := 0
			var first *Program
			for i := range uint64(200) {
				if p := Generate(1, i, Dialect{}); fails(p, peer) {
					found++
					first = p
				}
			}
			if found < 10 {
				t.Fatalf("found in %d of 200 programs only", found)
			}
			small := Shrink(first, 2000, func(q *Program) bool { return fails(q, peer) })
			if lines := strings.Count(small.String(), "\n"); lines > 9 {
				t.Errorf("the shrunk program has %d lines:\n%s", lines, small)
			}
		})
	}
}
