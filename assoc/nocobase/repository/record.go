package repository

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/table"
)

// Record is a row as a [Find] asks for it, with what is loaded with it. It does not follow the stored row. The zero Record is no row.
type Record struct {
	i memrel.Instance
	w *shown
	f *loaded
}

// loaded are rows that were loaded beside a query, by the key that leads to them.
type loaded struct {
	lists map[*shown]map[string]memrel.Instance
	above map[*shown]map[string]memrel.Instance // of what is followed recursively
}

// records are rows as they are to be shown. What lists of keys and recursive paths lead to is loaded now.
func (w *shown) records(rows []memrel.Instance) ([]Record, error) {
	f := &loaded{}
	if err := f.load(w, rows); err != nil {
		return nil, err
	}
	out := make([]Record, len(rows))
	for i, row := range rows {
		out[i] = Record{row, w, f}
	}
	return out, nil
}

// whole is a row with all its columns and nothing beside.
func (c *place) whole(i memrel.Instance) Record {
	if i.IsZero() {
		return Record{}
	}
	return c.wholes([]memrel.Instance{i})[0]
}

// wholes is whole for several rows.
func (c *place) wholes(rows []memrel.Instance) []Record {
	w := &shown{c: c, own: every}
	w.drop()
	out := make([]Record, len(rows))
	for i, row := range rows {
		out[i] = Record{row, w, &loaded{}}
	}
	return out
}

// IsZero tells whether there is no row.
func (r Record) IsZero() bool { return r.i.IsZero() }

// Instance is the row as the root package has it, with its verbs.
func (r Record) Instance() memrel.Instance { return r.i }

// Value is the value of a column, as [memrel.Row.Get] gives it: nil for one that is not shown, but those that are hidden.
func (r Record) Value(column string) any {
	if r.w == nil || !r.w.shows(column) {
		return nil
	}
	return r.i.Value(column)
}

// Rows are the rows that a relation has loaded: any number, or one or none. ok is false if it was not asked for.
func (r Record) Rows(as string) (rows []Record, ok bool) {
	if r.w == nil {
		return nil, false
	}
	if r.w.recursive && as == r.w.as {
		if up, there := r.f.above[r.w][key(plain(r.i.Value(r.w.a.ForeignKey)))]; there {
			return []Record{{up, r.w.alone, r.f}}, true
		}
	}
	w := r.w.kid(as)
	if w == nil {
		return nil, false
	}
	if w.list != nil {
		for _, e := range elements(r.i.Value(w.list.ForeignKey)) {
			if row, there := r.f.lists[w][key(e)]; there && !w.keyless(r.w) {
				rows = append(rows, Record{row, w, r.f})
			}
		}
		return rows, true
	}
	found, _ := r.i.Included(as)
	for _, row := range found {
		rows = append(rows, Record{row, w, r.f})
	}
	return rows, true
}

// Row is the row that a relation to one has loaded; ok is false if there is none.
func (r Record) Row(as string) (row Record, ok bool) {
	rows, _ := r.Rows(as)
	if len(rows) == 0 {
		return Record{}, false
	}
	return rows[0], true
}

// Junction is the junction row by which a belongsToMany has led here, if the row is shown whole.
func (r Record) Junction() memrel.Row {
	if r.w == nil || r.w.own != every {
		return memrel.Row{}
	}
	return r.i.Junction()
}

// plain is a value as lists and keys are compared: JSON is decoded.
func plain(v any) any {
	if raw, ok := v.(json.RawMessage); ok {
		out, err := decoded(raw)
		if err == nil {
			return out
		}
	}
	return v
}

// decoded is JSON with numbers as they are written.
func decoded(raw []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}

// MarshalJSON writes the columns shown, then what is loaded, by the name of its relation, then the junction row, by the name of its
// collection. No row is null.
func (r Record) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	b.WriteByte('{')
	own, err := shownOf(r.i.Row(), r.w.cut)
	b.Write(own)
	for _, k := range r.w.kids {
		if err == nil {
			err = r.write(&b, k)
		}
	}
	if up, recursive := r.Rows(r.w.as); err == nil && recursive && r.w.recursive && r.w.kid(r.w.as) == nil {
		err = member(&b, r.w.as, up[0])
	}
	if j := r.Junction(); err == nil && !j.IsZero() {
		err = r.writeJunction(&b, j)
	}
	b.WriteByte('}')
	return b.Bytes(), err
}

// shownOf are columns of a row as JSON, without the braces.
func shownOf(row memrel.Row, cut []int) ([]byte, error) {
	if cut != nil && len(cut) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(table.RowOf(table.DefOf(row), table.RecordOf(row), cut))
	if err != nil {
		return nil, err
	}
	return text[1 : len(text)-1], nil
}

