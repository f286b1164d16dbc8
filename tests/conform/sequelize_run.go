package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/memrel/memrel"
)

// replay is one run of a recording.
type replay struct {
	db    *memrel.DB
	tx    *memrel.Tx
	bound map[string]memrel.Instance
}

// errUnknown says that the runner does not know what a step asks for, which fails the scenario.
type errUnknown struct{ what string }

func (e errUnknown) Error() string { return "the runner does not know " + e.what }

// errNoRow says that a step names a row that is not there.
type errNoRow struct{ what string }

func (e errNoRow) Error() string { return "there is no row " + e.what }

func (p *replay) writer() memrel.Writer {
	if p.tx != nil {
		return p.tx
	}
	return p.db
}

func (p *replay) model(name string) memrel.Model {
	m, ok := p.db.Model(name)
	if !ok {
		panic(errUnknown{"model " + name})
	}
	return m
}

// do carries out a step and returns its outcome as the recordings write it, errors apart.
func (p *replay) do(st *recordedStep) (any, error) {
	switch st.Do {
	case "begin":
		p.tx = p.db.Begin()
	case "commit":
		err := p.tx.Commit()
		p.tx = nil
		return ok, err
	case "rollback":
		p.tx.Rollback()
		p.tx = nil
	case "tables":
		return map[string]any{"tables": p.tables()}, nil
	case "findAll", "findOne", "findByPk", "count":
		return p.find(st)
	case "create", "bulkCreate", "upsert", "findOrCreate", "increment", "decrement", "update", "destroy":
		return p.write(st)
	case "call", "save", "delete":
		return p.onRow(st)
	case "bind":
		return p.bind(st)
	case "inspect":
		i, known := p.bound[st.Name]
		if !known {
			return nil, errUnknown{"instance " + st.Name}
		}
		return map[string]any{"row": i}, nil
	default:
		return nil, errUnknown{"step " + st.Do}
	}
	return ok, nil
}

var ok = map[string]any{"ok": true}

func (p *replay) tables() map[string]any {
	out := map[string]any{}
	for _, m := range memrel.Associations(p.writer()).Models() {
		rows := []memrel.Row{}
		for row := range memrel.RowsOf(m.Table).All(memrel.WithDeleted(p.writer())) {
			rows = append(rows, row)
		}
		out[m.Name] = rows
	}
	return out
}

func (p *replay) find(st *recordedStep) (any, error) {
	m, r := p.model(st.Model), p.writer()
	q, err := p.query(st.Model, st)
	if err != nil {
		return nil, err
	}
	switch st.Do {
	case "findAll":
		rows, err := m.Find(r, q)
		if st.Limit != nil && *st.Limit == 0 { // which a query takes for no limit
			rows = []memrel.Instance{}
		}
		return map[string]any{"rows": rows}, err
	case "count":
		n, err := m.Count(r, q.Where, q.Include...)
		return map[string]any{"value": n}, err
	case "findOne":
		row, _, err := m.First(r, q)
		return map[string]any{"row": row}, err
	}
	q.Where = memrel.Cond{} // in place of which the recorded system puts the key
	row, _, err := m.FindByPk(r, q, p.key(m, st.PK))
	return map[string]any{"row": row}, err
}

// key is a primary key: a value, or an object for one of several columns.
func (p *replay) key(m memrel.Model, pk any) any {
	object, ok := pk.(map[string]any)
	if !ok {
		return pk
	}
	schema, _ := p.db.View().Schema(m.Name())
	key := memrel.Key{}
	for _, name := range schema.PrimaryKey {
		key = append(key, object[name])
	}
	return key
}

func (p *replay) write(st *recordedStep) (any, error) {
	m, w := p.model(st.Model), p.writer()
	where, err := conditionOf(st.Where)
	if err != nil {
		return nil, err
	}
	switch st.Do {
	case "create":
		include, err := p.includes(st.Model, st.Include)
		if err != nil {
			return nil, err
		}
		row, err := m.Create(w, p.nested(m.Name(), st.Values, include), include...)
		return map[string]any{"row": row}, err
	case "bulkCreate":
		include, err := p.includes(st.Model, st.Include)
		if err != nil {
			return nil, err
		}
		var rows []memrel.Values
		for _, r := range st.Rows {
			rows = append(rows, p.nested(m.Name(), r.(map[string]any), include))
		}
		out, err := m.CreateAll(w, rows, include...)
		return map[string]any{"rows": out}, err
	case "upsert":
		row, _, err := m.Upsert(w, p.known(m.Name(), st.Values), st.ConflictFields...)
		return map[string]any{"row": row}, err
	case "findOrCreate":
		equal, _ := st.Where.(map[string]any)
		row, created, err := m.FindOrCreate(w, p.known(m.Name(), equal), p.known(m.Name(), st.Defaults))
		return map[string]any{"row": row, "created": created}, err
	case "increment", "decrement":
		_, err := m.Increment(w, where, st.terms())
		return ok, err
	case "update":
		set := p.known(m.Name(), st.Values)
		delete(set, memrel.Associations(p.db).Model(st.Model).UpdatedAt)
		if len(set) == 0 { // the recorded system does nothing then
			return map[string]any{"affected": 0}, nil
		}
		rows, err := m.UpdateWhere(w, where, set)
		return map[string]any{"affected": len(rows)}, err
	}
	rows, err := m.DeleteWhere(w, where)
	return map[string]any{"affected": len(rows)}, err
}

