package index

import (
	"math"
	"slices"
	"sync"
)

// Column is one column of a key: where its cell is in a record, its type, and which way the key goes through it: up and with NULL
// last, unless it says otherwise. Of a column that is never NULL, NullsFirst says nothing and is left out. Of a String Prefix is how many
// characters the key has of it, and of Bytes how many bytes; 0 is all.
type Column struct {
	Pos        int
	Type       Type
	Desc       bool
	NullsFirst bool
	Prefix     uint32
}

// Compare orders two values of the column as the key does.
func (c Column) Compare(a, b Value) int {
	d := Compare(c.Type, a, b)
	if d != 0 && c.Turned() {
		return c.turn(d, a, b)
	}
	return d
}

// Turned tells whether the key's order of the column is not that of its values.
func (c *Column) Turned() bool { return c.Desc || c.NullsFirst || c.Prefix > 0 }

// turn makes of d, how two values that differ compare, how they do in the order of the key.
func (c *Column) turn(d int, a, b Value) int {
	x, y := rank(a), rank(b)
	switch {
	case x == 0 && y == 0:
		if c.Prefix > 0 {
			d = Compare(c.Type, c.Cut(a), c.Cut(b))
		}
		if c.Desc {
			return -d
		}
	case c.NullsFirst && (x == 1 && y == 0 || x == 0 && y == 1): // the bounds stay where they are
		return -d
	}
	return d
}

// Cut is what the key has of a value.
func (c Column) Cut(v Value) Value {
	if c.Prefix == 0 || rank(v) != 0 {
		return v
	}
	s := v.Str()
	if c.Type == Bytes {
		return OfString(s[:min(len(s), int(c.Prefix))])
	}
	n := uint32(0)
	for i := range s {
		if n == c.Prefix {
			return OfString(s[:i])
		}
		n++
	}
	return v
}

// Key says how a tree orders its records: by the key's columns, and where they do not decide, by the columns of the
// table's primary key. It is made once per index by [NewKey] and never changes. A Key may be used from any goroutine.
type Key struct {
	cols          []Column // the key's own columns, then the deciding ones
	n             int      // how many are the key's own
	unique        bool
	nullsDistinct bool
	form          form
	sign          uint64 // of the first column, see [Type.sign]
	width         int    // cells that a probe needs
	probes        sync.Pool
}

// form is how the prefix of a key is made.
type form uint8

const (
	formFirst  form = iota // of the first column; a tie needs the records
	formText               // of the first column, a string: sixteen bytes; a tie needs the records
	formExact              // one integer, never NULL: the prefix is the key
	formPacked             // two integers that both order, of 32 bits each; a tie needs the records
	formPair               // two integers, never NULL: packed, and if both fit 32 bits the prefix is the key
	formTurned             // of the first column, whose order is not that of its values
)

// KeyOptions says what kind of key [NewKey] makes.
type KeyOptions struct {
	// Unique: no two records with equal columns. Otherwise the deciding columns tell records apart.
	Unique bool
	// NullsDistinct: a key that contains NULL equals no other; the deciding columns tell such records apart.
	NullsDistinct bool
	// NotNull: no column of the key is ever NULL. A record that breaks this promise is taken for one with a zero there,
	// so it must not reach a tree, not even for a moment.
	NotNull bool
}

// NewKey makes the order of an index over cols in a table whose primary key is deciders. Deciders that stand in cols
// are left out. There is at least one column, and none stands in cols twice.
func NewKey(cols, deciders []Column, o KeyOptions) *Key {
	k := &Key{n: len(cols), sign: cols[0].Type.sign(), unique: o.Unique, nullsDistinct: o.NullsDistinct && !o.NotNull}
	k.cols = append(k.cols, cols...)
	if !o.Unique || k.nullsDistinct {
		for _, d := range deciders {
			if !k.has(d) {
				k.cols = append(k.cols, d)
			}
		}
	}
	for _, c := range k.cols {
		k.width = max(k.width, c.Pos+1)
	}
	first := &k.cols[0]
	switch {
	case len(k.cols) == 1 && first.Type.isInteger() && o.NotNull:
		k.form = formExact
		if first.Desc {
			k.sign = ^k.sign
		}
	case first.Turned():
		k.form = formTurned
	case first.Type.isText():
		k.form = formText
	case len(k.cols) > 1 && first.Type.isInteger() && k.cols[1].Type.isInteger() && !k.cols[1].Turned() && (k.n > 1 || !k.unique):
		// Not so for one unique column and a decider: the decider would part records that the key makes equal.
		k.form = formPacked
		if len(k.cols) == 2 && o.NotNull {
			k.form = formPair
		}
	}
	k.probes.New = func() any { return &probe{cells: make([]Value, k.width)} }
	return k
}

func (k *Key) has(c Column) bool {
	return slices.ContainsFunc(k.cols, func(have Column) bool { return have.Pos == c.Pos })
}

// Columns are the key's own columns, without the deciding ones. The slice must not be changed.
func (k *Key) Columns() []Column { return k.cols[:k.n:k.n] }

// Order is every column that the tree sorts by: the key's own, then the deciding ones. Must not be changed.
func (k *Key) Order() []Column { return k.cols }

// Unique tells whether the key's own columns identify a record (but for NULLs, if those are distinct).
func (k *Key) Unique() bool { return k.unique }

// NullsDistinct tells whether a unique key lets several records have NULL in it.
func (k *Key) NullsDistinct() bool { return k.nullsDistinct }

// Equal tells whether two keys order the same records alike, so that a tree of the one is a tree of the other.
func (k *Key) Equal(o *Key) bool {
	return k.n == o.n && k.unique == o.unique && k.nullsDistinct == o.nullsDistinct && k.form == o.form && slices.Equal(k.cols, o.cols)
}

