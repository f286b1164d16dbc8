package repository

import (
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// nesting is how values for relations are written.
type nesting struct {
	deep   bool               // goes on below rows that are there already
	update []string           // paths of relations whose rows, where they are there already, get the values too
	from   *assoc.Association // the association that led here; its other side is not followed back
	source memrel.Instance    // the row whose relation is written through, if that is a belongsToMany
}

func (o *Write) nesting() nesting {
	return nesting{deep: o.UpdateAssociationValues != nil, update: o.UpdateAssociationValues}
}

// below is the nesting of what an association leads to.
func (n nesting) below(a *assoc.Association) nesting {
	return nesting{deep: true, from: a, update: pathsBelow(n.update, a.As)}
}

// back tells whether an association is the other side of the one that led here.
func (n nesting) back(a *assoc.Association) bool {
	f := n.from
	if f == nil || f.SourceTable != a.TargetTable || f.TargetTable != a.SourceTable {
		return false
	}
	if f.Kind == assoc.BelongsToMany {
		return a.Kind == f.Kind && a.Junction == f.Junction && a.ForeignKey == f.OtherKey && a.OtherKey == f.ForeignKey &&
			a.SourceKey == f.TargetKey && a.TargetKey == f.SourceKey
	}
	near, far := f, a
	if a.Kind != assoc.BelongsTo {
		near, far = a, f
	}
	return far.Kind == assoc.BelongsTo && near.Kind != assoc.BelongsTo && near.Kind != assoc.BelongsToMany &&
		near.ForeignKey == far.ForeignKey && near.SourceKey == far.TargetKey
}

// link writes the values for a row's relations, in the order in which these were bound, and returns the row as it is then.
func (c *place) link(i memrel.Instance, values map[string]any, n nesting) (memrel.Instance, error) {
	linked := false
	for _, a := range c.bound {
		v, given := values[a.As]
		st, ok := c.step(a.As)
		if _, isBool := v.(bool); !given || !ok || isBool || n.back(a) {
			continue
		}
		linked = true
		write := c.linkMany
		if !a.Kind.Many() {
			write = c.linkOne
		}
		if err := write(i, st, v, n); err != nil {
			return i, err
		}
	}
	if err := c.linkValues(i, values, n.source); err != nil || !linked {
		return i, err
	}
	return c.again(i)
}

// linkValues writes values for the links between a row and the row whose relation led to it, by the row's own belongsToMany.
func (c *place) linkValues(i memrel.Instance, values map[string]any, source memrel.Instance) error {
	if source.IsZero() {
		return nil
	}
	for _, a := range c.bound {
		if of, ok := object(values[a.Through]); ok && a.Kind == assoc.BelongsToMany {
			if err := c.writeLink(a, i, source, of); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLink writes values into the junction row of a belongsToMany between two rows.
func (c *place) writeLink(a *assoc.Association, near, far memrel.Instance, values map[string]any) error {
	junction, err := c.s.junction(a)
	if err != nil {
		return err
	}
	if own := junction.own(values); len(own) > 0 {
		where := memrel.And(memrel.Eq(a.ForeignKey, near.Value(a.SourceKey)), memrel.Eq(a.OtherKey, far.Value(a.TargetKey)))
		_, err = memrel.RowsOf(a.Junction).UpdateWhere(c.s.tx, where, own)
	}
	return err
}

// linkOne writes the value for a relation to one row.
func (c *place) linkOne(i memrel.Instance, st step, v any, n nesting) error {
	a, target := st.a, st.target
	by := a.TargetKey
	if a.Kind == assoc.HasOne {
		by = target.pk()
	}
	if _, many := listOf(v); many {
		return c.refused("give one row", "The value of '%s' cannot be in array format", a.As)
	}
	if v == nil {
		return i.Set(c.s.tx, a.As)
	}
	if a.Kind == assoc.HasOne && !truthy(i.Value(a.SourceKey)) {
		return c.noSourceKey(a)
	}
	if row, ok := rowOf(v); ok {
		return i.Set(c.s.tx, a.As, row)
	}
	o, isObject := object(v)
	if isObject {
		v = o[by]
	}
	row, found := memrel.Instance{}, false
	if _, isList := listOf(v); !isObject || truthy(v) && !isList {
		var err error
		if row, found, err = target.rowBy(by, v); err != nil {
			return err
		}
	}
	switch {
	case found:
		if err := i.Set(c.s.tx, a.As, row); err != nil || !isObject {
			return err
		}
		return target.linkBelow(row, a, o, n)
	case isObject:
		return c.makeOne(i, st, o, n)
	}
	return nil
}

func (c *place) noSourceKey(a *assoc.Association) error {
	return c.refused("give the row a "+a.SourceKey+" first", "The source key %s is not set in %s", a.SourceKey, a.Source)
}

// makeOne creates the row of a relation to one.
func (c *place) makeOne(i memrel.Instance, st step, o map[string]any, n nesting) error {
	a := st.a
	if a.Kind == assoc.HasOne {
		_, err := c.make(i, st, o, n)
		return err
	}
	own, err := st.target.columns(a, o)
	if err != nil {
		return err
	}
	created, err := st.target.model().Create(c.s.tx, own)
	if err != nil {
		return err
	}
	if !truthy(created.Value(a.TargetKey)) {
		return c.refused("give the row a "+a.TargetKey, "The target key %s is not set in %s", a.TargetKey, a.Target)
	}
	if err := i.Set(c.s.tx, a.As, created); err != nil {
		return err
	}
	_, err = st.target.link(created, o, n.below(a))
	return err
}

// make creates a row that an association leads to, and what is nested in it.
func (c *place) make(i memrel.Instance, st step, o map[string]any, n nesting) (memrel.Instance, error) {
	through, err := c.through(st.a, o)
	if err != nil {
		return memrel.Instance{}, err
	}
	own, err := st.target.columns(st.a, o)
	if err != nil {
		return memrel.Instance{}, err
	}
	created, err := i.Create(c.s.tx, st.as, own, through)
	if err != nil {
		return created, err
	}
	return st.target.link(created, o, n.below(st.a))
}

// through are the values for the link to a row that values for the row have with them, by the name of the junction.
func (c *place) through(a *assoc.Association, values map[string]any) (memrel.Values, error) {
	of, ok := object(values[a.Through])
	if !ok || a.Kind != assoc.BelongsToMany {
		return nil, nil
	}
	junction, err := c.s.junction(a)
	if err != nil {
		return nil, err
	}
	return junction.own(of), nil
}

// linkBelow goes on below a row that was there already.
func (c *place) linkBelow(row memrel.Instance, a *assoc.Association, o map[string]any, n nesting) (err error) {
	if !n.deep {
		return nil
	}
	if slices.Contains(n.update, a.As) {
		own, err := c.columns(a, o)
		if err != nil {
			return err
		}
		if row, err = c.write(row, own); err != nil {
			return err
		}
	}
	_, err = c.link(row, o, n.below(a))
	return err
}

// write changes columns of a row that is there.
func (c *place) write(i memrel.Instance, own memrel.Values) (memrel.Instance, error) {
	if own = c.unkeyed(own); len(own) == 0 {
		return i, nil
	}
	row, err := memrel.RowsOf(c.table).Update(c.s.tx, own, memrel.Key(i.Row().Key()))
	if err != nil {
		return i, err
	}
	return memrel.InstanceOf(row), nil
}

// linkMany writes the value for a relation to many rows: those named are set, those made are added.
func (c *place) linkMany(i memrel.Instance, st step, v any, n nesting) error {
	a := st.a
	if v == nil {
		return i.Set(c.s.tx, a.As)
	}
	if a.Kind == assoc.HasMany && !truthy(i.Value(a.SourceKey)) {
		return c.noSourceKey(a)
	}
	list, many := listOf(v)
	o, isObject := object(v)
	_, isRow := rowOf(v)
	switch {
	case isObject:
		list = []any{o}
	case isRow:
		list = []any{v}
	case !many:
		return c.setBare(i, st, v)
	}
	set, objects, err := c.named(st, list)
	if err != nil {
		return err
	}
	if err := i.Set(c.s.tx, a.As, set...); err != nil {
		return err
	}
	for _, o := range objects {
		if err := c.linkObject(i, st, o, n); err != nil {
			return err
		}
	}
	return nil
}

// setBare sets one bare value: a primary key, which for a belongsToMany needs no row.
func (c *place) setBare(i memrel.Instance, st step, v any) error {
	switch pk := st.target.pk(); {
	case st.a.Kind == assoc.BelongsToMany && pk != st.a.TargetKey:
		return c.refused("give a list", "%v names no row of %s by %s", v, st.target.name, pk)
	case st.a.Kind == assoc.BelongsToMany:
		return i.Set(c.s.tx, st.as, st.target.fit(pk, v))
	default:
		row, found, err := st.target.rowBy(pk, v)
		switch {
		case err != nil:
			return err
		case !found:
			return i.Set(c.s.tx, st.as)
		}
		return i.Set(c.s.tx, st.as, row)
	}
}

// named are the rows that a list of values names, and the objects in it. Keys that no row has are passed over, and keys that come
// twice count once; a row that is named by an object as well does not.
func (c *place) named(st step, list []any) (set []any, objects []map[string]any, err error) {
	by := c.rowKey(st.a)
	var bare []any
	seen := map[string]bool{}
	for _, e := range list {
		if row, ok := rowOf(e); ok {
			set = append(set, row)
			continue
		}
		o, isObject := object(e)
		if isObject {
			objects = append(objects, o)
			if e = o[by]; !truthy(e) || st.a.Kind == assoc.HasMany && by != st.target.pk() { // linkObject links it, if it is there
				continue
			}
		}
		rows, err := st.target.model().Find(c.s.r, memrel.Query{Where: memrel.Eq(by, st.target.fit(by, scalar(e)))})
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			if isObject {
				set = append(set, row)
			} else if !seen[row.Row().Label()] {
				seen[row.Row().Label()] = true
				bare = append(bare, row)
			}
		}
	}
	set = append(set, st.target.inOrder(bare)...)
	if st.a.Kind == assoc.HasMany {
		set = once(set)
	}
	return set, objects, nil
}

// inOrder are rows in the order of their primary key, as a query for them gives them.
func (c *place) inOrder(rows []any) []any {
	slices.SortStableFunc(rows, func(a, b any) int {
		x, y := a.(memrel.Instance).Row(), b.(memrel.Instance).Row()
		p, _ := table.DefOf(x).Column(c.pk())
		return index.Compare(c.typeOf(c.pk()), table.RecordOf(x).At(p), table.RecordOf(y).At(p))
	})
	return rows
}

// scalar is a value that may name a row: a number or text.
func scalar(v any) any {
	switch v.(type) {
	case bool, []any, map[string]any:
		return nil
	}
	return v
}

// once are rows without those that come again.
func once(rows []any) (out []any) {
	seen := map[string]bool{}
	for _, r := range rows {
		label := fmt.Sprint(r)
		if i, ok := r.(memrel.Instance); ok {
			label = i.Row().Label()
		}
		if !seen[label] {
			seen[label] = true
			out = append(out, r)
		}
	}
	return out
}

// linkObject writes an object in a list for a relation to many: a row that is there is linked, and gets the values if it is to; any
// other is made.
func (c *place) linkObject(i memrel.Instance, st step, o map[string]any, n nesting) error {
	pk, by := st.target.pk(), c.uniqueKey(st)
	if pk != by && o[pk] != nil && o[by] == nil {
		return c.refused("name the row by "+by, "%s field value is empty", by)
	}
	row, found, err := memrel.Instance{}, false, error(nil)
	if o[by] != nil {
		if row, found, err = st.target.rowBy(by, o[by]); err != nil {
			return err
		}
	}
	if !found {
		_, err = c.make(i, st, o, n)
		return err
	}
	through, err := c.through(st.a, o)
	if err != nil {
		return err
	}
	if err := i.Add(c.s.tx, st.as, memrel.With(through, row)...); err != nil {
		return err
	}
	return st.target.linkBelow(row, st.a, o, n)
}

// uniqueKey is the column by which objects name the rows of a relation: the one that values name them by, if no two rows share it, or the
// primary key.
func (c *place) uniqueKey(st step) string {
	by := c.rowKey(st.a)
	if f, ok := c.s.all.Field(st.target.name, by); ok && f.Unique {
		return by
	}
	return st.target.pk()
}
