package assoc

import (
	"cmp"
	"slices"

	"github.com/memrel/memrel/table"
)

// constrain gives a reference the constraint that a database beneath has for it, if an association asks for one: by
// [Options.Constraint], or by an action on update, which nothing but a constraint carries out. Of several associations the first that says
// something decides. Where nobody asks what becomes of the referring rows on delete, the constraint alone says it.
func (to *ref) constrain(column *attr) {
	for _, c := range to.options {
		o := &c.by.Spec.Options
		if !o.constrained(c.by.Kind) {
			continue
		}
		if to.behind == nil {
			to.behind = &table.Constraint{}
			to.upd = table.Unspecified
		}
		del, upd := table.Unspecified, o.OnUpdate
		if o.Constraint {
			del, upd = constraintAction(c, column), cmp.Or(upd, cascade)
		}
		if to.behind.OnDelete.IsZero() {
			to.behind.OnDelete = cmp.Or(del, noAction)
		}
		to.upd = cmp.Or(to.upd, upd)
	}
	if to.behind != nil && to.del == noAction && !to.kept.explicit {
		to.behind.Alone, to.del = true, to.behind.OnDelete
	}
}

// passesOver tells whether a reference is to write NULL into a primary key, which an update passes over: the row stays as it is. In a
// junction that is refused.
func (to *ref) passesOver(column *attr) bool {
	return to.del == setNull && column.PrimaryKey && !slices.ContainsFunc(to.options, func(c option) bool { return c.by.Kind == BelongsToMany })
}

// constrained tells whether the options ask for a constraint of the database. An action on update asks for none on a junction.
func (o *Options) constrained(k Kind) bool {
	return o.Constraint || o.OnUpdate != table.Unspecified && k != BelongsToMany
}

// constraintAction is what a constraint does on delete, whatever the association asks for: the foreign key becomes NULL if it may, and
// else the row goes, or, where it refers by a belongsTo, stands in the way. A foreign key that is declared may only if it says so. A
// junction's takes the action that is asked for, or CASCADE.
func constraintAction(c option, column *attr) table.Action {
	switch {
	case c.by.Kind == BelongsToMany:
		return c.onDelete
	case column.made || column.null == nullable:
		return setNull
	case c.by.Kind == BelongsTo:
		return noAction
	}
	return cascade
}
