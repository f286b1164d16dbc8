package waterline

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/types"
)

// entity is a model, or a junction that was made, with everything that follows from its definition.
type entity struct {
	Model
	identity string
	table    string
	store    *datastore
	attrs    []*attr // the primary key, then by name
	pk       *attr
	junction bool // it was made for a many-to-many
	handle   memrel.Rows
}

// attr is an attribute. One that is no column leads to many records.
type attr struct {
	Attribute
	name   string
	column memrel.Column // no name: there is no column
	rel    *relation     // nil: it is no association
}

// relation is where an association leads.
type relation struct {
	source, target *entity
	attr           *attr
	// A to-one association has its foreign key, key, in the source, and a one-to-many in the target. A many-to-many has two
	// in a junction: near refers to the source and far to the target.
	kind      kind
	key       *attr
	junction  *entity
	near, far *attr
}

type kind uint8

const (
	toOne kind = iota
	oneToMany
	manyToMany
)

// String reads: user.pets.
func (r *relation) String() string { return r.source.identity + "." + r.attr.name }

// attribute is the attribute of that name; nil if there is none.
func (e *entity) attribute(name string) *attr {
	for _, a := range e.attrs {
		if a.name == name {
			return a
		}
	}
	return nil
}

func (a *attr) isColumn() bool { return a.column.Name != "" }

// columnTypes are the types of attributes as those of columns.
var columnTypes = map[string]memrel.Type{
	"string": memrel.String, "text": memrel.String, "integer": memrel.Int, "float": memrel.Float, "number": memrel.Float,
	"boolean": memrel.Bool, "date": memrel.Time, "datetime": memrel.Time, "binary": memrel.Bytes, "json": memrel.JSON,
	"array": memrel.JSON,
}

// resolver makes entities of models.
type resolver struct{ o *Ontology }

func refusal(what, hint, detail string) error {
	return &memrel.Error{Kind: memrel.ErrDefinition, Op: "define", Table: what, Detail: detail, Hint: hint}
}

// resolve fills the ontology with entities.
func (o *Ontology) resolve(models []Model) error {
	r := &resolver{o}
	for _, m := range models {
		m.Attributes = maps.Clone(m.Attributes)
		o.models = append(o.models, m)
		if err := r.declare(m); err != nil {
			return err
		}
	}
	slices.SortStableFunc(o.entities, func(a, b *entity) int { return cmp.Compare(a.identity, b.identity) })
	for _, step := range []func(e *entity, a *attr) error{r.bindModel, r.checkDominant, r.bindCollection} {
		for _, e := range slices.Clone(o.entities) {
			for _, a := range e.attrs {
				if err := step(e, a); err != nil {
					return err
				}
			}
		}
	}
	r.twoKeys()
	return r.distinct()
}

// identityOf is the identity by which a model is found: case does not count.
func identityOf(m Model) string { return strings.ToLower(m.Identity) }

// declare adds an entity with its own columns.
func (r *resolver) declare(m Model) error {
	e := &entity{Model: m, identity: identityOf(m)}
	e.table = cmp.Or(m.TableName, m.Identity)
	e.handle = memrel.RowsOf(e.table)
	name := cmp.Or(m.Datastore, m.Connection, DefaultDatastore)
	switch {
	case e.identity == "":
		return refusal("", "give it one", "a model has no identity")
	case r.o.entity(e.identity) != nil:
		return refusal(e.identity, "give one of them another identity", "the model is defined twice")
	case m.Datastore != "" && m.Connection != "" && m.Datastore != m.Connection:
		return refusal(e.identity, "leave one of them out", "connection and datastore are two words for one thing, and differ")
	}
	e.store = r.o.datastore(name)
	r.o.entities = append(r.o.entities, e)
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		def, err := attribute(m.Attributes[name])
		if err != nil {
			return refusal(e.identity+"."+name, cureFor(err), types.DetailOf(err))
		}
		a := &attr{Attribute: def, name: name}
		if err := a.declare(e); err != nil {
			return err
		}
		e.attrs = append(e.attrs, a)
		if a.PrimaryKey {
			e.pk = a
		}
	}
	return e.key()
}

