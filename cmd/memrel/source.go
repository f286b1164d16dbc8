package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc/nocobase"
	"github.com/memrel/memrel/assoc/waterline"
	"github.com/memrel/memrel/cmd/memrel/internal/datadir"
	"github.com/memrel/memrel/cmd/memrel/internal/names"
	"github.com/memrel/memrel/cmd/memrel/internal/schemafile"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// definedBy are the flags that say what defines the tables.
type definedBy struct {
	Schema      string `xor:"definitions" placeholder:"FILE" help:"The definitions of the tables; DIR/schema.json if left out."`
	Collections string `xor:"definitions" placeholder:"FILE" help:"The definitions as NocoBase's collections, in place of a schema."`
	Ontology    string `xor:"definitions" placeholder:"FILE" help:"The definitions as Waterline's models, over one or several datastores: JSON, or what was saved with them."`
}

// dataFlags are those of commands that read rows.
type dataFlags struct {
	definedBy
	Null string `placeholder:"TEXT" help:"What CSV files have for NULL, without quotes, like \\N; an empty field is then empty text."`
}

// from is a directory or a saved store, read as the flags say.
func (f dataFlags) from(dir string) source {
	return source{dir: dir, definedBy: f.definedBy, null: f.Null}
}

// source is where a command reads from: a directory of data files with its definitions, or a file that "load --save" wrote.
type source struct {
	dir string
	definedBy
	null      string     // what stands for NULL in CSV files; see [datadir.Options]
	datastore string     // of an ontology, the one that is meant; see [source.each]
	db        *memrel.DB // of a saved ontology, that datastore
}

// file is the file of the definitions.
func (s source) file() string {
	return cmp.Or(s.Ontology, s.Collections, s.Schema, filepath.Join(s.dir, datadir.SchemaFile))
}

// saved tells whether the source is a saved store.
func (s source) saved() bool { return s.db != nil || beginsWith(s.dir, "memrel ") }

// beginsWith tells whether a file begins with a text.
func beginsWith(name, text string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, len(text))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == text
}

// read reads a saved store. It has its tables, and the models of an ontology that it keeps; collections and models that are given
// bring the relations back.
func (s source) read() (*memrel.DB, error) {
	if s.db != nil {
		return s.db, nil
	}
	defs, err := s.relations()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(s.dir)
	if err != nil {
		return nil, usage{err}
	}
	defer func() { _ = f.Close() }()
	db, err := memrel.Load(f, defs...)
	if err != nil {
		return nil, usagef("%s: %s", s.dir, strings.TrimPrefix(err.Error(), "memrel: load: "))
	}
	return db, nil
}

// relations are the definitions that a store of tables does not keep.
func (s source) relations() ([]memrel.Definition, error) {
	switch {
	case s.Collections != "":
		return collections(s.Collections)
	case s.Ontology != "":
		return s.ontology()
	}
	return []memrel.Definition{waterline.Saved()}, nil
}

// schemas reads the definitions, and makes a store of them, which is empty unless it was saved.
func (s source) schemas() ([]memrel.Schema, *memrel.DB, error) {
	if s.saved() {
		db, err := s.read()
		if err != nil {
			return nil, nil, err
		}
		return named(schemasOf(db)), db, nil
	}
	defs, tables, err := s.definitions()
	if err != nil {
		return nil, nil, err
	}
	db, err := memrel.Open(defs...)
	if err != nil {
		return nil, nil, usagef("%s: %s", filepath.Base(s.file()), strings.TrimPrefix(err.Error(), "memrel: "))
	}
	schemas := named(defined(tables, db))
	if len(schemas) == 0 {
		return nil, nil, usagef("%s: it defines no table", s.file())
	}
	return schemas, db, nil
}

