package table

import (
	"iter"
	"time"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// compileSoftDelete resolves [Schema.SoftDelete].
func (d *Def) compileSoftDelete() error {
	name := d.schema.SoftDelete
	if name == "" {
		return nil
	}
	p, ok := d.Column(name)
	if !ok {
		return d.refuse("42703", "declare the column, or correct its name; "+d.ColumnsHint(), "soft deletes name column %s, which does not exist", name)
	}
	if c := &d.Columns()[p]; c.Type != index.Time || c.NotNull || c.HasDefault() {
		return d.refuse("42P16", "make it a column of type time that may be NULL and has no default",
			"column %s of type %s cannot hold the time of a soft delete", name, c.Type)
	}
	d.SetSoftDelete(p)
	return nil
}

// SoftDelete is the [Part] that has deletes be soft ones, with the time in the column of that name; see [Schema.SoftDelete]. The
// empty one has them remove rows again: those that were soft-deleted before are rows like any other from then on.
type SoftDelete string

// PartOfTable makes the soft delete a [Part].
func (SoftDelete) PartOfTable() {}

// SoftDeleted is a record with a time in the column of soft deletes, which the table has. The error is of kind [types.ErrType].
func (d *Def) SoftDeleted(r index.Record, at time.Time) (index.Record, error) {
	v, err := d.Columns()[d.SoftDelete()].FromGo(at)
	if err != nil {
		return r, err
	}
	return d.WithCells(r, []int{d.SoftDelete()}, []index.Value{v}), nil
}

// Restored is a record without the time of its soft delete, held to the checks of the table; one that has none stays as it is.
// Errors as [Def.CheckRecord].
func (d *Def) Restored(r index.Record) (index.Record, error) {
	if !d.Gone(r) {
		return r, nil
	}
	r = d.WithCells(r, []int{d.SoftDelete()}, []index.Value{index.Null})
	return r, d.CheckRecord(r)
}

// DeletesSoftly is nil for a table with soft deletes, and else the error, of kind [types.ErrQuery], that none of its rows can be
// restored.
func (d *Def) DeletesSoftly() error {
	if d.SoftDelete() >= 0 {
		return nil
	}
	return &types.Error{Kind: types.ErrQuery, Table: d.Name(), Detail: "rows of " + d.Name() + " are not deleted softly",
		Hint: "declare SoftDelete in its schema, or tag a time softdelete"}
}

// Present is nil for a row that is there, and for one that was soft-deleted the error, of kind [types.ErrNotFound], that there is none.
func (d *Def) Present(r index.Record) error {
	if !d.Gone(r) {
		return nil
	}
	e := types.AsError(d.NoRow(d.Keys()[0].Order.Values(nil, r)))
	e.Hint = d.restoreIt(r) + " first"
	return e
}

// restoreIt is what there is to do with a row that was soft-deleted.
func (d *Def) restoreIt(r index.Record) string { return d.Label(r) + " was soft-deleted; restore it" }

// Shown tells whether a row is shown to who reads a state.
func (d *Def) Shown(r Reader, rec index.Record) bool { return !d.Gone(rec) || ShowsDeleted(r) }

// RowsShown walks the rows of a table that are shown to who reads a state, in the order of the primary key. The table must not be
// written meanwhile.
func (t *Table) RowsShown(r Reader) iter.Seq[index.Record] {
	if t.def.SoftDelete() < 0 || ShowsDeleted(r) {
		return t.Records()
	}
	return func(yield func(index.Record) bool) {
		for rec := range t.Records() {
			if !t.def.Gone(rec) && !yield(rec) {
				return
			}
		}
	}
}
