package bind

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Detached is the record that src stands for as it is: nothing is filled in and nothing checked, and columns without a field
// are NULL. It is for looking at src column by column, never for a tree. Errors are of kind [types.ErrType].
func (b *Binding[T]) Detached(src *T) (index.Record, error) {
	rec, cells := index.NewRecord(len(b.b.def.Columns()))
	for i := range b.b.fields {
		f := &b.b.fields[i]
		var err error
		if cells[f.pos], err = f.codec.store(unsafe.Add(unsafe.Pointer(src), f.offset), &b.b.def.Columns()[f.pos]); err != nil {
			return rec, b.b.def.Blame(err)
		}
	}
	return rec, nil
}

// Cell is the value of src in the column at pos; NULL if no field stands for it, or if the field's value does not fit.
func (b *Binding[T]) Cell(src *T, pos int) index.Value {
	for i := range b.b.fields {
		if f := &b.b.fields[i]; f.pos == pos {
			v, err := f.codec.store(unsafe.Add(unsafe.Pointer(src), f.offset), &b.b.def.Columns()[pos])
			if err != nil {
				return index.Null
			}
			return v
		}
	}
	return index.Null
}

// NeedsField refuses a struct without a field for the column at pos, by which an association goes. The error is of kind
// [types.ErrDefinition].
func (b *Binding[T]) NeedsField(pos int, association fmt.Stringer) error {
	for i := range b.b.fields {
		if b.b.fields[i].pos == pos {
			return nil
		}
	}
	name := b.b.def.Columns()[pos].Name
	return &types.Error{Kind: types.ErrDefinition, Op: "bind", Table: b.b.def.Name(), Columns: []string{name},
		Detail: fmt.Sprintf("%s has no field for %s, by which %s goes", reflect.TypeFor[T](), name, association),
		Hint:   "add the field, or find the rows by Model"}
}

// Key is the value of src in the column at pos; NULL if no field stands for it. All of src is held to its columns, as by
// [Binding.Detached].
func (b *Binding[T]) Key(src *T, pos int) (key index.Value, err error) {
	for i := range b.b.fields {
		f := &b.b.fields[i]
		if f.fits && f.pos != pos {
			continue
		}
		v, err := f.codec.store(unsafe.Add(unsafe.Pointer(src), f.offset), &b.b.def.Columns()[f.pos])
		if err != nil {
			return index.Null, b.b.def.Blame(err)
		}
		if f.pos == pos {
			key = v
		}
	}
	return key, nil
}

// Values is src as an insert takes it: fields that are left out are not in it. Errors are of kind [types.ErrType].
func (b *Binding[T]) Values(src *T) (table.Values, error) {
	out := table.Values{}
	for i := range b.b.fields {
		f := &b.b.fields[i]
		p := unsafe.Add(unsafe.Pointer(src), f.offset)
		if f.filled && f.codec.isZero(p) {
			continue
		}
		c := &b.b.def.Columns()[f.pos]
		v, err := f.codec.store(p, c)
		if err != nil {
			return nil, b.b.def.Blame(err)
		}
		out[c.Name] = types.ToGo(c.Type, v)
	}
	return out, nil
}
