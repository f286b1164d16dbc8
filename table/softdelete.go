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
	p, ok := d.pos[name]
	if !ok {
		return d.refuse("42703", "declare the column, or correct its name; "+d.columnsHint(), "soft deletes name column %s, which does not exist", name)
	}
	if c := &d.schema.Columns[p]; c.Type != index.Time || c.NotNull || c.Default != nil || c.DefaultFunc != nil {
		return d.refuse("42P16", "make it a column of type time that may be NULL and has no default",
			"column %s of type %s cannot hold the time of a soft delete", name, c.Type)
	}
	d.soft = p
	return nil
}

// SoftDelete is the position of the column that [Schema.SoftDelete] names, -1 if none.
func (d *Def) SoftDelete() int { return d.soft }

// Gone tells whether a record is a soft-deleted row.
func (d *Def) Gone(r index.Record) bool { return d.soft >= 0 && !r.At(d.soft).IsNull() }

// SoftDeleted is a record with a time in the column of soft deletes, which the table has. The error is of kind [ErrType].
func (d *Def) SoftDeleted(r index.Record, at time.Time) (index.Record, error) {
	v, err := d.schema.Columns[d.soft].FromGo(at)
	if err != nil {
		return r, err
	}
	return d.Rewrite(r, []int{d.soft}, []index.Value{v}), nil
}

// present leaves soft-deleted rows out of a condition.
func (d *Def) present(where Cond) Cond {
	if d.soft < 0 {
		return where
	}
	return And(where, IsNull(d.schema.Columns[d.soft].Name))
}
