package engine

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Load makes s a store of a file. Tables are defined as they were saved, unless defs define them; such a table must have the saved
// columns, by name and type, in the saved order. Every row is held to every rule again. Errors are of kind [types.ErrFile] for
// what is no file or is damaged, [types.ErrDefinition], those that the rows violate, and [types.ErrLimit] if ctx, which may be nil, is
// done before. O(rows x keys x log n).
func (s *Store) Load(ctx context.Context, r io.Reader, defs ...table.Definition) error {
	if r == nil {
		return badFile(errors.New("the reader is nil"))
	}
	file, err := snapshot.ReadFile(r)
	if err != nil {
		return badFile(err)
	}
	s.Init()
	s.SetLimits(Limits{Context: ctx})
	defer s.SetLimits(Limits{})
	var tx Tx
	if err := s.beginFor("load", &tx, nil); err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.defineSaved(file, defs); err != nil {
		return err
	}
	if err := tx.load(file); err != nil {
		return err
	}
	if id, ok := file.Number(); ok {
		tx.draft.Renumber(id)
		tx.draft.KeepNumber()
	}
	return tx.Commit()
}

// defineSaved defines what the file keeps for front ends, what is given, and the tables that are saved and not given.
func (tx *Tx) defineSaved(file *snapshot.File, given []table.Definition) error {
	defs := make([]table.Definition, 0, len(given)+len(file.Forms()))
	for _, f := range file.Forms() {
		defs = append(defs, f)
	}
	for _, d := range given {
		form, ok := d.(table.Form)
		if !ok || form.Read == nil {
			defs = append(defs, d)
			continue
		}
		read, err := form.ReadFrom(file.Forms())
		if err != nil {
			return err
		}
		defs = append(defs, read...)
	}
	if err := tx.Define(defs...); err != nil {
		return err
	}
	var rest []table.Definition
	for _, s := range file.Schemas() {
		if tx.draft.Table(s.Name) == nil {
			s.Numbering = cmp.Or(s.Numbering, table.TakeBackNumbers) // whatever tables do that are to come
			rest = append(rest, s)
		}
	}
	return tx.Define(rest...)
}

func badFile(err error) error {
	return &types.Error{Kind: types.ErrFile, Op: "load", Detail: "the file cannot be read", Cause: err, Hint: "load what View.Save wrote"}
}

// load reads the rows of a file into its tables.
func (tx *Tx) load(file *snapshot.File) error {
	tx.watch()
	tables := map[string]*table.Table{}
	for _, s := range file.Schemas() {
		def := tx.draft.Table(s.Name).Def()
		if err := sameColumns(s, def); err != nil {
			return err
		}
		t, err := file.Table(def, tx.interrupt)
		var e *types.Error
		switch {
		case errors.As(err, &e):
			return Attempted("load", s.Name, err)
		case err != nil:
			return badFile(err)
		}
		tables[s.Name] = t
	}
	if err := file.End(); err != nil {
		return badFile(err)
	}
	tx.draft.Redefine(tx.draft.Definitions(), tables)
	for _, ref := range tx.graph().Refs() {
		if err := tx.graph().CheckRef(tx.reading(), ref, tx.draft.Table(ref.Child).Records()); err != nil {
			return Attempted("load", ref.Child, err)
		}
	}
	return nil
}

func sameColumns(saved table.Schema, def *table.Def) error {
	if slices.EqualFunc(saved.Columns, def.Columns(), func(a, b types.Column) bool { return a.Name == b.Name && b.Holds(&a) }) {
		return nil
	}
	return types.Refused(saved.Name, "42P16", "load without that definition, then alter the table",
		"the file's table %s has other columns than the definition given", saved.Name)
}
