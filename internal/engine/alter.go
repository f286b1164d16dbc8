package engine

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Alter adds parts to a table, changes it or removes what it has. Parts are carried out together but for renames, each of which comes
// after those before it. Existing rows are held to the new definition: a violation refuses the change, all of it, and names the rows.
// Errors are of kind [types.ErrDefinition], or those that the rows violate.
func (tx *Tx) Alter(name string, parts ...table.Part) (err error) {
	if err := tx.refuses("alter"); err != nil {
		return err
	}
	tx.underWay = "alter"
	defer tx.endStatement(&err)
	start := tx.mark("")
	for name = tx.tableName(name); ; {
		n := together(parts)
		now, err := tx.alter(name, parts[:n])
		if err != nil {
			tx.restore(start)
			return err
		}
		if name, parts = now, parts[n:]; len(parts) == 0 {
			return nil
		}
	}
}

// together tells how many of the parts that are left are carried out together.
func together(parts []table.Part) int {
	at := slices.IndexFunc(parts, isRename)
	if at < 0 {
		return len(parts)
	}
	return max(at, 1)
}

func isRename(p table.Part) bool {
	_, is := p.(table.Rename)
	return is
}

// alter carries out parts together, and tells the table's name after that. A table that has associations is changed by an amendment, since
// these are resolved anew.
func (tx *Tx) alter(name string, parts []table.Part) (now string, err error) {
	if slices.ContainsFunc(parts, changes) {
		if err := tx.nothingWaits(name); err != nil {
			return name, err
		}
	}
	b := tx.batch()
	if tx.associations().Table(name) != nil && !slices.ContainsFunc(parts, isRename) {
		err = amend(b, name, parts)
	} else {
		name, err = tx.enter(b, name, parts)
	}
	if err != nil {
		return name, err
	}
	return name, tx.redefine(b, nil)
}

func amend(b *table.Batch, name string, parts []table.Part) error {
	if s, ok := b.Peek(name); ok {
		if err := s.CheckAdded(parts...); err != nil {
			return err
		}
	}
	return assoc.Amendment{Table: name, Parts: parts}.Define(b)
}

// enter enters parts of a table into a batch.
func (tx *Tx) enter(b *table.Batch, name string, parts []table.Part) (now string, err error) {
	if _, err := b.Schema(name); err != nil {
		return name, err
	}
	for _, p := range parts {
		if c, is := p.(table.DropColumnCascade); is {
			if err := tx.freeOfAssociations(name, string(c)); err != nil {
				return name, err
			}
		}
		if name, err = b.Alter(name, p); err != nil {
			return name, err
		}
	}
	return name, nil
}

// freeOfAssociations refuses to drop a column of a table without associations that one with them refers to: what these say stays.
func (tx *Tx) freeOfAssociations(name, column string) error {
	for _, r := range tx.graph().Into(name) {
		if slices.Contains(r.RefColumns, column) && tx.associations().Table(r.Child) != nil {
			return types.Refused(name, "2BP01", "drop that first", "foreign key %s of %s, which has associations, refers to column %s", r.Name, r.Child, column)
		}
	}
	return nil
}

// changes tells whether a part changes what a check that waits is about.
func changes(p table.Part) bool {
	switch p.(type) {
	case table.Rename, table.ChangeColumn, table.PrimaryKey, table.ColumnOrder, table.DropColumnCascade:
		return true
	}
	return false
}

// nothingWaits refuses to change a table while checks of its rows, or of rows that refer to them, wait for the commit, as PostgreSQL does.
func (tx *Tx) nothingWaits(name string) error {
	at := slices.IndexFunc(tx.pending, func(p cascade.Deferred) bool {
		ref := tx.graph().Ref(p.Child, p.Ref)
		return p.Child == name || ref != nil && ref.Table == name
	})
	if at < 0 {
		return nil
	}
	return &types.Error{Kind: types.ErrDefinition, Op: "alter", Table: name, State: "55006", Constraint: tx.pending[at].Ref,
		Detail: fmt.Sprintf("checks of %s wait for the commit", tx.pending[at].Ref), Hint: "make them first, with Immediate, or commit"}
}
