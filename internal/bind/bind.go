package bind

import (
	"cmp"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Binding reads records of a table into structs of type T and makes records of them. It is compiled once by [New] and
// never changes; any goroutine may use it.
type Binding[T any] struct{ b binding }

// binding is what a [Binding] does, for a struct by its address.
type binding struct {
	def    *table.Def
	fields []boundField // in the order of the columns

	// The same fields as load sets them: those of the commonest kinds without a look at their kind.
	ints, strings []plainField
	others        []boundField
	defaults      bool // some column has a default or is auto-incremented
	mayRefuse     bool // some field may not take what its column holds
}

// plainField is a field that is set by one assignment.
type plainField struct {
	offset uintptr
	pos    int
}

// boundField is a field and the column that it stands for.
type boundField struct {
	codec  *codec
	offset uintptr
	pos    int
	op     codecOp // codec.op
	// filled: an insert fills the column in if the field is zero.
	filled bool
	fits   bool          // every value of the field is one of the column
	holds  *types.Column // what the field holds of the column's values; nil: all
}

// New matches the fields of struct T, as [Struct.Schema] names them, to the columns of a table. Columns without a field
// are left alone. A field without a column, or one that cannot hold every value of its column (another type, fewer
// bits, no NULL), is an error of kind [types.ErrDefinition]. Of a tag only the name counts: the table is defined already.
//
// The elements of a list can be NULL, which a []string reads as "", and a []*string as nil.
func New[T any](def *table.Def) (*Binding[T], error) {
	b, err := newBinding(Struct{Type: reflect.TypeFor[T]()}, def)
	if err != nil {
		return nil, err
	}
	return &Binding[T]{*b}, nil
}

func newBinding(s Struct, def *table.Def) (*binding, error) { return bindStruct(s, def, false) }

// bindStruct makes a binding; narrow is for one that reads the rows that fields of fewer bits than their columns hold.
func bindStruct(s Struct, def *table.Def, narrow bool) (*binding, error) {
	fields, err := s.fields(def.Name(), def.Peek().Naming)
	if err != nil {
		return nil, err
	}
	b := &binding{def: def, defaults: slices.ContainsFunc(def.Columns(), func(c types.Column) bool { return c.FillsIn() })}
	for _, f := range fields {
		if _, _, filled := f.filled(); filled {
			if _, column := def.Column(f.column); !column {
				continue
			}
		}
		bound, p := bindField(def, f, narrow)
		if p != nil {
			return nil, p.at(def.Name(), f.path)
		}
		b.fields = append(b.fields, bound)
		b.mayRefuse = b.mayRefuse || bound.codec.mayRefuse()
	}
	slices.SortFunc(b.fields, func(x, y boundField) int { return cmp.Compare(x.pos, y.pos) })
	for i := range b.fields {
		switch f := b.fields[i]; f.op {
		case opInt64:
			b.ints = append(b.ints, plainField{f.offset, f.pos})
		case opString:
			b.strings = append(b.strings, plainField{f.offset, f.pos})
		default:
			b.others = append(b.others, f)
		}
	}
	return b, nil
}

func bindField(d *table.Def, f structField, narrow bool) (boundField, *problem) {
	pos, ok := d.Column(f.column)
	if !ok {
		return boundField{}, problemf(`add the column, name the field after one, or tag it "-"; `+d.ColumnsHint(), "there is no column %s", f.column)
	}
	c := &d.Columns()[pos]
	codec, p := codecFor(f.typ, c)
	var holds *types.Column
	if p != nil && p.state == tooSmall && narrow && (c.Type == index.Int || c.Type == index.Uint) {
		holds = heldBy(f.typ, c)
		codec, p = codecFor(f.typ, holds)
	}
	switch {
	case p != nil:
		return boundField{}, p
	case !c.NotNull && !codec.nullable():
		return boundField{}, problemf("make it a pointer or sql.Null["+f.typ.String()+"], or the column NOT NULL",
			"column %s can be NULL, %s cannot", c.Name, types.WithArticle(f.typ.String()))
	}
	codec.belongs(d.Name(), c.Name)
	return boundField{codec: codec, holds: holds, offset: f.offset, pos: pos, op: codec.op, filled: c.FillsIn(), fits: codec.op == opInt64 && c.Takes(&types.Column{Type: index.Int})}, nil
}

// heldBy is an int column of as many bits as a field has.
func heldBy(t reflect.Type, c *types.Column) *types.Column {
	of, _ := indirect(t)
	held := *c
	held.Type, held.Size, held.Unsigned = index.Int, of.Bits(), of.Kind() >= reflect.Uint
	held = held.Normal()
	return &held
}

// Holds tells whether the struct can hold a record, where [Cache.Reads] says that it is for the record to say; nil holds none.
func (b *Binding[T]) Holds(r index.Record) bool {
	return b != nil && !slices.ContainsFunc(b.b.fields, func(f boundField) bool {
		if f.holds == nil {
			return false
		}
		_, err := f.holds.Retype(&b.b.def.Columns()[f.pos], r.At(f.pos))
		return err != nil
	})
}

// Load fills dst from a record of the table: every field that stands for a column is set, the others stay. Numbers,
// bools, strings, times, UUIDs and sql.Null of those are set without allocation and without reflection; what a field
// points to is new and the caller's own, but for the bytes of strings, which are shared and cannot change. dst does not
// escape.
//
// It panics with an [*types.Error] at a JSON document that does not fit the field's Go type, and at a value that a Scan method
// refuses; see [Caught]. O(fields).
func (b *Binding[T]) Load(dst *T, r index.Record) { b.b.load(unsafe.Pointer(dst), r) }

func (b *binding) load(base unsafe.Pointer, r index.Record) {
	for _, f := range b.ints {
		*(*int64)(unsafe.Add(base, f.offset)) = r.At(f.pos).Int()
	}
	for _, f := range b.strings {
		*(*string)(unsafe.Add(base, f.offset)) = r.At(f.pos).Str()
	}
	for i := range b.others {
		f := &b.others[i]
		f.codec.load(unsafe.Add(base, f.offset), r.At(f.pos))
	}
}

func (b *binding) newRecord(base unsafe.Pointer, last int64) (index.Record, error) {
	rec, cells := index.NewRecord(len(b.def.Columns()))
	var few table.FewColumns
	given := table.ColumnSetIn(&few, len(cells))
	for i := range b.fields {
		f := &b.fields[i]
		p := unsafe.Add(base, f.offset)
		if f.filled && f.codec.isZero(p) {
			continue
		}
		given.Add(f.pos)
		if err := b.store(f, p, &cells[f.pos]); err != nil {
			return index.Record{}, err
		}
	}
	if b.defaults {
		if err := b.def.Complete(cells, given, last, time.Time{}); err != nil {
			return index.Record{}, err
		}
	}
	return b.checked(rec)
}

func (b *binding) overwrite(base unsafe.Pointer, old index.Record) (index.Record, error) {
	rec, cells := index.NewRecord(len(b.def.Columns()))
	copy(cells, old.Cells(len(cells)))
	for i := range b.fields {
		f := &b.fields[i]
		if err := b.store(f, unsafe.Add(base, f.offset), &cells[f.pos]); err != nil {
			return index.Record{}, err
		}
	}
	return b.checked(rec)
}

func (b *binding) store(f *boundField, p unsafe.Pointer, cell *index.Value) (err error) {
	if *cell, err = f.codec.store(p, &b.def.Columns()[f.pos]); err != nil {
		return b.def.Blame(err)
	}
	return nil
}

func (b *binding) checked(rec index.Record) (index.Record, error) {
	if err := b.def.CheckRecord(rec); err != nil {
		return index.Record{}, err
	}
	return rec, nil
}