// definitions are what the file defines, and the tables among it that are not a model's.
func (s source) definitions() (all []memrel.Definition, tables []memrel.Schema, err error) {
	if s.Collections+s.Ontology != "" {
		all, err = s.relations()
		return all, nil, err
	}
	if info, err := os.Stat(s.dir); err == nil && !info.IsDir() && s.Schema == "" {
		return nil, nil, usagef("%s is no directory and no saved store; name the directory that it is in, %s", s.dir, filepath.Dir(s.dir))
	}
	defs, err := schemafile.Read(s.file())
	if err != nil {
		return nil, nil, usage{err}
	}
	return defs.All(), defs.Tables, nil
}

// collections reads collections from a file.
func collections(name string) (out []memrel.Definition, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, usage{err}
	}
	defer func() { _ = f.Close() }()
	list, err := nocobase.Parse(f)
	if err != nil {
		return nil, usagef("%s: %s", filepath.Base(name), strings.TrimPrefix(err.Error(), "memrel: "))
	}
	for _, c := range list {
		out = append(out, c)
	}
	return out, nil
}

// named lets every reference name the columns that it refers to.
func named(schemas []memrel.Schema) []memrel.Schema {
	keys := map[string][]string{}
	for _, s := range schemas {
		keys[s.Name] = s.PrimaryKey
	}
	for i := range schemas {
		refs := slices.Clone(schemas[i].References)
		for j := range refs {
			if len(refs[j].RefColumns) == 0 {
				refs[j].RefColumns = keys[refs[j].Table]
			}
		}
		schemas[i].References = refs
	}
	return schemas
}

// defined are the tables with every name filled in: in the order of the file, then those of the models, then junctions.
func defined(tables []memrel.Schema, db *memrel.DB) (out []memrel.Schema) {
	v := db.View()
	met := map[string]bool{}
	add := func(name string) {
		if s, ok := v.Schema(name); ok && !met[name] {
			met[name] = true
			out = append(out, s)
		}
	}
	for _, s := range tables {
		add(s.Name)
	}
	for _, m := range memrel.Associations(db).Models() {
		add(m.Table)
	}
	return out
}

func schemasOf(db *memrel.DB) []memrel.Schema {
	v := db.View()
	var schemas []memrel.Schema
	for _, name := range v.Tables() {
		schema, _ := v.Schema(name)
		schemas = append(schemas, schema)
	}
	return schemas
}

// load loads the rows too. Problems are in the report; the error is for what keeps loading from beginning.
func (s source) load(a *app, o datadir.Options) (*memrel.DB, *datadir.Report, error) {
	if s.saved() {
		return s.loadSaved()
	}
	if info, err := os.Stat(s.dir); err != nil || !info.IsDir() {
		return nil, nil, usagef("%s is not a directory; name the one that holds the data files, or a saved store", s.dir)
	}
	schemas, _, err := s.schemas()
	if err != nil {
		return nil, nil, err
	}
	bar := term.NewBar(a.stderr, "loading")
	defer bar.Done()
	o.Schemas, o.SchemaFile, o.Progress, o.Null = schemas, s.file(), bar.Set, s.null
	db, report, err := datadir.Load(s.dir, o)
	if err == nil && s.Collections+s.Ontology != "" {
		db, err = s.related(db)
	}
	if err != nil {
		return nil, nil, usage{err}
	}
	bar.Done()
	for _, note := range report.Notes {
		a.message("%s", note)
	}
	return db, report, nil
}

// related is a store of tables with the collections or models that they are the tables of, whose deletes may work in an order
// of their own.
func (s source) related(db *memrel.DB) (*memrel.DB, error) {
	defs, err := s.relations()
	if err != nil {
		return nil, err
	}
	var rows bytes.Buffer
	if err := db.View().Save(&rows); err != nil {
		return nil, err
	}
	return memrel.Load(&rows, defs...)
}

