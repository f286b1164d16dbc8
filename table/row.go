package table

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// Row is one stored row as a run-time value: columns in order, immutable, safe to keep and to share. Making one copies
// nothing. The zero Row is no row.
type Row struct {
	def *Def
	rec index.Record
	cut []int // the columns selected, in the order wanted; nil is all
}

// RowOf is the row that a record of def holds. With cut, it shows the columns at these positions only.
func RowOf(def *Def, rec index.Record, cut []int) Row { return Row{def, rec, cut} }

// IsZero tells whether there is no row.
func (r Row) IsZero() bool { return r.rec.IsZero() }

// CutOf are the positions of the columns that a row shows, in the order wanted; nil is all.
func CutOf(r Row) []int { return r.cut }

// DefOf is the definition of a row's table, as it was when the row was read. It is no method, since who is given a row must not
// come by what the store works with.
func DefOf(r Row) *Def { return r.def }

// RecordOf is the stored record beneath a row.
func RecordOf(r Row) index.Record { return r.rec }

// Table is the name of the row's table; empty for no row.
func (r Row) Table() string {
	if r.IsZero() {
		return ""
	}
	return r.def.Name()
}

// Columns are the names of the row's columns, in order.
func (r Row) Columns() []string {
	if r.IsZero() {
		return nil
	}
	if r.cut == nil {
		return r.def.ColumnNames()
	}
	out := make([]string, len(r.cut))
	for i, p := range r.cut {
		out[i] = r.def.schema.Columns[p].Name
	}
	return out
}

// at is where the row has a column; ok is false for one that it does not have.
func (r Row) at(column string) (p int, ok bool) {
	if r.IsZero() {
		return 0, false
	}
	p, ok = r.def.Column(column)
	return p, ok && (r.cut == nil || slices.Contains(r.cut, p))
}

// Has tells whether the row has a column: one of its table that the query did not leave out.
func (r Row) Has(column string) bool {
	_, ok := r.at(column)
	return ok
}

// Get is the value of a column as [types.ToGo] gives it: int64, float64, bool, string, []byte, time.Time, a UUID
// as its text, json.RawMessage, []any, or nil for NULL. A column that the row does not have is nil too; [Row.Has] tells the two
// apart.
func (r Row) Get(column string) any {
	p, ok := r.at(column)
	if !ok {
		return nil
	}
	return types.ToGo(r.def.schema.Columns[p].Type, r.rec.At(p))
}

// At is the value of the i-th of [Row.Columns], as [Row.Get] gives it, found without its name; nil if there are not so many. O(1).
func (r Row) At(i int) any {
	if r.cut != nil && i >= 0 && i < len(r.cut) {
		i = r.cut[i]
	} else if r.IsZero() || r.cut != nil || i < 0 || i >= len(r.def.schema.Columns) {
		return nil
	}
	return types.ToGo(r.def.schema.Columns[i].Type, r.rec.At(i))
}

// JSON is the value of a column as it is written to JSON; nil for a column that the row does not have.
func (r Row) JSON(column string) any {
	p, ok := r.at(column)
	if !ok {
		return nil
	}
	return types.ToJSON(r.def.schema.Columns[p].Type, r.rec.At(p))
}

// Show writes a column's value for people: "Hello", NULL. Of a column that the row does not have there is nothing to show; no row
// has NULL everywhere.
func (r Row) Show(column string) string {
	if r.IsZero() {
		return "NULL"
	}
	p, ok := r.at(column)
	if !ok {
		return ""
	}
	return types.Show(r.def.schema.Columns[p].Type, r.rec.At(p))
}

// Key is the value of the row's primary key, one element a column. Like its [Row.Label] and its [Row.Cursor] it is the row's
// whatever columns the query left out.
func (r Row) Key() []any {
	if r.IsZero() {
		return nil
	}
	return r.def.KeyOf(r.def.Keys()[0].Pos, r.rec)
}

// Label names the row for people by its primary key: posts[7].
func (r Row) Label() string {
	if r.IsZero() {
		return "no row"
	}
	return r.def.Label(r.rec)
}

// Values is the row as a map of the caller's own.
func (r Row) Values() Values {
	out := Values{}
	for _, name := range r.Columns() {
		out[name] = r.Get(name)
	}
	return out
}

// String is the row for people: posts{id: 1, title: "Hello"}.
func (r Row) String() string {
	if r.IsZero() {
		return "no row"
	}
	var b strings.Builder
	b.WriteString(r.def.Name() + "{")
	for i, name := range r.Columns() {
		if i > 0 {
			b.WriteString(", ")
		}
		p, _ := r.def.Column(name)
		b.WriteString(name + ": " + types.Show(r.def.schema.Columns[p].Type, r.rec.At(p)))
	}
	return b.String() + "}"
}

// MarshalJSON writes the row as an object with its columns in order; no row is null.
func (r Row) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, name := range r.Columns() {
		if i > 0 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		p, _ := r.def.Column(name)
		v, err := json.Marshal(types.ToJSON(r.def.schema.Columns[p].Type, r.rec.At(p)))
		if err != nil {
			return nil, err
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
