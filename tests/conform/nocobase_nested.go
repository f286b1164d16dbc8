package main

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/assoc"
)

// nesting is how values for associations are written.
type nesting struct {
	deep   bool               // goes on below rows that are there already
	update []string           // paths of the associations whose rows, where they are there already, get the values too
	from   *assoc.Association // the association that led here; its other side is not followed back
}

func nestingOf(o *repositoryOptions) *nesting {
	return &nesting{deep: o.UpdateAssociationValues != nil, update: o.UpdateAssociationValues}
}

// below is the nesting of what an association leads to.
func (o *nesting) below(a *assoc.Association) *nesting {
	out := &nesting{deep: o.deep, from: a}
	for _, path := range o.update {
		if rest, is := strings.CutPrefix(path, a.As+"."); is {
			out.update = append(out.update, rest)
		}
	}
	return out
}

// back tells whether an association is the other side of the one that led here.
func (o *nesting) back(a *assoc.Association) bool {
	f := o.from
	if f == nil || f.SourceTable != a.TargetTable || f.TargetTable != a.SourceTable {
		return false
	}
	if f.Kind == assoc.BelongsToMany {
		return a.Kind == f.Kind && a.Junction == f.Junction && a.ForeignKey == f.OtherKey && a.OtherKey == f.ForeignKey
	}
	return (f.Kind == assoc.BelongsTo) != (a.Kind == assoc.BelongsTo) && a.Kind != assoc.BelongsToMany && a.ForeignKey == f.ForeignKey
}

// link writes the values for a row's associations, in the order in which these were bound, and returns the row as it is then.
func (p *collectionRun) link(i memrel.Instance, values map[string]any, o *nesting) (memrel.Instance, error) {
	linked := false
	for _, a := range p.set().Of(i.Row().Table()) {
		v, given := values[a.As]
		if !given || o.back(a) {
			continue
		}
		linked = true
		write := p.linkMany
		if !a.Kind.Many() {
			write = p.linkOne
		}
		if err := write(i, a, v, o); err != nil {
			return i, err
		}
	}
	if !linked {
		return i, nil
	}
	return p.again(i)
}

// linkOne writes the value for an association that leads to one row. The foreign key of a belongsTo is written already, where
// the value has it.
func (p *collectionRun) linkOne(i memrel.Instance, a *assoc.Association, v any, o *nesting) error {
	key := a.TargetKey
	if a.Kind == assoc.HasOne {
		key = p.set().Table(a.TargetTable).Schema.PrimaryKey[0]
	}
	object, isObject := v.(map[string]any)
	if isObject {
		v = object[key]
	}
	row, found, err := p.rowBy(a.TargetTable, key, v)
	switch {
	case err != nil:
		return err
	case isObject && a.Kind == assoc.HasOne && i.Value(a.SourceKey) == nil:
		return noSourceKey(a)
	case isObject && !found:
		return p.createBy(i, a, object, o)
	case a.Kind == assoc.HasOne && !found:
		err = i.Set(p.tx, a.As)
	case a.Kind == assoc.HasOne:
		err = i.Set(p.tx, a.As, row)
	}
	if err != nil || !isObject {
		return err
	}
	return p.linkBelow(row, a, object, o)
}

func noSourceKey(a *assoc.Association) error {
	return errSaid("The source key " + a.SourceKey + " is not set in " + a.Source)
}

// linkMany writes the value for an association that leads to any number of rows: these are set, new ones are added.
func (p *collectionRun) linkMany(i memrel.Instance, a *assoc.Association, v any, o *nesting) error {
	if v != nil && i.Value(a.SourceKey) == nil {
		return noSourceKey(a)
	}
	var set []any
	var fresh, known []map[string]any
	var rows []memrel.Instance
	for _, e := range listOf(v) {
		object, isObject := e.(map[string]any)
		if isObject {
			if e = object[p.targetKey(a)]; e == nil && p.namedByKey(a, object) {
				return errSaid(p.targetKey(a) + " field value is empty")
			}
		}
		row, found, err := p.rowBy(a.TargetTable, p.targetKey(a), e)
		switch {
		case err != nil:
			return err
		case isObject && found:
			rows, known = append(rows, row), append(known, object)
			set = append(set, memrel.With(p.through(a, object), row)...)
		case isObject:
			fresh = append(fresh, object)
		case found:
			set = append(set, row)
		case e != nil && a.Kind == assoc.BelongsToMany && p.isPrimary(a.TargetTable, a.TargetKey):
			set = append(set, e) // a link that leads nowhere
		}
	}
	if err := i.Set(p.tx, a.As, set...); err != nil {
		return err
	}
	for n, row := range rows {
		if err := p.linkBelow(row, a, known[n], o); err != nil {
			return err
		}
	}
	for _, object := range fresh {
		if err := p.createBy(i, a, object, o); err != nil {
			return err
		}
	}
	return nil
}

// linkBelow goes on below a row that was there already.
func (p *collectionRun) linkBelow(row memrel.Instance, a *assoc.Association, values map[string]any, o *nesting) (err error) {
	switch {
	case slices.Contains(o.update, a.As):
		_, err = p.update(row, values, o.below(a))
	case o.deep:
		_, err = p.link(row, values, o.below(a))
	}
	return err
}

// createBy creates the row that an association leads to, and what is nested in it.
func (p *collectionRun) createBy(i memrel.Instance, a *assoc.Association, values map[string]any, o *nesting) error {
	_, err := p.createdBy(i, a, values, o)
	return err
}

func (p *collectionRun) createdBy(i memrel.Instance, a *assoc.Association, values map[string]any, o *nesting) (memrel.Instance, error) {
	own := p.own(a.TargetTable, values)
	if a.Kind == assoc.HasOne || a.Kind == assoc.HasMany {
		delete(own, a.ForeignKey) // whatever the values say
	}
	created, err := i.Create(p.tx, a.As, own, p.through(a, values))
	if err != nil {
		return created, err
	}
	return p.link(created, values, o.below(a))
}

// through are the values for the link to a row that values for it have with them, by the name of the junction.
func (p *collectionRun) through(a *assoc.Association, values map[string]any) memrel.Values {
	link, ok := values[a.Through].(map[string]any)
	if !ok || a.Kind != assoc.BelongsToMany {
		return nil
	}
	return p.own(a.Junction, link)
}

// targetKey is the column by which values mean the rows of an association to many.
func (p *collectionRun) targetKey(a *assoc.Association) string {
	for _, b := range p.collections().Bindings(a.Source) {
		if b.Name == a.As {
			return b.RowKey
		}
	}
	return p.set().Table(a.TargetTable).Schema.PrimaryKey[0]
}

// namedByKey tells whether an object has the primary key of a row where rows are meant by another one.
func (p *collectionRun) namedByKey(a *assoc.Association, object map[string]any) bool {
	pk := p.set().Table(a.TargetTable).Schema.PrimaryKey
	return a.Kind == assoc.HasMany && len(pk) == 1 && pk[0] != p.targetKey(a) && object[pk[0]] != nil
}

func (p *collectionRun) isPrimary(table, column string) bool {
	return slices.Equal(p.set().Table(table).Schema.PrimaryKey, []string{column})
}

// rowBy is the row of a table that has a value in a column; there is none for NULL.
func (p *collectionRun) rowBy(table, column string, v any) (memrel.Instance, bool, error) {
	if v == nil {
		return memrel.Instance{}, false, nil
	}
	return memrel.ModelOf(table).First(p.tx, memrel.Query{Where: memrel.Eq(column, p.fit(table, column, v))})
}