func (s source) loadSaved() (*memrel.DB, *datadir.Report, error) {
	began := time.Now()
	db, err := s.read()
	if err != nil {
		return nil, nil, err
	}
	report := &datadir.Report{Took: time.Since(began)}
	for _, schema := range schemasOf(db) {
		n, err := memrel.RowsOf(schema.Name).Count(db, memrel.Cond{})
		if err != nil {
			return nil, nil, err
		}
		report.Tables = append(report.Tables, datadir.TableReport{Name: schema.Name, File: s.dir, Rows: n})
	}
	return db, report, nil
}

// open loads for a command that needs every row: if a row is refused, the command reports that and ends.
func (s source) open(a *app) (*memrel.DB, error) {
	db, report, err := s.load(a, datadir.Options{})
	if err != nil {
		return nil, err
	}
	if len(report.Problems) > 0 {
		a.listProblems(report.Problems, maxListed)
		a.message("%s; memrel check lists all of them", term.Count(len(report.Problems), "problem"))
		return nil, errFound
	}
	return db, nil
}

// maxListed is how many problems are shown where they stop the command anyway.
const maxListed = 20

// unsound is what is wrong with definitions, though they are allowed: relations that wait, and what cannot do what it says.
func unsound(v memrel.View) (out []string) {
	for _, p := range v.Pending() {
		out = append(out, p.String())
	}
	for _, d := range v.Diagnostics() {
		out = append(out, d.String())
	}
	return out
}

// warn tells what is wrong with definitions on standard error.
func (a *app) warn(db *memrel.DB) {
	for _, text := range unsound(db.View()) {
		a.message("%s", text)
	}
}

func (a *app) listProblems(problems []*datadir.Problem, most int) {
	for i, p := range problems {
		if i == most {
			a.message("... and %s more", term.Number(len(problems)-most))
			return
		}
		a.message("%s", p.Error())
	}
}

// tableNamed is the definition of a table, by its name or, if that tells it, the name in another case.
func tableNamed(db *memrel.DB, name string) (memrel.Schema, error) {
	v := db.View()
	if s, ok := v.Schema(name); ok {
		return s, nil
	}
	found := names.FindFold(v.Tables(), name)
	switch len(found) {
	case 0:
	case 1:
		s, _ := v.Schema(found[0])
		return s, nil
	default:
		return memrel.Schema{}, usagef("there are tables %s; which one is meant?", strings.Join(found, " and "))
	}
	return memrel.Schema{}, usagef("there is no table %s; tables are %s", name, strings.Join(v.Tables(), ", "))
}

// columnNamed is a column of a table, likewise.
func columnNamed(s *memrel.Schema, name string) (*memrel.Column, error) {
	have := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		have[i] = c.Name
	}
	found := names.FindFold(have, name)
	switch len(found) {
	case 0:
		return nil, usagef("%s has no column %q; columns are %s", s.Name, name, strings.Join(have, ", "))
	case 1:
		return &s.Columns[slices.Index(have, found[0])], nil
	}
	return nil, usagef("%s has columns %s; which one is meant?", s.Name, strings.Join(found, " and "))
}

// keyOf reads a primary key from arguments, one for each of its columns.
func keyOf(s *memrel.Schema, args []string) ([]any, error) {
	if len(args) != len(s.PrimaryKey) {
		return nil, usagef("the primary key of %s is (%s): give %s, not %d", s.Name, strings.Join(s.PrimaryKey, ", "),
			term.Count(len(s.PrimaryKey), "value"), len(args))
	}
	key := make([]any, len(args))
	for i, name := range s.PrimaryKey {
		c, err := columnNamed(s, name)
		if err != nil {
			return nil, err
		}
		if key[i], err = cell(c, args[i]); err != nil {
			return nil, err
		}
	}
	return key, nil
}

// cell reads a value of a column from an argument, as from a CSV field.
func cell(c *memrel.Column, arg string) (any, error) {
	v, _, err := datadir.Cell(c, arg, false)
	var e *memrel.Error
	if errors.As(err, &e) {
		return nil, usage{fmt.Errorf("%s; %s", e.Detail, e.Hint)}
	}
	return v, err
}
