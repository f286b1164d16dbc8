package table

import (
	"encoding/json"
	"hash/fnv"
	"sync"

	"github.com/memrel/memrel/types"
)

// fingerprint is that of a definition, once somebody has asked for it.
type fingerprint struct {
	once sync.Once
	sum  uint64
}

// Fingerprint tells one definition from another by what it says: the schema, as files have it, and which columns have functions, which no
// data can hold. It is worked out once, in O(size of the schema).
func (d *Def) Fingerprint() uint64 {
	d.print.once.Do(func() {
		h := fnv.New64a()
		_ = json.NewEncoder(h).Encode(d.schema) // what was compiled can be written
		for i := range d.schema.Columns {
			_, _ = h.Write([]byte{byte(FunctionsOf(&d.schema.Columns[i]))})
		}
		d.print.sum = h.Sum64()
	})
	return d.print.sum
}

// Functions tells which functions a column has, that no data can hold.
type Functions uint8

// The functions of a column.
const (
	HasDefaultFunc Functions = 1 << iota
	HasCheckFunc
)

// FunctionsOf are the functions that a column has.
func FunctionsOf(c *types.Column) (f Functions) {
	if c.DefaultFunc != nil {
		f |= HasDefaultFunc
	}
	if c.CheckFunc != nil {
		f |= HasCheckFunc
	}
	return f
}
