package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Include asks for the rows that an association leads to, with each row that a query finds.
type Include = query.Include

// Through is what to do with the junction rows that lead to rows.
type Through = query.Through

// Model is the handle of the model of that name, or of the table of that name; ok is false if the reader has none.
func (db *DB) Model(name string) (m Model, ok bool) { return modelIn(db, name) }

// Model is [DB.Model] for this view.
func (v View) Model(name string) (m Model, ok bool) { return modelIn(v, name) }

func modelIn(r Reader, name string) (Model, bool) {
	if info := Associations(r).Model(name); info != nil {
		return Model{info.Table}, true
	}
	state, _ := r.source()
	return Model{name}, state.Table(name) != nil
}

// tableIn is the table of that name that a state has, or else that of the model of that name; nil if there is neither.
func tableIn(state table.Reader, name string) *table.Table {
	if t := state.Table(name); t != nil {
		return t
	}
	if info := setOf(state).Model(name); info != nil {
		return state.Table(info.Table)
	}
	return nil
}

// FindAll collects the rows that a query asks for as instances, with what it includes. Cost: that of the query's path, and
// linear in the rows included, whatever the sizes of the tables; an [Order] by an association sorts all rows that the
// condition lets through. An association is included once: naming it twice in different words is an [ErrQuery]. Errors as
// [Model.Find], and [ErrUnknownAssociation].
func (m Model) FindAll(r Reader, q Query) ([]Instance, error) {
	state, t, err := on(r, "find", m.name)
	if err != nil {
		return nil, err
	}
	nodes, err := setOf(state).Find(state, t.Def().Name(), q)
	if err != nil {
		return nil, attempted("find", t.Def().Name(), err)
	}
	return instances(nodes), nil
}

// FindOne is the first row that a query asks for; ok is false if there is none. Errors as [Model.FindAll].
func (m Model) FindOne(r Reader, q Query) (i Instance, ok bool, err error) {
	q.Limit = 1
	found, err := m.FindAll(r, q)
	if err != nil || len(found) == 0 {
		return Instance{}, false, err
	}
	return found[0], true, nil
}

// FindByPk is the row with a primary key, with what the query includes; for a key of several columns key is a [Key].
// Errors as [Model.FindAll].
func (m Model) FindByPk(r Reader, key any, q Query) (i Instance, ok bool, err error) {
	_, t, err := on(r, "find", m.name)
	if err != nil {
		return Instance{}, false, err
	}
	parts, whole := key.(Key)
	if !whole {
		parts = Key{key}
	}
	pk := t.Def().Keys()[0].Columns
	if len(parts) != len(pk) {
		return Instance{}, false, wrongKey(t.Def(), len(parts))
	}
	conds := []Cond{q.Where}
	for n, column := range pk {
		if parts[n] == nil {
			return Instance{}, false, nil
		}
		conds = append(conds, Eq(column, parts[n]))
	}
	q.Where = And(conds...)
	return m.FindOne(r, q)
}

// countIncluding counts the rows for which a condition is true and that have what the includes require.
func countIncluding(r Reader, name string, where Cond, include []Include) (int, error) {
	state, t, err := on(r, "count", name)
	if err != nil {
		return 0, err
	}
	n, err := setOf(state).Count(state, t.Def().Name(), where, include...)
	return n, attempted("count", name, err)
}

// Create is [Model.Insert] that returns an instance.
func (m Model) Create(w Writer, values Values) (Instance, error) {
	row, err := m.Insert(w, values)
	if err != nil {
		return Instance{}, err
	}
	return InstanceOf(row), nil
}

// HasOne is the association by which a row of m has one row of target, which keeps the foreign key. It is a [Definition].
func (m Model) HasOne(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.HasOne, target, o)
}

// BelongsTo is the association by which a row of m belongs to one of target; m keeps the foreign key. It is a
// [Definition].
func (m Model) BelongsTo(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.BelongsTo, target, o)
}

// HasMany is the association by which a row of m has rows of target, which keep the foreign key. It is a [Definition].
func (m Model) HasMany(target Model, o ...AssociationOptions) AssociationSpec {
	return m.associate(assoc.HasMany, target, o)
}

// BelongsToMany is the association between rows of m and of target through a junction, which the options must name. It is
// a [Definition].
func (m Model) BelongsToMany(target Model, o AssociationOptions) AssociationSpec {
	return m.associate(assoc.BelongsToMany, target, []assoc.Options{o})
}

func (m Model) associate(k assoc.Kind, target Model, o []assoc.Options) assoc.Spec {
	s := assoc.Spec{Source: m.name, Kind: k, Target: target.name}
	if len(o) > 0 {
		s.Options = o[0]
	}
	return s
}
