package index

import "unsafe"

// Record is a stored row: a pointer to its cells. The zero Record is no row. Two Records are == when they are the same
// stored row, which is not the same as rows with equal cells.
type Record struct{ first *Value }

const cellSize = unsafe.Sizeof(Value{})

// NewRecord makes a record of n cells, all NULL, and the slice through which its maker fills them. Once the record is
// in a tree nobody writes to the slice any more; what may be written then, see [Record.Overwrite]. n must be positive.
func NewRecord(n int) (Record, []Value) {
	cells := make([]Value, n)
	return Record{&cells[0]}, cells
}

// IsZero tells whether there is no row.
func (r Record) IsZero() bool { return r.first == nil }

// At is the cell at position i, which must be below the number of cells that the record was made with.
func (r Record) At(i int) Value {
	return *(*Value)(unsafe.Add(unsafe.Pointer(r.first), uintptr(i)*cellSize))
}

// Cells is the record as a slice of its n cells, for reading.
func (r Record) Cells(n int) []Value { return unsafe.Slice(r.first, n) }

// Clone is another record with the same n cells.
func (r Record) Clone(n int) Record {
	c, cells := NewRecord(n)
	copy(cells, r.Cells(n))
	return c
}

// Overwrite gives r the n cells of from. Whoever calls it knows that nobody reads r meanwhile, that all who hold r are to
// see it change, and that no tree that has r orders it by a cell that changes.
func (r Record) Overwrite(from Record, n int) { copy(r.Cells(n), from.Cells(n)) }

// Hash spreads the record's identity over 64 bits, for hash tables of records.
func (r Record) Hash() uint64 {
	h := uint64(uintptr(unsafe.Pointer(r.first)))
	h ^= h >> 29
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// Fetch brings the beginnings of records into the processor's cache, all at once. What it returns means nothing, and keeps
// the compiler from leaving out the reads.
//
//go:noinline
func Fetch(recs []Record) (sum uint64) {
	for _, r := range recs {
		sum += r.first.n
	}
	return sum
}
