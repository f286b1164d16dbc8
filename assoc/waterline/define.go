package waterline

import (
	"bytes"
	"slices"

	"github.com/memrel/memrel"
)

// define makes the tables that the datastores lack, and has them keep the models, in each datastore all or none. Where there is a
// table, it must have the columns.
func (o *Ontology) define() error {
	kept := o.kept()
	lacking := make([][]memrel.Definition, len(o.stores))
	for _, s := range o.stores {
		var err error
		if lacking[s.index], err = o.lacks(s, kept); err != nil {
			return err
		}
	}
	var txs []*memrel.Tx
	defer func() {
		for _, tx := range txs {
			tx.Rollback()
		}
	}()
	for _, s := range o.stores {
		if len(lacking[s.index]) == 0 {
			continue
		}
		tx := s.db.Begin()
		txs = append(txs, tx)
		if err := tx.Define(lacking[s.index]...); err != nil {
			return err
		}
	}
	for _, tx := range txs {
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// lacks are the definitions that a datastore lacks. Tables that it has, and all of one that is read-only, must fit.
func (o *Ontology) lacks(s *datastore, kept form) ([]memrel.Definition, error) {
	v := s.view()
	if s.absent {
		return nil, refusal(s.name, "give it with ReadOnly", "the datastore was read-only when the ontology was saved, and is not among the stores given")
	}
	tables := v.Tables() // sorted
	isNew := func(e *entity) bool { _, has := slices.BinarySearch(tables, e.table); return !has }
	for _, e := range o.of(s) {
		if isNew(e) && !s.readOnly() {
			continue
		}
		if err := e.fits(v); err != nil {
			return nil, err
		}
	}
	if s.readOnly() {
		return nil, nil
	}
	defs := o.definitions(s, isNew)
	if f := kept.by(s.name); !bytes.Equal(f.Text, v.Form(formName)) {
		defs = append(defs, f)
	}
	return defs, nil
}

// of are the entities of a datastore.
func (o *Ontology) of(s *datastore) (out []*entity) {
	for _, e := range o.entities {
		if e.store == s {
			out = append(out, e)
		}
	}
	return out
}

// fits refuses a table that lacks a column, or has it of another type.
func (e *entity) fits(v memrel.View) error {
	s, ok := v.Schema(e.table)
	if !ok {
		return refusal(e.identity, "define it there", "the datastore "+e.store.name+" has no table "+e.table)
	}
	for _, a := range e.attrs {
		if a.isColumn() && !slices.ContainsFunc(s.Columns, func(c memrel.Column) bool { return c.Name == a.column.Name && c.Type == a.column.Type }) {
			return refusal(e.identity+"."+a.name, "alter the table, or open another store",
				"the table "+e.table+" of the datastore "+e.store.name+" has no column "+a.column.Name+" of type "+a.column.Type.String())
		}
	}
	if !slices.Equal(s.PrimaryKey, []string{e.pk.column.Name}) {
		return refusal(e.identity, "alter the table, or open another store", "the table "+e.table+" has another primary key than "+e.pk.column.Name)
	}
	return nil
}

// definer makes the definitions of a datastore.
type definer struct {
	*Ontology
	isNew func(*entity) bool // the entity has no table yet
}

// name is how the store knows an entity: by its identity, or by its table if there was one before.
func (d definer) name(e *entity) string {
	if d.isNew(e) {
		return e.identity
	}
	return e.table
}

// all are the definitions of a datastore that has no tables yet.
func (o *Ontology) all(name string) []memrel.Definition {
	return append(o.definitions(o.datastore(name), func(*entity) bool { return true }), o.kept().by(name))
}

// definitions are the models of a datastore, and the associations inside it, whose source is new.
func (o *Ontology) definitions(s *datastore, isNew func(*entity) bool) (out []memrel.Definition) {
	d := definer{o, isNew}
	for _, e := range o.of(s) {
		if isNew(e) {
			out = append(out, d.modelOf(e))
		}
	}
	for _, e := range o.of(s) {
		for _, a := range e.attrs {
			if a.Collection != "" && isNew(e) && a.rel.target.store == s {
				if spec, ok := d.associationOf(a.rel); ok {
					out = append(out, spec)
				}
			}
		}
	}
	return out
}

// modelOf is an entity as the store knows it.
func (d definer) modelOf(e *entity) memrel.ModelSpec {
	m := memrel.ModelSpec{Name: e.identity, TableName: e.table}
	for _, a := range e.attrs {
		if !a.isColumn() {
			continue
		}
		c := memrel.Attribute{Column: a.column, PrimaryKey: a.PrimaryKey, Unique: a.Unique && !a.PrimaryKey}
		if a.rel != nil && !a.Unique {
			m.Indexes = append(m.Indexes, memrel.Index{Columns: []string{a.column.Name}})
		}
		if a.rel != nil && d.refers(a.rel) {
			c.References, c.RefKey, c.OnUpdate, c.OnDelete = d.name(a.rel.target), a.rel.target.pk.column.Name, memrel.NoAction, memrel.NoAction
			if e.junction {
				c.OnDelete = memrel.Cascade
			}
		}
		m.Columns = append(m.Columns, c)
	}
	if e.junction {
		m.UniqueKeys = []memrel.UniqueKey{{Columns: []string{e.attrs[1].column.Name, e.attrs[2].column.Name}}}
		m.Indexes = m.Indexes[1:] // the unique key begins with the first
	}
	return m
}

// refers tells whether a foreign key is a reference of its datastore.
func (o *Ontology) refers(rel *relation) bool {
	return o.checked && rel.source.store == rel.target.store
}

// associationOf is a collection as the store knows it; ok is false if its junction lives elsewhere, or its name is taken there.
func (d definer) associationOf(rel *relation) (spec memrel.AssociationSpec, ok bool) {
	options := memrel.AssociationOptions{As: rel.attr.name, Unconstrained: !d.checked}
	if d.checked {
		options.OnUpdate, options.OnDelete = memrel.NoAction, memrel.NoAction
	}
	spec = memrel.AssociationSpec{Source: d.name(rel.source), Target: d.name(rel.target), Options: options}
	if slices.ContainsFunc(rel.source.attrs, func(a *attr) bool { return a.column.Name == rel.attr.name }) {
		return spec, false
	}
	if rel.kind == oneToMany {
		spec.Kind, spec.Options.ForeignKey = hasMany, rel.key.column.Name
		return spec, true
	}
	spec.Kind, spec.Options.Through = belongsToMany, d.name(rel.junction)
	spec.Options.ForeignKey, spec.Options.OtherKey = rel.near.column.Name, rel.far.column.Name
	spec.Options.NotUnique = !rel.junction.junction
	if rel.junction.junction && d.checked {
		spec.Options.OnDelete = memrel.Cascade
	}
	return spec, rel.junction.store == rel.source.store && rel.attr.name != spec.Options.Through
}
