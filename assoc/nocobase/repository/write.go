package repository

import (
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// given is what a write gives: nothing if it was refused.
func given[T any](what T, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return what, nil
}

// Create inserts a row and what its values nest: rows of relations, by keys, as objects, or in lists of these. Rows that are named by
// their key are linked; objects that name none are made. The row is returned as it was stored, without what was nested. Errors as
// [memrel.Handle.Create].
func (p Repository) Create(w memrel.Writer, values memrel.Values, o Write) (made Record, err error) {
	err = p.writing("create", w, func(c *place) (err error) {
		i, err := c.create(values, &o)
		made = c.whole(i)
		return err
	})
	return given(made, err)
}

// CreateMany is [Repository.Create] of several rows, all or none.
func (p Repository) CreateMany(w memrel.Writer, records []memrel.Values, o Write) (made []Record, err error) {
	err = p.writing("create", w, func(c *place) (err error) {
		rows := make([]memrel.Instance, len(records))
		for n, values := range records {
			if rows[n], err = c.create(values, &o); err != nil {
				return err
			}
		}
		made = c.wholes(rows)
		return nil
	})
	return given(made, err)
}

// writing opens the collection in a transaction.
func (p Repository) writing(op string, w memrel.Writer, do func(c *place) error) error {
	return writing(op, w, func(s *session) error {
		c, err := s.at(p.collection)
		if err != nil {
			return err
		}
		return do(c)
	})
}

// create inserts a row and what is nested in it.
func (c *place) create(values map[string]any, o *Write) (i memrel.Instance, err error) {
	taken, err := o.guarded(c, true).take(c, values)
	if err != nil {
		return i, err
	}
	own := c.own(taken)
	if err := c.keys(values, own); err != nil {
		return i, err
	}
	if i, err = c.model().Create(c.s.tx, own); err != nil {
		return i, err
	}
	return c.link(i, taken, o.nesting())
}

// Update changes the rows that are asked for, and their relations, and returns them. It takes a filter or a key, unless ForceUpdate says
// that all rows are meant. What values nest is written as by [Repository.Create]: a list for a relation to many replaces what it leads to.
// Errors as [memrel.Handle.Update].
func (p Repository) Update(w memrel.Writer, by Find, values memrel.Values, o Write) (changed []Record, err error) {
	err = p.writing("update", w, func(c *place) (err error) {
		if !says(by.Filter) && !truthy(by.FilterByTk) && !o.ForceUpdate {
			return c.refused("name the rows, or say ForceUpdate", "must provide filter or filterByTk for update call, or set forceUpdate to true")
		}
		rows, err := c.update(&by, values, &o)
		changed = c.wholes(rows)
		return err
	})
	return given(changed, err)
}

// says tells whether a filter says anything: conditions, or groups some of which say something.
func says(f Filter) bool {
	var groups []any
	for _, op := range []string{"$and", "$or"} {
		if truthy(f[op]) {
			groups = append(groups, f[op])
		}
	}
	if len(groups) == 0 {
		return len(f) > 0
	}
	return slices.ContainsFunc(groups, func(g any) bool {
		if list, ok := g.([]any); ok {
			return slices.ContainsFunc(list, func(e any) bool { o, ok := object(e); return ok && says(o) })
		}
		o, _ := object(g)
		return says(o)
	})
}

func (c *place) update(by *Find, values map[string]any, o *Write) ([]memrel.Instance, error) {
	taken, err := o.guarded(c, false).take(c, values)
	if err != nil {
		return nil, err
	}
	rows, err := c.instances(by, c.key())
	if err != nil {
		return nil, err
	}
	return c.updateAll(rows, values, taken, o.nesting())
}

// updateAll writes guarded values into rows.
func (c *place) updateAll(rows []memrel.Instance, values, taken map[string]any, n nesting) ([]memrel.Instance, error) {
	for k := range rows {
		own := c.own(taken)
		if err := c.keys(values, own); err != nil {
			return nil, err
		}
		row, err := c.write(rows[k], own)
		if err != nil {
			return nil, err
		}
		if rows[k], err = c.link(row, taken, n); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// UpdateMany is [Repository.Update] of several rows, each by the primary key that stands among its values, all or none. It returns a list
// for each.
func (p Repository) UpdateMany(w memrel.Writer, records []memrel.Values) (changed [][]Record, err error) {
	err = p.writing("update", w, func(c *place) (err error) {
		for _, values := range records {
			if !truthy(values[c.pk()]) {
				return c.refused("give each its "+c.pk(), "filterByTk invalid")
			}
			rows, err := c.update(&Find{FilterByTk: values[c.pk()]}, values, &Write{})
			if err != nil {
				return err
			}
			changed = append(changed, c.wholes(rows))
		}
		return nil
	})
	return given(changed, err)
}

// FirstOrCreate is the first row that has the values at some paths, or else one that is made of all of them. created tells which it is.
// Errors as [Repository.Create].
func (p Repository) FirstOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = p.writing("find or create", w, func(c *place) (err error) {
		i, found, err := c.first(keys, values)
		if err == nil && !found {
			created = true
			i, err = c.create(values, &o)
		}
		row = c.whole(i)
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// UpdateOrCreate is [Repository.FirstOrCreate] that changes the row to the values if there is one.
func (p Repository) UpdateOrCreate(w memrel.Writer, keys []string, values memrel.Values, o Write) (row Record, created bool, err error) {
	err = p.writing("update or create", w, func(c *place) (err error) {
		i, found, err := c.first(keys, values)
		switch {
		case err != nil:
			return err
		case !found:
			created = true
			i, err = c.create(values, &o)
		default:
			var rows []memrel.Instance
			if rows, err = c.update(&Find{FilterByTk: i.Value(c.key())}, values, &o); len(rows) > 0 {
				i = rows[0]
			}
		}
		row = c.whole(i)
		return err
	})
	row, err = given(row, err)
	return row, created && err == nil, err
}

// first is the first row that has the values at some paths.
func (c *place) first(keys []string, values map[string]any) (i memrel.Instance, found bool, err error) {
	rows, err := c.instances(&Find{Filter: filterOf(keys, values), Limit: 1}, c.key())
	if len(rows) == 0 {
		return i, false, err
	}
	return rows[0], true, err
}

// filterOf is the filter for the values at some paths. Those of a list are any of them.
func filterOf(keys []string, values map[string]any) Filter {
	found := map[string][]any{}
	flatten(found, nil, values)
	var all []any
	for _, path := range keys {
		var v any
		if list, ok := found[path]; ok {
			v = list
		} else if v = at(values, strings.Split(path, ".")); !truthy(v) {
			v = nil
		}
		all = append(all, map[string]any{path: v})
	}
	return Filter{"$and": all}
}

// flatten collects values by their paths, in which elements of lists have no number of their own.
func flatten(out map[string][]any, path []string, v any) {
	if list, ok := listOf(v); ok && len(list) > 0 {
		for _, e := range list {
			flatten(out, path, e)
		}
		return
	}
	if o, ok := object(v); ok && len(o) > 0 {
		for _, name := range slices.Sorted(maps.Keys(o)) {
			next := path
			if !strings.ContainsAny(name, "0123456789") {
				next = append(slices.Clone(path), name)
			}
			flatten(out, next, o[name])
		}
		return
	}
	at := strings.Join(path, ".")
	out[at] = append(out[at], v)
}

// at is the value at a path; nil if there is none.
func at(v any, path []string) any {
	for _, name := range path {
		o, _ := object(v)
		v = o[name]
	}
	return v
}
