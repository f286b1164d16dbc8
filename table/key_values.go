package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// KeyValues appends the values of a key over the columns at pos, one for each, in that order. Errors are those of [Def.WrongKey], and of
// kind [types.ErrType] for a value that its column cannot hold.
func (d *Def) KeyValues(dst []index.Value, pos []int, key []any) ([]index.Value, error) {
	if len(key) != len(pos) {
		return nil, d.WrongKey(pos, len(key))
	}
	for i, p := range pos {
		v, err := d.Columns()[p].FromKey(key[i])
		if err != nil {
			return nil, d.Blame(err)
		}
		dst = append(dst, v)
	}
	return dst, nil
}

// WrongKey is the error, of kind [types.ErrQuery], for too few or too many values of a key over the columns at pos.
func (d *Def) WrongKey(pos []int, got int) error {
	which := "key"
	for i := range d.Keys() {
		if k := &d.Keys()[i]; k.Unique() && slices.Equal(k.Pos, pos) {
			which = k.Kind.String()
			break
		}
	}
	columns := make([]string, len(pos))
	for i, p := range pos {
		columns[i] = d.Columns()[p].Name
	}
	return &types.Error{Kind: types.ErrQuery, Table: d.Name(), Columns: columns,
		Detail: fmt.Sprintf("a key of %d values was given for the %s (%s)", got, which, strings.Join(columns, ", ")),
		Hint:   "give one value for each of its columns"}
}
