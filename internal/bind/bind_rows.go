package bind

import (
	"slices"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Def is the definition that the binding was made for.
func (b *Binding[T]) Def() *table.Def { return b.b.def }

// LoadColumns is [Binding.Load] for the columns at the positions in cut alone; nil is all.
func (b *Binding[T]) LoadColumns(dst *T, r index.Record, cut []int) {
	if cut == nil {
		b.Load(dst, r)
		return
	}
	b.b.loadColumns(unsafe.Pointer(dst), r, cut)
}

func (b *binding) loadColumns(base unsafe.Pointer, r index.Record, cut []int) {
	for i := range b.fields {
		if f := &b.fields[i]; slices.Contains(cut, f.pos) {
			f.codec.load(unsafe.Add(base, f.offset), r.At(f.pos))
		}
	}
}

func (b *binding) given(base unsafe.Pointer) []int {
	pos := make([]int, 0, len(b.fields))
	for i := range b.fields {
		if f := &b.fields[i]; !f.filled || !f.codec.isZero(unsafe.Add(base, f.offset)) {
			pos = append(pos, f.pos)
		}
	}
	return pos
}

func (b *binding) find(t *table.Table, base unsafe.Pointer) (index.Record, error) {
	pk := &b.def.Keys()[0]
	var few [4]index.Value
	vals := few[:]
	if len(pk.Pos) > len(few) {
		vals = make([]index.Value, len(pk.Pos))
	}
	vals = vals[:len(pk.Pos)]
	for i, p := range pk.Pos {
		at := slices.IndexFunc(b.fields, func(f boundField) bool { return f.pos == p })
		if at < 0 {
			return index.Record{}, types.Refused(b.def.Name(), "42703", "add a field for it", "the struct has no field for %s of the primary key", pk.Columns[i])
		}
		f := &b.fields[at]
		if f.filled && f.codec.isZero(unsafe.Add(base, f.offset)) {
			return index.Record{}, &types.Error{Kind: types.ErrNotFound, Table: b.def.Name(), Columns: []string{pk.Columns[i]},
				Detail: "the row has no " + pk.Columns[i] + " yet", Hint: "insert it; a stored row whose " + pk.Columns[i] + " is zero is changed with Update"}
		}
		if err := b.store(f, unsafe.Add(base, f.offset), &vals[i]); err != nil {
			return index.Record{}, err
		}
	}
	rec, ok := t.Tree(0).Get(vals...)
	if !ok {
		return rec, b.def.NoRow(vals)
	}
	return rec, b.def.Present(rec)
}