// declare checks what an attribute says of itself and makes its column, but that a foreign key has no type yet.
func (a *attr) declare(e *entity) error {
	a.Model, a.Collection, a.Through = strings.ToLower(a.Model), strings.ToLower(a.Collection), strings.ToLower(a.Through)
	what := e.identity + "." + a.name
	associated := a.Model != "" || a.Collection != ""
	_, known := columnTypes[a.Type]
	switch {
	case a.Model != "" && a.Collection != "":
		return refusal(what, "choose one", "it is a model and a collection")
	case a.Collection != "" && a.Type != "":
		return refusal(what, "leave the type out", "a collection has no value")
	case a.Model != "" && a.DefaultsTo != nil:
		return refusal(what, "leave it out", "an association has no default")
	case (!associated || a.Type != "") && !known:
		return refusal(what, "use string, text, integer, float, number, boolean, date, datetime, binary, json or array",
			fmt.Sprintf(`there is no type "%s"`, a.Type))
	case a.Collection == "" && (a.Via != "" || a.Through != ""):
		return refusal(what, "leave them out", "via and through belong to a collection")
	case !associated && a.Dominant:
		return refusal(what, "leave it out", "dominant belongs to a collection")
	case a.Through != "" && a.Via == "":
		return refusal(what, "name its attribute that refers to this model with via", "it goes through "+a.Through+" without via")
	case a.PrimaryKey && associated:
		return refusal(what, "give the model a key of its own", "an association is no primary key")
	case a.PrimaryKey && (columnTypes[a.Type] == memrel.Bytes || columnTypes[a.Type] == memrel.JSON):
		return refusal(what, "use a string, a number or a date", "a "+a.Type+" is no primary key")
	case a.PrimaryKey && e.pk != nil:
		return refusal(e.identity, "choose one", "it has two primary keys, "+e.pk.name+" and "+a.name)
	case a.Collection != "" && (a.Required || a.Unique || a.AutoIncrement || a.ColumnName != "" || a.DefaultsTo != nil):
		return refusal(what, "leave it out, or say it of the attribute that via names", "a collection has no column of which to say that")
	}
	if a.Collection != "" {
		return nil
	}
	a.column = memrel.Column{Name: cmp.Or(a.ColumnName, a.name), Type: columnTypes[a.Type], AutoIncrement: a.AutoIncrement,
		NotNull: a.Required || a.PrimaryKey, Default: a.DefaultsTo}
	if a.Type == "number" && (a.PrimaryKey || a.AutoIncrement) {
		a.column.Type = memrel.Int
	}
	return nil
}

// key gives the entity the primary key that it does not declare, and puts it first.
func (e *entity) key() error {
	if e.pk == nil {
		if e.attribute("id") != nil {
			return refusal(e.identity+".id", "say primaryKey: true of it, or of another attribute", "it is declared, but is no primary key")
		}
		e.pk = &attr{name: "id", Attribute: Attribute{Type: "integer", PrimaryKey: true, AutoIncrement: true},
			column: memrel.Column{Name: "id", Type: memrel.Int, NotNull: true, AutoIncrement: true}}
		e.attrs = append(e.attrs, e.pk)
	}
	slices.SortStableFunc(e.attrs, func(a, b *attr) int {
		switch e.pk {
		case a:
			return -1
		case b:
			return 1
		}
		return cmp.Compare(a.name, b.name)
	})
	return nil
}

