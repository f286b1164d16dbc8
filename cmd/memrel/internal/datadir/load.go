// Package datadir loads a directory of CSV and JSON files, one for each table and named after it, into a store.
//
// Tables are loaded in the order of their foreign keys, whatever the order of the files. Tables that refer to one
// another in a circle, or to themselves, are loaded together with the checks of these references put off until all their
// rows are there, so the order of rows within a file does not matter either. Everything happens in one transaction: all
// rows or, unless told to keep going, none.
//
// The first line of a CSV file names its columns, in any order; what an empty field means says [Cell]. A JSON file is an
// array of objects, or objects one after the other.
package datadir

import (
	"errors"
	"io"
	"slices"
	"time"

	"github.com/memrel/memrel"
)

// SchemaFile is the name under which a directory holds its schema.
const SchemaFile = "schema.json"

// Options say how to load.
type Options struct {
	Schemas    []memrel.Schema
	SchemaFile string // where they came from, so that it is not taken for data
	// KeepGoing loads what can be loaded. Without it, loading stops after the first table, or circle of tables, that has
	// problems, and leaves the store empty.
	KeepGoing bool
	Batch     int // rows to a statement; 0 is [DefaultBatch]
	MaxRow    int // bytes of a row in its file; 0 is [DefaultMaxRow]
	// Null is the text that stands for NULL in CSV files where it has no quotes; an empty field of a column of text is then the empty
	// text, as PostgreSQL's COPY has it. Without it an empty field is NULL, as [Cell] says.
	Null string
	// Progress is told how many bytes have been read of how many, now and then.
	Progress func(done, total int64)
}

// DefaultBatch is the number of rows inserted by one statement: enough to make its cost small, and few enough that a
// refused row costs little.
const DefaultBatch = 1000

// DefaultMaxRow is how many bytes a row may have in its file. Files are read row by row, whatever their size.
const DefaultMaxRow = 64 << 20

// Report is what came of loading.
type Report struct {
	Tables   []TableReport // in the order of loading
	Problems []*Problem    // in the order of finding, which is by table and mostly by line
	Notes    []string      // what was read as it stands, and may be meant otherwise
	Took     time.Duration
}

// TableReport is what came of one table.
type TableReport struct {
	Name    string
	File    string
	Rows    int
	Refused int
	Took    time.Duration
}

// Rows is the number of rows of all tables.
func (r *Report) Rows() (n int) {
	for _, t := range r.Tables {
		n += t.Rows
	}
	return n
}

// Load loads a directory into a new store. Refused rows and unreadable files are in the report; then the store is empty,
// unless o.KeepGoing. The error is for what keeps loading from beginning: a directory that cannot be read, definitions
// that do not fit together.
func Load(dir string, o Options) (*memrel.DB, *Report, error) {
	began := time.Now()
	l, err := newLoader(dir, o)
	if err != nil {
		return nil, nil, err
	}
	err = l.db.Update(func(tx *memrel.Tx) error {
		l.tx = tx
		return l.load()
	})
	if err != nil && !errors.Is(err, errStopped) {
		return nil, nil, err
	}
	l.report.Took = time.Since(began)
	return l.db, &l.report, nil
}

// errStopped rolls back what was loaded when there are problems.
var errStopped = errors.New("stopped")

// maxProblems is how many problems are collected where they stop the loading anyway.
const maxProblems = 1000

type loader struct {
	Options
	db      *memrel.DB
	tx      *memrel.Tx
	schemas map[string]*memrel.Schema // as the store has them, but for what newLoader says
	asked   map[string]memrel.Schema  // as they shall be
	groups  []group
	files   map[string]file
	report  Report
	done    int64 // bytes of the files that are read
	total   int64
}

// newLoader defines the tables. While they are loaded, references inside a circle of tables can be deferred, and no other
// can, so that deferring all is deferring these.
func newLoader(dir string, o Options) (*loader, error) {
	l := &loader{Options: o, schemas: map[string]*memrel.Schema{}, asked: map[string]memrel.Schema{}, groups: order(o.Schemas)}
	if l.Batch <= 0 {
		l.Batch = DefaultBatch
	}
	if l.MaxRow <= 0 {
		l.MaxRow = DefaultMaxRow
	}
	asked, err := Define(o.Schemas)
	if err != nil {
		return nil, err
	}
	var defs []memrel.Definition
	for _, s := range o.Schemas {
		full, _ := asked.View().Schema(s.Name)
		l.asked[s.Name] = full
		defs = append(defs, l.deferrable(full))
	}
	if l.db, err = memrel.Open(defs...); err != nil {
		return nil, err
	}
	for _, s := range o.Schemas {
		full, _ := l.db.View().Schema(s.Name)
		l.schemas[s.Name] = &full
	}
	l.files, l.report.Problems, err = findFiles(dir, o.SchemaFile, o.Schemas)
	for _, f := range l.files {
		l.total += f.size
	}
	return l, err
}

// Define makes an empty store of the tables, which fills in every name that their schemas leave out.
func Define(schemas []memrel.Schema) (*memrel.DB, error) {
	defs := make([]memrel.Definition, len(schemas))
	for i, s := range schemas {
		defs[i] = s
	}
	return memrel.Open(defs...)
}

func (l *loader) deferrable(s memrel.Schema) memrel.Schema {
	s.References = slices.Clone(s.References)
	for i := range s.References {
		r := &s.References[i]
		r.Deferrable = !r.Unchecked && slices.ContainsFunc(l.groups, func(g group) bool {
			return slices.Contains(g.tables, s.Name) && slices.Contains(g.tables, r.Table)
		})
		r.InitiallyDeferred = false
	}
	return s
}

