package assoc

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// NewLink is what a junction row has that is not there yet, beside the keys of its ends: the same for all of them, so that it is
// converted once. It never changes.
type NewLink struct {
	values table.Values
	pos    []int         // the columns of both keys, then of the values
	cells  []index.Value // the values
}

// NewLink makes one of values of the association's junction, for as long as its definition stands. Errors as [table.Def.NewRecord].
func (a *Association) NewLink(r table.Reader, values table.Values) (*NewLink, error) {
	w, err := a.accessPath(r)
	if err != nil {
		return nil, err
	}
	l := &NewLink{values: values, pos: append([]int(nil), w.both...)}
	columns := r.Table(a.Junction).Def().Columns()
	for i := range columns {
		v, given := values[columns[i].Name]
		if !given {
			continue
		}
		cell, err := columns[i].FromGo(v)
		if err != nil {
			return nil, r.Table(a.Junction).Def().Blame(err)
		}
		l.pos, l.cells = append(l.pos, i), append(l.cells, cell)
	}
	return l, nil
}

// given are the values by name.
func (l *NewLink) given() table.Values {
	if l == nil {
		return nil
	}
	return l.values
}
