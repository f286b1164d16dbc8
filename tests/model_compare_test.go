package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// sameTables compares every table that a reader shows with the model's.
func sameTables(where string, r memrel.Reader, want state) error {
	for _, s := range base {
		t, ok := want[s.Name]
		if !ok {
			if _, err := memrel.RowsOf(s.Name).Count(r, memrel.Cond{}); err == nil {
				return fmt.Errorf("%s: table %s is there, but the model has none", where, s.Name)
			}
			continue
		}
		got := slices.Collect(memrel.RowsOf(s.Name).All(r))
		if err := sameRows(where+": "+s.Name, got, t.all); err != nil {
			return err
		}
	}
	return nil
}

// sameRows compares rows in any order.
func sameRows(where string, got []memrel.Row, want []row) error {
	if len(got) == len(want) {
		left := slices.Clone(want)
		for _, g := range got {
			i := slices.IndexFunc(left, func(r row) bool { return sameRow(g, r) })
			if i < 0 {
				break
			}
			left = slices.Delete(left, i, i+1)
		}
		if len(left) == 0 {
			return nil
		}
	}
	var have, must []string
	for _, g := range got {
		have = append(have, show(g.Values()))
	}
	for _, r := range want {
		must = append(must, show(r))
	}
	slices.Sort(have)
	slices.Sort(must)
	return fmt.Errorf("%s: rows are\n\t%s\nbut the model has\n\t%s", where, strings.Join(have, "\n\t"), strings.Join(must, "\n\t"))
}

func sameRow(g memrel.Row, r row) bool {
	columns := g.Columns()
	if len(columns) != len(r) {
		return false
	}
	for _, c := range columns {
		if v, ok := r[c]; !ok || v != g.Get(c) {
			return false
		}
	}
	return true
}

func show(values map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, fmt.Sprintf("%s: %#v", name, values[name]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// knows tells whether a table has every column that a condition reads.
func (t rows) knows(c memrel.Cond) bool {
	_, ok := t.column(c.Column)
	return (ok || c.Column == "") && !slices.ContainsFunc(c.Conds, func(c memrel.Cond) bool { return !t.knows(c) })
}

// onModel runs a statement or a definition on the model.
func (o op) onModel(s state) ([]row, refusal) {
	switch o.kind {
	case insert:
		return s.insert(o.table, o.values)
	case upsert:
		return s.upsert(o.table, o.values, o.on)
	case truncate:
		return nil, s.truncate(o.table, o.with)
	case define:
		return nil, s.define(schemaOf(o.table))
	case drop:
		return nil, s.drop(o.table)
	case alter:
		return nil, s.alter(o.table, o.part)
	}
	return o.changeOnModel(s)
}

// changeOnModel runs an update or a delete on the model.
func (o op) changeOnModel(s state) ([]row, refusal) {
	t, ok := s[o.table]
	if !ok {
		return nil, refusal{memrel.ErrUnknownTable}
	}
	where, set, byKey := o.where, memrel.Values{}, o.kind == updateKey || o.kind == deleteKey
	if o.kind == updateKey || o.kind == updateWhere {
		set = o.values[0]
	}
	if byKey {
		where = memrel.Eq(t.schema.PrimaryKey[0], o.key[0])
		if len(o.key) > 1 {
			where = memrel.And(where, memrel.Eq(t.schema.PrimaryKey[1], o.key[1]))
		}
	}
	why := t.misfits(set)
	if !t.knows(where) {
		why = append(why, memrel.ErrUnknownColumn)
	}
	picked := s.pick(o.table, where)
	if byKey && len(picked) == 0 {
		why = append(why, memrel.ErrNotFound)
	}
	switch {
	case why != nil:
		return nil, why
	case o.kind == deleteKey || o.kind == deleteWhere:
		return s.delete(o.table, picked)
	case o.kind == shift:
		return s.update(o.table, picked, func(r row) memrel.Values { return shifted(t.schema, r, o.mode) })
	}
	return s.update(o.table, picked, func(row) memrel.Values { return set })
}

// shifted adds to the first column of the key, as SET id = id + 1 does.
func shifted(s memrel.Schema, r row, by int) memrel.Values {
	column := s.PrimaryKey[0]
	return memrel.Values{column: r[column].(int64) + int64(by)}
}

func schemaOf(name string) memrel.Schema {
	return base[slices.IndexFunc(base, func(s memrel.Schema) bool { return s.Name == name })]
}

// definer is what can be defined in: a store or a transaction.
type definer interface {
	Define(...memrel.Definition) error
	Alter(string, ...memrel.Part) error
	Drop(...string) error
}

// onStore runs a statement or a definition on the store.
func (o op) onStore(w memrel.Writer) (rows []memrel.Row, err error) {
	m := memrel.RowsOf(o.table)
	one := func(r memrel.Row, err error) ([]memrel.Row, error) { return []memrel.Row{r}, err }
	switch o.kind {
	case insert:
		if len(o.values) == 1 {
			return one(m.Insert(w, o.values[0]))
		}
		return m.InsertAll(w, o.values)
	case upsert:
		if len(o.values) == 1 {
			r, _, err := m.Upsert(w, o.values[0], o.on...)
			return one(r, err)
		}
		return m.UpsertAll(w, o.values, o.on...)
	case updateKey:
		return one(m.Update(w, o.values[0], o.key))
	case updateWhere:
		return m.UpdateWhere(w, o.where, o.values[0])
	case shift:
		return m.UpdateEach(w, o.where, func(r memrel.Row) memrel.Values {
			return shifted(schemaOf(o.table), r.Values(), o.mode)
		})
	case deleteKey:
		return one(m.Delete(w, o.key...))
	case deleteWhere:
		return m.DeleteWhere(w, o.where)
	case truncate:
		return nil, m.Truncate(w, o.with)
	case define:
		return nil, w.(definer).Define(schemaOf(o.table))
	case drop:
		return nil, w.(definer).Drop(o.table)
	}
	return nil, w.(definer).Alter(o.table, o.part)
}

var kindNames = [kinds]string{"insert", "upsert", "update", "update where", "shift", "delete", "delete where", "truncate",
	"find", "begin", "commit", "rollback", "savepoint", "rollback to", "release", "nested update", "end of nested update",
	"fork", "view", "fork of view", "define", "drop", "alter"}

// String is the operation as a line of a script.
func (o op) String() string {
	words := []string{kindNames[o.kind]}
	add := func(applies bool, word string) {
		if applies {
			words = append(words, word)
		}
	}
	onTable := o.kind <= find || o.kind >= define
	add(onTable, o.table)
	add(o.mark != "", o.mark)
	add(o.key != nil, fmt.Sprintf("%#v", []any(o.key)))
	add(o.kind == shift, fmt.Sprintf("%s += %d", schemaOf(o.table).PrimaryKey[0], o.mode))
	add(o.kind == unnest, []string{"ok", "with an error", "with a panic", "ok"}[o.mode%4])
	add(o.kind == truncate, fmt.Sprintf("%+v", o.with))
	for _, v := range o.values {
		add(true, show(v))
	}
	add(o.on != nil, "on "+strings.Join(o.on, ", "))
	add(o.key == nil && (o.where.Op.String() != "" || o.kind == shift), "where "+o.where.String())
	if o.part != nil {
		words = append(words, fmt.Sprintf("%T %+v", o.part, o.part))
	}
	return strings.Join(words, " ")
}
