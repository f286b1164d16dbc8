package index

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The cells of the records that the tests of keys and trees use.
var (
	id     = Column{Pos: 0, Type: Int} // never NULL
	parent = Column{Pos: 1, Type: Int}
	name   = Column{Pos: 2, Type: String}
	far    = Column{Pos: 3, Type: Int} // never NULL, often beyond 32 bits
	uuid   = Column{Pos: 4, Type: UUID}
	rate   = Column{Pos: 5, Type: Float}
	at     = Column{Pos: 6, Type: Time}
	tags   = Column{Pos: 7, Type: ListOf(String)}
	flag1  = Column{Pos: 8, Type: Bool}
	near   = Column{Pos: 9, Type: Int}   // never NULL, small
	wide   = Column{Pos: 10, Type: Int}  // never NULL, within 32 bits
	serial = Column{Pos: 11, Type: Uint} // never NULL
	batch  = Column{Pos: 12, Type: Uint} // never NULL, few
	price  = Column{Pos: 13, Type: Decimal}
	email  = Column{Pos: 14, Type: CIText}
)

// record draws a record with so few different values that keys collide.
func (d draw) record() Record {
	r, c := NewRecord(15)
	c[0] = OfInt(int64(d(500)))
	if d(20) == 0 {
		c[0] = OfInt(d.integer())
	}
	for _, few := range []struct {
		col    Column
		values int
	}{{parent, 40}, {name, 60}, {uuid, 250}, {rate, 20}, {at, 20}, {tags, 20}, {flag1, 2}, {price, 100}, {email, 60}} {
		if d(6) > 0 {
			// A value that the same number always gives, so that it is drawn again.
			n := d(few.values)
			c[few.col.Pos] = bytesDraw([]byte{byte(n * 7), byte(n * 31), byte(n * 13), byte(n * 101), byte(n), byte(n * 3)}).present(few.col.Type)
		}
	}
	if d(4) > 0 && !c[parent.Pos].IsNull() {
		c[parent.Pos] = OfInt(int64(d(30)))
	}
	c[near.Pos] = OfInt(int64(d(4)) - 2)
	c[wide.Pos] = OfInt(pick(d, int64(d(3000))-1000, int64(d(30)), math.MinInt32+1+int64(d(3)), math.MaxInt32-1-int64(d(3))))
	c[far.Pos] = OfInt(int64(d(20)) * pick[int64](d, 1, -1, 1<<29, 1<<40, -1<<62))
	c[serial.Pos] = OfUint(pick(d, uint64(d(500)), 1<<63-3+uint64(d(6)), math.MaxUint64-uint64(d(3)), 1<<31-2+uint64(d(4))))
	c[batch.Pos] = OfUint(pick(d, uint64(d(5)), math.MaxUint64-uint64(d(2))))
	return r
}

// shape is how a key is asked for, from which the tests work out its order without the key's help.
type shape struct {
	name           string
	cols, deciders []Column
	KeyOptions
}

var (
	unique        = KeyOptions{Unique: true}
	uniqueNotNull = KeyOptions{Unique: true, NotNull: true}
	nullsDistinct = KeyOptions{Unique: true, NullsDistinct: true}
)

func cols(c ...Column) []Column { return c }