// bindModel gives a foreign key its type.
func (r *resolver) bindModel(e *entity, a *attr) error {
	if a.Model == "" {
		return nil
	}
	target := r.o.entity(a.Model)
	if target == nil {
		return refusal(e.identity+"."+a.name, "define it", "there is no model "+a.Model)
	}
	own, key := columnTypes[a.Type], target.pk.column.Type
	if a.Type != "" && own != key && !(a.Type == "number" && key == memrel.Int) {
		return refusal(e.identity+"."+a.name, "leave the type out", "it is a "+a.Type+", but the key that it refers to is a "+key.String())
	}
	a.column.Type = key
	a.rel = &relation{source: e, target: target, attr: a, kind: toOne, key: a}
	return nil
}

// bindCollection finds what a collection goes by, and makes the junction that it needs.
func (r *resolver) bindCollection(e *entity, a *attr) error {
	if a.Collection == "" || a.rel != nil {
		return nil
	}
	target := r.o.entity(a.Collection)
	if target == nil {
		return refusal(e.identity+"."+a.name, "define it", "there is no model "+a.Collection)
	}
	a.rel = &relation{source: e, target: target, attr: a}
	if a.Through != "" {
		return r.through(a.rel)
	}
	if a.Via == "" {
		return r.oneWay(a.rel)
	}
	back := target.attribute(a.Via)
	switch {
	case back == nil:
		return refusal(a.rel.String(), "name a model or a collection there", target.identity+" has no attribute "+a.Via)
	case back == a:
		return refusal(a.rel.String(), "use two attributes, or none with via", "it leads back via itself")
	case back.Model == e.identity:
		a.rel.kind, a.rel.key = oneToMany, back
		return nil
	case back.Collection == e.identity && back.Through == "" && back.Via == a.name:
		return r.pair(a.rel, back)
	case back.Collection == e.identity && back.Through == "" && back.Via == "":
		return r.half(a.rel, back)
	}
	return refusal(a.rel.String(), "name one that does", target.identity+"."+a.Via+" does not lead back to it")
}

// oneWay makes the junction of a collection without via.
func (r *resolver) oneWay(rel *relation) error {
	return r.beside(rel, rel.target.identity+"_"+rel.attr.name+"_"+rel.target.identity)
}

// half makes the junction of a collection whose other side does not lead back to it, and so has one of its own, as all releases
// have it.
func (r *resolver) half(rel *relation, back *attr) error {
	other := rel.target.identity + "." + back.name
	r.o.warn(memrel.Diagnostic{Table: rel.source.identity, Name: rel.attr.name,
		Problem: "it goes via " + other + ", which has no via, so that each of them has a junction of its own",
		Cure:    "give " + other + ` via: "` + rel.attr.name + `"`})
	return r.beside(rel, rel.target.identity+"_"+back.name)
}

// beside makes a junction of one collection, which lives beside its model.
func (r *resolver) beside(rel *relation, far string) error {
	if rel.source.store.readOnly() {
		return cannotHold(rel.String(), rel.source.store)
	}
	return r.join(rel, nil, rel.source.identity+"_"+rel.attr.name, far, rel.source.store)
}

// pair makes the junction of two collections.
func (r *resolver) pair(rel *relation, back *attr) error {
	store, err := r.home(rel, back)
	if err != nil {
		return err
	}
	back.rel = &relation{source: rel.target, target: rel.source, attr: back}
	return r.join(rel, back.rel, rel.source.identity+"_"+rel.attr.name, rel.target.identity+"_"+back.name, store)
}

