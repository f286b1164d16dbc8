package bind

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Cache is how structs of type T lie over the definition that was asked for last, which is the one that will be asked for next. It is
// made with [CacheOf]. Any goroutine may use it.
type Cache[T any] struct{ cache }

// CacheOf makes an empty cache for structs whose fields are read by tags.
func CacheOf[T any](tags table.Tags) Cache[T] {
	return Cache[T]{cache{of: Struct{reflect.TypeFor[T](), tags}}}
}

// Struct is what the cache is for.
func (c *Cache[T]) Struct() Struct { return c.of }

// To is the binding to a definition. Errors as [New].
func (c *Cache[T]) To(def *table.Def) (*Binding[T], error) {
	b, err := c.to(def)
	return (*Binding[T])(unsafe.Pointer(b)), err // which is nothing but that
}

// Row is one row, which stays where it is.
func (c *Cache[T]) Row(row *T) Rows {
	return Rows{cache: &c.cache, base: unsafe.Pointer(row), step: unsafe.Sizeof(*row)}
}

// Rows are several, which stay where they are.
func (c *Cache[T]) Rows(rows []T) Rows {
	var row T
	return Rows{cache: &c.cache, base: unsafe.Pointer(unsafe.SliceData(rows)), step: unsafe.Sizeof(row)}
}

// cache is a [Cache] for structs of whatever type.
type cache struct {
	of     Struct
	last   atomic.Pointer[binding]
	narrow atomic.Pointer[binding] // of fields that hold less than their columns
}

func (c *cache) to(def *table.Def) (*binding, error) {
	if b := c.last.Load(); b != nil && b.def == def {
		return b, nil
	}
	b, err := newBinding(c.of, def)
	if err != nil {
		return nil, err
	}
	c.last.Store(b)
	return b, nil
}

// Must is the binding to a definition, for reads that have no error to return: they panic with that of [Cache.To].
func (c *Cache[T]) Must(def *table.Def) *Binding[T] {
	b, err := c.To(def)
	if err != nil {
		panic(err)
	}
	return b
}

// Reads is [Cache.Must] for a read of one row, which may find none: ok is false for a struct that holds less than its columns, of
// which [Binding.Holds] tells for each row whether it is one.
func (c *Cache[T]) Reads(def *table.Def) (b *Binding[T], ok bool) {
	b, err := c.To(def)
	if err == nil {
		return b, true
	}
	if e := types.AsError(err); e == nil || e.State != tooSmall {
		panic(err)
	}
	return (*Binding[T])(unsafe.Pointer(c.toNarrow(def))), false
}

// toNarrow is the binding for fields that hold less than their columns; nil if what they do not hold is no matter of bits.
func (c *cache) toNarrow(def *table.Def) *binding {
	if b := c.narrow.Load(); b != nil && b.def == def {
		return b
	}
	b, err := bindStruct(c.of, def, true)
	if err != nil {
		return nil
	}
	c.narrow.Store(b)
	return b
}

// Fit tells whether the struct fits a definition. Errors as [New].
func (c *cache) Fit(def *table.Def) error {
	_, err := c.to(def)
	return err
}

// Holds tells whether the struct can hold a row of a definition that it fits. Errors as [Caught]. O(1) where no field can refuse what its
// column holds, else what those cost to read.
func (c *cache) Holds(def *table.Def, r index.Record) (err error) {
	b, err := c.to(def)
	if err != nil || !b.mayRefuse {
		return err
	}
	defer Caught(&err)
	b.load(reflect.New(c.of.Type).UnsafePointer(), r)
	return nil
}

// Rows are structs as the rows of a statement, of whatever type, which the statement reads and writes where they are. It is no
// interface, so that the rows can stay on the stack of who called.
type Rows struct {
	cache *cache
	base  unsafe.Pointer
	step  uintptr
	b     *binding
}

// IsZero tells whether there are no structs: nil, or rows that were not made by a [Cache].
func (r *Rows) IsZero() bool { return r == nil || r.cache == nil }

// Fit lays the rows over a definition, which comes before everything else. Errors as [New]. The cache is hidden, see
// [types.HiddenPointer]: it outlives the call as the handle's, and what is said of it would be taken to hold for the rows too.
func (r *Rows) Fit(def *table.Def) (err error) {
	r.b, err = (*cache)(types.HiddenPointer(unsafe.Pointer(r.cache))).to(def)
	return err
}

// at is where row i is.
func (r *Rows) at(i int) unsafe.Pointer { return unsafe.Add(r.base, uintptr(i)*r.step) }

// Record makes the record of a new row from row i as [table.Def.NewRecord] does from Values. A field whose value is zero
// counts as left out if its column has a default or is auto-incremented; to say zero to such a column, make the field a
// pointer or sql.Null, and set it. Other fields count as they are. Strings are shared, bytes copied. One allocation for
// the record, and what bytes, lists and documents need. Errors as [table.Def.NewRecord].
func (r *Rows) Record(i int, last int64) (index.Record, error) { return r.b.newRecord(r.at(i), last) }

// Given are the columns that an insert of row i does not fill in itself.
func (r *Rows) Given(i int) []int { return r.b.given(r.at(i)) }

// Find is the row of t that has the first row's primary key. A struct without a field for each column of the key, or a key that
// no row has or only a soft-deleted one, is an error: [types.ErrDefinition], [types.ErrNotFound]. A zero field that an insert would fill in
// is no key, though there may be a row 0.
func (r *Rows) Find(t *table.Table) (index.Record, error) { return r.b.find(t, r.base) }

// Overwrite is a new record with every column that has a field from the first row as it is, zero being zero, and the other
// columns from old. It is held to NOT NULL and the checks. Cost and errors as [Rows.Record].
func (r *Rows) Overwrite(old index.Record) (index.Record, error) { return r.b.overwrite(r.base, old) }

// Load reads records into the rows that they were made of, in their order. What a row's type writes and cannot read back stays in it as
// it is.
func (r *Rows) Load(recs ...index.Record) {
	for i, rec := range recs {
		r.b.reload(r.at(i), rec)
	}
}