// known leaves out values for columns that a table does not have: the recorded system ignores them, memrel refuses them.
func (p *replay) known(tableName string, values map[string]any) memrel.Values {
	if values == nil {
		return nil
	}
	schema, _ := p.db.View().Schema(tableName)
	out := memrel.Values{}
	for _, c := range schema.Columns {
		if v, given := values[c.Name]; given {
			out[c.Name] = v
		}
	}
	return out
}

// nested is known for values that have the rows of includes among them.
func (p *replay) nested(tableName string, values map[string]any, include []memrel.Include) memrel.Values {
	out := p.known(tableName, values)
	set := memrel.Associations(p.db)
	for _, a := range set.Of(tableName) {
		at := slices.IndexFunc(include, func(in memrel.Include) bool { return in.All || in.As == a.As || in.As == "" && in.Model == a.Target })
		v, given := values[a.As]
		if at < 0 || !given {
			continue
		}
		var below []any
		list, many := v.([]any)
		if !many && v != nil {
			list = []any{v}
		}
		for _, one := range list {
			of := one.(map[string]any)
			row := p.nested(a.TargetTable, of, include[at].Include)
			if junction, given := of[a.Through].(map[string]any); given {
				row[a.Through] = p.known(a.Junction, junction)
			}
			below = append(below, row)
		}
		out[a.As] = below
	}
	return out
}

// terms are what an increment adds to which columns.
func (st *recordedStep) terms() memrel.Values {
	by := st.By
	if by == nil {
		by = json.Number("1")
	}
	out := memrel.Values{}
	switch f := st.Fields.(type) {
	case string:
		out[f] = by
	case []any:
		for _, name := range f {
			out[fmt.Sprint(name)] = by
		}
	case map[string]any:
		maps.Copy(out, f)
	}
	for name, v := range out {
		if st.Do == "decrement" {
			out[name] = json.Number("-" + fmt.Sprint(v))
		}
	}
	return out
}

// row is the row that a step names, loaded or kept.
func (p *replay) row(on map[string]any) (memrel.Instance, error) {
	if name, kept := on["bound"].(string); kept {
		i, known := p.bound[name]
		if !known {
			return i, errUnknown{"instance " + name}
		}
		return i, nil
	}
	name, isName := on["model"].(string)
	if !isName {
		return memrel.Instance{}, errUnknown{fmt.Sprintf("row %v", on)}
	}
	m := p.model(name)
	i, found, err := m.FindByPk(p.writer(), memrel.Query{}, p.key(m, on["pk"]))
	if err == nil && !found {
		err = errNoRow{fmt.Sprint(on)}
	}
	return i, err
}

func (p *replay) bind(st *recordedStep) (any, error) {
	m := p.model(st.Model)
	q, err := p.query(st.Model, st)
	if err != nil {
		return nil, err
	}
	i, found, err := m.FindByPk(p.writer(), q, p.key(m, st.PK))
	if err == nil && !found {
		err = errNoRow{fmt.Sprint(st.PK)}
	}
	p.bound[st.Name] = i
	return map[string]any{"row": i}, err
}

func (p *replay) onRow(st *recordedStep) (any, error) {
	i, err := p.row(st.On)
	if err != nil {
		return nil, err
	}
	switch st.Do {
	case "delete":
		return ok, i.Delete(p.writer())
	case "save":
		for name, v := range p.known(i.Row().Table(), st.Values) {
			i.SetValue(name, v)
		}
		for as, values := range st.Included {
			changeIncluded(i, as, values)
		}
		return map[string]any{"row": i}, i.Save(p.writer())
	}
	return p.call(i, st)
}

// changeIncluded gives values to rows that were included, in hand.
func changeIncluded(i memrel.Instance, as string, values any) {
	rows, _ := i.Included(as)
	for n, row := range rows {
		of := values
		if list, many := values.([]any); many {
			if n >= len(list) {
				break
			}
			of = list[n]
		}
		for name, v := range of.(map[string]any) {
			row.SetValue(name, v)
		}
	}
}
