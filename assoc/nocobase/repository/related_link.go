package repository

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// Set makes rows those that the relation leads to, and no others. They are named by primary keys, of a belongsToMany by its targetKey; a
// text with commas is several, and a list of a key and values has the values written into the link. Keys that no row has are passed
// over, but by a relation to one. Errors as [memrel.Instance.Set].
func (r Related) Set(w memrel.Writer, keys ...any) error { return r.link("set", w, keys) }

// Add makes rows those that the relation leads to as well. Keys and errors as [Related.Set].
func (r Related) Add(w memrel.Writer, keys ...any) error { return r.link("add", w, keys) }

// Remove makes rows those that the relation does not lead to: they are named by primary keys. Of a relation to one it takes none. Errors as
// [Related.Set].
func (r Related) Remove(w memrel.Writer, keys ...any) error { return r.link("remove", w, keys) }

// Toggle removes rows if a belongsToMany leads to all of them, and adds them if not. It asks for them by keys as they are given: a text
// is no number, and one with commas is one key, so that both only add. Another relation has no toggle. Keys and errors as [Related.Set].
func (r Related) Toggle(w memrel.Writer, keys ...any) error { return r.link("toggle", w, keys) }

func (r Related) link(op string, w memrel.Writer, keys []any) error {
	return r.writing(op, w, func(at opened) error {
		if err := at.unlisted(); err != nil {
			return err
		}
		switch {
		case op == "toggle" && at.a.Kind != assoc.BelongsToMany:
			return at.target.refused("use Add or Remove, or Set", "%s is no belongsToMany, and is not toggled", at.as)
		case op == "toggle":
			has, err := at.has(keys)
			if op = "add"; has {
				op = "remove"
			}
			if err != nil {
				return err
			}
		case !at.many():
			return at.linkOne(op, keys)
		}
		return at.linkMany(op, keyList(keys))
	})
}

// has tells whether a belongsToMany leads to all rows that keys name, each as it is given.
func (at *opened) has(keys []any) (bool, error) {
	var all, rows []any
	for _, k := range keys {
		if list, many := listOf(k); many {
			all = append(all, list...)
		} else if k != nil {
			all = append(all, k)
		}
	}
	typ := at.target.typeOf(at.a.TargetKey)
	for _, k := range all {
		row, _, err := at.named(at.a.TargetKey, []any{k})
		if _, text := k.(string); err != nil || len(row) == 0 || text && (typ == memrel.Int || typ == memrel.Float) {
			return false, err
		}
		rows = append(rows, row...)
	}
	return at.source.Has(at.target.s.tx, at.as, rows...)
}

// linkOne sets or removes the row of a relation to one.
func (at *opened) linkOne(op string, keys []any) error {
	tx := at.target.s.tx
	if op == "add" {
		return at.target.refused("use Set", "%s leads to one row, and none is added to it", at.as)
	}
	if op == "remove" || len(keys) == 0 || keys[0] == nil {
		return at.source.Set(tx, at.as)
	}
	if row, ok := rowOf(keys[0]); ok {
		return at.source.Set(tx, at.as, row)
	}
	if at.a.Kind == assoc.BelongsTo {
		_, err := at.from.write(at.source, memrel.Values{at.a.ForeignKey: at.from.toStore(at.a.ForeignKey, keys[0])})
		return err
	}
	row, found, err := at.target.rowBy(at.target.pk(), keys[0])
	switch {
	case err != nil:
		return err
	case !found:
		return at.source.Set(tx, at.as)
	}
	return at.source.Set(tx, at.as, row)
}

// linkMany changes the rows that a relation to many leads to.
func (at *opened) linkMany(op string, keys []any) error {
	tx := at.target.s.tx
	by, toMany := at.target.pk(), at.a.Kind == assoc.BelongsToMany
	if toMany && op == "remove" && at.a.TargetKey != by {
		return at.unlink(nil) // it takes what is given for a primary key, and unlinks nothing
	}
	if toMany && op != "remove" {
		by = at.a.TargetKey
	}
	named, values, err := at.named(by, keys)
	if err != nil {
		return err
	}
	rows := at.target.inOrder(slices.Clone(named))
	switch {
	case op == "set":
		err = at.source.Set(tx, at.as, rows...)
	case op == "add":
		err = at.source.Add(tx, at.as, rows...)
	case toMany:
		err = at.unlink(rows)
	default:
		err = at.source.Remove(tx, at.as, rows...)
	}
	if err != nil || op == "remove" {
		return err
	}
	return at.writeLinks(named, values)
}

// unlink takes the links of a belongsToMany to rows away, whatever their throughScope. That is told as a whole also where there is none.
func (at *opened) unlink(rows []any) error {
	junction, err := at.from.s.junction(at.a)
	if err != nil {
		return err
	}
	keys := make([]any, len(rows))
	for n, row := range rows {
		keys[n] = junction.fit(at.a.OtherKey, row.(memrel.Instance).Value(at.a.TargetKey))
	}
	linked := memrel.And(memrel.Eq(at.a.ForeignKey, junction.fit(at.a.ForeignKey, at.sourceKey())), memrel.In(at.a.OtherKey, keys...))
	_, err = junction.model().DeleteWhere(at.target.s.tx, linked)
	return err
}

// sourceKey is the value that rows of the relation refer to: that of the source, or what it was opened by where there is none.
func (at *opened) sourceKey() any {
	if at.found {
		return at.source.Value(at.a.SourceKey)
	}
	return at.key
}

// named are the rows that keys name by a column, each once, and the values that their links are given.
func (at *opened) named(by string, keys []any) (rows []any, values []map[string]any, err error) {
	rows = []any{}
	seen := map[string]int{}
	for _, k := range keys {
		var of map[string]any
		if pair, ok := k.([]any); ok && len(pair) == 2 {
			of, _ = object(pair[1])
			k = pair[0]
		}
		row, found := rowOf(k)
		if !found {
			if row, found, err = at.target.rowBy(by, k); err != nil {
				return nil, nil, err
			}
		}
		if n, twice := seen[row.Row().Label()]; found && twice {
			values[n] = of
		} else if found {
			seen[row.Row().Label()] = len(rows)
			rows, values = append(rows, row), append(values, of)
		} else if of != nil {
			return nil, nil, &memrel.Error{Kind: memrel.ErrNotFound, Op: at.target.s.op, Table: at.target.table, Columns: []string{by},
				Detail: fmt.Sprintf("there is no row %v to link with values", k), Hint: "create it first"}
		}
	}
	return rows, values, nil
}

// writeLinks writes values into links, by the first belongsToMany of the target. Their rows are named by primary keys.
func (at *opened) writeLinks(rows []any, values []map[string]any) error {
	if at.a.Kind != assoc.BelongsToMany {
		return nil
	}
	for n, of := range values {
		if of == nil {
			continue
		}
		if at.a.TargetKey != at.target.pk() {
			return at.target.refused("give them in an update, in an object under the name of the junction",
				"values for a link go with the primary key of a row, and %s leads by %s", at.as, at.a.TargetKey)
		}
		for _, a := range at.target.bound {
			if a.Kind == assoc.BelongsToMany {
				if err := at.target.writeLink(a, rows[n].(memrel.Instance), at.source, of); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}
