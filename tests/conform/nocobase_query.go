package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel"
)

// translation turns a filter on the rows of a table into a condition. Conditions on one association are about one and the
// same row of it.
type translation struct {
	p       *collectionRun
	table   string
	as      string // the association that led here first; empty for the rows themselves
	conds   []memrel.Cond
	across  map[string]*translation
	missing bool // the conditions hold where there is no row at all
}

// condition reads a filter on the rows of a table.
func (p *collectionRun) condition(table string, filter any) (memrel.Cond, error) {
	t := &translation{p: p, table: table, missing: true}
	if filter == nil {
		return memrel.Cond{}, nil
	}
	err := t.take(nil, filter)
	return t.cond(), err
}

func (t *translation) cond() memrel.Cond {
	all := slices.Clone(t.conds)
	for _, as := range slices.Sorted(maps.Keys(t.across)) {
		inner := t.across[as]
		c := memrel.Some(as, inner.cond())
		if inner.missing {
			c = memrel.Or(c, memrel.None(as, memrel.Cond{}))
		}
		t.missing = t.missing && inner.missing
		all = append(all, c)
	}
	return memrel.And(all...)
}

// take reads what a filter has at a path.
func (t *translation) take(path []string, v any) error {
	if len(path) == 0 {
		object, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("filter %v is no object", v)
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			if err := t.take(strings.Split(key, "."), object[key]); err != nil {
				return err
			}
		}
		return nil
	}
	head, rest := path[0], path[1:]
	if strings.HasPrefix(head, "$") {
		return t.combine(head, v)
	}
	if a := t.p.set().Association(t.table, head); a != nil {
		return t.enter(head, a.TargetTable, rest, v)
	}
	if object, ok := v.(map[string]any); ok && len(rest) == 0 {
		for _, op := range slices.Sorted(maps.Keys(object)) {
			if err := t.compare(head, op, object[op]); err != nil {
				return err
			}
		}
		return nil
	}
	return t.compare(head, strings.Join(append([]string{}, rest...), "."), v)
}

// enter reads what a filter has at a path that leads over an association.
func (t *translation) enter(as, target string, rest []string, v any) error {
	if len(rest) == 1 && (rest[0] == "$exists" || rest[0] == "$notExists") {
		c := memrel.Some(as, memrel.Cond{})
		if rest[0] == "$notExists" {
			c = memrel.None(as, memrel.Cond{})
		}
		t.conds, t.missing = append(t.conds, c), t.missing && rest[0] == "$notExists"
		return nil
	}
	if t.across == nil {
		t.across = map[string]*translation{}
	}
	if t.across[as] == nil {
		t.across[as] = &translation{p: t.p, table: target, as: cmp.Or(t.as, as), missing: true}
	}
	return t.across[as].take(rest, v)
}

// combine reads $and, $or and $not.
func (t *translation) combine(op string, v any) error {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	if op == "$and" {
		for _, e := range list {
			if err := t.take(nil, e); err != nil {
				return err
			}
		}
		return nil
	}
	var parts []memrel.Cond
	for _, e := range list {
		inner := &translation{p: t.p, table: t.table}
		if err := inner.take(nil, e); err != nil {
			return err
		}
		parts = append(parts, inner.cond())
	}
	c := memrel.Or(parts...)
	switch {
	case op == "$not":
		c = memrel.Not(memrel.And(parts...))
	case op != "$or":
		return errUnknown{"operator " + op}
	case len(parts) == 0:
		return nil
	}
	t.conds, t.missing = append(t.conds, c), false
	return nil
}

