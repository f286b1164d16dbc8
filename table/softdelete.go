package table

import (
	"time"

	"github.com/memrel/memrel/index"
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
	if c := &d.Columns()[p]; c.Type != index.Time || c.NotNull || c.Default != nil || c.DefaultFunc != nil {
		return d.refuse("42P16", "make it a column of type time that may be NULL and has no default",
			"column %s of type %s cannot hold the time of a soft delete", name, c.Type)
	}
	d.SetSoftDelete(p)
	return nil
}

// SoftDeleted is a record with a time in the column of soft deletes, which the table has. The error is of kind [types.ErrType].
func (d *Def) SoftDeleted(r index.Record, at time.Time) (index.Record, error) {
	v, err := d.Columns()[d.SoftDelete()].FromGo(at)
	if err != nil {
		return r, err
	}
	return d.WithCells(r, []int{d.SoftDelete()}, []index.Value{v}), nil
}
