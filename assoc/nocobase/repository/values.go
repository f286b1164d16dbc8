package repository

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/assoc/nocobase"
)

// own are the columns among values. Lists are put in order, those that are sets without what comes twice.
func (c *place) own(values map[string]any) memrel.Values {
	out := memrel.Values{}
	for _, col := range c.info.Schema.Columns {
		v, given := values[col.Name]
		if !given {
			continue
		}
		out[col.Name] = c.toStore(col.Name, v)
		if f, ok := c.s.all.Field(c.name, col.Name); ok && (f.Type == "array" || f.Type == "set") {
			out[col.Name] = inOrder(f, v)
		}
	}
	return out
}

// ownOf are the columns of the row that an association creates: the foreign key of a hasOne or hasMany is the association's.
func (c *place) ownOf(a *assoc.Association, values map[string]any) memrel.Values {
	out := c.own(values)
	if a.Kind == assoc.HasOne || a.Kind == assoc.HasMany {
		delete(out, a.ForeignKey)
	}
	return out
}

// unkeyed are values without those for the primary key, which a row that is there keeps.
func (c *place) unkeyed(own memrel.Values) memrel.Values {
	for _, key := range c.info.Schema.PrimaryKey {
		delete(own, key)
	}
	return own
}

// toStore makes text of a number or a truth value where a column asks for it, and the other way round.
func (c *place) toStore(column string, v any) any {
	switch c.typeOf(column) {
	case memrel.String:
	case memrel.Time:
		return withoutZone(v)
	default:
		return c.fit(column, v)
	}
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case bool, int, int64, float64:
		return fmt.Sprint(v)
	}
	return v
}

// withoutZone is a moment that is written without a zone, as a datetimeNoTz is, in UTC; anything else stays as it is.
func withoutZone(v any) any {
	if s, ok := v.(string); ok {
		if t, err := time.Parse(time.DateTime, s); err == nil {
			return t
		}
	}
	return v
}

// inOrder is a list as it is stored: in the order of its elements as text.
func inOrder(f nocobase.Field, v any) any {
	list, ok := listOf(plain(v))
	if !ok {
		return v
	}
	list = asElements(f, list)
	slices.SortStableFunc(list, func(a, b any) int { return strings.Compare(key(a), key(b)) })
	if f.Type == "set" {
		list = slices.CompactFunc(list, func(a, b any) bool { return written(a) == written(b) })
	}
	return list
}

// asElements are the elements of a list; whole numbers of 64 bits are text there, so that none loses digits.
func asElements(f nocobase.Field, list []any) []any {
	out := slices.Clone(list)
	if f.DataType == "array" && (f.ElementType == "bigInt" || f.ElementType == "bigint") {
		for i, e := range out {
			out[i] = key(e)
		}
	}
	return out
}

// columns are the columns among values for the row that an association leads to, with the lists of keys that values for relations come to.
func (c *place) columns(a *assoc.Association, values map[string]any) (memrel.Values, error) {
	own := c.ownOf(a, values)
	return own, c.keys(values, own)
}

// keys writes the lists of keys that values for a belongsToArray come to into the columns that hold them: the keys given, then those of
// rows that objects name, which get the values, then those of rows that the other objects make.
func (c *place) keys(values map[string]any, own memrel.Values) error {
	for i := range c.lists {
		l := &c.lists[i]
		v, given := values[l.Name]
		f, ok := c.s.all.Field(c.name, l.ForeignKey)
		if !given || !ok || l.Pending {
			continue
		}
		keys, err := c.keysOf(l, v)
		if err != nil {
			return err
		}
		own[l.ForeignKey] = asElements(f, keys)
		if l.Sorted {
			own[l.ForeignKey] = inOrder(f, keys)
		}
	}
	return nil
}

func (c *place) keysOf(l *nocobase.Array, v any) (keys []any, err error) {
	target, err := c.s.at(l.Target)
	if err != nil {
		return nil, err
	}
	list, many := listOf(v)
	if !many && truthy(v) {
		list = []any{v}
	}
	var items []map[string]any
	var named []any
	keys = []any{}
	for _, e := range list {
		row, isRow := rowOf(e)
		o, isObject := object(e)
		switch {
		case e == nil:
			return nil, c.refused("leave it out", "nothing is no key of a row of %s", l.Target)
		case isRow:
			keys = append(keys, row.Value(l.TargetKey))
		case !isObject:
			keys = append(keys, e)
		default:
			items = append(items, o)
			if truthy(o[l.TargetKey]) {
				named = append(named, o[l.TargetKey])
			}
		}
	}
	found, err := target.among(l.TargetKey, named, nil)
	if err != nil {
		return nil, err
	}
	for _, row := range found {
		keys = append(keys, row.Value(l.TargetKey))
	}
	return target.writeListed(l, keys, items)
}

// writeListed writes objects for a list of keys: rows whose keys are known get their values, the others are made, and their keys added.
func (c *place) writeListed(l *nocobase.Array, keys []any, items []map[string]any) ([]any, error) {
	known := map[string]bool{}
	for _, k := range keys {
		known[key(k)] = true
	}
	for _, o := range items {
		if v := o[l.TargetKey]; truthy(v) && known[key(v)] {
			if own := c.unkeyed(c.own(o)); len(own) > 0 {
				where := memrel.Eq(l.TargetKey, c.fit(l.TargetKey, v))
				if _, err := memrel.RowsOf(c.table).UpdateWhere(c.s.tx, where, own); err != nil {
					return nil, err
				}
			}
			continue
		}
		row, err := c.model().Create(c.s.tx, c.own(o))
		if err != nil {
			return nil, err
		}
		keys = append(keys, row.Value(l.TargetKey))
	}
	return keys, nil
}
