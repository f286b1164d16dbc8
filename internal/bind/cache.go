package bind

import (
	"sync"
	"sync/atomic"

	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Cache is how a struct lies over the definition that was asked for last, which is the one that will be asked for next. The zero
// Cache is ready. Any goroutine may use it.
type Cache[T any] struct {
	last atomic.Pointer[Binding[T]]
	rows sync.Pool
}

// To is the binding to a definition. Errors as [New].
func (c *Cache[T]) To(def *table.Def) (*Binding[T], error) {
	if b := c.last.Load(); b != nil && b.Def() == def {
		return b, nil
	}
	b, err := New[T](def)
	if err != nil {
		return nil, err
	}
	c.last.Store(b)
	return b, nil
}

// Fit tells whether the struct fits a definition. Errors as [New].
func (c *Cache[T]) Fit(def *table.Def) error {
	_, err := c.To(def)
	return err
}

// Rows are structs as the rows of a statement. They belong to one goroutine, from [Cache.Row] or [Cache.Rows] to their release.
type Rows[T any] struct {
	cache *Cache[T]
	b     *Binding[T]
	rows  []T
	one   [1]T
}

// Row is one row.
func (c *Cache[T]) Row(row T) *Rows[T] {
	r := c.take()
	r.one[0] = row
	r.rows = r.one[:]
	return r
}

// Rows are several.
func (c *Cache[T]) Rows(rows []T) *Rows[T] {
	r := c.take()
	r.rows = rows
	return r
}

func (c *Cache[T]) take() *Rows[T] {
	if r, ok := c.rows.Get().(*Rows[T]); ok {
		return r
	}
	return &Rows[T]{cache: c}
}

// Release lets go of the rows.
func (r *Rows[T]) Release() {
	*r = Rows[T]{cache: r.cache}
	r.cache.rows.Put(r)
}

// Fit lays the rows over a definition. Errors as [New].
func (r *Rows[T]) Fit(def *table.Def) (err error) {
	r.b, err = r.cache.To(def)
	return err
}

// Prepare is [Rows.Fit].
func (r *Rows[T]) Prepare(def *table.Def) error { return r.Fit(def) }

// Record makes the record of a new row; see [Binding.NewRecord].
func (r *Rows[T]) Record(i int, last int64) (index.Record, error) {
	return r.b.NewRecord(&r.rows[i], last)
}

// Given are the columns that an insert of row i does not fill in itself.
func (r *Rows[T]) Given(i int) []int { return r.b.Given(&r.rows[i]) }

// Find is the stored row with the first row's primary key; see [Binding.Find].
func (r *Rows[T]) Find(t *table.Table) (index.Record, error) { return r.b.Find(t, &r.rows[0]) }

// Overwrite is the record that the first row makes of another; see [Binding.Overwrite].
func (r *Rows[T]) Overwrite(old index.Record) (index.Record, error) {
	return r.b.Overwrite(&r.rows[0], old)
}

// Load reads records into the rows, in their order.
func (r *Rows[T]) Load(recs ...index.Record) {
	for i, rec := range recs {
		r.b.Load(&r.rows[i], rec)
	}
}

// First is the first row.
func (r *Rows[T]) First() T { return r.rows[0] }
