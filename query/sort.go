package query

import "github.com/memrel/memrel/index"

// Sorter compares records by an order, and by the primary key where that leaves them equal. Errors are of kind
// [types.ErrUnknownColumn] and [types.ErrQuery].
func (s *Shape) Sorter(order []Order) (func(a, b index.Record) int, error) {
	sorted, err := s.sorting(order)
	if err != nil {
		return nil, s.Blame(err)
	}
	return sorted.compare, nil
}

// ColumnOrder is the position of an order's column and the comparison of its values. Errors as [Shape.Sorter].
func (s *Shape) ColumnOrder(o Order) (pos int, compare func(a, b index.Value) int, err error) {
	sorted, err := s.sorting([]Order{o})
	if err != nil {
		return 0, nil, s.Blame(err)
	}
	return sorted[0].pos, sorted[0].compare, nil
}

// Selection is the positions of columns, in the order given; nil, which is all of them, for nil. Errors are of kind
// [types.ErrUnknownColumn] and [types.ErrQuery].
func (s *Shape) Selection(columns []string) ([]int, error) {
	if columns == nil {
		return nil, nil
	}
	out, err := s.selection(columns)
	if err != nil {
		return nil, s.Blame(err)
	}
	if out == nil {
		out = []int{}
	}
	return out, nil
}
