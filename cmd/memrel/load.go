package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/datadir"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

type loadCommand struct {
	Dir string `arg:"" optional:"" help:"Directory with one CSV or JSON file for each table, named after it; none is needed with --collections or --ontology."`
	dataFlags
	KeepGoing bool       `help:"Load what can be loaded and report the rest; without it, all rows or none."`
	Save      outputFile `placeholder:"FILE" help:"Write what was loaded to a file, which every command reads in place of a directory."`
	Batch     int        `default:"1000" placeholder:"N" help:"Rows inserted by one statement (${default})."`
}

// Help is the long help.
func (*loadCommand) Help() string {
	return `Loads every table, in the order of its foreign keys, into memory: a check of whole data sets, and a measure of speed. Rows may
refer to rows further down in their file, and tables to one another in circles.

A CSV file begins with the names of its columns. An empty field is NULL where the column allows that; "" in quotes is the
empty text. Where the column does not allow NULL, an empty field is its default, or the empty text. With --null '\N', as MySQL writes
NULL, or --null NULL, a field of that text without quotes is NULL, and an empty one the empty text; without it such fields are text. A JSON file is an array of
objects or has one object on each line. In a CSV file of one column an empty line is a row, as PostgreSQL writes it.

Times, booleans and UUIDs are read in the forms that databases and spreadsheets export: 2024-05-01 10:00:00+02, t or 1,
{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}. A list is a JSON array, or {a,"b c",NULL} as PostgreSQL writes it. A time without an offset is in UTC. What stands between quotes is kept to the byte.

The schema is a JSON object with a table under each name, with the types of SQL, ENUM('a', 'b') and TEXT[] among them, or what
"memrel schema" prints, or {"models": [...], "associations": [...]} in Sequelize's words. In the first of these a default in JSON quotes
is read as databases tell it: 'a' and 'a'::text are the text in single quotes, NULL is no default, CURRENT_TIMESTAMP the time of the
insert, nextval(...) numbers the rows, another expression is refused, and other text is the value as it stands, {} in a JSON column
an object. In the other two a text is the value, whatever it looks like.

Collections are a JSON object, a list of them, or {"collections": [...]}, in any order. Without a directory they are only defined,
and what came of their fields is printed. A relation that waits for its target, and fields that ask for different actions on one
foreign key, are told on standard error. A saved store has tables alone; --collections brings their relations back.

An ontology is models in Waterline's words, over one or several datastores: {"user": {"datastore": "left", "attributes": {...}}, ...}. The
rows of a datastore are in a folder of its name below the directory; --save makes a directory with a file for each. The files keep
the models: the directory, each of them, and a file that Ontology.Save wrote, are read in place of a directory without --ontology, and
FILE may be one of them. Without a directory what came of the models is printed.

--save writes the file whole or not at all, and never onto one of the files that were read. It follows links, keeps the mode of a file that is there, and writes to devices.

Exit code 1 if a row was refused: with --keep-going the others are loaded, without it none.

Examples:

    memrel load ./chinook
    memrel load ./data --schema schema.json --keep-going
    memrel load ./chinook --save chinook.memrel && memrel check chinook.memrel
    memrel load --collections collections.json
    memrel load ./data --collections collections.json
    memrel load --ontology models.json`
}

// Run loads.
func (c *loadCommand) Run(a *app) error {
	if c.Batch < 1 {
		return usagef("--batch %d: a statement inserts at least one row", c.Batch)
	}
	if c.Dir == "" {
		return c.define(a)
	}
	return c.loadEach(a)
}

// loadedStore is a store that was loaded.
type loadedStore struct {
	db     *memrel.DB
	report *datadir.Report
	title  string // its datastore's name, where there are several
	file   string // what it is saved to; empty: nothing
}

// loadEach loads every datastore of an ontology, and what is no ontology as one. Nothing is saved before all of them are loaded.
func (c *loadCommand) loadEach(a *app) error {
	all, o, err := c.from(c.Dir).each()
	if err != nil {
		return err
	}
	a.told(o)
	stores, read := make([]loadedStore, len(all)), []string{}
	for i, in := range all {
		l := &stores[i]
		if l.db, l.report, err = in.load(a, datadir.Options{KeepGoing: c.KeepGoing, Batch: c.Batch}); err != nil {
			return err
		}
		a.warn(l.db)
		read = append(read, in.file())
		for _, t := range l.report.Tables {
			read = append(read, filepath.Join(in.dir, t.File))
		}
		l.file = string(c.Save)
		if len(all) > 1 {
			l.title = in.datastore
			if c.Save != "" {
				l.file = filepath.Join(string(c.Save), in.datastore+savedAs)
			}
		}
	}
	if err := c.refused(a, stores); err != nil {
		return err
	}
	for _, l := range stores {
		if input := overwritten(l.file, read); input != "" {
			return usagef("--save %s would replace %s, which was read; name another file", l.file, input)
		}
	}
	return c.finish(a, stores)
}

