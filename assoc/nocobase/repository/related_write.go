package repository

import (
	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// writing opens the relation in a transaction. Its source must be there, and a list of keys has no rows of its own to write.
func (r Related) writing(op string, w memrel.Writer, do func(o opened) error) error {
	return writing(op, w, func(s *session) error {
		o, err := r.needed(s)
		if err != nil {
			return err
		}
		return do(o)
	})
}

// unlisted refuses a list of keys, whose rows are linked by writing the column.
func (at *opened) unlisted() error {
	if at.list == nil {
		return nil
	}
	return &memrel.Error{Kind: memrel.ErrUnknownMethod, Op: at.from.s.op, Table: at.from.table, Detail: at.as + " is a list of keys of its own row",
		Hint: "write the values of " + at.as + ", or " + at.list.ForeignKey + ", by an update"}
}

// Create inserts a row that the relation then leads to, with what is nested in its values, as [Repository.Create]. Values for its link
// stand under the name of the junction. Errors as there, and [memrel.ErrNotFound] if the source is not there.
func (r Related) Create(w memrel.Writer, values memrel.Values, o Write) (made Record, err error) {
	err = r.writing("create", w, func(at opened) error {
		i, err := at.create(values, &o)
		made = at.target.whole(i)
		return err
	})
	return given(made, err)
}

// CreateMany is [Related.Create] of several rows, all or none.
func (r Related) CreateMany(w memrel.Writer, records []memrel.Values, o Write) (made []Record, err error) {
	err = r.writing("create", w, func(at opened) error {
		var rows []memrel.Instance
		for _, values := range records {
			i, err := at.create(values, &o)
			if err != nil {
				return err
			}
			rows = append(rows, i)
		}
		made = at.target.wholes(rows)
		return nil
	})
	return given(made, err)
}

func (at *opened) create(values map[string]any, o *Write) (i memrel.Instance, err error) {
	if err := at.unlisted(); err != nil {
		return i, err
	}
	taken := values
	if at.a.Kind != assoc.BelongsToMany {
		if taken, err = o.guarded(at.target, false).take(at.target, values); err != nil {
			return i, err
		}
	}
	through, err := at.from.through(at.a, values)
	if err != nil {
		return i, err
	}
	own := at.target.ownOf(at.a, taken)
	if err := at.target.keys(values, own); err != nil {
		return i, err
	}
	if i, err = at.source.Create(at.target.s.tx, at.as, own, through); err != nil {
		return i, err
	}
	return at.target.link(i, values, o.nesting())
}

// Update changes the rows that the relation leads to and that are asked for, as [Repository.Update], and returns them. Values under the
// name of the junction are written into the links, where the target has the other side of the relation. A relation to one that leads to no
// row is refused. Errors as there.
func (r Related) Update(w memrel.Writer, by Find, values memrel.Values, o Write) (changed []Record, err error) {
	err = writing("update", w, func(s *session) error {
		at, err := r.open(s)
		switch {
		case err != nil:
			return err
		case !at.found && !at.many():
			return at.target.refused("create it first", "The record does not exist")
		}
		rows, err := at.update(by, values, &o)
		changed = at.target.wholes(rows)
		return err
	})
	return given(changed, err)
}

func (at *opened) update(by Find, values map[string]any, o *Write) ([]memrel.Instance, error) {
	n := o.nesting()
	if at.many() {
		n.source = at.source
	} else {
		by = Find{}
	}
	taken, err := o.guarded(at.target, false).take(at.target, values)
	if err != nil {
		return nil, err
	}
	rows, err := at.instances(by)
	if err != nil {
		return nil, err
	}
	if !at.many() && len(rows) == 0 {
		return nil, at.target.refused("create it first", "The record does not exist")
	}
	return at.target.updateAll(rows, values, taken, n)
}

// FirstOrCreate is [Repository.FirstOrCreate] among the rows that the relation leads to; a new one is made as by [Related.Create].
func (r Related) FirstOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = r.writing("find or create", w, func(at opened) error {
		rows, err := at.instances(Find{Filter: filterOf(keys, values), Limit: 1})
		switch {
		case err != nil:
			return err
		case len(rows) > 0:
			row = at.target.whole(rows[0])
			return nil
		}
		i, err := at.create(values, &o)
		row, created = at.target.whole(i), true
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// UpdateOrCreate is [Related.FirstOrCreate] that changes the row to the values if there is one.
func (r Related) UpdateOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = r.writing("update or create", w, func(at opened) error {
		rows, err := at.instances(Find{Filter: filterOf(keys, values), Limit: 1})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			i, err := at.create(values, &o)
			row, created = at.target.whole(i), true
			return err
		}
		rows, err = at.update(Find{FilterByTk: rows[0].Value(at.target.key())}, values, &o)
		if len(rows) > 0 {
			row = at.target.whole(rows[0])
		}
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// Destroy deletes the rows that the relation leads to and that are asked for, all if nothing is; of a belongsToMany their links first, and
// rows that are named by keys alone whether they are linked or not. Errors as [memrel.Handle.Delete], and [memrel.ErrNotFound] if
// there is no source, or no row where the relation leads to one. Of a belongsToMany rows that are named or filtered need no source.
func (r Related) Destroy(w memrel.Writer, by Find) error {
	return writing("destroy", w, func(s *session) error {
		at, err := r.open(s)
		if err == nil {
			err = at.unlisted()
		}
		switch {
		case err != nil:
			return err
		case !at.found && (at.a.Kind != assoc.BelongsToMany || by.Filter == nil && !truthy(by.FilterByTk)):
			return r.missing(&at)
		case !at.many():
			return at.destroyOne()
		}
		rows, err := at.toDestroy(by) // none is told of as well
		if err != nil {
			return err
		}
		if at.a.Kind == assoc.BelongsToMany {
			if err := at.unlink(anys(rows)); err != nil {
				return err
			}
		}
		var keys []any
		for _, row := range rows {
			keys = append(keys, row.Value(at.target.pk()))
		}
		_, err = at.target.model().DeleteWhere(at.target.s.tx, memrel.In(at.target.pk(), keys...))
		return err
	})
}

func (at *opened) destroyOne() error {
	rows, err := at.instances(Find{})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return &memrel.Error{Kind: memrel.ErrNotFound, Op: "destroy", Table: at.target.table, Detail: "there is no row to destroy", Hint: "create it first"}
	}
	return rows[0].Delete(at.target.s.tx)
}

// toDestroy are the rows that a Find names to be destroyed.
func (at *opened) toDestroy(by Find) ([]memrel.Instance, error) {
	keys, many := listOf(by.FilterByTk)
	named := truthy(by.FilterByTk)
	if !many && named {
		keys = []any{by.FilterByTk}
	}
	if many && len(keys) == 0 {
		return nil, nil
	}
	if at.a.Kind != assoc.BelongsToMany || !named {
		s, err := at.search(&Find{Filter: by.Filter, FilterByTk: by.FilterByTk})
		if err != nil {
			return nil, err
		}
		return at.rows(s)
	}
	if at.a.TargetKey != at.target.pk() {
		return nil, nil // what is given are primary keys, and the links hold others
	}
	if by.Filter != nil {
		return at.instances(Find{Filter: by.Filter, FilterByTk: keys})
	}
	return at.target.among(at.target.pk(), keys, nil)
}
