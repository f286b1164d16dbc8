package memrel

import (
	"errors"
	"io"
	"slices"

	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Save writes the view, definitions and rows, for [Load] to read. Functions (defaults, checks) are not written. Equal
// views give equal bytes. Errors are w's. O(rows).
func (v View) Save(w io.Writer) error { return v.at().Write(w) }

// Load makes a store of what [View.Save] wrote. Tables are defined as they were saved, unless defs define them: that is
// how functions, typed tables and models come back; such a table must have the saved columns, by name and type, in the
// saved order. Every row is held to every rule again, so a file that was tampered with gives no store that is not sound.
// Errors are of kind [ErrFile] for what is no file or is damaged, [ErrDefinition], and those that the rows violate.
// O(rows x keys x log n).
func Load(r io.Reader, defs ...Definition) (*DB, error) {
	file, err := snapshot.ReadFile(r)
	if err != nil {
		return nil, badFile(err)
	}
	db := newDB(newStore())
	err = db.Update(func(tx *Tx) error {
		if err := tx.Define(defs...); err != nil {
			return err
		}
		var rest []Definition
		for _, s := range file.Schemas() {
			if tx.draft.Table(s.Name) == nil {
				rest = append(rest, s)
			}
		}
		if err := tx.Define(rest...); err != nil {
			return err
		}
		return tx.load(file)
	})
	if err != nil {
		return nil, err
	}
	return db, nil
}

func badFile(err error) error {
	return &Error{Kind: ErrFile, Op: "load", Detail: "the file cannot be read", Cause: err, Hint: "load what View.Save wrote"}
}

// load reads the rows of a file into its tables.
func (tx *Tx) load(file *snapshot.File) error {
	tables := map[string]*table.Table{}
	for _, s := range file.Schemas() {
		def := tx.draft.Table(s.Name).Def()
		if err := sameColumns(s, def); err != nil {
			return err
		}
		t, err := file.Table(def)
		var e *Error
		switch {
		case errors.As(err, &e):
			return attempted("load", s.Name, err)
		case err != nil:
			return badFile(err)
		}
		tables[s.Name] = t
	}
	tx.draft.Redefine(tx.draft.Definitions(), tables)
	for _, ref := range tx.graph().Refs() {
		if err := tx.graph().CheckRef(tx.draft, ref, tx.draft.Table(ref.Child).Records()); err != nil {
			return attempted("load", ref.Child, err)
		}
	}
	return nil
}

func sameColumns(saved Schema, def *table.Def) error {
	if slices.EqualFunc(saved.Columns, def.Columns(), func(a, b Column) bool { return a.Name == b.Name && a.Type == b.Type }) {
		return nil
	}
	return types.Refused(saved.Name, "42P16", "load without that definition, then alter the table",
		"the file's table %s has other columns than the definition given", saved.Name)
}
