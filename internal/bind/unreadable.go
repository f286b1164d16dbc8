package bind

import (
	"errors"
	"fmt"
	"math"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/types"
)

// A document, what a Scan method reads, or a number beyond a float32, may be what the field's Go type does not take: somebody else wrote it. Loading has no error
// to return, and such a field is rare, so it is a panic with the error, which reads that return errors make one of theirs by [Caught].

// unreadable is the error for a cell that the field's type refuses.
func (c *codec) unreadable(v index.Value, why error) *types.Error {
	return &types.Error{Kind: types.ErrType, State: "22P02", Op: "read", Table: c.table, Columns: []string{c.column},
		Detail: fmt.Sprintf("%s = %s cannot be read into %s: %v", c.column, types.Shorten(types.Show(c.from, v)), types.WithArticle(c.typ.String()), why),
		Hint:   "give the field a type that takes it, or read the row by RowsOf"}
}

// single is the float32 that is nearest to a number. One beyond its range is no infinity, and is refused.
func (c *codec) single(v index.Value) float32 {
	f := float32(v.Float())
	if math.IsInf(float64(f), 0) && !math.IsInf(v.Float(), 0) {
		panic(c.unreadable(v, fmt.Errorf("it is beyond %v", float32(math.MaxFloat32))))
	}
	return f
}

// Caught is deferred around loads by who has an error to return: it makes err the error of a cell that could not be read.
func Caught(err *error) {
	if p := recover(); p != nil {
		refused, _ := p.(error)
		if e := (*types.Error)(nil); !errors.As(refused, &e) || e.State != "22P02" {
			panic(p)
		}
		*err = refused
	}
}

// mayRefuse tells whether some document, text or number may be more than the type takes.
func (c *codec) mayRefuse() bool {
	return c != nil && (c.op == opJSON || c.op == opScan || c.op == opFloat32 || c.of.mayRefuse())
}

// belongs says for errors which column a codec is of.
func (c *codec) belongs(table, column string) {
	for ; c != nil; c = c.of {
		c.table, c.column = table, column
	}
}

// reload is load into the row that the record was made of: what cannot be read back stays as the caller gave it.
func (b *binding) reload(base unsafe.Pointer, r index.Record) {
	if !b.mayRefuse {
		b.load(base, r)
		return
	}
	for i := range b.fields {
		f := &b.fields[i]
		f.reload(unsafe.Add(base, f.offset), r.At(f.pos))
	}
}

func (f *boundField) reload(p unsafe.Pointer, v index.Value) {
	var kept error
	defer Caught(&kept)
	f.codec.load(p, v)
}