// compare reads a comparison of a column. What is not equal, and what is in no list, may be NULL too.
func (t *translation) compare(column, op string, v any) error {
	if _, is := t.p.typeOf(t.table, column); !is && t.as != "" {
		return errSaid(fmt.Sprintf("%s neither %s's association nor %s's attribute", column, t.as, t.as))
	}
	v = t.p.fit(t.table, column, v)
	list, many := v.([]any)
	var c memrel.Cond
	holdsForNull := false
	switch {
	case op == "" && many, op == "$eq" && many, op == "$in":
		c = memrel.In(column, list...)
	case op == "", op == "$eq", op == "$is":
		c, holdsForNull = memrel.Eq(column, v), v == nil
	case op == "$not" || op == "$ne" && v == nil:
		c = memrel.Ne(column, v)
	case op == "$ne" && !many:
		c, holdsForNull = memrel.Or(memrel.Ne(column, v), memrel.IsNull(column)), true
	case op == "$notIn" || op == "$ne":
		c, holdsForNull = memrel.Or(memrel.NotIn(column, list...), memrel.IsNull(column)), true
	case op == "$null" || op == "$empty":
		c, holdsForNull = memrel.IsNull(column), true
		if op == "$empty" && t.isText(column) {
			c = memrel.Or(c, memrel.Eq(column, ""))
		}
	case op == "$notNull" || op == "$notEmpty":
		c = memrel.NotNull(column)
		if op == "$notEmpty" && t.isText(column) {
			c = memrel.And(c, memrel.Ne(column, ""))
		}
	case op == "$between" && len(list) == 2:
		c = memrel.Between(column, list[0], list[1])
	default:
		var ok bool
		if c, ok = scalar(column, op, v); !ok {
			return errUnknown{fmt.Sprintf("operator %s of %v", op, v)}
		}
	}
	t.conds, t.missing = append(t.conds, c), t.missing && holdsForNull
	return nil
}

// scalar is a comparison with one value. The recorded system passes over the case of letters in those with a text.
func scalar(column, op string, v any) (memrel.Cond, bool) {
	text := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(fmt.Sprint(v))
	switch op {
	case "$gt":
		return memrel.Gt(column, v), true
	case "$gte":
		return memrel.Gte(column, v), true
	case "$lt":
		return memrel.Lt(column, v), true
	case "$lte":
		return memrel.Lte(column, v), true
	case "$includes":
		return memrel.Like(column, "%"+text+"%"), true
	case "$notIncludes":
		return memrel.NotLike(column, "%"+text+"%"), true
	case "$startsWith":
		return memrel.Like(column, text+"%"), true
	case "$notStartsWith":
		return memrel.NotLike(column, text+"%"), true
	case "$endWith":
		return memrel.Like(column, "%"+text), true
	case "$notEndWith":
		return memrel.NotLike(column, "%"+text), true
	}
	return memrel.Cond{}, false
}

func (t *translation) isText(column string) bool {
	typ, _ := t.p.typeOf(t.table, column)
	return typ == memrel.String
}

func (p *collectionRun) typeOf(table, column string) (memrel.Type, bool) {
	for _, c := range p.set().Table(table).Schema.Columns {
		if c.Name == column {
			return c.Type, true
		}
	}
	return 0, false
}

// fit turns a number into text and text into a number where the column asks for it, as the recorded database does.
func (p *collectionRun) fit(table, column string, v any) any {
	typ, _ := p.typeOf(table, column)
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = p.fit(table, column, e)
		}
		return out
	case json.Number:
		if typ == memrel.String {
			return v.String()
		}
	case string:
		if _, err := strconv.ParseInt(v, 10, 64); err == nil && typ == memrel.Int {
			return json.Number(v)
		}
	}
	return v
}

// key is the column by which rows of a collection are meant; empty for a primary key of several columns.
func (p *collectionRun) key(collection string) string {
	c, _ := p.collections().Collection(collection)
	info := p.info(collection)
	switch pk := info.Schema.PrimaryKey; {
	case slices.Contains(columnsOf(info.Schema), c.FilterTargetKey):
		return c.FilterTargetKey
	case len(pk) == 1:
		return pk[0]
	}
	return ""
}

// query reads what finds rows of a collection.
func (p *collectionRun) query(collection string, o *repositoryOptions) (q memrel.Query, w *wanted, err error) {
	table := p.info(collection).Table
	if q.Where, err = p.condition(table, o.Filter); err != nil {
		return q, nil, err
	}
	if o.FilterByTk != nil {
		key := p.key(collection)
		if key == "" {
			return q, nil, errSaid("filterByTk is not supported for composite primary key")
		}
		q.Where = memrel.And(q.Where, memrel.In(key, listOf(p.fit(table, key, o.FilterByTk))...))
	}
	for _, name := range listOf(o.Sort) {
		column, desc := strings.CutPrefix(name.(string), "-")
		q.Order = append(q.Order, memrel.Order{Column: column, Desc: desc})
	}
	q.Limit, q.Offset = o.Limit, o.Offset
	w, err = p.wanted(collection, o)
	if err == nil {
		q.Include = w.includes()
	}
	return q, w, err
}

// listOf is a list, or a list of the one value.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