var shapes = []shape{
	{"primary key: int", cols(id), nil, uniqueNotNull},
	{"int that is the primary key too", cols(id), cols(id), KeyOptions{NotNull: true}},
	{"unique int beyond 32 bits", cols(far), cols(id), uniqueNotNull},
	{"primary key: two ints", cols(far, id), nil, uniqueNotNull},
	{"primary key: two ints of 32 bits", cols(near, wide), nil, uniqueNotNull},
	{"int + int, of 32 bits", cols(near), cols(wide), KeyOptions{NotNull: true}},
	{"int + int, mostly of 32 bits", cols(near), cols(id), KeyOptions{NotNull: true}},
	{"primary key: int, string", cols(id, name), nil, uniqueNotNull},
	{"unique string", cols(name), cols(id), unique},
	{"unique text without case", cols(email), cols(id), nullsDistinct},
	{"int + text without case", cols(parent, email), cols(id), KeyOptions{}},
	{"unique uuid, NULLs distinct", cols(uuid), cols(id), nullsDistinct},
	{"unique string, NULLs distinct", cols(name), cols(id), nullsDistinct},
	{"unique int, NULLs distinct", cols(parent), cols(id), nullsDistinct},
	{"unique int, NULLs not distinct", cols(parent), cols(id), unique},
	{"unique two ints, NULLs distinct", cols(parent, far), cols(id), nullsDistinct},
	{"unique two ints, NULLs not distinct", cols(parent, far), cols(id), unique},
	{"unique int and primary key, NULLs distinct", cols(parent, id), cols(id), nullsDistinct},
	{"unique three columns, NULLs distinct", cols(parent, name, rate), cols(id), nullsDistinct},
	{"unique three columns, NULLs not distinct", cols(name, parent, flag1), cols(id), unique},
	{"unique int, two deciders, NULLs distinct", cols(parent), cols(uuid, id), nullsDistinct},
	{"int + int", cols(parent), cols(id), KeyOptions{}},
	{"int beyond 32 bits + int", cols(far), cols(id), KeyOptions{NotNull: true}},
	{"int + int beyond 32 bits", cols(parent), cols(far, id), KeyOptions{}},
	{"string + int", cols(name), cols(id), KeyOptions{}},
	{"uuid + string, int", cols(uuid), cols(name, id), KeyOptions{}},
	{"three columns + int", cols(name, parent, at), cols(id), KeyOptions{}},
	{"int, float, list + int", cols(parent, rate, tags), cols(id), KeyOptions{}},
	{"columns of the primary key, turned about", cols(name, id), cols(id, name), KeyOptions{}},
	{"float + int", cols(rate), cols(id), KeyOptions{}},
	{"time + int", cols(at), cols(id), KeyOptions{}},
	{"bool + int", cols(flag1), cols(id), KeyOptions{}},
	{"primary key: unsigned", cols(serial), nil, uniqueNotNull},
	{"primary key: two unsigned", cols(batch, serial), nil, uniqueNotNull},
	{"primary key: an int and an unsigned", cols(near, serial), nil, uniqueNotNull},
	{"unsigned + int, mostly of 32 bits", cols(batch), cols(wide), KeyOptions{NotNull: true}},
	{"unique unsigned and decimal", cols(serial, price), cols(id), nullsDistinct},
	{"unique decimal, NULLs distinct", cols(price), cols(id), nullsDistinct},
	{"decimal + uuid, int", cols(price), cols(uuid, id), KeyOptions{}},
	{"list + int", cols(tags), cols(id), KeyOptions{}},
	{"unique int, down", cols(downLast(id)), nil, uniqueNotNull},
	{"unique unsigned, down", cols(downLast(serial)), nil, uniqueNotNull},
	{"int, down + int", cols(downLast(near)), cols(id), KeyOptions{NotNull: true}},
	{"int, down, maybe NULL + int", cols(down(parent)), cols(id), KeyOptions{}},
	{"int, NULL first + int", cols(upFirst(parent)), cols(id), KeyOptions{}},
	{"unique int, down, NULL last, NULLs distinct", cols(downLast(parent)), cols(id), nullsDistinct},
	{"unique int, NULL first, NULLs distinct", cols(upFirst(parent)), cols(id), nullsDistinct},
	{"unique int, NULL first, NULLs not distinct", cols(upFirst(parent)), cols(id), unique},
	{"int, int down + int", cols(parent, down(far)), cols(id), KeyOptions{}},
	{"string, down + int", cols(down(name)), cols(id), KeyOptions{}},
	{"string, down, NULL last + int", cols(downLast(name)), cols(id), KeyOptions{}},
	{"unique string, NULL first, NULLs distinct", cols(upFirst(name)), cols(id), nullsDistinct},
	{"uuid down, float NULL first, int", cols(down(uuid), upFirst(rate)), cols(id), KeyOptions{}},
	{"text without case down, time down, NULL last", cols(down(email), downLast(at)), cols(id), KeyOptions{}},
	{"list down + int", cols(down(tags)), cols(id), KeyOptions{}},
	{"unique beginning of a string, NULLs distinct", cols(begin(name, 2)), cols(id), nullsDistinct},
	{"beginning of a string + int", cols(begin(name, 1)), cols(id), KeyOptions{}},
	{"int, beginning of a string, int", cols(parent, down(begin(name, 9))), cols(id), KeyOptions{}},
	{"unique beginning of a string, down, and int", cols(downLast(begin(name, 2)), parent), cols(id), unique},
	{"bool NULL first, decimal down", cols(upFirst(flag1), downLast(price)), cols(id), KeyOptions{}},
}

