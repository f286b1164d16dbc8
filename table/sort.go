package table

import "github.com/memrel/memrel/index"

// Sorter compares records by an order, and by the primary key where that leaves them equal. Errors are of kind
// [ErrUnknownColumn] and [ErrQuery].
func (d *Def) Sorter(order []Order) (func(a, b index.Record) int, error) {
	s, err := d.sorting(order)
	if err != nil {
		return nil, d.blame(err)
	}
	return s.compare, nil
}

// ColumnOrder is the position of an order's column and the comparison of its values. Errors as [Def.Sorter].
func (d *Def) ColumnOrder(o Order) (pos int, compare func(a, b index.Value) int, err error) {
	s, err := d.sorting([]Order{o})
	if err != nil {
		return 0, nil, d.blame(err)
	}
	return s[0].pos, s[0].compare, nil
}

// Selection is the positions of columns, in the order given; nil, which is all of them, for nil. Errors are of kind
// [ErrUnknownColumn] and [ErrQuery].
func (d *Def) Selection(columns []string) ([]int, error) {
	if columns == nil {
		return nil, nil
	}
	out, err := d.selection(columns)
	if err != nil {
		return nil, d.blame(err)
	}
	if out == nil {
		out = []int{}
	}
	return out, nil
}

// JSON is the value of a column as it is written to JSON; nil for a column that the row does not have.
func (r Row) JSON(column string) any {
	if r.IsZero() {
		return nil
	}
	p, ok := r.def.pos[column]
	if !ok {
		return nil
	}
	return ToJSON(r.def.schema.Columns[p].Type, r.rec.At(p))
}

// ToJSON is what json.Marshal gets for a value of a type: NaN, the infinities, bytes and times are text.
func ToJSON(t index.Type, v index.Value) any { return jsonValue(t, v) }