// HasNull tells whether one of the key's own columns is NULL in r.
func (k *Key) HasNull(r Record) bool {
	for _, c := range k.cols[:k.n] {
		if r.At(c.Pos).IsNull() {
			return true
		}
	}
	return false
}

// Same tells whether a and b have equal values in the key's own columns, NULL being equal to NULL.
func (k *Key) Same(a, b Record) bool {
	for _, c := range k.cols[:k.n] {
		if x, y := a.At(c.Pos), b.At(c.Pos); !Equal(c.Type, x, y) && (c.Prefix == 0 || c.Compare(x, y) != 0) {
			return false
		}
	}
	return true
}

// Identical tells whether the key's own columns look the same in a and b, see [Identical].
func (k *Key) Identical(a, b Record) bool {
	for _, c := range k.cols[:k.n] {
		if !Identical(c.Type, a.At(c.Pos), b.At(c.Pos)) {
			return false
		}
	}
	return true
}

// Values appends the key's own values in r to dst.
func (k *Key) Values(dst []Value, r Record) []Value {
	for _, c := range k.cols[:k.n] {
		dst = append(dst, r.At(c.Pos))
	}
	return dst
}

// Compare orders two records as the tree does.
func (k *Key) Compare(a, b Record) int {
	if !k.unique {
		return compareCells(k.cols, a, b)
	}
	null := false
	for _, c := range k.cols[:k.n] {
		va, vb := a.At(c.Pos), b.At(c.Pos)
		if d := Compare(c.Type, va, vb); d != 0 {
			if !c.Turned() {
				return d
			}
			if d = c.turn(d, va, vb); d != 0 {
				return d
			}
		}
		null = null || rank(va) != 0
	}
	if !null {
		return 0
	}
	// Equal keys with a NULL in them: told apart by the deciding columns.
	return compareCells(k.cols[k.n:], a, b)
}

func compareCells(cols []Column, a, b Record) int {
	for _, c := range cols {
		if d := Compare(c.Type, a.At(c.Pos), b.At(c.Pos)); d != 0 {
			if !c.Turned() {
				return d
			}
			if d = c.turn(d, a.At(c.Pos), b.At(c.Pos)); d != 0 {
				return d
			}
		}
	}
	return 0
}

// telling is how many values, from the first on, may make two keys equal.
func (k *Key) telling() int {
	if k.unique {
		return k.n
	}
	return len(k.cols)
}

// Entry is what a tree holds for a record.
type Entry struct {
	prefix uint64
	next   uint64 // of a key that begins with a string: its bytes after the prefix
	rec    Record
}

// Record is the record that the entry stands for.
func (e Entry) Record() Record { return e.rec }

// Entry makes the entry of r.
func (k *Key) Entry(r Record) Entry {
	first := r.At(k.cols[0].Pos)
	switch k.form {
	case formExact:
		return Entry{first.n ^ k.sign, 0, r}
	case formPacked, formPair:
		return Entry{k.pack(first, r.At(k.cols[1].Pos)), 0, r}
	case formText:
		prefix, next := textPrefix(first)
		return Entry{prefix, next, r}
	case formTurned:
		prefix, next := turnedPrefix(&k.cols[0], first)
		return Entry{prefix, next, r}
	}
	return Entry{prefixOf(k.cols[0].Type, first), 0, r}
}

// pack is [packInts] of the values of the first two columns.
func (k *Key) pack(a, b Value) uint64 {
	return packInts(halved(k.cols[0].Type, a), halved(k.cols[1].Type, b))
}

// Less orders entries, as trees do.
func (k *Key) Less(a, b Entry) bool {
	if a.prefix != b.prefix {
		return a.prefix < b.prefix
	}
	if a.next != b.next {
		return a.next < b.next
	}
	if k.form == formExact || a.rec == b.rec {
		return false
	}
	return k.Compare(a.rec, b.rec) < 0
}

// less is Less as trees call it: without the call that a method value adds, which is worth some 7% of a point read.
func (k *Key) less() func(a, b Entry) bool {
	return func(a, b Entry) bool {
		if a.prefix != b.prefix {
			return a.prefix < b.prefix
		}
		if a.next != b.next {
			return a.next < b.next
		}
		return a.rec != b.rec && k.Compare(a.rec, b.rec) < 0
	}
}

// probe is an entry to search with, made of key values instead of a stored record. It borrows its cells from a pool.
type probe struct {
	cells []Value
}

// side tells on which side of the records that begin with its values a probe stands.
type side uint8

const (
	before side = iota
	after
)

// entry makes the probe's entry: vals for the first columns, and for the rest lower or higher than anything.
func (p *probe) entry(k *Key, vals []Value, s side) Entry {
	rest := lowest
	if s == after {
		rest = highest
	}
	for i, c := range k.cols {
		if i < len(vals) {
			p.cells[c.Pos] = vals[i]
		} else {
			p.cells[c.Pos] = rest
		}
	}
	return k.Entry(Record{&p.cells[0]})
}

// exactBound is the number on one side of all keys that begin with vals, in a radix tree: on the side before the least that
// they can be, on the side after the greatest.
func (k *Key) exactBound(vals []Value, s side) uint64 {
	if k.form == formPair {
		low := lowest
		switch {
		case len(vals) > 1:
			low = vals[1]
		case s == after:
			low = highest
		}
		return k.pack(vals[0], low)
	}
	switch rank(vals[0]) {
	case -1:
		return 0
	case 1, 2:
		return math.MaxUint64
	}
	return vals[0].n ^ k.sign
}