func (r Record) write(b *bytes.Buffer, k *shown) error {
	rows, _ := r.Rows(k.as)
	if k.many() {
		return member(b, k.as, append([]Record{}, rows...))
	}
	one, _ := r.Row(k.as)
	return member(b, k.as, one)
}

func (r Record) writeJunction(b *bytes.Buffer, j memrel.Row) error {
	name := r.w.c.s.all.Named(j.Table())
	c, err := r.w.c.s.at(name)
	if err != nil {
		return err
	}
	return member(b, name, Record{memrel.InstanceOf(j), c.whole(memrel.InstanceOf(j)).w, r.f})
}

// member writes one more member of an object.
func member(b *bytes.Buffer, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if b.Len() > 1 {
		b.WriteByte(',')
	}
	as, err := json.Marshal(name)
	b.Write(as)
	b.WriteByte(':')
	b.Write(text)
	return err
}

// String is the record for people, as JSON.
func (r Record) String() string {
	text, err := r.MarshalJSON()
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(text)
}

// load loads what is found beside the query for rows, and for what they have loaded.
func (f *loaded) load(w *shown, rows []memrel.Instance) error {
	if len(rows) == 0 {
		return nil
	}
	if w.recursive && belongsTo(w.step) && !w.c.has(w.a.ForeignKey) {
		return w.c.refused("append what lies above "+w.as+" by its own path", "%s leads to another collection, and cannot be followed recursively", w.as)
	}
	if w.recursive && belongsTo(w.step) && w.own == every {
		if err := f.climb(w, rows); err != nil {
			return err
		}
	}
	for _, k := range w.kids {
		if !k.besides() {
			continue
		}
		next, err := f.below(w, k, rows)
		if err == nil {
			err = f.load(k, next)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// besides tells whether something is loaded beside the query, there or below.
func (w *shown) besides() bool {
	return w.list != nil || w.recursive || slices.ContainsFunc(w.kids, (*shown).besides)
}

// below are the rows that a relation leads to from some.
func (f *loaded) below(w, k *shown, rows []memrel.Instance) (out []memrel.Instance, err error) {
	if k.list != nil && !k.keyless(w) {
		return f.listed(k, rows)
	}
	for _, row := range rows {
		found, _ := row.Included(k.as)
		out = append(out, found...)
	}
	return out, nil
}

// listed loads the rows that lists of keys lead to.
func (f *loaded) listed(k *shown, rows []memrel.Instance) ([]memrel.Instance, error) {
	var keys []any
	for _, row := range rows {
		keys = append(keys, elements(row.Value(k.list.ForeignKey))...)
	}
	include, err := k.includes()
	if err != nil {
		return nil, err
	}
	found, err := k.c.among(k.list.TargetKey, keys, include)
	if f.lists == nil {
		f.lists = map[*shown]map[string]memrel.Instance{}
	}
	f.lists[k] = map[string]memrel.Instance{}
	for _, row := range found {
		f.lists[k][key(row.Value(k.list.TargetKey))] = row
	}
	return found, err
}

// among are the rows with one of some values in a column; what is no value of it is passed over.
func (c *place) among(column string, values []any, include []memrel.Include) ([]memrel.Instance, error) {
	var fit []any
	for _, v := range values {
		if v = c.fit(column, v); c.typeOf(column) != memrel.Int || isNumber(v) {
			fit = append(fit, v)
		}
	}
	if len(fit) == 0 {
		return nil, nil
	}
	return c.model().Find(c.s.r, memrel.Query{Where: memrel.In(column, fit...), Include: include})
}

func isNumber(v any) bool {
	_, text := v.(string)
	return !text && v != nil
}

// climb loads the rows above some, all the way up.
func (f *loaded) climb(w *shown, rows []memrel.Instance) error {
	up := map[string]memrel.Instance{}
	for next := rows; len(next) > 0; {
		var keys []any
		for _, row := range next {
			v := row.Value(w.a.ForeignKey)
			if _, known := up[key(v)]; v != nil && !known {
				keys = append(keys, v)
			}
		}
		var err error
		if next, err = w.c.among(w.a.TargetKey, keys, nil); err != nil {
			return err
		}
		for _, row := range next {
			up[key(row.Value(w.a.TargetKey))] = row
		}
	}
	for _, row := range up {
		for n := 0; ; n++ {
			above, more := up[key(row.Value(w.a.ForeignKey))]
			if row = above; !more {
				break
			}
			if n > len(up) {
				return w.c.refused("append one level", "%s leads back to where it began, and cannot be followed recursively", w.as)
			}
		}
	}
	if f.above == nil {
		f.above = map[*shown]map[string]memrel.Instance{}
	}
	w.alone = &shown{step: w.step, c: w.c, own: w.own, names: w.names, left: w.left, cut: w.cut, recursive: true}
	w.alone.alone = w.alone
	f.above[w], f.above[w.alone] = up, up
	return nil
}
