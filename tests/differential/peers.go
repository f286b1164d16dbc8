package differential

import (
	"math/rand/v2"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLite is the peer that comes with the driver.
type SQLite struct {
	// distort, if not nil, changes what SQLite is told: for tests of the comparison itself.
	distort func(*Program) *Program
}

func (SQLite) full() bool { return false }

func (s SQLite) open(p *Program) (peerRun, error) { return openSQLite(s.told(p), false) }

func (s SQLite) told(p *Program) *Program {
	if s.distort == nil {
		return p
	}
	return s.distort(p)
}

func (SQLite) rules() []Rule {
	return []Rule{ruleSeveral, ruleOrder, ruleUnique, ruleSecondLook, ruleDepth}
}

func (s SQLite) others(d *Difference, yield func(Outcome, State) bool) {
	for _, q := range redeclared(d.Program) {
		for _, backwards := range []bool{false, true} {
			for _, whole := range []bool{false, true} {
				if !whole && !d.Statement.Writes() || whole && d.Program.alters() { // whose tables are not the program's any more
					continue
				}
				o, after, err := s.again(d, q, backwards, whole)
				if err == nil && !yield(o, after) {
					return
				}
			}
		}
	}
}

// again runs the statement of a difference with the declarations of q: after the whole program up to there, or on the rows
// that there were before it.
func (s SQLite) again(d *Difference, q *Program, backwards, whole bool) (o Outcome, after State, err error) {
	run, err := openSQLite(s.told(q), backwards)
	if err != nil {
		return o, nil, err
	}
	defer run.close()
	if whole {
		o, after = replay(run, q.Statements[:d.Index+1])
		return o, after, nil
	}
	statements := append([]string{"PRAGMA foreign_keys = OFF"}, d.Program.inserts(d.Before, false)...)
	for _, text := range append(statements, "PRAGMA foreign_keys = ON", "BEGIN") {
		if _, err := run.exec(text); err != nil {
			return o, nil, err
		}
	}
	run.inTx = true
	o, after = replay(run, []Statement{*d.Statement})
	return o, after, nil
}

func replay(run engine, statements []Statement) (o Outcome, after State) {
	for _, s := range statements {
		o = run.do(s)
	}
	return o, run.read()
}

// redeclared are programs with references in other orders, the program itself first. The order of tables stays.
func redeclared(p *Program) []*Program {
	out := []*Program{p}
	random := rand.New(rand.NewPCG(7, 7))
	for i := range 7 {
		q := &Program{Tables: slices.Clone(p.Tables), Statements: p.Statements}
		for j := range q.Tables {
			refs := slices.Clone(q.Tables[j].References)
			if i == 0 {
				slices.Reverse(refs)
			} else {
				random.Shuffle(len(refs), func(a, b int) { refs[a], refs[b] = refs[b], refs[a] })
			}
			q.Tables[j].References = refs
		}
		out = append(out, q)
	}
	return out
}

// Postgres is a PostgreSQL server. It belongs to one goroutine.
type Postgres struct {
	dsn    string
	schema string // that it may drop and make
	db     *pgconn.PgConn
	opened int
}

// freshEvery is how many programs a connection serves. A backend remembers every foreign key that it has met, and the
// catalog fills up with the tables that are gone: without a break a thousand programs take as long as ten thousand.
const freshEvery = 100

// NewPostgres is the server that dsn names; schema is dropped and made again for each program.
func NewPostgres(dsn, schema string) *Postgres { return &Postgres{dsn: dsn, schema: schema} }

// Close drops the schema and ends the connection.
func (s *Postgres) Close() {
	if s.db != nil {
		_, _ = s.db.Exec(background, "ROLLBACK; DROP SCHEMA IF EXISTS "+s.schema+" CASCADE").ReadAll()
		_ = s.db.Close(background)
		s.db = nil
	}
}

func (*Postgres) full() bool { return true }

func (s *Postgres) open(p *Program) (peerRun, error) {
	if s.opened%freshEvery == 0 {
		if err := s.connect(); err != nil {
			return nil, err
		}
	}
	s.opened++
	return openPostgres(s.db, s.schema, p)
}

func (s *Postgres) connect() (err error) {
	s.Close()
	if s.db, err = pgconn.Connect(background, s.dsn); err != nil {
		return err
	}
	// Several connections may make it at once.
	citext := "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citext SCHEMA public; EXCEPTION WHEN unique_violation THEN END $$"
	if _, err = s.db.Exec(background, citext).ReadAll(); err != nil {
		return err
	}
	_, err = s.db.Exec(background, "VACUUM pg_class, pg_attribute, pg_attrdef, pg_constraint, pg_depend, pg_index, pg_trigger, pg_type, pg_namespace, pg_shdepend").ReadAll()
	return err
}

func (s *postgresRun) turn(to *Program) { s.program = to }

func (s *postgresRun) close() {
	if s.inTx {
		s.abort()
	}
}

func (s *postgresRun) abort() { must(s.exec("ROLLBACK")) }

func (*Postgres) rules() []Rule { return []Rule{ruleSeveral, ruleOrder, ruleUnique, ruleMoment} }

// others tries the statement on the rows that there were before it, in several orders, and then after the whole program,
// with the rows rewritten before its transaction.
func (s *Postgres) others(d *Difference, yield func(Outcome, State) bool) {
	orders := append(redeclared(d.Program), mixed(d.Program)...)
	ways := []func(*Difference, *Program, bool) (Outcome, State, error){s.onRowsBefore, s.afterProgram}
	switch {
	case d.Program.alters() && !d.Statement.Writes(): // the tables are not the program's any more
		return
	case d.Program.alters():
		ways = ways[:1]
	case !d.Statement.Writes():
		ways = ways[1:]
	}
	for _, again := range ways {
		for _, q := range orders {
			for _, descending := range []bool{false, true} {
				o, after, err := again(d, q, descending)
				if err == nil && !yield(o, after) {
					return
				}
			}
		}
	}
}

func (s *Postgres) onRowsBefore(d *Difference, q *Program, descending bool) (o Outcome, after State, err error) {
	run, err := openPostgres(s.db, s.schema, q)
	if err != nil {
		return o, nil, err
	}
	statements := append([]string{"BEGIN", "SET LOCAL session_replication_role = replica"}, d.Program.inserts(d.Before, descending)...)
	if _, err := run.exec(append(statements, "COMMIT", "BEGIN")...); err != nil {
		run.abort()
		return o, nil, err
	}
	run.inTx = true
	o, after = replay(run, []Statement{*d.Statement})
	run.close()
	return o, after, nil
}

func (s *Postgres) afterProgram(d *Difference, q *Program, descending bool) (o Outcome, after State, err error) {
	run, err := openPostgres(s.db, s.schema, q)
	if err != nil {
		return o, nil, err
	}
	begin := d.transaction()
	replay(run, q.Statements[:begin])
	if err := run.rearrange(descending); err != nil {
		run.abort()
		return o, nil, err
	}
	o, after = replay(run, q.Statements[begin:d.Index+1])
	run.close()
	return o, after, nil
}

// transaction is where the transaction begins that the statement is in, or the statement itself.
func (d *Difference) transaction() int {
	begin := d.Index
	for i, s := range d.Program.Statements[:d.Index] {
		switch s.Op {
		case "BEGIN":
			begin = i
		case "COMMIT", "ROLLBACK":
			begin = d.Index
		}
	}
	return begin
}

// mixed are programs whose references are added in orders that go from table to table.
func mixed(p *Program) []*Program {
	var out []*Program
	random := rand.New(rand.NewPCG(8, 8))
	for range 6 {
		q := &Program{Tables: p.Tables, Statements: p.Statements}
		links := p.links()
		random.Shuffle(len(links), func(a, b int) { links[a], links[b] = links[b], links[a] })
		for _, l := range links {
			q.added = append(q.added, "ALTER TABLE "+l.child+" ADD "+reference(l.Reference))
		}
		out = append(out, q)
	}
	return out
}