// refused lists the problems of what was to be loaded whole.
func (c *loadCommand) refused(a *app, stores []loadedStore) error {
	n := 0
	for _, l := range stores {
		n += len(l.report.Problems)
	}
	if n == 0 || c.KeepGoing {
		return nil
	}
	for _, l := range stores {
		a.listProblems(l.report.Problems, maxListed)
	}
	a.message("%s, nothing loaded; --keep-going loads the rest", term.Count(n, "problem"))
	return errFound
}

// finish reports what was loaded, and saves it.
func (c *loadCommand) finish(a *app, stores []loadedStore) error {
	var problems []*datadir.Problem
	for _, l := range stores {
		if l.title != "" {
			_, _ = fmt.Fprintf(a.out, "%s\n", a.style.Bold(term.Safe(l.title)))
		}
		if err := a.loaded(l.report); err != nil {
			return err
		}
		problems = append(problems, l.report.Problems...)
		if err := c.keep(a, l); err != nil {
			return usage{err}
		}
	}
	if len(problems) == 0 {
		return nil
	}
	if err := a.out.Flush(); err != nil {
		return err
	}
	a.listProblems(problems, len(problems))
	a.message("%s; everything else is loaded", term.Count(len(problems), "problem"))
	return errFound
}

// keep saves a store, if that is asked for, and tells of what no file holds.
func (c *loadCommand) keep(a *app, l loadedStore) error {
	if l.file == "" {
		return nil
	}
	if l.title != "" {
		if err := os.MkdirAll(string(c.Save), 0o777); err != nil {
			return err
		}
	}
	a.functions(tablesAlone(l.db), "a saved store")
	return save(l.db, l.file)
}

// tablesAlone are the tables that no model has, whose times its definition sets again.
func tablesAlone(db *memrel.DB) []memrel.Schema {
	v := db.View()
	return slices.DeleteFunc(schemasOf(db), func(s memrel.Schema) bool {
		_, has := v.Model(s.Name)
		return has
	})
}

// loaded writes what was loaded, a line for each table.
func (a *app) loaded(r *datadir.Report) error {
	t := term.Table{Header: []string{"table", "rows", "refused", "time", "rows/s"}, Right: []bool{false, true, true, true, true}}
	refused := 0
	for _, x := range r.Tables {
		refused += x.Refused
		t.Add(term.Safe(x.Name), term.Number(x.Rows), term.Number(x.Refused), term.Duration(x.Took), rate(x.Rows, x.Took))
	}
	t.Add(term.Count(len(r.Tables), "table"), term.Number(r.Rows()), term.Number(refused), term.Duration(r.Took), rate(r.Rows(), r.Took))
	return t.Write(a.out, "", a.style)
}

func rate(n int, d time.Duration) string {
	if n == 0 || d <= 0 {
		return "-"
	}
	return term.Number(int(float64(n) / d.Seconds()))
}

type checkCommand struct {
	Dir string `arg:"" help:"Directory with the data files, or a saved store."`
	dataFlags
}

// Help is the long help.
func (*checkCommand) Help() string {
	return `Loads all it can and lists, on standard output, every row that is refused, every definition that cannot do what it says, and
whatever the store's own check of its keys and references finds.

Exit code 0 if there is nothing, 1 otherwise.

Examples:

    memrel check ./chinook
    memrel check ./chinook --schema chinook.json > problems.txt`
}

// Run checks.
func (c *checkCommand) Run(a *app) error {
	all, o, err := c.from(c.Dir).each()
	if err != nil {
		return err
	}
	a.told(o)
	found, stores := 0, []*memrel.DB(nil)
	for _, src := range all {
		db, n, err := c.check(a, src)
		if err != nil {
			return err
		}
		stores = append(stores, db)
		found += n
	}
	switch {
	case o != nil && len(all) < len(o.Datastores()):
		a.message("keys across datastores are not checked: %s has %s of %s", c.Dir, term.Number(len(all)), term.Count(len(o.Datastores()), "datastore"))
	case o != nil:
		n, err := a.checkAcross(stores)
		if err != nil {
			return err
		}
		found += n
	}
	if found > 0 {
		return errFound
	}
	return nil
}

// check lists what is wrong in one store, and how much that is.
func (c *checkCommand) check(a *app, src source) (db *memrel.DB, found int, err error) {
	db, report, err := src.load(a, datadir.Options{KeepGoing: true})
	if err != nil {
		return nil, 0, err
	}
	note := func(text string) {
		found++
		_, _ = fmt.Fprintln(a.out, term.Safe(text))
	}
	for _, p := range report.Problems {
		note(p.Error())
	}
	v := db.View()
	for _, text := range unsound(v) {
		note(text)
	}
	for err := range v.Check() {
		note(err.Error())
	}
	references := 0
	for _, name := range v.Tables() {
		s, _ := v.Schema(name)
		references += len(s.References)
	}
	looked := fmt.Sprintf("%s, %s, %s", term.Count(len(v.Tables()), "table"), term.Count(report.Rows(), "row"), term.Count(references, "foreign key"))
	if found == 0 {
		_, _ = fmt.Fprintf(a.out, "%s: %s\n", looked, a.style.Green("nothing found"))
		return db, 0, nil
	}
	_, _ = fmt.Fprintf(a.out, "%s: %s\n", looked, a.style.Red(term.Count(found, "problem")))
	return db, found, nil
}