func (s shape) key() *Key { return NewKey(s.cols, s.deciders, s.KeyOptions) }

// order is what [Key.Order] must be.
func (s shape) order() []Column {
	order := append([]Column{}, s.cols...)
	for _, d := range s.deciders {
		if (!s.Unique || s.NullsDistinct && !s.NotNull) && !bytes.Contains(positions(s.cols), positions(cols(d))) {
			order = append(order, d)
		}
	}
	return order
}

func positions(cols []Column) (out []byte) {
	for _, c := range cols {
		out = append(out, byte(c.Pos))
	}
	return out
}

func encode(cols []Column, r Record) (out []byte) {
	for _, c := range cols {
		out = c.encode(out, r.At(c.Pos))
	}
	return out
}

// encode appends the value so that its bytes sort as the key has the column.
func (c Column) encode(out []byte, v Value) []byte {
	switch {
	case v.IsNull() && c.NullsFirst:
		return append(out, 0)
	case v.IsNull():
		return append(out, 0xff)
	}
	from := len(out)
	if c.Prefix > 0 {
		chars := []rune(v.Str())
		v = OfString(string(chars[:min(len(chars), int(c.Prefix))]))
	}
	out = AppendValue(out, c.Type, v)
	for i := from + 1; c.Desc && i < len(out); i++ {
		out[i] = ^out[i]
	}
	return out
}

// down is a column that descends, NULL first, as it does in PostgreSQL; downLast one with NULL last, and upFirst one that ascends after NULL.
func down(c Column) Column     { return Column{c.Pos, c.Type, true, true, c.Prefix} }
func downLast(c Column) Column { return Column{c.Pos, c.Type, true, false, c.Prefix} }
func upFirst(c Column) Column  { return Column{c.Pos, c.Type, false, true, c.Prefix} }

// begin is the first characters of a column.
func begin(c Column, n uint32) Column { return Column{c.Pos, c.Type, c.Desc, c.NullsFirst, n} }

// identity is the bytes that are equal for records that cannot be in one tree, and sort as the tree does.
func (s shape) identity(r Record) []byte {
	null := false
	for _, c := range s.cols {
		null = null || r.At(c.Pos).IsNull()
	}
	if s.Unique && !(s.NullsDistinct && null) {
		return encode(s.cols, r)
	}
	return encode(s.order(), r)
}

func TestKeyOrder(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			d, k := randomDraw(t), s.key()
			require.Equal(t, s.cols, k.Columns())
			require.Equal(t, s.order(), k.Order())
			require.Equal(t, s.Unique, k.Unique())
			require.Equal(t, s.NullsDistinct, k.NullsDistinct())

			records := make([]Record, 120)
			for i := range records {
				records[i] = d.record()
			}
			for _, a := range records {
				require.False(t, k.Less(k.Entry(a), k.Entry(a)))
				for _, b := range records {
					checkPair(t, s, k, a, b)
				}
			}
		})
	}
}

