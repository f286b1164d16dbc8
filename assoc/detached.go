package assoc

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// DetachedRow is a row apart from the store, with what was included with it and what was changed on it. It does not follow later changes of
// the stored row. A DetachedRow belongs to one goroutine at a time as long as somebody changes it.
type DetachedRow struct {
	shape *shape
	rec   index.Record
	more  *more // nil for most: rows that nothing was included with
}

// more is what a node has beside its row.
type more struct {
	branches []Branch
	junction *DetachedRow
	changed  table.Values
}

// rest is what the node has beside its row, for reading.
func (n *DetachedRow) rest() more {
	if n.more == nil {
		return more{}
	}
	return *n.more
}

// shape is what the nodes found by one query have in common.
type shape struct {
	def  *table.Def
	cut  []int
	name string // the name of the junction's model, for nodes found through one
}

// Branch is what was included under one alias: any number of nodes, or one or none. Hidden tells that it was included without
// any column, so that the row does not show it.
type Branch struct {
	As     string
	Many   bool
	Hidden bool
	Nodes  []*DetachedRow
}

// Detach makes a detached row.
func Detach(row table.Row) *DetachedRow {
	n := &struct { // in one piece
		node  DetachedRow
		shape shape
	}{DetachedRow{rec: table.RecordOf(row)}, shape{def: table.DefOf(row), cut: table.CutOf(row)}}
	n.node.shape = &n.shape
	return &n.node
}

// Row is the row as it was read, without what was changed since.
func (n *DetachedRow) Row() table.Row { return table.RowOf(n.shape.def, n.rec, n.shape.cut) }

// Get is the present value of a column; see [table.Row.Get].
func (n *DetachedRow) Get(column string) any {
	if v, ok := n.rest().changed[column]; ok {
		return v
	}
	return n.Row().Get(column)
}

// held is the present value of a column, whether the query left it out or not: what the verbs go by.
func (n *DetachedRow) held(column string) any {
	if v, ok := n.rest().changed[column]; ok {
		return v
	}
	return table.RowOf(n.shape.def, n.rec, nil).Get(column)
}

// Set changes a column of the detached row only.
func (n *DetachedRow) Set(column string, v any) {
	if n.beside().changed == nil {
		n.more.changed = table.Values{}
	}
	n.more.changed[column] = v
}

// beside is what the node has beside its row, for writing.
func (n *DetachedRow) beside() *more {
	if n.more == nil {
		n.more = &more{}
	}
	return n.more
}

// Changed are the values that were changed since the row was read or saved.
func (n *DetachedRow) Changed() table.Values { return maps.Clone(n.rest().changed) }

// ToSave are the values that were changed and are to be written: not those that are as they were read, and not the times that the
// model keeps, which are then again as they were. m is nil for a table that is no model.
func (n *DetachedRow) ToSave(m *Info) table.Values {
	out := n.Changed()
	for name := range out {
		p, known := n.shape.def.Column(name)
		v, t, fits := n.value(name)
		times := m != nil && name != "" && (name == m.CreatedAt || name == m.UpdatedAt)
		if known && (times || fits && index.Equal(t, v, n.rec.At(p))) {
			delete(out, name)
			delete(n.more.changed, name)
		}
	}
	return out
}

// Branches are what was included, in the order asked for. The slice must not be changed.
func (n *DetachedRow) Branches() []Branch { return n.rest().branches }

// Branch is what was included under an alias.
func (n *DetachedRow) Branch(as string) (Branch, bool) {
	for _, b := range n.rest().branches {
		if b.As == as {
			return b, true
		}
	}
	return Branch{}, false
}

// Junction is the junction row that led to the node, nil if there is none.
func (n *DetachedRow) Junction() *DetachedRow { return n.rest().junction }

// value is the present value of a column, as it is stored; ok is false if there is no such column, or if what it was
// changed to does not fit it.
func (n *DetachedRow) value(column string) (v index.Value, t index.Type, ok bool) {
	p, ok := n.shape.def.Column(column)
	if !ok {
		return v, t, false
	}
	c := &n.shape.def.Columns()[p]
	if raw, changed := n.rest().changed[column]; changed {
		v, err := c.FromGo(raw)
		return v, c.Type, err == nil
	}
	return n.rec.At(p), c.Type, true
}

// note takes over what a statement wrote: the columns named, as written has them, which the row has from then on. The other
// columns stay as they are.
func (n *DetachedRow) note(def *table.Def, written index.Record, columns ...string) {
	var pos []int
	var vals []index.Value
	for _, name := range columns {
		p, ok := n.shape.def.Column(name)
		q, stored := def.Column(name)
		if ok && stored {
			pos, vals = append(pos, p), append(vals, written.At(q))
		}
		delete(n.rest().changed, name)
	}
	n.rec = n.shape.def.WithCells(n.rec, pos, vals)
	n.show(pos)
}

// show has the row show columns from now on, though the query left them out.
func (n *DetachedRow) show(pos []int) {
	cut := n.shape.cut
	for _, p := range pos {
		if cut != nil && !slices.Contains(cut, p) {
			cut = append(cut[:len(cut):len(cut)], p)
		}
	}
	if len(cut) > len(n.shape.cut) { // the shape is that of other rows too
		n.shape = &shape{def: n.shape.def, cut: cut, name: n.shape.name}
	}
}

// MarshalJSON writes the row with its columns in order, then what was included, by alias, then the junction row.
func (n *DetachedRow) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("null"), nil
	}
	row := n.Row()
	var b bytes.Buffer
	b.WriteByte('{')
	field := func(name string, v any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		text, err := json.Marshal(v)
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
		return err
	}
	for _, name := range row.Columns() {
		v, err := n.json(row, name)
		if err == nil {
			err = field(name, v)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, branch := range n.rest().branches {
		if branch.Hidden {
			continue
		}
		if err := field(branch.As, branch.json()); err != nil {
			return nil, err
		}
	}
	if n.rest().junction != nil {
		if err := field(n.rest().junction.shape.name, n.rest().junction); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// json is the value of a column for JSON.
func (n *DetachedRow) json(row table.Row, column string) (any, error) {
	raw, changed := n.rest().changed[column]
	if !changed {
		return row.JSON(column), nil
	}
	p, _ := n.shape.def.Column(column)
	c := n.shape.def.Columns()[p]
	v, err := c.FromGo(raw)
	if err != nil {
		return raw, nil // what does not fit is shown as it is
	}
	return types.ToJSON(c.Type, v), nil
}

func (b Branch) json() any {
	switch {
	case b.Many && b.Nodes == nil:
		return []*DetachedRow{}
	case b.Many:
		return b.Nodes
	case len(b.Nodes) == 0:
		return nil
	}
	return b.Nodes[0]
}

// Restored takes over that the row is not soft-deleted any more.
func (n *DetachedRow) Restored(row table.Row) {
	def := table.DefOf(row)
	n.note(def, table.RecordOf(row), def.Columns()[def.SoftDelete()].Name)
}

// Saved takes over what was saved: the columns that were changed, and the timestamp if the row has it.
func (n *DetachedRow) Saved(row table.Row, stamp string) {
	var columns []string
	if n.Row().Has(stamp) {
		columns = append(columns, stamp)
	}
	for name := range n.rest().changed {
		columns = append(columns, name)
	}
	n.note(table.DefOf(row), table.RecordOf(row), columns...)
}
