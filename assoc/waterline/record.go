package waterline

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Record is a record as it was found, with what was populated, and an instance: it takes changes and members of collections,
// which [Record.Save] writes. It does not follow the stored record. A Record belongs to one goroutine at a time as soon as
// somebody changes it. A nil Record is no record: it has no values, and is not saved.
type Record struct {
	*found
	rec  index.Record
	more *more // nil for most
}

// found is what the records of one question have in common.
type found struct {
	o   *Ontology
	e   *entity
	def *table.Def
}

// recordOf is the record of a row.
func recordOf(o *Ontology, e *entity, row memrel.Row) *Record {
	return &Record{found: &found{o, e, table.DefOf(row)}, rec: table.RecordOf(row)}
}

// row is the row as it was found.
func (r *Record) row() memrel.Row { return table.RowOf(r.def, r.rec, nil) }

// more is what a record has beside its row.
type more struct {
	fields  []*attr // those selected; nil is all
	loaded  []loaded
	changed map[string]any
	queue   []queued
}

// loaded is what was populated: one record or none of a to-one association, else any number.
type loaded struct {
	attr *attr
	list []*Record
	at   int // while it is being populated
}

func (r *Record) rest() *more {
	if r.more == nil {
		r.more = &more{}
	}
	return r.more
}

// missing tells whether there is no record.
func (r *Record) missing() bool { return r == nil || r.found == nil }

// Key is the primary key; nil for no record.
func (r *Record) Key() any {
	if r.missing() {
		return nil
	}
	return r.row().Get(r.e.pk.column.Name)
}

// Get is the value of an attribute: int64, float64, bool, string, []byte, time.Time, json.RawMessage, or nil. What was
// populated is a *Record, nil if there is none, or a []*Record. An attribute that the record does not have is nil too.
func (r *Record) Get(name string) any {
	if r.missing() {
		return nil
	}
	a := r.e.attribute(name)
	if a == nil {
		return nil
	}
	if r.more != nil {
		if v, ok := r.more.changed[name]; ok {
			return v
		}
		if l := r.loaded(a); l != nil && a.isColumn() {
			return l.one()
		} else if l != nil {
			return l.list
		}
	}
	if !a.isColumn() {
		return nil
	}
	return r.row().Get(a.column.Name)
}

// one is the record of a to-one association: nil, and no record that is nil.
func (l *loaded) one() any {
	if len(l.list) == 0 {
		return nil
	}
	return l.list[0]
}

func (r *Record) loaded(a *attr) *loaded {
	if r.more == nil {
		return nil
	}
	for i := range r.more.loaded {
		if r.more.loaded[i].attr == a {
			return &r.more.loaded[i]
		}
	}
	return nil
}

// Many are the records that were populated under a name: those of a collection, or the one of a to-one association.
func (r *Record) Many(name string) []*Record {
	if r.missing() {
		return nil
	}
	if l := r.loaded(r.e.attribute(name)); l != nil {
		return l.list
	}
	return nil
}

// One is the record that was populated under the name of a to-one association; nil if there is none.
func (r *Record) One(name string) *Record {
	if many := r.Many(name); len(many) > 0 {
		return many[0]
	}
	return nil
}

// Set changes an attribute of the instance; [Record.Save] writes it. A foreign key takes a primary key, a record, or a map:
// a record that is to be created, or changed if the map has its primary key.
func (r *Record) Set(name string, v any) {
	if r.missing() {
		return
	}
	m := r.rest()
	if m.changed == nil {
		m.changed = map[string]any{}
	}
	m.changed[name] = v
}

// shown are the attributes that the record shows: those selected, and those populated.
func (r *Record) shown() (out []*attr) {
	for _, a := range r.e.attrs {
		selected := a.isColumn() && (r.more == nil || r.more.fields == nil || slices.Contains(r.more.fields, a))
		if selected || r.loaded(a) != nil {
			out = append(out, a)
		}
	}
	return out
}

// Map is the record as a map of the caller's own, in which populated records are maps too.
func (r *Record) Map() map[string]any {
	if r.missing() {
		return nil
	}
	out := map[string]any{}
	for _, a := range r.shown() {
		switch v := r.Get(a.name).(type) {
		case *Record:
			out[a.name] = v.Map()
		case []*Record:
			list := make([]any, len(v))
			for i, one := range v {
				list[i] = one.Map()
			}
			out[a.name] = list
		default:
			out[a.name] = v
		}
	}
	return out
}

// MarshalJSON writes the record as an object: the primary key, then its attributes by name.
func (r *Record) MarshalJSON() ([]byte, error) {
	if r.missing() {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	for i, a := range r.shown() {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		b.WriteByte(sep)
		name, err := json.Marshal(a.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(r.jsonOf(a))
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (r *Record) jsonOf(a *attr) any {
	v := r.Get(a.name)
	if list, ok := v.([]*Record); ok && list == nil {
		return []any{}
	}
	changed := r.more != nil && r.more.changed[a.name] != nil
	if a.isColumn() && !changed && r.loaded(a) == nil {
		return r.row().JSON(a.column.Name)
	}
	return v
}

// String is the record as JSON, for people.
func (r *Record) String() string {
	text, err := r.MarshalJSON()
	if err != nil {
		return r.row().String()
	}
	return string(text)
}