// checkPair holds what the key says of two records against their encodings. Bytes are in a strict total order, and so,
// then, is Less.
func checkPair(t *testing.T, s shape, k *Key, a, b Record) {
	t.Helper()
	show := func() string { return string(encode(s.order(), a)) + " and " + string(encode(s.order(), b)) }
	want := bytes.Compare(s.identity(a), s.identity(b))
	ea, eb := k.Entry(a), k.Entry(b)
	if want != k.Compare(a, b) || (want < 0) != k.Less(ea, eb) || (want < 0) != k.less()(ea, eb) {
		require.Failf(t, "order", "%q: want %d, Compare says %d, Less %v, less %v", show(), want, k.Compare(a, b), k.Less(ea, eb), k.less()(ea, eb))
	}
	if want < 0 && ea.prefix > eb.prefix || want == 0 && ea.prefix != eb.prefix {
		require.Failf(t, "prefix", "%q: order is %d, prefixes are %x and %x", show(), want, ea.prefix, eb.prefix)
	}
	if bytes.Equal(encode(s.cols, a), encode(s.cols, b)) != k.Same(a, b) {
		require.Failf(t, "Same", "%q", show())
	}
}

func TestKeyReadsItsOwnColumns(t *testing.T) {
	k := shape{cols: cols(name, parent), deciders: cols(id)}.key()
	r, c := NewRecord(9)
	c[id.Pos], c[name.Pos] = OfInt(1), OfString("x")
	require.True(t, k.HasNull(r), "the parent")
	c[parent.Pos] = OfInt(7)
	require.False(t, k.HasNull(r))
	require.Equal(t, []Value{Null, OfString("x"), OfInt(7)}, k.Values([]Value{Null}, r))

	other, oc := NewRecord(9)
	copy(oc, c)
	oc[id.Pos] = OfInt(2)
	require.True(t, k.Same(r, other), "the deciding column does not matter")
	oc[parent.Pos] = Null
	require.False(t, k.Same(r, other))
}

func TestKeyForms(t *testing.T) {
	for name, c := range map[string]struct {
		key  *Key
		want form
	}{
		"one int, never NULL":     {NewKey(cols(id), nil, uniqueNotNull), formExact},
		"one int, maybe NULL":     {NewKey(cols(parent), nil, unique), formFirst},
		"one string":              {NewKey(cols(name), nil, uniqueNotNull), formText},
		"two ints":                {NewKey(cols(far, id), nil, uniqueNotNull), formPair},
		"three ints":              {NewKey(cols(far, parent, id), nil, uniqueNotNull), formPacked},
		"int and deciding int":    {NewKey(cols(parent), cols(id), KeyOptions{}), formPacked},
		"unique int, NULLs apart": {NewKey(cols(parent), cols(id), nullsDistinct), formFirst},
		"one int, down":           {NewKey(cols(downLast(id)), nil, uniqueNotNull), formExact},
		"int, down, and int":      {NewKey(cols(down(parent)), cols(id), KeyOptions{}), formTurned},
		"int and int, down":       {NewKey(cols(parent, down(far)), cols(id), KeyOptions{}), formFirst},
	} {
		require.Equal(t, c.want, c.key.form, name)
	}
}

// Integers beyond 32 bits fall together at the ends of a packed prefix; they must not change places.
func TestPackedPrefixKeepsOrder(t *testing.T) {
	ascending := []Value{lowest, OfInt(math.MinInt64), OfInt(math.MinInt32 - 1), OfInt(math.MinInt32), OfInt(math.MinInt32 + 1), OfInt(-1),
		OfInt(0), OfInt(1), OfInt(math.MaxInt32 - 1), OfInt(math.MaxInt32), OfInt(math.MaxInt32 + 1), OfInt(math.MaxInt64), Null, highest}
	var last uint64
	for i, a := range ascending {
		for j, b := range ascending {
			p := packInts(a, b)
			require.GreaterOrEqual(t, p, last, "%d, %d", i, j)
			last = p
		}
	}
	require.Less(t, packInts(OfInt(1), OfInt(2)), packInts(OfInt(1), OfInt(3)))
	require.Less(t, packInts(OfInt(1), OfInt(3)), packInts(OfInt(2), OfInt(2)))
}