// restore gives the references back what deferrable took.
func (l *loader) restore() error {
	for _, g := range l.groups {
		for _, name := range g.tables {
			asked := l.asked[name]
			same := func(a, b memrel.Reference) bool {
				return a.Deferrable == b.Deferrable && a.InitiallyDeferred == b.InitiallyDeferred
			}
			if slices.EqualFunc(asked.References, l.schemas[name].References, same) {
				continue
			}
			var parts []memrel.Part
			for _, r := range asked.References {
				parts = append(parts, memrel.DropConstraint(r.Name))
			}
			for _, r := range asked.References {
				parts = append(parts, r)
			}
			if err := l.tx.Alter(name, parts...); err != nil {
				return err
			}
		}
	}
	return nil
}

// load loads one group after the other.
func (l *loader) load() error {
	if l.stop() {
		return errStopped
	}
	for _, g := range l.groups {
		if err := l.loadGroup(g); err != nil {
			return err
		}
		if l.stop() {
			return errStopped
		}
	}
	return l.restore()
}

// stop tells whether there is a reason to load no more.
func (l *loader) stop() bool { return !l.KeepGoing && len(l.report.Problems) > 0 }

// loadGroup loads the tables of a group, and takes out again what refers to nothing.
func (l *loader) loadGroup(g group) error {
	if g.cyclic {
		if err := l.tx.Savepoint("group"); err != nil {
			return err
		}
		if err := l.tx.Defer(); err != nil {
			return err
		}
	}
	tables := make([]*loaded, len(g.tables))
	for i, name := range g.tables {
		began := time.Now()
		tables[i] = &loaded{schema: l.schemas[name], file: l.files[name], keep: g.cyclic}
		if err := l.loadTable(tables[i]); err != nil {
			return err
		}
		tables[i].took = time.Since(began)
	}
	if g.cyclic && !l.stop() {
		if err := l.closeCircle(tables); err != nil {
			return err
		}
	}
	for _, t := range tables {
		l.report.Tables = append(l.report.Tables, TableReport{Name: t.schema.Name, File: t.file.name, Rows: t.rows, Refused: t.refused, Took: t.took})
	}
	return nil
}

// loaded is a table while its group is loaded.
type loaded struct {
	schema  *memrel.Schema
	file    file
	rows    int
	refused int
	took    time.Duration
	keep    bool         // whether the rows are needed again
	stored  []memrel.Row // the rows as they stand in the store
	lines   []int        // and their lines
}

// loadTable inserts the rows of a file, a batch at a time.
func (l *loader) loadTable(t *loaded) error {
	if t.file.name == "" {
		return nil // reported with the files
	}
	defer func() { l.done += t.file.size }()
	r, err := open(t.file, t.schema, l.Options)
	if err != nil {
		return l.problem(t, err)
	}
	defer r.close()
	defer func() { l.report.Notes = append(l.report.Notes, r.notes()...) }()
	batch := make([]row, 0, min(l.Batch, 100_000))
	for !l.full() {
		next, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if fatal := l.problem(t, err); fatal != nil {
				return fatal
			}
			var p *Problem
			if errors.As(err, &p) && p.Table == "" {
				break
			}
			continue
		}
		if batch = append(batch, next); len(batch) == l.Batch {
			if err := l.insert(t, batch); err != nil {
				return err
			}
			batch = batch[:0]
			l.progress(r.offset())
		}
	}
	return l.insert(t, batch)
}

// full tells whether enough problems have been found to stop looking for more.
func (l *loader) full() bool { return !l.KeepGoing && len(l.report.Problems) >= maxProblems }

func (l *loader) progress(read int64) {
	if l.Progress != nil {
		l.Progress(l.done+read, l.total)
	}
}

// problem notes a problem; an error of any other kind is handed back.
func (l *loader) problem(t *loaded, err error) error {
	var p *Problem
	if !errors.As(err, &p) {
		return err
	}
	if p.Table != "" {
		t.refused++
	}
	l.report.Problems = append(l.report.Problems, p)
	return nil
}

// insert inserts rows in one statement. If the store refuses one, that is reported, and those before and behind it are
// inserted by statements of their own. Those behind it are cut in halves, so that n rows of which each is refused cost
// n log n, and few refused rows cost little.
func (l *loader) insert(t *loaded, rows []row) error {
	if len(rows) == 0 || l.full() {
		return nil
	}
	values := make([]memrel.Values, len(rows))
	for i := range rows {
		values[i] = rows[i].values
	}
	stored, err := memrel.RowsOf(t.schema.Name).InsertAll(l.tx, values)
	if err == nil {
		t.rows += len(stored)
		t.remember(stored, rows)
		return nil
	}
	var e *memrel.Error
	if !errors.As(err, &e) {
		return err
	}
	at := max(e.Input, 1) - 1
	if err := l.insert(t, rows[:at]); err != nil {
		return err
	}
	if err := l.problem(t, refused(t.file.name, rows[at].line, t.schema, err, "")); err != nil {
		return err
	}
	rest := rows[at+1:]
	if err := l.insert(t, rest[:len(rest)/2]); err != nil {
		return err
	}
	return l.insert(t, rest[len(rest)/2:])
}

// remember keeps rows of a circle, which are looked at again when the circle is closed.
func (t *loaded) remember(stored []memrel.Row, rows []row) {
	if !t.keep {
		return
	}
	t.stored = append(t.stored, stored...)
	for _, r := range rows {
		t.lines = append(t.lines, r.line)
	}
}