// join makes a junction with two columns, for one collection or for two.
func (r *resolver) join(rel, back *relation, near, far string, store *datastore) error {
	names := []string{near, far}
	slices.Sort(names)
	name := strings.Join(names, "__")
	if r.o.entity(strings.ToLower(name)) != nil {
		return refusal(rel.String(), "rename that model", "its junction has the name of the model "+name)
	}
	j := &entity{identity: name, table: name, store: store, junction: true, handle: memrel.RowsOf(name)}
	if err := j.key(); err != nil {
		return err
	}
	column := func(name string, to *entity) *attr {
		a := &attr{name: name, Attribute: Attribute{Model: to.identity, Required: true},
			column: memrel.Column{Name: name, Type: to.pk.column.Type, NotNull: true}}
		a.rel = &relation{source: j, target: to, attr: a, kind: toOne, key: a}
		return a
	}
	rel.kind, rel.junction, rel.near, rel.far = manyToMany, j, column(near, rel.source), column(far, rel.target)
	j.attrs = append(j.attrs, rel.near, rel.far)
	slices.SortFunc(j.attrs[1:], func(a, b *attr) int { return cmp.Compare(a.name, b.name) })
	if back != nil {
		back.kind, back.junction, back.near, back.far = manyToMany, j, rel.far, rel.near
	}
	r.o.entities = append(r.o.entities, j)
	return nil
}

// through finds the two foreign keys of a model that joins two others.
func (r *resolver) through(rel *relation) error {
	j := r.o.entity(rel.attr.Through)
	if j == nil {
		return refusal(rel.String(), "define it", "there is no model "+rel.attr.Through)
	}
	near := j.attribute(rel.attr.Via)
	if near == nil || near.Model != rel.source.identity {
		return refusal(rel.String(), "name one that does", j.identity+"."+rel.attr.Via+" does not refer to "+rel.source.identity)
	}
	var far []*attr
	for _, a := range j.attrs {
		if a != near && a.Model == rel.target.identity {
			far = append(far, a)
		}
	}
	if len(far) > 1 {
		far = slices.DeleteFunc(far, func(a *attr) bool {
			return !slices.ContainsFunc(rel.target.attrs, func(b *attr) bool {
				return b.Through == j.identity && b.Collection == rel.source.identity && b.Via == a.name
			})
		})
	}
	if len(far) != 1 {
		return refusal(rel.String(), "let one attribute of "+j.identity+" refer to it, or name one with via on the other side",
			"it is not clear by which key "+j.identity+" refers to "+rel.target.identity)
	}
	rel.kind, rel.junction, rel.near, rel.far = manyToMany, j, near, far[0]
	return nil
}

// distinct refuses two tables or two columns of one name.
func (r *resolver) distinct() error {
	for i, e := range r.o.entities {
		for _, other := range r.o.entities[:i] {
			if e.store == other.store && e.table == other.table {
				return refusal(e.identity, "give one of them another tableName", "it has the table of "+other.identity+", "+e.table)
			}
		}
		for k, a := range e.attrs {
			for _, b := range e.attrs[:k] {
				if a.isColumn() && a.column.Name == b.column.Name {
					return refusal(e.identity+"."+a.name, "give one of them another columnName", "it has the column of "+b.name+", "+a.column.Name)
				}
			}
		}
	}
	return nil
}

// twoKeys warns of two models that refer to each other by foreign keys that know nothing of each other.
func (r *resolver) twoKeys() {
	for _, e := range r.o.entities {
		for _, a := range e.attrs {
			if a.Model == "" || e.junction || a.Unique {
				continue
			}
			for _, b := range r.o.entity(a.Model).attrs {
				other := a.rel.target
				if b.Model == e.identity && !b.Unique && (e.identity < other.identity || e == other && a.name < b.name) &&
					!viaNames(e, other, b) && !viaNames(other, e, a) {
					r.o.warn(memrel.Diagnostic{Table: e.identity, Name: a.name,
						Problem: "it and " + other.identity + "." + b.name + " are two keys that know nothing of each other",
						Cure:    "to have a one-to-one, give one side unique: true and let the other be a collection via it"})
				}
			}
		}
	}
}

// viaNames tells whether a collection of e goes via a key of another model, which is then no half of a one-to-one.
func viaNames(e, other *entity, key *attr) bool {
	return slices.ContainsFunc(e.attrs, func(a *attr) bool { return a.Collection == other.identity && a.Via == key.name })
}
